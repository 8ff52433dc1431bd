"""What became of every submission: a JSON file each, in results/ beside the gradebook.

The gradebook holds points. This holds what it has no room for: the diagnoses of the checks, what
needs a human and why, and what exactly was graded, so that nothing is graded twice.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.judge.job import Executed
from autograder.whole import write_whole


@dataclass(frozen=True)
class Question:
    """A graded cell. Points; score None where a person grades it.

    diagnosis: of the check that failed, "error" for any other exception, "" where it passed, None
    where a person grades it. message: of the failure, "" where there is none. together: whether it
    ran in the learner's process, so that the outcome may be the learner's doing.
    """

    grade_id: str
    score: float | None
    max_score: float
    diagnosis: str | None
    message: str
    together: bool = False


def question(
    grade_id: str,
    score: float | None,
    max_score: float,
    executed: Executed,
    outputs: list[dict],
) -> Question:
    """Say how a graded cell went.

    score, max_score: points. executed: its notebook. outputs: its own.
    """
    diagnosis = executed.diagnoses.get(grade_id)
    errors = [each["evalue"] or each["ename"] for each in outputs if each["output_type"] == "error"]
    message = errors[-1] if diagnosis and errors else ""
    together = grade_id in executed.together
    return Question(grade_id, score, max_score, diagnosis, message, together)


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


class Results:
    """The results of a class: JSON files, folder/<assignment>/<learner>.json."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, assignment: str, learner: str) -> Path:
        """Name the file of a result."""
        return self.folder / assignment / f"{learner}.json"

    def write(self, result: Result) -> None:
        """Write a result; a crash leaves the old one or the new one, never a part."""
        path = self.path(result.assignment, result.learner)
        write_whole(path, json.dumps(asdict(result), indent=1).encode())

    def read(self, assignment: str, learner: str) -> Result | None:
        """Read a result; None if there is none that can be read."""
        return _read(self.path(assignment, learner))

    def of(self, assignment: str) -> list[Result]:
        """Read all results of an assignment, sorted by learner."""
        files = sorted((self.folder / assignment).glob("*.json"))
        return [result for file in files if (result := _read(file)) is not None]

    def remove(self, assignment: str, learner: str) -> None:
        """Remove a result, where there is one."""
        self.path(assignment, learner).unlink(missing_ok=True)


def _read(path: Path) -> Result | None:
    try:
        content = json.loads(path.read_text("utf-8"))
        questions = [Question(**each) for each in content.pop("questions")]
        return Result(questions=questions, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
