"""A Jupyter server with nbgrader's web page, started as an instructor starts it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evidence.browser import free_port


@contextmanager
def formgrader(folder: Path, log: Path, **environment: str) -> Iterator[str]:
    """Start the server on a free port of 127.0.0.1. Yields its address, without a final slash."""
    port = free_port()
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
    options += ["--ServerApp.port_retries=0"] + ["--allow-root"] * (os.geteuid() == 0)
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *options],
        cwd=folder, env=os.environ | environment, stdout=log.open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until a server answers. Fails with its log where it ends or takes a minute."""
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server does not answer:\n{log.read_text()}")
