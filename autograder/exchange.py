"""Reads from nbgrader's exchange when a submission was handed in.

`timestamp.txt` lies in the folder that a learner hands in, so the learner can change it. The name
that nbgrader gives to the folder in the exchange holds the time, too.
"""

from collections import defaultdict
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, datetime
from itertools import islice
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default.exchange import Exchange
from nbgrader.utils import parse_utc
from traitlets.config import Config

from autograder.intake import A_LINE, SECRET, TIMESTAMP, Bounds, read_folder

MOST = 200_000  # folders of the exchange that are looked at
NO_FILES = Bounds(files=0, one=0, all=0)
OTHERWISE = "timestamp.txt says {}, and the exchange {}: see when it was handed in"


def read_time(text: str) -> datetime | None:
    """Read a time as nbgrader does, in UTC; None if the text is no time.

    Nor is one that another time zone has no date for.
    """
    with suppress(ValueError, OverflowError, TypeError):
        time = parse_utc(text)
        return time if MINYEAR < time.year < MAXYEAR else None
    return None


def time_text(content: bytes) -> str:
    """Return what timestamp.txt holds if nbgrader can read it as a time, "" if not."""
    text = content.decode(errors="replace")[:100].strip()
    return text if text.isascii() and read_time(text) else ""


def submitted_time(folder: Path) -> datetime | None:
    """Read when a submission in a folder says that it was handed in; None where it holds no time.

    Whatever lies there as `timestamp.txt`, nothing is raised, and no pipe is waited for.
    """
    content = read_folder(folder, {TIMESTAMP: A_LINE}, NO_FILES).named.get(TIMESTAMP, b"")
    return read_time(text) if (text := time_text(content)) else None


def read_name(name: str) -> tuple[str, str, datetime | None]:
    """Read the learner, the assignment and the time in a folder's name, as nbgrader does.

    The time is None where the name holds none.
    """
    learner, *rest = name.rsplit("+", 3)
    return (learner, rest[0], read_time(rest[1])) if len(rest) > 1 else (learner, "", None)


class Inbound:
    """The folders in which learners handed in one assignment, as the exchange holds them."""

    def __init__(self, course: CourseDirectory, config: Config, assignment: str):
        self._folders: dict[str, list[tuple[datetime, Path]]] = defaultdict(list)
        inbound = Path(Exchange(coursedir=course, config=config).root, course.course_id, "inbound")
        with suppress(OSError):
            for folder in islice(inbound.iterdir(), MOST):
                learner, handed_in, time = read_name(folder.name)
                if handed_in == assignment and time:
                    self._folders[learner].append((time, folder))

    def objection(self, learner: str, time: datetime | None, secret: bytes) -> str:
        """Say how the exchange disagrees with what a submission says of itself; "" if it agrees.

        time: in timestamp.txt, in UTC; None where it holds none. secret: what nbgrader gave to the
        submission when it was handed in, b"" for none.
        """
        folders = self._folders.get(learner, [])
        same = [each for each, folder in folders if secret and _secret(folder) == secret]
        known = same or [each for each, _ in folders]
        # The folder that was collected counts; where nobody knows which it was, any will do.
        if not known or (set(same) <= {time} if same else time in known):
            return ""
        return OTHERWISE.format(time or "no time", f"{max(known)}")


def _secret(folder: Path) -> bytes:
    """Read the secret of a folder in the exchange; b"" where there is none to be read."""
    return read_folder(folder, {SECRET: A_LINE}, NO_FILES).named.get(SECRET, b"")
