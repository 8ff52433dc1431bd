"""The commands of the pages for instructors, typed in order."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.__main__ import parser
from course import COURSE
from course.contents import instructors_pages
from course.curriculum import ASSIGNMENTS
from evidence.lti.record import AT_ONCE
from evidence.records import read
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import Submission
from tests.commands import blocks, commands, run, started

LEARNERS = ("nbgrader list", "nbgrader fetch", "nbgrader submit")
ELSEWHERE = {"jupyter lab --ip=127.0.0.1"}  # started by tests/test_readme.py and test_formgrader.py
TESTED = {"publishing", "class", "own-exercise", "adopt", "hub", "learning-platform"}
"""The pages whose commands are tested: the last three by tests/autograder/test_adopt.py, tests/hub/
and tests/autograder/lti/, and below."""


def text_of(name):
    """The source of a page."""
    return (COURSE / "book" / f"{name}.md").read_text("utf-8")


@pytest.fixture
def course(tmp_path):
    """A copy of the course's files, without what was built from them."""
    ignore = shutil.ignore_patterns(".git", ".venv", "build", "class", "__pycache__", ".*_cache")
    shutil.copytree(COURSE, tmp_path / "course", ignore=ignore)
    return tmp_path / "course"


@pytest.fixture
def active():
    """The variables that an active virtual environment sets."""
    return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize("name", instructors_pages())
def test_a_page_with_commands_is_tested(name):
    assert (name in TESTED) == bool(commands(text_of(name)))


# Run a class


@pytest.fixture
def home(tmp_path, course):
    """The home of a learner, with the settings that the page gives."""
    settings = tmp_path / "home" / ".jupyter" / "nbgrader_config.py"
    settings.parent.mkdir(parents=True)
    (text,) = blocks(text_of("class"), "python")
    settings.write_text(text.replace("/path/to/the/exchange", str(course / "class" / "exchange")))
    return tmp_path / "home"


def solve(folder):
    """Complete the fetched notebook."""
    perfect = Submission("", "lstm-gates", "perfect", 23)
    complete(perfect, folder / "lstm-gates.ipynb", perfect.answers)


@pytest.mark.slow
@pytest.mark.long
def test_a_class_goes_from_release_to_export(course, home, active):
    (learners,) = re.findall(r":caption: learners.csv\n(.*?)```", text_of("class"), re.S)
    (course / "learners.csv").write_text(learners)
    variables = active | {"JUPYTER_CONFIG_DIR": str(home / ".jupyter"), "COURSE_CLASS": "class"}
    done = []
    for line in commands(text_of("class")):
        if line in ELSEWHERE or line.startswith(("source", "export")):
            continue
        run(line, home, home if line.startswith(LEARNERS) else course, **variables)
        if line.startswith("nbgrader fetch_assignment"):
            solve(home / "lstm-gates")
        done.append(line)
    assert len(done) >= 14
    with (course / "class" / "grades-csv.csv").open(encoding="utf-8-sig") as file:
        (row,) = (row for row in csv.DictReader(file) if row["raw_score"])
    assert float(row["raw_score"]) == 23
    assert list((home / "lstm-gates" / "feedback").rglob("*.html"))
    zips = {path.stem for path in (course / "build" / "release").glob("*.zip")}
    assert zips == set(ASSIGNMENTS)


def test_the_page_gives_each_step_of_the_loop():
    text = "".join(blocks(text_of("class"), "sh"))
    for step in ("generate_assignment", "release_assignment", "fetch_assignment", "submit",
                 "collect", "autograder grade", "autograder report", "generate_feedback",
                 "release_feedback", "fetch_feedback", "export"):  # fmt: skip
        assert step in text


# Publish the book


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.xdist_group("readme")  # which runs `make`, too
def test_the_site_is_written_and_looked_at(tmp_path):
    make_site, look = commands(text_of("publishing"))
    assert "build/public" in run(make_site, tmp_path)
    with started(look, tmp_path, "http://127.0.0.1:8000/lstm.html") as page:
        assert 'content="https://example.org/lstm/' in page


