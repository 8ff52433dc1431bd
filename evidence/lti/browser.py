"""Somebody's browser between a tool and a platform, step by step."""

import re
from urllib.parse import parse_qsl, urlsplit

import nbformat
import requests
from nbformat.v4 import new_code_cell, new_notebook

NOTEBOOK = nbformat.writes(new_notebook(cells=[new_code_cell("x = 1")])).encode()


class Browser:
    """Sends cookies over plain http, which browsers do on loopback alone.

    user: who is signed in at the platform, where that is not whom it names.
    """

    def __init__(self, tool, platform, user=None):
        self.user = user
        self.tool, self.platform, self.cookies, self.paths = tool, platform, {}, {}
        self.session = requests.Session()

    def ask(self, method, path, **options):
        """Send a request to the tool, and keep its cookies."""
        headers = options.pop("headers", {})
        sent = {k: v for k, v in self.cookies.items() if self.sends(k, path.partition("?")[0])}
        cookies = "; ".join(f"{name}={value}" for name, value in sent.items())
        response = self.session.request(
            method, f"{self.tool}{path}", headers={"Cookie": cookies} | headers,
            allow_redirects=False, timeout=30, **options,
        )  # fmt: skip
        for header in response.raw.headers.getlist("Set-Cookie"):
            assert "Secure; SameSite=None; Partitioned" in header
            assert "HttpOnly" in header
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.paths.setdefault(name, set()).add(re.search("; Path=([^;]+);", header)[1])
            if "Max-Age=0" in header:
                del self.cookies[name]
        return response

    def sends(self, name, path):
        """Whether a cookie goes with a request to a path."""
        paths = self.paths.get(name, {"/"})
        return any(f"{path}/".startswith(f"{each.rstrip('/')}/") for each in paths)

    def begin(self, **changes):
        """Begin a launch; the platform's answer to the tool's request: state and id_token."""
        user = {"login_hint": self.user} if self.user else {}
        request = self.platform.login_request() | user | changes
        response = self.ask("GET", "/lti/login", params=request)
        assert response.status_code == 302, response.text
        asked = dict(parse_qsl(urlsplit(response.headers["Location"]).query))
        return self.platform.sign_in(asked)

    def end(self, answered):
        """Hand the platform's answer to the tool."""
        return self.ask("POST", "/lti/launch", data=answered)

    def launch(self):
        """Go the whole way; the page of the assignment."""
        response = self.end(self.begin())
        assert response.status_code == 303, response.text
        return self.ask("GET", response.headers["Location"])

    def mark(self, page):
        """The key in the mark of a page; None where it has none."""
        mark = re.search(r'<meta name="hand-in" content="([^"]+)" data-address="([^"]+)">', page)
        return mark and mark[1]

    def hand_in(self, key, content=NOTEBOOK, assignment="small", **headers):
        """Hand in as the page's script does."""
        sent = {"X-Hand-In": key, "Origin": self.tool} | headers
        return self.ask("POST", f"/lti/hand-in/{assignment}", data=content, headers=sent)
