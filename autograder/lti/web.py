"""The web application: launches, the course's pages with a button to hand in, and hand-ins.

It serves the folder of the course's site. The page of an assignment, do/<assignment>.html, gets a
mark for whoever was launched; the page's script then shows the button.
"""

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from tornado import httputil
from tornado.httpserver import HTTPServer
from tornado.web import (
    Application,
    HTTPError,
    RequestHandler,
    StaticFileHandler,
    stream_request_body,
)

from autograder.lti import Refused
from autograder.lti.dynamic import Invitations, register
from autograder.lti.intake import MOST, Arrival, check_notebook, hand_in
from autograder.lti.launch import ASSIGNMENT, LOGIN, Launch, Launches
from autograder.lti.linking import answer
from autograder.lti.places import Places
from autograder.lti.registration import Registration, Registrations, origin
from autograder.lti.sealed import Seal, read_secret

HERE = "127.0.0.1"
SECONDS = 60  # for a request to arrive
LAUNCH = "/lti/launch"
MB = 1 << 20
HEAD = 20_000  # characters of a page, among which its title stands
SESSION = 12 * 3600  # seconds for which a launch lets somebody hand in
CHOICE = 3600  # seconds to choose an assignment
MESSAGE = 256_000  # bytes of any message but a hand-in
LAUNCHES = RateLimitItemPerMinute(1_200)  # from one address: a class behind one router begins
CHECKS = 2  # notebooks that are checked at once: a large one may take 1 GB
HAND_INS = RateLimitItemPerMinute(6)  # of one learner, for one assignment
REGISTRATIONS = RateLimitItemPerMinute(6)  # from one address
BUSY = "Too many requests came at once. Wait a minute, and try again."
TOO_MANY = (
    f"You have handed in {HAND_INS.amount} times within a minute. Wait a minute, and hand in again."
)
ENDED = (
    "This sign-in has ended, or another one has taken its place. Nothing is lost: what you wrote "
    "is kept in this browser. Open the assignment from the learning platform again, and hand in."
)
TOO_LARGE = f"The notebook has more than {MOST} MB, so it was not handed in. Remove large outputs."
STORED = (
    "The notebook could not be stored, and nothing was changed. What you wrote is kept in this "
    "browser: hand in again later, and tell the instructor if this stays."
)
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>
"""
log = logging.getLogger("autograder.lti")


@dataclass
class Tool:
    """What the handlers share.

    site: the folder of the course's pages. address: of the tool, without a slash at its end.
    """

    places: Places
    site: Path
    address: str

    def __post_init__(self) -> None:
        self.registrations = Registrations(self.places.registrations)
        self.seal = Seal(read_secret(self.places.secret))
        self.launches = Launches(self.registrations, self.address, self.seal)
        self.invitations = Invitations(self.places)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self.checking = asyncio.Semaphore(CHECKS)
        self._writer = ThreadPoolExecutor(1)  # a learner's hand-ins come one after the other

    def assignments(self) -> dict[str, str]:
        """List the assignments that the site has a page for, with their titles."""
        return {
            page.stem: _title(page)
            for page in sorted((self.site / "do").glob("*.html"))
            if ASSIGNMENT.fullmatch(page.stem)
        }

    def has(self, assignment: str) -> bool:
        """Whether the site has a page for an assignment."""
        return (
            bool(ASSIGNMENT.fullmatch(assignment))
            and (self.site / "do" / f"{assignment}.html").is_file()
        )

    def allows(self, rate: RateLimitItemPerMinute, who: str) -> bool:
        """Count a request, and say whether it is within the rate."""
        return self._limiter.hit(rate, who)

    async def write(self, *arguments: Any) -> Arrival:
        """Write a hand-in. Raises OSError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, hand_in, self.places, *arguments)


def _title(page: Path) -> str:
    """Read the title of a page, which its site may follow after a dash."""
    with page.open(encoding="utf-8", errors="replace") as file:
        _, _, rest = file.read(HEAD).partition("<title>")
    title = unescape(rest.partition("</title>")[0])
    return title.partition(" — ")[0].strip() or page.stem


def application(tool: Tool) -> Application:
    """Make the application."""
    site = {"path": str(tool.site), "default_filename": "index.html"}
    return Application(
        [
            ("/lti/keys", KeysHandler),
            ("/lti/login", LoginHandler),
            ("/lti/launch(?:/.*)?", LaunchHandler),
            ("/lti/choose", ChooseHandler),
            ("/lti/register/([^/]*)", RegisterHandler),
            ("/lti/(send|close)[.]js", ScriptHandler),
            (f"/lti/hand-in/({ASSIGNMENT.pattern})", HandInHandler),
            (f"/(do/({ASSIGNMENT.pattern})[.]html)", AssignmentHandler),
            ("/(.*)", SiteHandler, site),
        ],
        tool=tool,
        log_function=log_request,
        compress_response=True,
    )


