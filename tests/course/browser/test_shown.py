"""Cells that a page cannot run are found and run, and show in the page what they showed."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.browser.shown import needs_recording, run_cell
from course.exercises import notebook

CHECK = {"nbgrader": {"grade": True, "solution": False}}


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("import keras", True),
        ("import keras.layers as layers", True),
        ("from tensorflow import nn", True),
        ("def f():\n    from checks.loading import tf", True),
        ("from checks.keras_rnn import simple_rnn", True),
        ("from checks import hint, progress", False),
        ("from checks.inputs import rnn_inputs", False),
        ("import kerasish\nimport numpy as np", False),
        ("'import keras'", False),
        ("np.load('data/vowels.npz')", True),
        ("open(f'data/{name}')", True),
        ("# of data/README.md\nprint('the data/')", False),
    ],
)
def test_what_needs_recording_is_found_by_what_it_imports_and_reads(source, needs):
    assert needs_recording(new_code_cell(source)) == needs


def test_checks_and_text_are_left_out():
    assert not needs_recording(new_code_cell("import keras", metadata=CHECK))
    assert not needs_recording(new_markdown_cell("import keras"))


@pytest.mark.slow
@pytest.mark.xdist_group("records")
def test_a_cell_shows_what_it_prints_and_defines():
    cells = {cell.id: cell for cell in notebook("vanishing-gradient").cells}
    outputs, names = run_cell(cells["measured-stretch"].source)
    (printed,) = outputs
    assert printed["text"].startswith("largest singular value: ")
    assert names["measured_kernel"].shape == (8, 8)


@pytest.mark.slow
def test_a_figure_is_described_by_its_titles(monkeypatch):
    outputs, _ = run_cell(
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
        "ax.set(title='Norms', xlabel='step')\nprint('a')\nprint('b')"
    )
    assert [each["output_type"] for each in outputs] == ["stream", "display_data"]
    assert outputs[0]["text"] == "a\nb\n"
    assert outputs[1]["metadata"]["image/png"]["alt"] == "A figure: Norms, step"
