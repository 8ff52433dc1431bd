"""Read the parts of a real keras.layers.GRU with given weights: its gates, candidate and state.

Keras returns only h. With some blocks of the weights frozen, the new h *is* the candidate, or a
gate times the old h. Shapes: x (batch, features) or (batch, time, features); h (batch, units);
kernel (features, 3 * units); recurrent_kernel (units, 3 * units); bias (3 * units,), or with
`reset_after` (2, 3 * units): the first row is added to what comes from x, the second to what comes
from h. Blocks stand in Keras' order z, r, h: update gate, reset gate, candidate.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from .blocks import GRU_BLOCKS, side_by_side, split
from .loading import keras

SHUT = -30.0
"""A bias that shuts a gate to within float32 rounding."""


def freeze(weights: Iterable[np.ndarray], blocks: dict[str, float]) -> list[np.ndarray]:
    """Copy (kernel, recurrent_kernel, bias) with some blocks frozen.

    blocks: name of a block ("update", "reset", "candidate") -> its bias, in the first row if there
    are two. The block's columns of both kernels become zero, so its pre-activation is that bias
    whatever x and h are.
    """
    frozen = [np.array(array) for array in weights]
    for name, value in blocks.items():
        for array in frozen:
            split(array, 3)[GRU_BLOCKS[name]][...] = 0
        split(np.atleast_2d(frozen[2])[0], 3)[GRU_BLOCKS[name]][...] = value
    return frozen


def candidate_of_h(weights: Iterable[np.ndarray]) -> list[np.ndarray]:
    """Copy the weights with an update gate of 0 and a candidate of r * h, before its activation."""
    kernel, recurrent_kernel, bias = freeze(weights, {"update": SHUT, "candidate": 0})
    split(recurrent_kernel, 3)[GRU_BLOCKS["candidate"]][...] = np.eye(len(recurrent_kernel))
    return [kernel, recurrent_kernel, bias]


def with_another_reset_gate(weights: Iterable[np.ndarray]) -> list[np.ndarray]:
    """Copy the weights with other numbers in the block of the reset gate.

    A candidate whose reset gate is given does not depend on them, and one that computes the gate
    anew does.
    """
    changed = [np.array(array) for array in weights]
    for array in changed:
        split(array, 3)[GRU_BLOCKS["reset"]][...] /= 2
    return changed


def run_gru(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    **options: Any,
) -> np.ndarray:
    """Run a keras.layers.GRU with these weights from the state h.

    x: (batch, features) for one step, or (batch, time, features). bias: with two rows for a layer
    with `reset_after`. options: further arguments of keras.layers.GRU, such as `activation`.

    Returns the states of all steps (batch, time, units).
    """
    x = x if x.ndim == 3 else x[:, None]
    layer = _layer(h.shape[1], x.shape[2], reset_after=bias.ndim == 2, **options)
    layer.set_weights([kernel, recurrent_kernel, bias])
    return np.asarray(layer(x, initial_state=h))


@cache
def _layer(units: int, features: int, **options: Any) -> keras.layers.GRU:
    """Build a GRU once per size: building costs more than a step."""
    layer = keras.layers.GRU(units, return_sequences=True, unroll=True, **options)
    layer.build((None, None, features))
    return layer


def read_gate(
    gate: str,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Read the update gate or the reset gate off a Keras GRU, from what it makes of h.

    gate: "update" or "reset". h: has no zeros.

    Returns an array (batch, units), exact to 3e-7 in float32.
    """
    weights = (kernel, recurrent_kernel, bias)
    if gate == "update":
        left = run_gru(x, h, *freeze(weights, {"candidate": 0}))
    else:
        left = run_gru(x, h, *candidate_of_h(weights), activation="linear")
    return left[:, 0] / h


def run_mixture(update: np.ndarray, candidate: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Let Keras mix given values of the update gate and the candidate with h, each (batch, units).

    One-hot inputs pick a row of the kernel, which holds what the gate and the candidate are made
    of: the gate's logit, and the candidate itself, since the layer's activation is linear. Gates
    are clipped to 1e-12 from 0 and 1.

    Returns the new h (batch, units).
    """
    gate = np.clip(np.asarray(update, "float64"), 1e-12, 1 - 1e-12)
    logit = np.log(gate) - np.log1p(-gate)
    kernel = side_by_side([logit, np.zeros_like(logit), candidate]).astype("float32")
    batch, units = h.shape
    recurrent_kernel = np.zeros((units, 3 * units), "float32")
    pick = np.eye(batch, dtype="float32")
    bias = np.zeros(3 * units, "float32")
    return run_gru(pick, h, kernel, recurrent_kernel, bias, activation="linear")[:, 0]
