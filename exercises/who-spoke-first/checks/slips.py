"""Slips in NumPy that show in a result: an axis lost, moved, cut or cast, parts in another order.

Each is a change to the value of a reference, recognised by the shape and the numbers that it gives.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np

WALKED = {"time": "step", "lag": "lag", "batch": "sample", "units": "unit"}
"""Axes over which a loop may run, and what one entry of each is called."""


class Slip(NamedTuple):
    """A slip: its name, a function that changes the right value, and the message to the learner."""

    name: str
    change: Callable[..., Any]
    message: str

    def apply(self, value: Any, failed: object) -> Any:
        """Change a value; return `failed` if that is not possible."""
        try:
            with np.errstate(all="ignore"):
                return self.change(value)
        except (ValueError, IndexError, TypeError, AttributeError):
            return failed


def slips(results: Mapping[str, str]) -> Mapping[str, Slip]:
    """List the slips that can happen to a result whose parts have these names and axes.

    The name of a slip in any part but the first begins with that part's name. The keys are the
    names with a number, since several slips may share a name.
    """
    return _slips(tuple(results.items()))


@lru_cache(64)
def _slips(results: tuple[tuple[str, str], ...]) -> Mapping[str, Slip]:
    axes = [each.split(", ") if each else [] for _, each in results]
    listed: list[Slip] = []
    if len(results) > 1:
        listed += [*_of_parts([name for name, _ in results]), *_of_all_parts(axes)]
    for number, ((name, _), names) in enumerate(zip(results, axes)):
        for slip in _of_an_array(name, names):
            change = _where_the_axes_are(names, slip.change)
            prefix = f"{name}: " if number else ""
            changed = _in_part(number, change) if len(results) > 1 else change
            listed.append(Slip(f"{prefix}{slip.name}", changed, slip.message))
    count: Counter[str] = Counter()
    keyed = {}
    for slip in listed:
        count[slip.name] += 1
        keyed[f"{slip.name} {count[slip.name]}"] = slip
    return keyed


def _where_the_axes_are(names: list[str], change: Callable) -> Callable:
    """Change an array only if it has the axes that the slip speaks of."""

    def changed(array):
        if names and np.ndim(array) != len(names):
            raise ValueError("the array has other axes")
        return change(array)

    return changed


def _in_part(number: int, change: Callable) -> Callable:
    """Change one part of a tuple."""

    def changed(parts):
        return [*parts[:number], change(parts[number]), *parts[number + 1 :]]

    return changed


def _of_parts(names: list[str]) -> Iterator[Slip]:
    """List slips in which parts of the result have changed places or are missing."""
    listed = ", ".join(names)
    for a, b in combinations(range(len(names)), 2):
        order = list(range(len(names)))
        order[a], order[b] = b, a
        yield Slip(
            f"{names[a]} and {names[b]} swapped",
            lambda parts, order=order: [parts[k] for k in order],
            f"What is returned has {names[a]} and {names[b]} swapped. "
            f"The order asked for is {listed}.",
        )
    for number, name in enumerate(names):
        yield Slip(
            f"{name} alone",
            lambda parts, number=number: parts[number],
            f"Only {name} is returned. Return {listed}, in this order.",
        )
        if len(names) > 2:
            yield Slip(
                f"{name} not returned",
                lambda parts, number=number: [*parts[:number], *parts[number + 1 :]],
                f"What is returned lacks {name}. Return {listed}, in this order.",
            )
    yield Slip(
        "squeezed",
        lambda parts: [np.squeeze(part) for part in parts],
        "Axes of length 1 are lost in all that is returned. `squeeze`, `ravel` and an index in"
        " place of a slice remove axes.",
    )
    if len(names) > 3:  # of three parts, the reverse order is that of two swapped
        yield Slip(
            "order reversed",
            lambda parts: parts[::-1],
            f"The parts are returned in reverse order. The order asked for is {listed}.",
        )


def _of_an_array(name: str, names: list[str]) -> Iterator[Slip]:
    """List slips in one array; names: those of its axes."""
    yield Slip("sign", np.negative, f"The sign of {name} is the opposite one.")
    if not names:
        return
    yield Slip(
        "squeezed",
        np.squeeze,
        f"An axis of length 1 is lost in {name}. The axes are ({', '.join(names)}), also where one"
        " of them has a single entry. `squeeze`, `ravel` and an index in place of a slice remove"
        " axes.",
    )
    yield Slip(
        "returned twice",
        lambda a: [a, a],
        f"Two copies of {name} are returned, as if there were an output and a state. One is asked"
        " for.",
    )
    yield Slip(
        "flattened",
        np.ravel,
        f"The axes of {name} are lost: all numbers stand in one long row. `np.append` without an"
        " axis does this.",
    )
    yield Slip(
        "zeros",
        np.zeros_like,
        f"There is nothing but zeros in {name}. Has anything been written there, or was it"
        " multiplied by zeros?",
    )
    yield from _of_an_axis_more(name, names)
    yield from _of_moved_axes(name, names)
    for axis, each in enumerate(names):
        if each in WALKED:
            yield from _of_a_loop(name, axis, names)


def _of_an_axis_more(name: str, names: list[str]) -> Iterator[Slip]:
    for axis in range(len(names) + 1):
        yield Slip(
            "axis too many",
            lambda a, axis=axis: np.expand_dims(a, axis),
            f"One axis too many, of length 1, in {name}. The axes are ({', '.join(names)}).",
        )


def _of_moved_axes(name: str, names: list[str]) -> Iterator[Slip]:
    """List other orders of the axes, and the results of a reshape in place of a move."""
    asked = f"({', '.join(names)})"
    for order in permutations(range(len(names))):
        if order == tuple(range(len(names))):
            continue
        given = f"({', '.join(names[k] for k in order)})"
        yield Slip(
            f"axes {given}",
            lambda a, order=order: np.transpose(a, order),
            f"The numbers of {name} are right, but its axes come in the order {given}."
            f" The order asked for is {asked}.",
        )
        yield Slip(
            "reshaped",
            lambda a, order=order: _reshaped(a, order),
            f"The numbers of {name} are right, but a reshape has mixed up its axes. A reshape"
            " never swaps axes; look for a function that does.",
        )


def _reshaped(array: np.ndarray, order: tuple[int, ...]) -> np.ndarray:
    """Move axes, then put the numbers into the old shape; only if the shape has changed."""
    moved = np.transpose(array, order)
    if moved.shape == array.shape:
        raise ValueError("the axes have moved, and no reshape shows")
    return moved.reshape(array.shape)


def _of_a_loop(name: str, axis: int, names: list[str]) -> Iterator[Slip]:
    """List the results of a loop over an axis that starts, ends, collects or returns wrongly."""
    entry = WALKED[names[axis]]
    yield Slip(
        f"list of {entry}s",
        lambda a: list(np.moveaxis(a, axis, 0)),
        f"A list with an array for each {entry} stands for {name}. Make one array of them, with"
        " all its axes.",
    )
    yield Slip(
        "flattened",
        lambda a: np.moveaxis(a, axis, 0).ravel(),
        f"The axes of {name} are lost: all numbers stand in one long row. `np.append` without an"
        " axis does this.",
    )
    for into in range(len(names) - 1 if len(names) > 2 else 0):
        yield Slip(
            f"{entry}s joined",
            lambda a, into=into: np.concatenate(list(np.moveaxis(a, axis, 0)), axis=into),
            f"In {name} the {entry}s are joined along an axis that each of them has already. They"
            " need an axis of their own.",
        )
    for title, change, message in LOOPS:
        yield Slip(
            title.format(entry),
            lambda a, change=change: change(a, axis),
            f"In {name}: {message.format(entry)}",
        )


def _of_all_parts(axes: list[list[str]]) -> Iterator[Slip]:
    """List the results of one wrong loop in all parts that have the axis over which it runs."""
    for axis, entry in WALKED.items():
        where = {n: names.index(axis) for n, names in enumerate(axes) if axis in names}
        for title, change, message in LOOPS if len(where) > 1 else ():
            yield Slip(
                f"{title.format(entry)}, in all parts",
                lambda parts, change=change, where=where: [
                    change(part, where[n]) if n in where else part for n, part in enumerate(parts)
                ],
                f"In all that is returned: {message.format(entry)}",
            )


def _entries(array: np.ndarray, axis: int, part: slice) -> np.ndarray:
    """Return a part of an axis, as a view."""
    return array[(slice(None),) * axis + (part,)]


def _zero(array: np.ndarray, axis: int, part: slice) -> np.ndarray:
    copied = array.copy()
    _entries(copied, axis, part)[...] = 0
    return copied


def _only(array: np.ndarray, axis: int, part: slice) -> np.ndarray:
    copied = np.zeros_like(array)
    _entries(copied, axis, part)[...] = _entries(array, axis, part)
    return copied


def _everywhere(array: np.ndarray, axis: int, part: slice) -> np.ndarray:
    return np.broadcast_to(_entries(array, axis, part), array.shape)


FIRST, LAST = slice(0, 1), slice(-1, None)

LOOPS: tuple[tuple[str, Callable[[np.ndarray, int], np.ndarray], str], ...] = (
    (
        "first {} alone",
        lambda a, axis: _entries(a, axis, FIRST),
        "only the first {} is there. Does `return` stand inside the loop, so that the loop ends in"
        " its first turn?",
    ),
    (
        "first two {}s alone",
        lambda a, axis: _entries(a, axis, slice(0, 2)),
        "only the first two {}s are there. Does `return` stand inside the loop, so that the loop"
        " ends in its first turn?",
    ),
    (
        "last {} alone",
        lambda a, axis: _entries(a, axis, LAST),
        "only the last {} is there. Is the list emptied inside the loop, or the array made anew in"
        " every turn?",
    ),
    (
        "first and last {} alone",
        lambda a, axis: np.concatenate([_entries(a, axis, FIRST), _entries(a, axis, LAST)], axis),
        "only the first and the last {} are there. Is the list begun anew in every turn?",
    ),
    (
        "last {} only",
        lambda a, axis: np.take(a, -1, axis),
        "only the last {} is returned, without its axis. All of them are asked for.",
    ),
    (
        "first {} only",
        lambda a, axis: np.take(a, 0, axis),
        "only the first {} is returned, without its axis. All of them are asked for.",
    ),
    (
        "last {} missing",
        lambda a, axis: _entries(a, axis, slice(0, -1)),
        "the last {} is missing. Does the loop reach the end?",
    ),
    (
        "first {} missing",
        lambda a, axis: _entries(a, axis, slice(1, None)),
        "the first {} is missing. Python counts from 0.",
    ),
    (
        "last {} zero",
        lambda a, axis: _zero(a, axis, LAST),
        "the last {} is zero, the others are right: the loop stops one turn too early, or writes"
        " one place too early.",
    ),
    (
        "first {} zero",
        lambda a, axis: _zero(a, axis, FIRST),
        "the first {} is zero, the others are right: the loop starts one turn too late. Python"
        " counts from 0.",
    ),
    (
        "all but the last {} zero",
        lambda a, axis: _only(a, axis, LAST),
        "only the last {} is filled in, the others are zero. Is the array made anew in every turn,"
        " or the index always the same?",
    ),
    (
        "all but the first {} zero",
        lambda a, axis: _only(a, axis, FIRST),
        "only the first {} is filled in, the others are zero. Does the loop end in its first turn?",
    ),
    ("{}s reversed", np.flip, "the {}s come in reverse order."),
    (
        "{}s shifted",
        lambda a, axis: np.roll(a, 1, axis),
        "each {} stands one place too late, and the last one first.",
    ),
    (
        "last {} everywhere",
        lambda a, axis: _everywhere(a, axis, LAST),
        "every {} shows the last one. If you collect arrays in a list, and change one array in"
        " place, the list holds that same array again and again.",
    ),
    (
        "first {} everywhere",
        lambda a, axis: _everywhere(a, axis, FIRST),
        "every {} shows the first one.",
    ),
    (
        "summed over {}s",
        lambda a, axis: a.sum(axis),
        "the {}s are added up. Each of them is asked for.",
    ),
    (
        "mean over {}s",
        lambda a, axis: a.mean(axis),
        "the mean over the {}s is taken. Each of them is asked for.",
    ),
)
"""Wrong loops: a title, a function of the array and the axis of the loop, and a sentence in which
{} is one entry of that axis."""
