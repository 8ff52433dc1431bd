"""What one step of an LSTM returns, with the mistakes that learners make in it.

Shapes: x (batch, features); h, c (batch, units); kernel (features, 4 * units); recurrent_kernel
(units, 4 * units); bias (4 * units,). Blocks stand in Keras' order i, f, c, o.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations, product

import numpy as np

from .blocks import BLOCKS, interleave, letters, split
from .inputs import Draw, lstm_inputs, sizes
from .reference import Choose, Other, Reference
from .steps import (
    ARRAYS,
    LABELS,
    TERMS,
    Terms,
    always,
    hard_sigmoid,
    older_hard_sigmoid,
    sigmoid,
    softmax,
    terms,
)

# Alternatives that do not depend on the arguments stand in tables: making them costs more than a
# step of an LSTM, and a search takes thousands of steps.


def _orders() -> list[Other]:
    """List the wrong orders of the four blocks."""
    listed = []
    for order in permutations(range(4)):
        name = f"block order {letters(order)}"
        message = (
            f"Your blocks are taken in the order {letters(order)}. Keras stacks its columns i, f, "
            "c, o."
        )
        if order == (1, 0, 2, 3):
            name = "gates swapped"
            message = (
                "The input gate and the forget gate have changed places. Keras stacks its columns "
                "i, f, c, o; f acts on the old cell, i on the candidate."
            )
        listed.append((name, always(order), message))
    return listed[1:]


def _taken(block: str) -> list[Other]:
    """List the blocks that may be taken for one, in all three arrays or in one of them.

    The value of each: the places of the blocks of kernel, recurrent kernel and bias.
    """
    own, label = BLOCKS[block], LABELS[block]
    listed: list[Other] = []
    for other, other_label in LABELS.items():
        k = BLOCKS[other]
        if k != own:
            listed.append(
                (
                    f"{block}: {other} block",
                    always((k, k, k)),
                    f"Where {label} belongs, your step uses the block of {other_label}. Look at "
                    "how you divide z, and at the names in your equations.",
                )
            )
    for (number, array), (other, other_label) in product(enumerate(ARRAYS), LABELS.items()):
        taken = tuple(BLOCKS[other] if n == number else own for n in range(3))
        if BLOCKS[other] != own:
            listed.append(
                (
                    f"{block}: {array} of {other}",
                    always(taken),
                    f"For {label} you take the {array} of {other_label}. Each of the four has its "
                    "own block in all three arrays.",
                )
            )
    return listed


Function = Callable[[np.ndarray], np.ndarray]


def _sigmoids() -> list[Other]:
    """List what may stand in place of the sigmoid, for all three gates."""
    sigmoids: list[tuple[str, Function, str]] = [
        (
            "gate activation",
            np.tanh,
            "The gates have gone through tanh. A gate lies between 0 and 1.",
        ),
        (
            "gate activations missing",
            lambda z: z,
            "The gates have gone through no activation. A gate lies between 0 and 1.",
        ),
        (
            "gate activations twice",
            lambda z: sigmoid(sigmoid(z)),
            "The gates have gone through the sigmoid twice.",
        ),
        (
            "sigmoid's derivative",
            lambda z: sigmoid(z) * (1 - sigmoid(z)),
            "Each gate is the *derivative* of the sigmoid, in place of its value.",
        ),
        (
            "sigmoid mirrored",
            lambda z: sigmoid(-z),
            "Each gate is 1 minus what it should be, as if its pre-activation had the opposite "
            "sign. A sigmoid goes up: look at yours for a large x.",
        ),
        (
            "sigmoid too steep",
            lambda z: sigmoid(2 * z),
            "Your sigmoid is too steep by a factor of 2. Compare it with the one that you wrote in "
            "*LSTM gates*.",
        ),
        (
            "sigmoid without brackets",
            lambda z: 1 + np.exp(-z),
            "Your sigmoid gives numbers above 1. Python divides before it adds: look at the "
            "brackets of the denominator.",
        ),
        (
            "hard sigmoid",
            hard_sigmoid,
            "These are values of the *hard* sigmoid, a line that is cut off. Keras uses the smooth "
            "one.",
        ),
        (
            "older hard sigmoid",
            older_hard_sigmoid,
            "These are values of a *hard* sigmoid, with the slope 0.2 that Keras 2 had. Keras uses "
            "the smooth one.",
        ),
        (
            "gates relu",
            lambda z: np.maximum(z, 0),
            "The gates have gone through a ReLU. A gate lies between 0 and 1.",
        ),
        (
            "gates softmax",
            softmax,
            "The gates come from a softmax: their rows add up to 1. Each number is treated on its "
            "own.",
        ),
    ]
    return [(name, always(other), message) for name, other, message in sigmoids]


def _of_one_gate(block: str) -> list[Other]:
    """List what may stand in place of the sigmoid for one gate alone."""
    label = LABELS[block]
    return [
        (
            f"{block} gate activation missing",
            always(lambda z: z),
            f"The activation of {label} is missing. A gate lies between 0 and 1.",
        ),
        (
            f"{block} gate activation",
            lambda: np.tanh,
            f"The activation of {label} is tanh here. A gate lies between 0 and 1.",
        ),
        (
            f"{block} gate inverted",
            lambda: lambda z: sigmoid(-z),
            f"Your numbers have 1 minus {label} where the gate itself belongs.",
        ),
    ]


CANDIDATES: list[Other] = [
    (
        "candidate activation",
        lambda: sigmoid,
        "The candidate has gone through the sigmoid. It lies between -1 and 1.",
    ),
    (
        "candidate activation missing",
        always(lambda z: z),
        "The candidate has not gone through its activation.",
    ),
    (
        "candidate activation twice",
        lambda: lambda z: np.tanh(np.tanh(z)),
        "The candidate has gone through tanh twice.",
    ),
    (
        "candidate through both activations",
        lambda: lambda z: np.tanh(sigmoid(z)),
        "The candidate has gone through the sigmoid and then through tanh. The sigmoid is for the "
        "three gates only.",
    ),
    (
        "candidate's derivative",
        lambda: lambda z: 1 - np.tanh(z) ** 2,
        "The candidate is the *derivative* of tanh, in place of its value.",
    ),
    (
        "candidate relu",
        lambda: lambda z: np.maximum(z, 0),
        "The candidate has gone through a ReLU. Keras uses tanh.",
    ),
]

OUTSIDE: list[Other] = [
    (
        f"{name} outside",
        always(number),
        f"{label.capitalize()} is added after the activations. It belongs to what goes into them.",
    )
    for number, (name, label) in enumerate(TERMS.items())
]

IN_ORDER = (0, 1, 2, 3)
ORDERS = _orders()
TAKEN = {block: _taken(block) for block in BLOCKS}
SIGMOIDS = _sigmoids()
OF_ONE_GATE = {block: _of_one_gate(block) for block in BLOCKS if block != "candidate"}


def lstm_step(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[np.ndarray]:
    """Return the new h and the new c, each (batch, units)."""
    h, c = choose(
        "old states",
        (h, c),
        (
            "both states of the first sample",
            lambda: (np.broadcast_to(h[:1], h.shape), np.broadcast_to(c[:1], c.shape)),
            "All samples use h and c of the first one. Each sample has its own row of both.",
        ),
    )
    seen = choose(
        "seen",
        h,
        (
            "cell state for hidden state",
            lambda: c,
            "The gates look at c here. They look at x and h.",
        ),
    )
    added = choose.once(
        "terms",
        lambda: _divided(choose, terms(choose, x, seen, kernel, recurrent_kernel, bias), h),
    )
    order = choose("block order", IN_ORDER, *ORDERS)
    squash = choose("sigmoid", sigmoid, *SIGMOIDS)
    late = choose("outside", None, *OUTSIDE)
    before, gates = {}, {}
    for block in BLOCKS:
        compute = partial(_gate, choose, block, added, order, squash, late, c)
        before[block], gates[block] = choose.once(block, compute)
    new_c = _new_c(choose, gates, h, c, before["candidate"])

    def output_gate_of_the_new_cell():
        block = slice(3 * c.shape[1], None)
        return squash(x @ kernel[:, block] + new_c @ recurrent_kernel[:, block] + bias[block])

    def output_gate_of_the_new_hidden_state():
        block = slice(3 * c.shape[1], None)
        shown = np.tanh(new_c)
        return squash(x @ kernel[:, block] + shown @ recurrent_kernel[:, block] + bias[block])

    def peephole_of_the_output_gate():
        return squash(before["output"] + new_c)

    others = {
        "output gate of the new cell": output_gate_of_the_new_cell,
        "output gate of the new hidden state": output_gate_of_the_new_hidden_state,
        "peephole of the output gate": peephole_of_the_output_gate,
    }
    new_h = _new_h(choose, gates, h, c, new_c, others)
    return _returned(choose, h, c, new_h, new_c)


def _peepholes(z: np.ndarray, c: np.ndarray) -> list[Other]:
    return [
        (
            "peepholes",
            lambda: z + c,
            "The input gate and the forget gate look at the old cell state, which is added to what "
            "goes into them. Keras' LSTM has no such peepholes.",
        )
    ]


def _forget_bias(z: np.ndarray) -> list[Other]:
    return [
        (
            "forget bias added",
            lambda: z + 1,
            "The forget gate has a bias that is larger by 1. Keras adds this 1 when it "
            "*initialises* a layer; it is already in the bias that you get.",
        )
    ]


def _divided(choose: Choose, added: Terms, h: np.ndarray) -> list[Sequence[np.ndarray]]:
    """Divide the three terms into their blocks: for each four arrays (batch, units)."""
    batch, units = h.shape
    whole = [np.broadcast_to(term, (batch, 4 * units)) for term in added]
    return choose(
        "divided",
        [split(term) for term in whole],
        (
            "interleaved columns",
            lambda: [split(interleave(term)) for term in whole],
            "Every fourth column was taken. Each block's columns stand side by side.",
        ),
        (
            "rows reshaped into blocks",
            lambda: [term.reshape(4, batch, units) for term in whole],
            "A reshape has mixed samples and blocks: the first block is made of the first rows of "
            "z. Divide z along its last axis.",
        ),
    )


def _gate(
    choose: Choose,
    block: str,
    added: list[Sequence[np.ndarray]],
    order: tuple[int, ...],
    squash: Function,
    late: int | None,
    c: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what goes into the activation of a block, and what comes out.

    added: the four blocks of the three terms, (batch, units). late: the number of the term,
    if any, that is added after the activation.
    """
    own = order[BLOCKS[block]]
    taken = (own, own, own)
    if order is IN_ORDER:  # one more wrong block elsewhere would have two explanations
        taken = choose(f"{block} block", taken, *TAKEN[block])
    parts = [term[k] for term, k in zip(added, taken)]
    before = z = parts[0] + parts[1] + parts[2]
    if block in ("input", "forget"):
        z = choose("peepholes", z, partial(_peepholes, z, c))
    if block == "forget":
        z = choose("forget bias", z, partial(_forget_bias, z))
    if block == "candidate":
        activation = choose("candidate activation", np.tanh, *CANDIDATES)
    else:
        activation = choose(f"{block} gate", squash, *OF_ONE_GATE[block])
    return before, activation(z) if late is None else activation(z - parts[late]) + parts[late]


