"""Who speaks? Utterances of different lengths, padded and read in four ways."""

from dataclasses import dataclass

import keras
import numpy as np

from course.data import FOLDER


@dataclass(frozen=True)
class UtteranceRecipe:
    """All numbers that decide what training gives.

    units: of the recurrent layer, by the name of its class in Keras. seeds: of the starting
    weights and of the order of the utterances.
    """

    units: dict[str, int]
    seeds: tuple[int, ...]
    batch: int
    epochs: int
    learning_rate: float


RECIPE = UtteranceRecipe(
    units={"SimpleRNN": 41, "LSTM": 19},
    seeds=(0, 1, 2),
    batch=30,
    epochs=30,
    learning_rate=0.005,
)
WAYS = ("behind", "in front", "masked", "averaged")
"""Zeros behind the utterance, or in front of it; or behind and masked, without and with the
average of all states in place of the last."""
STEPS, FEATURES, SPEAKERS = 29, 12, 9


def padded(
    speech: dict[str, np.ndarray], part: str, in_front: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Make one array of all utterances of a part, with zeros around.

    part: "train" or "test". Returns x (utterances, 29, 12), scaled by
    mean and deviation, and the speakers, (utterances,).
    """
    frames = (speech[f"{part}_frames"] - speech["mean"]) / speech["deviation"]
    ends = np.cumsum(speech[f"{part}_lengths"])
    utterances = np.split(frames, ends[:-1])
    x = np.zeros((len(utterances), 29, 12), "float32")
    for row, utterance in zip(x, utterances, strict=True):
        if in_front:
            row[-len(utterance) :] = utterance
        else:
            row[: len(utterance)] = utterance
    return x, speech[f"{part}_speakers"]


def network(layer: str, way: str) -> keras.Sequential:
    """Make a network. layer: its recurrent layer's class in Keras. way: one of WAYS."""
    recurrent = getattr(keras.layers, layer)
    averaged = way == "averaged"
    return keras.Sequential(
        [
            keras.Input((STEPS, FEATURES)),
            *([keras.layers.Masking()] if way in ("masked", "averaged") else []),
            recurrent(RECIPE.units[layer], return_sequences=averaged),
            *([keras.layers.GlobalAveragePooling1D()] if averaged else []),
            keras.layers.Dense(SPEAKERS),
        ]
    )


def train() -> dict[str, np.ndarray]:
    """Train each layer in each way from each seed.

    Returns `<layer> <way>`, (seeds, parameters), all weights in the order of `get_weights`, as
    float16, and the `seeds`.
    """
    with np.load(FOLDER / "japanese-vowels.npz") as file:
        speech = dict(file)
    result = {"seeds": np.array(RECIPE.seeds)}
    for layer in RECIPE.units:
        for way in WAYS:
            x, y = padded(speech, "train", in_front=way == "in front")
            learned = [fit(layer, way, seed, x, y) for seed in RECIPE.seeds]
            result[f"{layer} {way}"] = np.stack(learned).astype("float16")
    return result


def fit(layer: str, way: str, seed: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Train one network. Returns its weights, (parameters,)."""
    keras.utils.set_random_seed(seed)
    model = network(layer, way)
    model.compile(
        keras.optimizers.Adam(RECIPE.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    fitted = model.fit(x, y, batch_size=RECIPE.batch, epochs=RECIPE.epochs, verbose=0)
    losses = fitted.history["loss"]
    print(f"{layer}, {way}, seed {seed}: loss {losses[0]:.3f} -> {losses[-1]:.4f}", flush=True)
    return np.concatenate([each.ravel() for each in model.get_weights()])
