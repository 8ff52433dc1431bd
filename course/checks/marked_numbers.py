"""How well a trained network answers, for the last function of the lstm-training assignment.

A row holds numbers, two of them marked, and an answer is made of these two. Shapes: x (rows, time,
2), y (rows, 1).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .calling import CheckFailed
from .inputs import Draw, float32
from .lists import Arrays
from .lstm_training import run
from .network import as_weights, network_weights
from .reference import Choose, Reference
from .training_loop import fitted

ROWS, NEW_ROWS, TIME = 256, 20, 10
NEAR = 0.25  # half the distance between two answers

TASKS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "sum": np.add,
    "second": lambda first, second: second,
    "minus the sum": lambda first, second: -first - second,
    "minus the second": lambda first, second: -second,
}
"""What is asked for of the two marked numbers of a row: the adding problem, and the latch."""


def task(
    name: str, rows: int, rng: np.random.Generator, halves: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows of TIME numbers, two of them marked, one in each half of the row.

    name: a key of TASKS. halves: whether the marked numbers are -0.5, 0 and 0.5, not any between
    -1 and 1. Returns x (rows, time, 2), numbers and marks, and y (rows, 1).
    """
    numbers = rng.integers(-64, 65, size=(rows, TIME)) / 64
    places = rng.integers((0, TIME // 2), (TIME // 2, TIME), size=(rows, 2))
    if halves:
        np.put_along_axis(numbers, places, rng.integers(-1, 2, size=(rows, 2)) / 2, axis=1)
    marks = np.zeros((rows, TIME))
    np.put_along_axis(marks, places, 1, axis=1)
    y = TASKS[name](*np.take_along_axis(numbers, places, axis=1).T)
    return float32(np.stack([numbers, marks], axis=-1)), float32(y[:, None])


def examples(
    name: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Draw rows to learn from, x and y, and new rows with their answers.

    One random rotation mixes the numbers and the marks of all rows. So nobody who knows the task
    can choose weights by hand, and a network learns it as before.
    """
    angle = rng.uniform(0, 2 * np.pi)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    x, y = task(name, ROWS, rng)
    x_new, y_new = task(name, NEW_ROWS, rng, halves=True)
    return float32(x @ rotation), y, (float32(x_new @ rotation), y_new)


def learn(choose: Choose, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Return the weights of a network of 8 units after 480 updates, the last of them smaller."""
    small = [0.3 * each for each in network_weights(np.random.default_rng(0), 2, 8, 1)]
    nearly = fitted(small, x, y, batch_size=32, epochs=40, learning_rate=0.03)
    return fitted(nearly, x, y, batch_size=32, epochs=20, learning_rate=0.005)


def measure(result: Any, expected: tuple[np.ndarray, np.ndarray]) -> tuple[float, str]:
    """Have a network answer new rows; return the share of the points, 1, and a sentence.

    expected: the new rows and their answers. Raises CheckFailed for what is no list of weights, and
    where a single answer is wrong.
    """
    x, y = expected
    weights = as_weights(result, "learn", x.shape[2], y.shape[1])
    predictions = run(x, *weights[:3]).every_h[:, -1] @ weights[3] + weights[4]
    right = int(np.sum(np.abs(predictions - y) < NEAR))
    if right == len(y):
        return 1.0, f"all {len(y)} new rows are answered."
    if np.all(np.abs(predictions) < NEAR):
        raise CheckFailed(
            "hardly trained",
            "learn: all predictions are close to 0, as those of a network are that has hardly been "
            "trained. Are these the weights that train returns? Is there more than a handful of "
            "updates?",
        )
    raise CheckFailed(
        "rule not learned",
        f"learn: {right} of {len(y)} new rows are answered right, and guessing gives a third of "
        "them. The rule has not been learned from x and y. Do the losses still fall at the end? "
        "Then train longer, with a larger learning rate, or with more units.",
    )


@cache
def trained(name: str) -> tuple[list[np.ndarray], np.ndarray]:
    """Train a network of 4 units on a task; return its weights, and new rows to answer."""
    rng = np.random.default_rng(0)
    x, y = task(name, ROWS, rng)
    weights = fitted(network_weights(rng, 2, 4, 1), x, y, 16, 20, 0.02)
    return [float32(weight) for weight in weights], task(name, NEW_ROWS, rng, halves=True)[0]


def predicted_by_keras(weights: Arrays, x: np.ndarray) -> np.ndarray:
    """Put weights into a network of Keras; return what it predicts for x, (batch, outputs)."""
    from .keras_training import network  # loads Keras, which only this needs

    return np.array(network(weights)(x))


def _draw(rng: Draw) -> tuple:
    return examples([*TASKS][rng.number % len(TASKS)], rng)[:2]


LEARN = Reference(
    learn,
    _draw,
    {"the weights": ""},
    uses=("train",),
    look="Look at the losses that train returns: do they still fall at the end? Then train longer, "
    "with a larger learning rate, or with more units.",
    measure=measure,
)
