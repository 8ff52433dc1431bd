"""Seals values that the tool hands to a browser, so that only what it sealed comes back."""

import secrets
import time
from pathlib import Path
from typing import Any

import jwt

from autograder.lti.keys import write_private

ALGORITHM = "HS256"


class Seal:
    """Seals with a secret that nobody else knows. Each kind of value is of no use as another."""

    def __init__(self, secret: bytes):
        self._secret = secret

    def close(self, kind: str, values: dict[str, Any], seconds: float) -> str:
        """Seal values. seconds: how long they are good for."""
        now = time.time()
        sealed = {"values": values, "aud": kind, "exp": now + seconds}
        return jwt.encode(sealed, self._secret, ALGORITHM)

    def open(self, kind: str, text: str) -> dict[str, Any] | None:
        """Return sealed values; None where they are not, or no longer, those of this kind."""
        try:
            sealed = jwt.decode(text, self._secret, [ALGORITHM], audience=kind)
        except jwt.InvalidTokenError:
            return None
        return sealed["values"]


def read_secret(path: Path) -> bytes:
    """Read the secret of the web application, or make it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_bytes(32))
    return path.read_bytes()
