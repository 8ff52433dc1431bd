"""How much memory processes take up, read from /proc: proc(5)."""

import os
from collections.abc import Iterable
from contextlib import suppress

EXCEEDED = -1000  # the exit code for a process that was ended because of its memory
PAGE = os.sysconf("SC_PAGESIZE")


def of_all(besides: int) -> int:
    """Add up the memory of all processes that this one sees, in bytes, besides one."""
    return of(int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != besides)


def of(processes: Iterable[int]) -> int:
    """Add up the memory of processes, in bytes: what is resident, and what they may share.

    Shared memory that nobody maps at the moment is resident nowhere, but takes up room.
    """
    total = 0
    for process in processes:
        with suppress(OSError, ValueError):
            with open(f"/proc/{process}/statm") as numbers:
                total += int(numbers.read().split()[1]) * PAGE
            with open(f"/proc/{process}/maps", errors="replace") as lines:
                total += sum(map(_shared, lines))
    return total


def _shared(line: str) -> int:
    """Return the size of a mapping, a line of /proc/PID/maps, that is shared and has no file."""
    if "/dev/zero" not in line:
        return 0
    span, rights, *_, name = line.split(None, 5)
    if rights[3:] != "s" or not name.startswith("/dev/zero"):
        return 0
    begin, end = (int(address, 16) for address in span.split("-"))
    return end - begin
