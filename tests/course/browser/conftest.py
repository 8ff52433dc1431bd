"""The site, a browser, and learners who visit its pages."""

import pytest

from evidence.browser import chromium, serve, watch
from tests.course.browser.learner import Learner
from tests.course.built_book import build_book


@pytest.fixture(scope="module")
def site():
    with serve(build_book()) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(site, browser):
    """Open assignments, each visit in a browser of its own; see that none leaves the site."""
    logs, contexts = [], []

    def visit(assignment, prepare=lambda context: None, context=None, **options):
        if context is None:
            context = browser.new_context(accept_downloads=True, **options)
            contexts.append(context)
            logs.append(watch(context))
            prepare(context)
        learner = Learner(context.new_page(), site, assignment)
        learner.context, learner.log = context, logs[-1]
        return learner

    yield visit
    for context in contexts:
        context.close()
    assert [url for log in logs for url in log.elsewhere(site)] == []
