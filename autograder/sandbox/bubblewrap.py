"""The wall: bubblewrap, in which a warm process forks the learners' processes.

bubblewrap makes what is the same for all learners: a read-only system without the course, a user
without rights, a network without a way out. Its only program is autograder/inside/forkserver.py,
which gives each learner's process namespaces and scratch folders of its own.
"""

import json
import os
import platform
import select
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from autograder import COURSE
from autograder.inside import memory
from autograder.sandbox import seccomp
from autograder.sandbox.descendants import descendants
from autograder.sandbox.limits import MB, Limits
from autograder.sandbox.mounts import Mount, Unclear, below, fonts, options, packages, plan, show
from autograder.sandbox.refusals import MISSING, UNCLEAR, SandboxUnavailable, refusal

INSIDE = Path(__file__).parents[1] / "inside"
GRADER = "/opt/grader"
HOME = "/home/learner"
SCRATCH = (HOME, "/tmp")
NOBODY = 65534  # the user that root becomes, since the kernel does not limit root's processes
SHARED_MEMORY_MB = 1  # /dev/shm
PATIENCE = 30  # seconds for the last process to end
LOOKS = 3  # at what is above a process: the one that unshared its namespaces may just be ending


def command(mounts: list[Mount]) -> list[str]:
    """Return the command line that starts the fork server, all but the program's arguments.

    bubblewrap's manual, bwrap(1), says what each option does. Root needs two of them. The outer
    one shows the files, which an ordinary user may not be able to read. The inner one makes the
    walls, after the process has become nobody: for root, the kernel does not limit processes.
    """
    scratch = [part for folder in SCRATCH for part in ("--perms", "1777", "--tmpfs", folder)]
    files = [
        # The scratch folders come first: the course, with its Python, may lie below one of them.
        # They are the fork server's alone; a learner's process has others.
        *("--dev", "/dev", *scratch),
        *("--perms", "0755", "--dir", "/etc"),
        *options(mounts),
        *show(str(INSIDE), f"{GRADER}/inside"),
        *fonts(),
    ]
    walls = ["--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-cgroup-try"]
    walls += ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    walls += ["--hostname", "sandbox", "--die-with-parent", "--new-session", "--proc", "/proc"]
    environ = [part for pair in environment().items() for part in ("--setenv", *pair)]
    walls += ["--remount-ro", "/dev", "--remount-ro", "/", "--clearenv", *environ, "--chdir", "/"]
    start = ["--", *python(GRADER, "inside.forkserver")]
    if os.geteuid():
        return ["bwrap", *files, *walls, *start]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    # The inner bubblewrap can mount a new /proc only if it sees a whole one. bubblewrap covers
    # parts of root's, so the outer one shows the machine's. The outer one also makes a PID
    # namespace, whose end kills every process in it. --die-with-parent of the inner one is not
    # enough: a process that has become nobody gets no signal when its parent dies.
    shown = ["bwrap", *files, "--bind", "/proc", "/proc", "--remount-ro", "/"]
    shown += ["--unshare-pid", "--die-with-parent"]
    return [*shown, "--", *drop, "--", "bwrap", "--dev-bind", "/", "/", *walls, *start]


def python(folder: str, module: str) -> list[str]:
    """Return a command that runs the function `main` of a module, all but its arguments.

    folder: what the module's package lies in. Python is isolated (-I) from the user's settings, so
    the folders of packages that come from there are named, after those of Python itself.
    """
    program = (
        f"import sys; packages = {packages()!r}; "
        f"sys.path = [{folder!r}, *(p for p in sys.path if p not in packages), *packages]; "
        f"from {module} import main; main()"
    )
    return [sys.executable, "-I", "-c", program]


def environment() -> dict[str, str]:
    """Return the environment variables of a learner's process: these and no others."""
    return {
        "HOME": HOME,
        "PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "learner",
        "IPYTHONDIR": f"{HOME}/.ipython",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
    }


