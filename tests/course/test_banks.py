"""Every wrong implementation fails its cell with the right diagnosis; every right one passes."""

from dataclasses import replace
from functools import lru_cache

import pytest

from course.exercises import assignments
from evidence.banks import ASSIGNMENTS, UNSPECIFIC, bank
from evidence.check_cells import comparisons, first_failure, functions, implement, solution

FUNCTIONS = [(assignment, name) for assignment in ASSIGNMENTS for name in functions(assignment)]
WRONG = [(assignment, entry) for assignment in ASSIGNMENTS for entry in bank(assignment)[0]]
RIGHT = [(assignment, entry) for assignment in ASSIGNMENTS for entry in bank(assignment)[1]]

DIAGNOSED = 25  # draws in which the mistakes are computed, too: that takes time
NAMED = 3  # draws in which the mistakes of a check cell are listed: some depend on the arguments


def grouped(cases):
    """Keep the cases of a function in one process: they share its draws."""
    return [
        pytest.param(
            assignment, case, marks=pytest.mark.xdist_group(getattr(case, "function", case))
        )
        for assignment, case in cases
    ]


def label(value):
    return value if isinstance(value, str) else f"{value.function}: {value.name}"


@lru_cache(maxsize=250)  # the draws of one function: more would fill the memory
def draw(assignment, function, seed):
    """One random draw of a check cell; from DIAGNOSED on without the mistakes to name."""
    compared = comparisons(assignment, function, seed)
    return compared if seed < DIAGNOSED else [replace(each, mistakes=()) for each in compared]


def verdicts(assignment, entry, seeds):
    """Check one implementation in each draw."""
    source = entry.source(solution(assignment, entry.function))
    implementation = implement(assignment, entry.function, source)
    return [first_failure(implementation, draw(assignment, entry.function, seed)) for seed in seeds]


@pytest.fixture(params=[3, pytest.param(200, marks=pytest.mark.slow)])
def seeds(request):
    return range(request.param)


@pytest.mark.parametrize(("assignment", "entry"), grouped(WRONG), ids=label)
def test_wrong_one_fails_and_the_message_names_its_mistake(assignment, entry, seeds):
    failures = verdicts(assignment, entry, seeds)
    assert None not in failures
    assert {error.diagnosis for _, error in failures[:DIAGNOSED]} == {entry.diagnosis}


@pytest.mark.parametrize(("assignment", "entry"), grouped(RIGHT), ids=label)
def test_right_one_passes(assignment, entry, seeds):
    for failure in verdicts(assignment, entry, seeds):
        assert failure is None, failure[1]


@pytest.mark.parametrize(("assignment", "function"), grouped(FUNCTIONS))
def test_solution_passes(assignment, function, seeds):
    implementation = implement(assignment, function, solution(assignment, function))
    for seed in seeds:
        assert first_failure(implementation, draw(assignment, function, seed)) is None


@pytest.mark.parametrize("assignment", assignments())
def test_every_assignment_has_a_bank(assignment):
    assert assignment in ASSIGNMENTS, f"evidence/banks has no implementations for {assignment}"


@pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)
def test_every_function_has_wrong_and_right_implementations(assignment, function):
    wrong, right = (
        [each for each in part if each.function == function] for part in bank(assignment)
    )
    assert len(wrong) >= 3, f"{assignment} has {len(wrong)} wrong implementations of {function}"
    assert right, f"{assignment} has no right implementation of {function}"


def listed(assignment, function):
    """The mistakes that a function's check cell looks for."""
    return [
        mistake
        for seed in range(NAMED)
        for comparison in draw(assignment, function, seed)
        for mistake in comparison.mistakes
    ]


@pytest.mark.parametrize(("assignment", "function"), grouped(FUNCTIONS))
def test_every_mistake_is_made_by_a_wrong_implementation(assignment, function):
    diagnoses = {each.diagnosis for each in bank(assignment)[0] if each.function == function}
    never_made = {mistake.name for mistake in listed(assignment, function)} - diagnoses
    assert not never_made, f"no wrong implementation of {function} is diagnosed as: {never_made}"


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "function"), grouped(FUNCTIONS))
def test_every_mistake_can_be_computed_in_every_draw(assignment, function):
    for mistake in listed(assignment, function):
        mistake.value()


def test_the_banks_are_large_and_their_messages_name_mistakes():
    assert len(FUNCTIONS) >= 25
    assert len(WRONG) >= 120
    assert len(RIGHT) >= 40
    assert sum(entry.diagnosis not in UNSPECIFIC for _, entry in WRONG) >= 70


def test_names_are_unique():
    names = [(entry.function, entry.name) for _, entry in WRONG + RIGHT]
    assert len(names) == len(set(names))
