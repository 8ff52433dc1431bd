"""A learning platform on loopback: lti1p3platform, by other people, behind a small web server."""

import json
import re
import time
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from jwcrypto.jwk import JWK
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.score import UPDATE_SCORE_STATUSCODE, UpdateScoreStatus

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER, TEACHER = f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
HEAD = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,">'
CLIENT, DEPLOYMENT = "course-tool", "deployment-1"


def key_pair():
    """A private and a public key, as PEM."""
    key = JWK.generate(kty="RSA", size=2048)
    return key.export_to_pem(True, None).decode(), key.export_to_pem().decode()


class Configuration(LTI1P3PlatformConfAbstract):
    """The one registration of the platform."""

    def init_platform_config(self, registration):
        self._registration = registration

    def get_registration_by_params(self, **_):
        return self._registration


class Request:
    """What lti1p3platform reads of a request."""

    def __init__(self, parameters):
        self.get_data, self.form_data = parameters, {}


class Message(LTIAdvantageMessageLaunchAbstract):
    """A launch; its form is data here."""

    def render_launch_form(self, launch_data, **_):
        return launch_data


class Platform:
    """The platform: its people, what it sends, and what it got.

    page: how many line items it lists on a page; None where it answers with no list.
    link: what the next launch is of. extra: claims that come on top. refuses: HTTP statuses of
    the next scores. scores: those it took. tokens: all that it has given out. token_is: what it
    answers with them in place of what it should. removed: paths of scores that are no more.
    """

    def __init__(self, tool, keys):
        self.tool, self.user, self.roles = tool, "user-17", [LEARNER]
        self.link, self.link_path, self.custom = "link-1", "/lti/launch/small", {}
        self.names = {"given_name": "Ada", "family_name": "Example"}
        self.extra, self.without, self.deep_links = {}, set(), False
        self.line_item, self.page = True, 10  # line items on a page of their list
        self.line_items, self.scores, self.refuses, self.tokens = {}, [], [], []
        self.removed, self.token_is = [], {}
        self.log, self.registrations, self.chosen = [], [], []
        self.private, public = keys
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.platform = self
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        registration = Registration()
        registration.set_iss(self.address).set_client_id(CLIENT).set_deployment_id(DEPLOYMENT)
        registration.set_oidc_login_url(f"{tool}/lti/login").set_launch_url(f"{tool}/lti/launch")
        registration.set_deeplink_launch_url(f"{tool}/lti/launch")
        registration.set_tool_key_set_url(f"{tool}/lti/keys")
        registration.set_platform_public_key(public).set_platform_private_key(self.private)
        self.registration = registration
        self.configuration = Configuration(registration=registration)
        self.key_name = registration.get_kid()

    @contextmanager
    def running(self):
        Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()
        yield self
        self.server.shutdown()
        self.server.server_close()

    def words(self):
        """What `python -m autograder lti register` is told of the platform."""
        words = [self.address, CLIENT, "--deployment", DEPLOYMENT]
        for option, path in {"login": "auth", "token": "token", "keys": "keys"}.items():
            words += [f"--{option}", f"{self.address}/{path}"]
        return words

    def login_request(self):
        """The parameters with which a launch begins."""
        return {
            "iss": self.address,
            "target_link_uri": f"{self.tool}{self.link_path}",
            "login_hint": self.user,
            "lti_message_hint": self.link,
            "client_id": CLIENT,
            "lti_deployment_id": DEPLOYMENT,
        }

    def sign_in(self, parameters):
        """Answer a tool's request to sign somebody in: state and id_token."""
        message = Message(Request(parameters), self.configuration)
        message.set_user_data(user_id=parameters["login_hint"], lis_roles=self.roles)
        message.set_resource_link_claim(self.link)
        message.set_launch_url(f"{self.tool}{self.link_path}")
        message.set_launch_context_claim("course-1", context_title="Recurrent networks")
        if self.custom:
            message.set_custom_parameters_claim(self.custom)
        item = f"{self.address}/lineitems/1/lineitem" if self.line_item else None
        if item:
            self.line_items.setdefault(item, {"id": item, "scoreMaximum": 9})
        message.set_ags(f"{self.address}/lineitems", item, allow_creating_lineitems=True)
        message.set_extra_claims(self.names | self.extra)
        if self.deep_links:
            message.set_dl(f"{self.address}/chosen", extra_data={"opaque": "as it was"})
        answered = message.lti_launch()
        if self.without:
            claims = self.claims(answered["id_token"])
            left = {name: value for name, value in claims.items() if name not in self.without}
            answered["id_token"] = self.sign(left)
        return answered

    def claims(self, token):
        """What a token says."""
        return jwt.decode(token, options={"verify_signature": False})

    def sign(self, claims, **options):
        """Sign claims as the platform does; options of jwt.encode change that."""
        chosen = {"key": self.private, "algorithm": "RS256", "headers": {"kid": self.key_name}}
        return jwt.encode(claims, **chosen | options)

    def give_token(self, form):
        """Give an access token to a tool that signs its request."""
        claims = self.claims(form["client_assertion"])
        assert claims["aud"] == f"{self.address}/token"
        assert claims["iss"] == claims["sub"] == CLIENT
        answer = self.configuration.get_access_token(form)
        self.tokens.append(answer["access_token"])
        return answer | self.token_is

    def allows(self, authorization, scope):
        kind, _, token = authorization.partition(" ")
        return kind == "Bearer" and self.configuration.validate_token(
            token, allowed_scopes=[f"{AGS}{scope}"]
        )

    def take_score(self, item, score):
        """Take a score, as the specification has it, or refuse it; the HTTP status."""
        if self.refuses:
            status = self.refuses.pop(0)
            if status == "lost":  # it is taken, but the answer does not arrive
                self.scores.append((item, score))
            return status
        last = [
            s["timestamp"] for i, s in self.scores if (i, s["userId"]) == (item, score["userId"])
        ]
        if last and score["timestamp"] < max(last):
            return UPDATE_SCORE_STATUSCODE[UpdateScoreStatus.OLD_TIMESTAMP]
        self.scores.append((item, score))
        return UPDATE_SCORE_STATUSCODE[UpdateScoreStatus.SUCCESS]


