"""Writes the generated parts of files that people edit, each between two comments that name it."""

import re
from pathlib import Path

from course import COURSE
from course.curriculum import ASSIGNMENTS, BOOK

README = COURSE / "README.md"
CONTENTS = BOOK / "_toc.yml"
COMMENTS = {".md": "<!-- {} -->\n", ".yml": "      # {}\n"}
"""How a file says something that only its writers read, by the ending of its name."""


def filled(path: Path, part: str, content: str) -> str:
    """Return the text that a file should have with a part replaced.

    Raises ValueError where the file has no place for the part.
    """
    comment = COMMENTS[path.suffix]
    begin, end = (comment.format(f"{part}: {each}") for each in ("begin", "end"))
    place = re.compile(f"({re.escape(begin)}).*?({re.escape(end)})", re.S)
    text = path.read_text("utf-8")
    if not place.search(text):
        raise ValueError(f"{path.name} needs the lines {begin.strip()} and {end.strip()}")
    return place.sub(lambda match: match[1] + content + match[2], text)


def fill(path: Path, part: str, content: str) -> None:
    """Write a part of a file, if it has changed, and say so. Raises ValueError as `filled` does."""
    now = filled(path, part, content)
    if now != path.read_text("utf-8"):
        path.write_text(now, "utf-8")
        print(f"{path.name}: {part} has changed")


def lists_of_assignments() -> list[tuple[Path, str, str]]:
    """List the files that list the assignments: each with its part, and what stands there."""
    pages = "".join(f"      - file: do/{name}\n" for name in ASSIGNMENTS)
    return [
        (README, "order", f"\nThe order is {', '.join(ASSIGNMENTS)}.\n\n"),
        (CONTENTS, "assignments", pages),
    ]
