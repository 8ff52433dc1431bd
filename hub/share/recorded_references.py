"""Has the check cells of an assignment compare with recorded references: IPython's extension.

A cell that imports Keras, and stands in the notebook as it was released, is replaced by the replay
of its record. Any other cell runs as it is, and loads Keras if it imports it.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import publish_display_data
from replay import RecordedChecks

RECORDS = Path(__file__).with_name("records")


class RecordedCells:
    """The cells of an assignment that are replayed, and how.

    shell: IPython's. assignment: its name; there is a record of it.
    """

    def __init__(self, shell: InteractiveShell, assignment: str):
        self._shell = shell
        self._cells: dict[str, str] = json.loads((RECORDS / f"{assignment}.cells").read_text())
        text = (RECORDS / f"{assignment}.json").read_text("utf-8")
        self._record = RecordedChecks(text, (RECORDS / f"{assignment}.bin").read_bytes())

    def transform(self, lines: list[str]) -> list[str]:
        """Replace the source of a recorded cell by a call of `replay`."""
        source = "".join(lines).rstrip("\n")
        name = self._cells.get(hashlib.sha256(source.encode()).hexdigest())
        return lines if name is None else [f"get_ipython().recorded_cells.replay({name!r})\n"]

    def replay(self, name: str) -> None:
        """Do what a cell does. Raises CheckFailed as a check cell does."""
        if name.endswith("-check"):
            function = name.removesuffix("-check")
            print(self._record.replay_among(function, self._shell.user_ns))
            return
        recorded = self._record.cell(name)
        assert recorded
        outputs, names = recorded
        self._shell.user_ns.update(names)
        for output in outputs:
            show(output)


def show(output: dict[str, Any]) -> None:
    """Show an output of a cell, a dict as a notebook holds it."""
    if output["output_type"] == "stream":
        print(output["text"], end="")
    else:
        publish_display_data(output["data"], output.get("metadata"))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Replay in notebooks of an assignment, which its folder names."""
    assignment = Path.cwd().name
    if (RECORDS / f"{assignment}.cells").is_file():
        cells = RecordedCells(shell, assignment)
        setattr(shell, "recorded_cells", cells)  # noqa: B010 (the shell's, for the code of cells)
        shell.input_transformers_cleanup.insert(0, cells.transform)
