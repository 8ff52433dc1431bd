"""Measures how fast the grader is, into evidence/bench.json: `make bench`.

It measures everything in one run on this machine: stock nbgrader and this grader on the same
submissions of lstm-gates, one submission cold and warm, and a class of 1,000. In each class the
assignment is checked first; the check has a figure of its own. Classes lie in build/bench.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
from nbgrader.api import Gradebook

from autograder.judge.pool import PROGRAM
from course import COURSE
from evidence import records, speeds
from evidence.banks import bank
from evidence.check_cells import to_write
from evidence.sample_class.homework import source
from evidence.sample_class.tampering import find
from evidence.stock import STOCK

NAME = "bench"
ASSIGNMENT = "lstm-gates"
BENCH = COURSE / "build" / "bench"
COMPARED, MANY, WARM = 100, 1000, 5
"""Numbers of submissions: compared, in the large class, and one by one with warm judges."""
ROUND, STRETCH = 100, 300
"""Numbers of submissions: after the first, the same ones come again, since a wrong answer may take
ten times as long as a right one; over the second, the time of each is taken, early and late in the
large class. A machine's speed changes too much within a shorter stretch."""


def submission(seed: int) -> nbformat.NotebookNode:
    """Make a learner's notebook: most functions as in the solution, some different, some wrong."""
    chance = random.Random(seed)
    notebook = nbformat.read(COURSE / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
    wrong, right = bank(ASSIGNMENT)
    for function in to_write(ASSIGNMENT):
        kind = chance.choices((None, right, wrong), (6, 3, 1))[0]
        names = [entry.name for entry in kind or () if entry.function == function]
        answer = chance.choice(names) if names else None
        notebook.cells[find(notebook, function)].source = source(ASSIGNMENT, function, answer)
    return notebook


def make_class(name: str, count: int) -> Path:
    """Make a class that handed in `count` submissions; return its folder."""
    folder = BENCH / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "submitted").mkdir(parents=True)
    must_run(folder, "nbgrader", "generate_assignment", ASSIGNMENT, "--force")
    for number in range(count):
        home = folder / "submitted" / f"learner-{number:04}" / ASSIGNMENT
        home.mkdir(parents=True)
        nbformat.write(submission(number % ROUND), home / f"{ASSIGNMENT}.ipynb")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Return the environment variables with which a command works on this class."""
    programs = Path(sys.executable).parent
    return os.environ | {"COURSE_CLASS": str(folder), "PATH": f"{programs}:{os.environ['PATH']}"}


def must_run(folder: Path, *command: str) -> float:
    """Run a command on a class; return the seconds. Raises RuntimeError where it fails."""
    begin = time.monotonic()
    ran = subprocess.run(
        command, cwd=COURSE, env=environment(folder), capture_output=True, text=True
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ran.stdout}\n{ran.stderr}")
    return round(time.monotonic() - begin, 3)


def check(folder: Path) -> float:
    """Grade the instructor's own solution, as is done before a class; return the seconds."""
    return must_run(folder, sys.executable, "-m", "autograder", "check", ASSIGNMENT)


def grade(folder: Path) -> float:
    """Grade a class with this grader; return the seconds."""
    return must_run(folder, sys.executable, "-m", "autograder", "grade", ASSIGNMENT)


@contextmanager
def memory() -> Iterator[list[float]]:
    """Sample the memory of the grading command and all judges every second, in MB.

    A judge shares memory with the process that it was forked from. A shared page counts once (PSS).
    """
    samples: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(1):
            samples.append(sum(map(_own, psutil.Process().children(recursive=True))))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()


def _own(process: psutil.Process) -> float:
    """Return the memory of a process, MB; 0 for one that is neither the command nor a judge."""
    try:
        words = process.cmdline()
        if words[1:4] == ["-m", "autograder", "grade"] or PROGRAM in words:
            return process.memory_full_info().pss / 1e6
    except psutil.Error:
        pass
    return 0.0


