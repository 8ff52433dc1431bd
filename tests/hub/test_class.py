"""A class on the Hub, real and in Chromium: accounts, servers, the exchange, grades, feedback."""

import csv
import shutil
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import TimeoutError

from course import COURSE
from course.exercises import METADATA
from evidence.browser import chromium
from evidence.hub.running import (
    INSTRUCTOR,
    PREFIX,
    accounts,
    install,
    processes_of,
    running_hub,
)
from evidence.hub.simulated import Learner
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import Submission
from tests.hub.jupyterlab import Person, outputs
from tests.lanes import ON_A_HUB

pytestmark = ON_A_HUB

ADA, BOB, DAN = f"{PREFIX}ada", f"{PREFIX}bob", f"{PREFIX}dan"
MANY = [f"{PREFIX}{number:02}" for number in range(30)]
ASSIGNMENT = "rnn-cell"
NOTEBOOK = f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def hub():
    """A Hub for a list of learners."""
    install()
    with running_hub([ADA, BOB, DAN, *MANY]) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def sign_in(hub, browser):
    """A function that signs somebody in; if it takes too long, the Hub's log says why."""

    def sign_in(*name_and_password):
        try:
            return Person(browser, hub.address, *name_and_password)
        except TimeoutError as error:
            error.add_note(hub.log.read_text()[-3000:])
            raise

    return sign_in


@pytest.fixture(scope="module")
def teacher(hub, sign_in):
    return sign_in(INSTRUCTOR, hub.password())


@pytest.fixture(scope="module")
def ada(sign_in, teacher):
    return sign_in(ADA)


@pytest.fixture(scope="module")
def bob(sign_in, teacher):
    return sign_in(BOB)


def manage(teacher, action):
    """Press a button of the formgrader in the row of the assignment; it must succeed."""
    row = teacher.page.locator("tr", has=teacher.page.get_by_text(ASSIGNMENT, exact=True))
    row.locator(f".{action} a").click()
    title = teacher.page.locator(".modal.in .modal-title", has_text="Success")
    title.wait_for()
    teacher.page.locator(".modal.in .modal-footer button, .modal.in button.close").first.click()
    title.wait_for(state="hidden")


def work(person, answers):
    """Complete a fetched notebook, as its owner would."""
    path = person.home / NOTEBOOK
    complete(Submission("", ASSIGNMENT, "work", 0), path, answers)


WORK = {ADA: ({}, 16), BOB: ({"parameter_count": "biases missing"}, 14)}
"""Of the learners: their wrong answers, and the points that they get."""


def test_an_assignment_goes_from_release_to_feedback(teacher, ada, bob):
    teacher.go("formgrader")
    manage(teacher, "assign")
    manage(teacher, "release")
    for person in (ada, bob):
        answers, points = WORK[person.name]
        person.open_assignments()
        person.press("Fetch", "released")
        person.wait_for(ASSIGNMENT, "fetched")
        work(person, answers)
        person.run_all(NOTEBOOK, f"Points so far: {points} of the 16")
        assert not with_keras(person.name)
        person.open_assignments()
        person.press("Submit", "fetched")
        person.wait_for(ASSIGNMENT, "submitted")
    hand_in_as(BOB, ada)
    teacher.go("formgrader")
    manage(teacher, "collect")
    grading = f"python -m autograder grade {ASSIGNMENT}"
    printed = teacher.run_in_terminal(
        f"cd ~/course && {grading} && python -m autograder export --to csv"
    )
    with (teacher.home / "course" / "class" / "grades-csv.csv").open(encoding="utf-8-sig") as file:
        scores = {row["student_id"]: row["raw_score"] for row in csv.DictReader(file)}
    assert {name: float(scores[name]) for name in WORK} == {ADA: 16, BOB: 14}, printed
    teacher.go("formgrader")
    manage(teacher, "generate-feedback")
    manage(teacher, "release-feedback")
    for person in (ada, bob):
        person.open_assignments()
        person.press("Fetch Feedback", "submitted")
        link = person.page.locator("#submitted_assignments_list a", has_text="view feedback")
        link.first.wait_for()
        (page,) = (person.home / ASSIGNMENT / "feedback").rglob("*.html")
        assert (BIASES in page.read_text("utf-8")) == (person is bob)


