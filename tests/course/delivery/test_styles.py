"""One style sheet holds what pages use, and nothing else; fonts are cut likewise."""

import base64
import io
import re

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont

from course.delivery import fonts, styles

PAGE = """<html data-theme="auto"><link rel="stylesheet" href="a/one.css?v=1" />
<link rel="icon" href="x.svg"/>
<link href="two.css" rel="stylesheet">
<p class="used fa-solid fa-bars">text <math><mi>x</mi><mo>⊙</mo></math></p>"""


def theme():
    """The theme's style sheet, with its fonts beside it."""
    (folder,) = pydata_sphinx_theme.__path__
    return next(styles.Path(folder).rglob("styles/pydata-sphinx-theme.css"))


def test_the_style_sheets_of_a_page_are_named_and_replaced_by_one():
    assert styles.addresses(PAGE) == ["a/one.css", "two.css"]
    page = styles.linked(PAGE, "all.css")
    link = '<link rel="stylesheet" href="all.css">'
    assert page.startswith(f'<html data-theme="auto">{link}\n<link rel="icon"')
    assert styles.addresses(page) == ["all.css"]
    assert styles.linked("<p>no style</p>", "all.css") == "<p>no style</p>"


@pytest.mark.slow
def test_the_sheet_has_the_rules_icons_and_letters_that_are_used(tmp_path):
    own = tmp_path / "own.css"
    own.write_text(".used{color:red}.idle{color:blue}html[data-theme=dark] .used{color:pink}")
    name = styles.write([theme(), own], [PAGE], tmp_path)
    css = (tmp_path / name).read_text()
    assert ".used" in css and "data-theme=dark" in css and ".idle" not in css
    assert ".fa-bars" in css and ".fa-yelp" not in css
    (icons,) = re.findall(r"font-weight:900;src:url\(data:font/woff;base64,([^)]+)\)", css)
    assert set(TTFont(io.BytesIO(base64.b64decode(icons))).getBestCmap()) == {0xF0C9}
    (letters,) = tmp_path.glob("formulas-*.woff")
    assert f"url({letters.name})" in css
    assert {"⊙", "𝑥", "σ"} <= fonts.characters(letters)
    assert "MATH" in TTFont(letters)
    assert styles.write([theme(), own], [PAGE], tmp_path) == name
