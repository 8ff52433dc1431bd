"""Puts what became of a job into its notebook, as nbgrader and people read it."""

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell

from autograder.judge.job import Executed

UNCONFINED = (
    "**Graded without a sandbox.** The code of this notebook could read and change files of the "
    "person who graded it, so its score is only as trustworthy as its author."
)
TOGETHER = (
    "**Tests in one process with this code.** What these tests say is only as trustworthy as the "
    "author of this notebook, whose code ran beside them: {}."
)


def show(nb: NotebookNode, executed: Executed, confined: bool) -> None:
    """Put the outputs into a notebook's code cells, and on top what its reader should know."""
    code = (cell for cell in nb.cells if cell.cell_type == "code")
    for number, (cell, outputs) in enumerate(zip(code, executed.outputs, strict=True), start=1):
        cell.execution_count = number
        cell.outputs = [from_dict(output) for output in outputs]
    if executed.together:
        nb.cells.insert(0, new_markdown_cell(TOGETHER.format(", ".join(executed.together))))
    if not confined:
        nb.cells.insert(0, new_markdown_cell(UNCONFINED))
