"""The command line: what it accepts, and how little it needs to hand a command over."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import warm
from autograder.__main__ import main, parser, run
from autograder.judge import pool
from autograder.reports.export import EXPORTERS
from course import COURSE
from tests.lanes import long_but_some


def test_reading_a_command_imports_nothing_heavy():
    code = "import sys; from autograder.__main__ import parser; parser().parse_args(sys.argv[1:])\n"
    code += (
        "print({name.partition('.')[0] for name in sys.modules} & {'nbgrader', 'numpy', 'rich'})"
    )
    command = [sys.executable, "-c", code, "grade", "small", "--workers", "2"]
    ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


WATCHED = """
import sys
from autograder.__main__ import run
from autograder.judge.pool import JudgePool

start = JudgePool._start

def observed(pool):
    print("a judge starts", "nbgrader" in sys.modules)
    return start(pool)

JudgePool._start = observed
run(["grade", "small"])
print("the grammar was read", "lark" in sys.modules)
"""


@pytest.mark.slow
def test_a_judge_starts_before_nbgrader_is_there_and_one_is_enough_for_one(
    small_class, monkeypatch
):
    monkeypatch.delenv("COURSE_CLASS", raising=False)
    small_class.hand_in("learner-00")
    command = [sys.executable, "-c", WATCHED]
    ran = subprocess.run(
        command, cwd=small_class.course, capture_output=True, text=True, check=True
    )
    lines = [line for line in ran.stdout.splitlines() if line.endswith(("True", "False"))]
    assert lines == ["a judge starts False", "the grammar was read False"]


@pytest.mark.slow
def test_jsonschema_works_without_its_parser_of_iris_and_others_have_it():
    code = """
from autograder import quick_jsonschema
import sys, jsonschema, nbformat
assert "rfc3987_syntax" not in sys.modules
nbformat.validate(nbformat.v4.new_notebook())
import rfc3987_syntax
"""
    subprocess.run([sys.executable, "-c", code], cwd=COURSE, check=True)


def test_no_schema_of_nbformats_has_an_iri():
    schemas = list(Path(nbformat.__file__).parent.rglob("*.schema.json"))
    assert len(schemas) >= 5
    assert not any('"iri' in schema.read_text("utf-8") for schema in schemas)


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", ""])
@pytest.mark.parametrize("command", [["grade", "small"], ["warm"]])
def test_a_number_of_judges_that_is_none_is_refused(capsys, command, text):
    with pytest.raises(SystemExit):
        parser().parse_args([*command, f"--workers={text}"])
    assert f"{text!r} should be a whole number, 1 or more" in capsys.readouterr().err


def test_a_disk_without_room_for_judges_is_named(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pool.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(SystemExit, match=r"^The disk is full\. Make room for temporary files in"):
        run(["grade", "small"])


def test_ctrl_c_before_anything_is_graded_shows_no_traceback(monkeypatch, capsys):
    def ring(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["autograder", "grades"])
    monkeypatch.setattr(warm, "hand_over", lambda arguments: None)
    monkeypatch.setattr("autograder.__main__.run", ring)
    assert main() == 130
    assert capsys.readouterr().out == "Stopped.\n"


def test_an_unknown_exporter_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["export", "--to", "paper"])
    message = capsys.readouterr().err
    assert "invalid choice: 'paper'" in message
    assert ", ".join(map(repr, EXPORTERS)) in message


OF_A_CLASS = [
    ["grade", "small"],
    ["check", "small"],
    ["grades"],
    ["report", "small"],
    ["export", "--to", "csv"],
    ["lti", "register", "https://lms.example.org", "a-client"],
    ["lti", "invite", "--address", "https://tool.example.org"],
    ["lti", "accept"],
    ["lti", "serve", ".", "--address", "https://tool.example.org"],
    ["lti", "send"],
]
"""The commands that read or write a class, one of each."""


@pytest.mark.slow
@pytest.mark.parametrize("words", long_but_some(OF_A_CLASS), ids=" ".join)
def test_a_class_without_a_folder_is_said_in_a_line(small_class, words):
    process = small_class.command(*words, env={"COURSE_CLASS": "no where"})
    _, printed = process.communicate(timeout=600)
    folder = small_class.course / "no where"
    assert process.returncode == 1
    (line,) = printed.splitlines()
    assert line.endswith(f"mkdir -p '{folder}'") and not folder.exists()


def test_every_command_is_of_a_class_or_needs_none():
    (commands,) = (each.choices for each in parser()._actions if isinstance(each.choices, dict))
    assert set(commands) == {words[0] for words in OF_A_CLASS} | {"try", "warm"}
