"""What the network of the lstm-training assignment returns, with the mistakes that learners make.

The network is an LSTM whose last hidden state goes through a dense layer. Its weights are a list of
five arrays: kernel (features, 4 * units), recurrent_kernel (units, 4 * units), bias (4 * units,),
dense_kernel (units, outputs), dense_bias (outputs,). x is (batch, time, features), what is
predicted (batch, outputs).
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from .blocks import side_by_side
from .inputs import Draw, LSTMInputs, float32, normal, sizes
from .lists import Arrays, listed
from .network import network_weights, other_weights
from .reference import Choose, Other, Reference
from .steps import lstm_caches, sigmoid


class Pass(NamedTuple):
    """A forward pass. every_h, every_c: (batch, time, units). caches: as in `lstm_caches`."""

    every_h: np.ndarray
    every_c: np.ndarray
    caches: list[dict[str, np.ndarray]]


def run(x: np.ndarray, kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray) -> Pass:
    """Run an LSTM over x (batch, time, features) from zeros."""
    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    caches = lstm_caches(LSTMInputs(x, zeros, zeros, kernel, recurrent_kernel, bias))
    every_c = np.stack([cache["c"] for cache in caches], axis=1)
    shown = np.stack([cache["output"] for cache in caches], axis=1)
    return Pass(shown * np.tanh(every_c), every_c, caches)


def gradients_of(
    dh: np.ndarray,
    caches: list[dict[str, np.ndarray]],
    recurrent_kernel: np.ndarray,
    through_h: bool = True,
    through_c: bool = True,
) -> list[np.ndarray]:
    """Return what each step adds to the gradients of an LSTM's three arrays of weights.

    dh: what arrives at the last h (batch, units). through_h, through_c: whether it goes on from a
    step to the one before by the hidden state, and by the cell state.

    Returns three arrays whose first axis is time: (time, features, 4 * units),
    (time, units, 4 * units), (time, 4 * units).
    """
    dc, shares = np.zeros_like(dh), []
    for cache in reversed(caches):
        i, f, candidate, o = (cache[k] for k in ("input", "forget", "candidate", "output"))
        shown = np.tanh(cache["c"])
        dc = dc + dh * o * (1 - shown**2)
        at_gates = (dc * candidate, dc * cache["c_previous"], dc * i, dh * shown)
        slopes = (i - i**2, f - f**2, 1 - candidate**2, o - o**2)
        dz = side_by_side([one * slope for one, slope in zip(at_gates, slopes)])
        shares.append((cache["x"].T @ dz, cache["h_previous"].T @ dz, dz.sum(axis=0)))
        dh = dz @ recurrent_kernel.T if through_h else np.zeros_like(dh)
        dc = dc * f if through_c else np.zeros_like(dc)
    return [np.stack(each[::-1]) for each in zip(*shares)]


def predict(choose: Choose, weights: Arrays, x: np.ndarray) -> np.ndarray:
    """Return what the network predicts, (batch, outputs)."""
    of_lstm, (dense_kernel, dense_bias) = weights[:3], weights[3:]
    x = choose(
        "inputs",
        x,
        (
            "time reversed",
            lambda: x[:, ::-1],
            "The inputs are read from the last to the first. Time runs forwards here.",
        ),
        (
            "first step missing",
            lambda: x[:, 1:],
            "The first step is missing: it starts with the second input. Python counts from 0.",
        ),
        (
            "last step missing",
            lambda: x[:, :-1],
            "The last step is missing: the prediction comes from the last but one hidden state. "
            "Does your loop reach the end of the time axis?",
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
    )
    of_lstm = choose("weights of the LSTM", of_lstm, partial(other_weights, of_lstm))
    *kernels, bias = of_lstm
    of_lstm = [*kernels, choose("bias of the LSTM", bias, *other_biases(bias))]
    forward = choose.once("forward pass", lambda: run(x, *of_lstm))
    h = choose("state", forward.every_h[:, -1], partial(_other_states, forward))
    product = choose(
        "dense product",
        h @ dense_kernel,
        (
            "dense kernel transposed",
            lambda: h @ dense_kernel.T,
            "The dense kernel is transposed. Its rows stand for the units, its columns for the "
            "outputs.",
        ),
    )
    bias = choose(
        "dense bias",
        dense_bias,
        (
            "dense bias missing",
            lambda: 0 * dense_bias,
            "The bias of the dense layer is missing.",
        ),
        (
            "dense bias subtracted",
            lambda: -dense_bias,
            "The bias of the dense layer is subtracted.",
        ),
        (
            "dense bias doubled",
            lambda: 2 * dense_bias,
            "The bias of the dense layer is added twice.",
        ),
    )
    added = product + bias
    return choose(
        "output",
        added,
        (
            "tanh after the dense layer",
            lambda: np.tanh(added),
            "The prediction has gone through tanh. The dense layer here has no activation.",
        ),
        (
            "sigmoid after the dense layer",
            lambda: sigmoid(added),
            "The prediction has gone through a sigmoid. The dense layer here has no activation.",
        ),
        (
            "relu after the dense layer",
            lambda: np.maximum(added, 0),
            "The prediction has gone through a ReLU. The dense layer here has no activation.",
        ),
        (
            "softmax after the dense layer",
            lambda: np.exp(added) / np.exp(added).sum(axis=1, keepdims=True),
            "The prediction has gone through a softmax. The dense layer here has no activation.",
        ),
    )


def other_biases(bias: np.ndarray) -> list[Other]:
    """List what becomes of the LSTM's bias."""
    return [
        (
            "LSTM bias missing",
            lambda: 0 * bias,
            "The bias of the LSTM is missing.",
        ),
        (
            "forget bias added",
            lambda: bias + np.repeat(float32([0, 1, 0, 0]), bias.size // 4),
            "A forget bias of 1 is added in each step. Where one is wanted, it is in the bias that "
            "is given.",
        ),
    ]


def _other_states(forward: Pass) -> list[Other]:
    """List what is taken for the last hidden state."""
    every_h, every_c = forward.every_h, forward.every_c
    return [
        (
            "cell state for the hidden state",
            lambda: every_c[:, -1],
            "The dense layer reads the *cell* state. It reads the hidden state.",
        ),
        (
            "first step",
            lambda: every_h[:, 0],
            "The dense layer reads the hidden state of the first step. It reads that of the last.",
        ),
        (
            "all steps",
            lambda: every_h,
            "The dense layer reads the hidden states of all steps. It reads that of the last one.",
        ),
        (
            "last sample",
            lambda: every_h[-1],
            "All steps of the last *sample* are read. The first axis is the batch; the last step "
            "of every sample is asked for.",
        ),
        (
            "mean over time",
            lambda: every_h.mean(axis=1),
            "The dense layer reads the mean of the hidden states. It reads the last one.",
        ),
        (
            "sum over time",
            lambda: every_h.sum(axis=1),
            "The dense layer reads the sum of the hidden states. It reads the last one.",
        ),
        (
            "relu of the hidden state",
            lambda: np.maximum(every_h[:, -1], 0),
            "The hidden state has gone through a ReLU. The dense layer reads it as it is.",
        ),
    ]


def mean_squared_error(choose: Choose, predicted: np.ndarray, y: np.ndarray) -> list:
    """Return the loss, a number, and its gradient (batch, outputs)."""
    error = np.subtract(predicted, y)
    count = choose(
        "count",
        error.size,
        (
            "divided by the batch alone",
            lambda: len(error),
            "Both results are divided by the number of samples. The mean is taken over all "
            "numbers: each sample has several outputs.",
        ),
        (
            "divided by the outputs alone",
            lambda: error.shape[1],
            "Both results are divided by the number of outputs. The mean is taken over all "
            "numbers, of all samples too.",
        ),
        (
            "not divided",
            lambda: 1,
            "The squares are added up. The loss is their *mean*, and its gradient is smaller, too.",
        ),
    )
    half = choose(
        "half",
        1,
        (
            "half the square",
            lambda: 0.5,
            "Both results are half of what they should be. Some books halve the square, so that no "
            "factor is left in the gradient; Keras does not.",
        ),
    )
    total = np.sum(error**2)
    loss = choose(
        "loss",
        half * total / count,
        (
            "loss not divided",
            lambda: half * total,
            "The loss is the sum of the squares, not their mean.",
        ),
        (
            "loss divided by the batch alone",
            lambda: half * total / len(error),
            "The loss is divided by the number of samples. It is the mean of *all* squares: each "
            "sample has several outputs.",
        ),
        (
            "loss of each sample",
            lambda: half * np.mean(error**2, axis=1),
            "There is a loss for each sample. One number is asked for, the mean of all squares.",
        ),
        (
            "loss of each output",
            lambda: half * np.mean(error**2, axis=0),
            "There is a loss for each output. One number is asked for, the mean of all squares.",
        ),
        (
            "squares not averaged",
            lambda: half * error**2,
            "The squares are returned one by one. One number is asked for, their mean.",
        ),
        (
            "magnitudes",
            lambda: np.mean(np.abs(error)),
            "The loss is the mean of the *magnitudes*. It is that of the squares.",
        ),
        (
            "root taken",
            lambda: np.sqrt(half * total / count),
            "The root of the mean is taken. The loss is the mean of the squares itself.",
        ),
        (
            "squared after the mean",
            lambda: np.mean(error) ** 2,
            "The mean is squared. The loss is the mean of the squares: errors of opposite signs do "
            "not cancel.",
        ),
        (
            "loss halved",
            lambda: 0.5 * total / count,
            "The loss is half of the mean of the squares.",
        ),
    )
    d_predicted = choose(
        "gradient",
        half * 2 * error / count,
        (
            "gradient: sign",
            lambda: half * -2 * error / count,
            "The gradient points the other way. Where too much is predicted, the loss grows with "
            "the prediction.",
        ),
        (
            "gradient: derivative of the square missing",
            lambda: half * error / count,
            "The gradient is half of what it should be: what is the derivative of a square?",
        ),
        (
            "gradient: not divided",
            lambda: half * 2 * error,
            "The gradient is that of the sum of the squares. Each prediction has only its share in "
            "the mean.",
        ),
        (
            "gradient: divided by the batch alone",
            lambda: half * 2 * error / len(error),
            "The gradient is divided by the number of samples. The mean is taken over all numbers.",
        ),
        (
            "gradient: multiplied by the outputs",
            lambda: half * 2 * error / len(error) * error.shape[1],
            "The gradient is divided by the number of samples, but *multiplied* by that of the "
            "outputs. Where a product stands below a fraction line, it needs brackets.",
        ),
        (
            "gradient: error alone",
            lambda: error,
            "The gradient is the plain error. It has a factor, and each prediction has only its "
            "share in the mean.",
        ),
        (
            "gradient: error with the other sign",
            lambda: -error,
            "The gradient is the plain error, and with the opposite sign.",
        ),
        (
            "gradient: square for its derivative",
            lambda: error**2 / count,
            "The gradient holds squares. What is the derivative of a square?",
        ),
        (
            "gradient: summed over the batch",
            lambda: (half * 2 * error / count).sum(axis=0),
            "The gradient is summed over the samples. Each prediction has its own: the shape is "
            "that of predicted.",
        ),
        (
            "gradient: of the magnitudes",
            lambda: np.sign(error) / count,
            "The gradient holds only the signs of the errors. That belongs to the mean of "
            "magnitudes.",
        ),
    )
    return [loss, d_predicted]


def loss_and_gradients(choose: Choose, weights: Arrays, x: np.ndarray, y: np.ndarray) -> list:
    """Return the loss, a number, and a list with the gradient of each array of weights."""
    of_lstm, (dense_kernel, dense_bias) = weights[:3], weights[3:]
    forward = choose.once("forward pass", lambda: run(x, *of_lstm))
    h = choose(
        "state",
        forward.every_h[:, -1],
        (
            "first step",
            lambda: forward.every_h[:, 0],
            "The dense layer reads the hidden state of the first step. It reads that of the last.",
        ),
        (
            "cell state for the hidden state",
            lambda: forward.every_c[:, -1],
            "The dense layer reads the *cell* state. It reads the hidden state.",
        ),
    )
    bias = choose(
        "dense bias",
        dense_bias,
        (
            "dense bias missing",
            lambda: 0 * dense_bias,
            "The prediction lacks the bias of the dense layer.",
        ),
    )
    error = h @ dense_kernel + bias - y
    d_predicted = _arriving(choose, error)
    dh = choose(
        "dh",
        d_predicted @ dense_kernel.T,
        (
            "dh: loss missing",
            lambda: np.ones_like(error) @ dense_kernel.T,
            "What arrives at the LSTM does not depend on the loss. It is the gradient of the "
            "prediction, taken back through the dense kernel.",
        ),
        (
            "dh: twice through the dense layer",
            lambda: (d_predicted * (h @ dense_kernel)) @ dense_kernel.T,
            "What arrives at the LSTM is multiplied by the product of the dense layer, too. The "
            "dense layer is linear: only its kernel counts.",
        ),
        (
            "dh: through tanh",
            lambda: (d_predicted @ dense_kernel.T) * (1 - h**2),
            "What arrives at the LSTM has gone through a derivative of tanh. The dense layer has "
            "no activation, and the tanh inside the LSTM is the LSTM's own work.",
        ),
        (
            "dh: dense kernel not transposed",
            lambda: d_predicted @ dense_kernel,
            "On the way back to the LSTM the dense kernel is not transposed.",
        ),
        (
            "dh: dense kernel reshaped",
            lambda: d_predicted @ dense_kernel.reshape(dense_kernel.shape[::-1]),
            "On the way back to the LSTM the dense kernel is reshaped. A reshape never swaps axes; "
            "the transposed kernel is needed.",
        ),
    )
    of_lstm = _of_lstm(choose, dh, forward, weights[1])
    d_kernel = choose("d_dense_kernel", h.T @ d_predicted, *_other_dense(h, d_predicted, forward))
    d_bias = choose(
        "d_dense_bias",
        d_predicted.sum(axis=0),
        (
            "d_dense_bias: mean over the batch",
            lambda: d_predicted.mean(axis=0),
            "The gradient of the dense bias is a mean over the samples. It is their sum: the loss "
            "has been averaged already.",
        ),
        (
            "d_dense_bias: batch kept",
            lambda: d_predicted,
            "The gradient of the dense bias still has a row for each sample. The samples share "
            "one bias.",
        ),
        (
            "d_dense_bias: axis kept",
            lambda: d_predicted.sum(axis=0, keepdims=True),
            "The gradient of the dense bias has two axes. It has the shape of the bias.",
        ),
        (
            "d_dense_bias: first sample alone",
            lambda: d_predicted[0],
            "The gradient of the dense bias is that of the first sample. The samples share one "
            "bias.",
        ),
        (
            "d_dense_bias: one number",
            lambda: d_predicted.sum(),
            "The gradient of the dense bias is a single number, the sum over samples and outputs. "
            "Each output has a bias of its own: the sum goes over the batch alone.",
        ),
    )
    loss = choose(
        "loss",
        np.mean(error**2),
        (
            "loss not averaged",
            lambda: np.sum(error**2),
            "The loss is the sum of the squares, not their mean.",
        ),
        (
            "loss halved",
            lambda: np.mean(error**2) / 2,
            "The loss is half of the mean of the squares.",
        ),
    )
    gradients = [*of_lstm, d_kernel, d_bias]
    gradients = choose(
        "order",
        gradients,
        (
            "dense layer first",
            lambda: [*gradients[3:], *gradients[:3]],
            "The gradients of the dense layer come first. The order is that of the weights.",
        ),
        (
            "gradients of the LSTM alone",
            lambda: gradients[:3],
            "The list holds the gradients of the LSTM alone. Those of the dense layer follow.",
        ),
        (
            "dense kernel and bias swapped",
            lambda: [*gradients[:3], gradients[4], gradients[3]],
            "The last two gradients are swapped: first that of the dense kernel, then that of its "
            "bias.",
        ),
        (
            "list in the list",
            lambda: [list(gradients[:3]), *gradients[3:]],
            "The gradients of the LSTM stand in a list of their own inside the list. One list with "
            "five arrays is asked for.",
        ),
    )
    return [loss, listed(choose, "list", gradients, "the gradients")]


def _arriving(choose: Choose, error: np.ndarray) -> np.ndarray:
    """Return the gradient with respect to what is predicted."""
    d_predicted = 2 * error / error.size
    return choose(
        "d_predicted",
        d_predicted,
        (
            "d_predicted: error alone",
            lambda: error,
            "All gradients come from the plain error. mean_squared_error returns what arrives at "
            "the prediction.",
        ),
        (
            "d_predicted: sign",
            lambda: -d_predicted,
            "All gradients have the opposite sign.",
        ),
        (
            "d_predicted: loss for its gradient",
            lambda: np.full_like(error, np.mean(error**2)),
            "All gradients come from the *loss*. mean_squared_error returns two things: the second "
            "arrives at the prediction.",
        ),
        (
            "d_predicted: ones",
            lambda: np.ones_like(error),
            "All gradients are those of the sum of the predictions. They are asked for of the "
            "loss.",
        ),
        (
            "divided by the batch once more",
            lambda: d_predicted / len(error),
            "All gradients are divided by the number of samples once more. The loss has been "
            "averaged already.",
        ),
    )


def _of_lstm(
    choose: Choose, dh: np.ndarray, forward: Pass, recurrent_kernel: np.ndarray
) -> list[np.ndarray]:
    """Return the gradients of the LSTM's three arrays of weights."""
    shares = gradients_of(dh, forward.caches, recurrent_kernel)

    def summed(shares: list[np.ndarray]) -> list[np.ndarray]:
        return [each.sum(axis=0) for each in shares]

    def every_step() -> list[np.ndarray]:
        ends = range(1, len(forward.caches) + 1)
        runs = [summed(gradients_of(dh, forward.caches[:end], recurrent_kernel)) for end in ends]
        return [np.sum(each, axis=0) for each in zip(*runs)]

    return choose(
        "gradients of the LSTM",
        summed(shares),
        (
            "last step's share alone",
            lambda: [each[-1] for each in shares],
            "The gradients of the LSTM are those of its last step alone. All steps share the "
            "weights: add up what each contributes.",
        ),
        (
            "first step's share alone",
            lambda: [each[0] for each in shares],
            "The gradients of the LSTM are those of its first step alone: each turn of the loop "
            "replaces what was there. Add up what the steps contribute.",
        ),
        (
            "mean over the steps",
            lambda: [each.mean(axis=0) for each in shares],
            "The gradients of the LSTM are a mean over the steps. They are a sum.",
        ),
        (
            "loss at every step",
            every_step,
            "The gradient of the loss arrives at the hidden state of every step. The dense layer "
            "reads only the last one.",
        ),
        (
            "caches in the wrong order",
            lambda: summed(gradients_of(dh, forward.caches[::-1], recurrent_kernel)),
            "The backward pass begins at the first step. It begins at the last.",
        ),
        (
            "dh not carried",
            lambda: summed(gradients_of(dh, forward.caches, recurrent_kernel, through_h=False)),
            "Between the steps, no gradient goes back through the hidden state.",
        ),
        (
            "dc not carried",
            lambda: summed(gradients_of(dh, forward.caches, recurrent_kernel, through_c=False)),
            "Between the steps, no gradient goes back through the cell state.",
        ),
        (
            "recurrent kernel not transposed",
            lambda: summed(gradients_of(dh, forward.caches, _turned(recurrent_kernel))),
            "On the way back through the hidden state, the recurrent kernel is not transposed "
            "block by block as it should be.",
        ),
    )


def _turned(recurrent_kernel: np.ndarray) -> np.ndarray:
    units = len(recurrent_kernel)
    blocks = [recurrent_kernel[:, k * units : (k + 1) * units].T for k in range(4)]
    return side_by_side(blocks)


def _other_dense(h: np.ndarray, d_predicted: np.ndarray, forward: Pass) -> list[Other]:
    """List what stands in place of the gradient of the dense kernel."""
    name = "the gradient of the dense kernel"
    return [
        (
            "d_dense_kernel: transposed",
            lambda: d_predicted.T @ h,
            f"Rows and columns of {name} have changed places: its rows stand for the units.",
        ),
        (
            "d_dense_kernel: mean over the batch",
            lambda: h.T @ d_predicted / len(h),
            f"There is a mean over the samples in {name}. It is their sum: the loss has been "
            "averaged already.",
        ),
        (
            "d_dense_kernel: cell state",
            lambda: forward.every_c[:, -1].T @ d_predicted,
            f"The cell state stands in {name}. The dense layer reads the hidden state.",
        ),
        (
            "d_dense_kernel: first step",
            lambda: forward.every_h[:, 0].T @ d_predicted,
            f"The hidden state of the first step stands in {name}. The dense layer reads the last "
            "one.",
        ),
        (
            "d_dense_kernel: mean hidden state",
            lambda: np.outer(h.mean(axis=0), d_predicted.sum(axis=0)),
            f"The mean of the hidden states stands in {name}. Each sample's own hidden state meets "
            "what arrives at its own prediction.",
        ),
        (
            "d_dense_kernel: loss missing",
            lambda: h.T @ np.ones_like(d_predicted),
            f"There is no trace of the loss in {name}.",
        ),
    ]


def _draw(rng: Draw) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    batch, time, features, units, outputs = sizes(rng, 5)
    time = max(time, 2)  # of one step, some mistakes leave nothing
    weights = network_weights(rng, features, units, outputs)
    x, y = normal(rng, (batch, time, features), (batch, outputs))
    return weights, x, y


PREDICT = Reference(
    predict,
    lambda rng: _draw(rng)[:2],
    {"the prediction": "batch, outputs"},
    look="Look at the hidden state of the worked number after each step, -0.0289 and 0.0144; then "
    "at what the dense layer makes of the last one.",
)
MEAN_SQUARED_ERROR = Reference(
    mean_squared_error,
    lambda rng: tuple(normal(rng, *[tuple(sizes(rng, 2))] * 2)),
    {"the loss": "", "the gradient": "batch, outputs"},
    look="Work the worked number: how many numbers are averaged there?",
)
LOSS_AND_GRADIENTS = Reference(
    loss_and_gradients,
    _draw,
    {"the loss": "", "the gradients": ""},
    uses=("mean_squared_error",),
    look="Look at the dh that arrives at the LSTM in the worked number, -3.4850, then at the sum "
    "over the steps.",
)
