"""Commands of the README and of the book, typed as a user types them."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from contextlib import contextmanager

from course import COURSE


def blocks(text, language):
    """The texts of a page's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def commands(text):
    """The commands of a page, in order."""
    return "".join(blocks(text, "sh")).splitlines()


def environment(home):
    """The variables of a user with this home, without what pytest or make set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    for name in ("PYTHONPATH", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        kept.pop(name, None)
    return kept | {"HOME": str(home)}


def run(command, home, folder=COURSE, **variables):
    """Run a command to its end, in the course's folder; return what it prints."""
    env = environment(home) | variables
    ran = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@contextmanager
def started(command, home, url, options=""):
    """Start a server in the course's folder, wait until `url` answers, stop it afterwards."""
    server = subprocess.Popen(
        f"exec {command} {options}",
        shell=True,
        cwd=COURSE,
        env=environment(home),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 180
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    yield answer.read().decode()
                    break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, "no answer"
                time.sleep(0.5)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
