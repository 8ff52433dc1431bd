"""What the worker of a page calls: it starts a session, runs cells, checks functions."""

import json
from collections.abc import Callable
from pathlib import Path

import checks
from checks import records
from replay import RecordedChecks
from session import Session, imports, lock_up

_session: list[Session] = []


def start(record: bytes = b"", arrays: bytes = b"", graded: bytes = b"{}") -> None:
    """Begin, with the record of an assignment and the list of what is graded in it, if any."""
    Path(checks.__file__).with_name("graded.json").write_bytes(bytes(graded))
    if record:
        recorded = RecordedChecks(bytes(record).decode(), bytes(arrays))
        _session[:] = [Session(recorded.replay_among, records.forget, recorded.cell)]
    else:
        _session[:] = [Session(no_check, records.forget)]
    lock_up()


def no_check(function: str, _: object) -> str:
    """Stand for the checks where no assignment is. Raises LookupError."""
    raise LookupError(f"there is no check of {function} here")


def draws(cells: list[tuple[str, str]]) -> bool:
    """Whether cells, each an id and a source, import Matplotlib."""
    return "matplotlib" in imports([source for _, source in cells])


def run(
    cells: list[tuple[str, str]], emit: Callable[[str, str], object], again: bool = False
) -> None:
    """Run cells, again also where none has changed.

    `emit` takes a cell's id and an output of it as JSON.
    """
    listed = [(cell, source) for cell, source in cells]
    _session[0].run(listed, lambda cell, output: emit(cell, json.dumps(output)), again)


def check(function: str, cell: str, emit: Callable[[str, str], object]) -> str:
    """Check a function; its outputs are those of a cell. Returns the outcome as JSON."""
    outcome = _session[0].check(function, lambda output: emit(cell, json.dumps(output)))
    return json.dumps(outcome)
