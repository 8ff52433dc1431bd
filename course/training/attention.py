"""Who spoke first? by attention: the last frame asks all frames, with or without their order.

The task, its rows and the training are those of `first_speaker`.
"""

from collections.abc import Iterator
from dataclasses import replace

import keras
import numpy as np

from course.training import first_speaker
from course.training.experiment import Experiment, Run, fit

CODE = 16
RECIPE = replace(first_speaker.RECIPE, features=first_speaker.RECIPE.features + CODE)
HEADS = 2
NETWORKS = {"attention": True, "attention_without_order": False}
"""The networks by their names, and whether their frames come with a code of their order."""


def with_code(x: np.ndarray, ordered: bool) -> np.ndarray:
    """Put 16 numbers behind every frame: a code of its place, or zeros.

    x: (rows, steps, 12), padded with zeros in front. Places count
    from the first frame that is none of these. Returns
    (rows, steps, 28).
    """
    real = np.any(x != 0, axis=-1)
    place = np.cumsum(real, axis=1) - 1
    angle = place[..., None] / 10_000 ** (np.arange(8) / 8)
    code = np.concatenate([np.sin(angle), np.cos(angle)], axis=-1)
    code *= real[..., None] if ordered else 0
    return np.concatenate([x, code], axis=-1).astype("float32")


def network() -> keras.Model:
    """Make a network for rows of any length: (rows, steps, 28) to (rows, 9)."""
    frames = keras.Input((None, RECIPE.features))
    seen = keras.layers.Masking()(frames)
    seen = keras.layers.Dense(RECIPE.units, activation="tanh")(seen)
    attention = keras.layers.MultiHeadAttention(HEADS, RECIPE.units // HEADS)
    answer = attention(query=seen[:, -1:], value=seen)
    answer = keras.layers.Reshape((RECIPE.units,))(answer)
    dense = keras.layers.Dense(RECIPE.outputs, activation=RECIPE.activation)
    return keras.Model(frames, dense(answer))


def runs() -> Iterator[Run]:
    """Train both networks at every lag, from every seed."""
    for name, ordered in NETWORKS.items():

        def draw(
            lag: int, rows: int, rng: np.random.Generator, ordered: bool = ordered
        ) -> tuple[np.ndarray, np.ndarray]:
            x, y = first_speaker.draw(lag, rows, rng)
            return with_code(x, ordered), y

        for lag in RECIPE.lags:
            for seed in RECIPE.seeds:
                keras.utils.set_random_seed(seed)
                model = network()
                optimizer = keras.optimizers.Adam(RECIPE.learning_rate, clipnorm=RECIPE.clipnorm)
                model.compile(optimizer, RECIPE.loss, jit_compile=False)
                losses = fit(model, Experiment(RECIPE, draw), lag, np.random.default_rng(seed))
                weights = np.concatenate([each.ravel() for each in model.get_weights()])
                yield Run(name, lag, seed, weights, losses)
