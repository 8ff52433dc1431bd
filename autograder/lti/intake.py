"""Writes what a learner hands in into nbgrader's folder, as `nbgrader collect` does.

A submission is prepared beside the one that it replaces, and then changes places with it in one
step. Whoever reads meanwhile sees the old one or the new one, whole.
"""

import ctypes
import errno
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.cells import Unreadable, read_cells
from autograder.exchange import NO_FILES
from autograder.intake import TIMESTAMP, read_folder
from autograder.lti import Refused
from autograder.lti.launch import Launch
from autograder.lti.places import Places
from autograder.whole import write_whole

NOTE = 64_000  # bytes of a note
EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
HERE = -100  # AT_FDCWD
MOST = 16  # MB of a notebook
TIME = "%Y-%m-%d %H:%M:%S.%f UTC"  # as nbgrader writes it
NO_NOTEBOOK = (
    "This cannot be handed in: {}. Nothing was changed. Reload the page, and hand in again."
)


@dataclass(frozen=True)
class Arrival:
    """The note on a hand-in: whose it is, and where the platform wants the score.

    issuer, client_id: of the registration. user: the platform's name for the learner. place: line
    items and what may be done with them, as the launch said. time: ISO 8601 in UTC. sha256: of
    the notebook.
    """

    assignment: str
    learner: str
    issuer: str
    client_id: str
    user: str
    given_name: str
    family_name: str
    resource_link: str
    place: dict[str, Any]
    time: str
    sha256: str


def check_notebook(content: bytes) -> None:
    """See that a file is a notebook that can be graded. Raises Refused."""
    try:
        read_cells(content)
    except Unreadable as error:
        raise Refused(NO_NOTEBOOK.format(error)) from None


def hand_in(places: Places, launch: Launch, assignment: str, content: bytes) -> Arrival:
    """Write a submission, and the note on it first: what is graded always has a note.

    Raises OSError; then the former submission is as it was.
    """
    now = datetime.now(UTC)
    arrival = Arrival(
        assignment,
        launch.learner,
        launch.registration.issuer,
        launch.registration.client_id,
        launch.user,
        launch.given_name,
        launch.family_name,
        launch.resource_link,
        launch.place,
        now.isoformat(timespec="microseconds"),
        hashlib.sha256(content).hexdigest(),
    )
    note = json.dumps(asdict(arrival), indent=1).encode()
    write_whole(places.arrival(assignment, launch.learner), note)
    files = {f"{assignment}.ipynb": content, TIMESTAMP: now.strftime(TIME).encode()}
    replace_folder(places.submission(assignment, launch.learner), files)
    return arrival


def read_arrival(path: Path) -> Arrival | None:
    """Read a note; None where it is none, since another user writes it."""
    try:
        note = read_folder(path.parent, {path.name: NOTE}, NO_FILES).get(path.name)
        arrival = Arrival(**json.loads(note))
    except (ValueError, TypeError, RecursionError):
        return None
    texts = asdict(arrival)
    place = texts.pop("place")
    is_sound = isinstance(place, dict) and all(isinstance(each, str) for each in texts.values())
    is_named = (arrival.assignment, arrival.learner) == (path.parent.name, path.stem)
    return arrival if is_sound and is_named else None


def replace_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write a folder in place of what is there, in one step. Raises OSError.

    What was there stays beside it until the next time, for whoever has begun to read it.
    """
    before = folder.with_name(f".{folder.name}.before")
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    new.mkdir()
    try:
        for name, content in files.items():
            with (new / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync(new)
        try:
            exchange(new, folder)
            shutil.rmtree(before, ignore_errors=True)
            new.rename(before)
        except FileNotFoundError:
            new.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def exchange(first: Path, second: Path) -> None:
    """Let two paths change places in one step, as the kernel offers. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(first), os.fsencode(second)
    if libc.renameat2(HERE, paths[0], HERE, paths[1], EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(second))


def check_folder(folder: Path) -> None:
    """See that submissions can be written and replaced. Raises SystemExit."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=folder) as scratch:
            for _ in range(2):
                replace_folder(Path(scratch, "submission"), {"file": b""})
    except OSError as error:
        why = "its file system cannot exchange folders" if error.errno == errno.EINVAL else error
        raise SystemExit(
            f"Submissions cannot be written into {folder}: {why}. Put the class's folder on a "
            "local disk, and let this user write there."
        ) from None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
