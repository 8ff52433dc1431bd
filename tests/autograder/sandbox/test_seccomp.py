"""The filter of system calls: what it refuses, what must go on working, and its program."""

import errno
import platform
import random
import re
import signal
import struct
from pathlib import Path

import pytest

from autograder.sandbox import seccomp
from tests.autograder.sandbox.everyday import CELLS
from tests.autograder.sandbox.test_sandbox import run, sandbox

MACHINES = list(seccomp.AUDIT_ARCH)
HERE = platform.machine()
REFUSED = (
    "acct add_key adjtimex bpf capset chroot clock_adjtime clock_settime delete_module "
    "fanotify_init fanotify_mark finit_module fremovexattr fsconfig fsetxattr fsmount fsopen "
    "fspick get_mempolicy get_robust_list init_module inotify_add_watch inotify_init "
    "inotify_init1 io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit "
    "io_uring_enter io_uring_register io_uring_setup ioperm iopl ioprio_set kcmp "
    "kexec_file_load kexec_load keyctl landlock_create_ruleset lookup_dcookie lremovexattr "
    "lsetxattr mbind memfd_create memfd_secret migrate_pages mincore mlock mlock2 mlockall "
    "modify_ldt mount mount_setattr move_mount move_pages mq_open msgget msgsnd "
    "name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root "
    "pkey_alloc process_madvise process_vm_readv process_vm_writev ptrace quotactl quotactl_fd "
    "reboot remap_file_pages removexattr request_key seccomp semget semop set_mempolicy "
    "setdomainname setgid setgroups sethostname setns setresuid settimeofday setuid setxattr "
    "shmat shmget splice swapoff swapon sync syncfs syslog tee umount2 unshare userfaultfd "
    "vhangup vmsplice"
)
"""What no notebook may call; the list of what it may must not grow to hold one of these."""

FLAGS = (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
"""Of clone: the kinds of namespaces."""
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x50000


@pytest.fixture(scope="module")
def box():
    """A sandbox for tests that leave nothing behind."""
    with sandbox() as box:
        yield box


# Its program, tried without a kernel


def verdict(program: bytes, number: int, architecture: int, arguments: list[int]) -> int:
    """Interpret the filter as the kernel would."""
    call = struct.pack("<IIQ6Q", number, architecture, 0, *arguments)
    value = at = 0
    while True:
        code, yes, no, operand = struct.unpack_from("<HBBI", program, 8 * at)
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            (value,) = struct.unpack_from("<I", call, operand)
        elif code == 0x54:
            value &= operand
        else:
            holds = {0x15: value == operand, 0x35: value >= operand}[code]
            at += yes if holds else no


def rule(name: str | None, number: int, arguments: list[int]) -> int:
    """Say in plain Python what the verdict on a call should be; name: None for an unknown one."""
    first, second, third = (argument % (1 << 32) for argument in arguments[:3])
    if number > 450 or name == "clone3":
        return ERROR + errno.ENOSYS
    if name in ("setxattr", "lsetxattr", "fsetxattr"):
        return ERROR + errno.ENOTSUP
    special = {
        "clone": not any(first & flag for flag in FLAGS),
        "ioctl": second not in (0x5412, 0x541C, 0x5423),
        "personality": first == 0xFFFFFFFF,
        "prctl": first in (1, 2, 3, 4, 15, 16, 21, 23, 29, 30, 38, 39, 51, 64),
        "socket": first == 1
        or (first in (2, 10) and second % 16 in (1, 2) and third in (0, 6, 17))
        or (first == 16 and third == 0),
    }
    special["socketpair"] = special["socket"]
    allowed = special.get(name, name in " ".join(seccomp.ALLOWED.values()).split())
    return ALLOW if allowed else ERROR + errno.EPERM


def arguments_for(chance: random.Random) -> list[int]:
    """Draw arguments: small ones, flags, numbers that mean something, and bits above the 32nd."""
    drawn = []
    for _ in range(6):
        small = chance.randrange(70)
        known = [small, 0x5400 | small, chance.choice(FLAGS) | small, 0xFFFFFFFF]
        known += [chance.choice((0, 1, 2, 5, 6, 10, 16, 17)) for _ in range(8)]  # of sockets
        value = chance.choice((*known, chance.getrandbits(32)))
        drawn.append(value | chance.choice((0, 0, chance.getrandbits(32))) << 32)
    return drawn


@pytest.mark.slow
@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_does_what_the_rule_says(machine):
    program, known = seccomp.program(machine), seccomp.numbers(machine)
    names, chance = {known[name]: name for name in known}, random.Random(machine)
    special = [known[name] for name in seccomp.CONDITIONS]
    numbers = [*range(600), *range(0x40000000, 0x40000600)]  # the second: x32's names of the same
    numbers += chance.choices(special, k=12_000) + [chance.getrandbits(32) for _ in range(300)]
    for number in numbers:
        arguments = arguments_for(chance)
        got = verdict(program, number, seccomp.AUDIT_ARCH[machine], arguments)
        assert got == rule(names.get(number), number, arguments), (number, arguments)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_ends_programs_for_another_kind_of_processor(machine):
    program, chance = seccomp.program(machine), random.Random(machine)
    others = {0, 0x40000003, 0x40000028, 0xC000003E, 0xC00000B7} - {seccomp.AUDIT_ARCH[machine]}
    for number in range(600):
        assert verdict(program, number, chance.choice([*others]), arguments_for(chance)) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_is_one_that_the_kernel_takes(machine):
    program = seccomp.program(machine)
    steps = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    assert len(steps) <= 4096
    assert steps[-1][0] == 0x06
    assert all(at + max(step[1:3]) < len(steps) - 1 for at, step in enumerate(steps[:-1]))


def test_a_machine_without_a_filter_goes_without():
    assert seccomp.program("sparc") == b""


# Its table and its list


def headers(machine: str) -> dict[str, int]:
    """Read the numbers from the kernel's headers, {} where there are none."""
    names = {"x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h")}
    for name in names.get(machine, ("asm-generic/unistd.h",)):
        if (path := Path("/usr/include", name)).exists():
            defined = dict(re.findall(r"^#define (__NR\w+)\s+(\w+)", path.read_text(), re.M))
            texts = {name: defined.get(value, value) for name, value in defined.items()}
            return {n[5:]: int(v) for n, v in texts.items() if n[:5] == "__NR_" and v.isdigit()}
    return {}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    linux, table = headers(machine), seccomp.numbers(machine)
    if not linux:
        pytest.skip(f"there are no headers of Linux for {machine}")
    both = linux.keys() & table.keys()
    assert len(both) > 250
    assert {name: table[name] for name in both} == {name: linux[name] for name in both}
    others = {number for number in linux.values() if number not in table.values()}
    # asm-generic/unistd.h also names what only machines of 32 bits have, and where others begin.
    generic = {244, *range(403, 424)} if machine == "aarch64" else set()
    assert others - generic <= {*range(451, 600)}


