"""The table of contents of the book, by its parts: what is for readers, what for instructors."""

import yaml

from course import COURSE

TABLE = COURSE / "book" / "_toc.yml"
INSTRUCTORS = "For instructors"
"""The part that is no reader's."""


def parts() -> dict[str, list[str]]:
    """List the pages of each part by its caption, in the order of the book."""
    listed = yaml.safe_load(TABLE.read_text("utf-8"))["parts"]
    return {part.get("caption", ""): [each["file"] for each in part["chapters"]] for part in listed}


def welcome_page() -> str:
    """Name the page that the book opens with."""
    return str(yaml.safe_load(TABLE.read_text("utf-8"))["root"])


def instructors_pages() -> list[str]:
    """List the pages for instructors."""
    return parts().get(INSTRUCTORS, [])


def pages_to_read() -> list[str]:
    """List the reader's pages, without the assignments, which are for doing."""
    pages = [page for name, part in parts().items() if name != INSTRUCTORS for page in part]
    return [welcome_page(), *(page for page in pages if "/" not in page)]
