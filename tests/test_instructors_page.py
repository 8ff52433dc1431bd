"""The commands of the page For instructors, typed in order into a copy of the course."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import COURSE
from course.curriculum import ASSIGNMENTS
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import Submission

PAGE = COURSE / "book" / "instructors.md"
LEARNERS = ("nbgrader list", "nbgrader fetch", "nbgrader submit")
ELSEWHERE = {"jupyter lab --ip=127.0.0.1"}  # started by tests/test_readme.py and test_formgrader.py


def blocks(language):
    """The texts of the page's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)


@pytest.fixture
def course(tmp_path):
    """A copy of the course's files, without what was built from them."""
    ignore = shutil.ignore_patterns(".git", ".venv", "build", "class", "__pycache__", ".*_cache")
    shutil.copytree(COURSE, tmp_path / "course", ignore=ignore)
    return tmp_path / "course"


@pytest.fixture
def home(tmp_path, course):
    """The home of a learner, with the settings that the page gives."""
    settings = tmp_path / "home" / ".jupyter" / "nbgrader_config.py"
    settings.parent.mkdir(parents=True)
    (text,) = blocks("python")
    settings.write_text(text.replace("/path/to/the/exchange", str(course / "class" / "exchange")))
    return tmp_path / "home"


def solve(folder):
    """Complete the fetched notebook."""
    perfect = Submission("", "lstm-gates", "perfect", 23)
    complete(perfect, folder / "lstm-gates.ipynb", perfect.answers)


@pytest.mark.slow
@pytest.mark.long
def test_every_command_works(course, home):
    (learners,) = re.findall(r":caption: learners.csv\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    (course / "learners.csv").write_text(learners)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "COURSE_CLASS": "class",
    }
    environment.pop("PYTHONPATH", None)
    done = []
    for line in "".join(blocks("sh")).splitlines():
        if line in ELSEWHERE or line.startswith(("source", "export")):
            continue
        folder = home if line.startswith(LEARNERS) else course
        ran = subprocess.run(
            line, shell=True, cwd=folder, env=environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
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
    text = "".join(blocks("sh"))
    for step in ("generate_assignment", "release_assignment", "fetch_assignment", "submit",
                 "collect", "autograder grade", "autograder report", "generate_feedback",
                 "release_feedback", "fetch_feedback", "export"):  # fmt: skip
        assert step in text
