"""What the functions of the lstm-gates assignment return, with the mistakes that learners make.

Shapes: x (batch, features); h, c and every gate (batch, units); kernel (features, 4 * units);
recurrent_kernel (units, 4 * units); bias (4 * units,).
"""

from collections.abc import Sequence
from functools import partial
from itertools import permutations, product

import numpy as np

from . import steps
from .blocks import BLOCKS, interleave, letters, own_block, split
from .inputs import Draw, float32, lstm_inputs, sizes
from .reference import Choose, Other, Reference
from .steps import LABELS, ORDER, SIGMOID, TANH, Terms, columns, terms


def sigmoid(choose: Choose, x: np.ndarray) -> np.ndarray:
    """Return the sigmoid of each number of x, in the shape of x."""
    power = choose(
        "power",
        np.exp(-x),
        (
            "sign of the exponent",
            lambda: np.exp(x),
            "Your values fall where the sigmoid rises. Check the sign of the exponent: a large "
            "positive x gives a value near 1.",
        ),
        (
            "absolute value",
            lambda: np.exp(-np.abs(x)),
            "Your function gives x and -x the same value, the one that belongs to the positive of "
            "the two. A negative x gives less than 0.5.",
        ),
        (
            "negative absolute value",
            lambda: np.exp(np.abs(x)),
            "Your function gives x and -x the same value, the one that belongs to the negative of "
            "the two. A positive x gives more than 0.5.",
        ),
        (
            "negative x taken as 0",
            lambda: np.exp(-np.maximum(x, 0)),
            "All negative x give 0.5, as 0 does. Their values lie between 0 and 0.5.",
        ),
        (
            "positive x taken as 0",
            lambda: np.exp(-np.minimum(x, 0)),
            "All positive x give 0.5, as 0 does. Their values lie between 0.5 and 1.",
        ),
        ("twice x", lambda: np.exp(-2 * x), "Your values are the sigmoid of *twice* x."),
        ("half of x", lambda: np.exp(-x / 2), "Your values are the sigmoid of *half* of x."),
    )
    value = choose("fraction", 1 / (1 + power), partial(_other_fractions, x, power))
    return choose("value", value, partial(_other_functions, x, value))


def _other_fractions(x: np.ndarray, power: np.ndarray) -> list[Other]:
    """List what the fraction becomes when a part of it gets lost."""
    return [
        (
            "exponential",
            lambda: np.exp(x),
            "This is the exponential of x alone. The sigmoid stays between 0 and 1.",
        ),
        (
            "exponential of minus x",
            lambda: np.exp(-x),
            "This is the exponential of -x alone. The sigmoid stays between 0 and 1.",
        ),
        (
            "not divided",
            lambda: 1 + power,
            "These are values of the denominator. Is all of it below the fraction line? Python "
            "divides before it adds, unless parentheses say otherwise.",
        ),
        (
            "exponential divided by 1",
            lambda: 2 * np.exp(x),
            "Your numbers are twice the exponential of x. Is all of the denominator below the "
            "fraction line? Python divides before it adds, unless parentheses say otherwise.",
        ),
        (
            "exponential for negative x",
            lambda: np.where(x < 0, np.exp(x), 1 / (1 + power)),
            "Where x is negative your result is the exponential of x alone. What does it have to "
            "be divided by?",
        ),
        (
            "minus in the denominator",
            lambda: 1 / (1 - power),
            "The denominator is a difference in your function. It is a sum, so it never is 0.",
        ),
        (
            "infinity divided by infinity",
            lambda: np.exp(x) / (1 + np.exp(x)),
            "Where x is large your result is NaN: the exponential of x has become infinite there, "
            "and infinity divided by infinity is NaN. Each of the two formulas is safe on one side "
            "of 0 only.",
        ),
    ]


