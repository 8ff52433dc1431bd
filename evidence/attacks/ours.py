"""Grades all attacks with this grader, in one class of a throw-away course."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from course.nbgrader_commands import Command, must_run
from evidence.attacks.attack import FULL, Attack
from evidence.attacks.promises import changes, files
from evidence.attacks.service import service
from evidence.attacks.victim import (
    HONEST,
    SETTINGS,
    hand_in,
    hand_in_honestly,
    make_course,
    surroundings,
)

KEPT = ("keras", "matplotlib", f"autograder-{os.getuid()}")
"""Temporary folders that may stay: for settings, and for the socket of autograder/warm.py."""


@dataclass(frozen=True)
class Graded:
    """The class after grading.

    course: its folder. printed: what the grader printed. codes: its exit codes. changed: files that
    were changed. left: command lines of processes that were still running afterwards. temporary:
    temporary files that were left.
    """

    course: Path
    printed: str
    codes: list[int]
    changed: list[str]
    left: list[str]
    temporary: list[str]


def grade(attacks: list[Attack], root: Path, settings: str = SETTINGS) -> Graded:
    """Hand all attacks in among honest work, and grade the class."""
    course, home = root / "course", root / "home"
    make_course(course, home, settings)
    with service() as port:
        for learner in HONEST:
            hand_in_honestly(course, learner)
        for attack in attacks:
            hand_in(attack, course, home, port)
        # What checking writes is read when submissions are graded: they must not change it.
        checked = [_run("check", assignment, course, home) for assignment in FULL]
        before = files(course) | files(home)
        graded = [_run("grade", assignment, course, home) for assignment in FULL]
        left = processes(course)
        changed = changes(before, files(course) | files(home))
    for assignment in FULL:
        log = root / f"{assignment}.log"
        environment = surroundings(home)
        must_run(Command(("generate_feedback", assignment), log, course, environment))
    return Graded(
        course=course,
        printed="\n".join(each.stdout + each.stderr for each in checked + graded),
        codes=[each.returncode for each in checked + graded],
        changed=changed,
        left=left,
        temporary=[path.name for path in (root / "tmp").iterdir() if path.name not in KEPT],
    )


def _run(command: str, assignment: str, course: Path, home: Path) -> subprocess.CompletedProcess:
    """Run one of the grader's commands as the instructor."""
    return subprocess.run(
        [sys.executable, "-m", "autograder", command, assignment],
        cwd=course,
        env={**os.environ, **surroundings(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


def processes(course: Path, patience: float = 20) -> list[str]:
    """List the processes that belong to a course's grading; wait a moment for the last to end."""
    deadline = time.monotonic() + patience
    while True:
        left = [
            " ".join(each.info["cmdline"] or [])
            for each in psutil.process_iter(["cmdline"])
            if _belongs(each, course)
        ]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def _belongs(process: psutil.Process, course: Path) -> bool:
    """Whether a process names the course: in mounts (as a sandbox does), variables or command."""
    if process.pid == os.getpid():
        return False
    for name in ("mountinfo", "environ", "cmdline"):
        try:
            if os.fsencode(course) in Path("/proc", str(process.pid), name).read_bytes():
                return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, psutil.Error):
            continue
    return False
