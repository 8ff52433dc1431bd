"""The command line of the LTI tool: what it does, and that it says what is wrong."""

import os
import re
import subprocess
import sys

import pytest
import requests

from autograder.__main__ import parser, run
from autograder.lti.keys import make_key
from autograder.lti.places import places_of
from autograder.lti.registration import Registrations
from autograder.settings import read_settings
from evidence.browser import free_port

ISSUER = "https://school.example"
URLS = [f"--login={ISSUER}/auth", f"--token={ISSUER}/token", f"--keys={ISSUER}/keys"]


@pytest.fixture
def places(small_class, monkeypatch):
    monkeypatch.setattr("autograder.COURSE", small_class.course)
    settings = read_settings(small_class.course)
    monkeypatch.setattr("autograder.settings.read_settings", lambda: settings)
    return places_of(settings)


def lti(*words):
    run(["lti", *words])


def test_a_platform_is_registered_and_gets_further_deployments(places, capsys):
    lti("register", ISSUER, "client", *URLS, "--deployment", "1")
    lti("register", ISSUER, "client", "--deployment", "2", "--origin", "https://more.example")
    (registration,) = Registrations(places.registrations).all()
    assert registration.deployments == ("1", "2")
    assert registration.own_origins == ["https://more.example", ISSUER]
    assert registration.token_url == f"{ISSUER}/token"
    assert "Registered" in capsys.readouterr().out
    assert places.private_key.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([ISSUER, "client"], "should begin with https"),
        ([ISSUER, "client", *URLS[:2]], "should begin with https"),
        ([ISSUER, "client", *URLS[:2], "--keys=http://school.example/"], "begin with https"),
        ([ISSUER, "client", *URLS, "--origin=school.example"], "begin with https"),
    ],
)
def test_a_wrong_registration_is_a_sentence(places, words, sentence):
    with pytest.raises(SystemExit, match=sentence):
        lti("register", *words)
    assert not places.registrations.exists()


def test_a_damaged_file_of_registrations_is_a_sentence(places):
    for text in ("{", '[{"issuer": 1}]', "[[]]"):
        places.registrations.parent.mkdir(exist_ok=True)
        places.registrations.write_text(text)
        with pytest.raises(SystemExit, match=r"is damaged|is no registration"):
            lti("register", ISSUER, "client", *URLS)
        assert places.registrations.read_text() == text


def test_an_invitation_is_an_address(places, capsys):
    lti("invite", "--address", "https://tool.example/")
    printed = capsys.readouterr().out
    assert re.search(r"https://tool[.]example/lti/register/[\w-]{20,}$", printed.strip())
    lti("accept")
    assert "No platform waits." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["tool.example", "https://tool.example/path", "ftp://x", ""])
def test_a_wrong_address_is_refused(text, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["lti", "invite", "--address", text])
    assert "should be an address" in capsys.readouterr().err


def test_sending_and_serving_need_a_registration(places, tmp_path):
    with pytest.raises(SystemExit, match="key cannot be read"):
        lti("send")
    with pytest.raises(SystemExit, match="is no site of a course"):
        lti("serve", str(tmp_path), "--address", "https://tool.example")
    (tmp_path / "do").mkdir()
    with pytest.raises(SystemExit, match="No platform is registered"):
        lti("serve", str(tmp_path), "--address", "https://tool.example")
    with pytest.raises(SystemExit, match="begin with https"):
        lti("serve", str(tmp_path), "--address", "http://tool.example")


def test_a_package_that_lacks_is_a_sentence(places, monkeypatch):
    monkeypatch.setitem(sys.modules, "jwt", None)
    for name in [each for each in sys.modules if each.startswith("autograder.lti.")]:
        if not name.endswith(("commands", "places")):
            monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit, match=r"needs the package jwt.*pip install"):
        lti("send")


@pytest.mark.slow
def test_serving_until_it_is_stopped(small_class, tmp_path):
    """The address is answered; a user who could also read the grades is warned."""
    places = places_of(read_settings(small_class.course))
    make_key(places.private_key, places.public_keys)
    (tmp_path / "do").mkdir()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = ("lti", "serve", str(tmp_path), "--address", address, "--port", str(port))
    process = small_class.command(*words, stderr=subprocess.STDOUT, env=dict(os.environ))
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Serving"):
            break
    keys = requests.get(f"{address}/lti/keys", timeout=10).json()["keys"]
    assert {"kid", "n", "e", "alg"} <= set(keys[0])
    assert "d" not in keys[0]
    process.terminate()
    assert process.wait(30) == 0
    for name in ("private", "source"):
        assert any("can also read" in line and name in line for line in lines), name
