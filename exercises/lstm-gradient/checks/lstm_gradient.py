"""What the functions of the lstm-gradient assignment return, with the mistakes that learners make.

Shapes: whatever belongs to a state or a gate is (batch, units), d_z (batch, 4 * units), x
(batch, features) or (batch, time, features), kernel (features, 4 * units), recurrent_kernel
(units, 4 * units). A gradient has the shape of what it belongs to.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import permutations
from typing import Any

import numpy as np

from .blocks import BLOCKS, alternate, letters, own_block, reorder, side_by_side, transpose
from .inputs import Draw, float32, lstm_inputs, normal, sizes
from .reference import Choose, Other, Reference, mistaken
from .steps import LABELS, MATRIX_PRODUCTS, ORDER, SIGMOID, TANH, always, lstm_caches, sigmoid

GATES = ("input", "forget", "output")
LIMITS = (0.1, 0.5, 1, 5, 10)
"""Values at which gradients are often cut off."""


def _arriving(arriving: np.ndarray, name: str) -> list[Other]:
    """List what becomes of a gradient that arrives."""
    return [
        (
            "arriving gradient missing",
            lambda: np.ones_like(arriving),
            f"These are the derivatives alone. Each is multiplied by the {name} that arrives.",
        ),
        (
            "divided by the batch",
            lambda: arriving / len(arriving),
            "All your results are divided by the number of samples. Each sample has a row of its "
            "own; nothing is averaged here.",
        ),
    ]


Formula = Callable[[np.ndarray], np.ndarray]

SIGMOID_SLOPES: tuple[tuple[str, Formula, str], ...] = (
    (
        "derivative of tanh",
        TANH.slope,
        "stands the derivative of tanh. A gate goes through the sigmoid.",
    ),
    (
        "derivative missing",
        np.ones_like,
        "the derivative of the sigmoid is missing.",
    ),
    (
        "complement missing",
        np.positive,
        "one of the two factors of the derivative of the sigmoid is missing.",
    ),
    (
        "value missing",
        lambda value: 1 - value,
        "one of the two factors of the derivative of the sigmoid is missing: the value itself.",
    ),
    (
        "sigmoid once more",
        lambda value: SIGMOID.slope(sigmoid(value)),
        "the gate has gone through the sigmoid once more. What is given is the value *after* the "
        "activation.",
    ),
    (
        "plus",
        lambda value: value * (1 + value),
        "a sign is wrong in the derivative of the sigmoid. It never exceeds 0.25.",
    ),
    (
        "sign",
        lambda value: value * (value - 1),
        "the derivative of the sigmoid has the opposite sign. A sigmoid never falls.",
    ),
    (
        "both derivatives mixed",
        lambda value: value * (1 - value**2),
        "stands a mixture of the derivatives of sigmoid and tanh.",
    ),
    (
        "derivative twice",
        lambda value: (value * (1 - value)) ** 2,
        "the derivative of the sigmoid stands twice.",
    ),
    (
        "divided by the derivative",
        lambda value: 1 / (value * (1 - value)),
        "the derivative of the sigmoid divides. The chain rule multiplies by it.",
    ),
)
"""What is mistaken for a sigmoid's derivative: name, formula from the value, end of a message."""

TANH_SLOPES: tuple[tuple[str, Formula, str], ...] = (
    (
        "derivative of tanh missing",
        np.ones_like,
        "the derivative of tanh is missing.",
    ),
    (
        "value for the derivative",
        np.positive,
        "stands the value of tanh in place of its derivative.",
    ),
    (
        "square missing",
        lambda value: 1 - value,
        "something is not squared in the derivative of tanh.",
    ),
    (
        "difference squared",
        lambda value: (1 - value) ** 2,
        "the square in the derivative of tanh is taken of the wrong quantity.",
    ),
    (
        "square alone",
        lambda value: value**2,
        "the derivative of tanh is only a square. What is the square subtracted from?",
    ),
    (
        "plus",
        lambda value: 1 + value**2,
        "a sign is wrong in the derivative of tanh. It never exceeds 1.",
    ),
    (
        "divided by the derivative",
        lambda value: 1 / (1 - value**2),
        "the derivative of tanh divides. The chain rule multiplies by it.",
    ),
    (
        "derivative twice",
        lambda value: (1 - value**2) ** 2,
        "the derivative of tanh stands twice.",
    ),
    (
        "derivative of the sigmoid",
        SIGMOID.slope,
        "stands the derivative of the sigmoid. The value comes from tanh.",
    ),
    (
        "tanh once more",
        lambda value: TANH.slope(np.tanh(value)),
        "the value has gone through tanh once more. It comes from tanh already.",
    ),
    (
        "sign",
        lambda value: value * (value - 1),
        "the derivative of the sigmoid has the opposite sign. A sigmoid never falls.",
    ),
    (
        "both derivatives mixed",
        lambda value: value * (1 - value**2),
        "stands a mixture of the derivatives of sigmoid and tanh.",
    ),
)
"""What is mistaken for the derivative of tanh: as above."""


def _slopes(
    mistaken: tuple[tuple[str, Formula, str], ...], value: np.ndarray, title: str, where: str
) -> list[Other]:
    """List what stands where the derivative of an activation belongs.

    value: that of the activation. title: begins the names, such as "d_c". where: the place, in a
    message.
    """
    return [
        (f"{title}: {name}", lambda wrong=wrong: wrong(value), f"In {where} {words}")
        for name, wrong, words in mistaken
    ]


def hidden_state_backward(
    choose: Choose, dh: np.ndarray, output: np.ndarray, c: np.ndarray
) -> list[np.ndarray]:
    """Return d_output and d_c, each (batch, units)."""
    dh = choose("dh", dh, partial(_arriving, dh, "dh"))
    multiply = choose("products", np.multiply, *MATRIX_PRODUCTS)
    factor, slope = _of_tanh(choose, output, c)
    d_output = _gradient_of_output(choose, dh, output, factor)
    arriving = choose(
        "dh in d_c",
        dh,
        (
            "d_c: dh missing",
            lambda: np.ones_like(dh),
            "Your d_c does not depend on the dh that arrives.",
        ),
        (
            "d_c: d_output for dh",
            lambda: d_output,
            "Your d_c goes on from d_output. Both start from the dh that arrives at h.",
        ),
    )
    if multiply is not np.multiply:
        return [multiply(dh, factor), multiply(multiply(dh, output), slope)]
    return [d_output, arriving * _gate_in_d_c(choose, output) * slope]


