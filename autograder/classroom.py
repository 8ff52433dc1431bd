"""A class that submitted an assignment: what it handed in, put in order, and its grades recorded.

Everything here runs in the trusted process, the only one to open the gradebook.
"""

import copy
import hashlib
import io
import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import nbformat
import nbgrader.api
import sqlalchemy
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import CheckCellMetadata, OverwriteKernelspec

from autograder.assemble import assemble
from autograder.exchange import Inbound, read_time
from autograder.intake import SECRET, TIMESTAMP, Contents, is_text, read_submission, unreadable
from autograder.judge.job import Executed, Job
from autograder.judge.pool import is_full
from autograder.master import Master, read_master
from autograder.plugins.split_execute import SplitExecute, hidden_folders, show
from autograder.results import Question, Result, question
from autograder.sandbox.limits import limits_for
from autograder.settings import Settings

# nbgrader opens the gradebook ten times for a submission, and SQLAlchemy compiles each query once
# for every engine: with one engine for all, a submission is recorded in half the time.
nbgrader.api.create_engine = cache(nbgrader.api.create_engine)
# nbgrader looks for rows by these columns. Without an index it reads all rows, in a class of 1,000
# for a tenth of the time that it takes to record a submission.
LOOKED_UP = (
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
    ("submitted_notebook", "assignment_id"),
)
NO_TIME = "timestamp.txt holds no time, so nobody knows whether it was late"


