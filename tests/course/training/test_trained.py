"""The committed weights belong to the recipes; the page has the tasks that were trained on."""

import ast
import itertools
import re

import numpy as np
import pytest

from course.training import experiment, trained
from course.training.experiment import half_life_bias, runs
from course.training.trained import DECIDING, EXPERIMENTS, MODULES, TRAININGS, digest, path
from tests.course.built_book import BOOK

pytestmark = pytest.mark.slow  # Keras is loaded

each_experiment = pytest.mark.parametrize("name", EXPERIMENTS)
NETWORKS = [layer.__name__ for layers in experiment.CLASSES for layer in layers]


@pytest.mark.parametrize("name", TRAININGS)
def test_the_weights_are_those_of_the_recipe(name):
    with np.load(path(name)) as file:
        assert str(file["recipe"]) == digest(name), "the recipe has changed: run `make train`"
        numbers = [file[each] for each in file if file[each].dtype.kind == "f"]
    assert numbers and all(np.isfinite(each).all() for each in numbers)
    assert path(name).stat().st_size < 300_000


@each_experiment
def test_there_is_every_network_at_every_lag_from_every_seed(name):
    recipe = EXPERIMENTS[name].recipe
    assert len(recipe.seeds) >= 3
    with np.load(path(name)) as file:
        assert set(file) == {
            *("recipe", "lags", "seeds", *NETWORKS),
            *(f"{network}-losses" for network in NETWORKS),
        }
        for network in NETWORKS:
            assert file[network].shape[:2] == (len(recipe.lags), len(recipe.seeds))
            assert file[f"{network}-losses"].shape[2] == recipe.epochs
    assert path(name).stat().st_size < 200_000


def test_a_changed_recipe_has_another_digest(monkeypatch):
    known = digest("adding")
    bare = trained.bare
    monkeypatch.setattr(trained, "bare", lambda module: bare(module).replace("0.005", "0.006"))
    assert digest("adding") != known


def test_words_are_no_part_of_a_recipe(tmp_path, monkeypatch):
    known = digest("adding")
    source = path_of(MODULES["adding"]).read_text("utf-8")
    edited = tmp_path / "adding.py"
    edited.write_text(source.replace('"""The adding', '# A comment.\n"""Another text. The adding'))
    assert edited.read_text() != source
    monkeypatch.setattr(MODULES["adding"], "__file__", str(edited))
    assert digest("adding") == known
    edited.write_text(source.replace("units=16", "units=17"))
    assert digest("adding") != known


def path_of(module):
    """The file of a module."""
    return BOOK.parent / f"{module.__name__.replace('.', '/')}.py"


@pytest.mark.parametrize("steps", [1, 20, 200, 10_000])
def test_half_is_left_after_a_half_life(steps):
    forget_gate = 1 / (1 + np.exp(-half_life_bias(steps)))
    assert forget_gate**steps == pytest.approx(0.5)


def plain(function):
    """The code of a function without its annotations and docstring."""
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    function.body = [each for each in function.body if not trained.is_text(each)]
    return ast.unparse(function)


@pytest.mark.parametrize(
    ("page", "name", "task"),
    [
        ("long-dependencies", "adding", "adding_rows"),
        ("long-dependencies", "first-speaker", "speaker_rows"),
        ("speech", "utterances", "padded"),
        ("time-series", "births", "windows"),
        ("time-series", "births", "holiday"),
        ("in-practice", "adding", "adding_rows"),
        ("attention", "first-speaker", "speaker_rows"),
        ("attention", "attention", "with_code"),
    ],
)
def test_the_page_has_the_task_that_was_trained_on(page, name, task):
    text = (BOOK / f"{page}.md").read_text("utf-8")
    shown = re.search(rf"^def {task}\(.*?(?=^```|^\S(?<!d))", text, re.M | re.S)[0]
    module = ast.parse(path_of(DECIDING[name][0]).read_text("utf-8"))
    (ours,) = [each for each in module.body if getattr(each, "name", "") == task]
    assert plain(ast.parse(shown).body[0]) == plain(ours)


def plain_class(text, name):
    """The code of a class without its texts and annotations."""
    (whole,) = [each for each in ast.parse(text).body if getattr(each, "name", "") == name]
    methods = [each for each in whole.body if isinstance(each, ast.FunctionDef)]
    return [plain(method) for method in methods]


@pytest.mark.parametrize("cell", ["PeepholeCell", "CoupledCell"])
def test_the_page_has_the_cells_that_were_trained(cell):
    text = (BOOK / "in-practice.md").read_text("utf-8")
    shown = re.search(rf"^class {cell}\(.*?(?=^```)", text, re.M | re.S)[0]
    ours = path_of(DECIDING["variants"][0]).read_text("utf-8")
    assert plain_class(shown, cell) == plain_class(ours, cell)


SAME_ON_EVERY_PROCESSOR = 5
"""The epochs in which rounding, which differs between processors, has not grown to be seen."""


@pytest.mark.long
@each_experiment
def test_training_again_gives_the_same_numbers(name):
    """The SimpleRNN of the first seed at the shortest lag, and in the end it is as good."""
    each = EXPERIMENTS[name]
    (again,) = itertools.islice(runs(each, each.recipe.lags[:1]), 1)
    with np.load(path(name)) as file:
        losses = file[f"{again.network}-losses"][0, 0]
    first = slice(SAME_ON_EVERY_PROCESSOR)
    np.testing.assert_allclose(again.losses[first], losses[first], atol=1e-5)
    assert np.median(again.losses[-10:]) == pytest.approx(np.median(losses[-10:]), rel=0.5)
