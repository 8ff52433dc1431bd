"""Runs the cells of a notebook that a page cannot run; pages show what they show."""

import ast
import base64
import importlib
import io
import re
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nbformat import NotebookNode
from PIL import Image

from course import checks
from course.exercises import is_check

KERAS = re.compile(r"(keras|tensorflow)(\.|$)|checks\.(keras_|loading)")
"""The modules that need Keras; the notebooks' own checks need it only in check cells."""


FILES = "data/"
"""The folder of the files beside a notebook, which a page does not have."""


def needs_recording(cell: NotebookNode) -> bool:
    """Whether a cell that is no check imports Keras, or a part of the checks that does, or reads a
    file beside the notebook.
    """
    if cell.cell_type != "code" or is_check(cell):
        return False
    modules = set()
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return reads_file(cell.source) or any(map(KERAS.match, modules))


def reads_file(source: str) -> bool:
    """Whether code names a file beside the notebook."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and text.startswith(FILES) for text in texts)


def run_cell(source: str) -> tuple[list[dict], dict[str, Any]]:
    """Run a cell with Keras; return its outputs, as in a notebook, and the names that it defines.

    Raises what the cell raises.
    """
    importlib.import_module(f"{checks.__name__}.loading")  # says what the page need not say
    outputs: list[dict] = []
    names: dict[str, Any] = {"__name__": "__main__"}
    text = f"import numpy as np\n{source}".replace("from checks", f"from {checks.__name__}")
    with (
        patch.object(sys, "path", [str(Path(__file__).parent / "python"), *sys.path]),
        patch.dict("os.environ", MPLBACKEND="module://figure_backend"),
    ):
        session = importlib.import_module("session")
        figures = importlib.import_module("figures")
        with session.streams(outputs.append):
            session.execute(text, "cell", names)
        return session.merged([*outputs, *map(lighter, figures.drawn())]), names


def lighter(output: dict) -> dict:
    """Store a figure in 256 colours, in a third of the bytes: the page of the assignment has it."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))) as picture:
        picture.convert("RGB").quantize().save(target, "png", optimize=True)
    data = output["data"] | {"image/png": base64.b64encode(target.getvalue()).decode()}
    return output | {"data": data}
