"""Read the parts of a real keras.layers.LSTM with given weights: its gates and its states.

Keras returns only h and c. With some blocks of the weights frozen, one of them *is* a gate. Shapes:
x (batch, features) or (batch, time, features); h, c (batch, units); kernel (features, 4 * units);
recurrent_kernel (units, 4 * units); bias (4 * units,). Blocks stand in Keras' order i, f, c, o.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from .blocks import BLOCKS, own_block, side_by_side
from .loading import keras

OPEN = 30.0
"""A bias that opens a gate, or drives the candidate to 1, to within float32 rounding."""

ALONE = {
    "input": ({"candidate": OPEN}, 0.0),
    "forget": ({"candidate": 0.0}, 1.0),
    "candidate": ({"input": OPEN}, 0.0),
    "output": ({"input": OPEN, "forget": OPEN, "candidate": OPEN}, 20.0),
}
"""For each block: the blocks to freeze and the old cell state that let Keras show it alone.

The output gate shows as h, the others as c."""


def one_hot(batch: int) -> np.ndarray:
    """Return a sequence of one step (batch, 1, batch): sample n picks row n of a kernel."""
    return np.eye(batch, dtype="float32")[:, np.newaxis]


def run_lstm(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    **options: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run a keras.layers.LSTM with these weights from the state (h, c).

    x: (batch, features) for one step, or (batch, time, features).
    options: further arguments of keras.layers.LSTM; `mask` is passed on to the call.

    Returns all h (batch, time, units), the last h and the last c, each (batch, units).
    """
    x = x if x.ndim == 3 else x[:, None]
    mask = options.pop("mask", None)
    layer = _layer(h.shape[1], x.shape[2], **options)
    layer.set_weights([kernel, recurrent_kernel, bias])
    every_h, last_h, last_c = layer(x, initial_state=[h, c], mask=mask)
    return np.asarray(every_h), np.asarray(last_h), np.asarray(last_c)


@cache
def _layer(units: int, features: int, **options: Any) -> keras.layers.LSTM:
    """Build an LSTM once per size: building costs more than a step."""
    options = {"return_sequences": True, "return_state": True, "unroll": True} | options
    layer = keras.layers.LSTM(units, **options)
    layer.build((None, None, features))
    return layer


def freeze(weights: Iterable[np.ndarray], blocks: dict[str, float]) -> list[np.ndarray]:
    """Copy (kernel, recurrent_kernel, bias) with some blocks frozen.

    blocks: name of a block ("input", "forget", "candidate", "output") -> its bias. The block's
    columns of both kernels become zero, so its pre-activation is that bias whatever x and h are.
    """
    frozen = [np.array(array) for array in weights]
    for name, bias in blocks.items():
        for array, value in zip(frozen, (0.0, 0.0, bias), strict=True):
            own_block(name, array)[...] = value
    return frozen


def read_gate(
    gate: str,
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    **options: Any,
) -> np.ndarray:
    """Read a gate, or the candidate, off a Keras LSTM by freezing the other blocks.

    gate: "input", "forget", "candidate" or "output".
    options: as for `run_lstm`.

    Returns an array (batch, units). Exact to 6e-8 in float32.
    """
    frozen, state = ALONE[gate]
    weights = freeze((kernel, recurrent_kernel, bias), frozen)
    _, h_new, c_new = run_lstm(x, h, np.full_like(h, state), *weights, **options)
    return h_new if gate == "output" else c_new


def read_parts(layer: keras.layers.LSTM) -> dict[str, tuple[np.ndarray, ...]]:
    """Find by experiment with which weights each gate of a Keras LSTM acts.

    The activations are made linear. The first sample is zero in x and h and shows a gate's bias;
    each other sample has a single 1, which adds one row of the kernel or recurrent kernel.

    Returns name of a block -> (kernel (features, units), recurrent kernel (units, units),
    bias (units,)), exact to 1e-6.
    """
    kernel, recurrent_kernel, bias = layer.get_weights()
    features, units = len(kernel), len(recurrent_kernel)

    x, h = np.split(np.eye(1 + features + units, dtype="float32")[:, 1:], [features], axis=1)
    parts = {}
    for gate in BLOCKS:
        linear = "activation" if gate == "candidate" else "recurrent_activation"
        shown = read_gate(gate, x, h, kernel, recurrent_kernel, bias, **{linear: "linear"})
        rows = np.split(shown[1:] - shown[0], [features])
        parts[gate] = (*rows, shown[0])
    return parts


def run_gates(
    forget: np.ndarray,
    input: np.ndarray,
    candidate: np.ndarray,
    output: np.ndarray,
    c: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Let Keras combine given gate values, each (batch, units), with the old cell state c.

    One-hot inputs pick a row of the kernel, so that row holds the gates' pre-activations: the
    logit of a gate, the inverse tanh of the candidate. Gates outside [0, 1] are clipped to it.

    Returns (h, c) after one step, each (batch, units).
    """

    def logit(gate: np.ndarray) -> np.ndarray:
        gate = np.clip(np.asarray(gate, "float64"), 1e-12, 1 - 1e-12)
        return np.log(gate) - np.log1p(-gate)

    def inverse_tanh(value: np.ndarray) -> np.ndarray:
        return np.arctanh(np.clip(np.asarray(value, "float64"), -1 + 1e-12, 1 - 1e-12))

    batch, units = c.shape
    blocks = (logit(input), logit(forget), inverse_tanh(candidate), logit(output))
    kernel = side_by_side([np.broadcast_to(b, c.shape) for b in blocks]).astype("float32")
    recurrent_kernel, bias = np.zeros((units, 4 * units)), np.zeros(4 * units)
    h = np.zeros_like(c)
    _, h_new, c_new = run_lstm(one_hot(batch), h, c, kernel, recurrent_kernel, bias)
    return h_new, c_new


def forward(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
) -> list[dict[str, np.ndarray]]:
    """Read the values of a forward pass off Keras; arguments as for `run_lstm`.

    Returns one dict for each step, with the keys x (batch, features) and, each (batch, units),
    h_previous, c_previous, input, forget, candidate, output, c.
    """
    weights = (kernel, recurrent_kernel, bias)
    steps = [x] if x.ndim == 2 else list(x.swapaxes(0, 1))
    states = [(h, c)]
    for x_now in steps:
        states.append(run_lstm(x_now, *states[-1], *weights)[1:])
    every_h, every_c = zip(*states)
    rows = np.concatenate(steps), np.concatenate(every_h[:-1])  # all steps as one large batch
    gates = [np.split(read_gate(gate, *rows, *weights), len(steps)) for gate in BLOCKS]
    keys = ("x", "h_previous", "c_previous", *BLOCKS, "c")
    values = zip(steps, every_h[:-1], every_c[:-1], *gates, every_c[1:])
    return [dict(zip(keys, step)) for step in values]
