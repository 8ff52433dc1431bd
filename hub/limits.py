"""Keeps learners within their memory and processors: a service of the Hub, `python -m hub limits`.

The kernel of Linux bounds each process by itself: one that asks for too much gets a MemoryError.
This bounds all processes of a learner together.
"""

import os
import pwd
import re
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from hub.accounts import members
from hub.settings import Settings

SECONDS = 2
MOST_THREADS = 512
"""Of a learner: Linux counts processes and threads together."""
WHOLE = {"RssAnon", "RssShmem", "VmSwap"}
DIVIDED = {"Pss_Anon", "Pss_Shmem", "SwapPss"}
"""The kernel's names for a process's own pages, those that it may share, and those swapped out."""


def processors_of(account: int, count: int) -> set[int]:
    """Choose processors for a user id, so that accounts created in turn have others in turn."""
    usable = sorted(os.sched_getaffinity(0))
    return {usable[(account * count + k) % len(usable)] for k in range(count)}


def bound(account: int, memory: int, processors: int) -> None:
    """Bound this process, and those that it will start.

    account: the user id that it will have. memory: bytes that a process may hold as its own.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NPROC, (MOST_THREADS, MOST_THREADS))
    os.sched_setaffinity(0, processors_of(account, processors))


def most_memory(process: psutil.Process) -> int:
    """Measure the bytes in memory that no file on a disk has: what a process shares counts whole.

    Raises OSError where the process has ended.
    """
    sizes = _sizes(process, "status")
    return sum(sizes.get(name, 0) for name in WHOLE)


def own_memory(process: psutil.Process) -> int:
    """Measure the same bytes, with those that a process shares divided among all that share them.

    The kernel looks at each page for this: 80 ms for 1 GB. Where it does not tell, they count
    whole. Raises OSError where the process has ended.
    """
    with suppress(OSError):
        sizes = _sizes(process, "smaps_rollup")
        if sizes.keys() >= DIVIDED:
            return sum(sizes[name] for name in DIVIDED)
    return most_memory(process)


def _sizes(process: psutil.Process, name: str) -> dict[str, int]:
    """Read the bytes that a file of a process gives after each name (proc(5))."""
    text = Path("/proc", str(process.pid), name).read_text("utf-8", "replace")
    lines = re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)
    return {each: int(size) << 10 for each, size in lines}


def _measured(
    processes: Iterable[psutil.Process], measure: Callable[[psutil.Process], int]
) -> dict[psutil.Process, int]:
    """Measure those processes that still run."""
    sizes = {}
    for process in processes:
        with suppress(OSError):
            sizes[process] = measure(process)
    return sizes


def keep_within(processes: Collection[psutil.Process], memory: int) -> None:
    """End the largest of a learner's processes if all hold more than `memory` bytes together."""
    if sum(_measured(processes, most_memory).values()) <= memory:
        return
    sizes = _measured(processes, own_memory)
    if sum(sizes.values()) > memory:
        largest = max(sizes, key=sizes.__getitem__)
        with suppress(psutil.Error):
            print(f"{largest.username()}: ended a process of {sizes[largest] >> 20} MB", flush=True)
            largest.kill()


def keep_on(processes: Iterable[psutil.Process], processors: set[int]) -> None:
    """Put all threads of processes back on these processors."""
    for process in processes:
        with suppress(psutil.Error, OSError):
            for thread in process.threads():
                os.sched_setaffinity(thread.id, processors)


def learners(settings: Settings) -> set[int]:
    """List the user ids of the class, without the instructor's."""
    names = set(members(settings.group)) - {settings.instructor}
    return {pwd.getpwnam(name).pw_uid for name in names}


def watch(settings: Settings) -> None:
    """Keep all learners within their limits, until this process is ended."""
    while True:
        accounts = learners(settings)
        running = defaultdict(list)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                account = process.uids().real
                if account in accounts:
                    running[account].append(process)
        for account, processes in running.items():
            keep_within(processes, settings.memory)
            keep_on(processes, processors_of(account, settings.processors))
        time.sleep(SECONDS)
