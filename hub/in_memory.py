"""Gives a process folders in memory of its own: the files in these belong to no process.

All accounts share `/dev/shm`, and on some machines `/tmp` is in memory, too (tmpfs). Whoever fills
them takes the memory of all, and no limit of a process counts it.
"""

import ctypes
import os
from pathlib import Path

FOLDERS = ("/dev/shm", "/tmp")
FILES = 100_000
"""At most so many in each: the kernel holds about 1 kB for each besides."""

# unshare(2), mount(2); Python has no functions for them.
NEW_MOUNTS = 0x20000
SLAVES_BELOW = 0x80000 | 0x4000
NO_SUID_NO_DEVICES = 0x2 | 0x4
LIBC = ctypes.CDLL(None, use_errno=True)


def folders() -> list[str]:
    """List those of `FOLDERS` that are in memory on this machine."""
    lines = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    mounted = {target: kind for _, target, kind, *_ in map(str.split, lines)}
    return [folder for folder in FOLDERS if mounted.get(folder) == "tmpfs"]


def own_folders(size: int) -> None:
    """Give this process, and those that it will start, such folders, empty and of `size` bytes.

    They end with the last of these processes. Raises OSError where the kernel refuses, as it does
    in most containers.
    """
    _must(LIBC.unshare(NEW_MOUNTS))
    # What the machine mounts later is seen here, and not the other way round.
    _must(LIBC.mount(None, b"/", None, SLAVES_BELOW, None))
    options = f"mode=1777,size={size},nr_inodes={FILES}".encode()
    for folder in folders():
        place = folder.encode()
        _must(LIBC.mount(b"tmpfs", place, b"tmpfs", NO_SUID_NO_DEVICES, options))


def _must(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
