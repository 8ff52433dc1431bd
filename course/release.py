"""Packs the exercises for learners, one zip file each.

A zip unpacks into one folder that runs by itself. The same exercises give the same bytes.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from course import COURSE

EXERCISES = COURSE / "exercises"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def pack(folder: Path, target: Path) -> None:
    """Pack a folder, under its own name, into the zip file `target`."""
    files = {
        file.relative_to(folder.parent).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".ipynb", ".py", ".json", ".npz", ".md")
    }
    write_zip(files, target)


def write_zip(files: Mapping[str, Path], target: Path) -> None:
    """Write a zip of files, by their paths in it. The same files give the same bytes."""
    with zipfile.ZipFile(target, "w") as packed:
        for name, file in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())  # stored: zlib's versions differ


def release(target: Path = COURSE / "build" / "release") -> None:
    """Pack every exercise into target/<assignment>.zip, and remove other zip files there."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.zip"):
        old.unlink()
    for folder in EXERCISES.iterdir():
        if folder.is_dir():
            pack(folder, target / f"{folder.name}.zip")
