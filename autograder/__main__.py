"""The command line of the grader: `python -m autograder --help`.

Each command imports only what it needs. A command that finds a warm process imports almost nothing.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import warm

if TYPE_CHECKING:
    from autograder.judge.job import Execute
    from autograder.judge.pool import JudgePool


class Exporters:
    """The names of the exporters. They are read only on demand, because that imports nbgrader."""

    def __iter__(self) -> Iterator[str]:
        from autograder.reports.export import EXPORTERS

        return iter(EXPORTERS)

    def __contains__(self, name: object) -> bool:
        return name in list(self)


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = argparse.ArgumentParser("python -m autograder", description="Grade notebooks.")
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("grade", help="grade what is new or changed of an assignment")
    command.add_argument("assignment")
    command.add_argument("--workers", type=count, help="notebooks at the same time (all cores)")
    command.add_argument("--scheduler", help="a Dask scheduler's address, tcp://HOST:PORT")
    _add_no_sandbox(command)

    command = commands.add_parser(
        "check", help="grade an assignment's solution and the untouched notebook"
    )
    command.add_argument("assignment")

    commands.add_parser("grades", help="print all grades of the class, and what needs a human")

    command = commands.add_parser("report", help="write a page about how an assignment went")
    command.add_argument("assignment")

    command = commands.add_parser("export", help="write the grades for a learning platform")
    # Without a metavar, argparse would read the choices at once.
    command.add_argument(
        "--to", choices=Exporters(), metavar="SYSTEM", required=True, help="one of: %(choices)s"
    )
    command.add_argument("--file", type=Path, help="in place of grades-<to>.csv in the class")

    command = commands.add_parser("warm", help="keep judges ready for other commands, until Ctrl-C")
    command.add_argument("--workers", type=count, default=os.cpu_count() or 1, help="judges")

    _add_lti(commands.add_parser("lti", help="be a tool of a learning platform (LTI 1.3)"))

    command = commands.add_parser("try", help="grade one notebook, without class or gradebook")
    command.add_argument("notebook", type=Path)
    _add_no_sandbox(command)
    return parser


def count(text: str) -> int:
    """Read a number of judges. Raises ArgumentTypeError where it is none."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number, 1 or more")
    return int(text)


def _add_no_sandbox(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-sandbox",
        action="store_true",
        help="run submissions without bubblewrap: they can then read and change all that you can",
    )


def _add_lti(command: argparse.ArgumentParser) -> None:
    """Describe the commands of the LTI tool; autograder/lti/commands.py carries them out."""
    commands = command.add_subparsers(dest="lti", required=True)
    command = commands.add_parser("register", help="add a platform, or a deployment of it")
    command.add_argument("issuer", help="how the platform names itself, an address")
    command.add_argument("client_id", help="how the platform names the tool")
    command.add_argument("--login", default="", help="where the platform signs people in (OIDC)")
    command.add_argument("--token", default="", help="where the platform gives access tokens")
    command.add_argument("--keys", default="", help="where the platform publishes its keys (JWKS)")
    command.add_argument(
        "--audience",
        default="",
        help="to whom requests for tokens are addressed, if not to --token",
    )
    command.add_argument("--deployment", action="append", default=[], help="a deployment's id")
    command.add_argument(
        "--origin", action="append", default=[], help="further hosts of the platform, https://HOST"
    )

    command = commands.add_parser("invite", help="let a platform register itself")
    _add_address(command)
    command = commands.add_parser("accept", help="accept the platform that registered itself")
    command.add_argument(
        "--yes", action="store_true", help="do not ask whether it is the right one"
    )

    command = commands.add_parser("serve", help="serve the web application, until Ctrl-C")
    command.add_argument("site", type=Path, help="the folder of the course's pages")
    _add_address(command)
    command.add_argument("--port", type=count, default=8080, help="of 127.0.0.1")

    command = commands.add_parser("send", help="send scores to the platforms")
    command.add_argument(
        "--stay", action="store_true", help="until Ctrl-C; then assignments can be chosen, too"
    )


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--address", required=True, type=address, help="of the tool, https://HOST")


def address(text: str) -> str:
    """Read an address, without a slash at its end. Raises ArgumentTypeError where it is none."""
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise argparse.ArgumentTypeError(f"{text!r} should be an address such as https://HOST")
    return text.rstrip("/")


def show(text: object) -> None:
    """Print what a command has to say, whatever names and messages are in it."""
    from autograder.intake import printable

    print("\n".join(map(printable, str(text).split("\n"))), flush=True)


def run(arguments: list[str], execute: "Execute | None" = None) -> None:
    """Carry out a command.

    execute: hands a job to judges that already run; None starts judges where they are needed.
    """
    options = parser().parse_args(arguments)
    if options.command == "warm":
        warm.keep_warm(options.workers, run)
        return
    from autograder.judge.pool import execute_anywhere

    with ExitStack() as stack:
        if execute is None and (number := judges_of(options)):
            # They start while this process imports nbgrader, which takes as long.
            execute = stack.enter_context(started(number)).execute
        carry_out(options, execute or execute_anywhere)


def started(number: int) -> "JudgePool":
    """Start judges. Raises SystemExit where there is no room for what they need."""
    from autograder.judge.pool import JudgePool, is_full

    try:
        return JudgePool(number)
    except OSError as error:
        if not is_full(error):
            raise
        raise SystemExit(
            f"The disk is full. Make room for temporary files in {tempfile.gettempdir()}, and run "
            "the command again."
        ) from None


def judges_of(options: argparse.Namespace) -> int:
    """Give the number of judges that a command needs on this machine."""
    if options.command == "grade":
        return 0 if options.scheduler else options.workers or os.cpu_count() or 1
    return int(options.command in ("check", "try"))


def carry_out(options: argparse.Namespace, execute: "Execute") -> None:
    """Carry out a command that is not `warm`. execute: hands a job to judges."""
    from autograder import quick_jsonschema  # noqa: F401  (before nbformat imports jsonschema)
    from autograder.settings import read_settings

    settings = read_settings()
    if options.command != "try":
        settings.require_class()
    match options.command:
        case "grade":
            from autograder.grading import grade, summary

            results = grade(
                settings,
                options.assignment,
                options.workers,
                options.scheduler,
                not options.no_sandbox,
                execute,
            )
            show(summary(results))
        case "check":
            from autograder.calibration import check

            show(check(settings, options.assignment, execute))
        case "grades":
            from autograder.reports.grades import read_grades, table

            show(table(read_grades(settings)))
        case "report":
            from autograder.reports.report import write_report

            show(write_report(settings, options.assignment))
        case "export":
            from autograder.reports.export import export

            show(export(settings, options.to, options.file))
        case "lti":
            from autograder.lti import commands

            commands.carry_out(settings, options, show)
        case "try":
            from autograder.trial import lines, try_notebook

            trial = try_notebook(settings, options.notebook, not options.no_sandbox, execute)
            show(lines(trial))


def main() -> int:
    """Do what the command line says, in the warm process if there is one."""
    programs = os.path.dirname(sys.executable)  # nbgrader starts alembic, which lies beside Python
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    arguments = sys.argv[1:]
    if parser().parse_args(arguments).command not in ("warm", "lti"):
        code = warm.hand_over(arguments)
        if code is not None:
            return code
    try:
        run(arguments)
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
