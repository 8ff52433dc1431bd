"""A warm process that forks judges: each notebook has a judge of its own.

It takes jobs from a listening socket, one at a time. Several of these processes may share the
socket; an idle one takes the next job. Whatever an instructor's cell patches, or a learner's bytes
break, ends with the judge.
"""

import ctypes
import gc
import importlib
import importlib.util
import marshal
import os
import re
import resource
import select
import shutil
import signal
import socket
import sys
import sysconfig
import tempfile
import traceback
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from autograder import quick_jsonschema  # noqa: F401  (before nbformat imports jsonschema)
from autograder.inside.shell import Shell, start_shell
from autograder.judge import recordings
from autograder.judge.execution import execute, move_in
from autograder.judge.job import Executed, Job
from autograder.judge.names import imported
from autograder.judge.pool import JudgeFailed, is_full
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.limits import MB
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.sandbox.sandbox import Sandbox

SLOW = ("keras", "tensorflow", "torch", "jax")
"""Packages that take seconds to import. Where recordings answer, nobody needs them."""
NEEDED = 75  # exit code of a judge that needs the first of them; of the second, one more
SPARE = 30  # seconds that a judge may need for a cell, besides the learner's code
SPARE_MEMORY = 1024  # MB that a judge may need, besides as much as the learner's code
OVERDUE = "its test cells had not ended after {:.0f} s, and could not be interrupted"
MOMENT = 1.0  # seconds for a judge that has answered to end
UNCHECKED = (1).to_bytes(4, "little")  # flags of a .pyc file: the source beside it is not read
SET_PDEATHSIG = 1  # of prctl(2)
STDIN = 0  # it ends with whoever started this process


class Supply:
    """Starts sandboxes, with a server that it keeps for the next job of the same kind."""

    def __init__(self) -> None:
        self._kind: tuple | None = None  # what a sandbox is made for
        self._server: ForkServer | None = None

    def __enter__(self) -> "Supply":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def prepare(self, job: Job) -> None:
        """Have a server that can start sandboxes for a job. Raises SandboxUnavailable."""
        kind = job.limits, job.hidden, job.confined
        if self._kind != kind or (self._server and self._server.has_ended()):
            self.end()
            self._server = ForkServer(job.limits, job.hidden) if job.confined else None
            self._kind = kind

    def take(self, job: Job) -> Sandbox:
        """Start a sandbox."""
        return Sandbox(job.limits, self._server)

    def end(self) -> None:
        """End the server, and with it all that it started."""
        if self._server:
            self._server.close()
        self._kind = self._server = None


class Waiting:
    """Ends this judge at the import of a package that takes seconds.

    The process that it was forked from then imports the package, and forks another judge.
    """

    def __init__(self, packages: set[str]):
        self._packages = packages

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """End this process if one of the packages is imported."""
        if name in self._packages:
            os._exit(NEEDED + SLOW.index(name))
        return None


