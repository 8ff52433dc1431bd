"""Formulas become MathML; what cannot be read fails the build, at its place."""

import re

import pytest
from bs4 import BeautifulSoup

from course.delivery.formulas import UnreadableFormula, mathml
from tests.course.built_book import run_build

pytestmark = pytest.mark.slow  # each starts Node, and needs `make tab`

NUMBERED = """
```{math}
:label: two-rows
a &= b \\\\
c &= d
```

By {eq}`two-rows`, and by $x_1 < y$ in a line.
"""


def converted(tex, display=False):
    (result,) = mathml([(tex, display)])
    assert isinstance(result, str)
    return BeautifulSoup(result, "html.parser").math


def test_a_formula_says_what_it_means():
    formula = converted(r"\tilde{c}_t = f_t \odot c_{t-1}")
    assert formula.get_text() == "c~t=ft⊙ct−1"
    assert formula.find("mover") and formula.find("mo", string="⊙")["largeop"] == "false"
    assert converted("x", display=True)["display"] == "block"


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b && \text{one} \\ c &= d && \text{two} \end{aligned}",
        r"\underbrace{a}_{W} + \bigg|_{\text{path}} \Big( \lVert g \rVert \Big)",
        r"\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix} \operatorname{diag}(\tanh')",
    ],
)
def test_formulas_of_the_book_have_no_text_left_over(tex):
    assert not re.search(r"[\\&{}]", converted(tex, display=True).get_text())


def test_a_formula_that_cannot_be_read_says_why_and_the_others_are_there():
    good, bad = mathml([("x", False), (r"\nosuchcommand", False)])
    assert "<math" in good
    assert isinstance(bad, UnreadableFormula) and "nosuchcommand" in str(bad)
    assert mathml([]) == []


def test_a_numbered_formula_is_referred_to_by_its_number(small_book):
    page = small_book / "book" / "intro.md"
    page.write_text("# Intro\n" + NUMBERED)
    done = run_build(small_book / "book", small_book / "build")
    assert done.returncode == 0, done.stdout
    html = (small_book / "build" / "_build" / "html" / "intro.html").read_text()
    soup = BeautifulSoup(html, "html.parser")
    equation = soup.find("div", class_="math")
    assert equation.find(class_="eqno").get_text().startswith("(1)")
    assert len(equation.math.find_all("mtr")) == 2
    referring = soup.select(f'p a[href="#{equation["id"]}"]')
    assert [each.get_text() for each in referring] == ["(1)"]
    assert soup.select_one("span.math").get_text() == "x1<y"
    assert "MathJax" not in html


def test_a_formula_that_cannot_be_read_fails_the_build_and_names_its_page(small_book):
    page = small_book / "book" / "intro.md"
    page.write_text("# Intro\n\nWith $\\nosuchcommand{x}$ in it.\n")
    done = run_build(small_book / "book", small_book / "build")
    assert done.returncode != 0
    assert re.search(r"intro\.md:\d+: WARNING: .*nosuchcommand", done.stdout)
