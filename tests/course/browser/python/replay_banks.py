"""Replays a bank in a process that cannot import Keras, with the checks that learners get."""

import json
import sys

from course import COURSE
from course.browser.python.replay import RecordedChecks
from evidence.banks import bank
from evidence.check_cells import implement, solution


def replayed(record: RecordedChecks, function: str, source: str) -> tuple[str, str]:
    """Return the diagnosis of an implementation, "" if it agrees, and the message."""
    from checks import CheckFailed, records

    records.forget()
    implementation = implement(record.assignment, function, source)
    try:
        return "", record.replay(function, implementation)
    except CheckFailed as error:
        return error.diagnosis, str(error)


def main(assignment: str, text: str, joined: str) -> None:
    """Print what each implementation gets, as JSON: function, name, diagnosis and message."""
    sys.modules.update(dict.fromkeys(("keras", "tensorflow"), None))  # to import them raises
    sys.path.insert(0, str(COURSE / "exercises" / assignment))
    with open(text, encoding="utf-8") as json_file, open(joined, "rb") as binary_file:
        record = RecordedChecks(json_file.read(), binary_file.read())
    wrong, right = bank(assignment)
    outcomes = []
    for entry in (*wrong, *right):
        source = entry.source(solution(assignment, entry.function))
        outcomes.append(
            (entry.function, entry.name, *replayed(record, entry.function, source)),
        )
    loaded = {name.partition(".")[0] for name, module in sys.modules.items() if module}
    assert not loaded & {"keras", "tensorflow"}
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
