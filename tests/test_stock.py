"""Some of the sample class under stock nbgrader: the same scores, except where it gives up.

All that nbgrader grades differently, and of each assignment the first. `make bench` compares the
scores of a hundred submissions.
"""

import shutil

import pytest
from nbgrader.api import Gradebook

from course.nbgrader_commands import Command, run_all
from evidence.sample_class.loop import CLASS, graded
from evidence.sample_class.roster import roster
from evidence.stock import STOCK

EVERYBODY = roster()
FIRST = {each.assignment: each.learner for each in reversed(EVERYBODY)}
ROSTER = [
    each for each in EVERYBODY if each.stock is not ... or each.learner == FIRST[each.assignment]
]

pytestmark = [pytest.mark.slow, pytest.mark.release, pytest.mark.xdist_group("stock")]


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """The score of every submission, None where nbgrader's command fails."""
    graded()
    folder = tmp_path_factory.mktemp("stock")
    shutil.copytree(CLASS / "submitted", folder / "submitted")
    shutil.copy(CLASS / "gradebook.db", folder)
    commands = [
        Command(
            ("autograde", each.assignment, f"--student={each.learner}", *STOCK),
            log=folder / f"{each.assignment}-{each.learner}.log",
            environment={"COURSE_CLASS": str(folder)},
        )
        for each in ROSTER
    ]
    codes = {command.log: code for command, code in run_all(commands)}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            (each.assignment, each.learner): None
            if codes[command.log]
            else gradebook.find_submission(each.assignment, each.learner).score
            for each, command in zip(ROSTER, commands)
        }


@pytest.mark.parametrize("each", ROSTER, ids=lambda s: f"{s.assignment}, {s.learner}: {s.what}")
def test_stock_nbgrader_gives_the_same_score_or_none(each, scores):
    expected = each.score if each.stock is ... else each.stock
    assert scores[each.assignment, each.learner] == expected
