"""A record tells a function that is right in the visible sizes alone, and no hidden test."""

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from course import COURSE, checks, steps
from course.browser import record
from course.browser.python.replay import RecordedChecks
from course.browser.record import Arrays, CheckCell, reference_name
from course.checks import CheckFailed, Reference, check, records
from course.exercises import notebook
from course.steps import RECORD, UNCHANGED, Step
from evidence.banks import ASSIGNMENTS
from evidence.check_cells import graded_functions, implement, solution
from evidence.equivalent import BY_RESULT
from tests.course.browser.records import files, recorded, run_record
from tests.course.leaks import leaks
from tests.lanes import FIRST_FUNCTIONS, long_but

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("records")]
every_function = pytest.mark.parametrize(
    ("assignment", "function"), long_but(FIRST_FUNCTIONS, graded_functions())
)
FEW = 2


def source(assignment, function):
    cells = notebook(assignment).cells
    return next(each.source for each in cells if each.id == f"{function}-check")


@cache
def run(assignment, function):
    """Run a check cell as the recorder does; return its comparisons, and the seeds of its draws."""
    seeds = set()
    generator = np.random.default_rng

    def noted(seed):
        seeds.add(tuple(np.atleast_1d(seed).tolist()))
        return generator(seed)

    with patch.object(np.random, "default_rng", noted):
        comparisons = CheckCell(source(assignment, function), function).comparisons
    return comparisons, seeds


def visible(assignment, function):
    return [each for each in run(assignment, function)[0] if not each.hidden]


def hidden(assignment, function):
    return [each for each in run(assignment, function)[0] if each.hidden and not each.further]


def calls(assignment, function):
    """The arguments and the expected result of each call in a record."""
    unpack = (record := recorded(assignment)).unpack
    listed = record._checks[function]["calls"]
    return [(unpack(each["arguments"]), unpack(each["expected"])) for each in listed]


def arrays_in(value) -> Iterator[np.ndarray]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        for each in value:
            yield from arrays_in(each)
    elif isinstance(value, np.ndarray):
        yield value


