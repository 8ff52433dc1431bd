"""Read gradients off a real keras.layers.LSTM: of one gate, of one step, of a whole run.

Every gradient comes from tf.GradientTape around a Keras LSTM. Where one part of a step is asked
for, the layer's weights or activations are set until that part is all that it does. Shapes are
those of `keras_lstm`; a gradient has the shape of what it belongs to.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from .blocks import BLOCKS, alone, own_block
from .inputs import LSTMInputs
from .keras_lstm import ALONE, freeze, one_hot, run_lstm
from .loading import keras, tf

Activation = str | Callable[[tf.Tensor], tf.Tensor]
RunGradient = tuple[np.ndarray, np.ndarray, np.ndarray, list[list[np.ndarray]]]
"""The gradients of x, h and c, and for each step those of its three weights."""


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


def new_cell_state(
    forget: np.ndarray, input: np.ndarray, candidate: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Return the new cell state that Keras makes of these gates, each (batch, units)."""
    layer = layer_with_gates(input, forget, candidate, 0, activation="linear")
    return np.array(layer(one_hot(len(c)), initial_state=[np.zeros_like(c), c])[2])


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


def through_activation(
    activation: Activation, argument: np.ndarray, arriving: np.ndarray
) -> np.ndarray:
    """Let the forget gate of a Keras LSTM differentiate an activation.

    activation: what keras.layers.LSTM takes as one, differentiated at `argument` (batch, units).
    arriving: the gradient that arrives at its value (batch, units).
    """
    _, d_z = gate_with_gradient("forget", argument, arriving, recurrent_activation=activation)
    return own_block("forget", d_z)


def through_sigmoid_of(gate: str, value: np.ndarray, d_gate: np.ndarray) -> np.ndarray:
    """Return the gradient (batch, units) of the pre-activation of a gate that has this value."""
    z = np.log(value / (1 - value)).astype("float32")
    return own_block(gate, gate_with_gradient(gate, z, d_gate)[1])


def gates_gradient(
    arriving: Sequence[np.ndarray | float],
    gates: Sequence[np.ndarray | float],
    c: np.ndarray,
    **options: Any,
) -> dict[str, np.ndarray]:
    """Differentiate one step whose gates have given values.

    arriving: the gradients of the new h and the new c, each (batch, units) or a number.
    gates: input, forget, candidate and output, each (batch, units) or a number.
    c: the old cell state (batch, units).
    options: further arguments of keras.layers.LSTM.

    Returns the gradients (batch, units) of the gates, and that of the old cell state as "c".
    """
    batch, units = c.shape
    layer = _set_gates(_built(units, batch, recurrent_activation="linear", **options), gates)
    start = tf.constant(c)
    with tf.GradientTape() as tape:
        tape.watch(start)
        _, *states = layer(one_hot(batch), initial_state=[tf.zeros_like(start), start])
    d_states = [np.broadcast_to(g, c.shape).astype("float32") for g in arriving]
    d_kernel, d_c = tape.gradient(states, [layer.cell.kernel, start], output_gradients=d_states)
    return {gate: own_block(gate, np.array(d_kernel)) for gate in BLOCKS} | {"c": np.array(d_c)}


def step_gradient(inputs: LSTMInputs, d_output: np.ndarray, dc: np.ndarray) -> list[np.ndarray]:
    """Differentiate one step, at whose output gate d_output arrives and at whose new c dc.

    Two Keras layers share the weights: one returns c, the other shows the output gate alone.
    Returns the gradients of x, h, c, kernel, recurrent_kernel and bias.
    """
    x, h, c, *weights = inputs
    (batch, units), features = h.shape, x.shape[1]
    frozen, cell = ALONE["output"]
    whole, gate = _built(units, features, number=0), _built(units, features, number=1)
    whole.set_weights(weights)
    gate.set_weights(freeze(weights, frozen))
    sources = [tf.constant(array) for array in (x, h, c)]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(sources)
        x_now = sources[0][:, tf.newaxis]
        c_new = whole(x_now, initial_state=sources[1:])[2]
        output = gate(x_now, initial_state=[sources[1], tf.fill((batch, units), cell)])[1]
    parts = []
    for new, arriving, layer in ((c_new, dc, whole), (output, d_output, gate)):
        gradients = tape.gradient(
            new, sources + layer.weights, arriving, unconnected_gradients="zero"
        )
        parts.append([np.array(gradient) for gradient in gradients])
    return [a + b for a, b in zip(*parts)]


def pre_activations_gradient(
    inputs: LSTMInputs, d_output: np.ndarray, dc: np.ndarray
) -> np.ndarray:
    """Differentiate one step with respect to its pre-activations; arguments as in `step_gradient`.

    A sample's pre-activations have the gradient of a bias that this sample alone would use.
    Returns an array (batch, 4 * units).
    """
    rows = []
    for n in range(len(dc)):
        x, h, c, d_output_n, dc_n = (array[n : n + 1] for array in (*inputs[:3], d_output, dc))
        rows.append(step_gradient(inputs._replace(x=x, h=h, c=c), d_output_n, dc_n)[5])
    return np.stack(rows)