def _other_functions(x: np.ndarray, value: np.ndarray) -> list[Other]:
    """List other functions that are taken for the sigmoid."""
    return [
        (
            "tanh",
            lambda: np.tanh(x),
            "These are values of tanh, which run from -1 to 1. The sigmoid runs from 0 to 1.",
        ),
        (
            "tanh of half of x",
            lambda: np.tanh(x / 2),
            "These are values of the tanh of half of x, which run from -1 to 1. The sigmoid runs "
            "from 0 to 1.",
        ),
        (
            "between -0.5 and 0.5",
            lambda: np.tanh(x / 2) / 2,
            "Your values lie 0.5 too low: at 0 the sigmoid is 0.5.",
        ),
        (
            "tanh plus 1",
            lambda: 1 + np.tanh(x),
            "This is 1 added to tanh: it is twice as high as the sigmoid, and rises over half the "
            "way.",
        ),
        (
            "between 0 and 2",
            lambda: 2 * value,
            "Your values are twice as large as they should be. The sigmoid runs from 0 to 1.",
        ),
        (
            "hard sigmoid",
            lambda: steps.hard_sigmoid(x),
            "These are values of the *hard* sigmoid, a straight line cut at 0 and 1. Keras' LSTM "
            "uses the smooth one.",
        ),
        (
            "older hard sigmoid",
            lambda: steps.older_hard_sigmoid(x),
            "These are values of a *hard* sigmoid, with the slope 0.2 that Keras 2 had. Keras' "
            "LSTM uses the smooth one.",
        ),
        (
            "derivative",
            lambda: SIGMOID.slope(value),
            "This is the *derivative* of the sigmoid, in place of its value.",
        ),
        (
            "sigmoid twice",
            lambda: steps.sigmoid(value),
            "The sigmoid is applied twice: all your values lie above 0.5.",
        ),
        (
            "softmax",
            lambda: steps.softmax(x),
            "This is a softmax: its rows add up to 1. A sigmoid treats every number on its own.",
        ),
        (
            "softmax over all numbers",
            lambda: steps.softmax(x.ravel()).reshape(x.shape),
            "This is a softmax: all its numbers together add up to 1. A sigmoid treats every "
            "number on its own.",
        ),
        ("relu", lambda: np.maximum(x, 0), "These are values of a ReLU: negative numbers are 0."),
        (
            "softplus",
            lambda: np.log1p(np.exp(x)),
            "This is a logarithm: log(1 + e^x), the softplus. The sigmoid stays between 0 and 1.",
        ),
        (
            "times x",
            lambda: x * value,
            "The sigmoid is multiplied by x. Return the factor itself.",
        ),
        (
            "step",
            lambda: np.where(x > 0, 1.0, 0.0),
            "Your values are 0 or 1 and nothing between. The sigmoid is smooth.",
        ),
        (
            "cut to whole numbers",
            lambda: np.floor(value),
            "What follows the point is cut off, so that nearly all your values are 0. Which sign "
            "divides without cutting?",
        ),
        (
            "zero left out",
            lambda: np.where(x == 0, 0, value),
            "Where x is exactly 0 your result is 0, not 0.5: neither of your cases covers it.",
        ),
        (
            "flat",
            lambda: value.ravel(),
            "The numbers are right, but they come as one long row. The result has the shape of x.",
        ),
    ]


def split_gates(choose: Choose, stacked: np.ndarray) -> list[np.ndarray]:
    """Return the four blocks of a stacked array (..., 4 * units), each (..., units)."""
    blocks = choose("blocks", split(stacked), partial(_other_blocks, stacked))
    ordered = choose(
        "order", blocks, *_other_orders(blocks), *_repeated_blocks(blocks), *_empty_blocks(stacked)
    )
    return choose(
        "returned",
        ordered,
        (
            "stacked array",
            lambda: stacked,
            "Your function returns the stacked array as it was given. Return its four blocks.",
        ),
        (
            "one array",
            lambda: np.stack(ordered),
            "The four blocks come in one array. Return a tuple of four arrays.",
        ),
        (
            "one array, blocks next to last",
            lambda: np.stack(ordered, axis=-2),
            "The four blocks come in one array, with an axis of length 4 for them. Return a tuple "
            "of four arrays.",
        ),
        (
            "blocks transposed",
            lambda: [block.T for block in ordered],
            "The blocks are transposed: rows have become columns.",
        ),
        (
            "blocks squeezed",
            lambda: list(map(np.squeeze, ordered)),
            "The blocks have lost an axis of length 1. With one unit a block is one column wide, "
            "and keeps its axis.",
        ),
    )


