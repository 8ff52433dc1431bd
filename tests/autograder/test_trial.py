"""`try`: one notebook, graded without class or gradebook, with the points that nbgrader gives."""

import json
import re

import nbformat
import pytest

from autograder import trial
from autograder.__main__ import run
from autograder.settings import read_settings
from tests.autograder.small_class import WRONG

pytestmark = pytest.mark.slow


@pytest.fixture
def tried(small_class, small_judges, tmp_path, monkeypatch):
    """A function that tries a notebook and returns what the command would print."""
    monkeypatch.delenv("COURSE_CLASS", raising=False)

    def tried(content=None, name="small.ipynb", confined=True, **sources):
        path = tmp_path / "work" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content or nbformat.writes(small_class.notebook(**sources)))
        settings = read_settings(small_class.course)
        return trial.lines(trial.try_notebook(settings, path, confined, small_judges.execute))

    return tried


def test_each_graded_cell_has_a_line_and_the_sum_follows(tried):
    assert tried(words="Because.").splitlines() == [
        "double-check  2/2",
        "negate-check  3/3",
        "words         -/4  a person grades this",
        "sum           5/5",
    ]


def test_a_failure_is_told_in_its_own_words(tried):
    line = tried(double=WRONG).splitlines()[0]
    assert line.startswith("double-check  0/2  double is wrong")


def test_no_message_controls_the_terminal(small_class, small_judges, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        "autograder.settings.read_settings", lambda: read_settings(small_class.course)
    )
    path = tmp_path / "small.ipynb"
    double = "def double(x):\n    raise ValueError('\\x1b[31mred')"
    path.write_text(nbformat.writes(small_class.notebook(double=double)))
    run(["try", str(path)], small_judges.execute)
    printed = capsys.readouterr().out
    assert r"\x1b[31mred" in printed and "\x1b" not in printed


def test_a_test_in_the_learners_process_is_marked(tried, small_class):
    small_class.configure("c.SplitExecute.together = {'small': ['double-check']}")
    marked, other, *_ = tried(double=WRONG).splitlines()
    assert marked.startswith("double-check  0/2  (in the learner's process) double is wrong")
    assert other == "negate-check  3/3"


def test_it_gives_the_points_that_the_class_tool_records(tried, small_class, graded):
    small_class.hand_in("one", double=WRONG)
    graded()
    recorded = small_class.results()["one"]["questions"]
    points = re.findall(r"^(\S+-check) +(\d+)/", tried(double=WRONG), re.M)
    assert [(q["grade_id"], q["score"]) for q in recorded if q["diagnosis"] is not None] == [
        (name, float(score)) for name, score in points
    ]


def test_nothing_is_written_into_the_class(tried, small_class):
    before = sorted(small_class.folder.rglob("*"))
    tried()
    assert sorted(small_class.folder.rglob("*")) == before


def test_a_changed_check_is_restored_and_that_is_said(tried, small_class):
    notebook = json.loads(nbformat.writes(small_class.notebook(double=WRONG)))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double-check":
            cell["source"] = "pass"
    text = tried(json.dumps(notebook))
    assert "A locked cell had been changed and was restored: the check after double." in text
    assert "double-check  0/2" in text


def test_a_damaged_file_gets_nothing_and_a_reason(tried):
    text = tried("{")
    assert "could not be read: the file is damaged" in text
    assert "sum           0/9" in text or "sum           0/5" in text


def test_a_notebook_that_no_assignment_has_is_refused(tried):
    with pytest.raises(SystemExit, match=r"belongs to other\.ipynb\. There are: one, small, two"):
        tried(name="other.ipynb")


def test_without_any_notebooks_it_says_how_they_come_about(tmp_path):
    with pytest.raises(SystemExit, match="Make the course's notebooks first") as refused:
        trial.find_source(tmp_path / "small.ipynb", tmp_path / "source")
    assert "`nbgrader generate_assignment`" in str(refused.value)


def test_of_two_notebooks_with_one_name_the_folder_decides(tmp_path):
    for assignment in ("first", "second"):
        (tmp_path / "source" / assignment).mkdir(parents=True)
        (tmp_path / "source" / assignment / "same.ipynb").touch()
    path = tmp_path / "second" / "same.ipynb"
    assert trial.find_source(path, tmp_path / "source").parent.name == "second"
    with pytest.raises(SystemExit, match="There are: same"):
        trial.find_source(tmp_path / "third" / "same.ipynb", tmp_path / "source")
