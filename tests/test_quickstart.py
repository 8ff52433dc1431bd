"""nbgrader's own quickstart course, and one with more of nbgrader's features, graded twice.

Stock nbgrader and split execution must give every cell of every submission the same score.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from course import COURSE
from course.nbgrader_commands import Command, must_run, run_all

pytestmark = [pytest.mark.slow, pytest.mark.release, pytest.mark.xdist_group("quickstart")]

SPLIT = f"""
import os, sys
sys.path.insert(0, {str(COURSE)!r})
from autograder.plugins.split_execute import SplitExecute
from nbgrader.preprocessors import *
c.Autograde.autograde_preprocessors = [
    SplitExecute, IgnorePattern, LimitOutput, SaveAutoGrades, AssignLatePenalties,
    CheckCellMetadata,
]
c.SplitExecute.limits = {{"*": {{"cell_seconds": 5}}}}
c.SplitExecute.together = {{"ps2": ["axes-test", "output-test", "own-test"]}}
c.SplitExecute.sandbox = "WITHOUT_SANDBOX" not in os.environ
"""

RIGHT_SQUARES = (
    'def squares(n):\n    if n < 1: raise ValueError("too small")\n'
    "    return [i ** 2 for i in range(1, n + 1)]"
)
RIGHT_SUM = "def sum_of_squares(n): return sum(squares(n))"
PS1 = {
    "right": {"squares": RIGHT_SQUARES, "sum_of_squares": RIGHT_SUM},
    "untouched": {},
    "no error": {"squares": RIGHT_SQUARES.replace("n < 1", "False"), "sum_of_squares": RIGHT_SUM},
    "another error": {"squares": RIGHT_SQUARES.replace("ValueError", "KeyError")},
    "no reuse": {
        "squares": RIGHT_SQUARES,
        "sum_of_squares": "def sum_of_squares(n): return n * (n + 1) * (2 * n + 1) // 6",
    },
    "off by one": {
        "squares": RIGHT_SQUARES.replace("n + 1", "n"),
        "sum_of_squares": "def sum_of_squares(n): return sum(squares(n)) + n ** 2",
    },
    "broken": {"squares": "def squares(n:", "sum_of_squares": RIGHT_SUM},
    "answers": {
        "sum_of_squares_equation": "My equation.",
        "sum_of_squares_application": "print('mine')",
        "part-a": "My words.",
    },
}

SOLUTION, TEST, MANUAL = {"solution": True}, {"grade": True, "locked": True}, {"solution": True}
MANUAL |= {"grade": True}


def cell(grade_id, source, kind=None, points=1, make=new_code_cell):
    """Make a cell of an instructor's notebook; without a kind, nbgrader leaves it alone."""
    if kind is None:
        return make(source)
    known = {"grade": False, "solution": False, "locked": False, "task": False, **kind}
    known |= {"grade_id": grade_id, "schema_version": 3}
    return make(
        source, metadata={"nbgrader": known | ({"points": points} if "grade" in kind else {})}
    )


def solution(grade_id, source):
    """Make a cell that holds a solution."""
    first, _, rest = source.partition("\n")
    text = f"{first}\n    ### BEGIN SOLUTION\n{rest}\n    ### END SOLUTION"
    return cell(grade_id, text, SOLUTION)


