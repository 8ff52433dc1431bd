"""Grades a class: `python -m autograder grade ASSIGNMENT [--workers N] [--scheduler ADDRESS]`.

Data flows one way. This process puts each notebook in order; a worker executes it; this process
lets nbgrader grade and record the outcome. A worker is a pure function from a job to an executed
notebook, in a thread that asks a judge on this machine, or on a Dask cluster.

A cluster: `dask scheduler --host 127.0.0.1 --no-dashboard`, and on every machine, in a folder that
holds `autograder/` and with the same packages, `dask worker SCHEDULER --nworkers CORES --nthreads 1
--no-dashboard`. Each worker starts a judge of its own, with Dask's nanny or without. Whoever
reaches the scheduler can run code on the workers: keep it on loopback or in a private network.
"""

import os
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial

from nbgrader.api import app_log
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SAWarning

from autograder.calibration import require
from autograder.classroom import Class, Grading
from autograder.intake import printable
from autograder.judge.job import Execute, Executed, Job
from autograder.judge.learner_side import stopped
from autograder.judge.pool import (
    JudgeFailed,
    JudgeUnavailable,
    execute_anywhere,
    is_full,
)
from autograder.locking import only_one
from autograder.results import Result
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.settings import Settings

PATIENCE = 20  # seconds for a cluster to answer
HUMAN = "needs a human: {}: {}"
NAMELESS = "the folder's name is not UTF-8, and the gradebook holds no such name. Rename it"
BEING_GRADED = "This class is being graded by another command. Wait for it."
FULL = (
    "The disk is full. Make room for the class's folder {} and for temporary files in {}, and run "
    "the command again: it grades the rest. Nothing that was graded is lost."
)


@contextmanager
def workers(
    count: int, scheduler: str | None, execute: Execute
) -> Iterator[tuple[Executor, Execute, int]]:
    """Give an executor, the function to run in it for each job, and how many jobs it runs at once.

    count: jobs at the same time, unless a cluster decides that. scheduler: a cluster's address.
    execute: hands a job to judges; a cluster has its own.
    """
    if scheduler is not None:
        with cluster(scheduler) as client:
            threads = sum(client.nthreads().values())
            yield client.get_executor(pure=False), execute_anywhere, threads
        return
    pool = ThreadPoolExecutor(count)
    try:
        yield pool, execute, count
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # the judges' end ends what waits for one


