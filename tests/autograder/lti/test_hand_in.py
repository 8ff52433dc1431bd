"""Hand-ins: what is stored, and what is refused with a sentence."""

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.utils import parse_utc

from autograder.lti import intake, web
from autograder.lti.intake import MOST, check_folder, read_arrival, replace_folder
from autograder.lti.launch import learner_id
from evidence.lti.browser import NOTEBOOK, Browser
from evidence.lti.platform import LEARNER, TEACHER

pytestmark = pytest.mark.slow


@pytest.fixture
def key(browser):
    """Of the page of a learner who was launched."""
    return browser.mark(browser.launch().text)


@pytest.fixture
def submission(places, platform):
    """The folder of the learner's submission."""
    return places.submission("small", learner_id(platform.address, platform.user))


def files(folder):
    return {path.name for path in folder.iterdir()}


def refusal(response, status=403):
    assert response.status_code == status, response.text
    sentence = response.json()["error"]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    return sentence


def test_a_hand_in_lies_where_nbgrader_collects(browser, key, submission):
    before = datetime.now(UTC)
    receipt = browser.hand_in(key).json()
    assert (submission / "small.ipynb").read_bytes() == NOTEBOOK
    stamp = parse_utc((submission / "timestamp.txt").read_text()).replace(tzinfo=UTC)
    assert before <= stamp <= datetime.now(UTC) + timedelta(seconds=1)
    assert datetime.fromisoformat(receipt["time"]) == stamp
    assert files(submission) == {"small.ipynb", "timestamp.txt"}
    assert files(submission.parent) == {"small"}


def test_the_note_says_where_the_score_belongs(browser, key, places, platform, submission):
    browser.hand_in(key)
    arrival = read_arrival(places.arrival("small", submission.parent.name))
    assert (arrival.user, arrival.issuer) == ("user-17", platform.address)
    assert arrival.place["lineitem"] == f"{platform.address}/lineitems/1/lineitem"
    assert (arrival.given_name, arrival.family_name) == ("Ada", "Example")


def test_a_newer_hand_in_takes_the_place_of_the_older_one(browser, key, submission):
    browser.hand_in(key)
    first = (submission / "timestamp.txt").read_text()
    newer = NOTEBOOK.replace(b"x = 1", b"x = 2")
    browser.hand_in(key, newer)
    assert (submission / "small.ipynb").read_bytes() == newer
    assert (submission / "timestamp.txt").read_text() > first


def test_who_reads_a_submission_reads_it_whole(tmp_path):
    """The grader opens the folder, and then its files: here, a newer one comes in between."""
    folder = tmp_path / "submission"
    replace_folder(folder, {"one": b"1", "two": b"1"})
    opened = os.open(folder, os.O_RDONLY)
    replace_folder(folder, {"one": b"2", "two": b"2"})
    for name in ("one", "two"):
        with open(os.open(name, os.O_RDONLY, dir_fd=opened)) as file:
            assert file.read() == "1"
    os.close(opened)
    assert (folder / "one").read_text() == "2"


def test_a_submission_is_there_at_every_moment(tmp_path):
    folder, stopped, absent = tmp_path / "submission", threading.Event(), []
    replace_folder(folder, {"one": b""})

    def look():
        while not stopped.is_set():
            if not (folder / "one").exists():
                absent.append(True)

    watcher = threading.Thread(target=look)
    watcher.start()
    for _ in range(50):
        replace_folder(folder, {"one": b""})
    stopped.set()
    watcher.join()
    assert absent == []
    assert files(tmp_path) == {"submission", ".submission.before"}


