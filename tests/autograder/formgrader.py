"""A Jupyter server with nbgrader's web page, started as an instructor starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.autograder.processes import PATIENCE, until


@contextmanager
def formgrader(folder: Path, log: Path, **environment: str) -> Iterator[str]:
    """Start the server on a free port of 127.0.0.1. Yields its address, without a final slash."""
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token="]
    options += ["--allow-root"] * (os.geteuid() == 0)
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *options],
        cwd=folder, env=os.environ | environment, stdout=log.open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        # It chooses the port itself: one that was free before could be somebody else's by now.
        yield until(lambda: re.search(r"(http://127\.0\.0\.1:\d+)/", log.read_text()), server)[1]
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
