"""The command that grades a class: what it does, says, and leaves alone."""

import fcntl
import json
import os
import pty
import sqlite3
from contextlib import closing
from datetime import datetime

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.reports.grades import read_grades
from autograder.settings import read_settings
from tests.autograder.small_class import ENDLESS, SOLUTIONS, WRONG, SmallClass
from tests.lanes import together

pytestmark = [pytest.mark.slow, together("grading")]

NOTHING = "Nothing is new or changed since it was graded."


def test_only_what_is_new_or_changed_is_graded(small_class, graded):
    small_class.hand_in_many(4)
    assert "4 graded, 3.0 of 5 points on average." in graded()
    before = small_class.results()
    assert graded().strip() == NOTHING

    small_class.hand_in("learner-01")
    small_class.hand_in("learner-09")
    assert "2 graded, 5.0 of 5" in graded()
    after = small_class.results()
    changed = {learner for learner in after if after[learner] != before.get(learner)}
    assert changed == {"learner-01", "learner-09"}

    results = small_class.folder / "results" / "small"
    (results / "learner-02.json").write_text('{"assignment": "sm')  # damaged
    (results / "learner-03.json").unlink()
    assert "2 graded" in graded()
    assert graded().strip() == NOTHING
    assert small_class.results().keys() == after.keys()


def test_what_the_instructor_changed_is_graded_again(small_class, graded):
    small_class.hand_in("learner-00")
    graded()
    with small_class.gradebook() as gradebook:
        gradebook.find_assignment("small").duedate = datetime(2026, 1, 1)
        gradebook.db.commit()
    small_class.submitted("learner-00").joinpath("timestamp.txt").write_text("2026-01-02 12:00 UTC")
    graded()
    assert small_class.results()["learner-00"]["penalty"] == 1.0  # two days begun, of 5 points
    with small_class.gradebook() as gradebook:
        gradebook.find_assignment("small").duedate = datetime(2026, 2, 1)
        gradebook.db.commit()
    assert "1 graded" in graded()
    assert small_class.results()["learner-00"]["penalty"] == 0
    small_class.configure('c.SplitExecute.limits = {"*": {"cell_seconds": 3}}')
    assert "1 graded" in graded()
    assert graded().strip() == NOTHING


def test_each_submission_that_needs_a_human_has_a_line_with_the_reason(small_class, graded):
    small_class.hand_in("learner-00")
    small_class.hand_in("damaged", "{half")
    small_class.hand_in("empty", "")
    small_class.submitted("nothing").mkdir(parents=True)
    small_class.hand_in("when")
    small_class.submitted("when").joinpath("timestamp.txt").write_text("yesterday, I think")
    printed = graded()
    lines = sorted(line for line in printed.splitlines() if line.startswith("needs a human"))
    assert lines == [
        "needs a human: damaged: small: the file is damaged: it is not valid JSON",
        "needs a human: empty: small: the file is damaged: it is not valid JSON",
        "needs a human: nothing: small: there is no file small.ipynb",
        "needs a human: when: timestamp.txt holds no time, so nobody knows whether it was late",
    ]
    assert "5 graded, 2.0 of 5 points on average, 4 need a human." in printed
    for learner, result in small_class.results().items():
        assert len(result["notes"]) == (learner != "learner-00")
    assert {k: r["score"] for k, r in small_class.results().items()} == {
        "learner-00": 5, "damaged": 0, "empty": 0, "nothing": 0, "when": 5,
    }  # fmt: skip


def test_no_timestamp_keeps_the_grades_of_others_from_being_seen(small_class, graded):
    contents = [
        b"now", b"\xff\xfe\0", b"0001-01-01 00:00:00 +1400", b"9" * 20, b"9999-12-31 23:59", b"",
    ]  # fmt: skip
    for number, content in enumerate(contents):
        small_class.hand_in(f"text-{number}")
        (small_class.submitted(f"text-{number}") / "timestamp.txt").write_bytes(content)
    for learner, make in {"folder": os.mkdir, "pipe": os.mkfifo}.items():
        small_class.hand_in(learner)
        make(small_class.submitted(learner) / "timestamp.txt")
    small_class.hand_in("honest")
    graded()
    small_class.hand_in("later")
    os.mkfifo(small_class.submitted("later") / "timestamp.txt")
    settings = read_settings(small_class.course)
    grades = {each.learner: each.score for each in read_grades(settings)}
    assert grades.pop("later") is None
    assert len(grades) == 9 and set(grades.values()) == {5}
    shown = settings.open().get_submissions("small")  # by the formgrader
    assert {each["student"] for each in shown} == {*grades, "later"}


def test_no_name_controls_the_terminal(small_class, graded):
    small_class.submitted("a\x1b[2Jb").mkdir(parents=True)
    printed = graded()
    assert r"needs a human: a\x1b[2Jb: small: there is no file small.ipynb" in printed
    assert "\x1b" not in printed


