"""Assignments like those of other people's courses get the same points here as from nbgrader.

Exceptions are listed in evidence/courses.json. Nothing else may differ, and everything on the list
must differ.
"""

import copy
from dataclasses import asdict

import pytest

from evidence import records
from evidence.courses.assignments import SUBMISSIONS, assignments, read, solution
from evidence.courses.comparison import GAINED, LOST, REFUSED, differences
from evidence.courses.here import Verdict
from evidence.courses.record import fresh, measured_here, points, stale, summary

NEEDS_NO_ANSWER = {"roots/newton-gives-up", "waiting/is-a-coroutine-function"}
"""Tests that the untouched notebook passes: its error is the expected one; its stub is async."""


@pytest.fixture(scope="module")
def record():
    return records.read("courses")


def test_the_record_fits_the_assignments(record):
    assert stale(record) == [], "`make courses` measures nbgrader's side again"


@pytest.mark.parametrize("key", ["kind", "digest", "tests", "together"])
def test_an_assignment_that_changed_is_named_and_graded_again(record, key):
    changed = copy.deepcopy(record)
    changed["assignments"]["roots"][key] = "as it was"
    assert stale(changed) == [f"roots: {key} has changed"]
    assert set(fresh(record)) - set(fresh(changed)) == {"roots"}


def test_an_assignment_that_is_not_in_the_record_is_named_and_so_is_one_too_many(record):
    changed = copy.deepcopy(record)
    changed["assignments"]["forgotten"] = changed["assignments"].pop("roots")
    assert stale(changed) == [
        "the record names forgotten, which is not there",
        "roots is not in the record",
    ]


def test_another_way_to_measure_and_another_nbgrader_are_named(record):
    changed = copy.deepcopy(record) | {"measure": "as it was"}
    changed["versions"]["nbgrader"] = "0.1"
    other_measure, other_nbgrader = stale(changed)
    assert "how nbgrader's side is measured has changed" in other_measure
    assert other_nbgrader.startswith("nbgrader is ")
    assert fresh(changed) == {}


def test_there_are_many_kinds_of_course():
    assert len({assignment.kind for assignment in assignments()}) >= 15
    assert len(assignments()) >= 40
    assert all(4 < len(assignment.tests()) < 9 for assignment in assignments())


def test_most_test_cells_run_apart_from_the_learners_code():
    tests = [test for assignment in assignments() for test in assignment.tests()]
    assert sum(not test.together for test in tests) >= 0.85 * len(tests)


def test_every_assignment_is_handed_in_right_partly_right_and_untouched():
    for assignment in assignments():
        assert {"right", "partly", "untouched"} <= set(assignment.submissions())
        answers = {cell.grade_id: solution(cell) for cell in assignment.cells}
        for changed in assignment.answers.values():
            assert changed.keys() <= answers.keys(), assignment.name
            assert all(answers[name] != text for name, text in changed.items()), assignment.name


def test_nbgrader_gives_right_answers_all_points_and_partly_right_ones_some(record):
    for name, row in record["assignments"].items():
        most = list(row["tests"].values())
        for submission in row["nbgrader"].keys() - {"partly", "untouched"}:
            assert row["nbgrader"][submission] == most, (name, submission)
        assert 0 < sum(row["nbgrader"]["partly"]) < sum(most), name


def test_nbgrader_gives_the_untouched_notebook_nothing(record):
    passed = {
        f"{name}/{grade_id}"
        for name, row in record["assignments"].items()
        for grade_id, score in zip(row["tests"], row["nbgrader"]["untouched"], strict=True)
        if score
    }
    assert passed == NEEDS_NO_ANSWER


def test_every_verdict_is_nbgraders(record):
    assert record["differences"] == []


@pytest.mark.slow
@pytest.mark.long
def test_exactly_the_listed_verdicts_are_not_nbgraders(record):
    _, different = measured_here(points(record))
    assert [asdict(each) for each in different] == record["differences"], (
        "`make courses` writes the list anew"
    )


def test_a_difference_is_noticed_whichever_way_it_goes():
    roots = next(each for each in assignments() if each.name == "roots")
    tests = [f"roots/{test.grade_id}" for test in roots.tests()]
    given = [2.0, 1.0, 0.0, 0.0, 0.5, 1.0]
    verdicts = [
        Verdict(2.0, False, ""),
        Verdict(0.0, True, "cannot cross"),
        Verdict(1.0, False, ""),
        Verdict(0.0, True, "cannot cross"),
        Verdict(0.25, False, "wrong"),
        Verdict(1.0, False, ""),
    ]
    different = differences({"roots": {"partly": given}}, [(roots, "partly", verdicts)])
    assert [(each.cell, each.kind, each.nbgrader, each.here) for each in different] == [
        (tests[1], REFUSED, 1.0, 0.0),
        (tests[2], GAINED, 0.0, 1.0),
        (tests[4], LOST, 0.5, 0.25),
    ]


def test_the_summary_counts_each_kind(record):
    changed = copy.deepcopy(record)
    changed["assignments"] = {"roots": changed["assignments"]["roots"]}
    changed["differences"] = [{"kind": LOST}, {"kind": REFUSED}, {"kind": LOST}]
    assert summary(changed) == "21 of 24 verdicts are nbgrader's, 2 lost, 1 refused"


NOTATION = """# Title

Text.

```python
import math
```

```python answer a
def f():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION
```

```python partly a
def f():
    return 2
```

```python test t 3 together
%%capture
assert f() == 1
```

```csv file data/x.csv
1,2
```
"""


def test_the_notation(tmp_path):
    path = tmp_path / "kind" / "name.md"
    path.parent.mkdir()
    path.write_text(NOTATION)
    assignment = read(path)
    assert (assignment.name, assignment.kind) == ("name", "kind")
    assert [cell.role for cell in assignment.cells] == ["text", "plain", "answer", "test"]
    assert assignment.files == {"data/x.csv": "1,2\n"}
    assert assignment.together() == ["t"]
    assert assignment.submissions() == [each for each in SUBMISSIONS if each != "other"]
    notebook = assignment.source()
    assert notebook.cells[3].source == "%%capture\nassert f() == 1"
    assert notebook.cells[3].metadata.nbgrader.points == 3
    for submission, body in {"right": "return 1", "partly": "return 2"}.items():
        answered = assignment.answered(assignment.source(), submission)
        assert answered.cells[2].source == f"def f():\n    {body}"


@pytest.mark.parametrize("info", ["python answer", "python test t", "python solution a", ""])
def test_a_block_that_is_none_of_the_known_is_refused(tmp_path, info):
    path = tmp_path / "kind" / "name.md"
    path.parent.mkdir()
    path.write_text(f"```{info}\n1\n```\n")
    with pytest.raises(ValueError, match="what is a block"):
        read(path)
