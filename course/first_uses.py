"""A Sphinx extension: the first use of a glossary term in a chapter links to the glossary.

Authors write plain text. What stands in headings, boxes, code, formulas and links stays as it is.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from course.curriculum import BOOK, chapters

GLOSSARY = BOOK / "glossary.md"
NOT_HERE = (nodes.title, nodes.Admonition, nodes.literal, nodes.reference, addnodes.pending_xref,
            nodes.caption, nodes.raw, nodes.math, nodes.FixedTextElement, nodes.table)  # fmt: skip
"""Elements whose text stays as it is."""


def terms() -> list[str]:
    """Read the terms of the glossary, the longest first: a part of a term is no use of its own."""
    _, _, inside = GLOSSARY.read_text("utf-8").partition("```{glossary}")
    names = re.findall(r"^(?!:|```)(\w[^\n]*)$", inside, re.M)
    return sorted(names, key=len, reverse=True)


class FirstUses(SphinxTransform):
    """Links the first use of each term in a chapter."""

    default_priority = 550  # the text is parsed, and references are not resolved yet

    def apply(self, **_: object) -> None:
        """Change the page, if it is a chapter."""
        if self.env.docname in {chapter.page for chapter in chapters()}:
            self.env.note_dependency(str(GLOSSARY))
            link(self.document, terms(), self.env.docname)


def link(document: nodes.document, unused: list[str], docname: str) -> None:
    """Link the first use of each of the terms. docname: of the page."""
    unused = list(unused)
    for text in list(prose(document)):
        if not unused:
            return
        parts = list(linked(str(text), unused, docname))
        if len(parts) > 1:
            text.parent.replace(text, parts)


def prose(document: nodes.document) -> Iterator[nodes.Text]:
    """Iterate over the texts in paragraphs that are neither in a box nor in a link."""
    for text in document.findall(nodes.Text):
        above = list(ancestors(text))
        if any(isinstance(each, nodes.paragraph) for each in above) and not any(
            isinstance(each, NOT_HERE) or "quiz" in each.get("classes", ()) for each in above
        ):
            yield text


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Iterate over the elements that a node stands in."""
    while node.parent is not None:
        node = node.parent
        yield node


def linked(text: str, unused: list[str], docname: str) -> Iterator[nodes.Node]:
    """Split a text at the terms that have not been used before; take these off the list."""
    at = 0
    pattern = "|".join(map(re.escape, unused))
    for use in re.finditer(rf"(?<![\w-])(?:{pattern})(?=s?(?![\w-]))", text, re.I):
        term = next((each for each in unused if each.lower() == use[0].lower()), None)
        if term is None:  # used further up in this text
            continue
        unused.remove(term)
        yield nodes.Text(text[at : use.start()])
        yield reference(term, use[0], docname)
        at = use.end()
    yield nodes.Text(text[at:])


def reference(term: str, words: str, docname: str) -> addnodes.pending_xref:
    """Make a reference to a term, with the words of the text."""
    name = nodes.inline("", words, classes=["xref", "std", "std-term"])
    return addnodes.pending_xref(
        "", name, refdomain="std", reftype="term", reftarget=term, refexplicit=True,
        refwarn=True, refdoc=docname,
    )  # fmt: skip


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform to a build."""
    app.add_transform(FirstUses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
