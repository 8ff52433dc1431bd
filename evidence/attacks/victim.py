"""The assignments that are attacked, and a throw-away course around them."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course import COURSE
from course.exercises import CHECKS, checks_of
from course.nbgrader_commands import Command, must_run
from evidence.attacks.attack import BORROWING, VICTIM, Attack
from evidence.sample_class.tampering import find

SECRETS = {
    "solution": "canary-of-the-solution",
    "hidden test": "canary_of_the_hidden_test",  # it could be a name
    "gradebook": "canary-of-the-gradebook",
    "another submission": "canary-of-another-submission",
    "home": "canary-of-the-home-folder",
    "environment": "canary-of-the-environment",
    "service": "canary-of-a-service",
}
"""Words that no attack may show; each lies where its name says."""

SET_UP = "import numpy as np\nfrom checks import check, draws"

RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "count_positive": "def count_positive(x):\n    return int((x > 0).sum())",
    "centre": "def centre(x):\n    return x - x.mean()",
    "unit": "def unit(x):\n    return x / np.sqrt((x * x).sum())",
    "squash": "def squash(x):\n    return 1 / (1 + np.exp(-x))",
}
WRONG = {
    "count_positive": "def count_positive(x):\n    return len(x)",
    "centre": "def centre(x):\n    return x",
    "unit": "def unit(x):\n    return x",
    "squash": "def squash(x):\n    return x",
}
"""An attacker's answers: `double` is right, and `centre` half so."""

TESTS = {
    "double": f"""
assert np.allclose(double(np.array([1.0, 2.0])), [2.0, 4.0])
### BEGIN HIDDEN TESTS
assert np.allclose(double(np.zeros(3)), np.zeros(3)), "{SECRETS["hidden test"]}"
### END HIDDEN TESTS
def same(value, right):
    return value == right
""",
    "count_positive": """
assert count_positive(np.array([1.0, -2.0, 3.0])) == 2, "two of these are positive"
### BEGIN HIDDEN TESTS
for value, right in zip(map(count_positive, [-np.ones(4), np.ones(2)]), [0, 2]):
    assert same(value, right), f"{value} in place of {right}"
### END HIDDEN TESTS
""",
    "centre": """
x = np.array([1.0, 2.0, 6.0])
points = int(centre(x).shape == x.shape)
### BEGIN HIDDEN TESTS
points += int(abs(centre(x).sum()) < 1e-9 and np.allclose(centre(x), x - x.mean()))
### END HIDDEN TESTS
points
""",
    "unit": """
for random in draws(3):
    x = random.normal(size=4)
    check(unit, (x,), x / np.linalg.norm(x))
""",
    "squash": """
for random in draws(2):
    x = random.normal(size=4).astype("float32")
    check(squash, (x,), keras.ops.sigmoid(x))
""",
}
POINTS = {"double": 1, "count_positive": 2, "centre": 2, "unit": 1, "squash": 1}
FUNCTIONS = {VICTIM: ["double", "count_positive", "centre", "unit"], BORROWING: ["squash"]}

HONEST = ("perfect-a", "perfect-m", "perfect-z")
"""Honest learners with right answers, before, between and after the attackers."""
OTHER = "perfect-a"
"""The one whose work attackers would like to read or change."""

SETTINGS = """
c.SplitExecute.limits = {
    "*": {
        "cell_seconds": 2,
        "notebook_seconds": 20,
        "cpu_seconds": 30,
        "memory_mb": 600,
        "processes": 32,
        "output_kb": 64,
        "notebook_output_kb": 512,
        "file_mb": 8,
        "scratch_mb": 16,
        "message_mb": 8,
        "withheld": READY_MADE,
    }
}
"""
"""Limits that make an attack on them short."""

STOCK_SETTINGS = """
from nbgrader.preprocessors import Execute

c.Autograde.autograde_preprocessors[0] = Execute
c.Execute.timeout = 4
c.Execute.iopub_timeout = 10
del c.GenerateFeedback, c.HTMLExporter
"""
"""nbgrader's own execution, and its own pages."""


COPIED = ("autograder", "nbgrader_config.py")
"""What a throw-away course takes from this one: grader and settings."""


