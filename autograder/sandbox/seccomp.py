"""What a sandbox's programs may ask of the kernel: a seccomp filter that allows what it lists.

The list is what Docker allows a container without further capabilities, less what no notebook needs
(source: profiles/seccomp/default.json of https://github.com/moby/moby). Left out is

- what takes memory that is charged to no process, or a share of something that is limited for the
  whole machine: nameless files, System V's and POSIX's message queues, semaphores and shared
  memory, extended attributes, keys, locked memory, contexts of asynchronous I/O;
- what namespaces do not separate: sockets to a virtual machine's host, notices of what others do
  with files, writing back all of the machine's disks (sync);
- making namespaces, mounts and filters, and looking into other processes;
- what needs a right that nobody has here, such as becoming another user or setting the clock;
- what had many of the kernel's security faults in recent years, such as io_uring, splice, and kinds
  of sockets that a program on one machine does not need.
"""

import errno
import struct
from pathlib import Path
from typing import NamedTuple

Steps = list[bytes]

ALLOWED = {
    "files": """
        access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat
        faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchown fchownat fcntl fdatasync
        fgetxattr flistxattr flock fstat fstatfs fsync ftruncate futimesat getcwd getdents
        getdents64 getxattr lchown lgetxattr link linkat listxattr llistxattr lseek lstat mkdir
        mkdirat mknod mknodat newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2
        pwrite64 pwritev pwritev2 read readlink readlinkat readv rename renameat renameat2 rmdir
        sendfile stat statfs statx symlink symlinkat truncate umask unlink unlinkat utime utimensat
        utimes write writev""",
    "memory": "brk madvise membarrier mmap mprotect mremap msync munmap",
    "processes and threads": """
        arch_prctl execve execveat exit exit_group fork futex getcpu getegid geteuid getgid
        getgroups getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage
        getsid gettid getuid kill pidfd_open pidfd_send_signal prlimit64 restart_syscall rseq
        sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
        sched_getscheduler sched_rr_get_interval sched_setaffinity sched_yield set_robust_list
        set_tid_address setpgid setpriority setrlimit setsid tgkill tkill vfork wait4 waitid""",
    "signals": """
        pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
        sigaltstack signalfd signalfd4""",
    "waiting": """
        epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2
        poll ppoll pselect6 select""",
    "sockets": """
        accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg
        recvmsg sendmmsg sendmsg sendto setsockopt shutdown""",
    "time": """
        alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer
        time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
        timerfd_gettime timerfd_settime times""",
    "the machine": "getrandom sysinfo uname",
}
"""The calls that are allowed with any arguments, by purpose."""

ALL_BITS = 0xFFFFFFFF


class Condition(NamedTuple):
    """A condition on a call's argument: under a mask it is among some values, or it is not.

    A filter cannot follow pointers. Arguments have 64 bits, but of those that are compared here
    the kernel itself takes the lower 32.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = ALL_BITS
    among: bool = True


Row = tuple[Condition, ...]

UNIX, INET, INET6, NETLINK = 1, 2, 10, 16  # families of sockets
STREAM, DATAGRAM, TYPE = 1, 2, 0xF  # types, and the bits that hold the type
ANY, TCP, UDP, ROUTE = 0, 6, 17, 0  # protocols; ROUTE, a NETLINK's, names the network's interfaces
SOCKETS: list[Row] = [
    (Condition(0, (UNIX,)),),
    (
        Condition(0, (INET, INET6)),
        Condition(1, (STREAM, DATAGRAM), mask=TYPE),
        Condition(2, (ANY, TCP, UDP)),
    ),
    (Condition(0, (NETLINK,)), Condition(2, (ROUTE,))),
]
NAMESPACES = 0x7E020000  # clone's flags for a new one of any kind
# Requests that type into a terminal, in two ways, or load a driver that reads a terminal's lines.
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
PRCTL = {
    "PR_SET_PDEATHSIG": 1,
    "PR_GET_PDEATHSIG": 2,
    "PR_GET_DUMPABLE": 3,
    "PR_SET_DUMPABLE": 4,
    "PR_SET_NAME": 15,
    "PR_GET_NAME": 16,
    "PR_GET_SECCOMP": 21,
    "PR_CAPBSET_READ": 23,
    "PR_SET_TIMERSLACK": 29,
    "PR_GET_TIMERSLACK": 30,
    "PR_SET_NO_NEW_PRIVS": 38,
    "PR_GET_NO_NEW_PRIVS": 39,
    "PR_SVE_GET_VL": 51,  # this and the next: how long vectors are on ARM
    "PR_SME_GET_VL": 64,
}
QUERY = 0xFFFFFFFF  # asks for one's personality, and leaves it as it is
CONDITIONS: dict[str, list[Row]] = {
    "clone": [(Condition(0, (0,), mask=NAMESPACES),)],
    "ioctl": [(Condition(1, (TIOCSTI, TIOCLINUX, TIOCSETD), among=False),)],
    "personality": [(Condition(0, (QUERY,)),)],
    "prctl": [(Condition(0, tuple(PRCTL.values())),)],
    "socket": SOCKETS,
    "socketpair": SOCKETS,
}
"""The calls that are allowed where all conditions of one row hold."""

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # as linux/audit.h names machines
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # as linux/bpf_common.h does
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # their offsets in the kernel's seccomp_data


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return one step of a filter. yes, no: how many steps a comparison skips."""
    return struct.pack("<HBBI", code, yes, no, value)


