"""Packs the exercises for learners: `python -m course.release`, one zip each in build/release/.

A zip unpacks into one folder that runs by itself. The same exercises give the same bytes.
"""

import zipfile
from pathlib import Path

from course import COURSE

EXERCISES = COURSE / "exercises"
RELEASE = COURSE / "build" / "release"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def pack(folder: Path, target: Path) -> None:
    """Pack a folder, under its own name, into the zip file `target`."""
    with zipfile.ZipFile(target, "w") as packed:
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".ipynb", ".py"):
                entry = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix(), LONG_AGO)
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, file.read_bytes())  # stored: zlib's versions differ


def release(target: Path = RELEASE) -> list[Path]:
    """Pack every exercise into target/<assignment>.zip, remove other zips; return the files."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.zip"):
        old.unlink()
    made = []
    for folder in sorted(path for path in EXERCISES.iterdir() if path.is_dir()):
        made.append(target / f"{folder.name}.zip")
        pack(folder, made[-1])
    return made


if __name__ == "__main__":
    for path in release():
        print(path)
