"""Formulas become MathML that shows what was meant, and nothing else, whatever was typed."""

import re
import sys

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from autograder.plugins import formulas
from autograder.plugins.formulas import mathml

TEX = st.lists(
    st.sampled_from(
        [*"{}^_&'\"<>\\$%#~[]ab1 ", "\\frac", "\\text{", "\\left(", "\\right)", "\\begin{matrix}",
         "\\end{matrix}", "\\\\", "\\href{javascript:x}", "\\style{color:red}", "\\class{x}",
         "\\unicode{x3c}", "&#x3c;", "&#xd800;", "\\color{red}", "\\sqrt[", "\\newcommand",
         "<script>", "\\text{<b>}"]
    )
    | st.text(max_size=3),
    max_size=30,
).map("".join)  # fmt: skip


def parsed(tex, display=False):
    return BeautifulSoup(mathml(tex, display), "html.parser")


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\sigma(0) = 0.5", "σ(0)=0.5"),
        (r"h_{t-1}", "ht−1"),
        (r"a < b & c", "a<b&c"),
        (r"\text{two words}", "two\xa0words"),
        (r"\begin{bmatrix}1 & 2\\ 3 & 4\end{bmatrix}", "[1234]"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d"),
        (r"\begin{align*} a &= b \end{align*}", "a=b"),
        (r"\hat{y}, \tilde c, \lVert x \rVert, \odot, \partial", "y^,c~,‖x‖,⊙,∂"),
    ],
)
def test_a_formula_shows_its_symbols(tex, shown):
    assert parsed(tex).math.get_text() == shown
    assert parsed(tex).math["alttext"] == tex


@pytest.mark.parametrize("command", ["text", "mbox", "operatorname", "mathrm", "fbox", "verb|"])
def test_html_in_a_formula_stays_text(command):
    tags = "<script>alert(1)</script>&#x3c;img src=x onerror=alert(1)&#x3e;"
    for tex in (rf"\{command}{{{tags}}}", tags, rf"{{{tags}", rf"\unicode{{x3c}}img{tags}"):
        names = {element.name for element in parsed(tex).find_all(True)}
        assert names <= formulas.ELEMENTS | {"code"}


def test_a_formula_on_its_own_line_is_displayed():
    assert parsed("x", display=True).math["display"] == "block"
    assert parsed("x").math["display"] == "inline"


@pytest.mark.parametrize(
    "tex",
    [
        r"\left( a",
        "{" * 200 + "}" * 200,
        "a" * (formulas.LONGEST + 1),
        r"\newcommand{\a}{aa}\a",
        r"\def\a{aa}\a",
        r"\unicode{x110000}",
    ],
    ids=lambda tex: tex[:20],
)
def test_what_cannot_be_shown_stays_as_it_was_typed(tex):
    assert parsed(tex).code.get_text() == f"${tex}$"
    assert parsed(tex, display=True).code.get_text() == f"$${tex}$$"


@pytest.mark.slow
@pytest.mark.fuzz
@given(tex=TEX, display=st.booleans())
def test_whatever_is_typed_does_nothing_and_can_be_written(tex, display):
    markup = mathml(tex, display)
    markup.encode()
    soup = BeautifulSoup(markup, "html.parser")
    assert len([part for part in soup.contents if part.name]) == len(soup.contents) == 1
    for element in soup.find_all(True):
        assert element.name in formulas.ELEMENTS | {"code"}
        assert set(element.attrs) <= formulas.ATTRIBUTES.keys() | {"alttext"}


HEAVY = [
    "a" * 1999, "{" * 1999, r"\frac{" * 330, "a_{" * 600, r"\left(" * 330, "f" + "'" * 1990,
    r"\begin{matrix}" * 140, r"\operatorname{" + " " * 1900, r"\text{" * 330, r"\verb|" * 330,
    r"\sqrt[" * 330, r"\hat" * 490, r"\not" * 490, "&" * 1990, "\\\\" * 990,
]  # fmt: skip


@pytest.mark.parametrize("tex", HEAVY, ids=lambda tex: tex[:9])
def test_no_formula_takes_long(tex):
    calls = 0

    def count(*_):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        mathml(tex, True)
    finally:
        sys.setprofile(None)
    assert calls < 1_000_000  # calls and returns: some 0.1 s; a machine's load does not count


def test_the_formulas_of_the_exercises_are_all_read():
    from tests.autograder.plugins.test_inert import EXERCISES

    text = "".join(path.read_text("utf-8").replace("\\\\", "\\") for path in EXERCISES)
    typed = re.findall(r"(?<!\$)\$([^$\n\"]{1,80})\$(?!\$)", text)
    assert len(typed) > 150
    assert [tex for tex in typed if parsed(tex).math is None] == []
