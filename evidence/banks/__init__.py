"""Wrong and right implementations of the graded functions, one module for each assignment.

A module lists its implementations in WRONG and RIGHT. It has two short names for each graded
function f: `f = partial(wrong, "f")` and `right_f = partial(right, "f")`.
"""

import importlib
from dataclasses import dataclass
from importlib.util import find_spec

from course import curriculum

ASSIGNMENTS = tuple(curriculum.ASSIGNMENTS)

UNSPECIFIC = {"value", "raised", "shape", "type", "dtype", "nan"}
"""Diagnoses that say what differs, but not which mistake was made."""


@dataclass(frozen=True)
class Wrong:
    """A small change to the solution of one function.

    changes: (old, new) texts, each replaced wherever it stands in the solution's source.
    diagnosis: what `CheckFailed.diagnosis` must be; one of UNSPECIFIC where no well-known mistake
        gives the same numbers.
    """

    function: str
    name: str
    changes: tuple[tuple[str, str], ...]
    diagnosis: str

    def source(self, solution: str) -> str:
        """Return the solution's source, changed. Raises ValueError where an old text is missing."""
        for old, new in self.changes:
            if old not in solution:
                raise ValueError(f"{self.function}, {self.name}: no {old!r} in\n{solution}")
            solution = solution.replace(old, new)
        return solution


@dataclass(frozen=True)
class Right:
    """A correct implementation that looks different: the whole source of the function."""

    function: str
    name: str
    text: str

    def source(self, solution: str) -> str:
        """Return this implementation's own source."""
        return self.text


def wrong(function: str, name: str, *changes: tuple[str, str], diagnosis: str = "") -> Wrong:
    """Describe a wrong implementation that is diagnosed by its own name, or as `diagnosis`."""
    return Wrong(function, name, changes, diagnosis or name)


def right(function: str, name: str, text: str) -> Right:
    """Describe a right implementation."""
    return Right(function, name, text.strip() + "\n")


def bank(assignment: str) -> tuple[list[Wrong], list[Right]]:
    """Load an assignment's wrong and right implementations.

    Raises FileNotFoundError where there are none.
    """
    name = f"evidence.banks.{assignment.replace('-', '_')}"
    if find_spec(name) is None:
        raise FileNotFoundError(
            f"{assignment} is in course/curriculum.py, but {name.replace('.', '/')}.py, with wrong "
            "and right implementations, is missing."
        )
    module = importlib.import_module(name)
    return module.WRONG, module.RIGHT