def through_gates(inputs: LSTMInputs, d_gates: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Differentiate the gates of one step, each shown alone by a Keras LSTM.

    d_gates: what arrives at each gate (batch, units).
    Returns the gradients of x, h, kernel, recurrent_kernel and bias.
    """
    x, h, _, *weights = inputs
    layer = _built(h.shape[1], x.shape[1])
    sources = [tf.constant(x), tf.constant(h)]
    parts = []
    for gate in BLOCKS:
        frozen, cell = ALONE[gate]
        layer.set_weights(freeze(weights, frozen))
        with tf.GradientTape() as tape:
            tape.watch(sources)
            state = [sources[1], tf.fill(h.shape, cell)]
            _, h_new, c_new = layer(sources[0][:, tf.newaxis], initial_state=state)
            shown = h_new if gate == "output" else c_new
        gradients = tape.gradient(shown, sources + layer.weights, d_gates[gate])
        dx, dh, *d_weights = map(np.array, gradients)
        parts.append([dx, dh, *(alone(gate, stacked) for stacked in d_weights)])
    return [np.sum(gradients, axis=0) for gradients in zip(*parts)]


def product_gradient(
    factors: tuple[np.ndarray, np.ndarray], d_product: np.ndarray
) -> list[np.ndarray]:
    """Differentiate a matrix product, at which d_product arrives, with respect to both factors."""
    sources = [tf.constant(factor) for factor in factors]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        product = keras.ops.matmul(*sources)
    return [np.array(g) for g in tape.gradient(product, sources, output_gradients=d_product)]


def sequence_gradient(
    inputs: LSTMInputs,
    dh_all: np.ndarray,
    dc_last: np.ndarray,
    carried: str = "hc",
    skip: int = 0,
    starts: Sequence[tuple[np.ndarray, np.ndarray]] | None = None,
) -> RunGradient:
    """Differentiate a run, step by step, each with a layer of its own and the same weights.

    dh_all: (batch, time, units).
    dc_last: (batch, units), or (time, batch, units) where something arrives at every c.
    carried: the states ("h", "c") through which a gradient runs from a step to the one before.
    skip: how many steps at the beginning get no gradient; the initial state stands after them.
    starts: the values of h and c from which each step starts; without it, those of the run.

    Returns dx (batch, time - skip, features), dh0, dc0, and for each step its weights' gradients.
    """
    x, h, c, kernel, recurrent_kernel, bias = inputs
    layers = [_built(h.shape[1], x.shape[2], number=t) for t in range(x.shape[1])]
    for layer in layers:
        layer.set_weights([kernel, recurrent_kernel, bias])
    if skip:
        _, h, c = run_lstm(x[:, :skip], h, c, kernel, recurrent_kernel, bias)
    sources = [tf.constant(array) for array in (x[:, skip:], h, c)]
    state, every_h, every_c = sources[1:], [], []
    with tf.GradientTape() as tape:
        tape.watch(sources)
        for t, layer in enumerate(layers[skip:]):
            if t > 0:
                state = [s if n in carried else tf.stop_gradient(s) for n, s in zip("hc", state)]
            if starts:
                state = [s + tf.stop_gradient(value - s) for s, value in zip(state, starts[t])]
            _, *state = layer(sources[0][:, t : t + 1], initial_state=state)
            every_h.append(state[0])
            every_c.append(state[1])
    variables = [variable for layer in layers[skip:] for variable in layer.weights]
    arriving_c = dc_last.reshape(-1, *h.shape)
    arriving = [*dh_all.swapaxes(0, 1)[skip:], *arriving_c]
    states = every_h + every_c[-len(arriving_c) :]
    gradients = tape.gradient(states, sources + variables, arriving, unconnected_gradients="zero")
    dx, dh, dc, *d_weights = (np.array(gradient) for gradient in gradients)
    return dx, dh, dc, [d_weights[k : k + 3] for k in range(0, len(d_weights), 3)]


def add_steps(gradient: RunGradient) -> list[np.ndarray]:
    """Add up the weights' gradients of all steps; return the six gradients of the run."""
    *states, every_step = gradient
    return [*states, *(np.sum(steps, axis=0) for steps in zip(*every_step))]


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


def sloped_like_sigmoid(value: tf.Tensor) -> tf.Tensor:
    """An activation whose derivative, at a sigmoid's value, is the sigmoid's."""
    return value**2 / 2 - value**3 / 3


def sloped_like_tanh(value: tf.Tensor) -> tf.Tensor:
    """An activation whose derivative, at a tanh's value, is the tanh's."""
    return value - value**3 / 3


def sloped_like_tanh_unsquared(value: tf.Tensor) -> tf.Tensor:
    """An activation with the derivative 1 - tanh."""
    return value - tf.math.log(tf.math.cosh(value))


def sloped_like_value(value: tf.Tensor) -> tf.Tensor:
    """An activation whose derivative is the value itself."""
    return value**2 / 2


def sloped_like_complement(value: tf.Tensor) -> tf.Tensor:
    """An activation whose derivative is 1 minus the value."""
    return value - value**2 / 2


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
