"""Random arguments for the learners' functions, and their sizes.

Shapes: x (batch, features) or (batch, time, features); h, c (batch, units). An LSTM's kernel is
(features, 4 * units), its recurrent kernel (units, 4 * units), its bias (4 * units,); those of a
simple RNN have units in place of 4 * units, those of a GRU 3 * units, and with `reset_after` its
bias has two rows, (2, 3 * units).
"""

from typing import NamedTuple

import numpy as np


class RNNInputs(NamedTuple):
    """The arguments of one step of a simple RNN, or of a sequence, float32."""

    x: np.ndarray
    h: np.ndarray
    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray


class LSTMInputs(NamedTuple):
    """The arguments of one LSTM step, or of a sequence, float32."""

    x: np.ndarray
    h: np.ndarray
    c: np.ndarray
    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray


class GRUInputs(NamedTuple):
    """The arguments of one GRU step, or of a sequence, float32."""

    x: np.ndarray
    h: np.ndarray
    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray


def rnn_inputs(
    rng: np.random.Generator, batch: int, features: int, units: int, time: int | None = None
) -> RNNInputs:
    """Draw strong arguments: nothing is zero, so that no missing term goes unnoticed, and h may
    lie outside of [-1, 1], so that nothing is bounded unnoticed.

    Returns RNNInputs with x (batch, features), or (batch, time, features) where `time` is given.
    """
    steps = () if time is None else (time,)
    arrays = (
        rng.normal(size=(batch, *steps, features)),
        rng.normal(size=(batch, units)),
        rng.normal(scale=0.5, size=(features, units)),
        rng.normal(scale=0.7, size=(units, units)),
        rng.normal(scale=0.6, size=units),
    )
    return RNNInputs(*map(float32, arrays))


def lstm_inputs(
    rng: np.random.Generator, batch: int, features: int, units: int, time: int | None = None
) -> LSTMInputs:
    """Draw strong arguments: nothing is zero, so that no missing term goes unnoticed, and h may
    lie outside of [-1, 1], so that nothing is bounded unnoticed.

    Returns LSTMInputs with x (batch, features), or (batch, time, features) where `time` is given.
    """
    steps = () if time is None else (time,)
    arrays = (
        rng.normal(size=(batch, *steps, features)),
        rng.normal(size=(batch, units)),
        rng.normal(scale=1.5, size=(batch, units)),
        rng.normal(scale=0.7, size=(features, 4 * units)),
        rng.normal(scale=0.7, size=(units, 4 * units)),
        rng.normal(scale=0.8, size=4 * units),
    )
    return LSTMInputs(*map(float32, arrays))


def gru_inputs(
    rng: np.random.Generator,
    batch: int,
    features: int,
    units: int,
    time: int | None = None,
    *,
    reset_after: bool = False,
) -> GRUInputs:
    """Draw strong arguments: nothing is zero, so that no missing term goes unnoticed, and h may
    lie outside of [-1, 1], so that nothing is bounded unnoticed.

    Returns GRUInputs with x (batch, features), or (batch, time, features) where `time` is given,
    and a bias (3 * units,), or (2, 3 * units) where `reset_after`.
    """
    steps = () if time is None else (time,)
    rows = (2,) if reset_after else ()
    arrays = (
        rng.normal(size=(batch, *steps, features)),
        rng.normal(size=(batch, units)),
        rng.normal(scale=0.7, size=(features, 3 * units)),
        rng.normal(scale=0.7, size=(units, 3 * units)),
        rng.normal(scale=0.8, size=(*rows, 3 * units)),
    )
    return GRUInputs(*map(float32, arrays))


def normal(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Draw a float32 array of standard normal numbers for each shape."""
    return [float32(rng.normal(size=shape)) for shape in shapes]


def float32(values: object) -> np.ndarray:
    """Make a float32 array, such as those that the learners' functions get."""
    return np.asarray(values, dtype="float32")


SEED = 8128


class Draw(np.random.Generator):
    """Random numbers for the arguments of one further draw.

    number: of the draw, from 0; references use it to try every option of a function.
    equal: whether all axes have the same length, so that all shapes fit.
    """

    def __init__(self, number: int, equal: bool = False):
        super().__init__(np.random.PCG64([SEED, number]))
        self.number, self.equal = number, equal


def sizes(rng: Draw, count: int) -> list[int]:
    """Draw sizes for axes. They all differ, and no two differ by just 1.

    In half of the draws one axis has the length 1, each axis in turn. If `rng.equal`, all sizes are
    equal.
    """
    if rng.equal:
        return [1 + rng.number % 4] * count  # including 1, since `squeeze` removes such an axis
    drawn = [int(size) for size in rng.permutation([2, 4, 6, 8, 10])[:count]]
    single = rng.number % (2 * count)
    return [1 if axis == single else size for axis, size in enumerate(drawn)]
