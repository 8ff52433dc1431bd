"""The steps that references share, with the alternatives at each: terms, and an activation."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from .blocks import BLOCKS, interleave, split, transpose
from .inputs import LSTMInputs
from .reference import Choose, Other

TERMS = {
    "input term": "the input's term",
    "recurrent term": "the recurrent term",
    "bias": "the bias",
}
"""The three terms of a pre-activation, and their names in messages."""

WHERE_MISSING = {
    "input term": "Your result does not depend on x. Look for the term with the kernel.",
    "recurrent term": "Your result does not depend on the previous h. Look for the term with the "
    "recurrent kernel.",
    "bias": "Your result equals the one *without the bias*.",
}


class Terms(NamedTuple):
    """The terms of a pre-activation, each (batch, units), except the bias (units,)."""

    input: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray


def terms(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> Terms:
    """Compute the terms of a pre-activation.

    x: (batch, features). h: (batch, units). The last axes of kernel, recurrent_kernel and bias are
    the units, of one block or of four.
    """
    h = choose(
        "previous h",
        h,
        (
            "state of the first sample",
            lambda: np.broadcast_to(h[:1], h.shape),
            "All samples use the state of the first one. Each sample has its own row of h.",
        ),
        (
            "state averaged over the batch",
            lambda: np.broadcast_to(h.mean(axis=0), h.shape),
            "All samples use the mean of the states. Each sample has its own row of h.",
        ),
    )
    values = (*products(choose, x, h, kernel, recurrent_kernel, bias), bias)
    return Terms(*(term(choose, name, value) for name, value in zip(TERMS, values)))


def products(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the two matrix products of a pre-activation; shapes as for `terms`."""
    return choose(
        "products",
        (x @ kernel, h @ recurrent_kernel),
        partial(_other_products, x, h, kernel, recurrent_kernel, bias),
    )


