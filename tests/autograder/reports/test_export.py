"""Grades exported for Canvas, Moodle and spreadsheets."""

import csv
import shutil
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from sqlalchemy import event

from autograder.reports.export import (
    EXPORTERS,
    CanvasExport,
    CsvExport,
    GradesExport,
    MoodleExport,
    export,
    inert,
    write,
)
from autograder.settings import read_settings
from course.nbgrader_commands import Command, must_run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("export"),  # one worker, so that the class is made once
    # nbgrader's own add_submission
    pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning"),
]

DUE = datetime(2026, 3, 2, 20)


@pytest.fixture(scope="module")
def empty_class(tmp_path_factory):
    """A class without learners. Two assignments, each with two questions of 6 points."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CLASS", str(folder))
        opened = read_settings().open()
    with opened.gradebook as gradebook:  # takes nbgrader seconds, so it is done once
        for name, due in ("one", DUE), ("two", DUE + timedelta(weeks=1)):
            gradebook.add_assignment(name, duedate=due)
            gradebook.add_notebook(name, name)
            for cell, kind in ("check", "code"), ("words", "markdown"):
                gradebook.add_grade_cell(cell, name, name, max_score=6, cell_type=kind)
    return folder


@pytest.fixture
def gradebook(empty_class, tmp_path):
    """The gradebook of that class, for one test."""
    copy = shutil.copy(empty_class / "gradebook.db", tmp_path)
    with Gradebook(f"sqlite:///{copy}", "lstm") as opened:
        yield opened


def hand_in(gradebook, learner, auto=None, manual=None, penalty=None, extra=None, assignment="one"):
    """Enter a submission, as the autograder and a person leave it."""
    submission = gradebook.add_submission(assignment, learner, timestamp=DUE)
    (notebook,) = submission.notebooks
    notebook.late_submission_penalty = penalty
    for grade in notebook.grades:
        if grade.name == "check":
            grade.auto_score, grade.extra_credit = auto, extra
            grade.needs_manual_grade = auto is None
        else:
            grade.manual_score, grade.needs_manual_grade = manual, manual is None
    gradebook.db.commit()
    return submission


def table(exporter, gradebook, folder, **options):
    """Export, and read the file back as a program would."""
    path = folder / "grades.csv"
    exporter(to=str(path), **options).export(gradebook)
    with path.open(newline="", encoding=exporter.encoding) as file:
        return list(csv.reader(file))


@pytest.fixture
def people(gradebook):
    """Graded and late, graded with nothing right, autograding failed, nothing handed in."""
    gradebook.add_student(
        "zoe", first_name="Zoë", last_name="Ångström", email="z@example.org", lms_user_id="17"
    )
    hand_in(gradebook, "zoe", auto=6, manual=2.7, penalty=0.9)  # 8.7 - 0.9 is 7.799999999999999
    gradebook.add_student("bo", first_name="Bo", email="b@example.org", lms_user_id="535fa08")
    hand_in(gradebook, "bo", auto=0, manual=0)
    gradebook.add_student("failed", last_name="C", email="c@example.org")
    hand_in(gradebook, "failed")
    gradebook.add_student("nameless", email="d@example.org")
    return gradebook


def test_canvas_gets_its_headings_the_possible_points_and_a_row_for_each_learner(people, tmp_path):
    assert table(CanvasExport, people, tmp_path) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "one", "two"],
        ["    Points Possible", "", "", "", "", "12.0", "12.0"],
        ["nameless", "", "nameless", "nameless", "", "", ""],
        ["Bo", "", "bo", "bo", "", "0.0", ""],  # Canvas would take 535fa08 for its learner 535
        ["C", "", "failed", "failed", "", "", ""],
        ["Ångström, Zoë", "17", "zoe", "zoe", "", "7.8", ""],
    ]


def test_moodle_gets_a_dash_where_there_is_no_grade(people, tmp_path):
    assert table(MoodleExport, people, tmp_path) == [
        ["Username", "First name", "Last name", "Email address", "one", "two"],
        ["nameless", "", "", "d@example.org", "-", "-"],
        ["bo", "Bo", "", "b@example.org", "0.0", "-"],
        ["failed", "", "C", "c@example.org", "-", "-"],
        ["zoe", "Zoë", "Ångström", "z@example.org", "7.8", "-"],
    ]


def test_moodle_gets_no_column_to_identify_learners_by_that_lacks_one(people, tmp_path):
    people.add_student("e", lms_user_id="5")
    assert table(MoodleExport, people, tmp_path)[0][:4] == [
        "Username", "First name", "Last name", "one",
    ]  # fmt: skip


def test_csv_has_a_row_with_all_that_is_known_for_each_submission(people, tmp_path):
    people.find_submission("one", "bo").extension = timedelta(days=1)
    due, extended = "2026-03-02 20:00:00", "2026-03-03 20:00:00"
    bo, zoe = ["bo", "", "Bo", "b@example.org"], ["zoe", "Ångström", "Zoë", "z@example.org"]
    assert table(CsvExport, people, tmp_path) == [
        list(CsvExport.HEADINGS),
        ["one", extended, due, *bo, "0.0", "0.0", "0.0", "12.0", "False"],
        ["one", due, due, "failed", "C", "", "c@example.org", "", "0.0", "", "12.0", "True"],
        ["one", due, due, *zoe, "8.7", "0.9", "7.8", "12.0", "False"],
    ]


@pytest.mark.parametrize(
    "marks",
    [
        {"auto": 5, "manual": 3, "penalty": 2.4},
        {"auto": 5, "manual": 3, "extra": 1.25},
        {"auto": 5, "penalty": 0.1},  # the written answer is open
        {"auto": 1, "manual": 0, "penalty": 4},
        {"auto": -2, "manual": 0},
    ],
)
def test_scores_are_those_of_nbgraders_own_export(gradebook, tmp_path, marks):
    gradebook.add_student("a")
    entry = hand_in(gradebook, "a", **marks)
    expected = {
        "raw_score": entry.score,
        "late_submission_penalty": entry.late_submission_penalty,
        "score": max(0.0, entry.score - entry.late_submission_penalty),
        "max_score": entry.max_score,
    }
    headings, row = table(CsvExport, gradebook, tmp_path)
    exported = dict(zip(headings, row))
    assert {key: float(exported[key]) for key in expected} == pytest.approx(expected)
    assert exported["needs_manual_grade"] == str(entry.needs_manual_grade)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+2", "'=1+2"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("O;=1+2", "O;'=1+2"),  # a semicolon separates cells where the comma is for decimals
        ("a-b@c=d+e", "a-b@c=d+e"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_inert(text, shown):
    assert inert(text) == shown


@pytest.mark.parametrize("exporter", EXPORTERS.values())
def test_every_text_of_an_export_is_inert_and_numbers_stay_numbers(gradebook, tmp_path, exporter):
    gradebook.add_assignment("=two", duedate=DUE)
    gradebook.add_student(
        "+id", first_name="@first", last_name="=last", email="-e@example.org", lms_user_id="=7"
    )
    hand_in(gradebook, "+id", auto=-1.5, manual=0)
    hand_in(gradebook, "+id", assignment="two")
    cells = {cell for row in table(exporter, gradebook, tmp_path) for cell in row}
    assert {cell for cell in cells if cell[:1] in {*"=+-@"}} <= {"-", "-1.5"}
    assert "'+id" in cells
    assert "-1.5" in cells or exporter is not CsvExport  # the others have no score below 0


@pytest.mark.parametrize("exporter", EXPORTERS.values())
def test_a_grade_that_does_not_exist_is_not_0(gradebook, tmp_path, exporter):
    gradebook.add_student("nobody", last_name="Nobody")
    rows = [row for row in table(exporter, gradebook, tmp_path) if "nobody" in row]
    assert [cell for row in rows for cell in row if cell in ("0", "0.0")] == []


@pytest.mark.parametrize("names", [{}, {"system": "csv"}])
def test_an_exporter_needs_a_name_of_its_own(names):
    with pytest.raises(TypeError, match=r"Unnamed has the `system` '(csv)?': it should"):
        type("Unnamed", (GradesExport,), names)


@pytest.mark.parametrize("exporter", EXPORTERS.values())
@pytest.mark.parametrize("name", ['O"Hara, "Zoë"; Jr', "two\nlines", "two\r\nlines", "李 𝄞", " x "])
def test_names_come_back_as_they_were(gradebook, tmp_path, exporter, name):
    gradebook.add_student("a", last_name=name)
    hand_in(gradebook, "a", auto=1)
    assert name in table(exporter, gradebook, tmp_path)[-1], "the row lacks the last name"


NAMES = st.text(max_size=30) | st.sampled_from(
    ["=1+2", "\u202egnp.exe", "\x00\x1b[2J", "=" + "a" * 10_000, "\r\n", "+\t=", '"', ";=1"]
)


@pytest.mark.slow
@pytest.mark.fuzz
@given(
    names=st.lists(NAMES, min_size=3, max_size=3), exporter=st.sampled_from([*EXPORTERS.values()])
)
def test_whatever_names_there_are_each_learner_has_a_row_without_a_formula(
    empty_class, tmp_path_factory, names, exporter
):
    first, last, email = names
    folder = tmp_path_factory.mktemp("names")
    copy = shutil.copy(empty_class / "gradebook.db", folder)
    with Gradebook(f"sqlite:///{copy}", "lstm") as opened:
        opened.add_student("a", first_name=first, last_name=last, email=email)
        opened.add_student("b")
        hand_in(opened, "a", auto=1, manual=0)
        hand_in(opened, "b", auto=2, manual=0)
        rows = table(exporter, opened, folder)
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert {"a", "b"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in {*"=+@\t\r\n"}]


def test_assignments_and_students_can_be_chosen(people, tmp_path):
    rows = table(MoodleExport, people, tmp_path, assignment=["two"], student=["zoe", "bo"])
    assert [(row[0], row[-1]) for row in rows] == [("Username", "two"), ("bo", "-"), ("zoe", "-")]


def test_an_unknown_learner_is_named(people, tmp_path):
    with pytest.raises(ValueError, match="no student nobody"):
        table(MoodleExport, people, tmp_path, student=["zoe", "nobody"])


def test_an_export_that_fails_leaves_the_file_before_it(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("precious")

    def rows():
        yield ["half"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(rows(), path, "utf-8")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [
        ("grades.csv", "precious")
    ]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        write([], tmp_path / "missing" / "grades.csv", "utf-8")


@pytest.mark.parametrize("exporter", EXPORTERS.values())
def test_a_larger_class_asks_the_database_no_more_often(gradebook, tmp_path, exporter):
    asked = []
    event.listen(gradebook.engine, "before_cursor_execute", lambda *_: asked.append(1))
    counts = []
    for learner in "abc":
        gradebook.add_student(learner)
        hand_in(gradebook, learner, auto=1)
        hand_in(gradebook, learner, auto=1, assignment="two")
        gradebook.db.expire_all()
        asked.clear()
        table(exporter, gradebook, tmp_path)
        counts.append(len(asked))
    assert counts[0] == counts[2] > 0


@pytest.fixture
def chosen_class(people, tmp_path, monkeypatch):
    """The class of nbgrader_config.py, for this test."""
    monkeypatch.setenv("COURSE_CLASS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("to", EXPORTERS)
def test_the_command_writes_into_the_class_and_says_where(chosen_class, to):
    assert export(read_settings(), to) == chosen_class / f"grades-{to}.csv"
    assert "zoe" in (chosen_class / f"grades-{to}.csv").read_text("utf-8")


def test_the_command_writes_the_file_it_is_given(chosen_class):
    export(read_settings(), "csv", chosen_class / "mine.csv")
    assert (chosen_class / "mine.csv").exists()


def test_the_command_says_what_is_not_final(chosen_class, people, caplog):
    hand_in(people, "nameless", auto=3)
    export(read_settings(), "canvas")
    messages = [r.getMessage() for r in caplog.records if r.name == "autograder.reports.export"]
    assert messages == [
        "Submissions without a grade, left empty: 1",
        "Submissions with answers still to be graded by hand, which count 0: 1",
    ]


def test_without_a_gradebook_the_command_says_so_and_makes_none(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CLASS", str(tmp_path))
    with pytest.raises(SystemExit, match="There is no gradebook at sqlite:///"):
        export(read_settings(), "csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_nbgraders_own_command_runs_an_exporter(chosen_class):
    path = chosen_class / "mine.csv"
    must_run(
        Command(
            ("export", "--exporter=autograder.reports.export.CanvasExport", f"--to={path}"),
            log=chosen_class / "log",
            environment={"COURSE_CLASS": str(chosen_class)},
        )
    )
    assert "Points Possible" in path.read_text("utf-8")
