"""Measures what grows with a class of 10,000, and how many judges one command can keep busy:
`make capacity`, into evidence/capacity.json.

The grading command runs without judges: each submission of lstm-gates gets the outcome that a judge
computed for the first one. This measures the command's own pace. A judge's pace is measured with
two judges at work and nothing else.
"""

import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

from autograder import grading
from autograder.calibration import require
from autograder.classroom import Class
from autograder.judge.job import Executed, Job
from autograder.judge.pool import JudgePool
from autograder.settings import read_settings
from evidence import records
from evidence.bench import ASSIGNMENT, check, environment, make_class, pace

NAME = "capacity"
CLASS = 10_000
WORKERS, SAMPLE = 2, 200
"""Judges at work at the same time, and the notebooks that they execute."""


def jobs(folder: Path, count: int) -> list[Job]:
    """Make the jobs of a class's first submissions."""
    settings = read_settings()
    with Class(settings, ASSIGNMENT, True) as group:
        known = require(settings, ASSIGNMENT, _nobody)
        gradings = [group.prepare(name, "", known) for name in group.learners()[:count]]
    return [job for each in gradings for job in each.jobs.values()]


def _nobody(job: Job) -> Executed:
    raise AssertionError("the assignment is checked already")


def judges_pace(todo: list[Job]) -> tuple[float, Executed]:
    """Return the seconds for which a notebook keeps one of WORKERS judges busy, and an outcome."""
    with JudgePool(WORKERS) as judges, ThreadPoolExecutor(WORKERS) as pool:
        outcome, *_ = pool.map(judges.execute, todo[:WORKERS])  # this warms them
        begin = time.monotonic()
        list(pool.map(judges.execute, todo))
    return round(WORKERS * (time.monotonic() - begin) / len(todo), 4), outcome


def commands_pace(folder: Path, execute: Callable[[Job], Executed]) -> list[float]:
    """Return the command's seconds for a submission, early and late in the class."""
    grading.grade(read_settings(), ASSIGNMENT, 1, execute=execute)
    return pace(folder, CLASS)


def report(record: dict) -> str:
    """Write what was measured as lines of text."""
    (early, late), judge = record["command"], record["judge"]
    return "\n".join(
        [
            f"the command: {early:.4f} s for a submission at 100, {late:.4f} s at {CLASS:,}",
            f"a judge: {judge:.3f} s for a notebook, {1 / judge:.1f} in a second",
            f"the command keeps {judge / late:.1f} judges busy: {1 / late:.0f} in a second",
            f"the gradebook: {record['gradebook_mb']:.0f} MB",
            f"finding out that nothing is to do: {record['idle']:.1f} s",
        ]
    )


def main() -> None:
    """Measure, write the record, and print it."""
    folder = make_class(NAME, CLASS)
    with patch.dict(os.environ, environment(folder)):
        check(folder)
        judge, outcome = judges_pace(jobs(folder, SAMPLE))
        command = commands_pace(folder, lambda job: outcome)
        begin = time.monotonic()
        assert grading.grade(read_settings(), ASSIGNMENT, 1, execute=_nobody) == []
        idle = round(time.monotonic() - begin, 2)
    record = {
        "measured": records.conditions(),
        "submissions": CLASS,
        "judge": judge,
        "command": command,
        "idle": idle,
        "gradebook_mb": round((folder / "gradebook.db").stat().st_size / 1e6, 1),
    }
    records.write(NAME, record)
    print(report(record))
    shutil.rmtree(folder)
