"""Deep linking: an instructor chooses an assignment, and the grader's process signs the choice."""

import json
import re
import shutil
import socket
import time
from html import unescape

import jwt
import pytest

from autograder.lti import Refused, web
from autograder.lti.keys import read_key
from autograder.lti.launch import LTI
from autograder.lti.linking import DL, short, signing
from autograder.lti.places import Places
from evidence.lti.platform import DEPLOYMENT, TEACHER
from tests.autograder.lti.test_launch import refusal

pytestmark = pytest.mark.slow


def points(assignment):
    if assignment != "small":
        raise Refused(f"The gradebook does not know {assignment}.")
    return 9.0


@pytest.fixture
def signer(places):
    key = read_key(places.private_key, places.public_keys)
    with signing(places, key, points):
        yield key


@pytest.fixture
def choice(browser, platform):
    """The page on which an instructor chooses."""
    platform.deep_links, platform.roles = True, [TEACHER]
    page = browser.end(browser.begin())
    assert page.status_code == 200
    return page.text


def fields(page):
    """The hidden fields of a page's form."""
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in pairs}


def choose(browser, choice, assignment="small"):
    sent = {"choice": fields(choice)["choice"], "assignment": assignment}
    return browser.ask("POST", "/lti/choose", data=sent)


def test_the_choice_goes_back_to_the_platform(browser, platform, choice, signer):
    assert re.findall(r'name="assignment" value="(\w+)"', choice) == ["other", "small"]
    page = choose(browser, choice)
    assert page.status_code == 200
    action = unescape(re.search(r'action="([^"]*)"', page.text)[1])
    assert action == f"{platform.address}/chosen"
    browser.session.post(action, data={"JWT": fields(page.text)["JWT"]})
    (((item,), claims),) = platform.chosen
    assert item == {
        "type": "ltiResourceLink",
        "title": "small & more",
        "url": f"{browser.tool}/lti/launch/small",
        "custom": {"assignment": "small"},
        "lineItem": {"label": "small & more", "scoreMaximum": 9.0, "resourceId": "small"},
    }
    assert claims[f"{LTI}deployment_id"] == DEPLOYMENT
    assert claims[f"{DL}data"] == {"opaque": "as it was"}
    assert claims["aud"] == [platform.address]


def test_a_learner_chooses_nothing(browser, platform):
    platform.deep_links = True
    assert "Only those who teach" in refusal(browser.end(browser.begin()))


def test_without_the_graders_process_a_sentence_says_what_to_start(browser, choice):
    assert "lti send --stay" in refusal(choose(browser, choice))


def test_an_assignment_that_the_gradebook_lacks_is_not_linked(browser, choice, signer):
    assert "does not know other" in refusal(choose(browser, choice, "other"))
    assert "There is no assignment" in refusal(choose(browser, choice, "missing"))


def test_a_choice_is_not_made_up(browser, choice, signer, monkeypatch):
    for made_up in ("", "x", jwt.encode({"aud": "choice"}, "x" * 32)):
        answer = browser.ask("POST", "/lti/choose", data={"choice": made_up, "assignment": "small"})
        assert "took too long" in refusal(answer)
    monkeypatch.setattr(web, "CHOICE", -1)
    late = browser.end(browser.begin()).text
    assert "took too long" in refusal(choose(browser, late))


REQUESTS = {
    "a foreign page": {"settings": {"deep_link_return_url": "https://evil.example/"}},
    "no address": {"settings": {"deep_link_return_url": "javascript:alert(1)"}},
    "another platform": {"issuer": "https://evil.example"},
    "another deployment": {"deployment": "another"},
    "no links": {"settings": {"accept_types": ["file"]}},
    "an assignment that is not there": {"assignment": "../x"},
    "nothing": None,
    "no object": {"settings": []},
}


@pytest.mark.parametrize("case", REQUESTS)
def test_the_signer_signs_nothing_else(places, platform, signer, case):
    """Whoever holds the web application can ask for choices alone, for the platform's pages."""
    request = {
        "issuer": platform.address,
        "client_id": "course-tool",
        "deployment": DEPLOYMENT,
        "settings": {
            "deep_link_return_url": f"{platform.address}/chosen",
            "accept_types": ["ltiResourceLink"],
        },
        "assignment": "small",
        "title": "small",
        "address": "https://tool.example",
    }
    change = REQUESTS[case]
    for key, value in (change or {}).items():
        request[key] = {**request[key], **value} if value and key == "settings" else value
    answered = ask(places, request if change is not None else [])
    assert "token" not in answered
    assert answered["error"].endswith(".")


def ask(places, request):
    with socket.socket(socket.AF_UNIX) as client, short(places.signer) as path:
        client.connect(path)
        client.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(client.makefile("rb").read())


def test_a_class_may_lie_deep(places, tmp_path):
    folder = tmp_path.joinpath(*["deep" * 20] * 3)
    deep = Places(folder, folder / "submitted")
    shutil.copytree(places.grader, deep.grader)
    key = read_key(deep.private_key, deep.public_keys)
    with signing(deep, key, points):
        assert ask(deep, {}) == {"error": "This is no choice of an assignment."}
    assert not deep.signer.exists()


def test_what_is_signed_gives_no_access_to_scores(places, platform, browser, choice, signer):
    """A platform checks that a request for a token is addressed to it, by `aud`."""
    token = fields(choose(browser, choice).text)["JWT"]
    claims = platform.claims(token)
    assert claims["aud"] != f"{platform.address}/token"
    assert "sub" not in claims
    assert claims["exp"] - time.time() <= 300
