"""nbgrader's gradebook, open as long as a class is graded: one session, one commit a submission.

nbgrader's own `autograde` opens the gradebook nine times for a submission and commits forty times,
which takes most of its time. The rows that it writes are the same: nbgrader's models, and its
preprocessors that decide the points, the comments and the penalty.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy
from nbformat import NotebookNode
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import parse_utc
from traitlets.config import Config

# nbgrader looks for rows by these columns. Without an index it reads all rows, in a class of 1,000
# for a tenth of the time that it takes to record a submission.
LOOKED_UP = (
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
    ("submitted_notebook", "assignment_id"),
)


@dataclass(frozen=True)
class _Cells:
    """The graded and the commented cells of a notebook: nbgrader's ids and points by grade_id."""

    notebook_id: str
    kernelspec: dict | None
    graded: dict[str, tuple[str, float]]
    commented: dict[str, str]


@dataclass
class Recorded:
    """What the gradebook knows of a submission: points.

    penalty: for being late. grades: for each notebook, by grade_id.
    """

    penalty: float = 0.0
    grades: dict[str, dict[str, "Points"]] = field(default_factory=dict)


@dataclass(frozen=True)
class Points:
    """Points of one graded cell: by the tests (None: a human gives them), by a human, and extra."""

    auto: float | None
    manual: float | None
    extra: float
    maximum: float

    @property
    def score(self) -> float:
        """Count as nbgrader does: a human's word goes before the tests'."""
        given = self.auto if self.manual is None else self.manual
        return 0.0 if given is None else given + self.extra


class OpenGradebook:
    """The gradebook of a class and of one assignment, for the one process that grades it.

    Raises MissingEntry where it does not know the assignment.
    """

    def __init__(self, course: CourseDirectory, assignment: str, config: Config):
        self.gradebook = Gradebook(course.db_url, course.course_id)
        self._db = self.gradebook.db
        self._index()
        known = self.gradebook.find_assignment(assignment)
        self.due, self._id = known.duedate, known.id
        self._cells = {notebook.name: _cells(notebook) for notebook in known.notebooks}
        self._creates = bool(config.Autograde.get("create_student", True))
        self._saver, self._penalties = SaveAutoGrades(config=config), None
        if AssignLatePenalties in config.Autograde.get("autograde_preprocessors", ()):
            self._penalties = AssignLatePenalties(config=config)
            self._penalties.init_plugin()

    def close(self) -> None:
        """Close it."""
        self.gradebook.close()

    def _index(self) -> None:
        """Give the gradebook the indexes that it lacks."""
        for table, column in LOOKED_UP:
            index = f"CREATE INDEX IF NOT EXISTS ix_{table}_{column} ON {table} ({column})"
            self._db.execute(sqlalchemy.text(index))
        self._db.commit()

    def kernelspec(self, notebook: str) -> dict | None:
        """Say which kernel the instructor's notebook names."""
        return self._cells[notebook].kernelspec

    def record(
        self, learner: str, timestamp: str | None, notebooks: dict[str, NotebookNode]
    ) -> Recorded:
        """Record a whole submission, or nothing of it if that fails.

        timestamp: when it was handed in; None where nobody says so. notebooks: executed, by name.
        Raises MissingEntry where the gradebook does not know the learner and may not add them.
        """
        with self._transaction():
            submission = self._submission(learner)
            if timestamp:
                submission.timestamp = parse_utc(timestamp)
            recorded = Recorded()
            for name, notebook in notebooks.items():
                entry = _Rows(self._db, submission.id, self._cells[name])
                entry.save(notebook, self._saver)
                recorded.penalty += self._penalty(learner, submission, entry)
                recorded.grades[name] = entry.points()
            return recorded

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit what is done meanwhile, or take it back; keep nothing in memory."""
        try:
            yield
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise
        finally:
            self._db.expunge_all()

    def _submission(self, learner: str) -> SubmittedAssignment:
        """Find a learner's submission, or add it."""
        if self._db.get(Student, learner) is None:
            if not self._creates:
                raise MissingEntry(f"No student with ID '{learner}' exists in the database")
            self._db.add(Student(id=learner))
            self._db.flush()
        of_learner = {"assignment_id": self._id, "student_id": learner}
        entry = self._db.query(SubmittedAssignment).filter_by(**of_learner).one_or_none()
        if entry is None:
            entry = SubmittedAssignment(**of_learner)
            self._db.add(entry)
            self._db.flush()
        return entry

    def _penalty(self, learner: str, submission: SubmittedAssignment, entry: "_Rows") -> float:
        """Ask the plugin how many points a late notebook loses."""
        if self._penalties is None:
            return 0.0
        entry.notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late <= 0:
            return 0.0
        self._db.flush()  # nbgrader adds the score up by a query
        plugin = self._penalties.plugin_inst
        penalty = plugin.late_submission_penalty(learner, entry.notebook.score, late)
        if penalty is not None:
            penalty = self._penalties._check_late_penalty(entry.notebook, penalty)
            entry.notebook.late_submission_penalty = penalty
        return penalty or 0.0