def _new_c(
    choose: Choose,
    gates: dict[str, np.ndarray],
    h: np.ndarray,
    c: np.ndarray,
    of_candidate: np.ndarray,
) -> np.ndarray:
    """Return the new cell state. of_candidate: the candidate before its activation."""
    new = gates["forget"] * c + gates["input"] * gates["candidate"]
    return choose("new c", new, partial(_other_cells, gates, h, c, of_candidate, new))


def _other_cells(
    gates: dict[str, np.ndarray],
    h: np.ndarray,
    c: np.ndarray,
    of_candidate: np.ndarray,
    new: np.ndarray,
) -> list[Other]:
    """List what is mistaken for the new cell state."""
    i, f, candidate = gates["input"], gates["forget"], gates["candidate"]
    return [
        (
            "forget gate ignored",
            lambda: c + i * candidate,
            "The old cell state is kept whole: the forget gate has no effect.",
        ),
        (
            "old cell missing",
            lambda: i * candidate,
            "Nothing of the old cell state is left in the new one.",
        ),
        (
            "input gate ignored",
            lambda: f * c + candidate,
            "The candidate enters whole: the input gate has no effect.",
        ),
        (
            "candidate missing",
            lambda: f * c + i,
            "The input gate alone is added to the old cell. The gate scales something: what?",
        ),
        (
            "candidate not taken up",
            lambda: f * c,
            "Nothing new enters the cell: it only forgets.",
        ),
        (
            "input gate added",
            lambda: f * c + i + candidate,
            "The input gate is added to the candidate. A gate scales what it acts on.",
        ),
        (
            "forget gate added",
            lambda: f + c + i * candidate,
            "The forget gate is added to the old cell. A gate scales what it acts on.",
        ),
        (
            "coupled gates",
            lambda: f * c + (1 - f) * candidate,
            "1 minus the forget gate stands where the input gate belongs. Keras' LSTM has an input "
            "gate of its own.",
        ),
        (
            "forget gate coupled",
            lambda: (1 - i) * c + i * candidate,
            "1 minus the input gate stands where the forget gate belongs. Keras' LSTM has a forget "
            "gate of its own.",
        ),
        (
            "candidate subtracted",
            lambda: f * c - i * candidate,
            "The new part is subtracted from the old cell. It is added.",
        ),
        (
            "parts multiplied",
            lambda: f * c * i * candidate,
            "The old part and the new part of the cell are multiplied. They are added.",
        ),
        (
            "old cell overwritten",
            lambda: f * of_candidate + i * candidate,
            "The forget gate acts on the candidate's pre-activation: the old c has been "
            "overwritten before it was used. Give each quantity a name of its own.",
        ),
        (
            "hidden state for cell state",
            lambda: f * h + i * candidate,
            "The forget gate acts on the old h. It acts on the old c.",
        ),
        (
            "candidate gated twice",
            lambda: f * c + i * i * candidate,
            "The input gate acts on the candidate twice.",
        ),
        (
            "forget gate on all",
            lambda: f * (c + i * candidate),
            "The forget gate acts on the new part as well. It acts on the old cell only.",
        ),
        (
            "input gate on the old cell",
            lambda: f * c + i * c,
            "The input gate acts on the old cell. It acts on the candidate.",
        ),
        (
            "old cell squashed",
            lambda: f * np.tanh(c) + i * candidate,
            "The old cell state goes through tanh before it is used. It stays as it is.",
        ),
        (
            "new cell squashed",
            lambda: np.tanh(new),
            "The new cell state goes through a tanh of its own. The cell state itself is not "
            "squashed: that happens on its way to h.",
        ),
    ]


