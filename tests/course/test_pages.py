"""The sources of the book's pages: one form of front matter and of head, one width of code."""

import re

import pytest

from course.curriculum import chapters
from tests.course.built_book import BOOK

PAGES = sorted(path.stem for path in BOOK.glob("*.md"))
FRONT_MATTER = ["---", "file_format: mystnb", "---"]
WIDTH = 75  # what a window 1280 px wide shows of a folded cell without scrolling sideways
WITHOUT_HEAD = {"intro", "sheet", "glossary", "references"}  # to choose, or to look things up
HEAD = re.compile(
    r"# [^\n]+\n\n"
    r":::\{admonition\} Before you start\n"
    r"\*\*You learn\*\* (?:[^\n]+\n)+?"
    r"\*\*You need\*\* (?:[^\n]+\n)+?"
    r"\*\*Time\*\*: about \d+ minutes[^\n]*\.\n"
    r":::\n"
)
NOT_SHOWN = ("remove-cell", "remove-input")


def cells(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The code cells of a page: the number of each one's first line of content, and its lines."""
    code_cells, start = [], None
    for number, line in enumerate(lines, start=1):
        if line.startswith("```{code-cell}"):
            start = number
        elif start and line == "```":
            code_cells.append((start + 1, lines[start : number - 1]))
            start = None
    return code_cells


def options(cell: list[str]) -> int:
    """How many lines of a cell are its options, in front of the code."""
    if cell and cell[0] == "---":
        return cell.index("---", 1) + 1
    return next((n for n, line in enumerate(cell) if not line.startswith(":")), len(cell))


def faults(lines: list[str]) -> list[str]:
    """What is wrong with a page, one entry for each line at fault, which starts with its number."""
    code_cells = cells(lines)
    wrong = []
    if code_cells and lines[:3] != FRONT_MATTER:
        wrong.append(f"1: the front matter is not {' '.join(FRONT_MATTER)!r}")
    if not code_cells and lines[0] == "---":
        wrong.append("1: front matter on a page without code cells")
    for first, cell in code_cells:
        code = options(cell)
        if any(tag in line for line in cell[:code] for tag in NOT_SHOWN):
            continue
        wrong += [
            f"{number}: {len(line)} columns of code, of which {WIDTH} fit"
            for number, line in enumerate(cell[code:], start=first + code)
            if len(line) > WIDTH
        ]
    return wrong


@pytest.mark.parametrize("page", PAGES)
def test_page_has_the_common_front_matter_and_width_of_code(page):
    lines = (BOOK / f"{page}.md").read_text("utf-8").splitlines()
    assert [f"{page}.md:{fault}" for fault in faults(lines)] == []


def has_head(text: str) -> bool:
    """Whether a page begins with its title and one box: You learn, You need, Time."""
    seen = re.sub(r"^```\{code-cell\}.*?^```\n\n", "", text, flags=re.M | re.S)
    body = seen.removeprefix("\n".join([*FRONT_MATTER, "", ""]))
    return HEAD.match(body) is not None


@pytest.mark.parametrize("page", sorted({*PAGES} - WITHOUT_HEAD))
def test_page_has_the_common_head(page):
    text = (BOOK / f"{page}.md").read_text("utf-8")
    wanted = "a title, then one box: **You learn**, **You need**, **Time**: about ... minutes"
    assert has_head(text), f"book/{page}.md does not begin with {wanted}"


def test_every_page_is_in_the_table_of_contents():
    listed = re.findall(r"(?:root|file): (\S+)", (BOOK / "_toc.yml").read_text("utf-8"))
    assert sorted(set(PAGES) - set(listed)) == [], "book/_toc.yml does not list it"


def sections(text: str) -> list[str]:
    """The sections of a page, each from its heading on, without those that ask nothing."""
    return [each for each in text.split("\n## ")[1:] if not each.startswith(("Summary", "Data"))]


def asks(section: str) -> bool:
    """Whether a section begins with a question: its heading, or its first paragraph."""
    heading, first = section.split("\n\n")[:2]
    return heading.endswith("?") or (first.startswith("*") and first.endswith("?*"))


@pytest.mark.parametrize("page", [each.page for each in chapters()])
def test_every_section_of_a_chapter_begins_with_a_question(page):
    text = (BOOK / f"{page}.md").read_text("utf-8")
    assert [each.split("\n")[0] for each in sections(text) if not asks(each)] == []


def test_another_head_is_noticed():
    box = (
        "# Page\n\n:::{admonition} Before you start\n**You learn** how a gate\nopens.\n"
        "**You need** nothing.\n**Time**: about 5 minutes.\n:::\n"
    )
    cell = "```{code-cell} ipython3\nx = 1\n```\n\n"
    front = "\n".join([*FRONT_MATTER, "", ""])
    assert has_head(box) and has_head(front + box.replace(":::{", cell + ":::{"))
    assert not has_head(front + "# Page\n\nText.\n\n" + box.removeprefix("# Page\n\n"))
    for line in ("**You learn** how a gate\nopens.\n", "**You need** nothing.\n"):
        assert not has_head(box.replace(line, ""))
    for old, new in (("You learn", "You will learn"), ("**Time**: about", "**It takes** about")):
        assert not has_head(box.replace(old, new))


def page_with(front: list[str], *cell: str) -> list[str]:
    """The lines of a page with one cell."""
    return [*front, "# Page", "```{code-cell} ipython3", *cell, "```"]


def test_faults_are_found():
    wide, fits = "x" * (WIDTH + 1), "x" * WIDTH
    assert faults(page_with(FRONT_MATTER, fits)) == []
    assert faults(page_with(FRONT_MATTER, fits, wide)) == ["7: 76 columns of code, of which 75 fit"]
    assert faults(page_with(FRONT_MATTER, ":tags: [hide-input]", wide)) == [
        "7: 76 columns of code, of which 75 fit"
    ]
    assert faults(page_with(FRONT_MATTER, "---", f"alt: {wide}", "---", fits)) == []
    assert faults(page_with(FRONT_MATTER, ":tags: [remove-cell]", wide)) == []
    old = ["---", "jupytext: {}", *FRONT_MATTER[1:]]
    assert faults(page_with(old, fits)) == [
        "1: the front matter is not '--- file_format: mystnb ---'"
    ]
    assert faults([*FRONT_MATTER, "# Page"]) == ["1: front matter on a page without code cells"]


def test_the_tests_that_the_pages_name_exist():
    named = {
        name for page in BOOK.glob("*.md")
        for name in re.findall(r"`((?:\w+/)*test_\w+\.py)`", page.read_text("utf-8"))
    }  # fmt: skip
    assert len(named) >= 8
    assert [name for name in sorted(named) if not (BOOK.parent / "tests" / name).is_file()] == []
