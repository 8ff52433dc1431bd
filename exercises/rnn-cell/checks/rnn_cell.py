"""The well-known mistakes of the rnn-cell assignment, recomputed by Keras.

Each is a real SimpleRNN with changed arguments: a bias of zero, a transposed recurrent kernel, the
state of another sample. So no formula of a step stands here.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import keras
import numpy as np

from . import Mistake
from .keras_rnn import RNNInputs, all_steps, one_step, parameters, run_rnn, tanh_twice


def pre_activation_mistakes(inputs: RNNInputs) -> list[Mistake]:
    """List wrong results of pre_activation, each (batch, units)."""
    return [
        *_term_mistakes(inputs, one_step, activation="linear"),
        *_joined_mistakes(inputs, activation="linear"),
        Mistake(
            "activation applied",
            lambda: one_step(inputs),
            "the activation has already been applied. "
            "The pre-activation is what goes *into* tanh; it may exceed 1.",
        ),
    ]


def rnn_step_mistakes(inputs: RNNInputs) -> list[Mistake]:
    """List wrong results of rnn_step, each (batch, units)."""
    h, bias = inputs.h, inputs.bias
    without_bias = inputs._replace(bias=np.zeros_like(bias))
    without_x = inputs._replace(kernel=np.zeros_like(inputs.kernel))
    without_h = inputs._replace(recurrent_kernel=np.zeros_like(inputs.recurrent_kernel))

    def linear(arguments):
        return one_step(arguments, activation="linear")

    def outside(inside):
        return lambda: one_step(inside) + linear(inputs) - linear(inside)

    return [
        *_activation_mistakes(inputs, one_step),
        *_term_mistakes(inputs, one_step),
        *_joined_mistakes(inputs),
        Mistake(
            "bias outside",
            outside(without_bias),
            "the bias is added after tanh. It belongs to what goes into tanh.",
        ),
        Mistake(
            "recurrent term outside",
            outside(without_h),
            "the recurrent term is added after tanh. It belongs to what goes into tanh.",
        ),
        Mistake(
            "input term outside",
            outside(without_x),
            "the input's term is added after tanh. It belongs to what goes into tanh.",
        ),
        Mistake(
            "old state added",
            lambda: h + one_step(inputs),
            "the old h is added to the new one. "
            "It reaches the new state through the recurrent kernel only.",
        ),
        Mistake(
            "old state returned",
            lambda: h,
            "this is the old h. Return the state *after* the step.",
        ),
    ]


def rnn_sequence_mistakes(inputs: RNNInputs) -> list[Mistake]:
    """List wrong results of rnn_sequence, each (batch, time, units) unless it has another shape."""
    x, h = inputs.x, inputs.h
    batch, time, _ = x.shape
    states = cache(lambda: run_rnn(*inputs))

    def with_inputs(x):
        return lambda: run_rnn(x, *inputs[1:])

    def step_by_step(advance):
        """Run step by step; `advance(old h, new h)` gives the h that the next step gets."""
        now, steps = h, []
        for t in range(time):
            new = run_rnn(x[:, t], now, *inputs[2:])[:, 0]
            now = advance(now, new)
            steps.append((new, now))
        return [np.stack(kind, axis=1) for kind in zip(*steps)]

    def one_sample_after_another():
        runs = [run_rnn(x[:1], h[:1], *inputs[2:])]
        for b in range(1, batch):
            runs.append(run_rnn(x[b : b + 1], runs[-1][:, -1], *inputs[2:]))
        return np.concatenate(runs)

    return [
        Mistake(
            "state not carried",
            lambda: step_by_step(lambda old, new: old)[0],
            "every step starts from the initial h. "
            "Each step must start from the state that the step before it returned.",
        ),
        Mistake(
            "initial state ignored",
            lambda: run_rnn(x, np.zeros_like(h), *inputs[2:]),
            "the sequence starts from zeros. Start from the h that is given.",
        ),
        Mistake(
            "old state added",
            lambda: step_by_step(lambda old, new: old + new)[1],
            "each new state is added to the old one. It replaces the old one.",
        ),
        Mistake(
            "state of before the step",
            lambda: np.concatenate([h[:, None], states()[:, :-1]], axis=1),
            "the states come one step late: the first is the initial h and the last one is "
            "missing. Collect the state *after* each step.",
        ),
        Mistake(
            "initial state included",
            lambda: np.concatenate([h[:, None], states()], axis=1),
            "there is one state too many: the initial h is among them. "
            "Collect the states after the steps only.",
        ),
        Mistake(
            "last step missing",
            lambda: states()[:, :-1],
            "the last step is missing. Does your loop reach the end of the time axis?",
        ),
        Mistake(
            "first step missing",
            lambda: run_rnn(x[:, 1:], *inputs[1:]) if time > 1 else None,
            "the first step is missing: it starts with the second input. Python counts from 0.",
        ),
        Mistake(
            "last state only",
            lambda: states()[:, -1],
            "only the last state is returned. The states of all steps are asked for.",
        ),
        Mistake(
            "last state everywhere",
            lambda: np.broadcast_to(states()[:, -1:], states().shape),
            "every step shows the last state. If you collect the states in a list, and change one "
            "array in place, the list holds that same array again and again.",
        ),
        Mistake(
            "last state alone is kept",
            lambda: np.concatenate([np.zeros_like(states()[:, :-1]), states()[:, -1:]], axis=1),
            "only the last step is filled in, the others are zero.",
        ),
        Mistake(
            "time reversed",
            lambda: run_rnn(x[:, ::-1], *inputs[1:]),
            "the inputs are read from the last to the first. Time runs forwards here.",
        ),
        Mistake(
            "time reversed",
            lambda: run_rnn(x[:, ::-1], *inputs[1:])[:, ::-1],
            "the inputs are read from the last to the first. Time runs forwards here.",
        ),
        Mistake(
            "states reversed",
            lambda: states()[:, ::-1],
            "the states are right, but the last one comes first. "
            "Index 0 of the time axis holds the state after the first input.",
        ),
        Mistake(
            "first input repeated",
            with_inputs(np.broadcast_to(x[:, :1], x.shape)),
            "every step reads the first input. Step t reads input t.",
        ),
        Mistake(
            "last input repeated",
            with_inputs(np.broadcast_to(x[:, -1:], x.shape)),
            "every step reads the last input. Step t reads input t.",
        ),
        Mistake(
            "time axis first",
            lambda: np.swapaxes(states(), 0, 1),
            "the states are right, but time stands before batch. "
            "The order asked for is (batch, time, units).",
        ),
        Mistake(
            "axes mixed up",
            lambda: np.swapaxes(states(), 0, 1).reshape(states().shape),
            "the states are right, but a reshape has mixed up samples and steps. "
            "A reshape never swaps axes; look for a function that does.",
        ),
        Mistake(
            "batch taken for time",
            with_inputs(x[:, :batch]),
            f"your loop takes {batch} steps, as many as there are samples. "
            "Time is the second axis of x.",
        ),
        Mistake(
            "state leaked over the batch",
            one_sample_after_another,
            "one sample starts with the state in which another ended. "
            "Each sample has its own row of the initial h.",
        ),
        *_activation_mistakes(inputs, all_steps),
        *_term_mistakes(inputs, all_steps),
    ]


def rnn_layer_mistakes(
    inputs: RNNInputs,
    initial_state: np.ndarray | None,
    return_sequences: bool = False,
    return_state: bool = False,
) -> list[Mistake]:
    """List wrong results of rnn_layer.

    inputs: the arguments, of which h is not used. The other arguments are those of rnn_layer.
    """
    zeros = np.zeros_like(inputs.h)
    start = zeros if initial_state is None else initial_state
    states = cache(lambda: all_steps(inputs._replace(h=start)))

    def output():
        return states() if return_sequences else states()[:, -1]

    def packed(output, state, with_state=return_state):
        return (output, state) if with_state else output

    def returned(**changed):
        """Return what the layer returns on changed inputs."""

        def value():
            every_h = all_steps(inputs._replace(**({"h": start} | changed)))
            return packed(every_h if return_sequences else every_h[:, -1], every_h[:, -1])

        return value

    def not_the_last(pick):
        """Let pick() stand where the last state belongs: in the output, the state, or both."""
        single = output if return_sequences else pick
        return [
            lambda: packed(single(), pick()),
            lambda: packed(single(), states()[:, -1]),
            lambda: packed(output(), pick()),
        ]

    flags = f"Here return_sequences is {return_sequences} and return_state is {return_state}."
    other = cache(lambda: states()[:, -1] if return_sequences else states())
    mistakes = [
        Mistake(
            "initial state ignored",
            returned(h=zeros),
            "the layer starts from zeros although an initial state is given.",
        ),
        Mistake(
            "initial state of ones",
            returned(h=np.ones_like(zeros)),
            "the layer starts from ones. Without an initial state it starts from zeros.",
        ),
        Mistake(
            "return_sequences ignored",
            lambda: packed(other(), states()[:, -1]),
            f"only the last state is the output, and the states of all steps are asked for. {flags}"
            if return_sequences
            else f"the states of all steps are the output, and only the last is asked for. {flags}",
        ),
        Mistake(
            "return_state ignored",
            lambda: packed(output(), states()[:, -1], with_state=not return_state),
            f"the state is {'missing' if return_state else 'returned unasked'}. {flags}",
        ),
        Mistake(
            "both flags ignored",
            lambda: packed(other(), states()[:, -1], with_state=not return_state),
            f"the flags do not decide what is returned, or each does the other's work. {flags}",
        ),
        Mistake(
            "state before output",
            lambda: (states()[:, -1], output()),
            "the state comes first. Keras returns the output first, then the state.",
        ),
        Mistake(
            "time reversed",
            returned(x=inputs.x[:, ::-1]),
            "the inputs are read from the last to the first. Time runs forwards here.",
        ),
    ]
    for name, pick, message in (
        (
            "first step instead of the last",
            lambda: states()[:, 0],
            "the state after the *first* step is returned where the last state belongs.",
        ),
        (
            "last but one step",
            lambda: states()[:, -2],
            "the state after the last but one step is returned where the last state belongs.",
        ),
        (
            "last sample instead of the last step",
            lambda: states()[-1],
            "all steps of the last *sample* are returned where the last step of every sample "
            "belongs. The first axis is the batch.",
        ),
        (
            "mean over time",
            lambda: states().mean(axis=1),
            "the mean of the states over time is returned where the last state belongs.",
        ),
        (
            "initial state returned",
            lambda: start,
            "the initial state is returned where the last state belongs.",
        ),
        (
            "sequence as state",
            states,
            "the states of all steps stand where the state belongs. "
            "The state is what the layer would go on from: the last one.",
        ),
    ):
        mistakes += [Mistake(name, value, message) for value in not_the_last(pick)]
    return mistakes


def parameter_count_mistakes(features: int, units: int) -> list[Mistake]:
    """List wrong numbers of parameters."""
    layers = keras.layers
    right = parameters(layers.SimpleRNN(units), features)
    without_bias = parameters(layers.SimpleRNN(units, use_bias=False), features)
    dense = parameters(layers.Dense(units), features)

    return [
        Mistake(
            "biases missing",
            lambda: without_bias,
            "the biases are not counted. There is one for each unit.",
        ),
        Mistake(
            "biases doubled",
            lambda: 2 * right - without_bias,
            "the biases are counted twice. One bias serves x and h together.",
        ),
        Mistake(
            "one bias",
            lambda: without_bias + 1,
            "a single bias is counted. There is one for each unit.",
        ),
        Mistake(
            "a bias for each feature",
            lambda: without_bias + features,
            "the biases are counted by features. There is one for each unit.",
        ),
        Mistake(
            "recurrent kernel missing",
            lambda: dense,
            "this is the number of a dense layer. The recurrent kernel is not counted.",
        ),
        Mistake(
            "kernel missing",
            lambda: right - dense + units,
            "the kernel that acts on x is not counted.",
        ),
        Mistake(
            "recurrent kernel by features",
            lambda: 2 * dense - units,
            "the recurrent kernel is counted with one row for each feature. "
            "It acts on h: how many rows does that need?",
        ),
        Mistake(
            "recurrent kernel is a vector",
            lambda: dense + units,
            "the recurrent kernel is counted as one number for each unit. "
            "Each unit hears all units.",
        ),
        Mistake(
            "features and units swapped",
            lambda: parameters(layers.SimpleRNN(features), units),
            "features and units have changed places.",
        ),
        Mistake(
            "LSTM",
            lambda: parameters(layers.LSTM(units), features),
            "this is the number of an LSTM. A simple RNN has no gates.",
        ),
    ]


def _term_mistakes(inputs: RNNInputs, run: Callable, **options: Any) -> list[Mistake]:
    """List mistakes in the three terms of a step; `run` is one_step or all_steps."""
    _, h, kernel, recurrent_kernel, bias = inputs

    def changed(**arrays):
        return lambda: run(inputs._replace(**arrays), **options)

    return [
        Mistake(
            "bias missing",
            changed(bias=np.zeros_like(bias)),
            "your result equals the one *without the bias*.",
        ),
        Mistake(
            "bias doubled",
            changed(bias=2 * bias),
            "the bias is added twice. One bias serves x and h together.",
        ),
        Mistake(
            "bias subtracted",
            changed(bias=-bias),
            "the bias is subtracted.",
        ),
        Mistake(
            "input term missing",
            changed(kernel=np.zeros_like(kernel)),
            "your result does not depend on x. Look for the term with the kernel.",
        ),
        Mistake(
            "recurrent term missing",
            changed(recurrent_kernel=np.zeros_like(recurrent_kernel)),
            "your result does not depend on the previous h. "
            "Look for the term with the recurrent kernel.",
        ),
        Mistake(
            "recurrent term subtracted",
            changed(recurrent_kernel=-recurrent_kernel),
            "the recurrent term is subtracted.",
        ),
        Mistake(
            "recurrent kernel transposed",
            changed(recurrent_kernel=recurrent_kernel.T),
            "the recurrent kernel is transposed. Rows stand for the units that h comes from, "
            "columns for the units that it goes to.",
        ),
        Mistake(
            "state of the first sample",
            changed(h=np.broadcast_to(h[:1], h.shape)),
            "all samples use the state of the first one. Each sample has its own row of h.",
        ),
        Mistake(
            "state averaged over the batch",
            changed(h=np.broadcast_to(h.mean(axis=0), h.shape)),
            "all samples use the mean of the states. Each sample has its own row of h.",
        ),
    ]


def _joined_mistakes(inputs: RNNInputs, **options: Any) -> list[Mistake]:
    """List mistakes of one step that come from joining x and h, and the two kernels."""
    x, h, kernel, recurrent_kernel, _ = inputs
    joined = inputs._replace(
        x=np.concatenate([h, x], axis=1),
        kernel=np.concatenate([kernel, recurrent_kernel]),
        recurrent_kernel=np.zeros_like(recurrent_kernel),
    )
    return [
        Mistake(
            "concatenation order",
            lambda: one_step(joined, **options),
            "x and h are joined in one order, the two kernels in the other.",
        )
    ]


def _activation_mistakes(inputs: RNNInputs, run: Callable) -> list[Mistake]:
    """List mistakes in the activation of a step; `run` is one_step or all_steps."""
    return [
        Mistake(
            "activation missing",
            lambda: run(inputs, activation="linear"),
            "this is the pre-activation: the activation function is missing.",
        ),
        Mistake(
            "sigmoid",
            lambda: run(inputs, activation="sigmoid"),
            "the activation is a sigmoid here. SimpleRNN uses another one: "
            "its states run from -1 to 1.",
        ),
        Mistake(
            "relu",
            lambda: run(inputs, activation="relu"),
            "the activation is a ReLU here. SimpleRNN uses another one: "
            "its states run from -1 to 1.",
        ),
        Mistake(
            "activation twice",
            lambda: run(inputs, activation=tanh_twice),
            "the activation is applied twice. Has a function that you call applied it already?",
        ),
    ]
