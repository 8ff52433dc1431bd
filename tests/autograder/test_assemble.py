"""Whatever a file holds, `assemble` makes a notebook that nbgrader accepts, with cells in order."""

import json
from dataclasses import replace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata

from autograder.assemble import (
    COPIED,
    MISSING,
    MOVED,
    PUT_BACK,
    RESTORED,
    TOOLS,
    UNTOUCHED,
    assemble,
)
from autograder.cells import DAMAGED, NESTED
from autograder.intake import Contents
from autograder.master import read_master
from autograder.wording import in_words
from tests.autograder.anything import notebooks
from tests.autograder.small_class import SmallClass, source_notebook

NAME = "small.ipynb"
SOLVED = json.loads(nbformat.writes(source_notebook()))


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
def assembled(master):
    """A function that puts a file of this content in order, and checks the promise."""

    def assembled(content):
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        file = text if isinstance(text, bytes) else text.encode()
        return promised(assemble(Contents({NAME: file}), NAME, master), master)

    return assembled


def promised(ordered, master):
    """Check what `assemble` promises for any notebook; return it."""
    nbformat.validate(json.loads(nbformat.writes(ordered.notebook)))
    CheckCellMetadata().preprocess(ordered.notebook, {})
    known = [cell for cell in ordered.notebook.cells if "nbgrader" in cell.metadata]
    there = [cell.metadata.nbgrader.grade_id for cell in known]
    words = in_words(master.cells.values())
    missing = [
        grade_id
        for grade_id in master.cells
        for note in (MISSING, UNTOUCHED)
        if note.format(words[grade_id].place) in ordered.notes
    ]
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
        ("[" * 100_000, NESTED),
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


def test_a_deleted_cell_is_put_back(assembled, solved, master):
    solved["cells"].remove(at(solved, "double-check"))
    ordered = assembled(solved)
    assert ordered.notes == [PUT_BACK.format("the check after double")]
    assert master.cells["double-check"].source in sources(ordered)


def test_a_changed_locked_cell_is_restored(assembled, solved):
    at(solved, "double-check")["source"] = "assert True"
    ordered = assembled(solved)
    assert ordered.notes == [RESTORED.format("the check after double")]
    assert "assert True" not in sources(ordered)


def test_the_last_of_copied_cells_counts(assembled, solved):
    copied = dict(at(solved, "double"), source="def double(x):\n    return 3 * x")
    solved["cells"].append(copied)
    test = dict(at(solved, "double-check"), source="pass")
    solved["cells"].insert(0, test)
    ordered = assembled(solved)
    assert COPIED.format("the cell for double") in ordered.notes
    assert COPIED.format("the check after double") in ordered.notes
    known = {c.metadata.nbgrader.grade_id: c for c in ordered.notebook.cells if c.metadata}
    assert "3 * x" in known["double"].source
    assert "pass" not in sources(ordered)


def test_moved_cells_go_back(assembled, solved):
    solved["cells"].reverse()
    assert MOVED in assembled(solved).notes


def test_an_answer_in_a_cell_of_the_learners_own_is_not_followed_by_the_stub(assembled, solved):
    at(solved, "negate")["metadata"]["nbgrader"]["grade_id"] = "negate2"
    ordered = assembled(solved)
    assert ordered.notes == [MISSING.format("the cell for negate")]
    assert "def negate(x):\n    return -x" in sources(ordered)
    assert not any("NotImplementedError" in source for source in sources(ordered))


def test_an_answer_before_the_cell_for_it_counts_where_that_is_untouched(assembled, solved, master):
    stub = at(solved, "negate")
    own = {"cell_type": "code", "metadata": {}, "source": "def negate(x):\n    return -x"}
    own |= {"outputs": [], "execution_count": None}
    solved["cells"].insert(solved["cells"].index(stub), own)
    stub["source"] = master.cells["negate"].source
    ordered = assembled(solved)
    assert ordered.notes == [UNTOUCHED.format("the cell for negate")]
    assert stub["source"] not in sources(ordered)
    stub["source"] += "\n"  # it was touched: nobody can say which one is meant
    assert assembled(solved).notes == []


