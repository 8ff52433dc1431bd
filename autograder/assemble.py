"""Puts a submitted notebook in order: the instructor's cells as they were, the learner's around.

Whatever a file holds, the result is a valid notebook that nbgrader accepts: every locked or graded
cell that nbgrader knows is there once, in its order, with its own metadata, and a locked one with
its own source. From the file come the sources of the learner's cells and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.master import Master, MasterCell, without_hidden_tests

MOST = 64  # MB of a notebook that is still read
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
PUT_BACK = "A cell of the assignment was missing from your file and was put back: {}."
MISSING = (
    "The cell for an answer was missing from your file: {}. What your other cells define counts."
)
RESTORED = "A locked cell had been changed and was restored: {}."
COPIED = "A cell of the assignment was there more than once; one of them counts: {}."
MOVED = "Cells of the assignment stood in another order and were put back into theirs."
UNREADABLE = (
    "Your notebook could not be read: {}. So nothing of it could be graded. Open your own copy in "
    "Jupyter, choose Kernel > Restart Kernel and Run All Cells, save it and hand it in again."
)


@dataclass
class Assembled:
    """A notebook in order. notes: for the learner. damaged: a reason to have a human look at it."""

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    damaged: str = ""


@dataclass
class _Submitted:
    """A cell of the file: its type, its source, and what nbgrader calls it ("" for nothing)."""

    cell_type: str
    source: str
    grade_id: str = ""
    attachments: dict = field(default_factory=dict)


def assemble(path: Path, master: Master) -> Assembled:
    """Read a submitted notebook and put it in order. A file that cannot be read counts as empty."""
    try:
        submitted = _read(path, master)
    except Exception as error:
        why = str(error) if isinstance(error, Unreadable) else type(error).__name__
        untouched = _notebook([_cell(cell, cell.source) for cell in master.cells.values()])
        return Assembled(untouched, [UNREADABLE.format(why)], damaged=why)
    notes: list[str] = []
    _keep_one_of_each(submitted, master, notes)
    _put_in_order(submitted, master, notes)
    return Assembled(_notebook([_in_order(cell, master, notes) for cell in submitted]), notes)


class Unreadable(ValueError):
    """A file that is no notebook; the message says what it is instead."""


def _read(path: Path, master: Master) -> list[_Submitted]:
    if path.is_symlink() or not path.is_file():
        raise Unreadable(f"there is no file {path.name}")
    if path.stat().st_size > MOST << 20:
        raise Unreadable(f"the file is larger than {MOST} MB")
    try:
        text = path.read_text("utf-8")
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)  # without validation
    except (nbformat.reader.NotJSONError, UnicodeDecodeError):
        raise Unreadable("the file is damaged: it is not valid JSON") from None
    except RecursionError:
        raise Unreadable("the file is damaged: it is nested too deeply") from None
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the file is no notebook: it has no cells")
    return [cell for each in cells if (cell := _submitted(each, master))]


def _submitted(cell: object, master: Master) -> _Submitted | None:
    """Take what counts out of a cell of the file; None where it is no cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in NEW_CELL:
        return None
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    grade_id = _grade_id(cell)
    attachments = cell.get("attachments")
    return _Submitted(
        cell["cell_type"],
        source.encode("utf-8", "replace").decode(),  # no half of a surrogate pair
        grade_id if grade_id in master.cells else "",
        attachments if isinstance(attachments, dict) else {},
    )


def _grade_id(cell: dict) -> str:
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = known.get("grade_id") if isinstance(known, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _keep_one_of_each(cells: list[_Submitted], master: Master, notes: list[str]) -> None:
    """Of copies the last one counts; others go if locked, and else are the learner's own."""
    seen: set[str] = set()
    for number in range(len(cells) - 1, -1, -1):
        grade_id = cells[number].grade_id
        if grade_id in seen:
            notes.append(COPIED.format(grade_id))
            if master.cells[grade_id].side == "learner":
                cells[number].grade_id = ""
            else:
                del cells[number]
        seen |= {grade_id} - {""}


def _put_in_order(cells: list[_Submitted], master: Master, notes: list[str]) -> None:
    """Bring the assignment's cells into its order, each followed by the learner's own cells."""
    groups: dict[str, list[_Submitted]] = {"": []}
    current = ""
    for cell in cells:
        current = cell.grade_id or current
        groups.setdefault(current, []).append(cell)
    order = [grade_id for grade_id in groups if grade_id]
    if order != [grade_id for grade_id in master.cells if grade_id in groups]:
        notes.append(MOVED)
    for grade_id, original in master.cells.items():
        if grade_id in groups:
            continue
        if original.side == "learner" and not original.grade:
            # Put back behind a cell in which the answer may stand, the stub would replace it.
            notes.append(MISSING.format(grade_id))
        else:
            notes.append(PUT_BACK.format(grade_id))
            groups[grade_id] = [_Submitted(original.cell_type, original.source, grade_id)]
    cells[:] = [cell for grade_id in ("", *master.cells) for cell in groups.get(grade_id, [])]


def _in_order(cell: _Submitted, master: Master, notes: list[str]) -> NotebookNode:
    original = master.cells.get(cell.grade_id)
    if original is None:
        own = NEW_CELL[cell.cell_type](cell.source)
        if cell.cell_type == "markdown" and cell.attachments:
            own.attachments = cell.attachments
        return own
    if original.side == "learner":
        return _cell(original, cell.source)
    if cell.source not in (without_hidden_tests(original.source), original.source):
        notes.append(RESTORED.format(cell.grade_id))
    return _cell(original, original.source)


def _cell(original: MasterCell, source: str) -> NotebookNode:
    return NEW_CELL[original.cell_type](source, metadata={"nbgrader": original.metadata()})


def _notebook(cells: Iterable[NotebookNode]) -> NotebookNode:
    """Make a notebook; its cells' ids follow from their places."""
    cells = list(cells)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
