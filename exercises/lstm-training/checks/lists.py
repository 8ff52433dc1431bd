"""Lists of arrays, one for each array of weights, with the slips that happen in making them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .reference import Choose, Other

Arrays = Sequence[np.ndarray]


def listed(choose: Choose, step: str, arrays: Arrays, name: str) -> Any:
    """Return a list of arrays in the form in which it is asked for.

    step: of the reference. name: that of the list in messages, such as "the weights".
    """
    return choose(step, list(arrays), lambda: other_lists(arrays, name))


def other_lists(arrays: Arrays, name: str) -> list[Other]:
    """List what learners return in place of a list of arrays."""
    changes: tuple[tuple[str, Callable[[], object], str], ...] = (
        (
            "axes lost",
            lambda: [array.ravel() for array in arrays],
            f"The arrays in {name} have one axis each. Each keeps the shape that it came in.",
        ),
        (
            "axes of length 1 lost",
            lambda: [np.squeeze(array) for array in arrays],
            f"An axis of length 1 is lost in {name}. Each array keeps its shape.",
        ),
        (
            "first array alone",
            lambda: [arrays[0]],
            f"Only the first array is there in {name}. Does `return` stand inside the loop?",
        ),
        (
            "last array alone",
            lambda: [arrays[-1]],
            f"Only the last array is there in {name}. Is the list made anew in every turn of the "
            "loop?",
        ),
        (
            "first array, without a list",
            lambda: arrays[0],
            f"One array stands in place of {name}: the first. A list of all of them is asked for.",
        ),
        (
            "last array, without a list",
            lambda: arrays[-1],
            f"One array stands in place of {name}: the last. A list of all of them is asked for.",
        ),
        (
            "first array missing",
            lambda: list(arrays[1:]),
            f"The first array is missing from {name}. Python counts from 0.",
        ),
        (
            "last array missing",
            lambda: list(arrays[:-1]),
            f"The last array is missing from {name}. Does the loop reach the end?",
        ),
        (
            "reversed",
            lambda: list(arrays[::-1]),
            f"The arrays come in the reverse order in {name}.",
        ),
        (
            "empty",
            list,
            f"There is nothing in {name}. A generator, in round brackets, is used up by the first "
            "loop over it; a list is not.",
        ),
    )
    return [(f"{name}: {title}", value, message) for title, value, message in changes]
