"""Puts one script in the place of the many that the theme and Sphinx's extensions put into a page.

It stands at the end of the page, which a browser shows before it runs. As some scripts expect, the
page still counts as being read then. What only the search needs is left out of all other pages.
"""

import re
from pathlib import Path

SCRIPT = re.compile(r"[ \t]*<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>\n?", re.S)
PRELOAD = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')
SEARCH = {"searchtools.js", "language_data.js", "searchindex.js"}
NEVER = {"fontawesome.js"}  # draws as SVG the icons that a font shows
EARLY = "data-cfasync"  # the theme's choice between light and dark, before anything is seen
MEASURED = (  # the theme measures these at once, which takes a second on a telephone; see book.js
    '["pre",".nboutput > .output_area",".cell_output > .output",".jp-RenderedHTMLCommon",'
    '".pst-scrollable-table-container"].join(", ")'
)
UNUSED = "DOCUMENTATION_OPTIONS.pagename"  # for the choice between versions of a book


def joined(page: str, folder: Path) -> tuple[str, str]:
    """Take the scripts out of a page; return the page, and one script that does the same, or "".

    folder: that of the page. Scripts that have a type, such as data and modules, stay.
    """
    parts: list[str] = []
    search = 'id="search-results"' in page

    def taken(match: re.Match[str]) -> str:
        attributes = match["attributes"]
        if "type=" in attributes or EARLY in attributes:
            return match[0]
        source = re.search(r'src="([^"?]+)', attributes)
        if not source:
            code = match["code"]
        elif (file := folder / source[1]).name in NEVER or (file.name in SEARCH and not search):
            return ""
        else:
            code = file.read_text("utf-8")
            if file.name == "pydata-sphinx-theme.js":
                code = without_measuring(code)
        if UNUSED not in code or source:
            parts.append(code.strip())
        return ""

    page = SCRIPT.sub(taken, PRELOAD.sub("", page))
    return page, "\n;".join(dict.fromkeys(parts))


def without_measuring(theme: str) -> str:
    """Have the theme's script measure nothing. Raises ValueError where it is not as it is known."""
    if MEASURED not in theme:
        raise ValueError("the theme's script has changed: look how it finds what scrolls now")
    return theme.replace(MEASURED, '"[data-measured]"')


def linked(page: str, script: str) -> str:
    """Have a page load a script, given by its address, at its end."""
    before, _, after = page.rpartition("</body>")
    return f'{before}<script src="{script}"></script>\n</body>{after}'
