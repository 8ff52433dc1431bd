"""The sample class after nbgrader's whole loop: every score, penalty, open answer and page."""

import csv
from collections import Counter

import nbformat
import pytest
from bs4 import BeautifulSoup

from course.curriculum import ASSIGNMENTS
from evidence.sample_class.loop import CLASS, LEARNERS, graded
from evidence.sample_class.roster import roster

pytestmark = pytest.mark.slow

ROSTER = roster()


def label(submission):
    return f"{submission.assignment}, {submission.learner}: {submission.what}"


@pytest.fixture(scope="module")
def grades():
    return {(grade.assignment, grade.learner): grade for grade in graded()}


@pytest.fixture(scope="module")
def exported(grades):
    with (CLASS / "grades.csv").open() as file:
        return {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}


def test_the_class_is_as_large_as_it_should_be():
    sizes = Counter(each.assignment for each in ROSTER)
    assert list(sizes) == list(ASSIGNMENTS)
    assert min(sizes.values()) >= 4
    assert sum(sizes.values()) >= 40


def test_all_submissions_are_in_the_gradebook_and_no_others(grades):
    assert set(grades) == {(each.assignment, each.learner) for each in ROSTER}


@pytest.mark.parametrize("submission", ROSTER, ids=label)
def test_score(submission, grades):
    grade = grades[submission.assignment, submission.learner]
    assert grade.score == submission.score
    assert grade.penalty == submission.penalty
    assert bool(grade.reason) == submission.human


@pytest.mark.parametrize("submission", ROSTER, ids=label)
def test_the_written_answer_waits_for_a_human_where_there_is_one(submission, grades):
    assert grades[submission.assignment, submission.learner].manual == submission.written


def test_what_needs_a_human_says_why(grades):
    reasons = {grade.reason for grade in grades.values() if grade.reason}
    assert reasons == {"lstm-gates: the file is damaged: it is not valid JSON"}


@pytest.mark.parametrize("submission", ROSTER, ids=label)
def test_the_learner_has_fetched_feedback_without_hidden_tests(submission, grades):
    folder = LEARNERS / submission.learner / submission.assignment / "feedback"
    pages = list(folder.rglob("*.html"))
    assert len(pages) == 1
    page = pages[0].read_text("utf-8")
    text = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    assert f"{submission.score - submission.penalty:g} of " in text
    assert (" late: it was due on " in text) == bool(submission.penalty)
    assert "HIDDEN TESTS" not in page


@pytest.mark.parametrize("submission", ROSTER, ids=label)
def test_an_error_in_the_feedback_is_a_message_and_no_stack_of_frames(submission, grades):
    path = CLASS / "autograded" / submission.learner / submission.assignment
    notebook = nbformat.read(path / f"{submission.assignment}.ipynb", as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                assert "\n".join(output.traceback).count("\n") <= 6


@pytest.mark.parametrize("submission", ROSTER, ids=label)
def test_export(submission, exported):
    row = exported[submission.assignment, submission.learner]
    assert float(row["raw_score"]) == submission.score
    assert float(row["late_submission_penalty"]) == submission.penalty
    assert float(row["score"]) == submission.score - submission.penalty


def test_a_graded_class_is_not_graded_again(grades):
    logs = sorted(CLASS.rglob("logs/**/*.log"))
    written = [log.stat().st_mtime_ns for log in logs]
    assert {(grade.assignment, grade.learner): grade for grade in graded()} == grades
    assert [log.stat().st_mtime_ns for log in sorted(CLASS.rglob("logs/**/*.log"))] == written
