"""`check`: what the tests of an assignment give its own solution, and nothing at all."""

import nbformat
import pytest

from autograder.calibration import calibrate
from autograder.settings import read_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def checked(small_class, small_judges, monkeypatch):
    """A function that checks an assignment, with other texts in place of some in its source."""
    monkeypatch.delenv("COURSE_CLASS", raising=False)

    def checked(assignment="small", **changes):
        for path in (small_class.course / "build" / "source" / assignment).glob("*.ipynb"):
            notebook = nbformat.read(path, 4)
            for cell in notebook.cells:
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                cell.source = changes.get(grade_id.replace("-", "_"), cell.source)
            nbformat.write(notebook, path)
        return calibrate(read_settings(small_class.course), assignment, small_judges.execute)

    return checked


@pytest.mark.parametrize("assignment", ["small", "pair"])
def test_an_assignment_that_is_as_it_should_be_has_no_problem(checked, assignment):
    assert checked(assignment) == []


def test_a_test_that_its_own_solution_fails_is_named_with_the_reason(checked):
    (problem,) = checked(double_check="assert double(3) == 7, 'not double'")
    assert problem.startswith("double-check: the solution gets 0 of 2 points: not double")


def test_a_test_that_cannot_cross_is_named_before_a_right_answer_loses_points(checked):
    (problem,) = checked(negate_check="assert negate(lambda: 1) is None")
    assert "negate-check: the solution gets 0 of 3 points: the test hands over a func" in problem


def test_a_test_that_needs_no_answer_is_named(checked):
    assert checked(double_check="assert True") == [
        "double-check: the untouched notebook gets 2 of 2 points: the test needs no answer"
    ]


def test_what_is_not_there_is_said(checked, small_class):
    with pytest.raises(SystemExit, match=r"There is no notebook in .*nowhere"):
        checked("nowhere")
    (small_class.course / "exercises" / "small" / "small.ipynb").unlink()
    with pytest.raises(SystemExit, match="nbgrader generate_assignment small"):
        checked()
