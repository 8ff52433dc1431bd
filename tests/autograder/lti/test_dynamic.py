"""Dynamic registration: by invitation, and accepted by the instructor."""

import argparse
import json
from dataclasses import asdict

import pytest

from autograder.lti import Refused, commands, dynamic
from autograder.lti.dynamic import Invitations
from autograder.lti.registration import Registrations
from evidence.lti.platform import TOOL_CONFIGURATION, configuration
from tests.autograder.lti.conftest import registered
from tests.autograder.lti.test_launch import refusal

pytestmark = pytest.mark.slow


@pytest.fixture
def invitations(places):
    places.registrations.unlink()
    return Invitations(places)


def accept(invitations):
    invitations.accept(waits := invitations.waiting())
    return waits


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
    accepted = accept(invitations)
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
    assert accept(invitations)
    assert "works once" in refusal(ask(browser, code))


def test_nobody_registers_uninvited(browser, platform, invitations, monkeypatch):
    assert "registers no platform" in refusal(ask(browser, "made-up"))
    invitations.invite()
    assert "registers no platform" in refusal(ask(browser, "made-up"))
    monkeypatch.setattr(dynamic, "OPEN", -1)
    assert "registers no platform" in refusal(ask(browser, invitations.invite()))
    assert platform.registrations == []
    assert invitations.waiting() is None


def test_what_the_web_application_makes_up_is_not_accepted(places, platform, invitations):
    invitations.invite()
    places.waiting.mkdir(parents=True)
    (places.waiting / "made-up.json").write_text(json.dumps({"issuer": "https://evil.example"}))
    assert invitations.waiting() is None


WRONG = {
    "another host": ({"issuer": "https://other.example"}, "another host"),
    "no https": ({"registration_endpoint": "http://school.example/x"}, "https"),
    "keys without https": ({"jwks_uri": "ftp://127.0.0.1/keys"}, "https"),
    "tokens for another": ({"authorization_server": "https://other.example/"}, "another host"),
    "a part lacks": ({"registration_endpoint": None}, "KeyError|could not be registered"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_is_refused(browser, places, invitations, monkeypatch, case):
    change, words = WRONG[case]

    def changed(address):
        return {k: v for k, v in (configuration(address) | change).items() if v}

    monkeypatch.setattr("evidence.lti.platform.configuration", changed)
    sentence = refusal(ask(browser, invitations.invite()))
    assert any(each in sentence for each in words.split("|"))
    assert invitations.waiting() is None


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "http://school.example/", "https://[", "{}/missing"]
)
def test_a_wrong_address_of_the_configuration_is_refused(browser, invitations, url):
    address = url.format(browser.platform.address)
    sentence = refusal(ask(browser, invitations.invite(), openid_configuration=address))
    assert "cannot be trusted" in sentence or "could not be registered" in sentence


def test_canvas_names_its_host_for_tokens_and_wants_its_token_back(
    browser, platform, invitations, monkeypatch
):
    """From Canvas' documents: a host without https, and the configuration is not public."""
    canvas = configuration(platform.address) | {"authorization_server": "canvas.example"}
    monkeypatch.setattr("evidence.lti.platform.configuration", lambda _: canvas)
    ask(browser, invitations.invite())
    assert accept(invitations).audience == ""
    asked = next(headers for _, path, headers in platform.log if path == "/openid-configuration")
    assert asked["Authorization"] == "Bearer the platform's token"


CHANGES = {
    "tokens": {"token_url": "https://evil.example/token"},
    "keys": {"keys_url": "https://evil.example/keys"},
    "sign-ins": {"login_url": "https://evil.example/auth"},
    "a further host": {"origins": ("https://evil.example",)},
    "to whom": {"audience": "http://127.0.0.1/"},
    "no text": {"issuer": 5},
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_platform_that_is_known_is_led_nowhere_else(places, platform, invitations, case):
    """Whoever has taken over the web application may write what waits."""
    known = registered(platform)
    Registrations(places.registrations).add(known)
    waits = invitations.check(invitations.invite())
    waits.parent.mkdir(parents=True, exist_ok=True)
    waits.write_text(json.dumps(asdict(known) | CHANGES[case]))
    with pytest.raises(Refused):
        invitations.waiting()
    waits.write_text(json.dumps(asdict(known)))
    assert invitations.waiting() == known
    waits.write_text("{")
    with pytest.raises(Refused, match="is damaged"):
        invitations.waiting()


@pytest.mark.parametrize(("answer", "accepted"), [("y", True), ("", False), (EOFError, False)])
def test_the_instructor_sees_the_addresses_and_is_asked(
    places, platform, invitations, monkeypatch, capsys, answer, accepted
):
    def asked(_):
        if answer is EOFError:
            raise EOFError
        return answer

    waits = invitations.check(invitations.invite())
    waits.parent.mkdir(parents=True, exist_ok=True)
    waits.write_text(json.dumps(asdict(registered(platform))))
    monkeypatch.setattr("builtins.input", asked)
    commands.accept(None, places, argparse.Namespace(yes=False), print)
    assert registered(platform).token_url in capsys.readouterr().out
    assert bool(Registrations(places.registrations).all()) == accepted
    commands.accept(None, places, argparse.Namespace(yes=True), print)
    assert Registrations(places.registrations).all()
