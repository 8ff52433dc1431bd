"""Read a real keras.layers.SimpleRNN: its states under set weights, and its parameters.

Shapes: x (batch, features) or (batch, time, features); h (batch, units); kernel (features, units);
recurrent_kernel (units, units); bias (units,). States and inputs are rows: a step computes
activation(x @ kernel + h @ recurrent_kernel + bias).
"""

from functools import cache
from typing import Any

import numpy as np

from .loading import keras


def simple_rnn(
    kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray, **options: Any
) -> keras.layers.SimpleRNN:
    """Return a keras.layers.SimpleRNN that holds these weights, until the next call of its size.

    options: further arguments of keras.layers.SimpleRNN, such as `activation`. Loops are unrolled
    by default, which is faster for a few steps.
    """
    layer = _layer(*kernel.shape, **({"unroll": True} | options))
    layer.set_weights([kernel, recurrent_kernel, bias])
    return layer


def run_rnn(
    x: np.ndarray,
    h: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    **options: Any,
) -> np.ndarray:
    """Run a keras.layers.SimpleRNN with these weights from the state h.

    x: (batch, features) for one step, or (batch, time, features).
    options: further arguments of keras.layers.SimpleRNN, such as `activation`.

    Returns the states of all steps (batch, time, units).
    """
    x = x if x.ndim == 3 else x[:, None]
    layer = simple_rnn(kernel, recurrent_kernel, bias, return_sequences=True, **options)
    return np.asarray(layer(x, initial_state=h))


@cache
def _layer(features: int, units: int, **options: Any) -> keras.layers.SimpleRNN:
    """Build a SimpleRNN once per size: building costs more than a step."""
    layer = keras.layers.SimpleRNN(units, **options)
    layer.build((None, None, features))
    return layer
