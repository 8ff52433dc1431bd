"""When a submission was handed in: what the exchange says, and what the submission says."""

from datetime import datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.exchange import OTHERWISE, Inbound, read_time

LATE, EARLY = "2026-03-02 10:00:00.5 UTC", "2026-02-20 10:00:00.0 UTC"


@pytest.fixture
def handed_in(tmp_path):
    """A function that hands in to the exchange, and one that asks it."""

    def hand_in(learner, time, secret="", assignment="small", end="+random"):
        folder = tmp_path / "lstm" / "inbound" / f"{learner}+{assignment}+{time}{end}"
        folder.mkdir(parents=True)
        if secret:
            (folder / "submission_secret.txt").write_text(secret)
        return folder

    def objection(learner, time, secret=""):
        config = Config({"Exchange": {"root": str(tmp_path)}})
        inbound = Inbound(CourseDirectory(course_id="lstm"), config, "small")
        return inbound.objection(learner, time and read_time(time), secret.encode())

    return hand_in, objection


def test_a_submission_that_says_what_the_exchange_says_is_fine(handed_in):
    hand_in, objection = handed_in
    hand_in("a", EARLY, "one")
    hand_in("a", LATE, "two")
    hand_in("a+b", LATE, "three")
    assert objection("a", EARLY, "one") == objection("a", LATE, "two") == ""
    assert objection("a+b", LATE, "three") == ""


def test_a_time_that_was_changed_is_told(handed_in):
    hand_in, objection = handed_in
    hand_in("a", LATE, "two")
    says = OTHERWISE.format(datetime(2026, 2, 20, 10), datetime(2026, 3, 2, 10, 0, 0, 500000))
    assert objection("a", EARLY, "two") == says
    assert objection("a", EARLY) == says  # a secret that was removed does not help
    assert objection("a", None, "two").startswith("timestamp.txt says no time, and the exchange")


def test_the_time_of_an_earlier_submission_is_not_that_of_a_later_one(handed_in):
    hand_in, objection = handed_in
    hand_in("a", EARLY, "one")
    hand_in("a", LATE, "two")
    assert objection("a", EARLY, "two")
    hand_in("b", EARLY, "same")
    hand_in("b", LATE, "same")  # copied from the earlier one: nobody knows which was collected
    assert objection("b", EARLY, "same")


def test_where_the_exchange_has_no_word_there_is_no_objection(handed_in):
    hand_in, objection = handed_in
    assert objection("a", EARLY) == ""  # no exchange at all
    hand_in("a", "no time")
    hand_in("a", LATE, assignment="other")
    hand_in("b", LATE, "two")
    assert objection("a", EARLY) == objection("a", None) == ""


def test_a_folder_that_somebody_else_made_in_a_learners_name_does_not_count(handed_in):
    hand_in, objection = handed_in
    hand_in("a", EARLY, "one")
    hand_in("a", LATE, "forged")
    assert objection("a", EARLY, "one") == ""


def test_links_and_pipes_in_place_of_a_secret_are_not_followed(handed_in, tmp_path):
    hand_in, objection = handed_in
    (tmp_path / "secret").write_text("two")
    (hand_in("a", LATE) / "submission_secret.txt").symlink_to(tmp_path / "secret")
    hand_in("a", EARLY, "one")
    assert objection("a", EARLY, "two") == ""  # the link's folder is not known again


@pytest.mark.slow
def test_the_note_reaches_the_one_who_grades(small_class, graded):
    """The learner moved the time back in the folder that was collected."""
    inbound = small_class.folder / "exchange" / "lstm" / "inbound" / f"learner-00+small+{LATE}+r"
    inbound.mkdir(parents=True)
    small_class.hand_in("learner-00")
    small_class.hand_in("learner-01")
    for learner, time in {"learner-00": EARLY, "learner-01": EARLY}.items():
        (small_class.submitted(learner) / "timestamp.txt").write_text(time)
    printed = graded()
    assert "needs a human: learner-00: timestamp.txt says 2026-02-20 10:00:00" in printed
    assert "learner-01:" not in printed
    assert small_class.results()["learner-00"]["score"] == 5
