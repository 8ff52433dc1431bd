"""Puts a submitted notebook in order: the instructor's cells as released, the learner's among them.

Whatever a file holds, the result is a valid notebook that nbgrader accepts. Every locked or graded
cell that nbgrader knows is there once, in nbgrader's order and with nbgrader's metadata. A locked
cell has its original source. Only the sources of the learner's cells come from the file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from autograder.cells import Unreadable, read_cells
from autograder.intake import Contents
from autograder.judge.names import defined
from autograder.judge.outputs import pictures
from autograder.master import Master, MasterCell, without_hidden_tests
from autograder.wording import in_words

# A pattern, since to parse a learner's code could take long.
DEFINITION = re.compile(r"^(?:(?:async +)?def +|class +|(?=\w+ *=[^=]))(\w+)", re.M)
PUT_BACK = "A cell of the assignment was missing from your file and was put back: {}."
MISSING = (
    "A cell for an answer was missing from your file: {}. What your other cells define counts."
)
RESTORED = "A locked cell had been changed and was restored: {}."
COPIED = "A cell of the assignment was there more than once; one of them counts: {}."
MOVED = "Cells of the assignment were in another order and were put back into the original one."
UNTOUCHED = "A cell of your own has the answer, and counts in place of one left untouched: {}."
UNREADABLE = (
    "Your notebook could not be read: {}. So nothing of it could be graded. Open your own copy in "
    "Jupyter, choose Kernel > Restart Kernel and Run All Cells, save it and hand it in again."
)
TOOLS = "Folders that tools make are not handed on to your notebook: {}."


@dataclass
class Assembled:
    """A notebook in order. notes: for the learner. damaged: why a human should look at it."""

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    damaged: str = ""


@dataclass
class _Submitted:
    """A cell of the file: its type, its source, and what nbgrader calls it ("" for nothing).

    attachments: pictures by name, as nbformat has them.
    """

    cell_type: str
    source: str
    grade_id: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


def assemble(contents: Contents, name: str, master: Master) -> Assembled:
    """Put a submitted notebook in order. A file that cannot be read counts as empty.

    contents: the folder in which it was handed in. name: of its file.
    """
    try:
        submitted = [_submitted(cell, master) for cell in read_cells(contents.get(name))]
    except Exception as error:
        why = str(error) if isinstance(error, Unreadable) else type(error).__name__
        untouched = _notebook([_cell(cell, cell.source) for cell in master.cells.values()])
        return Assembled(untouched, [UNREADABLE.format(why)], damaged=why)
    notes = _Notes(master)
    _keep_one_of_each(submitted, master, notes)
    _put_in_order(submitted, master, notes)
    _drop_untouched(submitted, master, notes)
    ordered = _notebook([_in_order(cell, master, notes) for cell in submitted])
    return Assembled(ordered, [*_of_the_folder(contents), *dict.fromkeys(notes.lines)])


class _Notes:
    """Collects the lines that the learner will read; they name cells in words."""

    def __init__(self, master: Master):
        self.lines: list[str] = []
        self._words = in_words(master.cells.values())

    def add(self, line: str, grade_id: str = "") -> None:
        """Add a line. grade_id: of the cell that the line names, if it has a place for one."""
        self.lines.append(line.format(self._words[grade_id].place) if grade_id else line)


def _of_the_folder(contents: Contents) -> list[str]:
    """Say which of the files handed in do not reach the sandbox."""
    notes = [f"{line[:1].upper()}{line[1:]}." for line in contents.missing()]
    if tools := contents.tools_worth_a_word():
        notes.append(TOOLS.format(tools))
    return notes


def _submitted(cell: dict, master: Master) -> _Submitted:
    """Take over a cell as `cells` describes it, with those attachments that are real pictures."""
    attachments: dict[str, dict[str, str]] = {}
    for name, kind, data in cell["pictures"]:
        if picture := pictures({kind: data}):
            attachments.setdefault(name, {}).update(picture)
    grade_id = cell["grade_id"] if cell["grade_id"] in master.cells else ""
    return _Submitted(cell["kind"], cell["source"], grade_id, attachments)


def _keep_one_of_each(cells: list[_Submitted], master: Master, notes: _Notes) -> None:
    """Let only the last copy of each cell count.

    An earlier copy of a locked cell is dropped. An earlier copy of an answer stays, as a cell of
    the learner's own.
    """
    seen: set[str] = set()
    for number in range(len(cells) - 1, -1, -1):
        grade_id = cells[number].grade_id
        if grade_id in seen:
            notes.add(COPIED, grade_id)
            if master.cells[grade_id].side == "learner":
                cells[number] = replace(cells[number], grade_id="")
            else:
                del cells[number]
        seen |= {grade_id} - {""}


def _put_in_order(cells: list[_Submitted], master: Master, notes: _Notes) -> None:
    """Bring the assignment's cells into its order, each followed by the learner's own cells."""
    groups: dict[str, list[_Submitted]] = {"": []}
    current = ""
    for cell in cells:
        current = cell.grade_id or current
        groups.setdefault(current, []).append(cell)
    order = [grade_id for grade_id in groups if grade_id]
    if order != [grade_id for grade_id in master.cells if grade_id in groups]:
        notes.add(MOVED)
    for grade_id, original in master.cells.items():
        if grade_id in groups:
            continue
        if original.side == "learner" and not original.grade:
            # The answer may be in another cell. The stub, put back after it, would replace it.
            notes.add(MISSING, grade_id)
        else:
            notes.add(PUT_BACK, grade_id)
            groups[grade_id] = [_Submitted(original.cell_type, original.source, grade_id)]
    beginning = _with_missing_beginning(groups, order, master)
    rest = (cell for grade_id in master.cells for cell in groups.get(grade_id, []))
    cells[:] = [*beginning, *rest]


def _with_missing_beginning(
    groups: dict[str, list[_Submitted]], order: list[str], master: Master
) -> list[_Submitted]:
    """Return the cells that stand before all known ones, with the set-up if the file lacked it.

    The set-up comes before the learner's own code, which may need it. order: the known cells of
    the file.
    """
    before = groups.pop("")
    missing = takewhile(
        lambda each: master.cells[each].side == "shared" and each not in order, master.cells
    )
    set_up = [cell for grade_id in list(missing) for cell in groups.pop(grade_id)]
    own = (number for number, cell in enumerate(before) if _is_own_code(cell, master))
    start = next(own, len(before))
    return [*before[:start], *set_up, *before[start:]]


def _is_own_code(cell: _Submitted, master: Master) -> bool:
    return not cell.grade_id and cell.cell_type == "code" and cell.source not in master.plain


def _drop_untouched(cells: list[_Submitted], master: Master, notes: _Notes) -> None:
    """Drop an answer's cell that was left untouched, if an earlier cell has the answer.

    Otherwise the untouched cell would define the function again, as one not started.
    """
    own: set[str] = set()  # what the learner's own cells define
    for cell in list(cells):
        original = master.cells.get(cell.grade_id)
        if _is_own_code(cell, master):
            own |= {match[1] for match in DEFINITION.finditer(cell.source)}
        elif original and original.side == "learner" and not original.grade:
            names = defined(original.source)
            if cell.source == original.source and names and names <= own:
                cells.remove(cell)
                notes.add(UNTOUCHED, cell.grade_id)


def _in_order(cell: _Submitted, master: Master, notes: _Notes) -> NotebookNode:
    original = master.cells.get(cell.grade_id)
    if original is None:
        return _with_pictures(_new_cell(cell.cell_type, cell.source, {}), cell)
    if original.side == "learner":
        return _with_pictures(_cell(original, cell.source), cell)
    if cell.source not in (without_hidden_tests(original.source), original.source):
        notes.add(RESTORED, cell.grade_id)
    return _cell(original, original.source)


def _with_pictures(cell: NotebookNode, submitted: _Submitted) -> NotebookNode:
    """Attach its pictures to a cell of text."""
    if cell.cell_type == "markdown" and submitted.attachments:
        cell.attachments = submitted.attachments
    return cell


def _cell(original: MasterCell, source: str) -> NotebookNode:
    return _new_cell(original.cell_type, source, {"nbgrader": original.metadata()})


def _new_cell(cell_type: str, source: str, metadata: dict) -> NotebookNode:
    """Make a cell. nbformat's own functions would check each against the schema: that is slow."""
    executed: dict = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return from_dict({"cell_type": cell_type, "source": source, "metadata": metadata, **executed})


def _notebook(cells: Iterable[NotebookNode]) -> NotebookNode:
    """Make a notebook. A cell's id follows from its place."""
    cells = list(cells)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
