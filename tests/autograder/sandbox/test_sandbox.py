"""The sandbox: what code in it sees, what it can write, every limit, and that it always ends."""

import os
import re
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import psutil
import pytest

from autograder import COURSE
from autograder.judge.job import Job
from autograder.judge.process import Supply
from autograder.sandbox import descendants
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.limits import Limits
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.sandbox.sandbox import TICK, Sandbox, Stopped
from tests.autograder.notebooks import check, executor, learner
from tests.autograder.processes import PATIENCE, ended, until
from tests.autograder.sandbox import pythons

SMALL = Limits(memory_mb=512, scratch_mb=8, file_mb=4, processes=24, message_mb=1, output_kb=64)


@dataclass
class Ran:
    """What became of a cell in a sandbox."""

    outputs: list[dict] = field(default_factory=list)
    stopped: str = ""

    @property
    def text(self) -> str:
        return "".join(each.get("text", "") + each.get("evalue", "") for each in self.outputs)


def run(box: Sandbox, code: str, seconds: float = PATIENCE) -> Ran:
    """Run a cell of the learner's."""
    ran = Ran()
    box.start_cell()
    try:
        source = textwrap.dedent(code)
        answer = box.request({"do": "cell", "source": source}, seconds, ran.outputs.append)
        ran.stopped = answer.get("stopped", "")
    except Stopped as stop:
        ran.stopped = str(stop)
    return ran


@contextmanager
def sandboxes(count: int, limits: Limits = SMALL) -> Iterator[list[Sandbox]]:
    """Start bubblewrap and sandboxes in it."""
    with ForkServer(limits) as server, ExitStack() as stack:
        yield [stack.enter_context(Sandbox(limits, server)) for _ in range(count)]


@contextmanager
def sandbox(limits: Limits = SMALL) -> Iterator[Sandbox]:
    """Start bubblewrap and a sandbox in it."""
    with sandboxes(1, limits) as (box,):
        yield box


@pytest.fixture(scope="module")
def shared_box():
    """A sandbox for tests that leave nothing behind."""
    with sandbox(replace(SMALL, withheld=("keras", "tensorflow"))) as box:
        yield box


# What it sees


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["user", "pid", "ipc", "net", "mnt", "uts"])
def test_it_has_a_namespace_of_its_own(shared_box, kind):
    inside = run(shared_box, f"import os; print(os.readlink('/proc/self/ns/{kind}'))").text
    assert inside.startswith(f"{kind}:[")
    assert inside.strip() != os.readlink(f"/proc/self/ns/{kind}")


def test_it_is_an_ordinary_user_without_any_capability(shared_box):
    text = run(
        shared_box,
        """
        import os
        status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
        print(os.getuid(), *(int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")))
        print(status["NoNewPrivs"].strip())
        """,
    ).text
    assert text.split() == ["1000", "0", "0", "0", "1"]


def test_it_sees_no_processes_but_its_own(shared_box):
    text = run(
        shared_box,
        "import os; print([n for n in os.listdir('/proc') if n.isdigit() and int(n) > 20])",
    ).text
    assert text == "[]\n"
    assert f"pytest-{os.getpid()}" not in run(shared_box, "open('/proc/1/environ').read()").text


def test_it_has_no_network(shared_box):
    text = run(
        shared_box,
        """
        import socket
        print([name for _, name in socket.if_nameindex()])
        try:
            socket.create_connection(("192.0.2.1", 80), 1)
        except OSError as error:
            print(error.strerror)
        """,
    ).text
    assert text == "['lo']\nNetwork is unreachable\n"


@pytest.mark.slow
def test_two_that_one_server_forks_share_nothing():
    code = """
    import os, random, numpy as np
    for place in ("", "/tmp/", "/dev/shm/"):
        open(f"{place}mine", "x").close()
    for kind in ("user", "pid", "ipc", "net", "mnt", "uts"):
        print(os.readlink(f"/proc/self/ns/{kind}"))
    print(np.random.rand(), random.random(), os.urandom(3), sep="\\n")
    """
    with sandboxes(2) as boxes:
        one, other = (run(box, code).text.splitlines() for box in boxes)
    assert len(one) == 9
    assert set(one).isdisjoint(other)


