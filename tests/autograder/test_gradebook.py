"""This grader records the same as nbgrader's own `autograde` for the same class."""

import contextlib
import json
import stat

import pytest
import sqlalchemy
from nbgrader.api import Gradebook, MissingEntry
from traitlets.config import Config

from autograder.gradebook import OpenGradebook, Points
from autograder.settings import read_settings
from tests.autograder.small_class import WRONG, SmallClass

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
DUE = "2026-01-01 12:00:00 UTC"
LATE = "2026-01-03 11:00:00 UTC"
FILE = "helper.py"


def hand_in(group):
    """Hand in what touches every column: right, wrong, late, untouched, and two notebooks."""
    source = group.course / "build" / "source" / "small"
    (source / FILE).write_text("HELPER = 1\n")
    (source / "data").mkdir()
    (source / "data" / "numbers.csv").write_text("1,2\n")
    with group.gradebook() as gradebook:
        gradebook.update_or_create_assignment("small", duedate=DUE)
        gradebook.update_or_create_student("late", first_name="Late", last_name="Riser")
    group.hand_in("right")
    group.hand_in("wrong", double=WRONG, words="Because.")
    group.hand_in("late", double=WRONG)
    (group.submitted("late") / "timestamp.txt").write_text(LATE)
    (group.submitted("late") / FILE).write_text("HELPER = 2\n")
    group.hand_in("untouched", double="raise NotImplementedError", negate="")
    for name in ("one", "two"):
        group.hand_in("right", assignment="pair", name=name)
    group.hand_in("half", assignment="pair", name="one")
    group.hand_in("half", assignment="pair", name="two", double=WRONG)


def correct(group):
    """Correct by hand, as the formgrader does, and hand in once more."""
    with group.gradebook() as gradebook:
        grade = gradebook.find_grade("double-check", "small", "small", "wrong")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        gradebook.find_grade("words", "small", "small", "wrong").manual_score = 3
        gradebook.db.commit()
    group.hand_in("wrong", negate="def negate(x):\n    return x", words="Because.")


def rows(group) -> dict[str, list[dict]]:
    """Read the tables that hold submissions; cells and notebooks by name, since ids are random."""
    with contextlib.closing(group.gradebook()) as gradebook:
        tables = {name: read(gradebook, name) for name in TABLES}
        names = {
            row["id"]: row["name"]
            for table in ("base_cell", "notebook", "assignment")
            for row in read(gradebook, table)
        }
    for table in TABLES[1:]:
        for row in tables[table]:
            names[row["id"]] = [
                names.get(value, value)
                for column, value in row.items()
                if column.endswith("_id") and value is not None
            ]
    for table in TABLES:
        for row in tables[table]:
            for column, value in row.items():
                if column == "id" or column.endswith("_id"):
                    row[column] = names.get(value, value)
        tables[table].sort(key=lambda row: json.dumps(row, default=str))
    return tables


def read(gradebook, table) -> list[dict]:
    return [
        dict(row)
        for row in gradebook.db.execute(sqlalchemy.text(f"SELECT * FROM {table}")).mappings()
    ]


def files(group) -> dict[str, tuple]:
    """Read the folder of autograded notebooks: modes and contents."""
    folder = group.folder / "autograded"
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.stat().st_mode),
            content(path) if path.is_file() else None,
        )
        for path in folder.rglob("*")
    }


def content(path):
    if path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        del cell["id"]  # nbgrader's are random where a cell has none
        for key in ("deletable", "editable"):  # they matter only when the notebook is edited
            cell["metadata"].pop(key, None)
    return notebook


@pytest.fixture(scope="module")
def nbgraders(small_course, tmp_path_factory):
    """The class as nbgrader's command grades it: once, and once more."""
    group = SmallClass(small_course, tmp_path_factory.mktemp("nbgraders"))
    hand_in(group)
    for assignment in ("small", "pair"):
        group.nbgrader("autograde", assignment)
    first = rows(group), files(group)
    correct(group)
    group.nbgrader("autograde", "small", "--force", "--student=wrong")
    return first, (rows(group), files(group))


@pytest.mark.slow
def test_the_rows_and_the_files_are_nbgraders(small_class, graded, nbgraders):
    hand_in(small_class)
    for assignment in ("small", "pair"):
        graded(assignment)
    first = rows(small_class), files(small_class)
    correct(small_class)
    graded()
    second = rows(small_class), files(small_class)
    for (tables, written), (nbgraders_tables, nbgraders_files) in zip((first, second), nbgraders):
        assert tables == nbgraders_tables
        assert written.keys() == nbgraders_files.keys()
        for name, expected in nbgraders_files.items():
            assert written[name] == expected, name


@pytest.mark.slow
def test_a_grade_counts_as_nbgrader_counts_it(small_class, graded):
    small_class.hand_in("wrong", double=WRONG)
    graded()
    correct(small_class)
    graded()
    with small_class.gradebook() as gradebook:
        score = gradebook.find_submission("small", "wrong").score
    assert small_class.results()["wrong"]["score"] == score == 1.75 + 3
    assert Points(None, None, 5.0, 1.0).score == 0  # nobody has graded it yet


def test_who_is_not_enrolled_may_be_refused(small_class, graded):
    small_class.configure("c.Autograde.create_student = False")
    small_class.hand_in("stranger")
    with pytest.raises(SystemExit, match=r"0 graded, 1 could not be recorded"):
        graded()
    with small_class.gradebook() as gradebook, pytest.raises(MissingEntry):
        gradebook.find_student("stranger")


def test_a_submission_is_recorded_whole_or_not_at_all(small_class, monkeypatch):
    settings = read_settings(small_class.course)
    course = settings.open().coursedir
    course.db_url = small_class.db_url
    open_gradebook = OpenGradebook(course, "pair", Config())
    monkeypatch.setattr("nbgrader.preprocessors.SaveAutoGrades._add_comment", fail)
    notebooks = {"one": small_class.notebook("pair", "one")}
    with pytest.raises(RuntimeError, match="half way"):
        open_gradebook.record("somebody", None, notebooks)
    open_gradebook.close()
    with Gradebook(small_class.db_url, "lstm") as gradebook:
        assert gradebook.students == [] and gradebook.assignment_submissions("pair") == []


def fail(*_):
    raise RuntimeError("half way")
