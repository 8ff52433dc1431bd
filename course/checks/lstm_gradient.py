"""Gradients of a real keras.layers.LSTM, and the well-known mistakes of lstm-gradient.

Every gradient comes from tf.GradientTape around a Keras LSTM. Where one part of a step is asked
for, the layer's weights or activations are set until that part is all that it does. A mistake is
the same gradient with changed arguments: something that arrives left out, a state not carried.
"""

from functools import cache

import keras
import numpy as np
import tensorflow as tf

from . import Mistake
from .keras_lstm import ALONE, BLOCKS, Inputs, freeze, read_gate, run_lstm


def forward(x, h, c, kernel, recurrent_kernel, bias) -> list[dict[str, np.ndarray]]:
    """Read the values of a forward pass off Keras.

    x: (batch, features) for one step, or (batch, time, features). The others as for `run_lstm`.
    Returns one dict for each step, with the keys x (batch, features) and, each (batch, units),
    h_previous, c_previous, input, forget, candidate, output, c.
    """
    weights = (kernel, recurrent_kernel, bias)
    steps = [x] if x.ndim == 2 else list(x.swapaxes(0, 1))
    states = [(h, c)]
    for x_now in steps:
        states.append(run_lstm(x_now, *states[-1], *weights)[1:])
    every_h, every_c = zip(*states)
    rows = np.concatenate(steps), np.concatenate(every_h[:-1])  # all steps as one large batch
    gates = [np.split(read_gate(gate, *rows, *weights), len(steps)) for gate in BLOCKS]
    keys = ("x", "h_previous", "c_previous", *BLOCKS, "c")
    values = zip(steps, every_h[:-1], every_c[:-1], *gates, every_c[1:])
    return [dict(zip(keys, step)) for step in values]