def _cells(notebook: Notebook) -> _Cells:
    """Take over what nbgrader knows of a notebook's cells."""
    graded = {c.name: (c.id, c.max_score) for c in (*notebook.grade_cells, *notebook.task_cells)}
    commented = {c.name: c.id for c in (*notebook.solution_cells, *notebook.task_cells)}
    kernelspec = json.loads(notebook.kernelspec) if notebook.kernelspec else None
    return _Cells(notebook.id, kernelspec, graded, commented)


class _Rows:
    """The rows of one submitted notebook; for nbgrader's `SaveAutoGrades` it is the gradebook."""

    def __init__(self, db: sqlalchemy.orm.scoped_session, submission_id: str, cells: _Cells):
        self._session, self._cells = db, cells
        which = {"assignment_id": submission_id, "notebook_id": cells.notebook_id}
        self.notebook = db.query(SubmittedNotebook).filter_by(**which).one_or_none()
        new = self.notebook is None
        if new:
            self.notebook = SubmittedNotebook(**which)
            db.add(self.notebook)
            db.flush()
        self._grades = self._rows(Grade, [cell_id for cell_id, _ in cells.graded.values()], new)
        self._comments = self._rows(Comment, list(cells.commented.values()), new)

    def _rows(self, kind: type, cell_ids: list[str], new: bool) -> dict:
        """Find the rows of some cells, by the cells' ids, and add those that lack."""
        of_notebook = {"notebook_id": self.notebook.id}
        known: Iterable = self._session.query(kind).filter_by(**of_notebook)
        rows = {} if new else {row.cell_id: row for row in known}
        lacking = {i: kind(cell_id=i, **of_notebook) for i in cell_ids if i not in rows}
        self._session.add_all(lacking.values())
        return rows | lacking

    def save(self, notebook: NotebookNode, saver: SaveAutoGrades) -> None:
        """Have nbgrader decide on every cell that it knows."""
        saver.gradebook = self
        saver.notebook_id = saver.assignment_id = saver.student_id = ""  # this entry knows
        for number, cell in enumerate(notebook.cells):
            saver.preprocess_cell(cell, {}, number)

    @property
    def db(self) -> "_Rows":
        """The session, for nbgrader."""
        return self

    def commit(self) -> None:
        """Commit nothing: the whole submission is committed at once."""

    def find_grade(self, grade_id: str, *_: str) -> Grade:
        """Find the row of a graded cell."""
        return self._grades[self._cells.graded[grade_id][0]]

    def find_comment(self, grade_id: str, *_: str) -> Comment:
        """Find the row of a cell with an answer."""
        return self._comments[self._cells.commented[grade_id]]

    def points(self) -> dict[str, Points]:
        """Say what each graded cell got."""
        return {
            name: Points(
                self._grades[cell_id].auto_score,
                self._grades[cell_id].manual_score,
                self._grades[cell_id].extra_credit or 0.0,
                maximum,
            )
            for name, (cell_id, maximum) in self._cells.graded.items()
        }
