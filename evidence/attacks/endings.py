"""Attacks on the machine: ends, loops, forks, floods, and processes that stay."""

from evidence.attacks.asserts import attack
from evidence.attacks.attack import answer, first

EXITS = "exits, signals, stops, swallowed interrupts"
LOOPS = "endless loops"
FORKS = "fork bombs"
FLOODS = "floods of memory, disk and output"
DAEMONS = "daemons that outlive the cell"

TOO_LONG = "ran too long"
FOREVER = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

ATTACKS = [
    attack(
        "exit",
        EXITS,
        "raises SystemExit in a test",
        answer("unit", "def unit(x):\n    raise SystemExit(0)"),
    ),
    attack(
        "end-of-the-process",
        EXITS,
        "ends its process in a cell, before any test",
        first("import os\nos._exit(0)"),
        says="ended its own process",
    ),
    attack(
        "end-in-a-test",
        EXITS,
        "ends its process with success during a test",
        answer("count_positive", "import os\ndef count_positive(x):\n    os._exit(0)"),
        says="ended its own process",
    ),
    attack(
        "kills-itself",
        EXITS,
        "kills its own process",
        first("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        says="SIGKILL",
        deadly=True,
    ),
    attack(
        "crash",
        EXITS,
        "crashes the interpreter",
        first("import ctypes\nctypes.string_at(0)"),
        says="SIGSEGV",
    ),
    attack(
        "kills-the-grader",
        EXITS,
        "kills its parent process, and the parent's",
        first("""
import os, signal
parent = os.getppid()
try:
    with open(f"/proc/{parent}/stat") as file:
        above = int(file.read().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    if above > 1:
        os.kill(above, signal.SIGKILL)
except OSError as error:
    print(error)
"""),
        says="",
        deadly=True,
    ),
    attack(
        "kills-everybody",
        EXITS,
        "kills every process that it may",
        first("import os, signal\nos.kill(-1, signal.SIGKILL)"),
        says="",
        deadly=True,
    ),
    attack(
        "stops-itself",
        EXITS,
        "stops its process, so that it neither answers nor ends",
        first("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
        says=TOO_LONG,
        deadly=True,
    ),
    attack(
        "swallows-interrupts",
        EXITS,
        "loops for ever and catches every interrupt",
        first(FOREVER),
        says=TOO_LONG,
        deadly=True,
    ),
    attack(
        "ignores-interrupts",
        EXITS,
        "ignores the signal of an interrupt, and loops for ever",
        first("""
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass
"""),
        says=TOO_LONG,
        deadly=True,
    ),
    attack(
        "raises-interrupt",
        EXITS,
        "raises the interrupt that the grader would send",
        answer("count_positive", "def count_positive(x):\n    raise KeyboardInterrupt"),
        says="KeyboardInterrupt",
    ),
    attack(
        "closes-everything",
        EXITS,
        "closes all its files and sockets",
        first("import os\nos.closerange(0, 400)"),
        says="",
        deadly=True,
    ),
    attack(
        "loop",
        LOOPS,
        "never ends in a cell",
        first("while True:\n    pass"),
        says=TOO_LONG,
    ),
    attack(
        "loop-in-a-test",
        LOOPS,
        "never returns from a function that a test calls",
        answer("unit", "def unit(x):\n    while True:\n        pass"),
        says="Does a loop never end?",
    ),
    attack(
        "loop-in-c",
        LOOPS,
        "computes for ever in C, where Python handles no signal",
        first("10 ** (10 ** 9)"),
        says=TOO_LONG,
        deadly=True,
    ),
    attack(
        "sleeps",
        LOOPS,
        "sleeps for ever in a function that a test calls",
        answer("unit", "import time\ndef unit(x):\n    time.sleep(1e6)"),
        says="Does a loop never end?",
    ),
    attack(
        "waits-for-input",
        LOOPS,
        "waits for somebody to type",
        first("input('your password? ')"),
        says="",
    ),
    attack(
        "endless-generator",
        LOOPS,
        "returns an endless generator",
        answer("unit", "import itertools\ndef unit(x):\n    return itertools.count()"),
    ),
    attack(
        "endless-recursion",
        LOOPS,
        "calls itself without end, past the recursion limit",
        answer(
            "unit",
            "import sys\nsys.setrecursionlimit(10 ** 9)\ndef unit(x):\n    return unit(repr(x))",
        ),
        says="",
        deadly=True,
    ),
    attack(
        "fork-bomb",
        FORKS,
        "forks without end",
        first("""
import os, time
for number in range(100):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
print("{} the limit".format("past"))
"""),
        says="Resource temporarily unavailable|MB of memory",
        deadly=True,
    ),
    attack(
        "shell-bomb",
        FORKS,
        "has a shell start more and more shells",
        first("""
import subprocess
text = "for i in $(seq 100); do sleep 60 >/dev/null 2>&1 & done; echo $i started"
done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, timeout=1.5)
print("past the" + " limit" if "100 started" in done.stdout else done.stderr)
"""),
        says="[Cc]annot fork",
        deadly=True,
    ),
    attack(
        "threads",
        FORKS,
        "starts threads without end",
        first("""
import threading, time
for number in range(100):
    threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
print("past the" + " limit")
"""),
        says="can't start new thread",
        deadly=True,
    ),
    attack(
        "memory-at-once",
        FLOODS,
        "takes more memory than there is to take",
        first("""
taken = bytearray(1_500_000_000)
print("past the" + " limit")
"""),
        says="MemoryError",
        deadly=True,
    ),
    attack(
        "memory-of-many",
        FLOODS,
        "takes memory in several processes, each below a process's limit",
        first("""
import os, time
children = []
for number in range(4):
    child = os.fork()
    if child == 0:
        taken = b"x" * 250_000_000
        time.sleep(1.2)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
print("past the" + " limit")
"""),
        says="MB of memory",
        deadly=True,
    ),
    attack(
        "one-large-file",
        FLOODS,
        "writes one very large file",
        first("""
with open("large.bin", "wb") as file:
    for number in range(30):
        file.write(bytes(1 << 20))
        file.flush()
print("past the" + " limit")
"""),
        says="File too large",
        deadly=True,
    ),
    attack(
        "many-files",
        FLOODS,
        "fills the disk with files, each of which is small enough",
        first("""
for number in range(30):
    with open(f"{number}.bin", "wb") as file:
        file.write(bytes(2 << 20))
print("past the" + " limit")
"""),
        says="No space left on device",
        deadly=True,
    ),
    attack(
        "shared-memory",
        FLOODS,
        "fills /dev/shm, which is memory",
        first("""
for number in range(20):
    with open(f"/dev/shm/{number}.bin", "wb") as file:
        file.write(bytes(2 << 20))
print("past the" + " limit")
"""),
        says="No space left on device",
        deadly=True,
    ),
    attack(
        "asynchronous-io",
        FLOODS,
        "takes events of asynchronous I/O, of which the whole machine has 65,536",
        first("""
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
io_setup = {"x86_64": 206, "aarch64": 0}[platform.machine()]
for number in range(10):
    if libc.syscall(io_setup, 100, ctypes.byref(ctypes.c_ulong(0))) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
print("past the" + " limit")
"""),
        says="Operation not permitted",
    ),
    attack(
        "output-flood",
        FLOODS,
        "prints without end",
        first("""
for number in range(100_000):
    print("x" * 100)
print("past the" + " limit")
"""),
        says="KB of output",
        deadly=True,
    ),
    attack(
        "talkative-cells",
        FLOODS,
        "shows in each of 300 cells as much as one cell may",
        *(first("print('x' * 60_000)") for _ in range(300)),
    ),
    attack(
        "one-long-line",
        FLOODS,
        "prints one line of five million characters",
        first("print('x' * 5_000_000)\nprint('past the' + ' limit')"),
        says="KB of output",
        deadly=True,
    ),
    attack(
        "raw-output-flood",
        FLOODS,
        "writes to standard output, past Python's streams",
        first("""
import os
for number in range(100_000):
    os.write(1, b"x" * 100)
"""),
        says="KB of output",
        deadly=True,
    ),
    attack(
        "long-message",
        FLOODS,
        "raises an error with a message of three million characters",
        answer("unit", "def unit(x):\n    raise ValueError('x' * 3_000_000)"),
        says="",
    ),
    attack(
        "long-name",
        FLOODS,
        "gives a function a name of three million characters",
        answer("unit", "def unit(x):\n    return x\n\nunit.__name__ = 'x' * 3_000_000"),
        says="",
    ),
    attack(
        "large-result",
        FLOODS,
        "returns a result of many megabytes",
        answer("unit", "def unit(x):\n    return np.zeros(5_000_000)"),
        says="",
    ),
    attack(
        "daemon",
        DAEMONS,
        "leaves a process in a session of its own that sleeps",
        first("""
import subprocess
subprocess.Popen(["sleep", "300"], start_new_session=True)
"""),
        deadly=True,
    ),
    attack(
        "orphan",
        DAEMONS,
        "forks twice, closes all files and goes on without its parent",
        first("""
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 400)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(300)
    os._exit(0)
"""),
        deadly=True,
    ),
    attack(
        "late-writer",
        DAEMONS,
        "leaves a process that waits until the grading is over, and then writes",
        first("""
import subprocess, sys
code = '''
import time
for _ in range(300):
    time.sleep(0.1)
    try:
        open("@COURSE@/build/class/submitted/perfect-a/vectors/by-daemon.txt", "w").write("late")
    except OSError:
        pass
'''
subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
"""),
        deadly=True,
    ),
    attack(
        "thread-that-stays",
        DAEMONS,
        "leaves a thread that looks for hidden tests while later cells run",
        first("""
import gc, threading, time
def look():
    for _ in range(50):
        time.sleep(0.05)
        for cell in globals().get("In", ()):
            if "canary" + "-of" in cell:
                print(cell)
                return
threading.Thread(target=look).start()
"""),
    ),
]
