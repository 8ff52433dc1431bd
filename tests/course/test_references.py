"""The references behind the checks: they agree with Keras, and each mistake is diagnosed as itself.

A reference knows mistakes as alternatives at its steps, and slips in its result. Taken as a
learner's function, a reference with one or two of them must be named by just these.
"""

from functools import cache, partial

import numpy as np
import pytest

from course.checks import CheckFailed, check, records
from course.checks.comparing import plain, same
from course.checks.reference import FAILED, FURTHER, SEED
from course.checks.slips import slips
from evidence.banks import ASSIGNMENTS, UNSPECIFIC
from evidence.check_cells import comparisons, functions

FUNCTIONS = [
    pytest.param(assignment, name, marks=pytest.mark.xdist_group(name))
    for assignment in ASSIGNMENTS
    for name in functions(assignment)
]
PAIRS = 40  # of each function that are tried

every_function = pytest.mark.parametrize(("assignment", "function"), FUNCTIONS)


@cache
def compared(assignment, function):
    return comparisons(assignment, function, seed=0)


def reference_of(assignment, function):
    return compared(assignment, function)[0].reference


def argument_lists(assignment, function):
    """The arguments of the cell's comparisons, and those of the reference's further draws."""
    reference = reference_of(assignment, function)
    further = [reference.draw(np.random.default_rng([SEED, n])) for n in range(FURTHER)]
    return [*(each.arguments for each in compared(assignment, function)), *further]


def candidates(assignment, function, pairs):
    """The mistakes that are looked for in a cell, singles or pairs, by their diagnosis."""
    reference = reference_of(assignment, function)
    listed = {}
    for arguments in argument_lists(assignment, function):
        found = reference._pairs(arguments) if pairs else reference._singles(arguments)
        listed |= {each.diagnosis.name: each for each in found}
    return listed


def values(reference, candidate, argument_list):
    with np.errstate(all="ignore"):
        return [
            candidate.value(partial(reference.value, arguments), slips(reference.parts(arguments)))
            for arguments in argument_list
        ]


@every_function
def test_a_reference_agrees_with_keras(assignment, function):
    for seed in range(3):
        for each in comparisons(assignment, function, seed):
            value = each.reference.value(each.arguments)
            assert same(value, plain(each.expected))


@every_function
def test_a_mistake_is_diagnosed_as_itself(assignment, function):
    """Or as another that is the same program in other words."""
    singles = candidates(assignment, function, pairs=False)
    for name, candidate in singles.items():
        named = diagnosis(assignment, function, candidate)
        assert named == name or all_the_same(assignment, function, candidate, singles, named), name


@pytest.mark.slow
@every_function
def test_two_mistakes_are_diagnosed_as_themselves(assignment, function):
    """Or one of them as itself, or both as one or two pairs that are the same program."""
    known = candidates(assignment, function, pairs=False)
    pairs = candidates(assignment, function, pairs=True)
    known |= pairs
    chosen = np.random.default_rng(0).permutation(sorted(pairs))[:PAIRS]
    names = [diagnosis(assignment, function, pairs[name]) for name in chosen]
    for name, named in zip(chosen, names):
        for each in named.split(" or "):
            if each not in UNSPECIFIC and not set(each.split(" + ")) <= set(name.split(" + ")):
                assert all_the_same(assignment, function, pairs[name], known, each), (name, each)
    assert sum(named in UNSPECIFIC for named in names) <= PAIRS / 5, [*zip(chosen, names)]


def diagnosis(assignment, function, candidate):
    """What the check says of a reference with one or two mistakes."""
    reference = reference_of(assignment, function)

    def learners(*arguments):
        (value,) = values(reference, candidate, [arguments])
        if value is FAILED:
            raise ValueError("cannot be computed")
        return value

    records.forget()
    for each in compared(assignment, function):
        try:
            check(learners, each.arguments, each.expected, each.reference, **each.options)
        except CheckFailed as error:
            return error.diagnosis
    return "passes"


def all_the_same(assignment, function, candidate, known, named):
    """Whether mistakes give the numbers of those that were named, or the right ones, everywhere."""
    if named in ("raised", "no return"):
        return True
    if named not in (*known, "passes"):
        return False
    reference = reference_of(assignment, function)
    fresh = [reference.draw(np.random.default_rng([SEED, 100 + n])) for n in range(8)]
    lists = [*argument_lists(assignment, function), *fresh]
    given = values(reference, candidate, lists)
    right = [reference.value(arguments) for arguments in lists]
    others = right if named == "passes" else values(reference, known[named], lists)
    return all(a is b or (b is not FAILED and same(a, b)) for a, b in zip(given, others))
