"""Reads and writes the platforms that may launch the tool: a JSON file with one entry each."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from autograder.lti import Refused
from autograder.whole import write_whole

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ADDRESS = "The address {!r} cannot be trusted: it should begin with https://."
UNKNOWN = (
    "The platform {} with the client id {} is not registered with this tool. The instructor "
    "registers it with `python -m autograder lti register`."
)


@dataclass(frozen=True)
class Registration:
    """A platform that may launch the tool.

    issuer: how it names itself. client_id: how it names the tool. deployments: the places where
    it offers the tool. login_url, token_url, keys_url: where it signs people in, gives access
    tokens and publishes its keys. origins: scheme and host of its pages and services; no page
    of another shows the tool in a frame, and no score goes elsewhere. audience: to whom requests
    for tokens are addressed, where that is not token_url.
    """

    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    login_url: str
    token_url: str
    keys_url: str
    origins: tuple[str, ...] = ()
    audience: str = ""

    def check(self) -> None:
        """Raise Refused where an address is none that can be trusted, or is missing."""
        for url in self.addresses:
            origin(url)

    def is_same(self, other: "Registration") -> bool:
        """Whether both are of one platform, under one name for the tool."""
        return (self.issuer, self.client_id) == (other.issuer, other.client_id)

    @property
    def addresses(self) -> tuple[str, ...]:
        """List where the platform is asked for anything."""
        return (self.login_url, self.token_url, self.keys_url, *self.origins)

    @property
    def own_origins(self) -> list[str]:
        """List the origins that belong to the platform."""
        return sorted(set(map(origin, self.addresses)))


def origin(url: str) -> str:
    """Return scheme, host and port of an address. Raises Refused for one that is not https."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or parts.hostname in LOOPBACK
        if not (secure and parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise Refused(ADDRESS.format(url)) from None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def as_registration(content: dict) -> Registration:
    """Read an entry of the file. Raises Refused where it is none."""
    try:
        lists = {key: tuple(content.get(key, ())) for key in ("deployments", "origins")}
        texts = {key: value for key, value in content.items() if key not in lists}
        if not all(isinstance(each, str) for each in (*chain(*lists.values()), *texts.values())):
            raise TypeError("there is something else than texts in it")
        return Registration(**texts | lists)
    except (TypeError, AttributeError) as error:
        raise Refused(f"This is no registration of a platform: {error}.") from None


class Registrations:
    """The file of registrations, which is read anew each time: there are few, and they change."""

    def __init__(self, path: Path):
        self._path = path

    def all(self) -> list[Registration]:
        """List them. Raises Refused where the file is damaged."""
        try:
            entries = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return []
        except ValueError as error:
            raise Refused(f"{self._path} is damaged: {error}.") from None
        return list(map(as_registration, entries))

    def find(self, issuer: str, client_id: str) -> Registration:
        """Find a platform. client_id: "" where it does not say. Raises Refused."""
        of_issuer = [each for each in self.all() if each.issuer == issuer]
        fitting = [each for each in of_issuer if each.client_id == client_id]
        if not client_id and len(of_issuer) == 1:
            fitting = of_issuer
        if not fitting:
            raise Refused(UNKNOWN.format(issuer[:200] or "without a name", client_id[:100] or "''"))
        return fitting[0]

    def add(self, new: Registration) -> None:
        """Add a platform, or its further deployments and origins. Raises Refused."""
        new.check()
        entries = self.all()
        for number, known in enumerate(entries):
            if known.is_same(new):
                entries[number] = replace(
                    new,
                    deployments=_joined(known.deployments, new.deployments),
                    origins=_joined(known.origins, new.origins),
                )
                break
        else:
            entries.append(new)
        write_whole(self._path, json.dumps([asdict(each) for each in entries], indent=1).encode())


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
