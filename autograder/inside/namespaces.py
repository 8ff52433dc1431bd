"""Gives walls of its own to a process that was forked inside bubblewrap.

It does what bubblewrap does, but starts no new program, so that imported modules stay. `unshare`
makes the namespaces, `furnish` mounts empty folders over the shared ones, `lock` gives up every
right to change that again. Source: namespaces(7), user_namespaces(7), capabilities(7).
"""

import ctypes
import fcntl
import os
import socket
import stat
import struct
from pathlib import Path

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE = 2, 4, 8, 4096, 16384  # of mount(2)
SET_DUMPABLE, SET_SECCOMP, FILTER, DROP_FROM_BOUNDING_SET = 4, 22, 2, 24  # of prctl(2)
CAPABILITIES_3 = 0x20080522  # the version of capset(2)'s structures
SET_FLAGS, UP = 0x8914, 1  # of netdevice(7)
FILES_PER_MB = 256  # each takes some of the kernel's memory

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """A filter of system calls, as the kernel takes it: struct sock_fprog."""

    _fields_ = (("steps", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _must(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _prctl(option: int, *arguments: object) -> int:
    return _libc.prctl(option, *(*arguments, *[ctypes.c_ulong(0)] * 4)[:4])


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    texts = (text.encode() for text in (source, target, kind))
    _must(_libc.mount(*texts, ctypes.c_ulong(flags), options.encode()))


def unshare() -> None:
    """Make new namespaces. The next child of this process is the first in its PID namespace."""
    user, group = os.getuid(), os.getgid()
    _must(_libc.unshare(NEWUSER | NEWPID | NEWNS | NEWIPC | NEWNET | NEWUTS))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def furnish(folders: dict[str, int], kept: dict[str, str]) -> None:
    """Mount new /proc and /dev/pts, and an empty folder over each of `folders`; bring loopback up.

    folders: paths, with the MB that each may hold.
    kept: paths below them that stay, each with "" or with the target of the link that it is.
    """
    _mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
    _mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    held = {path: os.open(path, os.O_PATH) for path, target in kept.items() if not target}
    for path, size in folders.items():
        options = f"mode=1777,size={size}m,nr_inodes={size * FILES_PER_MB}"
        _mount("tmpfs", path, "tmpfs", NOSUID | NODEV, options)
    for path, target in kept.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if target:
            os.symlink(target, path)
        else:
            _put_back(held[path], path)
    with socket.socket() as any_socket:
        loopback = struct.pack("16sH14x", b"lo", UP)
        fcntl.ioctl(any_socket, SET_FLAGS, loopback)


def _put_back(descriptor: int, path: str) -> None:
    """Mount a file or folder where it was, and close its descriptor."""
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.mkdir(path)
    else:
        os.mknod(path)
    _mount(f"/proc/self/fd/{descriptor}", path, "", BIND | RECURSIVE)
    os.close(descriptor)


def hide(hidden: bool) -> None:
    """Hide this process's memory and descriptors from others of its user, or stop hiding them."""
    _must(_prctl(SET_DUMPABLE, ctypes.c_ulong(not hidden)))


def lock(rules: bytes) -> None:
    """Give up all capabilities, and put the filter of system calls into force, for good.

    rules: the filter as the kernel reads it; b"" for none.
    """
    capability = 0
    while _prctl(DROP_FROM_BOUNDING_SET, ctypes.c_ulong(capability)) == 0:
        capability += 1
    header = struct.pack("Ii", CAPABILITIES_3, 0)
    _must(_libc.capset(header, bytes(24)))
    if rules:
        program = _Program(len(rules) // 8, rules)
        _must(_prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.byref(program)))
