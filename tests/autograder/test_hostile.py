"""A hostile submission harms only itself: the class is graded, and a human is told."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.autograder.anything import FOLDERS, TIMESTAMPS, notebooks, write
from tests.autograder.hostile import HOSTILE, remove, without_rights
from tests.autograder.small_class import SmallClass, source_notebook

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]

SOLVED = json.loads(nbformat.writes(source_notebook()))
NOTHING = "Nothing is new or changed since it was graded."
HONEST = ("a-first", "m-between", "z-last")


def grade(group):
    """Grade the class as an ordinary user, to whom the system refuses some files."""
    command = [*without_rights(), sys.executable, "-m", "autograder", "grade", "small"]
    ran = subprocess.run(command, cwd=group.course, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def group(small_course, tmp_path_factory):
    """A class with every hostile submission between honest ones, graded."""
    group = SmallClass(small_course, tmp_path_factory.mktemp("hostile"))
    for learner in HONEST:
        group.hand_in(learner)
    for name, hostile in HOSTILE.items():
        group.hand_in(name)
        hostile.make(group.submitted(name))
    group.printed = grade(group)
    yield group
    remove(group.folder / "submitted")


@pytest.mark.parametrize("name", HOSTILE)
def test_it_has_the_points_of_what_could_be_read_and_a_human_is_told(group, name):
    hostile, result = HOSTILE[name], group.results()[name]
    assert result["score"] == hostile.score
    lines = [line for line in group.printed.splitlines() if line.startswith("needs a human: ")]
    (line,) = [each for each in lines if each.startswith(f"needs a human: {name}:")] or [""]
    assert bool(line) == bool(hostile.human) and re.search(hostile.human, line)
    assert "solution.py" not in line


@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_beside_it_has_full_marks(group, learner):
    assert group.results()[learner]["score"] == 5
    assert group.results()[learner]["notes"] == []


def test_the_second_run_grades_nothing_again(group):
    assert grade(group).strip() == NOTHING


def test_a_folder_whose_name_is_no_text_is_named_and_the_others_are_graded(small_class, graded):
    small_class.hand_in("learner-00")
    small_class.hand_in("\udcff")
    printed = graded()
    assert r"needs a human: \udcff: the folder's name is not UTF-8" in printed
    assert "1 graded, 5.0 of 5" in printed
    assert graded().strip().endswith(NOTHING)


@pytest.mark.parametrize("step", ["read_submission", "assemble"])
def test_what_nobody_thought_of_costs_that_submission_only(small_class, graded, monkeypatch, step):
    from autograder import assemble, classroom

    def broken(place, *arguments):
        if "odd" in str(place):
            raise ZeroDivisionError("nobody thought of this")
        return whole(place, *arguments)

    where = classroom if step == "read_submission" else assemble
    name = step if step == "read_submission" else "read_cells"
    whole = getattr(where, name)
    monkeypatch.setattr(where, name, broken)
    small_class.hand_in("learner-00")
    small_class.hand_in("odd", "odd")
    printed = graded()
    assert re.search("needs a human: odd: small: .*ZeroDivisionError", printed)
    scores = {learner: result["score"] for learner, result in small_class.results().items()}
    assert scores == {"learner-00": 5, "odd": 0}
    assert graded().strip() == NOTHING


FILES = {b"small.ipynb": notebooks(SOLVED), b"timestamp.txt": TIMESTAMPS}
ANY = st.builds(
    lambda tree, files: tree | files, FOLDERS, st.fixed_dictionaries({}, optional=FILES)
)


@pytest.mark.fuzz
@settings(max_examples=settings().max_examples // 25)
@given(trees=st.lists(ANY, min_size=4, max_size=4))
def test_of_any_class_all_are_graded_and_nothing_twice(small_class, graded, trees):
    for name in ("submitted", "results"):
        shutil.rmtree(small_class.folder / name, ignore_errors=True)
    small_class.hand_in("learner-00")
    for number, tree in enumerate(trees):
        write(tree, small_class.submitted(f"any-{number}"))
    printed = graded()
    results = small_class.results()
    assert results["learner-00"]["score"] == 5 and results["learner-00"]["notes"] == []
    for number, tree in enumerate(trees):
        noted = f"needs a human: any-{number}: " in printed
        assert noted == bool(results[f"any-{number}"]["notes"])
        assert noted or b"small.ipynb" in tree
    assert graded().strip() == NOTHING