def hand_in_as(other, person):
    """Copy a learner's own work into the exchange, under another's name and a later time."""
    place = f"$COURSE_EXCHANGE/lstm/inbound/{other}+{ASSIGNMENT}+2999-01-01 00:00:00 UTC+0"
    copying = f'cp -r ~/{ASSIGNMENT} "{place}" && chmod -R go+rX "{place}" && ls -d "{place}"'
    assert "2999" in person.run_in_terminal(copying)


BIASES = "parameter_count: "


def with_keras(name):
    """List the processes of an account that have loaded TensorFlow."""
    return [
        process
        for process in processes_of(name)
        if any("tensorflow" in each.path for each in process.memory_maps())
    ]


def secret_places(hub):
    """Name what a learner must not read: others' work, solutions, hidden tests, the Hub's state."""
    course = Path("/home", INSTRUCTOR, "course")
    exchange = hub.folder / "exchange" / "nbgrader" / "lstm"
    return [
        Path("/home", ADA),
        Path("/home", ADA, NOTEBOOK),
        course,
        course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py",
        course / "build" / "source" / NOTEBOOK,
        course / "class" / "gradebook.db",
        COURSE / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py",
        exchange / "inbound",
        exchange / "feedback",
        hub.folder / "hub",
        hub.folder / "hub" / "jupyterhub.sqlite",
    ]


def test_a_terminal_reads_nothing_of_others(hub, ada, bob):
    """The last line reads the learner's own work, and shows that the others could fail."""
    places = secret_places(hub)
    assert all(place.exists() for place in places)
    tried = bob.run_in_terminal("; ".join(f"ls {place}; cat {place}" for place in places))
    assert tried.count("Permission denied") == len(tried.splitlines()) == 2 * len(places), tried
    hidden = f"grep -rlsE 'HIDDEN TESTS|BEGIN SOLUTION' /home {hub.folder} {COURSE}"
    assert subprocess.run(hidden, shell=True, capture_output=True, text=True).stdout
    own = f"cut -c 1-9 ~/{NOTEBOOK} | tail -1"
    assert bob.run_in_terminal(f"{hidden} | grep -v ^$HOME/; {own}") == "}\n"


ATTEMPTS = """
import os, urllib.error, urllib.request
for place in {places}:
    try:
        print("READ", os.listdir(place) if os.path.isdir(place) else open(place).read())
    except PermissionError:
        print("refused", place)
token = {{"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}}
for address in {addresses}:
    try:
        print("READ", urllib.request.urlopen(urllib.request.Request(address, headers=token)).read())
    except urllib.error.HTTPError as error:
        print("refused", address, error.code)
own = urllib.request.Request({own!r}, headers=token)
print("own:", urllib.request.urlopen(own).status, "the end")
"""


def test_a_notebook_reads_nothing_of_others(hub, ada, bob):
    places = list(map(str, secret_places(hub)))
    (port,) = {
        each.laddr.port
        for process in processes_of(ADA)
        if "jupyterhub-singleuser" in " ".join(process.cmdline())
        for each in process.net_connections("tcp")
        if each.status == psutil.CONN_LISTEN
    }
    addresses = [
        f"{hub.address}/user/{ADA}/api/contents",
        f"http://127.0.0.1:{port}/user/{ADA}/api/contents",
        f"{hub.address}/hub/api/users",
        f"{hub.address}/hub/api/users/{ADA}",
    ]
    own = f"{hub.address}/user/{BOB}/api/contents"
    code = ATTEMPTS.format(places=places, addresses=addresses, own=own)
    write_notebook(bob.home / "attempts.ipynb", code)
    shown = outputs(bob.run_all("attempts.ipynb", "the end"))
    assert "READ" not in shown
    assert shown.count("refused") == len(places) + len(addresses)
    assert "own: 200" in shown


