"""Compare a result with the expected one, and say in plain words where they first differ."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

RTOL, ATOL = 1e-4, 1e-5
"""float32 tolerance: tight enough to reject float16, wide enough for any order of summation."""


DEEPEST = 20
"""Levels of lists within lists that a result may have."""


class Difference(NamedTuple):
    """Where a result differs: the diagnosis, as in `CheckFailed`, and a sentence.

    agreeing: the names of those parts of the result that do not differ.
    """

    diagnosis: str
    sentence: str
    agreeing: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What a learner reads."""
        if not self.agreeing:
            return self.sentence
        return f"{self.sentence} These agree: {', '.join(self.agreeing)}."


def plain(value: object) -> object:
    """Turn tensors inside `value` into arrays; leave containers, numbers and None as they are."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return np.asarray(value)


def endless(value: object, what: str = "the result") -> Difference | None:
    """Say if a list, tuple or dict contains itself, or is nested in too many others.

    what: the message's name for the value.
    """
    level = [value]
    for _ in range(DEEPEST + 1):
        containers = {id(each): each for each in level if isinstance(each, tuple | list | dict)}
        level = [part for each in containers.values() for part in _parts(each)]
        if not containers:
            return None
    return Difference(
        "type",
        f"{what} is a {type(value).__name__} that contains itself, or has more than {DEEPEST}"
        " levels of lists within lists. Does a line put a list into itself, or wrap what is there"
        " into a new list in every turn of a loop?",
    )


def _parts(container: tuple | list | dict) -> Iterable:
    return container.values() if isinstance(container, dict) else container


def difference(
    result: object, expected: object, what: str = "the result", parts: Sequence[str] = ()
) -> Difference | None:
    """Return the first difference, or None if there is none.

    expected: an array, a number, None, or a tuple, list or dict of them.
    what: the message's name for the result. parts: its names for the parts of a tuple or list; a
        single one is the name of the whole, whose parts have numbers.
    """
    if expected is None:
        return None if result is None else Difference("type", f"{what} should be None.")
    if isinstance(expected, dict):
        return _dict_difference(result, expected, what)
    if isinstance(expected, tuple | list):
        return _parts_difference(result, expected, what, parts)
    return _array_difference(result, np.asarray(expected), what)


def _dict_difference(result: object, expected: dict, what: str) -> Difference | None:
    if not isinstance(result, dict) or list(result) != list(expected):
        keys = ", ".join(map(repr, expected))
        return Difference("type", f"{what} should be a dict with the keys {keys}, in this order.")
    compared = (difference(result[key], expected[key], f"{what}[{key!r}]") for key in expected)
    return next(filter(None, compared), None)


def _parts_difference(
    result: object, expected: Sequence, what: str, parts: Sequence[str]
) -> Difference | None:
    """Compare a tuple or list; say which of its parts agree."""
    named = list(parts) if len(parts) > 1 else []
    names = [*named, *(f"{what}[{k}]" for k in range(len(named), len(expected)))]
    names = names[: len(expected)]
    if not isinstance(result, tuple | list) or len(result) != len(expected):
        listed = f" ({', '.join(names)})" if named else ""
        return Difference(
            "type",
            f"{what} should hold {len(expected)} parts{listed}, as a tuple or a list,"
            f" but is {describe(result)}.",
        )
    compared = [difference(*each) for each in zip(result, expected, names)]
    first = next(filter(None, compared), None)
    if first is None:
        return None
    agreeing: list[str] = []
    for name, each in zip(names, compared):
        agreeing += [name] if each is None else each.agreeing
    return first._replace(agreeing=tuple(agreeing))


def _array_difference(result: object, expected: np.ndarray, what: str) -> Difference | None:
    """Compare one array or number: its type, dtype, shape, NaN, and then its values."""
    wrong = _type_difference(result, expected, what)
    if wrong:
        return wrong
    array = np.asarray(result)
    if 0 in array.shape and expected.size:
        return Difference(
            "empty",
            f"There are no numbers in {what}, whose shape is {array.shape}: a slice begins beyond"
            " the end of the axis that it cuts, or a loop has no turn.",
        )
    if array.shape != expected.shape:
        return Difference(
            "shape", f"The shape of {what} is {array.shape}, expected {expected.shape}."
        )
    if array.dtype.kind == "f" and _all_near(array, expected):
        return None
    if np.isnan(array).any() and not np.isnan(expected).any():
        if array.ndim == 0:
            return Difference("nan", f"The value of {what} is NaN, not a number.")
        first = _first(np.isnan(array))
        return Difference("nan", f"There is NaN (not a number) in {what}, first at {first}.")
    differs = ~np.isclose(array, expected, rtol=RTOL, atol=ATOL)
    if not differs.any():
        return None
    if differs.ndim == 0:
        return Difference("value", f"The value {_number(array)} of {what} is not the right one.")
    at = _first(differs)
    return Difference(
        "value",
        f"In {what}, {differs.sum()} of {differs.size} numbers differ from the reference"
        f" (shape {expected.shape}). The first is at {at}: yours {_number(array[at])},"
        f" expected {_number(expected[at])}.",
    )


def _type_difference(result: object, expected: np.ndarray, what: str) -> Difference | None:
    """Say if a result is not a plain array or number, or holds too few digits."""
    if isinstance(result, np.ndarray) and type(result) is not np.ndarray:
        return Difference(
            "type",
            f"{what} should be a plain NumPy array, but is a {type(result).__name__}, for which"
            " operators mean something else.",
        )
    if not isinstance(result, np.ndarray | np.generic | int | float):
        kind = "a NumPy array" if expected.ndim else "a number"
        return Difference("type", f"{what} should be {kind}, but is {describe(result)}.")
    dtype = np.asarray(result).dtype
    if expected.dtype.kind == "b" and expected.ndim and dtype.kind != "b":
        return Difference("type", f"{what} should hold True and False, not the dtype {dtype}.")
    if np.iscomplexobj(result):
        return Difference("dtype", f"{what} should hold real numbers, not complex ones.")
    floats = dtype in (np.float32, np.float64)
    if floats or (expected.dtype.kind in "iub" and dtype.kind in "iub"):
        return None
    if dtype.kind in "iub" and np.asarray(result).shape == expected.shape:
        return Difference(
            "whole numbers",
            f"The numbers of {what} are whole (dtype {dtype}): what stood behind the decimal point"
            " is lost. An array takes its dtype when it is made, from the numbers it is made of or"
            " from `dtype=`.",
        )
    if dtype.kind in "iub":
        return None  # the shape says more
    return Difference(
        "dtype",
        f"The dtype of {what} is {dtype}. Stay with float32, the dtype of the arguments, or with"
        " float64: anything else loses digits or is no array of numbers.",
    )


def same(result: object, value: object) -> bool:
    """Whether two results have one structure and, within the tolerance, the same numbers."""
    if isinstance(value, tuple | list):
        return (
            isinstance(result, tuple | list)
            and len(result) == len(value)
            and all(map(same, result, value))
        )
    if isinstance(value, dict) or value is None or isinstance(result, tuple | list | dict):
        return difference(result, value) is None
    first, second = np.asarray(result), np.asarray(value)
    if first.shape != second.shape or not {first.dtype.kind, second.dtype.kind} <= set("fiub"):
        return False
    if first.ndim and (first.dtype.kind == "f") != (second.dtype.kind == "f"):
        return False
    if first.size and not _near(first.item(0), second.item(0)):
        return False  # the most frequent case in a search for mistakes
    if first.dtype.kind == second.dtype.kind == "b":
        return bool((first == second).all())  # NumPy does not subtract truths
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(first - second) <= ATOL + RTOL * np.abs(second)
    near &= np.isfinite(second)
    return bool((near | (first == second) | (np.isnan(first) & np.isnan(second))).all())


def _all_near(array: np.ndarray, expected: np.ndarray) -> bool:
    """Whether all numbers are the same within the tolerance, and none is infinite or NaN."""
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(array - expected) <= ATOL + RTOL * np.abs(expected)
    return bool(near.all() and np.isfinite(expected).all())


def _near(first: float, second: float) -> bool:
    """Whether two numbers are the same within the tolerance, or both NaN."""
    if first == second or (first != first and second != second):
        return True
    return abs(first - second) <= ATOL + RTOL * abs(second) < math.inf


def _number(value: Any) -> str:
    """Write a number for a message; a zero never has a sign."""
    return f"{value + 0.0:.6g}"


def describe(value: object, depth: int = 3) -> str:
    """Name a value's kind and shape, and those of its parts, down to a number of levels."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape}"
    if isinstance(value, list) and len(value) > 1 and all(isinstance(each, dict) for each in value):
        return f"list of {len(value)} dicts with the keys {', '.join(map(str, value[0]))}"
    if isinstance(value, tuple | list):
        inside = ", ".join(describe(item, depth - 1) for item in value) if depth else "..."
        return f"{type(value).__name__} of {len(value)} ({inside})"
    if isinstance(value, dict):
        items = (f"{key!r}: {describe(item, depth - 1)}" for key, item in value.items())
        return f"dict ({', '.join(items) if depth else '...'})"
    if isinstance(value, bool | int | float | None):
        return repr(value)
    return f"{_article(type(value).__name__)} {type(value).__name__}"


def describe_arguments(arguments: Iterable[object], names: Sequence[str]) -> str:
    """Name the arguments of a call with their shapes, such as "x (3, 4), units 5"."""
    described = []
    for number, argument in enumerate(arguments):
        text = describe(argument).removeprefix("array ")
        described.append(f"{names[number]} {text}" if number < len(names) else text)
    return ", ".join(described)


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeiou" else "a"


def _first(mask: np.ndarray) -> tuple[int, ...]:
    """Index of the first True in `mask`."""
    return tuple(int(index) for index in np.argwhere(mask)[0])
