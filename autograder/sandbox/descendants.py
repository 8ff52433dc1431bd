"""Finds the processes that descend from one: proc(5)."""

import os
from contextlib import suppress

import psutil

LISTS = os.path.exists("/proc/thread-self/children")
"""Whether the kernel lists the children of a process; to look at all processes takes longer."""


def descendants(process: int) -> list[int]:
    """List the processes that descend from one; none if it has ended."""
    if LISTS:
        return _listed(process)
    with suppress(psutil.Error):
        return [each.pid for each in psutil.Process(process).children(recursive=True)]
    return []


def _listed(process: int) -> list[int]:
    """List them as the kernel does."""
    listed, waiting = list[int](), [process]
    while waiting:
        new: list[int] = []
        folder = f"/proc/{waiting.pop()}/task"
        with suppress(OSError):
            for thread in os.listdir(folder):
                with suppress(OSError), open(f"{folder}/{thread}/children") as children:
                    new += map(int, children.read().split())
        listed += new
        waiting += new
    return listed
