"""Grading on a Dask cluster whose workers have the grader's program and nothing of the course."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import psutil
import pytest
from distributed import Client

from autograder import grading
from autograder.judge.pool import execute_anywhere
from tests.autograder.processes import PATIENCE, command_line, descendants, ended, until
from tests.autograder.small_class import ENDLESS, SmallClass
from tests.lanes import together

pytestmark = [pytest.mark.slow, together("cluster")]

COUNT = 6
QUIET = ("--no-dashboard", "--host", "127.0.0.1")


class Dask:
    """The processes of a cluster, which end together."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []

    def start(self, program, *arguments, ready):
        """Start a program of Dask's; wait for the line that says it is ready."""
        environment = {k: v for k, v in os.environ.items() if k != "COURSE_CLASS"}
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments, *QUIET],
            cwd=self.folder, env=environment, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        for line in process.stderr:
            if match := re.search(ready, line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                return process, match
        raise AssertionError(f"{program} ended: {process.wait()}")

    def scheduler(self):
        """Start a scheduler; return its address."""
        return self.start("scheduler", "--port", "0", ready=r"Scheduler at: *(tcp://\S+)")[1][1]

    def worker(self, address, *options):
        """Start a worker; return its process."""
        one = ("--nthreads", "1", *options)
        return self.start("worker", address, *one, ready=r"Registered to: *tcp")[0]

    def close(self):
        """End the workers before the scheduler, since they sign off from it."""
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def elsewhere(small_course, tmp_path_factory):
    """A folder with the program alone, as on another machine."""
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(small_course / "autograder", folder / "autograder")
    (folder / "keras.py").touch()
    return folder


@pytest.fixture
def dask(elsewhere):
    started = Dask(elsewhere)
    yield started
    started.close()


@pytest.fixture(scope="module")
def alone(small_course, tmp_path_factory):
    """A class that one local worker graded."""
    group = SmallClass(small_course, tmp_path_factory.mktemp("alone"))
    group.hand_in_many(COUNT)
    assert group.grade("--workers", "1").returncode == 0
    return group


def same(group, other):
    return group.outcome() == other.outcome() and group.points() == other.points()


def test_two_workers_give_the_same_grades_as_one(small_class, alone):
    small_class.hand_in_many(COUNT)
    assert small_class.grade("--workers", "2").returncode == 0
    assert same(small_class, alone)


def test_a_cluster_gives_the_same_grades_and_sees_nothing_of_the_course(small_class, alone, dask):
    small_class.hand_in_many(COUNT)
    address = dask.scheduler()
    worker = dask.worker(address, "--nanny")
    done = small_class.grade("--scheduler", address)
    assert (done.returncode, done.stderr) == (0, "")
    assert same(small_class, alone)
    course = str(small_class.course)
    assert course not in facts(psutil.Process(worker.pid))
    for process in descendants(worker.pid):
        with suppress(psutil.NoSuchProcess):
            assert process.uids().real != os.geteuid() or course not in facts(process)


def facts(process) -> str:
    """Write down all that could name a course."""
    return f"{process.cmdline()} {process.environ()} {process.cwd()} {process.open_files()}"


def test_as_many_jobs_are_on_their_way_as_the_cluster_can_do(dask):
    address = dask.scheduler()
    for _ in range(2):
        dask.worker(address, "--no-nanny")
    with grading.workers(1, address, execute_anywhere) as (_, _, at_once):
        assert at_once == 2


def test_the_job_of_a_killed_worker_is_done_by_another(small_class, dask):
    small_class.hand_in("learner-00", double=ENDLESS)
    address = dask.scheduler()
    workers = [dask.worker(address, "--no-nanny") for _ in range(2)]
    process = small_class.start("--scheduler", address)
    busy, *_ = until(lambda: [each for each in workers if has_a_sandbox(each)], process)
    others = descendants(busy.pid)
    busy.send_signal(signal.SIGKILL)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert small_class.results()["learner-00"]["score"] == 3
    assert ended(others)


def has_a_sandbox(worker) -> bool:
    """Whether a worker's judge has started bubblewrap."""
    return any(command_line(each)[:1] == ["bwrap"] for each in descendants(worker.pid))


def test_no_worker_is_said_in_time(small_class, graded, dask, monkeypatch):
    wait = Client.wait_for_workers
    monkeypatch.setattr(Client, "wait_for_workers", lambda *given, timeout: wait(*given, timeout=1))
    small_class.hand_in("learner-00")
    with pytest.raises(SystemExit, match=r"has no workers. Start one .* dask worker tcp://"):
        graded(scheduler=dask.scheduler())


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_no_scheduler_is_said_in_time(small_class, graded, monkeypatch, address):
    monkeypatch.setattr(grading, "PATIENCE", 1)
    small_class.hand_in("learner-00")
    with pytest.raises(SystemExit, match="No Dask scheduler answers at"):
        graded(scheduler=address)
