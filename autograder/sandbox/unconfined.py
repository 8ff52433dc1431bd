"""A learner's process without a wall, for `--no-sandbox`: it can do what its user can."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress

from autograder.inside import memory
from autograder.sandbox.bubblewrap import INSIDE, environment, python
from autograder.sandbox.descendants import descendants
from autograder.sandbox.limits import Limits
from autograder.sandbox.refusals import SandboxUnavailable


class Unconfined:
    """A learner's process in a folder of its own. Its interface is that of `Confined`."""

    def __init__(self, limits: Limits, connection: int, output: int) -> None:
        self._folder = tempfile.mkdtemp(prefix="unconfined-")
        own = dict.fromkeys(("HOME", "IPYTHONDIR", "MPLCONFIGDIR"), self._folder)
        start = python(str(INSIDE.parent), "inside.responder")
        self._process = subprocess.Popen(
            [*start, str(connection), json.dumps(limits.options())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[connection],
            cwd=self._folder,
            env=environment() | own,
            start_new_session=True,
        )

    def recognise(self, process: int) -> bool:
        """Return True: its process id is known since it was started."""
        return True

    def refusal(self, message: str) -> SandboxUnavailable:
        """Say why it did not start. message: what it printed."""
        return SandboxUnavailable(f"Python did not start: {message}")

    def memory(self) -> int:
        """Add up the resident memory of all its processes, in bytes."""
        first = self._process.pid
        return memory.of([first, *descendants(first)])

    def exit_code(self, seconds: float) -> int | None:
        """Wait for it to end: its exit code, negative for a signal."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll()

    def end(self) -> None:
        """End it and its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
