"""The grader in another course, set up as the page for adopters says, in an empty folder."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from packaging.requirements import Requirement

from autograder import COURSE

PAGE = (COURSE / "book" / "adopt.md").read_text("utf-8")
CONFIG = re.search(r"\n:caption: nbgrader_config.py\n(.*?)```", PAGE, re.S)[1]

FILES = {
    "data/poem.txt": "The Moon and the moon\n",
    "tools/__init__.py": "",
    "tools/clean.py": "def clean(text):\n    return text.lower().split()\n",
}
SET_UP = "from tools.clean import clean\nPOEM = open('data/poem.txt').read()"
COUNT = "def count(text, word):\n    return clean(text).count(word)"
COUNT_TEST = (
    "assert count(POEM, 'moon') == 2, 'upper and lower case count alike'\n"
    "### BEGIN HIDDEN TESTS\nassert count('sun Sun SUN', 'sun') == 3, 'look at capitals'\n"
    "### END HIDDEN TESTS"
)
GREET = "def greet():\n    return f'Hello, {input()}!'"
GREET_TEST = (
    "from unittest.mock import patch\n"
    "with patch('builtins.input', return_value='Ada'):\n    assert greet() == 'Hello, Ada!'"
)
SAVE = "with open('words.txt', 'w') as file:\n    file.write('\\n'.join(sorted(set(clean(POEM)))))"
SAVE_TEST = "assert open('words.txt').read().split() == ['and', 'moon', 'the']"
PARTS_TEST = "points = 0.5 * (count('a a b', 'a') == 2) + (count('', 'a') == 0)\npoints"
TOGETHER = "c.SplitExecute.together = {'ps1': ['greet-test', 'save-test']}"


def cell(grade_id, source, points=None):
    """Make a cell to be solved, or a test with points."""
    if points is None:
        source = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    metadata = {"schema_version": 3, "grade_id": grade_id, "task": False, "locked": bool(points)}
    metadata |= {"grade": bool(points), "solution": not points} | (
        {"points": points} if points else {}
    )
    return new_code_cell(source, metadata={"nbgrader": metadata})


def source_notebook():
    cells = [
        new_markdown_cell("# Words"),
        new_code_cell(SET_UP),
        cell("count", COUNT),
        cell("count-test", COUNT_TEST, 2),
        cell("parts-test", PARTS_TEST, 1.5),
        cell("greet", GREET),
        cell("greet-test", GREET_TEST, 1),
        cell("save", SAVE),
        cell("save-test", SAVE_TEST, 1),
    ]
    return new_notebook(cells=cells)


class Adopted:
    """A course with the grader in it."""

    def __init__(self, folder):
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(COURSE / "autograder", folder / "autograder", ignore=ignored)
        (folder / "nbgrader_config.py").write_text(CONFIG)
        # Keras is not installed there.
        (folder / "keras.py").write_text("raise ModuleNotFoundError('no keras')")
        for name, content in FILES.items():
            path = folder / "source" / "ps1" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        nbformat.write(source_notebook(), folder / "source" / "ps1" / "words.ipynb")

    def run(self, *words):
        """Run a module as a command there."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {k: v for k, v in os.environ.items() if k != "COURSE_CLASS"} | {"PATH": path}
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    def done(self, *words):
        """Run a command that succeeds; return what it printed."""
        ended = self.run(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def hand_in(self, learner, **answers):
        """Hand in the released folder with these answers."""
        folder = self.folder / "submitted" / learner / "ps1"
        shutil.copytree(self.folder / "release" / "ps1", folder)
        notebook = nbformat.read(folder / "words.ipynb", 4)
        for each in notebook.cells:
            grade_id = each.metadata.get("nbgrader", {}).get("grade_id", "")
            each.source = answers.get(grade_id, each.source)
        nbformat.write(notebook, folder / "words.ipynb")

    def points(self, learner):
        """Return the points that the gradebook has."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            grades = gradebook.find_submission_notebook("words", "ps1", learner).grades
            return {grade.name: grade.auto_score for grade in grades}


@pytest.mark.long
@pytest.mark.slow
def test_another_course_is_graded_with_ten_lines_of_settings(tmp_path):
    course = Adopted(tmp_path / "elsewhere" / "words")
    course.done("nbgrader", "generate_assignment", "ps1")

    refused = course.run("autograder", "check", "ps1")
    assert refused.returncode == 1
    assert TOGETHER in refused.stderr and "accepted" not in refused.stderr
    course.hand_in("ada", count=COUNT, greet=GREET, save=SAVE)
    assert TOGETHER in course.run("autograder", "grade", "ps1").stderr
    assert TOGETHER in course.run("nbgrader", "autograde", "ps1").stderr
    assert not (course.folder / "results").exists()

    with (course.folder / "nbgrader_config.py").open("a") as file:
        file.write(f"{TOGETHER}\n")
    assert "The solution gets all points" in course.done("autograder", "check", "ps1")
    course.hand_in("bob", count=COUNT.replace("clean(text)", "text.split()"), save="None")
    assert course.done("autograder", "grade", "ps1").startswith("2 graded, 3.5 of 5.5 points")
    assert course.points("ada") == {
        "count-test": 2, "parts-test": 1.5, "greet-test": 1, "save-test": 1
    }  # fmt: skip
    assert course.points("bob") == {
        "count-test": 0, "parts-test": 1.5, "greet-test": 0, "save-test": 0
    }  # fmt: skip

    assert "ada" in course.done("autograder", "grades")
    page = Path(course.done("autograder", "report", "ps1").strip())
    assert "<code>greet-test</code>, <code>save-test</code>" in " ".join(page.read_text().split())
    assert Path(course.done("autograder", "export", "--to", "csv").strip()).read_text()
    result = json.loads((course.folder / "results" / "ps1" / "ada.json").read_text())
    assert [each["together"] for each in result["questions"]] == [False, False, True, True]

    course.done("nbgrader", "generate_feedback", "ps1")
    feedback = (course.folder / "feedback" / "bob" / "ps1" / "words.html").read_text()
    assert "upper and lower case count alike" in feedback
    assert "sun Sun SUN" not in feedback

    before = course.points("bob")
    course.done("nbgrader", "autograde", "ps1", "--force")
    assert course.points("bob") == before
    assert course.points("ada")["save-test"] == 1


def imported():
    """List the packages that the grader imports, by the names of their distributions."""
    modules = set()
    for path in (COURSE / "autograder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add((node.module or "").partition(".")[0])
    known = packages_distributions()
    return {known[each][0].lower() for each in modules - {"autograder", "keras"} if each in known}


def required(names):
    """List distributions and all that they require."""
    complete, waiting = set(), list(names)
    while waiting:
        name = waiting.pop().lower()
        if name in complete:
            continue
        complete.add(name)
        try:
            wanted = [Requirement(each) for each in requires(name) or []]
        except ModuleNotFoundError:
            continue
        waiting += [each.name for each in wanted if not each.marker or each.marker.evaluate()]
    return complete


@pytest.mark.slow
def test_the_page_names_all_packages_that_the_grader_imports():
    installed = re.search(r"pip install (.*)", PAGE)[1]
    named = {each.strip('"').partition("[")[0] for each in installed.split()} | {"tinycss2"}
    optional = {"distributed", "limits", "pandas", "pillow", "psycopg", "pyjwt"}
    assert {each for each in optional if re.search(rf"`{each}[`[]", PAGE)} == optional
    # SQLAlchemy imports psycopg, and pyjwt brings cryptography.
    assert imported() - required(named) == optional - {"psycopg"} | {"cryptography"}


def test_the_settings_are_ten_lines():
    assert len(CONFIG.splitlines()) == 10
