"""What a judge gets of the instructor's notebook and of the files on both sides."""

from nbformat.v4 import new_notebook

from autograder.master import Master
from autograder.sandbox.limits import Limits


def test_the_instructors_files_have_their_place_whatever_is_handed_in():
    ours = {"checks/engine.py": b"ours", "data.csv": b"ours"}
    master = Master({}, (), (), (), "", ours)
    files = {"checks": b"", "checks/engine.py": b"", "data.csv/inner": b"", "checks/mine.py": b"1"}
    job = master.job(new_notebook(), files, Limits(), (), True)
    assert job.learners_files == {**ours, "checks/mine.py": b"1"}
    assert job.instructors_files == ours
