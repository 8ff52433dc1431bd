"""The outcomes of all attacks with stock nbgrader and here, kept in evidence/attacks.json.

stock, ours: the promises that an attack broke. handed_in: a hash of what it hands in. measure: a
hash of the files that decide how stock nbgrader's side is measured.
"""

import hashlib
import os
import tempfile
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path

from course.fingerprint import fingerprint
from evidence import records, speeds
from evidence.attacks import outcomes, stock
from evidence.attacks.attack import Attack
from evidence.attacks.bank import ATTACKS
from evidence.attacks.promises import broken
from evidence.attacks.victim import FUNCTIONS, RIGHT, WRONG, answered, source_notebook, submitted

NAME = "attacks"
MEASURE = [
    f"evidence/attacks/{name}.py"
    for name in ("attack", "victim", "service", "promises", "stock", "caged")
]


def measure() -> dict:
    """Grade all attacks here and with stock nbgrader; return the record."""
    begin, files = time.monotonic(), fingerprint(MEASURE)
    course = outcomes.graded(again=True).course
    print(f"{len(ATTACKS)} attacks on stock nbgrader, one by one", flush=True)
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        there = stock.outcomes(ATTACKS, Path(folder))
    return {
        "measured": records.conditions(),
        "seconds": round(time.monotonic() - begin),
        "measure": files,
        "attacks": [
            described(attack) | {"stock": there[attack.name], "ours": broken(course, attack)}
            for attack in ATTACKS
        ],
    }


def described(attack: Attack) -> dict[str, object]:
    """Describe an attack as its row in the record does, with all that its outcome depends on."""
    return {
        "name": attack.name,
        "group": attack.group,
        "tries": attack.tries,
        "assignment": attack.assignment,
        "deserves": attack.score,
        "deadly": attack.deadly,
        "handed_in": handed_in(attack),
    }


@cache
def handed_in(attack: Attack) -> str:
    """Hash the files that an attack hands in; the same on any machine."""
    honest = source_notebook(FUNCTIONS[attack.assignment])
    total = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        folder = submitted(Path(name, "course"), attack.name, attack.assignment)
        attack.hand_in(answered(honest, attack.assignment, RIGHT | WRONG), folder, words={})
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                content = os.readlink(path).replace(name, "").encode()
            else:
                content = path.read_bytes() if path.is_file() else b""
            total.update(os.fsencode(path.relative_to(folder)) + b"\0%d\0" % len(content))
            total.update(content)
    return total.hexdigest()


def stale(record: dict) -> list[str]:
    """List what has changed since the record was written, in words for whoever has to mend it."""
    rows = {row["name"]: row for row in record["attacks"]}
    bank = {attack.name: described(attack) for attack in ATTACKS}
    changes = records.changed_rows(rows, bank, "in the bank")
    if record["measure"] != fingerprint(MEASURE):
        changes.append(f"how stock nbgrader is measured has changed: one of {', '.join(MEASURE)}")
    if record["measured"]["nbgrader"] != version("nbgrader"):
        changes.append(f"nbgrader is {version('nbgrader')} now")
    return changes


def main() -> None:
    """Measure, write the record, and say how many attacks got through."""
    record = measure()
    records.write(NAME, record)
    rows = record["attacks"]
    for name, column in (("stock nbgrader", "stock"), ("this grader", "ours")):
        print(f"{name}: {sum(bool(row[column]) for row in rows)} of {len(rows)} got through")
    speeds.update_readme()
