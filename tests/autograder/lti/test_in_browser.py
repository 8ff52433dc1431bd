"""A learner's whole way in Chromium: the platform's page, the tab, the grade at the platform."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from course import COURSE
from evidence.browser import chromium, wait_for, watch
from evidence.check_cells import functions, solution
from evidence.lti.record import measure
from tests.course.browser.learner import PATIENCE, TEXT
from tests.course.built_book import build_book

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tab")]
ASSIGNMENT = "rnn-cell"


class Class:
    """A class of its own in a copy of the course; its commands, as they are typed."""

    def __init__(self, folder):
        self.course = folder / "course"
        unwanted = (
            "build",
            ".git",
            ".venv",
            "__pycache__",
            ".*_cache",
            "book",
            "evidence",
            "tests",
        )
        shutil.copytree(COURSE, self.course, ignore=shutil.ignore_patterns(*unwanted))
        for name in ("build/source", "book/data"):
            shutil.copytree(COURSE / name, self.course / name)
        programs = os.path.dirname(sys.executable)
        self.environment = os.environ | {
            "COURSE_CLASS": "class",
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        }
        (self.course / "class").mkdir()

    def start(self, *words):
        command = [sys.executable, "-m", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, cwd=self.course, env=self.environment, **pipes)

    def run(self, *words):
        process = self.start(*words)
        printed, _ = process.communicate(timeout=240)
        assert process.returncode == 0, printed
        return printed

    @contextmanager
    def serving(self, site, address, port):
        words = ("serve", str(site), "--address", address, "--port", str(port))
        process = self.start("autograder", "lti", *words)
        try:
            wait_for(f"{address}/lti/keys", process)
            yield
        finally:
            process.terminate()
            self.log = process.communicate(timeout=30)[0]


def test_a_class_is_measured(tmp_path):
    build_book()
    measured = measure(tmp_path, learners=3)
    assert measured["hand_ins_a_minute"] > measured["launches_with_a_hand_in_a_minute"] > 0


@pytest.fixture
def class_(tmp_path, platform):
    """A class that knows the platform and the assignment."""
    class_ = Class(tmp_path)
    class_.run("nbgrader", "generate_assignment", ASSIGNMENT, "--force")
    class_.run("autograder", "lti", "register", *platform.words())
    return class_


def test_from_the_platforms_page_to_the_grade_at_the_platform(class_, platform, address, port):
    platform.link_path = f"/lti/launch/{ASSIGNMENT}"
    with class_.serving(build_book(), address, port):
        with chromium() as browser:
            context = browser.new_context()
            log = watch(context)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{platform.address}/course")
            frame = page.frame_locator("iframe")
            first, second = functions(ASSIGNMENT)[:2]
            for name in (first, second):
                editor = frame.locator(f'[data-id="{name}"]').locator("textarea, .cm-content")
                editor.click()
                page.keyboard.press("Control+a")
                page.keyboard.insert_text(solution(ASSIGNMENT, name))
            frame.get_by_role("button", name=f"Check {first}", exact=True).click()
            check = frame.locator(f'[data-id="{first}-check"]')
            expect(check).to_have_attribute("data-outcome", "agrees", timeout=PATIENCE)
            frame.get_by_role("button", name="Hand in", exact=True).click()
            receipt = frame.locator("[data-handed-in]")
            expect(receipt).to_contain_text("Handed in. It arrived on", timeout=PATIENCE)
            assert receipt.get_attribute("data-handed-in")
            context.clear_cookies()
            frame.get_by_role("button", name="Hand in", exact=True).click()
            notices = frame.locator(".tab-notices")
            expect(notices).to_contain_text("This sign-in has ended", timeout=PATIENCE)
            assert editor.evaluate(TEXT) == solution(ASSIGNMENT, second)  # nothing is lost
            assert [
                url for url in log.elsewhere(address) if not url.startswith(platform.address)
            ] == []
            assert ["403" in each for each in log.errors] == [True]  # of the second hand-in
        class_.run("autograder", "grade", ASSIGNMENT)
        assert class_.run("autograder", "lti", "send").startswith("Scores sent: 1.")
    ((_, score),) = platform.scores
    graded = json.loads((COURSE / "exercises" / ASSIGNMENT / "checks" / "graded.json").read_text())
    assert score["scoreGiven"] == graded[first]["points"] + graded[second]["points"]
    assert score["gradingProgress"] == "FullyGraded"
    assert not re.search(r"eyJ|id_token|state=", class_.log)


def test_the_page_of_a_static_host_has_no_such_button(tmp_path):
    from evidence.browser import serve

    with serve(build_book()) as site, chromium() as browser:
        context = browser.new_context()
        log = watch(context)
        page = context.new_page()
        page.goto(f"{site}/do/{ASSIGNMENT}.html")
        expect(page.locator(".tab-points")).to_be_visible(timeout=PATIENCE)
        assert page.get_by_role("button", name="Hand in", exact=True).count() == 0
        assert log.errors == []
        assert not any("hand-in" in url and "lti" in url for url in log.requests)
