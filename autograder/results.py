"""What became of every submission: a JSON file each, in results/ beside the gradebook.

The gradebook holds points. This holds what it has no room for: the diagnoses of the checks, what
needs a human and why, and what exactly was graded, so that nothing is graded twice.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.settings import class_folder


@dataclass(frozen=True)
class Question:
    """A graded cell. Points; score None where a person grades it.

    diagnosis: of the check that failed, "error" for any other exception, "" where it passed, None
    where a person grades it. message: of the failure, "" where there is none.
    """

    grade_id: str
    score: float | None
    max_score: float
    diagnosis: str | None
    message: str


@dataclass(frozen=True)
class Result:
    """A graded submission.

    score, max_score: points before any penalty, answers graded by hand included. auto_max_score:
    what can be reached without them. penalty: points for being late. notes: what a human should
    look at. sandboxed: whether it ran in a sandbox. seconds: from the start of its grading to its
    record. graded: when, ISO 8601 in UTC. digest: of all that its grade depends on.
    """

    assignment: str
    learner: str
    score: float
    max_score: float
    auto_max_score: float
    penalty: float
    questions: list[Question]
    notes: list[str]
    sandboxed: bool
    seconds: float
    graded: str
    digest: str


def folder(assignment: str) -> Path:
    """Name the folder of an assignment's results."""
    return class_folder() / "results" / assignment


def path(assignment: str, learner: str) -> Path:
    """Name the file of a result."""
    return folder(assignment) / f"{learner}.json"


def write(result: Result) -> None:
    """Write a result; a crash leaves the old one or the new one, never a part."""
    target = path(result.assignment, result.learner)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(result), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)


def read(path: Path) -> Result | None:
    """Read a result; None where there is none, or none that can be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        questions = [Question(**each) for each in content.pop("questions")]
        return Result(questions=questions, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def results(assignment: str) -> list[Result]:
    """Read all results of an assignment, sorted by learner."""
    found = (read(path) for path in sorted(folder(assignment).glob("*.json")))
    return [result for result in found if result is not None]