def test_the_permissions_are_those_that_nbgrader_needs(hub, ada):
    exchange = hub.folder / "exchange"
    modes = {
        exchange: 0o710,
        exchange / "nbgrader": 0o1777,
        exchange / "nbgrader" / "lstm": 0o755,
        exchange / "nbgrader" / "lstm" / "outbound": 0o755,
        exchange / "nbgrader" / "lstm" / "inbound": 0o1733,
        exchange / "nbgrader" / "lstm" / "feedback": 0o711,
        hub.folder / "hub": 0o700,
        **{Path(account.pw_dir): 0o700 for account in accounts()},
    }
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes


def test_a_learner_has_limits(hub, bob):
    large = "import numpy as np, os\nnp.ones(2**28)  # 2 GB"
    folder = "own = os.statvfs('/dev/shm')\nprint(own.f_blocks * own.f_frsize >> 20, 'MB')"
    processors = "print(len(os.sched_getaffinity(0)), 'processor')"
    write_notebook(bob.home / "large.ipynb", large, folder, processors)
    shown = outputs(bob.run_all("large.ipynb", "processor"))
    assert "Unable to allocate 2.00 GiB" in shown
    assert "1024 MB" in shown
    assert "1 processor" in shown


def write_notebook(path, *sources):
    """Write a notebook of cells that may fail."""
    goes_on = {"tags": ["raises-exception"]}
    cells = [nbformat.v4.new_code_cell(source, metadata=goes_on) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), path)
    shutil.chown(path, path.parent.owner())


def test_a_learner_who_forgot_the_password_chooses_another(hub, teacher):
    """The instructor presses what the page of the book says, in its order."""
    assert Learner(hub.address, DAN, "a forgotten one").sign_in() == 302
    assert Learner(hub.address, DAN).sign_in() == 403
    file = Path("/home", DAN, "kept")
    file.touch()
    page = teacher.page
    page.goto(f"{hub.address}/hub/admin")
    row = page.get_by_test_id(f"user-row-{DAN}")
    row.get_by_role("button", name="Edit User").click()
    page.get_by_role("button", name="Delete user").click()
    page.get_by_role("button", name="Add Users").click()
    assert Learner(hub.address, DAN).sign_in() == 403
    page.get_by_placeholder("usernames separated by line").fill(DAN)
    page.get_by_role("button", name="Add Users").click()
    row.wait_for()
    assert Learner(hub.address, DAN).sign_in() == 302
    assert Learner(hub.address, DAN, "a forgotten one").sign_in() == 403
    assert file.exists()


def test_a_killed_hub_loses_nothing(hub, ada):
    """Cookies, passwords, servers, kernels and files are as before."""
    ada.open_notebook(NOTEBOOK)
    before = {process.pid: process.create_time() for process in processes_of(ADA)}
    work = (ada.home / NOTEBOOK).read_bytes()
    hub.kill()
    hub.start()
    after = {process.pid: process.create_time() for process in processes_of(ADA)}
    assert before.items() <= after.items()
    ada.open_notebook(NOTEBOOK)  # with the cookie of before
    assert (ada.home / NOTEBOOK).read_bytes() == work
    ada.open_assignments()
    ada.wait_for(ASSIGNMENT, "submitted")
    assert Learner(hub.address, ADA, "another password").sign_in() == 403
    assert Learner(hub.address, ADA).sign_in() == 302


def test_thirty_learners_submit_in_a_minute(hub, teacher):
    learners = [Learner(hub.address, name) for name in MANY]

    def begin(learner):
        assert learner.sign_in() == 302
        learner.start()
        assert learner.do("fetch", ASSIGNMENT)["success"]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, learners))
    begun = time.monotonic()
    with ThreadPoolExecutor(len(MANY)) as pool:
        answers = list(pool.map(lambda learner: learner.do("submit", ASSIGNMENT), learners))
    assert time.monotonic() - begun < 60
    assert all(answer["success"] for answer in answers)
    inbound = hub.folder / "exchange" / "nbgrader" / "lstm" / "inbound"
    submitted = {path.name.partition("+")[0] for path in inbound.iterdir()}
    assert submitted >= set(MANY)
    assert all((path / f"{ASSIGNMENT}.ipynb").is_file() for path in inbound.iterdir())
