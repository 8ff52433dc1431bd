"""The files in book/trained/: what each training gave, with the digest of its recipe, `recipe`.

An experiment's file holds for each network, by its name: `<network>`, (lags, seeds, parameters),
its weights in the order of Keras' `get_weights`, as float16; `<network>-losses`, (lags, seeds,
epochs), its mean loss in each epoch, as float32. `lags` and `seeds` are those of the recipe.
The other modules say in `train` what their files hold.
"""

import ast
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np

from course import COURSE
from course.training import (
    adding,
    attention,
    births,
    characters,
    experiment,
    first_speaker,
    utterances,
    variants,
)
from course.training.experiment import Experiment, Recipe, Run, runs

FOLDER = COURSE / "book" / "trained"
MODULES = {"adding": adding, "first-speaker": first_speaker}
EXPERIMENTS: dict[str, Experiment] = {name: module.EXPERIMENT for name, module in MODULES.items()}
"""The experiments by their names, which are those of their files."""


def learn(name: str, recipe: Recipe, train: Callable[[], Iterator[Run]]) -> dict[str, np.ndarray]:
    """Train the networks of a recipe with lags and seeds. Returns what its file holds."""
    collected = []
    for run in train():
        print(f"{name}: {run.network}, lag {run.lag}, seed {run.seed}:", end=" ")
        print(f"loss {run.losses[0]:.4f} -> {run.losses[-1]:.4f}", flush=True)
        collected.append(run)
    return arrays(recipe, collected)


TRAININGS: dict[str, Callable[[], dict[str, np.ndarray]]] = {
    **{
        name: partial(learn, name, each.recipe, partial(runs, each, each.recipe.lags))
        for name, each in EXPERIMENTS.items()
    },
    "attention": partial(learn, "attention", attention.RECIPE, attention.runs),
    "variants": partial(learn, "variants", variants.RECIPE, variants.runs),
    "utterances": utterances.train,
    "births": births.train,
    "characters": characters.train,
}
"""All trainings by the names of their files: each gives what its file holds."""
DECIDING: dict[str, tuple[ModuleType, ...]] = {
    **{name: (module, experiment) for name, module in MODULES.items()},
    "attention": (attention, first_speaker, experiment),
    "variants": (variants, adding, experiment),
    "utterances": (utterances,),
    "births": (births,),
    "characters": (characters,),
}
"""The modules whose code decides the weights of a file."""


def train_all(names: Iterable[str]) -> None:
    """Train, and write what it gave."""
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        content = TRAININGS[name]()
        np.savez_compressed(path(name), allow_pickle=False, recipe=digest(name), **content)


def path(name: str) -> Path:
    """Say where the file of a training is."""
    return FOLDER / f"{name}.npz"


def arrays(recipe: Recipe, collected: Iterable[Run]) -> dict[str, np.ndarray]:
    """Put the runs of a training together, those of a network in two arrays."""
    by_network: dict[str, list[Run]] = defaultdict(list)
    for run in collected:
        by_network[run.network].append(run)
    table = (len(recipe.lags), len(recipe.seeds), -1)
    result = {"lags": np.array(recipe.lags), "seeds": np.array(recipe.seeds)}
    for network, each in by_network.items():
        in_order = sorted(each, key=lambda run: (run.lag, run.seed))
        weights = np.stack([run.weights for run in in_order])
        losses = np.stack([run.losses for run in in_order])
        result[network] = weights.reshape(table).astype("float16")
        result[f"{network}-losses"] = losses.reshape(table).astype("float32")
    return result


def digest(name: str) -> str:
    """Hash what decides the weights of a file: the code of its modules."""
    code = "\n".join(bare(module) for module in DECIDING[name])
    return hashlib.sha256(code.encode()).hexdigest()


def bare(module: ModuleType) -> str:
    """Return the code of a module without comments and docstrings."""
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [each for each in body if not is_text(each)]
    return ast.unparse(tree)


def is_text(node: ast.AST) -> bool:
    """Whether a statement is a text alone, as docstrings are."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
