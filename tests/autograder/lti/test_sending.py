"""Scores: what goes back to the platform, when, and how often."""

import argparse
import fcntl
import json
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import nbformat
import pytest

from autograder.lti import commands, outbox, sending
from autograder.lti.keys import read_key
from autograder.lti.launch import ENDPOINT, learner_id
from autograder.lti.linking import DL
from autograder.lti.outbox import FIRST, LAST, Entry, Outbox, postponed
from autograder.lti.places import places_of
from autograder.lti.registration import Registrations
from autograder.lti.sending import Sender
from autograder.settings import read_settings
from evidence.lti.platform import CLIENT, DEPLOYMENT
from tests.autograder.lti.conftest import registered
from tests.autograder.lti.test_linking import ask
from tests.autograder.small_class import WRONG

pytestmark = pytest.mark.slow
SCOPES = [f"https://purl.imsglobal.org/spec/lti-ags/scope/{each}" for each in ("score", "lineitem")]


@pytest.fixture
def settings(small_class, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.delenv("COURSE_CLASS", raising=False)
    return read_settings(small_class.course)


@pytest.fixture
def places(platform, tool_keys, settings):
    """The files of a small class, which knows the platform."""
    places = places_of(settings)
    for path in tool_keys.rglob("*"):
        if path.is_file():
            target = places.grader / path.relative_to(tool_keys)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    Registrations(places.registrations).add(registered(platform))
    return places


@pytest.fixture
def sender(settings, places):
    return Sender(settings, places, read_key(places.private_key, places.public_keys))


@pytest.fixture
def hands_in(browser, small_class):
    """A function: the learner is launched and hands in, with some answers changed."""

    def hands_in(**sources):
        notebook = nbformat.writes(small_class.notebook(**sources)).encode()
        answer = browser.hand_in(browser.mark(browser.launch().text), notebook)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return hands_in


@pytest.fixture
def learner(platform):
    return learner_id(platform.address, platform.user)


def give(small_class, learner, points):
    """Give the points for the written answer, as an instructor does."""
    with small_class.gradebook() as gradebook:
        grade = gradebook.find_grade("words", "small", "small", learner)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def due_now(places):
    """Let what waits be tried again at once."""
    outbox = Outbox(places.outbox)
    for entry in list(outbox.all()):
        outbox.write(replace(entry, again=0.0))


def test_a_score_waits_for_a_human_and_comes_again_when_it_is_done(
    sender, hands_in, graded, small_class, learner, platform
):
    receipt = hands_in(words="Because.")
    assert "Scores sent: 0" in sender.send()  # not graded yet
    graded()
    assert sender.send().startswith("Scores sent: 1. Waiting to be tried again: 0.")
    ((item, score),) = platform.scores
    assert item == f"{platform.address}/lineitems/1/lineitem"
    assert {"userId": "user-17", "scoreGiven": 5.0, "scoreMaximum": 9.0}.items() <= score.items()
    assert score["gradingProgress"] == "PendingManual"
    assert score["activityProgress"] == "Submitted"
    assert score["submission"] == {"submittedAt": receipt["time"]}
    assert "Scores sent: 0" in sender.send()  # the same state is sent once
    give(small_class, learner, 3)
    assert "Scores sent: 1" in sender.send()
    _, second = platform.scores[-1]
    assert (second["scoreGiven"], second["gradingProgress"]) == (8.0, "FullyGraded")
    assert second["activityProgress"] == "Completed"
    assert second["timestamp"] > score["timestamp"]
    assert len(platform.scores) == 2


def test_nothing_waits_where_no_answer_was_written(sender, hands_in, graded, platform):
    hands_in(double=WRONG)
    graded()
    sender.send()
    assert platform.scores[0][1]["scoreGiven"] == 3.0
    assert platform.scores[0][1]["gradingProgress"] == "FullyGraded"


def test_the_grade_is_that_of_all_others(sender, hands_in, graded, small_class, learner):
    """Handed in here or collected: the same result, and a late one loses the same points."""
    small_class.nbgrader("db", "assignment", "add", "small", "--duedate=2020-01-01 00:00:00 UTC")
    hands_in(double=WRONG)
    small_class.hand_in("another", double=WRONG)
    stamp = small_class.submitted(learner) / "timestamp.txt"
    (small_class.submitted("another") / "timestamp.txt").write_text(stamp.read_text())
    graded()
    results = small_class.outcome()
    different = ("learner", "digest")
    first, second = ({k: v for k, v in results[each].items() if k not in different}
                     for each in (learner, "another"))  # fmt: skip
    assert first == second
    assert first["penalty"] > 0


def test_late_scores_are_tried_again_until_the_platform_takes_them(
    sender, hands_in, graded, platform, places
):
    hands_in()
    graded()
    platform.refuses = [503, 500, 422, 403, 404, 401, 429]
    waits = []
    for _ in range(7):
        printed = sender.send()
        assert "Waiting to be tried again: 1" in printed
        assert "The platform answers" in printed
        assert "Scores sent: 0" in sender.send()  # not before its time
        (entry,) = Outbox(places.outbox).all()
        waits.append(round(entry.again - datetime.now(UTC).timestamp(), -1))
        due_now(places)
    assert waits == [60 * 2**number for number in range(7)]
    assert platform.scores == []
    assert "Scores sent: 1" in sender.send()
    assert platform.scores[0][1]["timestamp"] == entry.timestamp


def test_a_score_whose_answer_is_lost_is_sent_again_unchanged(
    sender, hands_in, graded, platform, places
):
    hands_in()
    graded()
    platform.refuses = ["lost"]
    assert "does not answer" in sender.send()
    due_now(places)
    sender.send()
    first, second = platform.scores
    assert first == second


def test_a_crash_after_sending_sends_the_same_again(
    sender, hands_in, graded, platform, monkeypatch
):
    hands_in()
    graded()

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sending, "taken", crash)
        with pytest.raises(KeyboardInterrupt):
            sender.send()
    sender.send()
    first, second = platform.scores
    assert first == second


