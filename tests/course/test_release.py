"""The zips for learners: one folder each, always the same bytes, nothing of the grader in them."""

import zipfile

import nbformat
import pytest

from course import COURSE
from course.exercises import assignments
from course.release import release
from tests.course.leaks import DELIMITERS, leaks
from tests.lanes import slow_but_some


@pytest.fixture(scope="module")
def zips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    release(folder)
    return sorted(folder.iterdir())


def test_there_is_one_for_each_assignment(zips):
    assert [path.stem for path in zips] == assignments()


def test_packing_again_gives_the_same_bytes_and_removes_old_ones(zips, tmp_path):
    (tmp_path / "old.zip").write_text("")
    release(tmp_path)
    again = sorted(tmp_path.iterdir())
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in zips]
    assert [path.name for path in again] == [path.name for path in zips]


@pytest.mark.slow
@pytest.mark.parametrize("assignment", slow_but_some(assignments()))
def test_a_zip_holds_the_exercise_and_nothing_else(zips, assignment):
    with zipfile.ZipFile(next(path for path in zips if path.stem == assignment)) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    exercise = COURSE / "exercises" / assignment
    assert contents == {
        f"{assignment}/{path.relative_to(exercise).as_posix()}": path.read_bytes()
        for path in exercise.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name, content in contents.items():
        text = content.decode(errors="replace")  # of data
        if name.endswith(".ipynb"):
            text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        assert leaks(text) == []
        assert [mark for mark in DELIMITERS if mark in text] == []
