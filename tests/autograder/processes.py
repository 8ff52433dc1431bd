"""Looks at processes that may end at any moment, and waits for what happens in them.

What a test waits for happens at once on an idle machine. PATIENCE is for one that is busy.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psutil

T = TypeVar("T")
PATIENCE = 120  # seconds


def until(condition: Callable[[], T], command: subprocess.Popen | None = None) -> T:
    """Wait until a condition holds, and return its value. command: runs meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert command is None or command.poll() is None, command.communicate()
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)
    return value


def descendants(process: int) -> list[psutil.Process]:
    """List the processes that descend from one; none where that has ended."""
    with suppress(psutil.Error):
        return psutil.Process(process).children(recursive=True)
    return []


def command_line(process: psutil.Process) -> list[str]:
    """Read a process's command line; empty where it has ended."""
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def cpu_seconds(process: psutil.Process) -> float:
    """Return how long a process has computed; 0 where it has ended."""
    with suppress(psutil.Error):
        return process.cpu_times().user
    return 0.0


def runs(process: int, word: str) -> bool:
    """Whether a word is in the command line of a process that descends from one."""
    return any(word in command_line(each) for each in descendants(process))


def ended(processes: list[psutil.Process]) -> bool:
    """Wait for processes to end; whether all of them did."""
    return not psutil.wait_procs(processes, timeout=PATIENCE)[1]
