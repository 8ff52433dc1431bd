"""Says which cases belong to which lane: `make test-fast`, `test`, `test-long`, `test-release`."""

import os
from collections.abc import Callable, Collection, Iterable

import pytest

from evidence.banks import ASSIGNMENTS
from evidence.check_cells import functions
from evidence.equivalent import BY_RESULT

FIRST_FUNCTIONS = [(each, functions(each)[0]) for each in ASSIGNMENTS]
"""What stands for all functions in `make test`, where a test takes long for each."""


ON_A_HUB = [
    pytest.mark.slow,
    pytest.mark.hub,
    pytest.mark.xdist_group("hub"),
    pytest.mark.skipif(
        os.geteuid() != 0,
        reason="THE HUB IS NOT TESTED: its test creates accounts. Type: sudo make test-hub",
    ),
]
"""The marks of tests with accounts of the system."""


def together(name: str) -> pytest.MarkDecorator:
    """Keep tests in one process, which makes once what they share.

    name: of a graded function, for whose draws Keras is asked; or of a module with fixtures.
    """
    return pytest.mark.xdist_group(name)


def trained(assignment: str, function: str) -> list[pytest.MarkDecorator]:
    """Mark `long` a function whose every call trains a network."""
    return [pytest.mark.long] if (assignment, function) in BY_RESULT else []


def but_the_first(mark: pytest.MarkDecorator) -> Callable[[str, str], list[pytest.MarkDecorator]]:
    """Mark all functions of an assignment but its first."""
    return lambda *function: [] if function in FIRST_FUNCTIONS else [mark]


def each_function(
    cases: Iterable[tuple[str, str]],
    later: Callable[[str, str], list[pytest.MarkDecorator]] = lambda *_: [],
) -> pytest.MarkDecorator:
    """Test each (assignment, function) of `cases`; `later` says whether in a later lane."""
    return pytest.mark.parametrize(
        ("assignment", "function"),
        [pytest.param(*case, marks=[together(case[1]), *later(*case)]) for case in cases],
    )


def long_but(
    soon: Collection, cases: Iterable, mark: pytest.MarkDecorator = pytest.mark.long
) -> list:
    """Make parameters of cases, each a value or a tuple of them; mark all but `soon`."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[] if case in soon else [mark],
        )
        for case in cases
    ]


def long_but_some(
    cases: Collection, every: int = 5, mark: pytest.MarkDecorator = pytest.mark.long
) -> list:
    """Mark `long` all but every fifth case, of cases that differ little from each other."""
    return long_but(list(cases)[::every], cases, mark)


def slow_but_some(cases: Collection, every: int = 4) -> list:
    """Mark `slow` all but every fourth case."""
    return long_but_some(cases, every, pytest.mark.slow)