# An exercise of your own


def git(course, *arguments):
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    subprocess.run(command, cwd=course, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.long
def test_the_small_exercise_is_copied_generated_tried_and_checked(course, tmp_path, active):
    page = text_of("own-exercise")
    (entry,) = re.findall(r":caption: course/curriculum.py\n(.*?)```", page, re.S)
    curriculum = course / "course" / "curriculum.py"
    end = ")\n\nASSIGNMENTS ="
    assert curriculum.read_text("utf-8").count(end) == 1
    curriculum.write_text(curriculum.read_text("utf-8").replace(end, entry + end), "utf-8")
    git(course, "init", "--quiet")
    git(course, "add", "--all")
    git(course, "commit", "--quiet", "--message", "as it is")
    printed = {
        line: run(line, tmp_path, course, **active)
        for line in commands(page)
        if not line.startswith("source")
    }
    tried = printed["python -m autograder try exercises/leaky-unit/leaky-unit.ipynb"]
    assert f"```text\n{tried}```" in page
    checked = printed["python -m autograder check leaky-unit"]
    assert "all points" in checked
    assert " passed" in printed['python -m pytest tests/course -m "not slow" -k leaky-unit']


def test_what_the_page_shows_of_the_small_exercise_is_there():
    for path, options in re.findall(
        r"^```\{literalinclude\} (\S+)\n((?::.*\n)+)```$", text_of("own-exercise"), re.M
    ):
        shown = (COURSE / "book" / path).read_text("utf-8")
        for mark in re.findall(r'^:(?:start-at|end-before): "?(.*?)"?$', options, re.M):
            assert mark in shown


# A Hub, a learning platform


def joined(name):
    """The commands of a page, each in one line."""
    return "\n".join(commands(text_of(name))).replace("\\\n", "").splitlines()


@pytest.mark.parametrize("name", ["hub", "learning-platform", "class"])
def test_the_grader_takes_the_commands_of_the_page(name):
    lines = [line for line in joined(name) if "python -m autograder " in line]
    for line in lines:
        options = parser().parse_args(shlex.split(line.partition("python -m autograder ")[2]))
        assert options.command
    assert lines


def test_the_page_of_the_hub_tells_what_was_measured():
    measured = read("hub")
    text = " ".join(text_of("hub").split())
    kernels = measured["kernel_mb"]["pss"], measured["kernel_with_keras_mb"]["pss"]
    for megabytes in (measured["server_mb"], *kernels):
        assert f"| {megabytes} MB |" in text
    for machine, holds in measured["learners"].items():
        assert re.search(rf"of {machine}[^.]* about {holds['recorded references']}\b", text)
    assert (
        "it would be {}, {} and {}.".format(*(h["Keras"] for h in measured["learners"].values()))
        in text
    )
    begun, submitted = measured["seconds_to_start_the_hub"], measured["seconds_to_submit"]
    assert f"started in {begun:.0f} seconds" in text and f"were done in {submitted}." in text


def test_the_page_of_the_platform_tells_what_was_measured():
    measured = read("lti")
    text = " ".join(text_of("learning-platform").split())
    launched, handed_in = (
        measured[f"{what}_a_minute"] for what in ("launches_with_a_hand_in", "hand_ins")
    )
    assert f"a class of {measured['learners']}, of whom {AT_ONCE} pressed" in text
    assert f"on {measured['processors']} processors" in text
    assert f"at {launched:,} learners a minute, and handing in alone at {handed_in:,}." in text


def test_the_hub_reads_the_settings_of_its_page():
    text = text_of("hub")
    named = set(re.findall(r"HUB_[A-Z_]+[A-Z]", text))
    read = set(re.findall(r"HUB_[A-Z_]+[A-Z]", (COURSE / "hub" / "settings.py").read_text("utf-8")))
    assert named <= read