PS2_CELLS = [
    cell("", "import math as m\nimport matplotlib.pyplot as plt\nRATE = 3"),
    cell(
        "set-up",
        "import numpy as np\nLIMIT = 10\ndef near(a, b): return abs(a - b) < 0.1",
        {"locked": True},
    ),
    solution("f", "def f(x):\n    return x * x"),
    cell(
        "partial",
        "points = 0\nif f(2) == 4:\n    points += 1\nif f(3) == 9:\n    points += 1\n"
        "if f(-1) == 1:\n    points += 1\npoints",
        TEST,
        points=3,
    ),
    cell("magic", "%%time\nassert f(4) == 16", TEST),
    cell("shell", "!true\nassert f(4) == 16", TEST),
    cell("imports", "assert near(m.sqrt(f(5)), 5) and np.isclose(f(0.5), 0.25)", TEST),
    cell(
        "hidden",
        "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(LIMIT) == 100\n### END HIDDEN TESTS",
        TEST,
    ),
    cell(
        "values",
        "x_squared = None\n### BEGIN SOLUTION\nx_squared = [f(x) for x in range(3)]\n"
        "### END SOLUTION",
        SOLUTION,
    ),
    cell("values-test", "assert x_squared == [0, 1, 4]\nassert len(x_squared) == 3", TEST),
    solution("hello", "def hello(name):\n    print('Hello', name)"),
    cell(
        "printed",
        "from IPython.utils.capture import capture_output\nwith capture_output() as out:"
        "\n    hello('you')\nassert out.stdout == 'Hello you\\n'",
        TEST,
    ),
    cell(
        "printed-too",
        "import io, contextlib\nout = io.StringIO()\n"
        "with contextlib.redirect_stdout(out):\n    hello('me')\nassert 'me' in out.getvalue()",
        TEST,
    ),
    solution("plot", "def plot(values):\n    plt.plot(values)\n    plt.show()"),
    cell("plotted", "plot([1, 2])\nplt.figure()", TEST),
    solution("deposit", "def deposit(n):\n    global balance\n    balance = n"),
    cell("global", "deposit(7)\nassert balance == 7", TEST),
    cell(
        "account",
        "class Account:\n    ### BEGIN SOLUTION\n    def __init__(self):\n"
        "        self.log = []\n    def add(self, n):\n        self.log.append(n)\n"
        "        return sum(self.log)\n    ### END SOLUTION",
        SOLUTION,
    ),
    cell(
        "account-test",
        "a, b = Account(), Account()\na.add(2)\nassert a.add(3) == 5\n"
        "assert a.log == [2, 3] and b.log == []",
        TEST,
    ),
    cell(
        "errors",
        "import unittest\nwith unittest.TestCase().assertRaises(TypeError):\n    f('a')",
        TEST,
    ),
    cell(
        "helper",
        "def twice(function, x): return function(function(x))\nassert twice(f, 3) == 81",
        TEST,
    ),
    cell("mocked", "old, RATE = RATE, 5\nassert f(RATE) == 25\nRATE = old", TEST),
    cell("manual", "# write a program", MANUAL, points=2),
    cell("written", "Write.", MANUAL, points=2, make=new_markdown_cell),
    cell(
        "axes",
        "def axes():\n    ### BEGIN SOLUTION\n    return plt.subplots()[1]\n    ### END SOLUTION",
        SOLUTION,
    ),
    cell("axes-test", "assert axes().get_title() == ''", TEST),
    solution("total", "def total():\n    return sum(map(int, open('data/numbers.txt')))"),
    cell(
        "file-test",
        "from tools.helper import scale\nassert scale(total()) == 12\n"
        "assert open('data/numbers.txt').read() == '1\\n2\\n3\\n'",
        TEST,
    ),
    cell(
        "writes",
        "### BEGIN SOLUTION\nwith open('out.txt', 'w') as file:\n    file.write(str(total()))\n"
        "### END SOLUTION",
        SOLUTION,
    ),
    cell("output-test", "assert open('out.txt').read() == '6'", TEST),
    cell("own-test", "import own\nassert own.answer() == 42", TEST),
]
PS2_FILES = {
    "data/numbers.txt": "1\n2\n3\n",
    "tools/helper.py": "def scale(x):\n    return 2 * x",
    "own.py": "def answer():\n    return 42",
}
"""Beside the instructor's notebook; learners hand own.py in."""
PS2_RIGHT = {
    "f": "def f(x): return x * x",
    "values": "x_squared = [f(x) for x in range(3)]",
    "hello": "def hello(name): print('Hello', name)",
    "plot": "def plot(values):\n    plt.plot(values)\n    plt.show()",
    "deposit": "def deposit(n):\n    global balance\n    balance = n",
    "account": (
        "class Account:\n    def __init__(self): self.log = []\n"
        "    def add(self, n):\n        self.log.append(n)\n        return sum(self.log)"
    ),
    "axes": "def axes(): return plt.subplots()[1]",
    "total": "def total(): return sum(map(int, open('data/numbers.txt')))",
    "writes": "print(total(), file=open('out.txt', 'w'), end='', flush=True)",
}
PS2 = {
    "right": PS2_RIGHT,
    "untouched": {},
    "half": {**PS2_RIGHT, "f": "def f(x): return x ** 2 if x > 0 else -1"},
    "small only": {**PS2_RIGHT, "f": "def f(x): return x * x if x < 10 else 0"},
    "wrong": {
        "f": "def f(x): return x",
        "values": "x_squared = (0, 1, 4)",
        "hello": "def hello(name): return f'Hello {name}'",
        "plot": "def plot(values): raise ValueError(values)",
        "deposit": "def deposit(n): balance = n",
        "account": "class Account:\n    log = []\n    def add(self, n): self.log.append(n)",
        "axes": "def axes(): return None",
        "total": "def total(): return 1",
        "writes": "open('out.txt', 'w').write('7')",
        "manual": "print('mine')",
    },
    "warns": {**PS2_RIGHT, "f": "import warnings\ndef f(x): warnings.warn('x'); return x * x"},
}
SUBMISSIONS = {"ps1": PS1, "ps2": PS2}
HANDED_IN = {
    "right": {"own.py": "def answer(): return 6 * 7", "more.txt": "mine"},
    "half": {"data/numbers.txt": "1\n2\n3\n4\n", "own.py": "def answer(): return 42"},
    "wrong": {"tools/helper.py": "def scale(x): return 12", "own.py": "def answer(): return 0"},
}
"""Files that learners hand in with ps2 in place of the released ones."""