class ForkServer:
    """bubblewrap with a warm process in it. It ends with a `with` block, or with this process.

    hidden: folders that submissions may not see, such as the class's and the exchange. The course's
    own folder is always hidden.
    Raises SandboxUnavailable if bubblewrap is missing; the first fork raises it if bubblewrap may
    not make a sandbox.
    """

    def __init__(self, limits: Limits, hidden: tuple[str | Path, ...] = ()) -> None:
        if not shutil.which("bwrap"):
            raise SandboxUnavailable(MISSING)
        try:
            mounts = plan((COURSE, *hidden), limits.withheld)
        except Unclear as place:
            raise SandboxUnavailable(UNCLEAR.format(place=place)) from None
        settings = limits.options() | {
            "rules": seccomp.program(platform.machine()).hex(),
            "memory": limits.memory_mb * MB,
            "folders": {**dict.fromkeys(SCRATCH, limits.scratch_mb), "/dev/shm": SHARED_MEMORY_MB},
            "kept": {mount.path: mount.target for mount in below(SCRATCH, mounts)},
        }
        self._requests, far_end = socket.socketpair()
        with far_end:
            self._process = subprocess.Popen(
                [*command(mounts), str(far_end.fileno()), json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[far_end.fileno()],
                env={"PATH": os.environ["PATH"]},
                start_new_session=True,
            )
        self._owner = os.getpid()  # a fork of it cannot see how the process ended
        assert self._process.stderr
        self._errors = self._process.stderr

    def __enter__(self) -> "ForkServer":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def is_it(self, process: int) -> bool:
        """Whether a process id is bubblewrap's."""
        return process == self._process.pid

    def has_ended(self) -> bool:
        """Whether the fork server is gone."""
        return self._process.poll() is not None

    def fork(self, connection: int, output: int) -> "Confined":
        """Ask for a learner's process; hand over the descriptors of its socket and its stdout."""
        status, far_end = os.pipe()
        os.set_blocking(status, False)  # others than the writer could take what select announced
        try:
            socket.send_fds(self._requests, [b"+"], [connection, output, far_end])
        except OSError:
            os.close(status)
            raise self.refusal() from None
        finally:
            os.close(far_end)
        return Confined(self, status)

    def refusal(self, message: str = "") -> SandboxUnavailable:
        """End, and say why no learner's process started. message: what the process printed."""
        self._end()
        with self._errors as errors:
            return refusal(message or errors.read(4096).decode(errors="replace"))

    def close(self) -> None:
        """End every process in it."""
        self._end()
        self._errors.close()

    def _end(self) -> None:
        self._requests.close()
        if self._owner != os.getpid() or not self.has_ended():
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Confined:
    """A learner's process that a fork server has made, and all that descend from it.

    status: a descriptor that says how the learner's process ended.
    """

    def __init__(self, server: ForkServer, status: int):
        self.server, self._status = server, status
        # The first process of the PID namespace (all others end with it), and its descriptor.
        self._first: psutil.Process | None = None
        self._pidfd = -1

    def recognise(self, process: int) -> bool:
        """Recognise the learner's process by its process id, as seen from here.

        Returns whether it is still there: if not, the number may be another process's by now.
        """
        for _ in range(LOOKS):
            with suppress(psutil.Error, ProcessLookupError):
                above = psutil.Process(process).parents()
                if any(self.server.is_it(each.pid) for each in above):
                    self._pidfd = os.pidfd_open(above[0].pid)
                    self._first = above[0]
                    return True
        return False

    def refusal(self, message: str) -> SandboxUnavailable:
        """Say why it did not start. message: what it printed."""
        return self.server.refusal(message)

    def memory(self) -> int:
        """Add up the resident memory of all processes, in bytes."""
        return memory.of(descendants(self._first.pid)) if self._first else 0

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the learner's process to end: its exit code, negative for a signal."""
        ready, _, _ = select.select([self._status], [], [], seconds)
        with suppress(BlockingIOError):
            code = os.read(self._status, 8) if ready else b""
            return int(code) if code.lstrip(b"-").isdigit() else None
        return None

    def end(self) -> None:
        """End every process, and wait for the last. One that never got ready ends by itself."""
        os.close(self._status)
        if self._first:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            select.select([self._pidfd], [], [], PATIENCE)
            os.close(self._pidfd)
