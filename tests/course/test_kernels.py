"""Kernels that are forked from one process: each begins anew, and its end is noticed."""

import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.kernels import forked_kernels
from course.pages import execute

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path):
    """Execute a page with these cells; what each printed, its outputs parted by `|`, or None."""
    page = tmp_path / "book" / "page.md"
    page.parent.mkdir()
    page.touch()

    def run(*sources):
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        if execute(page, notebook, 60, scratch) is None:
            return None
        return ["|".join(part.text for part in cell.outputs) for cell in notebook.cells]

    with forked_kernels(["numpy"]):
        yield run


def test_kernels_are_forks_of_one_server_that_this_process_started(run):
    family = "import psutil; print(*[each.pid for each in psutil.Process().parents()])"
    first, second = (run(family)[0].split() for _ in range(2))
    assert first[0] == second[0] != str(os.getpid()) == first[1]


def test_a_kernel_sees_nothing_of_another_page(run):
    assert run("import os, numpy; numpy.left = os.environ['LEFT'] = 'x'") == [""]
    asked = "print(hasattr(numpy, 'left'), 'LEFT' in os.environ, os.path.basename(os.getcwd()))"
    assert run("import os, numpy", asked)[1] == "False False book\n"


def test_a_kernel_that_dies_fails_its_page(run, capfd):
    assert run("import os; os._exit(3)") is None
    assert "page.md: FAILED" in capfd.readouterr().err


def test_a_line_that_a_busy_kernel_sends_in_pieces_is_whole(run):
    pieces = "import time; print('0.5 +', end='', flush=True); time.sleep(0.5); print(' 0.25')"
    assert run(pieces) == ["0.5 + 0.25\n"]
