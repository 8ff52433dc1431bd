"""Measures a class that a learning platform sends in: launches and hand-ins in a minute."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from course import COURSE
from evidence.browser import free_port, wait_for
from evidence.lti.browser import Browser
from evidence.lti.platform import Platform, key_pair
from evidence.records import conditions, write
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import Submission

ASSIGNMENT = "rnn-cell"
LEARNERS = 300
AT_ONCE = 16  # learners who press a button at the same time
SITE = COURSE / "build" / "book" / "_build" / "html"
TOOL = [sys.executable, "-m", "autograder", "lti"]


def register(platform: Platform, environment: dict[str, str]) -> None:
    """Register the platform with the tool of the class that the environment names."""
    words = [*TOOL, "register", *platform.words()]
    subprocess.run(words, cwd=COURSE, env=environment, check=True, capture_output=True)


@contextmanager
def serving(address: str, environment: dict[str, str]) -> Iterator[None]:
    """Serve the book at `address` as the page for instructors says, in a process of its own."""
    port = address.rpartition(":")[2]
    words = ["serve", str(SITE), "--address", address, "--port", port]
    tool = subprocess.Popen([*TOOL, *words], cwd=COURSE, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{address}/lti/keys", tool)
        yield
    finally:
        tool.terminate()
        tool.wait()


def a_minute(action: Callable[[Browser], None], browsers: list[Browser]) -> int:
    """Have all do something, a few at once; return how many would have done it in a minute."""
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(action, browsers))
    return round(60 * len(browsers) / (time.monotonic() - begun))


def measure(folder: Path, learners: int = LEARNERS) -> dict:
    """Measure a class in `folder`, whose learners each launch, hand in, and hand in once more."""
    shutil.copy(COURSE / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", folder)
    notebook = folder / f"{ASSIGNMENT}.ipynb"
    complete(Submission("", ASSIGNMENT, "perfect", 0), notebook, {})
    content = notebook.read_bytes()
    class_ = folder / "class"
    class_.mkdir()
    environment = os.environ | {"COURSE_CLASS": str(class_)}
    address = f"http://127.0.0.1:{free_port()}"
    keys: dict[Browser, str] = {}  # of the page that each was shown

    def hand_in(browser: Browser) -> None:
        answer = browser.hand_in(keys[browser], content, ASSIGNMENT)
        assert answer.status_code == 200, answer.text

    def launch_and_hand_in(browser: Browser) -> None:
        keys[browser] = browser.mark(browser.launch().text)
        hand_in(browser)

    with Platform(address, key_pair()).running() as platform:
        platform.link_path = f"/lti/launch/{ASSIGNMENT}"
        register(platform, environment)
        with serving(address, environment):
            browsers = [
                Browser(address, platform, f"learner-{number}") for number in range(learners)
            ]
            launched = a_minute(launch_and_hand_in, browsers)
            handed_in = a_minute(hand_in, browsers)
    submissions = list(class_.glob(f"submitted/lti-*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
    assert len(submissions) == learners
    return {
        "learners": learners,
        "notebook_kb": round(len(content) / 1000),
        "launches_with_a_hand_in_a_minute": launched,
        "hand_ins_a_minute": handed_in,
    }


def main() -> None:
    """Measure, and write evidence/lti.json. It needs the built book."""
    if not (SITE / "do" / f"{ASSIGNMENT}.html").exists():
        raise SystemExit("There is no built book: `make book` builds it.")
    with tempfile.TemporaryDirectory() as folder:
        record = conditions() | measure(Path(folder))
    write("lti", record)
    print(record)
