"""`nbgrader generate_feedback`, after grading with either executor."""

import stat

import pytest
from bs4 import BeautifulSoup

from tests.autograder.plugins.plain_course import EARLY, HERE, LATE, WRONG, PlainCourse

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plain course")]

FILES = {"notes.txt": "mine", "plots/a.txt": "a", "junk.pyc": ""}


def page(course, learner, name="one"):
    """Read a page of feedback."""
    return BeautifulSoup(course.feedback(learner, f"{name}.html").read_text(), "html.parser")


@pytest.fixture(scope="module")
def graded_template(plain_template, executor, tmp_path_factory):
    """A class of two, graded."""
    course = PlainCourse(plain_template, tmp_path_factory.mktemp(executor), executor)
    course.hand_in("ann", course.notebook(double=WRONG), files=FILES | {"timestamp.txt": EARLY})
    course.hand_in("bo")
    course.nbgrader("autograde", "ps1")
    return course.folder


@pytest.fixture
def course(graded_template, executor, tmp_path):
    return PlainCourse(graded_template, tmp_path, executor)


def test_every_notebook_has_a_page_and_files_come_along(course):
    course.nbgrader("generate_feedback", "ps1")
    files = {
        str(path.relative_to(course.feedback("ann")))
        for path in course.feedback("ann").rglob("*")
        if path.is_file()
    }
    assert files == {
        *("one.html", "two.html", "notes.txt", "plots/a.txt", "timestamp.txt"),
        *("data.csv", "sub/helper.py"),
    }
    assert course.feedback("bo", "one.html").exists()


def test_a_page_shows_scores_the_error_and_what_waits_for_a_human(course):
    course.nbgrader("generate_feedback", "ps1")
    shown = page(course, "ann")
    assert "one (Score: 2.0 / 11.0)" in shown.get_text()
    assert "Test cell (Score: 0.0 / 2.0)" in shown.get_text()
    assert "AssertionError" in shown.get_text() and "three" in shown.get_text()
    assert "(Score: 4.0 / 11.0)" in page(course, "bo").get_text()


def test_a_page_shows_a_humans_points_and_comments(course):
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("drawing", "one", "ps1", "bo")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        comment = gradebook.find_comment("drawing", "one", "ps1", "bo")
        comment.manual_comment = "A *fine* picture"
        gradebook.db.commit()
    course.nbgrader("generate_feedback", "ps1")
    text = page(course, "bo").get_text()
    assert "(Score: 7.5 / 11.0)" in text and "(Score: 3.5 / 4.0)" in text
    assert "fine" in text and "picture" in text


def test_students_and_notebooks_can_be_chosen_and_left_out(course):
    course.nbgrader("generate_feedback", "ps1", "--student=ann", "--notebook=one")
    assert course.feedback("ann", "one.html").exists()
    assert not course.feedback("ann", "two.html").exists()
    assert not course.feedback("bo").exists()
    exclude = "--CourseDirectory.student_id_exclude=bo"
    course.nbgrader("generate_feedback", "ps1", "--force", exclude)
    assert course.feedback("ann", "two.html").exists() and not course.feedback("bo").exists()


def test_a_page_is_made_again_only_by_force(course):
    course.nbgrader("generate_feedback", "ps1")
    target = course.feedback("ann", "one.html")
    whole = target.read_text()
    target.write_text("old")
    course.feedback("ann", "notes.txt").unlink()
    course.nbgrader("generate_feedback", "ps1")
    assert target.read_text() == "old" and not course.feedback("ann", "notes.txt").exists()
    course.nbgrader("generate_feedback", "ps1", "--force", "--notebook=two")
    assert target.read_text() == "old" and course.feedback("ann", "notes.txt").exists()
    course.nbgrader("generate_feedback", "ps1", "--force")
    assert target.read_text() == whole


def test_a_newer_grade_has_a_newer_page(course):
    course.nbgrader("generate_feedback", "ps1")
    course.hand_in("ann", files={"timestamp.txt": LATE})
    course.nbgrader("autograde", "ps1")
    course.nbgrader("generate_feedback", "ps1")
    assert "Test cell (Score: 2.0 / 2.0)" in page(course, "ann").get_text()
    assert course.feedback("ann", "timestamp.txt").read_text() == LATE


@pytest.mark.parametrize(
    ("setting", "permissions"),
    [
        ("", 0o644),
        ("c.GenerateFeedback.permissions = 444", 0o444),
        ("c.CourseDirectory.groupshared = True", 0o664),
    ],
)
def test_permissions(course, setting, permissions):
    course.configure(setting)
    course.nbgrader("generate_feedback", "ps1")
    assert stat.S_IMODE(course.feedback("ann", "one.html").stat().st_mode) == permissions


def test_there_is_no_feedback_on_what_is_not_graded(course):
    course.hand_in("cy")
    course.nbgrader("generate_feedback", "ps1")
    assert not course.feedback("cy").exists()


def test_a_graded_notebook_that_is_damaged_costs_its_own_feedback(course):
    path = course.autograded("ann", "one.ipynb")
    path.chmod(0o644)
    path.write_text("{")
    course.nbgrader("generate_feedback", "ps1", code=1)
    assert not course.feedback("ann").exists()
    assert course.feedback("bo", "one.html").exists()


def test_the_error_of_a_hidden_test_shows_no_source_of_it(course, executor):
    """Differs: nbgrader's error shows the lines of a hidden test."""
    course.configure("""
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests]
""")
    course.nbgrader("generate_feedback", "ps1")
    assert ("assert double(3) == 6" not in page(course, "ann").get_text()) == (executor == HERE)


def test_the_old_name_of_the_command_still_works(course):
    course.nbgrader("feedback", "ps1")
    assert course.feedback("ann", "one.html").exists()
