"""Executes one notebook, cell by cell, on the right side of the wall."""

import linecache
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from autograder.inside.shell import Shell
from autograder.judge.instructor_side import Judge
from autograder.judge.job import Cell, Executed, Job
from autograder.judge.learner_side import Learner, Take
from autograder.judge.replay import Memory


@contextmanager
def working_folder(files: dict[str, bytes]):
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


def execute(job: Job, shell: Shell, memory: Memory, take: Take) -> Executed:
    """Execute a notebook: the learner's cells in a sandbox, the instructor's in `shell`.

    memory: what test cells asked of earlier notebooks. take: gives a started sandbox with the job's
    limits.
    """
    begin = time.monotonic()
    shell.reset(new_session=True)
    learner = Learner(job, take)
    outputs = []
    try:
        with working_folder(job.instructors_files):
            judge = Judge(job, shell, memory, learner)
            learner.rebound, learner.renamed = judge.rebound, judge.renamed
            for cell in job.cells:
                learner.start_cell()
                outputs.append(run_cell(cell, learner, judge))
    finally:
        learner.close()
        for name in [name for name in linecache.cache if name.startswith("<learner>")]:
            del linecache.cache[name]
    return Executed(outputs, judge.diagnoses, learner.notes, time.monotonic() - begin)


def run_cell(cell: Cell, learner: Learner, judge: Judge) -> list[dict]:
    """Run a cell where it belongs. A shared one shows what the judge made of it."""
    if cell.side == "learner":
        return learner.run(cell.source)
    if cell.side == "shared":
        theirs = learner.run(cell.shown)
        mine = judge.run(cell)
        failed = any(output["output_type"] == "error" for output in theirs)
        return mine if failed else theirs
    return judge.run(cell)
