"""The assignments in Chromium: a learner's whole way, and what stands in it."""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from course import COURSE
from evidence.browser import overflow, serious_violations
from evidence.check_cells import functions, solution
from tests.course.browser.learner import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tab")]

WRONG = {
    "rnn_step": "def rnn_step(x, h, kernel, recurrent_kernel, bias):\n"
    "    return pre_activation(x, h, kernel, recurrent_kernel, bias)",
    "forget_gate": "def forget_gate(x, h, kernel, recurrent_kernel, bias):\n"
    "    k, r, b = (split_gates(each)[0] for each in (kernel, recurrent_kernel, bias))\n"
    "    return sigmoid(x @ k + h @ r + b)",
}
ENDLESS = "while True:\n    pass"


def points_of(path):
    """The points that the grader gives to each question of a notebook."""
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from autograder.settings import read_settings\n"
        "from autograder.trial import try_notebook\n"
        "trial = try_notebook(read_settings(), Path(sys.argv[1]))\n"
        "print(json.dumps({each.grade_id: each.score for each in trial.questions}))\n"
    )
    command = [sys.executable, "-c", code, path]
    done = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("assignment", "viewport"),
    [
        ("rnn-cell", {"width": 360, "height": 740}),
        pytest.param("lstm-gates", {"width": 1280, "height": 900}, marks=pytest.mark.long),
    ],
)
def test_a_learners_whole_way(visit, assignment, viewport, tmp_path):
    learner = visit(assignment, viewport=viewport)
    assert "not started" in learner.check(functions(assignment)[0], "differs")
    for name in functions(assignment):
        if name in WRONG:
            learner.write(name, WRONG[name])
            assert learner.check(name, "differs")
            learner.write(name, f"{WRONG[name]}\n{ENDLESS}")
            learner.press(f"Check {name}")
            learner.press("Stop")
            expect(learner.cell(f"{name}-check")).to_contain_text("Stopped", timeout=PATIENCE)
            learner.page.reload()
            assert learner.text(name).endswith(ENDLESS)
        learner.write(name, solution(assignment, name))
        assert "agree" in learner.check(name, "agrees") or name == "split_gates"
    learner.write("in-your-own-words", "The gate multiplies, so a closed one lets nothing pass.")
    shown = int(re.match(r"(\d+) of \1 points", learner.points.inner_text())[1])
    path = learner.download(tmp_path)
    assert sum(filter(None, points_of(path).values())) == shown
    assert serious_violations(learner.page) == [] and overflow(learner.page) <= 0

    again = visit(assignment, viewport=viewport)
    assert again.points.inner_text().startswith("0 of")
    with again.page.expect_file_chooser() as chooser:
        again.press("Open a notebook")
    chooser.value.set_files(path)
    expect(again.page.locator(".tab-notices")).to_contain_text("open")
    again.press("Check all")
    expect(again.points).to_have_text(f"{shown} of {shown} points", timeout=PATIENCE)
    assert again.text("in-your-own-words").startswith("The gate multiplies")


def test_the_keyboard_alone_suffices(visit):
    learner = visit("rnn-cell")
    assert learner.page.locator(".math[tabindex]").count() == 0  # 60 stops less
    inside = "name => document.activeElement.closest(`[data-id=${name}]`) !== null"
    for _ in range(150):
        learner.page.keyboard.press("Escape")  # leaves an editor, where Tab indents
        learner.page.keyboard.press("Tab")
        if learner.page.evaluate(inside, "pre_activation"):
            break
    expect(learner.cell("pre_activation").locator(".cm-content")).to_be_focused()
    learner.page.keyboard.press("Control+a")
    first, *rest = solution("rnn-cell", "pre_activation").splitlines()
    learner.page.keyboard.type("\n".join([first, rest[-1].strip()]))  # the editor indents
    assert learner.text("pre_activation").splitlines() == [first, rest[-1]]
    learner.page.keyboard.press("Escape")
    pressed = []
    while not pressed or not pressed[-1].startswith("Check"):
        learner.page.keyboard.press("Tab")
        pressed.append(learner.page.evaluate("document.activeElement.textContent"))
    assert pressed == ["Run", "Add a cell below", "Check pre_activation"]
    learner.page.keyboard.press("Enter")
    check = learner.cell("pre_activation-check")
    expect(check).to_have_attribute("data-outcome", "agrees", timeout=PATIENCE)


def test_every_character_can_be_typed(visit):
    characters = "".join(map(chr, range(33, 127))) + "äß²é"
    learner = visit("rnn-cell", has_touch=True, viewport={"width": 360, "height": 740})
    learner.editor("in-your-own-words").tap()
    learner.page.keyboard.press("Control+a")
    learner.page.keyboard.type(characters)
    assert learner.text("in-your-own-words") == characters


