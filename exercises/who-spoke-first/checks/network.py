"""The weights of an LSTM with a dense layer behind it, and what becomes of them elsewhere.

They are a list of five arrays: kernel (features, 4 * units), recurrent_kernel (units, 4 * units),
bias (4 * units,), dense_kernel (units, outputs), dense_bias (outputs,).
"""

import numpy as np

from .blocks import reorder
from .inputs import lstm_inputs, normal
from .lists import Arrays
from .reference import Other


def network_weights(
    rng: np.random.Generator, features: int, units: int, outputs: int
) -> list[np.ndarray]:
    """Draw the five arrays of weights, none of them zero."""
    inputs = lstm_inputs(rng, 1, features, units)
    return [*inputs[3:], *normal(rng, (units, outputs), (outputs,))]


def other_weights(of_lstm: Arrays) -> list[Other]:
    """List what becomes of the LSTM's weights where its functions come from elsewhere."""
    kernel, recurrent_kernel, bias = of_lstm

    def ordered(*order: int) -> list[np.ndarray]:
        return [reorder(array, order) for array in of_lstm]

    return [
        (
            "kernels swapped",
            lambda: [recurrent_kernel, kernel, bias],
            "The kernel and the recurrent kernel of the LSTM have changed places. The list of "
            "weights begins with the kernel.",
        ),
        (
            "recurrent kernel missing",
            lambda: [kernel, 0 * recurrent_kernel, bias],
            "No step depends on the h of the step before. Look for the term with the recurrent "
            "kernel, and at what the loop hands on.",
        ),
        (
            "blocks in the order i, f, o, c",
            lambda: ordered(0, 1, 3, 2),
            "The blocks of the LSTM are read in the order i, f, o, c. Keras has i, f, c, o.",
        ),
        (
            "blocks in the order f, i, c, o",
            lambda: ordered(1, 0, 2, 3),
            "The blocks of the LSTM are read in the order f, i, c, o. Keras has i, f, c, o.",
        ),
        (
            "blocks in the order i, c, f, o",
            lambda: ordered(0, 2, 1, 3),
            "The blocks of the LSTM are read in the order i, c, f, o. Keras has i, f, c, o.",
        ),
    ]
