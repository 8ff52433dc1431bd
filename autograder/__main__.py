"""The command line of the class tools: `python -m autograder --help`."""

import argparse
from pathlib import Path


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
    return made


def main() -> None:
    """Do what the command line says. Each command imports what it needs, and no more."""
    told = parser().parse_args()
    if told.command == "grade":
        from autograder.grade import grade, summary

        print(summary(grade(told.assignment, told.workers, told.scheduler, not told.no_sandbox)))
    elif told.command == "report":
        from autograder import report

        report.main(told.assignment)
    else:
        from autograder import export

        export.main(told.to, told.file)


if __name__ == "__main__":
    main()
