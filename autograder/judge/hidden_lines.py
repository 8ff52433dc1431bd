"""Keeps the lines of hidden tests out of what a notebook shows.

Tracebacks of libraries quote the line that failed, and a test that runs beside the learner's code
can be read and printed by it. What is printed in another form, such as letter by letter, is shown.
"""

import ast
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from autograder.judge.job import Cell
from autograder.judge.names import parse

SHORTEST = 8  # characters of a line that gives something away
IN_PLACE = "(a line of a hidden test)"


def without_hidden_lines(outputs: list[list[dict]], cells: Iterable[Cell]) -> list[list[dict]]:
    """Return the outputs of all cells, without the lines that only hidden tests have."""
    tests = (cell for cell in cells if cell.is_test)
    lines = frozenset[str]().union(*(hidden_lines(cell.source, cell.shown) for cell in tests))
    longest_first = sorted(lines, key=len, reverse=True)
    return _without(outputs, longest_first) if lines else outputs


@lru_cache(512)  # the cells of an assignment are the same for the whole class
def hidden_lines(source: str, shown: str) -> frozenset[str]:
    """List the lines of code in a test cell that learners do not know, as a text may quote them."""
    known = {line.strip() for line in shown.splitlines()}
    words = set(_lines_of_texts(source))  # a message of several lines is shown
    lines = (
        line.strip()
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in words
    )
    hidden = {line for line in lines if len(line) >= SHORTEST and line not in known}
    return frozenset(
        form for line in hidden for form in (line, repr(line)[1:-1], json.dumps(line)[1:-1])
    )


def _lines_of_texts(source: str) -> Iterator[int]:
    """Yield the numbers of the lines within texts of several lines."""
    for node in ast.walk(parse(source) or ast.Module([], [])):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from range(node.lineno + 1, node.end_lineno or 0)


def _without(part: Any, lines: list[str]) -> Any:
    """Replace the lines in every text of an output; pictures have none."""
    if isinstance(part, dict):
        return {k: v if k.startswith("image/") else _without(v, lines) for k, v in part.items()}
    if isinstance(part, list):
        return [_without(each, lines) for each in part]
    if isinstance(part, str):
        for line in lines:
            part = part.replace(line, IN_PLACE)
    return part
