"""The site to publish: whole under any path, described, without solutions and hidden tests."""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from course.publish import SITEMAPS, address, publish, sitemap
from evidence.browser import chromium, serve, watch
from tests.course.browser.test_site import leaking
from tests.course.built_book import PAGES, build_book
from tests.course.leaks import DELIMITERS, leaks
from tests.course.test_links import parse, problems
from tests.lanes import together

pytestmark = together("publish")

ADDRESS = "https://example.org/some/where/"
LINKS = [("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"), ("source", "src")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, in the folder some/where of a host, at an address that it knows."""
    folder = tmp_path_factory.mktemp("host") / "some" / "where"
    publish(build_book(), folder, ADDRESS)
    return folder


def pages(site):
    return [page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("", None),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/lstm", "https://example.org/lstm/"),
        ("http://127.0.0.1:8000/book/", "http://127.0.0.1:8000/book/"),
    ],
)
def test_the_address_ends_with_a_slash(monkeypatch, value, meant):
    monkeypatch.setenv("COURSE_BOOK", value)
    assert address() == meant


@pytest.mark.parametrize(
    "value", ["example.org/lstm", "ftp://example.org", "https://", "https://a.b/?c", "/lstm/"]
)
def test_what_is_no_address_is_refused(monkeypatch, value):
    monkeypatch.setenv("COURSE_BOOK", value)
    with pytest.raises(SystemExit, match=r"such as https://example\.org/lstm/"):
        address()


def test_a_map_of_the_site_is_xml_whatever_the_address_holds():
    read = ElementTree.fromstring(sitemap(["a", "do/b"], "https://example.org/a&b/"))
    listed = [each.text for each in read.iter(f"{{{SITEMAPS}}}loc")]
    assert listed == ["https://example.org/a&b/a.html", "https://example.org/a&b/do/b.html"]


@pytest.mark.slow
@pytest.mark.long
def test_no_file_gives_a_solution_or_a_hidden_test_away(site):
    # An example for instructors, of no assignment of the course, shows where the marks stand.
    assert leaking(site) == {str(site / "own-exercise.html"): list(DELIMITERS)}
    for file in (site / "print").glob("*.pdf"):
        text = "\n".join(page.extract_text() for page in PdfReader(file).pages)
        assert leaks(text) == [], file


@pytest.mark.slow
@pytest.mark.long
def test_every_link_leads_to_a_file_of_the_site(site):
    for page in pages(site):
        links = [each[at] for tag, at in LINKS for each in parse(page).find_all(tag, {at: True})]
        assert problems(links, page) == [], page


@pytest.mark.slow
@pytest.mark.long
def test_what_a_page_loads_is_on_the_site_itself(site):
    for page in pages(site):
        read = parse(page)
        loaded = [each["src"] for each in read.find_all(src=True)]
        kinds = {"stylesheet", "icon", "preload"}
        loaded += [each["href"] for each in read.find_all("link") if kinds & set(each["rel"])]
        assert [each for each in loaded if "//" in each.partition(",")[0]] == [], page


@pytest.mark.slow
@pytest.mark.long
def test_the_map_of_the_site_lists_the_pages_that_people_read(site):
    listed = ElementTree.parse(site / "sitemap.xml").iter(f"{{{SITEMAPS}}}loc")
    assert [each.text for each in listed] == [f"{ADDRESS}{name}.html" for name in PAGES]


@pytest.mark.slow
@pytest.mark.long
def test_every_page_says_what_it_is_about_and_no_two_say_the_same(site):
    described = {}
    for name in PAGES:
        page = parse(site / f"{name}.html")
        tags = {each["property"]: each["content"] for each in page.select("meta[property^=og]")}
        assert tags["og:title"] == page.h1.get_text().removesuffix("#")
        assert tags["og:url"] == page.find("link", rel="canonical")["href"]
        assert tags["og:url"] == f"{ADDRESS}{name}.html"
        assert (site / tags["og:image"].removeprefix(ADDRESS)).is_file()
        described[name] = page.find("meta", {"name": "description"})["content"]
        assert tags["og:description"] == described[name]
        assert 30 < len(described[name]) < 260 and "$" not in described[name]
    assert len(set(described.values())) == len(PAGES)


@pytest.mark.slow
@pytest.mark.long
def test_its_first_address_leads_to_the_first_page(site):
    page = parse(site / "index.html")
    assert page.find("meta", {"http-equiv": "refresh"})["content"] == f"0; url={PAGES[0]}.html"
    assert page.title.get_text() == "LSTM, gate by gate"
    assert page.find("meta", {"name": "description"})


@pytest.mark.slow
@pytest.mark.long
def test_without_an_address_nothing_absolute_is_written(tmp_path):
    publish(build_book(), tmp_path / "site", None)
    assert not (tmp_path / "site" / "sitemap.xml").exists()
    page = parse(tmp_path / "site" / "lstm.html")
    assert page.find("meta", property="og:description")
    assert not page.find("meta", property="og:image") and not page.find("link", rel="canonical")


@pytest.mark.slow
@pytest.mark.long
def test_below_a_path_an_assignment_is_checked_and_has_no_solution(site):
    with serve(site.parents[1]) as host, chromium() as browser:
        context = browser.new_context()
        log = watch(context)
        page = context.new_page()
        page.goto(f"{host}/some/where/", wait_until="networkidle")
        expect(page).to_have_title("LSTM, gate by gate — LSTM, gate by gate")
        page.goto(f"{host}/some/where/do/rnn-cell.html")
        button = page.get_by_role("button", name="Check pre_activation")
        button.click()
        expect(page.get_by_text("pre_activation: not started yet.")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name="Solution")).to_have_count(0)
        assert (log.elsewhere(host), log.errors) == ([], [])
        context.close()
