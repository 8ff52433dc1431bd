"""The limits of all processes of a learner together."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from hub import limits
from hub.limits import keep_on, keep_within, own_memory, processors_of

MEGABYTES = 2**20


OWN = "held = b'x' * (SIZE << 20)"
SHARED = """
import mmap, os
held = mmap.mmap(-1, SIZE << 20)
for _ in range(SIZE):
    held.write(b'x' * 2**20)
"""
WITH_A_CHILD = f"""{SHARED}
parent, child = os.pipe()
if os.fork() == 0:
    held[::4096]  # all pages
    os.write(child, b'.')
    os.read(0, 1)
    os._exit(0)
os.read(parent, 1)
"""


@pytest.fixture
def holding():
    """Starts processes that hold so many MB, and ends them."""
    started = []

    def start(size, code=OWN):
        code = f"{code.replace('SIZE', str(size))}\nprint('ready', flush=True); input()"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen([sys.executable, "-c", code], **pipes)
        process.stdout.readline()
        started.append(process)
        return psutil.Process(process.pid)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ends(process, within=5):
    """Wait so many seconds for a process to end; say whether it has."""
    end = time.monotonic() + within
    while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.05)
    return process.status() == psutil.STATUS_ZOMBIE


def test_the_largest_process_ends_where_all_hold_too_much(holding):
    processes = [holding(40), holding(90), holding(40)]
    assert own_memory(processes[1]) > 90 * MEGABYTES
    keep_within(processes, 300 * MEGABYTES)
    assert all(process.status() != psutil.STATUS_ZOMBIE for process in processes)
    keep_within(processes, 150 * MEGABYTES)
    assert ends(processes[1])
    ended = [process.status() == psutil.STATUS_ZOMBIE for process in processes]
    assert ended == [False, True, False]


def test_shared_memory_counts(holding):
    """A process may get it beyond the limit of its own memory, RLIMIT_DATA."""
    process = holding(100, SHARED)
    assert 100 * MEGABYTES < own_memory(process) < 120 * MEGABYTES
    keep_within([process], 60 * MEGABYTES)
    assert ends(process)


@pytest.mark.slow
@pytest.mark.parametrize(("divided", "least", "most"), [(True, 100, 130), (False, 200, 260)])
def test_what_processes_share_is_divided_where_the_kernel_says_how(
    holding, monkeypatch, divided, least, most
):
    if not divided:
        monkeypatch.setattr(limits, "DIVIDED", {"Pss_of_another_kernel"})
    parent = holding(100, WITH_A_CHILD)
    processes = [parent, *parent.children()]
    assert least * MEGABYTES < sum(map(own_memory, processes)) < most * MEGABYTES
    keep_within(processes, 150 * MEGABYTES)
    assert any(ends(process, within=1) for process in processes) != divided


def test_a_process_that_has_ended_holds_nothing(holding):
    process = holding(100)
    process.kill()
    assert ends(process)
    assert own_memory(process) == 0
    keep_within([process, psutil.Process()], 2**40)


def test_a_process_is_put_back_on_the_processors_of_its_account(holding):
    process = holding(1)
    one = {min(os.sched_getaffinity(0))}
    keep_on([process], one)
    assert set(process.cpu_affinity()) == one


def test_accounts_get_processors_in_turn():
    usable = len(os.sched_getaffinity(0))
    given = [processors_of(account, 1) for account in range(1000, 1000 + usable)]
    assert set.union(*given) == os.sched_getaffinity(0)
    assert processors_of(1000, 10 * usable) == os.sched_getaffinity(0)
