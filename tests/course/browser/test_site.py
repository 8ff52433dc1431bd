"""What a browser is served: no hidden test, solutions only where they may be, a policy."""

import hashlib
import json
import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from course.book import with_answers
from course.browser.finish import finish, finished, policy_for
from course.browser.site import answers, rendered
from course.curriculum import ASSIGNMENTS
from evidence.check_cells import solution, to_write
from tests.course.built_book import build_book
from tests.course.leaks import given_away, leaks

FILES = {name: {"size": 1, "sha256": "0123456789abcdef"} for name in ("tab.js", "tab.css")}
PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"/><script>one()</script></head>
<body><script src="x.js"></script><script type="application/json">{}</script></body></html>"""


def texts(folder):
    """Map each file below a folder, also those packed in zip files or an EPUB, to its text."""
    found_in = {}
    for path in folder.rglob("*"):
        if path.suffix in (".zip", ".epub") and "pyodide" not in path.parts:
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    found_in[f"{path}/{name}"] = packed.read(name).decode("utf-8", "replace")
        elif path.is_file() and "pyodide" not in path.parts and path.suffix != ".png":
            found_in[str(path)] = path.read_bytes().decode("utf-8", "replace")
    return found_in


def leaking(folder):
    """Map the files below a folder that give a solution or a hidden test away to what they give."""
    listed = {}
    for path, text in texts(folder).items():
        if given := given_away(text):
            listed[path] = given
    return listed


@pytest.mark.slow
def test_solutions_are_served_as_answers_alone_and_hidden_tests_nowhere():
    tab = build_book() / "tab"
    assert {path.split("/tab/")[1].split("/")[0] for path in leaking(tab)} == {"answers"}
    for path in (tab / "answers").iterdir():
        given = answers(path.stem)
        assert json.loads(path.read_text("utf-8")) == given
        assert set(given["solutions"]) == set(to_write(path.stem))
        for line in leaks(path.read_text("utf-8")):
            assert "-check:" not in line


@pytest.mark.slow
def test_a_site_without_solutions_has_them_in_no_file(tmp_path):
    pages = tmp_path / "do"
    pages.mkdir()
    for page in (build_book() / "do").glob("*.html"):
        (pages / page.name).write_bytes(page.read_bytes())
    finish(tmp_path, with_answers=False)
    assert not (tmp_path / "tab" / "answers").exists()
    assert "answers/" not in (pages / "lstm-gates.html").read_text("utf-8")
    assert leaking(tmp_path) == {}


@pytest.mark.slow
def test_pages_name_the_files_as_they_are():
    html = build_book()
    page = BeautifulSoup((html / "do" / "lstm-gates.html").read_text("utf-8"), "html.parser")
    files = json.loads(page.find(id="tab-files").string)
    served = {path for path in (html / "tab").rglob("*") if path.is_file()}
    assert {html / "tab" / name for name in files} == served
    for name, facts in files.items():
        content = (html / "tab" / name).read_bytes()
        assert facts == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@pytest.mark.parametrize(("value", "served"), [("yes", True), ("no", False)])
def test_solutions_are_served_if_the_instructor_wants_it(monkeypatch, value, served):
    monkeypatch.setenv("COURSE_SOLUTIONS", value)
    assert with_answers() == served


def test_another_word_is_refused(monkeypatch):
    monkeypatch.setenv("COURSE_SOLUTIONS", "No")
    with pytest.raises(SystemExit, match="should be yes or no"):
        with_answers()
    monkeypatch.delenv("COURSE_SOLUTIONS")
    assert with_answers()


def test_a_page_is_finished_once_however_often():
    once = finished(PAGE, "../tab/", FILES)
    assert finished(once, "../tab/", FILES) == once
    other = {name: {"size": 2, "sha256": "fedcba9876543210"} for name in FILES}
    assert finished(once, "../tab/", other) == finished(PAGE, "../tab/", other)


def test_a_policy_allows_the_scripts_of_its_page_and_no_others():
    digest = re.findall(r"'sha256-([^']+)'", policy_for(PAGE))
    assert len(digest) == 1  # neither the one with an address nor the one that is data
    changed = policy_for(PAGE.replace("one()", "two()"))
    assert digest[0] not in changed
    for forbidden in ("'unsafe-eval'", "*", "http"):
        assert forbidden not in policy_for(PAGE)
    assert "'unsafe-inline'" not in re.search(r"script-src([^;]*)", policy_for(PAGE))[1]


def test_the_policy_comes_before_every_script():
    page = finished(PAGE, "tab/", FILES)
    assert page.index("Content-Security-Policy") < page.index("<script")


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_answers_are_solutions_without_delimiters_and_words_without_code(assignment):
    given = answers(assignment)
    for name in to_write(assignment):
        assert given["solutions"][name].split() == solution(assignment, name).split()
    assert all(html.startswith("<p><strong>") for html in given["written"].values())


@pytest.mark.slow  # formulas become MathML by a package of npm
def test_formulas_and_markup_in_an_answer():
    html = rendered("With $x_1 < 2$ and **b** <script>x</script>")
    assert "<math" in html and "<strong>b</strong>" in html and "<script>" not in html
