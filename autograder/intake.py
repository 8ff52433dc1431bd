"""Reads what a learner handed in: by one bounded walk, which follows no link.

A submission's folder can hold anything: links, pipes, holes of a terabyte, a million files, names
that are no text, folders within folders without end. Nothing here raises for any of that. What is
not read is named with the reason; the digest then has its size and its time of change in place of
its content.

Files near the notebook come first, so that a large subfolder takes no room from its neighbours.
Folders that tools make and no notebook reads are passed over: hidden ones (.git, .venv,
.ipynb_checkpoints), virtual environments under any name, and those in TOOLS.
"""

import errno
import hashlib
import os
import stat
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, field, replace
from itertools import islice
from pathlib import Path

from autograder.cells import MOST, Unreadable
from autograder.sandbox.limits import MB, Limits

ENTRIES = 20_000  # files and folders that are looked at
FILES = 1_000  # beside a notebook
DEPTH = 16  # folders within folders
LONGEST = 1_000  # bytes of a relative path
BLOCK = 4_096  # bytes that a file takes at least, where it is copied to
SHOWN = 5  # names in a message
TOOLS = ("__pycache__", "node_modules", "site-packages")
UNNOTICED = (".ipynb_checkpoints", "__pycache__")  # nobody asked for them: not worth a word
ENVIRONMENT = "pyvenv.cfg"  # marks a virtual environment
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"  # nbgrader's
A_LINE = 1_000  # bytes of one of these

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, a pipe would be waited for.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

LINKS = "links"
SPECIAL = "neither files nor folders"
UNREADABLE = "cannot be read"
NAMES = "names that are not UTF-8"
DEEP = f"more than {DEPTH} folders deep, or a path of more than {LONGEST:,} characters"
MANY_ENTRIES = f"beyond the first {ENTRIES:,}"
MANY_FILES = "beyond {:,} files"
LARGE = "beyond {} MB"
LEFT_OUT = "left out ({}): {}"


@dataclass(frozen=True)
class Bounds:
    """The most that is read of a folder: number of files, bytes of one file, bytes of all."""

    files: int
    one: int
    all: int


@dataclass(frozen=True)
class Contents:
    """What a folder holds, as far as it was read.

    named: the files that were asked for by name. problems: why others of those were not read.
    files: the others, by relative path. left_out: names of what should be there and is not, by
    reason. tools: folders that were passed over. digest: of all that a grade depends on.
    absent: what is said of any other file that is asked for.
    """

    named: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)
    digest: str = ""
    absent: str = "there is no file {}"

    def get(self, name: str) -> bytes:
        """Return a file that was asked for by name. Raises Unreadable."""
        if name in self.named:
            return self.named[name]
        raise Unreadable(self.problems.get(name, self.absent.format(name)))

    def missing(self) -> list[str]:
        """Say what was left out, a line for each reason."""
        return [LEFT_OUT.format(why, _listed(names)) for why, names in self.left_out.items()]

    def tools_worth_a_word(self) -> str:
        """List the folders that were passed over and that the learner should hear of."""
        names = [each for each in self.tools if each.rpartition("/")[2] not in UNNOTICED]
        return _listed(names)


