"""The command line of the LTI tool: `python -m autograder lti --help`."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.lti import Refused
from autograder.lti.places import Places, places_of
from autograder.settings import Settings

if TYPE_CHECKING:
    from autograder.lti.keys import ToolKey
    from autograder.lti.registration import Registration

OTHERS = ("gradebook.db", "results", "autograded", "feedback")  # of the class, for the grader
EVERY = 30  # seconds between two looks at the gradebook
LACKING = (
    "The LTI tool needs the package {}, which is not installed. Install the course's packages "
    "again: python -m pip install --require-hashes -r requirements.txt"
)
POWERFUL = (
    "Careful: this user can also read {}. Run the web application as a user who can only write "
    "submissions; the page for instructors says how."
)


def carry_out(settings: Settings, options: argparse.Namespace, show: Callable) -> None:
    """Carry out a command. Raises SystemExit where it cannot be."""
    places = places_of(settings)
    commands = {
        "register": register,
        "invite": invite,
        "accept": accept,
        "serve": serve,
        "send": send,
    }
    try:
        commands[options.lti](settings, places, options, show)
    except Refused as refused:
        raise SystemExit(str(refused)) from None
    except ModuleNotFoundError as error:
        raise SystemExit(LACKING.format(error.name)) from None


def register(
    settings: Settings, places: Places, options: argparse.Namespace, show: Callable
) -> None:
    """Add a platform, or what is new of it."""
    from autograder.lti.keys import make_key
    from autograder.lti.registration import Registrations

    registrations = Registrations(places.registrations)
    make_key(places.private_key, places.public_keys)
    new = _registration(registrations.all(), options)
    registrations.add(new)
    show(f"Registered: {new.issuer} with the client id {new.client_id}.")


def _registration(known: list["Registration"], options: argparse.Namespace) -> "Registration":
    """Read a platform from the command line; what is not given stays as it is known."""
    from autograder.lti.registration import Registration

    which = options.issuer, options.client_id
    fresh = Registration(
        *which,
        deployments=tuple(options.deployment),
        login_url=options.login,
        token_url=options.token,
        keys_url=options.keys,
        origins=tuple(options.origin),
    )
    old = next((each for each in known if each.is_same(fresh)), fresh)
    return replace(
        fresh,
        login_url=options.login or old.login_url,
        token_url=options.token or old.token_url,
        keys_url=options.keys or old.keys_url,
        audience=options.audience or old.audience,
    )


def invite(settings: Settings, places: Places, options: argparse.Namespace, show: Callable) -> None:
    """Print the address at which a platform's administrator registers the tool."""
    from autograder.lti.dynamic import Invitations
    from autograder.lti.keys import make_key

    make_key(places.private_key, places.public_keys)
    code = Invitations(places).invite()
    show(f"Good for an hour, once: {options.address}/lti/register/{code}")


def accept(settings: Settings, places: Places, options: argparse.Namespace, show: Callable) -> None:
    """Show the platform that was registered by the invitation, and accept it if that is wanted."""
    from autograder.lti.dynamic import Invitations

    invitations = Invitations(places)
    new = invitations.waiting()
    if new is None:
        show("No platform waits.")
        return
    named = f"{new.issuer} with the client id {new.client_id}"
    show(
        "\n  ".join(
            [f"{named} waits. It is asked for sign-ins, tokens and keys at", *new.addresses]
        )
    )
    if not (options.yes or _agreed("Are these addresses the platform's? [y/N] ")):
        show("Not accepted. It waits until the next invitation.")
        return
    invitations.accept(new)
    show(f"Accepted: {named}.")
    if not new.deployments:
        show("Its deployment is not known yet: add it with `register --deployment`.")


def _agreed(question: str) -> bool:
    """Ask on the terminal. Whoever cannot answer has not agreed."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def serve(settings: Settings, places: Places, options: argparse.Namespace, show: Callable) -> None:
    """Serve the web application until Ctrl-C, on this machine only."""
    from nbgrader.coursedir import CourseDirectory

    from autograder.lti.intake import check_folder
    from autograder.lti.registration import origin

    origin(options.address)
    if not (options.site / "do").is_dir():
        raise SystemExit(
            f"{options.site} is no site of a course: it has no folder do/ with the pages of "
            "assignments."
        )
    if not places.public_keys.exists():
        raise SystemExit("No platform is registered: see `python -m autograder lti register`.")
    check_folder(places.submitted)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    classroom = CourseDirectory(config=settings.config)  # and no exchange, which it cannot write
    solutions = Path(classroom.root, classroom.source_directory)
    for path in (places.private_key, solutions, *(places.folder / name for name in OTHERS)):
        if os.access(path, os.R_OK):
            logging.getLogger("autograder.lti").warning(POWERFUL.format(path))
    asyncio.run(_serve(places, options, show))


async def _serve(places: Places, options: argparse.Namespace, show: Callable) -> None:
    from autograder.lti.web import HERE, Tool, listen

    server = listen(Tool(places, options.site, options.address), options.port)
    show(f"Serving {options.address} at {HERE}:{options.port}, until Ctrl-C.")
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    server.stop()
    await server.close_all_connections()


def send(settings: Settings, places: Places, options: argparse.Namespace, show: Callable) -> None:
    """Send scores: once, or until Ctrl-C; then choices of assignments are signed, too."""
    from autograder.lti.keys import read_key
    from autograder.lti.sending import Sender

    key = read_key(places.private_key, places.public_keys)
    sender = Sender(settings, places, key)
    if not options.stay:
        show(sender.send())
        return
    with _signing(settings, places, key):
        shown = ""
        while True:
            try:
                new = sender.send()
            except SystemExit as busy:  # `lti send` was typed meanwhile, and does the same
                new = str(busy)
            if new != shown:
                show(new)
            shown = new
            time.sleep(EVERY)


@contextmanager
def _signing(settings: Settings, places: Places, key: "ToolKey") -> Iterator[None]:
    from nbgrader.api import MissingEntry

    from autograder.lti.linking import signing

    def points(assignment: str) -> float:
        with settings.open().gradebook as gradebook:
            try:
                return float(gradebook.find_assignment(assignment).max_score)
            except MissingEntry:
                raise Refused(
                    f"The gradebook does not know {assignment}: generate the assignment first."
                ) from None

    with signing(places, key, points):
        yield
