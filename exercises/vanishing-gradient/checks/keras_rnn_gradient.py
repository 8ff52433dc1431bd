"""Read gradients off a real keras.layers.SimpleRNN, and off chains of linear steps.

Each comes from tf.GradientTape. Shapes are those of `keras_rnn`; a Jacobian has a row for each unit
of the new state and a column for each unit of the old one.
"""

from collections.abc import Callable

import numpy as np

from .keras_rnn import run_rnn, simple_rnn
from .loading import tf


def read_jacobian(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Differentiate the last state of a Keras SimpleRNN with respect to its initial state h.

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


def read_jacobians(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Read the Jacobian of each single step off a Keras SimpleRNN that runs over x from h.

    x: (batch, time, features). Returns (time, batch, units, units), the first step first.
    """
    batch, time, _ = x.shape
    states = run_rnn(x, h, kernel, recurrent_kernel, bias)
    before = np.concatenate([h[:, None], states[:, :-1]], axis=1)
    # Each step of each sample becomes a sample of its own.
    x, h = (np.swapaxes(array, 0, 1).reshape(time * batch, -1) for array in (x, before))
    jacobians = read_jacobian(x, h, kernel, recurrent_kernel, bias)
    return jacobians.reshape(time, batch, *jacobians.shape[1:])


def chain_gradients(dh: np.ndarray, jacobians: np.ndarray) -> np.ndarray:
    """Differentiate a chain of linear steps that have these Jacobians.

    dh: (batch, units), the gradient of the loss with respect to the last state.
    jacobians: (time, batch, units, units).

    Returns the gradients for all states (time + 1, batch, units), the last state first.
    """
    states = [tf.zeros_like(dh)]
    with tf.GradientTape() as tape:
        tape.watch(states)
        for jacobian in jacobians:
            states.append(tf.linalg.matvec(jacobian, states[-1]))
    return np.asarray(tape.gradient(states[-1], states[::-1], output_gradients=tf.constant(dh)))


def chain_jacobian(jacobians: np.ndarray) -> np.ndarray:
    """Return the Jacobian (batch, units, units) of a chain of linear steps with these Jacobians."""
    _, batch, units, _ = jacobians.shape
    # Each sample runs once for each row of its Jacobian.
    rows = np.tile(np.eye(units, dtype="float32"), (batch, 1))
    gradients = chain_gradients(rows, np.repeat(jacobians, units, axis=1))
    return gradients[-1].reshape(batch, units, units)


def slope(function: Callable[[tf.Tensor], tf.Tensor], at: np.ndarray) -> np.ndarray:
    """Differentiate a function of single numbers at an array of any shape."""
    at = tf.constant(at)
    with tf.GradientTape() as tape:
        tape.watch(at)
        values = function(at)
    return np.asarray(tape.gradient(values, at))