def test_a_terminal_shows_a_bar_with_the_time_left(small_class):
    small_class.hand_in_many(2)
    above, below = pty.openpty()
    process = small_class.start(stdout=below, env={"TERM": "xterm", "COLUMNS": "100"})
    os.close(below)
    shown = b""
    try:
        while part := os.read(above, 4096):
            shown += part
    except OSError:  # no process writes to it any more
        pass
    os.close(above)
    assert process.wait(60) == 0
    assert all(part in shown.decode() for part in ("0/2", "2/2", "-:--:--")), shown


def test_no_query_reads_a_table_whole_that_grows_with_the_class(small_class, graded):
    small_class.hand_in_many(2)
    graded()
    small_class.hand_in("learner-00", double=WRONG)
    small_class.hand_in("newcomer")
    asked = set()

    def note(connection, cursor, statement, parameters, *_):
        if statement.startswith("SELECT"):
            asked.add((statement, tuple(parameters)))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        graded()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(small_class.folder / "gradebook.db")) as database:
        plans = {
            step
            for statement, parameters in asked
            for *_, step in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        }
    used = {tuple(step.split()[:2]) for step in plans}
    assert ("SEARCH", "grade") in used
    growing = {"grade", "comment", "submitted_notebook", "submitted_assignment", "student"}
    assert not {("SCAN", table) for table in growing} & used, plans


def test_an_unknown_assignment_is_named_with_the_known_ones(graded):
    with pytest.raises(SystemExit, match=r"no assignment 'smal' .* It knows: pair, small"):
        graded("smal")


def test_nothing_handed_in_says_what_fetches_it(graded):
    with pytest.raises(SystemExit, match=r"Nobody has handed in small yet. `nbgrader collect"):
        graded()


