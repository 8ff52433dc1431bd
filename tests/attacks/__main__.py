"""Attacks stock nbgrader and this grader: `python -m tests.attacks` writes build/attacks.json."""

import json
import tempfile
from pathlib import Path

from autograder.nbgrader_commands import COURSE
from tests.attacks import ours, stock
from tests.attacks.bank import ATTACKS
from tests.attacks.promises import broken

TABLE = COURSE / "build" / "attacks.json"


def main() -> None:
    """Run every attack against both, and write which promises it broke."""
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        root = Path(folder)
        print(f"{len(ATTACKS)} attacks on this grader, in one class", flush=True)
        graded = ours.grade(ATTACKS, root / "a")
        if graded.changed or graded.left or any(graded.codes):
            raise SystemExit(f"The class did not survive: {graded}")
        here = {attack.name: broken(graded.course, attack) for attack in ATTACKS}
        print(f"{len(ATTACKS)} attacks on stock nbgrader, one by one", flush=True)
        there = stock.outcomes(ATTACKS, root / "stock")
    rows = [
        {
            "name": attack.name,
            "group": attack.group,
            "tries": attack.tries,
            "stock": there[attack.name],
            "ours": here[attack.name],
        }
        for attack in ATTACKS
    ]
    TABLE.parent.mkdir(exist_ok=True)
    partial = TABLE.with_suffix(".partial")
    partial.write_text(json.dumps(rows, indent=1))
    partial.replace(TABLE)
    for name, column in (("stock nbgrader", "stock"), ("this grader", "ours")):
        print(f"{name}: {sum(bool(row[column]) for row in rows)} of {len(rows)} got through")


if __name__ == "__main__":
    main()