def listen(tool: Tool, port: int) -> HTTPServer:
    """Serve the application to a proxy on this machine, which says who asks."""
    server = HTTPServer(
        application(tool),
        xheaders=True,
        max_body_size=2 * MOST * MB,  # the handlers answer in a sentence from half of it on
        body_timeout=SECONDS,
        idle_connection_timeout=SECONDS,
    )
    server.listen(port, HERE)
    return server


SCRIPTS = {
    "send": "document.forms[0].submit();\n",
    "close": "(opener ?? parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');\n",
}
"""What the tool's own pages do as soon as they are there: with a choice, after a registration."""


def log_request(handler: RequestHandler) -> None:
    """Log a request without what stands behind its path: nothing secret may get into the log."""
    log.info("%s %d", asked(handler), handler.get_status())


def asked(handler: RequestHandler) -> str:
    """Name a request without what may be secret in its address."""
    path = handler.request.path
    path = "/lti/register/..." if path.startswith("/lti/register/") else path[:200]
    return f"{handler.request.method} {path}"


class ToolHandler(RequestHandler):
    """What the handlers have in common: limits, errors in a sentence, headers."""

    @property
    def tool(self) -> Tool:
        """What the handlers share."""
        return self.settings["tool"]

    def prepare(self) -> None:
        """Refuse what is too large."""
        if len(self.request.body) > MESSAGE:
            raise HTTPError(413, reason="Too large")

    def set_default_headers(self) -> None:
        """Keep answers out of caches and foreign frames, and addresses to this site."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.frame(None)

    def frame(self, registration: Registration | None) -> None:
        """Say whose pages may show this answer in a frame."""
        own = registration.own_origins if registration else []
        self.set_header("Content-Security-Policy", " ".join(["frame-ancestors 'self'", *own]))

    def limit(self, rate: RateLimitItemPerMinute) -> None:
        """Refuse a request beyond a rate from one address."""
        if not self.tool.allows(rate, f"{type(self).__name__} {self.request.remote_ip}"):
            self.set_status(429)
            self.set_header("Retry-After", "60")
            raise Refused(BUSY)

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the request; of one that comes twice, the last."""
        return {name: self.get_argument(name, "") for name in self.request.arguments}

    def keep(self, name: str, value: str, seconds: int, *paths: str) -> None:
        """Give the browser a cookie that it sends from a frame in the platform's page, too.

        paths: where it is sent, and nowhere else: with those of all assignments a request would be
        longer than web servers take.
        """
        attributes = "HttpOnly; Secure; SameSite=None; Partitioned"
        for path in paths:
            cookie = f"{name}={value}; Max-Age={seconds}; Path={path}; {attributes}"
            self.add_header("Set-Cookie", cookie)

    def show(self, title: str, body: str) -> None:
        """Answer with a page."""
        self.finish(PAGE.format(title=escape(title), body=body))

    def refuse(self, refused: Refused) -> None:
        """Say in a sentence why a request is not carried out."""
        log.warning("Refused: %s", refused)
        if self.get_status() < 400:
            self.set_status(403)
        self.show("This did not work", f"<p>{escape(str(refused))}</p>")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log an unexpected error; Tornado itself would log the whole address."""
        if not isinstance(value, HTTPError):
            log.error("%s failed.", asked(self), exc_info=(typ, value, tb))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer any other error without its inside."""
        self.show("This did not work", f"<p>{escape(httputil.responses.get(status_code, ''))}.</p>")


class KeysHandler(ToolHandler):
    """The tool's public keys (JWKS)."""

    def get(self) -> None:
        """Answer with the key set."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "max-age=300")
        self.finish(self.tool.places.public_keys.read_bytes())


class LoginHandler(ToolHandler):
    """Where a platform begins a launch."""

    def get(self) -> None:
        """Send the browser to the platform's sign-in."""
        try:
            self.limit(LAUNCHES)
            login = self.tool.launches.begin(self.parameters())
        except Refused as refused:
            self.refuse(refused)
            return
        self.keep(cookie_of(login.state), login.sealed, LOGIN, LAUNCH)
        self.redirect(login.url)

    def post(self) -> None:
        """Do the same: platforms may use either."""
        self.get()


def cookie_of(state: str) -> str:
    """Name the cookie of a sign-in, of which a browser may have several at once."""
    return f"lti-login-{''.join(filter(str.isalnum, state))[:16]}"


