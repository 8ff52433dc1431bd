"""The well-known mistakes of the lstm-layer assignment, recomputed by Keras.

Each is the reference itself with changed arguments: blocks in another order, a bias of zero, steps
that start from the wrong state. So no formula of a step stands here.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, permutations

import numpy as np

from . import Mistake
from .blocks import BLOCKS, alternate, interleave, letters, reorder, split, transpose
from .keras_lstm import read_gate, run_gates, run_lstm


def step_mistakes(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[Mistake]:
    """List wrong results of one step; arguments as for `run_lstm`, x (batch, features)."""
    weights = (kernel, recurrent_kernel, bias)

    def step(x=x, h=h, c=c, weights=weights, **options):
        return lambda: run_lstm(x, h, c, *weights, **options)[1:]

    @cache
    def gates():
        return {gate: read_gate(gate, x, h, *weights) for gate in BLOCKS}

    def combine(**changed):
        return run_gates(**(gates() | {"c": c} | changed))

    def new_h():
        return step()()[0]

    def new_c():
        return step()()[1]

    def linear_candidate():
        c_new = run_lstm(x, h, c, *weights, activation="linear")[2]
        return run_gates(one, zero, zero, gates()["output"], c_new)

    one, zero = np.ones_like(c), np.zeros_like(c)
    joined = np.concatenate([kernel, recurrent_kernel])
    mistakes = [
        Mistake(
            "states swapped",
            lambda: step()()[::-1],
            "the two results have changed places. h comes first, then c.",
        ),
        Mistake(
            "gates swapped",
            step(weights=[reorder(array, (1, 0, 2, 3)) for array in weights]),
            "the input gate and the forget gate have changed places. Keras stacks its columns "
            "i, f, c, o; f acts on the old cell, i on the candidate.",
        ),
    ]
    mistakes += [
        Mistake(
            "block order",
            step(weights=[reorder(array, order) for array in weights]),
            f"the four blocks are taken in the order {letters(order)}. "
            "Keras stacks its columns i, f, c, o.",
        )
        for order in ((0, 1, 3, 2), (1, 0, 3, 2), (0, 2, 1, 3), (1, 2, 0, 3), (3, 2, 1, 0))
    ]
    mistakes += [
        Mistake(
            "interleaved columns",
            step(weights=[interleave(array) for array in weights]),
            "every fourth column was taken. Each block's columns stand side by side.",
        ),
        Mistake(
            "bias missing",
            step(weights=(kernel, recurrent_kernel, np.zeros_like(bias))),
            "your step equals the one *without its bias*.",
        ),
        Mistake(
            "bias doubled",
            step(weights=(kernel, recurrent_kernel, 2 * bias)),
            "the bias is added twice. One bias serves x and h together.",
        ),
        Mistake(
            "input term missing",
            step(x=np.zeros_like(x)),
            "your step does not depend on x. Look for the term with the kernel.",
        ),
        Mistake(
            "recurrent term missing",
            step(h=np.zeros_like(h)),
            "your step does not depend on the previous h. Look for the term with the recurrent "
            "kernel.",
        ),
        Mistake(
            "cell state for hidden state",
            step(h=c),
            "the gates look at c here. They look at x and h.",
        ),
        Mistake(
            "recurrent kernel transposed",
            step(weights=(kernel, transpose(recurrent_kernel), bias)),
            "the blocks of the recurrent kernel are transposed. Rows stand for the units that h "
            "comes from, columns for the units that it goes to.",
        ),
        Mistake(
            "concatenation order",
            step(
                x=np.concatenate([h, x], axis=1),
                weights=(joined, np.zeros_like(recurrent_kernel), bias),
            ),
            "x and h are joined in one order, the two kernels in the other.",
        ),
        Mistake(
            "gate activation",
            step(recurrent_activation="tanh"),
            "the gates have gone through tanh. A gate lies between 0 and 1.",
        ),
        Mistake(
            "candidate activation",
            lambda: combine(candidate=read_gate("candidate", x, h, *weights, activation="sigmoid")),
            "the candidate has gone through the sigmoid. It lies between -1 and 1.",
        ),
        Mistake(
            "candidate activation missing",
            linear_candidate,
            "the candidate has not gone through its activation.",
        ),
        Mistake(
            "hard sigmoid",
            step(recurrent_activation="hard_sigmoid"),
            "these are values of the *hard* sigmoid. Keras' LSTM uses the smooth one.",
        ),
        Mistake(
            "tanh missing",
            lambda: (gates()["output"] * new_c(), new_c()),
            "your c is right. For h, the cell state goes out as it is; something bounds it first.",
        ),
        Mistake(
            "old cell shown",
            lambda: (run_gates(one, zero, zero, gates()["output"], c)[0], new_c()),
            "your c is right, but h is made from the *old* cell state.",
        ),
        Mistake(
            "cell squashed",
            lambda: (new_h(), np.tanh(new_c())),
            "the c that you return has gone through tanh. The cell state itself is not squashed: "
            "that happens on its way to h.",
        ),
        Mistake(
            "output gate ignored",
            lambda: combine(output=one),
            "your c is right, but the output gate has no effect on h.",
        ),
        Mistake(
            "old cell returned",
            lambda: (new_h(), c),
            "your h is right, but the c that you return is the old one.",
        ),
        Mistake(
            "old hidden state returned",
            lambda: (h, new_c()),
            "your c is right, but the h that you return is the old one.",
        ),
        Mistake(
            "forget gate ignored",
            lambda: combine(forget=one),
            "the old cell state is kept whole: the forget gate has no effect.",
        ),
        Mistake(
            "old cell missing",
            step(c=zero),
            "nothing of the old cell state is left in the new one.",
        ),
        Mistake(
            "input gate ignored",
            lambda: combine(input=one),
            "the candidate enters whole: the input gate has no effect.",
        ),
        Mistake(
            "coupled gates",
            lambda: combine(input=1 - gates()["forget"]),
            "1 minus the forget gate stands where the input gate belongs. "
            "Keras' LSTM has an input gate of its own.",
        ),
    ]
    return mistakes


def initial_state_mistakes(
    x: np.ndarray, units: int, state: Sequence[np.ndarray] | None = None
) -> list[Mistake]:
    """List wrong initial states; x (batch, time, features), state None or [h, c]."""
    batch, time, features = x.shape

    def zeros(*shape):
        return lambda: (np.zeros(shape), np.zeros(shape))

    mistakes = [
        Mistake(
            "time instead of batch",
            zeros(time, units),
            "there is one row for each *step*. A state has one row for each sample.",
        ),
        Mistake(
            "features instead of units",
            zeros(batch, features),
            "there is one column for each *feature*. A state has one column for each unit.",
        ),
        Mistake(
            "batch axis missing",
            zeros(units),
            "the state has no axis for the samples. Each sample has a state of its own.",
        ),
        Mistake(
            "one sample",
            zeros(1, units),
            "the state has a single row. Each sample has a row of its own.",
        ),
        Mistake(
            "axes swapped",
            zeros(units, batch),
            "the axes have changed places. Samples are rows, units are columns.",
        ),
        Mistake(
            "time axis",
            zeros(batch, time, units),
            "the state has an axis for time. It is the state before the first step only.",
        ),
        Mistake(
            "ones",
            lambda: (np.ones((batch, units)), np.ones((batch, units))),
            "the state begins at 1. A Keras layer begins at 0.",
        ),
    ]
    if state is not None:
        h, c = state
        mistakes += [
            Mistake(
                "state ignored",
                zeros(batch, units),
                "a state was given, and zeros came back.",
            ),
            Mistake(
                "states swapped",
                lambda: (c, h),
                "h and c have changed places. The given list is [h, c].",
            ),
            Mistake(
                "cell state ignored",
                lambda: (h, np.zeros_like(c)),
                "the given h is used, but c begins at zero.",
            ),
            Mistake(
                "hidden state ignored",
                lambda: (np.zeros_like(h), c),
                "the given c is used, but h begins at zero.",
            ),
            Mistake(
                "same state twice",
                lambda: (h, h),
                "both results are the given h. The second of the list is c.",
            ),
        ]
    return mistakes


def sequence_mistakes(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[Mistake]:
    """List wrong results for whole sequences; arguments as for `run_lstm`."""
    weights = (kernel, recurrent_kernel, bias)

    def run(x=x, h=h, c=c):
        return run_lstm(x, h, c, *weights)

    def stepwise(next_state):
        """Run step by step; `next_state(new h, new c)` is what the following step starts from."""

        def step(so_far, x_t):
            (h, c), _ = so_far
            new = run_lstm(x_t, h, c, *weights)[1:]
            return next_state(*new), new

        states = [new for _, new in accumulate(x.swapaxes(0, 1), step, initial=((h, c), None))][1:]
        every_h, every_c = (np.stack(parts).swapaxes(0, 1) for parts in zip(*states))
        return every_h, every_c

    def last(every_h, every_c):
        return every_h, every_h[:, -1], every_c[:, -1]

    def all_c():
        return stepwise(lambda h, c: (h, c))[1]

    def sample_after_sample():
        def sample(so_far, x_of_one):
            _, h, c = so_far
            return run_lstm(x_of_one[np.newaxis], h, c, *weights)

        runs = accumulate(x, sample, initial=(None, h[:1], c[:1]))
        return tuple(np.concatenate(parts) for parts in zip(*list(runs)[1:]))

    def with_h(change):
        every_h, last_h, last_c = run()
        return change(every_h), last_h, last_c

    return [
        Mistake(
            "time axis first",
            lambda: with_h(lambda every_h: every_h.swapaxes(0, 1)),
            "the hidden states are stacked with time as the first axis. "
            "The result is (batch, time, units).",
        ),
        Mistake(
            "time axis last",
            lambda: with_h(lambda every_h: np.moveaxis(every_h, 1, 2)),
            "the hidden states are stacked with time as the last axis. "
            "The result is (batch, time, units).",
        ),
        Mistake(
            "initial state ignored",
            lambda: run(h=np.zeros_like(h), c=np.zeros_like(c)),
            "your sequence begins at zeros. Begin at the h and c that are given.",
        ),
        Mistake(
            "initial cell state ignored",
            lambda: run(c=np.zeros_like(c)),
            "the cell begins at zero. Begin at the c that is given.",
        ),
        Mistake(
            "initial hidden state ignored",
            lambda: run(h=np.zeros_like(h)),
            "h begins at zero. Begin at the h that is given.",
        ),
        Mistake(
            "initial states swapped",
            lambda: run(h=c, c=h),
            "h and c have changed places before the first step.",
        ),
        Mistake(
            "state not carried",
            lambda: last(*stepwise(lambda *_: (h, c))),
            "every step starts from the initial state. "
            "A step starts from the state that the step before has left.",
        ),
        Mistake(
            "cell state not carried",
            lambda: last(*stepwise(lambda new_h, _: (new_h, c))),
            "every step starts from the initial c. Carry the new c to the next step, as you do "
            "with h.",
        ),
        Mistake(
            "hidden state not carried",
            lambda: last(*stepwise(lambda _, new_c: (h, new_c))),
            "every step starts from the initial h. Carry the new h to the next step, as you do "
            "with c.",
        ),
        Mistake(
            "states swapped on the way",
            lambda: last(*stepwise(lambda new_h, new_c: (new_c, new_h))),
            "h and c change places from one step to the next.",
        ),
        Mistake(
            "backwards",
            lambda: run(x[:, ::-1]),
            "the steps are done from the last to the first.",
        ),
        Mistake(
            "outputs backwards",
            lambda: with_h(lambda every_h: every_h[:, ::-1]),
            "the last states are right, but the hidden states stand in reverse order of time.",
        ),
        Mistake(
            "same input",
            lambda: run(np.repeat(x[:, :1], x.shape[1], axis=1)),
            "every step gets the input of the first.",
        ),
        Mistake(
            "state before the step",
            lambda: with_h(lambda every_h: np.concatenate([h[:, None], every_h[:, :-1]], axis=1)),
            "each hidden state stands one step late: the initial h is among them, the last is not.",
        ),
        Mistake(
            "initial state among the results",
            lambda: with_h(lambda every_h: np.concatenate([h[:, None], every_h], axis=1)),
            "there is one hidden state too many: the initial h is not a result.",
        ),
        Mistake(
            "last step missing",
            lambda: run(x[:, :-1]) if x.shape[1] > 1 else None,
            "the last step is missing.",
        ),
        Mistake(
            "first step missing",
            lambda: run(x[:, 1:]) if x.shape[1] > 1 else None,
            "the first step is missing.",
        ),
        Mistake(
            "cell states collected",
            lambda: (all_c(), *run()[1:]),
            "the last states are right, but the sequence holds the cell states. "
            "What a layer shows at each step is h.",
        ),
        Mistake(
            "last states swapped",
            lambda: tuple(run()[k] for k in (0, 2, 1)),
            "the last h and the last c have changed places. h comes first.",
        ),
        Mistake(
            "first state returned",
            lambda: (run()[0], h, c),
            "the sequence is right, but the states returned with it are the initial ones.",
        ),
        Mistake(
            "sample after sample",
            sample_after_sample,
            "a sample starts from the state in which the sample before it ended. "
            "The samples of a batch know nothing of each other.",
        ),
        Mistake(
            "first sample's state",
            lambda: run(h=np.repeat(h[:1], len(h), axis=0), c=np.repeat(c[:1], len(c), axis=0)),
            "every sample starts from the state of the first one.",
        ),
    ]


def layer_mistakes(
    x: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    state: Sequence[np.ndarray] | None = None,
    return_sequences: bool = False,
    return_state: bool = False,
) -> list[Mistake]:
    """List wrong results of the layer; arguments as in the notebook."""
    units = len(recurrent_kernel)
    zero = np.zeros((len(x), units), "float32")
    h, c = state or (zero, zero)

    def run(h=h, c=c):
        return run_lstm(x, h, c, kernel, recurrent_kernel, bias)

    def result(run, sequences=return_sequences, states=return_state):
        every_h, last_h, last_c = run
        output = every_h if sequences else last_h
        return (output, last_h, last_c) if states else output

    def result_with(output):
        return (output, *run()[1:]) if return_state else output

    mistakes = [
        Mistake(
            "sequences ignored",
            lambda: result(run(), sequences=False),
            "return_sequences has no effect: the output is the last h only.",
        ),
        Mistake(
            "sequences always",
            lambda: result(run(), sequences=True),
            "the output holds every step, although return_sequences is False.",
        ),
        Mistake(
            "states ignored",
            lambda: result(run(), states=False),
            "return_state has no effect: the states are missing from the result.",
        ),
        Mistake(
            "states always",
            lambda: result(run(), states=True),
            "the states are returned, although return_state is False.",
        ),
        Mistake(
            "options swapped",
            lambda: result(run(), sequences=return_state, states=return_sequences),
            "return_sequences and return_state have changed places.",
        ),
        Mistake(
            "output missing",
            lambda: run()[1:],
            "only h and c are returned. With return_state the output comes first, then h and c, "
            "even if the output is h.",
        ),
        Mistake(
            "cell state as output",
            lambda: result_with(run()[2]),
            "the output is the last c. What a layer shows is h.",
        ),
        Mistake(
            "first step returned",
            lambda: result_with(run()[0][:, 0]),
            "the output is the first hidden state. Without return_sequences it is the last.",
        ),
        Mistake(
            "states swapped",
            lambda: tuple(result(run())[k] for k in (0, 2, 1)) if return_state else None,
            "the two states have changed places. After the output comes h, then c.",
        ),
    ]
    if state is not None:
        mistakes += [
            Mistake(
                "state ignored",
                lambda: result(run(zero, zero)),
                "a state was given, and the layer begins at zeros.",
            ),
            Mistake(
                "cell state ignored",
                lambda: result(run(c=zero)),
                "the given h is used, but c begins at zero.",
            ),
            Mistake(
                "hidden state ignored",
                lambda: result(run(h=zero)),
                "the given c is used, but h begins at zero.",
            ),
            Mistake(
                "initial states swapped",
                lambda: result(run(c, h)),
                "h and c of the given state have changed places. The list is [h, c].",
            ),
        ]
    return mistakes


def masked_step_mistakes(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    mask: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[Mistake]:
    """List wrong results of a masked step; arguments as in the notebook, mask (batch,)."""

    weights = (kernel, recurrent_kernel, bias)
    real = mask[:, np.newaxis]
    everyone = np.ones_like(real)

    def step(x=x, h=h, c=c, mask=real):
        return run_lstm(x, h, c, *weights, mask=mask)[1:]

    return [
        Mistake(
            "mask ignored",
            lambda: step(mask=everyone),
            "every sample has taken a step. Where the mask is False, a sample keeps its state.",
        ),
        Mistake(
            "mask inverted",
            lambda: step(mask=~real),
            "the mask works the wrong way round: True means that the step is real.",
        ),
        Mistake(
            "no step",
            lambda: (h, c),
            "no sample has taken a step, although some have a mask of True. "
            "Decide for each sample by itself.",
        ),
        Mistake(
            "state cleared",
            lambda: step(h=h * real, c=c * real),
            "masked samples lose their state: it becomes zero. They keep the old one.",
        ),
        Mistake(
            "input masked",
            lambda: step(x=x * real, mask=everyone),
            "for masked samples only the input is taken away. A step with an input of zero is "
            "still a step: the state must not change at all.",
        ),
        Mistake(
            "cell state not masked",
            lambda: (step()[0], step(mask=everyone)[1]),
            "h is right, but the mask has no effect on c.",
        ),
        Mistake(
            "hidden state not masked",
            lambda: (step(mask=everyone)[0], step()[1]),
            "c is right, but the mask has no effect on h.",
        ),
        Mistake(
            "cell state cleared",
            lambda: (step()[0], step(c=c * real)[1]),
            "h is right, but the c of masked samples becomes zero. They keep the old one.",
        ),
        Mistake(
            "hidden state cleared",
            lambda: (step(h=h * real)[0], step()[1]),
            "c is right, but the h of masked samples becomes zero. They keep the old one.",
        ),
        Mistake(
            "states swapped",
            lambda: step()[::-1],
            "the two results have changed places. h comes first, then c.",
        ),
    ]


def pack_mistakes(weights: Sequence[np.ndarray], order: Iterable[str]) -> list[Mistake]:
    """List wrong packings.

    weights: kernel, recurrent_kernel and bias.
    order: the keys of the dict, the names of the blocks.
    """
    kernel, recurrent_kernel, bias = weights
    of_keys = [BLOCKS[name] for name in order]

    def each(change):
        return lambda: [change(array) for array in weights]

    def in_order(places):
        return each(lambda array: reorder(array, places))

    def forget_bias():
        units = bias.size // 4
        return [kernel, recurrent_kernel, bias + np.repeat([0, 1, 0, 0], units)]

    def below(array):
        return np.concatenate(split(array), axis=0)

    mistakes = [
        Mistake(
            "dict order",
            in_order(of_keys),
            "the blocks stand in the order of the dict's keys. Ask for them by name instead: "
            "Keras stacks them i, f, c, o.",
        ),
        Mistake(
            "arrays swapped",
            lambda: [recurrent_kernel, kernel, bias],
            "the kernel and the recurrent kernel have changed places in the list.",
        ),
        Mistake(
            "rows",
            each(below),
            "the blocks stand one below the other. They stand side by side, along the last axis.",
        ),
        Mistake(
            "new axis",
            each(lambda array: np.stack(split(array))),
            "the four blocks are stacked along a new axis. They stand side by side in one array.",
        ),
        Mistake(
            "interleaved",
            each(alternate),
            "the columns of the four gates alternate. "
            "Each gate's columns stand side by side, as one block.",
        ),
        Mistake(
            "blocks transposed",
            lambda: [kernel, transpose(recurrent_kernel), bias],
            "the blocks of the recurrent kernel are transposed.",
        ),
        Mistake(
            "bias missing",
            lambda: [kernel, recurrent_kernel, np.zeros_like(bias)],
            "the bias is zero. Each gate brings a bias of its own.",
        ),
        Mistake(
            "bias in another order",
            lambda: [kernel, recurrent_kernel, reorder(bias, of_keys)],
            "the two kernels are right, but the blocks of the bias stand in another order.",
        ),
        Mistake(
            "forget bias added",
            forget_bias,
            "1 was added to the forget gate's bias. Keras does so when it *initialises* a layer; "
            "set_weights takes the weights as they are.",
        ),
    ]
    mistakes += [
        Mistake(
            "block order",
            in_order(places),
            f"the blocks stand in the order {letters(places)}. Keras stacks them i, f, c, o.",
        )
        for places in permutations(range(4))
        if places != (0, 1, 2, 3)
    ]
    return mistakes
