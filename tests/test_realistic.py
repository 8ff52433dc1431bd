"""The bank of realistic slips: large and varied enough, and each of them wrong."""

from collections import Counter

import pytest

from evidence.banks import ASSIGNMENTS
from evidence.check_cells import (
    first_failure,
    functions,
    implement,
    solution,
    unnamed,
)
from evidence.realistic import Slip, slips
from tests.lanes import together

SLIPS = [(assignment, slip) for assignment in ASSIGNMENTS for slip in slips(assignment)]
UNNAMED = (
    "{} does not agree with Keras.",
    "The largest difference is 0.25, at [0, 1]: 0.5 was expected, {} returned -1.0.",
    "{} returned an array of shape (3, 5), but the right one has the shape (3, 6, 5).",
    "{} raised ValueError: operands could not be broadcast together with shapes (3,5) (3,4)",
    "{} raised IndexError: index 6 is out of bounds for axis 1 with size 6",
    "{} returned None.",
)
"""Messages that name no mistake of a function."""


def fails(assignment: str, slip: Slip) -> bool:
    """Say whether the check cell rejects a slip with some draw of three seeds."""
    implementation = implement(assignment, slip.function, slip.source)
    return any(
        first_failure(implementation, unnamed(assignment, slip.function, seed)) for seed in range(3)
    )


def test_the_bank_is_large_and_covers_every_function() -> None:
    assert len(SLIPS) >= 150
    graded = {(a, function) for a in ASSIGNMENTS for function in functions(a) if slips(a)}
    assert {(a, slip.function) for a, slip in SLIPS} == graded


def test_two_fifths_are_pairs_or_slips_in_numpy() -> None:
    kinds = Counter(slip.kind for _, slip in SLIPS)
    assert kinds["two"] + kinds["numpy"] >= 0.4 * len(SLIPS)


def test_names_are_unique() -> None:
    names = [(a, slip.function, slip.name) for a, slip in SLIPS]
    assert len(names) == len(set(names))


def test_no_slip_is_named_in_a_message_that_names_none() -> None:
    assert not [
        (slip.name, message)
        for _, slip in SLIPS
        for message in UNNAMED
        if slip.is_named_in(message.format(slip.function))
    ]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_source_equals_the_solution_or_another(assignment: str) -> None:
    sources = [slip.source.strip() for slip in slips(assignment)]
    sources += [solution(assignment, function).strip() for function in functions(assignment)]
    assert len(sources) == len(set(sources))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "slip"),
    [
        pytest.param(a, s, id=f"{s.function}: {s.name}", marks=together(s.function))
        for a, s in SLIPS
    ],
)
def test_every_slip_fails_its_check(assignment: str, slip: Slip) -> None:
    assert fails(assignment, slip)
