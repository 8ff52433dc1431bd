"""What the functions of the gru assignment return, with the mistakes that learners make.

Shapes: x (batch, features); h, the gates and the candidate (batch, units); kernel (features,
3 * units); recurrent_kernel (units, 3 * units); bias (3 * units,), or with `reset_after` (2,
3 * units). Blocks stand in Keras' order z, r, h. The layer, which reads whole sequences, has a
module of its own, `gru_layer`.
"""

from collections.abc import Callable
from functools import partial
from itertools import permutations, product

import numpy as np

from .blocks import GRU_BLOCKS, split, transpose
from .inputs import Draw, float32, gru_inputs, sizes
from .lstm_step import CANDIDATES, SIGMOIDS
from .reference import Choose, Other, Reference
from .steps import (
    ARRAYS,
    SIGMOID,
    TANH,
    Terms,
    always,
    gate,
    products,
    sigmoid,
    term,
    terms,
)

LABELS = {
    "update": "the update gate",
    "reset": "the reset gate",
    "candidate": "the candidate",
}
"""The name of each block in messages."""

ORDER = "Keras stacks the blocks z, r, h: update gate, reset gate, candidate."

OPEN_MEANS = {
    "update": " An update gate of 1 keeps the whole old state.",
    "reset": " A reset gate of 1 shows the whole old state to the candidate.",
}
"""What a message adds where a gate works the wrong way round."""


def update_gate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the update gate of one step (batch, units); its bias is (3 * units,)."""
    return _gate(choose, "update", x, h, kernel, recurrent_kernel, bias)


def reset_gate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the reset gate of one step (batch, units); its bias is (3 * units,)."""
    return _gate(choose, "reset", x, h, kernel, recurrent_kernel, bias)


def _gate(
    choose: Choose, block: str, x: np.ndarray, h: np.ndarray, *weights: np.ndarray
) -> np.ndarray:
    added = terms(choose, _each_sample(choose, x), h, *_columns(choose, block, *weights))
    added = added._replace(bias=_bias_of_each_unit(choose, added.bias))
    value = gate(choose, block, added, h, SIGMOID, LABELS[block], OPEN_MEANS[block])
    return choose(
        "keeping",
        value,
        (
            "forget bias added",
            lambda: sigmoid(added.input + added.recurrent + added.bias + 1),
            "1 is added to the bias. That is the forget bias of a fresh LSTM; a GRU has none.",
        ),
    )


def _each_sample(choose: Choose, x: np.ndarray) -> np.ndarray:
    return choose(
        "x",
        x,
        (
            "input of the first sample",
            lambda: np.broadcast_to(x[:1], x.shape),
            "All samples use the input of the first one. Each sample has its own row of x.",
        ),
    )


def _bias_of_each_unit(choose: Choose, bias: np.ndarray) -> np.ndarray:
    return choose(
        "bias of each unit",
        bias,
        (
            "first number of the bias",
            lambda: np.broadcast_to(bias[..., :1], bias.shape),
            "One number of the bias serves all units. Each unit has its own; an index takes one "
            "number of an array, a slice takes several.",
        ),
    )


def _columns(choose: Choose, block: str, *stacked: np.ndarray) -> list[np.ndarray]:
    """Take a block out of kernel, recurrent kernel and bias, or those that are mistaken for it."""
    own = GRU_BLOCKS[block]
    right = [split(array, 3)[own] for array in stacked]
    taken = choose(
        "columns",
        right,
        *(
            (
                f"columns of {label}",
                lambda k=k: [split(array, 3)[k] for array in stacked],
                f"All your columns are those of {label}. {ORDER}",
            )
            for k, label in enumerate(LABELS.values())
            if k != own
        ),
        (
            "every third column",
            lambda: [array[..., own::3] for array in stacked],
            "Every third column was taken. Each block's columns stand side by side.",
        ),
        (
            "all three blocks",
            lambda: list(stacked),
            f"Your result has the columns of all three blocks. Return those of {LABELS[block]} "
            "alone.",
        ),
        (
            "blocks reshaped",
            lambda: [array.reshape(3, *array.shape[:-1], -1)[own] for array in stacked],
            "A reshape has mixed up the rows of the weights. A block is made of columns that "
            "stand side by side.",
        ),
    )
    if taken is not right:  # one more wrong block would have two explanations
        return taken
    return [
        choose(f"{array} columns", block_of_it, *_of_other_blocks(array, own, whole))
        for array, block_of_it, whole in zip(ARRAYS, right, stacked)
    ]


