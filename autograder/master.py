"""The instructor's notebook, which every submission is measured against."""

import copy
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, SaveCells
from traitlets.config import Config

from autograder.intake import Bounds, read_folder
from autograder.judge.job import Cell, Job, module_of
from autograder.judge.names import defined, imports, read_in_functions
from autograder.sandbox.limits import MB, Limits

FILES = Bounds(files=5_000, one=512 * MB, all=512 * MB)
"""Of the instructor's, beside a notebook."""


@dataclass(frozen=True)
class MasterCell:
    """A cell that nbgrader knows; the fields are those of nbgrader's metadata."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float

    @property
    def side(self) -> str:
        """Say who runs it: "test" the judge, "shared" both sides, "learner" the sandbox."""
        if self.grade and not self.solution:
            return "test"
        return "shared" if self.locked else "learner"

    def metadata(self) -> dict:
        """Return nbgrader's metadata of it."""
        metadata = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "locked": self.locked,
            "grade": self.grade,
            "solution": self.solution,
            "task": self.task,
        }
        return metadata | ({"points": self.points} if self.grade or self.task else {})


@dataclass(frozen=True)
class Master:
    """One notebook of an assignment, as the gradebook and the source folder know it.

    cells: those that nbgrader knows, in order, by grade_id. plain: the texts of the other code
    cells. learners_names: the names that the instructor's solution defines. read_names: the global
    names that its functions read. imports: the import statements of unlocked cells, one a line.
    files: those beside the notebook, by relative path. together: the test cells that run in the
    learner's process, by grade_id. handed_in: those files of which the learner's process gets the
    version that was handed in.
    """

    cells: dict[str, MasterCell]
    plain: tuple[str, ...]
    learners_names: tuple[str, ...]
    read_names: tuple[str, ...]
    imports: str
    files: dict[str, bytes]
    together: tuple[str, ...] = ()
    handed_in: tuple[str, ...] = ()

    def tests(self) -> list[str]:
        """List the test cells by grade_id."""
        return [
            cell.grade_id
            for cell in self.cells.values()
            if cell.side == "test" and cell.cell_type == "code"
        ]

    def choose(self, together: bool | Iterable[str], handed_in: Iterable[str] = ()) -> "Master":
        """Return this master with what an instructor chooses for the assignment.

        together: names of test cells, or True for all; those of other notebooks may be among them.
        handed_in: names of files.
        """
        wanted = self.tests() if together is True else set(together or ())
        chosen = tuple(each for each in self.tests() if each in wanted)
        return replace(self, together=chosen, handed_in=tuple(sorted(handed_in)))

    def digest(self) -> str:
        """Hash all of it."""
        files = {name: hashlib.sha256(self.files[name]).digest() for name in sorted(self.files)}
        parts = self.cells, self.plain, self.learners_names, self.read_names, self.imports
        text = repr((parts, files, self.together, self.handed_in))
        return hashlib.sha256(text.encode(errors="replace")).hexdigest()

    def job(
        self,
        notebook: NotebookNode,
        files: dict[str, bytes],
        limits: Limits,
        hidden: tuple[str, ...],
        confined: bool,
        recordings: dict[str, bytes] | None = None,
        record: bool = False,
    ) -> Job:
        """Return the job of executing a sanitised notebook.

        files: the learner's, beside it. All others: as in `Job`.
        """
        plain = list(self.plain)
        given = {name: self.files[name] for name in self.files.keys() - set(self.handed_in)}
        code = (cell for cell in notebook.cells if cell.cell_type == "code")
        return Job(
            cells=tuple(self._cell(cell, plain) for cell in code),
            learners_names=self.learners_names,
            read_names=self.read_names,
            imports=self.imports,
            learners_files={
                name: content
                for name, content in (_beside(files, given) | given).items()
                if module_of(name) not in limits.withheld
            },
            instructors_files=self.files,
            limits=limits,
            hidden=hidden,
            confined=confined,
            recordings=recordings or {},
            record=record,
        )

    def _cell(self, cell: NotebookNode, plain: list[str]) -> Cell:
        """Find out whose cell it is; take an instructor's cell from here, not from the notebook.

        plain: texts of the instructor's other cells. A text that is recognised leaves the list, so
        that any further copy counts as the learner's.
        """
        original = self.cells.get(_nbgrader(cell).get("grade_id", ""))
        if original is not None and original.side != "learner":
            source, side = original.source, self._side(original)
            return Cell(side, source, without_hidden_tests(source), original.grade_id)
        if original is None and cell.source in plain:
            plain.remove(cell.source)
            return Cell("learner" if self._is_whole() else "shared", cell.source, cell.source)
        return Cell("learner", cell.source)

    def _side(self, cell: MasterCell) -> str:
        """Say who runs an instructor's cell; see `Cell`."""
        if cell.side == "shared":
            return "learner" if self._is_whole() else "shared"
        return "together" if cell.grade_id in self.together else "test"

    def _is_whole(self) -> bool:
        """Whether all tests run in the learner's process, so that nothing is left to the judge."""
        return bool(self.together) and len(self.together) == len(self.tests())


