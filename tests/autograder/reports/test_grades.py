"""The table of grades."""

from autograder.reports.grades import Grade, table


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
