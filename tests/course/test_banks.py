"""Every wrong implementation fails its cell with the right diagnosis; every right one passes."""

import pytest

from evidence.banks import ASSIGNMENTS, UNSPECIFIC, bank
from evidence.check_cells import (
    comparisons,
    first_failure,
    graded_functions,
    implement,
    solution,
    unnamed,
)
from evidence.equivalent import BY_RESULT
from tests.lanes import each_function, together, trained

FUNCTIONS = graded_functions()
WRONG, RIGHT = ([entry for each in ASSIGNMENTS for entry in bank(each)[part]] for part in (0, 1))

MANY = 30
"""Draws in which implementations pass or fail. `make test` takes the first, in which mistakes are
looked for, too."""

FIRST, REST = ([0], []), (range(1, MANY), [pytest.mark.release])
"""Draws, and the marks of their lane."""

DECIDED_BY_ROUNDING = {("lstm-training", "train"): {16, 29}}
"""Draws with a gradient so near 0 that float32 holds no digit of it, which Adam divides by its own
size. The notebook has none of these."""


def in_draws(*parts):
    """Test each function in each part of the draws; those that train networks in the first."""
    return pytest.mark.parametrize(
        ("assignment", "function", "seeds"),
        [
            pytest.param(
                *each,
                [seed for seed in seeds if seed not in DECIDED_BY_ROUNDING.get(each, ())],
                marks=[pytest.mark.slow, together(each[1]), *lane, *trained(*each)],
                id=f"{each[1]}-to {seeds[-1]}",
            )
            for each in FUNCTIONS
            for seeds, lane in parts
            if seeds[0] == 0 or each not in BY_RESULT
        ],
    )


def entries(part, assignment, function):
    """The implementations of a function in one part of a bank: 0, wrong; 1, right."""
    return [entry for entry in bank(assignment)[part] if entry.function == function]


def verdicts(assignment, entry, seeds, draw=unnamed):
    """Check one implementation in each draw."""
    source = entry.source(solution(assignment, entry.function))
    implementation = implement(assignment, entry.function, source)
    return [first_failure(implementation, draw(assignment, entry.function, seed)) for seed in seeds]


@in_draws(REST)
def test_wrong_ones_fail(assignment, function, seeds):
    wrong = entries(0, assignment, function)
    assert [each.name for each in wrong if None in verdicts(assignment, each, seeds)] == []


@pytest.mark.slow
@each_function(FUNCTIONS, trained)
def test_wrong_ones_fail_and_the_message_names_the_mistake(assignment, function):
    diagnoses, expected = {}, {}
    for entry in entries(0, assignment, function):
        (failure,) = verdicts(assignment, entry, [0], comparisons)
        diagnoses[entry.name] = failure[1].diagnosis if failure else "it passes"
        expected[entry.name] = entry.diagnosis
    assert diagnoses == expected


@in_draws(FIRST, REST)
def test_right_ones_pass(assignment, function, seeds):
    for entry in entries(1, assignment, function):
        for failure in verdicts(assignment, entry, seeds):
            assert failure is None, f"{entry.name}: {failure[1]}"


@pytest.mark.slow
@in_draws(FIRST, REST)
def test_the_solution_passes(assignment, function, seeds):
    implementation = implement(assignment, function, solution(assignment, function))
    for seed in seeds:
        assert first_failure(implementation, comparisons(assignment, function, seed)) is None


def test_a_missing_bank_is_named():
    with pytest.raises(FileNotFoundError, match=r"evidence/banks/of_old\.py.*is missing"):
        bank("of-old")


@pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)
def test_every_function_has_wrong_and_right_implementations(assignment, function):
    wrong, right = (entries(part, assignment, function) for part in (0, 1))
    assert len(wrong) >= 3, f"{assignment} has {len(wrong)} wrong implementations of {function}"
    assert right, f"{assignment} has no right implementation of {function}"


def test_the_banks_are_large_and_their_messages_name_mistakes():
    assert len(FUNCTIONS) >= 25
    assert len(WRONG) >= 120
    assert len(RIGHT) >= 40
    assert sum(entry.diagnosis not in UNSPECIFIC for entry in WRONG) >= 70


def test_names_are_unique():
    names = [(entry.function, entry.name) for entry in WRONG + RIGHT]
    assert len(names) == len(set(names))
