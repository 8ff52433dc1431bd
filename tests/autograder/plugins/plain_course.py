"""A course with nbgrader's own settings, graded by nbgrader's commands with either executor.

`template` makes it once, with its assignment released; `PlainCourse` works on a copy of it.
"""

import os
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder import COURSE
from course.nbgrader_commands import Command, run_all

NBGRADER, HERE = "nbgrader", "here"
CONFIG = """
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

c = get_config()
c.CourseDirectory.root = str(ROOT)
c.Execute.timeout = 5
c.Execute.iopub_timeout = 60
"""
EXECUTOR = {
    NBGRADER: "",
    HERE: """
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

from autograder.plugins.split_execute import SplitExecute

steps = Autograde.autograde_preprocessors.default()
c.Autograde.autograde_preprocessors = [
    SplitExecute if step is Execute else step for step in steps
]
c.SplitExecute.limits = {"*": {"cell_seconds": 5}}
""",
}
"""What a course has in its settings besides CONFIG: one step of grading is another."""

DUE = "2030-03-01 12:00:00 UTC"
LATE = "2030-03-01 13:00:00 UTC"
EARLY = "2030-03-01 11:00:00 UTC"

DOUBLE = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return x * x"  # right for 2, which is what the visible test tries
SHARE = "def share(x):\n    return [x, x]"
WORDS = "Twice as much."
DRAWING = "drawing = 'a picture'"
ANSWERS = {"double": DOUBLE, "share": SHARE, "words": WORDS, "drawing": DRAWING, "size": "size = 3"}
"""Right answers to both notebooks, by the grade_id of their cell."""
POINTS = {"double-check": 2, "share-check": 2, "words": 3, "drawing": 4, "size-check": 1}


def _cell(grade_id: str, source: str, points: int = 0, kind: str = "code", **roles) -> NotebookNode:
    metadata = {"grade_id": grade_id, "schema_version": 3, "cell_type": kind}
    metadata |= {"locked": False, "grade": bool(points), "solution": False, "task": False, **roles}
    metadata |= {"points": points} if points else {}
    new = new_code_cell if kind == "code" else new_markdown_cell
    return new(source, metadata={"nbgrader": metadata}, id=grade_id)


def _solution(source: str) -> str:
    *before, last = source.split("\n")
    indent = last[: len(last) - len(last.lstrip())]
    return "\n".join([*before, f"{indent}### BEGIN SOLUTION", last, f"{indent}### END SOLUTION"])


def sources() -> dict[str, NotebookNode]:
    """Write the instructor's notebooks, by name."""
    one = [
        new_markdown_cell("# One", id="title"),
        new_code_cell("import os", id="imports"),
        _cell("double", _solution(DOUBLE), solution=True),
        _cell(
            "double-check",
            "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(3) == 6, 'three'\n"
            "### END HIDDEN TESTS",
            2,
            locked=True,
        ),
        _cell("share", _solution(SHARE), solution=True),
        _cell("share-check", "sum(part == 4 for part in share(4))", 2, locked=True),
        _cell("words", "YOUR ANSWER HERE", 3, kind="markdown", solution=True),
        _cell("drawing", _solution(DRAWING), 4, solution=True),
    ]
    two = [
        _cell("size", _solution("size = 3"), solution=True),
        _cell("size-check", "assert size == 3", 1, locked=True),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {
        name: new_notebook(cells=cells, metadata=metadata)
        for name, cells in {"one": one, "two": two}.items()
    }


def template(folder: Path) -> Path:
    """Make the course: an assignment ps1 of two notebooks, data.csv and sub/helper.py."""
    course = folder / "template"
    shutil.copytree(
        COURSE / "autograder", course / "autograder", ignore=shutil.ignore_patterns("__pycache__")
    )
    (course / "keras.py").touch()  # a judge then starts in a second
    (course / "nbgrader_config.py").write_text(CONFIG)
    source = course / "source" / "ps1"
    (source / "sub").mkdir(parents=True)
    for name, notebook in sources().items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    (source / "data.csv").write_text("the instructor's\n")
    (source / "sub" / "helper.py").write_text("whose = 'the instructor'\n")
    due = ("db", "assignment", "add", "ps1", "--duedate", DUE)
    for arguments in (due, ("generate_assignment", "ps1")):
        code, log = run(course, *arguments)
        assert code == 0, log
    return course


def run(course: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of nbgrader's; give its exit code and what it printed."""
    log = course / "log"
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {"PATH": programs, "IPYTHONDIR": str(course / "ipython")}  # it starts alembic
    ((_, code),) = run_all([Command(arguments, log, course, environment)])
    return code, log.read_text()


class PlainCourse:
    """A copy of the template, in which learners hand in and nbgrader's commands run."""

    def __init__(self, template: Path, folder: Path, executor: str):
        self.folder = folder / "course"
        shutil.copytree(template, self.folder)
        self.configure(EXECUTOR[executor])

    def configure(self, lines: str) -> None:
        """Add to nbgrader's settings."""
        with (self.folder / "nbgrader_config.py").open("a") as file:
            file.write(f"{lines}\n")

    def nbgrader(self, *arguments: str, code: int = 0) -> str:
        """Run a command, which has to end with that exit code; return what it printed."""
        ended, log = run(self.folder, *arguments)
        assert ended == code, log
        return log

    def notebook(self, name: str = "one", **answers: str) -> NotebookNode:
        """Return a released notebook with right answers, but for those that are given."""
        notebook = nbformat.read(self.folder / "release" / "ps1" / f"{name}.ipynb", 4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = (ANSWERS | answers).get(grade_id, cell.source)
        return notebook

    def submitted(self, learner: str) -> Path:
        """Name the folder that a learner hands in."""
        return self.folder / "submitted" / learner / "ps1"

    def hand_in(
        self,
        learner: str,
        one: NotebookNode | str | None = None,
        two: NotebookNode | str | None = None,
        files: dict[str, str] | None = None,
    ) -> None:
        """Hand both notebooks in, right ones where none is given, and files beside them."""
        folder = self.submitted(learner)
        folder.mkdir(parents=True, exist_ok=True)
        for name, given in {"one": one, "two": two}.items():
            if not isinstance(given, str):
                given = nbformat.writes(given or self.notebook(name))
            (folder / f"{name}.ipynb").write_text(given)
        for name, content in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)

    def autograded(self, learner: str, name: str = "") -> Path:
        """Name a file of a graded submission, or its folder."""
        return self.folder / "autograded" / learner / "ps1" / name

    def graded(self, learner: str, name: str = "one") -> NotebookNode:
        """Read a graded notebook."""
        return nbformat.read(self.autograded(learner, f"{name}.ipynb"), 4)

    def feedback(self, learner: str, name: str = "") -> Path:
        """Name a file of a learner's feedback, or its folder."""
        return self.folder / "feedback" / learner / "ps1" / name

    def gradebook(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}")

    def scores(self, learner: str) -> dict[str, float | None]:
        """Read what every graded cell got without a human."""
        with self.gradebook() as gradebook:
            submission = gradebook.find_submission("ps1", learner)
            return {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def learners(self) -> set[str]:
        """Name those who have a graded submission."""
        with self.gradebook() as gradebook:
            return {each.student_id for each in gradebook.assignment_submissions("ps1")}


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Find a cell."""
    (wanted,) = (
        each
        for each in notebook.cells
        if each.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )
    return wanted
