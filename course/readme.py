"""Writes the generated parts of README, each between two comments that name it."""

import re

from course import COURSE
from course.curriculum import ASSIGNMENTS

README = COURSE / "README.md"


def filled(readme: str, part: str, text: str) -> str:
    """Return README with a part replaced. Raises ValueError where it has no place for the part."""
    begin, end = f"<!-- {part}: begin -->\n", f"<!-- {part}: end -->\n"
    place = re.compile(f"({re.escape(begin)}).*?({re.escape(end)})", re.S)
    if not place.search(readme):
        raise ValueError(f"README.md needs the lines {begin.strip()} and {end.strip()}")
    return place.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", readme)


def fill(part: str, text: str) -> None:
    """Write a part of README, if it has changed, and say so."""
    readme = README.read_text("utf-8")
    if (now := filled(readme, part, text)) != readme:
        README.write_text(now, "utf-8")
        print(f"README.md: {part} has changed")


def order() -> str:
    """Write the order of the assignments as a sentence."""
    return f"The order is {', '.join(ASSIGNMENTS)}."
