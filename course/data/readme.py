"""Describes files of data in a README that lies beside them."""

from collections.abc import Iterable

from course.data import births, novel, vowels

SOURCES = {each.file: each for each in (vowels.SOURCE, novel.SOURCE, births.SOURCE)}
"""What is known of each file, by its name, in the order in which READMEs list them."""


def describe(title: str, names: Iterable[str] = SOURCES) -> str:
    """Write a README on files of book/data/, by their names, as Markdown."""
    sections = "\n".join(SOURCES[name].markdown() for name in names)
    return f"# {title}\n\n{sections}"
