"""Whatever a file holds, it becomes a notebook that nbgrader accepts, with its cells in order."""

import json
import os
import random

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata

from autograder.assemble import COPIED, MISSING, MOVED, PUT_BACK, RESTORED, assemble
from autograder.master import read_master
from tests.autograder.small_class import SmallClass

pytestmark = pytest.mark.xdist_group("assemble")  # one worker, so that the class is made once

DAMAGED = "the file is damaged: it is not valid JSON"


@pytest.fixture(scope="module")
def group(small_course, tmp_path_factory):
    return SmallClass(small_course, tmp_path_factory.mktemp("assemble"))


@pytest.fixture(scope="module")
def master(group):
    source = group.course / "build" / "source" / "small"
    with Gradebook(group.db_url, "lstm") as gradebook:
        return read_master(gradebook, "small", "small", source)


@pytest.fixture
def solved(group):
    """The content of a solved notebook, to be changed."""
    return json.loads(nbformat.writes(group.notebook()))


@pytest.fixture
def assembled(tmp_path, master):
    """A function that writes content to a file, puts it in order, and checks the promise."""

    def assembled(content):
        path = tmp_path / "small.ipynb"
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return promised(assemble(path, master), master)

    return assembled


def promised(ordered, master):
    """Check what is promised of any notebook that was put in order; return it."""
    nbformat.validate(json.loads(nbformat.writes(ordered.notebook)))
    CheckCellMetadata().preprocess(ordered.notebook, {})
    known = [cell for cell in ordered.notebook.cells if "nbgrader" in cell.metadata]
    there = [cell.metadata.nbgrader.grade_id for cell in known]
    missing = [grade_id for grade_id in master.cells if MISSING.format(grade_id) in ordered.notes]
    assert there == [grade_id for grade_id in master.cells if grade_id not in missing]
    assert not any(master.cells[grade_id].grade for grade_id in missing)
    for cell in known:
        original = master.cells[cell.metadata.nbgrader.grade_id]
        assert cell.metadata == {"nbgrader": original.metadata()}
        assert cell.cell_type == original.cell_type
        assert original.side == "learner" or cell.source == original.source
    return ordered


def at(content, grade_id):
    """Find a cell of a notebook's content."""
    return next(
        cell for cell in content["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )  # fmt: skip


def sources(ordered):
    return [cell.source for cell in ordered.notebook.cells]


def test_a_notebook_in_order_stays_as_it_is(assembled, solved):
    ordered = assembled(solved)
    assert (ordered.notes, ordered.damaged) == ([], "")
    hidden = "### BEGIN HIDDEN TESTS"
    for source, cell in zip(sources(ordered), solved["cells"], strict=True):
        submitted = "".join(cell["source"])
        assert source == submitted or (hidden in source and source.startswith(submitted.strip()))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", DAMAGED),
        ("{broken", DAMAGED),
        (b"\xff\xfe\0", DAMAGED),
        (b"\0" * 1000, DAMAGED),
        ("[" * 100_000, "the file is damaged: it is nested too deeply"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', None),
        ("{}", None),
        ("[]", None),
        ("7", None),
        ("null", None),
        ('"text"', None),
        ('{"nbformat": 99, "cells": []}', None),
        ('{"nbformat": "4", "cells": []}', None),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {"a": 1}}', None),
    ],
)
def test_a_file_that_is_no_notebook_counts_as_empty_and_says_why(assembled, master, content, why):
    ordered = assembled(content)
    assert ordered.damaged == why or (why is None and ordered.damaged)
    assert [cell.source for cell in ordered.notebook.cells] == [
        original.source for original in master.cells.values()
    ]
    assert "could not be read" in ordered.notes[0] and "hand it in again" in ordered.notes[0]