def _new_h(
    choose: Choose,
    gates: dict[str, np.ndarray],
    h: np.ndarray,
    c: np.ndarray,
    new_c: np.ndarray,
    output_gates: dict[str, Callable[[], np.ndarray]],
) -> np.ndarray:
    """Return the new hidden state."""
    shown = np.tanh(new_c)
    new = gates["output"] * shown
    others = partial(_other_states, gates, h, c, new_c, shown, new, output_gates)
    return choose("new h", new, others)


def _other_states(
    gates: dict[str, np.ndarray],
    h: np.ndarray,
    c: np.ndarray,
    new_c: np.ndarray,
    bounded: np.ndarray,
    new: np.ndarray,
    output_gates: dict[str, Callable[[], np.ndarray]],
) -> list[Other]:
    """List what is mistaken for the new hidden state. bounded: the tanh of the new cell state."""
    o = gates["output"]
    return [
        (
            "tanh missing",
            lambda: o * new_c,
            "The cell state goes out as h without its tanh, which bounds it on the way.",
        ),
        (
            "old cell shown",
            lambda: o * np.tanh(c),
            "Your h is made from the *old* cell state. It shows the new one.",
        ),
        (
            "output gate ignored",
            lambda: bounded,
            "The output gate has no effect on h.",
        ),
        (
            "output gate inside tanh",
            lambda: np.tanh(o * new_c),
            "The output gate acts before tanh, inside of it. It acts on what comes out of tanh.",
        ),
        (
            "sigmoid of the cell",
            lambda: o * sigmoid(new_c),
            "For h, the cell state goes through the sigmoid. It goes through tanh.",
        ),
        (
            "cell squashed twice",
            lambda: o * np.tanh(bounded),
            "For h, the cell state goes through tanh twice.",
        ),
        (
            "candidate shown",
            lambda: o * gates["candidate"],
            "Your h shows the candidate in place of the new cell state.",
        ),
        (
            "output gate added",
            lambda: o + bounded,
            "The output gate is added. A gate scales what it acts on.",
        ),
        (
            "output gate shown",
            lambda: o,
            "Your h is the output gate alone. The gate scales something: what?",
        ),
        *(
            (
                name,
                lambda other=other: other() * bounded,
                f"The output gate looks at {seen}. It looks at x and the old h, like the others.",
            )
            for (name, other), seen in zip(
                output_gates.items(),
                (
                    "the new c",
                    "a new hidden state",
                    "the new c, which is added to what goes into it",
                ),
            )
        ),
        (
            "tanh of the candidate shown",
            lambda: o * np.tanh(gates["candidate"]),
            "Your h shows the tanh of the candidate in place of that of the new cell state.",
        ),
        (
            "old hidden state added",
            lambda: h + new,
            "The old h is added to the new one. It acts through the recurrent kernel only.",
        ),
    ]


