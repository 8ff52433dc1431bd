"""Messages as Canvas and Moodle send them, by their documents, through the whole way.

Canvas: developerdocs.instructure.com, "Launch Overview", "Deep Linking", "Score". Moodle: mod/lti
in its source (locallib.php, auth.php, service/gradebookservices). Ids and names are made up.
"""

import json

import pytest

from autograder.lti.intake import read_arrival
from autograder.lti.keys import ToolKey, read_key
from autograder.lti.launch import DEEP_LINKING, ENDPOINT, LTI, learner_id
from autograder.lti.service import Service
from evidence.lti.platform import LEARNER, TEACHER
from tests.autograder.lti.conftest import registered

pytestmark = pytest.mark.slow

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"


def canvas(address):
    """What a launch of an assignment by a student holds in Canvas."""
    return {
        f"{LTI}resource_link": {
            "id": "8aa641d1-0000-4fea-8a9b-000000000000",
            "description": "<p>The gates</p>",
            "title": "An assignment",
        },
        ENDPOINT: {
            "scope": [f"{AGS}{each}" for each in
                      ("lineitem", "lineitem.readonly", "result.readonly", "score")]
                     + ["https://canvas.instructure.com/lti-ags/progress/scope/show"],
            "lineitem": f"{address}/api/lti/courses/3/line_items/1",
            "lineitems": "http://canvas.example/api/lti/courses/3/line_items",
        },
        f"{LTI}lis": {
            "person_sourcedid": "$Person.sourcedId",
            "course_offering_sourcedid": "$CourseSection.sourcedId",
        },
        f"{LTI}tool_platform": {
            "guid": "made-up:canvas-lms", "name": "A school", "version": "cloud",
            "product_family_code": "canvas",
        },
        f"{LTI}launch_presentation": {
            "document_target": "iframe", "return_url": f"{address}/courses/3/assignments",
            "locale": "en",
        },
        f"{LTI}roles": [f"{INSTITUTION}#Student", LEARNER, f"{SYSTEM}#User"],
        f"{LTI}lti1p1": {"resource_link_id": "6a8a", "user_id": "c0dd"},
        f"{LTI}custom": {"assignment": "small"},
        "given_name": "Ada", "family_name": "Example", "name": "Ada Example", "locale": "en",
        "picture": "https://canvas.example/avatar.png", "errors": {"errors": {}},
        "https://www.instructure.com/placement": None,
    }  # fmt: skip


def moodle(address):
    """What a launch of an external tool by a student holds in Moodle."""
    return {
        f"{LTI}resource_link": {"title": "Gates", "description": "", "id": "12"},
        ENDPOINT: {
            "scope": [f"{AGS}{each}" for each in
                      ("lineitem.readonly", "result.readonly", "score", "lineitem")],
            "lineitems": f"{address}/mod/lti/services.php/2/lineitems?type_id=1",
            "lineitem": f"{address}/mod/lti/services.php/2/lineitems/5/lineitem?type_id=1",
        },
        f"{LTI}lis": {"person_sourcedid": "", "course_section_sourcedid": ""},
        f"{LTI}tool_platform": {
            "product_family_code": "moodle", "version": "2025041400", "guid": "moodle.example",
            "name": "A school", "description": "A school",
        },
        f"{LTI}launch_presentation": {
            "locale": "en", "document_target": "iframe",
            "return_url": f"{address}/mod/lti/return.php?course=2&launch_container=3",
        },
        f"{LTI}ext": {"user_username": "ada", "lms": "moodle-2"},
        f"{LTI}roles": [LEARNER],
        f"{LTI}target_link_uri": "https://tool.example/lti/launch/small",
        "given_name": "Ada", "family_name": "Example", "name": "Ada Example",
    }  # fmt: skip


LAUNCHES = {"canvas": (canvas, "a7c22713-28b3-4397-9ff9-000000000000"), "moodle": (moodle, "4")}


@pytest.mark.parametrize("name", LAUNCHES)
def test_a_launch_and_a_hand_in(browser, platform, places, name):
    message, platform.user = LAUNCHES[name]
    platform.extra = message(platform.address)
    page = browser.launch()
    assert browser.hand_in(browser.mark(page.text)).status_code == 200
    arrival = read_arrival(places.arrival("small", learner_id(platform.address, platform.user)))
    assert arrival.user == platform.user
    assert (arrival.given_name, arrival.family_name) == ("Ada", "Example")
    assert arrival.place == platform.extra[ENDPOINT]