def nbgrader(course: Path, *arguments: str, **environment: str) -> Command:
    """Describe a command in a course."""
    path = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    log = course.parent / f"{course.name}-{'-'.join(arguments)}.log"
    return Command(arguments, log, course, path | environment)


def submit(course: Path, assignment: str, learner: str, answers: dict[str, str]) -> None:
    """Hand a learner's answers in: the released notebooks with some cells replaced."""
    for path in (course / "release" / assignment).glob("*.ipynb"):
        notebook = nbformat.read(path, 4)
        for each in notebook.cells:
            grade_id = each.metadata.get("nbgrader", {}).get("grade_id")
            each.source = answers.get(grade_id, each.source)
        folder = course / "submitted" / learner / assignment
        released = shutil.ignore_patterns("*.ipynb")
        shutil.copytree(path.parent, folder, ignore=released, dirs_exist_ok=True)
        nbformat.write(notebook, folder / path.name)
        for name, content in HANDED_IN.get(learner, {}).items():
            if assignment == "ps2":
                write(folder / name, content)


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with its released assignments and submissions, not graded yet."""
    folder = tmp_path_factory.mktemp("quickstart")
    command = [sys.executable, "-m", "nbgrader", "quickstart", "course"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    course = folder / "course"
    (course / "source" / "ps2").mkdir()
    nbformat.write(new_notebook(cells=PS2_CELLS), course / "source" / "ps2" / "more.ipynb")
    for name, content in PS2_FILES.items():
        write(course / "source" / "ps2" / name, content)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\nc.Autograde.exclude_overwriting = {'ps2': ['own.py']}\n")
    for assignment, submissions in SUBMISSIONS.items():
        must_run(nbgrader(course, "generate_assignment", assignment))
        if assignment == "ps2":
            write(course / "release" / "ps2" / "own.py", "def answer():\n    return None")
        for learner, answers in submissions.items():
            submit(course, assignment, learner, answers)
    return course


def graded(course: Path, name: str, config: str) -> Path:
    """Grade a copy of the course with more configuration."""
    copy = course.parent / name
    shutil.copytree(course, copy)
    with (copy / "nbgrader_config.py").open("a") as file:
        file.write(config)
    for assignment in SUBMISSIONS:
        must_run(nbgrader(copy, "autograde", assignment))
    return copy


def scores(course: Path) -> dict[tuple, tuple]:
    """Read every grade: (assignment, learner, cell) to (points, waits for a human)."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            (entry.assignment.name, entry.student.id, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
            )
            for assignment in SUBMISSIONS
            for entry in gradebook.assignment_submissions(assignment)
            for notebook in entry.notebooks
            for grade in notebook.grades
        }


