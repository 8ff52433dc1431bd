"""The assignments in Chromium: a learner's whole way, and what stands in it."""

import json
import re
import subprocess
import sys

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
    [("rnn-cell", {"width": 360, "height": 740}), ("lstm-gates", {"width": 1280, "height": 900})],
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
