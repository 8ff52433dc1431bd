"""Attacks on the file: its metadata, its form, its size, and what it would show in a browser."""

import copy
import json
import os

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from evidence.attacks.asserts import attack
from evidence.attacks.attack import BORROWING, Submission, answer, content, first, on_cell
from evidence.sample_class.tampering import find

METADATA = "tampered metadata"
BROKEN = "broken JSON"
HUGE = "huge notebooks"
SCRIPT = "script in outputs and Markdown"
BORROW = "borrowing Keras"

UNREADABLE = "could not be read"


def known(**changes):
    """Change nbgrader's metadata of a cell."""
    return lambda cell: cell.metadata.nbgrader.update(changes)


def tagged(*tags: str):
    """Tag a cell: nbclient skips some, and ignores the errors of others."""
    return lambda cell: cell.metadata.update(tags=list(tags))


def weakened(cell: NotebookNode) -> None:
    """Make a test empty, and say that it is not locked."""
    cell.source = "pass"
    cell.metadata.nbgrader.update(locked=False, checksum="")


def retyped(cell: NotebookNode) -> None:
    """Make a test a piece of text."""
    cell.cell_type = "markdown"
    for name in ("outputs", "execution_count"):
        cell.pop(name, None)


def all_cells(change):
    """Change every cell that nbgrader knows."""

    def changed(submission: Submission) -> None:
        for cell in submission.notebook.cells:
            if "nbgrader" in cell.metadata:
                change(cell)

    return changed


def without_tests(submission: Submission) -> None:
    """Delete all tests."""
    cells = submission.notebook.cells
    cells[:] = [cell for cell in cells if not cell.metadata.get("nbgrader", {}).get("grade")]


