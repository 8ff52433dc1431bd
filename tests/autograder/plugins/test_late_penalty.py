"""The penalty for late submissions."""

import pytest

from autograder.plugins.late_penalty import LatePenalty

HOUR, DAY = 60 * 60, 24 * 60 * 60


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [(1, 2), (HOUR, 2), (DAY, 2), (DAY + 1, 4), (3 * DAY, 6), (5 * DAY, 10), (90 * DAY, 10)],
)
def test_a_tenth_for_each_day_begun_and_half_at_most(seconds, penalty):
    assert LatePenalty().late_submission_penalty("learner", 20, seconds) == penalty


def test_nothing_is_taken_from_nothing():
    assert LatePenalty().late_submission_penalty("learner", 0, DAY) == 0
