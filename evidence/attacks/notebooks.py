"""Attacks on the file: its metadata, its form, its size, and what it would show in a browser."""

import copy
import json
import os
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from evidence.attacks.asserts import attack
from evidence.attacks.attack import BORROWING, Change, Draft, answer, content, first, on_cell
from evidence.sample_class.tampering import find

METADATA = "tampered metadata"
BROKEN = "broken JSON"
HUGE = "huge notebooks"
SCRIPT = "script in outputs and Markdown"
BORROW = "borrowing what computes the answer"

UNREADABLE = "could not be read"

Edit = Callable[[NotebookNode], None]
"""A change of one cell."""


def known(**changes: object) -> Edit:
    """Change nbgrader's metadata of a cell."""
    return lambda cell: cell.metadata.nbgrader.update(changes)


def tagged(*tags: str) -> Edit:
    """Tag a cell: nbclient skips some, and ignores the errors of others."""
    return lambda cell: cell.metadata.update(tags=list(tags))


def weakened(cell: NotebookNode) -> None:
    """Empty a test, and declare it unlocked."""
    cell.source = "pass"
    cell.metadata.nbgrader.update(locked=False, checksum="")


def retyped(cell: NotebookNode) -> None:
    """Turn a test into text."""
    cell.cell_type = "markdown"
    for name in ("outputs", "execution_count"):
        cell.pop(name, None)


def all_cells(change: Edit) -> Change:
    """Change every cell that nbgrader knows."""

    def changed(draft: Draft) -> None:
        for cell in draft.notebook.cells:
            if "nbgrader" in cell.metadata:
                change(cell)

    return changed


def without_tests(draft: Draft) -> None:
    """Delete all tests."""
    cells = draft.notebook.cells
    cells[:] = [cell for cell in cells if not cell.metadata.get("nbgrader", {}).get("grade")]


