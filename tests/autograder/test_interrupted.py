"""Grading that is interrupted at any moment: the next run finishes it, and nothing is left."""

import errno
import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from autograder.judge.job import Cell, Job
from autograder.judge.pool import PROGRAM, TRIES, JudgeFailed, JudgePool
from autograder.sandbox.limits import Limits
from tests.autograder.processes import PATIENCE, descendants, ended, runs, until
from tests.autograder.small_class import SLEEPING, SmallClass
from tests.lanes import long_but_some, together

pytestmark = [pytest.mark.slow, together("interrupted")]

COUNT = 8


@pytest.fixture(scope="module")
def patient_course(small_course, tmp_path_factory):
    """The course with ten minutes for a cell: what sleeps in it is interrupted by tests alone."""
    group = SmallClass(small_course, tmp_path_factory.mktemp("patient"))
    group.configure('c.SplitExecute.limits = {"*": {"cell_seconds": 600}}')
    assert group.command("check", "small").wait() == 0
    return group.course


@pytest.fixture
def small_class(patient_course, tmp_path):
    """A class of its own, in which nobody has handed in anything yet."""
    return SmallClass(patient_course, tmp_path)


@pytest.fixture(scope="module")
def undisturbed(patient_course, tmp_path_factory):
    """A class that was graded in one go."""
    group = SmallClass(patient_course, tmp_path_factory.mktemp("undisturbed"))
    group.hand_in_many(COUNT)
    assert group.grade("--workers", "2").returncode == 0
    return group


def intact(group) -> bool:
    with closing(sqlite3.connect(group.folder / "gradebook.db")) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def same(group, undisturbed) -> bool:
    """Whether a class has the results, and the gradebook the points, of one graded in one go."""
    return group.outcome() == undisturbed.outcome() and group.points() == undisturbed.points()


def temporary(tmp_path):
    """Make a folder for temporary files, to see what stays in it."""
    folder = tmp_path / "tmp"
    folder.mkdir(exist_ok=True)
    return folder


def test_ctrl_c_ends_everything_and_the_next_run_finishes(small_class, tmp_path, undisturbed):
    small_class.hand_in_many(COUNT)
    small_class.hand_in("the-last", double=SLEEPING)
    tmp = temporary(tmp_path)
    process = small_class.start("--workers", "2", env={"TMPDIR": str(tmp)})
    until(lambda: len(small_class.results()) >= 2, process)
    others = descendants(process.pid)
    assert runs(process.pid, PROGRAM)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err == ""
    assert out == "Stopped. What was graded stays graded; the same command grades the rest.\n"
    assert ended(others)
    assert list(tmp.glob("judge*")) == []
    assert intact(small_class)
    before = small_class.results()
    assert len(before) >= 2 and "the-last" not in before
    shutil.rmtree(small_class.submitted("the-last"))
    assert small_class.grade().returncode == 0
    assert {learner: small_class.results()[learner] for learner in before} == before
    assert same(small_class, undisturbed)


def test_ctrl_c_does_not_wait_for_code_that_never_ends(small_class, tmp_path):
    small_class.hand_in("learner-00", double=SLEEPING)
    process = small_class.start("--workers", "1", env={"TMPDIR": str(temporary(tmp_path))})
    until(lambda: runs(process.pid, "sleep"), process)
    others = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert ended(others)
    assert small_class.results() == {}


def test_kill_9_leaves_no_process_and_the_next_run_clears_up(small_class, tmp_path, undisturbed):
    small_class.hand_in_many(COUNT)
    tmp = temporary(tmp_path)
    process = small_class.start("--workers", "2", env={"TMPDIR": str(tmp)})
    until(lambda: len(small_class.results()) >= 2, process)
    others = descendants(process.pid)
    process.kill()
    process.communicate()
    assert ended(others)
    assert intact(small_class)
    assert small_class.grade(env={"TMPDIR": str(tmp)}).returncode == 0
    assert same(small_class, undisturbed)
    assert list(tmp.glob("judge*")) == []
    assert not (small_class.folder / "grading").exists()


def in_a_fork(act) -> int:
    """Run something in a fork of this process; return its process id."""
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(0)
    return child


def test_kill_9_at_random_moments_changes_no_grade(small_class, graded, undisturbed):
    small_class.hand_in_many(COUNT)
    known, moments, longest = {}, random.Random(1), itertools.count(1.2, 0.1)
    while len(known) < COUNT:
        child = in_a_fork(graded)
        ready = time.monotonic() + moments.uniform(0.2, next(longest))
        while not (is_over := os.waitpid(child, os.WNOHANG)[0]) and time.monotonic() < ready:
            time.sleep(0.005)
        if not is_over:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        assert intact(small_class)
        results = small_class.results()
        assert {learner: results[learner] for learner in known} == known
        known = results
    graded()
    assert same(small_class, undisturbed)


# Where recording may end early, from its beginning to its last step.
STEPS = {
    "before the points": "autograder.gradebook.OpenGradebook._submission",
    "among the points": "nbgrader.preprocessors.saveautogrades.SaveAutoGrades._add_comment",
    "writing the notebook": "autograder.autograded.nbformat.writes",
    "in place of the folder": "autograder.autograded.rmtree",
    "after nbgrader's part": "autograder.classroom.Class._result",
    "before the result": "autograder.results.Results.write",
    "within the result": "autograder.whole.os.fsync",
}


