"""What the layer of the gru assignment returns, with the mistakes that learners make.

Shapes: x (batch, time, features); h (batch, units); kernel (features, 3 * units); recurrent_kernel
(units, 3 * units); bias (3 * units,), or with `reset_after` (2, 3 * units).
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from .blocks import split
from .gru import GRU_STEP, gru_step
from .inputs import Draw, gru_inputs, sizes
from .reference import Choose, Other, Reference, mistaken
from .steps import always, flag, inputs_in_order, sigmoid

OF_A_STEP = (
    ("mixture", "sign of the update gate"),
    ("order of the blocks", "blocks in the order r, z, h"),
    ("recurrent kernel", "recurrent kernel transposed"),
    ("bias", "bias missing"),
    ("reset", "reset gate ignored"),
    ("place of the reset before", "reset after the product"),
    ("place of the reset after", "reset before the product"),
    ("rows", "rows of the bias swapped"),
    ("rows for the gates", "first row of the bias for the gates"),
    ("sigmoid", "hard sigmoid"),
)
"""The mistakes in a step that are looked for in a layer, which should call `gru_step`."""


def _wrong_steps() -> list[Other]:
    messages: dict[tuple[str, str], str] = {}
    for number in range(4):  # both values of reset_after
        messages |= GRU_STEP.examine(GRU_STEP.draw(Draw(number))).messages
    return [(key[1], always(mistaken(gru_step, *key)), messages[key]) for key in OF_A_STEP]


WRONG_STEPS = _wrong_steps()


def _step(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    reset_after: bool,
) -> np.ndarray:
    """Return the new h: `gru_step` without its alternatives, which take time."""
    of_x, of_h = bias if reset_after else (bias, 0 * bias)
    read, recurrent = split(x @ kernel + of_x, 3), split(h @ recurrent_kernel + of_h, 3)
    z, r = sigmoid(read[0] + recurrent[0]), sigmoid(read[1] + recurrent[1])
    last = r * recurrent[2] if reset_after else (r * h) @ split(recurrent_kernel, 3)[2]
    return z * h + (1 - z) * np.tanh(read[2] + last)


Step = Callable[..., np.ndarray]


def _run(
    x: np.ndarray, h: np.ndarray, step: Step, weights: Sequence[np.ndarray], reset_after: bool
) -> np.ndarray:
    """Return the states (batch, time, units)."""
    every_h = []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, *weights, reset_after)
        every_h.append(h)
    return np.stack(every_h, axis=1)


def gru_layer(
    choose: Choose,
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    state: np.ndarray | None = None,
    reset_after: bool = True,
    return_sequences: bool | None = None,
) -> np.ndarray:
    """Return the last h (batch, units), or with return_sequences all h (batch, time, units).

    return_sequences: None where it is left out.
    """
    weights = kernel, recurrent_kernel, bias
    start = _start(choose, state, np.zeros((len(x), len(recurrent_kernel)), x.dtype))
    read = inputs_in_order(choose, x)
    read = choose(
        "turns",
        read,
        (
            "last step missing",
            lambda: read[:, :-1],
            "The last step is missing. Does your loop reach the end of the time axis?",
        ),
        (
            "one turn of the loop",
            lambda: read[:, :1],
            "The sequence ends after the first step. Does `return` stand inside the loop?",
        ),
    )
    step = choose("step", _step, *WRONG_STEPS)
    states = choose(
        "states",
        _run(read, start, step, weights, reset_after),
        partial(_other_states, read, start, step, weights, reset_after),
    )
    sequences = choose(
        "default",
        bool(return_sequences),
        (
            "return_sequences true by default",
            lambda: return_sequences is None or return_sequences,
            "The option return_sequences is True in your function where it is left out. It is "
            "False then.",
        ),
    )
    if flag(choose, "return_sequences", sequences):
        return _all(choose, states, start)
    return _last(choose, states, start)


def _all(choose: Choose, states: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the output of a layer that shows all its states."""
    first = start[:, np.newaxis]
    return choose(
        "collected",
        states,
        (
            "state before the step",
            lambda: np.concatenate([first, states[:, :-1]], axis=1),
            "Each state stands one step late: the initial h is among them, the last is not. "
            "Collect the state *after* each step.",
        ),
        (
            "initial state among the results",
            lambda: np.concatenate([first, states], axis=1),
            "There is one state too many: the initial h is not a result.",
        ),
        (
            "states added up",
            lambda: np.cumsum(states, axis=1),
            "Each state is added to those before it.",
        ),
    )


