"""The limits of all processes of a learner together."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from hub.limits import keep_on, keep_within, own_memory, processors_of

MEGABYTES = 2**20


@pytest.fixture
def holding():
    """Starts processes that hold so many MB, and ends them."""
    started = []

    def start(size):
        code = f"held = b'x' * ({size} << 20); print('ready', flush=True); input()"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen([sys.executable, "-c", code], **pipes)
        process.stdout.readline()
        started.append(process)
        return psutil.Process(process.pid)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_largest_process_ends_where_all_hold_too_much(holding):
    processes = [holding(40), holding(90), holding(40)]
    assert own_memory(processes[1]) > 90 * MEGABYTES
    keep_within(processes, 300 * MEGABYTES)
    assert all(process.status() != psutil.STATUS_ZOMBIE for process in processes)
    keep_within(processes, 150 * MEGABYTES)
    end = time.monotonic() + 5
    while processes[1].status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.05)
    ended = [process.status() == psutil.STATUS_ZOMBIE for process in processes]
    assert ended == [False, True, False]


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