def compare() -> dict:
    """Grade the same submissions with stock nbgrader and with this grader.

    Returns the seconds for a submission, and the learners whose scores differ.
    """
    stock, ours = make_class("stock", COMPARED), make_class("ours", COMPARED)
    check(ours)
    ours_seconds = grade(ours) / COMPARED
    stock_seconds = must_run(stock, "nbgrader", "autograde", ASSIGNMENT, *STOCK) / COMPARED
    here, there = scores(ours), scores(stock)
    return {
        "submissions": COMPARED,
        "nbgrader": round(stock_seconds, 3),
        "autograder": round(ours_seconds, 4),
        "differ": [learner for learner in there if here[learner] != there[learner]],
    }


def scores(folder: Path) -> dict[str, float]:
    """Read the scores of a class from its gradebook."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {s.student_id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}


def one() -> dict:
    """Measure the check, and one submission from the command to the score, cold and warm.

    Returns seconds.
    """
    alone = make_class("one", 1)
    checked, cold = check(alone), grade(alone)
    folder = make_class("warm", WARM + 1)
    check(folder)
    kept = subprocess.Popen(
        [sys.executable, "-m", "autograder", "warm", "--workers", "1"],
        cwd=COURSE,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert kept.stdout
        kept.stdout.readline()
        aside = folder / "aside"
        shutil.move(folder / "submitted", aside)
        seconds = []
        for home in sorted(aside.iterdir()):
            shutil.copytree(home, folder / "submitted" / home.name)
            seconds.append(grade(folder))
    finally:
        kept.terminate()
        kept.wait()
    return {"check": checked, "cold": cold, "warm": statistics.median(seconds[1:])}


def many() -> dict:
    """Grade a large class in one command.

    Returns the seconds that each submission took and the memory in MB, early and late.
    """
    folder = make_class("many", MANY)
    check(folder)
    with memory() as samples:
        grade(folder)
    return {
        "submissions": MANY,
        "seconds": pace(folder, MANY),
        "memory": early_and_late(samples),
    }


def pace(folder: Path, count: int) -> list[float]:
    """Return the mean seconds over STRETCH submissions, early and late in a class."""
    written = sorted(path.stat().st_mtime for path in folder.glob("results/*/*.json"))
    starts = ROUND // 5, count - STRETCH - 1
    return [round((written[k + STRETCH] - written[k]) / STRETCH, 4) for k in starts]


def early_and_late(samples: list[float]) -> list[float]:
    """Return the maximum of the second tenth, when a class is well under way, and of the last.

    Raises RuntimeError if there are too few samples.
    """
    tenth = len(samples) // 10
    if not tenth:
        raise RuntimeError("too few looks at the memory: is the class large enough?")
    return [max(samples[tenth : 2 * tenth]), max(samples[-tenth:])]


def report(record: dict) -> str:
    """Write what was measured as lines of text."""
    one, many, compared = record["one"], record["many"], record["compared"]
    early, late = many["seconds"]
    begin, end = many["memory"]
    count = f"{many['submissions']:,}"
    return "\n".join(
        [
            f"the check before a class: {one['check']:.1f} s",
            f"one submission, cold: {one['cold']:.1f} s (aim 3)",
            f"one submission, warm: {one['warm']:.2f} s, median of {WARM} (aim 0.3)",
            f"time of each: {early:.3f} s among the first {STRETCH}, {late:.3f} s among the last "
            f"of {count} submissions",
            f"memory of the command and its judges: {begin:.0f} MB at {ROUND}, {end:.0f} MB at "
            f"{count} (aim 600)",
            f"{compared['submissions']} submissions, scores that differ from stock nbgrader's: "
            f"{', '.join(compared['differ']) or 'none'}",
            f"grading: nbgrader {compared['nbgrader']:.2f} s/submission, autograder "
            f"{compared['autograder']:.3f} s/submission, ratio "
            f"{compared['nbgrader'] / compared['autograder']:.1f}",
        ]
    )


def main() -> None:
    """Measure, write the record, and print it; the comparison comes last."""
    record = {
        "measured": records.conditions(),
        "one": one(),
        "many": many(),
        "compared": compare(),
    }
    records.write(NAME, record)
    print(report(record))
    speeds.update_readme()
