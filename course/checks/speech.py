"""What the functions on recordings of the who-spoke-first assignment return, with the mistakes.

An utterance and a row of utterances are arrays (length, features).
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from .inputs import Draw, normal
from .lists import Arrays, listed
from .reference import Choose, Other, Reference


def cut(frames: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """Cut frames (frames, features) into utterances of the given lengths (utterances,)."""
    return np.split(frames, np.cumsum(lengths)[:-1])


def padded(rows: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Put rows into x (batch, time, features), zeros in front; return it and mask (batch, time)."""
    time = max(len(row) for row in rows)
    x = np.stack([np.pad(row, ((time - len(row), 0), (0, 0))) for row in rows])
    return x, np.stack([np.arange(time) >= time - len(row) for row in rows])


def split_utterances(choose: Choose, frames: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """Return the utterances, a list of arrays (length, features)."""
    ends = np.cumsum(lengths)
    pairs = choose("places", list(zip(ends - lengths, ends)), partial(_places, lengths, ends))
    return listed(choose, "list", [frames[begin:end] for begin, end in pairs], "the utterances")


def _places(lengths: np.ndarray, ends: np.ndarray) -> list[Other]:
    """List where else an utterance is cut out: its first frame, and the one after its last."""
    begins = ends - lengths
    return [
        (
            "each from the first frame",
            lambda: [(0, length) for length in lengths],
            "Every utterance begins at the first frame of all. Each begins where the one before "
            "it ends.",
        ),
        (
            "lengths taken for places",
            lambda: list(zip([0, *lengths[:-1]], [*lengths[:-1], None])),
            "The lengths are taken for the places at which to cut. An utterance ends where all "
            "lengths up to its own have been added up: np.cumsum does that.",
        ),
        (
            "lengths taken for places, and a rest",
            lambda: list(zip([0, *lengths], [*lengths, None])),
            "The lengths are taken for the places at which to cut. An utterance ends where all "
            "lengths up to its own have been added up: np.cumsum does that.",
        ),
        (
            "empty utterance at the end",
            lambda: [*zip(begins, ends), (ends[-1], None)],
            "There is one utterance too many, without frames. np.split wants the places *between* "
            "the pieces; the end of the last one is none of them.",
        ),
        (
            "all of the first length",
            lambda: [(k * lengths[0], (k + 1) * lengths[0]) for k in range(len(lengths))],
            "Every utterance has as many frames as the first. Each has its own length.",
        ),
        (
            "equal parts",
            lambda: [
                (part[0], part[-1] + 1) for part in np.array_split(np.arange(ends[-1]), len(ends))
            ],
            "The frames are cut into equal parts. Each utterance has its own length.",
        ),
        (
            "a frame skipped after each",
            lambda: list(zip(begins + np.arange(len(ends)), ends + np.arange(len(ends)))),
            "After each utterance a frame is left out. The next one begins where the last one "
            "ends.",
        ),
        (
            "last frame missing",
            lambda: list(zip(begins, ends - 1)),
            "The last frame of each utterance is missing. A slice ends before its second number.",
        ),
        (
            "first frame missing",
            lambda: list(zip(begins + 1, ends)),
            "The first frame of each utterance is missing. Python counts from 0.",
        ),
        (
            "one frame of the next",
            lambda: list(zip(begins, ends + 1)),
            "Each utterance ends with the first frame of the next. A slice ends before its second "
            "number.",
        ),
        (
            "from the beginning up to each end",
            lambda: [(0, end) for end in ends],
            "Each utterance holds those before it, too. It begins where the one before it ends.",
        ),
    ]


def pad_rows(choose: Choose, rows: Arrays) -> list[np.ndarray]:
    """Return x (batch, time, features) and mask (batch, time)."""
    time = choose(
        "time",
        max(map(len, rows)),
        (
            "cut to the shortest row",
            lambda: min(map(len, rows)),
            "The rows are cut to the shortest one. No frame is thrown away: the longest row says "
            "how many steps there are.",
        ),
        (
            "as long as the first row",
            lambda: len(rows[0]),
            "There are as many steps as the first row has frames. The longest row says how many.",
        ),
        (
            "one step too many",
            lambda: max(map(len, rows)) + 1,
            "There is one step too many. The longest row needs no padding.",
        ),
    )
    in_front = choose(
        "side",
        True,
        (
            "zeros at the end",
            lambda: False,
            "The zeros stand behind the frames. They stand in front here, so that every row ends "
            "at the last step.",
        ),
    )
    rows = [row[-time:] for row in rows]
    x = choose("x", _filled(rows, time, in_front), partial(_other_x, rows, time, in_front))
    real = [np.ones((len(row), 1)) for row in rows]
    mask = _filled(real, time, in_front)[..., 0] > 0
    mask = choose("mask", mask, partial(_other_masks, x, mask))
    return choose(
        "order",
        [x, mask],
        (
            "mask first",
            lambda: [mask, x],
            "The mask comes first. x is asked for first, then the mask.",
        ),
        (
            "time first",
            lambda: [x.swapaxes(0, 1), mask.T],
            "The first axis of x and of the mask is time. It is the batch; time is the second.",
        ),
    )


def _filled(rows: Arrays, time: int, in_front: bool, mode: str = "constant") -> np.ndarray:
    """Fill rows up to (batch, time, features); mode: of np.pad."""
    lacking = [time - len(each) for each in rows]
    sides = [(zeros, 0) if in_front else (0, zeros) for zeros in lacking]
    filled = [np.pad(row, (side, (0, 0)), mode) for row, side in zip(rows, sides)]  # type: ignore[call-overload]
    return np.stack(filled)


def _other_x(rows: Arrays, time: int, in_front: bool) -> list[Other]:
    x = _filled(rows, time, in_front)
    return [
        (
            "x: frames backwards",
            lambda: _filled([row[::-1] for row in rows], time, in_front),
            "The frames of each row run backwards.",
        ),
        (
            "x: a frame repeated for zeros",
            lambda: _filled(rows, time, in_front, "edge"),
            "The padding repeats a frame. It is zeros.",
        ),
        (
            "x: ones for zeros",
            lambda: np.where(_filled([row * 0 + 1 for row in rows], time, in_front) > 0, x, 1),
            "The padding is ones. It is zeros.",
        ),
        (
            "x: time first",
            lambda: x.swapaxes(0, 1),
            "The first axis of x is time. It is the batch; time is the second.",
        ),
        (
            "x: features before time",
            lambda: x.swapaxes(1, 2),
            "The second axis of x is the features. It is time; the features are the last.",
        ),
    ]


def _other_masks(x: np.ndarray, mask: np.ndarray) -> list[Other]:
    return [
        (
            "mask: inverted",
            lambda: ~mask,
            "The mask is True where there is padding. It is True for the frames.",
        ),
        (
            "mask: True everywhere",
            lambda: np.ones_like(mask),
            "The mask is True everywhere. It is False for padding.",
        ),
        (
            "mask: from the other end",
            lambda: mask[:, ::-1],
            "The mask is right for zeros at the other end of the rows.",
        ),
        (
            "mask: where x is not zero",
            lambda: np.any(x != 0, axis=-1),
            "The mask is False where a *frame* is all zeros, too. A real frame counts whatever it "
            "holds: take the mask from the lengths.",
        ),
        (
            "mask: where no number is zero",
            lambda: np.all(x != 0, axis=-1),
            "The mask is False wherever a number of a frame is zero. A real frame counts whatever "
            "it holds: take the mask from the lengths.",
        ),
        (
            "mask: for each feature",
            lambda: np.broadcast_to(mask[..., None], x.shape),
            "The mask has an axis for the features. A frame is real or padding as a whole.",
        ),
        (
            "mask: lengths",
            lambda: mask.sum(axis=1),
            "The lengths stand in place of the mask. It has True or False for every step.",
        ),
        (
            "mask: one frame too few",
            lambda: mask & np.hstack([np.zeros((len(mask), 1), bool), mask[:, :-1]]),
            "The mask is False for the first frame of each row.",
        ),
    ]


def _split_draw(rng: Draw) -> tuple[np.ndarray, np.ndarray]:
    count, features = 2 + rng.number % 4, 1 + rng.number % 3
    lengths = rng.permutation(9)[:count] + 1
    return normal(rng, (lengths.sum(), features))[0], lengths


def _rows_draw(rng: Draw) -> tuple[list[np.ndarray]]:
    count, features = 2 + rng.number % 4, 1 + rng.number % 3
    lengths: Sequence[int] = [int(each) for each in rng.permutation(9)[:count] + 1]
    rows = normal(rng, *[(length, features) for length in lengths])
    for row in rows:
        row[rng.integers(len(row))] *= rng.integers(2)  # now and then a frame of zeros
        row[rng.integers(len(row)), 0] = 0
    return (rows,)


SPLIT_UTTERANCES = Reference(
    split_utterances,
    _split_draw,
    {"the utterances": ""},
    look="Look at where each utterance of the worked number ends: behind frame 2, behind frame 5.",
)
PAD_ROWS = Reference(
    pad_rows,
    _rows_draw,
    {"x": "batch, time, features", "the mask": "batch, time"},
    look="Look at the two rows of the worked number: how many zeros does the second one need, and "
    "on which side?",
)
