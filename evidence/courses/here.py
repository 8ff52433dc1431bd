"""This grader's points of every graded cell, and why a cell failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import PyFileConfigLoader

from autograder.configuration import configure
from autograder.judge.job import Execute, Executed, Job
from autograder.judge.pool import JudgePool
from autograder.settings import Settings
from autograder.trial import try_notebook
from evidence.courses.assignments import Assignment
from evidence.courses.throwaway import notebook


@dataclass(frozen=True)
class Verdict:
    """What this grader gives a test cell.

    refused: whether it failed because something could not cross the wall. why: it failed.
    """

    score: float
    refused: bool
    why: str


def grade(
    assignments: list[Assignment], root: Path
) -> Iterator[tuple[Assignment, str, list[Verdict]]]:
    """Grade the course in `root`. Yields each submission with a verdict for each test cell."""
    config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
    configure(config)  # nbgrader's own commands, which grade beside it, read the file without this
    settings = Settings(root, config)
    with JudgePool(1) as judge:
        for assignment in assignments:
            for submission in assignment.submissions():
                path = notebook(root, submission, assignment)
                yield assignment, submission, _verdicts(settings, path, judge.execute)


def _verdicts(settings: Settings, path: Path, execute: Execute) -> list[Verdict]:
    executed: list[Executed] = []

    def observed(job: Job) -> Executed:
        executed.append(execute(job))
        return executed[-1]

    questions = try_notebook(settings, path, execute=observed).questions
    errors = [
        output
        for outputs in executed[0].outputs
        for output in outputs
        if output["output_type"] == "error"
    ]
    refused = {error["evalue"] for error in errors if error["ename"] == "CannotCross"}
    return [Verdict(each.score or 0, each.message in refused, each.message) for each in questions]
