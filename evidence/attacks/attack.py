"""What an attack is: a change of an honest submission whose answers are mostly wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from evidence.sample_class.tampering import find

VICTIM, BORROWING = "vectors", "squashing"
"""The assignments: the second one's test compares with Keras."""

DESERVED = 2.0
"""What the answers of an attacker deserve in VICTIM, of FULL points; in BORROWING it is nothing."""
FULL = {VICTIM: 6.0, BORROWING: 1.0}

BOAST = "past the limit"
"""What an attack prints when it got more of the machine than it should."""
IN_REACH = "within reach"
"""What an attack on the inside of this grader prints when what it aims at is there."""


@dataclass
class Draft:
    """A submission about to be handed in.

    folder: where it will lie; files for it are written there at once. content: the text of the
    notebook's file, where it is no longer the notebook.
    """

    notebook: NotebookNode
    folder: Path
    content: bytes | None = None


Change = Callable[[Draft], None]


@dataclass(frozen=True)
class Attack:
    """One attack.

    tries: what it tries, in one sentence. changes: how it changes an honest submission. In sources
    and files, @COURSE@, @HOME@ and @PORT@ stand for what an attacker may know: where the course and
    the home of the grading person are, and the port of a service on their machine.
    score: what its answers deserve. here: what it gets here, where it costs its author points.
    says: a pattern that the feedback must match.
    aimed: whether it aims at the inside of this grader, so that it must print IN_REACH here.
    deadly: whether it may end or starve other processes, so that it gets a cage of its own.
    """

    name: str
    group: str
    tries: str
    changes: tuple[Change, ...] = field(repr=False)
    score: float = DESERVED
    here: float | None = None
    says: str = ""
    aimed: bool = False
    deadly: bool = False
    assignment: str = VICTIM

    def hand_in(self, honest: NotebookNode, folder: Path, words: dict[str, str]) -> None:
        """Write the submission. words: what stands for @COURSE@ and the like."""
        folder.mkdir(parents=True)
        draft = Draft(honest, folder)
        for change in self.changes:
            change(draft)
        content = draft.content
        if content is None:
            content = json.dumps(draft.notebook).encode()
        target = folder / f"{self.assignment}.ipynb"
        if not target.is_symlink() and not target.exists():
            target.write_bytes(content)
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                raw = path.read_bytes()
                if (filled := filled_in(raw, words)) != raw:
                    path.write_bytes(filled)


def filled_in(content: bytes, words: dict[str, str]) -> bytes:
    """Put words in place of what stands for them."""
    for placeholder, word in words.items():
        content = content.replace(placeholder.encode(), word.encode())
    return content


def first(source: str) -> Change:
    """Put a cell before all others."""

    def change(draft: Draft) -> None:
        cells = draft.notebook.cells
        cells.insert(0, new_code_cell(source.strip("\n"), id=f"first-{len(cells)}"))

    return change


def answer(function: str, source: str) -> Change:
    """Write this in place of the answer for a function."""

    def change(draft: Draft) -> None:
        cell = draft.notebook.cells[find(draft.notebook, function)]
        cell.source = source.strip("\n")

    return change


def beside(name: str, text: str) -> Change:
    """Hand in another file, too."""

    def change(draft: Draft) -> None:
        path = draft.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return change


def on_cell(grade_id: str, change: Callable[[NotebookNode], None]) -> Change:
    """Change one cell that nbgrader knows."""
    return lambda draft: change(draft.notebook.cells[find(draft.notebook, grade_id)])


def content(text: str | bytes) -> Change:
    """Hand in a file that holds this, in place of the notebook."""
    data = text if isinstance(text, bytes) else text.encode()
    return lambda draft: setattr(draft, "content", data)
