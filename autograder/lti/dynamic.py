"""Registers the tool with a platform that offers to: LTI's dynamic registration.

The instructor invites, by an address that works for an hour. What the platform answers waits in a
folder of the web application until the instructor accepts it.

Source: LTI Dynamic Registration 1.0, www.imsglobal.org/spec/lti-dr/v1p0.
"""

import hashlib
import json
import secrets
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from autograder.lti import Refused
from autograder.lti.keys import TIMEOUT, bearer, fetch_json
from autograder.lti.places import Places
from autograder.lti.registration import Registration, Registrations, as_registration, origin
from autograder.lti.service import LINE_ITEM, SCORE
from autograder.whole import write_whole

NAME = "Notebooks, graded"
OPEN = 3600  # seconds for which an invitation is good
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CLOSED = (
    "This address registers no platform, or no longer: it works once, for an hour. The instructor "
    "asks for a new one with `python -m autograder lti invite`."
)
KNOWN = (
    "The platform {} is registered already, with other addresses. If they have changed, enter the "
    "new ones with `python -m autograder lti register`."
)
AUDIENCE = (
    "The platform wants requests for tokens addressed to {}, which is another host than the one "
    "that gives them. If that is right, register it with `python -m autograder lti register "
    "--audience`."
)
FAILED = "The platform could not be registered: {} {}. Ask for a new invitation, and try again."


class Invitations:
    """The one address at which a platform may be registered, as long as it is good."""

    def __init__(self, places: Places):
        self._places = places

    def invite(self) -> str:
        """Make a new code, in place of any other."""
        code = secrets.token_urlsafe(16)
        content = {"sha256": _digest(code), "until": time.time() + OPEN}
        write_whole(self._places.invitation, json.dumps(content).encode())
        return code

    def check(self, code: str) -> Path:
        """Return where the registration of a code waits. Raises Refused where it is not good."""
        waits = self._places.waiting / f"{_digest(code)}.json"
        try:
            content = json.loads(self._places.invitation.read_text("utf-8"))
        except FileNotFoundError:
            raise Refused(CLOSED) from None
        if content["sha256"] != _digest(code) or content["until"] < time.time() or waits.exists():
            raise Refused(CLOSED)
        return waits

    def waiting(self) -> Registration | None:
        """Return the registration that waits to be accepted.

        Raises Refused where it would lead a platform that is known already elsewhere, or a request
        for a token to somebody else.
        """
        for path in filter(self._invited, self._places.waiting.glob("*.json")):
            registration = _read(path)
            registration.check()
            _check_audience(registration)
            for known in Registrations(self._places.registrations).all():
                if known.is_same(registration) and _leads_elsewhere(registration, known):
                    raise Refused(KNOWN.format(known.issuer))
            return registration
        return None

    def accept(self, registration: Registration) -> None:
        """Add the registration that waits; the invitation has done its work."""
        Registrations(self._places.registrations).add(registration)
        self._places.invitation.unlink(missing_ok=True)

    def _invited(self, path: Path) -> bool:
        """Whether the last invitation is what a waiting registration came by."""
        try:
            return json.loads(self._places.invitation.read_text())["sha256"] == path.stem
        except FileNotFoundError:
            return False


def _read(path: Path) -> Registration:
    """Read a registration that waits. Raises Refused where it is damaged."""
    try:
        return as_registration(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise Refused(f"The registration that waits is damaged: {error}.") from None


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def register(
    invitations: Invitations, code: str, asked: dict[str, str], address: str
) -> Registration:
    """Register the tool with a platform. Raises Refused.

    asked: the parameters by which the platform called. address: of the tool.
    """
    waits = invitations.check(code)
    url = asked.get("openid_configuration", "")
    origin(url)
    session = requests.Session()
    try:
        token = asked.get("registration_token", "")
        configuration = fetch_json(session, url, token)
        _check(configuration, url)
        endpoint = configuration["registration_endpoint"]
        origin(endpoint)
        answer = session.post(
            endpoint,
            json=tool_configuration(address),
            headers=bearer(token),
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        answer.raise_for_status()
        registration = _registration(configuration, answer.json(), url)
        registration.check()
        _check_audience(registration)
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        response = getattr(error, "response", None)
        status = "" if response is None else response.status_code
        raise Refused(FAILED.format(type(error).__name__, status).replace(" .", ".")) from None
    write_whole(waits, json.dumps(asdict(registration), indent=1).encode())
    return registration


def _check(configuration: dict[str, Any], url: str) -> None:
    """See that a configuration belongs to the host that it comes from. Raises Refused."""
    hosts = {urlsplit(each).hostname for each in (url, configuration["issuer"])}
    if len(hosts) != 1:
        raise Refused("The configuration comes from another host than it names as the platform's.")


def _check_audience(registration: Registration) -> None:
    """See that a request for a token is of use nowhere else. Raises Refused.

    A platform that named another one could hand the signed request on to that.
    """
    audience = registration.audience
    if audience and origin(audience) != origin(registration.token_url):
        raise Refused(AUDIENCE.format(audience))


def _leads_elsewhere(new: Registration, known: Registration) -> bool:
    """Whether a registration has other addresses than the one that is known."""
    kept = replace(new, deployments=known.deployments, origins=known.origins)
    return kept != known or not set(map(origin, new.origins)) <= set(known.own_origins)


def tool_configuration(address: str) -> dict[str, Any]:
    """Describe the tool to a platform. address: without a slash at its end."""
    launch = f"{address}/lti/launch"
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": f"{address}/lti/login",
        "redirect_uris": [launch],
        "client_name": NAME,
        "jwks_uri": f"{address}/lti/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{SCORE} {LINE_ITEM}",
        TOOL: {
            "domain": urlsplit(address).netloc,
            "target_link_uri": launch,
            "claims": ["iss", "sub", "given_name", "family_name"],
            "messages": [
                {"type": "LtiResourceLinkRequest", "target_link_uri": launch},
                {
                    "type": "LtiDeepLinkingRequest",
                    "target_link_uri": launch,
                    "label": NAME,
                    "placements": ["assignment_selection"],
                },
            ],
        },
    }


def _registration(configuration: dict[str, Any], answer: dict[str, Any], url: str) -> Registration:
    """Read what a platform has registered. Raises KeyError, or Refused."""
    deployment = answer.get(TOOL, {}).get("deployment_id")
    return Registration(
        issuer=configuration["issuer"],
        client_id=str(answer["client_id"]),
        deployments=(str(deployment),) if deployment else (),
        login_url=configuration["authorization_endpoint"],
        token_url=configuration["token_endpoint"],
        keys_url=configuration["jwks_uri"],
        origins=(origin(url),),
        audience=_audience(configuration.get("authorization_server")),
    )


def _audience(named: object) -> str:
    """Read to whom requests for tokens are addressed. Canvas names a host; its token_url serves."""
    return named if isinstance(named, str) and "://" in named else ""
