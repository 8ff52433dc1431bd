"""Does a learner's work: fills the notebook that was fetched with answers from the bank."""

from collections.abc import Mapping
from pathlib import Path

import nbformat

from evidence.banks import bank
from evidence.check_cells import solution, to_write
from evidence.sample_class.roster import BLANK, Code, Submission
from evidence.sample_class.tampering import find

IN_WORDS = "The forget gate stays at 1 and the input gate at 0, so the cell copies itself."


def source(assignment: str, function: str, answer: object) -> str:
    """Return the text that a learner writes into a function's cell."""
    if isinstance(answer, Code):
        return answer
    known = {entry.name: entry for part in bank(assignment) for entry in part
             if entry.function == function}  # fmt: skip
    original = solution(assignment, function)
    return original if answer is None else known[answer].source(original)


def complete(submission: Submission, path: Path, answers: Mapping[str, object]) -> None:
    """Write a learner's answers into the notebook at `path`."""
    notebook = nbformat.read(path, as_version=4)
    for function in to_write(submission.assignment):
        answer = answers.get(function)
        if answer is not BLANK:
            cell = notebook.cells[find(notebook, function)]
            cell.source = source(submission.assignment, function, answer).rstrip()
    if submission.written:
        question = next(
            cell
            for cell in notebook.cells
            if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
        )
        question.source = IN_WORDS
    if submission.tamper:
        submission.tamper(notebook)
    nbformat.write(notebook, path)
    if submission.damage:
        path.write_text(submission.damage(path.read_text("utf-8")), "utf-8")
