"""Every command of the README runs and does what the README says."""

import re
import shutil
import subprocess
import urllib.request

import pytest

from course import COURSE
from course.exercises import assignments
from course.steps import UNCHANGED
from evidence.browser import free_port
from tests import commands

README = (COURSE / "README.md").read_text("utf-8")
COMMANDS = commands.commands(README)


def run(command, home, **variables):
    """Run a command of the README."""
    assert command in COMMANDS
    return commands.run(command, home, **variables)


def started(command, home, url, options=""):
    """Start a server by a command of the README."""
    assert command in COMMANDS
    return commands.started(command, home, url, options)


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("readme")]


def test_these_are_all_the_commands():
    assert COMMANDS == [
        "make course",
        "make serve",
        "cp -r exercises/lstm-gates ~/lstm-gates",
        ".venv/bin/jupyter lab ~/lstm-gates/lstm-gates.ipynb",
        "COURSE_BOOK=https://example.org/lstm make site",
        ".venv/bin/python -m autograder try exercises/rnn-cell/rnn-cell.ipynb",
        "make release",
        "make test-fast",
        "make test",
        "make test-long",
        "make bench",  # not run here: it takes 20 minutes
    ]


def test_make_course_prints_the_grades_and_says_where_to_look(tmp_path):
    printed = run("make course", tmp_path)
    assert re.search(r"learner-01 +\d", printed)
    for place in re.findall(r"^(?:Book|Feedback): +([\w/.-]+)", printed, re.M):
        assert (COURSE / place).exists(), place
    assert "make serve" in printed
    assert run("make course", tmp_path).count(UNCHANGED) == 6


def test_make_help_lists_every_target_with_its_help():
    makefile = (COURSE / "Makefile").read_text("utf-8")
    listed = subprocess.run(["make", "help"], cwd=COURSE, capture_output=True, text=True).stdout
    helps = dict(re.findall(r"^make ([a-z-]+) +(\S.*)$", listed, re.M))
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", makefile, re.M).group(1)
    assert list(helps) and set(helps) == set(phony.replace("\\", "").split())


def test_make_serve_shows_the_book_and_the_feedback(tmp_path):
    with started("make serve", tmp_path, "http://127.0.0.1:8000/book/intro.html") as page:
        assert "LSTM, gate by gate" in page
        with urllib.request.urlopen("http://127.0.0.1:8000/feedback/") as answer:
            assert "learner-01" in answer.read().decode()


def test_an_assignment_opens_in_jupyter(tmp_path):
    run("cp -r exercises/lstm-gates ~/lstm-gates", tmp_path)
    port = free_port()
    options = f"--no-browser --ip=127.0.0.1 --port={port} --allow-root --IdentityProvider.token="
    command = ".venv/bin/jupyter lab ~/lstm-gates/lstm-gates.ipynb"
    with started(command, tmp_path, f"http://127.0.0.1:{port}/api", options) as answer:
        assert "version" in answer


@pytest.mark.long
def test_make_site_writes_the_folder_to_publish(tmp_path):
    printed = run("COURSE_BOOK=https://example.org/lstm make site", tmp_path)
    assert "build/public" in printed
    sitemap = (COURSE / "build" / "public" / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://example.org/lstm/intro.html</loc>" in sitemap


def test_trying_a_notebook_prints_what_readme_and_contributing_show(tmp_path):
    printed = run(".venv/bin/python -m autograder try exercises/rnn-cell/rnn-cell.ipynb", tmp_path)
    assert printed.splitlines()[-1].split() == ["sum", "0/20"]
    for page in (README, (COURSE / "CONTRIBUTING.md").read_text("utf-8")):
        assert f"```text\n{printed}```" in page


def test_make_release_writes_a_zip_for_each_assignment(tmp_path):
    run("make release", tmp_path)
    names = {path.stem for path in (COURSE / "build" / "release").glob("*.zip")}
    assert names == set(assignments())


def test_make_test_fast_checks_the_style_and_tests_what_is_quick(tmp_path):
    """That these tests pass shows in the run that this test belongs to: here they are listed."""
    printed = run("make test-fast", tmp_path, PYTEST_ADDOPTS="--collect-only --quiet")
    assert "All checks passed!" in printed
    quick, everything = map(int, re.search(r"(\d+)/(\d+) tests collected", printed).groups())
    assert 1_000 < quick < everything / 2


def test_continuous_integration_runs_the_lanes_that_make_test_names():
    """`make test` runs this very test, so here it is not run again."""
    words = re.findall(r"^make .*$", (COURSE / ".ci" / "run").read_text(), re.MULTILINE)
    assert words == ["make test", "make --jobs=2 test-long hub-environment", "make test-hub"]
    assert shutil.which("make")
