"""One sandbox: a learner's process behind bubblewrap, what it may use, and its certain end."""

import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from autograder.inside import wire
from autograder.split import seccomp
from autograder.split.limits import MB, Limits

INSIDE = Path(__file__).parents[1] / "inside"
HOME = "/home/learner"
PROGRAM = "import sys; sys.path.insert(0, '/opt/grader'); from inside.learner import main; main()"
EMPTY = ("--perms", "0555", "--size", "4096", "--tmpfs")
NOBODY = 65534  # the user that root becomes: the kernel sets root no limit of processes
GRACE = 1.0  # seconds that an interrupted cell has to end
TICK = 0.1  # seconds between two looks at the memory
PATIENCE = 30  # seconds for a sandbox to start


class SandboxUnavailable(RuntimeError):
    """No sandbox can be made on this machine; the message says what to do."""


class Stopped(Exception):
    """The sandbox is gone; the message says why, in words for the learner."""


def command(limits: Limits, rules: int | None) -> list[str]:
    """Return the command line that starts the sandbox's program, all but the program's arguments.

    rules: a descriptor to read the filter of system calls from. bubblewrap's manual, bwrap(1), says
    what each option does. As root, a second bubblewrap inside the first makes the user namespace,
    after the process has become nobody.
    """
    size = ["--size", str(limits.scratch_mb * MB), "--tmpfs"]
    python = Path(sys.prefix, "bin", "python")
    places = dict.fromkeys(str(Path(p).resolve()) for p in (sys.prefix, sys.base_prefix))
    system = [
        *("--ro-bind", "/usr", "/usr"),
        *(part for name in ("bin", "lib", "lib32", "lib64") for part in _system_folder(f"/{name}")),
        *("--perms", "0755", "--dir", "/etc"),
        *("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"),
        *("--ro-bind-try", "/etc/fonts", "/etc/fonts"),
        *(part for p in places if not p.startswith("/usr/") for part in _shown(p, p)),
        *(part for name in _packages(limits.withheld) for part in (*EMPTY, name)),
        *_shown(str(INSIDE), "/opt/grader/inside"),
    ]
    scratch = [*("--perms", "1777", *size, HOME), *("--perms", "1777", *size, "/tmp")]
    scratch += [*_font_list(), *("--perms", "1777", "--size", str(MB), "--tmpfs", "/dev/shm")]
    walls = ["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"]
    walls += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    environment = ["--clearenv"]
    for name, value in _environment().items():
        environment += ["--setenv", name, value]
    # The scratch folders come first: the course, with its Python, may lie below one of them.
    made = ["bwrap", *walls, "--dev", "/dev", *scratch, *system, "--proc", "/proc"]
    made += ["--remount-ro", "/dev", "--remount-ro", "/", *environment, "--chdir", HOME]
    user = ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    user += ["--seccomp", str(rules)] if rules is not None else []
    if os.geteuid() == 0:
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        made += ["--hostname", "sandbox", "--", *drop, "--no-new-privs", "--"]
        made += ["bwrap", *user, "--die-with-parent", "--dev-bind", "/", "/", "--chdir", HOME]
    else:
        made += [*user, "--hostname", "sandbox"]
    return [*made, "--", str(python), "-I", "-c", PROGRAM]


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
    lists = sorted(folder.glob("fontlist-*.json"))
    bound = [part for f in lists for part in ("--ro-bind", str(f), f"/tmp/matplotlib/{f.name}")]
    return ["--perms", "1777", "--dir", "/tmp/matplotlib", *bound]


def _environment() -> dict[str, str]:
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


class _Breach(Exception):
    """A limit was passed. fatal: whether an interrupt would come too late."""

    def __init__(self, reason: str, fatal: bool = False):
        super().__init__(reason)
        self.reason, self.fatal = reason, fatal


