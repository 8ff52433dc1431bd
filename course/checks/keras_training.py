"""Read loss, gradients and updates off Keras: a network of an LSTM and a dense layer, optimizers.

Weights, gradients, and Adam's m and v are lists of arrays; the network's weights are those of
`lstm_training`, in the order of `model.get_weights()`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from .loading import keras, tf

Arrays = Sequence[np.ndarray]


def network(weights: Arrays) -> keras.Sequential:
    """Give these weights to an LSTM with a dense layer behind it; the next call gives others."""
    model = _network(len(weights[0]), *weights[3].shape)
    model.set_weights(weights)
    return model


@cache
def _network(features: int, units: int, outputs: int) -> keras.Sequential:
    """Build a network once per size: building costs more than running."""
    layers = keras.layers.LSTM(units, unroll=True), keras.layers.Dense(outputs)
    return keras.Sequential([keras.Input((None, features)), *layers])


def loss_with_gradients(
    model: keras.Model, x: np.ndarray, y: np.ndarray
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Return the mean squared error of a network, and its gradient for each array of weights.

    x: (batch, time, features). y: (batch, outputs).
    """
    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x))
    return loss, tape.gradient(loss, model.trainable_variables)


def clipped(gradients: Arrays, **options: Any) -> list[np.ndarray]:
    """Return gradients as Keras clips them.

    options: of any optimizer of Keras, such as `clipnorm`. Plain gradient descent with a learning
    rate of 1 takes the clipped gradients from weights that are zero.
    """
    zeros = [np.zeros_like(gradient) for gradient in gradients]
    optimizer = keras.optimizers.SGD(learning_rate=1.0, **options)
    return [-weight for weight in updated(optimizer, zeros, gradients)]


def updated(
    optimizer: keras.optimizers.Optimizer,
    weights: Arrays,
    gradients: Arrays,
    state: Arrays = (),
    step: int = 1,
) -> list[np.ndarray]:
    """Let an optimizer take one step. Returns the weights, and then its state, after the step.

    state: m and v of each array in turn, for Adam. step: the number of this step, from 1.
    """
    variables = [tf.Variable(weight) for weight in weights]
    optimizer.build(variables)
    optimizer.iterations.assign(step - 1)
    kept = optimizer.variables[2:]  # behind the number of steps and the learning rate
    for variable, value in zip(kept, state, strict=True):
        variable.assign(value)
    optimizer.apply(gradients, variables)
    return [each.numpy() for each in (*variables, *kept)]


def adam(
    weights: Arrays, gradients: Arrays, m: Arrays, v: Arrays, step: int, *options: float
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Let keras.optimizers.Adam take a step from given m and v; return weights, m and v.

    options: learning_rate, beta_1, beta_2 and epsilon; what is left out has Keras' default.
    """
    state = [each for pair in zip(m, v) for each in pair]
    after = updated(keras.optimizers.Adam(*options), weights, gradients, state, step)
    count = len(weights)
    return after[:count], after[count::2], after[count + 1 :: 2]


def train(
    weights: Arrays,
    x: np.ndarray,
    y: np.ndarray,
    batch_size: int,
    epochs: int,
    learning_rate: float = 0.01,
    global_clipnorm: float = 1.0,
) -> tuple[list[np.ndarray], np.ndarray]:
    """Train a network of Keras with Adam on batches in the order of the rows.

    x: (rows, time, features). y: (rows, outputs). Returns the weights after, and the losses
    (updates,), each from before its update.
    """
    model = network(weights)
    optimizer = keras.optimizers.Adam(learning_rate, global_clipnorm=global_clipnorm)
    losses = []
    for start in [*range(0, len(x), batch_size)] * epochs:
        rows = slice(start, start + batch_size)
        loss, gradients = loss_with_gradients(model, x[rows], y[rows])
        optimizer.apply(gradients, model.trainable_variables)
        losses.append(loss)
    return model.get_weights(), np.array(losses)
