"""Hashes the contents of files, and the environment that works on them."""

import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from course import COURSE


def files(names: Iterable[str], root: Path = COURSE) -> Iterator[Path]:
    """Walk files and folders below `root`, given by relative path, in a fixed order.

    Hidden files and files compiled by Python are left out. A name that does not exist gives
    nothing.
    """
    for name in names:
        path = root / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            parts = file.relative_to(root).parts
            hidden = any(part.startswith((".", "__pycache__")) for part in parts)
            if file.is_file() and not hidden:
                yield file


def fingerprint(names: Iterable[str], root: Path = COURSE) -> str:
    """Hash the names and contents of files, and of all files of folders."""
    total = hashlib.sha256()
    for file in files(names, root):
        content = file.read_bytes()
        total.update(f"{file.relative_to(root)} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def digest(file: Path) -> str:
    """Hash the content of a file; give an empty text if there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def changed(digests: dict[str, str], root: Path = COURSE) -> list[str]:
    """List the files, by path relative to `root`, whose content no longer has its digest."""
    return [name for name, known in digests.items() if digest(root / name) != known]


def environment() -> str:
    """Hash the version of Python, the packages, and the folders of environment and course."""
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    described = "\n".join([sys.version, sys.prefix, str(COURSE), *packages])
    return hashlib.sha256(described.encode()).hexdigest()
