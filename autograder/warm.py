"""Keeps judges and nbgrader loaded, so that grading one submission takes a second.

`python -m autograder warm` waits for the course's other commands, until Ctrl-C. A command that
finds it hands over its arguments, folder, environment and output; a fork of the waiting process
carries it out as if it had been started by itself.
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
from pathlib import Path

from autograder import COURSE

STREAMS = (0, 1, 2)


def place() -> Path:
    """Name the socket of this user's warm process for this course.

    Raises SystemExit where somebody else has made the folder that it lies in.
    """
    folder = Path(tempfile.gettempdir(), f"autograder-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise SystemExit(f"{folder} is not a folder of yours alone. Remove it, or set TMPDIR.")
    return folder / f"{hashlib.sha256(str(COURSE).encode()).hexdigest()[:16]}.socket"


def hand_over(arguments: list[str]) -> int | None:
    """Have the warm process carry a command out; return its exit code, None where there is none."""
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect(str(place()))
    except OSError:
        return None
    told = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    message = json.dumps(told).encode()
    socket.send_fds(client, [len(message).to_bytes(8, "little")], STREAMS)
    client.sendall(message)
    with client.makefile("r") as answers:
        child = int(answers.readline())
        while True:
            try:
                return int(answers.readline() or 1)
            except KeyboardInterrupt:
                os.kill(child, signal.SIGINT)


def keep_warm(count: int, run: Callable[[list[str]], None]) -> None:
    """Wait for commands until Ctrl-C.

    count: judges. run: carries a command out, given its arguments.
    """
    from autograder import export, grade, report  # noqa: F401 (loaded before the first command)
    from autograder.split.judges import Judges

    path = place()
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))  # in a folder that only this user may enter
    listener.listen()
    judges = Judges(count)
    grade.warm_judges = judges.address
    gc.collect()
    gc.freeze()
    print(f"{count} judges are getting warm. Ctrl-C ends them.", flush=True)
    try:
        while True:
            client, _ = listener.accept()
            judges.replace_the_dead()
            _carry_out(client, listener, run)
    except KeyboardInterrupt:
        print("ended")
    finally:
        path.unlink(missing_ok=True)
        judges.close()


def _carry_out(client: socket.socket, listener: socket.socket, run) -> None:
    """Fork a process for a command; a thread tells the client how it ends."""
    size, descriptors, *_ = socket.recv_fds(client, 8, len(STREAMS))
    told = json.loads(_exactly(client, int.from_bytes(size, "little")))
    child = os.fork()
    if child == 0:
        listener.close()
        client.close()
        os._exit(_be(told, descriptors, run))
    for descriptor in descriptors:
        os.close(descriptor)
    client.sendall(f"{child}\n".encode())
    threading.Thread(target=_tell_the_end, args=(client, child), daemon=True).start()


def _be(told: dict, descriptors: list[int], run) -> int:
    """Become the command; return its exit code."""
    for descriptor, stream in zip(descriptors, STREAMS):
        os.dup2(descriptor, stream)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    try:
        run(told["arguments"])
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


def _tell_the_end(client: socket.socket, child: int) -> None:
    _, status = os.waitpid(child, 0)
    with client:
        client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _exactly(client: socket.socket, size: int) -> bytes:
    with client.makefile("rb") as stream:
        return stream.read(size)
