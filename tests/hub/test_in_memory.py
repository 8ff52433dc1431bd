"""The folders in memory that each learner has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub import in_memory

MEGABYTES = 2**20
FILE = Path("/dev/shm", f"lstm-test-{os.getpid()}")
FILL = f"""
for number in range(3):
    with open('{FILE}', 'ab') as file:
        file.write(b'x' * 2**20)
    print(number, flush=True)
"""


def filling(before=None):
    """Fill `/dev/shm` with 3 MB in a process; return what it printed and its error."""
    command = [sys.executable, "-c", FILL]
    ran = subprocess.run(command, preexec_fn=before, capture_output=True, text=True)
    return ran.stdout.split(), ran.stderr


def test_a_learner_fills_a_folder_of_their_own():
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
        pytest.skip("NOT TESTED: folders in memory; it needs root, and a kernel that lets it mount")
    assert "/dev/shm" in in_memory.folders()
    printed, error = filling(lambda: in_memory.own_folders(2 * MEGABYTES))
    assert printed == ["0", "1"] and "No space left on device" in error
    assert not FILE.exists()
    try:
        assert filling() == (["0", "1", "2"], "")  # the machine's, which holds more
        assert FILE.exists()
    finally:
        FILE.unlink()


def test_only_what_is_in_memory_is_replaced(monkeypatch):
    text = "proc /proc proc rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n/dev/sda /tmp ext4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_: text)
    assert in_memory.folders() == ["/dev/shm"]
    monkeypatch.setattr(Path, "read_text", lambda *_: text + "tmpfs /tmp tmpfs rw 0 0\n")
    assert in_memory.folders() == ["/dev/shm", "/tmp"]


def test_a_kernel_that_refuses_raises():
    with pytest.raises(OSError, match="Bad file descriptor"):
        in_memory._must(in_memory.LIBC.close(-1))
