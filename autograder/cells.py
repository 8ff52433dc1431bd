"""Reads the cells out of a notebook's file, which may hold anything.

Most files have a few hundred KB and are read here. JSON can take forty bytes of memory for each
byte of a file. So a larger file is read by a separate process with limits, which takes 20 ms more.
That process imports this module alone, so the module needs only the standard library.
"""

import json
import resource
import subprocess
import sys

from autograder import COURSE

MOST = 64  # MB of a file
SMALL = 1 << 20  # bytes that are read without limits
CELLS = 2_000
LONGEST = 1_000_000  # characters of a cell
LONGEST_IN_ALL = 4_000_000
PICTURES = 200  # in cells of text
PICTURES_IN_ALL = 16  # MB
MEMORY, SECONDS = 1024, 10  # MB and CPU time that reading a large file may take
KINDS = ("code", "markdown", "raw")
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from autograder.cells import main; main()"

DAMAGED = "the file is damaged: it is not valid JSON"
NESTED = "the file is damaged: it is nested too deeply"
NO_NOTEBOOK = "the file is no notebook: it has no cells"
VERSION = "the file is no notebook of version 3 or 4"
MANY_CELLS = f"it has more than {CELLS:,} cells, so delete those that hold no answer"
LONG_CELL = f"one of its cells has more than {LONGEST:,} characters"
LONG = f"its cells have more than {LONGEST_IN_ALL:,} characters in all"
MANY_PICTURES = f"its texts hold more than {PICTURES} pictures, or {PICTURES_IN_ALL} MB of them"
TOO_LARGE = f"reading it takes more than {MEMORY} MB of memory or {SECONDS} s"


class Unreadable(ValueError):
    """A file that is no notebook, or none that can be graded; the message says why."""


def read_cells(file: bytes) -> list[dict]:
    """Read the cells of a notebook's file; see `cells`. Raises Unreadable."""
    if len(file) <= SMALL:
        return cells(file)
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, str(COURSE)]
    ran = subprocess.run(command, input=file, capture_output=True)
    if ran.returncode:
        raise Unreadable(TOO_LARGE)
    answer = json.loads(ran.stdout)
    if isinstance(answer, str):
        raise Unreadable(answer)
    return answer


def main() -> None:
    """Read a file from standard input within limits; write its cells, or the reason why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: list[dict] | str
    try:
        answer = cells(sys.stdin.buffer.read())
    except Unreadable as error:
        answer = str(error)
    json.dump(answer, sys.stdout)


def cells(file: bytes) -> list[dict]:
    """Take what counts out of a notebook's file, and nothing else.

    Returns a dict for each cell: kind, source, grade_id ("" for none) and pictures. The pictures
    are those of a text: name, kind and data, which should be base64 but is not checked here. All
    text can be written as UTF-8. Raises Unreadable.
    """
    try:
        # As an int, a number of a million digits would take long to read.
        content = json.loads(file.decode("utf-8"), parse_int=float)
    except RecursionError:
        raise Unreadable(NESTED) from None
    except ValueError:
        raise Unreadable(DAMAGED) from None
    listed = _listed(content)
    if len(listed) > CELLS:
        raise Unreadable(MANY_CELLS)
    taken = [cell for each in listed if (cell := _cell(each))]
    if max((len(cell["source"]) for cell in taken), default=0) > LONGEST:
        raise Unreadable(LONG_CELL)
    if sum(len(cell["source"]) for cell in taken) > LONGEST_IN_ALL:
        raise Unreadable(LONG)
    pictures = [len(name) + len(data) for cell in taken for name, _, data in cell["pictures"]]
    if len(pictures) > PICTURES or sum(pictures) > PICTURES_IN_ALL << 20:
        raise Unreadable(MANY_PICTURES)
    return taken


def _listed(content: object) -> list:
    """List the cells of a notebook of version 4 or 3. Raises Unreadable."""
    if not isinstance(content, dict):
        raise Unreadable(NO_NOTEBOOK)
    if content.get("nbformat") == 4:
        listed = content.get("cells")
    elif content.get("nbformat") == 3:
        sheets = content.get("worksheets")
        inner = [_part(sheet, "cells") for sheet in sheets] if isinstance(sheets, list) else None
        listed = inner and [each for part in inner if isinstance(part, list) for each in part]
    else:
        raise Unreadable(VERSION)
    if not isinstance(listed, list):
        raise Unreadable(NO_NOTEBOOK)
    return listed


def _cell(cell: object) -> dict | None:
    """Take what counts out of a cell; None where it is no cell."""
    kind = _part(cell, "cell_type")
    source = _text(_part(cell, "source", _part(cell, "input")))  # "input" in version 3
    if source is None:
        return None
    if kind == "heading":  # of version 3
        kind, source = "markdown", f"# {source}"
    if kind not in KINDS:
        return None
    grade_id = _text(_part(_part(_part(cell, "metadata"), "nbgrader"), "grade_id"))
    pictures = _pictures(_part(cell, "attachments")) if kind == "markdown" else []
    return {"kind": kind, "source": source, "grade_id": grade_id or "", "pictures": pictures}


def _pictures(attachments: object) -> list[list[str]]:
    """List the attachments of a text that claim to be pictures: name, kind and base64."""
    bundles = attachments.items() if isinstance(attachments, dict) else ()
    return [
        [_text(name) or "", mime, data]
        for name, bundle in bundles
        for mime in ("image/png", "image/jpeg")
        if (data := _text(_part(bundle, mime)))
    ]


def _part(value: object, key: str, default: object = None) -> object:
    """Look a key up in a value that may not be a dict."""
    return value.get(key, default) if isinstance(value, dict) else default


def _text(value: object) -> str | None:
    """Return a string, or join a list of lines; None for anything else.

    Halves of surrogate pairs are replaced.
    """
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
