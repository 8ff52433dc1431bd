"""The first program in a sandbox: imports once what all learners need, and forks their processes.

No learner's code runs here. Each request brings the descriptors for a learner's process. Then two
processes start in new namespaces. One is the first process of its PID namespace: it cannot be
killed from within, and all others end with it. The other is its child, the learner's process.
"""

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path

from . import memory, namespaces, responder

TICK = 0.1  # seconds between two looks at the memory
HANDED_OVER = 3  # descriptors that come with a request: the connection, the output, the status


def main() -> None:
    """Fork a process for every request, until nobody can send any more requests."""
    requests, options = socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])
    responder.prepare(options)
    gc.collect()
    gc.freeze()  # so that a child's collector leaves shared memory shared
    while True:
        data, descriptors, *_ = socket.recv_fds(requests, 1, HANDED_OVER)
        if not data:
            return
        if (child := os.fork()) == 0:
            requests.close()
            connection, output, status = descriptors
            responder.serve(_separate(connection, output, status, options), options)
        os.waitpid(child, 0)
        for descriptor in descriptors:
            os.close(descriptor)


def _separate(connection: int, output: int, status: int, options: dict) -> int:
    """Return in a process of new namespaces; its ancestors here never return."""
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    namespaces.unshare()
    if os.fork():
        os._exit(0)  # this process itself is not in the PID namespace
    os.setsid()
    namespaces.furnish(options["folders"], options["kept"])
    namespaces.lock(bytes.fromhex(options["rules"]))
    responder.set_limits(options["limits"])
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # for `_watch`
    namespaces.hide(True)  # before there is anybody who could make this process exceed its limits
    if (child := os.fork()) == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        namespaces.hide(False)
        os.close(status)
        _move_in()
        return connection
    for descriptor in (connection, 1, 2):
        os.close(descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.write(status, b"%d" % _watch(child, options["memory"]))
    os._exit(0)


def _watch(child: int, most: int) -> int:
    """Wait for the learner's process to end: its exit code, or memory.EXCEEDED.

    most: bytes that all processes may take up together. This process watches them all the time,
    since the judge may be busy.
    """
    while True:
        signal.sigtimedwait([signal.SIGCHLD], TICK)
        ended = how = -1
        while ended and ended != child:
            ended, how = os.waitpid(-1, os.WNOHANG)
        if ended == child:
            return os.waitstatus_to_exitcode(how)
        if memory.of_all(besides=os.getpid()) > most:
            return memory.EXCEEDED


def _move_in() -> None:
    """Go to the home folder, and find Matplotlib's list of fonts at the place for settings."""
    os.chdir(os.environ["HOME"])
    settings = Path(os.environ["MPLCONFIGDIR"])
    settings.mkdir()
    for fonts in Path("/opt/grader/matplotlib").glob("*"):
        (settings / fonts.name).symlink_to(fonts)
