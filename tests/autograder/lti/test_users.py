"""Two real users: the web application's can only write submissions, the grader's has the rest."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.lti.launch import learner_id
from autograder.lti.places import Places
from autograder.lti.registration import Registrations
from course import COURSE
from evidence.lti.browser import NOTEBOOK
from tests.autograder.lti.conftest import registered
from tests.commands import blocks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0,
        reason="ONLY ROOT CAN TEST THAT THE TWO USERS OF THE LTI TOOL CANNOT DO EACH OTHER'S WORK: "
        "run tests/autograder/lti/test_users.py as root",
    ),
]
PAGE = COURSE / "book" / "learning-platform.md"
TOOL, GRADER, GROUP = 20001, 20002, 20010  # numbers that no account needs to have


GROUPS = {
    TOOL: [f"--regid={GROUP}", "--clear-groups"],
    GRADER: [f"--regid={GRADER}", f"--groups={GROUP}"],
}
"""The tool's user belongs to the group that they share; the grader's has one of its own besides."""


@pytest.fixture
def places(platform, tool_keys):
    """The folders as the page for instructors has them made, and what the grader writes there."""
    parent = Path(tempfile.mkdtemp(prefix="lti-users-"))
    parent.chmod(0o755)
    places = Places(parent / "class", parent / "class" / "submitted")
    set_up(places.folder)
    shutil.copytree(tool_keys / "private", places.grader / "private")
    shutil.copy2(tool_keys / "public.json", places.grader)
    Registrations(places.registrations).add(registered(platform))
    places.outbox.mkdir(parents=True)
    (places.folder / "gradebook.db").write_text("grades")
    for path in places.grader.rglob("*"):
        if not path.is_relative_to(places.tool):
            os.chown(path, GRADER, GROUP)
    yield places
    shutil.rmtree(parent)


def set_up(folder):
    """Type what the page says, with numbers in place of the accounts that it makes."""
    [block] = [each for each in blocks(PAGE.read_text("utf-8"), "sh") if "groupadd" in each]
    left_out = re.compile(r"^(umask|export|sudo (group|user)\w+) ")
    for line in filter(lambda each: not left_out.match(each), block.splitlines()):
        command = line.removeprefix("sudo ")
        command = command.replace("$USER:grading", f"{GRADER}:{GROUP}")
        command = command.replace("lti:grading", f"{TOOL}:{GROUP}")
        user = [] if command != line else ["setpriv", f"--reuid={GRADER}", *GROUPS[GRADER]]
        shell = [*user, "bash", "-c", f"umask 027\n{command}"]
        subprocess.run(shell, check=True, env=os.environ | {"COURSE_CLASS": str(folder)})


def run_as(user, code, *arguments):
    """Run Python code as a user; what it printed."""
    command = ["setpriv", f"--reuid={user}", *GROUPS[user], sys.executable, "-c", code]
    command += map(str, arguments)
    ran = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment())
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def environment():
    root = Path(__file__).resolve().parents[3]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path, "HOME": "/nonexistent"}


TRIES = """
import sys
for path, mode in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        open(path, mode).close()
        print("yes", end=" ")
    except OSError:
        print("no", end=" ")
"""


def may(user, *questions):
    """Whether a user may open each path in a mode."""
    return run_as(user, TRIES, *(part for question in questions for part in question)).split()


def hand_in_as(user, places, platform):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder.lti.intake import check_folder, hand_in\n"
        "from autograder.lti.launch import Launch, learner_id\n"
        "from autograder.lti.places import Places\n"
        "from autograder.lti.registration import Registrations\n"
        "folder, issuer, user, content = sys.argv[1:]\n"
        "places = Places(Path(folder), Path(folder, 'submitted'))\n"
        "check_folder(places.submitted)\n"
        "registration = Registrations(places.registrations).all()[0]\n"
        "learner = learner_id(issuer, user)\n"
        "who = user, learner, '', '', True, False\n"
        "launch = Launch(registration, '1', *who, 'small', '', {}, {})\n"
        "print(hand_in(places, launch, 'small', content.encode()).time)\n"
    )
    return run_as(user, code, places.folder, platform.address, platform.user, NOTEBOOK.decode())


def test_the_web_application_writes_submissions_and_nothing_else(places, platform):
    assert hand_in_as(TOOL, places, platform)
    submission = places.submission("small", learner_id(platform.address, platform.user))
    assert (submission / "small.ipynb").read_bytes() == NOTEBOOK
    forbidden = [
        (places.folder / "gradebook.db", "r"),
        (places.folder / "gradebook.db", "a"),
        (places.private_key, "r"),
        (places.outbox / "new", "w"),
        (places.registrations, "a"),
        (places.grader / "new", "w"),
        (places.folder / "new", "w"),
        (places.public_keys, "a"),
    ]
    assert may(TOOL, *forbidden) == ["no"] * len(forbidden)
    assert may(TOOL, (places.registrations, "r"), (places.public_keys, "r")) == ["yes", "yes"]


def test_what_the_grader_writes_is_not_for_the_web_application(places):
    """With the umask of the page for instructors."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from autograder.whole import write_whole\n"
        "os.umask(0o027)\n"
        "for path in sys.argv[1:]:\n"
        "    write_whole(Path(path), b'x')\n"
    )
    result, registrations = places.folder / "results" / "small" / "x.json", places.registrations
    run_as(GRADER, code, result, registrations)
    assert may(TOOL, (result, "r"), (registrations, "r")) == ["no", "yes"]


def test_the_grader_reads_submissions_and_has_the_key(places, platform):
    hand_in_as(TOOL, places, platform)
    learner = learner_id(platform.address, platform.user)
    submission = places.submission("small", learner)
    allowed = [
        (submission / "small.ipynb", "r"),
        (submission / "timestamp.txt", "r"),
        (places.arrival("small", learner), "r"),
        (places.private_key, "r"),
        (places.outbox / "new", "w"),
        (places.folder / "gradebook.db", "a"),
    ]
    assert may(GRADER, *allowed) == ["yes"] * len(allowed)
    forbidden = [(submission / "small.ipynb", "a"), (places.submitted / "new", "w")]
    assert may(GRADER, *forbidden) == ["no", "no"]


def test_others_read_nothing(places, platform):
    hand_in_as(TOOL, places, platform)
    submission = places.submission("small", learner_id(platform.address, platform.user))
    code = TRIES.replace("import sys", "import os, sys; os.setgid(20099); os.setuid(20099)")
    paths = (submission / "small.ipynb", places.registrations, places.folder / "gradebook.db")
    command = [sys.executable, "-c", code, *(part for path in paths for part in (path, "r"))]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["no", "no", "no"]
