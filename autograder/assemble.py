"""Puts a submitted notebook in order: the instructor's cells as they were, the learner's around.

Whatever a file holds, the result is a valid notebook that nbgrader accepts: every locked or graded
cell that nbgrader knows is there once, in its order, with its own metadata, and a locked one with
its own source. From the file come the sources of the learner's cells and nothing else.
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

# Parsing what anybody may have written could take long.
DEFINITION = re.compile(r"^(?:(?:async +)?def +|class +|(?=\w+ *=[^=]))(\w+)", re.M)
PUT_BACK = "A cell of the assignment was missing from your file and was put back: {}."
MISSING = (
    "A cell for an answer was missing from your file: {}. What your other cells define counts."
)
RESTORED = "A locked cell had been changed and was restored: {}."
COPIED = "A cell of the assignment was there more than once; one of them counts: {}."
MOVED = "Cells of the assignment stood in another order and were put back into theirs."
UNTOUCHED = "A cell of your own has the answer, and counts in place of one left untouched: {}."
UNREADABLE = (
    "Your notebook could not be read: {}. So nothing of it could be graded. Open your own copy in "
    "Jupyter, choose Kernel > Restart Kernel and Run All Cells, save it and hand it in again."
)
TOOLS = "Folders that tools make are not handed on to your notebook: {}."


@dataclass
class Assembled:
    """A notebook in order. notes: for the learner. damaged: a reason to have a human look at it."""

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

    contents: the folder that it was handed in with. name: of its file.
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
    """What is said to the learner; it names cells in words."""

    def __init__(self, master: Master):
        self.lines: list[str] = []
        self._words = in_words(master.cells.values())

    def add(self, line: str, grade_id: str = "") -> None:
        """Say something, of a cell where `line` has a place for it."""
        self.lines.append(line.format(self._words[grade_id].place) if grade_id else line)


def _of_the_folder(contents: Contents) -> list[str]:
    """Say what the sandbox does not get of what was handed in."""
    notes = [f"{line[:1].upper()}{line[1:]}." for line in contents.missing()]
    if tools := contents.tools_worth_a_word():
        notes.append(TOOLS.format(tools))
    return notes


def _submitted(cell: dict, master: Master) -> _Submitted:
    """Take over a cell as `cells` describes it; keep the pictures that are pictures."""
    attachments: dict[str, dict[str, str]] = {}
    for name, kind, data in cell["pictures"]:
        if picture := pictures({kind: data}):
            attachments.setdefault(name, {}).update(picture)
    grade_id = cell["grade_id"] if cell["grade_id"] in master.cells else ""
    return _Submitted(cell["kind"], cell["source"], grade_id, attachments)


def _keep_one_of_each(cells: list[_Submitted], master: Master, notes: _Notes) -> None:
    """Of copies the last one counts; others go if locked, and else are the learner's own."""
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
            # Put back behind a cell in which the answer may stand, the stub would replace it.
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
    """Take what stands before all known cells, and put the set-up there if it was missing.

    order: the known cells of the file. Code of the learner's own may need the set-up.
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
    """Drop the cell for an answer that nobody touched, where a cell before it has the answer.

    It would define the function anew, as one that is not started.
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
    """Attach a text's pictures to it."""
    if cell.cell_type == "markdown" and submitted.attachments:
        cell.attachments = submitted.attachments
    return cell


def _cell(original: MasterCell, source: str) -> NotebookNode:
    return _new_cell(original.cell_type, source, {"nbgrader": original.metadata()})


def _new_cell(cell_type: str, source: str, metadata: dict) -> NotebookNode:
    """Make a cell. nbformat's own functions check each against the schema, which takes long."""
    executed: dict = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return from_dict({"cell_type": cell_type, "source": source, "metadata": metadata, **executed})


def _notebook(cells: Iterable[NotebookNode]) -> NotebookNode:
    """Make a notebook; its cells' ids follow from their places."""
    cells = list(cells)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
