"""The message when no sandbox can be made: the reason, and what to do."""

import os
import sys
from pathlib import Path

import pytest

from autograder import COURSE
from autograder.sandbox import bubblewrap, refusals
from autograder.sandbox.bubblewrap import ForkServer, SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.refusals import refusal
from autograder.sandbox.sandbox import Sandbox

TRACEBACK = 'Traceback (most recent call last):\n  File "{}", line 1, in f\n\n{}\n'
MESSAGES = {
    "bwrap: Unknown option --perms\n": refusals.TOO_OLD,
    "bwrap: execvp setpriv: No such file or directory\n": refusals.NO_TOOL,
    "setpriv: failed to execute bwrap: No such file or directory\n": refusals.NO_TOOL,
    "bwrap: execvp /home/me/venv/bin/python: Permission denied\n": refusals.UNREADABLE,
    "bwrap: execvp /home/me/venv/bin/python: No such file or directory\n": refusals.NO_PYTHON,
    "bwrap: Can't find source path /home/me/venv/lib: Permission denied\n": refusals.NOT_SHOWN,
    "bwrap: No permissions to create new namespace\n": refusals.REFUSED,
    "bwrap: setting up uid map: Permission denied\n": refusals.REFUSED,
    "bwrap: Can't mount proc on /newroot/proc: Operation not permitted\n": refusals.REFUSED,
    TRACEBACK.format("/opt/grader/inside/namespaces.py", "OSError: [Errno 28]"): refusals.REFUSED,
    "": refusals.REFUSED,
    "python: error while loading shared libraries: libpython3.so\n": refusals.NOT_WHOLE,
    TRACEBACK.format("<string>", "ModuleNotFoundError: No module named 'x'"): refusals.NOT_WHOLE,
}


@pytest.mark.parametrize(("message", "reason"), MESSAGES.items(), ids=range(len(MESSAGES)))
def test_each_message_has_its_reason(message, reason):
    text = str(refusal(message))
    assert text.startswith(reason.format(message=message.strip() or "there was no message"))
    assert text.endswith(refusals.OTHERWISE)
    assert ("namespaces" in text) == (reason is refusals.REFUSED)


def refused() -> str:
    """Try to start a sandbox where none can be made; return the message."""
    with ForkServer(Limits()) as server, pytest.raises(SandboxUnavailable) as error:
        Sandbox(Limits(), server).request({"do": "listed"}, 20)
    return str(error.value)


def test_a_python_that_is_not_in_the_sandbox_is_named(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/bin/python")
    message = refused()
    assert "execvp /nowhere/bin/python: No such file or directory" in message
    assert message.startswith(refusals.NO_PYTHON.partition(":")[0])


def test_what_python_misses_is_named(monkeypatch):
    monkeypatch.setattr(bubblewrap, "INSIDE", COURSE / "book")
    message = refused()
    assert "No module named 'inside.forkserver'" in message
    assert message.startswith(refusals.NOT_WHOLE.partition(":")[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs submissions as that user")
def test_a_python_that_only_root_may_read_is_named(monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir(0o700)
    python = tmp_path / "bin" / "python"
    python.symlink_to(Path(sys.executable).resolve())
    for prefix in ("prefix", "exec_prefix"):
        monkeypatch.setattr(sys, prefix, str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(python))
    message = refused()
    assert f"execvp {python}: Permission denied" in message
    assert message.startswith(refusals.UNREADABLE.partition(":")[0])


def test_a_folder_that_python_needs_is_not_hidden():
    with pytest.raises(SandboxUnavailable, match=f"Python needs {sys.base_prefix}/lib, which"):
        ForkServer(Limits(), (Path(sys.base_prefix, "lib"),))