def test_what_a_cell_of_ones_own_shows_is_shown_and_handed_in(visit, tmp_path):
    learner = visit("rnn-cell")
    learner.press("Add a cell below", learner.cell("pre_activation"))
    learner.page.keyboard.insert_text(
        "import matplotlib.pyplot as plt\nimport warnings\nprint('hello')\nplt.plot([1, 3, 2])\n"
        "warnings.warn('odd')\n1 / 0"
    )
    outputs = learner.run("own-1")
    expect(outputs).to_contain_text("hello", timeout=PATIENCE)
    expect(outputs).to_contain_text("UserWarning: odd")
    expect(outputs).to_contain_text("line 5: warnings.warn('odd')")
    expect(outputs).to_contain_text("ZeroDivisionError: division by zero")
    expect(outputs).to_contain_text("in line 6: 1 / 0")
    figure = outputs.locator("img")
    assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert "figure" in figure.get_attribute("alt")

    notebook = nbformat.read(learner.download(tmp_path), as_version=4)
    nbformat.validate(notebook)
    place = [cell.id for cell in notebook.cells].index("own-1")
    assert notebook.cells[place - 1].id == "pre_activation"
    kinds = [output.output_type for output in notebook.cells[place].outputs]
    assert kinds == ["stream", "stream", "error", "display_data"]


EDITOR = "**/codemirror-*.js"


def test_what_is_typed_before_the_editor_has_come_goes_over_to_it(visit, site):
    waiting = []
    learner = visit(
        "rnn-cell",
        prepare=lambda context: context.route(EDITOR, lambda route: waiting.append(route)),
    )
    learner.press("Add a cell below", learner.cell("pre_activation"))
    learner.page.keyboard.type("first\nsecond")
    learner.page.keyboard.press("Shift+Home")
    learner.page.wait_for_timeout(100)  # that it comes in the middle of the work
    waiting.pop().continue_()
    editor = learner.cell("own-1").locator(".cm-content")
    expect(editor).to_be_focused()
    learner.page.keyboard.type("last")
    learner.wait_for_text("own-1", "first\nlast")

    learner.page.goto(f"{site}/recurrent-networks.html")
    block = learner.page.locator(".cell.runs-in-page").first
    learner.press("Edit", block)
    learner.page.keyboard.type("print(sum([40, 2]))  # ")
    waiting.pop().continue_()
    expect(block.locator(".cm-content")).to_be_focused()
    learner.press("Run", block)
    expect(block.locator(".tab-outputs")).to_contain_text("42\n", timeout=PATIENCE)


def test_work_goes_on_in_a_field_where_the_editor_does_not_come(visit, tmp_path):
    learner = visit(
        "rnn-cell", prepare=lambda context: context.route(EDITOR, lambda route: route.abort())
    )
    learner.write("pre_activation", solution("rnn-cell", "pre_activation"))
    expect(learner.cell("pre_activation")).to_contain_text("could not be loaded")
    learner.page.keyboard.press("Control+Enter")
    check = learner.cell("pre_activation-check")
    assert learner.check("pre_activation", "agrees")
    expect(check).to_have_attribute("data-outcome", "agrees")
    written = learner.text("pre_activation")
    learner.page.reload()
    assert learner.text("pre_activation") == written == solution("rnn-cell", "pre_activation")
    assert serious_violations(learner.page) == []


def test_hints_come_in_steps_and_solutions_after_an_attempt_or_a_decision(visit, tmp_path):
    learner = visit("rnn-cell")
    check = learner.cell("rnn_step-check")
    learner.press("Hint", check)
    expect(check.locator(".tab-advice a")).to_have_attribute(
        "href", re.compile(r"^\.\./recurrent-networks\.html#")
    )
    learner.press("Hint", check)
    expect(check.locator(".tab-advice p")).to_have_count(3)

    learner.page.once("dialog", lambda dialog: dialog.dismiss())
    learner.press("Solution", check)
    expect(check.locator(".tab-solution")).to_have_count(0)
    learner.page.once("dialog", lambda dialog: dialog.accept())
    learner.press("Solution", check)
    expect(check.locator(".tab-solution")).to_contain_text("np.tanh")
    notebook = nbformat.read(learner.download(tmp_path), as_version=4)
    marked = [cell.id for cell in notebook.cells if "shown" in json.dumps(cell.metadata)]
    assert marked == ["rnn_step"]

    written = learner.cell("in-your-own-words")
    learner.press("Model answer", written)
    expect(written).to_contain_text("Write an answer of your own first")
    learner.write("in-your-own-words", "The dense layer has weights of its own for each step.")
    learner.press("Model answer", written)
    expect(written.locator("math").first).to_be_visible()
    expect(written).to_contain_text("Points")


def test_the_map_shows_the_points(visit, site):
    learner = visit("rnn-cell")
    learner.write("pre_activation", solution("rnn-cell", "pre_activation"))
    learner.check("pre_activation", "agrees")
    learner.page.goto(f"{site}/intro.html")
    expect(learner.page.locator("[data-points=rnn-cell]")).to_have_text("3 of 16 points")
    expect(learner.page.locator("[data-points=lstm-gates]")).to_have_text("23 points")


def test_blocks_of_a_chapter_run_in_place(visit, site):
    learner = visit("rnn-cell")
    learner.page.goto(f"{site}/recurrent-networks.html")
    block = learner.page.locator(".cell.runs-in-page").first
    learner.press("Edit", block)
    expect(block.locator(".cm-content")).to_be_focused(timeout=PATIENCE)
    learner.page.keyboard.press("Control+a")
    learner.page.keyboard.insert_text("print(sum([40, 2]))")
    learner.press("Run", block)
    expect(block.locator(".tab-outputs")).to_have_text("42\n", timeout=PATIENCE)
    learner.press("Undo all changes", block)
    learner.press("Run", block)
    expect(block.locator(".tab-outputs")).not_to_have_text("42\n", timeout=PATIENCE)
    assert learner.log.errors == []
