"""The code that a page shows, block by block: what runs in the page itself, and after which lines.

NumPy, Matplotlib and the standard library run in a page; Keras does not. A block runs there if it
and all that it needs of the blocks above do. In doubt it needs Keras.

statements    what a statement reads, binds and deletes
sharing       which objects a statement may change in place, and which names share objects
dependencies  what must run before each statement of a page
marks         the Sphinx extension that marks the blocks of the built pages
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from course.visible_code.dependencies import Dependencies
from course.visible_code.statements import FUNCTIONS, parse

NOT_SHOWN = {"remove-cell", "remove-input"}
"""The tags of cells whose code no reader sees."""


@dataclass(frozen=True)
class Block:
    """A block of code that a reader sees.

    source: its code.
    runs_here: whether NumPy, Matplotlib and the standard library are enough to run it.
    before: the code from further up that must run before it; "" if it needs Keras.
    only_draws: whether all that comes of it is a figure.
    """

    source: str
    runs_here: bool
    before: str
    only_draws: bool

    @property
    def is_editable(self) -> bool:
        """Whether a reader can run it in the page, and learn something from what changes."""
        return self.runs_here and not self.only_draws


def shown(notebook: NotebookNode) -> list[str]:
    """List the code of a page that a reader sees or can unfold, one string for each cell."""
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not NOT_SHOWN & set(cell.metadata.get("tags", []))
    ]


def blocks(sources: Iterable[str]) -> Iterator[Block]:
    """Judge the blocks of code of one page, from the top downwards."""
    page = Dependencies()
    for source in sources:
        first = len(page.statements)
        for statement in parse(source):
            page.add(statement)
        needed = sorted(set().union(*page.needs[first:]))
        runs_here = page.foreign.isdisjoint(needed)
        before = [page.statements[k].source for k in needed if k < first] if runs_here else []
        draws = any(page.statements[k].imports_from("matplotlib") for k in needed)
        yield Block(source, runs_here, "\n".join(before), draws and _only_draws(source))


def _only_draws(source: str) -> bool:
    """Whether code that uses Matplotlib prints nothing, and its functions return nothing."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    prints = any(isinstance(node, ast.Name) and node.id == "print" for node in nodes)
    functions = [node for node in nodes if isinstance(node, FUNCTIONS)]
    returns = [node for function in functions for node in ast.walk(function)]
    return not prints and not any(isinstance(node, ast.Return) and node.value for node in returns)