def test_an_older_grade_never_follows_a_newer_one(
    sender, hands_in, graded, platform, places, small_class, learner
):
    hands_in(words="Because.")
    graded()
    platform.refuses = [503]
    sender.send()
    give(small_class, learner, 4)
    due_now(places)
    sender.send()
    assert [score["scoreGiven"] for _, score in platform.scores] == [9.0]
    due_now(places)
    sender.send()
    assert len(platform.scores) == 1


def test_a_grade_that_somebody_gave_at_the_platform_stays(sender, hands_in, graded, platform):
    item = f"{platform.address}/lineitems/1/lineitem"
    newer = {"userId": platform.user, "timestamp": "2999-01-01T00:00:00.000+00:00"}
    platform.scores = [(item, newer)]
    hands_in()
    graded()
    printed = sender.send()
    assert "holds a newer grade" in printed
    assert "Waiting to be tried again: 0" in printed
    sender.send()
    assert platform.scores == [(item, newer)]
    assert sum(path.endswith("/scores") for _, path, _ in platform.log) == 1


def test_the_grade_of_an_older_hand_in_is_not_sent_for_a_newer_one(
    sender, hands_in, graded, platform
):
    hands_in()
    graded()
    hands_in(double=WRONG)
    assert "Scores sent: 0" in sender.send()
    graded()
    assert "Scores sent: 1" in sender.send()
    assert platform.scores[0][1]["scoreGiven"] == 3.0


def test_each_link_of_a_platform_gets_its_own_grade(sender, hands_in, graded, platform):
    hands_in()
    graded()
    sender.send()
    other = f"{platform.address}/lineitems/2/lineitem"
    platform.link = "link-2"
    platform.extra = {ENDPOINT: {"lineitem": other, "scope": SCOPES}}
    hands_in(double=WRONG)
    graded()
    sender.send()
    assert [(item[-10], score["scoreGiven"]) for item, score in platform.scores] == [
        ("1", 5.0), ("2", 3.0),
    ]  # fmt: skip


def test_the_next_grade_has_a_later_time_even_if_the_clock_goes_back(tmp_path):
    outbox = Outbox(tmp_path)
    entry = Entry("learner", "small", {"user": "1"}, {"scoreGiven": 1.0}, "")
    outbox.put(entry, datetime(2027, 1, 1, tzinfo=UTC))
    outbox.put(replace(entry, score={"scoreGiven": 2.0}), datetime(2026, 1, 1, tzinfo=UTC))
    (newer,) = outbox.all()
    assert newer.message == {"scoreGiven": 2.0, "timestamp": "2027-01-01T00:00:00.001+00:00"}


