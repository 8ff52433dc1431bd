"""The well-known mistakes of the lstm-gates assignment, recomputed by Keras.

Each is the reference itself with changed arguments: another block's columns, a bias of zero, gates
swapped. So no formula of a gate stands here.
"""

import keras
import numpy as np

from . import Mistake
from .blocks import BLOCKS, interleave, letters, move, split, transpose
from .keras_lstm import LSTMInputs, read_gate, run_gates


def sigmoid_mistakes(x: np.ndarray) -> list[Mistake]:
    """List wrong results of sigmoid(x), x of any shape."""
    ops = keras.ops

    def values(function, scale=1.0):
        return lambda: ops.convert_to_numpy(function(ops.convert_to_tensor(x) * scale))

    return [
        Mistake(
            "sign",
            values(ops.sigmoid, -1.0),
            "this falls where the sigmoid rises. Check the sign of the exponent: a large positive "
            "x gives a value near 1.",
        ),
        Mistake(
            "tanh",
            values(ops.tanh),
            "these are values of tanh, which run from -1 to 1. The sigmoid runs from 0 to 1.",
        ),
        Mistake(
            "hard sigmoid",
            values(ops.hard_sigmoid),
            "these are values of the *hard* sigmoid, a straight line cut at 0 and 1. "
            "Keras' LSTM uses the smooth one.",
        ),
        Mistake(
            "exponential",
            values(ops.exp),
            "this is the exponential alone. The sigmoid stays between 0 and 1.",
        ),
        Mistake(
            "softmax",
            values(lambda t: ops.softmax(t, axis=-1)),
            "this is a softmax: its rows add up to 1. A sigmoid treats every number on its own.",
        ),
    ]


def split_mistakes(stacked: np.ndarray) -> list[Mistake]:
    """List wrong ways to take a stacked array (..., 4 * units) apart."""
    blocks = split(stacked)

    def in_order(order):
        return lambda: tuple(blocks[k] for k in order)

    mistakes = [
        Mistake(
            "block order",
            in_order(order),
            f"the four blocks come out in the order {letters(order)}. "
            "Keras stacks them i, f, c, o: input gate, forget gate, candidate, output gate.",
        )
        for order in ((0, 1, 3, 2), (1, 0, 2, 3), (0, 2, 1, 3), (1, 0, 3, 2), (3, 2, 1, 0))
    ]
    mistakes.append(
        Mistake(
            "interleaved",
            lambda: tuple(split(interleave(stacked))),
            "every fourth column was taken. Each gate's columns stand side by side, as one block.",
        )
    )
    if stacked.ndim > 1 and stacked.shape[0] % 4 == 0:
        mistakes.append(
            Mistake(
                "rows",
                lambda: tuple(np.split(stacked, 4, axis=0)),
                "the *rows* were divided. The blocks stand side by side along the last axis.",
            )
        )
    return mistakes


def gate_mistakes(gate: str, inputs: LSTMInputs) -> list[Mistake]:
    """List wrong results for one gate, or the candidate.

    gate: "input", "forget", "candidate" or "output".
    inputs: the step's arguments (c is not used).
    """
    x, h, _, *weights = inputs
    kernel, recurrent_kernel, bias = weights
    label = "candidate" if gate == "candidate" else f"{gate} gate"
    squash = "activation" if gate == "candidate" else "recurrent_activation"

    def gate_with(kernel=kernel, recurrent_kernel=recurrent_kernel, bias=bias, **options):
        return lambda: read_gate(gate, x, h, kernel, recurrent_kernel, bias, **options)

    def gate_over(rows, stacked_kernel):
        none = np.zeros_like(recurrent_kernel)
        return lambda: read_gate(gate, rows, h, stacked_kernel, none, bias)

    stack = np.concatenate([kernel, recurrent_kernel])
    mistakes = [
        Mistake(
            f"{other} columns",
            gate_with(*(move(array, other, gate) for array in weights)),
            f"your {label} equals what the *{other}* columns give. "
            "Keras stacks its columns i, f, c, o.",
        )
        for other in BLOCKS
        if other != gate
    ]
    mistakes += [
        Mistake(
            f"{other} bias",
            gate_with(bias=move(bias, other, gate)),
            f"the kernels' columns are the {label}'s, but the bias is the *{other}* block's.",
        )
        for other in BLOCKS
        if other != gate
    ]
    mistakes += [
        Mistake(
            "interleaved columns",
            gate_with(*(interleave(array) for array in weights)),
            "every fourth column was taken. Each gate's columns stand side by side, as one block.",
        ),
        Mistake(
            "bias missing",
            gate_with(bias=np.zeros_like(bias)),
            f"your {label} equals the one *without its bias*.",
        ),
        Mistake(
            "bias doubled",
            gate_with(bias=2 * bias),
            "the bias is added twice. One bias serves x and h together.",
        ),
        Mistake(
            "input term missing",
            gate_with(kernel=np.zeros_like(kernel)),
            f"your {label} does not depend on x. Look for the term with the kernel.",
        ),
        Mistake(
            "recurrent term missing",
            gate_with(recurrent_kernel=np.zeros_like(recurrent_kernel)),
            f"your {label} does not depend on the previous h. "
            "Look for the term with the recurrent kernel.",
        ),
        Mistake(
            "recurrent kernel transposed",
            gate_with(recurrent_kernel=transpose(recurrent_kernel)),
            "the recurrent kernel is transposed. Rows stand for the units that h comes from, "
            "columns for the units that it goes to.",
        ),
        Mistake(
            "concatenation order",
            gate_over(np.concatenate([h, x], axis=1), stack),
            "x and h are joined in one order, the two kernels in the other.",
        ),
        Mistake(
            "activation missing",
            gate_with(**{squash: "linear"}),
            f"this is the pre-activation of the {label}: the activation function is missing.",
        ),
        Mistake(
            "wrong activation",
            gate_with(**{squash: "sigmoid" if gate == "candidate" else "tanh"}),
            f"the activation of the {label} is the wrong one of the two, sigmoid and tanh. "
            "A gate lies between 0 and 1, the candidate between -1 and 1.",
        ),
        Mistake(
            "activation twice",
            lambda: np.asarray(
                keras.activations.get("tanh" if gate == "candidate" else "sigmoid")(gate_with()())
            ),
            f"the activation of the {label} is applied twice.",
        ),
        Mistake(
            "hard sigmoid",
            gate_with(**{squash: "hard_sigmoid"}),
            "these are values of the *hard* sigmoid. Keras' LSTM uses the smooth one.",
        ),
        Mistake(
            "complement",
            lambda: 1 - gate_with()(),
            f"this is 1 minus the {label}. "
            "A forget gate of 1 keeps the cell, an input gate of 1 writes.",
        ),
    ]
    return mistakes


