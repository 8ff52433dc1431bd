"""How good a network is that was trained to name the first of several speakers.

The who-spoke-first assignment hands recorded utterances to the learner's function, gets weights
back, and runs them on rows that the function has not seen. An utterance and a row are arrays
(frames, 12).
"""

from typing import Any, NamedTuple

import numpy as np

from .calling import CheckFailed
from .inputs import Draw
from .network import as_weights
from .optimizers import adam_step, clip_gradients
from .reference import Choose, Reference, as_it_is
from .speech import cut, padded
from .speech_network import forward, gradients
from .steps import sigmoid

FILE = "data/japanese-vowels.npz"  # beside the notebook
SPEAKERS, FEATURES = 9, 12
LAG, ROWS = 45, 180
FORGOTTEN = 0.05  # of a cell, when a row ends
LEVELS = ((0.8, 1.0), (0.65, 0.75), (0.45, 0.5), (0.25, 0.25))
"""The share of right answers from which on a share of the points is given, the best first."""


class ToName(NamedTuple):
    """Rows to name. first: who begins each of them, (rows,); last: who is heard at the end.

    lag: how many frames follow the first utterance.
    """

    rows: list[np.ndarray]
    first: np.ndarray
    last: np.ndarray
    lag: int


def voices(rng: np.random.Generator, lag: int = LAG) -> tuple[list[np.ndarray], np.ndarray, dict]:
    """Read the recordings, and turn what could be known of them beforehand into something new.

    The 12 coefficients are scaled and then mixed by a random rotation, the speakers get new
    numbers. Returns the utterances for training, their speakers (utterances,), and rows of
    utterances for testing, a dict with the fields of ToName.
    """
    mixed = np.linalg.qr(rng.normal(size=(FEATURES, FEATURES)))[0]
    numbers = rng.permutation(SPEAKERS)
    with np.load(FILE) as file:
        speech = dict(file)
    parts = []
    for part in ("train", "test"):
        frames = (speech[f"{part}_frames"] - speech["mean"]) / speech["deviation"]
        utterances = cut((frames @ mixed).astype("float32"), speech[f"{part}_lengths"])
        parts.append((utterances, numbers[speech[f"{part}_speakers"]]))
    (utterances, speakers), test = parts
    return utterances, speakers, draw_rows(*test, lag, ROWS, rng)._asdict()


def draw_rows(
    utterances: list[np.ndarray],
    speakers: np.ndarray,
    lag: int,
    count: int,
    rng: np.random.Generator,
) -> ToName:
    """Draw rows in which `lag` frames of other utterances follow the first one."""
    rows, firsts, lasts = [], [], []
    for first in rng.permutation(np.resize(np.arange(SPEAKERS), count)):
        begin = rng.choice(np.flatnonzero(speakers == first))
        others, frames = [], 0
        while frames < lag:
            others.append(int(rng.integers(len(utterances))))
            frames += len(utterances[others[-1]])
        heard = [utterances[begin], *(utterances[other] for other in others)]
        rows.append(np.concatenate(heard)[: len(utterances[begin]) + lag])
        firsts.append(first)
        lasts.append(speakers[others[-1] if others else begin])
    return ToName(rows, np.array(firsts), np.array(lasts), lag)


def train_network(
    choose: Choose, utterances: list[np.ndarray], speakers: np.ndarray, lag: int
) -> list[np.ndarray]:
    """Return the weights of a network of 16 units, trained with 150 updates of 60 rows."""
    rng, units = np.random.default_rng(0), 16
    bias = -np.log(2 ** (1 / max(lag, 1)) - 1)
    weights = [
        rng.normal(scale=0.16, size=(FEATURES, 4 * units)),
        rng.normal(scale=0.25, size=(units, 4 * units)),
        np.repeat([-bias, bias, 0, 0], units),
        rng.normal(scale=0.28, size=(units, SPEAKERS)),
        np.zeros(SPEAKERS),
    ]
    m = v = [np.zeros_like(each) for each in weights]
    for step in range(1, 151):
        rows, first, _, _ = draw_rows(utterances, speakers, lag, 60, rng)
        _, slopes = gradients(weights, *padded(rows), first)
        slopes = list(clip_gradients(as_it_is(), slopes, None, 1.0))
        weights, m, v = adam_step(as_it_is(), weights, slopes, m, v, step, 0.02)
    return weights


def measure(result: Any, expected: dict) -> tuple[float, str]:
    """Run weights on rows; return the share of the points that they earn, and a sentence.

    expected: the fields of ToName. Raises CheckFailed for what is no list of weights, and for
    weights that name no more speakers than guessing.
    """
    rows, first, last, lag = ToName(**expected)
    weights = as_weights(result, "train_network", FEATURES, SPEAKERS)
    state, _ = forward(weights, *padded(rows))
    named = np.argmax(state @ weights[3] + weights[4], axis=1)
    right = int(np.sum(named == first))
    counted = f"{right} of {len(rows)} first speakers are named, {right / len(rows):.0%}"
    for least, share in LEVELS:
        if right >= least * len(rows):
            more = "" if share == 1 else f"; {LEVELS[0][0]:.0%} give all points"
            return share, f"{counted}{more}."
    if lag and np.mean(named == last) > 0.5:
        raise CheckFailed(
            "last speaker named",
            "train_network: the network names the speaker who is heard at the *end* of a row, in "
            f"{np.mean(named == last):.0%} of the rows. {counted}. Is the right answer to a row "
            "that you train with the speaker of its first utterance?",
        )
    raise CheckFailed(
        "no better than guessing",
        f"train_network: {counted}, and guessing names 11%. {_advice(weights, lag)}",
    )


def _advice(weights: list[np.ndarray], lag: int) -> str:
    """Say where to look for what kept a network from learning."""
    units = len(weights[3])
    forget_gate = sigmoid(weights[2][units : 2 * units]).mean()
    if units > 1 and np.allclose(weights[3], weights[3][:1]) and np.ptp(weights[1]) < 1e-6:
        return (
            "All units are alike, as they are if the weights begin as zeros: then all get the same "
            "gradient, for ever. Draw the weights at random."
        )
    if forget_gate**lag < FORGOTTEN:
        return (
            f"With their biases alone, the forget gates are {forget_gate:.2f} on average, and "
            f"{forget_gate:.2f} to the power {lag} is {forget_gate**lag:.0e}: so little of the "
            "first utterance is left. Where do the gates stand at the beginning?"
        )
    return (
        "The forget gates are open, so look at the updates. Print the loss now and then: it begins "
        "near ln 9 = 2.2. If it stays there, are the new weights kept, and used in the next "
        "update? If it grows, are the gradients subtracted? If it falls, are your rows like those "
        f"of the text, with {lag} frames of others behind the first utterance? And are they made "
        "of the utterances and speakers that are handed over, not of those of the notebook? The "
        "check numbers the speakers anew."
    )


def _draw(rng: Draw) -> tuple:
    utterances, speakers, _ = voices(rng)
    return utterances, speakers, LAG


TRAIN_NETWORK = Reference(
    train_network,
    _draw,
    {"the weights": ""},
    uses=("masked_gradients",),
    look="Look at the forget gates at the beginning: with a bias of 1 each keeps 0.73 of its cell "
    "at every step, and 0.73 to the power 45 is less than a millionth.",
    measure=measure,
)
