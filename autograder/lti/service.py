"""Asks a platform's services: access tokens, line items, scores (Assignment and Grade Services).

Nothing follows a redirect, and no token goes to an address that is not the platform's.
"""

import json
import re
import secrets
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests

from autograder.intake import printable
from autograder.lti import Refused
from autograder.lti.keys import TIMEOUT, ToolKey, bearer
from autograder.lti.registration import Registration, origin

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE, LINE_ITEM, READ_ONLY = f"{AGS}score", f"{AGS}lineitem", f"{AGS}lineitem.readonly"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GOOD = 60  # seconds for which a request for a token is good
EARLY = 60  # seconds before its end at which a token is no longer used
PAGES = 100  # of a platform's list of line items that are read
GONE = 404  # HTTP: a line item that was removed


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
        self._items: dict[tuple[str, str, str], str] = {}

    def post_score(self, line_item: str, score: dict[str, Any]) -> None:
        """Post a score to a line item. Raises NotTaken."""
        parts = urlsplit(line_item)
        url = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))
        try:
            self._ask("POST", url, [SCORE], data=json.dumps(score), type_=SCORE_TYPE)
        except NotTaken as error:
            if error.status == GONE:  # the next attempt looks for it anew
                self._items = {k: item for k, item in self._items.items() if item != line_item}
            raise

    def line_item(self, line_items: str, wanted: dict[str, Any]) -> str:
        """Find the line item of a resource link, or make it. Raises NotTaken.

        line_items: the address of all. wanted: with resourceLinkId, resourceId, label and
        scoreMaximum.
        """
        place = line_items, wanted["resourceLinkId"], wanted["resourceId"]
        if place not in self._items:
            listed = self._find(line_items, wanted)
            self._items[place] = listed or self._make(line_items, wanted)
        return self._items[place]

    def _find(self, line_items: str, wanted: dict[str, Any]) -> str:
        """Look for a line item on all pages of a list; "" where there is none. Raises NotTaken."""
        same = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId"}
        url, asked = line_items, {name: wanted[key] for name, key in same.items()}
        for _ in range(PAGES):
            response = self._ask("GET", url, [LINE_ITEM], accept=ITEMS_TYPE, params=asked)
            listed = _content(response)
            if not isinstance(listed, list):
                raise NotTaken("The platform's list of line items cannot be read.")
            for each in filter(_is_item, listed):
                if all(each.get(key) == wanted[key] for key in same.values()):
                    return each["id"]
            following = response.links.get("next", {}).get("url")
            if not following:
                return ""
            url, asked = urljoin(response.url, following), {}
        raise NotTaken(f"The platform lists more than {PAGES} pages of line items.")

    def _make(self, line_items: str, wanted: dict[str, Any]) -> str:
        """Make a line item, and return its address. Raises NotTaken."""
        response = self._ask(
            "POST", line_items, [LINE_ITEM], data=json.dumps(wanted), type_=ITEM_TYPE,
            accept=ITEM_TYPE,
        )  # fmt: skip
        new = _content(response)
        if not _is_item(new):
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
        params: dict[str, str] | None = None,
    ) -> requests.Response:
        """Ask a service, and return its answer. Raises NotTaken."""
        url = self._own(url)
        token = self._token(" ".join(scopes))
        headers = bearer(token) | {"Accept": accept}
        if type_:
            headers["Content-Type"] = type_
        response = self._request(method, url, data=data, headers=headers, params=params)
        if response.status_code == 401:
            self._tokens.clear()  # the next attempt asks for a new one
        if not 200 <= response.status_code < 300:
            answered = printable(response.text[:500].replace(token, "..."), 200)
            raise NotTaken(
                f"The platform answers {response.status_code} {response.reason}: {answered}",
                response.status_code,
            )
        return response

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
        new, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(new, str):
            raise NotTaken("The platform's answer holds no access token.")
        seconds = lasts if isinstance(lasts, int | float) else 0
        self._tokens[scope] = new, time.time() + seconds - EARLY
        return new

    def _request(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            return self._session.request(
                method, url, timeout=TIMEOUT, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            raise NotTaken(f"{origin(url)} does not answer ({type(error).__name__}).") from None


def _is_item(content: Any) -> bool:
    """Whether an answer is a line item with an address."""
    return isinstance(content, dict) and isinstance(content.get("id"), str)


def _content(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