class Sandbox:
    """A started sandbox. Start it ahead of its use: the first request waits until it is ready.

    confined: whether bubblewrap is around it. Without it the process has the limits of its own,
    but can read and write whatever the user can.
    on_output: called with each output of the learner's code as it arrives.
    resolve: finds the stand-in for what an answer names.
    stopped: why it is gone, "" while it is not. shown: bytes of output so far; set it to 0 at the
    start of a cell.
    """

    def __init__(self, limits: Limits, confined: bool = True):
        self.limits, self.confined = limits, confined
        self.on_output: Callable[[dict], None] = lambda output: None
        self.resolve: Callable[[dict], object] | None = None
        self._folder = None if confined else tempfile.mkdtemp(prefix="unconfined-")
        self._connection, theirs = socket.socketpair()
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._raw, end = os.pipe()  # what programs print without Python's streams
        self._process = self._start(theirs.fileno(), end)
        theirs.close()
        os.close(end)
        self._buffer = bytearray()
        self._pid = 0  # of the learner's process, as seen from here; 0 until it is ready
        self._first = -1  # a descriptor of the first process of its PID namespace
        self.stopped = ""
        self.shown = 0
        self._looked = 0.0  # when its memory was looked at

    def _start(self, connection: int, output: int) -> subprocess.Popen:
        options = {
            "limits": self.limits.resource_limits(),
            "message": self.limits.message_mb * MB,
            "hints": self.limits.hints(),
            "withheld": self.limits.withheld,
        }
        if self.confined and not shutil.which("bwrap"):
            raise SandboxUnavailable(
                "bubblewrap is not installed, and without it a submission could read and change "
                "everything that you can. Install it (Debian, Ubuntu: apt-get install bubblewrap), "
                "or grade with --no-sandbox if you trust every submission."
            )
        own = dict.fromkeys(("HOME", "IPYTHONDIR", "MPLCONFIGDIR"), self._folder)
        unconfined = [
            sys.executable,
            "-I",
            "-c",
            PROGRAM.replace("/opt/grader", str(INSIDE.parent)),
        ]
        rules = seccomp.opened() if self.confined else None
        try:
            return subprocess.Popen(
                [
                    *(command(self.limits, rules) if self.confined else unconfined),
                    str(connection),
                    json.dumps(options),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[connection] if rules is None else [connection, rules],
                cwd=self._folder,
                env={"PATH": os.environ["PATH"]} if self.confined else _environment() | own,
                start_new_session=True,
            )
        finally:
            if rules is not None:
                os.close(rules)

    def request(self, question: dict, seconds: float, refer=None) -> dict:
        """Ask the learner's process, and wait for the answer at most `seconds`.

        refer: names the stand-ins among the question's arguments.
        Returns the answer; with "stopped": a reason, where the code was interrupted.
        Raises Stopped when the process ended, or had to be ended. CannotCross for arguments.
        """
        data = wire.pack(question, refer)
        if self.stopped:
            raise Stopped(self.stopped)
        if not self._pid:
            self._wait_until_ready()
        self._looked = time.monotonic()
        deadline = time.monotonic() + seconds
        try:
            self._connection.settimeout(max(seconds, GRACE))
            self._connection.sendall(data)
            return self._answer(deadline)
        except _Breach as breach:
            return self._interrupt(breach)
        except TimeoutError:
            self._end("your code stopped listening to the grader")
        except OSError:
            self._end(self._why_it_ended())
        except wire.Malformed as error:
            self._end(f"what your code sent to the grader is no message ({error})")

    def close(self) -> None:
        """End all of the sandbox's processes."""
        with suppress(Stopped):
            self._end("the sandbox was closed")

    def _wait_until_ready(self) -> None:
        """Wait for the first message, sent before any code of the learner's ran.

        The kernel stamps it with the sender's process id, as it is called out here.
        """
        ready, _, _ = select.select([self._connection], [], [], PATIENCE)
        space = socket.CMSG_SPACE(struct.calcsize("iII"))
        data, extra, *_ = self._connection.recvmsg(1 << 16, space) if ready else (b"", [])
        if not data:
            self._process.kill()
            said = os.read(self._raw, 4096).decode(errors="replace").strip()
            self.stopped = "the sandbox did not start"
            raise SandboxUnavailable(REFUSED.format(said=said or "it said nothing"))
        self._pid = struct.unpack("iII", extra[0][2])[0]
        if self.confined:
            self._first = os.pidfd_open(_child_above(self._pid, self._process.pid))
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        self._buffer += data
        self._answer(time.monotonic() + PATIENCE)

    def _answer(self, deadline: float) -> dict:
        """Pass outputs on until the answer arrives."""
        while True:
            message = self._next_message()
            if message is None:
                self._fill(deadline)
            elif "output" in message:
                self._show(message["output"])
            else:
                message.pop("stopped", None)  # only this side says that
                return message

    def _next_message(self) -> dict | None:
        """Take a message out of the buffer, None where there is no whole one."""
        if len(self._buffer) < wire.HEADER:
            return None
        total, text = wire.lengths(self._buffer)
        if total > self.limits.message_mb * MB + MB:
            raise _Breach(f"your code sent more than {self.limits.message_mb} MB at once", True)
        end = wire.HEADER + total
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[wire.HEADER : end])
        del self._buffer[:end]
        message = wire.unpack(body, text, self.resolve)
        if not isinstance(message, dict):
            raise wire.Malformed("not a dict")
        return message

    def _fill(self, deadline: float) -> None:
        """Wait a moment for more bytes; look at the limits."""
        now = time.monotonic()
        if now > deadline:
            raise _Breach(TOO_LONG)
        if now - self._looked > TICK:
            self._looked = now
            used = _memory(self._process.pid) / MB
            if used > self.limits.memory_mb:
                raise _Breach(
                    f"your code used more than {self.limits.memory_mb} MB of memory", True
                )
        wait = min(TICK, deadline - now)
        ready, _, _ = select.select([self._connection, self._raw], [], [], max(wait, 0))
        if self._raw in ready and (text := os.read(self._raw, 1 << 16)):
            self._show(
                {"output_type": "stream", "name": "stdout", "text": text.decode(errors="replace")}
            )
        if self._connection in ready:
            data = self._connection.recv(1 << 20)
            if not data:
                raise OSError("closed")
            self._buffer += data

    def _show(self, output: object) -> None:
        try:
            size = len(json.dumps(output))
        except (TypeError, ValueError):
            raise wire.Malformed("an output is no JSON") from None
        if not isinstance(output, dict):
            raise wire.Malformed("an output is no dict")
        self.shown += size
        if self.shown > self.limits.output_kb * 1024:
            raise _Breach(f"this cell showed more than {self.limits.output_kb} KB of output")
        self.on_output(output)

    def _interrupt(self, breach: _Breach) -> dict:
        """Interrupt the learner's code as Ctrl-C would; end the sandbox if it does not stop."""
        self.on_output = lambda output: None
        if not breach.fatal:
            with suppress(_Breach, OSError, wire.Malformed):
                os.kill(self._pid, signal.SIGINT)
                deadline = time.monotonic() + GRACE
                while True:
                    try:
                        return {**self._answer(deadline), "stopped": breach.reason}
                    except _Breach:
                        self.shown = 0
                        if time.monotonic() > deadline:
                            raise
        self._end(breach.reason)

    def _why_it_ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        code = self._process.poll()
        if code == 128 + signal.SIGXCPU:
            return f"your code used more than {self.limits.cpu_seconds} s of CPU time"
        if code is not None and code > 128:
            with suppress(ValueError):
                return (
                    f"your code's process was ended by the signal {signal.Signals(code - 128).name}"
                )
        return f"your code ended its own process (exit code {code})"

    def _end(self, reason: str) -> None:
        """End every process and say why. Raises Stopped."""
        if not self.stopped:
            self.stopped = reason
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._connection.close()
            self._wait_for_the_last()
            os.close(self._raw)
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
        raise Stopped(self.stopped)

    def _wait_for_the_last(self) -> None:
        """Wait until nobody is left: the first process of a PID namespace is the last to end.

        Where there is no namespace, wait until nobody is left who could write.
        """
        if self._first >= 0:
            select.select([self._first], [], [], PATIENCE)
            os.close(self._first)
            return
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self._raw], [], [], GRACE)
            if ready and not os.read(self._raw, 1 << 16):
                return


TOO_LONG = "this cell ran too long and was stopped. Does a loop never end?"
REFUSED = (
    "bubblewrap could not make a sandbox here: {said}\n"
    "Often user namespaces are switched off: sysctl kernel.unprivileged_userns_clone=1 or "
    "kernel.apparmor_restrict_unprivileged_userns=0 allows them; in a container its runtime must. "
    "Or grade with --no-sandbox if you trust every submission."
)


def _child_above(process: int, ancestor: int) -> int:
    """Find the child of `ancestor` from which a process descends."""
    each = psutil.Process(process)
    while each.ppid() != ancestor:
        each = each.parent()
    return each.pid


def _memory(process: int) -> int:
    """Add up the resident memory of a process and of all that descend from it, in bytes."""
    total = 0
    with suppress(psutil.Error):
        for each in psutil.Process(process).children(recursive=True):
            with suppress(psutil.Error):
                total += each.memory_info().rss
    return total
