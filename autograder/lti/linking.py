"""Signs the choice of an assignment (deep linking), at the request of the web application.

The key would let whoever has it send scores. So the web application does not have it: it asks the
grader's process at a socket, which signs nothing but choices, addressed to the platform's pages.
"""

import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from threading import Thread
from typing import Any

from autograder.lti import Refused
from autograder.lti.keys import ToolKey
from autograder.lti.launch import LTI, Launch
from autograder.lti.places import Places
from autograder.lti.registration import Registrations, origin

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LONGEST = 64_000  # bytes of a request or an answer
PATIENCE = 10  # seconds
GOOD = 300  # seconds for which a signed choice is good
ABSENT = (
    "The choice could not be signed: the grader's process does not run. The instructor starts it "
    "with `python -m autograder lti send --stay`."
)
Points = Callable[[str], float]
"""The most points of an assignment. Raises Refused where the gradebook does not know it."""


def answer(
    places: Places, launch: Launch, assignment: str, title: str, address: str
) -> tuple[str, str]:
    """Have a choice signed: where it goes, and the token. Raises Refused.

    address: of the tool, without a slash at its end.
    """
    request = {
        "issuer": launch.registration.issuer,
        "client_id": launch.registration.client_id,
        "deployment": launch.deployment,
        "settings": launch.settings,
        "assignment": assignment,
        "title": title,
        "address": address,
    }
    try:
        with socket.socket(socket.AF_UNIX) as client, short(places.signer) as path:
            client.settimeout(PATIENCE)
            client.connect(path)
            client.sendall(json.dumps(request).encode() + b"\n")
            with client.makefile("rb") as stream:
                answered = json.loads(stream.readline(LONGEST))
    except (OSError, ValueError):
        raise Refused(ABSENT) from None
    if "error" in answered:
        raise Refused(answered["error"])
    return answered["url"], answered["token"]


@contextmanager
def short(path: Path) -> Iterator[str]:
    """Name a socket in few letters, however deep it lies: Linux takes 107 bytes, see unix(7)."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def sign(
    request: dict[str, Any], registrations: Registrations, key: ToolKey, points: Points
) -> dict[str, str]:
    """Sign a choice. Raises Refused for any that no platform asked for."""
    registration = registrations.find(str(request["issuer"]), str(request["client_id"]))
    settings = request["settings"]
    url = str(settings.get("deep_link_return_url", ""))
    if origin(url) not in registration.own_origins:
        raise Refused(f"The platform wants the choice at {origin(url)}, which is not registered "
                      "as one of its origins.")  # fmt: skip
    if "ltiResourceLink" not in settings.get("accept_types", ()):
        raise Refused("The platform takes no link to an assignment in this place.")
    if request["deployment"] not in registration.deployments:
        raise Refused("The platform's deployment is not registered.")
    claims = _claims(request, points(str(request["assignment"])))
    claims |= {"iss": registration.client_id, "aud": [registration.issuer]}
    if "data" in settings:
        claims[f"{DL}data"] = settings["data"]
    return {"url": url, "token": key.sign(claims)}


def _claims(request: dict[str, Any], points: float) -> dict[str, Any]:
    assignment, now = str(request["assignment"]), int(time.time())
    item = {
        "type": "ltiResourceLink",
        "title": str(request["title"]),
        "url": f"{request['address']}/lti/launch/{assignment}",
        "custom": {"assignment": assignment},
    }
    if request["settings"].get("accept_lineitem", True):
        item["lineItem"] = {
            "label": str(request["title"]),
            "scoreMaximum": points,
            "resourceId": assignment,
        }
    return {
        "iat": now,
        "exp": now + GOOD,
        "nonce": secrets.token_urlsafe(24),
        f"{LTI}deployment_id": request["deployment"],
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{DL}content_items": [item],
    }


@contextmanager
def signing(places: Places, key: ToolKey, points: Points) -> Iterator[None]:
    """Sign choices at the socket for the length of a `with` block.

    Those who may read and write in the socket's group may ask: the web application's user.
    """
    registrations = Registrations(places.registrations)

    class Handler(StreamRequestHandler):
        timeout = PATIENCE

        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(json.dumps(_handled(self.rfile.readline(LONGEST))).encode())

    def _handled(line: bytes) -> dict[str, str]:
        try:
            return sign(json.loads(line), registrations, key, points)
        except Refused as refused:
            return {"error": str(refused)}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {"error": "This is no choice of an assignment."}

    places.signer.unlink(missing_ok=True)
    with short(places.signer) as path, ThreadingUnixStreamServer(path, Handler) as server:
        places.signer.chmod(0o660)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            places.signer.unlink(missing_ok=True)