def normal(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Draw a float32 array of standard normal numbers for each shape."""
    return [rng.normal(size=shape).astype("float32") for shape in shapes]


def layer_with_gates(input, forget, candidate, output, **options) -> keras.layers.LSTM:
    """Build a Keras LSTM whose three gates have given values, one row for each sample.

    The gates have no activation here, and row n of the kernel holds the values for sample n: for
    the input `one_hot(batch)`, the layer computes one step with these very gates.
    input, forget, candidate, output: (batch, units) or a number; the candidate is meant before its
    activation. options: further arguments of keras.layers.LSTM.
    """
    gates = (input, forget, candidate, output)
    batch, units = np.broadcast_shapes(*map(np.shape, gates))
    layer = _build(units, batch, **({"recurrent_activation": "linear"} | options))
    return _set_gates(layer, gates)


def one_hot(batch: int) -> np.ndarray:
    """Return a sequence of one step (batch, 1, batch), in which sample n picks row n."""
    return np.eye(batch, dtype="float32")[:, np.newaxis]


def gate_with_gradient(gate: str, z, d_gate, **options) -> tuple[np.ndarray, np.ndarray]:
    """Read a gate off a Keras LSTM that shows it alone, and the gradient of its pre-activation.

    gate: name of a block. z: its pre-activation; d_gate: the gradient that arrives at the gate;
    each (batch, units). options: further arguments of keras.layers.LSTM.

    Returns the gate (batch, units) and the gradient (batch, 4 * units), zero outside its block.
    """
    batch, units = z.shape
    own = slice(BLOCKS[gate] * units, (BLOCKS[gate] + 1) * units)
    kernel = np.zeros((batch, 4 * units), "float32")
    kernel[:, own] = z
    frozen, cell = ALONE[gate]
    layer = _built(units, batch, **options)
    layer.set_weights(freeze((kernel, np.zeros((units, 4 * units)), np.zeros(4 * units)), frozen))
    state = [tf.zeros((batch, units)), tf.fill((batch, units), cell)]
    with tf.GradientTape() as tape:
        _, h, c = layer(one_hot(batch), initial_state=state)
        shown = h if gate == "output" else c
    d_kernel = tape.gradient(shown, layer.cell.kernel, output_gradients=d_gate)
    d_z = np.zeros_like(kernel)
    d_z[:, own] = d_kernel[:, own]
    return np.array(shown), d_z


def jacobian_norms(layer: keras.layers.RNN, x, through_h: bool = True) -> np.ndarray:
    """Measure how strongly the last state of a Keras layer depends on its earlier ones.

    layer: a built SimpleRNN or LSTM. x: one sequence (1, time, features). The state is h, in an
    LSTM c. through_h: whether, in an LSTM, a gradient may leave c through h and come back.

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


def hidden_state_mistakes(dh, output, c) -> list[Mistake]:
    """List wrong results of hidden_state_backward; all arguments (batch, units)."""

    def part(dh=dh, output=output, **options):
        """Differentiate h with respect to the output gate and c."""
        gradient = _gates_gradient((dh, 0), (0, 1, 0, output), c, **options)
        return gradient["output"], gradient["c"]

    def mixed(**options):
        """Take only the gradient of c from the changed reference."""
        return lambda: (part()[0], part(**options)[1])

    ones = np.ones_like(dh)
    return [
        Mistake(
            "results swapped",
            lambda: part()[::-1],
            "the two results have changed places. The gradient of the output gate comes first.",
        ),
        Mistake(
            "derivative of tanh missing",
            mixed(activation="linear"),
            "d_output is right. In d_c the derivative of tanh is missing.",
        ),
        Mistake(
            "tanh missing",
            lambda: (part(activation="linear")[0], part()[1]),
            "d_c is right. For d_output, look at what the output gate multiplies: "
            "it is not the bare cell state.",
        ),
        Mistake(
            "own factor",
            lambda: (part(activation="linear")[1], part()[1]),
            "d_output has received its own factor. It receives the *other* one.",
        ),
        Mistake(
            "tanh ignored",
            lambda: part(activation="linear"),
            "there is no tanh in these gradients. It stands between c and h.",
        ),
        Mistake(
            "cell state for its tanh",
            mixed(activation=_of_tanh),
            "d_output is right. In d_c, the derivative of tanh is computed from c where it needs "
            "the tanh of c.",
        ),
        Mistake(
            "square missing",
            mixed(activation=_of_tanh_unsquared),
            "d_output is right. In d_c, check the derivative of tanh: something is not squared.",
        ),
        Mistake(
            "derivative of the sigmoid",
            mixed(activation="sigmoid"),
            "d_output is right. In d_c stands the derivative of a sigmoid. c goes through tanh.",
        ),
        Mistake(
            "output gate missing",
            mixed(output=ones),
            "d_output is right. In d_c the output gate is missing: "
            "what the gate holds back, it holds back here too.",
        ),
        Mistake(
            "arriving gradient missing",
            lambda: part(dh=ones),
            "these are the derivatives of h alone. Each is multiplied by the dh that arrives.",
        ),
        Mistake(
            "arriving gradient missing in one",
            mixed(dh=ones),
            "d_output is right. d_c does not depend on the dh that arrives.",
        ),
        Mistake(
            "sign",
            lambda: (part()[0], -part()[1]),
            "d_output is right. d_c has the wrong sign.",
        ),
        Mistake(
            "through the activation",
            lambda: (
                _own_block("output", gate_with_gradient("output", _logit(output), part()[0])[1]),
                part()[1],
            ),
            "d_c is right. d_output has gone through the gate's activation already; that is the "
            "work of a later function.",
        ),
    ]


def cell_state_mistakes(dc, forget, input, candidate, c_previous) -> list[Mistake]:
    """List wrong results of cell_state_backward; all arguments (batch, units)."""
    gates = {"forget": forget, "input": input, "candidate": candidate}
    order = (*gates, "c")

    @cache
    def right():
        return part()

    def part(dc=dc, c=c_previous, **changed):
        """Differentiate the new c with respect to the gates, the candidate and the old c."""
        values = gates | changed
        steps = [values.get(gate, 0) for gate in BLOCKS]
        gradient = _gates_gradient((0, dc), steps, c, activation="linear")
        return [gradient[name] for name in order]

    def mixed(name, change):
        """Take one of the four results from somewhere else."""
        return lambda: [change() if n == name else g for n, g in zip(order, right())]

    def permuted(*positions):
        return lambda: [right()[k] for k in positions]

    found = [
        Mistake(
            "Keras' order",
            permuted(1, 0, 2, 3),
            "d_forget and d_input have changed places. The order here is that of the text: "
            "forget, input, candidate, old cell state.",
        ),
        Mistake(
            "input and candidate swapped",
            permuted(0, 2, 1, 3),
            "d_input and d_candidate have changed places. "
            "Each factor of a product receives the *other* factor.",
        ),
        Mistake(
            "forget gate and cell state swapped",
            permuted(3, 1, 2, 0),
            "d_forget and d_c_previous have changed places. "
            "Each factor of a product receives the *other* factor.",
        ),
        Mistake(
            "both products swapped",
            permuted(3, 2, 1, 0),
            "in both products each factor has received itself. It receives the *other* factor.",
        ),
        Mistake(
            "partners crossed",
            permuted(1, 0, 3, 2),
            "the factors come from the wrong product. The forget gate multiplies the old cell "
            "state, the input gate the candidate.",
        ),
        Mistake(
            "forget gate missing",
            mixed("c", lambda: part(forget=np.ones_like(dc))[3]),
            "the whole dc goes on to the old cell state. On the way forward, the forget gate "
            "stands between the two.",
        ),
        Mistake(
            "input gate for forget gate",
            mixed("c", lambda: right()[2]),
            "d_c_previous was computed with the input gate. Which gate acts on the old cell state?",
        ),
        Mistake(
            "complement of the forget gate",
            mixed("c", lambda: part(forget=1 - forget)[3]),
            "d_c_previous was computed with 1 minus the forget gate.",
        ),
        Mistake(
            "arriving gradient missing",
            lambda: part(dc=np.ones_like(dc)),
            "these are the derivatives of the new c alone. "
            "Each is multiplied by the dc that arrives.",
        ),
        Mistake(
            "input gate missing",
            mixed("candidate", lambda: part(input=np.ones_like(dc))[2]),
            "d_candidate does not depend on the input gate. What a closed input gate holds back "
            "receives no gradient.",
        ),
        Mistake(
            "new cell state for the old one",
            mixed("forget", lambda: part(c=_run_gates(forget, input, candidate, c_previous))[0]),
            "d_forget was computed with the *new* cell state. The forget gate multiplies the old.",
        ),
        Mistake(
            "candidate squashed again",
            mixed("input", lambda: part(candidate=np.tanh(candidate))[1]),
            "in d_input the candidate has gone through tanh once more. It is a value after tanh.",
        ),
    ]
    for name, gate in (("forget", forget), ("input", input)):
        found.append(
            Mistake(
                f"d_{name} through the activation",
                mixed(
                    name,
                    lambda name=name, gate=gate: _own_block(
                        name, gate_with_gradient(name, _logit(gate), right()[order.index(name)])[1]
                    ),
                ),
                f"d_{name} has gone through the gate's activation already; that is the work of the "
                "next function.",
            )
        )
    return found


def gates_mistakes(arriving, values) -> list[Mistake]:
    """List wrong results of gates_backward.

    arriving: gradients of input gate, forget gate, candidate and output gate; values: their values;
    each four arrays (batch, units).
    """
    units = values[0].shape[1]

    def through(gate, activation):
        """Differentiate an activation *at the gate's value*, not at its pre-activation."""
        k = BLOCKS[gate]
        options = {"recurrent_activation": activation}
        return _own_block(
            "forget", gate_with_gradient("forget", values[k], arriving[k], **options)[1]
        )

    @cache
    def right():
        return [through(gate, _of_tanh if gate == "candidate" else _of_sigmoid) for gate in BLOCKS]

    def stacked(blocks):
        return np.hstack(list(blocks))

    def mixed(change, only=tuple(BLOCKS)):
        """Differentiate other activations for some of the blocks."""
        return lambda: stacked(
            through(gate, change) if gate in only else block for gate, block in zip(BLOCKS, right())
        )

    gates = ("input", "forget", "output")
    found = [
        Mistake(
            "candidate as a gate",
            mixed(_of_sigmoid, ["candidate"]),
            "the candidate's block was computed with the derivative of the sigmoid. "
            "The candidate goes through tanh.",
        ),
        Mistake(
            "gates as candidates",
            mixed(_of_tanh, gates),
            "the gates' blocks were computed with the derivative of tanh. "
            "A gate goes through the sigmoid.",
        ),
        Mistake(
            "activations exchanged",
            lambda: stacked(
                through(gate, _of_sigmoid if gate == "candidate" else _of_tanh) for gate in BLOCKS
            ),
            "the derivatives of sigmoid and tanh have changed places.",
        ),
        Mistake(
            "derivatives missing",
            mixed("linear"),
            "what arrives at the gates is passed on as it is: the derivatives of the activations "
            "are missing.",
        ),
        Mistake(
            "candidate's derivative missing",
            mixed("linear", ["candidate"]),
            "in the candidate's block the derivative of tanh is missing.",
        ),
        Mistake(
            "factor missing",
            mixed(_of_value, gates),
            "in the gates' blocks one of the two factors of the derivative of the sigmoid is "
            "missing.",
        ),
        Mistake(
            "value missing",
            mixed(_of_complement, gates),
            "in the gates' blocks one of the two factors of the derivative of the sigmoid is "
            "missing.",
        ),
        Mistake(
            "square missing",
            mixed(_of_complement, ["candidate"]),
            "in the candidate's block, check the derivative of tanh: something is not squared.",
        ),
        Mistake(
            "activation twice",
            mixed("sigmoid", gates),
            "the gates have gone through the sigmoid once more. What is given are the values "
            "*after* the activation.",
        ),
        Mistake(
            "candidate's activation twice",
            mixed("tanh", ["candidate"]),
            "the candidate has gone through tanh once more. What is given is the value *after* it.",
        ),
        Mistake(
            "every activation twice",
            lambda: stacked(
                through(gate, "tanh" if gate == "candidate" else "sigmoid") for gate in BLOCKS
            ),
            "gates and candidate have gone through their activations once more. What is given are "
            "the values *after* the activations.",
        ),
        Mistake(
            "arriving gradients missing",
            lambda: stacked(np.divide(right(), arriving)),
            "these are the derivatives of the activations alone. "
            "Each is multiplied by the gradient that arrives.",
        ),
        Mistake(
            "stacked below each other",
            lambda: np.concatenate(right()),
            "the four blocks stand below each other. They belong side by side: (batch, 4 * units).",
        ),
        Mistake(
            "new axis",
            lambda: np.stack(right()),
            "the four blocks are stacked along a new axis. "
            "They belong side by side: (batch, 4 * units).",
        ),
        Mistake(
            "interleaved",
            lambda: np.stack(right(), axis=-1).reshape(-1, 4 * units),
            "the columns of the four blocks alternate. Each block's columns stand side by side.",
        ),
    ]
    found += [
        Mistake(
            "block order",
            lambda order=order: stacked(right()[k] for k in order),
            f"the four blocks stand in the order {', '.join('ifco'[k] for k in order)}. "
            "Keras stacks them i, f, c, o.",
        )
        for order in ((1, 0, 2, 3), (0, 1, 3, 2), (1, 0, 3, 2), (1, 2, 0, 3), (3, 2, 1, 0))
    ]
    return found


def step_mistakes(inputs: Inputs, dh, dc) -> list[Mistake]:
    """List wrong results of step_backward. inputs: the step's arguments; dh, dc (batch, units)."""
    x, h, c, _, recurrent_kernel, _ = inputs
    batch = len(x)
    nothing = np.zeros_like(dh)

    @cache
    def values():
        return forward(*inputs)[0]

    @cache
    def through_h(old=False):
        """Return what dh gives to the output gate, and to the cell state."""
        cell = values()["c_previous" if old else "c"]
        gradient = _gates_gradient((dh, 0), (0, 1, 0, values()["output"]), cell)
        return gradient["output"], gradient["c"]

    @cache
    def right():
        d_output, d_c = through_h()
        return _step_gradient(inputs, d_output, dc + d_c)

    @cache
    def d_z():
        """Return the gradient of each sample's pre-activations: that of a bias of its own."""
        one_by_one = []
        for n in range(batch):
            sample = Inputs(*(array[n : n + 1] for array in inputs[:3]), *inputs[3:])
            d_output, d_c = through_h()
            one = _step_gradient(sample, d_output[n : n + 1], (dc + d_c)[n : n + 1])
            one_by_one.append(one[5])
        return np.stack(one_by_one)

    def arriving(d_output, d_c):
        return lambda: _step_gradient(inputs, d_output(), d_c())

    def at_gates(cell="c_previous"):
        """Return what arrives at each gate, if `cell` were the name of the old cell state."""
        gates = [values()[gate] if gate != "output" else 0 for gate in BLOCKS]
        at_states = (0, dc + through_h()[1])
        gradient = _gates_gradient(at_states, gates, values()[cell], activation="linear")
        return gradient | {"output": through_h()[0]}

    def through_gates(d_gates):
        dx, d_h, *d_weights = _through_gates(inputs, d_gates)
        return [dx, d_h, right()[2], *d_weights]

    def exchanged():
        given = at_gates()
        return through_gates(given | {"input": given["forget"], "forget": given["input"]})

    def mixed(position, change):
        return lambda: [change() if k == position else g for k, g in enumerate(right())]

    def permuted(*positions):
        return lambda: [right()[k] for k in positions]

    def averaged():
        return [g / batch if k > 2 else g for k, g in enumerate(right())]

    def product_gradient(rows, matrix, of):
        """Differentiate rows @ matrix, at which d_z arrives, with respect to one of the two."""
        factors = [tf.constant(rows), tf.constant(matrix)]
        with tf.GradientTape() as tape:
            tape.watch(factors)
            product = keras.ops.matmul(*factors)
        return tape.gradient(product, factors[of], output_gradients=d_z())

    turned = np.hstack([block.T for block in np.split(recurrent_kernel, 4, axis=1)])
    return [
        Mistake(
            "path through c missing",
            arriving(lambda: through_h()[0], lambda: through_h()[1]),
            "the dc that arrives from the next step is lost. Two gradients meet at the new cell "
            "state: this one, and the one through h.",
        ),
        Mistake(
            "path through h missing",
            arriving(lambda: through_h()[0], lambda: dc),
            "what dh gives to the cell state is lost. Two gradients meet at the new cell state: "
            "the dc that arrives, and the one through h.",
        ),
        Mistake(
            "path through h doubled",
            arriving(lambda: through_h()[0], lambda: dc + 2 * through_h()[1]),
            "what dh gives to the cell state is counted twice.",
        ),
        Mistake(
            "path through c doubled",
            arriving(lambda: through_h()[0], lambda: 2 * dc + through_h()[1]),
            "the dc that arrives is counted twice.",
        ),
        Mistake(
            "output gate left out",
            arriving(lambda: nothing, lambda: dc + through_h()[1]),
            "the output gate receives no gradient. dh reaches it, and through it x, h and the "
            "weights.",
        ),
        Mistake(
            "dh ignored",
            arriving(lambda: nothing, lambda: dc),
            "the dh that arrives has no effect.",
        ),
        Mistake(
            "old cell shown",
            arriving(lambda: through_h(old=True)[0], lambda: dc + through_h(old=True)[1]),
            "on the way from h to c the *old* cell state was used. "
            "h is made from the new one, which the cache calls c.",
        ),
        Mistake(
            "d_forget and d_input exchanged",
            exchanged,
            "d_forget and d_input have changed places on the way to gates_backward. "
            "cell_state_backward returns forget first, gates_backward takes input first.",
        ),
        Mistake(
            "new cell state in the forget gate",
            lambda: through_gates(at_gates("c")),
            "the forget gate's gradient was computed with the new cell state: "
            "which key of the cache is the old one?",
        ),
        Mistake(
            "forget gate missing",
            mixed(2, lambda: dc + through_h()[1]),
            "dc_previous is the gradient of the new cell state. Between the new and the old one "
            "stands the forget gate.",
        ),
        Mistake(
            "dc_previous without h",
            mixed(2, lambda: _step_gradient(inputs, nothing, dc)[2]),
            "in dc_previous, what came through h is missing. All the rest is right.",
        ),
        Mistake(
            "state gradients swapped",
            permuted(0, 2, 1, 3, 4, 5),
            "dh_previous and dc_previous have changed places.",
        ),
        Mistake(
            "input and hidden state swapped",
            permuted(1, 0, 2, 3, 4, 5),
            "dx and dh_previous have changed places.",
        ),
        Mistake(
            "weights swapped",
            permuted(0, 1, 2, 4, 3, 5),
            "d_kernel and d_recurrent_kernel have changed places.",
        ),
        Mistake(
            "mean over the batch",
            averaged,
            "the weights' gradients are means over the samples. They are sums: "
            "each sample adds its share.",
        ),
        Mistake(
            "mean for the bias",
            mixed(5, lambda: right()[5] / batch),
            "d_bias is a mean over the samples. It is a sum: each sample adds its share.",
        ),
        Mistake(
            "bias not summed",
            mixed(5, d_z),
            "d_bias has one row for each sample. All samples share one bias: add their shares.",
        ),
        Mistake(
            "bias summed over the units",
            mixed(5, lambda: d_z().sum(axis=1)),
            "d_bias was added up along the wrong axis. Each number of the bias keeps its own.",
        ),
        Mistake(
            "recurrent kernel not transposed",
            mixed(1, lambda: product_gradient(h, turned, of=0)),
            "in dh_previous the blocks of the recurrent kernel are not transposed. The gradient "
            "runs from the pre-activations back to h.",
        ),
        Mistake(
            "new hidden state",
            mixed(4, lambda: product_gradient(run_lstm(*inputs)[1], recurrent_kernel, of=1)),
            "d_recurrent_kernel was computed with the new h. On the way forward, the recurrent "
            "kernel multiplies the old one.",
        ),
        Mistake(
            "cell state for hidden state",
            mixed(4, lambda: product_gradient(c, recurrent_kernel, of=1)),
            "d_recurrent_kernel was computed with c. On the way forward, the recurrent kernel "
            "multiplies h.",
        ),
        Mistake(
            "kernel's gradient transposed",
            mixed(3, lambda: right()[3].T),
            "d_kernel is transposed. A gradient has the shape of what it belongs to.",
        ),
    ]


def through_time_mistakes(inputs: Inputs, dh_all, dc_last) -> list[Mistake]:
    """List wrong results of backward_through_time.

    inputs: the arguments of the run, x (batch, time, features). dh_all: (batch, time, units).
    dc_last: (batch, units).
    """
    batch, time, _ = inputs.x.shape

    @cache
    def gradient(carried="hc", skip=0):
        return _sequence_gradient(inputs, dh_all, dc_last, carried, skip)

    def arriving(dh_all=dh_all, dc_last=dc_last):
        return lambda: _total(_sequence_gradient(inputs, dh_all, dc_last))

    def total():
        return _total(gradient())

    def mixed(position, change):
        return lambda: [change(g) if k == position else g for k, g in enumerate(total())]

    def permuted(*positions):
        return lambda: [total()[k] for k in positions]

    def weights(change):
        *states, every_step = gradient()
        return [*states, *(change(np.stack(steps)) for steps in zip(*every_step))]

    def last_dh():
        only = np.zeros_like(dh_all)
        only[:, -1] = dh_all[:, -1]
        return arriving(only)()

    def last_dh_twice():
        twice = dh_all.copy()
        twice[:, -1] *= 2
        return arriving(twice)()

    @cache
    def forwards():
        """Let the gradient run from the first step to the last: the run itself is turned round."""
        starts = [(step["h_previous"], step["c_previous"]) for step in forward(*inputs)]
        turned = inputs._replace(x=inputs.x[:, ::-1])
        return _total(_sequence_gradient(turned, dh_all[:, ::-1], dc_last, starts=starts[::-1]))

    def first_step_left_out():
        dx, *rest = _total(gradient(skip=1))
        return [np.concatenate([np.zeros_like(dx[:, :1]), dx], axis=1), *rest]

    def summed_dh():
        return arriving(np.repeat(dh_all.sum(axis=1, keepdims=True), time, axis=1))()

    return [
        Mistake(
            "hidden state's gradient not carried",
            lambda: _total(gradient("c")),
            "the dh that a step returns never reaches the step before it. At each step two "
            "gradients arrive at h: this one, and that of dh_all.",
        ),
        Mistake(
            "cell state's gradient not carried",
            lambda: _total(gradient("h")),
            "the dc that a step returns never reaches the step before it.",
        ),
        Mistake(
            "nothing carried",
            lambda: _total(gradient("")),
            "every step is treated by itself. What a step returns as dh_previous and dc_previous "
            "arrives at the step before it.",
        ),
        Mistake(
            "dc_last ignored",
            arriving(dc_last=np.zeros_like(dc_last)),
            "dc_last has no effect. It arrives at the last cell state.",
        ),
        Mistake(
            "forwards",
            lambda: [forwards()[0][:, ::-1], *forwards()[1:]],
            "the steps are taken from the first to the last. A gradient comes from the other end.",
        ),
        Mistake(
            "forwards",
            forwards,
            "the steps are taken from the first to the last. A gradient comes from the other end.",
        ),
        Mistake(
            "dc_last at every step",
            lambda: _total(
                _sequence_gradient(inputs, dh_all, np.stack([dc_last] * time), carried="h")
            ),
            "every step gets dc_last. It arrives at the last cell state alone; further back "
            "arrives what the step after it returned.",
        ),
        Mistake(
            "last dh twice",
            last_dh_twice,
            "the last dh of dh_all is counted twice.",
        ),
        Mistake(
            "only the last dh",
            last_dh,
            "of dh_all only the last step has an effect. A gradient arrives at *every* h.",
        ),
        Mistake(
            "dh_all one step early",
            arriving(np.roll(dh_all, -1, axis=1)),
            "each step gets the dh of the step after it. Check the index into dh_all.",
        ),
        Mistake(
            "dh_all one step late",
            arriving(np.roll(dh_all, 1, axis=1)),
            "each step gets the dh of the step before it. Check the index into dh_all.",
        ),
        Mistake(
            "dh_all backwards",
            arriving(dh_all[:, ::-1]),
            "dh_all is read in reverse order of time.",
        ),
        Mistake(
            "sum of dh_all",
            summed_dh,
            "every step gets the sum of dh_all over time. Each step has a gradient of its own.",
        ),
        Mistake(
            "weights of the first step",
            lambda: weights(lambda steps: steps[0]),
            "the weights' gradients are those of the first step alone: each step overwrites what "
            "the steps before it in your loop have found. All steps share the weights: add.",
        ),
        Mistake(
            "weights of the last step",
            lambda: weights(lambda steps: steps[-1]),
            "the weights' gradients are those of the last step alone. All steps share the "
            "weights: add what each finds.",
        ),
        Mistake(
            "mean over time",
            lambda: weights(lambda steps: steps.mean(axis=0)),
            "the weights' gradients are means over the steps. They are sums.",
        ),
        Mistake(
            "mean over the batch",
            lambda: weights(lambda steps: steps.sum(axis=0) / batch),
            "the weights' gradients are means over the samples. They are sums.",
        ),
        Mistake(
            "weights not summed",
            lambda: weights(lambda steps: steps),
            "the weights' gradients have an axis for time. All steps share the weights: add.",
        ),
        Mistake(
            "bias of the first step",
            lambda: [*total()[:5], gradient()[3][0][2]],
            "d_bias is that of the first step alone. All steps share the bias: add.",
        ),
        Mistake(
            "dx backwards",
            mixed(0, lambda dx: dx[:, ::-1]),
            "dx stands in reverse order of time: it was collected from the last step to the first.",
        ),
        Mistake(
            "time axis first",
            mixed(0, lambda dx: dx.swapaxes(0, 1)),
            "dx has time as its first axis. It has the shape of x: (batch, time, features).",
        ),
        Mistake(
            "time axis first, backwards",
            mixed(0, lambda dx: dx.swapaxes(0, 1)[::-1]),
            "dx has time as its first axis, and in reverse order. It has the shape of x: "
            "(batch, time, features).",
        ),
        Mistake(
            "dx of the first step",
            mixed(0, lambda dx: dx[:, 0]),
            "dx belongs to the first step alone. Each step has an x and a dx of its own.",
        ),
        Mistake(
            "state gradients swapped",
            permuted(0, 2, 1, 3, 4, 5),
            "dh0 and dc0 have changed places.",
        ),
        Mistake(
            "weights swapped",
            permuted(0, 1, 2, 4, 3, 5),
            "d_kernel and d_recurrent_kernel have changed places.",
        ),
        Mistake(
            "first step left out",
            first_step_left_out,
            "the first step is left out. The gradient runs back through all of them, to h0 and c0.",
        ),
    ]


def product_mistakes(forget, expected) -> list[Mistake]:
    """List wrong results of forget_product.

    forget: (time, batch, units). expected: what Keras gives, (time + 1, batch, units).
    """
    from_the_start = expected[-1] / expected[::-1]
    one = expected[:1]
    return [
        Mistake(
            "from the first step",
            lambda: from_the_start,
            "the product begins at the *first* step. "
            "It begins at the last one and runs back in time.",
        ),
        Mistake(
            "reversed",
            lambda: expected[::-1],
            "the products are right, in reverse order. At index 0 stands the product of no gate.",
        ),
        Mistake(
            "from the first step, reversed",
            lambda: from_the_start[::-1],
            "the product begins at the *first* step, and the result is reversed. "
            "The steps have to be reversed before the product, not after.",
        ),
        Mistake(
            "one missing",
            lambda: expected[1:],
            "the first entry is missing: k = 0, the product of no gate.",
        ),
        Mistake(
            "one missing, reversed",
            lambda: expected[:0:-1],
            "the first entry, k = 0, is missing, and the products stand in reverse order.",
        ),
        Mistake(
            "one missing, from the first step",
            lambda: from_the_start[1:],
            "the product begins at the *first* step, and the entry for k = 0 is missing.",
        ),
        Mistake(
            "last entry missing",
            lambda: expected[:-1],
            "the last entry is missing: the product of all the forget gates.",
        ),
        Mistake(
            "no product",
            lambda: np.concatenate([one, forget[::-1]]),
            "these are the forget gates themselves. At k stands the product of the last k of them.",
        ),
        Mistake(
            "sum",
            lambda: np.concatenate(
                [one, [forget[-k:].sum(axis=0) for k in range(1, len(expected))]]
            ),
            "the forget gates are added. Along the cell path they are factors, not terms.",
        ),
        Mistake(
            "whole product only",
            lambda: expected[-1],
            "only the product of all forget gates is returned. Return it for each k.",
        ),
        Mistake(
            "last gate only",
            lambda: np.stack([expected[1] ** k for k in range(len(expected))]),
            "the last forget gate is used for every step. Each step has a gate of its own.",
        ),
        Mistake(
            "zero at the start",
            lambda: np.concatenate([0 * one, expected[1:]]),
            "the first entry is 0. No step back means: the cell state with respect to itself.",
        ),
        Mistake(
            "whole product at the start",
            lambda: np.concatenate([expected[-1:], expected[1:]]),
            "at k = 0 stands the product of all gates: in Python, a[-0:] is the whole of a.",
        ),
        Mistake(
            "mean over the batch",
            lambda: expected.mean(axis=1),
            "the samples are averaged. Each has forget gates of its own.",
        ),
    ]


def _gates_gradient(arriving, gates, c, **options) -> dict[str, np.ndarray]:
    """Differentiate one step with given gates, at whose (h, c) `arriving` arrives.

    gates: input, forget, candidate and output, each (batch, units) or a number.
    Returns the gradients (batch, units) of the gates, and that of the old cell state as "c".
    """
    batch, units = c.shape
    layer = _set_gates(_built(units, batch, recurrent_activation="linear", **options), gates)
    start = tf.constant(c)
    with tf.GradientTape() as tape:
        tape.watch(start)
        _, *states = layer(one_hot(len(c)), initial_state=[tf.zeros_like(start), start])
    arriving = [np.broadcast_to(g, c.shape).astype("float32") for g in arriving]
    d_kernel, d_c = tape.gradient(states, [layer.cell.kernel, start], output_gradients=arriving)
    return {gate: _own_block(gate, np.array(d_kernel)) for gate in BLOCKS} | {"c": np.array(d_c)}


def _run_gates(forget, input, candidate, c) -> np.ndarray:
    """Return the new cell state (batch, units) that Keras makes of these gates."""
    layer = layer_with_gates(input, forget, candidate, 0, activation="linear")
    return np.array(layer(one_hot(len(c)), initial_state=[np.zeros_like(c), c])[2])


def _step_gradient(inputs: Inputs, d_output, dc) -> list[np.ndarray]:
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
    total = []
    for new, arriving, layer in ((c_new, dc, whole), (output, d_output, gate)):
        gradients = tape.gradient(
            new, sources + layer.weights, arriving, unconnected_gradients="zero"
        )
        total.append([np.array(gradient) for gradient in gradients])
    return [a + b for a, b in zip(*total)]


def _through_gates(inputs: Inputs, d_gates: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Differentiate the gates of one step, each shown alone by a Keras LSTM.

    d_gates: what arrives at each gate (batch, units).
    Returns the gradients of x, h, kernel, recurrent_kernel and bias.
    """
    x, h, _, *weights = inputs
    layer = _built(h.shape[1], x.shape[1])
    sources = [tf.constant(x), tf.constant(h)]
    total = []
    for gate in BLOCKS:
        frozen, cell = ALONE[gate]
        layer.set_weights(freeze(weights, frozen))
        with tf.GradientTape() as tape:
            tape.watch(sources)
            state = [sources[1], tf.fill(h.shape, cell)]
            _, h_new, c_new = layer(sources[0][:, tf.newaxis], initial_state=state)
            shown = h_new if gate == "output" else c_new
        gradients = tape.gradient(shown, sources + layer.weights, d_gates[gate])
        *rows, d_kernel, d_recurrent_kernel, d_bias = map(np.array, gradients)
        for stacked in (d_kernel, d_recurrent_kernel, d_bias):
            own = _own_block(gate, stacked).copy()
            stacked[...] = 0
            _own_block(gate, stacked)[...] = own
        total.append([*rows, d_kernel, d_recurrent_kernel, d_bias])
    return [sum(gradients) for gradients in zip(*total)]


def _sequence_gradient(inputs: Inputs, dh_all, dc_last, carried="hc", skip=0, starts=None) -> tuple:
    """Differentiate a run, step by step, each with a layer of its own and the same weights.

    dc_last: (batch, units), or (time, batch, units) where something arrives at every c.
    carried: the states ("h", "c") through which a gradient runs from a step to the one before.
    skip: how many steps at the beginning get no gradient; the initial state stands after them.
    starts: the values of h and c from which each step starts; without it, those of the run.
    Returns dx (batch, time - skip, features), dh0, dc0, and for each step its weights' gradients.
    """
    x, h, c, *weights = inputs
    layers = [_built(h.shape[1], x.shape[2], number=t) for t in range(x.shape[1])]
    for layer in layers:
        layer.set_weights(weights)
    if skip:
        _, h, c = run_lstm(x[:, :skip], h, c, *weights)
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


def _total(gradient) -> list[np.ndarray]:
    """Add up the weights' gradients of all steps."""
    *states, every_step = gradient
    return [*states, *(np.sum(steps, axis=0) for steps in zip(*every_step))]


def _build(units: int, features: int, **options) -> keras.layers.LSTM:
    """Build an LSTM that returns its output, h and c."""
    layer = keras.layers.LSTM(units, return_state=True, unroll=True, **options)
    layer.build((None, 1, features))
    return layer


@cache
def _built(units: int, features: int, number: int = 0, **options) -> keras.layers.LSTM:
    """Build an LSTM once per size, number and options: building costs more than a step."""
    return _build(units, features, **options)


def _set_gates(layer: keras.layers.LSTM, gates) -> keras.layers.LSTM:
    """Put the values of the four gates, each (batch, units) or a number, into a layer's kernel."""
    kernel, *others = layer.get_weights()
    for gate, value in zip(BLOCKS, gates):
        _own_block(gate, kernel)[...] = value
    layer.set_weights([kernel, *map(np.zeros_like, others)])
    return layer


def _own_block(gate: str, stacked: np.ndarray) -> np.ndarray:
    """Take one block (..., units) out of a stacked array (..., 4 * units)."""
    units = stacked.shape[-1] // 4
    return stacked[..., BLOCKS[gate] * units : (BLOCKS[gate] + 1) * units]


def _logit(gate) -> np.ndarray:
    """Return the pre-activation of a gate."""
    return np.log(gate / (1 - gate)).astype("float32")


def _of_sigmoid(value):
    """An activation whose derivative, at a sigmoid's value, is the sigmoid's."""
    return value**2 / 2 - value**3 / 3


def _of_tanh(value):
    """An activation whose derivative, at a tanh's value, is the tanh's."""
    return value - value**3 / 3


def _of_tanh_unsquared(value):
    """An activation with the derivative 1 - tanh."""
    return value - tf.math.log(tf.math.cosh(value))


def _of_value(value):
    """An activation whose derivative is the value itself."""
    return value**2 / 2


def _of_complement(value):
    """An activation whose derivative is 1 minus the value."""
    return value - value**2 / 2
