"""The well-known mistakes of the leaky-unit assignment, recomputed by Keras."""

import numpy as np

from . import Mistake
from .keras_rnn import run_rnn


def read_leaky(x: np.ndarray, h: np.ndarray, leak: float, keep: float | None = None) -> np.ndarray:
    """Read one step off a linear SimpleRNN; all arrays (batch, units).

    keep: how much of the old state stays; 1 - leak by default.
    """
    eye = np.eye(h.shape[1], dtype="float32")
    keep = 1 - leak if keep is None else keep
    return run_rnn(x, h, leak * eye, keep * eye, np.zeros_like(eye[0]), activation="linear")[:, 0]


def leaky_mistakes(x: np.ndarray, h: np.ndarray, leak: float) -> list[Mistake]:
    """List wrong results of leaky_step, each (batch, units)."""
    return [
        Mistake(
            "parts swapped",
            lambda: read_leaky(x, h, 1 - leak),
            "the leak and its complement have changed places.",
        ),
        Mistake(
            "nothing forgotten",
            lambda: read_leaky(x, h, leak, keep=1.0),
            "the old state is kept whole. A part of it leaks away.",
        ),
        Mistake(
            "old state missing",
            lambda: read_leaky(x, h, leak, keep=0.0),
            "nothing of the old state is left.",
        ),
    ]
