"""Launches: what comes in, and that everything else is refused with a sentence."""

import hmac
import shutil
import time
from dataclasses import replace
from html import unescape

import jwt
import pytest
from jwt.utils import base64url_encode

from autograder.lti.keys import make_key
from autograder.lti.launch import LTI, SKEW, Launches, learner_id
from autograder.lti.registration import Registrations
from evidence.lti.platform import TEACHER, key_pair
from tests.autograder.lti.conftest import registered

pytestmark = pytest.mark.slow


def refusal(response):
    """The sentence of a refusal."""
    assert response.status_code == 403, response.status_code
    sentence = unescape(response.text.partition("<p>")[2].partition("</p>")[0])
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    return sentence


def test_a_learner_lands_on_the_page_of_the_assignment(browser):
    page = browser.launch()
    assert "small" in page.text
    assert browser.mark(page.text)
    assert browser.platform.address in page.headers["Content-Security-Policy"]


def test_the_custom_parameter_names_the_assignment_as_well(browser, platform):
    platform.link_path, platform.custom = "/lti/launch", {"assignment": "other"}
    assert browser.end(browser.begin()).headers["Location"] == "/do/other.html"


def test_a_teacher_sees_the_page_without_the_button(browser, platform):
    platform.roles = [TEACHER]
    assert browser.mark(browser.launch().text) is None


def test_nobody_who_was_not_launched_sees_the_button(browser):
    page = browser.ask("GET", "/do/small.html")
    assert page.status_code == 200
    assert browser.mark(page.text) is None
    assert browser.platform.address not in page.headers["Content-Security-Policy"]


def test_two_assignments_can_be_open_at_once(browser, platform):
    first = browser.mark(browser.launch().text)
    platform.link_path = "/lti/launch/other"
    second = browser.mark(browser.launch().text)
    assert browser.hand_in(first).status_code == 200
    assert browser.hand_in(second, assignment="other").status_code == 200


def test_a_request_carries_no_cookies_of_other_assignments(browser, platform, site):
    """Those of a whole course would be longer than web servers take in a request's head."""
    for number in range(9):
        shutil.copy(site / "do" / "small.html", site / "do" / f"part-{number}.html")
        platform.link_path = f"/lti/launch/part-{number}"
        browser.launch()
    browser.begin()
    for path in ("/do/part-3.html", "/lti/hand-in/part-3"):
        assert [each for each in browser.cookies if browser.sends(each, path)] == [
            "lti-session-part-3"
        ]


def test_launches_are_good_after_the_platforms_new_key(browser, platform):
    browser.launch()
    platform.private, public = key_pair()
    platform.registration.set_platform_public_key(public)
    platform.registration.set_platform_private_key(platform.private)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("autograder.lti.keys.AGAIN", -1)
        assert browser.end(browser.begin()).status_code == 303


# What platforms send when something is wrong: changes of the claims, of how they are signed, or
# of the form; and words of the refusal.

NOW = {"iat": 0, "exp": 300}
OTHER_KEY = key_pair()[0]


def shifted(**seconds):
    return lambda claims: {name: int(time.time()) + by for name, by in (NOW | seconds).items()}


CLAIMS = {
    "expired": (shifted(iat=-900, exp=-SKEW - 5), "has expired"),
    "issued in the future": (shifted(iat=SKEW + 30), "from the future"),
    "not valid yet": (shifted(nbf=SKEW + 30), "from the future"),
    "wrong audience": (lambda c: {"aud": "another tool"}, "meant for another tool"),
    "several audiences without azp": (
        lambda c: {"aud": [c["aud"], "another tool"], "azp": None}, "meant for another tool",
    ),
    "several audiences, another azp": (
        lambda c: {"aud": [c["aud"], "another tool"], "azp": "another tool"}, "another tool",
    ),
    "another azp": (lambda c: {"azp": "another tool"}, "meant for another tool"),
    "wrong issuer": (lambda c: {"iss": "https://other.example"}, "from another platform"),
    "wrong nonce": (lambda c: {"nonce": "another"}, "nonce is another one"),
    "a nonce that is no text": (lambda c: {"nonce": 17}, "nonce is another one"),
    "wrong deployment": (lambda c: {f"{LTI}deployment_id": "2"}, "deployment '2'"),
    "a deployment that is no text": (lambda c: {f"{LTI}deployment_id": ["x"]}, "deployment"),
    "another version": (lambda c: {f"{LTI}version": "1.1.0"}, "does not understand"),
    "another message": (
        lambda c: {f"{LTI}message_type": "LtiSubmissionReviewRequest"}, "does not understand",
    ),
    "no resource link": (lambda c: {f"{LTI}resource_link": {}}, "resource link"),
    "an assignment that is a path": (
        lambda c: {f"{LTI}custom": {"assignment": "../../etc"}}, "no name of an assignment",
    ),
    "an assignment that is not there": (
        lambda c: {f"{LTI}custom": {"assignment": "missing"}}, "There is no assignment",
    ),
}  # fmt: skip
LACKING = {
    "exp": "lacks exp", "iat": "lacks iat", "nonce": "lacks nonce", "aud": "lacks aud",
    "iss": "lacks iss", "sub": "who you are", f"{LTI}deployment_id": "deployment",
    f"{LTI}version": "does not understand", f"{LTI}message_type": "does not understand",
    f"{LTI}resource_link": "resource link",
}  # fmt: skip


