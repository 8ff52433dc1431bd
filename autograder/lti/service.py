"""Asks a platform's services: access tokens, line items, scores (Assignment and Grade Services).

Nothing follows a redirect, and no token goes to an address that is not the platform's.
"""

import json
import re
import secrets
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from autograder.intake import printable
from autograder.lti import Refused
from autograder.lti.keys import TIMEOUT, ToolKey
from autograder.lti.registration import Registration, origin

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE, LINE_ITEM, READ_ONLY = f"{AGS}score", f"{AGS}lineitem", f"{AGS}lineitem.readonly"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GOOD = 60  # seconds for which a request for a token is good
EARLY = 60  # seconds before its end at which a token is no longer used


class NotTaken(Exception):
    """A platform did not do what it was asked. status: of HTTP, 0 where it did not answer."""

    def __init__(self, message: str, status: int = 0):
        super().__init__(message)
        self.status = status


class Service:
    """The services of one platform."""

    def __init__(self, registration: Registration, key: ToolKey):
        self._registration, self._key = registration, key
        self._session = requests.Session()
        self._tokens: dict[str, tuple[str, float]] = {}

    def post_score(self, line_item: str, score: dict[str, Any]) -> None:
        """Post a score to a line item. Raises NotTaken."""
        parts = urlsplit(line_item)
        url = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))
        self._ask("POST", url, [SCORE], data=json.dumps(score), type_=SCORE_TYPE)

    def line_item(self, line_items: str, wanted: dict[str, Any]) -> str:
        """Find the line item of a resource link, or make it. Raises NotTaken.

        line_items: the address of all. wanted: with resourceLinkId, resourceId, label and
        scoreMaximum.
        """
        same = ("resourceLinkId", "resourceId")
        listed = self._ask("GET", line_items, [LINE_ITEM], accept=ITEMS_TYPE)
        for each in listed if isinstance(listed, list) else []:
            if all(each.get(key) == wanted[key] for key in same):
                return str(each["id"])
        new = self._ask(
            "POST", line_items, [LINE_ITEM], data=json.dumps(wanted), type_=ITEM_TYPE,
            accept=ITEM_TYPE,
        )  # fmt: skip
        if not isinstance(new, dict) or not isinstance(new.get("id"), str):
            raise NotTaken("The platform did not say where the new line item is.")
        return new["id"]

    def _ask(
        self,
        method: str,
        url: str,
        scopes: list[str],
        *,
        data: str | None = None,
        type_: str = "",
        accept: str = "*/*",
    ) -> Any:
        """Ask a service, and return its answer. Raises NotTaken."""
        url = self._own(url)
        token = self._token(" ".join(scopes))
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        if type_:
            headers["Content-Type"] = type_
        response = self._request(method, url, data=data, headers=headers)
        if response.status_code == 401:
            self._tokens.clear()  # the next attempt asks for a new one
        if not 200 <= response.status_code < 300:
            answered = printable(response.text[:500].replace(token, "..."), 200)
            raise NotTaken(
                f"The platform answers {response.status_code} {response.reason}: {answered}",
                response.status_code,
            )
        return _content(response)

    def _own(self, url: str) -> str:
        """See that an address is the platform's. Raises NotTaken.

        Canvas names line items by http where it offers https, which is then taken.
        """
        encrypted = re.sub("^http:", "https:", url)
        for each in (url, encrypted):
            with suppress(Refused):
                if origin(each) in self._registration.own_origins:
                    return each
        raise NotTaken(
            f"The place for the score, {url.partition('?')[0]}, is not at an address that is "
            "registered as the platform's. If it is the platform's, add it with "
            "`python -m autograder lti register --origin`."
        )

    def _token(self, scope: str) -> str:
        """Ask for an access token, where there is none that is still good. Raises NotTaken."""
        token, until = self._tokens.get(scope, ("", 0.0))
        if token and until > time.time():
            return token
        now = int(time.time())
        client, url = self._registration.client_id, self._registration.token_url
        claims = {
            "iss": client,
            "sub": client,
            "aud": self._registration.audience or url,
            "iat": now,
            "exp": now + GOOD,
            "jti": secrets.token_urlsafe(24),
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self._key.sign(claims),
            "scope": scope,
        }
        response = self._request("POST", url, data=form)
        answer = _content(response)
        if response.status_code != 200 or not isinstance(answer, dict):
            raise NotTaken(
                f"The platform gives no access token: {response.status_code} {response.reason}.",
                response.status_code,
            )
        token, lasts = str(answer.get("access_token", "")), float(answer.get("expires_in", GOOD))
        self._tokens[scope] = token, time.time() + lasts - EARLY
        return token

    def _request(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            return self._session.request(
                method, url, timeout=TIMEOUT, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            raise NotTaken(f"{origin(url)} does not answer ({type(error).__name__}).") from None


def _content(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