@pytest.fixture(scope="module")
def stock(course):
    return scores(graded(course, "stock", "c.ExecutePreprocessor.timeout = 30\n"))


@pytest.fixture(scope="module")
def split_course(course):
    return graded(course, "split", SPLIT)


@pytest.fixture(scope="module")
def split(split_course):
    return scores(split_course)


@pytest.mark.parametrize(
    ("assignment", "learner"),
    [(assignment, learner) for assignment in SUBMISSIONS for learner in SUBMISSIONS[assignment]],
)
def test_every_cell_has_the_score_that_stock_nbgrader_gives(stock, split, assignment, learner):
    recorded = {key: value for key, value in split.items() if key[:2] == (assignment, learner)}
    expected = {key: value for key, value in stock.items() if key[:2] == (assignment, learner)}
    assert recorded == expected and recorded


def test_right_answers_have_all_points_and_others_some(stock):
    def total(assignment, learner):
        points = [v[0] or 0 for k, v in stock.items() if k[:2] == (assignment, learner)]
        return sum(points)

    assert total("ps1", "right") == 3
    assert total("ps2", "right") == sum(
        c.metadata.nbgrader.points
        for c in PS2_CELLS
        if c.metadata.get("nbgrader", {}).get("locked") and c.metadata.nbgrader.grade
    )
    assert 0 < total("ps1", "no reuse") < 3
    assert stock["ps2", "half", "partial"] == (2, False)
    assert stock["ps2", "small only", "hidden"] == (0, False)
    assert total("ps2", "wrong") < total("ps2", "half")


def test_what_cannot_cross_is_tested_in_the_learners_process_and_marked(split, split_course):
    assert split["ps2", "right", "axes-test"][0] == 1
    notebook = nbformat.read(split_course / "autograded" / "right" / "ps2" / "more.ipynb", 4)
    assert "Tests in one process with this code" in notebook.cells[0].source
    assert "axes-test" in notebook.cells[0].source


def test_written_answers_wait_for_a_human(split):
    assert split["ps1", "answers", "part-a"] == (None, True)
    assert split["ps2", "wrong", "manual"] == (None, True)


def test_where_no_sandbox_can_be_made_nothing_counts_as_graded(course, tmp_path):
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    with (copy / "nbgrader_config.py").open("a") as file:
        file.write(SPLIT)
    refusing = tmp_path / "programs"
    refusing.mkdir()
    programs = str(Path(sys.executable).parent)
    for installed, message in (
        (False, "bubblewrap is not installed"),
        (True, "could not make a sandbox"),
    ):
        if installed:
            (refusing / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
            (refusing / "bwrap").chmod(0o755)
            (refusing / "sh").symlink_to("/bin/sh")
        path = f"{refusing}:{programs}"
        command = nbgrader(copy, "autograde", "ps1", PATH=path)
        [(_, code)] = run_all([command])
        assert code not in (0, None)
        log = command.log.read_text()
        assert log.count(message) == 1 and "--no-sandbox" in log
        assert "Traceback" not in log
        assert list((copy / "autograded").glob("*/ps1")) == []
    [(_, code)] = run_all(
        [nbgrader(copy, "autograde", "ps1", "--student=right", PATH=programs, WITHOUT_SANDBOX="1")]
    )
    assert code == 0
    for path in (copy / "autograded" / "right" / "ps1").glob("*.ipynb"):
        assert "Graded without a sandbox" in nbformat.read(path, 4).cells[0].source
    marked = {key: value for key, value in scores(copy).items() if key[1] == "right"}
    assert sum(points or 0 for points, _ in marked.values()) == 3
