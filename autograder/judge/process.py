"""A judge: a trusted, long-lived process in which Keras is warm.

It takes jobs from a listening socket, one at a time. Several judges may share the socket, and
whoever is idle takes the next job.
"""

import gc
import os
import socket
import sys
import threading
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NoReturn

from autograder.inside.shell import Shell, start_shell
from autograder.judge.execution import execute
from autograder.judge.job import Executed, Job
from autograder.judge.pool import JudgeFailed, is_full
from autograder.judge.replay import Memory
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.sandbox.sandbox import Sandbox


class Supply:
    """Keeps a sandbox started for the next job like this one, and the server that forks it."""

    def __init__(self) -> None:
        self._kind: tuple | None = None  # what a sandbox is made for
        self._server: ForkServer | None = None
        self._next: Sandbox | None = None

    def __enter__(self) -> "Supply":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def take(self, job: Job) -> Sandbox:
        """Take a started sandbox for a job, and start the next."""
        kind = job.limits, job.hidden, job.confined
        if self._kind != kind or (self._server and self._server.has_ended()):
            self._end()
            self._server = ForkServer(job.limits, job.hidden) if job.confined else None
            self._kind = kind
        taken, self._next = self._next, None
        if taken and not _is_ready(taken):  # it took its server along
            return self.take(job)
        taken = taken or Sandbox(job.limits, self._server)
        self._next = Sandbox(job.limits, self._server)
        return taken

    def _end(self) -> None:
        """End what waits, and the server."""
        if self._next:
            self._next.close()
        if self._server:
            self._server.close()
        self._kind = self._server = self._next = None


def _is_ready(waiting: Sandbox) -> bool:
    """Whether a sandbox that has waited is still there."""
    try:
        waiting.wait_until_ready()
    except SandboxUnavailable:
        return False
    return True


def serve(listener: socket.socket) -> NoReturn:
    """Take one job after the other."""
    with suppress(ModuleNotFoundError):  # another course may do without it
        import keras  # noqa: F401 (warm before the first job)

    shell, memory = start_shell(), Memory()
    gc.collect()
    gc.freeze()  # what was imported stays: no need to look at it again
    with Supply() as supply:
        while True:
            client, _ = listener.accept()
            with Connection(client.detach()) as connection, suppress(EOFError, ConnectionError):
                job = connection.recv()
                connection.send(_outcome(job, shell, memory, supply))


def _outcome(job: Job, shell: Shell, memory: Memory, supply: Supply) -> Executed | Exception:
    try:
        return execute(job, shell, memory, supply.take)
    except SandboxUnavailable as error:
        return error
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            return error
        traceback.print_exc()
        return JudgeFailed(f"{type(error).__name__}: {error}")


def _end_with_parent() -> None:
    os.read(0, 1)  # not sys.stdin: a lock of its own would abort a judge that ends by itself
    os._exit(0)


def main() -> NoReturn:
    """Be a judge, until standard input ends. The argument names the socket's descriptor."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    serve(socket.socket(fileno=int(sys.argv[1])))