class Warm:
    """Imports what judges need before they are forked.

    shell: started. slow: which of the packages that take seconds are there.
    """

    def __init__(self) -> None:
        self.shell = start_shell()
        recordings.versions()  # found out once, not by each judge
        self.slow = {name for name in SLOW if importlib.util.find_spec(name)}
        self._tried: set[str] = set()
        self._installed = tuple({sysconfig.get_path(kind) for kind in ("purelib", "platlib")})
        self._freeze()

    def _freeze(self) -> None:
        """Freeze what was imported: a collector would copy memory that judges share."""
        gc.collect()
        gc.freeze()

    def load(self, job: Job) -> None:
        """Import what the instructor's cells and modules will import, as far as that is quick."""
        texts = [cell.source for cell in job.cells if cell.side != "learner"]
        files = job.instructors_files.items()
        texts += [code.decode(errors="replace") for name, code in files if name.endswith(".py")]
        wanted = frozenset[str]().union(*map(imported, texts)) - self._tried
        if new := {name for name in wanted if self._is_quick(name)}:
            self._import(new)
        self._tried |= wanted

    def compiled(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Compile the modules among the instructor's files, so that no judge has to."""
        return {
            importlib.util.cache_from_source(name): code
            for name, source in files.items()
            if name.endswith(".py") and (code := _compiled(source, name)) is not None
        }

    def load_slow(self, name: str) -> None:
        """Import a package that takes seconds. An exception ends this process, and says why."""
        importlib.import_module(name)
        self._freeze()

    def _is_quick(self, name: str) -> bool:
        package = name.partition(".")[0]
        if package in SLOW:
            return False
        with suppress(ImportError, ValueError):
            spec = importlib.util.find_spec(package)
            return bool(spec and spec.origin and spec.origin.startswith(self._installed))
        return False

    def _import(self, names: set[str]) -> None:
        for name in sorted(names):
            with suppress(Exception):  # the judge will run into it, and say so
                importlib.import_module(name)
        self._freeze()


@lru_cache(1000)
def _compiled(source: bytes, name: str) -> bytes | None:
    """Compile a module to the content of a .pyc file (PEP 552); None where it is no Python."""
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None  # whoever imports it will be told
    return b"".join([importlib.util.MAGIC_NUMBER, UNCHECKED, bytes(8), marshal.dumps(code)])


def serve(listener: socket.socket) -> NoReturn:
    """Take one job after the other."""
    warm = Warm()
    with Supply() as supply:
        while True:
            ready, _, _ = select.select([listener.fileno(), STDIN], [], [])
            if STDIN in ready:
                sys.exit()
            with suppress(BlockingIOError, EOFError, ConnectionError):
                client, _ = listener.accept()  # another process may have been quicker
                client.setblocking(True)
                with Connection(client.detach()) as connection:
                    _judge(connection.recv(), connection, warm, supply)


def _packages_of_both(job: Job) -> dict[str, bytes]:
    """List the modules of packages that both sides have.

    What lies beside the notebook itself is left alone: a test may list its folder.
    """
    files = job.instructors_files.items()
    return {n: code for n, code in files if "/" in n and job.learners_files.get(n) == code}


def _judge(job: Job, connection: Connection, warm: Warm, supply: Supply) -> None:
    """Fork a judge for a job, and make sure that it ends."""
    try:
        supply.prepare(job)
    except SandboxUnavailable as error:
        connection.send(error)
        return
    warm.load(job)
    files = job.instructors_files | warm.compiled(job.instructors_files)
    shared = warm.compiled(_packages_of_both(job))
    job = replace(job, learners_files=job.learners_files | shared)
    while True:
        folder = Path(tempfile.mkdtemp(prefix="judge-"))
        try:
            parent = os.getpid()
            child = os.fork()
            if child == 0:
                move_in(folder, files)
                _be_judge(job, connection, warm, supply, parent)
            most = job.limits.notebook_seconds + SPARE * len(job.cells)
            code = _wait(child, connection, most)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if code in range(NEEDED, NEEDED + len(SLOW)):
            warm.load_slow(SLOW[code - NEEDED])
            continue
        if code:
            supply.end()  # nobody has ended the judge's sandbox
        return


def _be_judge(
    job: Job, connection: Connection, warm: Warm, supply: Supply, parent: int
) -> NoReturn:
    """Execute a job, answer, and end this process."""
    try:
        _end_with(parent)
        _bound_memory(job.limits.memory_mb + SPARE_MEMORY)
        sys.meta_path.insert(0, Waiting(warm.slow))
        connection.send(_outcome(job, warm.shell, supply))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends: it may be busy in C code."""
    ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _bound_memory(more: int) -> None:
    """Let this process take so many MB more than it has.

    A test that makes much of what a learner returns then gets a MemoryError, and no other process
    of the machine is ended in its place.
    """
    held = re.search(r"^VmData:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    most = int(held[1]) * 1024 + more * MB if held else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _wait(child: int, connection: Connection, seconds: float) -> int:
    """Wait for a judge; end it after some time, or when nobody waits for it any more.

    Returns its exit code.
    """
    judge = os.pidfd_open(child)
    ready, _, _ = select.select([judge, connection.fileno(), STDIN], [], [], seconds)
    if not ready:
        with suppress(ConnectionError):  # who waited may have gone at this very moment
            connection.send(JudgeFailed(OVERDUE.format(seconds)))
    elif connection.fileno() in ready:  # closed: after its answer, or early
        ready, _, _ = select.select([judge], [], [], MOMENT)
    if judge not in ready:
        os.kill(child, signal.SIGKILL)
    os.close(judge)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _outcome(job: Job, shell: Shell, supply: Supply) -> Executed | Exception:
    try:
        return execute(job, shell, supply.take)
    except SandboxUnavailable as error:
        return error
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            return error
        traceback.print_exc()
        return JudgeFailed(f"{type(error).__name__}: {error}")


def main() -> NoReturn:
    """Run until standard input ends. The command's argument is the socket's descriptor."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.setblocking(False)
    serve(listener)
