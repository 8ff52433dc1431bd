"""nbgrader's web page on the sample class: it lists, shows a graded submission, takes a grade."""

import shutil

import pytest
from playwright.sync_api import expect

from autograder import COURSE
from autograder.settings import read_settings
from evidence.browser import chromium, watch
from evidence.sample_class.loop import CLASS, graded
from tests.autograder.formgrader import formgrader
from tests.autograder.processes import PATIENCE
from tests.lanes import together

pytestmark = [pytest.mark.slow, together("formgrader")]

expect.set_options(timeout=1_000 * PATIENCE)
LEARNER = "learner-04"  # wrong in one function, so that a message is there to be seen


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the graded class, since giving a grade changes it."""
    graded()
    copy = tmp_path_factory.mktemp("formgrader") / "class"
    shutil.copytree(CLASS, copy, ignore=shutil.ignore_patterns("learners"))
    return copy


@pytest.fixture(scope="module")
def address(course, tmp_path_factory):
    """The formgrader on the copy."""
    log = tmp_path_factory.mktemp("server") / "log"
    with formgrader(COURSE, log, COURSE_CLASS=str(course)) as url:
        yield url


@pytest.fixture
def page(address):
    """A page of the formgrader; it asks no other host."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        log = watch(context)
        yield context.new_page()
    assert (log.elsewhere(address), log.errors) == ([], [])


def test_the_assignments_are_listed(page, address):
    page.goto(f"{address}/formgrader")
    row = page.get_by_role("row", name="lstm-gates")
    expect(row).to_contain_text("2026-03-16 20:00:00 UTC")
    expect(row).to_contain_text("released")
    expect(row.get_by_role("link", name="24", exact=True)).to_be_visible()


def test_the_submissions_of_an_assignment_are_listed(page, address):
    page.goto(f"{address}/formgrader/manage_submissions/lstm-gates")
    row = page.get_by_role("row", name=LEARNER)
    expect(row).to_contain_text("needs manual grading")
    expect(row).to_contain_text("20 / 27")
    expect(page.get_by_role("row", name="learner-16")).to_contain_text("20 / 27")


AUTOGRADE = """async (url) => {
    const token = document.cookie.match(/_xsrf=([^;]+)/)[1];
    const answer = await fetch(url, {method: "POST", headers: {"X-XSRFToken": token}});
    return await answer.json();
}"""
"""What the button does."""


def test_the_button_autogrades_in_a_sandbox(page, address, course):
    """This learner's code ends its process: nbgrader alone would give up on it."""
    page.goto(f"{address}/formgrader/manage_submissions/lstm-gates")
    url = f"{address}/formgrader/api/submission/lstm-gates/learner-16/autograde"
    answer = page.evaluate(AUTOGRADE, url)
    assert answer["success"], answer
    graded = course / "autograded" / "learner-16" / "lstm-gates" / "lstm-gates.ipynb"
    assert "your code ended its own process" in graded.read_text("utf-8")


def test_a_submission_shows_its_scores_and_takes_a_grade_and_a_comment(page, address, course):
    with api_of(course).gradebook as gradebook:
        (notebook,) = gradebook.find_submission("lstm-gates", LEARNER).notebooks
        url = f"{address}/formgrader/submissions/{notebook.id}/"
    page.goto(url)
    expect(
        page.get_by_text("CheckFailed: forget_gate: All your columns are those of the input gate")
    ).to_be_visible()
    assert page.locator("math").count() > 50 and "$$" not in page.inner_text("body")
    expect(page.locator(".tabbable:focus")).to_have_count(1)  # which waits for no MathJax
    scores = page.locator("input.score")
    expect(scores).to_have_count(9)
    assert [box.get_attribute("placeholder") or "" for box in scores.all()] == [
        "3", "2", "0", "3", "3", "3", "3", "3", "",
    ]  # fmt: skip
    scores.last.fill("3.5")
    with page.expect_response(lambda response: "/api/grade/" in response.url):
        scores.last.press("Tab")
    comment = page.locator("textarea.comment").last
    comment.fill("Which gate shows the cell?")
    with page.expect_response(lambda response: "/api/comment/" in response.url):
        comment.press("Tab")
    with api_of(course).gradebook as gradebook:
        entry = gradebook.find_submission("lstm-gates", LEARNER)
        assert (entry.score, entry.needs_manual_grade) == (23.5, False)
        comments = [comment.comment for comment in entry.notebooks[0].comments]
        assert "Which gate shows the cell?" in comments


def api_of(course):
    """Open the copied class."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CLASS", str(course))
        return read_settings().open()
