"""Prints a class's grades and what needs a human: `python -m autograder.grades`."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from autograder.nbgrader_commands import COURSE

REASONS = {
    "DeadKernelError": "its code ended the kernel",
    "NotJSONError": "the notebook file is damaged: not valid JSON",
    "use an newer version": "its nbgrader metadata claims a version that does not exist",
    "exists multiple times": "one of its graded cells is there twice",
    "killed after": "its code never ended, and could not be interrupted",
}
"""What nbgrader's log says, in the words of the table."""


@dataclass(frozen=True)
class Grade:
    """What the gradebook says of one submission, in points.

    score: before the penalty; None where autograding failed. manual: whether an answer waits for a
    person. reason: why autograding failed, "" where it did not.
    """

    assignment: str
    learner: str
    score: float | None
    max_score: float
    penalty: float = 0.0
    manual: bool = False
    reason: str = ""


def api() -> NbGraderAPI:
    """Open the class that nbgrader_config.py names."""
    config = PyFileConfigLoader("nbgrader_config.py", str(COURSE)).load_config()
    config.NbGraderAPI.log_level = logging.ERROR
    return NbGraderAPI(config=config)


def class_folder() -> Path:
    """Name the folder of the class, by COURSE_CLASS or nbgrader_config.py."""
    config = PyFileConfigLoader("nbgrader_config.py", str(COURSE)).load_config()
    return (COURSE / config.CourseDirectory.submitted_directory).parent


def log_file(opened: NbGraderAPI, assignment: str, learner: str) -> Path:
    """Name the file that keeps what `nbgrader autograde` said of a submission."""
    submitted = COURSE / opened.coursedir.submitted_directory
    return submitted.parent / "logs" / "autograde" / f"{assignment}-{learner}.log"


def reason(log: Path) -> str:
    """Say in a few words why autograding failed, from its log."""
    text = log.read_text("utf-8", errors="replace") if log.exists() else ""
    for said, words in REASONS.items():
        if said in text:
            return words
    errors = re.findall(r"^\s*([\w.]*(?:Error|Exception)\b.*)$", text, re.MULTILINE)
    return errors[-1] if errors else "not autograded yet"


def grades(opened: NbGraderAPI) -> list[Grade]:
    """List all submissions of all assignments, assignments by due date, learners by id."""
    found = []
    with opened.gradebook as gradebook:
        for assignment in gradebook.assignments:
            for each in opened.get_submissions(assignment.name):
                learner, most = each["student"], assignment.max_score
                if not each["autograded"]:
                    why = reason(log_file(opened, assignment.name, learner))
                    found.append(Grade(assignment.name, learner, None, most, reason=why))
                    continue
                entry = gradebook.find_submission(assignment.name, learner)
                penalty, manual = entry.late_submission_penalty or 0.0, entry.needs_manual_grade
                found.append(Grade(assignment.name, learner, entry.score, most, penalty, manual))
    return found


def table(found: list[Grade]) -> str:
    """Lay the grades out, a row for each learner, a column for each assignment."""
    assignments = list(dict.fromkeys(grade.assignment for grade in found))
    most = {grade.assignment: grade.max_score for grade in found}
    cells = {(grade.learner, grade.assignment): cell(grade) for grade in found}
    headings = ["", *(f"{name} /{most[name]:g}" for name in assignments)]
    rows = [
        [learner, *(cells.get((learner, name), "") for name in assignments)]
        for learner in sorted({grade.learner for grade in found})
    ]
    widths = [max(len(row[k]) for row in [headings, *rows]) for k in range(len(headings))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
        for row in [headings, *rows]
    ]
    waiting = sum(grade.manual for grade in found)
    notes = [
        f"* a written answer waits to be graded by hand ({waiting} in all)." if waiting else "",
        "late: points taken off, already subtracted." if any(g.penalty for g in found) else "",
        *(f"needs a human: {g.learner}, {g.assignment}: {g.reason}." for g in found if g.reason),
    ]
    return "\n".join([*lines, "", *filter(None, notes)])


def cell(grade: Grade) -> str:
    """Write one grade: points, a star where an answer is still open, what being late cost."""
    if grade.score is None:
        return "needs a human"
    late = f" (late -{grade.penalty:g})" if grade.penalty else ""
    return f"{grade.score - grade.penalty:g}{'*' if grade.manual else ''}{late}"


if __name__ == "__main__":
    print(table(grades(api())))
