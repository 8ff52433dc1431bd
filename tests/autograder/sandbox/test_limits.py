"""The limits: what an instructor configures, and the table that the book prints of them."""

from dataclasses import fields

import pytest

from autograder import COURSE
from autograder.sandbox.limits import Limits, limits_for, table


def test_the_table_says_of_every_limit_what_it_is():
    assert [each.name for each in fields(Limits) if not each.metadata] == [], "it needs `_limit`"
    head, _, *rows = [line.strip("| ").split(" | ") for line in table().splitlines()]
    assert [row[0] for row in rows] == [f"`{field.name}`" for field in fields(Limits)]
    assert all(len(row) == len(head) and all(row) for row in rows)
    assert rows[0][1] == "60 s"
    assert rows[-1][1] == "none"


def test_the_book_prints_the_table():
    assert "Markdown(limits.table())" in (COURSE / "book" / "grading.md").read_text()


def test_what_is_configured_for_an_assignment_comes_before_what_is_for_all():
    configured = {"*": {"processes": 9, "file_mb": 3}, "rnn": {"file_mb": 4}}
    assert limits_for("rnn", configured) == Limits(processes=9, file_mb=4)
    assert limits_for("other", configured) == Limits(processes=9, file_mb=3)


def test_a_name_that_is_no_limit_is_refused():
    with pytest.raises(ValueError, match=r"names memory, which is no limit.*memory_mb"):
        limits_for("rnn", {"*": {"memory": 3}})
