"""What pip cannot install: make may ask for several packages of the system at once."""

import os
import subprocess

from course import COURSE

APT_GET = """#!/bin/sh
mkdir {0} || exit 100  # as where another apt-get holds the lock
sleep 0.1
rmdir {0}
"""
SUDO = """#!/bin/sh
[ "$1" != -n ] || shift
"$@"
"""
PYTHON = """#!/bin/sh
[ "$2" != "import ensurepip" ]
"""


def test_packages_that_make_asks_for_at_once_are_installed_in_turn(tmp_path):
    programs = {"python": PYTHON, "sudo": SUDO, "apt-get": APT_GET.format(tmp_path / "busy")}
    for name, script in programs.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    command = [COURSE / ".ci" / "system-packages", "venv", tmp_path / "python"]
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    running = [subprocess.Popen(command, env=path, cwd=COURSE) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
