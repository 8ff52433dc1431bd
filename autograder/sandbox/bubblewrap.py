"""The wall: bubblewrap, in which a warm process forks the learners' processes.

bubblewrap makes what is the same for all: the read-only system without the course, the user without
rights, the network without a way out. autograder/inside/forkserver.py, its only program, gives each
learner's process namespaces and scratch folders of its own inside of that.
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

from autograder.sandbox import seccomp
from autograder.sandbox.limits import MB, Limits

INSIDE = Path(__file__).parents[1] / "inside"
HOME = "/home/learner"
PROGRAM = "import sys; sys.path.insert(0, '/opt/grader'); import inside.forkserver as f; f.main()"
NOBODY = 65534  # the user that root becomes: the kernel sets root no limit of processes
SHARED_MEMORY_MB = 1  # /dev/shm
PATIENCE = 30  # seconds for the last process to end


class SandboxUnavailable(RuntimeError):
    """No sandbox can be made on this machine; the message says what to do."""


def command(withheld: tuple[str, ...]) -> list[str]:
    """Return the command line that starts the fork server, all but the program's arguments.

    withheld: packages to cover. bubblewrap's manual, bwrap(1), says what each option does. As root,
    one bubblewrap shows the files, which an ordinary user may not be able to read, and a second one
    makes the walls, after the process has become nobody: root has no limit of processes.
    """
    empty = ("--perms", "0555", "--size", "4096", "--tmpfs")
    scratch = ("--perms", "1777", "--size", str(MB), "--tmpfs")  # of the fork server alone
    files = [
        # The scratch folders come first: the course, with its Python, may lie below one of them.
        *("--dev", "/dev", *scratch, HOME, *scratch, "/tmp"),
        *("--ro-bind", "/usr", "/usr"),
        *(part for name in ("bin", "lib", "lib32", "lib64") for part in _system_folder(f"/{name}")),
        *("--perms", "0755", "--dir", "/etc"),
        *("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"),
        *("--ro-bind-try", "/etc/fonts", "/etc/fonts"),
        *(part for place in _python() for part in _shown(place, place)),
        *(part for name in _packages(withheld) for part in (*empty, name)),
        *_shown(str(INSIDE), "/opt/grader/inside"),
        *_font_list(),
    ]
    walls = ["--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-cgroup-try"]
    walls += ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    walls += ["--hostname", "sandbox", "--die-with-parent", "--new-session", "--proc", "/proc"]
    environ = [part for pair in environment().items() for part in ("--setenv", *pair)]
    walls += ["--remount-ro", "/dev", "--remount-ro", "/", "--clearenv", *environ, "--chdir", "/"]
    program = ["--", str(Path(sys.prefix, "bin", "python")), "-I", "-c", PROGRAM]
    if os.geteuid():
        return ["bwrap", *files, *walls, *program]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    # A new /proc can be mounted only where one is seen whole; bubblewrap covers parts of root's.
    # With its PID namespace all ends: the kernel does not let it end what has become nobody.
    shown = ["bwrap", *files, "--bind", "/proc", "/proc", "--remount-ro", "/"]
    shown += ["--unshare-pid", "--die-with-parent"]
    return [*shown, "--", *drop, "--", "bwrap", "--dev-bind", "/", "/", *walls, *program]


def _python() -> list[str]:
    """Find the folders outside of /usr that Python and its packages lie in."""
    places = dict.fromkeys(str(Path(p).resolve()) for p in (sys.prefix, sys.base_prefix))
    return [place for place in places if not place.startswith("/usr/")]


def _shown(source: str, target: str) -> list[str]:
    """Show a folder, below parents that every user may pass through."""
    parents = reversed(Path(target).parents[:-1])
    made = [part for parent in parents for part in ("--perms", "0755", "--dir", str(parent))]
    return [*made, "--ro-bind", source, target]


def _system_folder(path: str) -> list[str]:
    """Show a folder of the system as it is: a link into /usr on most, a folder on some."""
    if os.path.islink(path):
        return ["--symlink", os.readlink(path), path]
    return ["--ro-bind-try", path, path]


def _packages(names: tuple[str, ...]) -> list[str]:
    """Find the folders of packages, to be covered by empty ones."""
    folders = [Path(path) for path in sys.path if path.endswith("-packages")]
    return [str(f / name) for f in folders for name in names if (f / name).is_dir()]


def _font_list() -> list[str]:
    """Share Matplotlib's list of fonts, where it has made one: it takes seconds to make."""
    folder = Path(os.environ.get("MPLCONFIGDIR", Path.home() / ".cache" / "matplotlib"))
    target = "/opt/grader/matplotlib"
    lists = sorted(folder.glob("fontlist-*.json"))
    bound = [part for f in lists for part in ("--ro-bind", str(f), f"{target}/{f.name}")]
    return ["--perms", "0755", "--dir", target, *bound]


