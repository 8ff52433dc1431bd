"""Which cells of the notebooks are replaced by recorded references, and how they are replayed."""

import hashlib
import json
import sys
from types import SimpleNamespace

import pytest

from course import COURSE
from course.curriculum import ASSIGNMENTS
from hub.references import NEEDS_KERAS, replaced


def released(assignment):
    return json.loads((COURSE / "exercises" / assignment / f"{assignment}.ipynb").read_bytes())


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_check_cell_that_imports_keras_is_replaced(assignment):
    notebook = released(assignment)
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    checks = {name for name in sources if name.endswith("-check")}
    record = {"checks": {name.removesuffix("-check"): {} for name in checks}, "cells": {}}
    needing = {name for name in checks if NEEDS_KERAS.search(sources[name])}
    cells = replaced(notebook, record)
    assert set(cells.values()) == needing != set()
    for digest, name in cells.items():
        assert hashlib.sha256(sources[name].encode()).hexdigest() == digest


@pytest.fixture
def recorded_cells(tmp_path, monkeypatch):
    """The extension of IPython, with a record of one check cell."""
    monkeypatch.setattr(sys, "path", [str(COURSE / "hub" / "share"), *sys.path])
    replay = SimpleNamespace(RecordedChecks=lambda text, joined: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "replay", replay)
    import recorded_references

    monkeypatch.setattr(recorded_references, "RECORDS", tmp_path)
    digest = hashlib.sha256(b"import keras\ncheck()").hexdigest()
    (tmp_path / "a.cells").write_text(json.dumps({digest: "f-check"}))
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.bin").write_bytes(b"")
    return recorded_references.RecordedCells(None, "a")


def test_a_cell_as_it_was_released_is_replayed_and_no_other(recorded_cells):
    (line,) = recorded_cells.transform(["import keras\n", "check()\n"])
    assert line == "get_ipython().recorded_cells.replay('f-check')\n"
    changed = ["import keras\n", "check() # mine\n"]
    assert recorded_cells.transform(changed) == changed