def _of_other_blocks(array: str, own: int, stacked: np.ndarray) -> list[Other]:
    return [
        (
            f"{array} of {label}",
            lambda k=k: split(stacked, 3)[k],
            f"Your {array} is that of {label}. {ORDER}",
        )
        for k, label in enumerate(LABELS.values())
        if k != own
    ]


def candidate_reset_before(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    reset: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the candidate (batch, units) of a GRU that resets before the product."""
    reset = _given(choose, reset, x, h, kernel, recurrent_kernel, bias)
    columns = _columns(choose, "candidate", kernel, recurrent_kernel, bias)
    gated = _reset(choose, reset, h, "the previous h")
    added = terms(choose, _each_sample(choose, x), gated, *columns)
    added = added._replace(bias=_bias_of_each_unit(choose, added.bias))
    others = partial(_late_resets, reset, h, columns[1], added)
    added = choose("place of the reset before", added, others)
    return _activated(choose, added, reset, h)


def _given(
    choose: Choose, reset: np.ndarray, x: np.ndarray, h: np.ndarray, *weights: np.ndarray
) -> np.ndarray:
    """Return the reset gate that is given."""

    def anew() -> np.ndarray:
        kernel, recurrent_kernel, bias = (split(each, 3)[GRU_BLOCKS["reset"]] for each in weights)
        return sigmoid(x @ kernel + h @ recurrent_kernel + np.atleast_2d(bias).sum(axis=0))

    return choose(
        "given reset gate",
        reset,
        (
            "reset gate computed anew",
            anew,
            "The reset gate is computed anew, from x and h. It is given: use the argument reset.",
        ),
    )


def _late_resets(
    reset: np.ndarray, h: np.ndarray, recurrent_kernel: np.ndarray, added: Terms
) -> list[Other]:
    """List what the reset gate acts on in place of h: value, the terms of the candidate."""
    return [
        (
            "reset after the product",
            lambda: added._replace(recurrent=reset * (h @ recurrent_kernel)),
            "Your reset gate acts on what comes *out of* the product with the recurrent kernel. "
            "With reset_after=False it acts on what goes in.",
        ),
        (
            "reset on the bias too",
            lambda: Terms(added.input, reset * (h @ recurrent_kernel), reset * added.bias),
            "Your reset gate acts on the product and on the bias. With reset_after=False it acts "
            "on h alone, before the product.",
        ),
        (
            "reset on the whole sum",
            lambda: Terms(reset * added.input, reset * (h @ recurrent_kernel), reset * added.bias),
            "Your reset gate acts on all that goes into tanh. It must act on the old state alone: "
            "what comes from x enters in any case.",
        ),
        (
            "reset on x",
            lambda: added._replace(input=reset * added.input, recurrent=h @ recurrent_kernel),
            "Your reset gate acts on what comes from x. It must act on what comes from the "
            "old state.",
        ),
    ]


def _reset(choose: Choose, reset: np.ndarray, value: np.ndarray, what: str) -> np.ndarray:
    """Multiply a value by the reset gate; what: its name in messages."""
    return choose(
        "reset",
        reset * value,
        (
            "reset gate ignored",
            lambda: value,
            f"The reset gate has no effect: {what} enters whole.",
        ),
        (
            "reset gate inverted",
            lambda: (1 - reset) * value,
            f"Here {what} is multiplied by 1 minus the reset gate. {OPEN_MEANS['reset'].strip()}",
        ),
        (
            "reset gate squashed again",
            lambda: sigmoid(reset) * value,
            "The reset gate goes through a sigmoid again. It is given as it comes out of it.",
        ),
        (
            "reset gate added",
            lambda: reset + value,
            f"The reset gate is added to {what}. A gate scales what it acts on.",
        ),
        (
            "reset gate alone",
            lambda: reset + 0 * value,
            f"The reset gate stands in the place of {what}. A gate scales something: what?",
        ),
        (
            "reset gate of the first unit",
            lambda: reset[:, :1] * value,
            "All units use the reset gate of the first one. Each unit has its own.",
        ),
        (
            "reset gate of the first sample",
            lambda: reset[:1] * value,
            "All samples use the reset gate of the first one. Each sample has its own row.",
        ),
        (
            "matrix product",
            lambda: reset @ value,
            "The reset gate enters by a *matrix* product. A gate scales number by number.",
        ),
    )


def _activated(choose: Choose, added: Terms, reset: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Return the candidate from its terms."""
    value = gate(choose, "candidate", added, h, TANH, LABELS["candidate"])
    return choose(
        "gated",
        value,
        (
            "candidate times the reset gate",
            lambda: reset * value,
            "Your result is the candidate times the reset gate. The gate acts inside the "
            "candidate, on what comes from the old state.",
        ),
    )


def candidate_reset_after(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    reset: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the candidate (batch, units) of a GRU that resets after the product."""
    reset = _given(choose, reset, x, h, kernel, recurrent_kernel, bias)
    kernel, recurrent_kernel, rows = _columns(choose, "candidate", kernel, recurrent_kernel, bias)
    rows = _bias_of_each_unit(choose, rows)
    of_x, of_h = _both_rows(choose, *rows)
    both = products(choose, _each_sample(choose, x), h, kernel, recurrent_kernel, of_h)
    of_input = term(choose, "input term", both[0])
    of_state = term(choose, "recurrent term", both[1])
    added = _after(choose, reset, h, recurrent_kernel, Terms(of_input, of_state, of_x), of_h)
    return _activated(choose, added, reset, h)


def _after(
    choose: Choose,
    reset: np.ndarray,
    h: np.ndarray,
    recurrent_kernel: np.ndarray,
    added: Terms,
    of_h: np.ndarray,
) -> Terms:
    """Let the reset gate act after the product.

    added: the terms without it, with the first row of the bias. of_h: the second row.
    """
    of_input, of_state, of_x = added
    gated = _reset(choose, reset, of_state + of_h, "what comes from the old state")
    return choose(
        "place of the reset after",
        Terms(of_input, gated, of_x),
        (
            "reset before the product",
            lambda: Terms(of_input, (reset * h) @ recurrent_kernel, of_x + of_h),
            "Your reset gate acts on h *before* the product with the recurrent kernel. With "
            "reset_after it acts on what comes out of the product.",
        ),
        (
            "reset before the product, and on the bias",
            lambda: Terms(of_input, (reset * h) @ recurrent_kernel, of_x + reset * of_h),
            "Your reset gate acts on h *before* the product with the recurrent kernel. With "
            "reset_after it acts on what comes out of the product.",
        ),
        (
            "recurrent bias outside the reset",
            lambda: Terms(of_input, reset * of_state, of_x + of_h),
            "The second row of the bias is added after the reset gate has acted. It belongs to "
            "what the gate acts on.",
        ),
        (
            "both rows inside the reset",
            lambda: Terms(of_input, reset * (of_state + of_x + of_h), 0 * of_x),
            "Your reset gate acts on both rows of the bias. The first row belongs to what comes "
            "from x, on which the gate does not act.",
        ),
        (
            "reset on the whole sum",
            lambda: Terms(reset * of_input, reset * (of_state + of_h), reset * of_x),
            "Your reset gate acts on all that goes into tanh. It must act on what comes from the "
            "old state alone: what comes from x enters in any case.",
        ),
        (
            "reset on x",
            lambda: Terms(reset * of_input, of_state + of_h, reset * of_x),
            "Your reset gate acts on what comes from x. It must act on what comes from the "
            "old state.",
        ),
    )


def _both_rows(choose: Choose, of_x: np.ndarray, of_h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two rows of a bias: what is added to the part of x, and to that of h."""
    return choose(
        "rows",
        (of_x, of_h),
        (
            "rows of the bias swapped",
            lambda: (of_h, of_x),
            "The two rows of the bias have changed places. The first belongs to x, the second to "
            "the old state.",
        ),
        (
            "first row of the bias missing",
            lambda: (0 * of_x, of_h),
            "The first row of the bias is missing. It is added to what comes from x.",
        ),
        (
            "second row of the bias missing",
            lambda: (of_x, 0 * of_h),
            "The second row of the bias is missing. It is added to what comes from the old state.",
        ),
        (
            "no bias",
            lambda: (0 * of_x, 0 * of_h),
            "Both rows of the bias are missing.",
        ),
        (
            "first row of the bias twice",
            lambda: (of_x, of_x),
            "The first row of the bias stands in both places. The second belongs to what comes "
            "from the old state.",
        ),
        (
            "second row of the bias twice",
            lambda: (of_h, of_h),
            "The second row of the bias stands in both places. The first belongs to what comes "
            "from x.",
        ),
        (
            "sum of the rows in both places",
            lambda: (of_x + of_h, of_x + of_h),
            "The sum of both rows of the bias stands in both places. Here each row has a place of "
            "its own.",
        ),
    )


FACTORS = {
    "update": "multiplied by the update gate",
    "1 - update": "multiplied by 1 minus the update gate",
    "1": "multiplied by no gate",
    "0": "missing",
}
"""What the old state and the candidate may be multiplied by, and how a message says it."""

KNOWN = {
    ("1 - update", "update"): "sign of the update gate",
    ("update", "update"): "update gate for both",
    ("1 - update", "1 - update"): "1 minus the update gate for both",
    ("1", "1 - update"): "old state kept whole",
    ("update", "1"): "candidate taken whole",
    ("1", "1"): "update gate ignored",
    ("update", "0"): "candidate missing",
    ("0", "1 - update"): "old state missing",
    ("1", "update"): "candidate added by the update gate",
    ("0", "1"): "candidate returned",
    ("1", "0"): "old state returned",
}
"""Names of mistakes, by the factors of the old state and of the candidate."""

SIGNS = (
    "The update gate works the wrong way round: 1 takes the whole candidate. Some papers write it "
    "so; in Keras 1 keeps the whole old state."
)


def new_state(
    choose: Choose, update: np.ndarray, candidate: np.ndarray, h: np.ndarray
) -> np.ndarray:
    """Return the new state (batch, units)."""
    update, candidate = choose(
        "arguments",
        (update, candidate),
        (
            "update gate squashed again",
            lambda: (sigmoid(update), candidate),
            "The update gate goes through a sigmoid again. It is given as it comes out of it.",
        ),
        (
            "candidate squashed again",
            lambda: (update, np.tanh(candidate)),
            "The candidate goes through tanh again. It is given as it comes out of it.",
        ),
        (
            "update gate of the first unit",
            lambda: (np.broadcast_to(update[:, :1], update.shape), candidate),
            "All units use the update gate of the first one. Each unit has its own.",
        ),
        (
            "update gate of the first sample",
            lambda: (np.broadcast_to(update[:1], update.shape), candidate),
            "All samples use the update gate of the first one. Each sample has its own row.",
        ),
        (
            "update gate averaged over the units",
            lambda: (update.mean(axis=1, keepdims=True) + 0 * update, candidate),
            "All units use the mean of the update gate. Each unit has its own.",
        ),
    )
    old = choose(
        "old state",
        h,
        (
            "state of the first sample",
            lambda: np.broadcast_to(h[:1], h.shape),
            "All samples use the state of the first one. Each sample has its own row of h.",
        ),
        (
            "old state squashed",
            lambda: np.tanh(h),
            "The old state goes through tanh before it is mixed. It enters as it is.",
        ),
    )
    return _mixed(choose, update, candidate, old)


def _mixed(choose: Choose, update: np.ndarray, candidate: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Mix the old state and the candidate."""
    new = update * h + (1 - update) * candidate
    return choose("mixture", new, partial(_other_mixtures, update, candidate, h, new))


def _other_mixtures(
    update: np.ndarray, candidate: np.ndarray, h: np.ndarray, new: np.ndarray
) -> list[Other]:
    """List what else is made of the old state and the candidate."""
    values = dict(zip(FACTORS, (update, 1 - update, np.ones_like(update), np.zeros_like(update))))
    others: list[Other] = []
    for keep, write in sorted(product(FACTORS, repeat=2), key=_differences)[1:]:
        if (keep, write) == ("0", "0"):
            continue  # a slip, `zeros`
        others.append(
            (
                KNOWN.get((keep, write), f"{keep} for the old state, {write} for the candidate"),
                lambda k=keep, w=write: values[k] * h + values[w] * candidate,
                _mixture_message(keep, write),
            )
        )
    return [
        *others,
        (
            "parentheses missing",
            lambda: update * h + 1 - update * candidate,
            "Python multiplies before it subtracts: what is subtracted from 1 here is not the "
            "update gate alone.",
        ),
        (
            "candidate subtracted",
            lambda: update * h - (1 - update) * candidate,
            "The candidate's part is subtracted. The two parts are added.",
        ),
        (
            "parts multiplied",
            lambda: update * h * (1 - update) * candidate,
            "The two parts are multiplied. They are added.",
        ),
        (
            "mean of the parts",
            lambda: new / 2,
            "Your numbers are half of what they should be. The two parts are added, not averaged.",
        ),
        (
            "new state squashed",
            lambda: np.tanh(new),
            "The new state has gone through tanh. Only the candidate has a tanh; the mixture is "
            "returned as it is.",
        ),
        (
            "new state through a sigmoid",
            lambda: sigmoid(new),
            "The new state has gone through a sigmoid. The mixture is returned as it is.",
        ),
        (
            "old state added",
            lambda: h + new,
            "The old state is added once more, past the update gate.",
        ),
        (
            "matrix products",
            lambda: update @ h + (1 - update) @ candidate,
            "Your products are *matrix* products. A gate acts on its own unit alone: the numbers "
            "are multiplied one by one.",
        ),
        (
            "matrix products with transposes",
            lambda: update @ h.T + (1 - update) @ candidate.T,
            "Your products are *matrix* products, with what is transposed. A gate acts on its own "
            "unit alone: the numbers are multiplied one by one.",
        ),
    ]


def _mixture_message(keep: str, write: str) -> str:
    if (keep, write) == ("1 - update", "update"):
        return SIGNS
    if (keep, write) == ("0", "1"):
        return "This is the candidate. It is mixed with the old state."
    if (keep, write) == ("1", "0"):
        return "This is the old state. The candidate is mixed with it."
    parts = []
    if keep != "update":
        parts.append(f"the old state is {FACTORS[keep]}")
    if write != "1 - update":
        parts.append(f"the candidate is {FACTORS[write]}")
    return (
        f"In your result {', and '.join(parts)}. The two shares add up to 1, and an update gate "
        "of 1 keeps the whole old state."
    )


def _differences(factors: tuple[str, ...]) -> int:
    """Count the wrong factors: the simplest alternatives come first."""
    return sum(factor != right for factor, right in zip(factors, ("update", "1 - update")))


def _orders() -> list[Other]:
    """List the wrong orders of the three blocks."""
    return [
        (
            f"blocks in the order {', '.join('zrh'[k] for k in order)}",
            always(order),
            f"Your blocks are taken in the order {', '.join('zrh'[k] for k in order)}. {ORDER}",
        )
        for order in list(permutations(range(3)))[1:]
    ]


ORDERS = _orders()


def gru_step(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    reset_after: bool = True,
) -> np.ndarray:
    """Return the new state (batch, units)."""
    h = choose(
        "old state",
        h,
        (
            "state of the first sample",
            lambda: np.broadcast_to(h[:1], h.shape),
            "All samples use the state of the first one. Each sample has its own row of h.",
        ),
    )
    weights = _weights(choose, kernel, recurrent_kernel, bias)
    order = choose("order of the blocks", (0, 1, 2), *ORDERS)
    of_z, of_r, of_h = zip(*([split(array, 3)[k] for k in order] for array in weights))
    squash = choose("sigmoid", sigmoid, *SIGMOIDS)
    rows = choose("rows for the gates", _summed, *ROWS) if reset_after else _only_row
    update, reset = (squash(x @ block[0] + h @ block[1] + rows(block[2])) for block in (of_z, of_r))
    gates = update, reset
    update = choose(
        "update gate",
        gates[0],
        (
            "reset gate for the update gate",
            lambda: gates[1],
            "The reset gate stands where the update gate belongs.",
        ),
    )
    reset = choose(
        "reset gate",
        gates[1],
        (
            "update gate for the reset gate",
            lambda: gates[0],
            "The update gate stands where the reset gate belongs.",
        ),
    )
    candidate = _candidate(choose, x, h, reset, of_h, reset_after)
    return _mixed(choose, update, candidate, h)


def _weights(
    choose: Choose, kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return the stacked weights as they are used."""
    return (
        choose(
            "kernel",
            kernel,
            (
                "input term missing",
                lambda: 0 * kernel,
                "Your result does not depend on x. Look for the term with the kernel.",
            ),
        ),
        choose(
            "recurrent kernel",
            recurrent_kernel,
            (
                "recurrent term missing",
                lambda: 0 * recurrent_kernel,
                "Neither the gates nor the candidate depend on the old h. Look for the term with "
                "the recurrent kernel.",
            ),
            (
                "recurrent kernel transposed",
                lambda: transpose(recurrent_kernel, 3),
                "The recurrent kernel is transposed. Rows stand for the units that h comes from, "
                "columns for the units that it goes to.",
            ),
        ),
        choose(
            "bias",
            bias,
            ("bias missing", lambda: 0 * bias, "The bias is missing."),
            ("bias doubled", lambda: 2 * bias, "The bias is added twice."),
        ),
    )


def _summed(rows: np.ndarray) -> np.ndarray:
    return rows[0] + rows[1]


def _only_row(bias: np.ndarray) -> np.ndarray:
    return bias


Rows = Callable[[np.ndarray], np.ndarray]

ROWS: list[Other] = [
    (
        "first row of the bias for the gates",
        lambda: lambda rows: rows[0],
        "The gates use the first row of the bias alone. They need both rows, added.",
    ),
    (
        "second row of the bias for the gates",
        lambda: lambda rows: rows[1],
        "The gates use the second row of the bias alone. They need both rows, added.",
    ),
    (
        "mean of the rows for the gates",
        lambda: lambda rows: rows.mean(axis=0),
        "The gates use the mean of the two rows of the bias. They need both rows, added.",
    ),
]


def _candidate(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    reset: np.ndarray,
    weights: tuple[np.ndarray, ...],
    reset_after: bool,
) -> np.ndarray:
    """Return the candidate (batch, units) of a step. weights: its blocks."""
    kernel, recurrent_kernel, bias = weights
    activation = choose("candidate activation", np.tanh, *CANDIDATES)
    if reset_after:
        of_x, of_h = _both_rows(choose, *bias)
        added = Terms(x @ kernel, h @ recurrent_kernel, of_x)
        added = _after(choose, reset, h, recurrent_kernel, added, of_h)
    else:
        gated = _reset(choose, reset, h, "the previous h")
        added = Terms(x @ kernel, gated @ recurrent_kernel, bias)
        others = partial(_late_resets, reset, h, recurrent_kernel, added)
        added = choose("place of the reset before", added, others)
    return activation(added.input + added.recurrent + added.bias)


def gru_parameter_count(choose: Choose, features: int, units: int, reset_after: bool = True) -> int:
    """Return the number of parameters of a GRU."""
    features, units = choose(
        "arguments",
        (features, units),
        (
            "features and units swapped",
            lambda: (units, features),
            "features and units have changed places.",
        ),
    )
    kernel = choose(
        "kernel",
        features * units,
        ("kernel missing", lambda: 0, "The kernel that acts on x is not counted."),
        (
            "kernel added",
            lambda: features + units,
            "The kernel's rows and columns are added. How many numbers does a matrix hold?",
        ),
    )
    recurrent_kernel = choose(
        "recurrent kernel",
        units**2,
        (
            "recurrent kernel missing",
            lambda: 0,
            "The recurrent kernel that acts on h is not counted.",
        ),
        (
            "recurrent kernel by features",
            lambda: features * units,
            "The recurrent kernel is counted with one row for each feature. It acts on h: how many "
            "rows does that need?",
        ),
        (
            "recurrent kernel is a vector",
            lambda: units,
            "The recurrent kernel is counted as one number for each unit. Each unit hears all of "
            "them.",
        ),
        (
            "recurrent kernel doubled",
            lambda: 2 * units**2,
            "The recurrent kernel is counted twice. There is one, whatever reset_after is.",
        ),
    )
    rows = choose(
        "rows of the bias",
        2 if reset_after else 1,
        ("biases missing", lambda: 0, "The biases are not counted."),
        (
            "one row of the bias",
            lambda: 1,
            "You count one row of the bias, whatever reset_after is. With it there are two.",
        ),
        (
            "two rows of the bias",
            lambda: 2,
            "Two rows of the bias are counted in any case. Without reset_after there is one.",
        ),
        (
            "rows the other way round",
            lambda: 1 if reset_after else 2,
            "The option works the wrong way round: with reset_after the bias has two rows.",
        ),
    )
    bias = choose(
        "bias",
        rows * units,
        ("one bias for each row", lambda: rows, "A row of the bias is counted as one number."),
        (
            "a bias for each feature",
            lambda: rows * features,
            "The biases are counted by features. There is one for each unit.",
        ),
    )
    blocks = choose(
        "blocks",
        3,
        ("LSTM", lambda: 4, "Four blocks are counted, as in an LSTM. A GRU has fewer."),
        (
            "one block",
            lambda: 1,
            "One block is counted: a simple recurrent layer has as many parameters.",
        ),
        (
            "two blocks",
            lambda: 2,
            "Two blocks are counted, one for each gate. The candidate has weights of its own.",
        ),
    )
    return choose(
        "sum",
        blocks * (kernel + recurrent_kernel + bias),
        (
            "biases of one block",
            lambda: blocks * (kernel + recurrent_kernel) + bias,
            "The biases are counted for one block only. Each block has its own.",
        ),
    )


def _gate_draw(rng: Draw) -> tuple:
    return gru_inputs(rng, *sizes(rng, 3))


def _candidate_draw(reset_after: bool, rng: Draw) -> tuple:
    x, h, *weights = gru_inputs(rng, *sizes(rng, 3), reset_after=reset_after)
    return x, h, float32(rng.uniform(0.05, 0.95, size=h.shape)), *weights


def _mixture_draw(rng: Draw) -> tuple:
    shape = sizes(rng, 2)
    arrays = rng.uniform(0.05, 0.95, size=shape), rng.uniform(-1, 1, size=shape)
    return *map(float32, arrays), float32(rng.normal(scale=1.5, size=shape))


def _step_draw(rng: Draw) -> tuple:
    reset_after = rng.number // 2 % 2 == 0
    return *gru_inputs(rng, *sizes(rng, 3), reset_after=reset_after), reset_after


def _count_draw(rng: Draw) -> tuple:
    features, units = (int(size) for size in rng.choice([1, 2, 4, 7, 19], size=2))
    return features, units, rng.number % 2 == 0


UPDATE_GATE = Reference(
    update_gate,
    _gate_draw,
    {LABELS["update"]: "batch, units"},
    uses=("sigmoid",),
    look="Look at the three terms that you add for the worked number: 2, -1 and 1.",
)
RESET_GATE = Reference(
    reset_gate,
    _gate_draw,
    {LABELS["reset"]: "batch, units"},
    uses=("sigmoid",),
    look="Look at the three terms that you add for the worked number: -2, 1 and 1.",
)
CANDIDATE_RESET_BEFORE = Reference(
    candidate_reset_before,
    partial(_candidate_draw, False),
    {LABELS["candidate"]: "batch, units"},
    look="Look at what the reset gate multiplies for the worked number, and at the three terms "
    "that you add: -2, 0.5 and 0.5.",
)
CANDIDATE_RESET_AFTER = Reference(
    candidate_reset_after,
    partial(_candidate_draw, True),
    {LABELS["candidate"]: "batch, units"},
    look="Look at what the reset gate multiplies for the worked number: 2. The rest of the sum is "
    "-1.5.",
)
NEW_STATE = Reference(
    new_state,
    _mixture_draw,
    {"the new state": "batch, units"},
    look="Look at the two parts that you add for the worked number: 0.4404 and -0.0908.",
)
GRU_STEP = Reference(
    gru_step,
    _step_draw,
    {"the new state": "batch, units"},
    uses=(
        "update_gate",
        "reset_gate",
        "candidate_reset_before",
        "candidate_reset_after",
        "new_state",
    ),
    look="Look at z, r and the candidate for the worked numbers, in both orders, and at the bias "
    "that each of them gets.",
)
GRU_PARAMETER_COUNT = Reference(
    gru_parameter_count,
    _count_draw,
    {"the number": ""},
    look="Look at the shapes of the three arrays in the table of section 1, and at the bias with "
    "reset_after.",
)
