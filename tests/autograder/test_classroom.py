"""Whatever is handed in, the class prepares its grading or says why it cannot."""

import json
import os
import shutil
import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from autograder.classroom import NO_TIME, Class
from autograder.intake import SECRET, TIMESTAMP
from autograder.settings import read_settings
from tests.autograder.anything import FOLDERS, TIMESTAMPS, notebooks, write
from tests.autograder.small_class import SmallClass, source_notebook

SOLVED = json.loads(nbformat.writes(source_notebook()))


@pytest.fixture(scope="module")
def group(small_course, tmp_path_factory):
    """A class as the grader sees it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "path", sys.path[:])
        patched.setattr(os, "environ", os.environ.copy())
        patched.delenv("COURSE_CLASS", raising=False)
        small = SmallClass(small_course, tmp_path_factory.mktemp("classroom"))
        yield Class(read_settings(small.course), "small", confined=True)


@pytest.fixture
def prepared(group):
    """A function that hands a folder in, prepares its grading, and checks what is promised."""

    def prepared(tree):
        folder = group.submitted("any")
        shutil.rmtree(folder, ignore_errors=True)
        write(tree, folder)
        digest = group.digest("any")
        grading = group.prepare("any", digest, {})
        assert group.digest("any") == digest
        for name, notebook in grading.notebooks.items():
            text = nbformat.writes(notebook)
            nbformat.validate(json.loads(text))
            text.encode()
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            assert len(grading.jobs[name].cells) == len(code)
        assert all(note.isprintable() for note in grading.notes)
        assert grading.nbgraders.keys() <= {TIMESTAMP, SECRET}
        if TIMESTAMP in grading.nbgraders:
            assert parse_utc(grading.nbgraders[TIMESTAMP].decode("ascii")).tzinfo is None
        return grading

    return prepared


@pytest.mark.slow
@pytest.mark.fuzz
@given(data=st.data(), tree=FOLDERS)
def test_of_any_folder_the_grading_is_prepared(prepared, data, tree):
    if data.draw(st.booleans()):
        tree |= {b"small.ipynb": data.draw(notebooks(SOLVED))}
    grading = prepared(tree)
    assert b"small.ipynb" in tree or "small: there is no file small.ipynb" in grading.notes


@pytest.mark.fuzz
@given(content=TIMESTAMPS)
def test_any_time_is_one_for_nbgrader_or_needs_a_human(prepared, content):
    grading = prepared({b"timestamp.txt": content})
    assert (TIMESTAMP in grading.nbgraders) != (NO_TIME in grading.notes)


def test_a_time_and_the_secret_are_handed_on_to_nbgrader(prepared):
    files = {TIMESTAMP: b"2026-01-02 12:00:00.5 UTC", SECRET: b"abc"}
    tree = {os.fsencode(name): content for name, content in files.items()}
    assert prepared(tree).nbgraders == files
    assert prepared({b"small.ipynb": b"{}"}).nbgraders == {}


@pytest.mark.parametrize("what", [("link", b"small.ipynb"), ("pipe",), ("hole", 1 << 36), {}])
def test_a_time_that_cannot_be_read_needs_a_human(prepared, what):
    grading = prepared({b"timestamp.txt": what, b"small.ipynb": json.dumps(SOLVED).encode()})
    assert grading.nbgraders == {} and grading.notes == [NO_TIME]


def test_nobody_who_closes_their_folder_is_forgotten(group, monkeypatch):
    folder = group.submitted("any")
    shutil.rmtree(folder, ignore_errors=True)
    write({}, folder)
    assert group.learners() == ["any"]

    def refuse(path):
        raise PermissionError(path)

    monkeypatch.setattr("pathlib.Path.is_dir", lambda path: path.name != "small" or refuse(path))
    assert group.learners() == ["any"]
