"""What has been checked so far in this notebook: the summary at its end, and hints after failures.

`graded.json` beside this module lists the graded functions of the notebook, with their points, the
section of the book on each, and a sentence on the quantity to look at.
"""

import json
from dataclasses import dataclass
from pathlib import Path

GRADED = Path(__file__).with_name("graded.json")
OFFER = 2  # failures in a row after which a hint is offered


@dataclass
class Record:
    """What the last check of a function showed.

    diagnosis: "" where it agreed. failures: in a row. hints: given since it last agreed.
    """

    function: object
    diagnosis: str
    failures: int = 0
    hints: int = 0


_records: dict[str, Record] = {}
_last: list[str] = []  # the function that failed last


def note(name: str, function: object, diagnosis: str) -> str:
    """Write down what a check of a function showed; return what to add to its message.

    diagnosis: "" where the function agreed.
    """
    before = _records.get(name, Record(function, ""))
    if not diagnosis:
        _records[name] = Record(function, "")
        return ""
    failures = before.failures + (diagnosis != "not started")
    _records[name] = Record(function, diagnosis, failures, before.hints)
    _last[:] = [name]
    return "Run hint() in a cell of your own if you are stuck." if failures >= OFFER else ""


def fails(name: str, caller: object) -> bool:
    """Whether the last check of a function did not pass, and it is still what `caller` calls."""
    record = _records.get(name)
    if record is None or not record.diagnosis:
        return False
    return getattr(caller, "__globals__", {}).get(name, record.function) is record.function


def forget() -> None:
    """Forget all checks so far."""
    _records.clear()
    _last.clear()


def graded() -> dict[str, dict]:
    """Read which functions are graded, in the notebook's order; empty where nothing is known."""
    return json.loads(GRADED.read_text("utf-8")) if GRADED.exists() else {}


def hint() -> None:
    """Print a hint on the function whose check failed last: where to read, then where to look."""
    if not _last:
        print("No check has failed yet.")
        return
    name = _last[0]
    known, record = graded().get(name, {}), _records[name]
    hints = [
        f"Read the section {known['section']} in the book." if "section" in known else "",
        known.get("look", ""),
    ]
    hints = [each for each in hints if each] or ["Work the number of the section by hand."]
    print(f"{name}: {hints[min(record.hints, len(hints) - 1)]}")
    record.hints += 1
    if record.hints < len(hints):
        print("Run hint() again for one more.")


def progress() -> None:
    """Print for each graded function whether it agrees, and the points so far."""
    listed = graded()
    width = max(map(len, listed), default=0)
    points = 0
    for name, known in listed.items():
        status = _status(name) if known["checked"] else "graded by a person"
        points += known["points"] if status == "agrees" else 0
        print(f"{name:{width}}  {status:18}  {known['points']:g}")
    checked = sum(known["points"] for known in listed.values() if known["checked"])
    print(f"\nPoints so far: {points:g} of {checked:g} from checks, as last run.")
    print("Further checks with other sizes run when the notebook is graded.")


def _status(name: str) -> str:
    record = _records.get(name)
    if record is None:
        return "not checked"
    if record.diagnosis in ("not started", "not defined"):
        return "not started"
    return "differs" if record.diagnosis else "agrees"