def copied_test(submission: Submission) -> None:
    """Have every test twice, the second time with nothing in it."""
    for cell in list(submission.notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            made = copy.deepcopy(cell)
            made.id += "-2"
            made.source = "pass"
            submission.notebook.cells.append(made)


def copied_right_answer(submission: Submission) -> None:
    """Copy the test of the right answer under the names of the others."""
    cells = submission.notebook.cells
    for name in ("count_positive", "unit"):
        source = cells[find(submission.notebook, "test-double")].source
        cells[find(submission.notebook, f"test-{name}")].source = source


def swapped(submission: Submission) -> None:
    """Call the answer a test and the test an answer."""
    cells = submission.notebook.cells
    one, two = (
        find(submission.notebook, name) for name in ("count_positive", "test-count_positive")
    )
    cells[one].metadata, cells[two].metadata = cells[two].metadata, cells[one].metadata


def backwards(submission: Submission) -> None:
    """Put the tests before the answers."""
    submission.notebook.cells.reverse()


def kernel(name: str):
    """Ask for a kernel."""
    spec = {"display_name": name, "language": "bash", "name": name}
    return lambda submission: submission.notebook.metadata.update(kernelspec=spec)


def written(change):
    """Change the text of the notebook's file."""

    def changed(submission: Submission) -> None:
        submission.content = change(json.dumps(submission.notebook)).encode()

    return changed


def nested(submission: Submission) -> None:
    """Nest a piece of metadata deeper than a parser goes."""
    text = json.dumps(submission.notebook)
    deep = "[" * 100_000 + "]" * 100_000
    submission.content = text.replace(
        '"metadata": {', f'"metadata": {{"deep": {deep}, ', 1
    ).encode()


def odd_types(submission: Submission) -> None:
    """Have the wrong type everywhere."""
    made = json.loads(json.dumps(submission.notebook))
    made["cells"] += [
        None,
        3,
        "cell",
        [],
        {},
        {"cell_type": 5},
        {"cell_type": "code", "source": {}},
    ]
    made["cells"][0]["metadata"] = ["list"]
    made["metadata"] = None
    submission.content = json.dumps(made).encode()


def many_cells(submission: Submission) -> None:
    """Add thousands of cells."""
    cells = submission.notebook.cells
    cells[:0] = [new_code_cell("pass", id=f"more-{number}") for number in range(3000)]


def large_source(submission: Submission) -> None:
    """Add a cell of 20 MB."""
    submission.notebook.cells.insert(0, new_code_cell("# " + "x" * 20_000_000))


def large_outputs(submission: Submission) -> None:
    """Hand in outputs of 40 MB."""
    output = new_output("stream", name="stdout", text="x" * 40_000_000)
    submission.notebook.cells[find(submission.notebook, "double")].outputs = [output]


def large_file(submission: Submission) -> None:
    """Hand in a file of 3 GB that is one hole."""
    path = submission.folder / "vectors.ipynb"
    path.touch()
    os.truncate(path, 200 << 20)


def finished(submission: Submission) -> None:
    """Hand in outputs as if every test had passed."""
    for cell in submission.notebook.cells:
        if cell.cell_type == "code":
            data = {"text/plain": "2"}
            cell.outputs = [new_output("execute_result", data, execution_count=1)]


def text(markdown: str):
    """Add a cell of Markdown."""
    return lambda submission: submission.notebook.cells.append(new_markdown_cell(markdown))


RUN = "document.title = 'attacked'"

ATTACKS = [
    attack(
        "more-points",
        METADATA,
        "makes every test worth a hundred points",
        all_cells(lambda cell: cell.metadata.nbgrader.update(points=100)),
    ),
    attack(
        "weaker-test",
        METADATA,
        "empties a test and unlocks it",
        on_cell("test-count_positive", weakened),
        on_cell("test-unit", weakened),
        says="was restored",
    ),
    attack(
        "deleted-tests",
        METADATA,
        "deletes the tests",
        without_tests,
        says="was put back",
    ),
    attack(
        "copied-tests",
        METADATA,
        "has every test twice, once with nothing in it",
        copied_test,
        says="more than once",
    ),
    attack(
        "another-test",
        METADATA,
        "puts the test that it passes in place of the others",
        copied_right_answer,
        says="was restored",
    ),
    attack(
        "retyped-test",
        METADATA,
        "makes a test a piece of text, which never fails",
        on_cell("test-count_positive", retyped),
    ),
    attack(
        "renamed-test",
        METADATA,
        "gives a test another name, so that it is not found",
        on_cell("test-count_positive", known(grade_id="test-of-nothing")),
        says="was put back",
    ),
    attack(
        "no-test-any-more",
        METADATA,
        "says of a test that it gives no points and is no test",
        on_cell("test-count_positive", known(grade=False, locked=False, solution=True)),
    ),
    attack(
        "by-hand",
        METADATA,
        "says of a test that a person grades it",
        on_cell("test-count_positive", known(solution=True)),
    ),
    attack(
        "swapped-cells",
        METADATA,
        "calls an answer a test and its test an answer",
        swapped,
        score=2.0,
        says="",
    ),
    attack("backwards", METADATA, "puts the tests before the answers", backwards, says="order"),
    attack(
        "schema-version",
        METADATA,
        "claims a version of nbgrader's metadata that does not exist",
        all_cells(lambda cell: cell.metadata.nbgrader.update(schema_version=99)),
    ),
    attack(
        "old-schema",
        METADATA,
        "claims an old version of nbgrader's metadata, in which fields are missing",
        all_cells(lambda cell: cell.metadata.nbgrader.update(schema_version=0)),
    ),
    attack(
        "skipped-test",
        METADATA,
        "tags tests with skip-execution",
        on_cell("test-count_positive", tagged("skip-execution")),
        on_cell("test-unit", tagged("skip-execution", "raises-exception")),
    ),
    attack("other-kernel", METADATA, "asks for a kernel of another language", kernel("bash")),
    attack(
        "passed-already",
        METADATA,
        "hands in outputs as if every test had passed",
        finished,
    ),
    attack(
        "cut-file",
        BROKEN,
        "hands in half of a file",
        written(lambda text: text[: len(text) // 2]),
        score=0.0,
        says=UNREADABLE,
    ),
    attack("empty-file", BROKEN, "hands in an empty file", content(""), score=0.0, says=UNREADABLE),
    attack(
        "no-text",
        BROKEN,
        "hands in bytes that are no text",
        content(bytes(range(256)) * 10),
        score=0.0,
        says=UNREADABLE,
    ),
    attack(
        "another-json",
        BROKEN,
        "hands in JSON that is no notebook",
        content('{"cells": {"a": 1}, "nbformat": 4, "nbformat_minor": 5, "metadata": []}'),
        score=0.0,
        says=UNREADABLE,
    ),
    attack(
        "deeply-nested",
        BROKEN,
        "nests a piece of metadata deeper than a parser goes",
        nested,
        score=0.0,
        says=UNREADABLE,
    ),
    attack(
        "wrong-types",
        BROKEN,
        "has the wrong type in every place of the file",
        odd_types,
        here=0.0,
        says=UNREADABLE,
    ),
    attack(
        "half-a-character",
        BROKEN,
        "has half of a surrogate pair in a source",
        written(lambda text: text.replace("return len(x)", r"return len(x)  # \ud800")),
    ),
    attack(
        "numbers-without-end",
        BROKEN,
        "has infinite and gigantic numbers in its metadata",
        written(
            lambda text: text.replace(
                '"metadata": {', '"metadata": {"a": Infinity, "b": ' + "9" * 400 + ", ", 1
            )
        ),
        here=0.0,
        says=UNREADABLE,
    ),
    attack("many-cells", HUGE, "has three thousand cells more", many_cells, deadly=True),
    attack("large-cell", HUGE, "has a cell of 20 MB", large_source, says="", deadly=True),
    attack("large-outputs", HUGE, "has outputs of 40 MB in its file", large_outputs, deadly=True),
    attack(
        "large-file",
        HUGE,
        "is a file of 200 MB",
        large_file,
        score=0.0,
        says=UNREADABLE,
        deadly=True,
    ),
    attack(
        "script-in-markdown",
        SCRIPT,
        "writes a script into a cell of text",
        text(f"Hello <script>{RUN}</script>"),
    ),
    attack(
        "handler-in-markdown",
        SCRIPT,
        "writes a picture whose error runs a script",
        text(f'<img src="x" onerror="{RUN}"> [link](javascript:{RUN.replace(" ", "")})'),
    ),
    attack(
        "script-in-output",
        SCRIPT,
        "shows HTML with a script",
        first(
            f'from IPython.display import HTML, display\ndisplay(HTML("<script>{RUN}</script>"))'
        ),
    ),
    attack(
        "javascript-output",
        SCRIPT,
        "shows JavaScript",
        first(f'from IPython.display import Javascript, display\ndisplay(Javascript("{RUN}"))'),
    ),
    attack(
        "svg-output",
        SCRIPT,
        "shows a drawing with a script in it",
        first(f"""
from IPython.display import SVG, display
svg = '<svg xmlns="http://www.w3.org/2000/svg">'
display(SVG(svg + '<script>{RUN.replace("'", '"')}</script></svg>'))
"""),
    ),
    attack(
        "script-in-a-test",
        SCRIPT,
        "shows HTML with a script while a test runs",
        answer(
            "count_positive",
            f"""
from IPython.display import HTML, display
def count_positive(x):
    display(HTML("<script>{RUN}</script>"))
    return len(x)
""",
        ),
    ),
    attack(
        "script-in-an-error",
        SCRIPT,
        "raises an error whose name and message are a script",
        answer(
            "count_positive",
            f"""
def count_positive(x):
    raise type("<script>{RUN}</script>", (ValueError,), {{}})("<script>{RUN}</script>")
""",
        ),
        says="",
    ),
    attack(
        "keras",
        BORROW,
        "calls Keras in place of writing the function",
        answer(
            "squash",
            "import keras\ndef squash(x):\n    return np.asarray(keras.ops.sigmoid(x))",
        ),
        score=0.0,
        says="is not there when your own code is graded",
        assignment=BORROWING,
    ),
    attack(
        "tensorflow",
        BORROW,
        "calls TensorFlow, without the guard that stands before it",
        answer(
            "squash",
            """
import importlib, sys
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "Withholding"]
for name in [name for name in sys.modules if name.partition(".")[0] in ("keras", "tensorflow")]:
    if type(sys.modules[name]).__name__ == "Withheld":
        del sys.modules[name]
def squash(x):
    import tensorflow
    return tensorflow.sigmoid(x).numpy()
""",
        ),
        score=0.0,
        says="tensorflow",
        assignment=BORROWING,
    ),
    attack(
        "keras-of-the-test",
        BORROW,
        "takes Keras from the test that calls it",
        answer(
            "squash",
            """
import sys
def squash(x):
    keras = sys.modules["keras"]
    return np.asarray(keras.ops.sigmoid(x))
""",
        ),
        score=0.0,
        says="is not there when your own code is graded",
        assignment=BORROWING,
    ),
]
