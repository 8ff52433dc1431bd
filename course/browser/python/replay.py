"""Replays the check of a function without Keras, from what course/browser/record.py recorded.

It runs in the browser, where the package `checks` of a notebook lies beside it.
"""

import importlib
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

CHECKSUM = 4  # bytes at the end


class DamagedRecord(ValueError):
    """A record that did not arrive as it was written."""


class RecordedChecks:
    """The checks of an assignment.

    text: that of <assignment>.json. joined: the bytes of <assignment>.bin. Raises DamagedRecord
    where they are not those that were written together.

    assignment: its name. date: when it was recorded, such as "2026-11-26". versions: of keras,
    tensorflow and numpy, with which. functions: those that have a check.
    """

    def __init__(self, text: str, joined: bytes):
        content, checksum = joined[:-CHECKSUM], joined[-CHECKSUM:]
        if zlib.crc32(text.encode() + content).to_bytes(CHECKSUM, "little") != checksum:
            raise DamagedRecord(
                "The recorded checks are damaged or not complete. Load the page again."
            )
        record = json.loads(text)
        self.assignment: str = record["assignment"]
        self.date: str = record["date"]
        self.versions: dict[str, str] = record["versions"]
        self._checks: dict[str, dict] = record["checks"]
        self._cells: dict[str, dict] = record["cells"]
        self._table: list[tuple[str, list[int], int]] = record["arrays"]
        self._content = content

    @property
    def functions(self) -> list[str]:
        """The names of the functions that have a check, in the notebook's order."""
        return list(self._checks)

    def replay(self, name: str, function: Callable) -> str:
        """Check a function as its check cell does; return what the cell prints if it agrees.

        Raises CheckFailed as the cell does, and LookupError if no check of this name was recorded.
        """
        if name not in self._checks:
            known = ", ".join(self._checks)
            raise LookupError(
                f"No check of {name} was recorded for {self.assignment}. There are: {known}."
            )
        check = importlib.import_module("checks").check
        importlib.import_module("checks.records").begin()
        for call in self._checks[name]["calls"]:
            check(
                function,
                self.unpack(call["arguments"]),
                self.unpack(call["expected"]),
                _reference(call["reference"]),
                warnings_fail=call["warnings_fail"],
            )
        return self._checks[name]["message"]

    def replay_among(self, name: str, names: Mapping[str, Any]) -> str:
        """Check the function of this name among those of a notebook, where it may be missing."""

        def undefined() -> None:
            raise NameError(name=name)

        if name not in names:
            importlib.import_module("checks").checking("")(undefined)
        return self.replay(name, names[name])

    def cell(self, name: str) -> tuple[list[dict], dict[str, Any]] | None:
        """Return what a cell that needs Keras showed, and the names that it defined.

        name: its id. Returns None for other cells.
        """
        if name not in self._cells:
            return None
        cell = self._cells[name]
        return cell["outputs"], {each: self.unpack(value) for each, value in cell["names"].items()}

    def unpack(self, packed: Any) -> Any:
        """Make the value that was recorded, with new arrays each time."""
        if not isinstance(packed, dict):
            return packed
        ((kind, value),) = packed.items()
        if kind == "float":
            return float(value)
        if kind == "array":
            return self._array(value)
        if kind == "number":
            return self._array(value)[()]
        if kind == "dict":
            return {self.unpack(key): self.unpack(item) for key, item in value}
        return {"list": list, "tuple": tuple}[kind](map(self.unpack, value))

    def _array(self, place: int) -> np.ndarray:
        dtype, shape, offset = self._table[place]
        count = int(np.prod(shape))
        return np.frombuffer(self._content, dtype, count, offset).reshape(shape).copy()


def _reference(name: list[str] | None) -> Any:
    """Look a reference up by its module in the checks and its name there."""
    if name is None:
        return None
    module, attribute = name
    return getattr(importlib.import_module(f"checks.{module}"), attribute)
