"""Tests the explanations of a check: do the named mistakes give a function's numbers everywhere?

A check names mistakes that fit a learner's function in the draws that it tries. Here they are
tried in further draws, and in every comparison of the check cell.
"""

from collections.abc import Callable, Sequence
from typing import Any

from course.checks import search
from course.checks.comparing import same
from course.checks.inputs import Draw
from course.checks.reference import FAILED, FURTHER, Reference
from course.checks.search import Candidate, diagnosis
from evidence.check_cells import Comparison

Explanations = dict[str, dict[tuple, Candidate]]
"""The mistakes that each diagnosis may stand for: some slips share a name."""

FRESH = 8  # draws that no check has tried


def argument_lists(compared: Sequence[Comparison]) -> list[tuple]:
    """List the arguments of a cell's comparisons, and those of the reference's further draws."""
    reference = compared[0].reference
    assert reference is not None
    return [*(each.arguments for each in compared), *drawn(reference, range(FURTHER))]


def fresh_arguments(reference: Reference) -> list[tuple]:
    """Draw arguments that no check has tried."""
    return drawn(reference, range(FURTHER, FURTHER + FRESH))


def drawn(reference: Reference, numbers: range) -> list[tuple]:
    """Draw arguments by the number of the draw."""
    return [reference.draw(Draw(number)) for number in numbers]


def explanations(compared: Sequence[Comparison], pairs: bool) -> Explanations:
    """List by diagnosis the single mistakes, or the pairs, that are looked for in a cell."""
    reference = compared[0].reference
    assert reference is not None
    looked_for = search.pairs if pairs else search.singles
    further = search.further_trials(reference)
    listed: Explanations = {}
    for arguments in argument_lists(compared):
        here = search.trial(reference, arguments)
        for each in looked_for(here, further):
            places = tuple((mistake.step, mistake.key) for mistake in each)
            listed.setdefault(diagnosis(each).name, {})[places] = each
    return listed


def value(reference: Reference, candidate: Candidate, arguments: tuple) -> Any:
    """Return the result of mistakes for some arguments; FAILED if it cannot be computed."""
    return search.trial(reference, arguments).value(candidate)


def gives(
    reference: Reference,
    candidate: Candidate,
    function: Callable[..., Any],
    lists: Sequence[tuple],
) -> bool:
    """Whether mistakes give a function's results wherever both can be computed."""
    for arguments in lists:
        expected = value(reference, candidate, arguments)
        try:
            result = function(*arguments)
        except Exception:
            continue
        if expected is not FAILED and not same(result, expected):
            return False
    return True


def names_another_mistake(
    compared: Sequence[Comparison],
    known: Explanations,
    diagnosis: str,
    function: Callable[..., Any],
) -> bool:
    """Whether a diagnosis names mistakes whose numbers are not a function's everywhere."""
    reference = compared[0].reference
    assert reference is not None
    lists = [*fresh_arguments(reference), *argument_lists(compared)]
    named = [each for each in diagnosis.split(" or ") if each in known]
    return not all(
        any(gives(reference, each, function, lists) for each in known[name].values())
        for name in named
    )
