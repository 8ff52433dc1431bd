"""Reads the assignments from Markdown files; the notation is in `evidence.courses`."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOLDER = Path(__file__).parent
SUBMISSIONS = ("right", "other", "partly", "untouched")
"""Who hands in: the instructor's solution, one written differently, one with mistakes, nothing."""
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Cell:
    """A cell of the instructor's notebook.

    role: "text", "plain", "locked", "answer" or "test". grade_id: nbgrader's name of it, "" where
    it has none. together: whether it has to run in the learner's process.
    """

    role: str
    source: str
    grade_id: str = ""
    points: int = 0
    together: bool = False


@dataclass
class Assignment:
    """One notebook of one course.

    kind: of the course. digest: of the text that all this was read from.
    answers: the learners' cells that differ from the solution, by submission and grade_id.
    files: texts beside the notebook, by name.
    """

    name: str
    kind: str
    digest: str
    cells: list[Cell] = field(default_factory=list)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def tests(self) -> list[Cell]:
        """List the cells with points."""
        return [cell for cell in self.cells if cell.role == "test"]

    def together(self) -> list[str]:
        """Name the test cells that have to run in the learner's process."""
        return [cell.grade_id for cell in self.tests() if cell.together]

    def submissions(self) -> list[str]:
        """Name what is handed in."""
        return [name for name in SUBMISSIONS if name != "other" or "other" in self.answers]

    def source(self) -> NotebookNode:
        """Write the instructor's notebook."""
        return new_notebook(
            cells=[_cell(number, cell) for number, cell in enumerate(self.cells)],
            metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}},
        )

    def answered(self, released: NotebookNode, submission: str) -> NotebookNode:
        """Fill a released notebook in."""
        if submission == "untouched":
            return released
        answers = {cell.grade_id: solution(cell) for cell in self.cells if cell.role == "answer"}
        answers |= self.answers.get(submission, {})
        for cell in released.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = answers.get(grade_id, cell.source)
        return released


def solution(cell: Cell) -> str:
    """Return the instructor's solution as a learner would hand it in."""
    return "\n".join(line for line in cell.source.split("\n") if line.strip() not in MARKERS)


@cache
def assignments() -> list[Assignment]:
    """Read all assignments."""
    return [read(path) for path in sorted(FOLDER.glob("*/*.md"))]


def read(path: Path) -> Assignment:
    """Read one assignment. Raises ValueError where a block is none of those that there are."""
    text = path.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    assignment = Assignment(path.stem, path.parent.name, digest)
    lines, end = text.splitlines(), 0
    for block in MarkdownIt().parse(text):
        if block.type == "fence" and block.map:
            _add_text(assignment, lines[end : block.map[0]])
            end = block.map[1]
            _add(assignment, block.info.split(), block.content.rstrip("\n"))
    _add_text(assignment, lines[end:])
    return assignment


def _add_text(assignment: Assignment, lines: Iterable[str]) -> None:
    if text := "\n".join(lines).strip():
        assignment.cells.append(Cell("text", text))


def _add(assignment: Assignment, info: list[str], content: str) -> None:
    match info:
        case [_]:
            assignment.cells.append(Cell("plain", content))
        case [_, ("locked" | "answer") as role, grade_id]:
            assignment.cells.append(Cell(role, content, grade_id))
        case [_, "test", grade_id, points]:
            assignment.cells.append(Cell("test", content, grade_id, int(points)))
        case [_, "test", grade_id, points, "together"]:
            assignment.cells.append(Cell("test", content, grade_id, int(points), True))
        case [_, ("partly" | "other") as submission, grade_id]:
            assignment.answers.setdefault(submission, {})[grade_id] = content
        case [_, "file", name]:
            assignment.files[name] = content + "\n"
        case _:
            raise ValueError(f"{assignment.name}: what is a block {' '.join(info)!r}?")


def _cell(number: int, cell: Cell) -> NotebookNode:
    if cell.role == "text":
        return new_markdown_cell(cell.source, id=f"cell-{number}")
    metadata = {}
    if cell.role != "plain":
        metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": cell.grade_id,
            "locked": cell.role != "answer",
            "solution": cell.role == "answer",
            "grade": cell.role == "test",
            "task": False,
        } | ({"points": cell.points} if cell.role == "test" else {})
    return new_code_cell(cell.source, metadata=metadata, id=f"cell-{number}")
