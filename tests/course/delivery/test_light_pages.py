"""What a browser is sent of a page: few bytes and files; formulas need no script."""

import gzip
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.pages import execute
from evidence.browser import CompressingHandler, broken_images, chromium, serve
from tests.course.built_book import PAGES, ROOT, build_book
from tests.lanes import long_but_some

pytestmark = pytest.mark.slow

BYTES = 500 * 1024  # of a page with all its figures, compressed by gzip
REQUESTS = 25  # before a reader scrolls
FIGURE = 60 * 1024  # bytes, compressed; where lines have thousands of points: rasterized=True
TELEPHONE = {"width": 412, "height": 823}
DRAW = """
import matplotlib.pyplot as plt
plt.style.use("course.mplstyle")
plt.plot([1, 3, 2])
plt.title("A title with $x_t$")
plt.show()
"""


@pytest.fixture(scope="module")
def site():
    with serve(build_book(), CompressingHandler) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("name", long_but_some([*PAGES, "search"], every=2))
def test_a_page_is_light(site, browser, name):
    context = browser.new_context(viewport=TELEPHONE)
    ended = []
    context.on("requestfinished", lambda request: ended.append(request))
    page = context.new_page()
    page.goto(f"{site}/{name}.html", wait_until="networkidle")
    at_first = len([each for each in ended if each.url.startswith(site)])
    assert broken_images(page) == []
    page.wait_for_load_state("networkidle")
    sizes = {each.url: each.sizes()["responseBodySize"] for each in ended}
    context.close()
    assert at_first <= REQUESTS, sorted(sizes)
    assert sum(sizes.values()) <= BYTES, sizes


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_for_formulas(name):
    text = (build_book() / f"{name}.html").read_text("utf-8")
    assert "MathJax" not in text
    assert len(re.findall(r'class="math\b', text)) == text.count("<math")


def test_figures_hold_text_as_text_and_are_small():
    html = build_book()
    pages = "".join((html / f"{name}.html").read_text("utf-8") for name in PAGES)
    names = set(re.findall(r'src="(?:\.\./)?_images/([^"]+)"', pages))
    figures = [html / "_images" / name for name in sorted(names)]
    assert len([each for each in figures if each.suffix == ".svg"]) > 20
    for figure in figures:
        assert len(gzip.compress(figure.read_bytes())) <= FIGURE, figure
        if figure.suffix == ".svg":
            text = figure.read_text("utf-8")
            assert "<text" in text and "@font-face" in text, figure
            assert not re.search(r'id="DejaVu|href="#DejaVu', text), figure


def test_a_cell_draws_the_same_bytes_each_time(small_book, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    page = small_book / "book" / "intro.md"
    drawn = []
    for _ in range(2):
        notebook = new_notebook(cells=[new_code_cell(DRAW)])
        nbformat.validate(notebook)
        assert execute(page, notebook, timeout=100, scratch=tmp_path_factory.mktemp("kernel"))
        (output,) = notebook.cells[0].outputs
        drawn.append(output.data["image/svg+xml"])
    assert drawn[0] == drawn[1]
    assert ">A</tspan>" in drawn[0] and "<dc:date>" not in drawn[0]  # the title has a formula
