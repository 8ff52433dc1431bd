"""CONTRIBUTING's recipes, followed in a copy of the tree: they need few places, and no others.

What the recipes write is in tests/recipes/: an assignment of one function and a short chapter.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import COURSE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recipes")]

NEW = COURSE / "tests" / "recipes"
ENTRY = """    Assignment(
        name="leaky-unit",
        chapter="how-the-checks-work",
        minutes=5,
        points=2,
        due=70,
        sections={"leaky_step": Section("recurrent-networks", "A layer of units")},
    ),
)

ASSIGNMENTS ="""
FIELD = """    outputs: int = _limit(1000, "", "the outputs of a cell", "the cell is interrupted")
    withheld: tuple"""
COUNTED = """        self._shown += size
        self._outputs += 1
        if self._outputs > self.limits.outputs:
            raise _Breach(f"this cell showed more than {self.limits.outputs} outputs")
"""
PAIR = """    "outputs": Limit(
        {"outputs": 20},
        "for n in range(10): display(n)",
        "for n in range(40): display(n)",
        "this cell showed more than 20 outputs",
    ),
}


SLOW ="""
EXPORTER = '''class IdsExport(GradesExport):
    """The ids and names of all learners."""

    system = "ids"

    def rows(
        self, students: list[Student], assignments: list[Assignment], graded: Submissions
    ) -> list[list]:
        """One row for each learner."""
        return [[student.id, student.last_name, student.first_name] for student in students]


class CsvExport('''
SANDBOX = "autograder/sandbox/sandbox.py"
TESTS = {"tests/autograder/sandbox/test_sandbox.py": [("}\n\n\nSLOW =", PAIR)]}
"""The test that a recipe asks for."""
RECIPES = {
    "An exercise": {
        "solutions/leaky-unit/leaky-unit.py": [],
        "course/checks/leaky_unit.py": [],
        "evidence/banks/leaky_unit.py": [],
        "course/curriculum.py": [(")\n\nASSIGNMENTS =", ENTRY)],
    },
    "A chapter": {
        "book/leaky-units.md": [],
        "book/_toc.yml": [
            ("      - file: how-the", "      - file: leaky-units\n      - file: how-the")
        ],
    },
    "A figure that moves": {"course/browser/js/figures/leaky-unit.mjs": []},
    "A limit": {
        "autograder/sandbox/limits.py": [("    withheld: tuple", FIELD)],
        SANDBOX: [
            ("        self._shown += size\n", COUNTED),
            ("        self._shown = 0\n", "        self._shown = self._outputs = 0\n"),
            ("        self._shown = 0  #", "        self._outputs = 0\n        self._shown = 0  #"),
        ],
    },
    "An exporter": {"autograder/reports/export.py": [("class CsvExport(", EXPORTER)]},
}
"""For each recipe the places: new files from tests/recipes/, or texts that are replaced."""
PLACES = {
    "An exercise": 4,
    "A chapter": 2,
    "A figure that moves": 1,
    "A limit": 2,
    "An exporter": 1,
}


def recipe(name: str) -> str:
    """Return the text of a recipe."""
    page = (COURSE / "CONTRIBUTING.md").read_text("utf-8")
    return re.search(rf"^### {name}\n(.*?)(?=^##)", page, re.M | re.S)[1]


def places(name: str) -> list[str]:
    """List the numbered places of a recipe, filled in for what this test adds."""
    paths = re.findall(r"^\d+\. `([^`]+)`", recipe(name), re.M)
    filled = [
        path.replace("<chapter>", "leaky-units").replace("<figure>", "leaky-unit") for path in paths
    ]
    names = [
        path.replace("<assignment>", "leaky-unit" if "solutions" in path else "leaky_unit")
        for path in filled
    ]
    return names


def apply(changes: dict[str, list[tuple[str, str]]], tree: Path) -> None:
    """Follow a recipe in a copy of the tree."""
    for name, replacements in changes.items():
        path = tree / name
        if not replacements:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(NEW / name, path)
        for old, new in replacements:
            text = path.read_text("utf-8")
            assert old in text, f"{name} has no {old!r} any more"
            path.write_text(text.replace(old, new), "utf-8")


def run(tree: Path, *arguments: str) -> str:
    """Run Python in the copy; return what it printed."""
    ran = subprocess.run([sys.executable, *arguments], cwd=tree, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-5000:]
    return ran.stdout


def git(tree: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    return subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree in which all recipes were followed."""
    tree = tmp_path_factory.mktemp("tree") / "course"
    listed = git(COURSE, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in listed:
        if (COURSE / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(COURSE / name, tree / name)
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "as it is")
    for changes in (*RECIPES.values(), TESTS):
        apply(changes, tree)
    return tree


@pytest.fixture(scope="module")
def generated(tree):
    """The same tree with its exercises generated."""
    run(tree, "-m", "course", "exercises")
    git(tree, "add", "exercises", "README.md", "book/_toc.yml")
    return tree


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_the_places_that_are_edited_by_hand(name):
    assert places(name) == list(RECIPES[name])
    assert len(places(name)) == PLACES[name]


def test_nothing_else_was_edited(tree):
    changed = {line[3:] for line in git(tree, "status", "--short", "-uall").splitlines()}
    assert changed == {path for changes in (*RECIPES.values(), TESTS) for path in changes}


def test_what_the_recipes_write_has_the_style_of_the_rest(tree):
    run(tree, "-m", "ruff", "check")
    run(tree, "-m", "ruff", "format", "--check", "course", "autograder", "evidence", "tests")


def test_the_limit_is_enforced(tree):
    tested = ("tests/autograder/sandbox/test_sandbox.py", "-k", "test_limit and outputs")
    assert "1 passed" in run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tested)


@pytest.mark.long
def test_the_fast_part_passes_once_the_exercises_are_generated(generated):
    assert (generated / "exercises" / "leaky-unit" / "leaky-unit.ipynb").exists()
    options = ("-q", "-n", "2", "--dist", "loadgroup", "-m", "not slow", "-p", "no:cacheprovider")
    printed = run(generated, "-m", "pytest", *options)
    assert re.search(r"\d+ passed", printed)


@pytest.mark.long
def test_what_was_added_is_there(generated):
    assert "ids" in run(generated, "-m", "autograder", "export", "--help")
    code = "from course.curriculum import course_map; print(course_map())"
    rows = run(generated, "-c", code).splitlines()
    assert any(
        "[Leaky units]" in row and "how a unit forgets at a fixed rate" in row for row in rows
    )
    assert "[leaky-unit](do/leaky-unit.md)" in rows[-1] and "5 min" in rows[-1]
    code = (
        "from course.browser.moving import first_state; print(first_state('leaky-unit', 'A line.'))"
    )
    assert "After 10 steps at a rate of 0.5 a state of 1 is 0.001." in run(generated, "-c", code)
    code = "from autograder.sandbox.limits import table; print(table())"
    assert "| `outputs` | 1000 | the outputs of a cell |" in run(generated, "-c", code)
    trial = run(generated, "-m", "autograder", "try", "exercises/leaky-unit/leaky-unit.ipynb")
    assert "leaky_step-check  0/2  leaky_step: not started yet." in trial
