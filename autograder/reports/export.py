"""Exports a class's grades as a CSV file: `python -m autograder export --to SYSTEM`.

The exporters are plug-ins of nbgrader, which runs them as well:
`nbgrader export --exporter=autograder.reports.export.CanvasExport --to=FILE`.
"""

import csv
import logging
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Grade, Gradebook, Student, SubmittedAssignment
from nbgrader.api import SubmittedNotebook as Notebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import case, create_engine, func, inspect, make_url
from sqlalchemy.exc import OperationalError

from autograder.settings import Settings

DECIMALS = 2
"""Digits of points that Canvas compares and shows, and Moodle exports: no 20.699999999999999."""

FORMULA = re.compile(r"^(?=[=+\-@\t\r\n])|(?<=[;\t\r\n])(?=[=+\-@])")
"""Where a spreadsheet may see the start of a formula: where a cell begins, or would begin if
semicolons or tabs were separators. https://owasp.org/www-community/attacks/CSV_Injection
"""


@dataclass(frozen=True)
class Submission:
    """What the gradebook says of one submission, in points.

    duedate: with the learner's extension; like timestamp in UTC. raw_score: before the penalty;
    None where neither the autograder nor a person gave any points, not even 0.
    """

    duedate: datetime | None
    timestamp: datetime | None
    raw_score: float | None
    penalty: float
    needs_manual_grade: bool

    @property
    def score(self) -> float | None:
        """The points that count: what nbgrader's own export calls so."""
        return None if self.raw_score is None else max(0.0, self.raw_score - self.penalty)


Submissions = dict[tuple[str, str], Submission]
"""Submissions by the ids of assignment and student."""


def submissions(gradebook: Gradebook) -> Submissions:
    """Read all submissions in three queries.

    Their score and its like are properties that would ask the database for each one.
    """
    query, of = gradebook.db.query, Notebook.assignment_id
    penalties = dict(query(of, func.sum(Notebook.late_submission_penalty)).group_by(of).all())
    given = func.coalesce(Grade.manual_score, Grade.auto_score)  # Grade.score is 0 without any
    counts = func.count(given), func.count(case((Grade.needs_manual_grade, 1)))
    marks = query(of, func.sum(Grade.score), *counts).join(Notebook.grades).group_by(of).all()
    scores = {key: (score if graded else None, manual > 0) for key, score, graded, manual in marks}
    graded = {}
    for each in query(SubmittedAssignment).all():
        score, manual = scores.get(each.id, (None, False))
        graded[each.assignment_id, each.student_id] = Submission(
            each.duedate, each.timestamp, score, penalties.get(each.id) or 0.0, manual
        )
    return graded


def inert(text: str) -> str:
    """Put an apostrophe where a spreadsheet would begin a formula, so that it shows the text."""
    return FORMULA.sub("'", text)


def points(value: float | None) -> float | None:
    """Round points; None stays None."""
    return None if value is None else round(value, DECIMALS)


