"""The references behind the checks: they agree with Keras, and each mistake is diagnosed as itself.

A reference knows mistakes as alternatives at its steps, and slips in its result. Taken as a
learner's function, a reference with one or two of them must be named by just these.
"""

import re

import numpy as np
import pytest

from course.checks.comparing import plain, same
from course.checks.reference import FAILED, Choose
from evidence.banks import UNSPECIFIC
from evidence.check_cells import (
    comparisons,
    first_failure,
    graded_functions,
    solution,
)
from evidence.explanations import explanations, names_another_mistake, value
from tests.lanes import each_function, trained

PAIRS = 10  # of each function that are tried

SYMBOLS = {
    *("x", "h", "c", "h_new", "dh", "dc", "dx", "1", "features", "clip_norm", "d_output"),
    *("return_sequences", "return_state"),
}
"""Names with which a sentence may begin although they have no capital letter."""

UNNAMED = UNSPECIFIC - {"raised", "type"}
"""Diagnoses of failures for which the check knows neither a mistake nor an exception."""

every_function = each_function(graded_functions(), trained)


def compared(assignment, function):
    return comparisons(assignment, function, 0)


@pytest.mark.slow
@every_function
def test_a_reference_agrees_with_keras(assignment, function):
    for seed in range(2):
        for each in comparisons(assignment, function, seed):
            value = each.reference.value(each.arguments, Choose())
            if each.reference.measure:
                assert each.reference.measure(value, each.expected)[0] == 1
            else:
                assert same(value, plain(each.expected))


@pytest.mark.slow
@every_function
def test_messages_are_sentences_that_do_not_give_the_solution_away(assignment, function):
    cell = compared(assignment, function)
    code = [line.strip() for line in solution(assignment, function).splitlines()[1:]]
    parts = {part for line in code for part in line.split(" = ") if re.search(r"[-+*/@([]", part)}
    for many in explanations(cell, pairs=False).values():
        for candidate in many.values():
            message = candidate[0].message
            first = message.split()[0].strip(",")
            assert message[0].isupper() or first in SYMBOLS, message
            assert message[-1] in ".?", message
            assert not any(part in message for part in parts), message
            assert not re.search(r"`[^`]*[-+*/@(][^`]*`", message), message


@pytest.mark.slow
@every_function
def test_a_number_that_is_asked_for_is_not_in_the_message(assignment, function):
    for each in compared(assignment, function):
        expected = plain(each.expected)
        if not isinstance(expected, list | dict) and np.ndim(expected) == 0:
            failure = first_failure(lambda *_, e=expected: e + 1234.5, [each])
            assert not re.search(rf"\b{expected}\b", str(failure[1])), failure[1]


@pytest.mark.slow
@pytest.mark.long
@every_function
def test_a_mistake_is_diagnosed_as_itself(assignment, function):
    """A mistake may also be named as another that is the same program in other words."""
    cell = compared(assignment, function)
    singles = explanations(cell, pairs=False)
    for name, candidate in ((n, each) for n, many in singles.items() for each in many.values()):
        named, learners = diagnosis(cell, candidate)
        if named == "passes":
            assert all(same(learners(*each.arguments), plain(each.expected)) for each in cell), name
        elif name not in named.split(" or "):
            assert not names_another_mistake(cell, singles, named, learners), (name, named)
            assert named not in UNNAMED, (name, named)


@pytest.mark.slow
@pytest.mark.release
@every_function
def test_two_mistakes_are_diagnosed_as_themselves(assignment, function):
    """One of them may be named alone, or both as one or two pairs that are the same program."""
    cell = compared(assignment, function)
    pairs = explanations(cell, pairs=True)
    known = explanations(cell, pairs=False) | pairs
    chosen = np.random.default_rng(0).permutation(sorted(pairs))[:PAIRS]
    unnamed = {}
    for name in chosen:
        named, learners = diagnosis(cell, *[*pairs[name].values()][:1])
        if named in UNNAMED:
            unnamed[name] = named
        elif named not in UNSPECIFIC and not any(
            set(each.split(" + ")) <= set(name.split(" + ")) for each in named.split(" or ")
        ):
            assert not names_another_mistake(cell, known, named, learners), (name, named)
    assert len(unnamed) <= PAIRS / 5, unnamed


def diagnosis(cell, candidate):
    """What the check says of a reference with one or two mistakes, and that as a function."""
    reference = cell[0].reference

    def learners(*arguments):
        result = value(reference, candidate, arguments)
        if result is FAILED:
            raise ValueError("cannot be computed")
        return result

    failure = first_failure(learners, cell)
    return ("passes" if failure is None else failure[1].diagnosis), learners
