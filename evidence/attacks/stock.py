"""Grades the attacks with stock nbgrader, each in a copy of a course, in a cage.

nbgrader runs a submission with all the rights of the person who grades. The cage is not nbgrader's:
it keeps the attacks from this machine. Inside it nbgrader works as it does anywhere.
"""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from course import COURSE
from course.nbgrader_commands import Command, must_run
from evidence.attacks.attack import BORROWING, VICTIM, Attack
from evidence.attacks.promises import (
    NO_GRADE,
    STAYED,
    STOPPED,
    WROTE,
    broken,
    changes,
    files,
    gradebook,
)
from evidence.attacks.victim import (
    OTHER,
    STOCK_SETTINGS,
    hand_in,
    hand_in_honestly,
    make_course,
    surroundings,
)

PROGRAM = "from evidence.attacks.caged import main; main()"
USER = 64999  # nobody's number, so that the limit of processes counts the cage's alone
PORT = 47831  # of the service; a cage has a network of its own
MB = 1 << 20
LIMITS = ("--nproc=400", f"--as={8192 * MB}", f"--fsize={100 * MB}", "--cpu=60", "--core=0")


def cage(root: Path) -> list[str]:
    """Return the command line of a cage in which `root` alone can be written to."""
    shown = ["/usr", "/etc"]
    shown += [str(Path(p).resolve()) for p in (sys.prefix, sys.base_prefix, COURSE)]
    command = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--die-with-parent", "--new-session"]
    for name in ("bin", "lib", "lib64"):
        command += ["--symlink", f"usr/{name}", f"/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(64 * MB)]
    command += ["--tmpfs", "/tmp", "--perms", "1777", "--size", str(64 * MB), "--tmpfs", "/dev/shm"]
    for path in dict.fromkeys(shown):
        for parent in reversed(Path(path).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", path, path]
    for parent in reversed(root.parents[:-1]):
        command += ["--perms", "0755", "--dir", str(parent)]
    command += ["--bind", str(root), str(root), "--chdir", str(COURSE)]
    if os.geteuid() == 0:
        command += ["--", "setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        command += ["--no-new-privs"]
    else:
        command += ["--unshare-user"]
    command += ["--", "prlimit", *LIMITS, "--", sys.executable]
    return [*command, "-c", PROGRAM]


def outcomes(attacks: list[Attack], root: Path) -> dict[str, list[str]]:
    """Grade the attacks; list the promises that each has broken."""
    template = root / "template"
    make_course(template / "course", template / "home", STOCK_SETTINGS)
    hand_in_honestly(template / "course", OTHER)
    arguments = ("autograde", VICTIM, f"--student={OTHER}")
    log, environment = template / "log", surroundings(template / "home")
    must_run(Command(arguments, log, template / "course", environment))
    before = {}
    graded = root / "graded"
    for attack in attacks:
        folder = graded / attack.name
        shutil.copytree(template, folder)
        hand_in(attack, folder / "course", folder / "home", PORT)
        before[attack.name] = _state(folder)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "--no-dereference", f"{USER}:{USER}", graded], check=True)
    alone = [each for each in attacks if each.deadly or each.assignment == BORROWING]
    together = [each for each in attacks if each not in alone]
    _run(graded, together, graded)
    if not all((graded / each.name / "outcome.json").exists() for each in together):
        raise RuntimeError(f"the cage failed:\n{(graded / 'cage.log').read_text()}")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: _run(graded, [each], graded / each.name), alone))
    return {each.name: _outcome(graded / each.name, each, before[each.name]) for each in attacks}


def _run(graded: Path, attacks: list[Attack], writable: Path) -> None:
    names = [attack.name for attack in attacks]
    try:
        subprocess.run(
            [*cage(writable), str(graded), str(PORT), *names],
            env={"PATH": os.environ["PATH"], "USER": "instructor", "HOME": "/tmp"},
            stdin=subprocess.DEVNULL,
            stdout=(writable / "cage.log").open("w"),
            stderr=subprocess.STDOUT,
            timeout=60 + 4 * len(names),
        )
    except subprocess.TimeoutExpired:
        print(f"the cage of {', '.join(names)} had to be ended", file=sys.stderr)


def _state(folder: Path) -> tuple[dict[str, str], list]:
    course = folder / "course"
    return files(course) | files(folder / "home"), gradebook(course, (OTHER,))


def _outcome(folder: Path, attack: Attack, before: tuple[dict[str, str], list]) -> list[str]:
    course, record = folder / "course", folder / "outcome.json"
    outcome = json.loads(record.read_text()) if record.exists() else {"code": -1, "left": []}
    promises = broken(course, attack)
    own = f"build/class/submitted/{attack.name}/"
    after = _state(folder)
    if changes(before[0], after[0], own) or before[1] != after[1]:
        promises.append(WROTE)
    if outcome["code"]:  # nbgrader's own exit code is 1; another one means that it was killed
        promises.append(NO_GRADE if outcome["code"] == 1 else STOPPED)
    return promises + ([STAYED] if outcome["left"] else [])