def test_a_hand_in_that_fails_leaves_the_older_one(browser, key, submission, monkeypatch):
    browser.hand_in(key)
    before = (submission / "timestamp.txt").read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, "exchange", full)
    sentence = refusal(browser.hand_in(key, NOTEBOOK.replace(b"1", b"2")), 503)
    assert "kept in this browser" in sentence
    assert (submission / "timestamp.txt").read_text() == before
    assert (submission / "small.ipynb").read_bytes() == NOTEBOOK
    assert files(submission.parent) == {"small"}  # and nothing half done


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid JSON"),
        (b"{}", "no notebook"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe", "damaged"),
    ],
    ids=["empty", "no cells", "nested", "no text"],
)
def test_what_is_no_notebook_is_refused_at_once(browser, key, submission, content, words):
    assert words in refusal(browser.hand_in(key, content))
    assert not submission.exists()


def test_a_notebook_may_be_large_and_not_too_large(browser, key, submission):
    # Blanks between the parts of JSON: the notebook itself is small.
    large = NOTEBOOK + b" " * (MOST * web.MB - len(NOTEBOOK))
    assert browser.hand_in(key, large).status_code == 200
    assert f"more than {MOST} MB" in refusal(browser.hand_in(key, large + b" "), 413)
    assert (submission / "small.ipynb").stat().st_size == len(large)


def test_who_hands_in_is_asked_before_anything_is_kept(browser, key):
    """Otherwise whoever has an address could fill the memory."""
    large = b" " * (MOST * web.MB + 1)
    assert "ended" in refusal(browser.hand_in("made up", large), 403)


def test_no_message_but_a_hand_in_may_be_large(browser):
    answer = browser.ask("POST", "/lti/launch", data={"id_token": "x" * web.MESSAGE})
    assert answer.status_code == 413


def test_a_learner_hands_in_a_few_times_a_minute(browser, platform, key):
    answers = [browser.hand_in(key) for _ in range(web.HAND_INS.amount + 1)]
    assert {each.status_code for each in answers[:-1]} == {200}
    assert "Wait a minute" in refusal(answers[-1], 429)
    other = Browser(browser.tool, platform)
    platform.user = "user-18"
    assert other.hand_in(other.mark(other.launch().text)).status_code == 200


