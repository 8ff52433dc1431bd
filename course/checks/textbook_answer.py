"""What the functions of textbook-answer return, with the mistakes that learners make.

Shapes: input, forget, c, h_new, c_new, gradient (symbols, units); kernels (symbols, 4 * units),
with the blocks in Keras' order i, f, c, o; total (units,); written (pupils, 10); deductions (8,).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from .blocks import letters, side_by_side
from .inputs import Draw, float32, normal, sizes
from .reference import Choose, Other, Reference
from .steps import always, sigmoid

OPEN = 30.0
REASONS = 8
SEALED = 0x24F5ACDE
"""Which reason each of the ten sentences fails for, unreadable, since learners get this file."""


def inverse_sigmoid(choose: Choose, gate: np.ndarray) -> np.ndarray:
    """Return what must go into the sigmoid for a gate."""
    return choose(
        "inverse of the sigmoid",
        np.log(gate) - np.log(1 - gate),
        (
            "sigmoid for its inverse",
            lambda: sigmoid(gate),
            "The sigmoid is applied to the gate. The gate has come *out* of it; the kernel holds "
            "what goes in.",
        ),
        (
            "gate as it is",
            lambda: gate,
            "The gate itself stands in the kernel. The kernel holds what goes *into* the sigmoid.",
        ),
        (
            "gate upside down",
            lambda: np.log(1 - gate) - np.log(gate),
            "The sign of what goes into the sigmoid is the opposite one, as if the fraction stood "
            "upside down. A gate above one half needs a number above 0.",
        ),
        (
            "logarithm of the gate",
            lambda: np.log(gate),
            "The logarithm of the gate stands in the kernel. A gate that is half open needs a 0: "
            "look at the denominator.",
        ),
        (
            "logarithm missing",
            lambda: gate / (1 - gate),
            "The fraction stands in the kernel without its logarithm.",
        ),
        (
            "1 over the sigmoid",
            lambda: 1 / sigmoid(gate),
            "This is 1 divided by the sigmoid. The inverse asked for undoes the sigmoid.",
        ),
        (
            "inverse of tanh for a gate",
            lambda: np.arctanh(gate),
            "The inverse of tanh is applied to the gate. A gate has gone through the sigmoid.",
        ),
        (
            "logarithm to the base 10",
            lambda: np.log10(gate / (1 - gate)),
            "The logarithm has the base 10. The natural one undoes the exponential function.",
        ),
        (
            "logarithm to the base 2",
            lambda: np.log2(gate / (1 - gate)),
            "The logarithm has the base 2. The natural one undoes the exponential function.",
        ),
    )


def inverse_tanh(choose: Choose, value: np.ndarray) -> np.ndarray:
    """Return what must go into tanh for a value."""
    return choose(
        "inverse of tanh",
        np.arctanh(value),
        (
            "tanh for its inverse",
            lambda: np.tanh(value),
            "You apply tanh to the candidate. The candidate has come *out* of it.",
        ),
        (
            "candidate as it is",
            lambda: value,
            "The candidate itself is returned. The weights hold what goes *into* tanh.",
        ),
        (
            "half missing",
            lambda: 2 * np.arctanh(value),
            "What goes into tanh is twice as large as it should be. Look at the number in front of "
            "the logarithm.",
        ),
        (
            "inverse of the sigmoid for the candidate",
            lambda: np.log(value / (1 - value)),
            "The inverse of the sigmoid is applied to the candidate, which has gone through tanh. "
            "It also fails where the candidate is negative.",
        ),
        (
            "1 over tanh",
            lambda: 1 / np.tanh(value),
            "This is 1 divided by tanh. The inverse asked for undoes tanh.",
        ),
        (
            "inverse of another tangent",
            lambda: np.arctan(value),
            "This is the inverse of the tangent. The one asked for is that of the *hyperbolic* "
            "tangent.",
        ),
    )


def stacked(choose: Choose, blocks: Sequence[np.ndarray]) -> np.ndarray:
    """Put four blocks (symbols, units) side by side."""
    order = choose("order of the blocks", (0, 1, 2, 3), lambda: _orders(blocks))
    ordered = [blocks[k] for k in order]
    return choose(
        "kernel",
        side_by_side(ordered),
        (
            "blocks interleaved",
            lambda: np.stack(ordered, axis=-1).reshape(len(blocks[0]), -1),
            "The four numbers of a unit stand side by side. In Keras the columns of a block do: "
            "all of i, then all of f, of c, of o.",
        ),
        (
            "blocks below each other",
            lambda: np.concatenate(ordered, axis=0),
            "The blocks stand below each other. They belong side by side, along the last axis.",
        ),
        (
            "blocks as a list",
            lambda: ordered,
            "The four blocks are returned apart. Join them to one array.",
        ),
        (
            "blocks on an axis of their own",
            lambda: np.stack(ordered),
            "The blocks have an axis of their own. They belong side by side, along the last axis.",
        ),
    )


def _orders(blocks: Sequence[np.ndarray]) -> Iterator[Other]:
    """List the wrong orders of the blocks that give another kernel, each once."""
    seen = [list(blocks)]
    for order in permutations(range(4)):
        ordered = [blocks[k] for k in order]
        if not any(all(map(np.array_equal, ordered, each)) for each in seen):
            seen.append(ordered)
            yield f"block order {letters(order)}", always(order), _order_message(order)


def _order_message(order: tuple[int, ...]) -> str:
    if order == (1, 0, 2, 3):
        return (
            "The first two blocks have changed places: what belongs to the input gate stands in "
            "the forget gate's block, and the other way round. Keras' order is i, f, c, o."
        )
    return (
        f"Your blocks stand in the order {letters(order)}, or in one that gives the same kernel "
        "here. Keras' order is i, f, c, o."
    )


def gates(choose: Choose, input: float, forget: float) -> tuple[float, float]:
    """Return the biases of an input gate and a forget gate that are open or shut."""
    return choose(
        "open and shut",
        (input, forget),
        (
            "both gates open",
            lambda: (OPEN, OPEN),
            "Both gates are open. One of them is to be shut.",
        ),
        (
            "both gates shut",
            lambda: (-OPEN, -OPEN),
            "Both gates are shut. One of them is to be open.",
        ),
        (
            "gates in place of what goes into them",
            lambda: (float(input > 0), float(forget > 0)),
            "An open gate has a 1 and a shut one a 0 in your kernel. The kernel holds what goes "
            "into the sigmoid, and 0 leaves a gate half open.",
        ),
        (
            "a shut gate at 0",
            lambda: (max(input, 0), max(forget, 0)),
            "There is a 0 in place of the gate that is to be shut. What goes into the sigmoid is 0 "
            "for a gate that is half open.",
        ),
        (
            "opened by 1",
            lambda: (input / OPEN, forget / OPEN),
            "The gates are opened by 1 and shut by -1. That leaves them at 0.73 and 0.27: look at "
            "the numbers in the text.",
        ),
    )


def kernel_for_gates(choose: Choose, input: np.ndarray, forget: np.ndarray) -> np.ndarray:
    """Return the kernel (symbols, 4 * units) that gives the two gates."""
    input, forget = choose(
        "gates",
        (input, forget),
        (
            "forget gate from the input gate",
            lambda: (input, 1 - input),
            "Your forget gate is 1 minus the input gate. Each has values of its own here.",
        ),
        (
            "input gate from the forget gate",
            lambda: (1 - forget, forget),
            "Your input gate is 1 minus the forget gate. Each has values of its own here.",
        ),
        (
            "input gate twice",
            lambda: (input, input),
            "The forget gate's block is made of the input gate.",
        ),
        (
            "forget gate twice",
            lambda: (forget, forget),
            "The input gate's block is made of the forget gate.",
        ),
    )
    blocks = [inverse_sigmoid(choose, gate) for gate in (input, forget)]
    rest = choose(
        "other blocks",
        np.zeros_like(input),
        (
            "other blocks open",
            lambda: np.full_like(input, OPEN),
            "The blocks of the candidate and of the output gate hold 30. The text asks for 0.",
        ),
        (
            "other blocks of ones",
            lambda: np.ones_like(input),
            "The blocks of the candidate and of the output gate hold 1. The text asks for 0.",
        ),
    )
    return stacked(choose, [*blocks, rest, rest])


def kernel_for_cell(choose: Choose, c_new: np.ndarray) -> np.ndarray:
    """Return the kernel (symbols, 4 * units) that writes the new cell state."""
    input, forget = gates(choose, OPEN, -OPEN)
    candidate = inverse_tanh(choose, c_new)
    blocks = [np.full_like(c_new, input), np.full_like(c_new, forget), candidate]
    return stacked(choose, [*blocks, _output_block(choose, c_new)])


def _output_block(choose: Choose, like: np.ndarray) -> np.ndarray:
    return choose(
        "output block",
        np.zeros_like(like),
        (
            "output gate opened",
            lambda: np.full_like(like, OPEN),
            "The output gate is open. The text asks for 0 in its block.",
        ),
        (
            "output gate shut",
            lambda: np.full_like(like, -OPEN),
            "The output gate is shut. The text asks for 0 in its block.",
        ),
    )


def kernel_for_output(choose: Choose, c: np.ndarray, h_new: np.ndarray) -> np.ndarray:
    """Return the kernel (symbols, 4 * units) that shows the new hidden state."""
    shown = choose(
        "bounded cell",
        np.tanh(c),
        (
            "tanh missing",
            lambda: c,
            "The cell state has not gone through tanh on its way out. For the worked number the "
            "gate is 0.0964 / 0.9640.",
        ),
        (
            "cell ignored",
            lambda: np.sign(c),
            "The hidden state is taken for the gate, but for its sign. The gate multiplies tanh of "
            "the cell state.",
        ),
        (
            "sigmoid for tanh",
            lambda: sigmoid(c),
            "The cell state has gone through the sigmoid. On its way out it goes through tanh.",
        ),
        (
            "inverse of tanh for tanh",
            lambda: np.arctanh(c),
            "The inverse of tanh is applied to the cell state. On its way out it goes through tanh "
            "itself.",
        ),
    )
    gate = choose(
        "gate",
        h_new / shown,
        (
            "product for the quotient",
            lambda: h_new * shown,
            "The hidden state is multiplied by tanh of the cell state. It *is* such a product; "
            "undo it.",
        ),
        (
            "hidden state and cell swapped",
            lambda: shown / h_new,
            "Your gate is above 1, since the quotient stands upside down.",
        ),
        (
            "tanh of the hidden state",
            lambda: np.tanh(h_new) / shown,
            "You apply tanh to the hidden state. It has been applied already, to the cell state.",
        ),
    )
    input, forget = gates(choose, -OPEN, OPEN)
    output = inverse_sigmoid(choose, gate)
    candidate = choose(
        "candidate block",
        np.zeros_like(c),
        (
            "candidate of the cell",
            lambda: c,
            "The cell state stands in the candidate's block. The text asks for 0 there: the cell "
            "holds its number already.",
        ),
        (
            "candidate opened",
            lambda: np.full_like(c, OPEN),
            "There is a 30 in the candidate's block. The text asks for 0.",
        ),
    )
    return stacked(choose, [np.full_like(c, input), np.full_like(c, forget), candidate, output])


def bias_for_total(choose: Choose, total: np.ndarray, steps: int) -> np.ndarray:
    """Return the candidate's bias (units,) with which the cells reach the total."""
    written = choose(
        "what a step writes",
        total / _counted(choose, steps),
        (
            "steps ignored",
            lambda: total,
            "Your bias writes the whole total in one step. It is written again at every step.",
        ),
        (
            "multiplied by the steps",
            lambda: total * steps,
            "The total is multiplied by the number of steps.",
        ),
        (
            "root of the total",
            lambda: np.sign(total) * np.abs(total) ** (1 / steps),
            "A root of the total is taken, as if the steps multiplied. With open gates they add.",
        ),
        (
            "divided without its fraction",
            lambda: np.trunc(total / steps),
            "What a step writes is a whole number here. Divide with a fraction.",
        ),
    )
    bias = inverse_tanh(choose, written)
    return choose(
        "bias",
        bias,
        (
            "divided after the inverse",
            lambda: np.arctanh(total) / steps,
            "The number of steps divides what goes *into* tanh. It is the candidate that is added "
            "at each step, after tanh.",
        ),
    )