def test_its_first_process_cannot_be_ended_from_within(shared_box):
    code = """
    import os, signal
    for number in set(signal.Signals) - {signal.SIGCHLD}:
        os.kill(1, number)
    os.kill(-1, signal.SIGKILL)
    """
    assert "No such process" in run(shared_box, code).text  # there is no third process
    assert run(shared_box, "print(os.getppid())").text == "1\n"


def test_its_first_process_cannot_be_read_or_written(shared_box):
    code = """
    for name in ("mem", "fd/0", "environ"):
        try:
            open(f"/proc/1/{name}", "rb")
        except PermissionError as error:
            print(error.strerror)
    open("/proc/self/mem", "rb").close()
    """
    assert run(shared_box, code).text == "Permission denied\n" * 3


def test_the_limits_hold_for_its_first_process(shared_box):
    code = "print([line.split()[3] for line in open('/proc/1/limits') if 'processes' in line])"
    assert run(shared_box, code).text == f"['{SMALL.processes}']\n"


@pytest.mark.slow
def test_it_has_terminals_of_its_own():
    with sandboxes(2) as (one, other):
        run(one, "import os; os.chmod('/dev/pts/ptmx', 0)")
        assert run(other, "import os; print(len(os.openpty()))").text == "2\n"


def test_it_holds_no_descriptor_but_its_own(shared_box):
    text = run(
        shared_box,
        """
        import os
        held = [os.path.realpath(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")]
        print(sorted(os.path.basename(place).partition(":")[0] for place in held))
        """,
    ).text
    # The null device, the pipe for its output twice, the socket, and the folder that is listed.
    assert eval(text)[1:] == ["null", "pipe", "pipe", "socket"], text


