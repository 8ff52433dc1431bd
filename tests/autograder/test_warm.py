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
from tests.autograder.small_class import SmallClass, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("warm")]
COMMAND = ("warm", "--workers", "1")
LONG = "def double(x):\n    import subprocess\n    subprocess.run(['sleep', '99'])"


@contextmanager
def kept_warm(group: SmallClass):
    """Keep a judge warm for a class; end it as a terminal does, and check that nothing is left."""
    process = group.command(*COMMAND)
    try:
        assert process.stdout.readline() == "The judges are getting warm. Ctrl-C ends them.\n"
        yield process
        others = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60) == ("ended\n", "")
        assert psutil.wait_procs(others, timeout=60)[1] == []
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def group(small_course, tmp_path_factory):
    """A class that all tests here share."""
    return SmallClass(small_course, tmp_path_factory.mktemp("warm"))


@pytest.fixture(scope="module")
def process(group):
    """The process that keeps a judge warm for it."""
    with kept_warm(group) as started:
        yield started


def command_line(process: psutil.Process) -> list[str]:
    """Read a process's command line; empty where the process has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def below(process: subprocess.Popen, word: str) -> list[psutil.Process]:
    """Find a process's children by a word of their command line."""
    children = psutil.Process(process.pid).children()
    return [each for each in children if word in command_line(each)]


def sleeps(judge: psutil.Process) -> bool:
    """Whether a learner's code keeps a judge waiting."""
    return any("sleep" in command_line(each) for each in judge.children(recursive=True))


def test_it_carries_a_command_out_with_the_same_grades(group, process, small_course, tmp_path):
    cold = SmallClass(small_course, tmp_path)
    for each in (cold, group):
        each.hand_in_many(4)
    command = group.start()
    until(lambda: below(process, "warm"), command)  # a fork of it
    out, err = command.communicate(timeout=60)
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
    group.hand_in("endless", double=LONG)
    (judge,) = below(process, PROGRAM)
    command = group.start()
    until(lambda: sleeps(judge), command)
    os.killpg(command.pid, signal.SIGINT)
    out, _ = command.communicate(timeout=60)
    assert command.returncode == 130
    assert out.startswith("Stopped.")
    assert "endless" not in group.results()
    assert group.grade().returncode == 0
    assert "ran too long" in str(group.results()["endless"])


def test_a_judge_that_is_killed_is_replaced(group, process):
    group.hand_in("killed", double=LONG)
    (judge,) = below(process, PROGRAM)
    command = group.start()
    until(lambda: sleeps(judge), command)
    judge.kill()
    assert command.wait(60) == 0
    command.communicate()
    assert "ran too long" in str(group.results()["killed"])
    assert below(process, PROGRAM) != [judge]


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
    assert second.communicate(timeout=60)[1] == (
        "Another process already keeps judges warm. One is enough.\n"
    )
    assert second.returncode == 1
    assert group.grade().returncode == 0


def test_after_kill_9_commands_run_by_themselves_and_the_next_one_starts(small_class):
    killed = small_class.command(*COMMAND)
    killed.stdout.readline()
    others = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.communicate()
    assert psutil.wait_procs(others, timeout=60)[1] == []
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