def make_course(folder: Path, home: Path, settings: str) -> None:
    """Make a course with the assignments and what is secret, without submissions."""
    folder.mkdir(parents=True)
    grader, config = (COURSE / name for name in COPIED)
    built = shutil.ignore_patterns("__pycache__")
    shutil.copytree(grader, folder / "autograder", ignore=built)
    (folder / "nbgrader_config.py").write_text(config.read_text("utf-8") + settings)
    for assignment, functions in FUNCTIONS.items():
        source = folder / "build" / "source" / assignment
        source.mkdir(parents=True)
        nbformat.write(source_notebook(functions), source / f"{assignment}.ipynb")
        (source / "checks").mkdir()
        for module in checks_of(SET_UP):  # the engine of the checks
            shutil.copy(CHECKS / f"{module}.py", source / "checks")
    (folder / "build" / "class" / "submitted").mkdir(parents=True)
    (folder / "solutions").mkdir()
    (folder / "solutions" / "solution.py").write_text(SECRETS["solution"])
    home.mkdir()
    (home / "secret.txt").write_text(SECRETS["home"])
    environment = surroundings(home)
    commands = [
        Command(("generate_assignment", name), home / "log", folder, environment)
        for name in FUNCTIONS
    ]
    person = ("db", "student", "add", OTHER, f"--first-name={SECRETS['gradebook']}")
    for command in (*commands, Command(person, home / "log", folder, environment)):
        must_run(command)
    (home / "log").unlink()


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment variables of those who grade."""
    temporary = home.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        "HOME": str(home),
        "COURSE_CLASS": "build/class",
        "SERVICE_TOKEN": SECRETS["environment"],
        "TMPDIR": str(temporary),
        "KERAS_HOME": str(temporary / "keras"),
        "MPLCONFIGDIR": str(temporary / "matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def source_notebook(functions: list[str]) -> NotebookNode:
    """Write the instructor's notebook."""
    keras = "\nimport keras" if "squash" in functions else ""
    cells = [
        new_markdown_cell("# Vectors"),
        new_code_cell(SET_UP + keras, metadata=metadata("set-up", locked=True)),
    ]
    for name in functions:
        head, body = RIGHT[name].split("\n", 1)
        solution = f"    # {SECRETS['solution']}\n{body}"
        text = f"{head}\n    ### BEGIN SOLUTION\n{solution}\n    ### END SOLUTION"
        cells += [
            new_code_cell(text, metadata=metadata(name, solution=True)),
            new_code_cell(
                TESTS[name].strip(),
                metadata=metadata(f"test-{name}", locked=True, grade=True, points=POINTS[name]),
            ),
        ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def metadata(grade_id: str, points: int | None = None, **roles: bool) -> dict:
    """Write nbgrader's metadata of a cell."""
    all_roles = {"locked": False, "grade": False, "solution": False, "task": False, **roles}
    written = {"schema_version": 3, "grade_id": grade_id, **all_roles}
    return {"nbgrader": written | ({} if points is None else {"points": points})}


def released(course: Path, assignment: str) -> NotebookNode:
    """Read the notebook that learners get."""
    return nbformat.read(course / "exercises" / assignment / f"{assignment}.ipynb", 4)


def answered(notebook: NotebookNode, assignment: str, answers: dict[str, str]) -> NotebookNode:
    """Fill in the answers, and return the notebook."""
    for name in FUNCTIONS[assignment]:
        notebook.cells[find(notebook, name)].source = answers[name]
    return notebook


def submitted(course: Path, learner: str, assignment: str) -> Path:
    """Name the folder of a submission."""
    return course / "build" / "class" / "submitted" / learner / assignment


def hand_in_honestly(course: Path, learner: str) -> None:
    """Hand in right answers."""
    for assignment in FUNCTIONS:
        notebook = answered(released(course, assignment), assignment, RIGHT)
        notebook.cells.insert(0, new_markdown_cell(SECRETS["another submission"]))
        folder = submitted(course, learner, assignment)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{assignment}.ipynb")


def hand_in(attack: Attack, course: Path, home: Path, port: int) -> None:
    """Hand in an attack; the learner is called as it is."""
    words = {"@COURSE@": str(course), "@HOME@": str(home), "@PORT@": str(port)}
    notebook = released(course, attack.assignment)
    honest = answered(notebook, attack.assignment, RIGHT | WRONG)
    attack.hand_in(honest, submitted(course, attack.name, attack.assignment), words)


GRADERS_OWN = (
    *(f"build/class/{name}" for name in ("autograded", "feedback", "results", "grad")),
    *(f".ipython/profile_default/{name}" for name in ("history", "security", "log", "pid", "db")),
    *(".ipython/README", ".ipython/profile_default/startup/README"),
    *(".cache/fontconfig", ".local/share/jupyter/runtime", ".local/share/jupyter/n", ".jupyter"),
)
"""Files that grading itself writes: the class's results, the gradebook and locks, and settings of
Jupyter. The gradebook's content is compared by itself."""
