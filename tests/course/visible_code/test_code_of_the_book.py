"""The code of the book's pages, as a reader copies it or runs it in the page."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from packaging.requirements import Requirement

from course.visible_code import blocks, shown
from tests.course.built_book import BOOK, ROOT, WRITTEN, build_book
from tests.lanes import long_but, long_but_some

WITH_CODE = [page for page in WRITTEN if "{code-cell}" in (BOOK / f"{page}.md").read_text("utf-8")]
SOON_RUN = "lstm"  # in 10 s
each_page = pytest.mark.parametrize("page", WITH_CODE)
WITHOUT_KERAS = """
import sys

for name in ("keras", "tensorflow", "myst_nb", "course", "checks", "evidence"):
    sys.modules[name] = None  # cannot be imported
"""


@pytest.fixture(scope="module")
def sources():
    """The visible code of every page, cell by cell."""
    from course.pages import pages_with_cells  # 2 s of imports

    config = yaml.safe_load((BOOK / "_config.yml").read_text("utf-8"))
    notebooks = pages_with_cells(BOOK, config)
    return {page: shown(notebooks[BOOK / f"{page}.md"]) for page in WRITTEN
            if BOOK / f"{page}.md" in notebooks}  # fmt: skip


def run_without_keras(code, folder):
    """Run code where there is no Keras and nothing of the course; what it prints."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", WITHOUT_KERAS + code],
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, f"{code}\n{ran.stderr}"
    return ran.stdout


def editable(sources):
    """The blocks among the visible code of a page that can be run in the page."""
    return [block for block in blocks(sources) if block.is_editable]


@pytest.mark.slow
@each_page
def test_what_runs_in_a_page_needs_no_keras(sources, page, tmp_path):
    for block in editable(sources[page]):
        run_without_keras(f"{block.before}\n{block.source}", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["recurrent-networks", "vanishing-gradient", "lstm"])
def test_what_is_computed_by_hand_runs_in_the_page(sources, page):
    by_hand = [block for block in editable(sources[page]) if "tanh(" in block.source]
    assert by_hand


@pytest.mark.parametrize("code", ["import keras", "import course", "from checks import check"])
def test_code_that_needs_keras_or_the_course_would_fail(code, tmp_path):
    with pytest.raises(AssertionError, match="ModuleNotFoundError"):
        run_without_keras(code, tmp_path)


@pytest.fixture(scope="module")
def html():
    """A function that parses a page of the built book."""
    folder = build_book()
    return lambda page: BeautifulSoup((folder / f"{page}.html").read_text("utf-8"), "html.parser")


@pytest.mark.slow
@pytest.mark.parametrize("page", long_but_some(WITH_CODE, every=4))
def test_what_runs_in_a_page_prints_what_the_page_shows(html, sources, page, tmp_path):
    cells = html(page).select(".cell.runs-in-page")
    assert len(cells) == len(editable(sources[page]))
    for cell in cells:
        code = json.loads(cell.find("script", class_="runs-here", recursive=False).string)
        assert cell.select_one(".cell_input pre").get_text().rstrip() == code["source"]
        before = run_without_keras(code["before"], tmp_path)
        printed = run_without_keras(f"{code['before']}\n{code['source']}", tmp_path)
        outputs = [output.get_text() for output in cell.select(".output.stream pre")]
        assert printed.removeprefix(before) == "".join(outputs)


@pytest.mark.slow
@pytest.mark.parametrize("page", WRITTEN)
def test_every_cell_of_a_built_page_is_marked_as_its_code_demands(html, sources, page):
    marks = {(False, False): ["needs-keras"], (False, True): ["needs-keras"],
             (True, False): ["runs-in-page"], (True, True): []}  # fmt: skip
    cells = [cell for cell in html(page).select(".cell") if cell.select(".cell_input")]
    judged = list(blocks(sources.get(page, [])))
    assert [
        [name for name in cell["class"] if name in ("needs-keras", "runs-in-page")]
        for cell in cells
    ] == [marks[block.runs_here, block.only_draws] for block in judged]
    for cell in cells:
        label = cell.select(".cell_input > .needs-keras-label")
        assert len(label) == ("needs-keras" in cell["class"])


def requirements():
    """What the page on the notebooks has a reader install."""
    (line,) = re.findall(r"^pip install (.+)$", (BOOK / "intro.md").read_text("utf-8"), re.M)
    return [Requirement(text) for text in shlex.split(line)]


def closure(wanted):
    """The distributions that requirements lead to, as they are installed here."""
    packages, queue = {}, list(wanted)
    seen = set()
    while queue:
        requirement = queue.pop()
        key = (requirement.name.lower(), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        package = distribution(requirement.name)
        assert package.version in requirement.specifier, requirement
        packages[package.name] = package
        for each in map(Requirement, package.requires or []):
            extras = requirement.extras or {""}
            if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in extras):
                queue.append(each)
    return packages.values()


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    """An environment with what the book has a reader install and nothing else; its Python.

    Its packages are links to those of the course's own environment: a download takes minutes.
    """
    folder = tmp_path_factory.mktemp("learner")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for package in closure(requirements()):
        for file in package.files or []:
            if ".." not in file.parts:  # a command, or a manual
                link = packages / file
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(Path(package.locate_file(file)).resolve())
    return folder / "bin" / "python"


def run_page(python, page, source, folder):
    """Run all visible code of a page where it says that it runs, beside the files it offers."""
    if (offered := build_book() / "files" / f"{page}.zip").exists():
        shutil.unpack_archive(offered, folder)
    text = (BOOK / f"{page}.md").read_text("utf-8")
    if place := re.search(r"runs? in the folder of the assignment `([a-z-]+)`", text):
        shutil.copytree(ROOT / "exercises" / place[1], folder, dirs_exist_ok=True)
    (folder / "page.py").write_text(source, "utf-8")
    home = python.parents[1]  # where Matplotlib keeps its list of fonts for all pages
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "MPLBACKEND": "agg"}
    return subprocess.run(
        [python, "page.py"], cwd=folder, env=env, capture_output=True, text=True, timeout=900
    )


@pytest.mark.slow
@pytest.mark.xdist_group("learner")
@pytest.mark.long
@pytest.mark.parametrize("page", long_but([SOON_RUN], WITH_CODE, pytest.mark.release))
def test_a_page_copied_from_the_top_downwards_runs_in_the_learners_environment(
    learner, sources, page, tmp_path
):
    ran = run_page(learner, page, "\n\n".join(sources[page]), tmp_path)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
@pytest.mark.xdist_group("learner")
@pytest.mark.parametrize("module", ["myst_nb", "course.checks", "checks", "evidence", "nbgrader"])
def test_the_learners_environment_has_nothing_of_the_book(learner, module, tmp_path):
    ran = run_page(learner, "lstm", f"import {module}", tmp_path)
    assert "ModuleNotFoundError" in ran.stderr