def copied_test(draft: Draft) -> None:
    """Have every test twice, the second time with nothing in it."""
    for cell in list(draft.notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            second = copy.deepcopy(cell)
            second.id += "-2"
            second.source = "pass"
            draft.notebook.cells.append(second)


def copied_right_answer(draft: Draft) -> None:
    """Copy the test of the right answer under the names of the others."""
    cells = draft.notebook.cells
    for name in ("count_positive", "unit"):
        source = cells[find(draft.notebook, "test-double")].source
        cells[find(draft.notebook, f"test-{name}")].source = source


def swapped(draft: Draft) -> None:
    """Call an answer a test, and its test an answer."""
    cells = draft.notebook.cells
    one, two = (find(draft.notebook, name) for name in ("count_positive", "test-count_positive"))
    cells[one].metadata, cells[two].metadata = cells[two].metadata, cells[one].metadata


def backwards(draft: Draft) -> None:
    """Put the tests before the answers."""
    draft.notebook.cells.reverse()


def kernel(name: str) -> Change:
    """Ask for a kernel."""
    spec = {"display_name": name, "language": "bash", "name": name}
    return lambda draft: draft.notebook.metadata.update(kernelspec=spec)


def written(change: Callable[[str], str]) -> Change:
    """Change the text of the notebook's file."""

    def changed(draft: Draft) -> None:
        draft.content = change(json.dumps(draft.notebook)).encode()

    return changed


def nested(draft: Draft) -> None:
    """Nest a piece of metadata deeper than a parser goes."""
    text = json.dumps(draft.notebook)
    deep = "[" * 100_000 + "]" * 100_000
    draft.content = text.replace('"metadata": {', f'"metadata": {{"deep": {deep}, ', 1).encode()


def odd_types(draft: Draft) -> None:
    """Have the wrong type everywhere."""
    notebook = json.loads(json.dumps(draft.notebook))
    notebook["cells"] += [
        None,
        3,
        "cell",
        [],
        {},
        {"cell_type": 5},
        {"cell_type": "code", "source": {}},
    ]
    notebook["cells"][0]["metadata"] = ["list"]
    notebook["metadata"] = None
    draft.content = json.dumps(notebook).encode()


def many_cells(draft: Draft) -> None:
    """Add thousands of cells."""
    cells = draft.notebook.cells
    cells[:0] = [new_code_cell("pass", id=f"more-{number}") for number in range(3000)]


def empty_cells(draft: Draft) -> None:
    """Add twenty thousand cells with nothing in them."""
    cells = draft.notebook.cells
    cells[:0] = [new_code_cell("", id=f"empty-{number}") for number in range(20_000)]


def empty_metadata(draft: Draft) -> None:
    """Have 8 MB of empty dicts in the metadata."""
    dicts = "{}," * (8_000_000 // 3)
    text = json.dumps(draft.notebook | {"metadata": {"x": "HERE"}})
    draft.content = text.replace('"HERE"', f"[{dicts}{{}}]").encode()


def copied_set_up(draft: Draft) -> None:
    """Have the instructor's first cell thirty times."""
    cells = draft.notebook.cells
    place = find(draft.notebook, "set-up")
    copies = [new_code_cell(cells[place].source, id=f"copy-{number}") for number in range(30)]
    cells[place + 1 : place + 1] = copies


def large_source(draft: Draft) -> None:
    """Add a cell of 20 MB."""
    draft.notebook.cells.insert(0, new_code_cell("# " + "x" * 20_000_000, id="large"))


def large_outputs(draft: Draft) -> None:
    """Hand in outputs of 40 MB."""
    output = new_output("stream", name="stdout", text="x" * 40_000_000)
    draft.notebook.cells[find(draft.notebook, "double")].outputs = [output]


def large_file(draft: Draft) -> None:
    """Hand in a file of 200 MB that is one hole."""
    path = draft.folder / "vectors.ipynb"
    path.touch()
    os.truncate(path, 200 << 20)


def finished(draft: Draft) -> None:
    """Hand in outputs as if every test had passed."""
    for cell in draft.notebook.cells:
        if cell.cell_type == "code":
            data = {"text/plain": "2"}
            cell.outputs = [new_output("execute_result", data, execution_count=1)]


def text(markdown: str) -> Change:
    """Add a cell of Markdown."""
    return lambda draft: draft.notebook.cells.append(new_markdown_cell(markdown, id="text"))


def attached(name: str, data: object) -> Change:
    """Attach something, called a picture, to the first text."""
    return lambda draft: draft.notebook.cells[0].update(attachments={name: {"image/png": data}})


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
        "turns a test into text, which never fails",
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
        "declares a test to be ungraded and unlocked",
        on_cell("test-count_positive", known(grade=False, locked=False, solution=True)),
    ),
    attack(
        "by-hand",
        METADATA,
        "declares a test to be graded by hand",
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
        "hands in bytes that are not text",
        content(bytes(range(256)) * 10),
        score=0.0,
        says=UNREADABLE,
    ),
    attack(
        "another-json",
        BROKEN,
        "hands in JSON that is not a notebook",
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
    attack(
        "odd-attachment",
        BROKEN,
        "attaches a number to a text, where a picture is meant",
        attached("a.png", 7),
    ),
    attack(
        "half-a-character-attached",
        BROKEN,
        "attaches half of a surrogate pair to a text, under a name that is another half",
        attached("\ud800", "\udfff"),
    ),
    attack(
        "many-cells",
        HUGE,
        "adds three thousand cells",
        many_cells,
        here=0.0,
        says=UNREADABLE,
        deadly=True,
    ),
    attack(
        "copied-set-up",
        HUGE,
        "has the instructor's first cell thirty times, for the judge to run",
        copied_set_up,
    ),
    attack(
        "count-below-zero",
        BROKEN,
        "counts its cells from a number that no notebook may have",
        first("get_ipython().execution_count = -5"),
    ),
    attack(
        "empty-cells",
        HUGE,
        "adds twenty thousand cells with nothing in them",
        empty_cells,
        here=0.0,
        says=UNREADABLE,
        deadly=True,
    ),
    attack(
        "empty-metadata",
        HUGE,
        "has 8 MB of metadata that take a hundred times the memory",
        empty_metadata,
        deadly=True,
    ),
    attack(
        "large-cell",
        HUGE,
        "has a cell of 20 MB",
        large_source,
        here=0.0,
        says=UNREADABLE,
        deadly=True,
    ),
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
        "removes the guard before TensorFlow, and calls it",
        answer(
            "squash",
            """
import sys
guards = [each for each in sys.meta_path if type(each).__name__ == "Withholding"]
sys.meta_path[:] = [each for each in sys.meta_path if each not in guards]
print("within" + " reach" if guards else "no guard")
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
        aimed=True,
        assignment=BORROWING,
    ),
    attack(
        "computes-with-the-checks",
        BORROW,
        "calls a function of the checks, whose modules hold right answers",
        answer(
            "squash",
            "from checks import comparing\n"
            "def squash(x):\n    return comparing.plain(1 / (1 + np.exp(-x)))",
        ),
        score=0.0,
        says="is not there when your own code is graded",
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
