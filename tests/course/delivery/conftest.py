"""A book of one page, for tests that build one."""

import shutil

import pytest

from tests.course.built_book import BOOK


@pytest.fixture
def small_book(tmp_path):
    """A repository whose book is one page without cells, with the configuration of the course's."""
    book = tmp_path / "book"
    shutil.copytree(BOOK / "_static", book / "_static")
    for name in ("_config.yml", "references.bib", "course.mplstyle"):
        shutil.copy(BOOK / name, book)
    (book / "_toc.yml").write_text("{format: jb-book, root: intro}")
    (book / "intro.md").write_text("# Intro\n\nNothing yet.\n")
    (tmp_path / "requirements.txt").touch()
    return tmp_path
