"""Read a real keras.layers.SimpleRNN: its states and their Jacobians, under set weights.

Shapes: x (batch, features) or (batch, time, features); h (batch, units); kernel (features, units);
recurrent_kernel (units, units); bias (units,). States and inputs are rows: a step computes
activation(x @ kernel + h @ recurrent_kernel + bias).
"""

from functools import cache
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf


class Inputs(NamedTuple):
    """The arguments of one step, or of a sequence, float32."""

    x: np.ndarray
    h: np.ndarray
    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray


def rnn_inputs(
    rng: np.random.Generator, batch: int, features: int, units: int, time: int | None = None
) -> Inputs:
    """Draw strong arguments: nothing is zero, so that no missing term goes unnoticed.

    Returns Inputs with x (batch, features), or (batch, time, features) where `time` is given.
    """
    steps = () if time is None else (time,)
    arrays = (
        rng.normal(size=(batch, *steps, features)),
        rng.uniform(-1, 1, size=(batch, units)),
        rng.normal(scale=0.5, size=(features, units)),
        rng.normal(scale=0.7, size=(units, units)),
        rng.normal(scale=0.6, size=units),
    )
    return Inputs(*(array.astype("float32") for array in arrays))


def simple_rnn(kernel, recurrent_kernel, bias, **options) -> keras.layers.SimpleRNN:
    """Return a keras.layers.SimpleRNN that holds these weights, until the next call of its size.

    options: further arguments of keras.layers.SimpleRNN, such as `activation`. Loops are unrolled
    unless they say otherwise: at a few steps that is faster.
    """
    layer = _layer(*kernel.shape, **({"unroll": True} | options))
    layer.set_weights([kernel, recurrent_kernel, bias])
    return layer


def run_rnn(x, h, kernel, recurrent_kernel, bias, **options) -> np.ndarray:
    """Run a keras.layers.SimpleRNN with these weights from the state h.

    x: (batch, features) for one step, or (batch, time, features).
    options: further arguments of keras.layers.SimpleRNN, such as `activation`.

    Returns the states of all steps (batch, time, units).
    """
    x = x if x.ndim == 3 else x[:, None]
    layer = simple_rnn(kernel, recurrent_kernel, bias, return_sequences=True, **options)
    return np.asarray(layer(x, initial_state=h))


def read_jacobian(x, h, kernel, recurrent_kernel, bias) -> np.ndarray:
    """Let tf.GradientTape differentiate the last state of a Keras SimpleRNN by its initial state h.

    x: (batch, features) for one step, or (batch, time, features).
    Returns J (batch, units, units), J[b, i, j] = d last state[b, i] / d h[b, j].
    """
    x = x if x.ndim == 3 else x[:, None]
    layer = simple_rnn(kernel, recurrent_kernel, bias)
    batch, units = h.shape
    # Each sample runs once for each row of its Jacobian: one backward pass instead of `units`.
    x, start = np.repeat(x, units, axis=0), tf.constant(np.repeat(h, units, axis=0))
    rows = tf.constant(np.tile(np.eye(units, dtype="float32"), (batch, 1)))
    with tf.GradientTape() as tape:
        tape.watch(start)
        last = layer(x, initial_state=start)
    gradients = tape.gradient(last, start, output_gradients=rows)
    return np.asarray(gradients).reshape(batch, units, units)


def read_jacobians(x, h, kernel, recurrent_kernel, bias) -> np.ndarray:
    """Read the Jacobian of each single step off a Keras SimpleRNN that runs over x from h.

    x: (batch, time, features). Returns (time, batch, units, units), the first step first.
    """
    batch, time, _ = x.shape
    states = run_rnn(x, h, kernel, recurrent_kernel, bias)
    before = np.concatenate([h[:, None], states[:, :-1]], axis=1)
    # Each step of each sample becomes a sample of its own.
    rows = [np.swapaxes(array, 0, 1).reshape(time * batch, -1) for array in (x, before)]
    jacobians = read_jacobian(*rows, kernel, recurrent_kernel, bias)
    return jacobians.reshape(time, batch, *jacobians.shape[1:])


@cache
def _layer(features: int, units: int, **options) -> keras.layers.SimpleRNN:
    """Build a SimpleRNN once per size: building costs more than a step."""
    layer = keras.layers.SimpleRNN(units, **options)
    layer.build((None, None, features))
    return layer
