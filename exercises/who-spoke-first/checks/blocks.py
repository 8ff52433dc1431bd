"""The blocks of stacked weights: take one out, join them, put them elsewhere.

An LSTM's stacked array (..., 4 * units) holds its four blocks side by side, in Keras' order i, f,
c, o. A kernel is (features, 4 * units), a recurrent kernel (units, 4 * units), a bias (4 * units,).
A GRU's array (..., 3 * units) holds three, in the order z, r, h.
"""

from collections.abc import Iterable, Sequence

import numpy as np

BLOCKS = {"input": 0, "forget": 1, "candidate": 2, "output": 3}
"""The place of each block among the four of an LSTM."""

GRU_BLOCKS = {"update": 0, "reset": 1, "candidate": 2}
"""The place of each block among the three of a GRU."""


def split(stacked: np.ndarray, count: int = 4) -> list[np.ndarray]:
    """Return the blocks (..., units) as views, in Keras' order. count: how many there are."""
    units = stacked.shape[-1] // count  # by slices: np.split takes four times as long
    return [stacked[..., k * units : (k + 1) * units] for k in range(count)]


def side_by_side(blocks: Sequence[np.ndarray]) -> np.ndarray:
    """Join blocks (..., units) to one stacked array: what `split` takes apart."""
    return np.concatenate(blocks, axis=-1)


def own_block(gate: str, stacked: np.ndarray) -> np.ndarray:
    """Return one gate's block (..., units) as a view: writing to it changes the stacked array."""
    return split(stacked)[BLOCKS[gate]]


def alone(gate: str, stacked: np.ndarray) -> np.ndarray:
    """Copy a stacked array with zeros in all blocks but one gate's."""
    copied = np.zeros_like(stacked)
    own_block(gate, copied)[...] = own_block(gate, stacked)
    return copied


def reorder(stacked: np.ndarray, order: Iterable[int]) -> np.ndarray:
    """Put the blocks in another order: `order` lists their places in Keras' order."""
    blocks = split(stacked)
    return side_by_side([blocks[k] for k in order])


def letters(order: Iterable[int]) -> str:
    """Name the blocks of an order as Keras' users do, such as "f, i, c, o"."""
    return ", ".join("ifco"[k] for k in order)


def interleave(stacked: np.ndarray) -> np.ndarray:
    """Let each block hold every fourth column of the original."""
    return side_by_side([stacked[..., k::4] for k in range(4)])


def alternate(stacked: np.ndarray) -> np.ndarray:
    """Spread each block over every fourth column; `interleave` undoes it."""
    return np.stack(split(stacked), axis=-1).reshape(stacked.shape)


def transpose(recurrent_kernel: np.ndarray, count: int = 4) -> np.ndarray:
    """Transpose each (units, units) block of a recurrent kernel. count: of its blocks."""
    return side_by_side([block.T for block in split(recurrent_kernel, count)])
