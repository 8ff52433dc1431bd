"""What can happen to a notebook besides wrong answers: cells deleted or copied, a cut file."""

import copy as copies
from collections.abc import Callable

from nbformat import NotebookNode

Tampering = Callable[[NotebookNode], None]


def find(notebook: NotebookNode, grade_id: str) -> int:
    """Return the index of the cell with this grade_id."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(grade_id)


def delete(grade_id: str) -> Tampering:
    """Delete a cell."""
    return lambda notebook: notebook.cells.pop(find(notebook, grade_id))


def copy(grade_id: str) -> Tampering:
    """Copy a cell and paste it below itself, metadata and all, as notebook editors do."""

    def change(notebook: NotebookNode) -> None:
        at = find(notebook, grade_id)
        pasted = copies.deepcopy(notebook.cells[at])
        pasted.id += "-copy"
        notebook.cells.insert(at + 1, pasted)

    return change


def weaken(grade_id: str) -> Tampering:
    """Replace a locked check by one that always passes and is worth more."""

    def change(notebook: NotebookNode) -> None:
        cell = notebook.cells[find(notebook, grade_id)]
        cell.source = "print('fine')"
        cell.metadata.nbgrader.update(points=100, locked=False)

    return change


def future_metadata(notebook: NotebookNode) -> None:
    """Claim a version of nbgrader's metadata that does not exist."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99


def cut(text: str) -> str:
    """Lose the second half of a file."""
    return text[: len(text) // 2]
