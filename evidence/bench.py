"""Measures the grader: `make bench`, or `python -m evidence.bench`.

Everything in one run on this machine: stock nbgrader and this grader on the same submissions of
lstm-gates, one submission cold and warm, and a class of 1,000. Classes lie in build/bench.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil

from course import COURSE
from evidence.banks import bank
from evidence.check_cells import to_write
from evidence.sample_class.homework import source
from evidence.sample_class.tampering import find
from evidence.stock import STOCK

ASSIGNMENT = "lstm-gates"
BENCH = COURSE / "build" / "bench"
COMPARED, MANY = 100, 1000


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
        nbformat.write(submission(number), home / f"{ASSIGNMENT}.ipynb")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Give the variables that make a command work on this class."""
    programs = Path(sys.executable).parent
    return os.environ | {"COURSE_CLASS": str(folder), "PATH": f"{programs}:{os.environ['PATH']}"}


def must_run(folder: Path, *command: str) -> float:
    """Run a command on a class; return the seconds that it took."""
    begin = time.monotonic()
    ran = subprocess.run(
        command, cwd=COURSE, env=environment(folder), capture_output=True, text=True
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ran.stdout}\n{ran.stderr}")
    return time.monotonic() - begin


def grade(folder: Path) -> float:
    """Grade a class with this grader; return the seconds."""
    return must_run(folder, sys.executable, "-m", "autograder", "grade", ASSIGNMENT)


@contextmanager
def memory():
    """Note the memory of the grading command and of its judges every second: MB by process id."""
    seen: dict[str, list[float]] = {"parent": [], "judge": []}
    done = threading.Event()

    def look() -> None:
        while not done.wait(1):
            for process in psutil.Process().children(recursive=True):
                try:
                    told, used = process.cmdline(), process.memory_info().rss / 1e6
                except psutil.Error:
                    continue
                if told[1:4] == ["-m", "autograder", "grade"]:
                    seen["parent"].append(used)
                elif told[1:3] == ["-m", "autograder.judge.process"]:
                    seen["judge"].append(used)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def compare() -> str:
    """Grade the same submissions by stock nbgrader and by this grader."""
    stock, ours = make_class("stock", COMPARED), make_class("ours", COMPARED)
    ours_seconds = grade(ours) / COMPARED
    stock_seconds = must_run(stock, "nbgrader", "autograde", ASSIGNMENT, *STOCK) / COMPARED
    differ = [name for name, score in scores(stock).items() if scores(ours)[name] != score]
    print(f"{COMPARED} submissions, scores that differ from stock nbgrader's: {differ or 'none'}")
    return (
        f"grading: nbgrader {stock_seconds:.2f} s/submission, autograder {ours_seconds:.3f} "
        f"s/submission, ratio {stock_seconds / ours_seconds:.1f}"
    )


def scores(folder: Path) -> dict[str, float]:
    """Read the scores of a class from its gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {s.student_id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}


def one() -> None:
    """Measure one submission, from the command to the score, cold and warm."""
    print(f"one submission, cold: {grade(make_class('one', 1)):.1f} s (limit 12)")
    folder = make_class("warm", 6)
    kept = subprocess.Popen(
        [sys.executable, "-m", "autograder", "warm", "--workers", "1"],
        cwd=COURSE, env=environment(folder), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        kept.stdout.readline()
        aside = folder / "aside"
        shutil.move(folder / "submitted", aside)
        seconds = []
        for number, home in enumerate(sorted(aside.iterdir())):
            shutil.copytree(home, folder / "submitted" / home.name)
            taken = grade(folder)
            if number:  # the first waits for Keras
                seconds.append(taken)
    finally:
        kept.terminate()
        kept.wait()
    print(f"one submission, warm: {statistics.median(seconds):.2f} s, median of 5 (limit 1.5)")


def many() -> None:
    """Grade 1,000 submissions in one command: the time of each, and the memory, as it goes on."""
    folder = make_class("many", MANY)
    with memory() as seen:
        grade(folder)
    written = sorted(path.stat().st_mtime for path in folder.glob("results/*/*.json"))
    first, last = (written[k + 100] - written[k] for k in (20, MANY - 101))
    print(f"time of each: {first / 100:.3f} s at 100, {last / 100:.3f} s at 1,000 submissions")
    for name, used in seen.items():
        tenth = len(used) // 10
        early, late = max(used[tenth : 2 * tenth]), max(used[-tenth:])
        print(f"memory of the {name}: {early:.0f} MB at 100, {late:.0f} MB at 1,000 submissions")


def main() -> None:
    """Print every measurement; the comparison comes last."""
    one()
    many()
    print(compare())


if __name__ == "__main__":
    main()
