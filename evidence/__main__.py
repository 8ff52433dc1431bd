"""Measures what the course claims: `python -m evidence --help`."""

import argparse
from importlib import import_module

COMMANDS = {
    "class": ("evidence.sample_class.command", "a sample class through nbgrader's whole loop"),
    "attacks": ("evidence.attacks.record", "all attacks, on nbgrader alone and on this grader"),
    "courses": ("evidence.courses.record", "assignments as other courses have them, graded twice"),
    "bench": ("evidence.bench", "speed, of nbgrader alone and of this grader: 20 minutes"),
    "tab": ("evidence.tab", "the first check in a browser tab, cold and warm"),
    "lighthouse": (
        "evidence.lighthouse.record",
        "how fast and accessible each page is on a telephone: 10 minutes",
    ),
    "capacity": (
        "evidence.capacity",
        "a class of 10,000: what grows, and how many judges it needs",
    ),
    "hub": ("evidence.hub.record", "the Hub: its start, a learner's memory, submissions"),
    "lti": ("evidence.lti.record", "a class that a learning platform sends in: hand-ins a minute"),
    "mistakes": ("evidence.mistakes", "which mistakes the messages of the checks name"),
    "mutants": ("evidence.survivors", "small changes to the solutions that no check notices"),
    "pictures": ("evidence.pictures", "README's pictures of the book and of a check's message"),
}
"""Each command's module, whose `main` it runs, and its help."""


def main() -> None:
    """Run the command that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m evidence", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text) in COMMANDS.items():
        commands.add_parser(name, help=text)
    module, _ = COMMANDS[parser.parse_args().command]
    import_module(module).main()


if __name__ == "__main__":
    main()
