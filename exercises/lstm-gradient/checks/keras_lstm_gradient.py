"""Read gradients off a real keras.layers.LSTM: of one gate, of one step, of a whole run.

Every gradient comes from tf.GradientTape around a Keras LSTM. Where one part of a step is asked
for, the layer's weights or activations are set until that part is all that it does. Shapes are
those of `keras_lstm`; a gradient has the shape of what it belongs to.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from .blocks import BLOCKS, alone, own_block
from .keras_lstm import ALONE, freeze, one_hot
from .loading import keras, tf


def layer_with_gates(
    input: np.ndarray | float,
    forget: np.ndarray | float,
    candidate: np.ndarray | float,
    output: np.ndarray | float,
    **options: Any,
) -> keras.layers.LSTM:
    """Build a Keras LSTM whose three gates have given values, one row for each sample.

    The gates have no activation here, and row n of the kernel holds the values for sample n: for
    the input `one_hot(batch)`, the layer computes one step with these very gates.

    input, forget, output: the gates, each (batch, units) or a number.
    candidate: the same, before its activation.
    options: further arguments of keras.layers.LSTM.
    """
    gates = (input, forget, candidate, output)
    batch, units = np.broadcast_shapes(*map(np.shape, gates))
    layer = _build(units, batch, **({"recurrent_activation": "linear"} | options))
    return _set_gates(layer, gates)


def gate_with_gradient(
    gate: str, z: np.ndarray, d_gate: np.ndarray, **options: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Read a gate off a Keras LSTM that shows it alone, and the gradient of its pre-activation.

    gate: name of a block.
    z: its pre-activation (batch, units).
    d_gate: the gradient that arrives at the gate (batch, units).
    options: further arguments of keras.layers.LSTM.

    Returns the gate (batch, units) and the gradient (batch, 4 * units), zero outside its block.
    """
    batch, units = z.shape
    kernel = np.zeros((batch, 4 * units), "float32")
    own_block(gate, kernel)[...] = z
    frozen, cell = ALONE[gate]
    layer = _built(units, batch, **options)
    layer.set_weights(freeze((kernel, np.zeros((units, 4 * units)), np.zeros(4 * units)), frozen))
    state = [tf.zeros((batch, units)), tf.fill((batch, units), cell)]
    with tf.GradientTape() as tape:
        _, h, c = layer(one_hot(batch), initial_state=state)
        shown = h if gate == "output" else c
    d_kernel = tape.gradient(shown, layer.cell.kernel, output_gradients=d_gate)
    return np.array(shown), alone(gate, np.array(d_kernel))


def jacobian_norms(layer: keras.layers.RNN, x: np.ndarray, through_h: bool = True) -> np.ndarray:
    """Measure how strongly the last state of a Keras layer depends on its earlier ones.

    layer: a built SimpleRNN or LSTM. The state is h, in an LSTM c.
    x: one sequence (1, time, features).
    through_h: whether, in an LSTM, a gradient may leave c through h and come back.

    Returns the largest singular value of the Jacobian of the last state with respect to the state
    k steps earlier, for k = 0..time: (time + 1,).
    """
    x = np.repeat(x, layer.units, axis=0)  # sample n asks for row n: one pass gives the Jacobian
    start = layer.cell.get_initial_state(batch_size=layer.units)
    states = [start if isinstance(start, list) else [start]]
    with tf.GradientTape() as tape:
        tape.watch(states[0])
        for t in range(x.shape[1]):
            *h, state = states[-1]
            given = [*h, state] if through_h else [*map(tf.stop_gradient, h), state]
            states.append(layer.cell(x[:, t], given)[1])
        rows = tf.linalg.trace(states[-1][-1])
    jacobians = tape.gradient(rows, [state[-1] for state in states[::-1]])
    return np.linalg.norm(np.array(jacobians), ord=2, axis=(1, 2))


def _build(units: int, features: int, **options: Any) -> keras.layers.LSTM:
    """Build an LSTM that returns its output, h and c."""
    layer = keras.layers.LSTM(units, return_state=True, unroll=True, **options)
    layer.build((None, 1, features))
    return layer


@cache
def _built(units: int, features: int, number: int = 0, **options: Any) -> keras.layers.LSTM:
    """Build an LSTM once per size, number and options: building costs more than a step."""
    return _build(units, features, **options)


def _set_gates(layer: keras.layers.LSTM, gates: Sequence[np.ndarray | float]) -> keras.layers.LSTM:
    """Put the values of the four gates, each (batch, units) or a number, into a layer's kernel."""
    kernel, *others = layer.get_weights()
    for gate, value in zip(BLOCKS, gates):
        own_block(gate, kernel)[...] = value
    layer.set_weights([kernel, *map(np.zeros_like, others)])
    return layer
