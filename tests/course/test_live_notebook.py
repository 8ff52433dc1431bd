"""Slips and odd names in a live kernel: what the checks say of them."""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from course import COURSE
from evidence.check_cells import cells, solution, to_write

ASSIGNMENT = "rnn-cell"


class Kernel:
    """A running kernel beside the learner's notebook."""

    def __init__(self, client):
        self._client = client

    def run(self, source):
        """Run a cell; return what it shows, with error messages."""
        cell = new_code_cell(source)
        self._client.nb.cells.append(cell)
        self._client.execute_cell(cell, len(self._client.nb.cells) - 1)
        shown = (each.get("text") or "\n".join(each.get("traceback", [])) for each in cell.outputs)
        return " ".join(" ".join(shown).split())

    def answer(self, function, source=None):
        """Run a function's cell with its solution, or with another text."""
        return self.run(solution(ASSIGNMENT, function) if source is None else source)

    def check(self, function):
        """Run the check cell of a function, as learners have it."""
        visible = cells(ASSIGNMENT)[f"{function}-check"].split("    ### BEGIN HIDDEN")[0]
        return self.run(visible)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The exercise, copied alone."""
    target = tmp_path_factory.mktemp("learner") / ASSIGNMENT
    return shutil.copytree(COURSE / "exercises" / ASSIGNMENT, target)


@pytest.fixture
def kernel(folder):
    """A new kernel in which the set-up cells and the stubs have run."""
    notebook = nbformat.read(folder / f"{ASSIGNMENT}.ipynb", 4)
    client = NotebookClient(
        nbformat.v4.new_notebook(), allow_errors=True, resources={"metadata": {"path": folder}}
    )
    with client.setup_kernel():
        kernel = Kernel(client)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if cell.cell_type == "code" and not name.endswith("-check") and name != "progress":
                kernel.run(cell.source)
        yield kernel


HELPERS = (
    *("compare", "keras", "check", "draws", "rnn_inputs", "product", "forward", "normal"),
    *(
        "one_hot",
        "freeze",
        "checks",
        "layer",
        "inputs",
        "expected",
        "worked",
        "rng",
        "x",
        "float32",
    ),
)
BUILTINS = ("sum", "zip", "range", "map", "print", "list", "len", "int")


@pytest.mark.slow
def test_right_answers_pass_whatever_else_the_learner_has_defined(kernel):
    for name in to_write(ASSIGNMENT):
        kernel.answer(name)
    kernel.run("def helper(x, h, W, U, b): return x @ W + h @ U + b")
    for name in (*HELPERS, *BUILTINS):
        kernel.run(f"{name} = helper")
        kernel.run(f"def pre_activation(*arguments): return {name}(*arguments)")
        assert "agrees with Keras" in kernel.check("pre_activation"), name
        assert kernel.run(f"{name} is helper") != "False"
        kernel.run(f"del {name}")


@pytest.mark.slow
def test_slips_of_beginners(kernel):
    assert "not started yet" in kernel.check("pre_activation")
    with_code_above = (
        "def pre_activation(x, h, kernel, recurrent_kernel, bias):\n"
        "    z = x @ kernel + h @ recurrent_kernel + bias\n"
        "    # YOUR CODE HERE\n"
        "    raise NotImplementedError()"
    )
    kernel.run(with_code_above)
    assert "below what you have written. Delete that line" in kernel.check("pre_activation")

    kernel.answer("pre_activation")
    assert "agrees with Keras" in kernel.check("pre_activation")
    kernel.run("def pre_activation(x, h, kernel, recurrent_kernel, bias)\n    return 3")
    shown = kernel.check("pre_activation")
    assert "ended with a SyntaxError when it last ran (line 1: expected ':')" in shown
    assert "raise CheckFailed" not in shown and "calling.py" not in shown

    kernel.answer("pre_activation")
    kernel.run("pre_activation = pre_activation(*[np.ones((2, 2))] * 4, np.ones(2))")
    shown = kernel.check("pre_activation")
    assert "pre_activation is array (2, 2), not a function." in shown
    assert "def check" not in shown

    kernel.run("del pre_activation")
    assert "pre_activation is not defined. Run the cell" in kernel.check("pre_activation")

    kernel.answer("pre_activation", "def pre_activation(x, h, kernel, recurrent_kernel, bias): x")
    kernel.answer("rnn_step")
    assert "pre_activation returned None" in kernel.check("pre_activation")
    shown = kernel.check("rnn_step")
    assert "pre_activation" in shown and "Mend pre_activation first" in shown

    kernel.run(
        "import keras\n"
        "def pre_activation(x, h, kernel, recurrent_kernel, bias):\n"
        "    return keras.ops.matmul(x, kernel).numpy()"
    )
    assert "computes with Keras. Write it with NumPy" in kernel.check("pre_activation")

    kernel.answer("pre_activation")
    kernel.run(
        "def rnn_step(x, h, kernel, recurrent_kernel, bias):\n"
        "    return np.tanh(pre_activation(h, x, kernel, recurrent_kernel, bias))"
    )
    kernel.check("pre_activation")
    shown = kernel.check("rnn_step")
    assert shown.startswith("CheckFailed: rnn_step: The kernels are swapped, or x and h are")
    assert "rnn_step raised ValueError" in shown
    assert shown.index("in rnn_step, line 2") < shown.index("which led to pre_activation, line 7")
    assert "pre_activation was given: x (3, 8), h (3, 5)" in shown


@pytest.mark.slow
def test_hints_come_in_steps_and_progress_lists_each_function(kernel):
    assert "No check has failed so far" in kernel.run("hint()")
    kernel.run("def pre_activation(*arguments): return arguments[0]")
    assert "hint()" not in kernel.check("pre_activation")
    assert "If you are stuck, run hint()" in kernel.check("pre_activation")
    first, second = kernel.run("hint()"), kernel.run("hint()")
    assert 'Read the section "Recurrent networks: A layer of units" of the book.' in first
    assert "Look at the three terms one by one" in second
    kernel.answer("parameter_count")
    kernel.check("parameter_count")
    kernel.check("rnn_layer")
    shown = kernel.run("progress()")
    assert "pre_activation differs 0 of 3" in shown
    assert "rnn_layer not started 0 of 4" in shown
    assert "rnn_step not checked 0 of 3" in shown
    assert "parameter_count agrees 2 of 2" in shown
    assert "in-your-own-words read by a person 0 of 4" in shown
    assert "Points so far: 2 of the 16 that checks give." in shown
