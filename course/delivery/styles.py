"""Writes one style sheet for all pages: what they use of the theme's rules, icons and fonts.

The font for formulas is STIX Two Math, a file of its own, which browsers load where a formula is.
The icons are a few letters of Font Awesome, which the sheet holds itself.
"""

import hashlib
import json
import re
from collections.abc import Collection
from html import unescape
from pathlib import Path

from bs4 import BeautifulSoup

from course.browser.packages import NODE, run_node
from course.delivery import fonts

PROGRAM = Path(__file__).with_suffix(".mjs")
MODULES = NODE / "node_modules"
FORMULAS = MODULES / "temml" / "dist" / "Temml-STIX2.css"
MATH_FONT = MODULES / "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff"
LINK = re.compile(r'[ \t]*<link [^>]*rel="stylesheet"[^>]*>\n?')
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
ICON = re.compile('"([\ue000-\uf8ff])"')  # icons are letters for private use
MATH = re.compile(r"<math.*?</math>", re.S)
LETTERS = {
    *map(chr, range(0x20, 0x7F)),
    *map(chr, range(0x391, 0x3CA)),
    *map(chr, range(0x1D434, 0x1D468)),
    *map(chr, range(0x1D6E2, 0x1D71C)),
    "ℎ",
}
"""What the font for formulas has in any case: Latin and Greek letters, upright and italic."""


def addresses(page: str) -> list[str]:
    """List the style sheets of a page, in their order, without what follows a question mark."""
    links = BeautifulSoup("".join(LINK.findall(page)), "html.parser").find_all("link")
    return [str(link["href"]).partition("?")[0] for link in links]


def linked(page: str, sheet: str) -> str:
    """Put one style sheet, given by its address, in the place of a page's own."""
    first = LINK.search(page)
    if not first:
        return page
    link = f'<link rel="stylesheet" href="{sheet}">\n'
    return page[: first.start()] + link + LINK.sub("", page[first.start() :])


def write(sheets: Collection[Path], pages: Collection[str], static: Path) -> str:
    """Write what is needed of style sheets; return the name of the file, which its content gives.

    pages: the texts of all pages and scripts. static: the folder to write in.
    """
    content = json.dumps(pages)
    css = run_node(PROGRAM, *sheets, FORMULAS, input=content)
    symbols = set("".join(ICON.findall(css)))
    formulas = "".join(match for page in pages for match in MATH.findall(page))
    shown = LETTERS | set(unescape(re.sub(r"<[^>]*>", "", formulas)))
    math_font = named("formulas", ".woff", fonts.cut(MATH_FONT, shown), static)
    folder = next(sheet for sheet in sheets if sheet.name == "pydata-sphinx-theme.css").parent

    def replaced(match: re.Match[str]) -> str:
        """Declare a font with what is needed of it; no font, if that is nothing."""
        if "STIX2" in match[0]:
            source = f"url({math_font})"
        else:
            font = folder / re.findall(r"url\(([^)]*\.ttf)\)", match[0])[0]
            needed = symbols & fonts.characters(font)
            if not needed:
                return ""
            source = f"url({fonts.address(fonts.cut(font, needed))})"
        return re.sub(r"src:.*(?=[;}])", f"src:{source}", match[0])

    return named("styles", ".css", FACE.sub(replaced, css).encode(), static)


def named(stem: str, ending: str, content: bytes, folder: Path) -> str:
    """Write a file whose name is new when its content is: browsers keep it by its address."""
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
    (folder / name).write_bytes(content)
    return name
