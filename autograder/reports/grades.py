"""A class's grades and what needs a human, as a table."""

from dataclasses import dataclass

from autograder.intake import printable
from autograder.settings import Settings

LONGEST = 60  # characters that are shown of a name


@dataclass(frozen=True)
class Grade:
    """What is known of one submission, in points.

    score: before the penalty; None where it is not graded. manual: whether an answer waits for a
    person. reason: why a human should look at it, "" where nobody needs to.
    """

    assignment: str
    learner: str
    score: float | None
    max_score: float
    penalty: float = 0.0
    manual: bool = False
    reason: str = ""


def read_grades(settings: Settings) -> list[Grade]:
    """List all submissions of all assignments, assignments by due date, learners by id."""
    api = settings.open()
    grades = []
    with api.gradebook as gradebook:
        for assignment in gradebook.assignments:
            for each in api.get_submissions(assignment.name):
                learner, most = each["student"], assignment.max_score
                if not each["autograded"]:
                    reason = "not graded yet"
                    grades.append(Grade(assignment.name, learner, None, most, reason=reason))
                    continue
                result = settings.results.read(assignment.name, learner)
                entry = gradebook.find_submission(assignment.name, learner)
                grades.append(
                    Grade(
                        assignment.name,
                        learner,
                        entry.score,
                        most,
                        entry.late_submission_penalty or 0.0,
                        entry.needs_manual_grade,
                        "; ".join(result.notes) if result else "",
                    )
                )
    return grades


def table(grades: list[Grade]) -> str:
    """Lay out the grades: a row for each learner, a column for each assignment."""
    assignments = list(dict.fromkeys(grade.assignment for grade in grades))
    most = {grade.assignment: grade.max_score for grade in grades}
    cells = {(grade.learner, grade.assignment): cell(grade) for grade in grades}
    headings = ["", *(f"{printable(name, LONGEST)} /{most[name]:g}" for name in assignments)]
    rows = [
        [printable(learner, LONGEST), *(cells.get((learner, name), "") for name in assignments)]
        for learner in sorted({grade.learner for grade in grades})
    ]
    widths = [max(len(row[k]) for row in [headings, *rows]) for k in range(len(headings))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
        for row in [headings, *rows]
    ]
    waiting = sum(grade.manual for grade in grades)
    notes = [
        f"* a written answer waits to be graded by hand ({waiting} in all)." if waiting else "",
        "late: points taken off, already subtracted." if any(g.penalty for g in grades) else "",
        *(
            f"needs a human: {printable(g.learner, LONGEST)}, {printable(g.assignment, LONGEST)}: "
            f"{printable(g.reason)}."
            for g in grades
            if g.reason
        ),
    ]
    return "\n".join([*lines, "", *filter(None, notes)])


def cell(grade: Grade) -> str:
    """Write one grade: points, a star where an answer is still open, what being late cost."""
    if grade.score is None:
        return "not graded"
    late = f" (late -{grade.penalty:g})" if grade.penalty else ""
    return f"{grade.score - grade.penalty:g}{'*' if grade.manual else ''}{late}"