@contextmanager
def cluster(scheduler: str) -> Iterator:
    """Connect to a Dask cluster that has workers."""
    try:
        from distributed import Client  # a second of imports that only a cluster needs
    except ImportError:
        raise SystemExit("A cluster needs Dask: `pip install distributed`.") from None

    try:
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise SystemExit(
            f"No Dask scheduler answers at {scheduler} ({error}). `dask scheduler` starts one and "
            "says its address."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise SystemExit(
                f"The scheduler at {scheduler} has no workers. Start one on every machine that "
                f"is to help, in a folder with autograder/: dask worker {scheduler} --nthreads 1"
            ) from None
        yield client


def grade_all(
    group: Class,
    todo: list[tuple[str, str]],
    pool: Executor,
    execute: Execute,
    at_once: int,
    recordings: dict[str, dict[str, bytes]],
) -> Iterator[tuple[Grading, Result | None]]:
    """Grade submissions, `at_once` of them at the same time; yield each as it is recorded.

    recordings: as for `Class.prepare`. The result is None where it could not be recorded.
    """
    waiting, running = iter(todo), dict[Future, tuple[Grading, str]]()
    while True:
        for learner, digest in waiting:
            grading = group.prepare(learner, digest, recordings)
            for name, job in grading.jobs.items():
                running[pool.submit(execute, job)] = grading, name
            if len({id(g) for g, _ in running.values()}) >= at_once:
                break
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            grading, name = running.pop(future)
            _take(grading, name, future)
            if grading.is_executed:
                yield grading, _record(group, grading)


def _take(grading: Grading, name: str, future: Future) -> None:
    """Take over what became of a notebook's execution."""
    try:
        grading.take(name, future.result())
    except Exception as error:
        # KilledWorker: Dask's word for a job that several workers did not outlive.
        if not isinstance(error, JudgeFailed) and type(error).__name__ != "KilledWorker":
            raise
        grading.take(name, not_executed(grading.jobs[name], error))
        grading.repeat()


def not_executed(job: Job, error: Exception) -> Executed:
    """Mark each test cell as not run: without an error, nbgrader would count it as passed."""
    outputs = [
        [stopped("the grader could not run this notebook. Your teacher has been told")]
        if cell.side == "test"
        else []
        for cell in job.cells
    ]
    diagnoses = {cell.grade_id: "error" for cell in job.cells if cell.side == "test"}
    note = f"could not be executed ({error}); the next `grade` tries again"
    return Executed(outputs, diagnoses, [note], 0)


def _record(group: Class, grading: Grading) -> Result | None:
    """Record a submission. If nbgrader cannot record one, the others are still recorded."""
    try:
        return group.record(grading)
    except Exception as error:
        if is_full(error):
            raise
        last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        grading.add_note(f"could not be recorded ({last[0]}); the next `grade` tries again")
        return None


def grade(
    settings: Settings,
    assignment: str,
    count: int | None = None,
    scheduler: str | None = None,
    confined: bool = True,
    execute: Execute = execute_anywhere,
) -> list[Result]:
    """Grade what is new or changed; show the progress, and a line for what needs a human.

    count, scheduler, execute: as for `workers`; count is the number of cores by default.
    confined: whether submissions run in a sandbox.
    Raises SystemExit with what to do where it cannot go on.
    """
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's, about nothing of ours
    app_log.disabled = True  # of nbgrader's gradebook; what it logs is raised, too
    count = count or os.cpu_count() or 1
    try:
        lock = settings.class_folder / "grading.lock"
        with only_one(lock, BEING_GRADED), Class(settings, assignment, confined) as group:
            todo = _todo(group)
            if not todo:
                return []
            with workers(count, scheduler, execute) as (pool, run, at_once):
                by_pool = partial(_execute, pool, run)
                recordings = require(settings, assignment, by_pool, confined)
                most = 2 * at_once + 1
                gradings = grade_all(group, todo, pool, run, most, recordings)
                return _grade(group, todo, gradings)
    except KeyboardInterrupt:
        print("Stopped. What was graded stays graded; the same command grades the rest.")
        raise SystemExit(130) from None
    except (SandboxUnavailable, JudgeUnavailable) as error:
        raise SystemExit(str(error)) from None
    except Exception as error:
        if not is_full(error):
            raise
        raise SystemExit(FULL.format(settings.class_folder, tempfile.gettempdir())) from None


def _execute(pool: Executor, run: Execute, job: Job) -> Executed:
    """Execute one job by a pool, and wait for it."""
    return pool.submit(run, job).result()


def _todo(group: Class) -> list[tuple[str, str]]:
    """List what is new or changed: learners and digests. Say what cannot be graded."""
    for name in group.nameless():
        print(HUMAN.format(printable(name), NAMELESS))
    if not group.learners():
        raise SystemExit(
            f"Nobody has handed in {group.assignment} yet. "
            f"`nbgrader collect {group.assignment}` fetches it."
        )
    return list(group.outdated())


def _grade(
    group: Class,
    todo: list[tuple[str, str]],
    gradings: Iterator[tuple[Grading, Result | None]],
) -> list[Result]:
    """Go through submissions as they are recorded, and show what comes of them."""
    graded, failed = [], 0
    with progress() as bar:
        task = bar.add_task(group.assignment, total=len(todo))
        for grading, result in gradings:
            bar.advance(task)
            if grading.notes:
                line = HUMAN.format(grading.learner, "; ".join(grading.notes))
                bar.console.print(printable(line), highlight=False, markup=False)
            if result is None:
                failed += 1
            else:
                graded.append(result)
    if failed:
        raise SystemExit(f"{len(graded)} graded, {failed} could not be recorded; see above.")
    return graded


def progress() -> Progress:
    """Make a progress bar with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(soft_wrap=True)
    bar = Progress(*columns, TimeRemainingColumn(), console=console)
    bar.disable = not console.is_terminal
    return bar


def summary(graded: list[Result]) -> str:
    """Say in a line what was done."""
    if not graded:
        return "Nothing is new or changed since it was graded."
    human = sum(bool(result.notes) for result in graded)
    mean = sum(result.score for result in graded) / len(graded)
    line = f"{len(graded)} graded, {mean:.1f} of {graded[0].auto_max_score:g} points on average"
    line += f", {human} need a human." if human else "."
    if not all(result.sandboxed for result in graded):
        line += " WITHOUT A SANDBOX: each is marked so."
    return line
