"""Bait words laid in every solution and hidden test are nowhere in the site made of them."""

import re
import secrets
import shutil
import subprocess
import sys
import zipfile

import pytest
from pypdf import PdfReader

from course import COURSE
from tests.course.built_book import build_book

pytestmark = [pytest.mark.slow, pytest.mark.long]

COPIED = ("build/book", "build/browser", "build/source")
"""What was built: in the copy, only what depends on the solutions is built again."""
BEGIN = re.compile(r"^( *)### BEGIN (?:SOLUTION|HIDDEN TESTS)\n", re.M)
WRITTEN = re.compile(r"^(# %% \[markdown\] nbgrader=.*\"solution\": true.*\n)", re.M)


@pytest.fixture(scope="module")
def bait():
    """A word that nobody else has written."""
    return f"bait{secrets.token_hex(8)}"


@pytest.fixture(scope="module")
def tree(tmp_path_factory, bait):
    """A copy of the course with the word as code and in a comment of each solution."""
    build_book()
    tree = tmp_path_factory.mktemp("baited") / "course"
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "class", "__pycache__", ".*_cache")
    shutil.copytree(COURSE, tree, ignore=ignored)
    for name in COPIED:
        shutil.copytree(COURSE / name, tree / name, symlinks=True)
    for step in (COURSE / "build").glob("*.json"):
        shutil.copy(step, tree / "build")
    for solution in (tree / "solutions").glob("*/*.py"):
        text = solution.read_text("utf-8")
        baited, places = BEGIN.subn(rf'\g<0>\1# {bait}\n\1"{bait}"\n', text)
        baited, answers = WRITTEN.subn(rf"\g<0># {bait}\n", baited)
        assert places > 1 and answers, solution
        solution.write_text(baited, "utf-8")
    return tree


@pytest.fixture(scope="module")
def site(tree):
    """The site of the copy, which lies where the course does: so what is unchanged stays built."""
    inside = ["bwrap", "--dev-bind", "/", "/", "--bind", tree, COURSE]
    inside += ["--ro-bind", COURSE / ".venv", COURSE / ".venv", "--chdir", COURSE]
    for words in (["exercises"], ["site"]):
        command = [*inside, sys.executable, "-m", "course", *words]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return tree / "build" / "public"


def contents(path):
    """The texts in a file: its bytes, and what a zip file or a PDF packs."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())
    if path.suffix == ".pdf":
        yield "\n".join(page.extract_text() for page in PdfReader(path).pages).encode()


def with_bait(folder, bait):
    """List the files below a folder that hold the word."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(bait.encode() in each for each in contents(path))]


def test_the_site_holds_no_bait(tree, site, bait):
    assert with_bait(site, bait) == []
    # It was made of what has the bait: the book that offers solutions to self-learners holds it.
    served = {path.parent.name for path in with_bait(tree / "build" / "book", bait)}
    assert served == {"answers"}
