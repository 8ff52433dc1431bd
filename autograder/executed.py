"""Puts what became of a job into its notebook, as nbgrader and people read it."""

from collections.abc import Sequence

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell

from autograder.judge.job import Executed

ABOUT = "autograder"
"""The notebook's metadata for its feedback; nbgrader_config.py has nbgrader keep it."""

UNCONFINED = (
    "Graded without a sandbox. The code of this notebook could read and change files of the "
    "person who graded it, so its score is only as trustworthy as its author."
)
TOGETHER = (
    "**Tests in one process with this code.** What these tests say is only as trustworthy as the "
    "author of this notebook, whose code ran beside them: {}."
)


def show(
    nb: NotebookNode, executed: Executed, confined: bool, restored: Sequence[str] = ()
) -> None:
    """Put the outputs into a notebook's code cells, and what else its feedback is made of.

    restored: what was put in order before it ran. A person who grades reads that in a first cell.
    """
    code = (cell for cell in nb.cells if cell.cell_type == "code")
    for number, (cell, outputs) in enumerate(zip(code, executed.outputs, strict=True), start=1):
        cell.execution_count = number
        cell.outputs = [from_dict(output) for output in outputs]
    notes = [*([] if confined else [UNCONFINED]), *restored]
    texts = ["**About your file.** " + "\n\n".join(notes)] if notes else []
    if executed.together:
        texts.append(TOGETHER.format(", ".join(executed.together)))
    if texts:
        nb.cells.insert(0, new_markdown_cell("\n\n".join(texts), id="notes"))
    about = {"notes": notes, "in_first_cell": bool(texts), "diagnoses": executed.diagnoses}
    nb.metadata[ABOUT] = about
