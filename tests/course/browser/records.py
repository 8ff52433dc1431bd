"""The recorded checks, for the tests that read them."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from course import COURSE
from course.browser.python.replay import RecordedChecks

RECORDS = COURSE / "build" / "browser" / "records"


def run_record() -> str:
    """Record the checks as `make` does; return what it prints."""
    command = [sys.executable, "-m", "course", "record"]
    done = subprocess.run(
        command,
        cwd=COURSE,
        env=os.environ | {"PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def records() -> Path:
    """Bring the records up to date, once in a test run; return their folder."""
    run_record()
    return RECORDS


def files(assignment: str) -> tuple[str, bytes]:
    """Read the two files of a record."""
    folder = records()
    text = (folder / f"{assignment}.json").read_text("utf-8")
    return text, (folder / f"{assignment}.bin").read_bytes()


@cache
def recorded(assignment: str) -> RecordedChecks:
    """Load a record."""
    return RecordedChecks(*files(assignment))
