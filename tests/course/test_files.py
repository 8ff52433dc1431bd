"""What a page offers to download: the files that its code reads, in one zip."""

import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from tests.course.built_book import BOOK, WRITTEN, build_book, run_build
from tests.course.test_book import make_repository

OFFERING = [page for page in WRITTEN if "\n```{files}" in (BOOK / f"{page}.md").read_text("utf-8")]
PAGE = "# Intro\n\n```{files}\ndata/numbers.txt\n```\n"


@pytest.mark.long
@pytest.mark.slow
def test_a_change_of_a_file_reaches_the_zip_and_a_missing_one_stops_the_build(tmp_path):
    root = make_repository(tmp_path)
    toc, numbers = root / "book" / "_toc.yml", root / "book" / "data" / "numbers.txt"
    toc.write_text("{format: jb-book, root: intro}")
    (root / "book" / "intro.md").write_text(PAGE)
    output = root / "build"
    for text in ("1 2 3\n", "4 5 6\n"):
        numbers.write_text(text)
        done = run_build(root / "book", output)
        assert done.returncode == 0, done.stdout
        with zipfile.ZipFile(output / "_build" / "html" / "files" / "intro.zip") as packed:
            assert {name: packed.read(name).decode() for name in packed.namelist()} == {
                "data/numbers.txt": text
            }
    numbers.unlink()
    done = run_build(root / "book", output)
    assert done.returncode != 0
    assert "data/numbers.txt is missing. `make data` fetches" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("page", OFFERING)
def test_data_comes_with_what_is_known_of_its_licence(page):
    html = build_book()
    soup = BeautifulSoup((html / f"{page}.html").read_text("utf-8"), "html.parser")
    (link,) = soup.select(".page-files a")
    with zipfile.ZipFile(html / link["href"]) as packed:
        names = packed.namelist()
        if data := [name for name in names if re.match(r"data/(?!README)", name)]:
            readme = packed.read("data/README.md").decode()
            assert [name for name in data if f"## {name[5:]}\n" not in readme] == []


def test_a_page_offers_files():
    assert "long-dependencies" in OFFERING
