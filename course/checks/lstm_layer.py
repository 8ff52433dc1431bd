"""What the functions of the lstm-layer assignment return, with the mistakes that learners make.

Shapes: x (batch, features) or (batch, time, features); h, c (batch, units); mask (batch,); kernel
(features, 4 * units); recurrent_kernel (units, 4 * units); bias (4 * units,). Blocks stand in
Keras' order i, f, c, o. One step has a module of its own, `lstm_step`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from .blocks import BLOCKS, alternate, letters, side_by_side, split, transpose
from .inputs import Draw, float32, lstm_inputs, sizes
from .lstm_step import LSTM_STEP, lstm_step
from .reference import Choose, Other, Reference, mistaken
from .steps import ARRAYS, LABELS, always, flag, inputs_in_order, sigmoid

State = tuple[np.ndarray, np.ndarray]
"""h and c, each (batch, units)."""

OF_A_STEP = (
    ("block order", "gates swapped"),
    ("block order", "block order i, f, o, c"),
    ("bias", "bias missing"),
    ("products", "recurrent kernel transposed"),
    ("forget bias", "forget bias added"),
    ("sigmoid", "hard sigmoid"),
    ("new h", "tanh missing"),
    ("new h", "old cell shown"),
    ("returned", "cell squashed"),
)
"""The mistakes in a step that are looked for in functions that should call `lstm_step`."""


def _wrong_steps() -> list[Other]:
    messages = LSTM_STEP.examine(LSTM_STEP.draw(Draw(0))).messages
    return [(key[1], always(mistaken(lstm_step, *key)), messages[key]) for key in OF_A_STEP]


WRONG_STEPS = _wrong_steps()


def _step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> State:
    """Return the new h and the new c: `lstm_step` without its alternatives, which take time."""
    units = h.shape[1]
    z = bias + x @ kernel + h @ recurrent_kernel
    i, f, o = sigmoid(z[:, :units]), sigmoid(z[:, units : 2 * units]), sigmoid(z[:, 3 * units :])
    c = f * c + i * np.tanh(z[:, 2 * units : 3 * units])
    return o * np.tanh(c), c


def _run(x: np.ndarray, state: State, weights: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return all h (batch, time, units), the last h and the last c (batch, units)."""
    every_h = []
    for t in range(x.shape[1]):
        state = _step(x[:, t], *state, *weights)
        every_h.append(state[0])
    return [np.stack(every_h, axis=1), *state]


def initial_state(
    choose: Choose, x: np.ndarray, units: int, state: Sequence[np.ndarray] | None = None
) -> list[np.ndarray] | np.ndarray:
    """Return h and c, each (batch, units)."""
    if state is not None:
        return _given_state(choose, *state)
    zeros = np.zeros((len(x), units), x.dtype)
    both = choose("zeros", zeros, partial(_zeros, x, units, "", "the state"))
    c = choose("zeros of c", both, partial(_zeros, x, units, "c: ", "c"))
    return choose(
        "returned",
        [both, c],
        (
            "one array for both",
            lambda: both,
            "Without a state, a single array comes back. Return two: h and c.",
        ),
        (
            "one stacked array",
            lambda: np.stack([both, c]),
            "Without a state, h and c are stacked in one array. Return two arrays, as a tuple or a "
            "list.",
        ),
        (
            "None twice",
            lambda: [None, None],
            "Without a state, h and c are None. The layer then starts from zeros.",
        ),
    )


def _zeros(x: np.ndarray, units: int, prefix: str, label: str) -> list[Other]:
    """List wrong initial states for a layer that is given none."""
    batch, time, features = x.shape

    def zeros(*shape: int) -> Callable[[], np.ndarray]:
        return lambda: np.zeros(shape)

    shapes = [
        (
            "time instead of batch",
            zeros(time, units),
            "there is one row for each *step*. A state has one row for each sample.",
        ),
        (
            "features instead of batch",
            zeros(features, units),
            "there is one row for each *feature*. A state has one row for each sample.",
        ),
        (
            "features instead of units",
            zeros(batch, features),
            "there is one column for each *feature*. A state has one column for each unit.",
        ),
        (
            "time instead of units",
            zeros(batch, time),
            "there is one column for each *step*. A state has one column for each unit.",
        ),
        (
            "four blocks",
            zeros(batch, 4 * units),
            "there are four columns for each unit. The weights have four blocks, a state has not.",
        ),
        (
            "batch axis missing",
            zeros(units),
            "there is no axis for the samples. Each sample has a state of its own.",
        ),
        (
            "one sample",
            zeros(1, units),
            "there is a single row. Each sample has a row of its own.",
        ),
        (
            "axes swapped",
            zeros(units, batch),
            "the axes have changed places. Samples are rows, units are columns.",
        ),
        (
            "square",
            zeros(units, units),
            "there are as many rows as units. A state has one row for each sample.",
        ),
        (
            "time axis",
            zeros(batch, time, units),
            "there is an axis for time. It is the state before the first step only.",
        ),
        (
            "time axis of length 1",
            zeros(batch, 1, units),
            "there is an axis of length 1 for time. It is the state before the first step only.",
        ),
        (
            "like the input",
            zeros(batch, time, features),
            "there are the axes of x. A state has one row for each sample and one column for each "
            "unit.",
        ),
        (
            "ones",
            lambda: np.ones((batch, units)),
            "there are ones. A Keras layer begins at zeros.",
        ),
    ]
    return [
        (f"{prefix}{name}", value, f"In {label} that you return, {message}")
        for name, value, message in shapes
    ]


