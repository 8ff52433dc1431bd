"""Attacks on the grader: each ends with what honest code deserves, and touches nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from evidence import records
from evidence.attacks import outcomes
from evidence.attacks.attack import FULL, IN_REACH
from evidence.attacks.bank import ATTACKS, GROUPS
from evidence.attacks.promises import (
    HIGHER,
    LIMITS,
    NO_GRADE,
    READ,
    SCRIPT,
    STAYED,
    STOPPED,
    WROTE,
    broken,
    feedback,
    gradebook,
    score,
    shown,
)
from evidence.attacks.victim import HONEST, POINTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attacks")]

# The same measure must also detect attacks that succeed. Each of these breaks a promise of ours
# when stock nbgrader grades it, as the record says; test_records.py compares record and measure.
ON_STOCK = {
    "ast-transformer": HIGHER,
    "read-the-home": READ,
    "write-the-settings": WROTE,
    "points-in-the-gradebook": WROTE,
    "script-in-markdown": SCRIPT,
    "cut-file": NO_GRADE,
    "kills-everybody": STOPPED,
    "many-files": LIMITS,
    "daemon": STAYED,
}


@pytest.fixture(scope="module")
def graded():
    """The class after grading: all attacks, and honest work among them."""
    return outcomes.graded()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack, graded):
    expected = attack.score if attack.here is None else attack.here
    marks = score(graded.course, attack.name, attack.assignment)
    assert marks == (expected, FULL[attack.assignment])
    assert broken(graded.course, attack) == []
    page = BeautifulSoup(feedback(graded.course, attack), "html.parser").get_text()
    assert re.search(attack.says, " ".join(page.split())), "the feedback does not say why"
    assert not attack.aimed or IN_REACH in shown(graded.course, attack), "it no longer hits its aim"


@pytest.mark.parametrize("assignment", FULL)
@pytest.mark.parametrize("learner", HONEST)
def test_honest_work_between_the_attacks_has_full_marks(learner, assignment, graded):
    assert score(graded.course, learner, assignment) == (FULL[assignment], FULL[assignment])


def test_the_class_went_on(graded):
    assert graded.codes == [0] * 4  # both assignments, checked and graded
    assert "could not be executed" not in graded.printed


def test_no_file_of_the_course_or_at_home_changed(graded):
    assert graded.changed == []


def test_nothing_is_left_in_temporary_folders(graded):
    assert graded.temporary == []
    assert not list(Path("/tmp").glob("by-*.txt"))


def test_no_process_is_left(graded):
    assert graded.left == []


def test_the_gradebook_has_the_points_and_the_grades_of_others_as_before(graded):
    points, grades = gradebook(graded.course, HONEST)
    assert points == sorted((f"test-{name}", worth) for name, worth in POINTS.items())
    assert all(extra is None for *_, extras in grades for extra in extras)


def test_every_group_has_several_attacks():
    assert len(ATTACKS) == len({attack.name for attack in ATTACKS}) >= 50
    counts = Counter(attack.group for attack in ATTACKS)
    assert min(counts[group] for group in GROUPS) >= 3


@pytest.mark.parametrize("name", ON_STOCK)
def test_the_same_measure_finds_what_an_attack_does_to_stock_nbgrader(name):
    (row,) = [row for row in records.read("attacks")["attacks"] if row["name"] == name]
    assert any(promise.startswith(ON_STOCK[name]) for promise in row["stock"])


def test_the_record_says_that_no_attack_gets_through_here():
    assert not [row["name"] for row in records.read("attacks")["attacks"] if row["ours"]]