def test_a_class_is_graded_by_one_command_at_a_time(small_class, graded):
    small_class.hand_in("learner-00")
    with (small_class.folder / "grading.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="is being graded by another command"):
            graded()
    assert small_class.results() == {}
    graded()


ODD = [
    "a[1]",
    "ü b",
    "o'neil",
    "x@y.org",
    "a*",
    "-f",
    "a.json",
    "100%",
    "{student_id}",
    "a+b",
    '"q"',
]


def test_a_learner_may_have_any_name(small_class, graded):
    for number, learner in enumerate(ODD):
        small_class.hand_in(learner, double=WRONG if number % 2 else SOLUTIONS["double"])
    graded()
    scores = {learner: result["score"] for learner, result in small_class.results().items()}
    assert scores == {learner: 3 if number % 2 else 5 for number, learner in enumerate(ODD)}
    assert {learner for learner, *_ in small_class.points()} == set(ODD)
    assert graded().strip() == NOTHING


def test_all_notebooks_of_an_assignment_count_and_unknown_ones_do_not(small_class, graded):
    small_class.hand_in("both", assignment="pair", name="one")
    small_class.hand_in("both", assignment="pair", name="two", double=WRONG)
    small_class.hand_in("first", assignment="pair", name="one")
    small_class.hand_in("further", assignment="pair", name="one")
    small_class.hand_in("further", assignment="pair", name="two")
    small_class.hand_in("further", "no notebook", assignment="pair", name="three")
    printed = graded("pair")
    assert "needs a human: first: two: there is no file two.ipynb" in printed
    results = small_class.results("pair")
    scores = {learner: result["score"] for learner, result in results.items()}
    assert scores == {"both": 8, "first": 5, "further": 10}
    assert {result["auto_max_score"] for result in results.values()} == {10}
    assert [len(result["questions"]) for result in results.values()] == [6, 6, 6]


def test_points_that_a_person_gave_survive_the_next_grading(small_class, graded):
    small_class.hand_in("learner-00", double=WRONG)
    graded()
    with small_class.gradebook() as gradebook:
        written = gradebook.find_grade("words", "small", "small", "learner-00")
        written.manual_score, written.needs_manual_grade = 3.5, False
        gradebook.find_grade("negate-check", "small", "small", "learner-00").extra_credit = 0.5
        comment = gradebook.find_comment("words", "small", "small", "learner-00")
        comment.manual_comment = "well said"
        gradebook.db.commit()
    small_class.hand_in("learner-00")
    graded()
    result = small_class.results()["learner-00"]
    assert result["score"] == 2 + 3 + 0.5 + 3.5
    assert [question["score"] for question in result["questions"]] == [2, 3, 3.5]
    with small_class.gradebook() as gradebook:
        comment = gradebook.find_comment("words", "small", "small", "learner-00")
        assert comment.comment == "well said"


def without_first_cells(notebook):
    del notebook.cells[:2]


def in_cells_of_ones_own(notebook):
    """Nothing is left but the code, as when a tool drops all metadata."""
    for cell in notebook.cells:
        cell.metadata = {}


def before_untouched_cells(notebook):
    answers = [new_code_cell(source) for source in SOLUTIONS.values()]
    stubs = [cell for cell in notebook.cells if cell.source in SOLUTIONS.values()]
    for stub in stubs:
        stub.source = STUBS[stub.metadata.nbgrader.grade_id]
    notebook.cells[2:2] = answers


def with_keras(notebook):
    for cell in notebook.cells:
        if cell.source in SOLUTIONS.values():
            cell.source = f"import keras\nkeras.layers.LSTM(3)\n{cell.source}"


STUBS = dict[str, str]()


@pytest.mark.parametrize(
    "change", [without_first_cells, in_cells_of_ones_own, before_untouched_cells, with_keras]
)
def test_a_right_answer_keeps_its_points(small_class, graded, change):
    released = nbformat.read(small_class.course / "exercises" / "small" / "small.ipynb", 4)
    known = [cell for cell in released.cells if "nbgrader" in cell.metadata]
    STUBS.update({cell.metadata.nbgrader.grade_id: cell.source for cell in known})
    notebook = small_class.notebook()
    change(notebook)
    small_class.hand_in("learner-00", nbformat.writes(notebook))
    assert "1 graded, 5.0 of 5 points" in graded()


# Submissions: the sources of their cells or their file, the score, words of the feedback.
DEEDS = {
    "right": ({}, 5, ""),
    "wrong": ({"double": WRONG}, 3, "double is wrong"),
    "raises": ({"double": "def double(x):\n    raise ValueError('my own')"}, 3, "my own"),
    "syntax": ({"double": "def double(x:\n    return"}, 3, "SyntaxError"),
    "exits": ({"double": "import sys\nsys.exit(3)"}, 3, "is not defined"),
    "ends": ({"double": "import os\nos._exit(3)"}, 3, "ended its own process (exit code 3)"),
    "signal": ({"double": "import os\nos.kill(os.getpid(), 9)"}, 3, "SIGKILL"),
    "endless": ({"double": ENDLESS}, 3, "ran too long"),
    "endless cell": ({"double": "while True: pass"}, 3, "ran too long"),
    "flood": ({"double": "while True: print('x' * 1000)"}, 3, "KB of output"),
    "memory": ({"double": "a = bytearray(2 ** 40)"}, 3, "MemoryError"),
    "object": ({"double": "def double(x):\n    return object()"}, 3, "Only plain data"),
    "untouched": (None, 0, "NotImplementedError"),
    "not JSON": ("{", 0, "not valid JSON"),
    "no notebook": ("{}", 0, "could not be read"),
    "lists": ("[[[]]]", 0, "could not be read"),
}


@pytest.fixture(scope="module")
def deeds(small_course, tmp_path_factory):
    group = SmallClass(small_course, tmp_path_factory.mktemp("deeds"))
    released = (group.course / "exercises" / "small" / "small.ipynb").read_text()
    for name, (deed, _, _) in DEEDS.items():
        if isinstance(deed, dict):
            group.hand_in(name, **deed)
        else:
            group.hand_in(name, deed if deed is not None else released)
    assert group.grade().returncode == 0
    group.nbgrader("generate_feedback", "small")
    return group


@pytest.mark.parametrize("name", DEEDS)
def test_whatever_a_submission_does_it_gets_a_score_and_feedback(deeds, name):
    _, score, words = DEEDS[name]
    result = deeds.results()[name]
    assert result["score"] == score
    assert [question["max_score"] for question in result["questions"]] == [2, 3, 4]
    failed = [q for q in result["questions"] if q["score"] == 0 and q["diagnosis"] is not None]
    assert all(q["diagnosis"] == "error" and q["message"] for q in failed)
    page = (deeds.folder / "feedback" / name / "small" / "small.html").read_text("utf-8")
    text = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    assert f"{score} of 9 points" in text
    assert words in text
    assert "HIDDEN" not in page and "double(7)" not in text


def test_autograded_notebooks_are_valid(deeds):
    for name in DEEDS:
        path = deeds.folder / "autograded" / name / "small" / "small.ipynb"
        nbformat.validate(json.loads(path.read_text("utf-8")))


def test_without_a_sandbox_each_result_and_page_says_so(small_class, graded):
    small_class.hand_in("learner-00")
    printed = graded(confined=False)
    assert "WITHOUT A SANDBOX" in printed
    assert small_class.results()["learner-00"]["sandboxed"] is False
    page = small_class.folder / "autograded" / "learner-00" / "small" / "small.ipynb"
    assert "Graded without a sandbox" in page.read_text("utf-8")
    assert graded() == "1 graded, 5.0 of 5 points on average.\n"
    assert small_class.results()["learner-00"]["sandboxed"] is True


def test_without_bubblewrap_it_stops_with_one_message(small_class, tmp_path):
    small_class.hand_in("learner-00")
    empty = tmp_path / "bin"
    empty.mkdir()
    done = small_class.grade(env={"PATH": str(empty)})
    assert done.returncode == 1
    assert "bubblewrap is not installed" in done.stderr and "--no-sandbox" in done.stderr
    assert "Traceback" not in done.stderr
    assert small_class.results() == {}


def test_judges_that_cannot_start_end_the_command_with_a_message(small_class):
    small_class.hand_in("learner-00")
    program = small_class.course / "autograder" / "judge" / "process.py"
    program.write_text("raise ImportError('no TensorFlow here')")
    done = small_class.grade()
    assert done.returncode == 1
    assert "no TensorFlow here" in done.stderr
    assert "Is everything installed that the grader and" in done.stderr
    assert small_class.results() == {}
