"""README's pictures show the book and the message as they are built now."""

import json

import pytest

from evidence.browser import chromium, serve
from evidence.pictures import CHAPTER, FEEDBACK, PICTURES, message, sidebar, take_tab
from evidence.sample_class.loop import graded
from tests.course.built_book import build_book

pytestmark = pytest.mark.slow
ANEW = "the picture is out of date: `make pictures` takes it anew"


def shown(name):
    """What a picture shows, as text."""
    return json.loads((PICTURES / f"{name}.json").read_text("utf-8"))


def test_the_book_has_the_sidebar_of_its_picture():
    assert sidebar(build_book() / CHAPTER) == shown("book"), ANEW


def test_the_tab_says_what_its_picture_shows(monkeypatch, tmp_path):
    monkeypatch.setattr("evidence.pictures.PICTURES", tmp_path)
    with chromium() as browser, serve(build_book()) as site:
        assert take_tab(browser.new_page(), site) == shown("tab"), ANEW


def test_the_check_says_what_its_picture_shows():
    graded()
    assert message(FEEDBACK) == shown("message"), ANEW
