"""Executes one notebook, cell by cell, on the right side of the wall."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.inside.shell import Shell
from autograder.judge.hidden_lines import without_hidden_lines
from autograder.judge.instructor_side import InstructorSide
from autograder.judge.job import Cell, Executed, Job
from autograder.judge.learner_side import LearnerSide, Take
from autograder.judge.names import imported_modules, statements


def execute(job: Job, shell: Shell, take: Take) -> Executed:
    """Execute a notebook: the learner's cells in a sandbox, the instructor's in `shell`.

    The working folder holds the instructor's files. take: gives a started sandbox for a job.
    """
    begin = time.monotonic()
    shell.reset(new_session=True)
    outputs, diagnoses, notes = [], {}, list[str]()
    with LearnerSide(job, take, notes) as learner:
        instructor = InstructorSide(job, shell, learner, notes)
        for number, cell in enumerate(job.cells, 1):
            learner.start_cell()
            if cell.side == "test":
                shown, diagnoses[cell.grade_id] = instructor.run_test(cell)
            elif cell.side == "together":
                shown, diagnoses[cell.grade_id] = learner.run_test(cell)
            elif cell.side == "shared":
                later, modules = job.cells[number:], job.instructors_modules()
                shown = run_shared(cell, later, learner, instructor, modules)
            else:
                shown = learner.run(cell.source)
            outputs.append(shown)
    together = tuple(cell.grade_id for cell in job.cells if cell.side == "together")
    outputs = without_hidden_lines(outputs, job.cells)
    seconds = time.monotonic() - begin
    return Executed(outputs, diagnoses, notes, seconds, together, instructor.recordings)


def run_shared(
    cell: Cell,
    later: Sequence[Cell],
    learner: LearnerSide,
    instructor: InstructorSide,
    modules: set[str],
) -> list[dict]:
    """Run a cell on both sides; show the judge's outputs where only they can be right.

    They are right where the cell fails on the learner's side because it uses a withheld package,
    and where it uses the instructor's `modules`, which know only here what was checked. Whatever
    else a cell defines is there for the learner's code, as in the notebook.

    later: the cells that follow.
    """
    learners = learner.run(cell.shown)
    failed = any(output["output_type"] == "error" for output in learners)
    if failed:
        for statement in statements(cell.shown):
            learner.run(statement)
    instructors = instructor.run(cell, later)
    return instructors if failed or modules & imported_modules(cell.source) else learners


def move_in(folder: Path, files: dict[str, bytes]) -> None:
    """Work in a folder from now on, with these files in it, and import modules from it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
