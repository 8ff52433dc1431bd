"""The well-known mistakes of the lstm-gradient assignment, recomputed by Keras.

Each is the same gradient with changed arguments: something that arrives left out, a state not
carried. So no formula of a gradient stands here.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from . import Mistake
from .blocks import BLOCKS, alternate, letters, transpose
from .keras_lstm import LSTMInputs, forward, run_lstm
from .keras_lstm_gradient import (
    add_steps,
    gates_gradient,
    new_cell_state,
    pre_activations_gradient,
    product_gradient,
    sequence_gradient,
    sloped_like_complement,
    sloped_like_sigmoid,
    sloped_like_tanh,
    sloped_like_tanh_unsquared,
    sloped_like_value,
    step_gradient,
    through_activation,
    through_gates,
    through_sigmoid_of,
)


def hidden_state_mistakes(dh: np.ndarray, output: np.ndarray, c: np.ndarray) -> list[Mistake]:
    """List wrong results of hidden_state_backward; all arguments (batch, units)."""

    def part(dh=dh, output=output, **options):
        """Differentiate h with respect to the output gate and c."""
        gradient = gates_gradient((dh, 0), (0, 1, 0, output), c, **options)
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
            mixed(activation=sloped_like_tanh),
            "d_output is right. In d_c, the derivative of tanh is computed from c where it needs "
            "the tanh of c.",
        ),
        Mistake(
            "square missing",
            mixed(activation=sloped_like_tanh_unsquared),
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
            lambda: (through_sigmoid_of("output", output, part()[0]), part()[1]),
            "d_c is right. d_output has gone through the gate's activation already; that is the "
            "work of a later function.",
        ),
    ]


def cell_state_mistakes(
    dc: np.ndarray,
    forget: np.ndarray,
    input: np.ndarray,
    candidate: np.ndarray,
    c_previous: np.ndarray,
) -> list[Mistake]:
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
        gradient = gates_gradient((0, dc), steps, c, activation="linear")
        return [gradient[name] for name in order]

    def mixed(name, change):
        """Take one of the four results from somewhere else."""
        return lambda: [change() if n == name else g for n, g in zip(order, right())]

    def permuted(*positions):
        return lambda: [right()[k] for k in positions]

    def through_its_activation(name):
        return mixed(
            name, lambda: through_sigmoid_of(name, gates[name], right()[order.index(name)])
        )

    return [
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
            mixed(
                "forget", lambda: part(c=new_cell_state(forget, input, candidate, c_previous))[0]
            ),
            "d_forget was computed with the *new* cell state. The forget gate multiplies the old.",
        ),
        Mistake(
            "candidate squashed again",
            mixed("input", lambda: part(candidate=np.tanh(candidate))[1]),
            "in d_input the candidate has gone through tanh once more. It is a value after tanh.",
        ),
        *(
            Mistake(
                f"d_{name} through the activation",
                through_its_activation(name),
                f"d_{name} has gone through the gate's activation already; that is the work of the "
                "next function.",
            )
            for name in ("forget", "input")
        ),
    ]


def gates_mistakes(arriving: Sequence[np.ndarray], values: Sequence[np.ndarray]) -> list[Mistake]:
    """List wrong results of gates_backward.

    arriving: gradients of input gate, forget gate, candidate and output gate.
    values: their values; both hold four arrays (batch, units).
    """

    def through(gate, activation):
        """Differentiate an activation *at the gate's value*, not at its pre-activation."""
        return through_activation(activation, values[BLOCKS[gate]], arriving[BLOCKS[gate]])

    @cache
    def right():
        return [
            through(gate, sloped_like_tanh if gate == "candidate" else sloped_like_sigmoid)
            for gate in BLOCKS
        ]

    def stacked(blocks):
        return np.hstack(list(blocks))

    def mixed(change, only=tuple(BLOCKS)):
        """Differentiate other activations for some of the blocks."""
        return lambda: stacked(
            through(gate, change) if gate in only else block for gate, block in zip(BLOCKS, right())
        )

    def in_order(order):
        return lambda: stacked(right()[k] for k in order)

    gates = ("input", "forget", "output")
    return [
        Mistake(
            "candidate as a gate",
            mixed(sloped_like_sigmoid, ["candidate"]),
            "the candidate's block was computed with the derivative of the sigmoid. "
            "The candidate goes through tanh.",
        ),
        Mistake(
            "gates as candidates",
            mixed(sloped_like_tanh, gates),
            "the gates' blocks were computed with the derivative of tanh. "
            "A gate goes through the sigmoid.",
        ),
        Mistake(
            "activations exchanged",
            lambda: stacked(
                through(gate, sloped_like_sigmoid if gate == "candidate" else sloped_like_tanh)
                for gate in BLOCKS
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
            mixed(sloped_like_value, gates),
            "in the gates' blocks one of the two factors of the derivative of the sigmoid is "
            "missing.",
        ),
        Mistake(
            "value missing",
            mixed(sloped_like_complement, gates),
            "in the gates' blocks one of the two factors of the derivative of the sigmoid is "
            "missing.",
        ),
        Mistake(
            "square missing",
            mixed(sloped_like_complement, ["candidate"]),
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
            lambda: alternate(stacked(right())),
            "the columns of the four blocks alternate. Each block's columns stand side by side.",
        ),
        *(
            Mistake(
                "block order",
                in_order(order),
                f"the four blocks stand in the order {letters(order)}. "
                "Keras stacks them i, f, c, o.",
            )
            for order in ((1, 0, 2, 3), (0, 1, 3, 2), (1, 0, 3, 2), (1, 2, 0, 3), (3, 2, 1, 0))
        ),
    ]


def step_mistakes(inputs: LSTMInputs, dh: np.ndarray, dc: np.ndarray) -> list[Mistake]:
    """List wrong results of step_backward.

    inputs: the arguments of the step.
    dh, dc: what arrives at its states, each (batch, units).
    """
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
        gradient = gates_gradient((dh, 0), (0, 1, 0, values()["output"]), cell)
        return gradient["output"], gradient["c"]

    @cache
    def right():
        d_output, d_c = through_h()
        return step_gradient(inputs, d_output, dc + d_c)

    @cache
    def d_z():
        d_output, d_c = through_h()
        return pre_activations_gradient(inputs, d_output, dc + d_c)

    def arriving(d_output, d_c):
        return lambda: step_gradient(inputs, d_output(), d_c())

    def at_gates(cell="c_previous"):
        """Return what arrives at each gate, if `cell` were the name of the old cell state."""
        gates = [values()[gate] if gate != "output" else 0 for gate in BLOCKS]
        at_states = (0, dc + through_h()[1])
        gradient = gates_gradient(at_states, gates, values()[cell], activation="linear")
        return gradient | {"output": through_h()[0]}

    def with_gates(d_gates):
        """Return the results of the step where d_gates arrive at its gates."""
        dx, d_h, *d_weights = through_gates(inputs, d_gates)
        return [dx, d_h, right()[2], *d_weights]

    def exchanged():
        d_gates = at_gates()
        return with_gates(d_gates | {"input": d_gates["forget"], "forget": d_gates["input"]})

    def mixed(position, change):
        return lambda: [change() if k == position else g for k, g in enumerate(right())]

    def permuted(*positions):
        return lambda: [right()[k] for k in positions]

    def averaged():
        return [g / batch if k > 2 else g for k, g in enumerate(right())]

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
            lambda: with_gates(at_gates("c")),
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
            mixed(2, lambda: step_gradient(inputs, nothing, dc)[2]),
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
            mixed(1, lambda: product_gradient((h, transpose(recurrent_kernel)), d_z())[0]),
            "in dh_previous the blocks of the recurrent kernel are not transposed. The gradient "
            "runs from the pre-activations back to h.",
        ),
        Mistake(
            "new hidden state",
            mixed(4, lambda: product_gradient((run_lstm(*inputs)[1], recurrent_kernel), d_z())[1]),
            "d_recurrent_kernel was computed with the new h. On the way forward, the recurrent "
            "kernel multiplies the old one.",
        ),
        Mistake(
            "cell state for hidden state",
            mixed(4, lambda: product_gradient((c, recurrent_kernel), d_z())[1]),
            "d_recurrent_kernel was computed with c. On the way forward, the recurrent kernel "
            "multiplies h.",
        ),
        Mistake(
            "kernel's gradient transposed",
            mixed(3, lambda: right()[3].T),
            "d_kernel is transposed. A gradient has the shape of what it belongs to.",
        ),
    ]