def test_waiting_has_a_longest():
    entry = Entry("learner", "small", {}, {}, "", attempts=40)
    assert postponed(entry, "Why.", 1000.0).again == 1000 + LAST
    assert postponed(replace(entry, attempts=0), "Why.", 1000.0).again == 1000 + FIRST


# Where the score goes


def test_a_line_item_is_made_once_where_the_platform_has_none(
    sender, hands_in, graded, platform, places
):
    platform.line_item = False
    hands_in()
    graded()
    sender.send()
    ((identity, item),) = platform.line_items.items()
    assert item["scoreMaximum"] == 9.0
    assert (item["resourceLinkId"], item["resourceId"]) == ("link-1", "small")
    for path in places.outbox.glob("*.json"):  # as after a crash
        path.unlink()
    sender.send()
    assert [where for where, _ in platform.scores] == [identity, identity]
    assert len(platform.line_items) == 1


def test_a_line_item_is_found_on_whichever_page_it_is_listed(
    settings, places, hands_in, graded, platform
):
    """Canvas lists ten at a time. A grade in a second line item is a grade in another column."""
    platform.line_item = False
    others = [f"{platform.address}/lineitems/{number}/lineitem" for number in range(1, 25)]
    platform.line_items = {each: {"id": each, "resourceLinkId": "other"} for each in others}
    hands_in()
    graded()
    key = read_key(places.private_key, places.public_keys)
    for _ in range(2):  # the second time as after a crash
        assert "Scores sent: 1" in Sender(settings, places, key).send()
        for path in places.outbox.glob("*.json"):
            path.unlink()
    assert len(platform.line_items) == len(others) + 1
    assert len({item for item, _ in platform.scores}) == 1
    asked = next(path for method, path, _ in platform.log if path.startswith("/lineitems?"))
    assert "resource_link_id=link-1" in asked and "resource_id=small" in asked


def test_no_line_item_is_made_where_the_list_cannot_be_read(sender, hands_in, graded, platform):
    platform.line_item, platform.page = False, None
    hands_in()
    graded()
    assert "list of line items cannot be read" in sender.send()
    assert platform.line_items == {}


def test_what_is_no_line_item_in_a_list_is_passed_over(sender, hands_in, graded, platform):
    platform.line_item = False
    platform.line_items = {each: each for each in (None, 5, "text")}
    platform.line_items["no address"] = {"resourceLinkId": "link-1", "resourceId": "small"}
    hands_in()
    graded()
    assert "Scores sent: 1" in sender.send()


def test_a_line_item_that_was_removed_is_made_again(
    sender, hands_in, graded, platform, small_class, learner, monkeypatch
):
    monkeypatch.setattr(outbox, "FIRST", 0)
    platform.line_item = False
    hands_in(words="Because.")
    graded()
    sender.send()
    ((identity, _),) = platform.line_items.items()
    platform.removed.append(f"{identity.removeprefix(platform.address)}/scores")
    platform.line_items = {f"{platform.address}/lineitems/0/lineitem": {"id": "other"}}
    give(small_class, learner, 1)
    assert "404" in sender.send()
    assert "Scores sent: 1" in sender.send()
    assert platform.scores[-1][0] != identity


PLACES = {
    "no scores": ({"lineitem": "{}/lineitems/1/lineitem", "scope": SCOPES[1:]}, "no scores"),
    "no scope": ({"lineitem": "{}/lineitems/1/lineitem", "scope": "score"}, "no scores"),
    "nothing": ({}, "no scores"),
    "no line item, and none to make": (
        {"lineitems": "{}/lineitems", "scope": SCOPES[:1]}, "no place",
    ),
    "another host": (
        {"lineitem": "http://127.0.0.1:9/lineitems/1", "scope": SCOPES}, "--origin",
    ),
    "no address": ({"lineitem": "javascript:x", "scope": SCOPES}, "--origin"),
    "a place that is not there": ({"lineitem": "{}/missing", "scope": SCOPES}, "answers 404"),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_a_score_without_a_place_is_a_sentence(sender, hands_in, graded, platform, case):
    claim, words = PLACES[case]
    filled = json.loads(json.dumps(claim).replace("{}/", f"{platform.address}/"))
    platform.extra = {ENDPOINT: filled}
    hands_in()
    graded()
    printed = sender.send()
    assert words in printed
    assert "Waiting to be tried again: 1" in printed
    tokens = [headers for _, _, headers in platform.log if "Authorization" in headers]
    assert len(tokens) <= 1
    assert platform.scores == []


def test_a_platform_that_is_no_longer_registered_gets_nothing(
    sender, hands_in, graded, platform, places
):
    hands_in()
    graded()
    places.registrations.write_text("[]")
    assert "is not registered with this tool" in sender.send()
    assert platform.tokens == []


def test_a_forged_note_sends_nobody_elses_grade(
    sender, hands_in, graded, places, platform, learner
):
    hands_in()
    graded()
    path = places.arrival("small", learner)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"user": "user-18"}))
    assert "the note on this hand-in is damaged" in sender.send()
    assert platform.scores == []