class LaunchHandler(ToolHandler):
    """Where a launch ends: in the page of an assignment, or in the choice of one."""

    async def post(self) -> None:
        """Verify the launch, and keep who it was."""
        answered = self.parameters()
        cookie = cookie_of(answered.get("state", ""))
        try:
            self.limit(LAUNCHES)
            end = partial(self.tool.launches.end, answered, self.get_cookie(cookie, "") or "")
            launch = await asyncio.to_thread(end)
            self.keep(cookie, "", 0, LAUNCH)
            if launch.settings:
                self.choose(launch)
            else:
                self.open(launch)
        except Refused as refused:
            self.refuse(refused)

    def open(self, launch: Launch) -> None:
        """Open the page of the assignment. Raises Refused where there is none."""
        if not self.tool.has(launch.assignment):
            raise Refused(
                f"There is no assignment {launch.assignment!r} here. The link in the learning "
                "platform should name one: its custom parameters hold assignment=NAME, or its "
                f"address is {self.tool.address}/lti/launch/NAME. Please tell the instructor."
            )
        session = {"launch": sealable(launch), "key": secrets.token_urlsafe(16)}
        sealed = self.tool.seal.close(f"session {launch.assignment}", session, SESSION)
        page, hand_in = page_of(launch.assignment), hand_in_of(launch.assignment)
        self.keep(session_cookie(launch.assignment), sealed, SESSION, page, hand_in)
        self.redirect(page, status=303)

    def choose(self, launch: Launch) -> None:
        """Show the assignments to choose from. Raises Refused for whoever may not."""
        if not launch.teaches:
            raise Refused("Only those who teach the course may choose its assignments.")
        sealed = self.tool.seal.close("choice", sealable(launch), CHOICE)
        options = "".join(
            f'<p><button name="assignment" value="{escape(name)}">{escape(title)}</button></p>'
            for name, title in self.tool.assignments().items()
        )
        self.frame(launch.registration)
        self.show(
            "Choose an assignment",
            f'<form method="post" action="/lti/choose">{options}'
            f'<input type="hidden" name="choice" value="{escape(sealed)}"></form>',
        )


def session_cookie(assignment: str) -> str:
    """Name the cookie of a launch: one for each assignment, so that two can be open at once."""
    return f"lti-session-{assignment}"


def page_of(assignment: str) -> str:
    """Return the path of an assignment's page."""
    return f"/do/{quote(assignment)}.html"


def hand_in_of(assignment: str) -> str:
    """Return the path to which an assignment's page hands in."""
    return f"/lti/hand-in/{quote(assignment)}"


def sealable(launch: Launch) -> dict[str, Any]:
    """Describe a launch in few bytes, for a browser to keep."""
    content = asdict(launch)
    return content | {"registration": [launch.registration.issuer, launch.registration.client_id]}


def restored(registrations: Registrations, content: dict[str, Any]) -> Launch:
    """Make a launch of its description. Raises Refused where its platform is gone."""
    return Launch(**content | {"registration": registrations.find(*content["registration"])})


class Session:
    """Who was launched into an assignment, as a browser's cookie says. key: of its page."""

    def __init__(self, tool: Tool, handler: RequestHandler, assignment: str):
        sealed = handler.get_cookie(session_cookie(assignment), "") or ""
        content = tool.seal.open(f"session {assignment}", sealed)
        self.launch, self.key = None, ""
        if content:
            with suppress(Refused):  # its platform is no longer registered
                self.launch = restored(tool.registrations, content["launch"])
                self.key = content["key"]


class AssignmentHandler(ToolHandler):
    """The page of an assignment, with the mark for whoever may hand in."""

    def get(self, path: str, assignment: str) -> None:
        """Answer with the page."""
        page = self.tool.site / path
        if not page.is_file():
            raise HTTPError(404)
        text = page.read_text("utf-8")
        session = Session(self.tool, self, assignment)
        if session.launch:
            self.frame(session.launch.registration)
            if session.launch.hands_in:
                text = marked(text, session.key, hand_in_of(assignment))
        self.finish(text)


def marked(text: str, key: str, address: str) -> str:
    """Put into a page where its script hands in, and the key that proves the page."""
    mark = f'<meta name="hand-in" content="{escape(key)}" data-address="{escape(address)}">'
    return text.replace("</head>", f"{mark}</head>", 1)


