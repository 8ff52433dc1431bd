"""Executes one notebook, cell by cell, on the right side of the wall."""

import linecache
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.inside.shell import Shell
from autograder.judge.hidden_lines import without_hidden_lines
from autograder.judge.instructor_side import InstructorSide
from autograder.judge.job import Cell, Executed, Job
from autograder.judge.learner_side import LearnerSide, Take
from autograder.judge.names import imported_modules, statements
from autograder.judge.replay import Memory


def execute(job: Job, shell: Shell, memory: Memory, take: Take) -> Executed:
    """Execute a notebook: the learner's cells in a sandbox, the instructor's in `shell`.

    memory: what test cells asked of earlier notebooks. take: gives a started sandbox for a job.
    """
    begin = time.monotonic()
    shell.reset(new_session=True)
    outputs, diagnoses = [], {}
    with working_folder(job.instructors_files), learners_lines(), LearnerSide(job, take) as learner:
        instructor = InstructorSide(job, shell, memory, learner)
        for cell in job.cells:
            learner.start_cell()
            if cell.side == "test":
                shown, diagnoses[cell.grade_id] = instructor.run_test(cell)
            elif cell.side == "together":
                shown, diagnoses[cell.grade_id] = learner.run_test(cell)
            elif cell.side == "shared":
                shown = run_shared(cell, learner, instructor, job.instructors_modules())
            else:
                shown = learner.run(cell.source)
            outputs.append(shown)
    together = tuple(cell.grade_id for cell in job.cells if cell.side == "together")
    outputs = without_hidden_lines(outputs, job.cells)
    return Executed(outputs, diagnoses, learner.notes, time.monotonic() - begin, together)


def run_shared(
    cell: Cell, learner: LearnerSide, instructor: InstructorSide, modules: set[str]
) -> list[dict]:
    """Run a cell on both sides; show the judge's outputs where only they can be right.

    That is where the cell fails on the learner's side, since what it uses is withheld there, or
    where it uses the instructor's `modules`, which know only here what was checked. What a cell
    defines besides what is withheld is there for the learner's code, as in the notebook.
    """
    learners = learner.run(cell.shown)
    failed = any(output["output_type"] == "error" for output in learners)
    if failed:
        for statement in statements(cell.shown):
            learner.run(statement)
    instructors = instructor.run(cell)
    return instructors if failed or modules & imported_modules(cell.source) else learners


@contextmanager
def working_folder(files: dict[str, bytes]) -> Iterator[None]:
    """Work in a new folder that holds these files, and import modules from it."""
    before, folder = os.getcwd(), tempfile.mkdtemp(prefix="judge-")
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.chdir(folder)
    sys.path.insert(0, folder)
    modules = set(sys.modules)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(folder)
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def learners_lines() -> Iterator[None]:
    """Forget afterwards the lines of the learner's code that tracebacks have named."""
    try:
        yield
    finally:
        for name in [name for name in linecache.cache if name.startswith("<learner>")]:
            del linecache.cache[name]