def unsigned(platform, token):
    return jwt.encode(platform.claims(token), None, algorithm="none", headers={"kid": "x"})


def confused(platform, token):
    """Signed by the platform's public key, as if that were a shared secret."""
    head = base64url_encode(f'{{"alg":"HS256","kid":"{platform.key_name}"}}'.encode())
    text = head + b"." + token.split(".")[1].encode()
    signature = hmac.digest(
        platform.registration.get_platform_public_key().encode(), text, "sha256"
    )
    return (text + b"." + base64url_encode(signature)).decode()


def tampered(platform, token):
    """Another user in a token that was signed for this one."""
    head, _, signature = token.split(".")
    other = platform.sign(platform.claims(token) | {"sub": "somebody else"}).split(".")[1]
    return f"{head}.{other}.{signature}"


TOKENS = {
    "forged with another key": (
        lambda p, t: p.sign(p.claims(t), key=OTHER_KEY), "signature is not that",
    ),
    "signed by an unknown key": (
        lambda p, t: p.sign(p.claims(t), headers={"kid": "other"}), "does not publish",
    ),
    "without the name of a key": (lambda p, t: p.sign(p.claims(t), headers={}), "not publish"),
    "tampered with": (tampered, "signature is not that"),
    "unsigned": (unsigned, "signed by 'none'"),
    "key confusion": (confused, "signed by 'HS256'"),
    "another algorithm": (
        lambda p, t: p.sign(p.claims(t), algorithm="RS512"), "signed by 'RS512'",
    ),
    "with a key of its own": (
        lambda p, t: p.sign(p.claims(t), key=OTHER_KEY,
                            headers={"kid": p.key_name, "jku": f"{p.address}/other",
                                     "jwk": {"kty": "RSA"}}), "signature is not that",
    ),
    "no token": (lambda p, t: "", "no token"),
    "two parts": (lambda p, t: t.rpartition(".")[0], "no token, or one that cannot be read"),
    "no algorithm": (lambda p, t: "e30.e30.e30", "signed by 'None'"),
    "no JSON": (lambda p, t: "e3.e3.e3", "no token"),
    "a list": (lambda p, t: "W10.W10.W10", "no token"),
    "too long": (lambda p, t: t + "A" * 70_000, "no token"),
}  # fmt: skip


@pytest.mark.parametrize("case", CLAIMS)
def test_a_wrong_claim_is_refused(browser, platform, case):
    change, words = CLAIMS[case]
    answered = browser.begin()
    claims = platform.claims(answered["id_token"])
    changed = {name: value for name, value in (claims | change(claims)).items() if value}
    sentence = refusal(browser.end(answered | {"id_token": platform.sign(changed)}))
    assert words in sentence


@pytest.mark.parametrize("claim", LACKING)
def test_a_claim_that_lacks_is_refused(browser, platform, claim):
    platform.without = {claim}
    assert LACKING[claim] in refusal(browser.end(browser.begin()))


@pytest.mark.parametrize("case", TOKENS)
def test_a_wrong_token_is_refused(browser, platform, case):
    change, words = TOKENS[case]
    answered = browser.begin()
    token = change(platform, answered["id_token"])
    assert words in refusal(browser.end(answered | {"id_token": token}))
    assert browser.mark(browser.ask("GET", "/do/small.html").text) is None


@pytest.mark.parametrize("seconds", [{"iat": SKEW - 5}, {"iat": -400, "exp": 5 - SKEW}])
def test_clocks_may_differ_a_little(browser, platform, seconds):
    answered = browser.begin()
    claims = platform.claims(answered["id_token"])
    claims |= shifted(**seconds)(claims)
    assert browser.end(answered | {"id_token": platform.sign(claims)}).status_code == 303


def test_a_token_is_good_once(browser):
    answered = browser.begin()
    cookies = browser.cookies.copy()
    assert browser.end(answered).status_code == 303
    assert "cookie" in refusal(browser.end(answered))
    browser.cookies |= cookies  # even for whoever has kept the cookie
    assert "used before" in refusal(browser.end(answered))