@dataclass
class Grading:
    """One submission on its way.

    nbgraders: files that nbgrader reads beside the notebooks. notebooks: the notebooks in order, by
    name. restored: what their learner hears of that. jobs: theirs. notes: what a human should look
    at.
    """

    learner: str
    digest: str
    begin: float
    nbgraders: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    restored: dict[str, list[str]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    executed: dict[str, Executed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class AutogradeOne(Autograde):
    """nbgrader's converter, for one submission whose learner may be called "a[1]".

    nbgrader takes names for patterns.
    """

    def init_notebooks(self) -> None:
        """Find the notebooks of the submission."""
        names = self.coursedir.assignment_id, self.coursedir.student_id
        folder = Path(self._format_source(*names))
        self.assignments = {str(folder): [str(path) for path in folder.glob("*.ipynb")]}
        self.notebooks: list[str] = []


class NotRecorded(RuntimeError):
    """nbgrader could not record a grade; the message is what it logged."""


class Class:
    """A class that submitted an assignment: what it handed in, and where its grades go."""

    def __init__(self, settings: Settings, assignment: str, confined: bool):
        self.assignment, self.confined = assignment, confined
        self.config = settings.config
        self.results = settings.results
        self.course = settings.open().coursedir
        self.hidden = hidden_folders(self.course)
        self.inbound = Inbound(self.course, self.config, assignment)
        self.masters = self._masters()
        self._index()
        self.limits = limits_for(assignment, self.config.SplitExecute.get("limits", {}))
        self._same_for_all = self._digest()
        # Notebooks in order, on their way to nbgrader.
        self.staged = settings.class_folder / "grading"

    def _masters(self) -> dict[str, Master]:
        source = Path(self.course.format_path(self.course.source_directory, ".", self.assignment))
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            try:
                names = [each.name for each in gradebook.find_assignment(self.assignment).notebooks]
            except MissingEntry:
                known = ", ".join(each.name for each in gradebook.assignments) or "none"
                raise SystemExit(
                    f"There is no assignment {self.assignment!r} in the gradebook. It knows: "
                    f"{known}. `nbgrader generate_assignment` enters one."
                ) from None
            return {n: read_master(gradebook, self.assignment, n, source) for n in names}

    def _index(self) -> None:
        """Give the gradebook the indexes that it lacks."""
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            for table, column in LOOKED_UP:
                index = f"CREATE INDEX IF NOT EXISTS ix_{table}_{column} ON {table} ({column})"
                gradebook.db.execute(sqlalchemy.text(index))
            gradebook.db.commit()

    def _digest(self) -> "hashlib._Hash":
        """Begin the digests: with what is the same for all submissions."""
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            due = gradebook.find_assignment(self.assignment).duedate
        parts = [str(due), repr(self.limits), repr(self.confined)]
        for name, master in self.masters.items():
            parts += [name, *(repr(cell) for cell in master.cells.values()), master.imports]
            parts += [repr(sorted(master.plain)), repr(sorted(master.learners_names))]
            parts.append(repr(sorted(master.files.items())))
        return hashlib.sha256(repr(parts).encode(errors="replace"))

    def submitted(self, learner: str) -> Path:
        """Name the folder of a submission."""
        folder = self.course.submitted_directory
        return Path(self.course.format_path(folder, learner, self.assignment))

    def learners(self) -> list[str]:
        """List who submitted."""
        return [name for name in self._folders() if is_text(name)]

    def nameless(self) -> list[str]:
        """List submissions that belong to nobody: the gradebook cannot hold such a name."""
        return [name for name in self._folders() if not is_text(name)]

    def _folders(self) -> list[str]:
        parts = self.submitted("*").parts
        above, below = parts[: parts.index("*")], parts[parts.index("*") + 1 :]
        everyone = Path(*above)
        if not everyone.is_dir():
            return []
        return sorted(each.name for each in everyone.iterdir() if _is_folder(each.joinpath(*below)))

    def read(self, learner: str) -> Contents:
        """Read a submission. Whatever happens there is this submission's alone."""
        notebooks = [f"{name}.ipynb" for name in self.masters]
        try:
            return read_submission(self.submitted(learner), notebooks, self.limits)
        except Exception as error:
            if is_full(error):
                raise
            return unreadable(error)

    def digest(self, learner: str) -> str:
        """Hash all that the grade of a submission depends on."""
        total = self._same_for_all.copy()
        total.update(self.read(learner).digest.encode())
        return total.hexdigest()

    def outdated(self) -> Iterator[tuple[str, str]]:
        """Find what is new or changed: the learner and the digest."""
        for learner in self.learners():
            digest = self.digest(learner)
            known = self.results.read(self.assignment, learner)
            if known is None or known.digest != digest:
                yield learner, digest

    def prepare(self, learner: str, digest: str) -> Grading:
        """Put a submission's notebooks in order and make their jobs."""
        grading = Grading(learner, digest, time.monotonic())
        contents = self.read(learner)
        grading.notes += contents.missing()
        grading.nbgraders = _nbgraders(contents, grading.notes)
        handed_in = read_time(grading.nbgraders.get(TIMESTAMP, b"").decode())
        secret = grading.nbgraders.get(SECRET, b"")
        if objection := self.inbound.objection(learner, handed_in, secret):
            grading.notes.append(objection)
        for name, master in self.masters.items():
            assembled = assemble(contents, f"{name}.ipynb", master)
            if assembled.damaged:
                grading.notes.append(f"{name}: {assembled.damaged}")
            grading.notebooks[name] = assembled.notebook
            grading.restored[name] = assembled.notes
            grading.jobs[name] = master.job(
                assembled.notebook, contents.files, self.limits, self.hidden, self.confined
            )
        return grading

    def record(self, grading: Grading) -> Result:
        """Have nbgrader grade what was executed, and write the result down.

        Until that is done there is no result: what is interrupted is graded again.
        """
        self.results.remove(self.assignment, grading.learner)
        folder = self.staged / grading.learner / self.assignment
        shutil.rmtree(self.staged, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, notebook in grading.notebooks.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")
        for name, content in grading.nbgraders.items():
            (folder / name).write_bytes(content)
        self._autograde(grading)
        shutil.rmtree(self.staged)
        result = self._result(grading)
        self.results.write(result)
        return result

    def _autograde(self, grading: Grading) -> None:
        """Run nbgrader's own converter, with the execution already done."""

        def put(nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
            name = resources["nbgrader"]["notebook"]
            show(nb, grading.executed[name], self.confined, grading.restored[name])
            return nb, resources

        config = copy.deepcopy(self.config)
        config.CourseDirectory.submitted_directory = str(self.staged)
        # A function, not a bound method: traitlets copies what it is given, all the way down.
        config.Autograde.autograde_preprocessors = [
            put if each is SplitExecute else each
            for each in config.Autograde.autograde_preprocessors
            if each is not CheckCellMetadata
        ]
        # The rest of what nbgrader does here, and its check, `assemble` has done.
        config.Autograde.sanitize_preprocessors = [OverwriteKernelspec]
        course = CourseDirectory(config=config)
        course.assignment_id, course.student_id = self.assignment, grading.learner
        converter = AutogradeOne(coursedir=course, config=config, force=True)
        log = io.StringIO()
        converter.log = logging.Logger("nbgrader", logging.ERROR)
        converter.log.addHandler(logging.StreamHandler(log))
        try:
            converter.start()
        except (NbGraderException, SystemExit):
            raise NotRecorded(log.getvalue().strip()) from None

    def _result(self, grading: Grading) -> Result:
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            entry = gradebook.find_submission(self.assignment, grading.learner)
            questions = []
            for name, executed in grading.executed.items():
                grades = gradebook.find_submission_notebook(name, self.assignment, grading.learner)
                known = {grade.name: grade for grade in grades.grades}
                questions += [
                    _question(known[grade_id], executed, outputs)
                    for grade_id, outputs in _outputs(grading.notebooks[name], executed).items()
                    if grade_id in known
                ]
            return Result(
                assignment=self.assignment,
                learner=grading.learner,
                score=entry.score,
                max_score=entry.max_score,
                auto_max_score=sum(q.max_score for q in questions if q.diagnosis is not None),
                penalty=entry.late_submission_penalty or 0.0,
                questions=questions,
                notes=grading.notes,
                sandboxed=self.confined,
                seconds=round(time.monotonic() - grading.begin, 3),
                graded=datetime.now(UTC).isoformat(timespec="seconds"),
                digest=grading.digest,
            )


def _is_folder(path: Path) -> bool:
    """Whether there is a folder, as far as anybody may know: one that is closed counts."""
    try:
        return path.is_dir()
    except PermissionError:
        return True


def _nbgraders(contents: Contents, notes: list[str]) -> dict[str, bytes]:
    """Take over the files that nbgrader reads; note a time of handing in that is none."""
    files = {name: contents.named[name] for name in (SECRET,) if name in contents.named}
    if TIMESTAMP in contents.named:
        text = contents.named[TIMESTAMP].decode(errors="replace")[:100].strip()
        if text.isascii() and read_time(text):
            files[TIMESTAMP] = text.encode()
        else:
            notes.append(NO_TIME)
    elif TIMESTAMP in contents.problems:
        notes.append(NO_TIME)
    return files


def _outputs(notebook: NotebookNode, executed: Executed) -> dict[str, list[dict]]:
    """Map the cells that nbgrader knows to their outputs; other cells than code have none."""
    outputs = iter(executed.outputs)
    shown = {}
    for cell in notebook.cells:
        outputs_of_cell = next(outputs) if cell.cell_type == "code" else []
        if grade_id := cell.metadata.get("nbgrader", {}).get("grade_id", ""):
            shown[grade_id] = outputs_of_cell
    return shown


def _question(grade: Grade, executed: Executed, outputs: list[dict]) -> Question:
    """Say how a graded cell went. grade: nbgrader's entry of it."""
    by_hand = grade.name not in executed.diagnoses
    score = grade.manual_score if by_hand else grade.auto_score
    return question(grade.name, score, grade.max_score, executed, outputs)
