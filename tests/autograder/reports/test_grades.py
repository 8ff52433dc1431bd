"""The table of grades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reports.grades import Grade, table

NAMES = st.text(st.characters(codec=None, exclude_categories=()), max_size=30) | st.sampled_from(
    ["=1+2", "\u202egnp.exe", "\x00\x1b[2J", "a" * 10_000, "\r\n", "\ud83d"]
)


def test_the_table_shows_scores_penalties_open_answers_and_what_needs_a_human():
    grades = [
        Grade("one", "learner-01", 10, 12, penalty=2.5, manual=True),
        Grade("one", "learner-02", 0, 12, reason="the file is damaged"),
        Grade("one", "learner-03", None, 12, reason="not graded yet"),
        Grade("two", "learner-01", 3, 5),
    ]
    assert table(grades).splitlines() == [
        "            one /12           two /5",
        "learner-01  7.5* (late -2.5)  3",
        "learner-02  0",
        "learner-03  not graded",
        "",
        "* a written answer waits to be graded by hand (1 in all).",
        "late: points taken off, already subtracted.",
        "needs a human: learner-02, one: the file is damaged.",
        "needs a human: learner-03, one: not graded yet.",
    ]


@pytest.mark.fuzz
@given(learner=NAMES, assignment=NAMES, reason=NAMES)
def test_whatever_things_are_called_the_table_is_a_table(learner, assignment, reason):
    other = Grade("two", "another learner" * 4, 2, 5)
    grades = [Grade(assignment, learner, 1, 12, reason=reason), other]
    lines = table(grades).split("\n")
    assert len(lines) == 4 + bool(reason)
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines[:3])) < 1_000
