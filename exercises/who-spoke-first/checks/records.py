"""Records what has been checked in this notebook, for the summary at its end and for hints.

`graded.json` beside this module lists what is graded in the notebook: for each cell its points,
whether a check decides about them, and the section of the book on it; course/exercises.py lists it.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

GRADED = Path(__file__).with_name("graded.json")
OFFER = 2  # failures in a row after which a hint is offered


@dataclass(frozen=True)
class Record:
    """The outcome of a function's last check.

    diagnosis: "" if it agreed. look: the quantity to look at. failures: how many in a row. hints:
    how many were given since it last agreed. share: of the points, if it agreed.
    """

    function: object
    diagnosis: str
    look: str = ""
    failures: int = 0
    hints: int = 0
    share: float = 1


_records: dict[str, Record] = {}
_last: list[str] = []  # the function that failed last
_now: set[str] = set()  # the functions that have agreed in this check cell


def begin() -> None:
    """Begin a check cell, in which the lowest share of the points counts."""
    _now.clear()


def note(name: str, function: object, diagnosis: str, look: str, share: float = 1) -> str:
    """Record the outcome of a function's check; return what to add to its message.

    diagnosis: "" if the function agreed. look: a sentence on the quantity to look at. share: of the
    points that the function earns if it agreed.
    """
    before = _records.get(name, Record(function, ""))
    if not diagnosis:
        lowest = min(share, before.share) if name in _now else share
        _records[name] = Record(function, "", share=lowest)
        _now.add(name)
        return ""
    failures = before.failures + (diagnosis != "not started")
    _records[name] = Record(function, diagnosis, look, failures, before.hints)
    _last[:] = [name]
    return "If you are stuck, run hint() in a cell of your own." if failures >= OFFER else ""


def fails(name: str, caller: object) -> bool:
    """Whether the last check of a function did not pass, and it is still what `caller` calls."""
    record = _records.get(name)
    if record is None or not record.diagnosis:
        return False
    return getattr(caller, "__globals__", {}).get(name, record.function) is record.function


def share(name: str) -> float:
    """Return the share of its points that a function has earned: 0 unless its check agreed."""
    record = _records.get(name)
    return record.share if record and not record.diagnosis else 0


def forget() -> None:
    """Forget all checks so far."""
    _records.clear()
    _last.clear()
    _now.clear()


def graded() -> dict[str, dict]:
    """Read which functions are graded, in the notebook's order; empty if no file lists them."""
    return json.loads(GRADED.read_text("utf-8")) if GRADED.exists() else {}


def hint(name: str = "") -> None:
    """Print a hint on a function: where to read, then where to look.

    name: of the function; by default the one whose check failed last.
    """
    name = name or next(iter(_last), "")
    if name not in _records:
        print(f"No check of {name} has failed so far." if name else "No check has failed so far.")
        return
    section, record = graded().get(name, {}).get("section", ""), _records[name]
    hints = [f'Read the section "{section}" of the book.'] if section else []
    hints += [record.look] if record.look else []
    hints = hints or ["Compute the worked number of this section by hand, one quantity at a time."]
    print(f"{name}: {hints[min(record.hints, len(hints) - 1)]}")
    given = record.hints + 1
    _records[name] = replace(record, hints=given)
    if given < len(hints):
        print("Run hint() again for one more.")


def progress() -> None:
    """Print for each graded function whether it agrees, and the points so far."""
    known = graded()
    width = max(map(len, known), default=0)
    so_far = 0
    for name, each in known.items():
        status = _status(name) if each["checked"] else "read by a person"
        reached = each["points"] * share(name) if each["checked"] else 0
        so_far += reached
        print(f"{name:{width}}  {status:16}  {reached:g} of {each['points']:g}")
    checked = sum(each["points"] for each in known.values() if each["checked"])
    print(f"Points so far: {so_far:g} of the {checked:g} that checks give.")
    print("Further checks, with other sizes and numbers, run when the notebook is graded.")


def _status(name: str) -> str:
    record = _records.get(name)
    if record is None:
        return "not checked"
    if record.diagnosis == "not started":
        return "not started"
    if record.diagnosis:
        return "differs"
    return "agrees" if record.share == 1 else "agrees in part"