def _of_tanh(choose: Choose, output: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the factor in d_output, and the derivative in d_c."""
    shown = np.tanh(c)
    factor = choose("factor in d_output", shown, partial(_other_factors, output, c, shown))
    slope = choose(
        "slope in d_c",
        TANH.slope(shown),
        partial(_slopes, TANH_SLOPES[:-1], shown, "d_c", "d_c"),
        partial(_arguments_of_slope, output, c, shown),
    )
    return choose(
        "tanh",
        (factor, slope),
        (
            "tanh ignored",
            lambda: (c, np.ones_like(c)),
            "There is no tanh in these gradients. It stands between c and h.",
        ),
        (
            "sigmoid for tanh",
            lambda: (sigmoid(c), SIGMOID.slope(sigmoid(c))),
            "Your c has gone through a sigmoid. On the way to h it goes through tanh.",
        ),
        (
            "tanh twice",
            lambda: (np.tanh(shown), TANH.slope(np.tanh(shown))),
            "Your c has gone through tanh twice. The c that is given has not gone through it yet.",
        ),
        (
            "c is its own tanh",
            lambda: (c, TANH.slope(c)),
            "You treat c as if it had gone through tanh already. The c that is given has not.",
        ),
    )


def _gate_in_d_c(choose: Choose, output: np.ndarray) -> np.ndarray:
    return choose(
        "gate in d_c",
        output,
        (
            "d_c: output gate missing",
            lambda: np.ones_like(output),
            "In d_c the output gate is missing. What the gate holds back on the way forward, it "
            "holds back here too.",
        ),
        (
            "d_c: complement of the output gate",
            lambda: 1 - output,
            "Your d_c was computed with 1 minus the output gate.",
        ),
        (
            "d_c: derivative of the output gate",
            lambda: SIGMOID.slope(output),
            "In d_c stands the derivative of the output gate in place of its value.",
        ),
        (
            "d_c: sigmoid once more",
            lambda: sigmoid(output),
            "In d_c the output gate has gone through the sigmoid once more. It is given after its "
            "activation.",
        ),
    )


def _gradient_of_output(
    choose: Choose, dh: np.ndarray, output: np.ndarray, factor: np.ndarray
) -> np.ndarray:
    """Return d_output (batch, units)."""
    arriving = choose(
        "dh in d_output",
        dh,
        (
            "d_output: dh missing",
            lambda: np.ones_like(dh),
            "Your d_output does not depend on the dh that arrives.",
        ),
    )
    return choose(
        "d_output",
        arriving * factor,
        (
            "d_output through the activation",
            lambda: arriving * factor * SIGMOID.slope(output),
            "Your d_output has gone through the gate's activation already. That is the work of "
            "gates_backward.",
        ),
    )


def _other_factors(output: np.ndarray, c: np.ndarray, shown: np.ndarray) -> list[Other]:
    """List what stands in d_output where the other factor belongs. shown: the tanh of c."""
    return [
        (
            "d_output: tanh missing",
            lambda: c,
            "For d_output, look at what the output gate multiplies: it is not the bare cell state.",
        ),
        (
            "d_output: own factor",
            lambda: output,
            "Your d_output has received its own factor. It receives the *other* one.",
        ),
        (
            "d_output: hidden state",
            lambda: output * shown,
            "Your d_output was computed with the whole of h. A factor of a product receives the "
            "*other* factor alone.",
        ),
        (
            "d_output: factor missing",
            lambda: np.ones_like(shown),
            "Your d_output is the dh that arrives. The output gate is a factor in h: it receives "
            "the other factor too.",
        ),
        (
            "d_output: derivative of tanh",
            lambda: TANH.slope(shown),
            "In d_output stands the derivative of tanh in place of its value.",
        ),
        (
            "d_output: sigmoid",
            lambda: sigmoid(c),
            "In d_output c has gone through a sigmoid. On the way to h it goes through tanh.",
        ),
        (
            "d_output: tanh of the gate",
            lambda: np.tanh(output),
            "In d_output the tanh is taken of the output gate. On the way to h it is c that goes "
            "through tanh.",
        ),
    ]


def _arguments_of_slope(output: np.ndarray, c: np.ndarray, shown: np.ndarray) -> list[Other]:
    """List what the derivative of tanh is mistakenly computed from."""
    return [
        (
            "d_c: cell state for its tanh",
            lambda: TANH.slope(c),
            "In d_c the derivative of tanh is computed from c where it needs the tanh of c.",
        ),
        (
            "d_c: tanh of the square",
            lambda: 1 - np.tanh(c**2),
            "In d_c the tanh is taken of a square. Which of the two comes first?",
        ),
        (
            "d_c: hidden state for tanh",
            lambda: TANH.slope(output * shown),
            "In d_c the derivative of tanh is computed from h. The output gate is no part of it.",
        ),
        (
            "d_c: output gate for tanh",
            lambda: TANH.slope(output),
            "In d_c the derivative of tanh is computed from the output gate. It is c that goes "
            "through tanh.",
        ),
        (
            "d_c: sigmoid for tanh",
            lambda: SIGMOID.slope(sigmoid(c)),
            "In d_c stands the derivative of a sigmoid. c goes through tanh.",
        ),
    ]


FACTORS = {
    "forget": "the forget gate",
    "input": "the input gate",
    "candidate": "the candidate",
    "c_previous": "the old cell state",
}
"""The four factors in the new cell state, in the order of their gradients."""

PARTNERS = {
    "forget": "c_previous",
    "input": "candidate",
    "candidate": "input",
    "c_previous": "forget",
}
"""With which other factor each of them is multiplied."""


def cell_state_backward(
    choose: Choose,
    dc: np.ndarray,
    forget: np.ndarray,
    input: np.ndarray,
    candidate: np.ndarray,
    c_previous: np.ndarray,
) -> list[np.ndarray]:
    """Return d_forget, d_input, d_candidate and d_c_previous, each (batch, units)."""
    factors = dict(zip(FACTORS, (forget, input, candidate, c_previous)))
    new = forget * c_previous + input * candidate
    multiply = choose("products", np.multiply, *MATRIX_PRODUCTS)
    dc = choose(
        "dc",
        dc,
        partial(_arriving, dc, "dc"),
        (
            "derivative of tanh included",
            lambda: dc * TANH.slope(np.tanh(new)),
            "All your results have gone through the derivative of tanh. The dc that arrives has "
            "reached the new cell state already, and there is no tanh inside it.",
        ),
    )
    gradients = {}
    for name in FACTORS:
        partner = choose(
            f"partner in d_{name}", factors[PARTNERS[name]], *_other_partners(name, factors, new)
        )
        arriving = choose(
            f"dc in d_{name}",
            dc,
            (
                f"d_{name}: dc missing",
                lambda: np.ones_like(dc),
                f"Your d_{name} does not depend on the dc that arrives.",
            ),
        )
        gradients[name] = multiply(arriving, partner)
    gradients = _through_activations(choose, gradients, factors)
    return choose("order", list(gradients.values()), *_other_orders(list(gradients.values())))


def _other_partners(name: str, factors: dict[str, np.ndarray], new: np.ndarray) -> Iterator[Other]:
    """List what a factor is mistakenly multiplied with. new: the new cell state."""
    partner = PARTNERS[name]
    for other, label in FACTORS.items():
        if other == name:
            message = (
                f"Your d_{name} has received its own factor, {label}. Each factor of a product "
                "receives the *other* factor."
            )
        else:
            message = (
                f"Your d_{name} was computed with {label}. With which other factor does "
                f"{FACTORS[name]} stand in one product?"
            )
        if other != partner:
            yield f"d_{name}: {label}", lambda other=other: factors[other], message
    yield (
        f"d_{name}: {FACTORS[partner]} missing",
        lambda: np.ones_like(new),
        f"In d_{name} the other factor of the product is missing: it is the whole dc that arrives.",
    )
    if partner in GATES:
        yield from _other_gates(name, partner, factors)
    yield from _further_partners(factors, new).get(name, [])


def _other_gates(name: str, partner: str, factors: dict[str, np.ndarray]) -> list[Other]:
    gate, other = factors[partner], factors["input" if partner == "forget" else "forget"]
    return [
        (
            f"d_{name}: complement of {FACTORS[partner]}",
            lambda: 1 - gate,
            f"Your d_{name} was computed with 1 minus {FACTORS[partner]}.",
        ),
        (
            f"d_{name}: gates coupled",
            lambda: 1 - other,
            f"Your d_{name} was computed as if the forget gate were 1 minus the input gate. In an "
            "LSTM each of them has a value of its own.",
        ),
        (
            f"d_{name}: derivative of {FACTORS[partner]}",
            lambda: SIGMOID.slope(gate),
            f"In d_{name} stands the derivative of {FACTORS[partner]} in place of its value.",
        ),
    ]


def _further_partners(factors: dict[str, np.ndarray], new: np.ndarray) -> dict[str, list[Other]]:
    """List for some factors what is mistaken for the other one. new: the new cell state."""
    forget, gate, candidate, c_previous = factors.values()
    return {
        "forget": [
            (
                "d_forget: new cell state",
                lambda: new,
                "Your d_forget was computed with the *new* cell state. The forget gate multiplies "
                "the old one.",
            ),
            (
                "d_forget: tanh of the old cell state",
                lambda: np.tanh(c_previous),
                "In d_forget the old cell state has gone through tanh. The forget gate multiplies "
                "the cell state itself.",
            ),
        ],
        "input": [
            (
                "d_input: candidate squashed again",
                lambda: np.tanh(candidate),
                "In d_input the candidate has gone through tanh once more. It is given after tanh.",
            ),
            (
                "d_input: candidate gated",
                lambda: gate * candidate,
                "Your d_input was computed with the gated candidate. A factor receives the *other* "
                "factor alone.",
            ),
            (
                "d_input: gates coupled",
                lambda: candidate - c_previous,
                "Your d_input was computed as if the forget gate were 1 minus the input gate. In "
                "an LSTM each of them has a value of its own.",
            ),
        ],
        "c_previous": [
            (
                "d_c_previous: dc added",
                lambda: 1 + forget,
                "To d_c_previous the whole dc is added. There is no way from the old cell state to "
                "the new one past the forget gate.",
            ),
            (
                "d_c_previous: derivative of tanh included",
                lambda: forget * TANH.slope(np.tanh(c_previous)),
                "Your d_c_previous has gone through the derivative of tanh. There is no tanh "
                "between the old cell state and the new one.",
            ),
        ],
    }


def _through_activations(
    choose: Choose, gradients: dict[str, np.ndarray], factors: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the gradients, with the alternative that they have gone through the activations."""
    through = {
        "forget": gradients["forget"] * SIGMOID.slope(factors["forget"]),
        "input": gradients["input"] * SIGMOID.slope(factors["input"]),
        "candidate": gradients["candidate"] * TANH.slope(factors["candidate"]),
    }
    others: list[Other] = [
        (
            f"d_{name} through the activation",
            lambda name=name: {**gradients, name: through[name]},
            f"Your d_{name} has gone through the activation of {FACTORS[name]} already. That is "
            "the work of gates_backward.",
        )
        for name in through
    ]
    return choose(
        "activations already",
        gradients,
        (
            "through the activations",
            lambda: {**gradients, **through},
            "Your d_forget, d_input and d_candidate have gone through the activations already. "
            "That is the work of gates_backward.",
        ),
        *others,
    )


OWN_FACTORS: dict[tuple[int, ...], tuple[str, str]] = {
    (3, 1, 2, 0): (
        "d_forget and d_c_previous swapped",
        "Your d_forget and d_c_previous have changed places, or each of them has received its own "
        "factor. Each factor of a product receives the *other* factor.",
    ),
    (0, 2, 1, 3): (
        "d_input and d_candidate swapped",
        "Your d_input and d_candidate have changed places, or each of them has received its own "
        "factor. Each factor of a product receives the *other* factor.",
    ),
    (3, 2, 1, 0): (
        "order reversed",
        "In both products each factor has received itself, or the four results come in reverse "
        "order. Each factor receives the *other* factor.",
    ),
    (1, 0, 3, 2): (
        "partners crossed",
        "The factors come from the wrong product, or the results in the order d_input, d_forget, "
        "d_c_previous, d_candidate. Which two values are multiplied with each other?",
    ),
}
"""Orders of the results that also come from a mistaken product rule."""


def _other_orders(gradients: list[np.ndarray]) -> Iterator[Other]:
    """List the orders of the four results, but those in which only two have changed places."""
    names = [f"d_{name}" for name in FACTORS]
    for order in permutations(range(4)):
        listed = ", ".join(names[k] for k in order)
        name, message = OWN_FACTORS.get(
            order,
            (
                f"results in the order {listed}",
                f"The results come in the order {listed}. The order asked for is "
                f"{', '.join(names)}.",
            ),
        )
        if order in OWN_FACTORS or sum(k != place for place, k in enumerate(order)) > 2:
            yield name, lambda order=order: [gradients[k] for k in order], message


def gates_backward(
    choose: Choose,
    d_input: np.ndarray,
    d_forget: np.ndarray,
    d_candidate: np.ndarray,
    d_output: np.ndarray,
    input: np.ndarray,
    forget: np.ndarray,
    candidate: np.ndarray,
    output: np.ndarray,
) -> Any:
    """Return d_z (batch, 4 * units), in Keras' order."""
    arriving = dict(zip(BLOCKS, (d_input, d_forget, d_candidate, d_output)))
    values = dict(zip(BLOCKS, (input, forget, candidate, output)))
    arriving = choose(
        "arriving",
        arriving,
        (
            "arriving gradients missing",
            lambda: {name: np.ones_like(value) for name, value in values.items()},
            "These are the derivatives of the activations alone. Each is multiplied by the "
            "gradient that arrives.",
        ),
    )
    slopes = _slopes_of_all(choose, values)
    blocks = [
        choose(f"gradient of {name}", arriving[name], partial(_other_gradients, name, arriving))
        * slopes[name]
        for name in BLOCKS
    ]
    return _stacked(choose, blocks)


def _slopes_of_all(choose: Choose, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the derivatives of the four activations, from their values."""

    def right(name: str) -> Formula:
        return TANH.slope if name == "candidate" else SIGMOID.slope

    def all_four(gate: Formula, candidate: Formula) -> dict[str, np.ndarray]:
        return {
            name: (candidate if name == "candidate" else gate)(value)
            for name, value in values.items()
        }

    slopes = {
        name: choose(f"slope of {name}", right(name)(value), partial(_other_slopes, name, values))
        for name, value in values.items()
    }

    def only_gates() -> list[Other]:
        return [
            (
                f"gates: {title}",
                lambda wrong=wrong: {**all_four(wrong, wrong), "candidate": slopes["candidate"]},
                f"In the gates' blocks {words}",
            )
            for title, wrong, words in SIGMOID_SLOPES
        ]

    return choose(
        "activations",
        choose("activations of the gates", slopes, only_gates),
        (
            "activations exchanged",
            lambda: all_four(TANH.slope, SIGMOID.slope),
            "The derivatives of sigmoid and tanh have changed places.",
        ),
        (
            "derivatives missing",
            lambda: all_four(np.ones_like, np.ones_like),
            "What arrives at the gates is passed on as it is: the derivatives of the activations "
            "are missing.",
        ),
        (
            "values for the derivatives",
            lambda: all_four(np.positive, np.positive),
            "What arrives is multiplied by the values of gates and candidate, in place of the "
            "derivatives of their activations.",
        ),
        (
            "every activation twice",
            lambda: all_four(
                lambda value: SIGMOID.slope(sigmoid(value)),
                lambda value: TANH.slope(np.tanh(value)),
            ),
            "Gates and candidate have gone through their activations once more. What is given are "
            "the values *after* the activations.",
        ),
    )


def _other_gradients(name: str, arriving: dict[str, np.ndarray]) -> list[Other]:
    """List what is mistaken for the gradient that arrives at a gate or the candidate."""
    return [
        (
            f"{name}: d_{other}",
            lambda other=other: arriving[other],
            f"In the block of {LABELS[name]} stands d_{other}, in place of its own gradient.",
        )
        for other in BLOCKS
        if other != name
    ]


def _other_slopes(name: str, values: dict[str, np.ndarray]) -> Iterator[Other]:
    """List what is mistaken for the derivative of one activation."""
    value, where = values[name], f"the block of {LABELS[name]}"
    commonest = TANH_SLOPES if name == "candidate" else SIGMOID_SLOPES[:5]
    yield from _slopes(commonest, value, name, where)
    right = TANH.slope if name == "candidate" else SIGMOID.slope
    for other in BLOCKS:
        if other == name:
            continue
        mixed = f"In {where} one of the factors is taken of {LABELS[other]}."
        yield (
            f"{name}: value of {LABELS[other]}",
            lambda other=other: right(values[other]),
            f"In {where} the derivative is computed from {LABELS[other]}.",
        )
        if name != "candidate":
            yield (
                f"{name}: complement of {LABELS[other]}",
                lambda other=other: value * (1 - values[other]),
                mixed,
            )
            yield (
                f"{name}: times {LABELS[other]}",
                lambda other=other: values[other] * (1 - value),
                mixed,
            )


def _stacked(choose: Choose, blocks: Sequence[np.ndarray]) -> Any:
    """Return the four blocks (batch, units) as one array (batch, 4 * units)."""
    right = side_by_side(blocks)
    belong = "They belong side by side: (batch, 4 * units)."
    axes: list[Other] = [
        (
            f"new axis {axis}",
            lambda axis=axis: np.stack(blocks, axis=axis),
            f"The four blocks are stacked along a new axis. {belong}",
        )
        for axis in range(3)
    ]
    return choose(
        "blocks",
        right,
        partial(_other_block_orders, right),
        partial(_blocks_lost, blocks),
        *axes,
        (
            "stacked below each other",
            lambda: np.concatenate(blocks, axis=0),
            f"The four blocks stand below each other. {belong}",
        ),
        (
            "interleaved",
            lambda: alternate(right),
            "The columns of the four blocks alternate. Each block's columns stand side by side.",
        ),
        (
            "blocks reshaped",
            lambda: np.reshape(blocks, right.shape),
            "The four blocks stood below each other, and a reshape has mixed up samples and "
            f"blocks. {belong}",
        ),
        (
            "blocks one by one",
            lambda: list(blocks),
            f"The four blocks are returned one by one. {belong}",
        ),
        (
            "blocks added",
            lambda: sum(blocks),
            f"The four blocks are added up. {belong}",
        ),
    )


BLOCK_ORDERS = [
    (order, f"block order {letters(order)}", f"The blocks stand in the order {letters(order)}.")
    for order in permutations(range(4))
    if order != (0, 1, 2, 3)
]


def _other_block_orders(right: np.ndarray) -> list[Other]:
    return [
        (name, lambda order=order: reorder(right, order), f"{message} {ORDER}")
        for order, name, message in BLOCK_ORDERS
    ]


def _blocks_lost(blocks: Sequence[np.ndarray]) -> Iterator[Other]:
    """List what is put side by side if a block is forgotten, or another one stands in its place."""
    for place, (lost, label) in enumerate(LABELS.items()):
        yield (
            f"block of {label} zero",
            lambda place=place: np.hstack(
                [*blocks[:place], np.zeros_like(blocks[place]), *blocks[place + 1 :]]
            ),
            f"The block of {label} is all zeros: nothing has been written into it. {ORDER}",
        )
        yield (
            f"block of {label} missing",
            lambda place=place: np.hstack([*blocks[:place], *blocks[place + 1 :]]),
            f"The block of {label} is missing. {ORDER}",
        )
        for source, another in enumerate(LABELS.values()):
            if another != label:
                yield (
                    f"{lost}: block of {another}",
                    lambda place=place, source=source: np.hstack(
                        [*blocks[:place], blocks[source], *blocks[place + 1 :]]
                    ),
                    f"Where the block of {label} belongs stands once more that of {another}.",
                )


Cache = dict[str, np.ndarray]

IN_A_STEP = (
    "tanh ignored",
    "tanh twice",
    "d_output: tanh missing",
    "d_output: own factor",
    "d_output through the activation",
    "d_c: output gate missing",
    "d_c: derivative of tanh missing",
    "d_c: value for the derivative",
    "d_c: square missing",
    "d_c: cell state for its tanh",
    "d_input: the input gate",
    "d_candidate: the candidate",
    "d_input and d_candidate swapped",
    "through the activations",
    "derivatives missing",
    "gates: derivative of tanh",
    "gates: complement missing",
    "gates: sigmoid once more",
    "activations exchanged",
    "every activation twice",
    "candidate: derivative of the sigmoid",
    "candidate: derivative of tanh missing",
    "candidate: square missing",
    "block order f, i, c, o",
    "block order i, f, o, c",
    "block order f, i, o, c",
    "block order i, o, f, c",
)
"""Mistakes in the parts of a step that are looked for in a whole step as well."""

IN_A_SEQUENCE = (
    "path through c missing",
    "path through h missing",
    "old cell shown",
    "new cell state in the forget gate",
    "forget gate missing",
    "d_forget and d_input exchanged",
    "mean over the batch",
    "new hidden state",
)
"""Mistakes in a step that are looked for in a whole sequence as well."""


def _part(
    choose: Choose, right: Callable, reference: Reference, among: tuple[str, ...]
) -> Callable:
    """Return what computes a part of a result: `right`, or in a search its reference, mistaken.

    right: takes the arguments of the reference, and computes nothing but the right value: fast.
    among: the names of the mistakes to look for.
    """
    return choose(
        reference.name, right, partial(_mistaken, reference.compose, reference.draw, among)
    )


@cache
def _mistaken(compose: Callable, draw: Callable, among: tuple[str, ...]) -> list[Other]:
    """List what computes a reference with one of its mistakes."""
    choose = Choose()
    compose(choose, *draw(Draw(0)))
    return [
        (key[1], always(mistaken(compose, *key)), message)
        for key, message in choose.messages.items()
        if key[1] in among
    ]


def _through_hidden_state(dh: np.ndarray, output: np.ndarray, c: np.ndarray) -> list[np.ndarray]:
    shown = np.tanh(c)
    return [dh * shown, dh * output * TANH.slope(shown)]


def _through_cell_state(
    dc: np.ndarray,
    forget: np.ndarray,
    input: np.ndarray,
    candidate: np.ndarray,
    c_previous: np.ndarray,
) -> list[np.ndarray]:
    return [dc * c_previous, dc * candidate, dc * input, dc * forget]


def _through_gates(*arrays: np.ndarray) -> np.ndarray:
    arriving, values = np.hstack(arrays[:4]), np.hstack(arrays[4:])
    d_z = arriving * SIGMOID.slope(values)
    own_block("candidate", d_z)[...] = arrays[2] * TANH.slope(arrays[6])
    return d_z


def _through_step(
    dh: np.ndarray,
    dc: np.ndarray,
    cache: Cache,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
) -> list[np.ndarray]:
    values = [cache[name] for name in BLOCKS]
    d_output, d_c = _through_hidden_state(dh, values[3], cache["c"])
    factors = values[1], values[0], values[2], cache["c_previous"]
    d_forget, d_input, d_candidate, dc_previous = _through_cell_state(dc + d_c, *factors)
    d_z = _through_gates(d_input, d_forget, d_candidate, d_output, *values)
    weights = [cache["x"].T @ d_z, cache["h_previous"].T @ d_z, d_z.sum(axis=0)]
    return [d_z @ kernel.T, d_z @ recurrent_kernel.T, dc_previous, *weights]


def step_backward(
    choose: Choose,
    dh: np.ndarray,
    dc: np.ndarray,
    cache: Cache,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
) -> list[np.ndarray]:
    """Return dx, dh_previous, dc_previous, d_kernel, d_recurrent_kernel and d_bias."""
    cache = _read(choose, cache)
    d_output, d_c = _back_to_cell(choose, dh, dc, cache)
    total = _sum_at_cell(choose, dh, dc, d_c)
    through_cell = _part(choose, _through_cell_state, CELL_STATE_BACKWARD, IN_A_STEP)
    d_forget, d_input, d_candidate, dc_previous = through_cell(total, *_factors(choose, cache))
    d_z = _to_pre_activations(choose, [d_input, d_forget, d_candidate, d_output], cache)
    dx, dh_previous = _to_what_was_before(choose, dh, d_z, kernel, recurrent_kernel)
    dc_previous = _to_old_cell(choose, (dc, d_c, total), dc_previous, cache)
    weights = _to_weights(choose, dh, cache, d_z)
    return _clipped(choose, [dx, dh_previous, dc_previous, *weights])


def _to_pre_activations(choose: Choose, arriving: list[np.ndarray], cache: Cache) -> np.ndarray:
    """Return d_z. arriving: what arrives at input gate, forget gate, candidate and output gate."""
    values = [cache[name] for name in BLOCKS]
    arriving = choose(
        "gradients on the way to the gates",
        arriving,
        (
            "d_forget and d_input exchanged",
            lambda: [arriving[1], arriving[0], *arriving[2:]],
            "Your d_forget and d_input have changed places on the way to gates_backward. "
            "cell_state_backward returns forget first, gates_backward takes input first.",
        ),
    )
    values = choose(
        "values on the way to the gates",
        values,
        (
            "values of the gates exchanged",
            lambda: [values[1], values[0], *values[2:]],
            "The *values* of input gate and forget gate have changed places on the way to "
            "gates_backward.",
        ),
    )
    return _part(choose, _through_gates, GATES_BACKWARD, IN_A_STEP)(*arriving, *values)


def _read(choose: Choose, cache: Cache) -> Cache:
    return choose(
        "cache",
        cache,
        (
            "input gate and forget gate exchanged",
            lambda: {**cache, "input": cache["forget"], "forget": cache["input"]},
            "The input gate and the forget gate have changed places after they were read from the "
            "cache.",
        ),
        (
            "candidate and output gate exchanged",
            lambda: {**cache, "candidate": cache["output"], "output": cache["candidate"]},
            "The candidate and the output gate have changed places after they were read from the "
            "cache.",
        ),
    )


def _back_to_cell(choose: Choose, dh: np.ndarray, dc: np.ndarray, cache: Cache) -> list[np.ndarray]:
    """Return what dh gives to the output gate and to the new cell state."""
    dh = choose(
        "dh",
        dh,
        (
            "dh ignored",
            lambda: np.zeros_like(dh),
            "Your results do not depend on the dh that arrives.",
        ),
    )
    shown = choose(
        "cell state shown",
        cache["c"],
        (
            "old cell shown",
            lambda: cache["c_previous"],
            "On the way from h to c the *old* cell state was used. h is made from the new one, "
            "which the cache calls c.",
        ),
    )
    through_h = _part(choose, _through_hidden_state, HIDDEN_STATE_BACKWARD, IN_A_STEP)
    d_output, d_c = through_h(dh, cache["output"], shown)
    d_output = choose(
        "d_output on the way to the gates",
        d_output,
        (
            "output gate also from dc",
            lambda: d_output + dc * np.tanh(shown),
            "The dc that arrives at the new cell state has reached the output gate, too. The gate "
            "acts on h alone, so only dh reaches it.",
        ),
        (
            "output gate left out",
            lambda: np.zeros_like(d_output),
            "The output gate receives no gradient. dh reaches it, and through it x, h and the "
            "weights.",
        ),
    )
    return [d_output, d_c]


def _sum_at_cell(choose: Choose, dh: np.ndarray, dc: np.ndarray, d_c: np.ndarray) -> np.ndarray:
    """Return the gradient of the new cell state. d_c: what dh gives to it."""
    return choose(
        "sum at the cell state",
        dc + d_c,
        (
            "path through c missing",
            lambda: d_c,
            "The dc that arrives from the next step is lost. Two gradients meet at the new cell "
            "state: this one, and the one through h.",
        ),
        (
            "path through h missing",
            lambda: dc,
            "What dh gives to the cell state is lost. Two gradients meet at the new cell state: "
            "the dc that arrives, and the one through h.",
        ),
        (
            "path through c doubled",
            lambda: 2 * dc + d_c,
            "The dc that arrives is counted twice.",
        ),
        (
            "path through h doubled",
            lambda: dc + 2 * d_c,
            "What dh gives to the cell state is counted twice.",
        ),
        (
            "paths subtracted",
            lambda: dc - d_c,
            "At the new cell state one gradient is subtracted from the other.",
        ),
        (
            "paths multiplied",
            lambda: dc * d_c,
            "The two gradients that meet at the new cell state are multiplied. What comes back "
            "along two paths is added.",
        ),
        (
            "mean of the paths",
            lambda: (dc + d_c) / 2,
            "At the new cell state stands the mean of two gradients. What comes back along two "
            "paths is added.",
        ),
        (
            "dh added to dc",
            lambda: dc + dh,
            "You add dh itself to dc. On its way from h to the cell state a gradient passes the "
            "output gate and tanh.",
        ),
    )


def _factors(choose: Choose, cache: Cache) -> list[np.ndarray]:
    """Return the forget gate, the input gate, the candidate and the old cell state."""
    forget, input = choose(
        "gates on the way to the cell state",
        (cache["forget"], cache["input"]),
        (
            "gates exchanged in the cell state",
            lambda: (cache["input"], cache["forget"]),
            "The input gate and the forget gate have changed places on the way to "
            "cell_state_backward, which takes the forget gate first.",
        ),
    )
    c_previous = choose(
        "old cell state",
        cache["c_previous"],
        (
            "new cell state in the forget gate",
            lambda: cache["c"],
            "The forget gate's gradient was computed with the new cell state. Which key of the "
            "cache is the old one?",
        ),
        (
            "h for the old cell state",
            lambda: cache["h_previous"],
            "The forget gate's gradient was computed with the old h. Which key of the cache is the "
            "old cell state?",
        ),
    )
    return [forget, input, cache["candidate"], c_previous]


def _to_old_cell(
    choose: Choose,
    arriving: tuple[np.ndarray, np.ndarray, np.ndarray],
    dc_previous: np.ndarray,
    cache: Cache,
) -> np.ndarray:
    """Return dc_previous. arriving: dc, what dh gives to the cell state, and their sum."""
    dc, d_c, total = arriving
    return choose(
        "dc_previous",
        dc_previous,
        (
            "forget gate missing",
            lambda: total,
            "Your dc_previous is the gradient of the new cell state. Between the new and the old "
            "one stands the forget gate.",
        ),
        (
            "dc_previous without h",
            lambda: dc * cache["forget"],
            "In dc_previous, what came through h is missing. Nothing else differs.",
        ),
        (
            "dc_previous without dc",
            lambda: d_c * cache["forget"],
            "In dc_previous, the dc that arrived is missing. Nothing else differs.",
        ),
        (
            "dc handed back",
            lambda: dc,
            "Your dc_previous is the dc that arrived. Between the new and the old cell state "
            "stands the forget gate.",
        ),
        (
            "path through h past the forget gate",
            lambda: dc * cache["forget"] + d_c,
            "In dc_previous, what came through h has not passed the forget gate. Both gradients "
            "meet at the new cell state, before the gate.",
        ),
        (
            "path through h added again",
            lambda: dc_previous + d_c,
            "To dc_previous, what came through h is added once more. It has already met dc at the "
            "new cell state, and has passed the forget gate with it.",
        ),
        (
            "dc added to dc_previous",
            lambda: dc + dc_previous,
            "To dc_previous the dc that arrived is added. There is no way back to the old cell "
            "state past the forget gate.",
        ),
        (
            "input gate for forget gate",
            lambda: total * cache["input"],
            "Your dc_previous was computed with the input gate. Which gate acts on the old cell "
            "state?",
        ),
    )


def _to_what_was_before(
    choose: Choose,
    dh: np.ndarray,
    d_z: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
) -> list[np.ndarray]:
    """Return dx and dh_previous."""
    back = d_z @ recurrent_kernel.T
    dh_previous = choose(
        "dh_previous",
        back,
        (
            "recurrent kernel not transposed",
            lambda: d_z @ transpose(recurrent_kernel).T,
            "In dh_previous the blocks of the recurrent kernel are not transposed. The gradient "
            "runs from the pre-activations back to h.",
        ),
        (
            "recurrent kernel reshaped",
            lambda: d_z @ recurrent_kernel.reshape(-1, len(recurrent_kernel)),
            "For dh_previous the recurrent kernel was reshaped. A reshape does not transpose.",
        ),
        (
            "dh added to dh_previous",
            lambda: dh + back,
            "To dh_previous the dh that arrived is added. The old h reaches the new one through "
            "the pre-activations only.",
        ),
        (
            "dh handed back",
            lambda: dh,
            "Your dh_previous is the dh that arrived. The old h reaches the new one through the "
            "pre-activations.",
        ),
    )
    return [d_z @ kernel.T, dh_previous]


def _to_weights(choose: Choose, dh: np.ndarray, cache: Cache, d_z: np.ndarray) -> list[np.ndarray]:
    """Return d_kernel, d_recurrent_kernel and d_bias."""
    x, h = cache["x"], _old_h(choose, dh, cache)
    d_kernel, d_recurrent_kernel, d_bias = right = x.T @ d_z, h.T @ d_z, d_z.sum(axis=0)
    share = "It should be a sum: each sample adds its share."
    return choose(
        "weights",
        right,
        (
            "mean over the batch",
            lambda: [each / len(x) for each in right],
            "Your weights' gradients are means over the samples. They should be sums: each sample "
            "adds its share.",
        ),
        (
            "mean for the kernels",
            lambda: [d_kernel / len(x), d_recurrent_kernel / len(x), d_bias],
            "Your d_kernel and d_recurrent_kernel are means over the samples. They should be "
            "sums: each sample adds its share.",
        ),
        (
            "mean for the kernel",
            lambda: [d_kernel / len(x), d_recurrent_kernel, d_bias],
            f"Your d_kernel is a mean over the samples. {share}",
        ),
        (
            "mean for the recurrent kernel",
            lambda: [d_kernel, d_recurrent_kernel / len(x), d_bias],
            f"Your d_recurrent_kernel is a mean over the samples. {share}",
        ),
        (
            "mean for the bias",
            lambda: [d_kernel, d_recurrent_kernel, d_z.mean(axis=0)],
            f"Your d_bias is a mean over the samples. {share}",
        ),
        (
            "weights not summed",
            lambda: [*(each[:, :, None] * d_z[:, None] for each in (x, h)), d_z],
            "Your weights' gradients have an entry for each sample. All samples share the weights: "
            "add what each contributes.",
        ),
        (
            "bias not summed",
            lambda: [d_kernel, d_recurrent_kernel, d_z],
            "Your d_bias has one row for each sample. All samples share one bias: add their "
            "shares.",
        ),
        (
            "bias summed over the units",
            lambda: [d_kernel, d_recurrent_kernel, d_z.sum(axis=1)],
            "Your d_bias was added up along the wrong axis. Each number of the bias has a "
            "gradient of its own.",
        ),
        (
            "bias summed over everything, in each place",
            lambda: [d_kernel, d_recurrent_kernel, np.full_like(d_bias, d_z.sum())],
            "Each number of your d_bias is the sum of everything. Only the samples are added up.",
        ),
        (
            "kernels reshaped",
            lambda: [
                (d_z.T @ x).reshape(d_kernel.shape),
                (d_z.T @ h).reshape(d_recurrent_kernel.shape),
                d_bias,
            ],
            "The numbers of d_kernel and d_recurrent_kernel are right, but a reshape has mixed up "
            "rows and columns. A reshape does not transpose.",
        ),
        (
            "weights of the kernels not summed",
            lambda: [*(each[:, :, None] * d_z[:, None] for each in (x, h)), d_bias],
            "Your d_kernel and d_recurrent_kernel have an entry for each sample. All samples share "
            "the weights: add what each contributes.",
        ),
        (
            "kernels transposed, bias not summed",
            lambda: [d_kernel.T, d_recurrent_kernel.T, d_z],
            "Your d_kernel and d_recurrent_kernel are transposed, and your d_bias has one row for "
            "each sample, whose shares should be added.",
        ),
        (
            "bias summed over everything",
            lambda: [d_kernel, d_recurrent_kernel, d_z.sum()],
            "Your d_bias is added up to a single number. Only the samples are added up.",
        ),
        (
            "bias of the first sample",
            lambda: [d_kernel, d_recurrent_kernel, d_z[0]],
            f"Your d_bias is that of the first sample alone. {share}",
        ),
    )


def _old_h(choose: Choose, dh: np.ndarray, cache: Cache) -> np.ndarray:
    """Return the h with which d_recurrent_kernel is computed."""
    right = "On the way forward, the recurrent kernel multiplies the old h."
    return choose(
        "old h",
        cache["h_previous"],
        (
            "new hidden state",
            lambda: cache["output"] * np.tanh(cache["c"]),
            f"Your d_recurrent_kernel was computed with the new h. {right}",
        ),
        (
            "cell state for hidden state",
            lambda: cache["c_previous"],
            f"Your d_recurrent_kernel was computed with the old cell state. {right}",
        ),
        (
            "new cell state for hidden state",
            lambda: cache["c"],
            f"Your d_recurrent_kernel was computed with the new cell state. {right}",
        ),
        (
            "dh for hidden state",
            lambda: dh,
            f"Your d_recurrent_kernel was computed with dh. {right}",
        ),
    )


def _clipped(choose: Choose, results: list[np.ndarray]) -> list[np.ndarray]:
    """Return the gradients, with the alternatives that large numbers are cut off."""
    return choose(
        "clipped",
        results,
        *(
            (
                f"clipped at {limit}",
                lambda limit=limit: [np.clip(each, -limit, limit) for each in results],
                f"Gradients beyond {limit} are cut off. Return them as they are: clipping belongs "
                "to the training.",
            )
            for limit in LIMITS
        ),
    )


def backward_through_time(
    choose: Choose,
    dh_all: np.ndarray,
    dc_last: np.ndarray,
    caches: list[Cache],
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
) -> list[np.ndarray]:
    """Return dx, dh0, dc0, d_kernel, d_recurrent_kernel and d_bias."""
    through_step = _part(choose, _through_step, STEP_BACKWARD, IN_A_SEQUENCE)
    arriving, read = _in_order_of_time(choose, dh_all, caches)
    order, zero = _steps(choose, len(caches), len(dc_last))
    states = [_start(choose, dh_all, dc_last)]
    dx = {t: np.zeros_like(caches[t]["x"]) for t in zero}
    shares = []
    for t in order:
        last = t == len(caches) - 1
        received = _received(choose, arriving[:, t], dc_last, states[-1], last)
        dx[t], dh, dc, *share = through_step(*received, read[t], kernel, recurrent_kernel)
        shares.append(share)
        states.append(_handed_on(choose, states[-1], (dh, dc)))
    initial = _initial(choose, states, dh_all)
    weights = _shared(choose, shares, len(dc_last))
    return [_inputs_of_all(choose, [dx[t] for t in sorted(dx)]), *initial, *weights]


def _in_order_of_time(
    choose: Choose, dh_all: np.ndarray, caches: list[Cache]
) -> tuple[np.ndarray, list[Cache]]:
    """Return what arrives at the h of each step from outside, and the cache that it reads."""
    arriving, read = _arriving_at_all(choose, dh_all), _read_all(choose, caches)
    return choose(
        "order of time",
        (arriving, read),
        (
            "forwards, and dx reversed",
            lambda: (arriving[:, ::-1], read[::-1]),
            "The steps are taken from the first to the last, and dx comes in reverse order. A "
            "gradient comes from the other end.",
        ),
    )


def _read_all(choose: Choose, caches: list[Cache]) -> list[Cache]:
    """Return the cache that each step reads."""
    own = "Step t reads cache t."
    return choose(
        "caches",
        caches,
        (
            "caches one step late",
            lambda: [caches[-1], *caches[:-1]],
            f"Each step reads the cache of the step before it, and the first one the last. {own}",
        ),
        (
            "caches reversed",
            lambda: caches[::-1],
            "The caches are read in the opposite order to dh_all. Both are in order of time.",
        ),
        (
            "first cache everywhere",
            lambda: caches[:1] * len(caches),
            f"Every step reads the first cache. {own}",
        ),
        (
            "last cache everywhere",
            lambda: caches[-1:] * len(caches),
            f"Every step reads the last cache. {own}",
        ),
    )


def _arriving_at_all(choose: Choose, dh_all: np.ndarray) -> np.ndarray:
    """Return what arrives at the h of each step from outside."""

    def everywhere(dh: np.ndarray) -> np.ndarray:
        return np.broadcast_to(dh[:, np.newaxis], dh_all.shape)

    own = "Each step has a gradient of its own in dh_all."
    return choose(
        "dh_all",
        dh_all,
        (
            "dh_all one step late",
            lambda: np.roll(dh_all, 1, axis=1),
            "Each step gets the dh of the step before it. Check the index into dh_all.",
        ),
        (
            "dh_all one step early",
            lambda: np.roll(dh_all, -1, axis=1),
            "Each step gets the dh of the step after it. Check the index into dh_all.",
        ),
        (
            "dh_all backwards",
            lambda: dh_all[:, ::-1],
            "You read dh_all in reverse order of time.",
        ),
        (
            "dh_all divided by the steps",
            lambda: dh_all / dh_all.shape[1],
            "What arrives from dh_all is divided by the number of steps. It arrives whole.",
        ),
        (
            "sum of dh_all",
            lambda: everywhere(dh_all.sum(axis=1)),
            f"Every step gets the sum of dh_all over time. {own}",
        ),
        (
            "mean of dh_all",
            lambda: everywhere(dh_all.mean(axis=1)),
            f"Every step gets the mean of dh_all over time. {own}",
        ),
        (
            "last dh everywhere",
            lambda: everywhere(dh_all[:, -1]),
            f"Every step gets the last dh of dh_all. {own}",
        ),
        (
            "first dh everywhere",
            lambda: everywhere(dh_all[:, 0]),
            f"Every step gets the first dh of dh_all. {own}",
        ),
        (
            "dh_all ignored",
            lambda: np.zeros_like(dh_all),
            "Your results do not depend on dh_all. A gradient arrives at *every* h.",
        ),
    )


def _steps(choose: Choose, time: int, batch: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return the steps in the order of the loop, and those whose dx stays at zero."""
    steps = range(time)[::-1]
    first = "The first step is left out. The gradient runs back through all of them, to h0 and c0."
    last = "The last step is left out. A gradient arrives there first."
    turn = "Only the last step is there. Does `return` stand inside the loop?"
    samples = (
        f"Your loop takes {batch} steps, as many as there are samples. Time is the second axis of "
        "dh_all."
    )
    return choose(
        "steps",
        (steps, ()),
        (
            "forwards",
            lambda: (range(time), ()),
            "The steps are taken from the first to the last. A gradient comes from the other end.",
        ),
        ("first step left out", lambda: (steps[:-1], ()), first),
        ("first step left out, dx zero", lambda: (steps[:-1], (0,)), first),
        ("last step left out", lambda: (steps[1:], ()), last),
        ("last step left out, dx zero", lambda: (steps[1:], (time - 1,)), last),
        ("loop ends in its first turn", lambda: (steps[:1], ()), turn),
        ("loop ends in its first turn, dx zero", lambda: (steps[:1], steps[1:]), turn),
        ("batch taken for time", lambda: (range(batch)[::-1], ()), samples),
        (
            "batch taken for time, dx zero",
            lambda: (range(batch)[::-1], range(batch, time)),
            samples,
        ),
    )


Pair = tuple[np.ndarray, np.ndarray]
"""Gradients of h and c."""


def _start(choose: Choose, dh_all: np.ndarray, dc_last: np.ndarray) -> Pair:
    """Return what no step, but the arguments, hands to the last step."""
    nothing = np.zeros_like(dc_last)
    return choose(
        "start",
        (nothing, dc_last),
        (
            "dc_last ignored",
            lambda: (nothing, nothing),
            "Your results do not depend on dc_last. It arrives at the last cell state.",
        ),
        (
            "last dh twice",
            lambda: (dh_all[:, -1], dc_last),
            "The last dh of dh_all is counted twice.",
        ),
        (
            "dc_last at h",
            lambda: (dc_last, dc_last),
            "You let dc_last arrive at the last h, too. It belongs to the last cell state alone.",
        ),
    )


def _received(
    choose: Choose, arriving: np.ndarray, dc_last: np.ndarray, handed: Pair, last: bool
) -> Pair:
    """Return the gradients that meet at the h and c of a step.

    arriving: from dh_all. handed: from the step after it. last: whether this is the last step.
    """
    dh, dc = handed
    dh = choose(
        "dh",
        arriving + dh,
        (
            "hidden state's gradient not carried",
            lambda: arriving,
            "The dh that a step returns never reaches the step before it. At each step two "
            "gradients arrive at h: this one, and that of dh_all.",
        ),
        (
            "only the last dh",
            lambda: arriving if last else dh,
            "Of dh_all only the last step has an effect. A gradient arrives at *every* h.",
        ),
        (
            "mean of the two dh",
            lambda: arriving if last else (arriving + dh) / 2,
            "At each h stands the mean of two gradients. Where two gradients meet, they are added.",
        ),
        (
            "dh subtracted",
            lambda: arriving - dh,
            "At each h one gradient is subtracted from the other. Where two gradients meet, they "
            "are added.",
        ),
    )
    dc = choose(
        "dc",
        dc,
        (
            "cell state's gradient not carried",
            lambda: dc if last else np.zeros_like(dc),
            "The dc that a step returns never reaches the step before it.",
        ),
        (
            "dc_last at every step",
            lambda: dc_last,
            "Every step gets dc_last. It arrives at the last cell state alone; further back "
            "arrives what the step after it returned.",
        ),
        (
            "dc_last added at every step",
            lambda: dc if last else dc + dc_last,
            "You add dc_last at every step. It arrives at the last cell state alone.",
        ),
    )
    alone = (
        "Every step is treated by itself. What a step returns as dh_previous and dc_previous "
        "arrives at the step before it."
    )
    return choose(
        "received",
        (dh, dc),
        (
            "nothing carried",
            lambda: (arriving, dc_last if last else np.zeros_like(dc_last)),
            alone,
        ),
        (
            "nothing carried, dc_last at every step",
            lambda: (arriving, dc_last),
            f"{alone} dc_last arrives at the last one alone.",
        ),
    )


def _handed_on(choose: Choose, received: Pair, passed: Pair) -> Pair:
    """Return what the step before gets. received, passed: what a step got, and returned."""
    (old_dh, old_dc), (dh, dc) = received, passed
    replaces = "What a step returns takes the place of what it received."
    return choose(
        "handed on",
        passed,
        (
            "states exchanged on the way",
            lambda: (dc, dh),
            "You exchange dh_previous and dc_previous on the way from step to step.",
        ),
        (
            "dh added up",
            lambda: (old_dh + dh, dc),
            f"The dh that the steps return are added up. {replaces}",
        ),
        (
            "dc added up",
            lambda: (dh, old_dc + dc),
            f"The dc that the steps return are added up. {replaces}",
        ),
        (
            "dh and dc added up",
            lambda: (old_dh + dh, old_dc + dc),
            f"The dh and dc that the steps return are added up. {replaces}",
        ),
        *(
            (
                f"clipped at {limit} in the loop",
                lambda limit=limit: (np.clip(dh, -limit, limit), np.clip(dc, -limit, limit)),
                f"What a step hands on is cut off at {limit}, inside the loop. So what comes "
                "further back is no gradient any more.",
            )
            for limit in LIMITS
        ),
    )


def _inputs_of_all(choose: Choose, dx: list[np.ndarray]) -> np.ndarray:
    """Return dx (batch, time, features). dx: that of each step, in order of time."""
    own = "It has an axis for time: (batch, time, features)."
    join = choose(
        "axes of dx",
        partial(np.stack, axis=1),
        (
            "dx joined along the features",
            lambda: partial(np.concatenate, axis=1),
            f"The dx of all steps stand side by side in one row for each sample. {own}",
        ),
        (
            "dx joined along the batch",
            lambda: partial(np.concatenate, axis=0),
            f"The dx of all steps stand below each other. {own}",
        ),
    )
    dx = choose(
        "order of dx",
        dx,
        (
            "dx: steps reversed",
            lambda: dx[::-1],
            "Your dx stands in reverse order of time: it was collected from the last step to the "
            "first.",
        ),
    )
    return join(dx)


def _initial(choose: Choose, states: list[Pair], dh_all: np.ndarray) -> Pair:
    """Return dh0 and dc0. states: what was handed on, beginning with what the last step got."""
    results = []
    for name, handed in zip(("dh0", "dc0"), zip(*states)):
        others: list[Other] = [
            (
                f"{name}: one step too early",
                lambda handed=handed: handed[-2],
                f"Your {name} is what the first step *receives*. What it returns belongs to the "
                "initial state.",
            ),
            (
                f"{name}: of the last step",
                lambda handed=handed: handed[1],
                f"Your {name} is what the last step returns. What the first step returns belongs "
                "to the initial state.",
            ),
            (
                f"{name}: all steps",
                lambda handed=handed: np.stack(handed[:0:-1], axis=1),
                f"Your {name} holds what every step returns. What the first step returns belongs "
                "to the initial state.",
            ),
        ]
        if name == "dc0":
            others.append(
                (
                    "dc0: dc_last",
                    lambda handed=handed: handed[0],
                    "Your dc0 is dc_last. What the first step returns belongs to the initial "
                    "state.",
                )
            )
        else:
            others += _further_dh0(handed[-1], dh_all)
        results.append(choose(name, handed[-1], *others))
    return results[0], results[1]


def _further_dh0(dh: np.ndarray, dh_all: np.ndarray) -> list[Other]:
    return [
        (
            "dh0: first dh added",
            lambda: dh + dh_all[:, 0],
            "To dh0 the dh of the first step is added. It arrives at h after the first step, not "
            "at the initial state.",
        ),
        (
            "dh0: last dh added",
            lambda: dh + dh_all[:, -1],
            "To dh0 the last dh of dh_all is added. Where dh_all is added *after* a step, the "
            "first step has none before it: index -1 is the end.",
        ),
    ]


def _shared(choose: Choose, shares: list[list[np.ndarray]], batch: int) -> list[np.ndarray]:
    """Return the gradients of the weights. shares: of each step, in the order of the loop."""
    steps = [np.stack(each) for each in zip(*shares)]
    total = [each.sum(axis=0) for each in steps]
    add = "All steps share the weights: add what each contributes."
    overwritten: list[Other] = [
        (
            f"{name} overwritten",
            lambda place=place: [*total[:place], steps[place][-1], *total[place + 1 :]],
            f"Your {name} is that of a single step: each step overwrites what the steps before it "
            "in your loop have contributed. All steps share it: add.",
        )
        for place, name in enumerate(("d_kernel", "d_recurrent_kernel", "d_bias"))
    ]
    return choose(
        "weights of all steps",
        total,
        (
            "weights overwritten",
            lambda: [each[-1] for each in steps],
            "Your weights' gradients are those of a single step: each step overwrites what the "
            f"steps before it in your loop have contributed. {add}",
        ),
        (
            "weights of the first turn",
            lambda: [each[0] for each in steps],
            f"Your weights' gradients are those of the step with which your loop begins. {add}",
        ),
        (
            "weights of the first turn twice",
            lambda: [each.sum(axis=0) + each[0] for each in steps],
            f"The step with which your loop begins has contributed twice. {add}",
        ),
        (
            "mean over time",
            lambda: [each.mean(axis=0) for each in steps],
            "Your weights' gradients are means over the steps. They should be sums.",
        ),
        (
            "mean over time and batch",
            lambda: [each.mean(axis=0) / batch for each in steps],
            "Your weights' gradients are means over steps and samples. They should be sums.",
        ),
        (
            "weights not summed",
            lambda: [each[::-1] for each in steps],
            f"Your weights' gradients have an axis for time. {add}",
        ),
        (
            "weights not summed, backwards",
            lambda: steps,
            f"Your weights' gradients have an axis for the turns of your loop. {add}",
        ),
        *overwritten,
        *(
            (
                f"weights clipped at {limit}",
                lambda limit=limit: [np.clip(each, -limit, limit) for each in total],
                f"Your weights' gradients are cut off at {limit}. Return them as they are: "
                "clipping belongs to the training.",
            )
            for limit in LIMITS
        ),
    )


def forget_product(choose: Choose, forget: np.ndarray) -> np.ndarray:
    """Return the products of the last k gates (time + 1, batch, units)."""
    forget = choose(
        "gates",
        forget,
        (
            "complements",
            lambda: 1 - forget,
            "The factors are 1 minus the forget gate. Along the cell path it is the gate itself.",
        ),
        (
            "sigmoid of the gates",
            lambda: sigmoid(forget),
            "The factors have gone through the sigmoid. They are gates already.",
        ),
        (
            "last gate only",
            lambda: np.broadcast_to(forget[-1:], forget.shape),
            "The last forget gate is used for every step. Each step has a gate of its own.",
        ),
        (
            "first gate only",
            lambda: np.broadcast_to(forget[:1], forget.shape),
            "The first forget gate is used for every step. Each step has a gate of its own.",
        ),
        (
            "mean gate",
            lambda: np.broadcast_to(forget.mean(axis=0, keepdims=True), forget.shape),
            "The mean of the forget gates is used for every step. Each step has a gate of its own.",
        ),
    )
    gates = choose(
        "order",
        forget[::-1],
        (
            "from the first step",
            lambda: forget,
            "Your product begins at the *first* step. It should begin at the last one and run back "
            "in time.",
        ),
        (
            "all axes flipped",
            lambda: np.flip(forget),
            "All axes are turned round, samples and units too. Only time runs backwards.",
        ),
        (
            "last gate left out",
            lambda: forget[-2::-1],
            "The last forget gate is left out: the product begins one step too early.",
        ),
    )
    one = np.ones_like(forget[:1])
    factors = np.concatenate([one, gates])
    return choose(
        "products", np.cumprod(factors, axis=0), partial(_other_products, one, gates, forget)
    )


def _other_products(one: np.ndarray, gates: np.ndarray, forget: np.ndarray) -> list[Other]:
    """List what is mistaken for the products. gates: in the order of the loop."""
    factors = np.concatenate([one, gates])
    right = np.cumprod(factors, axis=0)
    return [
        (
            "logarithms",
            lambda: np.log(right),
            "These are the logarithms of the products.",
        ),
        (
            "products flattened",
            lambda: np.cumprod(factors),
            "The product runs over all numbers, and the axes are lost. It runs along time only.",
        ),
        (
            "first lag missing",
            lambda: right[1:],
            "The first entry is missing: k = 0, the product of no gate.",
        ),
        (
            "first lag zero",
            lambda: np.concatenate([0 * one, right[1:]]),
            "The first entry is 0. No step back means: the cell state with respect to itself.",
        ),
        (
            "whole product at the start",
            lambda: np.concatenate([right[-1:], right[1:]]),
            "At k = 0 stands the product of all gates. In Python, a[-0:] is the whole of a.",
        ),
        (
            "one at the end",
            lambda: np.concatenate([right[1:], one]),
            "The product of no gate stands at the end. It belongs to k = 0.",
        ),
        (
            "last lag only",
            lambda: right[-1],
            "Only the product of all forget gates is returned. Return it for each k.",
        ),
        (
            "first gate twice",
            lambda: np.cumprod(np.concatenate([gates[:1], gates]), axis=0),
            "The product begins with a gate, which is multiplied in once more. At k = 0 stands the "
            "product of no gate.",
        ),
        (
            "no product",
            lambda: factors,
            "These are the forget gates themselves. At k stands the product of the last k of them.",
        ),
        (
            "product of two",
            lambda: np.concatenate([one, gates * factors[:-1]]),
            "Each entry is a product of two gates at most. At k stands the product of the last k.",
        ),
        (
            "sum",
            lambda: np.concatenate([one, np.cumsum(gates, axis=0)]),
            "The forget gates are added. Along the cell path they are factors, not terms.",
        ),
        (
            "sum from one",
            lambda: np.cumsum(factors, axis=0),
            "The forget gates are added to the 1 at the beginning. Along the cell path they are "
            "factors, not terms.",
        ),
        *(
            (
                f"product along the {name}",
                lambda axis=axis: np.cumprod(factors, axis=axis),
                f"Your product runs along the {name}. It should run along the first axis, time.",
            )
            for axis, name in ((1, "batch"), (2, "units"))
        ),
    ]


def hidden_state_inputs(rng: np.random.Generator, batch: int, units: int) -> list[np.ndarray]:
    """Draw dh, output and c, each (batch, units)."""
    dh, c = normal(rng, (batch, units), (batch, units))
    return [dh, float32(rng.uniform(0.1, 0.9, size=(batch, units))), c]


def cell_state_inputs(rng: np.random.Generator, batch: int, units: int) -> list[np.ndarray]:
    """Draw dc, forget, input, candidate and c_previous, each (batch, units)."""
    dc, c_previous = normal(rng, (batch, units), (batch, units))
    forget, input = rng.uniform(0.1, 0.9, size=(2, batch, units))
    candidate = rng.uniform(-0.9, 0.9, size=(batch, units))
    return [dc, float32(forget), float32(input), float32(candidate), c_previous]


def _gates_draw(rng: Draw) -> tuple:
    arrays = normal(rng, *[tuple(sizes(rng, 2))] * 8)
    values = dict(zip(BLOCKS, arrays[4:]))
    activated = (np.tanh(z) if name == "candidate" else sigmoid(z) for name, z in values.items())
    return *arrays[:4], *activated


def _step_draw(rng: Draw) -> tuple:
    inputs = lstm_inputs(rng, *sizes(rng, 3))
    arriving = normal(rng, inputs.h.shape, inputs.h.shape)
    return *arriving, *lstm_caches(inputs), inputs.kernel, inputs.recurrent_kernel


def _sequence_draw(rng: Draw) -> tuple:
    batch, features, units, time = sizes(rng, 4)
    time = max(time, 2)  # of one step, some mistakes leave nothing, and some zeros
    inputs = lstm_inputs(rng, batch, features, units, time)
    arriving = normal(rng, (batch, time, units), (batch, units))
    return *arriving, lstm_caches(inputs), inputs.kernel, inputs.recurrent_kernel


def _product_draw(rng: Draw) -> tuple:
    return (float32(rng.uniform(0.1, 0.9, size=sizes(rng, 3))),)


WEIGHTS = {
    "d_kernel": "features, 4 * units",
    "d_recurrent_kernel": "units, 4 * units",
    "d_bias": "4 * units",
}
HIDDEN_STATE_BACKWARD = Reference(
    hidden_state_backward,
    lambda rng: tuple(hidden_state_inputs(rng, *sizes(rng, 2))),
    {"d_output": "batch, units", "d_c": "batch, units"},
    look="Work the number of the text: what is tanh(c) there, and what is its derivative?",
)
CELL_STATE_BACKWARD = Reference(
    cell_state_backward,
    lambda rng: tuple(cell_state_inputs(rng, *sizes(rng, 2))),
    {f"d_{name}": "batch, units" for name in FACTORS},
    look="Look at the two products in the equation, and for each factor at the one beside it.",
)
GATES_BACKWARD = Reference(
    gates_backward,
    _gates_draw,
    {"d_z": "batch, 4 * units"},
    look="Look at one block at a time: which activation does it belong to, and which is its place?",
)
STEP_BACKWARD = Reference(
    step_backward,
    _step_draw,
    {
        "dx": "batch, features",
        "dh_previous": "batch, units",
        "dc_previous": "batch, units",
        **WEIGHTS,
    },
    uses=("hidden_state_backward", "cell_state_backward", "gates_backward"),
    look="Look at the gradient of the new cell state, 0.5617 in the worked number, then at d_z.",
)
BACKWARD_THROUGH_TIME = Reference(
    backward_through_time,
    _sequence_draw,
    {
        "dx": "batch, time, features",
        "dh0": "batch, units",
        "dc0": "batch, units",
        **WEIGHTS,
    },
    uses=("step_backward",),
    look="Look at the two gradients that meet at each step: where does each of them come from?",
)
FORGET_PRODUCT = Reference(
    forget_product,
    _product_draw,
    {"the result": "lag, batch, units"},
    look="Look at which gate is multiplied in first, and at what stands at k = 0.",
)