def through_time_mistakes(
    inputs: LSTMInputs, dh_all: np.ndarray, dc_last: np.ndarray
) -> list[Mistake]:
    """List wrong results of backward_through_time.

    inputs: the arguments of the run, x (batch, time, features).
    dh_all: what arrives at each h (batch, time, units).
    dc_last: what arrives at the last c (batch, units).
    """
    batch, time, _ = inputs.x.shape

    @cache
    def gradient(carried="hc", skip=0):
        return sequence_gradient(inputs, dh_all, dc_last, carried, skip)

    def arriving(dh_all=dh_all, dc_last=dc_last):
        return lambda: add_steps(sequence_gradient(inputs, dh_all, dc_last))

    def total():
        return add_steps(gradient())

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
        return add_steps(sequence_gradient(turned, dh_all[:, ::-1], dc_last, starts=starts[::-1]))

    def first_step_left_out():
        dx, *rest = add_steps(gradient(skip=1))
        return [np.concatenate([np.zeros_like(dx[:, :1]), dx], axis=1), *rest]

    def summed_dh():
        return arriving(np.repeat(dh_all.sum(axis=1, keepdims=True), time, axis=1))()

    return [
        Mistake(
            "hidden state's gradient not carried",
            lambda: add_steps(gradient("c")),
            "the dh that a step returns never reaches the step before it. At each step two "
            "gradients arrive at h: this one, and that of dh_all.",
        ),
        Mistake(
            "cell state's gradient not carried",
            lambda: add_steps(gradient("h")),
            "the dc that a step returns never reaches the step before it.",
        ),
        Mistake(
            "nothing carried",
            lambda: add_steps(gradient("")),
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
            lambda: add_steps(
                sequence_gradient(inputs, dh_all, np.stack([dc_last] * time), carried="h")
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


def product_mistakes(forget: np.ndarray, expected: np.ndarray) -> list[Mistake]:
    """List wrong results of forget_product.

    forget: (time, batch, units).
    expected: what Keras gives, (time + 1, batch, units).
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
