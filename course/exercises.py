"""Generates the learners' notebooks from solutions/.

Each solutions/<assignment>/<assignment>.py becomes a notebook in build/source/, with the checks
that it imports and its data beside it; `nbgrader generate_assignment` turns that into
exercises/<assignment>/. The same solutions and data give the same bytes.
"""

import ast
import hashlib
import json
import shutil
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from course import COURSE
from course.curriculum import ASSIGNMENTS, section
from course.data import FOLDER
from course.data.readme import describe
from course.nbgrader_commands import Command, must_run

SOLUTIONS = COURSE / "solutions"
CHECKS = COURSE / "course" / "checks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def assignments() -> list[str]:
    """List the names of all assignments."""
    return sorted(path.parent.name for path in SOLUTIONS.glob("*/*.py"))


def notebook(assignment: str) -> NotebookNode:
    """Read a solution as a notebook whose cell ids and metadata depend on its text alone."""
    cells = jupytext.read(SOLUTIONS / assignment / f"{assignment}.py").cells
    used = set()
    for cell in cells:
        text = hashlib.sha256(cell.source.encode()).hexdigest()
        name = cell.metadata.get("nbgrader", {}).get("grade_id", f"{cell.cell_type}-{text[:8]}")
        while name in used:
            name += "-again"
        used.add(name)
        cell.id = name
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's, about the text file
        if is_check(cell):
            cell.metadata.tags = ["raises-exception"]  # JupyterLab's Run All then goes on after it
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def is_check(cell: NotebookNode) -> bool:
    """Whether a cell is a test cell, which fails as long as an answer is missing."""
    known = cell.metadata.get("nbgrader", {})
    return bool(known.get("grade")) and not known.get("solution")


def graded(assignment: str, complete: NotebookNode) -> dict[str, dict]:
    """List what is graded in a notebook, by the name of the function or of the written answer.

    Each has its points, whether a check decides about them, and the section of the book on it.
    Raises ValueError where a check cell is not named after an answer cell.
    """
    listed = {}
    answers = [cell.id for cell in complete.cells if "### BEGIN SOLUTION" in cell.source]
    for cell in complete.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade"):
            name = known["grade_id"].removesuffix("-check")
            if is_check(cell) and (name == known["grade_id"] or name not in answers):
                raise ValueError(
                    f"{assignment}: the check cell {known['grade_id']} should be called like an "
                    "answer cell, with -check at the end. An answer cell has ### BEGIN SOLUTION."
                )
            listed[name] = {"points": known["points"], "checked": is_check(cell)}
            if treated := section(assignment, name, ""):
                listed[name]["section"] = treated[0]
    return listed


def imported(code: str, inside: bool) -> set[str]:
    """Name the modules of the package `checks` that code imports.

    inside: whether the code stands in the package itself, where imports are relative.
    """
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and inside == bool(node.level):
            path = node.module.split(".") if node.module else []
            if inside or path[0] == "checks":
                names.update(path[not inside :][:1] or [alias.name for alias in node.names])
    return {name for name in names if (CHECKS / f"{name}.py").exists()}


def checks_of(code: str) -> set[str]:
    """Name the modules of the package `checks` that a notebook's code needs, directly or not."""
    needed: set[str] = set()
    todo = {"__init__"} | imported(code, inside=False)
    while todo:
        needed |= todo
        texts = [(CHECKS / f"{name}.py").read_text("utf-8") for name in todo]
        todo = set.union(*(imported(text, inside=True) for text in texts)) - needed
    return needed


def write_source(assignment: str, folder: Path) -> None:
    """Write the instructor's notebook and the checks it needs into folder/<assignment>/."""
    shutil.rmtree(folder / assignment, ignore_errors=True)
    (folder / assignment / "checks").mkdir(parents=True)
    complete = notebook(assignment)
    nbformat.write(complete, folder / assignment / f"{assignment}.ipynb")
    code = "\n".join(cell.source for cell in complete.cells if cell.cell_type == "code")
    for name in sorted(checks_of(code)):
        shutil.copy(CHECKS / f"{name}.py", folder / assignment / "checks")
    listed = json.dumps(graded(assignment, complete), indent=1)
    (folder / assignment / "checks" / "graded.json").write_text(f"{listed}\n", "utf-8")
    copy_data(ASSIGNMENTS[assignment].data, folder / assignment / "data")


def copy_data(names: tuple[str, ...], folder: Path) -> None:
    """Copy files of book/data/ into a folder, with a README on them. Without names, do nothing.

    Raises FileNotFoundError where one has not been fetched.
    """
    if missing := [name for name in names if not (FOLDER / name).is_file()]:
        raise FileNotFoundError(f"{missing[0]} is not in book/data/. make data fetches it.")
    if names:
        folder.mkdir()
        for name in names:
            shutil.copyfile(FOLDER / name, folder / name)
        (folder / "README.md").write_text(describe("The data", names), "utf-8")


def remove_others(folder: Path, names: list[str]) -> None:
    """Remove the files of assignments that no longer exist from a folder."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def generate(root: Path = COURSE) -> None:
    """Generate all exercises below `root`, in build/source/ and exercises/."""
    names = assignments()
    for folder in (root / "build" / "source", root / "exercises"):
        remove_others(folder, names)
    for name in names:
        write_source(name, root / "build" / "source")
    must_run(
        *(
            Command(
                ("generate_assignment", name, "--force", "--no-db", f"--course-dir={root}"),
                log=root / "build" / "logs" / f"generate_assignment-{name}.log",
            )
            for name in names
        )
    )
