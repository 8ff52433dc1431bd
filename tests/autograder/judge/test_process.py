"""Each notebook has a judge of its own, and nothing that happens in it affects another."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from unittest.mock import Mock

import psutil
import pytest

from autograder.judge import process
from autograder.judge.job import Cell, Job
from autograder.judge.pool import PROGRAM, JudgeFailed, JudgePool, JudgeUnavailable
from autograder.sandbox.limits import Limits
from tests.autograder.processes import (
    PATIENCE,
    command_line,
    cpu_seconds,
    descendants,
    ended,
    runs,
    until,
)

pytestmark = pytest.mark.slow

SLEEPING = "def f(x):\n    import subprocess\n    subprocess.run(['sleep', '999'])"


def job(test, learner="def f(x): return 2 * x", seconds=20, **further):
    """Make a job with one test cell."""
    cells = Cell("learner", learner), Cell("test", test, test, "q")
    return Job(cells, ("f",), limits=Limits(cell_seconds=seconds), **further)


def passed(judges, test, **further) -> bool:
    executed = judges.execute(job(test, **further))
    assert executed.diagnoses["q"] in ("", "error")
    return executed.diagnoses["q"] == ""


# What an instructor's cell patches, and how the next notebook would notice

PATCHES = {
    "a function of a library": (
        "import numpy as np; np.mean = lambda a: 0",
        "import numpy as np; assert np.mean([4]) == 4",
    ),
    "a built-in function": (
        "import builtins; builtins.abs = lambda a: 0",
        "assert abs(-4) == 4",
    ),
    "a variable of the environment": (
        "import os; os.environ['SHELL'] = 'mine'; del os.environ['PATH']",
        "import os; assert os.environ.get('SHELL') != 'mine' and os.environ['PATH']",
    ),
    "the recursion limit": (
        "import sys; sys.setrecursionlimit(150)",
        "import sys; assert sys.getrecursionlimit() >= 1000",
    ),
    "print options": (
        "import numpy as np; np.set_printoptions(precision=1)",
        "import numpy as np; assert str(np.array([1.25])) == '[1.25]'",
    ),
    "the random numbers' state": (
        "import numpy as np; np.random.seed(0)",
        "import numpy as np; assert np.random.random() != 0.5488135039273248",
    ),
    "the module of a name": (
        "import sys; sys.modules['json'] = None",
        "import json; json.dumps(1)",
    ),
    "a handler of signals": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "import signal; assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN",
    ),
    "a context that nobody leaves": (
        "from unittest.mock import patch; patch('json.dumps').start()",
        "import json; assert json.dumps(1) == '1'",
    ),
    "a working folder": ("import os; os.chdir('/')", "import os; assert os.getcwd() != '/'"),
    "a limit of its own process": (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))",
        "import resource; assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 30",
    ),
}


@pytest.mark.parametrize(("patch", "probe"), PATCHES.values(), ids=PATCHES)
def test_what_one_notebooks_cell_patches_the_next_one_does_not_meet(small_judges, patch, probe):
    assert passed(small_judges, patch)
    assert passed(small_judges, probe)


def only(judges) -> subprocess.Popen:
    """Return the process that the judges come from."""
    (source,) = judges._running
    return source


CRASH = "import ctypes; ctypes.string_at(0)"


def test_a_judge_that_crashes_takes_nobody_along(small_judges):
    before = only(small_judges).pid
    with pytest.raises(JudgeFailed, match="3 judges died"):
        small_judges.execute(job(CRASH))
    assert passed(small_judges, "assert f(2) == 4")
    assert only(small_judges).pid == before


def test_a_judge_cannot_take_the_memory_of_the_machine(small_judges):
    """A small result makes much where a test lets NumPy broadcast it."""
    much = "import numpy as np; np.ones((f(1) * 500_000, 1)) * np.ones(10_000)"  # 80 GB
    rows = "import numpy as np; kept = [np.ones(2**24) for _ in range(f(20))]"  # 5 GB
    for test in (much, rows):
        executed = small_judges.execute(job(test))
        assert executed.diagnoses == {"q": "error"}
        assert executed.outputs[1][-1]["ename"].endswith("MemoryError")
    assert passed(small_judges, "import numpy as np; assert np.ones(f(2**26)).size == 2**27")


def test_a_crash_leaves_no_sandbox_behind(small_judges):
    test = f"import threading, time\nthreading.Timer(1, lambda: exec('{CRASH}')).start()\nf(1)"
    with pytest.raises(JudgeFailed):
        small_judges.execute(job(test, SLEEPING))
    until(lambda: not runs(only(small_judges).pid, "sleep"))


BUSY = "sum(range(10 ** 12))"  # in C code, which nothing in Python interrupts


def computing(judges) -> list[psutil.Process]:
    """List the judges that compute; their command line is that of the process they come from."""
    below = descendants(only(judges).pid)
    return [each for each in below if PROGRAM in command_line(each) and cpu_seconds(each) > 1]


def busy_judge(judges) -> psutil.Process:
    """Wait until a judge computes, and return it."""
    return until(lambda: computing(judges))[0]


def test_a_judge_in_c_code_ends_with_the_process_that_it_came_from(small_course):
    with JudgePool(1, small_course) as judges, ThreadPoolExecutor(1) as pool:
        future = pool.submit(judges.execute, job(BUSY))
        judge = busy_judge(judges)
        only(judges).kill()
        assert ended([judge])
        judge = busy_judge(judges)  # the job's next judge
        judges.close()
        assert ended([judge])
        with pytest.raises((OSError, JudgeFailed)):
            future.result(PATIENCE)


def test_a_judge_ends_when_nobody_waits_for_its_answer(small_judges):
    client = socket.socket(socket.AF_UNIX)
    client.connect(small_judges.address)
    with Connection(client.detach()) as connection:
        connection.send(job(BUSY))
        judge = busy_judge(small_judges)
    assert ended([judge])
    assert passed(small_judges, "assert f(2) == 4")


def test_a_judge_in_c_code_is_ended_after_all_time_that_it_could_need(small_judges):
    limits = Limits(cell_seconds=1, notebook_seconds=1)
    cells = (Cell("test", BUSY, BUSY, "q"),)
    begin = time.monotonic()
    with pytest.raises(JudgeFailed, match="had not ended after 31 s"):
        small_judges.execute(Job(cells, limits=limits))
    assert time.monotonic() - begin < 60


def test_an_overdue_judge_is_ended_even_if_who_waited_goes_at_that_moment(monkeypatch):
    judge = os.posix_spawnp("sleep", ["sleep", "999"], os.environ)
    silent, other_end = socket.socketpair()
    with silent, other_end:
        monkeypatch.setattr(process, "STDIN", silent.fileno())
        gone = Mock(fileno=silent.fileno, send=Mock(side_effect=BrokenPipeError))
        assert process._wait(judge, gone, 0) == -signal.SIGKILL


def test_what_takes_seconds_to_import_is_imported_once_and_only_where_it_is_needed(
    small_course, tmp_path
):
    imports = tmp_path / "imports"
    (small_course / "torch.py").write_text(f"open({str(imports)!r}, 'a').write('x')\nanswer = 4\n")
    try:
        with JudgePool(1, small_course) as judges:
            assert passed(judges, "assert f(2) == 4")
            assert not imports.exists()
            for _ in range(3):
                assert passed(judges, "import torch\nassert f(2) == torch.answer")
            assert imports.read_text() == "x"
    finally:
        (small_course / "torch.py").unlink()


def test_judges_start_as_jobs_come(small_course):
    with JudgePool(2, small_course) as judges, ThreadPoolExecutor(3) as pool:
        for _ in range(2):
            assert passed(judges, "assert f(2) == 4")
        assert len(judges._running) == 1
        answers = pool.map(lambda _: passed(judges, "assert f(2) == 4"), range(9))
        assert list(answers) == [True] * 9
        assert len(judges._running) == 2
    judges.have(2)
    assert judges._running == []


def test_a_judge_works_in_a_folder_of_its_own_which_goes(small_judges):
    test = "import os; open('left', 'w').write('x'); raise ValueError(os.getcwd())"
    executed = small_judges.execute(job(test, instructors_files={"data/a.txt": b"a"}))
    folder = executed.outputs[-1][-1]["evalue"]
    assert "judge-" in folder
    until(lambda: not os.path.exists(folder))
    assert passed(small_judges, "import os; assert os.listdir() == ['data']",
                  instructors_files={"data/a.txt": b"a"})  # fmt: skip


def test_a_package_that_should_be_there_and_fails_costs_no_learner_points(small_course):
    (small_course / "torch.py").write_text("raise ImportError('it is broken')\n")
    try:
        with JudgePool(1, small_course) as judges, pytest.raises(JudgeUnavailable):
            judges.execute(job("import torch\nassert f(2) == 4"))
    finally:
        (small_course / "torch.py").unlink()
