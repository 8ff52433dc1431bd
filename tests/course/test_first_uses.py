"""Links to the glossary: the first use of a term, and nothing else."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from course.curriculum import chapters
from course.first_uses import link, terms
from tests.course.built_book import build_book

TERMS = ["forget gate", "gate", "lag", "Jacobian"]


def page(*elements: nodes.Node) -> nodes.document:
    document = new_document("page")
    document += elements
    return document


def links(document: nodes.document) -> list[tuple[str, str]]:
    """List the links of a page: the words, and the term that they lead to."""
    return [(each.astext(), each["reftarget"]) for each in document.findall(addnodes.pending_xref)]


TEXTS = {
    "A gate, and a gate.": [("gate", "gate")],
    "The forget gate is a gate.": [("forget gate", "forget gate"), ("gate", "gate")],
    "Two Jacobians and a lag.": [("Jacobian", "Jacobian"), ("lag", "lag")],
    "Gates": [("Gate", "gate")],
    "A flag, a floodgate, lag-free, gated.": [],
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_the_first_use_is_linked(text, expected):
    document = page(nodes.paragraph("", text), nodes.paragraph("", text))
    link(document, TERMS, "page")
    assert links(document) == expected
    assert document.astext() == f"{text}\n\n{text}"


ELSEWHERE = {
    "a title": nodes.section("", nodes.title("", "A gate")),
    "a box": nodes.note("", nodes.paragraph("", "A gate")),
    "code": nodes.paragraph("", "", nodes.literal("", "gate")),
    "a block of code": nodes.literal_block("", "gate"),
    "a link": nodes.paragraph("", "", nodes.reference("", "gate", refuri="#")),
    "a quiz": nodes.container("", nodes.paragraph("", "A gate"), classes=["quiz"]),
}


@pytest.mark.parametrize("element", ELSEWHERE.values(), ids=ELSEWHERE)
def test_it_stays_as_it_is_in(element):
    document = page(element.deepcopy(), nodes.paragraph("", "Later a gate."))
    link(document, TERMS, "page")
    assert links(document) == [("gate", "gate")]
    assert not list(document.children[0].findall(addnodes.pending_xref))


def test_the_terms_are_those_of_the_glossary():
    assert {"cell state", "return_sequences", "Jacobian"} <= set(terms())
    assert not any(":" in term or "`" in term for term in terms())


@pytest.mark.slow
@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.page)
def test_a_chapter_links_each_term_once(chapter):
    html = (build_book() / f"{chapter.page}.html").read_text("utf-8")
    article = BeautifulSoup(html, "html.parser").find("article")
    targets = [a["href"] for a in article.select("a:has(> .std-term)")]
    assert len(targets) >= 5 and len(set(targets)) == len(targets)
    assert all(target.startswith("glossary.html#term-") for target in targets)