def read_submission(folder: Path, notebooks: Iterable[str], limits: Limits) -> Contents:
    """Read a submission; the files for the sandbox fill at most half its working folder.

    notebooks: names of the files that count, among those beside them.
    """
    named = {name: MOST * MB for name in notebooks} | {TIMESTAMP: A_LINE, SECRET: A_LINE}
    bounds = Bounds(FILES, limits.file_mb * MB, limits.scratch_mb * MB // 2)
    return read_folder(folder, named, bounds)


def unreadable(error: Exception) -> Contents:
    """Return the contents of a folder that could not be read."""
    why = getattr(error, "strerror", None) or type(error).__name__
    digest = hashlib.sha256(why.encode()).hexdigest()
    return Contents(digest=digest, absent=f"the folder cannot be read ({why})")


def read_folder(folder: Path, named: dict[str, int], bounds: Bounds) -> Contents:
    """Read a folder.

    named: files that are always read, each with its largest size in bytes. bounds: of the other
    files; notebooks are not among them.
    """
    try:
        root = os.open(folder, FOLDER)
    except OSError as error:
        return unreadable(error)
    try:
        return _contents(root, named, bounds)
    finally:
        os.close(root)


def _contents(root: int, named: dict[str, int], bounds: Bounds) -> Contents:
    contents = Contents(left_out=defaultdict(list))
    for name, most in named.items():
        try:
            contents.named[name] = _read(root, name, most)
        except FileNotFoundError:
            continue
        except Unreadable as error:
            contents.problems[name] = str(error)
        except OSError as error:
            contents.problems[name] = f"the file {name} cannot be read ({error.strerror})"
    entries = _Walk(root, contents).files
    beside = [e for e in entries if e.name not in named and not e.name.endswith(".ipynb")]
    _read_beside(root, beside, bounds, contents)
    unread = [e for e in beside if e.name not in contents.files]
    unread += [e for e in entries if e.name in contents.problems]
    return replace(contents, digest=_digest(contents, unread))


@dataclass(frozen=True)
class _Entry:
    """A regular file. name: its relative path. size: in bytes. changed: when, in ns."""

    name: str
    size: int
    changed: int

    def relevance(self) -> tuple:
        """Sort nearer files first, then modules, then small files."""
        return self.name.count("/"), not self.name.endswith(".py"), self.size, self.name


class _Walk:
    """Goes through an open folder level by level.

    files: the regular files. Anything else is noted in `contents`.
    """

    def __init__(self, root: int, contents: Contents):
        self.files: list[_Entry] = []
        self._contents, self._folders, self._room = contents, deque([""]), ENTRIES
        while self._folders:
            folder = self._folders.popleft()
            try:
                with _opened(root, folder, FOLDER) as descriptor:
                    self._look_into(folder, descriptor)
            except OSError:
                contents.left_out[UNREADABLE].append(folder)

    def _look_into(self, folder: str, descriptor: int) -> None:
        with os.scandir(descriptor) as listing:
            entries = list(islice(listing, self._room + 1))
            if folder and any(entry.name == ENVIRONMENT for entry in entries):
                self._contents.tools.append(folder)
            else:
                for entry in sorted(entries[: self._room], key=lambda each: each.name):
                    self._sort_out(entry, f"{folder}/{entry.name}" if folder else entry.name)
        if len(entries) > self._room:
            self._contents.left_out[MANY_ENTRIES].append(f"more of {folder or 'the folder'}")
            self._folders.clear()
        self._room -= min(len(entries), self._room)

    def _sort_out(self, entry: os.DirEntry, name: str) -> None:
        """Put an entry among the files, the folders, or what is left out."""
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            self._contents.left_out[UNREADABLE].append(name)
            return
        is_folder = stat.S_ISDIR(status.st_mode)
        if is_folder and (entry.name.startswith(".") or entry.name in TOOLS):
            self._contents.tools.append(name)
        elif why := _objection(name, status.st_mode):
            if name not in self._contents.problems:  # else it is said there
                self._contents.left_out[why].append(name)
        elif is_folder:
            self._folders.append(name)
        else:
            self.files.append(_Entry(name, status.st_size, status.st_mtime_ns))


def _objection(name: str, mode: int) -> str:
    """Say why a file or folder is not read; "" if it is."""
    if stat.S_ISLNK(mode):
        return LINKS
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return SPECIAL
    if not is_text(name):
        return NAMES
    return DEEP if name.count("/") > DEPTH or len(name.encode()) > LONGEST else ""


def _read_beside(root: int, entries: list[_Entry], bounds: Bounds, contents: Contents) -> None:
    """Read files in the order of their relevance, as far as they fit."""
    room = bounds.all
    for entry in sorted(entries, key=_Entry.relevance):
        takes = -(-entry.size // BLOCK) * BLOCK
        if len(contents.files) == bounds.files:
            contents.left_out[MANY_FILES.format(bounds.files)].append(entry.name)
        elif entry.size > bounds.one or takes > room:
            contents.left_out[LARGE.format(min(bounds.one, bounds.all) // MB)].append(entry.name)
        else:
            try:
                contents.files[entry.name] = _read(root, entry.name, entry.size)
                room -= takes
            except (OSError, Unreadable):
                contents.left_out[UNREADABLE].append(entry.name)


def _read(root: int, name: str, most: int) -> bytes:
    """Read a regular file. Raises Unreadable where it is none or larger than that, OSError."""
    try:
        with _opened(root, name, FILE) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unreadable(f"{name} is no regular file")
            with open(descriptor, "rb", closefd=False) as file:
                content = file.read(most + 1)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
            raise Unreadable(f"{name} is no regular file") from None
        raise
    if len(content) > most:
        large = f"{most // MB} MB" if most >= MB else f"{most:,} bytes"
        raise Unreadable(f"the file is larger than {large}")
    return content


@contextmanager
def _opened(root: int, name: str, flags: int) -> Iterator[int]:
    """Open what lies below a folder, through no link; "" is the folder itself."""
    *folders, last = name.split("/") if name else ["."]
    with ExitStack() as stack:
        for part in folders:
            root = os.open(part, FOLDER, dir_fd=root)
            stack.callback(os.close, root)
        descriptor = os.open(last, flags, dir_fd=root)
        stack.callback(os.close, descriptor)
        yield descriptor


def _digest(contents: Contents, unread: list[_Entry]) -> str:
    """Hash what was read, and say what is known of the rest."""
    total = hashlib.sha256()
    for files in (contents.named, contents.files):
        for name in sorted(files):
            total.update(f"{name}\0".encode() + hashlib.sha256(files[name]).digest())
    for part in (contents.problems.items(), contents.left_out.items(), map(astuple, unread)):
        total.update(ascii(sorted(part)).encode())
    return total.hexdigest()


def is_text(name: str) -> bool:
    """Whether a name can be written as UTF-8: on a disk, names are any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str, most: int = 0) -> str:
    """Return text for a terminal: on one line, without control characters.

    most: how many characters are shown; 0 for all.
    """
    shown = f"{text[:most]}..." if 0 < most < len(text) else text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


def _listed(names: list[str]) -> str:
    """List names, the first of them."""
    shown = [printable(name, 60) for name in names[:SHOWN]]
    further = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(shown) + further
