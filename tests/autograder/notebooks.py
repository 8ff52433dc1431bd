"""Executes small notebooks in a sandbox and a judge, inside the process of a test."""

import gc
import linecache
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.inside.shell import Shell, start_shell
from autograder.judge.execution import execute, move_in
from autograder.judge.job import Cell, Executed, Job
from autograder.judge.names import defined, read_in_functions
from autograder.judge.process import Supply
from autograder.judge.stand_ins import SOURCES
from autograder.master import without_hidden_tests
from autograder.sandbox.limits import Limits
from course import checks

CHECKS = Path(checks.__file__).parent
FILES = {f"checks/{path.name}": path.read_bytes() for path in CHECKS.glob("*.py")}
WITHHELD = ("keras", "tensorflow")
LIMITS = Limits(
    cell_seconds=10, notebook_seconds=60, memory_mb=512, message_mb=8, withheld=WITHHELD
)


@dataclass
class Outcome:
    """What became of a notebook's cells."""

    executed: Executed

    def errors(self, number: int = -1) -> str:
        """Return what a cell's errors show, "" where it passed."""
        outputs = self.executed.outputs[number]
        shown = (each for each in outputs if each["output_type"] == "error")
        return "\n".join(line for each in shown for line in (each["evalue"], *each["traceback"]))

    def printed(self, number: int = -1, name: str = "stdout") -> str:
        """Return what a cell printed."""
        outputs = self.executed.outputs[number]
        return "".join(each["text"] for each in outputs if each.get("name") == name)


def learner(source: str) -> Cell:
    """Make a cell of the learner's."""
    return Cell("learner", source)


def check(source: str, grade_id: str = "q") -> Cell:
    """Make a test cell."""
    return Cell("test", source, without_hidden_tests(source), grade_id)


def together(source: str, grade_id: str = "q") -> Cell:
    """Make a test cell that runs in the learner's process."""
    return Cell("together", source, without_hidden_tests(source), grade_id)


def shared(source: str) -> Cell:
    """Make a locked cell without points."""
    return Cell("shared", source, source)


def _show(message, category, filename, lineno, file=None, line=None):
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


Run = Callable[..., Outcome]


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder to work in, where no other copy of the checks is known; then forget it."""
    for name in [each for each in sys.modules if each.partition(".")[0] == "checks"]:
        del sys.modules[name]
    before, folder, modules = os.getcwd(), tempfile.mkdtemp(prefix="judge-"), set(sys.modules)
    path = sys.path[:]
    try:
        yield Path(folder)
    finally:
        os.chdir(before)
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]
        for name in [name for name in linecache.cache if name.startswith(("<learner>", SOURCES))]:
            del linecache.cache[name]
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def executor() -> Iterator[Run]:
    """Give a function that executes cells.

    solution: the instructor's; as the learner's cells where it is left out.
    """
    kept = {name: getattr(sys, name) for name in ("displayhook", "excepthook")}
    main = sys.modules["__main__"]
    shell = start_shell()
    gc.freeze()  # as a judge does: otherwise it is all searched at the end of each notebook

    def run(
        *cells: Cell, solution: str = "", limits: Limits = LIMITS, confined: bool = True, **further
    ) -> Outcome:
        sources = [solution] if solution else [c.source for c in cells if c.side == "learner"]
        names = {name for source in sources for name in defined(source)}
        read = {name for source in sources for name in read_in_functions(source)}
        further = {"learners_files": FILES, "instructors_files": FILES, **further}
        job = Job(cells, tuple(names), tuple(read), limits=limits, confined=confined, **further)
        supply.prepare(job)
        with warnings.catch_warnings(), working_folder() as folder:
            move_in(folder, job.instructors_files)
            warnings.showwarning = _show  # pytest would keep them for itself
            warnings.simplefilter("default")
            return Outcome(execute(job, shell, supply.take))

    try:
        with Supply() as supply:
            yield run
    finally:
        gc.unfreeze()
        Shell.clear_instance()
        sys.modules["__main__"] = main
        for name, hook in kept.items():
            setattr(sys, name, hook)