def test_a_missing_set_up_comes_before_the_learners_own_code_and_after_the_title(master, solved):
    first = replace(master.cells["double-check"], grade_id="set-up", grade=False, source="SIZE = 3")
    with_set_up = replace(master, cells={"set-up": first, **master.cells})
    own = {"cell_type": "code", "metadata": {}, "source": "def helper(x=SIZE): ..."}
    solved["cells"].insert(2, own | {"outputs": [], "execution_count": None})
    contents = Contents({NAME: json.dumps(solved).encode()})
    ordered = assemble(contents, NAME, with_set_up)
    assert sources(ordered)[:4] == [
        "# A small assignment", "import numpy as np", "SIZE = 3", own["source"],
    ]  # fmt: skip
    assert ordered.notes == [PUT_BACK.format("the locked code at the beginning")]


def test_an_untouched_cell_stays_where_only_the_instructors_cells_define_its_name(
    assembled, solved, master
):
    (plain,) = master.plain
    at(solved, "double")["source"] = master.cells["double"].source
    solved["cells"].insert(0, {**at(solved, "double"), "metadata": {}, "source": plain})
    assert master.cells["double"].source in sources(assembled(solved))


def test_a_deleted_written_answer_is_put_back_for_its_grade(assembled, solved, master):
    solved["cells"].remove(at(solved, "words"))
    assert assembled(solved).notes == [PUT_BACK.format("the written answer")]


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


def test_a_notebook_of_version_3_is_read(assembled):
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
    ordered = assembled(nbformat.v3.writes_json(old))
    assert "def double(x):\n    return 5 * x" in sources(ordered)


@pytest.mark.slow
@pytest.mark.fuzz
@given(data=st.data())
def test_any_change_of_a_notebook_keeps_the_promise(assembled, data):
    assembled(data.draw(notebooks(SOLVED)))


@pytest.mark.slow
@pytest.mark.fuzz
@given(data=st.data())
def test_any_damage_to_a_file_keeps_the_promise(assembled, data):
    whole = json.dumps(SOLVED).encode()
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 30))
    assembled(whole[:start] + data.draw(st.binary(max_size=30)) + whole[start + length :])


PNG = "iVBORw0KGgo="


def test_pictures_in_texts_are_kept_if_they_are_pictures(assembled, solved):
    solved["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "mine"})
    attachments = {
        "a.png": {"image/png": PNG, "image/jpeg": PNG, "text/html": "<script>"},
        "b.svg": {"image/svg+xml": PNG},
        "c\ud800.png": {"image/png": ["iVBORw0K", "Ggo=\n"]},
        "d.png": PNG,
        "e.png": {"image/png": 7},
    }
    for cell in (solved["cells"][-1], at(solved, "words"), at(solved, "double")):
        cell["attachments"] = attachments
    cells = assembled(solved).notebook.cells
    kept = [cell.attachments for cell in cells if "attachments" in cell]
    assert kept == [{"a.png": {"image/png": PNG}, "c?.png": {"image/png": PNG}}] * 2


def test_folders_and_files_that_the_sandbox_does_not_get_are_named(master, solved):
    file = json.dumps(solved).encode()
    contents = Contents({NAME: file}, left_out={"links": ["a", "b"]}, tools=["x/.venv", ".git"])
    ordered = promised(assemble(contents, NAME, master), master)
    assert ordered.notes == ["Left out (links): a, b.", TOOLS.format("x/.venv, .git")]
    assert ordered.damaged == ""


def test_a_cell_that_is_there_a_thousand_times_is_named_once(assembled, solved):
    solved["cells"] += [at(solved, "double-check")] * 1000
    assert assembled(solved).notes == [COPIED.format("the check after double"), MOVED]
