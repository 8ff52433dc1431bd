"""The book that goes with the assignments: where it treats a function, or a mistake in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from traitlets import DottedObjectName, Unicode
from traitlets.config import Config, Configurable
from traitlets.utils.importstring import import_item

Find = Callable[[str, str], tuple[str, str] | None]
"""Takes a function and a diagnosis ("" for the function as such); returns the name and the address
of the section on it, or None if there is none."""


class Report(Configurable):
    """What nbgrader_config.py says of a book that goes with the assignments, if there is one."""

    book = Unicode(help="The folder of the built book.").tag(config=True)
    address = Unicode(help="Where learners read the book: the address of that folder.").tag(
        config=True
    )
    section = DottedObjectName(
        None,
        allow_none=True,
        help="""
        A function of an assignment, a graded function and a diagnosis, which is "" for the function
        as such. It returns the name and the address, relative to `book`, of the section to read, or
        None.
        """,
    ).tag(config=True)


@dataclass(frozen=True)
class Section:
    """A place in the book: its name for the reader, and the address relative to the page.

    address: "" where nobody knows where the book is.
    """

    name: str
    address: str


def finder(config: Config, assignment: str) -> Find | None:
    """Return what finds sections for an assignment; None where no book goes with it."""
    section = Report(config=config).section
    return partial(import_item(section), assignment) if section else None


def function_of(grade_id: str) -> str:
    """Name the function that a check cell grades, or the cell of a written answer."""
    return grade_id.removesuffix("-check")
