"""What is to be sent to platforms, on disk: one file for each grade, written before it is sent.

A file holds the last state of a grade. A newer state takes the place of an older one that was not
sent, so an older grade never follows a newer one. A state that is sent again, because nobody knows
whether it arrived, is the same to the last byte.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.whole import write_whole

FIRST, LAST = 60, 6 * 3600  # seconds until a score is tried again, at first and at most


@dataclass(frozen=True)
class Entry:
    """A grade at a platform, and what is known of it.

    place: the grade, by platform, line item and user. score: as the platform gets it, but for its
    timestamp. timestamp: of this state, ISO 8601; later than those before. sent: whether the
    platform took it. closed: whether it holds a newer grade, so that this one is not sent again.
    attempts, again: how often it failed, and when it is tried next, in seconds since 1970.
    problem: why it failed.
    """

    learner: str
    assignment: str
    place: dict[str, str]
    score: dict[str, Any]
    timestamp: str
    sent: bool = False
    closed: bool = False
    attempts: int = 0
    again: float = 0.0
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return not self.sent and not self.closed

    @property
    def message(self) -> dict[str, Any]:
        """What the platform gets."""
        return self.score | {"timestamp": self.timestamp}


class Outbox:
    """The grades of a class at platforms."""

    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, entry: Entry, now: datetime) -> None:
        """Note the state of a grade, where it is another one than the last."""
        known = self._read(self._path(entry.place))
        if known is not None and known.score == entry.score:
            return
        if known is not None:
            now = max(now, datetime.fromisoformat(known.timestamp) + timedelta(milliseconds=1))
        self.write(replace(entry, timestamp=now.isoformat(timespec="milliseconds")))

    def write(self, entry: Entry) -> None:
        """Write a grade down."""
        write_whole(self._path(entry.place), json.dumps(asdict(entry), indent=1).encode())

    def all(self) -> Iterator[Entry]:
        """List the grades."""
        for path in sorted(self._folder.glob("*.json")):
            if entry := self._read(path):
                yield entry

    def _path(self, place: dict[str, str]) -> Path:
        name = hashlib.sha256(json.dumps(place, sort_keys=True).encode()).hexdigest()
        return self._folder / f"{name[:40]}.json"

    def _read(self, path: Path) -> Entry | None:
        try:
            return Entry(**json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None


def taken(entry: Entry) -> Entry:
    """Note that a platform took a grade."""
    return replace(entry, sent=True, problem="", attempts=0, again=0.0)


def postponed(entry: Entry, problem: str, now: float) -> Entry:
    """Note why a grade was not taken, and when to try again: each time later."""
    wait = min(FIRST * 2**entry.attempts, LAST)
    return replace(entry, attempts=entry.attempts + 1, again=now + wait, problem=problem)


def overtaken(entry: Entry) -> Entry:
    """Note that a platform holds a newer grade than this one, from somebody else."""
    problem = "The platform holds a newer grade than this one, so it stays. See who gave it."
    return replace(entry, closed=True, problem=problem)
