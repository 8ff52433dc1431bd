"""Names the cells of an assignment in words, as a learner finds them in the notebook."""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.judge.names import parse
from autograder.master import MasterCell

ORDINALS = ("", "", "second ", "third ", "fourth ", "fifth ", "sixth ")


@dataclass(frozen=True)
class Words:
    """What a cell is called. place: "the check after lstm_step". title: of a question, "lstm_step".

    code: whether the title is the name of something in the code.
    """

    place: str
    title: str
    code: bool


def in_words(cells: Iterable[MasterCell]) -> dict[str, Words]:
    """Name the cells that nbgrader knows, given in their order; by grade_id.

    An answer has the name of what it defines, and any other cell that of the answer before it.
    """
    words: dict[str, Words] = {}
    counts = Counter[str]()
    answer, title, code = "", "", False
    for cell in cells:
        if cell.side == "learner":
            code = cell.cell_type == "code"
            title = _defined(cell) if code else "written answer"
            what = f"cell for {title}" if code else title
            answer = title if code else "the written answer"
        else:
            what = f"{_kind(cell)} {f'after {answer}' if answer else 'at the beginning'}"
        counts[what] += 1
        ordinal = ORDINALS[min(counts[what], len(ORDINALS) - 1)]
        words[cell.grade_id] = Words(f"the {ordinal}{what}", title or cell.grade_id, code)
    return words


def _kind(cell: MasterCell) -> str:
    if cell.side == "test":
        return "check"
    return "locked code" if cell.cell_type == "code" else "locked text"


def _defined(cell: MasterCell) -> str:
    """Name the first thing that an answer's cell defines, or nbgrader's name of the cell."""
    tree = parse(cell.source)
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return statement.name
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            return statement.targets[0].id
    return cell.grade_id
