"""The penalty for late submissions, as a plugin of nbgrader."""

import math

from nbgrader.plugins import LateSubmissionPlugin

A_DAY = 24 * 60 * 60  # seconds
PER_DAY, AT_MOST = 0.1, 0.5


class LatePenalty(LateSubmissionPlugin):
    """Take a tenth of the score for each day begun after the due date, and never more than half."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return the points to take off.

        score: the submission's points at the time of autograding. Points given by hand later count
        only when it is autograded again. total_seconds_late: above 0.
        """
        days = math.ceil(total_seconds_late / A_DAY)
        return round(score * min(PER_DAY * days, AT_MOST), 2)
