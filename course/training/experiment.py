"""An experiment: networks of several kinds learn one task at several lags, from several seeds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np

Draw = Callable[[int, int, np.random.Generator], tuple[np.ndarray, np.ndarray]]
"""Draws rows of a task: gets the lag, how many rows, and a generator; gives inputs and answers."""
Layer = Callable[[int, int], keras.Layer]
"""Makes a recurrent layer: gets its units, and the steps of a row."""


@dataclass(frozen=True)
class Recipe:
    """All numbers that decide what training gives.

    lags: in steps; what they count is up to the task. seeds: of the starting weights and of the
    rows. rows: in an epoch, drawn anew for each. clipnorm: the largest norm of one weight's
    gradient. tail: the steps of a row beside its lag. padded: whether steps of zeros are padding,
    to be masked. outputs, activation: of the dense layer on top.
    """

    lags: tuple[int, ...]
    seeds: tuple[int, ...]
    units: int
    rows: int
    batch: int
    epochs: int
    learning_rate: float
    clipnorm: float
    features: int
    tail: int
    padded: bool
    outputs: int
    activation: str
    loss: str


@dataclass(frozen=True)
class Experiment:
    """A task with its recipe."""

    recipe: Recipe
    draw: Draw


@dataclass(frozen=True)
class Run:
    """What one training gave.

    weights: (parameters,), all weights of the network in the order of `get_weights`.
    losses: (epochs,), the mean loss in each epoch.
    """

    network: str
    lag: int
    seed: int
    weights: np.ndarray
    losses: np.ndarray


def half_life_bias(steps: int) -> float:
    """Give the forget bias b with which a cell is halved in `steps`: sigmoid(b) ** steps = 1/2."""
    return float(-np.log(np.expm1(np.log(2) / steps)))


def simple_rnn(units: int, _steps: int) -> keras.Layer:
    """Make a simple recurrent layer as Keras starts it."""
    return keras.layers.SimpleRNN(units)


def lstm_bias_1(units: int, _steps: int) -> keras.Layer:
    """Make an LSTM as Keras starts it, with a forget bias of 1."""
    return keras.layers.LSTM(units)


def lstm_bias_by_lag(units: int, steps: int) -> keras.Layer:
    """Make an LSTM whose forget bias gives its cells a half-life of `steps`, a whole row."""
    return lstm(units, [0, half_life_bias(steps), 0, 0])


def lstm_shut_by_lag(units: int, steps: int) -> keras.Layer:
    """Make the same with an input gate that is as nearly shut as the forget gate is open.

    So do Tallec and Ollivier (2018), who draw the half-lives at random.
    """
    bias = half_life_bias(steps)
    return lstm(units, [-bias, bias, 0, 0])


def lstm(units: int, blocks: list[float]) -> keras.Layer:
    """Make an LSTM whose bias starts with one number in each block i, f, c, o."""

    def bias(_shape: tuple[int, ...], dtype: str | None = None) -> np.ndarray:
        return np.repeat(blocks, units).astype(dtype or "float32")

    return keras.layers.LSTM(units, unit_forget_bias=False, bias_initializer=bias)


CLASSES = ((simple_rnn,), (lstm_bias_1, lstm_bias_by_lag, lstm_shut_by_lag))
"""The layers by their class in Keras: one program is compiled for each class and lag."""


def network(recipe: Recipe, layer: Layer, lag: int) -> keras.Sequential:
    """Put a dense layer onto a recurrent one, for rows of a lag."""
    steps = recipe.tail + lag
    return keras.Sequential(
        [
            keras.Input((steps, recipe.features)),
            *([keras.layers.Masking()] if recipe.padded else []),
            layer(recipe.units, steps),
            keras.layers.Dense(recipe.outputs, activation=recipe.activation),
        ]
    )


def runs(experiment: Experiment, lags: tuple[int, ...]) -> Iterator[Run]:
    """Train every network at the given lags, from every seed."""
    recipe = experiment.recipe
    for lag in lags:
        for layers in CLASSES:
            model = network(recipe, layers[0], lag)
            optimizer = keras.optimizers.Adam(recipe.learning_rate, clipnorm=recipe.clipnorm)
            optimizer.build(model.trainable_variables)
            model.compile(optimizer, recipe.loss, jit_compile=True)
            fresh = [variable.numpy() for variable in optimizer.variables]
            for layer in layers:
                for seed in recipe.seeds:
                    keras.utils.set_random_seed(seed)
                    start = network(recipe, layer, lag)
                    model.set_weights(start.get_weights())
                    for variable, value in zip(optimizer.variables, fresh, strict=True):
                        variable.assign(value)
                    losses = fit(model, experiment, lag, np.random.default_rng(seed))
                    weights = np.concatenate([each.ravel() for each in model.get_weights()])
                    yield Run(layer.__name__, lag, seed, weights, losses)


def fit(
    model: keras.Model, experiment: Experiment, lag: int, rng: np.random.Generator
) -> np.ndarray:
    """Train a compiled network on rows drawn anew for each epoch; return its losses, (epochs,)."""
    recipe = experiment.recipe
    losses = []
    for _ in range(recipe.epochs):
        x, y = experiment.draw(lag, recipe.rows, rng)
        fitted = model.fit(x, y, batch_size=recipe.batch, shuffle=False, verbose=0)
        losses += fitted.history["loss"]
    return np.array(losses)