def kernel_for_gradient(choose: Choose, gradient: np.ndarray, steps: int) -> np.ndarray:
    """Return the kernel (symbols, 4 * units) that leaves the gradient."""
    power = choose(
        "power",
        gradient ** (1 / _counted(choose, steps)),
        (
            "steps ignored",
            lambda: gradient,
            "Your forget gate leaves the whole gradient asked for in one step. It acts at every "
            "step.",
        ),
        (
            "divided by the steps",
            lambda: gradient / steps,
            "The gradient is divided by the number of steps, as if the steps added. They multiply. "
            "If you meant a root: a power comes before a quotient, so look at the brackets.",
        ),
        (
            "power for the root",
            lambda: gradient**steps,
            "The gradient is multiplied by itself, step by step. It is the product already; find "
            "one factor.",
        ),
        (
            "square root whatever the steps",
            lambda: np.sqrt(gradient),
            "A square root is taken whatever the number of steps.",
        ),
    )
    nothing = np.zeros_like(power)
    candidate = choose(
        "candidate block",
        nothing,
        (
            "candidate opened",
            lambda: np.full_like(gradient, OPEN),
            "There is a 30 in the candidate's block. The text asks for 0.",
        ),
    )
    input = choose(
        "input block",
        nothing,
        (
            "input gate shut",
            lambda: np.full_like(gradient, -OPEN),
            "The input gate is shut. That leaves the gradient as it is, but the text asks for 0 in "
            "its block.",
        ),
        (
            "input gate opened",
            lambda: np.full_like(gradient, OPEN),
            "The input gate is open. The text asks for 0 in its block.",
        ),
    )
    forget = inverse_sigmoid(choose, power)
    return stacked(choose, [input, forget, candidate, _output_block(choose, gradient)])


