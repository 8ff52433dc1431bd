"""Run implementations against the check cells of the solutions, with any random draws."""

from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from unittest.mock import patch

import jupytext
import numpy as np

from course import checks
from course.checks import CheckFailed, Reference, check, records
from course.release import EXERCISES
from evidence.banks import ASSIGNMENTS

SOLUTIONS = Path(__file__).parent.parent / "solutions"
HIDDEN = "### BEGIN HIDDEN TESTS"
DRAWS = 30  # that are kept: those of one function, since Keras takes a second for each


@dataclass(frozen=True)
class Comparison:
    """What a check cell hands to `check`, except the function."""

    arguments: tuple
    expected: object
    reference: Reference | None
    options: dict
    hidden: bool

    def without_names(self) -> "Comparison":
        """Leave out the reference, since a search for mistakes takes time, unless it measures."""
        measures = self.reference is not None and self.reference.measure
        return self if measures else replace(self, reference=None)


@cache
def points(assignment: str) -> dict[str, float]:
    """Map the grade_id of each graded cell of a solution, including written answers, to points."""
    notebook = jupytext.read(SOLUTIONS / assignment / f"{assignment}.py")
    metadata = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return {each["grade_id"]: each["points"] for each in metadata if each.get("grade")}


@cache
def cells(assignment: str) -> dict[str, str]:
    """Map the grade_id of each code cell of a solution to its source; plain cells by number."""
    notebook = jupytext.read(SOLUTIONS / assignment / f"{assignment}.py")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {
        cell.metadata.get("nbgrader", {}).get("grade_id", str(number)): cell.source
        for number, cell in enumerate(code)
    }


def functions(assignment: str) -> list[str]:
    """List the graded functions of an assignment, in the notebook's order."""
    return [name.removesuffix("-check") for name in cells(assignment) if name.endswith("-check")]


def graded_functions() -> list[tuple[str, str]]:
    """List (assignment, function) for all graded functions of the course."""
    return [(assignment, name) for assignment in ASSIGNMENTS for name in functions(assignment)]


def to_write(assignment: str) -> list[str]:
    """List the cells that a learner writes: graded functions and their helpers."""
    return [name for name, source in cells(assignment).items() if "### BEGIN SOLUTION" in source]


def solution(assignment: str, function: str) -> str:
    """Return the source of a solution cell without nbgrader's delimiters."""
    lines = cells(assignment)[function].splitlines()
    return "\n".join(line for line in lines if "### " not in line) + "\n"


@cache
def namespace(assignment: str) -> dict:
    """Run the set-up and the graded functions. The caller copies before it changes anything."""
    names: dict = {"__name__": "notebook"}
    graded = functions(assignment)
    sources = list(cells(assignment).items())
    set_up = next(k for k, (grade_id, _) in enumerate(sources) if grade_id in graded)
    with chdir(EXERCISES / assignment):  # where its data lies
        for k, (grade_id, source) in enumerate(sources):
            if k < set_up or grade_id in graded:
                execute(source, names)
    return names


def execute(source: str, names: dict) -> None:
    """Execute a cell's source, in which `checks` is the package `course.checks`."""
    exec(source.replace("from checks", f"from {checks.__name__}"), names)


def implement(assignment: str, function: str, source: str) -> Callable:
    """Define an implementation in the notebook's namespace and return the function."""
    names = dict(namespace(assignment))
    execute(source, names)
    return names[function]


@lru_cache(maxsize=DRAWS)
def comparisons(assignment: str, function: str, seed: int) -> list[Comparison]:
    """Run a check cell once with the random draws of `seed`; list what it would compare.

    Each loop over `draws` takes one draw. The comparisons of the hidden tests are marked.
    """
    compared: list[Comparison] = []
    hidden: list[bool] = []

    def record(
        _: Callable,
        arguments: tuple,
        expected: object,
        reference: Reference | None = None,
        **options: bool,
    ) -> float:
        compared.append(Comparison(arguments, expected, reference, options, bool(hidden)))
        return 1.0

    def one_draw(count: int, seed_of_cell: int = 0, **_: int) -> list[np.random.Generator]:
        return [np.random.default_rng([seed, len(compared)])]

    source = cells(assignment)[f"{function}-check"]
    source = source.replace(HIDDEN, "from checks import hidden; hidden.append(True)")
    recorded = {
        "check": record,
        "draws": one_draw,
        "checking": lambda message: lambda test: test(),
        "hidden": hidden,
    }
    with patch.multiple(checks, create=True, **recorded), chdir(EXERCISES / assignment):
        execute(source, dict(namespace(assignment)))
    return compared


def unnamed(assignment: str, function: str, seed: int) -> list[Comparison]:
    """List what `comparisons` does, without a search for mistakes."""
    return [each.without_names() for each in comparisons(assignment, function, seed)]


def first_failure(
    implementation: Callable, compared: list[Comparison]
) -> tuple[Comparison, CheckFailed] | None:
    """Check an implementation as its cell does; return the comparison and error that end it."""
    records.forget()
    for comparison in compared:
        try:
            check(
                implementation,
                comparison.arguments,
                comparison.expected,
                comparison.reference,
                **comparison.options,
            )
        except CheckFailed as error:
            return comparison, error
    return None
