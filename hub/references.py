"""Puts recorded references where kernels find them, with a list of the cells that they replace."""

import hashlib
import json
import re
import shutil
from pathlib import Path

from hub import COURSE, HubError

RECORDS = COURSE / "build" / "browser" / "records"
REPLAY = COURSE / "course" / "browser" / "python" / "replay.py"
NEEDS_KERAS = re.compile(r"^\s*(?:from|import)\s+(?:keras|tensorflow|checks\.(?:keras_|loading))",
                         re.MULTILINE)  # fmt: skip


def replaced(notebook: dict, record: dict) -> dict[str, str]:
    """Name the recorded cells of a notebook that import Keras, by the SHA-256 of their source."""
    names = {f"{function}-check" for function in record["checks"]} | set(record["cells"])
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    return {
        hashlib.sha256(source.encode()).hexdigest(): name
        for name, source in sources.items()
        if name in names and NEEDS_KERAS.search(source)
    }


def write(folder: Path) -> None:
    """Write the records of all assignments into a folder, and what replays them.

    Raises HubError where the records have not been made.
    """
    if not RECORDS.is_dir():
        raise HubError("There are no recorded references. Please type: make record")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RECORDS, folder)
    shutil.copy(REPLAY, folder)
    for path in sorted(folder.glob("*.json")):
        notebook = COURSE / "exercises" / path.stem / f"{path.stem}.ipynb"
        cells = replaced(json.loads(notebook.read_bytes()), json.loads(path.read_bytes()))
        path.with_suffix(".cells").write_text(json.dumps(cells, indent=1), "utf-8")
