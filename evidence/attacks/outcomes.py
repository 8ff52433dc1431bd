"""What the attacks came to, here and with stock nbgrader: measured once for the same sources.

The class that was graded here stays in build/attacks, the table of the book in build/attacks.json.
"""

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from course import COURSE
from course.fingerprint import fingerprint
from evidence.attacks import ours, stock
from evidence.attacks.bank import ATTACKS
from evidence.attacks.ours import Graded
from evidence.attacks.promises import broken

TABLE = COURSE / "build" / "attacks.json"
CLASS = COURSE / "build" / "attacks"
DONE = CLASS / "done.json"
INPUTS = (
    "autograder", "evidence/attacks", "evidence/sample_class/tampering.py", "nbgrader_config.py",
    "requirements.txt",
)  # fmt: skip


def graded() -> Graded:
    """Grade all attacks in one class, unless that was done, and return what became of it."""
    now = fingerprint(INPUTS)
    known = json.loads(DONE.read_text()) if DONE.exists() else {}
    if known.get("inputs") != now:
        shutil.rmtree(CLASS, ignore_errors=True)
        print(f"{len(ATTACKS)} attacks on this grader, in one class", flush=True)
        known = {"inputs": now, "graded": asdict(ours.grade(ATTACKS, CLASS))}
        _write(DONE, known)
    known["graded"]["course"] = Path(known["graded"]["course"])
    return Graded(**known["graded"])


def table() -> list[dict]:
    """Say of each attack which promises it broke, here and with stock nbgrader."""
    now = fingerprint(INPUTS)
    known = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    if known.get("inputs") != now:
        course = graded().course
        print(f"{len(ATTACKS)} attacks on stock nbgrader, one by one", flush=True)
        with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
            there = stock.outcomes(ATTACKS, Path(folder))
        rows = [
            {
                "name": attack.name,
                "group": attack.group,
                "tries": attack.tries,
                "stock": there[attack.name],
                "ours": broken(course, attack),
            }
            for attack in ATTACKS
        ]
        known = {"inputs": now, "rows": rows}
        _write(TABLE, known)
    return known["rows"]


def _write(path: Path, content: dict) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, default=str))
    partial.replace(path)
