"""Runs in the cage, where stock nbgrader grades attacks; its arguments are ROOT PORT NAME...

Writes ROOT/NAME/outcome.json for each. Where one is missing, an attack ended this process too.
"""

import json
import os
import sys
from pathlib import Path

import psutil

from course.nbgrader_commands import Command, run_all
from evidence.attacks.attack import BORROWING, Attack
from evidence.attacks.bank import ATTACKS
from evidence.attacks.notebooks import SCRIPT
from evidence.attacks.service import service
from evidence.attacks.victim import surroundings

SECONDS = 30
"""Longest time for a command. An attack that keeps it running longer has stopped the class."""


def grade(root: Path, attacks: list[Attack]) -> None:
    """Have nbgrader grade attacks, and write down how each command ended."""
    by_folder = {root / attack.name / "course": attack for attack in attacks}
    for command, code in run_all(_command("autograde", root, each) for each in attacks):
        attack = by_folder[command.folder]
        alone = len(attacks) == 1 and code >= 0
        outcome = {"code": code, "left": others() if alone else []}
        (root / attack.name / "outcome.json").write_text(json.dumps(outcome))
    pages = [each for each in attacks if each.group == SCRIPT]
    for _ in run_all(_command("generate_feedback", root, each) for each in pages):
        pass


def _command(name: str, root: Path, attack: Attack) -> Command:
    arguments: tuple[str, ...] = (name, attack.assignment, f"--student={attack.name}")
    if attack.assignment == BORROWING:  # Keras takes its time to start
        arguments += ("--Execute.timeout=60",)
    folder = root / attack.name
    environment = surroundings(folder / "home")
    return Command(arguments, folder / f"{name}.log", folder / "course", environment, SECONDS)


def others() -> list[str]:
    """List the command lines of processes that are not the grader's."""
    own = {1, os.getpid()} | {child.pid for child in psutil.Process().children()}
    return [" ".join(p.cmdline()) for p in psutil.process_iter() if p.pid not in own]


def main() -> None:
    """Grade the attacks that the command line names."""
    known = {attack.name: attack for attack in ATTACKS}
    with service(int(sys.argv[2])):
        grade(Path(sys.argv[1]), [known[name] for name in sys.argv[3:]])