def killed(graded, patched, step):
    patched.setattr(STEPS[step], lambda *a, **o: os.kill(os.getpid(), signal.SIGKILL))
    status = os.waitpid(in_a_fork(graded), 0)[1]
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def interrupted(graded, patched, step):
    def ring(*arguments, **options):
        raise KeyboardInterrupt

    patched.setattr(STEPS[step], ring)
    with pytest.raises(SystemExit, match="130"):
        graded()


def full(graded, patched, step):
    def refuse(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patched.setattr(STEPS[step], refuse)
    with pytest.raises(SystemExit, match=r"^The disk is full. .* run the command again"):
        graded()


@pytest.mark.parametrize("how", [killed, interrupted, full])
@pytest.mark.parametrize("step", long_but_some(STEPS, every=3))
def test_recording_that_ends_early(
    small_class, graded, undisturbed, monkeypatch, capsys, step, how
):
    damaged = "{damaged"
    path = small_class.hand_in("learner-00", damaged)
    graded()
    before = small_class.outcome()
    path.write_bytes((undisturbed.submitted("learner-00") / path.name).read_bytes())
    with monkeypatch.context() as patched:
        how(graded, patched, step)
    assert intact(small_class)
    good = path.read_bytes()
    path.write_text(damaged)  # what was graded before counts again
    graded()
    assert small_class.outcome() == before
    assert {points[0] for points in small_class.points().values()} == {0}
    path.write_bytes(good)
    graded()
    assert small_class.outcome()["learner-00"] == undisturbed.outcome()["learner-00"]


FULL_DISK = """
set -e
cp -a {saved}/. {folder}/
cat /dev/zero > {folder}/filler 2> /dev/null || true
truncate -s -{room} {folder}/filler
set +e
{python} -m autograder grade small --workers 1; echo "exit code $?"
rm {folder}/filler
{python} -m autograder grade small --workers 1; echo "exit code $?"
cp -a {folder}/. {saved}/
"""


@pytest.mark.parametrize("room", [0, 60_000])
def test_a_full_disk_is_named_and_loses_nothing(small_class, undisturbed, room):
    small_class.hand_in_many(COUNT)
    saved = small_class.folder.with_name("saved")
    small_class.folder.rename(saved)
    small_class.folder.mkdir()
    script = FULL_DISK.format(
        saved=saved, folder=small_class.folder, room=room, python=sys.executable
    )
    tmpfs = ["--size", str(8 << 20), "--tmpfs", str(small_class.folder)]
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", *tmpfs, "--chdir", str(small_class.course), "--",
         "bash", "-c", script],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.stderr.startswith("The disk is full. Make room"), done
    assert done.stderr.count("\n") == 1
    assert done.stdout.count("exit code 1\n") == done.stdout.count("exit code 0\n") == 1
    small_class.folder.rmdir()
    saved.rename(small_class.folder)
    assert intact(small_class)
    assert same(small_class, undisturbed)


def a_job(source="def double(x):\n    return 2 * x", seconds=20):
    cells = (
        Cell("learner", source),
        Cell("test", "assert double(2) == 4", "assert double(2) == 4", "double-check"),
    )
    return Job(cells, ("double",), limits=Limits(cell_seconds=seconds))


@pytest.fixture
def one_judge(small_course):
    with JudgePool(1, small_course) as judges:
        yield judges


def test_a_job_whose_judge_is_killed_is_done_by_another(one_judge):
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(one_judge.execute, a_job(SLEEPING, seconds=6))
        first = one_judge._running[0]
        until(lambda: runs(first.pid, "sleep"))
        others = descendants(first.pid)
        first.kill()
        assert ended(others)
        executed = future.result(PATIENCE)
    assert executed.diagnoses == {"double-check": "error"}
    assert "ran too long" in executed.outputs[1][0]["evalue"]
    assert one_judge._running[0].pid != first.pid


def test_a_job_that_no_judge_outlives_is_given_up(one_judge):
    def kill(judge):
        until(lambda: runs(judge.pid, "sleep"))
        judge.kill()
        until(lambda: one_judge._running[0] is not judge or done.is_set())

    def kill_them():
        for _ in range(TRIES):
            kill(one_judge._running[0])

    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_them)
        with pytest.raises(JudgeFailed, match="3 judges died"):
            one_judge.execute(a_job(SLEEPING))
        done.set()
        killing.result()


def test_what_no_judge_could_execute_gets_no_points_and_is_tried_again(
    small_class, graded, small_judges
):
    small_class.hand_in_many(3)

    def fail(job):
        if "ValueError" in repr(job):
            raise JudgeFailed("3 judges died over this notebook")
        return small_judges.execute(job)

    printed = graded(execute=fail)
    assert "needs a human: learner-02: small: could not be executed (3 judges died" in printed
    assert [result["score"] for result in small_class.results().values()] == [5, 3, 0]
    assert small_class.points()["learner-02", "small", "double-check"][0] == 0
    assert "1 graded" in graded()
    assert [result["score"] for result in small_class.results().values()] == [5, 3, 2]
