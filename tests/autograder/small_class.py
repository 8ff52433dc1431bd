"""A class that is graded in seconds: small assignments without Keras, in a copy of the course.

`template` makes the copy once, with its assignments generated; `SmallClass` works on a copy of it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder import COURSE

SOLUTIONS = {
    "double": "def double(x):\n    return 2 * x",
    "negate": "def negate(x):\n    return -x",
}
WRONG = "def double(x):\n    return x"
ENDLESS = "def double(x):\n    while True:\n        pass"
SLEEPING = "def double(x):\n    import subprocess\n    subprocess.run(['sleep', '999'])"
"""As long, and to be seen from outside: by a process of its own."""
CELL_SECONDS = 2


def _nbgrader(grade_id, points=None, solution=False, locked=False, cell_type="code"):
    metadata = {"schema_version": 3, "grade_id": grade_id, "cell_type": cell_type, "task": False}
    metadata |= {"grade": points is not None, "solution": solution, "locked": locked}
    return {"nbgrader": metadata | ({"points": points} if points is not None else {})}


def source_notebook():
    """Two functions of 2 and 3 points with hidden tests, and a written answer of 4."""
    cells = [new_markdown_cell("# A small assignment"), new_code_cell("import numpy as np")]
    for points, (name, solution) in enumerate(SOLUTIONS.items(), start=2):
        head, body = solution.split("\n")
        marked = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        expected = {"double": "2 * x", "negate": "-x"}[name]
        test = (
            f"x = np.arange(3.0)\nassert np.allclose({name}(x), {expected}), '{name} is wrong'\n"
            f"### BEGIN HIDDEN TESTS\nassert {name}(7) == {expected.replace('x', '7')}\n"
            "### END HIDDEN TESTS"
        )
        cells.append(new_code_cell(marked, metadata=_nbgrader(name, solution=True)))
        cells.append(new_code_cell(test, metadata=_nbgrader(f"{name}-check", points, locked=True)))
    answer = _nbgrader("words", 4, solution=True, cell_type="markdown")
    cells.append(new_markdown_cell("Say why.", metadata=answer))
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def template(folder: Path) -> Path:
    """Make a copy of the course with two assignments: small, and pair, which has two notebooks."""
    course = folder / "template"
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("autograder", "course"):
        shutil.copytree(COURSE / name, course / name, ignore=unwanted)
    (course / "keras.py").touch()  # the judge then starts in a second
    config = (COURSE / "nbgrader_config.py").read_text("utf-8")
    limits = f'{{"cell_seconds": {CELL_SECONDS}, "withheld": READY_MADE}}'
    config += f'c.SplitExecute.limits = {{"*": {limits}}}\n'
    (course / "nbgrader_config.py").write_text(config, "utf-8")
    for assignment, notebooks in {"small": ["small"], "pair": ["one", "two"]}.items():
        source = course / "build" / "source" / assignment
        source.mkdir(parents=True)
        solution = course / "solutions" / assignment / f"{assignment}.py"
        solution.parent.mkdir(parents=True)
        solution.write_text(f"# %% [markdown]\n# # {assignment}\n")  # the report lists these
        for name in notebooks:
            nbformat.write(source_notebook(), source / f"{name}.ipynb")
    (course / "build" / "class").mkdir()
    generate(course)
    return course


def generate(course: Path) -> None:
    """Enter the assignments into the gradebook, make the learners' notebooks, and check them."""
    code = (
        "from autograder.calibration import check\n"
        "from autograder.judge.pool import JudgePool\n"
        "from autograder.settings import read_settings\n"
        "settings = read_settings()\n"
        "with JudgePool(1) as judge:\n"
        "    for name in ('small', 'pair'):\n"
        "        assert settings.open().generate_assignment(name)['success']\n"
        "        check(settings, name, judge.execute)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=course, env=_environment(), check=True)


def _environment() -> dict[str, str]:
    """Return that of a user who has not activated the virtual environment."""
    own = {k: v for k, v in os.environ.items() if k != "COURSE_CLASS"}
    return own | {"PATH": os.defpath}


class SmallClass:
    """A class in a copy of the course. It hands in, grades with the command, reads the results."""

    def __init__(self, template: Path, folder: Path):
        self.course = folder / "course"
        shutil.copytree(template, self.course)
        self.folder = self.course / "build" / "class"
        self.db_url = f"sqlite:///{self.folder / 'gradebook.db'}"

    def configure(self, line: str) -> None:
        """Add a line to nbgrader's settings."""
        with (self.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def notebook(self, assignment="small", name="small", **sources):
        """Return the learner's notebook, solved except where `sources` has other code."""
        path = self.course / "exercises" / assignment / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = (SOLUTIONS | sources).get(grade_id, cell.source)
        return notebook

    def submitted(self, learner: str, assignment="small") -> Path:
        return self.folder / "submitted" / learner / assignment

    def hand_in(self, learner: str, content=None, assignment="small", name="small", **sources):
        """Hand a notebook in: `content`, or the solved one with changed sources."""
        path = self.submitted(learner, assignment) / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            content = nbformat.writes(self.notebook(assignment, name, **sources))
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def hand_in_many(self, count: int) -> None:
        """Hand in `count` notebooks: right, wrong, raising and printing ones in turn."""
        kinds = (
            {},
            {"double": WRONG},
            {"negate": "def negate(x):\n    raise ValueError(f'no {x}')"},
            {"double": "print('busy')\n" + SOLUTIONS["double"], "negate": "import os; os._exit(3)"},
        )
        for number in range(count):
            self.hand_in(f"learner-{number:02}", **kinds[number % len(kinds)])

    def command(self, *words: str, **options) -> subprocess.Popen:
        """Start one of the class tools in a process group of its own."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", *words],
            cwd=self.course, env=_environment() | options.pop("env", {}), text=True,
            start_new_session=True, **(pipes | options),
        )  # fmt: skip

    def start(self, *arguments: str, assignment="small", **options) -> subprocess.Popen:
        """Start grading."""
        return self.command("grade", assignment, *arguments, **options)

    def grade(self, *arguments: str, assignment="small", **options) -> subprocess.CompletedProcess:
        """Grade, and return what the command printed."""
        process = self.start(*arguments, assignment=assignment, **options)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def nbgrader(self, *arguments: str) -> None:
        """Run a command of nbgrader's."""
        ended = self.ends(*arguments)
        assert ended.returncode == 0, ended.stderr

    def ends(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a command of nbgrader's, and return how it ends."""
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.course, env=_environment(), capture_output=True, text=True,
        )  # fmt: skip

    def results(self, assignment="small") -> dict[str, dict]:
        """Read the results by learner."""
        folder = self.folder / "results" / assignment
        return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}

    def outcome(self, assignment="small") -> dict[str, dict]:
        """Read the results without the times, which differ between two runs."""
        results = self.results(assignment)
        for result in results.values():
            del result["seconds"], result["graded"]
        return results

    def gradebook(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(self.db_url, "lstm")

    def points(self, assignment="small") -> dict[tuple, tuple]:
        """Read every grade: automatic, by hand, and whether it waits for a person."""
        with self.gradebook() as gradebook:
            return {
                (submission.student_id, notebook.name, grade.name): (
                    grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade)
                )
                for submission in gradebook.assignment_submissions(assignment)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }  # fmt: skip