def environment() -> dict[str, str]:
    """Return the environment variables of a learner's process: these and no others."""
    return {
        "HOME": HOME,
        "PATH": f"{Path(sys.prefix, 'bin')}:/usr/bin:/bin",
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
    """bubblewrap with a warm process in it. It ends by `close`, or with this process.

    Raises SandboxUnavailable where there is no bubblewrap; the first fork raises it where that is
    refused.
    """

    def __init__(self, limits: Limits, hidden: tuple[str, ...] = ()):
        if not shutil.which("bwrap"):
            raise SandboxUnavailable(MISSING)
        scratch = dict.fromkeys((HOME, "/tmp"), limits.scratch_mb)
        below = tuple(f"{folder}/" for folder in scratch)
        options = limits.options() | {
            "rules": seccomp.program(platform.machine()).hex(),
            "folders": {**scratch, "/dev/shm": SHARED_MEMORY_MB},
            "kept": [place for place in _python() if place.startswith(below)],
        }
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*command(limits.withheld), str(theirs.fileno()), json.dumps(options)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env={"PATH": os.environ["PATH"]},
                start_new_session=True,
            )

    def is_it(self, process: int) -> bool:
        """Whether a process id is bubblewrap's."""
        return process == self._process.pid

    def has_ended(self) -> bool:
        """Whether there is nobody any more to fork."""
        return self._process.poll() is not None

    def fork(self, connection: int, output: int) -> "Confined":
        """Ask for a learner's process, and hand descriptors over: of its socket, of its stdout."""
        status, theirs = os.pipe()
        os.set_blocking(status, False)  # others than the writer could take what select announced
        try:
            socket.send_fds(self._requests, [b"+"], [connection, output, theirs])
        except OSError:
            os.close(status)
            raise self.refusal() from None
        finally:
            os.close(theirs)
        return Confined(self, status)

    def refusal(self, said: str = "") -> SandboxUnavailable:
        """End, and say why no learner's process came to be. said: what itself said of that."""
        self._end()
        with self._process.stderr as messages:
            said = said or messages.read(4096).decode(errors="replace")
        return SandboxUnavailable(REFUSED.format(said=said.strip() or "it said nothing"))

    def close(self) -> None:
        """End all that runs in it."""
        self._end()
        self._process.stderr.close()

    def _end(self) -> None:
        self._requests.close()
        if not self.has_ended():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Confined:
    """A learner's process that a fork server has made, and all that descend from it.

    status: a descriptor that says how the learner's process ended.
    """

    def __init__(self, server: ForkServer, status: int):
        self.server, self._status = server, status
        # The first process of their PID namespace, with which all others end, and its descriptor.
        self._first: psutil.Process | None = None
        self._pidfd = -1

    def found(self, process: int) -> bool:
        """Take note of the process id of the learner's process, as seen from here.

        Returns whether it is still there: if not, the number may be another process's by now.
        """
        with suppress(psutil.Error, ProcessLookupError):
            above = psutil.Process(process).parents()
            if any(self.server.is_it(each.pid) for each in above):
                self._pidfd = os.pidfd_open(above[0].pid)
                self._first = above[0]
        return self._first is not None

    def refusal(self, said: str) -> SandboxUnavailable:
        """Say why it did not start. said: what it printed."""
        return self.server.refusal(said)

    def memory(self) -> int:
        """Add up the resident memory of all processes, in bytes."""
        with suppress(psutil.Error):
            return memory_of(self._first.children(recursive=True))
        return 0

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the learner's process to end: its exit code, negative for a signal."""
        ready, _, _ = select.select([self._status], [], [], seconds)
        with suppress(BlockingIOError):
            said = os.read(self._status, 8) if ready else b""
            return int(said) if said.lstrip(b"-").isdigit() else None
        return None

    def end(self) -> None:
        """End every process, and wait for the last; one that nobody talked to ends by itself."""
        os.close(self._status)
        if self._first:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            select.select([self._pidfd], [], [], PATIENCE)
            os.close(self._pidfd)


def memory_of(processes: list[psutil.Process]) -> int:
    """Add up the memory of processes, in bytes: what is resident, and what they may share.

    Shared memory that nobody maps at the moment is resident nowhere, but takes up room.
    """
    total = 0
    for each in processes:
        with suppress(psutil.Error, OSError):
            total += each.memory_info().rss
            with open(f"/proc/{each.pid}/maps", errors="replace") as lines:
                total += sum(_shared(line) for line in lines)
    return total


def _shared(line: str) -> int:
    """Return the size of a mapping, a line of /proc/PID/maps, that is shared and has no file."""
    span, rights, *_, name = line.split(None, 5)
    if rights[3:] != "s" or not name.startswith("/dev/zero"):
        return 0
    begin, end = (int(address, 16) for address in span.split("-"))
    return end - begin


MISSING = (
    "bubblewrap is not installed, and without it a submission could read and change everything "
    "that you can. Install it (Debian, Ubuntu: apt-get install bubblewrap), or grade with "
    "--no-sandbox if you trust every submission."
)
REFUSED = (
    "bubblewrap could not make a sandbox here: {said}\n"
    "Often user namespaces are switched off: sysctl kernel.unprivileged_userns_clone=1 or "
    "kernel.apparmor_restrict_unprivileged_userns=0 allows them; in a container its runtime must. "
    "Or grade with --no-sandbox if you trust every submission."
)
