"""Runs nbgrader's commands side by side, each in a process that starts with nbgrader loaded.

`nbgrader` takes 3 s to start, nearly all of it for imports, and a class needs hundreds of commands.
A server process imports nbgrader once; every command runs in a fresh fork of it, with its own
folder, environment and log file, exactly as typed on a command line.
"""

import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from course import COURSE

AT_ONCE = 2

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    [__name__, "nbgrader.apps", "nbgrader.exchange.default", "nbclient", "ipykernel.kernelspec"]
)


@dataclass(frozen=True)
class Command:
    """One command line.

    arguments: what follows `nbgrader`. log: the file that takes its output.
    folder: where it runs. environment: variables to set. timeout: seconds until it is killed.
    """

    arguments: tuple[str, ...]
    log: Path
    folder: Path = COURSE
    environment: dict[str, str] = field(default_factory=dict)
    timeout: float = 900


def run_all(commands: Iterable[Command]) -> Iterator[tuple[Command, int]]:
    """Run commands, AT_ONCE at a time, in the given order.

    Yields each with its exit code as it ends: 0 where it succeeded, negative where it was killed.
    """
    waiting = deque(commands)
    running: dict[ForkServerProcess, tuple[Command, float]] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            command = waiting.popleft()
            command.log.parent.mkdir(parents=True, exist_ok=True)
            process = _processes.Process(target=_child, args=(command,))
            process.start()
            running[process] = command, time.monotonic() + command.timeout
        wait([process.sentinel for process in running], timeout=1)
        for process, (command, deadline) in list(running.items()):
            if process.is_alive() and time.monotonic() > deadline:
                process.kill()  # its kernel notices that its parent is gone, and ends
                process.join()
            if process.exitcode is not None:
                del running[process]
                yield command, process.exitcode


def must_run(*commands: Command) -> None:
    """Run commands. Raises RuntimeError, with its log, when one fails."""
    for command, code in run_all(commands):
        if code:
            raise RuntimeError(
                f"nbgrader {' '.join(command.arguments)} failed:\n{command.log.read_text()}"
            )


def _child(command: Command) -> None:
    """Become the command: its folder, its variables, its output; then nbgrader's own main."""
    log = os.open(command.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.pop("PYTHONPATH", None)  # learners' kernels must not find the course
    os.environ.update(command.environment)
    os.chdir(command.folder)
    sys.argv = ["nbgrader", *command.arguments]
    from nbgrader.apps.nbgraderapp import main

    main()