def sizes(value):
    """The shapes of all arrays in arguments, and whole numbers, which are sizes too."""
    if isinstance(value, dict):
        return {key: sizes(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [sizes(each) for each in value]
    return value.shape if isinstance(value, np.ndarray) else value if type(value) is int else None


def spoiled(result):
    if isinstance(result, tuple | list):
        return [spoiled(each) for each in result]
    return result + 1


@pytest.mark.parametrize(
    ("assignment", "function"),
    long_but(
        FIRST_FUNCTIONS,
        [each for each in graded_functions() if each not in BY_RESULT],
        pytest.mark.release,
    ),
)
def test_an_answer_that_is_right_in_the_visible_sizes_alone_fails(assignment, function):
    right = implement(assignment, function, solution(assignment, function))
    shown = visible(assignment, function)
    known = [sizes(each.arguments) for each in shown]

    def only_visible_sizes(*arguments):
        result = right(*arguments)
        return result if sizes(arguments) in known else spoiled(result)

    records.forget()
    for each in shown:
        check(only_visible_sizes, each.arguments, each.expected, each.reference)
    failures = 0
    for arguments, expected in calls(assignment, function):
        try:
            check(only_visible_sizes, arguments, expected)
        except CheckFailed:
            failures += 1
    assert failures >= 2
    for arguments, expected in calls(assignment, function):
        check(right, arguments, expected)


@every_function
def test_the_visible_comparisons_are_recorded_as_they_are(assignment, function):
    listed = calls(assignment, function)
    assert len(listed) > len(visible(assignment, function))
    for each, (arguments, expected) in zip(visible(assignment, function), listed):
        assert repr(arguments) == repr(tuple(each.arguments))
        compared = zip(arrays_in(expected), arrays_in(each.expected), strict=True)
        assert all(np.array_equal(*both) for both in compared)


@every_function
def test_nothing_that_the_hidden_tests_compare_is_in_the_record(assignment, function):
    shown = visible(assignment, function)
    further = calls(assignment, function)[len(shown) :]
    kept = {(each.shape, each.tobytes()) for both in further for each in arrays_in(both)}
    public = {
        each.tobytes() for both in shown for each in arrays_in([both.arguments, both.expected])
    }
    _, joined = files(assignment)
    assert hidden(assignment, function)
    for each in hidden(assignment, function):
        arrays = list(arrays_in([each.arguments, each.expected]))
        for array in arrays:
            assert array.size <= FEW or (array.shape, array.tobytes()) not in kept
            if len(np.unique(array)) > FEW:
                assert array.tobytes() in public or array.tobytes() not in joined
        assert arrays or each.arguments not in [arguments for arguments, _ in further]


@every_function
def test_the_further_draws_have_no_seed_of_the_hidden_tests(assignment, function):
    compared, draws = run(assignment, function)
    stated = {int(seed) for seed in re.findall(r"seed=(\d+)", source(assignment, function))}
    own = [draw for draw in draws if draw[0] in stated]
    further = [draw for draw in draws if draw[0] not in stated | {0}]  # 0: the visible draws
    assert len(own) == len(further) > 0
    assert any(each.further for each in compared)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_text_of_a_hidden_test_or_a_solution_is_in_a_record(assignment):
    text, joined = files(assignment)
    assert leaks(text) == []
    assert leaks(joined.decode("latin-1")) == []
    assert not re.search(r"seed|hidden_test|rng", text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([np.float32(0.1), np.float64(-0.0), np.int64(7), np.bool_(True)])
    | arrays_of.arrays(
        st.sampled_from(["float32", "float64", "int32", "int64", "bool"]),
        arrays_of.array_shapes(min_dims=0, min_side=0, max_side=3),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)


EMPTY = {"assignment": "", "date": "", "versions": {}, "checks": {}, "cells": {}}


def through_files(value):
    """Pack a value as a record does, and unpack it as the browser does."""
    arrays = Arrays()
    content = EMPTY | {"checks": arrays.pack({"value": value})}
    text, joined = record.sealed(content, arrays)
    return RecordedChecks(text, joined).unpack(json.loads(text)["checks"])["value"]


def same(first, second):
    """Whether two values are the same to the last bit, with the same types and order."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray | np.generic):
        described = [(each.dtype, each.shape, each.tobytes()) for each in (first, second)]
        return described[0] == described[1]
    if isinstance(first, dict):
        return list(first) == list(second) and all(map(same, first.values(), second.values()))
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, float):
        return repr(first) == repr(second)
    return first == second


@given(VALUES)
def test_a_value_comes_back_as_it_was(value):
    assert same(through_files(value), value)


def test_an_array_comes_back_new_and_writable_each_time():
    array = np.arange(6.0).reshape(2, 3).T
    arrays = Arrays()
    packed = arrays.pack([array, array])
    assert len(arrays.distinct) == 1
    first, second = RecordedChecks(*record.sealed(EMPTY, arrays)).unpack(packed)
    first[...] = 0
    assert np.array_equal(second, array)


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, np.array(["text"]), math.sin])
def test_what_cannot_be_recorded_is_named(value):
    with pytest.raises(TypeError, match=f"cannot record a {type(value).__name__}"):
        Arrays().pack([value])


def test_a_reference_without_a_name_is_named():
    unnamed = Reference(spoiled, tuple, {"the result": ""})
    with pytest.raises(ValueError, match="has no name for the reference of spoiled"):
        reference_name(unnamed)


@pytest.fixture
def step(tmp_path):
    """The step of the records in a small tree, done with a text in place of the records."""
    for name in RECORD.inputs:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if (COURSE / name).is_dir():
            path.mkdir()
            path = path / "module.py"
        path.write_text("1")
    small = Step(tmp_path / "record.json", RECORD.inputs, RECORD.outputs, tmp_path)
    folder = tmp_path / RECORD.outputs[0]

    def write():
        folder.mkdir(parents=True)
        (folder / "a.json").write_text("{}")

    small.do(write)
    assert small.is_done()
    return small


@pytest.mark.parametrize(
    "changed",
    [
        "solutions/module.py",
        "solutions/another.py",
        "course/checks/module.py",
        "course/checks/another.py",
        "course/browser/record.py",
        "build/browser/records/a.json",
    ],
)
def test_the_records_are_remade_when_what_they_depend_on_changes(step, changed):
    (step.root / changed).write_text("2")
    assert not step.is_done()


def test_the_records_are_remade_when_keras_changes(step, monkeypatch):
    monkeypatch.setattr(steps, "environment", lambda: "another Keras")
    assert not step.is_done()


@pytest.mark.parametrize("other", ["book/page.md", "course/book.py", "evidence/a.json"])
def test_the_records_stay_when_anything_else_changes(step, other):
    (step.root / other).parent.mkdir(exist_ok=True)
    (step.root / other).write_text("2")
    assert step.is_done()


def test_a_second_run_records_nothing():
    run_record()
    assert run_record().splitlines()[0] == UNCHANGED


def test_records_of_assignments_that_are_gone_are_removed(tmp_path, monkeypatch):
    (tmp_path / "gone.json").write_text("{}")
    monkeypatch.setattr(record, "assignments", lambda: ["rnn-cell"])
    monkeypatch.setattr(record, "record", lambda assignment: ("{}", b""))
    record.record_all(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rnn-cell.bin", "rnn-cell.json"]


def test_the_engine_is_as_it_was_after_recording():
    before = dict(vars(checks))
    CheckCell(source("rnn-cell", "pre_activation"), "pre_activation")
    assert vars(checks) == before