def test_launches_have_a_rate(browser, platform, monkeypatch):
    monkeypatch.setattr(web, "LAUNCHES", web.RateLimitItemPerMinute(3))
    request = platform.login_request()
    answers = [browser.ask("GET", "/lti/login", params=request).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


# Who may hand in


def test_only_the_page_of_the_learner_hands_in(browser, key, submission):
    assert "sign-in has ended" in refusal(browser.hand_in("another key"))
    assert "sign-in has ended" in refusal(browser.hand_in(""))
    for origin in ("https://evil.example", "null", ""):
        assert "did not come from" in refusal(browser.hand_in(key, Origin=origin))
    browser.cookies.clear()
    assert "kept in this browser" in refusal(browser.hand_in(key))
    assert not submission.exists()


def test_the_page_of_one_learner_does_not_hand_in_for_the_next(browser, platform, key):
    """Two people at one computer: what the first has open must not become the second's."""
    platform.user = "user-18"
    second = browser.mark(browser.launch().text)
    assert "another one has taken its place" in refusal(browser.hand_in(key))
    assert browser.hand_in(second).status_code == 200


def test_a_launch_is_good_for_its_assignment_alone(browser, key):
    cookies = {"lti-session-other": browser.cookies["lti-session-small"]}
    assert "ended" in refusal(browser.hand_in(key, assignment="other"))
    browser.cookies |= cookies
    assert "ended" in refusal(browser.hand_in(key, assignment="other"))


def test_a_launch_ends_when_its_platform_is_no_longer_registered(browser, key, places):
    places.registrations.write_text("[]")
    page = browser.ask("GET", "/do/small.html")
    assert page.status_code == 200
    assert browser.mark(page.text) is None
    assert "ended" in refusal(browser.hand_in(key))


def test_a_launch_ends(browser, monkeypatch):
    monkeypatch.setattr(web, "SESSION", -1)
    browser.end(browser.begin())
    assert browser.mark(browser.ask("GET", "/do/small.html").text) is None


def test_who_is_no_learner_does_not_hand_in(browser, platform, submission):
    platform.roles = [LEARNER, TEACHER]
    both = browser.mark(browser.launch().text)
    assert browser.hand_in(both).status_code == 200
    platform.roles, platform.user = [TEACHER], "user-1"
    assert browser.mark(browser.launch().text) is None


@pytest.mark.parametrize(
    "path", ["/do/../../class/lti/registrations.json", "/do/%2e%2e/%2e%2e/class/lti/public.json",
             "/..%2fclass/lti/registrations.json", "/do/missing.html", "/lti/hand-in/../x"]
)  # fmt: skip
def test_no_other_file_is_served(browser, path):
    assert browser.ask("GET", path).status_code in (403, 404, 405)


def test_the_site_is_served_as_it_is(browser, site):
    for path in ("index.html", ""):
        answer = browser.ask("GET", f"/{path}")
        assert answer.content == (site / "index.html").read_bytes()
        assert "frame-ancestors 'self' http" in answer.headers["Content-Security-Policy"]


def wait_for_log(caplog, last):
    """What the tool has logged, once its last line is there: the answer may arrive before it."""
    until = time.monotonic() + 30
    while True:
        records = [each for each in caplog.records if each.name.startswith("autograder")]
        ours = "\n".join(each.getMessage() for each in records)
        if last in ours or time.monotonic() > until:
            assert last in ours
            return ours
        time.sleep(0.02)


def test_nothing_secret_is_in_the_log(browser, platform, key, caplog, tool):
    browser.hand_in(key)
    browser.hand_in("a wrong key")
    answered = browser.begin()
    browser.end(answered | {"id_token": answered["id_token"] + "x"})
    browser.end(answered)
    ours = wait_for_log(caplog, "POST /lti/launch 303")
    assert "handed in small" in ours
    secrets = [answered["id_token"], answered["state"], key, *browser.cookies.values()]
    secrets += [part for token in secrets[:1] for part in token.split(".")]
    secrets += [platform.user, platform.names["given_name"]]
    assert [each for each in secrets if each in ours] == []


def test_an_unexpected_error_is_logged_without_what_is_secret(browser, tool, caplog, monkeypatch):
    def broken(_):
        raise ValueError("broken")

    monkeypatch.setattr(tool.launches, "begin", broken)
    answer = browser.ask("GET", "/lti/login", params={"login_hint": "secret-1"})
    assert answer.status_code == 500
    assert "broken" not in answer.text
    browser.ask("POST", "/lti/launch?state=secret-2", data="x" * (web.MESSAGE + 1))
    browser.ask("GET", "/lti/register/secret-3", params={"registration_token": "secret-4"})
    browser.ask("GET", "/missing?secret-5")
    ours = [record for record in caplog.records if not record.name.startswith("urllib3")]
    assert any(record.exc_info and "GET /lti/login failed" in record.message for record in ours)
    assert not any("secret" in record.getMessage() for record in ours)


# What the web application's user writes, and the grader's reads


def test_a_note_that_is_none_is_not_read(browser, key, places, submission, tmp_path):
    browser.hand_in(key)
    path = places.arrival("small", submission.parent.name)
    sound = json.loads(path.read_text())
    changes = ["", "[]", "{}", json.dumps(sound | {"user": 1}), json.dumps(sound | {"place": []}),
               json.dumps(sound | {"learner": "another"}), json.dumps(sound | {"more": 1}),
               "x" * 1_000_000]  # fmt: skip
    for text in changes:
        path.write_text(text)
        assert read_arrival(path) is None
    secret = tmp_path / "secret"
    secret.write_text(json.dumps(sound))
    path.unlink()
    path.symlink_to(secret)
    assert read_arrival(path) is None


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    check_folder(tmp_path / "submitted")
    assert list((tmp_path / "submitted").iterdir()) == []

    def cannot(*_):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(intake, "exchange", cannot)
    with pytest.raises(SystemExit, match="its file system cannot exchange folders"):
        check_folder(tmp_path / "submitted")
