"""Keeps judges and nbgrader loaded, so that grading one submission takes a second.

`python -m autograder warm` serves the course's other commands until Ctrl-C. A command that finds it
hands over its arguments, folder, environment and output. A fork of the warm process then carries
out the command as if it had been started on its own.
"""

import gc
import hashlib
import json
import os
import signal
import socket
import stat
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import COURSE

if TYPE_CHECKING:
    from autograder.judge.job import Execute

Run = Callable[[list[str], "Execute"], None]
STREAMS = (0, 1, 2)
LOST = "The process that keeps the judges warm has ended. Run this once more."
PATIENCE = 5  # seconds for a client to say what it wants


def place() -> Path:
    """Name the socket of this user's warm process for this course.

    Raises SystemExit where somebody else has made the folder that it lies in.
    """
    folder = Path(tempfile.gettempdir(), f"autograder-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) != 0o700:
        raise SystemExit(f"{folder} is not a folder of yours alone. Remove it, or set TMPDIR.")
    return folder / f"{hashlib.sha256(str(COURSE).encode()).hexdigest()[:16]}.socket"


def hand_over(arguments: list[str]) -> int | None:
    """Have the warm process carry a command out; return its exit code, None where there is none."""
    command = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    message = json.dumps(command).encode()
    interrupt = {signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, interrupt)  # until we know which process to interrupt
    with socket.socket(socket.AF_UNIX) as client, client.makefile("r") as answers:
        child = ""
        with suppress(OSError):
            client.connect(str(place()))
            socket.send_fds(client, [len(message).to_bytes(8, "little")], STREAMS)
            client.sendall(message)
            child = answers.readline()
        while child:
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupt)
                if code := answers.readline():
                    return int(code)
                raise SystemExit(LOST)
            except KeyboardInterrupt:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupt)
    return None


def keep_warm(count: int, run: Run) -> None:
    """Wait for commands until Ctrl-C.

    count: judges. run: carries a command out, given its arguments and what executes jobs.
    Raises SystemExit where another process waits already, or where judges cannot start.
    """
    from autograder import quick_jsonschema  # noqa: F401  (before nbformat imports jsonschema)
    from autograder.judge.pool import JudgePool, JudgeUnavailable, execute_at

    _prepare()
    path = place()
    listener = _listen(path)
    with JudgePool(count) as judges:
        judges.have(count)
        execute = partial(execute_at, judges.address)
        gc.collect()
        gc.freeze()
        print("The judges are getting warm. Ctrl-C ends them.", flush=True)
        try:
            while True:
                judges.replace_the_dead()  # a command may wait for one
                with suppress(TimeoutError):
                    client, _ = listener.accept()
                    _carry_out(client, listener, lambda arguments: run(arguments, execute))
        except KeyboardInterrupt:
            print("ended")
        except JudgeUnavailable as error:
            raise SystemExit(str(error)) from None
        finally:
            path.unlink(missing_ok=True)


def _prepare() -> None:
    """Load what commands load, and let libraries prepare what they otherwise do at first use."""
    import nbformat
    from nbgrader.api import Gradebook

    from autograder import grading, trial  # noqa: F401
    from autograder.reports import export, grades, report  # noqa: F401

    nbformat.validate(nbformat.v4.new_notebook())
    Gradebook("sqlite://").close()


def _listen(path: Path) -> socket.socket:
    """Wait for commands at a path, in a folder that only this user may enter."""
    with socket.socket(socket.AF_UNIX) as other, suppress(OSError):
        other.connect(str(path))
        raise SystemExit("Another process already keeps judges warm. One is enough.")
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    listener.settimeout(1)
    return listener


def _carry_out(
    client: socket.socket, listener: socket.socket, run: Callable[[list[str]], None]
) -> None:
    """Fork a process for a command; a thread tells the client how it ends."""
    client.settimeout(PATIENCE)
    descriptors: list[int] = []
    try:
        size, descriptors, *_ = socket.recv_fds(client, 8, len(STREAMS))
        command = json.loads(_exactly(client, int.from_bytes(size, "little")))
    except (OSError, ValueError):
        client.close()  # it went away before it had sent its command
    else:
        child = os.fork()
        if child == 0:
            listener.close()
            client.close()
            os._exit(_be(command, descriptors, run))
        threading.Thread(target=_tell, args=(client, child), daemon=True).start()
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _be(command: dict, descriptors: list[int], run: Callable[[list[str]], None]) -> int:
    """Become the command; return its exit code."""
    try:
        for descriptor, stream in zip(descriptors, STREAMS, strict=True):
            os.dup2(descriptor, stream)
        os.chdir(command["folder"])
        os.environ.clear()
        os.environ.update(command["environment"])
        run(command["arguments"])
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _tell(client: socket.socket, child: int) -> None:
    """Tell the client which process carries its command out, and how that ends."""
    with suppress(OSError):  # it may be gone
        client.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    with client, suppress(OSError):
        client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _exactly(client: socket.socket, size: int) -> bytes:
    with client.makefile("rb") as stream:
        return stream.read(size)
