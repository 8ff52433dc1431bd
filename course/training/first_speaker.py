"""Who spoke first? Utterances of nine speakers in a row, and the first one's speaker to name."""

from functools import cache

import numpy as np

from course.data import FOLDER
from course.training.experiment import Experiment, Recipe

RECIPE = Recipe(
    lags=(0, 20, 60, 120),
    seeds=(0, 1, 2),
    units=16,
    rows=900,
    batch=50,
    epochs=30,
    learning_rate=0.005,
    clipnorm=1.0,
    features=12,
    tail=29,
    padded=True,
    outputs=9,
    activation="softmax",
    loss="sparse_categorical_crossentropy",
)


def speaker_rows(
    speech: dict[str, np.ndarray], part: str, lag: int, rows: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of utterances, as many that each speaker begins.

    part: "train" or "test". lag: how many frames follow the first
    utterance. rows: a multiple of 9. Returns x (rows, 29 + lag, 12),
    padded with zeros in front, and y (rows,), the first speakers.
    """
    frames = (speech[f"{part}_frames"] - speech["mean"]) / speech["deviation"]
    ends = np.cumsum(speech[f"{part}_lengths"])
    utterances = np.split(frames, ends[:-1])
    speaker = speech[f"{part}_speakers"]
    x = np.zeros((rows, 29 + lag, 12), "float32")
    y = np.repeat(np.arange(9), rows // 9)
    for row, answer in zip(x, y, strict=True):
        first = utterances[rng.choice(np.flatnonzero(speaker == answer))]
        others = np.zeros((0, 12))
        while len(others) < lag:
            other = utterances[rng.integers(len(utterances))]
            others = np.concatenate([others, other])
        spoken = np.concatenate([first, others[:lag]])
        row[-len(spoken) :] = spoken
    return x, y


@cache
def speech() -> dict[str, np.ndarray]:
    """Read the utterances of book/data/, which `make data` fetches."""
    with np.load(FOLDER / "japanese-vowels.npz") as file:
        return dict(file)


def draw(lag: int, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of training utterances in random order."""
    x, y = speaker_rows(speech(), "train", lag, rows, rng)
    order = rng.permutation(rows)
    return x[order], y[order]


EXPERIMENT = Experiment(RECIPE, draw)
