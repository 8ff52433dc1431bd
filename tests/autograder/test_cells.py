"""Reading a notebook's file: its cells, bounds on them, and limits for a file that is large."""

import json

import pytest

from autograder import cells
from autograder.cells import Unreadable, read_cells


def file(*listed, **further):
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(listed)}
    return json.dumps(content | further).encode()


def code(source="", **further):
    return {"cell_type": "code", "source": source, "metadata": {}, **further}


def text(**pictures):
    bundles = {name: {"image/png": data} for name, data in pictures.items()}
    return {"cell_type": "markdown", "source": "", "metadata": {}, "attachments": bundles}


@pytest.fixture(params=["small", "large"])
def read(request, monkeypatch):
    """Read a file directly, and in a process with limits."""
    monkeypatch.setattr(cells, "SMALL", {"small": 1 << 30, "large": 0}[request.param])
    return read_cells


def test_what_counts_of_a_cell_and_nothing_else(read):
    known = {"nbgrader": {"grade_id": "double", "points": 9}, "tags": []}
    (cell,) = read(file(code(["a\n", 7, "b\ud800"], metadata=known, outputs=[{"x": 1}])))
    assert cell == {"kind": "code", "source": "a\nb?", "grade_id": "double", "pictures": []}


def test_what_is_no_cell_is_passed_over(read):
    odd = [None, 7, [], {}, code(7), {"cell_type": "code"}, {"cell_type": [], "source": ""}]
    assert len(read(file(*odd, code()))) == 1


def test_headings_of_version_3_are_texts(read):
    sheets = [{"cells": [{"cell_type": "heading", "source": "A"}]}, 7, {"cells": 7}]
    content = {"nbformat": 3, "worksheets": sheets}
    assert [cell["source"] for cell in read(json.dumps(content).encode())] == ["# A"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", cells.DAMAGED),
        (b"\xff", cells.DAMAGED),
        (b"[" * 100_000, cells.NESTED),
        (b"[]", cells.NO_NOTEBOOK),
        (file(cells=7), cells.NO_NOTEBOOK),
        (file(nbformat=3), cells.NO_NOTEBOOK),
        (file(nbformat=2), cells.VERSION),
        (file(nbformat=[]), cells.VERSION),
        (file(*[None] * 2_001), cells.MANY_CELLS),
        (file(code("#" * 1_000_001)), cells.LONG_CELL),
        (file(*[code("#" * 1_000_000)] * 4, code("#")), cells.LONG),
        (file(*[text(a="b")] * 201), cells.MANY_PICTURES),
        (file(text(a="b" * 9_000_000), text(a="b" * 8_000_000)), cells.MANY_PICTURES),
    ],
    ids=lambda each: each if isinstance(each, str) else "file",
)
def test_what_is_no_notebook_or_past_a_bound_says_so(read, content, why):
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert str(refusal.value) == why


@pytest.mark.parametrize(
    "content",
    [
        file(*[code()] * 2_000),
        file(*[code("#" * 1_000_000)] * 4),
        file(*[text(a="b")] * 200, text()),
        file(text(a="b" * 8_000_000), text(a="b" * 8_000_000)),
    ],
    ids=["cells", "sources", "pictures", "large pictures"],
)
def test_just_within_the_bounds_is_read(read, content):
    read(content)


@pytest.mark.parametrize("number", ["9" * 1_000_000, "1e999999", "-" + "9" * 5_000, "NaN"], ids=len)
def test_numbers_cost_no_time(read, number):
    assert read(file(code(), metadata="N").replace(b'"N"', number.encode()))


def test_a_large_file_cannot_take_the_memory(monkeypatch):
    monkeypatch.setattr(cells, "PROGRAM", cells.PROGRAM.replace(
        "import main;", "import main; import autograder.cells as c; c.MEMORY = 100;"
    ))  # fmt: skip
    assert read_cells(file(metadata="M").replace(b'"M"', b"[" + b"{}," * 500_000 + b"0]")) == []
    with pytest.raises(Unreadable, match=r"takes more than 1024 MB of memory or 10 s"):
        read_cells(file(metadata="M").replace(b'"M"', b"[" + b"{}," * 2_000_000 + b"0]"))


@pytest.mark.slow
def test_a_large_file_cannot_take_the_time(monkeypatch):
    monkeypatch.setattr(cells, "PROGRAM", cells.PROGRAM.replace(
        "import main;", "import main; import autograder.cells as c; c.SECONDS = 1; "
        "c.cells = lambda file: [0 for _ in iter(int, 1)];"
    ))  # fmt: skip
    with pytest.raises(Unreadable, match=r"takes more than 1024 MB of memory or 10 s"):
        read_cells(file(metadata=" " * (1 << 20)))
