"""What the functions of the rnn-cell assignment return, with the mistakes that learners make.

Shapes: x (batch, features) or (batch, time, features); h (batch, units); kernel (features, units);
recurrent_kernel (units, units); bias (units,).
"""

from typing import Any

import numpy as np

from .inputs import Draw, rnn_inputs, sizes
from .reference import Choose, Other, Reference
from .steps import TANH, activated, flag, inputs_in_order, terms

STATE = "the new state"
TANH_OF_PARTS = (
    "Each part of the sum goes through tanh on its own. The activation is applied once, to the "
    "whole pre-activation."
)


def pre_activation(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return (batch, units)."""
    added = terms(choose, x, h, kernel, recurrent_kernel, bias)
    z = added.input + added.recurrent + added.bias
    return choose(
        "activation",
        z,
        (
            "activation applied",
            lambda: np.tanh(z),
            "The activation has already been applied. The pre-activation is what goes *into* tanh; "
            "it may exceed 1.",
        ),
    )


def rnn_step(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the new state (batch, units)."""
    new = activated(choose, terms(choose, x, h, kernel, recurrent_kernel, bias), TANH, STATE)
    return choose(
        "new state",
        new,
        (
            "tanh of each term",
            lambda: np.tanh(x @ kernel) + np.tanh(h @ recurrent_kernel + bias),
            TANH_OF_PARTS,
        ),
        (
            "tanh of each term, bias with x",
            lambda: np.tanh(x @ kernel + bias) + np.tanh(h @ recurrent_kernel),
            TANH_OF_PARTS,
        ),
        (
            "old state added",
            lambda: h + new,
            "The old h is added to the new one. It reaches the new state through the recurrent "
            "kernel only.",
        ),
        ("old state returned", lambda: h, "This is the old h. Return the state *after* the step."),
    )


def rnn_sequence(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the states after all steps (batch, time, units)."""
    read = inputs_in_order(choose, x)
    start = now = choose(
        "start",
        h,
        (
            "initial state ignored",
            lambda: np.zeros_like(h),
            "The sequence starts from zeros. Start from the h that is given.",
        ),
        (
            "initial state of the first sample",
            lambda: np.broadcast_to(h[:1], h.shape),
            "All samples start from the state of the first one. Each sample has its own row of h.",
        ),
        (
            "initial state averaged over the batch",
            lambda: np.broadcast_to(h.mean(axis=0), h.shape),
            "All samples start from the mean of the states. Each sample has its own row of h.",
        ),
    )
    states = []
    for t in range(read.shape[1]):
        new = rnn_step(choose, read[:, t], now, kernel, recurrent_kernel, bias)
        states.append(_collected(choose, now, new))
        now = _handed_on(choose, start, now, new)
    return choose(
        "states",
        np.stack(states, axis=1),
        (
            "initial state included",
            lambda: np.stack([h, *states], axis=1),
            "There is one state too many: the initial h is among them. Collect the states after "
            "the steps only.",
        ),
        (
            "states added up",
            lambda: np.cumsum(np.stack(states, axis=1), axis=1),
            "Each state is added to those before it.",
        ),
        (
            "state leaked over the batch",
            lambda: _one_sample_after_another(read, h, kernel, recurrent_kernel, bias),
            "One sample starts with the state in which another ended. Each sample has its own row "
            "of the initial h.",
        ),
    )


def _handed_on(choose: Choose, start: np.ndarray, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the state with which the next step begins."""
    return choose(
        "handed on",
        new,
        (
            "state not carried",
            lambda: start,
            "Every step starts from the initial h. Each step must start from the state that the "
            "step before it returned.",
        ),
        (
            "old state added",
            lambda: old + new,
            "The next step starts from the sum of the old state and the new one. The new state "
            "replaces the old one.",
        ),
        (
            "zeros handed on",
            lambda: np.zeros_like(new),
            "Every step but the first starts from zeros. Each step must start from the state that "
            "the step before it returned.",
        ),
    )


def _collected(choose: Choose, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return the state that is kept of a step."""
    return choose(
        "collected",
        new,
        (
            "state of before the step",
            lambda: old,
            "The states come one step late: the first is the initial h and the last one is "
            "missing. Collect the state *after* each step.",
        ),
        (
            "old state collected with the new",
            lambda: old + new,
            "What is collected is the sum of the old state and the new one.",
        ),
    )


def _one_sample_after_another(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    runs, now = [], h[:1]
    for row in x:
        run = rnn_sequence(Choose(), row[np.newaxis], now, kernel, recurrent_kernel, bias)
        now = run[:, -1]
        runs.append(run)
    return np.concatenate(runs)


def rnn_layer(
    choose: Choose,
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    initial_state: np.ndarray | None = None,
    return_sequences: bool = False,
    return_state: bool = False,
) -> Any:
    """Return the output, (batch, units) or (batch, time, units), alone or with the last state."""
    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    given = initial_state is not None
    start = choose(
        "start",
        initial_state if given else zeros,
        (
            "initial state ignored",
            lambda: zeros,
            "The layer starts from zeros although an initial state is given.",
        ),
        (
            "initial state of ones",
            lambda: initial_state if given else np.ones_like(zeros),
            "The layer starts from ones. Without an initial state it starts from zeros.",
        ),
    )
    read = choose(
        "inputs",
        x,
        (
            "time reversed",
            lambda: x[:, ::-1],
            "The inputs are read from the last to the first. Time runs forwards here.",
        ),
    )
    states = rnn_sequence(Choose(), read, start, kernel, recurrent_kernel, bias)
    sequences = flag(choose, "return_sequences", return_sequences)
    with_state = flag(choose, "return_state", return_state)
    state = _last(choose, "state", "where the last state belongs", states, start)
    output = states if sequences else _last(choose, "output", "as the output", states, start)
    return choose(
        "returned",
        [output, state] if with_state else output,
        (
            "state before output",
            lambda: [state, output] if with_state else output,
            "The state comes first. Keras returns the output first, then the state.",
        ),
        (
            "tuple of one",
            lambda: [output, state] if with_state else [output],
            "The output alone comes in a tuple or a list. Without return_state the result is the "
            "array itself.",
        ),
    )


def _last(
    choose: Choose, step: str, where: str, states: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return the last state, with what learners take for it. Both places may share a mistake."""

    def others(name: str, places: str) -> list[Other]:
        return [
            (
                f"{name}first step instead of the last",
                lambda: states[:, 0],
                f"The state after the *first* step is returned {places}.",
            ),
            (
                f"{name}last but one step",
                lambda: states[:, -2],
                f"The state after the last but one step is returned {places}.",
            ),
            (
                f"{name}last sample instead of the last step",
                lambda: states[-1],
                f"All steps of the last *sample* are returned {places}. The first axis is the "
                "batch; the last step of every sample is asked for.",
            ),
            (
                f"{name}mean over time",
                lambda: states.mean(axis=1),
                f"The mean of the states over time is returned {places}.",
            ),
            (
                f"{name}time axis kept",
                lambda: states[:, -1:],
                f"The last state is returned with a time axis of length 1 {places}. An index "
                "takes the axis away, a slice keeps it.",
            ),
            (
                f"{name}initial state returned",
                lambda: start,
                f"The initial state is returned {places}.",
            ),
        ]

    last = choose("last", states[:, -1], *others("", "where the last one belongs"))
    sequence: Other = (
        "sequence as state",
        lambda: states,
        "The states of all steps stand where the state belongs. The state is what the layer would "
        "go on from: the last one.",
    )
    return choose(step, last, *others(f"{step}: ", where), *([sequence] if step == "state" else []))


def parameter_count(choose: Choose, features: int, units: int) -> int:
    """Return the number of parameters of a SimpleRNN."""
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
        (
            "kernel of features squared",
            lambda: features**2,
            "The kernel is counted as (features, features). It leads to the units.",
        ),
    )
    recurrent_kernel = choose(
        "recurrent kernel",
        units**2,
        (
            "recurrent kernel missing",
            lambda: 0,
            "This is the number of a dense layer. The recurrent kernel is not counted.",
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
            "The recurrent kernel is counted twice. Every step uses the same one.",
        ),
    )
    bias = choose(
        "bias",
        units,
        (
            "biases missing",
            lambda: 0,
            "Your number is too small by the number of units: as if the biases were not counted.",
        ),
        (
            "biases doubled",
            lambda: 2 * units,
            "Your number is too large by the number of units: as if the biases were counted twice. "
            "One bias serves x and h together.",
        ),
        ("one bias", lambda: 1, "A single bias is counted. There is one for each unit."),
        (
            "a bias for each feature",
            lambda: features,
            "The biases are counted by features. There is one for each unit.",
        ),
        (
            "a bias for features and units",
            lambda: features + units,
            "A bias is counted for each feature and each unit. There is one for each unit.",
        ),
    )
    total = kernel + recurrent_kernel + bias
    return choose(
        "sum",
        total,
        ("LSTM", lambda: 4 * total, "This is the number of an LSTM. A simple RNN has no gates."),
        (
            "GRU",
            lambda: 3 * total,
            "This is three times the number: that of a layer with three sets of weights.",
        ),
    )


def _step_draw(rng: Draw) -> tuple:
    return rnn_inputs(rng, *sizes(rng, 3))


def _sequence_draw(rng: Draw) -> tuple:
    return rnn_inputs(rng, *sizes(rng, 4))


def _layer_draw(rng: Draw) -> tuple:
    x, h, *weights = _sequence_draw(rng)
    start, sequences, state = (bool(rng.number & bit) for bit in (1, 2, 4))
    return x, *weights, h if start else None, sequences, state


def _layer_results(
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    initial_state: np.ndarray | None = None,
    return_sequences: bool = False,
    return_state: bool = False,
) -> dict[str, str]:
    output = {"the output": "batch, time, units" if return_sequences else "batch, units"}
    return output | {"the last state": "batch, units"} if return_state else output


def _count_draw(rng: Draw) -> tuple:
    return tuple(int(size) for size in rng.choice([1, 2, 3, 7, 19], size=2))


NEW_STATE = {"the state": "batch, units"}
PRE_ACTIVATION = Reference(
    pre_activation,
    _step_draw,
    {"the pre-activation": "batch, units"},
    look="Look at the three terms one by one: their shapes, and which of them the worked number "
    "has as 1, 3 and 0.",
)
RNN_STEP = Reference(
    rnn_step,
    _step_draw,
    NEW_STATE,
    uses=("pre_activation",),
    look="Look at what goes into tanh for the worked number, and at what comes out: 0.6 and "
    "0.5370.",
)
RNN_SEQUENCE = Reference(
    rnn_sequence,
    _sequence_draw,
    {"the states": "batch, time, units"},
    uses=("rnn_step",),
    look="Look at the h that enters each step, and at the input that this step reads.",
)
RNN_LAYER = Reference(
    rnn_layer,
    _layer_draw,
    _layer_results,
    uses=("rnn_sequence",),
    look="Look at what the two options ask for here, and at the shape of what you return.",
)
PARAMETER_COUNT = Reference(
    parameter_count,
    _count_draw,
    {"the number": ""},
    look="Look at the shape of each of the three arrays in the table of section 1.",
)
