"""A course of these assignments in a folder that is thrown away, with all that is handed in."""

import os
import sys
from pathlib import Path

import nbformat

from course.nbgrader_commands import Command, must_run
from evidence.courses.assignments import Assignment

CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {gradebook!r}
c.CourseDirectory.submitted_directory = "submitted"
c.Execute.timeout = 30
c.SplitExecute.limits = {{"*": {{"cell_seconds": 30}}}}
c.SplitExecute.together = {together!r}
"""


def make_course(assignments: list[Assignment], root: Path) -> None:
    """Write the instructor's notebooks, have nbgrader release them, and hand in."""
    together = {each.name: each.together() for each in assignments if each.together()}
    config = CONFIG.format(root=str(root), gradebook=gradebook(root), together=together)
    (root / "nbgrader_config.py").write_text(config)
    for assignment in assignments:
        folder = root / "source" / assignment.name
        nbformat.write(assignment.source(), _with_files(assignment, folder))
    commands = [command(root, "generate_assignment", each.name) for each in assignments]
    must_run(commands[0])  # makes the gradebook
    must_run(*commands[1:])
    for assignment in assignments:
        for submission in assignment.submissions():
            path = _with_files(assignment, notebook(root, submission, assignment).parent)
            released = root / "release" / assignment.name / path.name
            nbformat.write(assignment.answered(nbformat.read(released, 4), submission), path)


def _with_files(assignment: Assignment, folder: Path) -> Path:
    """Write the files beside a notebook; return the notebook's path."""
    folder.mkdir(parents=True)
    for name, content in assignment.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / f"{assignment.name}.ipynb"


def notebook(root: Path, submission: str, assignment: Assignment) -> Path:
    """Name the file of a submission."""
    return root / "submitted" / submission / assignment.name / f"{assignment.name}.ipynb"


def gradebook(root: Path) -> str:
    """Name the course's gradebook."""
    return f"sqlite:///{root / 'gradebook.db'}"


def command(root: Path, *arguments: str) -> Command:
    """Make a command of nbgrader's in this course, with no one's settings."""
    home = {"HOME": str(root), "IPYTHONDIR": str(root / "ipython"), "MPLBACKEND": "agg"}
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    home |= {"JUPYTER_PREFER_ENV_PATH": "1", "PATH": programs}  # nbgrader starts alembic
    return Command(arguments, root / "logs" / "-".join(arguments), root, home)