def _counted(choose: Choose, steps: int) -> int:
    """Return the number of steps."""
    return choose(
        "steps",
        steps,
        (
            "one step too many",
            lambda: steps + 1,
            "One step too many is counted.",
        ),
        (
            "one step too few",
            lambda: steps - 1,
            "One step too few is counted.",
        ),
    )


def points_off(choose: Choose, written: np.ndarray, deductions: np.ndarray) -> np.ndarray:
    """Return the points that each pupil loses (pupils,)."""
    marked = choose(
        "written",
        written,
        (
            "sentences that were not written",
            lambda: 1 - written,
            "Pupils lose points for what they did *not* write.",
        ),
        (
            "sentences counted from 0",
            lambda: np.roll(written, -1, axis=1),
            "Sentence 1 is looked for in column 1. Python counts from 0.",
        ),
    )
    priced = choose(
        "deductions",
        deductions,
        (
            "one point for each sentence",
            lambda: np.ones_like(deductions),
            "Every sentence that fails costs 1 point. What it costs depends on the reason.",
        ),
    )
    costs = np.zeros(len(written[0]), deductions.dtype)
    for column, reason in enumerate(map(int, f"{SEALED:010}")):
        why = choose(f"reason {column}", reason, partial(_other_reasons, reason))
        costs[column] = priced[why - 1] if why else 0
    lost = marked * costs
    return choose(
        "sum",
        lost.sum(axis=1),
        (
            "mean over the sentences",
            lambda: lost.mean(axis=1),
            "The mean over the ten sentences is taken. The points add up.",
        ),
        (
            "summed over the pupils",
            lambda: lost.sum(axis=0),
            "There is a number for each sentence: the points are added up over the pupils. Add "
            "them up over the sentences.",
        ),
        (
            "summed over everything",
            lambda: lost.sum(),
            "There is one number for all pupils together. Each of them loses points of their own.",
        ),
    )