def _other_blocks(stacked: np.ndarray) -> list[Other]:
    """List other ways to cut a stacked array into four."""
    width = stacked.shape[-1] // 4
    rows = len(stacked) // 4
    along_rows = "The *rows* were divided. The blocks stand side by side along the last axis."

    def cut(size: int) -> list[np.ndarray]:
        return [stacked[..., k * size : (k + 1) * size] for k in range(4)]

    return [
        (
            "interleaved",
            lambda: split(interleave(stacked)),
            "Every fourth column was taken. Each gate's columns stand side by side, as one block.",
        ),
        (
            "as many blocks as units",
            lambda: np.split(stacked, width, axis=-1),
            "There are as many blocks as units, each of four columns. There are four gates, and "
            "each has as many columns as there are units.",
        ),
        ("rows", lambda: np.split(stacked, 4), along_rows),
        (
            "rows sliced",
            lambda: [stacked[k * rows : (k + 1) * rows] for k in range(4)],
            along_rows,
        ),
        ("rows unevenly", lambda: np.array_split(stacked, 4), along_rows),
        (
            "first axis sliced",
            lambda: [stacked[k * width : (k + 1) * width] for k in range(4)],
            "The slices run along the *first* axis. The blocks stand side by side along the last "
            "one.",
        ),
        (
            "width from the first axis",
            lambda: cut(len(stacked)),
            "The width of your blocks is the length of the *first* axis. It follows from the last "
            "one.",
        ),
        (
            "width from a quarter of the first axis",
            lambda: cut(rows),
            "The width of your blocks is a quarter of the *first* axis. It follows from the last "
            "one.",
        ),
        (
            "overlapping",
            lambda: [stacked[..., k : k + width] for k in range(4)],
            "Your blocks overlap: each begins one column after the one before it. How many columns "
            "lie between the beginnings of two blocks?",
        ),
        (
            "slices to the end",
            lambda: [stacked[..., k * width :] for k in range(4)],
            "Each of your blocks goes on to the end of the array. Where does each of them end?",
        ),
        (
            "slices from the start",
            lambda: [stacked[..., : (k + 1) * width] for k in range(4)],
            "Each of your blocks begins at the start of the array. Where does each of them begin?",
        ),
        (
            "one column each",
            lambda: [stacked[..., k] for k in range(4)],
            "One column was taken for each gate. A block is as many columns wide as there are "
            "units, and keeps its axis.",
        ),
        (
            "reshaped",
            lambda: list(stacked.reshape(4, *stacked.shape[:-1], width)),
            "A reshape has mixed up the rows. It fills the blocks row by row; a block is made of "
            "columns.",
        ),
    ]


def _other_orders(blocks: list[np.ndarray]) -> list[Other]:
    """List the orders of four blocks, except those in which two have changed places, or all."""
    return [
        (
            f"order {letters(order)}",
            partial(_taken, blocks, order),
            f"Your four blocks come out in the order {letters(order)}. {ORDER}",
        )
        for order in permutations(range(4))
        if _is_beyond_a_swap(order)
    ]


def _empty_blocks(stacked: np.ndarray) -> list[Other]:
    """List the cuts that leave blocks empty, so that no order of them shows."""
    width = stacked.shape[-1] // 4
    return [
        (
            "width not divided",
            lambda: [stacked, *[stacked[..., :0]] * 3],
            "The first block is the whole array, and nothing is left for the others. How wide is "
            "one block?",
        ),
        (
            "counted from 1",
            lambda: [*split(stacked)[1:], stacked[..., :0]],
            "Your blocks begin with the second, and the last one is empty. Python counts from 0.",
        ),
        (
            "end of the slices fixed",
            lambda: [stacked[..., :width], *[stacked[..., :0]] * 3],
            "Only the first block holds anything. In a slice, the number after the colon is the "
            "place where it ends, not its length.",
        ),
    ]


def _taken(blocks: list[np.ndarray], order: Sequence[int]) -> list[np.ndarray]:
    return [blocks[k] for k in order]


def _is_beyond_a_swap(order: tuple[int, ...]) -> bool:
    return sum(place != block for place, block in enumerate(order)) > 2 and order != (3, 2, 1, 0)


