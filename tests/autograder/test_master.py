"""What a judge gets from the instructor's notebook and from the files of both sides."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.master import Master, MasterCell
from autograder.sandbox.limits import Limits

OURS = {"checks/engine.py": b"ours", "data.csv": b"ours"}


def job(master, files=(), cells=(), **limits):
    notebook = new_notebook(cells=list(cells))
    return master.job(notebook, dict(files), Limits(**limits), (), True)


def test_the_instructors_files_have_their_place_whatever_is_handed_in():
    master = Master({}, (), (), (), "", OURS)
    files = {"checks": b"", "checks/engine.py": b"", "data.csv/inner": b"", "checks/mine.py": b"1"}
    assert job(master, files).learners_files == {**OURS, "checks/mine.py": b"1"}
    assert job(master, files).instructors_files == OURS


@pytest.mark.parametrize("name", ["checks/engine.py", "checks/mine.py", "checks.py"])
def test_no_file_of_a_withheld_package_is_the_learners_whoever_brings_it(name):
    learners = job(Master({}, (), (), (), "", OURS), {name: b"theirs"}, withheld=("checks",))
    assert learners.learners_files == {"data.csv": b"ours"}
    assert learners.instructors_files == OURS


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("handed_in", [{"data.csv": b"theirs"}, {"data.csv/inner": b"theirs"}, {}])
def test_a_file_that_learners_hand_in_is_for_the_learners_process_alone(together, handed_in):
    master = Master({}, (), (), (), "", OURS).choose(together, ["data.csv", "not there.csv"])
    files = {**handed_in, "checks/engine.py": b"theirs"}
    assert job(master, files).learners_files == {"checks/engine.py": b"ours", **handed_in}
    assert job(master, files).instructors_files == OURS


def test_a_folder_may_lie_where_the_file_would_lie_that_learners_hand_in():
    master = Master({}, (), (), (), "", OURS).choose(False, ["data.csv"])
    assert "data.csv/inner" in job(master, {"data.csv/inner": b""}).learners_files


CELLS = {"set-up": "shared", "answer": "learner", "one": "test", "two": "test"}


def cell(name, kind):
    locked, grade = kind != "learner", kind == "test"
    return MasterCell(name, "code", f"# {name}", "", locked, grade, not locked, False, 1.0)


MASTER = Master(
    {name: cell(name, kind) for name, kind in CELLS.items()}, ("# plain",), (), (), "", {}
)


def sides(master):
    notebook = [
        new_code_cell(f"# {name}", metadata={"nbgrader": {"grade_id": name}}) for name in CELLS
    ]
    return [each.side for each in job(master, {}, [new_code_cell("# plain"), *notebook]).cells]


@pytest.mark.parametrize(
    "together, expected",
    [
        ((), ["shared", "shared", "learner", "test", "test"]),
        (False, ["shared", "shared", "learner", "test", "test"]),
        (["two"], ["shared", "shared", "learner", "test", "together"]),
        (["elsewhere"], ["shared", "shared", "learner", "test", "test"]),
        (["set-up", "answer"], ["shared", "shared", "learner", "test", "test"]),
        (["two", "one"], ["learner", "learner", "learner", "together", "together"]),
        (True, ["learner", "learner", "learner", "together", "together"]),
    ],
)
def test_who_runs_a_cell_is_chosen_for_tests_and_the_judge_runs_nothing_for_nobody(
    together, expected
):
    assert sides(MASTER.choose(together)) == expected


def test_a_copy_of_the_instructors_cell_is_the_learners():
    """The judge would run it as often as it is there, and use up the notebook's time."""
    cells = job(MASTER, {}, [new_code_cell("# plain") for _ in range(30)]).cells
    assert [each.side for each in cells] == ["shared"] + ["learner"] * 29


def test_an_assignment_without_tests_has_none_to_run_together():
    master = Master({"set-up": cell("set-up", "shared")}, (), (), (), "", {})
    assert sides(master.choose(True))[1] == "shared"


def test_a_choice_makes_another_digest_and_the_order_of_its_names_none():
    digests = [
        MASTER.digest(),
        MASTER.choose(["one"]).digest(),
        MASTER.choose(True).digest(),
        MASTER.choose((), ["data.csv"]).digest(),
    ]
    assert len(set(digests)) == len(digests)
    assert MASTER.choose(["one", "two"]).digest() == MASTER.choose({"two", "one"}).digest()
