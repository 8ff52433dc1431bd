"""Every link in the built book and in README.md leads somewhere."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from tests.course.built_book import PAGES, ROOT, build_book


@cache
def parse(page: Path) -> BeautifulSoup:
    """A page's elements, parsed once."""
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def anchors(page: Path) -> set[str]:
    """The fragments that lead to a place on the page."""
    return {element["id"] for element in parse(page).find_all(id=True)}


def problem(link: str, page: Path) -> str | None:
    """What is wrong with a link on a page, if anything; other hosts are not asked."""
    url = urlsplit(link)
    if url.hostname == "127.0.0.1":  # what `make serve` serves
        return None
    if link.startswith("data:image/png;base64,"):  # the picture itself
        return None
    if url.scheme or url.netloc:
        good = url.scheme == "https" and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", url.netloc)
        return None if good else "not an https address"
    target = (page.parent / unquote(url.path)).resolve() if url.path else page
    if not target.exists():
        return "no such file"
    if url.fragment and target.suffix == ".html" and unquote(url.fragment) not in anchors(target):
        return "no such place"
    return None


def problems(links: list[str], page: Path) -> list[str]:
    """One line for each link of a page that leads nowhere."""
    faults = {link: problem(link, page) for link in links}
    return [f"{link}: {fault}" for link, fault in faults.items() if fault]


def test_wrong_links_are_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p id="here"></p>')
    right = ["#here", "page.html#here", "?q=1", "https://keras.io/api/", "http://127.0.0.1:8000"]
    right.append("data:image/png;base64,iVBORw0KGgo=")
    wrong = [
        "data:text/html,x",
        "#there",
        "page.html#there",
        "other.html",
        "http://keras.io",
        "https://",
        "ftp://a.b",
    ]
    assert problems(right, page) == []
    assert [line.rsplit(": ", 1)[0] for line in problems(wrong, page)] == wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_links_of_the_book(name):
    page = build_book() / f"{name}.html"
    attributes = [("a", "href"), ("link", "href"), ("script", "src"), ("img", "src")]
    links = [
        element[attribute]
        for tag, attribute in attributes
        for element in parse(page).find_all(tag, {attribute: True})
    ]
    assert len(links) > 20
    assert problems(links, page) == []


def test_links_of_the_readme():
    readme = ROOT / "README.md"
    soup = BeautifulSoup(MarkdownIt().render(readme.read_text("utf-8")), "html.parser")
    links = [link["href"] for link in soup.find_all("a", href=True)]
    links += [picture["src"] for picture in soup.find_all("img")]
    # build/ exists after `make course`.
    assert problems([link for link in links if not link.startswith("build/")], readme) == []
