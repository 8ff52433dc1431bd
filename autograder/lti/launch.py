"""Verifies launches: from a platform's login request to who wants to do which assignment.

OpenID Connect's third-party login as LTI 1.3 has it: the platform sends a browser here, the tool
sends it back with a state and a nonce, and the platform answers with a signed token.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import jwt

from autograder.lti import Refused
from autograder.lti.keys import ALGORITHM, PlatformKeys
from autograder.lti.registration import Registration, Registrations
from autograder.lti.sealed import Seal

SKEW = 60  # seconds by which clocks may differ
LOGIN = 600  # seconds for the platform to sign somebody in
LONGEST = 64_000  # characters of a token
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
MESSAGES = {"LtiResourceLinkRequest": False, "LtiDeepLinkingRequest": True}
"""The messages that are understood, and whether somebody chooses an assignment."""
ROLES = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TEACHERS = ("Instructor", "Administrator", "ContentDeveloper", "Manager")
ASSIGNMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

AGAIN = "Open the assignment from the learning platform again."
NO_STATE = f"The learning platform sent no state. {AGAIN}"
NO_COOKIE = (
    "Your browser did not send back the cookie with which this sign-in began. Perhaps it blocks "
    "cookies in frames: open the assignment in a new window, or allow cookies for this site."
)
LATE = f"This sign-in began too long ago, or before the tool was started again. {AGAIN}"
OTHER_STATE = f"The state is not that of the sign-in which began in this browser: refused. {AGAIN}"
NO_TOKEN = f"The learning platform sent no token, or one that cannot be read. {AGAIN}"
UNSIGNED = "The token is signed by {!r}, not by RS256 with the learning platform's key: refused."
NO_NONCE = f"The token does not belong to this sign-in: its nonce is another one. {AGAIN}"
REPLAYED = f"This token was used before, and each is good for once. {AGAIN}"
DEPLOYMENT = (
    "The platform's deployment {!r} is not registered with this tool. The instructor adds it with "
    "`python -m autograder lti register --deployment`."
)
UNKNOWN = (
    "The tool does not understand the message {!r} of this version: it knows "
    "LtiResourceLinkRequest and LtiDeepLinkingRequest, 1.3.0."
)
NOBODY = (
    "The learning platform does not say who you are, so nobody could be graded. Its administrator "
    "can allow it to."
)
NO_NAME = "The launch is of {!r}, which is no name of an assignment. Please tell the instructor."
WRONG = {
    jwt.ExpiredSignatureError: f"The token has expired. {AGAIN}",
    jwt.ImmatureSignatureError: "The token is from the future: the clock of the learning platform "
    f"or of this tool is wrong by more than {SKEW} seconds. Please tell the instructor.",
    jwt.InvalidIssuedAtError: f"The token does not say when it was issued. {AGAIN}",
    jwt.InvalidAudienceError: "The token is meant for another tool, so it is refused.",
    jwt.InvalidIssuerError: "The token comes from another platform than the sign-in: refused.",
    jwt.InvalidSignatureError: "The token's signature is not that of the learning platform: "
    "refused.",
    jwt.MissingRequiredClaimError: "The token lacks {}, which every launch needs. Please tell "
    "whoever runs the learning platform.",
}


@dataclass(frozen=True)
class Login:
    """A sign-in that has begun. state: by which it is known. sealed: for the browser to keep."""

    url: str
    state: str
    sealed: str


@dataclass(frozen=True)
class Launch:
    """Somebody whom a platform sends.

    user: the platform's name for them. learner: nbgrader's. hands_in: whether they are a learner.
    teaches: whether they may choose assignments. assignment: "" where the launch names none.
    place: where the score belongs, as the platform says. settings: of deep linking, else {}.
    """

    registration: Registration
    deployment: str
    user: str
    learner: str
    given_name: str
    family_name: str
    hands_in: bool
    teaches: bool
    assignment: str
    resource_link: str
    place: dict[str, Any]
    settings: dict[str, Any]


def learner_id(issuer: str, user: str) -> str:
    """Name a platform's user for nbgrader.

    Always the same for the same user, by 130 bits of a hash different for others, and fit for a
    folder whatever the platform's name holds: letters a to z, digits 2 to 7 and one hyphen.
    """
    digest = hashlib.sha256(json.dumps([issuer, user]).encode()).digest()
    return f"lti-{base64.b32encode(digest).decode().lower()[:26]}"


class Launches:
    """Begins sign-ins, and verifies the launches that they end in.

    address: of the tool, without a slash at its end.
    """

    def __init__(self, registrations: Registrations, address: str, seal: Seal):
        self._registrations, self._address, self._seal = registrations, address, seal
        self._since = time.time()  # what was used before is forgotten, so what began is as well
        self._keys = PlatformKeys()
        self._used: dict[str, float] = {}
        self._using = Lock()

    def begin(self, request: Mapping[str, str]) -> Login:
        """Answer a platform's login request: where the browser goes next. Raises Refused."""
        registration = self._registrations.find(
            request.get("iss", ""), request.get("client_id", "")
        )
        if not request.get("login_hint"):
            raise Refused("The login request lacks login_hint, which every platform sends.")
        deployment = request.get("lti_deployment_id", "")
        if deployment and deployment not in registration.deployments:
            raise Refused(DEPLOYMENT.format(deployment[:100]))
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        parameters = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": registration.client_id,
            "redirect_uri": f"{self._address}/lti/launch",
            "login_hint": request["login_hint"],
            "state": state,
            "nonce": nonce,
        }
        if hint := request.get("lti_message_hint"):
            parameters["lti_message_hint"] = hint
        begun = {"state": state, "nonce": nonce, "begun": time.time()}
        begun |= {"issuer": registration.issuer, "client_id": registration.client_id}
        joint = "&" if urlsplit(registration.login_url).query else "?"
        url = f"{registration.login_url}{joint}{urlencode(parameters)}"
        return Login(url, state, self._seal.close("login", begun, LOGIN))

    def end(self, answer: Mapping[str, str], sealed: str) -> Launch:
        """Verify a launch. sealed: what the browser kept of the sign-in. Raises Refused."""
        begun = self._begun(answer, sealed)
        registration = self._registrations.find(begun["issuer"], begun["client_id"])
        claims = self._claims(answer.get("id_token", ""), registration)
        if not hmac.compare_digest(str(claims["nonce"]).encode(), begun["nonce"].encode()):
            raise Refused(NO_NONCE)
        self._use(begun["nonce"])
        deployment = claims.get(f"{LTI}deployment_id")
        if deployment not in registration.deployments:
            raise Refused(DEPLOYMENT.format(str(deployment)[:100]))
        return _launch(claims, registration)

    def _begun(self, answer: Mapping[str, str], sealed: str) -> dict[str, Any]:
        """Return how the sign-in began that an answer belongs to."""
        if error := answer.get("error"):
            raise Refused(f"The learning platform did not sign you in ({error[:100]}). {AGAIN}")
        state = answer.get("state", "")
        if not state:
            raise Refused(NO_STATE)
        if not sealed:
            raise Refused(NO_COOKIE)
        begun = self._seal.open("login", sealed)
        if begun is None or begun["begun"] < self._since:
            raise Refused(LATE)
        if not hmac.compare_digest(begun["state"].encode(), state.encode()):
            raise Refused(OTHER_STATE)
        return begun

    def _claims(self, token: str, registration: Registration) -> dict[str, Any]:
        """Return what a token says, which the platform has signed for this tool."""
        if not token or len(token) > LONGEST:
            raise Refused(NO_TOKEN)
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise Refused(NO_TOKEN) from None
        if header.get("alg") != ALGORITHM:
            raise Refused(UNSIGNED.format(str(header.get("alg"))[:20]))
        key = self._keys.find(registration, header.get("kid", ""))
        try:
            claims = jwt.decode(
                token,
                key.key,
                [ALGORITHM],
                audience=registration.client_id,
                issuer=registration.issuer,
                leeway=SKEW,
                options={"require": ["iss", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.InvalidTokenError as error:
            lacking = getattr(error, "claim", "")
            raise Refused(WRONG.get(type(error), NO_TOKEN).format(lacking)) from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        authorized = claims.get("azp", None if several else registration.client_id)
        if authorized != registration.client_id:
            raise Refused(WRONG[jwt.InvalidAudienceError])
        return claims

    def _use(self, nonce: str) -> None:
        """Note that a nonce was used. Raises Refused where it was used before."""
        now = time.time()
        with self._using:  # launches end in threads
            self._used = {each: until for each, until in self._used.items() if until > now}
            if nonce in self._used:
                raise Refused(REPLAYED)
            self._used[nonce] = now + LOGIN + SKEW  # after that, the sign-in itself is too old


def _launch(claims: dict[str, Any], registration: Registration) -> Launch:
    """Read a verified message. Raises Refused where it is none that the tool understands."""
    message = claims.get(f"{LTI}message_type")
    if claims.get(f"{LTI}version") != "1.3.0" or message not in MESSAGES:
        raise Refused(UNKNOWN.format(str(message)[:50]))
    user = claims.get("sub")
    if not isinstance(user, str) or not user:
        raise Refused(NOBODY)
    roles = _roles(claims)
    chooses = MESSAGES[message]
    link = _object(claims, f"{LTI}resource_link").get("id")
    if not chooses and not isinstance(link, str):
        raise Refused(f"The launch names no resource link, which every launch has. {AGAIN}")
    given, family = _names(claims)
    return Launch(
        registration,
        deployment=claims[f"{LTI}deployment_id"],
        user=user,
        learner=learner_id(registration.issuer, user),
        given_name=given,
        family_name=family,
        hands_in=f"{ROLES}Learner" in roles,
        teaches=any(f"{ROLES}{role}" in roles for role in TEACHERS),
        assignment=_assignment(claims),
        resource_link=link or "",
        place=_object(claims, ENDPOINT),
        settings=_object(claims, DEEP_LINKING) if chooses else {},
    )


def _object(claims: dict[str, Any], name: str) -> dict[str, Any]:
    value = claims.get(name)
    return value if isinstance(value, dict) else {}


def _roles(claims: dict[str, Any]) -> set[str]:
    roles = claims.get(f"{LTI}roles")
    listed = roles if isinstance(roles, list) else []
    # The short form "Learner" is deprecated, and still allowed for roles in the context.
    return {role if ":" in role else f"{ROLES}{role}" for role in listed if isinstance(role, str)}


def _names(claims: dict[str, Any]) -> tuple[str, str]:
    """Read a first and a last name; "" for what the platform does not tell."""
    given, family, full = (
        value if isinstance(value := claims.get(key), str) else ""
        for key in ("given_name", "family_name", "name")
    )
    if not given and not family:
        given, _, family = full.rpartition(" ")
    return given[:100], family[:100]


def _assignment(claims: dict[str, Any]) -> str:
    """Read which assignment is launched: the custom parameter, or the end of the link's address.

    Raises Refused for a name that is none.
    """
    named = _object(claims, f"{LTI}custom").get("assignment")
    if named is None:
        path = urlsplit(str(claims.get(f"{LTI}target_link_uri", ""))).path
        _, _, named = unquote(path).partition("/lti/launch/")
    if named and not (isinstance(named, str) and ASSIGNMENT.fullmatch(named)):
        raise Refused(NO_NAME.format(str(named)[:64]))
    return named
