"""The learners' notebooks: in step with solutions/, without answers, and able to run alone."""

import ast
import filecmp
import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course import COURSE
from course.curriculum import ASSIGNMENTS
from course.exercises import assignments, generate, graded, notebook
from evidence.check_cells import points, solution, to_write
from tests.course.leaks import DELIMITERS, leaks, secrets
from tests.lanes import slow_but_some

EXERCISES = COURSE / "exercises"
ALLOWED = {"numpy", "keras", "tensorflow", "matplotlib", "checks"} | sys.stdlib_module_names


def files(folder):
    """Map relative paths to contents."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A folder in which an assignment of old lay, before all exercises were generated in it."""
    root = tmp_path_factory.mktemp("course")
    for leftover in (root / "exercises" / "old" / "old.ipynb", root / "exercises" / "notes.txt"):
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.write_text("{}")
    generate(root)
    return root / "exercises"


@pytest.mark.slow
def test_generating_again_gives_the_same_bytes_and_nothing_else(generated):
    assert files(generated) == files(EXERCISES)


def test_what_is_committed_is_what_is_generated():
    if not (COURSE / ".git").exists() or not shutil.which("git"):
        pytest.fail("this test needs the course's git repository")
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "exercises"],
        cwd=COURSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    unstaged = [line for line in changed if line[1] != " "]  # what is staged is as good
    assert unstaged == [], "run `make exercises`, look at what changed, then `git add exercises`"


@pytest.mark.parametrize("assignment", slow_but_some(assignments()))
def test_cells_have_valid_ids_that_depend_on_the_text_alone(assignment):
    cells = notebook(assignment).cells
    ids = [cell.id for cell in cells]
    assert ids == [cell.id for cell in notebook(assignment).cells]
    assert len(ids) == len(set(ids))
    nbformat.validate(nbformat.read(EXERCISES / assignment / f"{assignment}.ipynb", as_version=4))


@pytest.mark.parametrize("assignment", assignments())
def test_folder_holds_the_notebook_and_the_checks_it_imports(assignment):
    module = assignment.replace("-", "_")
    names = {path.name for path in (EXERCISES / assignment).rglob("*") if path.is_file()}
    others = {f"{other.replace('-', '_')}.py" for other in assignments()} - {f"{module}.py"}
    needed = {f"{assignment}.ipynb", "__init__.py", f"{module}.py", "graded.json"}
    assert needed <= names and not others & names
    data = {"README.md", *ASSIGNMENTS[assignment].data}
    for name in names - {f"{assignment}.ipynb", "graded.json"} - data:
        ours = COURSE / "course" / "checks" / name
        assert filecmp.cmp(ours, EXERCISES / assignment / "checks" / name, shallow=False)


@pytest.mark.parametrize("assignment", assignments())
def test_what_is_graded_is_listed_with_its_points_and_where_to_read(assignment):
    path = EXERCISES / assignment / "checks" / "graded.json"
    listed = json.loads(path.read_text("utf-8"))
    graded_cells = {f"{name}-check" if each["checked"] else name for name, each in listed.items()}
    assert graded_cells == set(points(assignment))
    assert sum(each["points"] for each in listed.values()) == sum(points(assignment).values())
    nowhere = [name for name, each in listed.items() if each["checked"] and "section" not in each]
    assert nowhere == [], "course/curriculum.py has no section for it"


@pytest.mark.parametrize("name", ["sigmoid_check", "sigmoids-check"])
def test_a_check_cell_that_is_not_called_like_its_answer_cell_is_named(name):
    complete = notebook("lstm-gates")
    for cell in complete.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade_id") == "sigmoid-check":
            known["grade_id"] = name
    with pytest.raises(ValueError, match=f"lstm-gates: the check cell {name} should"):
        graded("lstm-gates", complete)


def test_an_answer_cell_without_delimiters_is_named():
    """nbgrader would take all of it away, the function's head too."""
    complete = notebook("lstm-gates")
    for cell in complete.cells:
        if cell.id == "sigmoid":
            cell.source = cell.source.replace("### ", "# ")
    with pytest.raises(ValueError, match=r"sigmoid-check should .* has ### BEGIN SOLUTION"):
        graded("lstm-gates", complete)


def imports(code):
    """The top-level modules that code imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("assignment", slow_but_some(assignments()))
def test_exercises_import_only_what_a_learner_has(assignment):
    cells = nbformat.read(EXERCISES / assignment / f"{assignment}.ipynb", as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    code += [path.read_text("utf-8") for path in (EXERCISES / assignment / "checks").glob("*.py")]
    assert {name for text in code for name in imports(text)} <= ALLOWED


def visible(path):
    """What a person reads in a file: the cells of a notebook, or the text."""
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    return path.read_text("utf-8")


@pytest.mark.slow
def test_exercises_give_no_solution_and_no_hidden_test_away():
    assert len(secrets()) > 100
    for path in EXERCISES.rglob("*"):
        if path.suffix in (".ipynb", ".py"):
            text = visible(path)
            assert leaks(text) == [], f"{path} shows it; say it otherwise there"
            assert [mark for mark in DELIMITERS if mark in text] == [], path


@pytest.mark.slow
def test_book_gives_no_solution_away():
    pages = [path for path in (COURSE / "book").rglob("*") if path.suffix in (".md", ".py")]
    assert {path: leaked for path in pages if (leaked := leaks(visible(path)))} == {}


def test_a_leak_is_noticed():
    line = "return np.where(x >= 0, 1, decay) / (1 + decay)"
    assert leaks(f"as in\n    {line}\n") == [f"lstm-gates, sigmoid: {line}"]


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("assignment", assignments())
def test_folder_alone_runs_to_the_end_untouched_and_then_solved(assignment, tmp_path, monkeypatch):
    """In one kernel, as a learner works: no check shows a traceback, and in the end each passes."""
    folder = tmp_path / assignment
    shutil.copytree(EXERCISES / assignment, folder)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name in [name for name in os.environ if name.startswith("TF_")]:
        monkeypatch.delenv(name)  # the folder itself must keep TensorFlow quiet
    path = folder / f"{assignment}.ipynb"
    untouched, solved = (nbformat.read(path, as_version=4) for _ in range(2))
    for cell in solved.cells:
        if cell.id in to_write(assignment):
            cell.source = solution(assignment, cell.id)
    both = nbformat.v4.new_notebook(metadata=untouched.metadata)
    both.cells = untouched.cells + solved.cells
    for number, cell in enumerate(both.cells):
        both.cells[number] = nbformat.from_dict(cell | {"id": f"cell-{number}"})
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(both, timeout=120, allow_errors=True, resources=resources).execute()
    at = len(untouched.cells)
    for cell, ran in zip(untouched.cells, both.cells[:at]):
        if "\nraise NotImplementedError" in cell.source:  # to be written, and not in a function
            (shown,) = reported(ran)
            assert "NotImplementedError" in shown.splitlines()[-1]
            continue
        message = [f"CheckFailed: {cell.id.removesuffix('-check')}: not started yet."]
        assert reported(ran) == (message if cell.id.endswith("-check") else [])
    for cell, ran in zip(solved.cells, both.cells[at:]):
        assert reported(ran) == []
        if cell.id.endswith("-check"):
            kinds = {output.get("name", output.output_type) for output in ran.outputs}
            assert kinds - {"execute_result"} == {"stdout"}  # and a share of the points, if any


def reported(cell):
    """What an executed cell reports as an error, or writes to stderr."""
    return [
        output.text if output.output_type == "stream" else "\n".join(output.traceback)
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
