"""The command line: what it accepts, and how little it needs to hand a command over."""

import subprocess
import sys

import pytest

from autograder.__main__ import parser
from autograder.reports.export import EXPORTERS
from course import COURSE


def test_reading_a_command_imports_nothing_heavy():
    code = "import sys; from autograder.__main__ import parser; parser().parse_args(sys.argv[1:])\n"
    code += (
        "print({name.partition('.')[0] for name in sys.modules} & {'nbgrader', 'numpy', 'rich'})"
    )
    command = [sys.executable, "-c", code, "grade", "small", "--workers", "2"]
    ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_an_unknown_exporter_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["export", "--to", "paper"])
    message = capsys.readouterr().err
    assert "invalid choice: 'paper'" in message
    assert ", ".join(map(repr, EXPORTERS)) in message