def test_moodle_gives_its_tokens_a_minute(browser, platform):
    answered = browser.begin()
    claims = platform.claims(answered["id_token"])
    claims["exp"] = claims["iat"] + 60
    assert browser.end(answered | {"id_token": platform.sign(claims)}).status_code == 303


def test_canvas_sends_more_than_the_specification_has(browser, platform):
    more = {"canvas_region": "us-east-1", "canvas_environment": "prod",
            "lti_storage_target": "post_message_forwarding"}  # fmt: skip
    platform.custom = {"assignment": "small"}
    answered = browser.begin(**more)
    fields = {"utf8": "✓", "authenticity_token": "made up", "lti_storage_target": "_parent"}
    assert browser.end(answered | fields).status_code == 303


SCORES = {
    "canvas": ("/api/lti/courses/3/line_items/1", "/api/lti/courses/3/line_items/1/scores"),
    "moodle": (
        "/mod/lti/services.php/2/lineitems/5/lineitem?type_id=1",
        "/mod/lti/services.php/2/lineitems/5/lineitem/scores?type_id=1",
    ),
}


class Recorder:
    """Takes the place of a connection, and answers what it is told to."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def request(self, method, url, **options):
        import requests

        self.asked.append((method, url, options))
        response = requests.Response()
        response.status_code, content = self.answers.pop(0)
        response._content = json.dumps(content).encode()
        return response


TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": f"{AGS}score"}


@pytest.mark.parametrize("name", SCORES)
def test_a_score_goes_to_the_line_item(platform, places, name):
    item, scores = SCORES[name]
    service = Service(registered(platform), read_key(places.private_key, places.public_keys))
    service._session = Recorder((200, TOKEN), (200, {"resultUrl": "https://canvas.example/1"}))
    service.post_score(f"{platform.address}{item}", {"userId": "4"})
    (_, asked, form), (method, url, options) = service._session.asked
    assert (method, url) == ("POST", f"{platform.address}{scores}")
    assert options["headers"]["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert options["headers"]["Authorization"] == "Bearer t"
    assert asked == f"{platform.address}/token"
    assert form["data"]["scope"] == f"{AGS}score"
    assert options["allow_redirects"] is form["allow_redirects"] is False


def test_canvas_names_line_items_by_http_where_it_has_https(places):
    from autograder.lti.registration import Registration

    host = "canvas.example"
    urls = [f"https://{host}/{path}" for path in ("authorize", "token", "keys")]
    registration = Registration(f"https://{host}", "1", ("1",), *urls)
    key = read_key(places.private_key, places.public_keys)
    assert isinstance(key, ToolKey)
    service = Service(registration, key)
    service._session = Recorder((200, TOKEN), (200, {}))
    service.post_score(f"http://{host}/api/lti/courses/3/line_items/1", {})
    assert service._session.asked[1][1].startswith(f"https://{host}/")


DEEP_LINKS = {
    "canvas": {
        "deep_link_return_url": "{}/courses/6/deep_linking_response?data=eyJ0",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
        "auto_create": False,
        "accept_multiple": False,
    },
    "moodle": {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": "{}/mod/lti/contentitem_return.php?course=2&id=1&sesskey=a",
        "title": "A tool",
        "text": "",
    },
}


@pytest.mark.parametrize("name", DEEP_LINKS)
def test_a_choice(browser, platform, places, name):
    from autograder.lti.linking import signing
    from tests.autograder.lti.test_linking import choose, fields, points

    settings = DEEP_LINKS[name]
    platform.roles, platform.deep_links = [f"{INSTITUTION}#Instructor", TEACHER], True
    answered = browser.begin()
    claims = platform.claims(answered["id_token"])
    claims[DEEP_LINKING] = settings | {
        "deep_link_return_url": settings["deep_link_return_url"].format(platform.address)
    }
    claims[ENDPOINT] = {"scope": [f"{AGS}score"], "lineitems": f"{platform.address}/lineitems"}
    page = browser.end(answered | {"id_token": platform.sign(claims)}).text
    with signing(places, read_key(places.private_key, places.public_keys), points):
        token = fields(choose(browser, page).text)["JWT"]
    (item,) = platform.claims(token)["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
    assert item["lineItem"]["scoreMaximum"] == 9.0
