"""Records what the cells of notebooks get from Keras and from files, so that they run without.

A record holds, for each check cell, what it hands to `check`: its visible comparisons as they are,
and further ones in other sizes. These are the comparisons of the hidden tests with random numbers
of their own. What is the same there with any random numbers is written out in the hidden tests, and
stays out of the record.

A record holds, too, what other cells that need Keras or a file show, and the names that they
define.

build/browser/records/<assignment>.json says what there is, with the Keras that gave it.
<assignment>.bin holds the arrays, one behind the other, and at its end a checksum of both files.
course/browser/python/replay.py reads them.
"""

import copy
import hashlib
import json
import shutil
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import chdir, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np

from course import checks
from course.browser import RECORDS
from course.browser.shown import needs_recording, run_cell
from course.checks.comparing import plain
from course.exercises import assignments, is_check, notebook
from course.release import EXERCISES

MARKS = {
    "### BEGIN HIDDEN TESTS": "hidden_tests(True)",
    "### END HIDDEN TESTS": "hidden_tests(False)",
}
FEW = 2  # an array of so few numbers may occur anywhere
ALIGNMENT = 8


@dataclass(frozen=True)
class Comparison:
    """What a check cell hands to `check`, except the function.

    hidden: whether a hidden test. further: whether that, with other random numbers than its own.
    """

    arguments: tuple
    expected: object
    reference: checks.Reference | None
    warnings_fail: bool
    hidden: bool
    further: bool


class CheckCell:
    """One run of a check cell, with everything in place of `check` and the random draws.

    source: the text of the cell. name: of the function that it checks. A loop of the hidden tests
    over random draws goes on with others, which no hidden test has.

    message: what the cell prints if all agree. comparisons: in the order of the cell.
    """

    def __init__(self, source: str, name: str):
        self.message = ""
        self.comparisons: list[Comparison] = []
        self._name, self._draws = name, 0
        self._hidden = self._further = False
        for mark, call in MARKS.items():
            source = source.replace(mark, call)
        names: dict = {name: None, "hidden_tests": self._begin_or_end}
        with patch.multiple(checks, check=self._check, draws=self._draw, checking=self._checking):
            exec(source.replace("from checks", f"from {checks.__name__}"), names)

    def _begin_or_end(self, hidden: bool) -> None:
        self._hidden = hidden

    def _checking(self, message: str) -> Callable[[Callable[[], None]], None]:
        self.message = message
        return lambda test: test()

    def _draw(self, count: int, seed: int = 0) -> Iterator[np.random.Generator]:
        self._draws += 1
        for number in range(count):
            yield np.random.default_rng([seed, number])
        if self._hidden:
            digest = hashlib.sha256(f"{self._name} {self._draws}".encode()).digest()
            self._further = True
            for number in range(count):
                yield np.random.default_rng([int.from_bytes(digest[:8], "little"), number])
            self._further = False

    def _check(
        self,
        function: None,
        arguments: tuple,
        expected: object,
        reference: checks.Reference | None = None,
        warnings_fail: bool = False,
    ) -> float:
        values = copy.deepcopy((tuple(arguments), plain(expected)))
        kind = self._hidden, self._further
        self.comparisons.append(Comparison(*values, reference, warnings_fail, *kind))
        return 1.0


def comparisons(source: str, name: str) -> tuple[str, list[Comparison]]:
    """Return the message of a check cell, and what its record compares."""
    cell = CheckCell(source, name)
    visible = [each for each in cell.comparisons if not each.hidden]
    hidden = [each for each in cell.comparisons if each.hidden and not each.further]
    secret = {array for each in hidden for array in _large_arrays([each.arguments, each.expected])}
    secret_arguments = {_text(each.arguments) for each in hidden}
    further = [
        each
        for each in cell.comparisons
        if each.further
        and secret.isdisjoint(_large_arrays([each.arguments, each.expected]))
        and _text(each.arguments) not in secret_arguments
    ]
    return cell.message, visible + further


def _large_arrays(value: object) -> set[str]:
    """Describe the arrays in a value that have more than a few numbers."""
    arrays = Arrays()
    arrays.pack(value)
    return {_text(array) for array in arrays.distinct if array.size > FEW}


def _text(value: object) -> str:
    """Describe a value, so that the same text means the same value."""
    arrays = Arrays()
    packed = arrays.pack(value)
    whole = [(array.dtype.str, array.shape, array.tobytes()) for array in arrays.distinct]
    return f"{packed} {whole}"