def test_the_learner_has_a_name_in_the_gradebook(sender, hands_in, graded, small_class, learner):
    hands_in()
    graded()
    sender.send()
    with small_class.gradebook() as gradebook:
        student = gradebook.find_student(learner)
        assert (student.first_name, student.last_name) == ("Ada", "Example")


def test_one_process_sends_at_a_time(sender, places):
    places.outbox.mkdir(parents=True)
    with (places.outbox / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="Another process sends"):
            sender.send()


def test_a_token_is_asked_for_once_and_never_written(
    sender, hands_in, graded, platform, places, small_class, learner
):
    hands_in(words="Because.")
    graded()
    printed = [sender.send()]
    give(small_class, learner, 1)
    platform.refuses = [500]
    printed.append(sender.send())
    assert len(platform.tokens) == 1
    files = [path.read_text() for path in places.outbox.glob("*.json")]
    assert not any(platform.tokens[0] in text for text in [*printed, *files])


def test_a_platform_that_gives_no_token_is_a_sentence(sender, hands_in, graded, platform):
    hands_in()
    graded()
    platform.registration.set_tool_key_set({"keys": []})
    platform.configuration._registration = platform.registration
    assert "gives no access token: 400" in sender.send()


TOKENS = {
    "lasts for ever": ({"expires_in": None}, "Scores sent: 1"),
    "lasts as a text": ({"expires_in": "3600"}, "Scores sent: 1"),
    "none": ({"access_token": None}, "holds no access token"),
}


@pytest.mark.parametrize("case", TOKENS)
def test_an_odd_answer_to_the_request_for_a_token_ends_nothing(
    sender, hands_in, graded, platform, case
):
    platform.token_is, words = TOKENS[case]
    hands_in()
    graded()
    assert words in sender.send()


def test_the_grader_stays_while_somebody_else_sends(settings, places, monkeypatch, capsys):
    answers = iter(["Sent.", SystemExit("Another process sends."), "Sent.", KeyboardInterrupt])

    def send(_):
        if isinstance(answer := next(answers), str):
            return answer
        raise answer

    monkeypatch.setattr(Sender, "send", send)
    monkeypatch.setattr(commands, "EVERY", 0)
    options = argparse.Namespace(stay=True)
    with pytest.raises(KeyboardInterrupt):
        commands.send(settings, places, options, print)
    assert capsys.readouterr().out == "Sent.\nAnother process sends.\nSent.\n"


def test_the_grader_stays_and_signs_choices(settings, places, platform, small_class):
    """The points of an assignment come from the gradebook."""
    process = small_class.command("lti", "send", "--stay", env=dict(os.environ))
    try:
        assert process.stdout.readline().startswith("Scores sent: 0.")
        request = {
            "issuer": platform.address,
            "client_id": CLIENT,
            "deployment": DEPLOYMENT,
            "settings": {
                "deep_link_return_url": f"{platform.address}/chosen",
                "accept_types": ["ltiResourceLink"],
            },
            "assignment": "small",
            "title": "A small assignment",
            "address": "https://tool.example",
        }
        claims = platform.claims(ask(places, request)["token"])
        (item,) = claims[f"{DL}content_items"]
        assert item["lineItem"]["scoreMaximum"] == 9.0
        missing = ask(places, request | {"assignment": "missing"})
        assert "does not know missing" in missing["error"]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert not places.signer.exists()
