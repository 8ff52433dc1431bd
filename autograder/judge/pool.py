"""Starts judges on this machine, and hands them jobs."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from autograder import COURSE
from autograder.judge.job import Executed, Job

TRIES = 3  # judges that a job may outlive
PREFIX = "judges-"  # of their folders
PROGRAM = "from autograder.judge.process import main; main()"
ALIVE = "{}/alive"  # a file in each, locked as long as it is in use


class JudgeFailed(RuntimeError):
    """A judge could not execute a job, and it is not the submission's fault."""


class JudgeUnavailable(RuntimeError):
    """No judge can be started on this machine; the message says what to do."""


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that a disk is full, in anyone's words."""
    words = ("No space left on device", "Disk quota exceeded", "disk is full")
    while error is not None:
        if any(each in str(error) for each in words):
            return True
        error = error.__cause__ or error.__context__
    return False


class JudgePool:
    """Judges of this machine, ended with the `with` block or with this process.

    The first is started at once, others as jobs come, up to `count` of them.
    course: the folder that they work in, which holds `autograder/`.
    address: of the socket from which they take jobs.
    """

    def __init__(self, count: int = 1, course: Path = COURSE):
        sweep()
        self._course = course
        # Only this user may enter it. Judges put their temporary files here too.
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self._alive = Path(self._folder.name, "new").open("w")  # noqa: SIM115
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        os.rename(self._alive.name, ALIVE.format(self._folder.name))  # locked before it is found
        self.address = str(Path(self._folder.name, "socket"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address)
        self._listener.listen(128)
        self._lock = threading.Lock()
        self._count, self._jobs = count, 0  # jobs that are being executed
        self._running: list[subprocess.Popen] = []
        self.have(1)

    def have(self, count: int) -> None:
        """Start judges until there are as many as this, or as many as there may be."""
        with self._lock:
            while len(self._running) < min(count, self._count):
                self._running.append(self._start())

    def _start(self) -> subprocess.Popen:
        # It ends when its standard input closes: with this process, however that ends. A Ctrl-C for
        # this process must not reach it, because a test cell would fail.
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self._listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=None,
            pass_fds=[self._listener.fileno(), self._alive.fileno()],
            cwd=self._course,
            env={
                **os.environ,
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "TF_ENABLE_ONEDNN_OPTS": "0",
                "TMPDIR": self._folder.name,
            },
            start_new_session=True,
        )

    def __enter__(self) -> "JudgePool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def execute(self, job: Job) -> Executed:
        """Execute a job; wait for an idle judge. Where a judge dies, another takes the job.

        Raises SandboxUnavailable, JudgeFailed.
        """
        with self._lock:
            self._jobs += 1
        try:
            self.have(self._jobs)
            return execute_at(self.address, job, self.replace_the_dead)
        finally:
            with self._lock:
                self._jobs -= 1

    def replace_the_dead(self) -> None:
        """Start a judge for each that has ended."""
        with self._lock:
            for number, judge in enumerate(self._running):
                if judge.poll() is not None:
                    _end(judge)
                    if judge.returncode > 0:  # no signal
                        raise JudgeUnavailable(
                            "A judge ended by itself; it said why above. Is everything installed "
                            "that the grader and the instructor's notebooks import?"
                        )
                    self._running[number] = self._start()

    def close(self) -> None:
        """End the judges."""
        with self._lock:
            ended, self._running, self._count = self._running, [], 0
        self._listener.close()
        for judge in ended:
            _end(judge)
        self._alive.close()
        self._folder.cleanup()


def _end(judge: subprocess.Popen) -> None:
    """End a judge, if it has not ended, and wait for that."""
    with judge:  # closes its standard input, and waits
        judge.terminate()


def sweep() -> None:
    """Remove the folders that killed processes left: no judge and no owner holds them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError), open(ALIVE.format(folder)) as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)


def execute_at(address: str, job: Job, meanwhile: Callable[[], None] = lambda: None) -> Executed:
    """Execute a job by one of the judges at a socket's address.

    meanwhile: called every second while the job waits or runs.
    Raises SandboxUnavailable, JudgeFailed.
    """
    for _ in range(TRIES):
        with suppress(EOFError, ConnectionError):
            return _ask(address, job, meanwhile)
    raise JudgeFailed(f"{TRIES} judges died over this notebook")


def _ask(address: str, job: Job, meanwhile: Callable[[], None]) -> Executed:
    """Ask one judge. Raises EOFError if it dies."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(address)
    with Connection(client.detach()) as connection:
        connection.send(job)
        while not connection.poll(1):
            meanwhile()
        answer = connection.recv()
    if isinstance(answer, Exception):
        raise answer
    return answer


@cache
def own_judge() -> JudgePool:
    """Start a judge for this process, once; it ends with the process."""
    return JudgePool(1)


_starting = threading.Lock()


def execute_anywhere(job: Job) -> Executed:
    """Execute a job by this process's own judge: what a worker of a cluster does."""
    with _starting:  # a worker may have several threads
        judge = own_judge()
    return judge.execute(job)
