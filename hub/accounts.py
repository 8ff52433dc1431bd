"""The accounts of a class: a group of the system, and homes that nobody else enters."""

import csv
import grp
import pwd
import re
import subprocess
from pathlib import Path

from hub import HubError

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}", re.ASCII)
FIRST_USER = 1000
"""The lowest user id of a person, by the custom of Linux."""


def read_list(path: Path) -> list[str]:
    """Read the ids of learners from a file with a column `id`, as nbgrader imports it.

    Raises HubError where there is no such column, or an id is no name for an account.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "id" not in (rows.fieldnames or ()):
            raise HubError(f"{path} has no column id. Its first line should name it.")
        names = [(row["id"] or "").strip() for row in rows]
    for line, name in enumerate(names, start=2):
        if not NAME.fullmatch(name):
            raise HubError(
                f"{path}, line {line}: {name!r} is no name for an account. Use small letters, "
                "digits, - and _, at most 32, with a letter first."
            )
    return names


def create_group(group: str) -> None:
    """Create the group of the class, if there is none."""
    try:
        grp.getgrnam(group)
    except KeyError:
        _run("groupadd", "--system", group)


def members(group: str) -> list[str]:
    """List the accounts of a group."""
    return sorted(grp.getgrnam(group).gr_mem)


def create(name: str, group: str) -> None:
    """Create the account of a member of the class, without a password, if there is none.

    Raises HubError where an account has that name and is not in the group: it may be another
    person's, and its first password here would open it.
    """
    if name in members(group):
        return
    try:
        pwd.getpwnam(name)
    except KeyError:
        home = ("--create-home", "--key", "HOME_MODE=0700", "--shell", "/bin/bash")
        _run("useradd", *home, "--groups", group, name)
        return
    raise HubError(
        f"There is an account {name} on this machine, which is not in the group {group}. If it "
        f"belongs to this class, type: usermod --append --groups {group} {name}. Else use "
        "another name."
    )


def close_home(name: str) -> None:
    """Let nobody but its owner enter a home (mode 0700).

    Raises HubError for an account of the system, which is no person's.
    """
    account = pwd.getpwnam(name)
    if account.pw_uid < FIRST_USER:
        raise HubError(f"{name} is an account of the system. Remove it from the group.")
    Path(account.pw_dir).chmod(0o700)


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        raise HubError(f"{command[0]} failed: {ran.stderr.strip()}.")