def _repeated_blocks(blocks: list[np.ndarray]) -> list[Other]:
    """List what becomes of four blocks if one is taken again in another's place."""
    labels = list(LABELS.values())
    listed: list[Other] = [
        (
            f"{labels[block]} for all",
            partial(_taken, blocks, (block,) * 4),
            f"All four of your blocks are that of {labels[block]}.",
        )
        for block in range(4)
    ]
    for place, block in permutations(range(4), 2):
        order = [block if k == place else k for k in range(4)]
        listed.append(
            (
                f"{labels[block]} for {labels[place]}",
                partial(_taken, blocks, order),
                f"The block of {labels[block]} comes twice, also in the place of {labels[place]}.",
            )
        )
    return listed


def forget_gate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the forget gate of one step (batch, units)."""
    added = _terms(choose, "forget", x, h, kernel, recurrent_kernel, bias)
    own_bias = choose(
        "forget bias",
        added.bias,
        (
            "1 added to the bias",
            lambda: added.bias + 1,
            "1 is added to the bias of the forget gate. Keras sets that 1 when it makes the layer: "
            "where it is wanted, the bias that you are given holds it already.",
        ),
    )
    return _gate(choose, "forget", added._replace(bias=own_bias), h)


def input_gate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the input gate of one step (batch, units)."""
    weights = (kernel, recurrent_kernel, bias)
    gate = _gate(choose, "input", _terms(choose, "input", x, h, *weights), h)
    return choose(
        "product",
        gate,
        (
            "times the candidate",
            lambda: gate * np.tanh(_pre_activation("candidate", x, h, *weights)),
            "Your result is the input gate times the candidate. Return the gate itself; the "
            "product belongs to the cell state.",
        ),
    )


def candidate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the candidate of one step (batch, units)."""
    weights = (kernel, recurrent_kernel, bias)
    added = _terms(choose, "candidate", x, h, *weights)

    def gate(name: str) -> np.ndarray:
        return steps.sigmoid(_pre_activation(name, x, h, *weights))

    def gated_first(name: str) -> Other:
        label = LABELS[name]
        return (
            f"h times {label}",
            lambda: gate(name) * h @ own_block("candidate", recurrent_kernel),
            f"The previous h is multiplied by {label} before it enters the candidate. A GRU gates "
            "h there, with a reset gate; an LSTM does not.",
        )

    gated = map(gated_first, ("input", "forget", "output"))
    recurrent = choose("candidate columns", added.recurrent, *gated)
    value = _gate(choose, "candidate", added._replace(recurrent=recurrent), h)
    return choose(
        "product",
        value,
        (
            "already gated",
            lambda: gate("input") * value,
            "The candidate is multiplied by the input gate already. Return the candidate itself; "
            "the product belongs to the cell state.",
        ),
    )


def output_gate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the output gate of one step (batch, units)."""
    added = _terms(choose, "output", x, h, kernel, recurrent_kernel, bias)
    return _gate(choose, "output", added, h)


def _terms(choose: Choose, block: str, x: np.ndarray, h: np.ndarray, *weights: np.ndarray) -> Terms:
    """Return the terms of a gate, or of the candidate, from the stacked weights."""
    read = choose(
        "x",
        x,
        (
            "input of the first sample",
            lambda: np.broadcast_to(x[:1], x.shape),
            "All samples use the input of the first one. Each sample has its own row of x.",
        ),
    )
    taken = choose(
        "blocks",
        columns(choose, block, *weights),
        (
            "all four blocks",
            lambda: weights,
            "Your result has the columns of all four blocks. Return those of "
            f"{LABELS[block]} alone.",
        ),
        (
            "blocks reshaped",
            lambda: [each.reshape(4, *each.shape[:-1], -1)[BLOCKS[block]] for each in weights],
            "A reshape has mixed up the rows of the weights. A block is made of columns that "
            "stand side by side.",
        ),
    )
    added = terms(choose, read, h, *taken)
    own_bias = choose("bias", added.bias, partial(_single_biases, block, weights[2]))
    return added._replace(bias=own_bias)


