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
<p class="used fa-solid fa-bars"><a class="github">text</a> <math><mi>x</mi><mo>⊙</mo></math></p>"""


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
    held = re.findall(r"src:url\(data:font/woff;base64,([^)]+)\)", css)
    drawn = [TTFont(io.BytesIO(base64.b64decode(each))).getBestCmap() for each in held]
    asked = set(map(ord, re.findall("[\ue000-\uf8ff]", css)))
    assert asked == set().union(*drawn)
    bars, github, yelp = 0xF0C9, 0xF09B, 0xF1E9  # the second by way of a variable
    assert {bars, github} <= asked and yelp not in asked
    (letters,) = tmp_path.glob("formulas-*.woff")
    assert f"url({letters.name})" in css
    assert {"⊙", "𝑥", "σ"} <= fonts.characters(letters)
    assert "MATH" in TTFont(letters)
    assert styles.write([theme(), own], [PAGE], tmp_path) == name
