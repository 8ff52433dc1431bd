"""What the network of the who-spoke-first assignment returns, with the mistakes that learners make.

The network is an LSTM whose last hidden state goes through a dense layer. Its weights are a list of
five arrays: kernel (features, 4 * units), recurrent_kernel (units, 4 * units), bias (4 * units,),
dense_kernel (units, classes), dense_bias (classes,). x is (batch, time, features), mask (batch,
time), y (batch,), the right classes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .blocks import side_by_side
from .inputs import Draw, LSTMInputs, normal, sizes
from .lists import Arrays, listed
from .network import network_weights, other_weights
from .reference import Choose, Other, Reference
from .speech import padded
from .steps import lstm_caches, sigmoid, softmax


class MaskedStep(NamedTuple):
    """A step of a forward pass. cache: as in `lstm_caches`. real: the mask, (batch, 1)."""

    cache: dict[str, np.ndarray]
    real: np.ndarray


@dataclass(frozen=True)
class Masking:
    """What happens at a masked step on the way forwards, and where learners go astray.

    keep_h, keep_c: whether the state stays; else the step is taken for real. zero: whether both
    states become zero instead.
    """

    keep_h: bool = True
    keep_c: bool = True
    zero: bool = False


@dataclass(frozen=True)
class WayBack:
    """What happens at a masked step on the way back, and where learners go astray.

    known: whether the mask is known there at all. pass_h, pass_c: whether what arrives at the state
    is passed on; else it ends there. through_forget: whether the forget gate is applied to what is
    passed on to the cell state. count, count_bias: whether the step adds to the gradients of
    all weights, of the bias. through_h, through_c: whether a gradient goes from a *real* step to
    the one before.
    """

    known: bool = True
    pass_h: bool = True
    pass_c: bool = True
    through_forget: bool = False
    count: bool = False
    count_bias: bool = False
    through_h: bool = True
    through_c: bool = True


def forward(
    weights: Arrays, x: np.ndarray, mask: np.ndarray, masking: Masking = Masking()
) -> tuple[np.ndarray, list[MaskedStep]]:
    """Run the LSTM from zeros. Returns the last h (batch, units), and the steps."""
    kernel, recurrent_kernel, bias = weights[:3]
    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    h, c = zeros, zeros
    steps = []
    for now, real in zip(x.swapaxes(0, 1), mask.T[..., None]):
        (cache,) = lstm_caches(LSTMInputs(now, h, c, kernel, recurrent_kernel, bias))
        steps.append(MaskedStep(cache, real))
        shown = cache["output"] * np.tanh(cache["c"])
        if masking.zero:
            h, c = real * shown, real * cache["c"]
        else:
            h = np.where(real, shown, h) if masking.keep_h else shown
            c = np.where(real, cache["c"], c) if masking.keep_c else cache["c"]
    return h, steps


def backward(
    dh: np.ndarray, steps: list[MaskedStep], recurrent_kernel: np.ndarray, way: WayBack = WayBack()
) -> list[np.ndarray]:
    """Return what each step adds to the gradients of the LSTM's three arrays, time first."""
    dc, shares = np.zeros_like(dh), []
    for cache, mask in reversed(steps):
        real = mask if way.known else np.ones_like(mask)
        i, f, candidate, o = (cache[k] for k in ("input", "forget", "candidate", "output"))
        shown = np.tanh(cache["c"])
        at_cell = dc + dh * o * (1 - shown**2)
        at_gates = at_cell * candidate, at_cell * cache["c_previous"], at_cell * i, dh * shown
        slopes = i - i**2, f - f**2, 1 - candidate**2, o - o**2
        dz = side_by_side([one * slope for one, slope in zip(at_gates, slopes)])
        counted = dz if way.count else real * dz
        bias = dz if way.count_bias else counted
        shares.append((cache["x"].T @ counted, cache["h_previous"].T @ counted, bias.sum(axis=0)))
        kept = dc * f if way.through_forget else way.pass_c * dc
        dh = np.where(real, way.through_h * (dz @ recurrent_kernel.T), way.pass_h * dh)
        dc = np.where(real, way.through_c * (at_cell * f), kept)
    return [np.stack(each[::-1]) for each in zip(*shares)]