def write(rows: Iterable[list], path: Path, encoding: str) -> None:
    """Write a CSV file as RFC 4180 has it, or leave what is there as it was."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent}: make it, or name another file.")
    # A folder beside the file: on the same disk, so that the file is replaced whole or not at all.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        draft = Path(folder, path.name)
        with draft.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        os.replace(draft, path)


EXPORTERS: dict[str, type["GradesExport"]] = {}
"""The exporters of this module, by the names that the command line knows."""


class GradesExport(ExportPlugin):
    """What the exporters share: choosing, reading and writing. Each lays out its own rows.

    In a row, text is made inert, numbers stay numbers, and None is a grade that does not exist.
    """

    system = ""  # as in --to
    encoding = "utf-8"
    missing = ""

    def __init_subclass__(cls, **further: object) -> None:
        super().__init_subclass__(**further)
        if not cls.system or cls.system in EXPORTERS:
            raise TypeError(
                f"{cls.__name__} has the `system` {cls.system!r}: it should be a name for --to "
                "that no other exporter has."
            )
        EXPORTERS[cls.system] = cls

    def rows(
        self, students: list[Student], assignments: list[Assignment], graded: Submissions
    ) -> list[list]:
        """Lay out the file, from its headings on."""
        raise NotImplementedError(f"{type(self).__name__} has no method `rows`")

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `to` names, for the assignments and students chosen, or for all."""
        people = sorted(
            gradebook.students, key=lambda s: (s.last_name or "", s.first_name or "", s.id)
        )
        students = chosen({each.id: each for each in people}, self.student, "student")
        assignments = chosen(
            {each.name: each for each in gradebook.assignments}, self.assignment, "assignment"
        )
        graded = submissions(gradebook)
        rows = self.rows(students, assignments, graded)
        path = Path(self.to or f"grades-{self.system}.csv")
        write((list(map(self.cell, row)) for row in rows), path, self.encoding)
        self.warn([s for a in assignments for p in students if (s := graded.get((a.id, p.id)))])

    def cell(self, value: object) -> object:
        """Make a value safe to write."""
        if value is None:
            return self.missing
        return inert(value) if isinstance(value, str) else value

    def warn(self, exported: list[Submission]) -> None:
        """Say which grades are not final."""
        ungraded = sum(each.score is None for each in exported)
        waiting = sum(each.needs_manual_grade and each.score is not None for each in exported)
        if ungraded:
            self.log.warning("Submissions without a grade, left empty: %d", ungraded)
        if waiting:
            self.log.warning(
                "Submissions with answers still to be graded by hand, which count 0: %d", waiting
            )


def chosen(known: dict[str, object], wanted: list, kind: str) -> list:
    """Pick the wanted names in their known order; all if none is given."""
    names = {str(name) for name in wanted}  # nbgrader's command line makes numbers of 001
    if unknown := names - known.keys():
        raise ValueError(f"The gradebook has no {kind} {', '.join(sorted(unknown))}.")
    return [entry for name, entry in known.items() if not names or name in names]


def scores(
    student: Student, assignments: list[Assignment], graded: Submissions
) -> list[float | None]:
    """List a learner's grades, None where there is no submission or no grade for it."""
    # A 0 would be a grade: the learner would see it, and the course's system would count it,
    # although the work may still come, be excused, or wait for a person to look at it.
    entries = [graded.get((assignment.id, student.id)) for assignment in assignments]
    return [points(entry.score) if entry else None for entry in entries]


class CanvasExport(GradesExport):
    """What Canvas' gradebook imports: Grades, Import.

    Canvas wants these headings in this order, then the row of possible points. It looks for a
    learner by ID (its own number), SIS User ID, SIS Login ID and name, the first that fits; and for
    an assignment by its title. An empty cell is no score. A comma, UTF-8, no byte order mark.

    Source: lib/gradebook_importer.rb (process_student, update_column_count, no_score?) and
    lib/gradebook_exporter.rb in https://github.com/instructure/canvas-lms
    """

    system = "canvas"

    def rows(
        self, students: list[Student], assignments: list[Assignment], graded: Submissions
    ) -> list[list]:
        """One row for each learner, one column for each assignment."""
        columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        possible = [points(assignment.max_score) for assignment in assignments]
        return [
            [*columns, *(assignment.name for assignment in assignments)],
            ["    Points Possible", "", "", "", "", *possible],
            *(
                [*self.learner(student), "", *scores(student, assignments, graded)]
                for student in students
            ),
        ]

    def learner(self, student: Student) -> list[str]:
        """Fill the columns that say who it is; nbgrader's id may be either of the SIS ids."""
        name = ", ".join(filter(None, [student.last_name, student.first_name])) or student.id
        number = student.lms_user_id or ""
        # Canvas reads the digits that an ID begins with: 535fa08 would be its learner 535.
        number = number if re.fullmatch("[0-9]+", number) else ""
        return [name, number, student.id, student.id]