ALLOW, KILL = [_step(RETURN, 0x7FFF0000)], [_step(RETURN, 0x80000000)]
REFUSE, UNKNOWN, UNSUPPORTED = (
    [_step(RETURN, 0x00050000 | error)] for error in (errno.EPERM, errno.ENOSYS, errno.ENOTSUP)
)
"""Three ways to say no.

EPERM, "Operation not permitted", is the clearest to a learner. A call that is newer than the table
gets ENOSYS, the answer of a kernel that has no such call. Programs that use a new call are prepared
for older kernels, but not for EPERM.
"""
ANSWERS = {
    "clone3": UNKNOWN,  # its flags lie where a filter cannot look; glibc then calls clone
    # As file systems without attributes do: cp -p and Python's shutil then do without.
    "setxattr": UNSUPPORTED,
    "lsetxattr": UNSUPPORTED,
    "fsetxattr": UNSUPPORTED,
}
"""Calls that are refused in another way than with EPERM."""


def program(machine: str) -> bytes:
    """Return the filter as the kernel reads it, b"" for a machine that it is not written for."""
    if machine not in AUDIT_ARCH:
        return b""
    known = numbers(machine)
    outcomes = dict.fromkeys(range(max(known.values()) + 1), REFUSE)
    by_name = dict.fromkeys(" ".join(ALLOWED.values()).split(), ALLOW) | ANSWERS
    by_name |= {name: _where(rows) for name, rows in CONDITIONS.items()}
    outcomes |= {known[name]: steps for name, steps in by_name.items() if name in known}
    # Programs for another kind of processor would have other numbers.
    begin = [_step(LOAD, ARCHITECTURE), _step(EQUAL, AUDIT_ARCH[machine], yes=1), *KILL]
    return b"".join([*begin, _step(LOAD, NUMBER), *_search(_spans(outcomes))])


def numbers(machine: str) -> dict[str, int]:
    """Return the system calls of a machine: numbers by name."""
    column = list(AUDIT_ARCH).index(machine) + 1
    lines = Path(__file__).with_name("system_calls.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def _where(rows: list[Row]) -> Steps:
    """Return steps that allow a call where all conditions of one row hold."""
    steps: Steps = []
    for row in rows:
        allow = ALLOW
        for condition in reversed(row):
            allow = _if(condition, allow)
        steps += allow
    return steps + REFUSE


def _if(condition: Condition, then: Steps) -> Steps:
    """Return steps that do `then`, which ends in a return, or continue after it.

    `then` follows the last comparison. An earlier comparison that holds skips the rest of them.
    """
    hit, miss = (0, len(then)) if condition.among else (len(then), 0)
    steps = [_step(LOAD, ARGUMENTS + 8 * condition.argument), _step(AND, condition.mask)]
    last = len(condition.values) - 1
    for i, value in enumerate(condition.values):
        steps.append(_step(EQUAL, value, yes=last - i + hit, no=miss if i == last else 0))
    return steps + then


def _spans(outcomes: dict[int, Steps]) -> list[tuple[int, Steps]]:
    """Return the numbers at which the outcome changes, and what it is from there on."""
    spans: list[tuple[int, Steps]] = []
    for number, steps in [*sorted(outcomes.items()), (max(outcomes) + 1, UNKNOWN)]:
        if not spans or spans[-1][1] != steps:
            spans.append((number, steps))
    return spans


def _search(spans: list[tuple[int, Steps]]) -> Steps:
    """Return steps that find a number's span by halving: seven or eight comparisons."""
    if len(spans) == 1:
        return spans[0][1]
    middle = len(spans) // 2
    below, above = _search(spans[:middle]), _search(spans[middle:])
    return [_step(AT_LEAST, spans[middle][0], yes=len(below)), *below, *above]