def _returned(
    choose: Choose, h: np.ndarray, c: np.ndarray, new_h: np.ndarray, new_c: np.ndarray
) -> list[np.ndarray]:
    """Return the two results."""
    return choose(
        "returned",
        [new_h, new_c],
        (
            "old cell returned",
            lambda: [new_h, c],
            "The c that you return is the old one.",
        ),
        (
            "old hidden state returned",
            lambda: [h, new_c],
            "The h that you return is the old one.",
        ),
        (
            "cell squashed",
            lambda: [new_h, np.tanh(new_c)],
            "The c that you return has gone through tanh. The cell state itself is not squashed: "
            "that happens on its way to h.",
        ),
        (
            "hidden state twice",
            lambda: [new_h, new_h],
            "Both results are the new h. The second is the new c.",
        ),
        (
            "cell state twice",
            lambda: [new_c, new_c],
            "Both results are the new c. The first is the new h.",
        ),
        (
            "output as well",
            lambda: [new_h, new_h, new_c],
            "Your step returns three arrays, as a Keras layer does. Two are asked for: the new h "
            "and the new c.",
        ),
        (
            "one stacked array",
            lambda: np.stack([new_h, new_c]),
            "The two states are stacked in one array. Return two arrays, as a tuple or a list.",
        ),
    )


def _draw(rng: Draw) -> tuple:
    return lstm_inputs(rng, *sizes(rng, 3))


LSTM_STEP = Reference(
    lstm_step,
    _draw,
    {"the new h": "batch, units", "the new c": "batch, units"},
    look="Look at z for the worked number, then at i, f, the candidate and o: four numbers stand "
    "in the text for each.",
)
