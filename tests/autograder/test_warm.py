"""Warm judges: their process carries out a command as if the command ran on its own."""

import os
import signal
import socket
import subprocess
from contextlib import contextmanager

import psutil
import pytest

from autograder import warm
from autograder.judge.pool import PROGRAM
from tests.autograder.processes import (
    PATIENCE,
    command_line,
    descendants,
    ended,
    runs,
    until,
)
from tests.autograder.small_class import SLEEPING, SmallClass

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("warm")]
COMMAND = ("warm", "--workers", "1")


@contextmanager
def kept_warm(group: SmallClass):
    """Keep a judge warm for a class; end it as a terminal does, and check that nothing is left."""
    process = group.command(*COMMAND)
    try:
        assert process.stdout.readline() == "The judges are getting warm. Ctrl-C ends them.\n"
        yield process
        others = descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == ("ended\n", "")
        assert ended(others)
    finally:
        process.kill()
        process.communicate()


def patient_class(course, folder) -> SmallClass:
    """Make a class in which code that sleeps does so for longer than a test needs to see it."""
    group = SmallClass(course, folder)
    group.configure('c.SplitExecute.limits = {"*": {"cell_seconds": 8}}')
    return group


@pytest.fixture(scope="module")
def group(small_course, tmp_path_factory):
    """A class that all tests here share."""
    return patient_class(small_course, tmp_path_factory.mktemp("warm"))


@pytest.fixture(scope="module")
def process(group):
    """The process that keeps a judge warm for it."""
    with kept_warm(group) as started:
        yield started


def below(process: subprocess.Popen, word: str) -> list[psutil.Process]:
    """Find a process's children by a word of their command line."""
    children = psutil.Process(process.pid).children()
    return [each for each in children if word in command_line(each)]


def test_it_carries_a_command_out_with_the_same_grades(group, process, small_course, tmp_path):
    cold = patient_class(small_course, tmp_path)
    for each in (cold, group):
        each.hand_in_many(4)
    command = group.start()
    until(lambda: below(process, "warm"), command)  # a fork of it
    out, err = command.communicate(timeout=PATIENCE)
    assert (command.returncode, err) == (0, "")
    alone = cold.grade()
    assert [line.split(" in ")[0] for line in out.splitlines()] == [
        line.split(" in ")[0] for line in alone.stdout.splitlines()
    ]
    assert group.outcome() == cold.outcome()
    assert group.points() == cold.points()


def test_the_command_ends_as_it_would_by_itself(group, process, tmp_path):
    unknown = group.grade(assignment="nothing")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("There is no assignment 'nothing' in the gradebook.")
    elsewhere = group.grade(env={"COURSE_CLASS": str(tmp_path / "elsewhere")})
    assert elsewhere.returncode == 1
    assert f"There is no folder {tmp_path / 'elsewhere'}" in elsewhere.stderr
    assert not below(process, "warm")


def test_ctrl_c_ends_the_command_alone(group, process):
    group.hand_in("endless", double=SLEEPING)
    command = group.start()
    until(lambda: runs(process.pid, "sleep"), command)
    os.killpg(command.pid, signal.SIGINT)
    out, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 130
    assert out.startswith("Stopped.")
    assert "endless" not in group.results()
    group.hand_in("endless")
    assert group.grade().returncode == 0
    assert group.results()["endless"]["score"] == 5


def test_a_judge_that_is_killed_is_replaced(group, process):
    group.hand_in("killed", double=SLEEPING)
    (judge,) = below(process, PROGRAM)
    command = group.start()
    until(lambda: runs(judge.pid, "sleep"), command)
    judge.kill()
    command.communicate(timeout=PATIENCE)
    assert command.returncode == 0
    assert "ran too long" in str(group.results()["killed"])
    assert until(lambda: below(process, PROGRAM)) != [judge]


def test_a_client_that_goes_away_disturbs_nobody(group, process, monkeypatch):
    monkeypatch.setattr(warm, "COURSE", group.course)
    for data in (b"", b"half", bytes(8)):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(warm.place()))
            client.sendall(data)
    assert group.grade().returncode == 0
    assert process.poll() is None


def test_a_second_one_says_that_one_is_enough(group, process):
    second = group.command(*COMMAND)
    assert second.communicate(timeout=PATIENCE)[1] == (
        "Another process already keeps judges warm. One is enough.\n"
    )
    assert second.returncode == 1
    assert group.grade().returncode == 0


def test_after_kill_9_commands_run_by_themselves_and_the_next_one_starts(small_class):
    killed = small_class.command(*COMMAND)
    killed.stdout.readline()
    others = descendants(killed.pid)
    killed.kill()
    killed.communicate()
    assert ended(others)
    small_class.hand_in("learner")
    assert small_class.grade().returncode == 0
    with kept_warm(small_class):
        assert small_class.grade().returncode == 0


def test_a_folder_that_others_may_enter_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(warm.tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / f"autograder-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(SystemExit, match="not a folder of yours alone"):
        warm.place()
