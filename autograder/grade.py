"""Grades a class: `python -m autograder grade ASSIGNMENT [--workers N] [--scheduler ADDRESS]`.

Data flows one way. This process puts each notebook in order; a worker executes it; this process
lets nbgrader grade and record the outcome. A worker is a pure function from a job to an executed
notebook, in a thread that asks a judge on this machine, or on a Dask cluster.
"""

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.classroom import Class, Grading
from autograder.course import api, class_folder
from autograder.results import Result
from autograder.split.job import Executed
from autograder.split.judges import JudgeFailed, Judges, execute_anywhere, execute_at

warm_judges = ""  # the address of judges that are running already (autograder.warm sets it)


@contextmanager
def workers(count: int, scheduler: str | None) -> Iterator[tuple[Executor, object]]:
    """Give an executor, and the function that it shall run for a job."""
    if scheduler is None and warm_judges:
        with ThreadPoolExecutor(count) as pool:
            yield pool, partial(execute_at, warm_judges)
    elif scheduler is None:
        judges = Judges(count)
        try:
            with ThreadPoolExecutor(count) as pool:
                yield pool, judges.execute
        finally:
            judges.close()
    else:
        from distributed import Client  # a second of imports that only a cluster needs

        with Client(scheduler, timeout="20s") as client:
            yield client.get_executor(pure=False, retries=3), execute_anywhere


@contextmanager
def alone(assignment: str) -> Iterator[None]:
    """Make sure that nobody else grades this class now."""
    with (class_folder() / "grading.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                "This class is being graded by another command. Wait for it."
            ) from None
        yield


def grade_all(
    group: Class, todo: list[tuple[str, str]], pool: Executor, execute, at_once: int
) -> Iterator[tuple[Grading, Result | Exception]]:
    """Grade submissions, `at_once` of them at the same time; yield each as it is recorded."""
    waiting, running = iter(todo), {}
    while True:
        for learner, digest in waiting:
            grading = group.prepare(learner, digest)
            for name, job in grading.jobs.items():
                running[pool.submit(execute, job)] = grading, name
            if len({id(g) for g, _ in running.values()}) >= at_once:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            grading, name = running.pop(future)
            yield from _finish(group, grading, name, future)


def _finish(group: Class, grading: Grading, name: str, future: Future) -> Iterator:
    try:
        executed = future.result()
    except JudgeFailed as error:
        grading.notes.append(f"{name}: could not be executed ({error})")
        cells = grading.jobs[name].cells
        executed = Executed([[] for _ in cells], {}, [], 0)
    grading.executed[name] = executed
    grading.notes += [f"{name}: {note}" for note in executed.notes]
    if len(grading.executed) == len(grading.jobs):
        yield grading, group.record(grading)


def grade(
    assignment: str,
    count: int | None = None,
    scheduler: str | None = None,
    confined: bool = True,
) -> list[Result]:
    """Grade what is new or changed; show the progress, and a line for what needs a human."""
    count = count or os.cpu_count() or 1
    graded = []
    with alone(assignment), workers(count, scheduler) as (pool, execute):
        group = Class(api(), assignment, confined)
        todo = list(group.outdated())
        with progress() as bar:
            task = bar.add_task(assignment, total=len(todo))
            for grading, result in grade_all(group, todo, pool, execute, at_once=2 * count + 1):
                graded.append(result)
                bar.advance(task)
                for note in grading.notes:
                    bar.console.print(f"needs a human: {grading.learner}: {note}", highlight=False)
    return graded


def progress() -> Progress:
    """Make a progress bar with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(soft_wrap=True))


def summary(graded: list[Result]) -> str:
    """Say in a line what was done."""
    if not graded:
        return "Nothing is new or changed since it was graded."
    human = sum(bool(result.notes) for result in graded)
    mean = sum(result.score for result in graded) / len(graded)
    said = f"{len(graded)} graded, {mean:.1f} of {graded[0].auto_max_score:g} points on average"
    said += f", {human} need a human." if human else "."
    if not all(result.sandboxed for result in graded):
        said += " WITHOUT A SANDBOX: each is marked so."
    return said