def gradients(
    weights: Arrays, x: np.ndarray, mask: np.ndarray, y: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """Return the cross-entropy of the network, and the gradient of each array of weights."""
    h, steps = forward(weights, x, mask)
    probabilities = softmax(h @ weights[3] + weights[4])
    right = np.eye(len(weights[4]))[y]
    d_logits = (probabilities - right) / len(y)
    shares = backward(d_logits @ weights[3].T, steps, weights[1])
    loss = -np.log(probabilities[right == 1]).mean()
    return loss, [*(each.sum(axis=0) for each in shares), h.T @ d_logits, d_logits.sum(axis=0)]


def cross_entropy(choose: Choose, logits: np.ndarray, y: np.ndarray) -> list:
    """Return the loss, a number, and its gradient (batch, classes)."""
    y = choose(
        "classes",
        y,
        (
            "classes counted from 1",
            lambda: y - 1,
            "The classes are counted from 1. They are counted from 0, as Python does.",
        ),
    )
    logarithms = choose("softmax", _log_softmax(logits), partial(_other_softmaxes, logits))
    probabilities = np.exp(logarithms)
    right = np.eye(logits.shape[-1])[y]
    given = logarithms[right == 1]  # the right class
    count = choose(
        "count",
        len(y),
        (
            "not divided",
            lambda: 1,
            "Both results are sums over the batch. The loss is a mean.",
        ),
        (
            "divided by all numbers",
            lambda: logits.size,
            "Both results are divided by the number of all logits. The mean is taken over the "
            "batch: a row has one right class.",
        ),
    )
    loss = -np.sum(given) / count
    other_losses = partial(_other_losses, loss, logarithms, right, logits[right == 1])
    loss = choose("loss", loss, other_losses)
    slope = (probabilities - right) / count
    slope = choose("gradient", slope, partial(_other_slopes, slope, probabilities, right))
    return [loss, slope]


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the logarithms of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _other_softmaxes(logits: np.ndarray) -> list[Other]:
    """List what is taken for the softmax; the values are logarithms."""
    powers = np.exp(logits)
    return [
        (
            "softmax over the batch",
            lambda: _log_softmax(logits.T).T,
            "The softmax runs down the batch. The probabilities of each *row* add up to 1.",
        ),
        (
            "softmax over all numbers",
            lambda: _log_softmax(logits.reshape(1, -1)).reshape(logits.shape),
            "The softmax divides by the sum over all rows. The probabilities of each row add up "
            "to 1.",
        ),
        (
            "largest logit not subtracted",
            lambda: np.log(powers / powers.sum(axis=1, keepdims=True)),
            "The exponential of a large logit is infinite. Subtract the largest logit of each row "
            "from the row before: the softmax stays the same.",
        ),
        (
            "sigmoid for the softmax",
            lambda: np.log(sigmoid(logits)),
            "Each logit goes through a sigmoid on its own. The softmax divides by the sum over "
            "the classes.",
        ),
        (
            "divided by the logits",
            lambda: np.log(powers / logits.sum(axis=1, keepdims=True)),
            "The exponentials are divided by the sum of the logits. They are divided by the sum "
            "of the exponentials.",
        ),
    ]


def _other_losses(
    loss: np.ndarray, logarithms: np.ndarray, right: np.ndarray, logit: np.ndarray
) -> list[Other]:
    """List other losses. right: one-hot. logit: of the right class of each row."""
    given = logarithms[right == 1]
    count = len(given)
    return [
        ("loss: sign", lambda: -loss, "The loss is negative. It has a minus before the logarithm."),
        (
            "logarithm of 0",
            lambda: -np.sum(np.log(np.exp(given))) / count,
            "Where the right class has a probability so small that it is 0 in float32, your loss "
            "is infinite. Compute the logarithm from the logits, not from the probability.",
        ),
        (
            "0 times the logarithm of 0",
            lambda: -np.sum(right * np.log(np.exp(logarithms))) / count,
            "A probability that is 0 in float32 has the logarithm -inf, and 0 times that is NaN. "
            "Compute the logarithms from the logits, not from the probabilities.",
        ),
        (
            "loss of each row",
            lambda: -given,
            "There is a loss for each row. One number is asked for, their mean.",
        ),
        (
            "loss not divided",
            lambda: -np.sum(given),
            "The loss is a sum over the batch. It is a mean.",
        ),
        (
            "loss divided by all numbers",
            lambda: -np.sum(given) / logarithms.size,
            "The loss is divided by the number of all logits. The mean is taken over the batch.",
        ),
        (
            "logarithm of all classes",
            lambda: -np.sum(logarithms) / count,
            "The logarithms of all probabilities are added up. Only that of the right class "
            "counts.",
        ),
        (
            "logarithm to the base 2",
            lambda: -np.mean(given) / np.log(2),
            "The logarithm is to the base 2. It is the natural one, np.log.",
        ),
        (
            "logarithm to the base 10",
            lambda: -np.mean(given) / np.log(10),
            "The logarithm is to the base 10. It is the natural one, np.log.",
        ),
        (
            "logarithm of the mean",
            lambda: -np.log(np.mean(np.exp(given))),
            "The logarithm of the mean probability is taken. The loss is the mean of the "
            "logarithms.",
        ),
        (
            "logarithm missing",
            lambda: np.mean(1 - np.exp(given)),
            "The loss is 1 less the probability of the right class. It is the negative logarithm "
            "of that probability.",
        ),
        (
            "logit for the probability",
            lambda: -np.mean(logit),
            "The loss takes the right logit. It takes the logarithm of the right probability.",
        ),
    ]


def _other_slopes(slope: np.ndarray, probabilities: np.ndarray, right: np.ndarray) -> list[Other]:
    return [
        (
            "gradient: sign",
            lambda: -slope,
            "The gradient points the other way: the right class is what 1 is taken from.",
        ),
        (
            "gradient: 1 not subtracted",
            lambda: probabilities / len(right),
            "The gradient is the probabilities, divided by the batch. At the right class, 1 is "
            "subtracted first.",
        ),
        (
            "gradient: not divided",
            lambda: probabilities - right,
            "The gradient is that of a sum over the batch. Each row has only its share in the "
            "mean.",
        ),
        (
            "gradient: 1 subtracted after the division",
            lambda: probabilities / len(right) - right,
            "The 1 is subtracted after the division by the batch. It is subtracted before.",
        ),
        (
            "gradient: right class alone",
            lambda: right * slope,
            "The gradient is zero for all classes but the right one. A softmax ties them together: "
            "where another probability grows, the right one falls.",
        ),
        (
            "gradient: of the probabilities",
            lambda: -right / probabilities / len(right),
            "This is the gradient with respect to the *probabilities*. It goes on through the "
            "softmax, to the logits.",
        ),
        (
            "gradient: summed over the batch",
            lambda: slope.sum(axis=0),
            "The gradient is summed over the batch. Each row has its own.",
        ),
    ]


FORWARDS = (
    (
        "states of zero at masked steps",
        Masking(zero=True),
        "At a masked step both states become zero. They stay as they were: np.where(mask, new, "
        "old) keeps them.",
    ),
    (
        "hidden state alone kept",
        Masking(keep_c=False),
        "At a masked step the hidden state stays, and the cell state does not. Both stay.",
    ),
    (
        "cell state alone kept",
        Masking(keep_h=False),
        "At a masked step the cell state stays, and the hidden state does not. Both stay.",
    ),
)
"""What becomes of masked steps on the way forwards."""
BACK = (
    (
        "mask ignored on the way back",
        WayBack(known=False),
        "On the way back the mask is ignored: masked steps are taken like all others. There, what "
        "arrives at both states is passed on as it is, and nothing is added to any gradient.",
    ),
    (
        "gradient ends at masked steps",
        WayBack(pass_h=False, pass_c=False),
        "On the way back nothing passes a masked step. It hands on what arrives, at both states.",
    ),
    (
        "dh ends at masked steps",
        WayBack(pass_h=False),
        "On the way back a masked step hands on what arrives at the cell state, and not what "
        "arrives at the hidden state. It hands on both.",
    ),
    (
        "dc ends at masked steps",
        WayBack(pass_c=False),
        "On the way back a masked step hands on what arrives at the hidden state, and not what "
        "arrives at the cell state. It hands on both.",
    ),
    (
        "dc through the forget gate at masked steps",
        WayBack(through_forget=True),
        "On the way back the gradient of the cell state goes through the forget gate at masked "
        "steps, too. There it is handed on as it arrives.",
    ),
    (
        "masked steps count",
        WayBack(count=True),
        "Masked steps add to the gradients of the weights. They did not happen: nothing of them "
        "is added.",
    ),
    (
        "masked steps count in the bias",
        WayBack(count_bias=True),
        "Masked steps add to the gradient of the bias. They did not happen: nothing of them is "
        "added.",
    ),
    (
        "dh not carried",
        WayBack(through_h=False),
        "Between the real steps, no gradient goes back through the hidden state.",
    ),
    (
        "dc not carried",
        WayBack(through_c=False),
        "Between the real steps, no gradient goes back through the cell state.",
    ),
)
"""What becomes of masked steps on the way back, and of the steps between them."""


def masked_gradients(
    choose: Choose, weights: Arrays, x: np.ndarray, mask: np.ndarray, y: np.ndarray
) -> list:
    """Return the loss, a number, and a list with the gradient of each array of weights."""
    x, mask = choose("mask", (x, mask), partial(_other_masks, x, mask))
    masking = choose("forwards", Masking(), *map(_other, FORWARDS))
    way = choose("back", WayBack(), *map(_other, BACK))
    of_lstm = choose("weights of the LSTM", weights[:3], partial(other_weights, weights[:3]))
    dense_kernel, dense_bias = weights[3:]
    h, steps = choose.once("forward pass", lambda: forward(of_lstm, x, mask, masking))
    bias = choose(
        "dense bias",
        dense_bias,
        (
            "dense bias missing",
            lambda: 0 * dense_bias,
            "The logits lack the bias of the dense layer.",
        ),
    )
    probabilities = softmax(h @ dense_kernel + bias)
    right = np.eye(len(dense_bias))[y]
    d_logits = (probabilities - right) / len(y)
    d_logits = choose("d_logits", d_logits, partial(_other_arrivals, d_logits))
    dh = d_logits @ dense_kernel.T
    shares = backward(dh, steps, of_lstm[1], way)
    summed = choose(
        "gradients of the LSTM",
        [each.sum(axis=0) for each in shares],
        (
            "last step's share alone",
            lambda: [each[-1] for each in shares],
            "The gradients of the LSTM are those of its last step alone. All steps share the "
            "weights: add up what each contributes.",
        ),
        (
            "first step's share alone",
            lambda: [each[0] for each in shares],
            "The gradients of the LSTM are those of its first step alone. Add up what the steps "
            "contribute.",
        ),
        (
            "first step missing",
            lambda: [each[1:].sum(axis=0) for each in shares],
            "The first step is missing from the gradients of the LSTM. Does the loop on the way "
            "back reach step 0?",
        ),
        (
            "mean over the steps",
            lambda: [each.mean(axis=0) for each in shares],
            "The gradients of the LSTM are a mean over the steps. They are a sum.",
        ),
        (
            "steps in the wrong order",
            lambda: [each.sum(axis=0) for each in backward(dh, steps[::-1], of_lstm[1], way)],
            "The backward pass begins at the first step. It begins at the last.",
        ),
    )
    of_dense = [h.T @ d_logits, d_logits.sum(axis=0)]
    of_dense = choose("gradients of the dense layer", of_dense, partial(_other_dense, h, d_logits))
    loss = -np.mean(np.log(probabilities[right == 1]))
    loss = choose(
        "loss",
        loss,
        (
            "loss not divided",
            lambda: loss * len(y),
            "The loss is a sum over the batch. It is a mean.",
        ),
        ("loss: sign", lambda: -loss, "The loss is negative."),
    )
    both = [*summed, *of_dense]
    both = choose(
        "order",
        both,
        (
            "dense layer first",
            lambda: [*both[3:], *both[:3]],
            "The gradients of the dense layer come first. The order is that of the weights.",
        ),
        (
            "gradients of the LSTM alone",
            lambda: both[:3],
            "The list holds the gradients of the LSTM alone. Those of the dense layer follow.",
        ),
    )
    return [loss, listed(choose, "list", both, "the gradients")]


def _other(row: tuple[str, Any, str]) -> Other:
    """Make an alternative of its name, value and message."""
    name, value, message = row
    return name, lambda: value, message


def _other_masks(x: np.ndarray, mask: np.ndarray) -> list[Other]:
    """List what is taken for x and the mask."""
    own = "Each row has its own mask."
    others: tuple[tuple[str, Callable[[], np.ndarray], str], ...] = (
        (
            "mask ignored",
            lambda: np.ones_like(mask),
            "The mask is ignored: masked steps are taken like all others. There, both states stay "
            "as they were.",
        ),
        (
            "mask inverted",
            lambda: ~mask,
            "The mask is read the other way round. True is a real step.",
        ),
        (
            "mask of the first row for all",
            lambda: np.broadcast_to(mask[:1], mask.shape),
            f"All rows are masked like the first. {own}",
        ),
        (
            "step masked if any row is",
            lambda: np.broadcast_to(mask.all(axis=0), mask.shape),
            f"A step that is masked in one row is masked in all. {own}",
        ),
        (
            "step real if any row is",
            lambda: np.broadcast_to(mask.any(axis=0), mask.shape),
            f"A step that is real in one row is taken in all. {own}",
        ),
        (
            "mask taken for padding in front",
            lambda: np.sort(mask, axis=1),
            "The mask is read as padding in front: its False steps are only counted. A mask may be "
            "False at any step.",
        ),
    )
    listed: list[Other] = [(name, lambda m=make: (x, m()), text) for name, make, text in others]
    zeros: Other = (
        "inputs of zero for a mask",
        lambda: (x * mask[..., None], np.ones_like(mask)),
        "At masked steps the input is set to zero, and the step is taken all the same. An input of "
        "zero still changes the states.",
    )
    return [*listed, zeros]


def _other_arrivals(d_logits: np.ndarray) -> list[Other]:
    return [
        (
            "d_logits: sign",
            lambda: -d_logits,
            "All gradients have the opposite sign.",
        ),
        (
            "d_logits: not divided",
            lambda: d_logits * len(d_logits),
            "All gradients are those of a sum over the batch. The loss is a mean.",
        ),
        (
            "divided by the batch once more",
            lambda: d_logits / len(d_logits),
            "All gradients are divided by the size of the batch once more. The loss has been "
            "averaged already.",
        ),
    ]


def _other_dense(h: np.ndarray, d_logits: np.ndarray) -> list[Other]:
    kernel, bias = h.T @ d_logits, d_logits.sum(axis=0)
    return [
        (
            "d_dense_kernel: transposed",
            lambda: [kernel.T, bias],
            "Rows and columns of the gradient of the dense kernel have changed places: its rows "
            "stand for the units.",
        ),
        (
            "d_dense_kernel: mean over the batch",
            lambda: [kernel / len(h), bias],
            "The gradient of the dense kernel is a mean over the batch. It is a sum: the loss has "
            "been averaged already.",
        ),
        (
            "d_dense_bias: mean over the batch",
            lambda: [kernel, bias / len(h)],
            "The gradient of the dense bias is a mean over the batch. It is a sum: the loss has "
            "been averaged already.",
        ),
        (
            "d_dense_bias: batch kept",
            lambda: [kernel, d_logits],
            "The gradient of the dense bias still has a row for each row of the batch.",
        ),
        (
            "d_dense_bias: axis kept",
            lambda: [kernel, d_logits.sum(axis=0, keepdims=True)],
            "The gradient of the dense bias has two axes. It has the shape of the bias.",
        ),
    ]


def accuracy(choose: Choose, weights: Arrays, rows: Arrays, y: np.ndarray) -> np.ndarray | float:
    """Return the share of the rows whose largest logit is that of the class y."""
    x, mask = choose("rows", padded(rows), partial(_other_rows, rows))
    dense_kernel, dense_bias = weights[3:]
    bias = choose(
        "dense bias",
        dense_bias,
        (
            "dense bias missing",
            lambda: 0 * dense_bias,
            "The logits lack the bias of the dense layer.",
        ),
    )
    h, _ = choose.once("forward pass", lambda: forward(weights, x, mask))
    logits = h @ dense_kernel + bias
    named = choose("named", np.argmax(logits, axis=1), partial(_other_names, logits, h))
    right = named == y
    return choose(
        "share",
        np.mean(right),
        (
            "number right",
            lambda: right.sum(),
            "The result is the *number* of right answers. The share is asked for, from 0 to 1.",
        ),
        (
            "share wrong",
            lambda: np.mean(~right),
            "The result is the share of *wrong* answers.",
        ),
        (
            "percent",
            lambda: 100 * np.mean(right),
            "The share is in percent. A number from 0 to 1 is asked for.",
        ),
        (
            "answer of each row",
            lambda: right * 1,
            "There is a number for each row. One number is asked for, their mean.",
        ),
        (
            "largest of each class",
            lambda: _matches(np.argmax(logits, axis=0), y) / len(y),
            "The largest logit of each *class* is looked for, down the batch. It is looked for in "
            "each row: argmax over axis 1.",
        ),
        (
            "whole division",
            lambda: right.sum() // len(right),
            "The number of right answers is divided by // , which rounds down to a whole number. "
            "Divide by / here.",
        ),
        (
            "divided by the classes",
            lambda: right.sum() / len(dense_bias),
            "The number of right answers is divided by the number of classes. It is divided by the "
            "number of rows.",
        ),
    )


def _other_rows(rows: Arrays) -> list[Other]:
    x, mask = padded(rows)
    turned = [padded([row[::-1] for row in rows])[0][:, ::-1], mask[:, ::-1]]
    return [
        (
            "mask ignored",
            lambda: (x, np.ones_like(mask)),
            "The padding is run through like frames. Hand the mask on.",
        ),
        (
            "zeros at the end, mask ignored",
            lambda: (turned[0], np.ones_like(mask)),
            "The zeros stand behind the frames, and the network runs through them.",
        ),
        (
            "zeros at the end, mask in front",
            lambda: (turned[0], mask),
            "The zeros stand behind the frames, and the mask masks the first steps.",
        ),
        (
            "mask inverted",
            lambda: (x, ~mask),
            "The mask is read the other way round. True is a real step.",
        ),
        (
            "frames backwards",
            lambda: (turned[0][:, ::-1], mask),
            "The frames of each row run backwards.",
        ),
    ]


def _matches(named: np.ndarray, y: np.ndarray) -> int:
    """Count in how many places two arrays agree, as far as the shorter one reaches."""
    return sum(int(one == other) for one, other in zip(named, y))


def _other_names(logits: np.ndarray, h: np.ndarray) -> list[Other]:
    return [
        (
            "smallest logit",
            lambda: np.argmin(logits, axis=1),
            "The class with the *smallest* logit is named. The largest one counts.",
        ),
        (
            "largest size",
            lambda: np.argmax(np.abs(logits), axis=1),
            "The logit with the largest magnitude is taken. A large negative one counts least.",
        ),
        (
            "largest of all rows",
            lambda: np.argmax(logits),
            "The largest logit of *all* rows is looked for. Each row has one: argmax over axis 1.",
        ),
        (
            "unit for the class",
            lambda: np.argmax(h, axis=1),
            "The unit with the largest hidden state is named. The dense layer gives the logits.",
        ),
        (
            "classes counted from 1",
            lambda: np.argmax(logits, axis=1) + 1,
            "The classes are counted from 1. They are counted from 0, as Python does.",
        ),
    ]


def masked_inputs(
    rng: np.random.Generator, batch: int, time: int, features: int, units: int, classes: int
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
    """Draw weights, x, mask and y. No row is masked altogether, and some step is masked."""
    weights = network_weights(rng, features, units, classes)
    weights[0] *= 2  # so that cell states exceed 1
    weights[3] *= 10  # and gradients, too
    (x,) = normal(rng, (batch, time, features))
    real = rng.integers(1, time + 1, size=(batch, 1))
    real[0] = max(1, time - 2)
    mask = rng.permuted(np.arange(time) < real, axis=1)
    return weights, x, mask, rng.integers(classes, size=batch)


def rows_to_name(
    rng: np.random.Generator, rows: int, features: int, units: int, classes: int
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Draw weights, rows of different lengths, and the right classes: about two in three named.

    Where the padding would change what is named, the right class is named: whoever runs through
    the padding then gets another share. Rows of which this is true are looked for.
    """
    for _ in range(20):
        weights = network_weights(rng, features, units, classes)
        weights[3] *= 5  # so that the hidden state decides, and not the dense bias alone
        lengths = rng.choice([1, 3, 7, 9], size=rows).tolist()
        drawn = normal(rng, *[(length, features) for length in lengths])
        x, mask = padded(drawn)
        named = _named(weights, x, mask)
        changed = named != _named(weights, x, np.ones_like(mask))
        if changed.any():
            break
    other = rng.integers(classes, size=rows)
    return weights, drawn, np.where((rng.random(rows) < 0.6) | changed, named, other)


def _named(weights: Arrays, x: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the class with the largest logit, (batch,)."""
    h, _ = forward(weights, x, mask)
    return np.argmax(h @ weights[3] + weights[4], axis=1)


def _logits_draw(rng: Draw) -> tuple[np.ndarray, np.ndarray]:
    batch, classes = sizes(rng, 2)
    (logits,) = normal(rng, (batch, max(classes, 2)))
    large = 1000 if rng.number % 4 == 3 else 0  # the exponential of that is infinite
    return 2 * logits + np.float32(large), rng.integers(max(classes, 2), size=batch)


def _masked_draw(rng: Draw) -> tuple:
    batch, time, features, units, classes = sizes(rng, 5)
    return masked_inputs(rng, batch, max(time, 3), features, units, max(classes, 2))


def _accuracy_draw(rng: Draw) -> tuple:
    features, units, classes = 1 + rng.number % 4, 2 + rng.number % 5, 2 + rng.number % 3
    return rows_to_name(rng, 14 + rng.number, features, units, classes)


CROSS_ENTROPY = Reference(
    cross_entropy,
    _logits_draw,
    {"the loss": "", "the gradient": "batch, classes"},
    look="Work the worked number: the probabilities are 0.25 and 0.75.",
)
MASKED_GRADIENTS = Reference(
    masked_gradients,
    _masked_draw,
    {"the loss": "", "the gradients": ""},
    uses=("cross_entropy",),
    look="Look at the hidden state of the worked number after each step: -0.0289, again -0.0289, "
    "0.0144. Then at what goes back through the masked step: all of it.",
)
ACCURACY = Reference(
    accuracy,
    _accuracy_draw,
    {"the share": ""},
    uses=("pad_rows",),
    look="Look at a single row: which of its logits is the largest, and is y the place of that "
    "one?",
)
