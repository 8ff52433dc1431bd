"""Says which cases belong to which lane: `make test-fast`, `test`, `test-long`, `test-release`."""

import os
from collections.abc import Collection, Iterable

import pytest

from evidence.banks import ASSIGNMENTS
from evidence.check_cells import functions

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
