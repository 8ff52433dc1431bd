"""The adding problem of Hochreiter and Schmidhuber: the sum of two marked numbers of a row."""

import numpy as np

from course.training.experiment import Experiment, Recipe

RECIPE = Recipe(
    lags=(20, 50, 100, 200),
    seeds=(0, 1, 2),
    units=16,
    rows=3200,
    batch=64,
    epochs=30,
    learning_rate=0.005,
    clipnorm=1.0,
    features=2,
    tail=0,
    padded=False,
    outputs=1,
    activation="linear",
    loss="mse",
)


def adding_rows(steps: int, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of the adding problem.

    Returns x (rows, steps, 2), numbers and marks, and y (rows, 1).
    """
    number = rng.uniform(size=(rows, steps))
    mark = np.zeros((rows, steps))
    row = np.arange(rows)
    first = rng.integers(0, steps // 2, rows)
    second = rng.integers(steps // 2, steps, rows)
    mark[row, first] = mark[row, second] = 1
    x = np.stack([number, mark], axis=-1).astype("float32")
    y = number[row, first] + number[row, second]
    return x, y[:, None].astype("float32")


EXPERIMENT = Experiment(RECIPE, adding_rows)
