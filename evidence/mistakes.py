"""What the checks say of wrong implementations, as kept in evidence/mistakes.json.

known: those of `evidence.banks`, with which the checks were written. realistic: those of
`evidence.realistic`, collected without regard to the checks. mutants: mechanical changes to the
solutions; for every `STEP`-th it is also tested whether its message names a mistake wrongly.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import cache, partial

from evidence import records
from evidence.banks import ASSIGNMENTS, UNSPECIFIC, bank
from evidence.check_cells import (
    comparisons,
    first_failure,
    implement,
    solution,
)
from evidence.equivalent import reason
from evidence.mutants import mutants
from evidence.realistic import slips
from evidence.survivors import FUNCTIONS, MISNAMED, outcomes, survivors

NAME = "mistakes"
STEP = 20

compared = cache(partial(comparisons, seed=0))


def measure() -> dict:
    """Run all wrong implementations against their check cells; return the record."""
    begin = time.monotonic()
    record: dict = {"known": [], "realistic": []}
    for assignment in ASSIGNMENTS:
        print(f"{assignment}: wrong implementations", flush=True)
        for entry in bank(assignment)[0]:
            source = entry.source(solution(assignment, entry.function))
            record["known"].append(verdict(assignment, entry.function, entry.name, source))
        for slip in slips(assignment):
            row = verdict(assignment, slip.function, slip.name, slip.source)
            record["realistic"].append(row | {"kind": slip.kind})
    record["mutants"] = measure_mutants()
    return record | {"seconds": round(time.monotonic() - begin)}


def verdict(assignment: str, function: str, name: str, source: str) -> dict[str, str]:
    """Say which part of the check failed a wrong implementation in one draw, and its diagnosis.

    Raises ValueError if it passes its check.
    """
    implementation: Callable = implement(assignment, function, source)
    failure = first_failure(implementation, compared(assignment, function))
    if failure is None:
        raise ValueError(f"{function}, {name}: passes its check")
    comparison, error = failure
    return {
        "assignment": assignment,
        "function": function,
        "name": name,
        "killed_by": "hidden test" if comparison.hidden else "visible check",
        "diagnosis": error.diagnosis,
    }


def measure_mutants() -> dict[str, int]:
    """Count mutants: all, passing with a reason or without, tried with a diagnosis, misnamed."""
    count: Counter[str] = Counter()
    for assignment, function in FUNCTIONS:
        print(f"{assignment}, {function}: mutants", flush=True)
        total, alive = survivors(assignment, function)
        unlisted = sum(reason(assignment, function, name) is None for name in alive)
        tried = outcomes(
            assignment, function, mutants(solution(assignment, function))[::STEP], diagnosed=True
        )
        count["all"] += total
        count["equivalent"] += len(alive) - unlisted
        count["unlisted"] += unlisted
        count["tried"] += len(tried)
        count["misnamed"] += sum(each.diagnosis.startswith(MISNAMED) for each in tried)
    return dict(count)


def named(rows: list[dict[str, str]]) -> int:
    """Count those whose message names a mistake."""
    return sum(row["diagnosis"] not in UNSPECIFIC for row in rows)


def main() -> None:
    """Measure, and write the record."""
    record = measure()
    records.write(NAME, record)
    realistic, changes = record["realistic"], record["mutants"]
    print(f"{named(record['known'])} of {len(record['known'])} known mistakes are named")
    print(f"{named(realistic)} of {len(realistic)} realistic mistakes are named")
    print(
        f"{changes['all']} mutants: {changes['equivalent']} equivalent, {changes['unlisted']} not "
        f"noticed; of {changes['tried']}, {changes['misnamed']} named as another change"
    )
