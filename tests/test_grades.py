"""The table of grades, and the words for what went wrong."""

import pytest

from autograder.grades import Grade, reason, table


def test_the_table_shows_scores_penalties_open_answers_and_what_needs_a_human():
    found = [
        Grade("one", "learner-01", 10, 12, penalty=2.5, manual=True),
        Grade("one", "learner-02", None, 12, reason="its code ended the kernel"),
        Grade("two", "learner-01", 3, 5),
    ]
    assert table(found).splitlines() == [
        "            one /12           two /5",
        "learner-01  7.5* (late -2.5)  3",
        "learner-02  needs a human",
        "",
        "* a written answer waits to be graded by hand (1 in all).",
        "late: points taken off, already subtracted.",
        "needs a human: learner-02, one: its code ended the kernel.",
    ]


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("  nbclient.exceptions.DeadKernelError: Kernel died\n", "its code ended the kernel"),
        ("Traceback\n    KeyError: 'x'\n[App | ERROR] There was an error", "KeyError: 'x'"),
        ("killed after 900 s\n", "its code never ended, and could not be interrupted"),
        ("", "not autograded yet"),
    ],
)  # fmt: skip
def test_a_failure_is_put_into_words(log, words, tmp_path):
    path = tmp_path / "log"
    path.write_text(log)
    assert reason(path) == words


def test_no_log_is_no_failure(tmp_path):
    assert reason(tmp_path / "none") == "not autograded yet"