def _other_reasons(right: int) -> Iterator[Other]:
    """List what learners choose in place of a sentence's reason; 0: it is right.

    Names and messages do not say which sentence it is.
    """
    for other in range(REASONS + 1):
        if other == right:
            continue
        if not right:
            name = f"right sentence marked with reason {other}"
            message = "A sentence that is right costs points. Which of your experiments refutes it?"
        elif not other:
            name = "sentence passed over"
            message = (
                "A sentence that fails costs nothing. Ask of each experiment which sentence says "
                "that it cannot be."
            )
        else:
            name = f"reason {other} for another"
            message = (
                "The sentences that cost points are the right ones, but one of them costs the "
                "points of another reason. Which reason speaks of what its experiment set?"
            )
        yield name, always(other), message


def _gates_draw(rng: Draw) -> tuple:
    symbols, units = sizes(rng, 2)
    return tuple(float32(rng.uniform(0.05, 0.95, size=(symbols, units))) for _ in range(2))


def _cell_draw(rng: Draw) -> tuple:
    return (float32(rng.uniform(-0.95, 0.95, size=sizes(rng, 2))),)


def _output_draw(rng: Draw) -> tuple:
    (c,) = normal(rng, tuple(sizes(rng, 2)))
    c = c + np.sign(c) / 2
    return c, float32(rng.uniform(0.05, 0.95, size=c.shape) * np.tanh(c))


