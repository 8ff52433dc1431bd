"""Variants of the LSTM learn to add: peepholes, coupled gates and the GRU, as many weights each."""

from collections.abc import Iterator
from dataclasses import replace

import keras
import numpy as np
from keras import ops

from course.training import adding
from course.training.experiment import Experiment, Run, fit

RECIPE = replace(adding.RECIPE, lags=(50,))
UNITS = {"lstm": 16, "peephole": 16, "coupled": 19, "gru": 18}
"""The units at which the networks have 1,207 to 1,281 weights with the dense layer on top."""


class PeepholeCell(keras.layers.LSTMCell):
    """An LSTM cell whose gates see the cell state too."""

    def build(self, input_shape: tuple[int, ...]) -> None:
        super().build(input_shape)
        self.peepholes = self.add_weight(shape=(3, self.units))  # i, f, o

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor], training: bool = False
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        h, c = states
        z = ops.matmul(x, self.kernel) + self.bias
        z += ops.matmul(h, self.recurrent_kernel)
        i, f, candidate, o = ops.split(z, 4, axis=-1)
        i = ops.sigmoid(i + self.peepholes[0] * c)
        f = ops.sigmoid(f + self.peepholes[1] * c)
        c = f * c + i * ops.tanh(candidate)
        h = ops.sigmoid(o + self.peepholes[2] * c) * ops.tanh(c)
        return h, [h, c]


class CoupledCell(keras.Layer):
    """An LSTM cell whose input gate is 1 - f. Its blocks: f, c, o."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units
        self.state_size = [units, units]

    def build(self, input_shape: tuple[int, ...]) -> None:
        shape = (input_shape[-1] + self.units, 3 * self.units)
        self.kernel = self.add_weight(shape=shape)  # for x, then for h
        self.bias = self.add_weight(shape=(3 * self.units,), initializer="zeros")

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor], training: bool = False
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        h, c = states
        joined = ops.concatenate([x, h], axis=-1)
        z = ops.matmul(joined, self.kernel) + self.bias
        f, candidate, o = ops.split(z, 3, axis=-1)
        f = ops.sigmoid(f + 1)  # the forget bias starts at 1
        c = f * c + (1 - f) * ops.tanh(candidate)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


def layer(name: str) -> keras.Layer:
    """Make a layer of a variant, by its name in UNITS."""
    units = UNITS[name]
    if name == "lstm":
        return keras.layers.LSTM(units)
    if name == "gru":
        return keras.layers.GRU(units, bias_initializer=update_bias_1)
    return keras.layers.RNN(CoupledCell(units) if name == "coupled" else PeepholeCell(units))


def update_bias_1(shape: tuple[int, ...], dtype: str | None = None) -> np.ndarray:
    """Start the update bias of a GRU at 1, in the first of its two rows of biases."""
    bias = np.zeros(shape, dtype or "float32")
    bias[0, : shape[1] // 3] = 1
    return bias


def network(name: str, steps: int | None = None) -> keras.Sequential:
    """Put a dense layer onto a variant: (rows, steps, 2) to (rows, 1)."""
    return keras.Sequential(
        [keras.Input((steps, RECIPE.features)), layer(name), keras.layers.Dense(RECIPE.outputs)]
    )


def runs() -> Iterator[Run]:
    """Train every variant from every seed."""
    experiment = Experiment(RECIPE, adding.adding_rows)
    (steps,) = RECIPE.lags
    for name in UNITS:
        model = network(name, steps)
        optimizer = keras.optimizers.Adam(RECIPE.learning_rate, clipnorm=RECIPE.clipnorm)
        optimizer.build(model.trainable_variables)
        model.compile(optimizer, RECIPE.loss, jit_compile=True)
        fresh = [variable.numpy() for variable in optimizer.variables]
        for seed in RECIPE.seeds:
            keras.utils.set_random_seed(seed)
            model.set_weights(network(name, steps).get_weights())
            for variable, value in zip(optimizer.variables, fresh, strict=True):
                variable.assign(value)
            losses = fit(model, experiment, steps, np.random.default_rng(seed))
            weights = np.concatenate([each.ravel() for each in model.get_weights()])
            yield Run(name, steps, seed, weights, losses)
