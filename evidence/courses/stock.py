"""nbgrader's own points of every graded cell, without a wall."""

from pathlib import Path

from nbgrader.api import Gradebook

from course.nbgrader_commands import must_run
from evidence.courses.assignments import Assignment
from evidence.courses.throwaway import command, gradebook

Points = dict[str, list[float]]
"""Of an assignment, by submission: a number for each test cell, in the notebook's order."""


def grade(assignments: list[Assignment], root: Path) -> dict[str, Points]:
    """Have nbgrader grade assignments of the course in `root`; give the points by assignment."""
    must_run(*(command(root, "autograde", each.name) for each in assignments))
    with Gradebook(gradebook(root)) as grades:
        return {each.name: _points(grades, each) for each in assignments}


def _points(grades: Gradebook, assignment: Assignment) -> Points:
    points: Points = {}
    for submission in assignment.submissions():
        name = assignment.name
        graded = grades.find_submission_notebook(name, name, submission).grades
        scores = {grade.name: grade.auto_score for grade in graded}
        points[submission] = [scores[test.grade_id] for test in assignment.tests()]
    return points