class Handler(BaseHTTPRequestHandler):
    """The pages and services of the platform."""

    @property
    def platform(self):
        return self.server.platform

    def log_message(self, *_):
        pass

    def answer(self, status, content=None, type_="application/json", headers=None):
        body = content if isinstance(content, str) else json.dumps(content)
        self.send_response(status)
        for name, value in ({"Content-Type": type_} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        platform, url = self.platform, urlsplit(self.path)
        platform.log.append(("GET", self.path, dict(self.headers)))
        match url.path:
            case "/keys":
                self.answer(200, platform.configuration.get_jwks())
            case "/course":  # the platform's page, with the tool in a frame
                address = f"{platform.tool}/lti/login?{urlencode(platform.login_request())}"
                frame = f'<iframe src="{escape(address)}" width="1200" height="900"></iframe>'
                self.answer(200, f"{HEAD}<title>Course</title>{frame}", "text/html")
            case "/auth":
                self.answer(200, form(platform.sign_in(dict(parse_qsl(url.query)))), "text/html")
            case "/lineitems" if platform.allows(self.headers["Authorization"], "lineitem"):
                self.list_line_items(dict(parse_qsl(url.query)))
            case "/openid-configuration":
                self.answer(200, configuration(platform.address))
            case _:
                self.answer(404)

    def list_line_items(self, asked):
        """List a page of the line items, whichever they are, as the specification lets it."""
        platform, start = self.platform, int(asked.get("start", 0))
        items = list(platform.line_items.values())
        end = start + (platform.page or 0)
        following = {"Link": f'</lineitems?start={end}>; rel="next"'} if end < len(items) else {}
        self.answer(200, items[start:end] if platform.page else {}, headers=following)

    def do_POST(self):
        platform, path = self.platform, urlsplit(self.path).path
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        platform.log.append(("POST", self.path, dict(self.headers)))
        authorization = self.headers.get("Authorization", "")
        if path == "/token":
            try:
                self.answer(200, platform.give_token(dict(parse_qsl(body))))
            except Exception as error:
                self.answer(400, {"error": repr(error)})
        elif path == "/lineitems" and platform.allows(authorization, "lineitem"):
            identity = f"{platform.address}/lineitems/{len(platform.line_items) + 1}/lineitem"
            platform.line_items[identity] = json.loads(body) | {"id": identity}
            self.answer(201, platform.line_items[identity])
        elif path in platform.removed:
            self.answer(404)
        elif re.fullmatch("/lineitems/[0-9]+/lineitem/scores", path):
            self.take_score(path.removesuffix("/scores"), body, authorization)
        elif path == "/registration":
            platform.registrations.append((authorization, json.loads(body)))
            deployed = {TOOL_CONFIGURATION: {"deployment_id": DEPLOYMENT}}
            self.answer(200, json.loads(body) | {"client_id": CLIENT} | deployed)
        elif path == "/chosen":
            items = platform.configuration.validate_deeplinking_resp(dict(parse_qsl(body)))
            platform.chosen.append((items, platform.claims(dict(parse_qsl(body))["JWT"])))
            self.answer(200, f"{HEAD}<title>Chosen</title>", "text/html")
        else:
            self.answer(404)

    def take_score(self, path, body, authorization):
        if not self.platform.allows(authorization, "score"):
            self.answer(403)
        elif self.headers["Content-Type"] != "application/vnd.ims.lis.v1.score+json":
            self.answer(415)
        else:
            status = self.platform.take_score(f"{self.platform.address}{path}", json.loads(body))
            if status == "lost":
                self.connection.close()
            else:
                self.answer(status, {"resultUrl": ""})


def form(answered):
    """The page that sends a browser back to the tool."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(answered[name])}">'
        for name in ("state", "id_token")
    )
    return (
        f'<form method="post" action="{escape(answered["launch_url"])}">{fields}</form>'
        "<script>document.forms[0].submit()</script>"
    )


def configuration(address):
    """What a platform says of itself (openid-configuration)."""
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/auth",
        "token_endpoint": f"{address}/token",
        "jwks_uri": f"{address}/keys",
        "registration_endpoint": f"{address}/registration",
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "loopback",
            "version": str(time.gmtime().tm_year),
        },
    }