def test_every_call_on_the_list_exists_and_is_there_once():
    names = " ".join(seccomp.ALLOWED.values()).split() + list(seccomp.CONDITIONS)
    assert len(names) == len(set(names))
    assert set(names) <= seccomp.numbers("x86_64").keys()


def test_the_list_holds_nothing_that_no_notebook_needs():
    assert {*REFUSED.split()} <= seccomp.numbers("x86_64").keys()
    assert {*REFUSED.split()}.isdisjoint(" ".join(seccomp.ALLOWED.values()).split())
    assert {*REFUSED.split()}.isdisjoint(seccomp.CONDITIONS)


# In a sandbox: what it refuses

needs_filter = pytest.mark.skipif(HERE not in MACHINES, reason=f"there is no filter for {HERE}")

CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    padded = [*arguments, *[-1] * 6][:6]
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(each) for each in padded))
    return ctypes.get_errno() if result == -1 else 0
def calls(all_arguments):
    begin = 0
    while begin < len(all_arguments):
        read, write = os.pipe()
        if os.fork() == 0:
            me = os.getpid()
            for arguments in all_arguments[begin:]:
                error = call(*arguments)
                if os.getpid() == me:  # or else the call has made another process
                    os.write(write, b"%d\\n" % error)
            os._exit(0)
        os.close(write)
        with open(read) as file:
            errors = file.read().split()
        begin += len(errors)
        print(*errors)
        code = os.waitstatus_to_exitcode(os.wait()[1])
        if code:  # a call that was not refused has ended it
            print(code)
            begin += 1
"""


def errors(box, calls: list[tuple[int, ...]]) -> list[int]:
    """Make calls of given numbers and arguments in a sandbox.

    Returns the errors: 0 for none, a negative signal where a call ended its process.
    """
    ran = run(box, f"{CALL}\ncalls({calls})")
    answers = [int(word) for word in ran.text.split()]
    assert len(answers) == len(calls), ran
    return answers


UNSEEN = {335: -signal.SIGILL, 336: errno.ENXIO}
"""Calls of x86_64 that no filter gets to see, and how a process that makes them ends.

