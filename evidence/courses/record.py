"""nbgrader's points of all test cells, and where this grader's differ: evidence/courses.json.

digest: of the file that an assignment was read from. measure: a hash of the files that say how
nbgrader's side is measured. differences: those of evidence/courses/comparison.py.
"""

import tempfile
from collections import Counter
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from course.fingerprint import fingerprint
from evidence import records
from evidence.courses import here, stock
from evidence.courses.assignments import Assignment, assignments
from evidence.courses.comparison import Difference, differences
from evidence.courses.stock import Points
from evidence.courses.throwaway import make_course

NAME = "courses"
MEASURE = [f"evidence/courses/{name}.py" for name in ("assignments", "throwaway", "stock")]
PACKAGES = ("nbgrader", "numpy", "pandas", "matplotlib", "pillow", "scipy", "ipython")
"""What nbgrader's points may depend on."""


def versions() -> dict[str, str]:
    """Give the versions that nbgrader's points may depend on."""
    return {package: version(package) for package in PACKAGES}


def described(assignment: Assignment) -> dict:
    """Describe an assignment as its row in the record does, with all that its points depend on."""
    return {
        "kind": assignment.kind,
        "digest": assignment.digest,
        "tests": {test.grade_id: test.points for test in assignment.tests()},
        "together": assignment.together(),
    }


def points(record: dict) -> dict[str, Points]:
    """Read nbgrader's points, by assignment."""
    return {name: row["nbgrader"] for name, row in record["assignments"].items()}


def stale(record: dict) -> list[str]:
    """List what has changed since the record was written, in words for whoever has to mend it."""
    now = {assignment.name: described(assignment) for assignment in assignments()}
    changes = records.changed_rows(record["assignments"], now, "there")
    if record["measure"] != fingerprint(MEASURE):
        changes.append(f"how nbgrader's side is measured has changed: one of {', '.join(MEASURE)}")
    for package, installed in versions().items():
        if record["versions"].get(package) != installed:
            changes.append(f"{package} is {installed} now")
    return changes


def fresh(record: dict) -> dict[str, Points]:
    """Read nbgrader's points of those assignments that need not be graded by nbgrader again."""
    same = record["measure"] == fingerprint(MEASURE) and record["versions"] == versions()
    rows = record["assignments"] if same else {}
    return {
        each.name: rows[each.name]["nbgrader"]
        for each in assignments()
        if each.name in rows and described(each).items() <= rows[each.name].items()
    }


def measured_here(known: dict[str, Points]) -> tuple[dict[str, Points], list[Difference]]:
    """Grade everything here, and by nbgrader what is not `known`; compare."""
    with tempfile.TemporaryDirectory(prefix="courses-") as folder:
        root = Path(folder).resolve()
        make_course(assignments(), root)
        new = [each for each in assignments() if each.name not in known]
        known = known | (stock.grade(new, root) if new else {})
        return known, differences(known, here.grade(assignments(), root))


def main() -> None:
    """Measure, write the record, and say how many verdicts are the same."""
    try:
        known = fresh(records.read(NAME))
    except FileNotFoundError:
        known = {}
    known, different = measured_here(known)
    rows = {each.name: described(each) | {"nbgrader": known[each.name]} for each in assignments()}
    record = {
        "measured": records.conditions(),
        "versions": versions(),
        "measure": fingerprint(MEASURE),
        "assignments": rows,
        "differences": [asdict(each) for each in different],
    }
    records.write(NAME, record)
    print(summary(record))


def verdicts(record: dict) -> int:
    """Count the verdicts: one for each test cell of each submission."""
    return sum(len(row) for each in points(record).values() for row in each.values())


def summary(record: dict) -> str:
    """Say in a line how many verdicts are nbgrader's, and how many are not."""
    kinds = Counter(each["kind"] for each in record["differences"])
    equal = verdicts(record) - kinds.total()
    others = "".join(f", {count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{equal} of {verdicts(record)} verdicts are nbgrader's{others}"
