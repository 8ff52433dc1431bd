"""The marks of a page's cells: classes, a label, one explanation, and code for the browser."""

import json
from html.parser import HTMLParser

import pytest
from docutils import nodes
from docutils.utils import new_document

from course.visible_code.marks import HOW, LABEL, Marks

NP, KERAS, DRAWS = (
    "import numpy as np",
    "import keras",
    "import matplotlib.pyplot as plt\nplt.plot()",
)


def cell(source, **attributes):
    """A cell as MyST-NB has it before the page is written, with an output."""
    code = nodes.container("", nodes.literal_block(source, source), nb_element="cell_code_source")
    output = nodes.container("", nb_element="cell_code_output")
    return nodes.container("", code, output, nb_element="cell_code", **attributes)


def marked(*cells):
    """A page of cells, marked."""
    page = new_document("page")
    page += [nodes.paragraph("", "Text."), *cells]
    Marks(page).apply()
    return page


def test_cells_that_need_keras_say_so_and_others_do_not():
    page = marked(cell(NP), cell(KERAS), cell(DRAWS), cell("print(keras)"))
    cells = [each for each in page if each.get("nb_element") == "cell_code"]
    assert [each["classes"] for each in cells] == [
        ["runs-in-page"],
        ["needs-keras"],
        [],
        ["needs-keras"],
    ]
    labels = [LABEL in each.astext() for each in cells]
    assert labels == [False, True, False, True]


def test_the_label_is_explained_once_above_the_first_code_that_is_not_folded():
    page = marked(cell(KERAS, hide_mode="input"), cell(NP), cell(KERAS), cell(KERAS))
    explained = [n for n, each in enumerate(page) if "needs-keras-explanation" in each["classes"]]
    assert explained == [3]
    assert page[3].next_node(nodes.reference)["refuri"] == HOW
    assert page[4]["classes"] == ["needs-keras"]


@pytest.mark.parametrize("cells", [[cell(NP)], [cell(KERAS, hide_mode="input")], []])
def test_where_no_label_shows_none_is_explained(cells):
    assert HOW not in str(marked(*cells))


class Scripts(HTMLParser):
    """Collects what browsers take for the contents of script elements."""

    def __init__(self):
        super().__init__()
        self.contents = []

    def handle_starttag(self, tag, attrs):
        if tag == "script":
            assert dict(attrs) == {"type": "application/json", "class": "runs-here"}
            self.contents.append("")

    def handle_data(self, data):
        if self.cdata_elem == "script":
            self.contents[-1] += data


@pytest.mark.parametrize(
    "text", ["a", "</script>", "<!-- <script>", "]]>", "&lt;", '"', "\\", "\u2028", "ü", "\n"]
)
def test_the_browser_gets_the_code_as_it_is(text):
    before, source = f"a = {text!r}", f"print(a, {text!r})"
    page = marked(cell(before), cell(source))
    parser = Scripts()
    scripts = list(page.findall(nodes.raw))
    parser.feed("".join(script.astext() for script in scripts))
    assert [json.loads(content) for content in parser.contents] == [
        {"before": "", "source": before},
        {"before": before, "source": source},
    ]
    for script in scripts:
        assert script["format"] == "html" and "runs-in-page" in script.parent["classes"]


def test_code_and_output_stay_first_and_last_of_a_cell():
    """MyST-NB folds them by their places."""
    for each in marked(cell(NP), cell(KERAS))[1:]:
        if each.get("nb_element") == "cell_code":
            assert each[0]["nb_element"] == "cell_code_source"
            assert each[-1]["nb_element"] == "cell_code_output"