def _single_biases(block: str, bias: np.ndarray) -> list[Other]:
    """List the numbers of a stacked bias that an index takes where a slice is meant."""
    own = own_block(block, bias)
    place = BLOCKS[block]
    listed: list[Other] = [
        (
            "first number of the bias",
            lambda: np.broadcast_to(own[:1], own.shape),
            "One number of the bias serves all units. Each unit has its own; an index takes one "
            "number of an array, a slice takes several.",
        )
    ]
    if place:
        listed.append(
            (
                "one bias for each gate",
                lambda: np.broadcast_to(bias[place], own.shape),
                "The bias is taken for four numbers, one for each gate. It holds four blocks, with "
                "a number for each unit.",
            )
        )
    return listed


OPEN_MEANS = {
    "input": " An input gate of 1 lets the whole candidate in.",
    "forget": " A forget gate of 1 keeps the whole cell state.",
    "candidate": "",
    "output": " An output gate of 1 shows the whole cell state.",
}
"""What a message adds where a gate works the wrong way round."""


def _gate(choose: Choose, block: str, added: Terms, h: np.ndarray) -> np.ndarray:
    """Return a gate, or the candidate, from its terms."""
    right = TANH if block == "candidate" else SIGMOID
    return steps.gate(choose, block, added, h, right, LABELS[block], OPEN_MEANS[block])


def _pre_activation(block: str, x: np.ndarray, h: np.ndarray, *weights: np.ndarray) -> np.ndarray:
    of_x, of_h, alone = (own_block(block, each) for each in weights)
    return x @ of_x + h @ of_h + alone


ONE_BY_ONE = "A gate acts on its own unit alone: the numbers are multiplied one by one."

FACTORS = {
    "forget": "multiplied by the forget gate",
    "input": "multiplied by the input gate",
    "1 - forget": "multiplied by 1 minus the forget gate",
    "1 - input": "multiplied by 1 minus the input gate",
    "1": "multiplied by no gate",
}
"""What the old cell state and the candidate may be multiplied by, and how a message says it."""

KNOWN = {
    ("input", "forget"): "gates swapped",
    ("1", "input"): "forget gate ignored",
    ("forget", "1"): "input gate ignored",
    ("1", "1"): "both gates ignored",
    ("1 - forget", "input"): "forget gate inverted",
    ("forget", "1 - input"): "input gate inverted",
    ("1 - forget", "1 - input"): "both gates inverted",
    ("forget", "1 - forget"): "coupled gates",
    ("forget", "forget"): "forget gate for both",
    ("input", "input"): "input gate for both",
}
"""Names of mistakes, by the factors of the old cell state and of the candidate."""


