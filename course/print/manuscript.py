"""The articles of built pages as one document of plain HTML, for pandoc."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from course.print.drawings import extract_drawings
from course.print.elements import part, rename, replace_content
from course.print.quizzes import move_answers

HEADING = re.compile("^h[1-6]$")
LANGUAGES = {"ipython3": "python", "python": "python", "bash": "bash"}
"""Code by its class in a page; all else is output."""
TILDE = "\u02dc"  # by which pandoc knows an accent
NOT_PRINTED = (
    *(".headerlink", ".toctree-wrapper", "script", "style", "button", "[data-store]"),
    "details.hide",  # folded code
    *(".needs-keras-label", ".needs-keras-explanation", ".page-files", ".on-screen"),
    *(".moving-controls", ".moving details"),
    ".citation > .label",  # references are cited by author and year
)
"""What a page has for its use on a screen."""


def manuscript(
    html: Path, pages: Iterable[str], titles: Mapping[str, str], figures: Path, pictures: Path
) -> str:
    """Join the articles of pages into one document.

    html: the folder of the built pages. pages: their names, in order. titles: of the pages that
    have another one in print. figures: the folder in which the images of the pages are, at the
    paths that the pages give. pictures: the folder that gets the drawings that stand in a page.
    """
    articles = {page: article(html / f"{page}.html") for page in pages}
    for page, each in articles.items():
        if page in titles:
            replace_content(part(each, "h1"), titles[page])
        for image in each.select("img"):
            image["src"] = str((figures / unquote(str(image["src"]))).resolve())
        extract_drawings(each, pictures, page)
        move_answers(each)
        simplify(each)
        simplify_formulas(each)
        simplify_code(each)
    link(articles)
    return "\n".join(str(each) for each in articles.values())


def article(path: Path) -> Tag:
    """Read the article of a page, without what only a screen needs."""
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    content = part(page, "article > section")
    for each in content.select(", ".join(NOT_PRINTED)):
        each.decompose()
    return content


def simplify(content: Tag) -> None:
    """Say in plain HTML what a page says by classes and roles."""
    for title in content.select(".admonition-title"):
        rename(title, "strong")
        title.wrap(Tag(name="p"))
    for entry in content.select(".citation"):
        del entry["role"]  # which EPUB no longer has
    for moving in content.select(".moving"):
        moving.unwrap()


def simplify_formulas(content: Tag) -> None:
    """Write accents and names in formulas so that pandoc knows them."""
    for accent in content.select("mover > mo"):
        if accent.string == "~":
            replace_content(accent, TILDE)
    for name in content.select("mi"):
        if name.string == "diag":  # for pandoc, four factors
            rename(name, "mtext")


def simplify_code(content: Tag) -> None:
    """Take the colours out of code, and name its language."""
    for block in content.select("div[class*=highlight-]"):
        language = re.search(r"highlight-(\w+)", str(block["class"]))
        pre = part(block, "pre")
        replace_content(pre, pre.get_text())
        pre["class"] = LANGUAGES.get(language[1] if language else "", "output")
        block.replace_with(pre)
    for literal in content.select("code.literal"):
        replace_content(literal, literal.get_text())


def place(page: str, id_: str) -> str:
    """Name a place in the whole document; the article of a page itself has no id."""
    return f"{page}--{id_}" if id_ else page


def places_of(page: str, content: Tag) -> dict[str, Tag]:
    """Find the places of an article, by their names, and the element that a link there leads to.

    That is the heading for a section, and for an empty label in front of a heading.
    """
    elements = {place(page, ""): content}
    for each in content.select("[id]"):
        elements.setdefault(place(page, str(each["id"])), each)
    return {name: led_to(each) for name, each in elements.items()}


def led_to(element: Tag) -> Tag:
    """Return the heading that an element is or labels; the element itself if there is none."""
    section = element if element.name == "section" else element.parent
    is_label = element.name == "span" and not element.get_text()
    heading = section.find(HEADING, recursive=False) if section is not None else None
    if isinstance(heading, Tag) and (element is section or is_label):
        return heading
    return element


def link(articles: Mapping[str, Tag]) -> None:
    """Have links lead to places in the document; where there is none, only their words stay."""
    places: dict[str, Tag] = {}
    for page, content in articles.items():
        places |= places_of(page, content)
    wanted: dict[int, str] = {}  # the elements that a link leads to, by their first name
    for page, content in articles.items():
        for each in content.select("a[href]"):
            url = urlsplit(str(each["href"]))
            if url.scheme:
                continue
            name = place(url.path.removesuffix(".html") or page, unquote(url.fragment))
            if name in places:
                each["href"] = f"#{wanted.setdefault(id(places[name]), name)}"
            else:
                each.unwrap()
    for content in articles.values():
        for each in [content, *content.select("[id]")]:
            del each["id"]
    for element in places.values():
        if name := wanted.pop(id(element), ""):
            mark(element, name)


def mark(element: Tag, name: str) -> None:
    """Give an element a name that links lead to."""
    if element.name == "figure" or HEADING.match(element.name):
        element["id"] = name
        return
    anchor = Tag(name="span", attrs={"id": name})
    (element.p or element).insert(0, anchor)
