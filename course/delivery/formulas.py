"""A Sphinx extension: formulas become MathML when the book is built, which needs no script to show.

A formula that cannot be read is a warning, which names its page and line.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import getLogger
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from course.browser.packages import run_node

LOGGER = getLogger(__name__)
PROGRAM = Path(__file__).with_suffix(".mjs")


class UnreadableFormula(ValueError):
    """A formula that is no TeX, or that uses a command which is not known; the message says why."""


def mathml(formulas: Sequence[tuple[str, bool]]) -> list[str | UnreadableFormula]:
    """Turn formulas into MathML, by Temml.

    formulas: each with its TeX, and whether it stands in a line of its own. Returns for each its
    MathML, or why there is none.
    """
    converted = json.loads(run_node(PROGRAM, input=json.dumps(formulas))) if formulas else []
    return [
        each["mathml"] if "mathml" in each else UnreadableFormula(each["error"])
        for each in converted
    ]


def formula(node: nodes.Element) -> tuple[str, bool]:
    """Return the TeX of a node, and whether it stands in a line of its own; there it may have rows.

    As in Sphinx's own renderers, rows need no environment.
    """
    tex, display = node.astext(), isinstance(node, nodes.math_block)
    if display and r"\\" in tex and not node["nowrap"] and not tex.lstrip().startswith(r"\begin"):
        tex = rf"\begin{{split}}{tex}\end{{split}}"
    return tex, display


class Formulas(SphinxPostTransform):
    """Writes the MathML of a page's formulas into their nodes."""

    default_priority = 900  # all parts of the page have come together
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Change the page."""
        places = [
            node
            for node in self.document.findall(nodes.Element)
            if isinstance(node, nodes.math | nodes.math_block)
        ]
        for node, converted in zip(places, mathml(list(map(formula, places))), strict=True):
            if isinstance(converted, UnreadableFormula):
                LOGGER.warning("%s", converted, location=node)
            else:
                node["mathml"] = converted


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body += [self.starttag(node, "span", "", CLASS="math"), node.get("mathml", ""), "</span>"]
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula in a line of its own, with its number if it has a label."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body += [node.get("mathml", ""), "</div>\n"]
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the renderer `mathml` to a build."""
    app.add_post_transform(Formulas)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