def cell_state(
    choose: Choose, forget: np.ndarray, input: np.ndarray, candidate: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Return the new cell state (batch, units)."""
    forget, input, candidate = choose(
        "arguments",
        (forget, input, candidate),
        (
            "gates squashed again",
            lambda: (steps.sigmoid(forget), steps.sigmoid(input), candidate),
            "The gates go through a sigmoid again. They are given as they come out of it.",
        ),
        (
            "candidate squashed again",
            lambda: (forget, input, np.tanh(candidate)),
            "The candidate goes through tanh again. It is given as it comes out of it.",
        ),
        (
            "activated again",
            lambda: (steps.sigmoid(forget), steps.sigmoid(input), np.tanh(candidate)),
            "The gates and the candidate go through their activations again. They are given as "
            "they come out of them.",
        ),
        partial(_first_units, forget, input, candidate),
    )
    keep, write = choose("gates", (forget, input), partial(_other_gates, forget, input))
    kept = choose("kept", keep * c, partial(_other_kept, keep, c))
    written = choose("written", write * candidate, partial(_other_written, write, candidate))
    new = kept + written
    return choose(
        "new cell state",
        new,
        (
            "squashed",
            lambda: np.tanh(new),
            "The new cell state has gone through tanh. The cell itself is not squashed: that "
            "happens on its way to h.",
        ),
        (
            "sigmoid",
            lambda: steps.sigmoid(new),
            "The new cell state has gone through a sigmoid. The cell itself is not squashed.",
        ),
        (
            "cut off",
            lambda: np.clip(new, -1, 1),
            "The new cell state is cut off at -1 and 1. It may exceed them.",
        ),
        (
            "old state added",
            lambda: c + new,
            "The old cell state is added once more, past the forget gate.",
        ),
        (
            "parts multiplied",
            lambda: forget * c * input * candidate,
            "What is kept of the old cell state is multiplied by what is written. The two are "
            "added.",
        ),
        (
            "mean of the parts",
            lambda: new / 2,
            "Your numbers are half of what they should be. The two parts are added, not averaged.",
        ),
        (
            "forget gate on the sum",
            lambda: keep * (c + written),
            "The gate of the old cell state acts on the candidate, too. Which of the two terms "
            "belongs in parentheses?",
        ),
        (
            "input gate on the sum",
            lambda: write * (kept + candidate),
            "The gate of the candidate acts on the old cell state, too. Which of the two terms "
            "belongs in parentheses?",
        ),
        (
            "old state in both terms",
            lambda: (forget + input) * c,
            "The old cell state stands in both terms. One of them is the candidate's.",
        ),
        (
            "candidate in both terms",
            lambda: (forget + input) * candidate,
            "The candidate stands in both terms. One of them is the old cell state's.",
        ),
        ("old state returned", lambda: c, "This is the old cell state. Return the new one."),
        (
            "matrix products",
            lambda: keep @ c + write @ candidate,
            f"Your products are *matrix* products. {ONE_BY_ONE}",
        ),
        (
            "matrix products with transposes",
            lambda: keep @ c.T + write @ candidate.T,
            f"Your products are *matrix* products, with what is transposed. {ONE_BY_ONE}",
        ),
    )


def _first_units(forget: np.ndarray, input: np.ndarray, candidate: np.ndarray) -> list[Other]:
    """List the arguments with gates in which all units have the value of the first one."""

    def first(gate: np.ndarray) -> np.ndarray:
        return np.broadcast_to(gate[:, :1], gate.shape)

    own = "Each unit has a gate of its own."
    return [
        (
            "first unit of the forget gate",
            lambda: (first(forget), input, candidate),
            f"All units use the first unit of the forget gate. {own}",
        ),
        (
            "first unit of the input gate",
            lambda: (forget, first(input), candidate),
            f"All units use the first unit of the input gate. {own}",
        ),
        (
            "first unit of both gates",
            lambda: (first(forget), first(input), candidate),
            f"All units use the first unit of the gates. {own}",
        ),
    ]


def _other_gates(forget: np.ndarray, input: np.ndarray) -> list[Other]:
    """List what else the old cell state and the candidate are multiplied by, both together."""
    values = dict(zip(FACTORS, (forget, input, 1 - forget, 1 - input, np.ones_like(forget))))
    others: list[Other] = []
    for keep, write in sorted(product(FACTORS, repeat=2), key=_differences)[1:]:
        parts = []
        if keep != "forget":
            parts.append(f"the old cell state is {FACTORS[keep]}")
        if write != "input":
            parts.append(f"the candidate is {FACTORS[write]}")
        others.append(
            (
                KNOWN.get((keep, write), f"{keep} for the old cell, {write} for the candidate"),
                partial(tuple, (values[keep], values[write])),
                f"In your result {', and '.join(parts)}. The forget gate belongs to the old cell "
                "state, the input gate to the candidate.",
            )
        )
    return others


def _differences(factors: tuple[str, ...]) -> int:
    """Count the wrong factors: the simplest alternatives come first."""
    return sum(factor != right for factor, right in zip(factors, ("forget", "input")))


def _other_kept(keep: np.ndarray, c: np.ndarray) -> list[Other]:
    """List what else is kept of the old cell state."""
    return [
        (
            "old state missing",
            lambda: 0 * c,
            "Nothing of the old cell state is left in the new one.",
        ),
        ("old state subtracted", lambda: -keep * c, "The old cell state is subtracted."),
        (
            "old state squashed",
            lambda: keep * np.tanh(c),
            "Your old cell state goes through tanh before the gate. The cell stays unsquashed.",
        ),
        (
            "forget gate added",
            lambda: keep + c,
            "The gate is added to the old cell state. A gate multiplies.",
        ),
        (
            "forget gate twice",
            lambda: keep * keep * c,
            "The old cell state is multiplied by its gate twice.",
        ),
        (
            "matrix product with the old state",
            lambda: keep @ c,
            f"The gate and the old cell state are multiplied as *matrices*. {ONE_BY_ONE}",
        ),
    ]


def _other_written(write: np.ndarray, candidate: np.ndarray) -> list[Other]:
    """List what else is written into the cell."""
    return [
        (
            "candidate missing",
            lambda: 0 * candidate,
            "Nothing of the candidate has reached the new cell state.",
        ),
        ("candidate subtracted", lambda: -write * candidate, "The candidate is subtracted."),
        (
            "input gate added",
            lambda: write + candidate,
            "The gate is added to the candidate. A gate multiplies.",
        ),
        (
            "input gate twice",
            lambda: write * write * candidate,
            "The candidate is multiplied by its gate twice.",
        ),
        (
            "matrix product with the candidate",
            lambda: write @ candidate,
            f"The gate and the candidate are multiplied as *matrices*. {ONE_BY_ONE}",
        ),
    ]


def hidden_state(choose: Choose, output: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return the new hidden state (batch, units)."""
    gate = choose(
        "gate",
        output,
        (
            "output gate ignored",
            lambda: np.ones_like(output),
            "The output gate has no effect.",
        ),
        (
            "output gate inverted",
            lambda: 1 - output,
            "The output gate works the wrong way round: at 1 it shows the cell.",
        ),
        (
            "gate squashed",
            lambda: np.tanh(output),
            "The output gate has gone through tanh. It is a gate already.",
        ),
        (
            "gate squashed again",
            lambda: steps.sigmoid(output),
            "The output gate has gone through a sigmoid. It is given as it comes out of one.",
        ),
        (
            "output gate twice",
            lambda: output * output,
            "The cell state is multiplied by the output gate twice.",
        ),
    )
    bounded = choose("bounded", np.tanh(c), partial(_other_bounds, c))
    return choose(
        "hidden state",
        gate * bounded,
        (
            "tanh outside",
            lambda: np.tanh(gate * c),
            "Your gate acts before the bounding. Bound the cell state first, then gate it.",
        ),
        (
            "tanh inside and outside",
            lambda: np.tanh(gate * bounded),
            "The gated state goes through tanh once more. Only the cell state does.",
        ),
        (
            "tanh on the gate",
            lambda: np.tanh(gate) * c,
            "Your tanh acts on the gate. It belongs to the cell state.",
        ),
        (
            "gate added",
            lambda: gate + bounded,
            "The output gate is added to the cell state. A gate multiplies.",
        ),
        (
            "gate alone",
            lambda: output,
            "This is the output gate itself. Nothing of the cell state has reached h.",
        ),
        (
            "cell state returned",
            lambda: c,
            "This is the cell state. Return the hidden state.",
        ),
        (
            "cell state added",
            lambda: c + gate * bounded,
            "The cell state itself is added to the hidden state.",
        ),
        (
            "matrix product",
            lambda: gate @ bounded,
            f"Your product is a *matrix* product. {ONE_BY_ONE}",
        ),
        (
            "matrix product with the transpose",
            lambda: gate @ bounded.T,
            f"Your product is a *matrix* product, with the transpose. {ONE_BY_ONE}",
        ),
    )


def _other_bounds(c: np.ndarray) -> list[Other]:
    """List what else is done to the cell state before the gate."""
    return [
        (
            "tanh missing",
            lambda: c,
            "The cell state goes out as it is. Something bounds it first.",
        ),
        (
            "sigmoid",
            lambda: steps.sigmoid(c),
            "The cell state goes through a sigmoid here. It is bounded by tanh, which may be "
            "negative.",
        ),
        (
            "tanh twice",
            lambda: np.tanh(np.tanh(c)),
            "The cell state goes through tanh twice.",
        ),
        (
            "derivative",
            lambda: 1 - np.tanh(c) ** 2,
            "This has the *derivative* of tanh in it, in place of its value.",
        ),
        (
            "tangent",
            lambda: np.tan(c),
            "The cell state goes through the tangent here. tanh is the *hyperbolic* tangent.",
        ),
        (
            "arctangent",
            lambda: np.arctan(c),
            "The cell state goes through the inverse of the tangent here. It is bounded by tanh.",
        ),
        ("relu", lambda: np.maximum(c, 0), "The cell state goes through a ReLU here."),
        (
            "cut off",
            lambda: np.clip(c, -1, 1),
            "The cell state is cut off at -1 and 1. What bounds it is a smooth curve.",
        ),
    ]


def _any_axes(x: np.ndarray) -> dict[str, str]:
    axes = ("first axis", "second axis", "third axis")
    return {"the result": ", ".join(axes[: x.ndim])}


def _blocks(stacked: np.ndarray) -> dict[str, str]:
    return dict.fromkeys(LABELS.values(), "units" if stacked.ndim == 1 else "rows, units")


def _sigmoid_draw(rng: Draw) -> tuple:
    x = rng.normal(scale=3, size=sizes(rng, int(rng.integers(1, 4))))
    if rng.number % 4 == 0:
        x.flat[-1] = 30  # so large that the sigmoid is 1
    x.flat[0] = 0
    return (float32(x),)


def _split_draw(rng: Draw) -> tuple:
    rows, units = sizes(rng, 2)
    shapes = ((rows, 4 * units), (units, 4 * units), (4 * units,))
    return (float32(rng.normal(size=shapes[rng.integers(3)])),)


def _gate_draw(rng: Draw) -> tuple:
    x, h, _, *weights = lstm_inputs(rng, *sizes(rng, 3))
    return x, h, *weights


def _cell_draw(rng: Draw) -> tuple:
    shape = sizes(rng, 2)
    forget, input = rng.uniform(0.05, 0.95, size=(2, *shape))
    candidate, c = rng.uniform(-1, 1, size=shape), rng.normal(scale=1.5, size=shape)
    return tuple(map(float32, (forget, input, candidate, c)))


def _hidden_draw(rng: Draw) -> tuple:
    shape = sizes(rng, 2)
    return float32(rng.uniform(0.05, 0.95, size=shape)), float32(rng.normal(scale=1.5, size=shape))


SIGMOID_OF_X = Reference(
    sigmoid,
    _sigmoid_draw,
    _any_axes,
    look="Look at what your function returns for 0, for 2 and for -2: the section has the three "
    "numbers.",
    warning="The exponential of a large number overflows: float32 holds it up to about x = 88. "
    "np.where does not keep you from that: it computes both of its sides for every number of x, "
    "and only then chooses. Cutting x off at 500 with np.clip would not do either. See to it "
    "that no exponent is large, whatever x is.",
)
SPLIT_GATES = Reference(
    split_gates,
    _split_draw,
    _blocks,
    look="Look at the bias of the worked number: which of its eight numbers each of your four "
    "blocks holds, and in which shape.",
)
FORGET_GATE = Reference(
    forget_gate,
    _gate_draw,
    {LABELS["forget"]: "batch, units"},
    uses=("sigmoid", "split_gates"),
    look="Look at the three terms that you add for the worked number: 2, -1 and 1.",
)
INPUT_GATE = Reference(
    input_gate,
    _gate_draw,
    {LABELS["input"]: "batch, units"},
    uses=("sigmoid", "split_gates"),
    look="Look at the three terms that you add for the worked number: -2, 0 and 0.",
)
CANDIDATE = Reference(
    candidate,
    _gate_draw,
    {LABELS["candidate"]: "batch, units"},
    uses=("split_gates",),
    look="Look at the three terms that you add for the worked number: -2, 1 and 0.5.",
)
CELL_STATE = Reference(
    cell_state,
    _cell_draw,
    {"the new cell state": "batch, units"},
    look="Look at the two parts that you add for the worked number: 1.8 and -0.2.",
)
OUTPUT_GATE = Reference(
    output_gate,
    _gate_draw,
    {LABELS["output"]: "batch, units"},
    uses=("sigmoid", "split_gates"),
    look="Look at the three terms that you add for the worked number: 1, 1 and -2.",
)
HIDDEN_STATE = Reference(
    hidden_state,
    _hidden_draw,
    {"the hidden state": "batch, units"},
    look="Look at the two numbers that you multiply for the worked number: 0.5 and 0.9217.",
)