They are meant for code that a privileged tracer has put into a program (uretprobe and uprobe).
Newer kernels let them pass, and do nothing for other programs (source: arch/x86/kernel/uprobes.c of
Linux).
"""


@pytest.mark.slow
@needs_filter
def test_every_number_that_is_not_on_the_list_is_refused(box):
    known = seccomp.numbers(HERE)
    listed = {*" ".join(seccomp.ALLOWED.values()).split(), *seccomp.CONDITIONS}
    allowed = {known[name] for name in listed & known.keys()}
    rest = [number for number in range(601) if number not in allowed]
    expected = {n: {errno.ENOSYS if n > 450 else errno.EPERM} for n in rest}
    expected[known["clone3"]] = {errno.ENOSYS}
    for name in ("setxattr", "lsetxattr", "fsetxattr"):
        expected[known[name]] = {errno.ENOTSUP}
    for number in UNSEEN if HERE == "x86_64" else ():
        expected[number].add(UNSEEN[number])
    answers = dict(zip(rest, errors(box, [(number,) for number in rest])))
    odd = {number: answers[number] for number in rest if answers[number] not in expected[number]}
    assert odd == {}


BY_ARGUMENT = {
    "socket": [
        *((family, 1, 0) for family in range(46) if family not in (1, 2, 10, 16)),
        *((family, 1, protocol) for family in (2, 10) for protocol in (33, 132, 262)),
        *((family, kind, 0) for family in (2, 10) for kind in (3, 4, 5, 6)),
        *((16, 3, protocol) for protocol in range(1, 23)),
    ],
    "socketpair": [(30, 1, 0)],
    "clone": [(0x10000000 | flag | signal.SIGCHLD, 0, 0, 0, 0) for flag in FLAGS],
    "ioctl": [(0, request, 0) for request in (0x5412, 0x541C, 0x5423)],
    "personality": [(0x0040000,), (0,)],  # the first: addresses that are not random
    "prctl": [(22, 1, 0), (22, 2, 0), (35, 0, 0), (59, 1, 0), (62, 0, 0)],
}
"""Arguments with which a call is refused."""
NOT_REFUSED = {
    "socket": [
        (1, 1, 0),
        (1, 5, 0),
        (2, 1, 0),
        (2, 2, 0),
        (2, 1 | 0o2000000, 6),
        (10, 2, 17),
        (16, 3, 0),
    ],
    "socketpair": [(1, 1, 0, 0)],
    "ioctl": [(0, 0x5401, 0)],
    "personality": [(0xFFFFFFFF,)],
    "prctl": [(3, 0, 0, 0, 0), (38, 1, 0, 0, 0)],
}
"""Arguments with which it is not, though it may fail for another reason."""


@needs_filter
@pytest.mark.parametrize("name", BY_ARGUMENT)
def test_a_call_is_refused_by_its_arguments(box, name):
    number, refused, allowed = (
        seccomp.numbers(HERE)[name],
        BY_ARGUMENT[name],
        NOT_REFUSED.get(name, []),
    )
    answers = errors(box, [(number, *each) for each in refused + allowed])
    assert [*zip(refused, answers)] == [(each, errno.EPERM) for each in refused]
    assert errno.EPERM not in answers[len(refused) :]


@pytest.mark.skipif(HERE != "x86_64", reason="there is no such way into the kernel")
def test_the_door_to_the_kernel_for_programs_of_32_bits_is_closed(box):
    code = r"""
    import ctypes, mmap, os
    child = os.fork()
    if child == 0:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(b"\xb8\x14\0\0\0\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    # The latter where the kernel does not run such programs.
    assert int(run(box, code).text) in (-signal.SIGSYS, -signal.SIGSEGV)


AIO = Path("/proc/sys/fs/aio-nr")


@needs_filter
@pytest.mark.skipif(not AIO.exists(), reason="the kernel has no asynchronous I/O")
def test_no_asynchronous_io_is_taken_from_the_machine(box):
    before = int(AIO.read_text())
    code = f"""
    context, refused = ctypes.c_ulong(0), 0
    for _ in range(100):
        context.value = 0
        refused += call({seccomp.numbers(HERE)["io_setup"]}, 60, ctypes.addressof(context)) == 1
    print(refused)
    """
    run(box, CALL)
    assert run(box, code).text == "100\n"
    assert int(AIO.read_text()) - before < 60


# In a sandbox: what goes on working


@pytest.mark.slow
@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS)
def test_what_notebooks_use_goes_on_working(box, code):
    ran = run(box, code)
    assert (ran.stopped, ran.outputs) == ("", [])
