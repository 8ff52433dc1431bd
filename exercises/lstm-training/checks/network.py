"""The weights of an LSTM with a dense layer behind it, and what becomes of them elsewhere.

They are a list of five arrays: kernel (features, 4 * units), recurrent_kernel (units, 4 * units),
bias (4 * units,), dense_kernel (units, outputs), dense_bias (outputs,).
"""

from typing import Any

import numpy as np

from .blocks import reorder
from .calling import CheckFailed
from .inputs import lstm_inputs, normal
from .lists import Arrays
from .reference import Other

MOST_UNITS = 64
"""Of a network that a learner trains."""


def network_weights(
    rng: np.random.Generator, features: int, units: int, outputs: int
) -> list[np.ndarray]:
    """Draw the five arrays of weights, none of them zero."""
    inputs = lstm_inputs(rng, 1, features, units)
    return [*inputs[3:], *normal(rng, (units, outputs), (outputs,))]


def as_weights(result: Any, function: str, features: int, outputs: int) -> list[np.ndarray]:
    """Return what a learner's function gives for weights as five arrays, float64.

    Raises CheckFailed for anything else, and for NaN or infinity among them.
    """
    arrays = _arrays(result, function)
    units = arrays[3].shape[0] if arrays[3].ndim else 0
    wanted = [
        (features, 4 * units),
        (units, 4 * units),
        (4 * units,),
        (units, outputs),
        (outputs,),
    ]
    shapes = [each.shape for each in arrays]
    if shapes != wanted or not 1 <= units <= MOST_UNITS:
        raise CheckFailed(
            "shape",
            f"{function}: the shapes of the weights are {', '.join(map(str, shapes))}. With u "
            f"units, 1 to {MOST_UNITS}, they are ({features}, 4u), (u, 4u), (4u,), (u, {outputs}), "
            f"({outputs},).",
        )
    if any(each.dtype.kind not in "fiu" for each in arrays):
        raise CheckFailed("dtype", f"{function}: the weights should be real numbers.")
    if not all(np.isfinite(each).all() for each in arrays):
        raise CheckFailed(
            "nan",
            f"{function}: there is NaN or infinity in the weights. Clip the gradients, and look "
            "for a logarithm of 0, a division by 0 or a learning rate that is too large.",
        )
    return [each.astype("float64") for each in arrays]


def _arrays(result: Any, function: str) -> list[np.ndarray]:
    """Return the five parts of a result as arrays. Raises CheckFailed for anything else."""
    parts = result if isinstance(result, list | tuple) else []
    try:
        arrays = [np.asarray(each) for each in parts]
    except ValueError:  # a part has rows of several lengths
        arrays = []
    if len(arrays) != 5:
        number = f"{len(parts)} of them" if parts else "none"
        if len(parts) == 5:
            number = "five, and one of them is no array"
        raise CheckFailed(
            "type",
            f"{function} should return a list of five arrays: kernel, recurrent_kernel, bias, "
            f"dense_kernel, dense_bias. There is {type(result).__name__!r} with {number}.",
        )
    return arrays


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
