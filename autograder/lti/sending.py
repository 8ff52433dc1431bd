"""Sends the grades of the gradebook to the platforms whose learners handed in.

A grade is noted in the outbox first. What a platform does not take stays there, and is tried again
until it does.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from nbgrader.api import Gradebook

from autograder.exchange import submitted_time
from autograder.intake import printable
from autograder.locking import only_one
from autograder.lti import Refused
from autograder.lti.intake import Arrival, read_arrival
from autograder.lti.keys import ToolKey
from autograder.lti.launch import learner_id
from autograder.lti.outbox import Entry, Outbox, overtaken, postponed, taken
from autograder.lti.places import Places
from autograder.lti.registration import Registrations
from autograder.lti.service import LINE_ITEM, SCORE, NotTaken, Service
from autograder.reports.export import DECIMALS, Submission, submissions
from autograder.settings import Settings

CONFLICT = 409  # HTTP: the platform has a newer score
BEING_SENT = "Another process sends the scores of this class already."
NOT_ALLOWED = "The platform lets the tool send no scores for this assignment."
NO_PLACE = "The platform has no place for a score of this assignment, and lets the tool make none."
FORGED = "{}, {}: the note on this hand-in is damaged, so its grade is not sent. Grade it by hand."


class Sender:
    """Sends the grades of one class, in the grader's process."""

    def __init__(self, settings: Settings, places: Places, key: ToolKey):
        self._settings, self._places, self._key = settings, places, key
        self._registrations = Registrations(places.registrations)
        self._outbox = Outbox(places.outbox)
        self._services: dict[tuple[str, str], Service] = {}

    def send(self) -> str:
        """Send what has changed and what was not taken before; say what became of it.

        Raises SystemExit while another process sends for this class.
        """
        self._places.outbox.mkdir(parents=True, exist_ok=True)
        with only_one(self._places.outbox / "lock", BEING_SENT):
            notes = list(self._collect())
            counts = Counter[str]()
            for entry in self._outbox.all():
                if entry.waits and entry.again <= time.time():
                    entry = self._deliver(entry)
                    self._outbox.write(entry)
                    counts["sent"] += entry.sent
                counts["waiting"] += entry.waits
                if entry.problem:
                    notes.append(_note(entry))
        sent, waiting = counts["sent"], counts["waiting"]
        return "\n".join([f"Scores sent: {sent}. Waiting to be tried again: {waiting}.", *notes])

    def _collect(self) -> Iterator[str]:
        """Note in the outbox what the gradebook holds; yield what is wrong with hand-ins."""
        with self._settings.open().gradebook as gradebook:
            known = {(a.name): (a.id, a.max_score) for a in gradebook.assignments}
            graded = submissions(gradebook)
            for path in sorted((self._places.tool / "arrivals").glob("*/*.json")):
                arrival = read_arrival(path)
                if arrival is None or arrival.learner != learner_id(arrival.issuer, arrival.user):
                    yield FORGED.format(printable(path.stem, 60), printable(path.parent.name, 60))
                    continue
                assignment, most = known.get(arrival.assignment, ("", 0.0))
                submission = graded.get((assignment, arrival.learner))
                if submission and most and self._is_of(submission, arrival):
                    _name(gradebook, arrival)
                    self._outbox.put(_entry(arrival, submission, most), datetime.now(UTC))

    def _is_of(self, submission: Submission, arrival: Arrival) -> bool:
        """Whether a grade is that of what was handed in last."""
        folder = self._places.submission(arrival.assignment, arrival.learner)
        handed_in = submitted_time(folder)
        return submission.score is not None and submission.timestamp == handed_in is not None

    def _deliver(self, entry: Entry) -> Entry:
        """Send one grade, and return what is known of it then."""
        try:
            service = self._service(entry)
            service.post_score(self._line_item(service, entry), entry.message)
        except (NotTaken, Refused) as error:
            if getattr(error, "status", 0) == CONFLICT:
                return overtaken(entry)
            return postponed(entry, str(error), time.time())
        return taken(entry)

    def _service(self, entry: Entry) -> Service:
        which = entry.place["issuer"], entry.place["client_id"]
        if which not in self._services:
            self._services[which] = Service(self._registrations.find(*which), self._key)
        return self._services[which]

    def _line_item(self, service: Service, entry: Entry) -> str:
        """Return the address of a grade's line item, which may have to be made. Raises NotTaken."""
        scopes = entry.place["scope"].split()
        if SCORE not in scopes:
            raise NotTaken(NOT_ALLOWED)
        if entry.place["line_item"]:
            return entry.place["line_item"]
        if not entry.place["line_items"] or LINE_ITEM not in scopes:
            raise NotTaken(NO_PLACE)
        wanted = {
            "resourceLinkId": entry.place["resource_link"],
            "resourceId": entry.assignment,
            "label": entry.assignment,
            "scoreMaximum": entry.score["scoreMaximum"],
        }
        return service.line_item(entry.place["line_items"], wanted)


def _entry(arrival: Arrival, submission: Submission, most: float) -> Entry:
    """Say what a platform is to know of a grade. most: points of the assignment."""
    scope = arrival.place.get("scope")
    manual = submission.needs_manual_grade
    place = {
        "issuer": arrival.issuer,
        "client_id": arrival.client_id,
        "user": arrival.user,
        "line_item": _text(arrival.place.get("lineitem")),
        "line_items": _text(arrival.place.get("lineitems")),
        "resource_link": arrival.resource_link,
        "scope": " ".join(map(str, scope)) if isinstance(scope, list) else "",
    }
    score = {
        "userId": arrival.user,
        "scoreGiven": round(submission.score or 0.0, DECIMALS),
        "scoreMaximum": most,
        "activityProgress": "Submitted" if manual else "Completed",
        "gradingProgress": "PendingManual" if manual else "FullyGraded",
        "submission": {"submittedAt": arrival.time},
    }
    return Entry(arrival.learner, arrival.assignment, place, score, timestamp="")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _name(gradebook: Gradebook, arrival: Arrival) -> None:
    """Give a learner without a name in the gradebook the one that the platform knows."""
    student = gradebook.find_student(arrival.learner)
    names = {"first_name": arrival.given_name, "last_name": arrival.family_name}
    if any(names.values()) and not (student.first_name or student.last_name):
        gradebook.update_or_create_student(arrival.learner, **names)


def _note(entry: Entry) -> str:
    who = f"{printable(entry.learner, 60)}, {printable(entry.assignment, 60)}"
    return f"{who}: {printable(entry.problem, 400)}"
