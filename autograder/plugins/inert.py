"""Keeps what learners wrote from running in the browser that shows it.

nbgrader trusts notebooks. Its feedback and the formgrader's pages show their HTML, scripts and
output metadata as they are, at the address where the instructor is logged in. nbgrader_config.py
puts this module into nbconvert's HTMLExporter, which makes the formgrader's pages; the feedback is
made with it, too. It cleans the rendered HTML and not the Markdown, so that code with < and & is
left alone. Formulas become MathML here, since MathJax would come from another host.
"""

import html
import re
import secrets

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from autograder.judge.outputs import pictures, safe_output, text
from autograder.plugins.formulas import MOST, mathml

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

LONGEST, LONGEST_IN_ALL, MOST_OPENINGS = 20_000, 100_000, 200
"""How much Markdown is rendered, not counting pictures: characters of a text and of all texts, and
openings of LaTeX's brackets and environments in a text. The rest is shown as typed, since rendering
it could take minutes.
"""

PICTURE = re.compile(r"data:image/[A-Za-z0-9+/=;,]*")
OPENING = re.compile(r"\\begin\{|\\\\[(\[]")

A_TAG = r"""<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>"""
"""As bleach writes them: with every value in quotes."""

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


class WithFormulas(IPythonRenderer):
    """Renders Markdown with marks in place of formulas, which are put in once the HTML is clean."""

    def __init__(self, attachments: dict[str, dict[str, str]]):
        super().__init__(escape=False, attachments=attachments, exclude_anchor_links=True)
        self._formulas: list[tuple[str, bool]] = []
        self._mark = secrets.token_hex(8)  # nobody can write it into a text

    def inline_math(self, body: str) -> str:
        """Take a formula within a line."""
        return self._keep(body, False)

    def block_math(self, body: str) -> str:
        """Take a formula on lines of its own."""
        return self._keep(body, True)

    def latex_environment(self, name: str, body: str) -> str:
        """Take a formula that has no dollars."""
        return self._keep(rf"\begin{{{name}}}{body}\end{{{name}}}", True)

    def _keep(self, tex: str, display: bool) -> str:
        self._formulas.append((tex, display))
        return f"{self._mark}-{len(self._formulas) - 1}-"

    def with_formulas(self, cleaned: str) -> str:
        """Put the formulas into clean HTML. Within a tag, as in a title, they stay as typed.

        Raises InvalidNotebook where there are too many.
        """
        if len(self._formulas) > MOST:
            raise InvalidNotebook(f"more than {MOST} formulas")

        def put(match: re.Match) -> str:
            if match["number"] is None:
                return mark.sub(
                    lambda inner: html.escape(self._formulas[int(inner[1])][0]), match[0]
                )
            return mathml(*self._formulas[int(match["number"])])

        mark = re.compile(rf"{self._mark}-(?P<number>\d+)-")
        return re.sub(rf"{A_TAG}|{mark.pattern}", put, cleaned)


@pass_context
def markdown2html(context: dict, source: str) -> str:
    """Render Markdown as nbconvert's filter of this name does, and clean it.

    Headings get no id: the formgrader finds its boxes by theirs, which are the names of cells.
    """
    if _length(source) > LONGEST or len(OPENING.findall(source)) > MOST_OPENINGS:
        return _as_typed(source)
    renderer = WithFormulas(context.get("cell", {}).get("attachments", {}))
    try:
        rendered = MarkdownWithMath(renderer).render(source)
        for box, sign in CHECKBOXES.items():
            rendered = rendered.replace(box, sign)
        return renderer.with_formulas(clean(rendered))
    # An attachment was lost, it is nested too deeply, or has too many formulas.
    except (InvalidNotebook, RecursionError):
        return _as_typed(source)


def _length(source: str) -> int:
    """Count the characters of Markdown, without those of pictures."""
    return len(PICTURE.sub("", source))


def _as_typed(source: str) -> str:
    """Show Markdown that cannot be rendered."""
    return f"<pre>{html.escape(source)}</pre>"


class Inert(Preprocessor):
    """Keep only what the templates can show safely: they escape little themselves."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Drop the state of widgets, clean each cell, and limit how much is rendered."""
        nb.metadata.pop("widgets", None)
        nb, resources = super().preprocess(nb, resources)
        room = LONGEST_IN_ALL
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                room -= _length(cell.source)
                if room < 0:
                    cell.source = _quoted(cell.source)
        return nb, resources

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


def _quoted(source: str) -> str:
    """Return Markdown that shows Markdown as it was typed."""
    fence = "`" * (max([2, *map(len, re.findall("`+", source))]) + 1)
    return f"{fence}\n{source}\n{fence}"
