"""Turns formulas into MathML, which browsers show without a script.

A formula may be anything that a learner typed. Only the elements and attributes below are kept of
the converter's output, and every text is escaped.
"""

import html
import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from autograder.judge.outputs import text

LONGEST = 2_000  # characters of a formula
DEEPEST = 60  # elements within each other
MOST = 500  # formulas of a text
DEFINES = re.compile(r"\\(newcommand|renewcommand|def|newenvironment|DeclareMathOperator)\b")
"""Commands that define others: a few of them, nested, can stand for any number of symbols."""

ELEMENTS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mpadded", "mphantom"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
    *("mtable", "mtr", "mtd", "menclose", "merror"),
}
LENGTH = r"[+-]?\d{0,2}(\.\d{1,4})?(em|ex|px|pt|mu)?"
WORD = r"[a-z-]{1,24}"
ATTRIBUTES = {
    **dict.fromkeys(("width", "height", "depth", "lspace", "rspace", "voffset"), LENGTH),
    **dict.fromkeys(("minsize", "maxsize", "linethickness"), LENGTH),
    **dict.fromkeys(("stretchy", "fence", "accent", "largeop", "movablelimits"), "true|false"),
    **dict.fromkeys(("displaystyle",), "true|false"),
    **dict.fromkeys(("form", "mathvariant", "columnalign", "notation"), WORD),
    **dict.fromkeys(("display",), "block|inline"),
    **dict.fromkeys(("scriptlevel",), r"\d"),
}
"""What an attribute's value must look like to be kept."""

SYNONYMS = {"aligned": "align*", "gathered": "matrix", "gather": "matrix", "gather*": "matrix"}
"""Environments that the converter does not know, and which of its own look the same."""

CODE_POINT = re.compile(r"&#x([0-9A-Fa-f]{1,6});")  # how the converter writes most symbols


class NotShown(ValueError):
    """A formula that cannot be converted."""


def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML, or as it was typed where it cannot be read.

    tex: without dollars. display: whether it stands on a line of its own.
    """
    try:
        return _written(_converted(tex, display), f' alttext="{html.escape(tex)}"')
    # The converter has exceptions of its own, and leaves others to Python.
    except Exception:
        dollars = "$$" if display else "$"
        return f"<code>{html.escape(f'{dollars}{tex}{dollars}')}</code>"


def _converted(tex: str, display: bool) -> Element:
    if len(tex) > LONGEST or DEFINES.search(tex):
        raise NotShown
    known = re.sub(
        r"\\(begin|end)\{([a-z]+\*?)\}",
        lambda match: rf"\{match[1]}{{{SYNONYMS.get(match[2], match[2])}}}",
        tex,
    )
    return convert_to_element(known, display="block" if display else "inline")


def _written(element: Element, further: str = "", depth: int = 0) -> str:
    """Write an element, with the attributes `further`; one that is not listed becomes a row."""
    if depth > DEEPEST:
        raise NotShown
    tag = element.tag if element.tag in ELEMENTS else "mrow"
    attributes = "".join(
        f' {name}="{html.escape(value)}"'
        for name, value in element.attrib.items()
        if name in ATTRIBUTES and re.fullmatch(ATTRIBUTES[name], value)
    )
    inner = "".join(_written(child, depth=depth + 1) for child in element)
    return f"<{tag}{attributes}{further}>{_symbols(element.text or '')}{inner}</{tag}>"


def _symbols(written: str) -> str:
    """Escape an element's text, in which the converter has written symbols by their numbers."""
    return html.escape(text(CODE_POINT.sub(lambda match: chr(int(match[1], 16)), written)))