def _other_products(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[Other]:
    """List what learners compute in place of the two matrix products."""

    def turned() -> np.ndarray:
        blocks = recurrent_kernel.shape[1] // len(recurrent_kernel)  # one, three or four
        return h @ transpose(recurrent_kernel, blocks)

    return [
        (
            "concatenation order",
            lambda: _joined(h, x, kernel, recurrent_kernel),
            "x and h are joined in one order, the two kernels in the other.",
        ),
        (
            "recurrent kernel transposed",
            lambda: (x @ kernel, turned()),
            "The recurrent kernel is transposed. Rows stand for the units that h comes from, "
            "columns for the units that it goes to.",
        ),
        (
            "kernel transposed",
            lambda: (x @ kernel.T, h @ recurrent_kernel),
            "The kernel is transposed. Its rows stand for the features, its columns for the units.",
        ),
        (
            "both kernels transposed",
            lambda: (x @ kernel.T, turned()),
            "Both kernels are transposed. Their columns stand for the units that they lead to.",
        ),
        (
            "matrices on the left",
            lambda: (kernel @ x, recurrent_kernel @ h),
            "The matrices stand on the left, as for columns. Here each sample is a row, so the "
            "matrices stand on the right.",
        ),
        (
            "kernel on the left",
            lambda: (kernel @ x, h @ recurrent_kernel),
            "The kernel stands on the left of x. Each sample is a row, so it stands on the right.",
        ),
        (
            "recurrent kernel on the left",
            lambda: (x @ kernel, recurrent_kernel @ h),
            "The recurrent kernel stands on the left of h. Each sample is a row, so it stands on "
            "the right.",
        ),
        (
            "kernels swapped",
            lambda: (x @ recurrent_kernel, h @ kernel),
            "The kernels are swapped, or x and h are: the kernel belongs to x, the "
            "recurrent kernel to h.",
        ),
        (
            "number by number",
            lambda: (x * kernel, h * recurrent_kernel),
            "The kernels are multiplied number by number. A matrix product is asked for.",
        ),
        (
            "bias before the product",
            lambda: (x @ kernel, (h + bias) @ recurrent_kernel - bias),
            "The bias is added to h before the product with the recurrent kernel. It is added "
            "after it.",
        ),
    ]


def _joined(h: np.ndarray, x: np.ndarray, *kernels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the product as two unlike parts; neither is zero, so that a missing one shows."""
    product = np.concatenate([h, x], axis=1) @ np.concatenate(kernels)
    return 0.7 * product, 0.3 * product


def term(choose: Choose, name: str, value: np.ndarray) -> np.ndarray:
    """Return a term of a pre-activation; its name is a key of TERMS."""
    return choose(name, value, partial(_other_terms, name, value))


def _other_terms(name: str, value: np.ndarray) -> list[Other]:
    label = TERMS[name].capitalize()
    only_once = " One bias serves x and h together." if name == "bias" else ""
    return [
        (f"{name} missing", lambda: 0 * value, WHERE_MISSING[name]),
        (f"{name} doubled", lambda: 2 * value, f"{label} is added twice.{only_once}"),
        (f"{name} subtracted", lambda: -value, f"{label} is subtracted."),
    ]


LABELS = {
    "input": "the input gate",
    "forget": "the forget gate",
    "candidate": "the candidate",
    "output": "the output gate",
}
"""The name of each block in messages."""

ARRAYS = ("kernel", "recurrent kernel", "bias")
ORDER = "Keras stacks the blocks i, f, c, o: input gate, forget gate, candidate, output gate."


def columns(choose: Choose, block: str, *stacked: np.ndarray) -> list[np.ndarray]:
    """Take a block out of kernel, recurrent kernel and bias, or those that learners mistake for it.

    stacked: arrays (..., 4 * units). Returns three arrays (..., units).
    """
    own = BLOCKS[block]
    right = [split(array)[own] for array in stacked]
    return choose(
        f"{block} columns",
        right,
        partial(_other_columns, own, stacked),
        (
            "interleaved columns",
            lambda: [split(interleave(array))[own] for array in stacked],
            "Every fourth column was taken. Each gate's columns stand side by side, as one block.",
        ),
    )


def _other_columns(own: int, stacked: Sequence[np.ndarray]) -> list[Other]:
    return [
        (name, lambda taken=taken: [split(each)[k] for each, k in zip(stacked, taken)], message)
        for taken, name, message in _mistaken_columns(own)
    ]


@cache
def _mistaken_columns(own: int) -> list[tuple[tuple[int, ...], str, str]]:
    """List the blocks that may be taken from each array, with name and message.

    It is computed only once. The blocks with the fewest differences come first.
    """
    right = (own,) * 3
    mistaken = [taken for taken in product(range(4), repeat=3) if taken != right]
    mistaken.sort(key=lambda taken: len(set(taken)) > 1 and 3 - taken.count(own))
    return [(each, _columns_name(each, right), _columns_message(each, right)) for each in mistaken]


def _columns_name(taken: tuple[int, ...], right: tuple[int, ...]) -> str:
    names = list(BLOCKS)
    if len(set(taken)) == 1:
        return f"{names[taken[0]]} columns"
    wrong = ((array, k) for array, k, own in zip(ARRAYS, taken, right) if k != own)
    return ", ".join(f"{names[k]} {array}" for array, k in wrong)


def _columns_message(taken: tuple[int, ...], right: tuple[int, ...]) -> str:
    """Say to which gates the columns belong that were taken."""
    labels = list(LABELS.values())
    if len(set(taken)) == 1:
        return f"All your columns are those of {labels[taken[0]]}. {ORDER}"
    parts = [
        f"{'your ' if n else 'Your '}{array} is that of {labels[k]}"
        for n, (array, k) in enumerate(
            (array, k) for array, k, own in zip(ARRAYS, taken, right) if k != own
        )
    ]
    return f"{', '.join(parts)}. {ORDER}"


def lstm_caches(inputs: LSTMInputs) -> list[dict[str, np.ndarray]]:
    """Run an LSTM in NumPy, to draw the values of a forward pass.

    inputs: x (batch, features) for one step, or (batch, time, features).
    Returns one dict for each step, with the keys x (batch, features) and, each (batch, units),
    h_previous, c_previous, input, forget, candidate, output, c.
    """
    x, h, c, kernel, recurrent_kernel, bias = inputs
    caches = []
    for now in [x] if x.ndim == 2 else x.swapaxes(0, 1):
        z = dict(zip(BLOCKS, split(now @ kernel + h @ recurrent_kernel + bias)))
        gates = {name: np.tanh(z[name]) if name == "candidate" else sigmoid(z[name]) for name in z}
        cache = {"x": now, "h_previous": h, "c_previous": c, **gates}
        c = gates["forget"] * c + gates["input"] * gates["candidate"]
        h = gates["output"] * np.tanh(c)
        caches.append({**cache, "c": c})
    return caches


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the sigmoid without overflow."""
    return np.exp(-np.logaddexp(0, -x))


def hard_sigmoid(x: np.ndarray) -> np.ndarray:
    """Return Keras' hard sigmoid: a line through 0.5 that is cut at x = -3 and x = 3."""
    return np.clip(x / 6 + 0.5, 0, 1)


def older_hard_sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the hard sigmoid of Keras 2 and Theano, cut at x = -2.5 and x = 2.5."""
    return np.clip(0.2 * x + 0.5, 0, 1)


class Activation(NamedTuple):
    """An activation with its derivative, and the functions that are mistaken for it."""

    name: str
    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]  # from the value


TANH = Activation("tanh", np.tanh, lambda value: 1 - value**2)
SIGMOID = Activation("sigmoid", sigmoid, lambda value: value * (1 - value))


def activated(choose: Choose, added: Terms, right: Activation, label: str) -> np.ndarray:
    """Add the terms and apply an activation, with the mistakes that learners make there.

    label: the message's name for the result, such as "the forget gate".
    """
    z = added.input + added.recurrent + added.bias
    other = SIGMOID if right is TANH else TANH
    value = right.value(z)
    return choose(
        "activation",
        value,
        (
            "activation missing",
            lambda: z,
            f"This is the pre-activation of {label}: the activation function is missing.",
        ),
        (
            other.name,
            lambda: other.value(z),
            f"The activation of {label} is {_a(other)} here. It is {_a(right)}: "
            "a sigmoid lies between 0 and 1, tanh between -1 and 1.",
        ),
        (
            "activation twice",
            lambda: right.value(value),
            f"The activation of {label} is applied twice. Has a function that you call applied it "
            "already?",
        ),
        (
            "derivative",
            lambda: right.slope(value),
            f"This is the *derivative* of {_a(right)}, in place of its value.",
        ),
        (
            "hard tanh",
            lambda: np.clip(z, -1, 1),
            f"{label.capitalize()} is cut off at -1 and 1. The activation is a smooth function.",
        ),
        (
            "tangent",
            lambda: np.tan(z),
            f"The activation of {label} is the tangent here. tanh is the *hyperbolic* tangent.",
        ),
        (
            "arctangent",
            lambda: np.arctan(z),
            f"The activation of {label} is the inverse of the tangent here. It is {_a(right)}.",
        ),
        ("relu", lambda: np.maximum(z, 0), f"The activation of {label} is a ReLU here."),
        (
            "hard sigmoid",
            lambda: hard_sigmoid(z),
            "These are values of the *hard* sigmoid, a line that is cut off. Keras uses the smooth "
            "functions.",
        ),
        (
            "older hard sigmoid",
            lambda: older_hard_sigmoid(z),
            "These are values of a *hard* sigmoid, with the slope 0.2 that Keras 2 had. Keras uses "
            "the smooth functions.",
        ),
        (
            "softmax",
            lambda: softmax(z),
            f"{label.capitalize()} comes from a softmax: its rows add up to 1. Each number is "
            "treated on its own.",
        ),
        partial(_terms_outside, added, z, right),
    )


def _terms_outside(added: Terms, z: np.ndarray, right: Activation) -> list[Other]:
    return [
        (
            f"{name} outside",
            lambda term=term: right.value(z - term) + term,
            f"{TERMS[name].capitalize()} is added after the activation. It belongs to what goes "
            "into it.",
        )
        for name, term in zip(TERMS, added)
    ]


def gate(
    choose: Choose,
    block: str,
    added: Terms,
    h: np.ndarray,
    right: Activation,
    label: str,
    open_means: str = "",
) -> np.ndarray:
    """Return a gate, or a candidate, (batch, units), from its terms.

    right: its activation. label: its name in messages. open_means: what a message adds where a gate
    works the wrong way round.
    """
    is_gate = right is SIGMOID
    added = choose(
        "bias",
        added,
        (
            "minus on the first term alone",
            lambda: Terms(added.input, -added.recurrent, -added.bias),
            "The recurrent term and the bias have the wrong sign. A minus before a sum acts on its "
            "first term alone, unless the sum is in parentheses.",
        ),
    )
    value = activated(choose, added, right, label)
    slope = 2.0 if is_gate else 0.5  # where one of the two functions is made of the other
    return choose(
        block,
        value,
        ("complement", lambda: 1 - value, f"This is 1 minus {label}.{open_means}"),
        (
            "times h",
            lambda: value * h,
            f"Your result is {label} times the previous h. Return {label} itself.",
        ),
        (
            "times tanh of h",
            lambda: value * np.tanh(h),
            f"Your result is {label} times the tanh of the previous h. Return {label} itself.",
        ),
        (
            "terms one by one",
            lambda: sum(right.value(term) for term in added),
            "The activation is applied to each term. Add the terms first.",
        ),
        (
            "products one by one",
            lambda: right.value(added.input) + right.value(added.recurrent + added.bias),
            "The activation is applied to the part of x and to that of h separately. It is applied "
            "once, to their sum.",
        ),
        (
            "products one by one, bias with x",
            lambda: right.value(added.input + added.bias) + right.value(added.recurrent),
            "The activation is applied to the part of x, with the bias, and to that of h "
            "separately. It is applied once, to their sum.",
        ),
        (
            "twice the pre-activation" if is_gate else "half of the pre-activation",
            lambda: right.value(slope * (added.input + added.recurrent + added.bias)),
            f"What goes into the activation of {label} is {'twice' if is_gate else 'half of'} the "
            "pre-activation.",
        ),
    )


def softmax(z: np.ndarray) -> np.ndarray:
    """Return the softmax over the last axis."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _a(activation: Activation) -> str:
    return "a sigmoid" if activation is SIGMOID else "tanh"


def always(value: Any) -> Callable[[], Any]:
    """Give an alternative that does not depend on the arguments."""
    return lambda: value


def inputs_in_order(choose: Choose, x: np.ndarray) -> np.ndarray:
    """Return the inputs (batch, time, features) in the order in which a loop reads them."""
    batch = len(x)
    return choose(
        "inputs",
        x,
        (
            "time reversed",
            lambda: x[:, ::-1],
            "The inputs are read from the last to the first. Time runs forwards here.",
        ),
        (
            "first input repeated",
            lambda: np.broadcast_to(x[:, :1], x.shape),
            "Every step reads the first input. Step t reads input t.",
        ),
        (
            "last input repeated",
            lambda: np.broadcast_to(x[:, -1:], x.shape),
            "Every step reads the last input. Step t reads input t.",
        ),
        (
            "inputs one step late",
            lambda: np.roll(x, 1, axis=1),
            "Each step reads the input of the step before it, and the first one reads the last "
            "input. Python counts from 0, and index -1 is the end.",
        ),
        (
            "first step missing",
            lambda: x[:, 1:],
            "The first step is missing: it starts with the second input. Python counts from 0.",
        ),
        (
            "batch taken for time",
            lambda: np.stack([x[:, t] for t in range(batch)], axis=1),
            f"Your loop takes {batch} steps, as many as there are samples. Time is the second "
            "axis of x.",
        ),
        (
            "samples taken for steps",
            lambda: np.swapaxes(x, 0, 1),
            "Your loop takes one sample after the other where it should take one step after the "
            "other: the first axis of x is the batch, the second one is time.",
        ),
        (
            "features taken for steps",
            lambda: np.swapaxes(x, 1, 2),
            "Your loop takes one feature after the other where it should take one step after the "
            "other: the last axis of x holds the features, the second one is time.",
        ),
        (
            "mean input",
            lambda: np.broadcast_to(x.mean(axis=1, keepdims=True), x.shape),
            "Every step reads the mean of the inputs. Step t reads input t.",
        ),
    )


def flag(choose: Choose, name: str, value: bool) -> bool:
    """Return an option of a layer, or what a mistake turns it into."""
    return choose(
        name,
        value,
        (f"{name} inverted", lambda: not value, f"The option {name} works the wrong way round."),
        (
            f"{name} always true",
            lambda: True,
            f"The function acts as if {name} were True, whatever it is.",
        ),
        (
            f"{name} always false",
            lambda: False,
            f"The function acts as if {name} were False, whatever it is.",
        ),
    )


MATRIX_PRODUCTS: list[Other] = [
    (
        "matrix products",
        lambda: np.matmul,
        "Your products are matrix products. Here numbers are multiplied one by one.",
    ),
    (
        "matrix products with a transpose",
        lambda: lambda a, b: a @ b.T,
        "Your products are matrix products, with one of the arrays transposed. Here numbers are "
        "multiplied one by one.",
    ),
    (
        "matrix products of a transpose",
        lambda: lambda a, b: a.T @ b,
        "Your products are matrix products, with one of the arrays transposed. Here numbers are "
        "multiplied one by one.",
    ),
]
"""Operations that stand in place of a multiplication number by number."""