def _given_state(choose: Choose, h: np.ndarray, c: np.ndarray) -> list[np.ndarray]:
    """Return the state that is given, or what becomes of it."""
    return choose(
        "given state",
        [h, c],
        (
            "state ignored",
            lambda: [np.zeros_like(h), np.zeros_like(c)],
            "A state was given, and zeros came back.",
        ),
        (
            "cell state ignored",
            lambda: [h, np.zeros_like(c)],
            "The given h is used, but c begins at zero.",
        ),
        (
            "hidden state ignored",
            lambda: [np.zeros_like(h), c],
            "The given c is used, but h begins at zero.",
        ),
        (
            "same state twice",
            lambda: [h, h],
            "Both results are the given h. The second of the list is c.",
        ),
        (
            "given cell state twice",
            lambda: [c, c],
            "Both results are the given c. The first of the list is h.",
        ),
        (
            "list in a list",
            lambda: [[h, c], [h, c]],
            "Each result is the whole list that was given. Take its h and its c.",
        ),
    )


def lstm_sequence(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[np.ndarray]:
    """Return all h (batch, time, units), the last h and the last c, each (batch, units)."""
    weights = kernel, recurrent_kernel, bias
    read = _read(choose, x)
    start = now = _start(choose, h, c)
    step = choose("step", _step, *WRONG_STEPS)
    kept, every_c = [], []
    for t in range(read.shape[1]):
        new = _unpacked(choose, step(read[:, t], *_handed_in(choose, now), *weights))
        kept.append(_kept(choose, now, new))
        every_c.append(new[1])
        now = _handed_on(choose, start, now, new)
    last = _last_states(choose, start, new, kept, every_c)
    return choose(
        "result",
        [np.stack(kept, axis=1), *last],
        (
            "initial state among the results",
            lambda: [np.stack([h, *kept], axis=1), *last],
            "There is one hidden state too many: the initial h is not a result.",
        ),
        (
            "state before the step, in the last h too",
            lambda: [np.stack([start[0], *kept[:-1]], axis=1), [start[0], *kept][-2], last[1]],
            "Each hidden state stands one step late, the last h too: the initial h is among them. "
            "Collect the state *after* each step.",
        ),
        (
            "last step left at zero",
            lambda: _one_turn_short(read[:, :-1], start, weights, before=0),
            "The last step is not computed: its hidden states are zero. Does your loop reach the "
            "end of the time axis?",
        ),
        (
            "first step left at zero",
            lambda: _one_turn_short(read[:, 1:], start, weights, before=1),
            "The first step is not computed: its hidden states are zero, and the second step "
            "starts from the initial state. Python counts from 0.",
        ),
        (
            "sample after sample",
            lambda: _sample_after_sample(read, h, c, weights),
            "A sample starts from the state in which the sample before it ended. The samples of a "
            "batch know nothing of each other.",
        ),
        (
            "hidden states added up",
            lambda: [np.cumsum(np.stack(kept, axis=1), axis=1), *last],
            "Each hidden state is added to those before it.",
        ),
    )


def _read(choose: Choose, x: np.ndarray) -> np.ndarray:
    """Return the inputs of the steps that are taken."""
    read = inputs_in_order(choose, x)
    return choose(
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


def _start(choose: Choose, h: np.ndarray, c: np.ndarray) -> State:
    """Return the state with which the first step begins."""
    return choose(
        "start",
        (h, c),
        (
            "initial state ignored",
            lambda: (np.zeros_like(h), np.zeros_like(c)),
            "Your sequence begins at zeros. Begin at the h and c that are given.",
        ),
        (
            "initial cell state ignored",
            lambda: (h, np.zeros_like(c)),
            "The cell begins at zero. Begin at the c that is given.",
        ),
        (
            "initial hidden state ignored",
            lambda: (np.zeros_like(h), c),
            "h begins at zero. Begin at the h that is given.",
        ),
        (
            "initial states swapped",
            lambda: (c, h),
            "h and c have changed places before the first step.",
        ),
        (
            "cell begins at h",
            lambda: (h, h),
            "The cell begins at the given h. Begin at the c that is given.",
        ),
        (
            "first sample's state",
            lambda: tuple(np.broadcast_to(part[:1], part.shape) for part in (h, c)),
            "Every sample starts from the state of the first one. Each has its own row.",
        ),
        (
            "mean initial state",
            lambda: tuple(np.broadcast_to(part.mean(axis=0), part.shape) for part in (h, c)),
            "Every sample starts from the mean of the states. Each has its own row.",
        ),
    )


def _handed_in(choose: Choose, now: State) -> State:
    """Return the state as the call of the step gets it."""
    return choose(
        "handed in",
        now,
        (
            "states swapped in the call",
            lambda: now[::-1],
            "h and c are swapped where the step is called: it gets c in the place of h, and h in "
            "that of c. Look at the order of its arguments.",
        ),
        (
            "hidden state for both",
            lambda: (now[0], now[0]),
            "The step gets h in the place of c, too.",
        ),
    )


def _unpacked(choose: Choose, new: State) -> State:
    """Return the new state as it is unpacked from what the step returns."""
    return choose(
        "unpacked",
        new,
        (
            "states unpacked in the wrong order",
            lambda: new[::-1],
            "h and c change places at every step. The step returns h first, then c.",
        ),
    )


def _kept(choose: Choose, now: State, new: State) -> np.ndarray:
    """Return what is collected of a step."""
    return choose(
        "kept",
        new[0],
        (
            "state before the step",
            lambda: now[0],
            "Each hidden state stands one step late: the initial h is among them, the last is not. "
            "Collect the state *after* each step.",
        ),
        (
            "cell states collected",
            lambda: new[1],
            "The sequence holds the cell states. What a layer shows at each step is h.",
        ),
        (
            "both states collected",
            lambda: np.stack(new, axis=1),
            "Both h and c of each step are in the sequence. What a layer shows at each step is h.",
        ),
        (
            "both states in a row",
            lambda: np.concatenate(new, axis=1),
            "Both h and c of each step are in the sequence. What a layer shows at each step is h.",
        ),
    )


def _handed_on(choose: Choose, start: State, now: State, new: State) -> State:
    """Return the state with which the next step begins."""
    (new_h, new_c), (start_h, start_c) = new, start
    return choose(
        "handed on",
        new,
        (
            "state not carried",
            lambda: start,
            "Every step starts from the initial state. A step starts from the state that the step "
            "before has left.",
        ),
        (
            "cell state not carried",
            lambda: (new_h, start_c),
            "Every step starts from the initial c. Carry the new c to the next step, as you do "
            "with h.",
        ),
        (
            "hidden state not carried",
            lambda: (start_h, new_c),
            "Every step starts from the initial h. Carry the new h to the next step, as you do "
            "with c.",
        ),
        (
            "zeros handed on",
            lambda: (np.zeros_like(new_h), np.zeros_like(new_c)),
            "Every step but the first starts from zeros. A step starts from the state that the "
            "step before has left.",
        ),
        (
            "cell state emptied",
            lambda: (new_h, np.zeros_like(new_c)),
            "Every step but the first starts with a c of zeros. Carry the new c to the next step.",
        ),
        (
            "states swapped on the way",
            lambda: (new_c, new_h),
            "h and c change places from one step to the next.",
        ),
        (
            "hidden state handed on as cell state",
            lambda: (new_h, new_h),
            "The next step gets the new h as its c, too. Carry the new c.",
        ),
        (
            "old cell added",
            lambda: (new_h, now[1] + new_c),
            "The next step starts from the sum of the old c and the new one. The new c replaces "
            "the old one.",
        ),
        (
            "old states added",
            lambda: (now[0] + new_h, now[1] + new_c),
            "The next step starts from the sums of the old states and the new ones. The new states "
            "replace the old ones.",
        ),
    )


def _last_states(
    choose: Choose,
    start: State,
    last: State,
    kept: list[np.ndarray],
    every_c: list[np.ndarray],
) -> State:
    """Return the last h and the last c."""
    h, c = last

    def mean(every: list[np.ndarray]) -> np.ndarray:
        return np.mean(every, axis=0)

    return choose(
        "last states",
        last,
        (
            "first state returned",
            lambda: start,
            "The states returned after the sequence are the initial ones.",
        ),
        (
            "initial cell state returned",
            lambda: (h, start[1]),
            "The last c that you return is the initial one.",
        ),
        (
            "initial hidden state returned",
            lambda: (start[0], c),
            "The last h that you return is the initial one.",
        ),
        (
            "states of the first step",
            lambda: (kept[0], every_c[0]),
            "The states returned after the sequence are those after the *first* step.",
        ),
        (
            "h of the last sample",
            lambda: (np.stack(kept, axis=1)[-1], c),
            "The last h that you return holds all steps of the last *sample*. The first axis is "
            "the batch; the last step of every sample is asked for.",
        ),
        (
            "all cell states",
            lambda: (h, np.stack(every_c, axis=1)),
            "The cell states of all steps are returned where the last c belongs.",
        ),
        (
            "all hidden states again",
            lambda: (np.stack(kept, axis=1), c),
            "The hidden states of all steps are returned where the last h belongs.",
        ),
        (
            "mean states",
            lambda: (mean(kept), mean(every_c)),
            "The means over time are returned where the last states belong.",
        ),
        (
            "last h twice",
            lambda: (h, h),
            "The last h is returned where the last c belongs.",
        ),
        (
            "last c twice",
            lambda: (c, c),
            "The last c is returned where the last h belongs.",
        ),
    )


def _one_turn_short(
    x: np.ndarray, state: State, weights: Sequence[np.ndarray], before: int
) -> list[np.ndarray]:
    """Run one step less, with zeros in place of the h of the step that is left out."""
    if x.shape[1] == 0:
        return [np.zeros_like(state[0])[:, np.newaxis], *state]
    every_h, *last = _run(x, state, weights)
    return [np.pad(every_h, ((0, 0), (before, 1 - before), (0, 0))), *last]


def _sample_after_sample(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, weights: Sequence[np.ndarray]
) -> list[np.ndarray]:
    runs, state = [], (h[:1], c[:1])
    for row in x:
        run = _run(row[np.newaxis], state, weights)
        state = run[1], run[2]
        runs.append(run)
    return [np.concatenate(parts) for parts in zip(*runs)]


def lstm_layer(
    choose: Choose,
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    state: Sequence[np.ndarray] | None = None,
    return_sequences: bool | None = None,
    return_state: bool | None = None,
) -> Any:
    """Return the output, (batch, units) or (batch, time, units), alone or with the last states.

    return_sequences, return_state: None where they are left out.
    """
    start = _start_of_layer(choose, state, np.zeros((len(x), len(recurrent_kernel)), x.dtype))
    every_h, h, c = _run(_read(choose, x), start, (kernel, recurrent_kernel, bias))
    options = choose(
        "options",
        (
            _or_default(choose, "return_sequences", return_sequences),
            _or_default(choose, "return_state", return_state),
        ),
        (
            "options swapped",
            lambda: (return_state, return_sequences),
            "return_sequences and return_state have changed places.",
        ),
        (
            "sequences only without states",
            lambda: (return_sequences and not return_state, return_state),
            "With return_state the output is the last h, even where return_sequences asks for "
            "all. The two options do not depend on each other.",
        ),
        (
            "states only without sequences",
            lambda: (return_sequences, return_state and not return_sequences),
            "With return_sequences the states are not returned, even where return_state asks for "
            "them. The two options do not depend on each other.",
        ),
        (
            "states only with sequences",
            lambda: (return_sequences, return_state and return_sequences),
            "The states are returned only where return_sequences is True as well. The two options "
            "do not depend on each other.",
        ),
        (
            "sequences only with states",
            lambda: (return_sequences and return_state, return_state),
            "All h are returned only where return_state is True as well. The two options do not "
            "depend on each other.",
        ),
    )
    sequences = flag(choose, "return_sequences", options[0])
    with_states = flag(choose, "return_state", options[1])
    output = every_h if sequences else _last_output(choose, every_h, c, start)
    return (
        _with_states(choose, output, every_h, h, c, start)
        if with_states
        else _alone(choose, output)
    )


def _or_default(choose: Choose, name: str, value: bool | None) -> bool:
    """Return an option, or its default where it is left out."""
    return choose(
        f"default of {name}",
        bool(value),
        (
            f"{name} true by default",
            lambda: value is None or value,
            f"The option {name} is True in your function where it is left out. It is False then.",
        ),
    )


def _start_of_layer(choose: Choose, state: Sequence[np.ndarray] | None, zeros: np.ndarray) -> State:
    """Return the state with which the layer starts."""
    if state is None:
        return choose(
            "zeros",
            (zeros, zeros),
            (
                "initial states of ones",
                lambda: (zeros + 1, zeros + 1),
                "Without a state the layer starts from ones. It starts from zeros.",
            ),
        )
    h, c = state
    return choose(
        "given state",
        (h, c),
        (
            "state ignored",
            lambda: (zeros, zeros),
            "A state was given, and the layer begins at zeros.",
        ),
        (
            "cell state ignored",
            lambda: (h, zeros),
            "The given h is used, but c begins at zero.",
        ),
        (
            "hidden state ignored",
            lambda: (zeros, c),
            "The given c is used, but h begins at zero.",
        ),
        (
            "initial states swapped",
            lambda: (c, h),
            "h and c of the given state have changed places. The list is [h, c].",
        ),
        (
            "same state twice",
            lambda: (h, h),
            "The cell begins at the given h. The second of the list is c.",
        ),
    )


def _last_output(choose: Choose, every_h: np.ndarray, c: np.ndarray, start: State) -> np.ndarray:
    """Return the output of a layer that shows its last h only."""
    return choose(
        "output",
        every_h[:, -1],
        (
            "cell state as output",
            lambda: c,
            "The output is the last c. What a layer shows is h.",
        ),
        (
            "first step returned",
            lambda: every_h[:, 0],
            "The output is the first hidden state. Without return_sequences it is the last.",
        ),
        (
            "last but one step returned",
            lambda: every_h[:, -2],
            "The output is the last but one hidden state. Without return_sequences it is the last.",
        ),
        (
            "last sample returned",
            lambda: every_h[-1],
            "The output holds all steps of the last *sample*. The first axis is the batch; the "
            "last step of every sample is asked for.",
        ),
        (
            "last unit returned",
            lambda: every_h[..., -1],
            "The output holds the last *unit* at all steps. The second axis is time; the last step "
            "is asked for, with all units.",
        ),
        (
            "mean over time",
            lambda: every_h.mean(axis=1),
            "The output is the mean over time. Without return_sequences it is the last h.",
        ),
        (
            "initial state as output",
            lambda: start[0],
            "The output is the initial h. Without return_sequences it is the last h.",
        ),
        (
            "steps joined",
            lambda: every_h.reshape(len(every_h), -1),
            "The output holds all steps in one long row for each sample. Without return_sequences "
            "it is the last h.",
        ),
        (
            "time axis kept",
            lambda: every_h[:, -1:],
            "The output still has a time axis, of length 1. Without return_sequences it has the "
            "axes (batch, units).",
        ),
    )


def _alone(choose: Choose, output: np.ndarray) -> Any:
    """Return the output without the states."""
    return choose(
        "output alone",
        output,
        (
            "tuple of one",
            lambda: [output],
            "The output alone comes in a tuple or a list. Without return_state the result is the "
            "array itself.",
        ),
    )


def _with_states(
    choose: Choose,
    output: np.ndarray,
    every_h: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    start: State,
) -> Any:
    """Return the output with the last states."""
    return choose(
        "with states",
        [output, h, c],
        (
            "output missing",
            lambda: [h, c],
            "Only h and c are returned. With return_state the output comes first, then h and c, "
            "even if the output is h.",
        ),
        (
            "states in a pair of their own",
            lambda: [output, [h, c]],
            "The two states stand in a tuple or list of their own, as in PyTorch. Keras returns "
            "three arrays side by side.",
        ),
        (
            "last states swapped",
            lambda: [output, c, h],
            "The last h and the last c have changed places. After the output comes h, then c.",
        ),
        (
            "states first",
            lambda: [h, c, output],
            "The states come first. Keras returns the output first, then h, then c.",
        ),
        (
            "last h twice",
            lambda: [output, h, h],
            "The last h is returned where the last c belongs.",
        ),
        (
            "last c twice",
            lambda: [output, c, c],
            "The last c is returned where the last h belongs.",
        ),
        (
            "all h with the states",
            lambda: [every_h, h, c],
            "With return_state all h are the output, also where return_sequences is False. Then "
            "the output is the last h.",
        ),
        (
            "initial states returned",
            lambda: [output, *start],
            "The states that you return are the initial ones. Return those after the last step.",
        ),
    )


def masked_step(
    choose: Choose,
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    mask: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[np.ndarray]:
    """Return the new h and the new c, each (batch, units)."""
    weights = kernel, recurrent_kernel, bias
    step = choose("step", _step, *WRONG_STEPS)
    new_h, new_c = step(x, h, c, *weights)
    real_h, real_c = _masks(choose, mask[:, np.newaxis])
    kept_h, kept_c = _kept_states(choose, h, c)
    real = mask[:, np.newaxis].astype(x.dtype)
    return choose(
        "result",
        [np.where(real_h, new_h, kept_h), np.where(real_c, new_c, kept_c)],
        (
            "input masked",
            lambda: step(x * real, h, c, *weights),
            "For masked samples only the input is taken away. A step with an input of zero is "
            "still a step: the state must not change at all.",
        ),
        (
            "state masked before the step",
            lambda: step(x, h * real, c * real, *weights),
            "The mask clears the old state of masked samples, and then they take a step. They keep "
            "the old state and take none.",
        ),
        (
            "input and state masked",
            lambda: step(x * real, h * real, c * real, *weights),
            "The mask clears the input and the old state of masked samples, and then they take a "
            "step. They keep the old state and take none.",
        ),
        (
            "old state added",
            lambda: [real * new_h + h, real * new_c + c],
            "Samples whose mask is True get the sum of the old state and the new one. The new "
            "state replaces the old one.",
        ),
        (
            "mask along the units",
            lambda: [np.where(mask, new_h, kept_h), np.where(mask, new_c, kept_c)],
            "The mask is laid along the units. It has one entry a sample, (batch,), but NumPy "
            "lines up the *last* axes: the mask needs a second axis.",
        ),
        (
            "h from the kept cell state",
            lambda: _shown_again(x, h, c, np.where(real_c, new_c, kept_c), weights),
            "Masked samples keep their c, but their h is made anew, by this step's output gate. "
            "They keep their h, too.",
        ),
        (
            "masked samples dropped",
            lambda: [new_h[mask], new_c[mask]],
            "The rows of masked samples are missing in the result. Each sample has a row, also "
            "where its mask is False.",
        ),
    )


def _shown_again(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kept: np.ndarray,
    weights: Sequence[np.ndarray],
) -> list[np.ndarray]:
    """Return h as this step's output gate makes it of the cell state that was kept, and that."""
    kernel, recurrent_kernel, bias = (split(array)[BLOCKS["output"]] for array in weights)
    return [sigmoid(x @ kernel + h @ recurrent_kernel + bias) * np.tanh(kept), kept]


def _masks(choose: Choose, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which samples take a step in h, and which in c, each (batch, 1)."""
    everyone, nobody = np.ones_like(real), np.zeros_like(real)
    return choose(
        "mask",
        (real, real),
        (
            "mask ignored",
            lambda: (everyone, everyone),
            "Every sample has taken a step. Where the mask is False, a sample keeps its state.",
        ),
        (
            "mask inverted",
            lambda: (~real, ~real),
            "The mask works the wrong way round: True means that the step is real.",
        ),
        (
            "no step",
            lambda: (nobody, nobody),
            "No sample has taken a step, although some have a mask of True.",
        ),
        (
            "any sample for all",
            lambda: (everyone & real.any(), everyone & real.any()),
            "All samples take a step as soon as one has a mask of True. Decide for each sample by "
            "itself.",
        ),
        (
            "only where all samples step",
            lambda: (everyone & real.all(), everyone & real.all()),
            "No sample takes a step unless all have a mask of True. Decide for each sample by "
            "itself.",
        ),
        (
            "mask of the first sample",
            lambda: (everyone & real[0], everyone & real[0]),
            "All samples follow the mask of the first one. Decide for each sample by itself.",
        ),
        (
            "mask inverted for h, cell state not masked",
            lambda: (~real, everyone),
            "For h the mask works the wrong way round, and it has no effect on c.",
        ),
        (
            "cell state not masked",
            lambda: (real, everyone),
            "The mask has no effect on c.",
        ),
        (
            "hidden state not masked",
            lambda: (everyone, real),
            "The mask has no effect on h.",
        ),
        (
            "cell state without a step",
            lambda: (real, nobody),
            "The c of every sample stays as it was, also where the mask is True.",
        ),
        (
            "hidden state without a step",
            lambda: (nobody, real),
            "The h of every sample stays as it was, also where the mask is True.",
        ),
        (
            "mask inverted for c",
            lambda: (real, ~real),
            "For c the mask works the wrong way round: True means that the step is real.",
        ),
        (
            "mask inverted for h",
            lambda: (~real, real),
            "For h the mask works the wrong way round: True means that the step is real.",
        ),
    )


def _kept_states(choose: Choose, h: np.ndarray, c: np.ndarray) -> State:
    """Return the states that masked samples have after the step."""
    zeros = np.zeros_like(h)
    return choose(
        "kept states",
        (h, c),
        (
            "state cleared",
            lambda: (zeros, zeros),
            "Masked samples lose their state: it becomes zero. They keep the old one.",
        ),
        (
            "cell state cleared",
            lambda: (h, zeros),
            "The c of masked samples becomes zero. They keep the old one.",
        ),
        (
            "hidden state cleared",
            lambda: (zeros, c),
            "The h of masked samples becomes zero. They keep the old one.",
        ),
        (
            "kept states swapped",
            lambda: (c, h),
            "Masked samples get their old c as h, and their old h as c.",
        ),
        (
            "old h kept for both",
            lambda: (h, h),
            "Masked samples get their old h as c, too.",
        ),
        (
            "old c kept for both",
            lambda: (c, c),
            "Masked samples get their old c as h, too.",
        ),
    )


def _blocks(array: str) -> list[Other]:
    """List wrong choices of the four blocks, in one array or (array "") in all three."""
    prefix, of_array = (f"{array}: ", f" of the {array}") if array else ("", "")
    names = list(BLOCKS)
    listed: list[Other] = [
        (
            f"{prefix}block order {letters(order)}",
            always([names[k] for k in order]),
            f"The blocks{of_array} stand in the order {letters(order)}. Keras stacks them i, f, c, "
            "o.",
        )
        for order in list(permutations(range(4)))[1:]
    ]
    for (own, label), (other, other_label) in permutations(LABELS.items(), 2):
        taken = [other if name == own else name for name in names]
        listed.append(
            (
                f"{prefix}{own}: weights of {other}",
                always(taken),
                f"Where the {array} of {label} belongs stands that of {other_label}."
                if array
                else f"Where the weights of {label} belong stand those of {other_label}.",
            )
        )
    return listed


def _joins(array: str) -> list[Other]:
    """List wrong ways to join four blocks, in one array or (array "") in all three."""
    prefix, of_array = (f"{array}: ", f" of the {array}") if array else ("", "")
    joins: list[tuple[str, Callable, str]] = [
        (
            "new axis",
            np.stack,
            f"The four blocks{of_array} are stacked along a new axis. They stand side by side in "
            "one array.",
        ),
        (
            "interleaved",
            lambda four: alternate(side_by_side(four)),
            f"The columns of the four gates alternate{' in the ' + array if array else ''}. Each "
            "gate's columns stand side by side, as one block.",
        ),
        (
            "added up",
            sum,
            f"The four blocks{of_array} are added up. They stand side by side in one array.",
        ),
    ]
    if array != "bias":
        joins.append(
            (
                "rows",
                np.concatenate,
                f"The blocks{of_array} stand one below the other. They stand side by side, along "
                "the last axis.",
            )
        )
    return [(f"{prefix}{name}", always(join), message) for name, join, message in joins]


# These do not depend on the arguments: made once, they cost no search anything.
OTHER_BLOCKS = {array: _blocks(array) for array in ("", *ARRAYS)}
JOINS = {array: _joins(array) for array in ("", *ARRAYS)}


def pack_weights(choose: Choose, gates: dict[str, Sequence[np.ndarray]]) -> Any:
    """Return kernel (features, 4 * units), recurrent kernel (units, 4 * units), bias (4 * units,).

    gates: name of a block -> its kernel, recurrent kernel and bias.
    """
    blocks = choose("blocks", list(BLOCKS), *OTHER_BLOCKS[""], _order_of_the_dict(gates, ""))
    join = choose("joined", side_by_side, *JOINS[""])
    packed = []
    for number, array in enumerate(ARRAYS):
        others = *OTHER_BLOCKS[array], _order_of_the_dict(gates, array)
        blocks_here = choose(f"blocks of the {array}", blocks, *others)
        join_here = choose(f"{array} joined", join, *JOINS[array])
        packed.append(join_here([gates[name][number] for name in blocks_here]))
    return _packed(choose, gates, *packed)


def _parts_below(stacked: np.ndarray) -> np.ndarray:
    """Return the four blocks below each other."""
    return np.stack(split(stacked))


def _order_of_the_dict(gates: dict[str, Sequence[np.ndarray]], array: str) -> Other:
    prefix, of_array = (f"{array}: ", f" of the {array}") if array else ("", "")
    return (
        f"{prefix}dict order",
        lambda: list(gates),
        f"The blocks{of_array} stand in the order of the dict's keys. Ask for them by name "
        "instead: Keras stacks them i, f, c, o.",
    )


def _packed(
    choose: Choose,
    gates: dict[str, Sequence[np.ndarray]],
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> Any:
    """Return the three arrays."""
    recurrent_kernel = choose(
        "recurrent kernel",
        recurrent_kernel,
        (
            "blocks transposed",
            lambda: transpose(recurrent_kernel),
            "The blocks of the recurrent kernel are transposed.",
        ),
    )
    bias = choose(
        "bias",
        bias,
        (
            "forget bias of ones",
            lambda: np.where(np.repeat([False, True, False, False], bias.size // 4), 1, bias),
            "The forget gate's bias is 1 in place of the one that is given. Keras begins with 1 "
            "when it *initialises* a layer; set_weights takes the weights as they are.",
        ),
        (
            "forget bias added",
            lambda: bias + np.repeat(float32([0, 1, 0, 0]), bias.size // 4),
            "1 was added to the forget gate's bias. Keras does so when it *initialises* a layer; "
            "set_weights takes the weights as they are.",
        ),
    )
    return choose(
        "list",
        [kernel, recurrent_kernel, bias],
        (
            "kernels in one array",
            lambda: [np.concatenate([kernel, recurrent_kernel]), bias],
            "The kernel and the recurrent kernel are joined in one array. Keras keeps them apart.",
        ),
        (
            "three arrays for each gate",
            lambda: [array for block in BLOCKS for array in gates[block]],
            "The list has three arrays for each gate. It has three in all, and each holds the "
            "blocks of all four gates.",
        ),
        (
            "kernels transposed",
            lambda: [kernel.T, recurrent_kernel.T, bias],
            "Both kernels are transposed, as PyTorch keeps them. In Keras rows stand for what goes "
            "in, and columns for the units of the four blocks.",
        ),
        (
            "flattened kernels",
            lambda: [
                np.ravel(_parts_below(kernel)),
                np.ravel(_parts_below(recurrent_kernel)),
                bias,
            ],
            "The kernels are one long row of numbers each: their axes are lost. `np.append` "
            "without an axis does this.",
        ),
        (
            "blocks below each other, reshaped",
            lambda: [
                _parts_below(kernel).reshape(kernel.shape),
                _parts_below(recurrent_kernel).reshape(recurrent_kernel.shape),
                bias,
            ],
            "The blocks of the kernels stood below each other, and a reshape has mixed up their "
            "rows and columns. They belong side by side.",
        ),
        (
            "a list for each gate",
            lambda: [list(gates[block]) for block in BLOCKS],
            "The list has an entry for each *gate*. It has three, and each holds the blocks of all "
            "four gates.",
        ),
    )


def _initial_draw(rng: Draw) -> tuple:
    x, h, c, *_ = _sequence_draw(rng)
    return x, h.shape[1], [h, c] if rng.number % 2 else None


def _sequence_draw(rng: Draw) -> tuple:
    return lstm_inputs(rng, *sizes(rng, 4))


def _layer_draw(rng: Draw) -> tuple:
    x, h, c, *weights = _sequence_draw(rng)
    given, sequences, states = (bool(rng.number & bit) for bit in (1, 2, 4))
    options = (sequences, states) if sequences or states else ()
    return x, *weights, [h, c] if given else None, *options


def _masked_draw(rng: Draw) -> tuple:
    x, h, c, *weights = lstm_inputs(rng, *sizes(rng, 3))
    share = (0, 0.5, 1)[rng.number % 3]
    return x, h, c, rng.random(len(x)) < share, *weights


def _pack_draw(rng: Draw) -> tuple:
    features, units = sizes(rng, 2)
    *_, kernel, recurrent_kernel, bias = lstm_inputs(rng, 1, features, units)
    parts = dict(zip(BLOCKS, zip(*(split(array) for array in (kernel, recurrent_kernel, bias)))))
    return ({name: parts[name] for name in rng.permutation(list(BLOCKS)).tolist()},)


def _layer_results(
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    state: Sequence[np.ndarray] | None = None,
    return_sequences: bool = False,
    return_state: bool = False,
) -> dict[str, str]:
    output = {"the output": "batch, time, units" if return_sequences else "batch, units"}
    return output | LAST_STATES if return_state else output


LAST_STATES = {"the last h": "batch, units", "the last c": "batch, units"}
INITIAL_STATE = Reference(
    initial_state,
    _initial_draw,
    {"h": "batch, units", "c": "batch, units"},
    look="Look at the shape of x and at units: which of these numbers does a state need, and in "
    "which order?",
)
LSTM_SEQUENCE = Reference(
    lstm_sequence,
    _sequence_draw,
    {"all h": "batch, time, units"} | LAST_STATES,
    uses=("lstm_step",),
    look="Look at the h and the c that enter each step, and at the input that this step reads.",
)
LSTM_LAYER = Reference(
    lstm_layer,
    _layer_draw,
    _layer_results,
    uses=("initial_state", "lstm_sequence"),
    look="Look at what the three options ask for here, and at the shape of each array that you "
    "return.",
)
MASKED_STEP = Reference(
    masked_step,
    _masked_draw,
    {"the new h": "batch, units", "the new c": "batch, units"},
    uses=("lstm_step",),
    look="Look at one sample whose mask is False and at one whose mask is True, at h and at c.",
)
PACK_WEIGHTS = Reference(
    pack_weights,
    _pack_draw,
    {
        "the kernel": "features, 4 * units",
        "the recurrent kernel": "units, 4 * units",
        "the bias": "4 * units",
    },
    look="Look at the third array for the worked number: the biases 1 to 8.",
)
