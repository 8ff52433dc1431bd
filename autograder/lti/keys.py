"""The tool's key pair, and the public keys of platforms."""

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from autograder.lti import Refused
from autograder.lti.registration import Registration
from autograder.whole import write_whole

ALGORITHM = "RS256"
"""The one that the Security Framework demands; any other is refused."""
BITS = 2048
TIMEOUT = 10  # seconds for a platform to answer
LARGEST = 1 << 20  # bytes of a platform's answer
FRESH = 3600  # seconds for which a platform's keys are believed
AGAIN = 30  # seconds until they are asked for again because of a key that is not among them
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class ToolKey:
    """The tool's private key. name: by which platforms find the public one."""

    private: str
    name: str

    def sign(self, claims: dict) -> str:
        """Sign claims as a JSON web token."""
        return jwt.encode(claims, self.private, ALGORITHM, headers={"kid": self.name})


def make_key(private: Path, public: Path) -> None:
    """Make the tool's key pair, where there is none: a PEM file and a JSON web key set."""
    if private.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.parent.mkdir(parents=True, exist_ok=True)
    private.parent.chmod(0o700)
    described = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    described |= {"kid": _name(described), "alg": ALGORITHM, "use": "sig"}
    described.pop("key_ops", None)
    write_whole(public, json.dumps({"keys": [described]}, indent=1).encode())
    write_private(private, pem)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, from its first byte on."""
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_key(private: Path, public: Path) -> ToolKey:
    """Read the tool's key pair. Raises SystemExit where it cannot be read."""
    try:
        pem = private.read_text("ascii")
        name = json.loads(public.read_text("utf-8"))["keys"][0]["kid"]
    except OSError as error:
        raise SystemExit(
            f"The tool's key cannot be read ({error.strerror}: {error.filename}). The grader's "
            "user makes it with `python -m autograder lti register`."
        ) from None
    return ToolKey(pem, name)


def _name(described: dict) -> str:
    """Name a key by its thumbprint (RFC 7638)."""
    parts = {key: described[key] for key in ("e", "kty", "n")}
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


class PlatformKeys:
    """The public keys of platforms, fetched when they are needed and kept for a while."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, jwt.PyJWKSet]] = {}

    def find(self, registration: Registration, name: str) -> jwt.PyJWK:
        """Find a key by its name. Raises Refused where the platform has no such key."""
        fetched, keys = self._kept.get(registration.keys_url, (-FRESH, None))
        age = time.monotonic() - fetched
        if keys is None or age > FRESH or (_find(keys, name) is None and age > AGAIN):
            keys = _fetch(registration.keys_url)
            self._kept[registration.keys_url] = time.monotonic(), keys
        key = _find(keys, name)
        if key is None:
            raise Refused(
                "The message is signed with a key that the learning platform does not publish. "
                "Open the assignment from the learning platform again, in a minute."
            )
        return key


def _find(keys: jwt.PyJWKSet, name: str) -> jwt.PyJWK | None:
    rsa_keys = [each for each in keys.keys if each.key_type == "RSA"]
    return next((each for each in rsa_keys if each.key_id == name), None)


def _fetch(url: str) -> jwt.PyJWKSet:
    try:
        return jwt.PyJWKSet.from_dict(fetch_json(requests.Session(), url))
    except (requests.RequestException, ValueError, jwt.PyJWTError, AttributeError) as error:
        raise Refused(
            f"The learning platform's keys could not be read from {url} "
            f"({type(error).__name__}). Try again in a minute."
        ) from None


def bearer(token: str) -> dict[str, str]:
    """Return the header that hands over a token; none where there is none."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def fetch_json(session: requests.Session, url: str, token: str = "") -> dict:
    """Fetch a JSON object. Raises RequestException, or ValueError where the answer is none.

    token: with which the address is asked, if it wants one.
    """
    with session.get(
        url, headers=bearer(token), timeout=TIMEOUT, stream=True, allow_redirects=False
    ) as response:
        response.raise_for_status()
        content = response.raw.read(LARGEST + 1, decode_content=True)
    if response.status_code != 200 or len(content) > LARGEST:
        raise ValueError("The answer is too long, or leads elsewhere.")
    answer = json.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("The answer is no JSON object.")
    return answer
