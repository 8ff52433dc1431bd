"""Gives the instructor a copy of the course to work in, with its solutions."""

import os
import pwd
import shutil
from pathlib import Path

from hub import COURSE

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "build", "class", "__pycache__", ".*_cache", "tests", "pictures"
)
BUILT = ("build/source", "build/exercises.json", "build/data.json")
"""What was built of the exercises; `python -m course exercises` would do it again."""


def folder(instructor: str) -> Path:
    """Name the folder in which the instructor works."""
    return Path(pwd.getpwnam(instructor).pw_dir) / "course"


def copy_course(instructor: str) -> None:
    """Copy the course into the instructor's home, unless it is there. Existing files are kept."""
    target = folder(instructor)
    if target.exists():
        return
    partial = target.with_name("course.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(COURSE, partial, ignore=NOT_COPIED)
    for name in BUILT:
        source = COURSE / name
        if source.is_dir():
            shutil.copytree(source, partial / name)
        elif source.is_file():
            shutil.copy(source, partial / name)
    (partial / "class").mkdir()
    give(partial, instructor)
    partial.rename(target)


def give(top: Path, name: str) -> None:
    """Make an account the owner of a folder and all that is in it."""
    owner = pwd.getpwnam(name)
    for path in (top, *top.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