class Arrays:
    """The arrays of a record. distinct: each once, in the order in which they are needed."""

    def __init__(self) -> None:
        self.distinct: list[np.ndarray] = []
        self._places: dict[tuple, int] = {}

    def _place(self, array: np.ndarray) -> int:
        key = array.dtype.str, array.shape, array.tobytes()
        if key not in self._places:
            self._places[key] = len(self.distinct)
            self.distinct.append(np.array(array))
        return self._places[key]

    def pack(self, value: Any) -> Any:
        """Describe a value in JSON's terms; `unpack` in replay.py is the inverse.

        Raises TypeError for what is no number, text, None or array, nor a list, tuple or dict.
        """
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return {"float": repr(value)}
        if kind is np.ndarray and value.dtype.kind in "biuf":
            return {"array": self._place(value)}
        if isinstance(value, np.generic) and value.dtype.kind in "biuf":
            return {"number": self._place(np.asarray(value))}
        if kind in (list, tuple):
            return {kind.__name__: [self.pack(each) for each in value]}
        if kind is dict:
            return {"dict": [[self.pack(key), self.pack(item)] for key, item in value.items()]}
        raise TypeError(f"cannot record a {kind.__name__}: {value!r}")

    def join(self) -> tuple[list[list], bytes]:
        """Return the dtype, shape and place of each array, and the bytes of all."""
        table, joined = [], bytearray()
        for array in self.distinct:
            joined += bytes(-len(joined) % ALIGNMENT)
            table.append([array.dtype.str, list(array.shape), len(joined)])
            joined += array.tobytes()
        return table, bytes(joined)


def reference_name(reference: checks.Reference | None) -> list[str] | None:
    """Say in which module of the checks, and under which name, a reference is to be found.

    Raises ValueError where its module has no name for it.
    """
    if reference is None:
        return None
    module = reference.compose.__module__
    for name, value in vars(sys.modules[module]).items():
        if value is reference:
            return [module.removeprefix(f"{checks.__name__}."), name]
    raise ValueError(f"{module} has no name for the reference of {reference.name}")


def record_cell(source: str, arrays: Arrays) -> dict[str, Any]:
    """Record what a cell shows, and those of its names that stand for plain values."""
    outputs, names = run_cell(source)
    packed = {}
    for name, value in names.items():
        with suppress(TypeError):  # a module, a function, a layer
            packed[name] = arrays.pack(value)
    return {"outputs": outputs, "names": packed}


def record(assignment: str) -> tuple[str, bytes]:
    """Run the cells of an assignment that a page cannot; return the contents of its two files."""
    with chdir(EXERCISES / assignment):  # where its data lies
        return _record(assignment)


def _record(assignment: str) -> tuple[str, bytes]:
    arrays, recorded = Arrays(), {}
    for cell in filter(is_check, notebook(assignment).cells):
        name = cell.id.removesuffix("-check")
        message, compared = comparisons(cell.source, name)
        calls = [
            {
                "arguments": arrays.pack(each.arguments),
                "expected": arrays.pack(each.expected),
                "reference": reference_name(each.reference),
                "warnings_fail": each.warnings_fail,
            }
            for each in compared
        ]
        recorded[name] = {"message": message, "calls": calls}
    needing = filter(needs_recording, notebook(assignment).cells)
    cells = {cell.id: record_cell(cell.source, arrays) for cell in needing}
    content = {
        "assignment": assignment,
        "date": date.today().isoformat(),
        "versions": {each.__name__: each.__version__ for each in compared_with()},
        "checks": recorded,
        "cells": cells,
    }
    return sealed(content, arrays)


def compared_with() -> tuple[ModuleType, ...]:
    """Return the packages that the numbers of a record come from; Keras takes seconds to load."""
    from course.checks.loading import keras, tf

    return keras, tf, np


def sealed(content: dict, arrays: Arrays) -> tuple[str, bytes]:
    """Write a record as a text and bytes, with a checksum of both at the end of the bytes."""
    table, joined = arrays.join()
    text = json.dumps(content | {"arrays": table}, separators=(",", ":"))
    return text, joined + zlib.crc32(text.encode() + joined).to_bytes(4, "little")


def record_all(folder: Path = RECORDS) -> None:
    """Record every assignment into a folder, and remove what else is there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for assignment in assignments():
        text, joined = record(assignment)
        (folder / f"{assignment}.json").write_text(text, "utf-8")
        (folder / f"{assignment}.bin").write_bytes(joined)
