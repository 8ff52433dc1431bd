"""The settings of the Hub, which the environment variables HUB_... choose."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from hub import HubError

UNITS = {"M": 2**20, "G": 2**30}


@dataclass(frozen=True)
class Settings:
    """How a Hub runs.

    environment: the folder of its packages, which learners can read. folder: of its state and the
    exchange. instructor: an account. learners: a file with a column `id`, or None for those who are
    in the group. group: of the system, for the class. address, port: where browsers reach it; the
    two ports after this one are its own. tls: the files of a key and a certificate, or None.
    memory: bytes for each learner. processors: for each learner. idle: seconds without use after
    which a server is ended.
    """

    environment: Path
    folder: Path
    instructor: str
    learners: Path | None
    group: str
    address: str
    port: int
    tls: tuple[Path, Path] | None
    memory: int
    processors: int
    idle: int

    @property
    def state(self) -> Path:
        """The folder of what only the Hub reads: users, passwords, cookies."""
        return self.folder / "hub"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange."""
        return self.folder / "exchange" / "nbgrader"

    @property
    def share(self) -> Path:
        """The folder of what all servers read: settings and recorded references."""
        return self.folder / "share"


def read_settings(variables: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises HubError for one that cannot be."""
    learners = variables.get("HUB_LEARNERS")
    address = variables.get("HUB_ADDRESS", "127.0.0.1")
    tls = _tls(variables)
    if tls is None and not _is_loopback(address):
        raise HubError(
            f"Other machines reach {address}, so passwords need TLS. Set HUB_TLS_KEY and "
            "HUB_TLS_CERTIFICATE to their files, or leave HUB_ADDRESS out."
        )
    return Settings(
        environment=Path(sys.prefix),
        folder=Path(variables.get("HUB_FOLDER", "/var/lib/lstm-hub")).absolute(),
        instructor=variables.get("HUB_INSTRUCTOR", "instructor"),
        learners=_file("HUB_LEARNERS", learners) if learners else None,
        group=variables.get("HUB_GROUP", "lstm-class"),
        address=address,
        port=_number(variables, "HUB_PORT", 8000, most=65_533),
        tls=tls,
        memory=_bytes(variables.get("HUB_MEMORY", "1G")),
        processors=_number(variables, "HUB_PROCESSORS", 1),
        idle=_number(variables, "HUB_IDLE_SECONDS", 3600),
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        raise HubError(f"HUB_ADDRESS is {address!r}. Give an address such as 127.0.0.1.") from None


def _tls(variables: Mapping[str, str]) -> tuple[Path, Path] | None:
    names = "HUB_TLS_KEY", "HUB_TLS_CERTIFICATE"
    given = [name for name in names if variables.get(name)]
    if len(given) == 1:
        raise HubError(f"{given[0]} is set alone. TLS needs both {' and '.join(names)}.")
    key, certificate = (_file(name, variables[name]) for name in given) if given else (None, None)
    return (key, certificate) if key and certificate else None


def _file(name: str, value: str) -> Path:
    path = Path(value).absolute()
    if not path.is_file():
        raise HubError(f"{name} is {value!r}, and there is no such file. Give the path of one.")
    return path


def _number(variables: Mapping[str, str], name: str, default: int, most: int = 10**6) -> int:
    value = variables.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
        raise HubError(f"{name} is {value!r}. Give a whole number from 1 to {most}.")
    return int(value)


def _bytes(value: str) -> int:
    parts = re.fullmatch(r"(\d{1,6})([MG])", value, re.ASCII)
    if not parts or not int(parts[1]):
        raise HubError(f"HUB_MEMORY is {value!r}. Give a size such as 800M or 2G.")
    return int(parts[1]) * UNITS[parts[2]]
