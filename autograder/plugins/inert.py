"""Keeps what learners wrote from running in the browser that shows it.

nbgrader trusts notebooks: its feedback and the formgrader's pages show their HTML, scripts and
output metadata as they are, from the address where the instructor is logged in. nbgrader_config.py
puts this module into nbconvert's HTMLExporter, which makes both. The rendered HTML is cleaned and
not the Markdown, so that formulas and code with < and & stay what they are.
"""

import html
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from autograder.judge.outputs import pictures, safe_output, text

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "details", "summary"),
    *("div", "span", "pre", "code", "kbd", "img", "a", "ol", "ul", "li", "dl", "dt", "dd"),
    *("b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "abbr"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
ATTRIBUTES = {
    (
        "a",
        "href",
    ): r"(https?://|mailto:|#).*",  # a file of the submission could be a page of its own
    ("img", "src"): r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*",  # asks no server
    ("img", "alt"): ".*",
    ("img", "width"): r"\d+%?",
    ("img", "height"): r"\d+%?",
    ("details", "open"): ".*",
    ("ol", "start"): r"\d+",
    ("td", "style"): ".*",
    ("th", "style"): ".*",
    ("*", "title"): ".*",
    # Other classes, and any id, could take the place of the formgrader's own boxes and buttons.
    ("*", "class"): "|".join([r"\s*highlight( hl-\w+)?", *filter(None, STANDARD_TYPES.values())]),
}
"""What a tag's attribute must look like to be kept."""

LONGEST = 50_000
"""A longer text, pictures not counted, is shown as it was typed: rendering could take minutes."""

CHECKBOXES = {
    '<input class="task-list-item-checkbox" type="checkbox" disabled/>': "☐ ",
    '<input class="task-list-item-checkbox" type="checkbox" disabled checked/>': "☑ ",
}


def _keeps(tag: str, name: str, value: str) -> bool:
    """Say whether a tag keeps an attribute."""
    pattern = ATTRIBUTES.get((tag, name)) or ATTRIBUTES.get(("*", name))
    return pattern is not None and re.fullmatch(pattern, value, re.DOTALL) is not None


_cleaner = bleach.Cleaner(
    tags=TAGS,
    attributes=_keeps,
    protocols={"http", "https", "mailto", "data"},
    css_sanitizer=CSSSanitizer(allowed_css_properties={"text-align"}),  # columns of tables
)


def clean(markup: str) -> str:
    """Return HTML that does nothing: tags that could do something are shown as text."""
    return _cleaner.clean(str(markup))


@pass_context
def markdown2html(context: dict, source: str) -> str:
    """Render Markdown as nbconvert's filter of this name does, and clean it.

    Headings get no id: the formgrader finds its boxes by theirs, which are the names of cells.
    """
    if len(re.sub(r"data:image/[A-Za-z0-9+/=;,]*", "", source)) > LONGEST:
        return _as_typed(source)
    renderer = IPythonRenderer(
        escape=False,
        attachments=context.get("cell", {}).get("attachments", {}),
        exclude_anchor_links=True,
    )
    try:
        rendered = MarkdownWithMath(renderer).render(source)
    except (InvalidNotebook, RecursionError):  # an attachment was lost, or nested too deeply
        return _as_typed(source)
    for box, sign in CHECKBOXES.items():
        rendered = rendered.replace(box, sign)
    return clean(rendered)


def _as_typed(source: str) -> str:
    """Show Markdown that cannot be rendered."""
    return f"<pre>{html.escape(source)}</pre>"


class Inert(Preprocessor):
    """Leave in a notebook only what the templates show safely; they escape little of the rest."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Drop the state of widgets, then see to each cell."""
        nb.metadata.pop("widgets", None)
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        """Keep a cell's text, nbgrader's metadata (which nbgrader has checked), safe outputs."""
        cell.source = text(cell.source)
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k == "nbgrader"})
        if "attachments" in cell:
            cell.attachments = {name: pictures(data) for name, data in cell.attachments.items()}
        if cell.cell_type == "code":
            cell.outputs = [kept for each in cell.outputs if (kept := safe_output(each))]
        return cell, resources
