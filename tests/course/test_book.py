"""The book's build: what it executes, when, and when it fails; what the built pages hold."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from jupyter_cache import get_cache

from course.book import NO_ICON
from course.pages import execute_stale, pages_with_cells
from course.steps import UNCHANGED
from tests.course.built_book import BOOK, BUILT, PAGES, ROOT, build_book, run_build

pytestmark = pytest.mark.slow

FRONT_MATTER = """---
file_format: mystnb
kernelspec:
  name: python3
---
"""

IMPORTS = """
# Imports

```{code-cell} ipython3
import importlib

from runs import note

note("imports")
print(importlib.import_module("parts.outer").NUMBER)  # no reader of the source could know
```
"""

READS = """
# Reads

```{code-cell} ipython3
import matplotlib.pyplot as plt
from runs import note

note("reads")
plt.style.use("course.mplstyle")
print(open("data/numbers.txt").read())
```
"""

RUNS = """
def note(page):
    with open("../runs.txt", "a") as file:
        print(page, file=file)
"""


def make_repository(root: Path) -> Path:
    """A repository whose book has two pages with cells: `imports` modules, and `reads` data."""
    files = {
        "book/_toc.yml": "{format: jb-book, root: intro, chapters: [file: imports, file: reads]}",
        "book/intro.md": "# Intro\n\nNo cells here.\n",
        "book/imports.md": FRONT_MATTER + IMPORTS,
        "book/reads.md": FRONT_MATTER + READS,
        "book/data/numbers.txt": "17\n",
        "parts/outer.py": "from .inner import NUMBER\n",
        "parts/inner.py": "NUMBER = 1234\n",
        "parts/unused.py": "",
        "runs.py": RUNS,
        "requirements.txt": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name in ("_config.yml", "references.bib", "course.mplstyle"):
        shutil.copy(BOOK / name, root / "book")
    shutil.copytree(BOOK / "_static", root / "book" / "_static")
    return root


@pytest.fixture
def repository(tmp_path):
    return make_repository(tmp_path)


def executed(root: Path) -> list[str]:
    """The pages whose cells ran since the last call."""
    runs = root / "runs.txt"
    names = sorted(runs.read_text().split()) if runs.exists() else []
    runs.unlink(missing_ok=True)
    return names


@pytest.fixture(scope="module")
def executed_repository(tmp_path_factory):
    """A repository whose pages are executed and up to date."""
    root = make_repository(tmp_path_factory.mktemp("repository"))
    (root / "built").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{root}{os.pathsep}{ROOT}")
        assert execute_stale(root / "book", root / "built")
        assert executed(root) == ["imports", "reads"]
        yield root


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (None, []),
        ("book/intro.md", []),
        ("parts/unused.py", []),
        ("book/imports.md", ["imports"]),
        ("parts/outer.py", ["imports"]),
        ("parts/inner.py", ["imports"]),
        ("book/data/numbers.txt", ["reads"]),
        ("book/course.mplstyle", ["reads"]),
        ("requirements.txt", ["imports", "reads"]),
    ],
)
def test_pages_are_executed_again_when_something_they_read_changed(
    executed_repository, changed, expected
):
    if changed:
        with open(executed_repository / changed, "a") as file:
            file.write("\n# changed\n")
    assert execute_stale(executed_repository / "book", executed_repository / "built")
    assert executed(executed_repository) == expected


def test_a_file_edited_while_its_page_ran_counts_as_changed(repository, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", f"{repository}{os.pathsep}{ROOT}")
    edit = "open('data/numbers.txt', 'w').write('18')"
    page = repository / "book" / "reads.md"
    page.write_text(page.read_text().replace('").read())', f'").read())\n{edit}'))
    (repository / "built").mkdir()
    assert execute_stale(repository / "book", repository / "built")
    assert executed(repository) == ["imports", "reads"]
    assert execute_stale(repository / "book", repository / "built")
    assert executed(repository) == ["reads"]


def test_a_build_shows_new_outputs_and_leaves_the_sources_alone(repository):
    sources = sorted(repository.joinpath("book").rglob("*"))
    page = repository / "build" / "_build" / "html" / "imports.html"
    for number in ("1234", "5678"):
        (repository / "parts" / "inner.py").write_text(f"NUMBER = {number}\n")
        done = run_build(repository / "book", repository / "build")
        assert done.returncode == 0, done.stdout
        assert number in page.read_text()
    assert executed(repository) == ["imports", "imports", "reads"]
    assert sorted(repository.joinpath("book").rglob("*")) == sources


@pytest.mark.long
def test_a_failing_cell_fails_every_build_and_names_its_page(repository):
    with open(repository / "book" / "reads.md", "a") as file:
        file.write("\n```{code-cell} ipython3\n1 / 0\n```\n")
    for _ in range(2):
        done = run_build(repository / "book", repository / "build")
        assert done.returncode != 0
        assert "reads.md: FAILED" in done.stdout
        assert "ZeroDivisionError" in done.stdout
        assert "imports.md: FAILED" not in done.stdout


@pytest.mark.long
def test_a_warning_fails_every_build_and_names_its_page(repository):
    with open(repository / "book" / "intro.md", "a") as file:
        file.write("\nSee {ref}`nowhere`.\n")
    for _ in range(2):
        done = run_build(repository / "book", repository / "build")
        assert done.returncode != 0
        assert re.search(r"intro\.md:\d+: WARNING: undefined label: 'nowhere'", done.stdout)


@pytest.fixture(scope="module")
def html():
    return build_book()


@pytest.mark.long
def test_an_edited_style_reaches_the_pages(repository):
    output = repository / "build"
    run_build(repository / "book", output)
    style = repository / "book" / "_static" / "book.css"
    style.write_text(style.read_text() + "\n/* edited */\n")
    done = run_build(repository / "book", output)
    assert done.returncode == 0, done.stdout
    pages = output / "_build" / "html"
    assert "/* edited */" in (pages / "_static" / "book.css").read_text()
    links = {re.search(r"book\.css\?v=\w+", page.read_text())[0] for page in pages.glob("*s.html")}
    assert len(links) == 1  # browsers keep a style by this address
    assert (pages / "index.html").read_text().count(NO_ICON) == 1  # after two builds


@pytest.mark.long
def test_a_page_that_was_removed_or_edited_is_written_again(repository):
    output = repository / "build"
    run_build(repository / "book", output)
    pages = output / "_build" / "html"
    (pages / "imports.html").unlink()
    (pages / "intro.html").write_text("edited")
    done = run_build(repository / "book", output)
    assert done.returncode == 0, done.stdout
    assert "0 of 2 pages with cells to execute" in done.stdout
    assert "1234" in (pages / "imports.html").read_text()
    assert "No cells here." in (pages / "intro.html").read_text()
    assert UNCHANGED in run_build(repository / "book", output).stdout


def test_an_unchanged_book_is_not_executed(html):
    records = (BUILT / "digests.json").read_text()
    done = run_build(BOOK, BUILT.parent)
    assert done.returncode == 0, done.stdout
    assert UNCHANGED in done.stdout and "executing" not in done.stdout
    assert (BUILT / "digests.json").read_text() == records


@pytest.fixture(scope="module")
def notebooks():
    return pages_with_cells(BOOK, yaml.safe_load((BOOK / "_config.yml").read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES)
def test_every_cell_was_executed(html, notebooks, page):
    source = (BOOK / f"{page}.md").read_text("utf-8")
    fences = re.findall(r"^\s*(?:`{3,}|:{3,})\{code-cell\}", source, re.MULTILINE)
    notebook = notebooks.get(BOOK / f"{page}.md")
    if notebook is None:
        assert fences == []
        return
    cache = get_cache(BUILT / ".jupyter_cache")
    outputs = cache.get_cache_bundle(cache.match_cache_notebook(notebook).pk).nb
    counts = [cell["execution_count"] for cell in outputs.cells if cell.cell_type == "code"]
    # A cell inside another directive would be shown without being executed.
    assert counts == list(range(1, len(fences) + 1))


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_is_described_in_words(html, page):
    soup = BeautifulSoup((html / f"{page}.html").read_text("utf-8"), "html.parser")
    for picture in soup.find_all("img"):
        words = re.findall(r"[A-Za-z]+", picture.get("alt", ""))
        assert len(words) >= 6, picture
        assert Path(picture["src"]).name not in picture["alt"]