def test_its_environment_is_cleared(shared_box):
    text = run(shared_box, "import os; print(sorted(os.environ))").text
    known = {"HOME", "PATH", "LANG", "USER", "IPYTHONDIR", "MPLCONFIGDIR", "MPLBACKEND", "PWD"}
    known |= {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"}
    assert set(eval(text)) <= known | {"NBGRADER_EXECUTION", "LC_CTYPE"}


def test_it_sees_nothing_of_the_course_nor_of_a_home(shared_box):
    places = [
        COURSE / name
        for name in ("solutions", "autograder", "course", "evidence", "tests", "build", ".git")
    ]
    places += [Path.home() / name for name in os.listdir(Path.home()) if name != ".pyenv"]
    places += [Path("/var"), Path("/etc/passwd"), Path("/etc/shadow"), Path("/run"), Path("/sys")]
    text = run(
        shared_box,
        f"import os\nprint([p for p in {[str(p) for p in places]} if os.path.exists(p)])",
    ).text
    assert text == "[]\n"


def test_a_withheld_package_can_be_imported_and_says_so_when_it_is_used(shared_box):
    text = run(
        shared_box,
        """
        import keras, tensorflow as tf
        from keras import layers
        try:
            layers.LSTM(3)
        except AttributeError as error:
            print(error)
        """,
    ).text
    assert text.startswith("keras.layers is not there when your own code is graded")


def test_the_files_of_a_withheld_package_are_not_there(shared_box):
    folders = [Path(path) for path in sys.path if path.endswith("site-packages")]
    names = [str(f / n) for f in folders for n in ("keras", "tensorflow") if (f / n).is_dir()]
    assert names
    assert run(shared_box, f"import os\nprint([os.listdir(n) for n in {names}])").text == (
        f"{[[] for _ in names]}\n"
    )


# What it can write and do

WRITING = """
import os
places, full = ["/"], []
for folder, folders, _ in os.walk("/"):
    if folder.count("/") > 3 or folder in ("/proc", "/usr/share"):
        folders.clear()
    places.append(folder)
places += {more}
for place in dict.fromkeys(places):
    path = os.path.join(place, "written")
    try:
        with open(path, "wb") as file:
            file.write(bytes(1 << 16))
        os.remove(path)
        full.append(place)
    except OSError:
        pass
print(*[place for place in full if not place.startswith(("/home/learner", "/tmp"))])
"""


def test_it_can_write_to_its_scratch_folders_only(shared_box):
    folders = [Path(path) for path in sys.path if path.endswith("site-packages")]
    more = [str(f / name) for f in folders for name in ("", "keras", "tensorflow", "numpy")]
    more += [sys.prefix, sys.base_prefix, "/opt/grader/inside"]
    assert run(shared_box, WRITING.replace("{more}", repr(more))).text.split() == ["/dev/shm"]


def test_what_is_read_only_cannot_be_made_writable(shared_box):
    text = run(
        shared_box,
        """
        import os, subprocess
        for command in ("chmod 777 /usr /opt/grader", "mount -o remount,rw /", "umount /usr",
                        "unshare -Urm true", "unshare -Ur true"):
            print(subprocess.run(command, shell=True, capture_output=True).returncode != 0)
        """,
    ).text
    assert text.split() == ["True"] * 5


def test_there_is_no_memory_outside_of_processes_and_scratch_folders(shared_box):
    """Nameless files and System V's shared memory would escape the limit of memory."""
    text = run(
        shared_box,
        """
        import ctypes, os
        try:
            os.memfd_create("x")
        except PermissionError as error:
            print(error.strerror)
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.shmget(0, 4096, 0o1600), libc.msgget(0, 0o1600), libc.semget(0, 9, 0o1600))
        print(libc.setxattr(b".", b"user.x", b"x", 1, 0))
        """,
    ).text
    assert text == "Operation not permitted\n-1 -1 -1\n-1\n"


def test_sockets_reach_no_host_of_a_virtual_machine(shared_box):
    code = "import socket; socket.socket().close(); socket.socket(socket.AF_VSOCK)"
    assert "Operation not permitted" in run(shared_box, code).text


ALTERNATIVES = Path("/etc/alternatives/awk")  # where Debian decides which program a name means


@pytest.mark.skipif(not ALTERNATIVES.exists(), reason=f"there is no {ALTERNATIVES}")
def test_a_program_among_debians_alternatives_works(shared_box):
    assert run(shared_box, "!awk 'BEGIN {print 6 * 7}'").text.strip() == "42"


def test_thousands_of_short_cells_do_not_cost_a_look_at_all_processes_each(shared_box, monkeypatch):
    looks = []
    monkeypatch.setattr(shared_box._process, "memory", lambda: looks.append(1) or 0)
    monkeypatch.setattr("autograder.sandbox.sandbox.BRIEF", PATIENCE)  # however slow this machine
    begin = time.monotonic()
    for _ in range(300):
        run(shared_box, "pass")
    assert len(looks) <= 1 + (time.monotonic() - begin) / TICK


def test_the_shared_memory_folder_is_small(shared_box):
    code = "with open('/dev/shm/x', 'wb') as f: f.write(bytes(2 << 20))"
    assert "No space left on device" in run(shared_box, code).text
    run(shared_box, "import os; os.remove('/dev/shm/x')")


def test_what_learners_use_still_works(shared_box):
    text = run(
        shared_box,
        """
        import multiprocessing, subprocess, tempfile, threading
        thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
        with multiprocessing.Pool(2) as pool:
            print(pool.map(abs, [-1, -2]))
        print(subprocess.run(["echo", "program"], capture_output=True, text=True).stdout.strip())
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("x")
        !echo shell
        """,
    ).text
    assert text.splitlines() == ["thread", "[1, 2]", "program", "shell"]


# Its limits


@dataclass
class Limit:
    """A limit, code just under it, code just over it, and what the message then says."""

    limits: dict
    under: str
    over: str
    says: str


HOLD = """
def hold(mb):
    global held
    held = b"x" * (mb << 20)
"""
SHARED = """
import mmap
def shared(mb):
    global held
    held = mmap.mmap(-1, mb << 20)
    for start in range(0, mb << 20, 4 << 20):
        held[start : start + (4 << 20)] = bytes(4 << 20)
        held.madvise(mmap.MADV_DONTNEED, start, 4 << 20)  # resident in no process
"""
CHILDREN = """
import os, time
def children(count, mb):
    for _ in range(count):
        read, write = os.pipe()
        if not os.fork():
            held = b"x" * (mb << 20)
            os.write(write, b"1")
            time.sleep(100)
        os.read(read, 1)
    begin = time.monotonic()
    while time.monotonic() < begin + 0.5: pass
"""
THREADS = """
import threading
def threads(count):
    end = threading.Event()
    try:
        for _ in range(count):
            threading.Thread(target=end.wait).start()
    finally:
        end.set()
"""
FORKS = """
import os, signal
def forks(count):
    children = []
    try:
        for _ in range(count):
            children.append(os.fork())
            if not children[-1]:
                signal.pause()
    finally:
        for child in children:
            os.kill(child, 9)
            os.wait()
"""
FILES = """
def files(*sizes):
    for number, size in enumerate(sizes):
        with open(f"file{number}", "wb") as file:
            file.write(bytes(int(size * (1 << 20))))
"""
LIMITS = {
    "cpu_seconds": Limit(
        {"cpu_seconds": 2},
        "import time\nwhile time.process_time() < 1.5: pass",
        "while True: pass",
        "your code used more than 2 s of CPU time",
    ),
    "memory_mb of one process": Limit(
        {"memory_mb": 300},
        f"{HOLD}\nhold(180)",
        f"{HOLD}\nhold(400)\nwhile True: pass",
        "your code used more than 300 MB of memory",
    ),
    "memory_mb of several processes": Limit(
        {"memory_mb": 500},
        f"{CHILDREN}\nchildren(2, 100)",
        f"{CHILDREN}\nchildren(4, 150)",
        "your code used more than 500 MB of memory",
    ),
    "memory_mb of shared memory": Limit(
        {"memory_mb": 300, "file_mb": 1000},
        f"{SHARED}\nshared(152)",
        f"{SHARED}\nshared(400)",
        "your code used more than 300 MB of memory",
    ),
    "memory_mb at once": Limit(
        {"memory_mb": 300},
        "x = bytearray(200 << 20)",
        "x = bytearray(900 << 20)",
        "(your code may use 300 MB of memory)",
    ),
    "processes, as threads": Limit(
        {"processes": 24},
        f"{THREADS}\nthreads(16)",
        f"{THREADS}\nthreads(24)",
        "(your code may have 24 processes and threads at once)",
    ),
    "processes": Limit(
        {"processes": 24, "memory_mb": 2048},  # memory that processes share counts for each
        f"{FORKS}\nforks(16)",
        f"{FORKS}\nforks(24)",
        "(your code may have 24 processes and threads at once)",
    ),
    "output_kb": Limit(
        {"output_kb": 64},
        "print('x' * 63_000)",
        "print('x' * 65_500)",
        "this cell showed more than 64 KB of output",
    ),
    "output_kb of a program": Limit(
        {"output_kb": 64},
        "import os; os.system('head -c 60000 /dev/zero | tr \"\\\\0\" x')",
        "import os; os.system('yes')",
        "this cell showed more than 64 KB of output",
    ),
    "file_mb": Limit(
        {"file_mb": 4}, f"{FILES}\nfiles(4)", f"{FILES}\nfiles(4.1)", "(a file may have 4 MB)"
    ),
    "scratch_mb": Limit(
        {"scratch_mb": 8},
        f"{FILES}\nfiles(3.9, 3.9)",
        f"{FILES}\nfiles(3.9, 3.9, 0.3)",
        "(the folder is full: your files may have 8 MB in all)",
    ),
}


SLOW = {
    "cpu_seconds",
    "memory_mb of one process",
    "memory_mb of several processes",
    "memory_mb of shared memory",
    "output_kb of a program",
}
"""The limits that take more than a second to reach."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(limit, id=name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name, limit in LIMITS.items()
    ],
)
def test_limit(limit):
    for code in (limit.under, limit.over):
        with sandbox(Limits(**{**vars(SMALL), **limit.limits})) as box:
            ran = run(box, code)
        if code is limit.under:
            assert (ran.stopped, [o for o in ran.outputs if "ename" in o]) == ("", [])
        else:
            assert limit.says in ran.stopped + ran.text


@pytest.fixture(scope="module")
def notebook():
    with executor() as function:
        yield function


@pytest.mark.slow
def test_limit_cell_seconds(notebook):
    outcome = notebook(
        learner("import time; time.sleep(0.3)"),
        learner("while True: pass"),
        learner("print('next')"),
        limits=Limits(cell_seconds=3),
    )
    assert [bool(outcome.errors(n)) for n in range(3)] == [False, True, False]
    assert "This cell ran too long and was stopped" in outcome.errors(1)


@pytest.mark.slow
def test_limit_notebook_seconds(notebook):
    outcome = notebook(
        learner("import time; time.sleep(0.3)"),
        learner("while True: pass"),
        learner("print('next')"),
        check("assert 1 == 1"),
        limits=Limits(cell_seconds=60, notebook_seconds=3.5),
    )
    assert outcome.errors(0) == ""
    assert "ran too long" in outcome.errors(1)
    assert "The notebook ran longer than 3.5 s in all" in outcome.errors(2)
    assert outcome.executed.notes == [
        "the notebook ran longer than 3.5 s in all, so the rest was not run"
    ]


def test_limit_message_mb(notebook):
    outcome = notebook(
        learner("def f(kb): return bytes(kb << 10)"),
        check("assert len(f(1000)) == 1000 << 10"),
        check("f(1025)"),
        limits=SMALL,
    )
    assert outcome.errors(1) == ""
    assert "the result is too large: 1 MB" in outcome.errors(2)


ELSEWHERE = {"notebook_output_kb", "withheld"}
"""The fields of `Limits` whose tests are in tests/autograder/judge/test_execution.py."""


def test_every_limit_has_a_test():
    tested = {re.match(r"\w+", name)[0] for name in LIMITS}
    tested |= {name.removeprefix("test_limit_") for name in globals()}
    untested = {each.name for each in fields(Limits)} - tested - ELSEWHERE
    assert untested == set(), "LIMITS has no pair for it, and there is no test_limit_<name>"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("bytearray(3 << 30)", "(your code may use 1024 MB of memory)"),
        (f"{THREADS}\nthreads(30)", "(your code may have 24 processes and threads at once)"),
        (f"{FORKS}\nforks(30)", "(your code may have 24 processes and threads at once)"),
        (f"{FILES}\nfiles(5)", "(a file may have 4 MB)"),
        (f"{FILES}\nfiles(4, 4, 4)", "(the folder is full: your files may have 8 MB in all)"),
    ],
    ids=["memory", "threads", "processes", "file", "scratch"],
)
def test_a_limit_that_a_call_meets_is_named_in_its_exception(notebook, code, says):
    body = textwrap.indent(code, "    ")
    limits = Limits(**{**vars(SMALL), "memory_mb": 1024})
    outcome = notebook(learner(f"def f():\n{body}"), check("f()"), limits=limits)
    assert says in outcome.errors()


GROW = """
import threading, time
def grow():
    for _ in range(8):
        kept.append(bytearray(b"x" * (50 << 20)))
        time.sleep(0.1)
kept = []
threading.Thread(target=grow).start()
"""


@pytest.mark.slow
def test_memory_is_watched_while_nobody_asks_for_anything():
    limits = replace(SMALL, memory_mb=250)
    with sandbox(limits) as box:
        run(box, GROW)
        until(lambda: not psutil.pid_exists(box._pid))
        assert "used more than 250 MB of memory" in run(box, "1").stopped


@pytest.mark.slow
def test_a_cell_answers_for_the_memory_of_the_processes_that_it_leaves():
    """Otherwise it would depend on chance which later cell is charged for them."""
    code = """
    import os, time
    held = b"x" * (120 << 20)
    for _ in range(3):
        if os.fork() == 0:
            time.sleep(60)
    """
    with sandbox(Limits(**{**vars(SMALL), "memory_mb": 300})) as box:
        assert run(box, code).stopped == "your code used more than 300 MB of memory"


@pytest.mark.slow
@pytest.mark.parametrize("lists", [True, False], ids=["kernel lists", "all are looked at"])
def test_the_memory_is_that_of_all_descendants(lists, monkeypatch):
    monkeypatch.setattr(descendants, "LISTS", lists)
    code = """
    import os, time
    read, write = os.pipe()
    if os.fork() == 0:
        if os.fork() == 0:
            held = b"x" * (150 << 20)
            os.write(write, b"1")
        time.sleep(60)
    os.read(read, 1)
    """
    with sandbox(Limits(**{**vars(SMALL), "memory_mb": 1000})) as box:
        run(box, code)
        assert box._process.memory() > 200 << 20  # the grandchild's, too


@pytest.mark.slow
def test_a_name_that_is_no_text_does_not_disturb_the_look_at_the_memory(shared_box):
    code = """
    import mmap, os, time
    with open(b"\\xff", "w+b") as file:
        file.write(bytes(4096))
        file.flush()
        held = mmap.mmap(file.fileno(), 4096)
    time.sleep(0.5)
    """
    assert run(shared_box, code) == Ran()


def test_the_limits_of_a_process_cannot_be_raised(shared_box):
    text = run(
        shared_box,
        """
        import resource
        for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
            try:
                resource.setrlimit(getattr(resource, name), (-1, -1))
            except ValueError:
                print("no")
        """,
    ).text
    assert text.split() == ["no"] * 5


# Its end

DAEMON = """
import os, sys
def daemon(seconds):
    read, write = os.pipe()  # closed by exec
    if os.fork():
        os.close(write)
        os.read(read, 1)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    for descriptor in range(60):
        if descriptor != write:
            try: os.close(descriptor)
            except OSError: pass
    os.execv("/usr/bin/sleep", ["sleep", seconds])
"""
ENDS = {
    "closing": "",
    "an exit": "import os; os._exit(0)",
    "a signal": "import os; os.kill(os.getpid(), 9)",
    "a swallowed interrupt": """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: pass  # except for a SIGKILL
""",
    "too much memory": f"{HOLD}\nhold(700)\nwhile True: pass",
    "too much output": """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: print("x" * 5000)
""",
    "CPU time": "import time\nwhile time.process_time() < 9: pass",
    "a forged message": (
        "import gc, inside.responder as l\n"
        "me = next(o for o in gc.get_objects() if isinstance(o, l.Responder))\n"
        "me.connection.sendall(bytes(100))"
    ),
    "a message without an end": (
        "import gc, inside.responder as l\n"
        "me = next(o for o in gc.get_objects() if isinstance(o, l.Responder))\n"
        "me.connection.sendall(b'\\xff' * 16)"
    ),
}


def sleeping(seconds: str) -> list[int]:
    """Find the processes that sleep this long: a number that no other test takes."""
    pids = []
    for process in psutil.process_iter(["cmdline"]):
        if process.info["cmdline"] == ["sleep", seconds]:
            pids.append(process.pid)
    return pids


@pytest.mark.slow
@pytest.mark.parametrize("code", ENDS.values(), ids=ENDS)
def test_no_process_is_left_after(code):
    seconds = f"{1000 + os.getpid()}.{list(ENDS.values()).index(code)}"
    limits = {**vars(SMALL), "memory_mb": 600, "cpu_seconds": 2 if "process_time" in code else 60}
    with sandbox(Limits(**limits)) as box:
        run(box, f"{DAEMON}\ndaemon('{seconds}')")
        assert len(until(lambda: sleeping(seconds))) == 1
        if code:
            assert run(box, code, 0.5 if "except" in code else PATIENCE).stopped
        else:
            box.close()
        assert sleeping(seconds) == []


@pytest.mark.slow
def test_a_sandbox_ends_with_the_process_that_started_it():
    program = (
        "from autograder.sandbox.bubblewrap import ForkServer; import os, psutil\n"
        "from autograder.sandbox.limits import Limits\n"
        "from autograder.sandbox.sandbox import Sandbox\n"
        "box = Sandbox(Limits(), ForkServer(Limits()))\n"
        "box.request({'do': 'listed'}, 20)\n"
        "started = psutil.Process().children(recursive=True)\n"
        "print(*(each.pid for each in started), flush=True); os.kill(os.getpid(), 9)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=COURSE, capture_output=True)
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) >= 4
    until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


A_JOB = Job((), limits=SMALL)


def server_of(kept: Supply) -> psutil.Process:
    return psutil.Process(kept._server._process.pid)


@pytest.mark.slow
def test_a_server_that_died_costs_its_sandboxes_only():
    with Supply() as kept:
        kept.prepare(A_JOB)
        with kept.take(A_JOB) as lost:
            assert run(lost, "print(1)").text == "1\n"
            server = server_of(kept)
            below = server.children(recursive=True)
            server.kill()
            assert ended(below)
            assert "ended its own process" in run(lost, "print(2)").stopped
        kept.prepare(A_JOB)
        with kept.take(A_JOB) as box:
            assert run(box, "print(3)").text == "3\n"


@pytest.mark.slow
def test_it_is_recognised_even_while_the_process_that_unshared_its_namespaces_ends(monkeypatch):
    look, looks = psutil.Process.parents, []

    def end_meanwhile(process):
        looks.append(process.pid)
        return look(process)[: 1 if len(looks) == 1 else None]

    monkeypatch.setattr(psutil.Process, "parents", end_meanwhile)
    with sandbox() as box:
        assert run(box, "print(1)").text == "1\n"
    assert len(looks) == 2


# Where it cannot be made


def test_without_bubblewrap_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match=r"bubblewrap is not installed.*--no-sandbox"):
        ForkServer(SMALL)


def test_where_namespaces_are_refused_it_says_how_to_allow_them(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    message = (
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow"
    )
    refusing.write_text(f"#!/bin/sh\necho '{message}' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable, match=r"No permissions.*\n.*userns.*--no-sandbox"):
        Sandbox(SMALL, ForkServer(SMALL)).request({"do": "listed"}, PATIENCE)


@pytest.mark.slow
def test_without_a_sandbox_the_limits_of_a_process_hold():
    with Sandbox(SMALL, None) as box:
        assert run(box, "print('hello')").text == "hello\n"
        assert "(your code may use 512 MB of memory)" in run(box, "bytearray(3 << 30)").text
        folder = run(box, "import os; print(os.getcwd())").text.strip()
    assert not os.path.exists(folder)


# Who starts it


@pytest.fixture(scope="module")
def for_all():
    """A course and a Python that every user can read, with the packages that a sandbox needs."""
    with tempfile.TemporaryDirectory(prefix="for-all-") as name:
        folder = pythons.course(Path(name))
        folder.chmod(0o755)
        pythons.environment(folder / "venv", pythons.base(folder / "base"))
        yield folder


AS_A_USER = """
import os
from autograder.sandbox import descendants
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
limits, shown = Limits(processes=24, memory_mb=512, withheld=("keras",)), []
server = ForkServer(limits)
box = Sandbox(limits, server)
code = '''
import os, threading
import numpy as np
print(os.getuid(), os.readlink("/proc/self/ns/user"), os.path.exists("/etc/passwd"))
withheld = np.__file__.replace("numpy/__init__.py", "keras")
for place in ("/usr", "/", "/dev", "/opt", "/etc", withheld):
    try:
        if place == withheld: os.chmod(place, 0o777)
        open(f"{place}/x", "w")
    except OSError as error: print(error.strerror)
try:
    for _ in range(40): threading.Thread(target=threading.Event().wait, daemon=True).start()
except RuntimeError as error: print(error)
try: os.memfd_create("x")
except OSError as error: print(error.strerror)
'''
box.request({"do": "cell", "source": code}, 20, shown.append)
box.close()
server.close()
print(os.getuid(), os.readlink("/proc/self/ns/user"))
print("".join(each.get("text", str(each)) for each in shown))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_an_ordinary_user_can_start_it(for_all):
    ran = subprocess.run(
        [for_all / "venv" / "bin" / "python", "-c", AS_A_USER],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd=for_all,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    outside, inside, *more = ran.stdout.splitlines()
    assert outside.split()[0] == "65534"
    assert inside.split()[::2] == ["1000", "False"]
    assert inside.split()[1] != outside.split()[1]
    assert more[:6] == ["Read-only file system"] * 6
    assert more[6:8] == ["can't start new thread", "Operation not permitted"]