def _beside(files: dict[str, bytes], instructors: dict[str, bytes]) -> dict[str, bytes]:
    """Keep the learner's files that can lie beside the instructor's.

    None has the name of an instructor's folder, or lies in a folder named as an instructor's file.
    """
    folders = {str(each) for name in instructors for each in PurePosixPath(name).parents}
    return {
        name: content
        for name, content in files.items()
        if name not in folders
        and not any(str(each) in instructors for each in PurePosixPath(name).parents)
    }


@lru_cache(512)  # the instructor's cells are the same for the whole class
def without_hidden_tests(source: str) -> str:
    """Return the source of a cell as learners see it."""
    cell = nbformat.v4.new_code_cell(source)
    ClearHiddenTests()._remove_hidden_test_region(cell)
    return cell.source


def read_masters(course: CourseDirectory, assignment: str) -> dict[str, Master]:
    """Read all notebooks of an assignment, by name; see `read_master`.

    Raises SystemExit where the gradebook does not know the assignment.
    """
    source = Path(course.format_path(course.source_directory, ".", assignment))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            names = [each.name for each in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            known = ", ".join(each.name for each in gradebook.assignments) or "none"
            raise SystemExit(
                f"There is no assignment {assignment!r} in the gradebook. It knows: {known}. "
                f"`nbgrader generate_assignment {assignment} --force` enters it."
            ) from None
        return {name: read_master(gradebook, assignment, name, source) for name in names}


def read_master(gradebook: Gradebook, assignment: str, notebook: str, folder: Path) -> Master:
    """Read what the gradebook and the assignment's source folder know of a notebook.

    Raises nbgrader.api.MissingEntry where the gradebook does not know it.
    """
    cells = known_cells(gradebook.find_notebook(notebook, assignment))
    path = folder / f"{notebook}.ipynb"
    source = nbformat.read(path, 4).cells if path.exists() else []
    return _master(cells, source, folder)


def known_cells(known: Notebook) -> dict[str, MasterCell]:
    """List the cells of a notebook that the gradebook knows, in their order, by grade_id."""
    points = {cell.name: cell.max_score for cell in (*known.grade_cells, *known.task_cells)}
    grade, solution, task = (
        {cell.name for cell in cells}
        for cells in (known.grade_cells, known.solution_cells, known.task_cells)
    )
    return {
        cell.name: MasterCell(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            locked=cell.locked,
            grade=cell.name in grade,
            solution=cell.name in solution,
            task=cell.name in task,
            points=points.get(cell.name, 0),
        )
        for cell in known.source_cells
    }


def generated(notebook: NotebookNode, path: Path, config: Config) -> NotebookNode:
    """Return what `nbgrader generate_assignment` makes of a notebook, the hidden tests included.

    path: of its file; nbgrader looks for templates of tests beside it.
    """
    notebook, name = copy.deepcopy(notebook), path.stem
    resources = {
        "unique_key": name,
        "nbgrader": {"notebook": name},
        "metadata": {"path": str(path.parent)},
    }
    steps = GenerateAssignment.preprocessors.default()
    for step in takewhile(lambda each: each is not SaveCells, steps):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def read_source(path: Path, config: Config) -> Master:
    """Read the instructor's notebook itself, as `nbgrader generate_assignment` enters it."""
    notebook = nbformat.read(path, 4)
    untouched = generated(notebook, path, config)
    known = [(cell, _nbgrader(cell)) for cell in untouched.cells if _nbgrader(cell)]
    cells = {
        metadata["grade_id"]: MasterCell(
            cell_type=cell.cell_type,
            source=cell.source,
            points=metadata.get("points", 0),
            **{name: metadata.get(name, "") for name in ("grade_id", "checksum")},
            **{name: metadata.get(name, False) for name in ("locked", "grade", "solution", "task")},
        )
        for cell, metadata in known
    }
    return _master(cells, notebook.cells, path.parent)


def _master(cells: dict[str, MasterCell], source: list[NotebookNode], folder: Path) -> Master:
    """Combine the cells that nbgrader knows with those of the instructor's notebook."""
    code = [cell for cell in source if cell.cell_type == "code"]
    unlocked = [cell.source for cell in code if not _nbgrader(cell).get("locked")]
    solutions = [cell.source for cell in code if _nbgrader(cell).get("solution")]
    stubs = [cell.source for cell in cells.values() if cell.side == "learner"]
    return Master(
        cells=cells,
        plain=tuple(cell.source for cell in code if not _nbgrader(cell)),
        learners_names=tuple(sorted(set[str]().union(*map(defined, (*solutions, *stubs))))),
        read_names=tuple(sorted(set[str]().union(*map(read_in_functions, unlocked)))),
        imports="\n".join(line for text in (unlocked or stubs) for line in imports(text)),
        files=read_folder(folder, {}, FILES).files,
    )


def _nbgrader(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})
