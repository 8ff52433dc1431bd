"""A simulated learner: signs in, starts a server, fetches and submits, as a browser does."""

import re
import time

import requests

PASSWORD = "a first password"
SECONDS = 120


class Learner:
    """A learner's session with a Hub. address: of the Hub. name: of the account."""

    def __init__(self, address: str, name: str, password: str = PASSWORD):
        self.name, self._password, self._hub = name, password, address
        self._server = f"{address}/user/{name}"
        self._session = requests.Session()
        self._session.verify = False
        self._session.trust_env = False  # which may name other certificates

    def sign_in(self) -> int:
        """Sign in; return the status of the answer, 403 for a wrong password."""
        page = self._session.get(f"{self._hub}/hub/login", timeout=SECONDS)
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
        fields = {"username": self.name, "password": self._password}
        fields |= {"_xsrf": token[1]} if token else {}
        answer = self._session.post(
            f"{self._hub}/hub/login", data=fields, timeout=SECONDS, allow_redirects=False
        )
        return answer.status_code

    def start(self) -> None:
        """Start the server and wait for it. Raises TimeoutError if it does not come."""
        self._session.get(f"{self._hub}/hub/spawn", timeout=SECONDS)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            answer = self._session.get(f"{self._server}/lab", timeout=SECONDS)
            if answer.ok and "/hub/" not in answer.url:
                return
            time.sleep(1)
        raise TimeoutError(f"The server of {self.name} did not start.")

    def get(self, path: str, of: str = "") -> requests.Response:
        """Ask a server, the learner's own or that of another."""
        server = f"{self._hub}/user/{of}" if of else self._server
        return self._session.get(f"{server}/{path}", timeout=SECONDS)

    def ask_hub(self, method: str, path: str, **data: object) -> requests.Response:
        """Ask the Hub's own interface, as its admin page does."""
        token = self._session.cookies.get("_xsrf", path="/hub/")
        return self._session.request(
            method,
            f"{self._hub}/hub/api/{path}",
            json=data,
            headers={"X-XSRFToken": token or "", "Referer": f"{self._hub}/hub/admin"},
            timeout=SECONDS,
        )

    def do(self, action: str, assignment: str) -> dict:
        """Fetch or submit an assignment, as the assignment list does; return what it answers."""
        token = self._session.cookies.get("_xsrf", path=f"/user/{self.name}/")
        answer = self._session.post(
            f"{self._server}/assignments/{action}",
            data={"course_id": "lstm", "assignment_id": assignment, "_xsrf": token},
            headers={"X-XSRFToken": token or ""},
            timeout=SECONDS,
        )
        answer.raise_for_status()
        return answer.json()
