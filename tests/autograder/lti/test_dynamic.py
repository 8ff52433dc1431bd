"""Dynamic registration: by invitation, and accepted by the instructor."""

import json

import pytest

from autograder.lti import dynamic
from autograder.lti.dynamic import Invitations
from autograder.lti.registration import Registrations
from tests.autograder.lti.conftest import registered
from tests.autograder.lti.platform import TOOL_CONFIGURATION, configuration
from tests.autograder.lti.test_launch import refusal

pytestmark = pytest.mark.slow


@pytest.fixture
def invitations(places):
    places.registrations.unlink()
    return Invitations(places)


def ask(browser, code, **changes):
    asked = {
        "openid_configuration": f"{browser.platform.address}/openid-configuration",
        "registration_token": "the platform's token",
    }
    return browser.ask("GET", f"/lti/register/{code}", params=asked | changes)


def test_a_platform_registers_itself_and_the_instructor_accepts(
    browser, platform, places, invitations
):
    code = invitations.invite()
    page = ask(browser, code)
    assert page.status_code == 200, page.text
    ((authorization, described),) = platform.registrations
    assert authorization == "Bearer the platform's token"
    assert described["jwks_uri"] == f"{browser.tool}/lti/keys"
    assert described["token_endpoint_auth_method"] == "private_key_jwt"
    messages = {each["type"] for each in described[TOOL_CONFIGURATION]["messages"]}
    assert messages == {"LtiResourceLinkRequest", "LtiDeepLinkingRequest"}
    registrations = Registrations(places.registrations)
    assert registrations.all() == []  # it waits
    (accepted,) = invitations.accept()
    assert registrations.all() == [accepted]
    known = registered(platform)
    assert (accepted.client_id, accepted.deployments) == (known.client_id, known.deployments)
    assert accepted.own_origins == [platform.address]
    assert browser.mark(browser.launch().text)
    assert browser.ask("GET", "/lti/close.js").text.startswith("(opener ?? parent)")


def test_an_invitation_works_once(browser, invitations):
    code = invitations.invite()
    assert ask(browser, code).status_code == 200
    assert "works once" in refusal(ask(browser, code))
    assert len(invitations.accept()) == 1
    assert "works once" in refusal(ask(browser, code))


def test_nobody_registers_uninvited(browser, platform, invitations, monkeypatch):
    assert "registers no platform" in refusal(ask(browser, "made-up"))
    invitations.invite()
    assert "registers no platform" in refusal(ask(browser, "made-up"))
    monkeypatch.setattr(dynamic, "OPEN", -1)
    assert "registers no platform" in refusal(ask(browser, invitations.invite()))
    assert platform.registrations == []
    assert invitations.accept() == []


def test_what_the_web_application_makes_up_is_not_accepted(places, platform, invitations):
    invitations.invite()
    places.waiting.mkdir(parents=True)
    (places.waiting / "made-up.json").write_text(json.dumps({"issuer": "https://evil.example"}))
    assert invitations.accept() == []


WRONG = {
    "another host": ({"issuer": "https://other.example"}, "another host"),
    "no https": ({"registration_endpoint": "http://school.example/x"}, "https"),
    "keys without https": ({"jwks_uri": "ftp://127.0.0.1/keys"}, "https"),
    "a part lacks": ({"registration_endpoint": None}, "KeyError|could not be registered"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_is_refused(browser, places, invitations, monkeypatch, case):
    change, words = WRONG[case]

    def changed(address):
        return {k: v for k, v in (configuration(address) | change).items() if v}

    monkeypatch.setattr("tests.autograder.lti.platform.configuration", changed)
    sentence = refusal(ask(browser, invitations.invite()))
    assert any(each in sentence for each in words.split("|"))
    assert invitations.accept() == []


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "http://school.example/", "https://[", "{}/missing"]
)
def test_a_wrong_address_of_the_configuration_is_refused(browser, invitations, url):
    address = url.format(browser.platform.address)
    sentence = refusal(ask(browser, invitations.invite(), openid_configuration=address))
    assert "cannot be trusted" in sentence or "could not be registered" in sentence
