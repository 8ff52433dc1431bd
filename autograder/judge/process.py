"""The judge: a trusted, long-lived process in which Keras is warm.

`python -m autograder.judge.process DESCRIPTOR` takes jobs from a listening socket, one at a time;
several judges may share the socket, and whoever is idle takes the next job.
"""

import gc
import os
import socket
import sys
import threading
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection

from autograder.inside.shell import Shell, start_shell
from autograder.judge.execution import execute
from autograder.judge.job import Executed, Job
from autograder.judge.pool import JudgeFailed, is_full
from autograder.judge.replay import Memory
from autograder.sandbox.bubblewrap import ForkServer, SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox


class Bench:
    """Keeps a sandbox started for the next job like this one, and what forks it."""

    def __init__(self):
        self._key: tuple[Limits, bool] | None = None
        self._server: ForkServer | None = None
        self._next: Sandbox | None = None

    def take(self, limits: Limits, confined: bool) -> Sandbox:
        """Take a started sandbox, and start the next."""
        if self._key != (limits, confined) or (self._server and self._server.has_ended()):
            self.close()
            self._server = ForkServer(limits) if confined else None
            self._key = limits, confined
        taken, self._next = self._next, None
        if taken and not _is_ready(taken):  # it took its server along
            return self.take(limits, confined)
        taken = taken or Sandbox(limits, self._server)
        self._next = Sandbox(limits, self._server)
        return taken

    def close(self) -> None:
        """End what waits, and the server."""
        if self._next:
            self._next.close()
        if self._server:
            self._server.close()
        self._key = self._server = self._next = None


def _is_ready(waiting: Sandbox) -> bool:
    """Whether a sandbox that has waited is still there."""
    try:
        waiting.wait_until_ready()
    except SandboxUnavailable:
        return False
    return True


def serve(listener: socket.socket) -> None:
    """Take one job after the other."""
    import keras  # noqa: F401 (warm before the first job)

    shell, memory, bench = start_shell(), Memory(), Bench()
    gc.collect()
    gc.freeze()  # what was imported stays: no need to look at it again
    while True:
        client, _ = listener.accept()
        with Connection(client.detach()) as connection, suppress(EOFError, ConnectionError):
            job = connection.recv()
            connection.send(_outcome(job, shell, memory, bench))


def _outcome(job: Job, shell: Shell, memory: Memory, bench: Bench) -> Executed | Exception:
    try:
        return execute(job, shell, memory, lambda: bench.take(job.limits, job.confined))
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


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    serve(socket.socket(fileno=int(sys.argv[1])))
