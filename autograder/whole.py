"""Writes a file whole: a crash leaves the old one or the new one, never a part."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in place of what is there; make its folder where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")  # two processes may write the same file
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