class MoodleExport(GradesExport):
    """What Moodle's gradebook imports: Grades, Import, CSV file; separator comma, encoding UTF-8.

    The teacher says there which column identifies a learner (Username, Email address or ID number)
    and which grade item a column goes to. Decimals may have a point in every language. `-` is no
    grade, as in Moodle's own export; an empty cell is none in an existing item, not in a new one.

    A grade above 100 is refused unless the site allows it.

    Sources: https://docs.moodle.org/311/en/Grade_import and grade/import/csv/classes/load_data.php
    in https://github.com/moodle/moodle/tree/MOODLE_401_STABLE
    """

    system = "moodle"
    missing = "-"

    def rows(
        self, students: list[Student], assignments: list[Assignment], graded: Submissions
    ) -> list[list]:
        """One row for each learner, one column for each assignment."""
        columns = {"Username": "id", "First name": "first_name", "Last name": "last_name"}
        # Moodle gives a row without an identifier to the learner of the row above. So a column to
        # identify learners by is there only where everyone has an entry in it.
        for column, field in {"Email address": "email", "ID number": "lms_user_id"}.items():
            if all(getattr(student, field) for student in students):
                columns[column] = field
        return [
            [*columns, *(assignment.name for assignment in assignments)],
            *(
                [
                    *(getattr(student, field) or "" for field in columns.values()),
                    *scores(student, assignments, graded),
                ]
                for student in students
            ),
        ]


class CsvExport(GradesExport):
    """All that nbgrader knows of each submission, a row each, for a spreadsheet or a program.

    Headings are those of nbgrader's own export, and needs_manual_grade. Times are UTC.
    """

    system = "csv"
    encoding = "utf-8-sig"  # without the mark, Excel reads Zoë as ZoÃ«

    HEADINGS = (
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade",
    )  # fmt: skip

    def rows(
        self, students: list[Student], assignments: list[Assignment], graded: Submissions
    ) -> list[list]:
        """One row for each submission, by assignment and then learner."""
        pairs = [(each, student) for each in assignments for student in students]
        return [
            list(self.HEADINGS),
            *(
                self.row(assignment, student, graded[assignment.id, student.id])
                for assignment, student in pairs
                if (assignment.id, student.id) in graded
            ),
        ]

    def row(self, assignment: Assignment, student: Student, entry: Submission) -> list:
        """Write down one submission, in the order of the headings."""
        return [
            assignment.name, entry.duedate, entry.timestamp,
            student.id, student.last_name, student.first_name, student.email,
            points(entry.raw_score), points(entry.penalty), points(entry.score),
            points(assignment.max_score), entry.needs_manual_grade,
        ]  # fmt: skip


def has_gradebook(url: str) -> bool:
    """Look for nbgrader's tables; nbgrader itself would make them, and an empty class of them."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").is_file():
        return False  # connecting would make the file
    engine = create_engine(where)
    try:
        return inspect(engine).has_table(SubmittedAssignment.__tablename__)
    except OperationalError as error:
        raise SystemExit(f"{where.render_as_string()} does not answer: {error.orig}") from None
    finally:
        engine.dispose()


def export(settings: Settings, to: str, file: Path | None = None) -> Path:
    """Export a class; return the file.

    to: a key of EXPORTERS. file: <class folder>/grades-<to>.csv by default.
    Raises SystemExit where there is no gradebook yet.
    """
    api = settings.open()
    url = api.coursedir.db_url
    if not has_gradebook(url):
        raise SystemExit(
            f"There is no gradebook at {make_url(url).render_as_string()}. nbgrader_config.py says "
            "where the class's is; it appears with its first assignment."
        )
    path = file or settings.class_folder / f"grades-{to}.csv"
    exporter = EXPORTERS[to](to=str(path), log=logging.getLogger(__name__))
    with api.gradebook as gradebook:
        exporter.export(gradebook)
    return path
