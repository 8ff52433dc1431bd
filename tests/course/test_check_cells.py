"""The check cells of the notebooks: what they share with the learner, and what they draw."""

import subprocess
import symtable
import sys
from itertools import pairwise

import numpy as np
import pytest

from course.checks import check, records
from course.exercises import is_check, notebook
from evidence.banks import ASSIGNMENTS
from evidence.check_cells import (
    cells,
    comparisons,
    graded_functions,
    implement,
    solution,
)
from tests.lanes import each_function, slow_but_some, trained

FUNCTIONS = graded_functions()
every_function = each_function(FUNCTIONS)


def global_names(table):
    """Names that code reads from, or binds in, the notebook."""
    top = table.get_type() == "module"
    names = {each.get_name() for each in table.get_symbols() if top or each.is_global()}
    return names.union(*map(global_names, table.get_children()))


@every_function
def test_a_check_cell_shares_no_name_with_the_learner_but_the_function(assignment, function):
    source = cells(assignment)[f"{function}-check"]
    names = global_names(symtable.symtable(source, "cell", "exec"))
    shared = names - {"checking", f"check_{function}"}
    assert shared == {function}, f"check_{function} imports or defines all else that it uses"


@pytest.mark.parametrize("assignment", slow_but_some(ASSIGNMENTS))
def test_locked_cells_without_points_define_nothing_but_what_they_import(assignment):
    for cell in notebook(assignment).cells:
        known = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and known.get("locked") and not known["grade"]:
            names = global_names(symtable.symtable(cell.source, "cell", "exec"))
            shown = {name for name in names if name.startswith("measure")}  # a demonstration
            assert names <= {"np", "hint", "progress", *shown}, names


def axes(value, place=()):
    """The sizes of all axes of all arrays in arguments, by their place."""
    if isinstance(value, np.ndarray):
        return {(*place, value.ndim, axis): size for axis, size in enumerate(value.shape)}
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        parts = [axes(each, (*place, k)) for k, each in enumerate(value)]
        return {key: size for part in parts for key, size in part.items()}
    return {}


def sizes(value):
    return set(axes(value).values())


TAKES_ARRAYS = [
    each for each in FUNCTIONS if not each[1].endswith(("parameter_count", "train_network"))
]
"""Without those that take numbers alone, or recorded speech."""
RETURNS_ARRAYS = [each for each in TAKES_ARRAYS if each[1] != "accuracy"]


@pytest.mark.slow
@each_function(TAKES_ARRAYS)
def test_sizes_of_one_are_seen_by_the_learner_and_by_the_hidden_tests(assignment, function):
    compared = comparisons(assignment, function, 0)
    for hidden in (False, True):
        assert any(1 in sizes(each.arguments) for each in compared if each.hidden == hidden)


def adjacent(lengths):
    return any(b - a == 1 for a, b in pairwise(sorted(lengths - {1})))


@pytest.mark.slow
@every_function
def test_no_axis_is_one_longer_than_another_in_the_first_draws(assignment, function):
    """Otherwise a loop over the wrong axis would look like one that stops a step too early.

    An axis of one length in all draws is left out: the bias of a GRU always has two rows.
    """
    compared = comparisons(assignment, function, 0)
    lengths = {}
    for each in compared:
        for place, size in axes(each.arguments).items():
            lengths.setdefault(place, set()).add(size)
    for hidden in (False, True):
        first = axes(next(each for each in compared if each.hidden == hidden).arguments)
        drawn = {size for place, size in first.items() if len(lengths[place]) > 1}
        assert not adjacent(drawn), drawn


@pytest.mark.slow
@each_function(RETURNS_ARRAYS, trained)
def test_a_squeezed_result_or_a_demand_for_more_than_one_fails_a_visible_check(
    assignment, function
):
    records.forget()
    right = implement(assignment, function, solution(assignment, function))

    def without_axes(result):
        if isinstance(result, tuple | list):
            return [without_axes(each) for each in result]
        return np.squeeze(result)

    def squeezed(*arguments):
        return without_axes(right(*arguments))

    visible = [each for each in comparisons(assignment, function, 0) if not each.hidden]
    with pytest.raises(AssertionError):
        for each in visible:
            check(squeezed, each.arguments, each.expected, each.reference, **each.options)


@pytest.mark.parametrize("assignment", slow_but_some(ASSIGNMENTS))
def test_run_all_goes_on_behind_a_check_that_fails(assignment):
    complete = notebook(assignment)
    assert all(
        ("raises-exception" in cell.metadata.get("tags", [])) == is_check(cell)
        for cell in complete.cells
    )
    assert complete.cells[-1].source.startswith("from checks import progress")


def test_the_checks_are_imported_without_keras():
    code = "import sys, course.checks; assert not {'keras', 'tensorflow'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
