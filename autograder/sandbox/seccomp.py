"""What a sandbox's programs may not ask of the kernel: a seccomp filter.

It closes the ways around the limits of memory: file systems of an own user namespace, nameless
files, System V's shared memory and semaphores, and extended attributes count for no process. It
closes what namespaces do not separate: sockets to a virtual machine's host, and word of what others
do with files. Besides, it closes what no assignment needs and what the kernel's faults of the last
years were found in.
"""

import errno
import struct

CLONE_NEWUSER = 0x10000000
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE = {"x86_64": 56, "aarch64": 220}
SOCKET = {"x86_64": 41, "aarch64": 198}
VSOCK = 40  # sockets to a virtual machine's host, which no network namespace holds back
REFUSED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "msgget": (68, 186),
    "add_key": (248, 217),
    "keyctl": (250, 219),
    "request_key": (249, 218),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "inotify_init": (253, 26),  # the old name's number on x86_64 alone
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "mount": (165, 40),
    "fsopen": (430, 430),
}
"""System calls by name: their numbers on x86_64 and on aarch64 (Linux's table of system calls)."""
CLONE3 = 435  # its flags lie where a filter cannot look; glibc then calls clone
X32 = 0x40000000  # numbers from here on are other names of the same calls on x86_64

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they lie in the kernel's seccomp_data


def program(machine: str) -> bytes:
    """Return the filter as the kernel reads it, b"" for a machine that it is not written for."""
    if machine not in AUDIT_ARCH:
        return b""
    column = list(AUDIT_ARCH).index(machine)

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("<HBBI", code, yes, no, value)  # yes, no: steps to skip

    def unless(code: int, value: int, refusal: int) -> list[bytes]:
        return [step(code, value, 0, 1), step(RETURN, refusal)]

    refused = REFUSE | errno.EPERM
    steps = [step(LOAD, ARCHITECTURE), step(EQUAL, AUDIT_ARCH[machine], 1), step(RETURN, KILL)]
    steps += [step(LOAD, NUMBER), *unless(AT_LEAST, X32, refused)]
    for numbers in REFUSED.values():
        steps += unless(EQUAL, numbers[column], refused)
    steps += unless(EQUAL, CLONE3, REFUSE | errno.ENOSYS)
    steps += [step(EQUAL, SOCKET[machine], 0, 4), step(LOAD, FIRST_ARGUMENT)]
    steps += [*unless(EQUAL, VSOCK, refused), step(LOAD, NUMBER)]
    steps += [step(EQUAL, CLONE[machine], 0, 3), step(LOAD, FIRST_ARGUMENT)]
    steps += [*unless(ANY_BIT, CLONE_NEWUSER, refused), step(RETURN, ALLOW)]
    return b"".join(steps)