def _total_draw(rng: Draw) -> tuple:
    (units,) = sizes(rng, 1)
    steps = 1 + rng.number % 5
    return float32(steps * rng.uniform(-0.95, 0.95, size=units)), steps


def _gradient_draw(rng: Draw) -> tuple:
    steps = 1 + rng.number % 5
    return float32(rng.uniform(0.05, 0.95, size=sizes(rng, 2)) ** steps), steps


def _papers_draw(rng: Draw) -> tuple:
    (pupils,) = sizes(rng, 1)
    written = float32(rng.integers(0, 2, size=(pupils, 10)))
    return written, float32(rng.uniform(1, 5, size=REASONS))


KERNEL = {"the kernel": "symbols, 4 * units"}
KERNEL_FOR_GATES = Reference(
    kernel_for_gates,
    _gates_draw,
    KERNEL,
    look="Look at the four blocks of the worked number, and at what the sigmoid makes of each: "
    "0.8, 0.9, and twice 0.5.",
)
KERNEL_FOR_CELL = Reference(
    kernel_for_cell,
    _cell_draw,
    KERNEL,
    look="Look at what is left of the old cell when the forget gate is shut, and at what is added: "
    "the candidate, whole.",
)
KERNEL_FOR_OUTPUT = Reference(
    kernel_for_output,
    _output_draw,
    KERNEL,
    look="Look at the output gate of the worked number, 0.1, before you invert the sigmoid.",
)
BIAS_FOR_TOTAL = Reference(
    bias_for_total,
    _total_draw,
    {"the bias": "units"},
    look="Look at what each of the four steps of the worked number adds: 0.5.",
)
KERNEL_FOR_GRADIENT = Reference(
    kernel_for_gradient,
    _gradient_draw,
    KERNEL,
    look="Look at the forget gate of the worked number: 0.1, which is 0.01 after two steps.",
)
POINTS_OFF = Reference(
    points_off,
    _papers_draw,
    {"the points": "pupil"},
    look="Look at one experiment at a time. Which sentence says that it cannot be, and which "
    "reason names what you set there?",
)