@stream_request_body
class HandInHandler(ToolHandler):
    """Where the page of an assignment hands in; answers are JSON."""

    def prepare(self) -> None:
        """Say who hands in, before anything of it is kept."""
        self._content = bytearray()
        self._who: Launch | Refused
        try:
            self._who = self.who(self.path_args[0])
        except Refused as refused:
            self._who = refused

    def data_received(self, chunk: bytes) -> None:
        """Keep what a learner hands in; of what is refused or too large, nothing."""
        if isinstance(self._who, Refused):
            return
        self._content += chunk
        if len(self._content) > MOST * MB:
            self.set_status(413)
            self._who = Refused(TOO_LARGE)
            self._content.clear()

    async def post(self, assignment: str) -> None:
        """Store a notebook, and answer with when it arrived."""
        content = bytes(self._content)
        try:
            if isinstance(self._who, Refused):
                raise self._who
            async with self.tool.checking:
                await asyncio.to_thread(check_notebook, content)
            arrival = await self.tool.write(self._who, assignment, content)
        except Refused as refused:
            self.refuse(refused)
        except OSError as error:
            log.error("A hand-in could not be stored: %s", error)
            self.set_status(503)
            self.refuse(Refused(STORED))
        else:
            log.info("%s handed in %s", arrival.learner, assignment)
            self.finish({"time": arrival.time, "sha256": arrival.sha256})

    def who(self, assignment: str) -> Launch:
        """Say who hands in. Raises Refused where the request is not from the page of a learner."""
        session = Session(self.tool, self, assignment)
        key = self.request.headers.get("X-Hand-In", "")
        own = self.request.headers.get("Origin", "") == origin(self.tool.address)
        if session.launch is None or not secrets.compare_digest(key.encode(), session.key.encode()):
            raise Refused(ENDED)
        if not own:
            raise Refused("This did not come from the assignment's page, so it was not handed in.")
        if not session.launch.hands_in:
            raise Refused("Only learners hand in. Your role in the learning platform is another.")
        if not self.tool.allows(HAND_INS, f"{session.launch.learner} {assignment}"):
            self.set_status(429)
            raise Refused(TOO_MANY)
        return session.launch

    def refuse(self, refused: Refused) -> None:
        """Answer in JSON."""
        log.warning("Not handed in: %s", refused)
        if self.get_status() < 400:
            self.set_status(403)
        self.finish({"error": str(refused)})


class ChooseHandler(ToolHandler):
    """Where an instructor's choice goes back to the platform (deep linking)."""

    async def post(self) -> None:
        """Have the grader's process sign the choice, and send it by the browser."""
        chosen = self.parameters()
        try:
            content = self.tool.seal.open("choice", chosen.get("choice", ""))
            if content is None:
                raise Refused("This choice took too long. Open it from the platform again.")
            launch = restored(self.tool.registrations, content)
            assignment = chosen.get("assignment", "")
            if not self.tool.has(assignment):
                raise Refused(f"There is no assignment {assignment[:64]!r} here.")
            title = self.tool.assignments()[assignment]
            ask = partial(answer, self.tool.places, launch, assignment, title, self.tool.address)
            url, token = await asyncio.to_thread(ask)
        except Refused as refused:
            self.refuse(refused)
            return
        self.frame(launch.registration)
        self.show(
            "Back to the learning platform",
            f'<form method="post" action="{escape(url)}"><input type="hidden" name="JWT" '
            f'value="{escape(token)}"><button>Continue</button></form>'
            '<script src="/lti/send.js"></script>',
        )


class RegisterHandler(ToolHandler):
    """Where a platform's administrator registers the tool (dynamic registration)."""

    async def get(self, code: str) -> None:
        """Register with the platform, and leave it to the instructor to accept."""
        asked = self.parameters()
        try:
            self.limit(REGISTRATIONS)
            do = partial(register, self.tool.invitations, code, asked, self.tool.address)
            registration = await asyncio.to_thread(do)
        except Refused as refused:
            self.refuse(refused)
            return
        self.frame(registration)
        self.show(
            "Registered",
            "<p>The tool is registered with the platform. The instructor now accepts it with "
            "<code>python -m autograder lti accept</code>.</p>"
            '<script src="/lti/close.js"></script>',
        )


class ScriptHandler(ToolHandler):
    """A script of a page of the tool's own."""

    def get(self, name: str) -> None:
        """Answer with the script."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(SCRIPTS[name])


class SiteHandler(StaticFileHandler):
    """The other files of the course's site."""

    def set_extra_headers(self, path: str) -> None:
        """Let a browser ask whether a file has changed; keep pages out of foreign frames."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-cache")
        registrations = self.settings["tool"].registrations.all()
        own = [each for registration in registrations for each in registration.own_origins]
        self.set_header("Content-Security-Policy", " ".join(["frame-ancestors 'self'", *own]))
