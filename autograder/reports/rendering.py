"""Renders the cells of a notebook that `Inert` has seen to, for a page of feedback."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape
from nbconvert.filters import ansi2html
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from autograder.judge.outputs import IMAGES
from autograder.plugins.inert import markdown2html

MOST_OF_A_TEXT = 20_000  # characters that are shown of an output
MOST_IN_COLOUR = 50_000  # characters of code: colouring takes time
CUT = " ... (cut)"
HEADING = re.compile(r"<(/?)h([1-6])\b")
NO_ALT = re.compile(r"<img (?![^>]*\balt=)")
STYLE = re.compile(r' style="[^"]*"')

_LEXER, _FORMATTER = get_lexer_by_name("ipython3"), HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Output:
    """What a cell shows. kind: "stdout", "stderr", "error", "result" or "picture"."""

    kind: str
    html: Markup


def markdown(source: str, attachments: dict | None = None) -> Markup:
    """Render a text; its headings stand below those of the page."""
    rendered = markdown2html({"cell": {"attachments": attachments or {}}}, source)
    below = HEADING.sub(lambda tag: f"<{tag[1]}h{min(6, int(tag[2]) + 2)}", rendered)
    return Markup(NO_ALT.sub('<img alt="" ', below))


def code(source: str) -> Markup:
    """Render code, in colours as far as it is not too long."""
    if len(source) > MOST_IN_COLOUR:
        return escape(source)
    return Markup(highlight(source, _LEXER, _FORMATTER))


def outputs(cell: NotebookNode) -> list[Output]:
    """Render what a cell shows."""
    rendered = []
    for each in cell.get("outputs", []):
        if each.output_type == "stream":
            rendered.append(Output(each.name, _text(each.text)))
        elif each.output_type == "error":
            rendered.append(Output("error", _text("\n".join(each.traceback) or error(each))))
        else:
            rendered += _displayed(each.data)
    return rendered


def error(output: NotebookNode) -> str:
    """Write an exception as Python does: its kind, then its message."""
    return ": ".join(filter(None, (output.ename, output.evalue)))


def unwrapped(message: str) -> str:
    """Join the lines of a wrapped message: lines that begin with two spaces continue it.

    After a colon, such a line is an example and stays on its own.
    """
    return re.sub(r"(?<!:)\n {2}(?=\S)", " ", message)


def _displayed(data: dict) -> list[Output]:
    """Render a picture, or else the text."""
    for kind in IMAGES:
        if kind in data:
            picture = Markup('<img src="data:{};base64,{}" alt="What your code drew">')
            return [Output("picture", picture.format(kind, data[kind]))]
    return [Output("result", _text(data.get("text/plain", "")))]


def _text(text: str) -> Markup:
    """Render text with a terminal's named colours, for which the page has readable ones."""
    return Markup(STYLE.sub("", ansi2html(cut(text, MOST_OF_A_TEXT))))


def cut(text: str, most: int) -> str:
    """Return a text, or its beginning where it has more than `most` characters."""
    return text if len(text) <= most else f"{text[:most]}{CUT}"
