"""The built book in Chromium: it stays on its own host, renders, and can be used by everybody."""

import re

import pytest
from playwright.sync_api import expect

from evidence.browser import (
    broken_images,
    chromium,
    clipped,
    faint_texts,
    lay_out,
    overflow,
    serious_violations,
    serve,
    watch,
)
from tests.course.built_book import PAGES, build_book
from tests.lanes import long_but_some

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ALL_PAGES = [*PAGES, "search"]
SOME_PAGES = long_but_some(ALL_PAGES, every=4)
"""All pages, of which `make test` looks at one in four."""


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
    """Open pages; afterwards, see that they asked no other host and that nothing went wrong."""
    logs, contexts = [], []

    def open_page(name, theme="light", viewport=WIDE):
        contexts.append(browser.new_context(color_scheme=theme, viewport=viewport))
        logs.append(watch(contexts[-1]))
        page = contexts[-1].new_page()
        page.goto(f"{site}/{name}.html", wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for log in logs for url in log.elsewhere(site)] == []
    assert [error for log in logs for error in log.errors] == []


@pytest.mark.parametrize("name", SOME_PAGES)
def test_page_reads_well_and_is_accessible(visit, name):
    page = visit(name)
    assert page.title().endswith("LSTM, gate by gate")
    assert page.locator("main h1:visible").count() == 1
    assert page.locator(".math:not(:has(math))").count() == 0
    assert page.locator("merror").count() == 0
    assert broken_images(page) == []
    assert serious_violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_readers(visit, theme):
    expect(visit(PAGES[1], theme).locator("html")).to_have_attribute("data-theme", theme)


@pytest.mark.parametrize("name", SOME_PAGES)
def test_what_is_written_stands_out_in_the_dark(visit, name):
    page = visit(name, "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert broken_images(page) == []
    assert faint_texts(page) == []


def test_a_faint_text_is_found_wherever_it_stands(visit):
    page = visit("sheet")
    assert faint_texts(page) == []
    page.evaluate("document.querySelector('main p:last-of-type').style.color = '#bbb'")
    assert len(faint_texts(page)) == 1


@pytest.mark.parametrize("name", SOME_PAGES)
def test_page_fits_a_telephone_and_is_accessible_there(visit, name):
    page = visit(name, viewport=NARROW)
    assert overflow(page) <= 0
    assert clipped(page) == []
    assert serious_violations(page) == []


def test_chapters_and_search_are_reached_on_a_telephone(visit):
    page = visit(PAGES[1], viewport=NARROW)
    page.locator(".bd-header-article .primary-toggle").click()
    drawer = page.locator("dialog[open]")
    drawer.get_by_role("link", name="Glossary").wait_for()
    assert serious_violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".bd-header-article .search-button").click()
    page.locator("dialog[open] input[type=search]").fill("cell state")
    assert serious_violations(page) == []
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()


def test_search_finds_a_term_and_leads_to_it(visit):
    page = visit("search")
    page.locator("main input[type=search]").fill("forget gate")
    page.keyboard.press("Enter")
    page.locator("#search-results li a", has_text="Glossary").first.click()
    page.wait_for_url(re.compile(r"/glossary\.html([?#].*)?$"))


def test_theme_switch_is_remembered(visit):
    page = visit(PAGES[0])
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    for _ in range(3):  # light, dark, as the system has it
        page.locator(".theme-switch-button:visible").first.click()
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
    page.reload(wait_until="networkidle")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_formulas_reach_screen_readers_as_formulas(visit):
    """Where a formula is a picture or letters in boxes, they cannot say what is above and below."""
    page = visit("glossary")
    lay_out(page)
    formulas = page.locator("main .math")
    assert formulas.count() > 10
    assert page.get_by_role("math").count() == formulas.count()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = [node.get("role", {}).get("value") for node in tree["nodes"] if not node["ignored"]]
    assert roles.count("MathMLMath") == formulas.count()
    assert {"MathMLIdentifier", "MathMLSub"} <= set(roles)


def test_start_address_leads_to_the_first_page(visit):
    page = visit(PAGES[0])
    page.goto(page.url.rsplit("/", 1)[0] + "/")
    page.wait_for_url(f"**/{PAGES[0]}.html")
