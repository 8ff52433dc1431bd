"""The command line of the class tools: `python -m autograder --help`."""

import argparse
import os
import sys
from pathlib import Path

from autograder import warm


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    made = argparse.ArgumentParser("python -m autograder", description="Grade a class's notebooks.")
    commands = made.add_subparsers(dest="command", required=True)

    grade = commands.add_parser("grade", help="grade what is new or changed")
    grade.add_argument("assignment")
    grade.add_argument("--workers", type=int, help="notebooks at the same time (all cores)")
    grade.add_argument("--scheduler", help="a Dask scheduler's address, tcp://HOST:PORT")
    grade.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions without bubblewrap: they can then read and change all that you can",
    )

    report = commands.add_parser("report", help="write a page about how an assignment went")
    report.add_argument("assignment")

    export = commands.add_parser("export", help="write the grades for a learning platform")
    export.add_argument("--to", choices=("canvas", "moodle", "csv"), required=True)
    export.add_argument("--file", type=Path, help="in place of grades-<to>.csv in the class")

    kept = commands.add_parser("warm", help="keep judges ready for the others, until Ctrl-C")
    kept.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="judges")
    return made


def run(arguments: list[str]) -> None:
    """Do what a command line says. Each command imports what it needs, and no more."""
    told = parser().parse_args(arguments)
    if told.command == "grade":
        from autograder.grading import grade, summary

        print(summary(grade(told.assignment, told.workers, told.scheduler, not told.no_sandbox)))
    elif told.command == "report":
        from autograder.reports import report

        report.main(told.assignment)
    elif told.command == "export":
        from autograder.reports import export

        export.main(told.to, told.file)
    else:
        warm.keep_warm(told.workers, run)


def main() -> int:
    """Do what the command line says, in the warm process if there is one."""
    arguments = sys.argv[1:]
    if parser().parse_args(arguments).command != "warm":
        code = warm.hand_over(arguments)
        if code is not None:
            return code
    run(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
