"""What a judge gets and gives back: everything about one notebook, and nothing else.

Both are plain dataclasses. An outcome depends on its job alone, on this machine or on another.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.sandbox.limits import Limits


@dataclass(frozen=True)
class Cell:
    """One code cell.

    side: who runs it. "learner": the sandbox. "test": the judge. "shared": both. "together": the
    sandbox, although it is a test, so that its outcome may be the learner's doing.
    shown: its source as learners know it, without hidden tests. grade_id: nbgrader's name of it, ""
    if it has none.
    """

    side: str
    source: str
    shown: str = ""
    grade_id: str = ""

    @property
    def is_test(self) -> bool:
        """Whether it gives points."""
        return self.side in ("test", "together")


def module_of(name: str) -> str:
    """Return how a file of the working folder, by relative path, would be imported: its package."""
    return name.partition("/")[0].removesuffix(".py")


@dataclass(frozen=True)
class Job:
    """One notebook to execute.

    learners_names: the names that the instructor's own solution defines, and so the learner's to
    define. read_names: the global names that its functions read. imports: the import statements of
    the instructor's unlocked cells.
    learners_files, instructors_files: contents by relative path, of the two sides' working folders.
    hidden: folders that a sandbox must not show, wherever they lie.
    confined: whether the learner's side is in a sandbox.
    recordings: what test cells asked of a right answer and what cells below them showed, by
    `InstructorSide`'s keys. record: whether to make recordings; only for the instructor's own
    solution.
    """

    cells: tuple[Cell, ...]
    learners_names: tuple[str, ...] = ()
    read_names: tuple[str, ...] = ()
    imports: str = ""
    learners_files: dict[str, bytes] = field(default_factory=dict)
    instructors_files: dict[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    hidden: tuple[str, ...] = ()
    confined: bool = True
    recordings: dict[str, bytes] = field(default_factory=dict)
    record: bool = False

    def instructors_texts(self) -> list[str]:
        """List the instructor's code: cells, and modules among the files."""
        files = self.instructors_files.items()
        modules = [code.decode(errors="replace") for name, code in files if name.endswith(".py")]
        return [*(cell.source for cell in self.cells if cell.side != "learner"), *modules]

    def instructors_modules(self) -> set[str]:
        """Name the modules and packages among the instructor's files."""
        return set(map(module_of, self.instructors_files))


@dataclass(frozen=True)
class Executed:
    """What became of a job.

    outputs: nbformat's outputs, a list for each cell. diagnoses: the names of the checks' diagnoses
    by grade_id. notes: what a human should look at. seconds: how long it took. together: the test
    cells that ran in the learner's process, by grade_id. recordings: as for `Job`, of the
    cells that passed, where they were to be recorded.
    """

    outputs: list[list[dict]]
    diagnoses: dict[str, str]
    notes: list[str]
    seconds: float
    together: tuple[str, ...] = ()
    recordings: dict[str, bytes] = field(default_factory=dict)


Execute = Callable[[Job], Executed]
"""What executes a job, and waits for that."""
