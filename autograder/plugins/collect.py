"""nbgrader's seam for `nbgrader collect`: no link is followed, and nobody hands in for another.

The folder in which submissions arrive is open to all learners. nbgrader itself would follow a link
there with the rights of the person who collects, and would end at the first file that it cannot
read, such as a pipe, or at a name that holds no time. It warns of a submission whose files belong
to somebody else than its name says, and collects it in place of the learner's own.
"""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.exchange.default import ExchangeCollect

from autograder.exchange import read_name
from autograder.intake import FILE, printable
from autograder.judge.pool import is_full

LEFT_OUT = "%s: left out, since it is a link, no regular file, or cannot be read: %s"
NOT_COLLECTED = "%s could not be collected, the others were: %s"
NO_NAME = "%s: left out, since the name holds no time of a submission"
NOT_THEIRS = (
    "%s: left out, since it belongs to the account %s. Where accounts have other names than "
    "learners, use --ExchangeCollect.check_owner=False"
)
NAMED = 10  # of what is left out
NOBODY = ""
"""The learner of what is left out, which so takes no other submission's place."""


class Collect(ExchangeCollect):
    """Collects submissions from the exchange."""

    src_records: list[dict[str, object]]

    def init_src(self) -> None:
        """Choose a submission of each learner."""
        super().init_src()
        self.src_records = [each for each in self.src_records if each["username"] != NOBODY]

    def _path_to_record(self, path: str) -> dict[str, object]:
        """Read whose submission a folder is, and when it was handed in."""
        name = Path(path).name
        learner, _, time = read_name(name)
        if time is None:
            self.log.warning(NO_NAME, printable(name))
        elif self.check_owner and (other := _other_owner(path, learner)):
            self.log.warning(NOT_THEIRS, printable(name), other)
            time = None
        whose = NOBODY if time is None else learner
        return {"username": whose, "filename": name, "timestamp": time or datetime.min}

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy a submission as nbgrader does, but without what is no regular file of its own."""
        name = printable(Path(src).name)
        with TemporaryDirectory() as folder:
            own = Path(folder, "submission")
            try:
                left_out = list(copy_own_files(Path(src), own, self.coursedir.max_dir_size * 1000))
                super().do_copy(str(own), dest)
            except (OSError, RuntimeError, shutil.Error) as error:
                if is_full(error):
                    raise
                self.log.error(NOT_COLLECTED, name, error)
                return
        if left_out:
            further = f" and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
            self.log.warning(LEFT_OUT, name, printable(", ".join(left_out[:NAMED])) + further)


def _other_owner(path: str, learner: str) -> str | None:
    """Name the account that a folder belongs to; None if the learner may have handed it in.

    Root, or who collects, may hand in for a learner.
    """
    owner = os.lstat(path).st_uid
    if owner in (0, os.geteuid()):
        return None
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    return None if name == learner else name


def copy_own_files(source: Path, target: Path, most: int) -> Iterator[str]:
    """Copy the regular files below a folder, even while its owner changes it.

    most: bytes in all. Yields the relative paths of what is left out.
    Raises OSError, also if `source` is a link or if there are more bytes.
    """
    if source.is_symlink():
        raise OSError("it is a link")
    target.mkdir()
    closed: list[str] = []
    walk = os.fwalk(source, follow_symlinks=False, onerror=lambda e: closed.append(e.filename))
    for folder, folders, names, descriptor in walk:
        inside = Path(folder).relative_to(source)
        for name in folders:
            if not _make(name, descriptor, target / inside / name):
                yield str(inside / name)
        for name in names:
            size = _copy(name, descriptor, target / inside / name, most)
            if size is None:
                yield str(inside / name)
            else:
                most -= size
    yield from map(str, closed)


def _make(name: str, folder: int, target: Path) -> bool:
    """Make a folder like another one; return whether that is one, and no link."""
    with suppress(OSError):
        if stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
            target.mkdir()
            return True
    return False


def _copy(name: str, folder: int, target: Path, most: int) -> int | None:
    """Copy a regular file; return its size, None where it is none or cannot be read."""
    with suppress(OSError), open(os.open(name, FILE, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode):
            if status.st_size > most:
                raise RuntimeError("it is too large")
            with target.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            return status.st_size
    return None