def test_a_token_of_one_sign_in_is_of_no_use_in_another(browser):
    first, second = browser.begin(), browser.begin()
    assert "nonce" in refusal(browser.end(second | {"id_token": first["id_token"]}))


def test_a_launch_in_another_browser_is_refused(browser):
    """Whoever has somebody else follow a link must not sign them in as another person."""
    answered = browser.begin()
    browser.cookies.clear()
    assert "cookie" in refusal(browser.end(answered))


def test_a_state_of_another_sign_in_is_refused(browser):
    first, second = browser.begin(), browser.begin()
    names = {name: value for name, value in browser.cookies.items() if "login" in name}
    browser.cookies = dict(zip(names, reversed(names.values())))
    assert "state is not that" in refusal(browser.end(first))
    assert "state is not that" in refusal(browser.end(second))


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        ({}, "no state"),
        ({"error": "login_required"}, "did not sign you in (login_required)"),
        ({"state": "made up"}, "cookie"),
    ],
)
def test_an_answer_that_belongs_to_no_sign_in_is_refused(browser, answered, words):
    assert words in refusal(browser.end(answered))


def test_a_cookie_that_was_not_sealed_here_is_refused(browser):
    answered = browser.begin()
    claims = {"state": answered["state"], "nonce": "x", "aud": "login"}
    forged = jwt.encode(claims | {"exp": time.time() + 60}, "x" * 32, "HS256")
    browser.cookies = dict.fromkeys(browser.cookies, forged)
    assert "too long ago" in refusal(browser.end(answered))


def test_a_sign_in_that_took_too_long_is_refused(browser, monkeypatch):
    monkeypatch.setattr("autograder.lti.launch.LOGIN", -1)
    answered = browser.begin()
    request = browser.ask("POST", "/lti/launch", data=answered)
    assert "too long ago" in refusal(request) or "cookie" in refusal(request)


def test_what_was_used_before_a_restart_is_refused_after_it(browser, tool):
    answered = browser.begin()
    cookies = browser.cookies.copy()
    assert browser.end(answered).status_code == 303
    tool.launches = Launches(tool.registrations, tool.address, tool.seal)
    browser.cookies = cookies
    assert "before the tool was started again" in refusal(browser.end(answered))


def test_a_token_of_another_platform_is_refused(browser, platform, tool):
    """A platform may not sign in the users of another."""
    tool.registrations.add(replace(registered(platform), issuer="https://other.example"))
    answered = browser.begin(iss="https://other.example")
    assert "another platform" in refusal(browser.end(answered))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iss": "https://unknown.example"}, "not registered"),
        ({"iss": ""}, "not registered"),
        ({"client_id": "another"}, "not registered"),
        ({"login_hint": ""}, "login_hint"),
        ({"lti_deployment_id": "another"}, "deployment"),
    ],
)
def test_a_wrong_login_request_is_refused(browser, platform, changes, words):
    request = platform.login_request() | changes
    for method, place in (("GET", "params"), ("POST", "data")):
        assert words in refusal(browser.ask(method, "/lti/login", **{place: request}))
    assert browser.cookies == {}


def test_keys_that_cannot_be_fetched_are_a_sentence(browser, platform, tool):
    answered = browser.begin()
    tool.registrations.add(replace(registered(platform), keys_url=f"{platform.address}/missing"))
    assert "keys could not be read" in refusal(browser.end(answered))


def test_the_platform_is_asked_for_its_keys_once(browser, platform):
    for _ in range(3):
        browser.launch()
    browser.end(browser.begin() | {"id_token": "e30.e30.e30"})
    for _ in range(3):
        answered = browser.begin()
        other = platform.sign(platform.claims(answered["id_token"]), headers={"kid": "other"})
        refusal(browser.end(answered | {"id_token": other}))
    assert sum(path == "/keys" for _, path, _ in platform.log) == 1


def test_learners_have_names_that_fit_folders_and_never_meet():
    users = ["1", "2", "../x", "a" * 500, "ä", "", " 1"]
    issuers = ["https://a.example", "https://b.example"]
    names = {learner_id(issuer, user) for issuer in issuers for user in users}
    assert len(names) == len(users) * len(issuers)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz234567-") for name in names)
    assert learner_id("https://a.example", "1") == "lti-zw3a3q6x2zy6xusowalsgmkjhz"


def test_a_key_is_made_once(places):
    before = places.private_key.read_bytes()
    make_key(places.private_key, places.public_keys)
    assert places.private_key.read_bytes() == before
    assert places.private_key.stat().st_mode & 0o777 == 0o600
    assert Registrations(places.registrations).all()
