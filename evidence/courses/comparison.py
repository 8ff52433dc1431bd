"""Compares this grader's verdicts with nbgrader's, cell by cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from evidence.courses.assignments import Assignment
from evidence.courses.here import Verdict
from evidence.courses.stock import Points

LOST, GAINED, REFUSED = "lost", "gained", "refused"


@dataclass(frozen=True)
class Difference:
    """A test cell of a submission that gets other points here than from nbgrader.

    cell: assignment/grade_id. kind: LOST or GAINED points, or REFUSED: lost, with a message that
    says what could not cross. nbgrader, here: points. why: the cell failed here.
    """

    cell: str
    submission: str
    kind: str
    nbgrader: float
    here: float
    why: str


def differences(
    points: dict[str, Points], graded: Iterable[tuple[Assignment, str, list[Verdict]]]
) -> list[Difference]:
    """List where `graded` differs from nbgrader's points. points: nbgrader's, by assignment."""
    return [
        Difference(
            cell=f"{assignment.name}/{test.grade_id}",
            submission=submission,
            kind=_kind(score, verdict),
            nbgrader=score,
            here=verdict.score,
            why=verdict.why,
        )
        for assignment, submission, verdicts in graded
        for test, score, verdict in zip(
            assignment.tests(), points[assignment.name][submission], verdicts, strict=True
        )
        if abs(score - verdict.score) > 1e-9
    ]


def _kind(score: float, verdict: Verdict) -> str:
    if verdict.score > score:
        return GAINED
    return REFUSED if verdict.refused else LOST
