"""Autogrades all collected submissions: `python -m autograder.grade [ASSIGNMENT ...]`.

Each runs as `nbgrader autograde ASSIGNMENT --student=LEARNER` in a process of its own: given a
whole class at once, nbgrader stops at the first submission whose metadata is damaged. What is
graded already is not graded again unless a newer submission was collected.
"""

import sys
import time

from nbgrader.apps.api import NbGraderAPI

from autograder.grades import api, grades, log_file, reason, table
from autograder.nbgrader_commands import Command, run_all

A_NOTEBOOK = 20 * 60  # seconds until a submission that cannot be interrupted is given up


def autograde(opened: NbGraderAPI, assignments: list[str], *options: str) -> None:
    """Autograde what is ungraded of these assignments, and report each submission in a line.

    options: further options for `nbgrader autograde`.
    """
    commands = [
        Command(
            ("autograde", assignment, f"--student={learner}", *options),
            log=log_file(opened, assignment, learner),
            timeout=A_NOTEBOOK,
        )
        for assignment in assignments
        for learner in sorted(
            opened.get_submitted_students(assignment) - opened.get_autograded_students(assignment)
        )
    ]
    begin = time.monotonic()
    for number, (command, code) in enumerate(run_all(commands), start=1):
        if code < 0:
            with command.log.open("a") as log:
                log.write(f"killed after {command.timeout} s\n")
        _, assignment, student, *_ = command.arguments
        print(
            f"[{number}/{len(commands)}, {time.monotonic() - begin:.0f} s] {assignment}, "
            f"{student.removeprefix('--student=')}: "
            + (f"needs a human: {reason(command.log)}" if code else "graded"),
            flush=True,
        )


def main() -> None:
    """Autograde the assignments named on the command line, or all, and print the grades."""
    opened = api()
    with opened.gradebook as gradebook:
        known = [assignment.name for assignment in gradebook.assignments]
    autograde(opened, sys.argv[1:] or known)
    print(table(grades(opened)))


if __name__ == "__main__":
    main()