def cell_state_mistakes(
    forget: np.ndarray, input: np.ndarray, candidate: np.ndarray, c: np.ndarray
) -> list[Mistake]:
    """List wrong results of the cell update. All arguments and results are (batch, units)."""
    one, zero = np.ones_like(c), np.zeros_like(c)

    def state(forget=forget, input=input, candidate=candidate, c=c):
        return lambda: run_gates(forget, input, candidate, one, c)[1]

    return [
        Mistake(
            "gates swapped",
            state(forget=input, input=forget),
            "the forget gate and the input gate have changed places. "
            "The forget gate acts on the old cell, the input gate on the candidate.",
        ),
        Mistake(
            "old state missing",
            state(c=zero),
            "nothing of the old cell state is left in the new one.",
        ),
        Mistake(
            "candidate missing",
            state(input=zero),
            "nothing of the candidate has reached the new cell state.",
        ),
        Mistake(
            "forget gate ignored",
            state(forget=one),
            "the old cell state is kept whole: the forget gate has no effect.",
        ),
        Mistake(
            "input gate ignored",
            state(input=one),
            "the candidate enters whole: the input gate has no effect.",
        ),
        Mistake(
            "coupled gates",
            state(input=1 - forget),
            "1 minus the forget gate stands where the input gate belongs. "
            "Keras' LSTM has an input gate of its own.",
        ),
        Mistake(
            "forget gate inverted",
            state(forget=1 - forget),
            "the forget gate works the wrong way round: at 1 it keeps the cell, at 0 it clears it.",
        ),
        Mistake(
            "candidate subtracted",
            state(candidate=-candidate),
            "the candidate is subtracted.",
        ),
        Mistake(
            "squashed",
            lambda: np.tanh(state()()),
            "the new cell state has gone through tanh. The cell itself is not squashed: "
            "that happens on its way to h.",
        ),
        Mistake(
            "old state squashed",
            lambda: run_gates(forget, input, candidate, one, np.tanh(c))[1],
            "tanh is applied to the old cell state before the gate. The cell stays unsquashed.",
        ),
    ]


def hidden_state_mistakes(output: np.ndarray, c_new: np.ndarray) -> list[Mistake]:
    """List wrong results of the hidden state. All arguments and results are (batch, units)."""
    one, zero = np.ones_like(c_new), np.zeros_like(c_new)

    def hidden(output):
        return lambda: run_gates(one, zero, zero, output, c_new)[0]

    return [
        Mistake(
            "tanh missing",
            lambda: output * c_new,
            "the cell state goes out as it is. Something bounds it first.",
        ),
        Mistake(
            "output gate ignored",
            hidden(one),
            "the output gate has no effect.",
        ),
        Mistake(
            "output gate inverted",
            hidden(1 - output),
            "the output gate works the wrong way round: at 1 it shows the cell.",
        ),
        Mistake(
            "wrong activation",
            lambda: output * np.asarray(keras.ops.sigmoid(c_new)),
            "the cell state goes through a sigmoid here. Its output lies between -1 and 1.",
        ),
        Mistake(
            "tanh outside",
            lambda: np.tanh(output * c_new),
            "the gate acts before the bounding. Bound the cell state first, then gate it.",
        ),
        Mistake(
            "gate squashed",
            lambda: np.tanh(output) * np.asarray(hidden(one)()),
            "the output gate has gone through tanh. It is a gate already.",
        ),
        Mistake(
            "swapped",
            lambda: np.tanh(output) * c_new,
            "tanh is applied to the gate. It belongs to the cell state.",
        ),
    ]