def _start(choose: Choose, state: np.ndarray | None, zeros: np.ndarray) -> np.ndarray:
    """Return the state with which the layer starts."""
    if state is None:
        return choose(
            "zeros",
            zeros,
            (
                "initial state of ones",
                lambda: zeros + 1,
                "Without a state the layer starts from ones. It starts from zeros.",
            ),
        )
    return choose(
        "given state",
        state,
        (
            "state ignored",
            lambda: zeros,
            "A state was given, and the layer begins at zeros.",
        ),
        (
            "initial state of the first sample",
            lambda: np.broadcast_to(state[:1], state.shape),
            "All samples start from the state of the first one. Each sample has its own row.",
        ),
    )


def _other_states(
    x: np.ndarray,
    start: np.ndarray,
    step: Step,
    weights: Sequence[np.ndarray],
    reset_after: bool,
) -> list[Other]:
    """List what becomes of the states if the loop hands on or collects something else."""
    run = partial(_run, step=step, weights=weights, reset_after=reset_after)

    def each_alone(h: np.ndarray) -> np.ndarray:
        return np.concatenate([run(x[:, t : t + 1], h) for t in range(x.shape[1])], axis=1)

    def zeros_after_the_first() -> np.ndarray:
        return np.concatenate([run(x[:, :1], start), each_alone(0 * start)[:, 1:]], axis=1)

    def old_states_added() -> np.ndarray:
        h, every_h = start, []
        for t in range(x.shape[1]):
            new = step(x[:, t], h, *weights, reset_after)
            every_h.append(new)
            h = h + new
        return np.stack(every_h, axis=1)

    return [
        (
            "state not carried",
            lambda: each_alone(start),
            "Every step starts from the initial state. A step starts from the state that the step "
            "before has left.",
        ),
        (
            "zeros handed on",
            zeros_after_the_first,
            "Every step but the first starts from zeros. A step starts from the state that the "
            "step before has left.",
        ),
        (
            "old state added",
            old_states_added,
            "The next step starts from the sum of the old state and the new one. The new state "
            "replaces the old one.",
        ),
        (
            "state before the step, as the last one too",
            lambda: np.concatenate([start[:, np.newaxis], run(x, start)[:, :-1]], axis=1),
            "Each state stands one step late, the last one too: the initial h is among them. "
            "Collect the state *after* each step.",
        ),
    ]


def _last(choose: Choose, states: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return the output of a layer that shows its last state only."""
    return choose(
        "output",
        states[:, -1],
        (
            "first step returned",
            lambda: states[:, 0],
            "The output is the first state. Without return_sequences it is the last.",
        ),
        (
            "last but one step returned",
            lambda: states[:, -2],
            "The output is the last but one state. Without return_sequences it is the last.",
        ),
        (
            "last sample returned",
            lambda: states[-1],
            "The output holds all steps of the last *sample*. The first axis is the batch; the "
            "last step of every sample is asked for.",
        ),
        (
            "last unit returned",
            lambda: states[..., -1],
            "The output holds the last *unit* at all steps. The second axis is time; the last step "
            "is asked for, with all units.",
        ),
        (
            "mean over time",
            lambda: states.mean(axis=1),
            "The output is the mean over time. Without return_sequences it is the last h.",
        ),
        (
            "initial state as output",
            lambda: start,
            "The output is the initial h. Without return_sequences it is the last h.",
        ),
        (
            "time axis kept",
            lambda: states[:, -1:],
            "The output still has a time axis, of length 1. Without return_sequences it has the "
            "axes (batch, units).",
        ),
    )


def _draw(rng: Draw) -> tuple:
    given, sequences, before = (bool(rng.number & bit) for bit in (1, 2, 4))
    x, h, *weights = gru_inputs(rng, *sizes(rng, 4), reset_after=not before)
    return x, *weights, h if given else None, not before, sequences


def _results(
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    state: np.ndarray | None = None,
    reset_after: bool = True,
    return_sequences: bool = False,
) -> dict[str, str]:
    return {"the output": "batch, time, units" if return_sequences else "batch, units"}


GRU_LAYER = Reference(
    gru_layer,
    _draw,
    _results,
    uses=("gru_step",),
    look="Look at the h that enters each step, and at what the options ask for here.",
)
