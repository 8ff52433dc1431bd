"""The references behind the checks: they agree with Keras, and each mistake is diagnosed as itself.

A reference knows mistakes as alternatives at its steps, and slips in its result. Taken as a
learner's function, a reference with one or two of them must be named by just these.
"""

from collections import defaultdict
from functools import cache, partial

import numpy as np
import pytest

from course.checks import CheckFailed, check, records
from course.checks.comparing import plain, same
from course.checks.reference import FAILED, FURTHER, SEED
from course.checks.slips import slips
from evidence.banks import ASSIGNMENTS
from evidence.check_cells import comparisons, functions

FUNCTIONS = [
    pytest.param(assignment, name, marks=pytest.mark.xdist_group(name))
    for assignment in ASSIGNMENTS
    for name in functions(assignment)
]
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


def fingerprint(listed):
    """Rounded numbers of results in several draws: the same for the same results."""
    parts = []
    for value in listed:
        arrays = value if isinstance(value, tuple | list) else [value]
        for array in arrays:
            if array is FAILED or array is None or isinstance(array, tuple | list):
                parts.append(str(type(array)))
                continue
            numbers = np.nan_to_num(np.asarray(array, float), posinf=9e9, neginf=-9e9)
            weights = np.cos(np.arange(1, numbers.size + 1)).reshape(numbers.shape)
            scale = np.abs(numbers).max(initial=0) or 1
            parts.append(
                (numbers.shape, float(f"{(numbers * weights).sum() / scale:.3f}"), f"{scale:.3g}")
            )
    return tuple(parts)


@every_function
def test_a_reference_agrees_with_keras(assignment, function):
    for seed in range(3):
        for each in comparisons(assignment, function, seed):
            value = each.reference.value(each.arguments)
            assert same(value, plain(each.expected))


@every_function
def test_a_mistake_is_diagnosed_as_itself(assignment, function):
    """Or as another that is the same program in other words."""
    reference = reference_of(assignment, function)
    argument_list = argument_lists(assignment, function)
    singles = candidates(assignment, function, pairs=False)
    right = [reference.value(arguments) for arguments in argument_list]
    wrongly_named = {}
    for name, candidate in singles.items():

        def learners(*arguments, candidate=candidate):
            (value,) = values(reference, candidate, [arguments])
            if value is FAILED:
                raise ValueError("cannot be computed")
            return value

        named = diagnosis(learners, assignment, function)
        if named in (name, "raised", "no return"):
            continue
        given = values(reference, candidate, argument_list)
        other = values(reference, singles[named], argument_list) if named in singles else right
        if named not in (*singles, "passes") or not all(map(alike, given, other)):
            wrongly_named[name] = named
    assert not wrongly_named


def alike(value, other):
    return value is other or (FAILED is not value and FAILED is not other and same(value, other))


def diagnosis(learners, assignment, function):
    records.forget()
    for each in compared(assignment, function):
        try:
            check(learners, each.arguments, each.expected, each.reference, **each.options)
        except CheckFailed as error:
            return error.diagnosis
    return "passes"


@pytest.mark.slow
@every_function
def test_pairs_of_mistakes_are_told_apart(assignment, function):
    """Where two explanations of two mistakes give the same numbers, a message says so."""
    reference = reference_of(assignment, function)
    argument_list = argument_lists(assignment, function)
    named = defaultdict(list)
    for pairs in (False, True):
        for name, candidate in candidates(assignment, function, pairs).items():
            named[fingerprint(values(reference, candidate, argument_list))].append(name)
    tied = [names for names in named.values() if " + " in names[0] and len(names) > 1]
    print(function, len(named), sum(map(len, tied)), tied[:40])