def test_half_a_file_is_damaged(assembled, solved):
    text = json.dumps(solved)
    assert assembled(text[: len(text) // 2]).damaged == DAMAGED


@pytest.mark.parametrize("kind", ["nothing", "folder", "link", "pipe", "large"])
def test_what_is_no_regular_file_is_not_read(tmp_path, master, kind, monkeypatch):
    path = tmp_path / "small.ipynb"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "large":
        monkeypatch.setattr("autograder.assemble.MOST", 1)
        path.write_bytes(b" " * ((1 << 20) + 1))
    ordered = promised(assemble(path, master), master)
    large = "the file is larger than 1 MB"
    assert ordered.damaged == (large if kind == "large" else "there is no file small.ipynb")


def test_just_under_the_largest_size_is_read(tmp_path, master, solved, monkeypatch):
    monkeypatch.setattr("autograder.assemble.MOST", 1)
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(solved).ljust(1 << 20))
    assert promised(assemble(path, master), master).damaged == ""


def test_a_deleted_cell_is_put_back(assembled, solved, master):
    solved["cells"].remove(at(solved, "double-check"))
    ordered = assembled(solved)
    assert ordered.notes == [PUT_BACK.format("double-check")]
    assert master.cells["double-check"].source in sources(ordered)


def test_a_changed_locked_cell_is_restored(assembled, solved):
    at(solved, "double-check")["source"] = "assert True"
    ordered = assembled(solved)
    assert ordered.notes == [RESTORED.format("double-check")]
    assert "assert True" not in sources(ordered)


def test_the_last_of_copied_cells_counts(assembled, solved):
    copied = dict(at(solved, "double"), source="def double(x):\n    return 3 * x")
    solved["cells"].append(copied)
    test = dict(at(solved, "double-check"), source="pass")
    solved["cells"].insert(0, test)
    ordered = assembled(solved)
    assert COPIED.format("double") in ordered.notes
    assert COPIED.format("double-check") in ordered.notes
    known = {c.metadata.nbgrader.grade_id: c for c in ordered.notebook.cells if c.metadata}
    assert "3 * x" in known["double"].source
    assert "pass" not in sources(ordered)


def test_moved_cells_go_back(assembled, solved):
    solved["cells"].reverse()
    assert MOVED in assembled(solved).notes


def test_an_answer_in_a_cell_of_the_learners_own_is_not_followed_by_the_stub(assembled, solved):
    at(solved, "negate")["metadata"]["nbgrader"]["grade_id"] = "negate2"
    ordered = assembled(solved)
    assert ordered.notes == [MISSING.format("negate")]
    assert "def negate(x):\n    return -x" in sources(ordered)
    assert not any("NotImplementedError" in source for source in sources(ordered))


def test_a_deleted_written_answer_is_put_back_for_its_grade(assembled, solved, master):
    solved["cells"].remove(at(solved, "words"))
    assert assembled(solved).notes == [PUT_BACK.format("words")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", 1000),
        ("points", "many"),
        ("points", float("nan")),
        ("locked", False),
        ("grade", False),
        ("solution", True),
        ("task", True),
        ("schema_version", 99),
        ("schema_version", 1),
        ("schema_version", None),
        ("cell_type", "markdown"),
        ("checksum", "0"),
        ("unknown", {"a": []}),
    ],
)
def test_changed_metadata_has_no_effect(assembled, solved, field, value):
    for cell in solved["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"][field] = value
    assert assembled(solved).damaged == ""


@pytest.mark.parametrize("kind", ["raw", "markdown", "code"])
def test_a_retyped_cell_gets_its_type_back(assembled, solved, kind):
    for grade_id in ("double", "double-check", "words"):
        cell = at(solved, grade_id)
        cell["cell_type"] = kind
        if kind != "code":
            cell.pop("outputs", None), cell.pop("execution_count", None)
    ordered = assembled(solved)
    assert any("return 2 * x" in source for source in sources(ordered))


@pytest.mark.parametrize("kernel", ["bash", "../../evil", 7, None, {"name": []}])
def test_the_kernel_that_a_notebook_asks_for_is_ignored(assembled, solved, kernel):
    solved["metadata"] = {"kernelspec": {"name": kernel, "display_name": kernel}, "widgets": 3}
    ordered = assembled(solved)
    assert ordered.damaged == ""
    assert ordered.notebook.metadata == {"language_info": {"name": "python"}}


def test_half_a_surrogate_pair_becomes_a_question_mark(assembled, solved):
    at(solved, "double")["source"] = "# \ud800\n"
    assert "# ?\n" in sources(assembled(solved))


def test_outputs_do_not_come_along(assembled, solved):
    at(solved, "double-check")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "5.0"}
    ]
    assert all(cell.get("outputs", []) == [] for cell in assembled(solved).notebook.cells)


def test_a_notebook_of_version_3_is_read(tmp_path, master, solved):
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[
                    nbformat.v3.new_code_cell(
                        input="def double(x):\n    return 5 * x",
                        metadata={"nbgrader": {"grade_id": "double"}},
                    )
                ]
            )
        ]
    )
    path = tmp_path / "small.ipynb"
    path.write_text(nbformat.v3.writes_json(old))
    ordered = promised(assemble(path, master), master)
    assert "def double(x):\n    return 5 * x" in sources(ordered)


ODD = [None, 7, -1.5, True, "", "text", [], [[]], {}, {"a": {}}, "\ud800", ["x", 3], 10**400]


def mutate(content, moments):
    """Change something anywhere in JSON content."""
    places = []

    def walk(value):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in list(items):
            places.append((value, key))
            if isinstance(item, dict | list):
                walk(item)

    walk(content)
    holder, key = moments.choice(places)
    deed = moments.randrange(5)
    if deed == 0:
        holder[key] = moments.choice(ODD)
    elif deed == 1:
        del holder[key]
    elif deed == 2 and isinstance(holder, list):
        holder.insert(moments.randrange(len(holder) + 1), json.loads(json.dumps(holder[key])))
    elif deed == 3 and isinstance(holder, list):
        moments.shuffle(holder)
    else:
        other, place = moments.choice(places)
        holder[key] = json.loads(json.dumps(other[place])) if place in other else None \
            if isinstance(other, dict) else moments.choice(ODD)  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_any_change_of_a_notebook_keeps_the_promise(assembled, group, seed):
    moments = random.Random(seed)
    whole = nbformat.writes(group.notebook())
    for _ in range(40):
        content = json.loads(whole)
        for _ in range(moments.randint(1, 6)):
            if content:
                mutate(content, moments)
        assembled(content)


@pytest.mark.parametrize("seed", range(3))
def test_any_damage_to_a_file_keeps_the_promise(assembled, group, seed):
    moments = random.Random(seed)
    whole = nbformat.writes(group.notebook()).encode()
    for _ in range(40):
        start, length = moments.randrange(len(whole)), moments.randint(0, 30)
        assembled(whole[:start] + moments.randbytes(length) + whole[start + length :])
