"""The instructor's report: its figures, its links into the book, and hostile text in it."""

import re
from functools import partial

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from traitlets.config import Config

from autograder.reports.report import Book, duration, grid, histogram, write_page, write_report
from autograder.results import Question, Result
from autograder.settings import Settings, read_settings
from course import curriculum
from course.curriculum import ASSIGNMENTS
from evidence.browser import chromium
from tests.autograder.reports.shown import assert_readable
from tests.course.built_book import HTML, build_book
from tests.course.test_links import problems

PAYLOADS = (
    "<script>window.hacked = 1</script>",
    "\"'><img src=x onerror='window.hacked = 1'>",
    "</title></style></svg><iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "{{ 7 * 7 }}{% endraw %}<a href='javascript:window.hacked = 1'>x</a>",
    "half of a pair \ud83d, \u202eturned round, " + "without a space" * 40,
)


def graded(learner, forget="", gate="", **other):
    """A result of two gates and a written answer: 3 points each where the diagnosis is ""."""
    wrong = {"forget_gate": forget, "input_gate": gate}
    questions = [
        Question(f"{name}-check", 0.0 if d else 3.0, 3.0, d, f"{name}: says {d}." if d else "")
        for name, d in wrong.items()
    ]
    given = {
        "assignment": "lstm-gates",
        "learner": learner,
        "score": sum(question.score for question in questions),
        "max_score": 10.0,
        "auto_max_score": 6.0,
        "penalty": 0.0,
        "questions": [*questions, Question("in-your-own-words", None, 4.0, None, "")],
        "notes": [],
        "sandboxed": True,
        "seconds": 0.5,
        "graded": "2026-11-22T19:40:00+00:00",
        "digest": "",
    }
    return Result(**given | other)


DAMAGED = graded("learner-05", questions=[], score=0.0, notes=["The file is damaged."])
CLASS = [
    graded("learner-01"),
    graded("learner-02", gate="bias missing", penalty=0.5, seconds=70.0),
    graded("learner-03", gate="bias missing", forget="input columns"),
    graded("learner-04", gate="not started", forget="value"),
    DAMAGED,
]


def write(results, folder, built=HTML):
    """Write a report with links into this course's book."""
    find = partial(curriculum.section, results[0].assignment)
    return write_page(results, Book(built, folder / "reports" / "lstm-gates.html", find))


def parse(path):
    """The elements of a report."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def page_of(results, folder):
    """Write a report and parse it."""
    return parse(write(results, folder))


def text(element):
    """An element's text, in one line."""
    return " ".join(element.get_text().split())


def parts(element):
    """The texts in an element, one by one."""
    return list(element.stripped_strings)


def part(page, name):
    """The section of a page under the heading with this id."""
    return page.find("section", {"aria-labelledby": name})


def test_the_headline_leaves_out_what_could_not_be_graded(tmp_path):
    page = page_of([*CLASS[:3], DAMAGED], tmp_path)
    assert [parts(tile) for tile in page.find("dl").find_all("div")] == [
        ["Submissions", "4"],
        ["Mean score", "3.0", "of 6"],
        ["Median score", "3", "of 6"],
        ["Full marks", "1", "33 %"],
        ["Need a human", "1"],
    ]
    assert "1 of the 4 submissions could not be graded" in text(page)


def test_the_chart_of_scores_has_its_numbers_in_a_table(tmp_path):
    rows = part(page_of(CLASS, tmp_path), "scores").find("tbody").find_all("tr")
    assert [parts(row) for row in rows] == [
        ["0", "2", "50 %"],
        ["1", "0", "0 %"],
        ["2", "0", "0 %"],
        ["3", "1", "25 %"],
        ["4", "0", "0 %"],
        ["5", "0", "0 %"],
        ["6", "1", "25 %"],
    ]


def test_points_that_a_person_gave_are_not_among_the_scores(tmp_path):
    checked = [question for question in graded("learner-01").questions if question.score]
    answer = Question("in-your-own-words", 4.0, 4.0, None, "")
    page = page_of([graded("learner-01", score=10.0, questions=[*checked, answer])], tmp_path)
    assert parts(page.find("dl"))[2:5] == ["Mean score", "6.0", "of 6"]
    assert "4 points: none to do." in text(part(page, "questions"))
    assert "Nothing." in text(part(page, "humans"))


def test_many_points_share_a_bar():
    bars = histogram([0.0, 3.9, 4.0, 99.0, 100.0], most=100.0)
    assert len(bars) <= 30
    assert [(bar.label, bar.count) for bar in bars if bar.count] == [
        ("0 to 3", 2),
        ("4 to 7", 1),
        ("96 to 99", 1),
        ("100", 1),
    ]


@pytest.mark.parametrize("top", [1, 4, 5, 54, 1000])
def test_an_axis_reaches_its_longest_bar(top):
    numbers = grid(top)
    assert numbers[0] == 0 < numbers[-1] >= top
    assert len(numbers) <= 5


def test_a_question_shows_its_share_mean_and_most_frequent_diagnoses(tmp_path):
    cards = part(page_of(CLASS, tmp_path), "questions").select(".cards > li")
    assert [text(card.h3) for card in cards] == ["forget_gate", "input_gate", "in-your-own-words"]
    assert "25 % passed (1 of 4), mean 0.8 of 3 points" in text(cards[1])
    assert "Most frequent: bias missing (2), not started (1)" in text(cards[1])
    counted = "input_gate: passed 1, known mistake 2, other failure 0, not started 1"
    assert cards[1].svg["aria-label"] == counted
    assert "A person grades it, 4 points: 4 to do." in text(cards[2])


def test_misconceptions_are_ranked_by_learners_with_message_and_chapter(tmp_path):
    cards = part(page_of(CLASS, tmp_path), "misconceptions").select("li")
    assert [text(card.h3) for card in cards] == [
        "input_gate bias missing",
        "forget_gate input columns",
    ]
    assert text(cards[0].blockquote) == "input_gate: says bias missing."
    assert text(cards[0].a) == "The LSTM, gate by gate: The input gate"
    assert text(cards[0].details) == "2 learners learner-02, learner-03"
    assert text(cards[1].a) == "The LSTM, gate by gate: How Keras stores the weights"


@pytest.mark.slow
def test_failures_without_a_known_mistake_stand_apart(tmp_path):
    cards = part(page_of(CLASS, tmp_path), "others").select("li")
    assert [text(card.h3) for card in cards] == ["forget_gate value", "input_gate not started"]


def test_a_long_tail_of_misconceptions_is_folded_and_complete(tmp_path):
    many = [graded(f"learner-{k:02d}", gate=f"mistake {k}") for k in range(20)]
    section = part(page_of(many, tmp_path), "misconceptions")
    assert len(section.select(".card")) == 20
    assert len(section.select("details.rest .card")) == 8
    assert "8 more, each of one learner" in text(section)


def test_the_most_frequent_of_several_messages_explains_a_misconception(tmp_path):
    results = [
        graded(
            f"learner-{k}", questions=[Question("forget_gate-check", 0.0, 3.0, "dtype", message)]
        )
        for k, message in enumerate(["one", "two", "two"])
    ]
    (card,) = part(page_of(results, tmp_path), "misconceptions").select("li")
    assert text(card.blockquote) == "two"
    assert "The most frequent of 2 different messages." in text(card)


def test_what_needs_a_human_says_why_and_for_whom(tmp_path):
    section = part(page_of(CLASS, tmp_path), "humans")
    first, second = [text(item) for item in section.find_all("li")]
    assert first == "The file is damaged. 1 learner learner-05"
    assert second.startswith("The written answer in-your-own-words, 4 points:")
    assert second.endswith("for 4 submissions.")
    assert section.find(class_="loud") is None


def test_a_grade_given_without_the_sandbox_is_marked_loudly(tmp_path):
    page = page_of([*CLASS, graded("learner-06", sandboxed=False)], tmp_path)
    loud = part(page, "humans").find(class_="loud")
    assert text(loud.h3) == "1 graded without the sandbox"
    assert "learner-06" in text(loud)
    assert parts(page.find("dl"))[-2:] == ["Need a human", "2"]


def test_late_submissions_and_the_time_are_on_the_page(tmp_path):
    page = page_of(CLASS, tmp_path)
    assert "1 of 5 came late and lose 0.5 points in all." in text(part(page, "late"))
    assert parts(part(page, "late").tbody) == ["learner-02", "3", "−0.5", "2.5"]
    assert [parts(tile) for tile in part(page, "time").find_all("div")] == [
        ["All submissions, added up", "1 min 12 s"],
        ["Median submission", "0.5 s"],
        ["Slowest submission", "1 min 10 s"],
    ]
    assert parts(part(page, "time").tbody.tr) == ["learner-02", "1 min 10 s"]


def test_the_largest_penalty_and_the_most_frequent_reason_come_first(tmp_path):
    results = [
        graded("learner-01", penalty=0.5, notes=["one"]),
        graded("learner-02", penalty=2.0, notes=["two"]),
        graded("learner-03", notes=["two"]),
    ]
    page = page_of(results, tmp_path)
    assert [parts(row)[0] for row in part(page, "late").tbody.find_all("tr")] == [
        "learner-02",
        "learner-01",
    ]
    assert [parts(item)[0] for item in part(page, "humans").find_all("li")[:2]] == ["two", "one"]


def test_the_page_says_when_the_last_submission_was_graded(tmp_path):
    later = graded("learner-06", graded="2026-11-23T08:05:00+00:00")
    page = page_of([later, *CLASS], tmp_path)
    assert "Last graded on 23 November 2026, 08:05 UTC." in text(page.header)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.31, "0.31 s"), (9.99, "10 s"), (42, "42 s"), (59.7, "1 min 0 s"), (3725, "1 h 2 min")],
)
def test_a_time_is_written_as_people_say_it(seconds, words):
    assert duration(seconds) == words


def test_a_class_in_which_nothing_could_be_graded_has_a_page(tmp_path):
    page = page_of([DAMAGED], tmp_path)
    assert "No submission could be graded." in text(page)
    assert "The file is damaged." in text(page)


def test_every_picture_has_a_text_or_is_ornament(tmp_path):
    for svg in page_of(CLASS, tmp_path).find_all("svg"):
        assert svg.get("aria-hidden") == "true" or (svg["role"] == "img" and text(svg.title))


ELSEWHERE = ("input columns", "block order f, i, c, o", "dtype")
"""Diagnoses that are explained in another section than the one on their function."""


def wrong_everywhere(assignment):
    """A result that makes every link that a report on the assignment can hold."""
    functions = ASSIGNMENTS[assignment].sections
    pairs = [(name, "value") for name in functions] + [(min(functions), each) for each in ELSEWHERE]
    questions = [Question(f"{name}-check", 0.0, 1.0, each, "") for name, each in pairs]
    return graded("learner-01", assignment=assignment, questions=questions)


def test_a_test_that_ran_in_the_learners_process_is_marked(tmp_path):
    beside = Question("plot-check", 3.0, 3.0, "", "", together=True)
    page = page_of([graded("learner-01", questions=[beside]), graded("learner-02")], tmp_path)
    assert "forge its result" in text(part(page, "humans"))
    (marked,) = [card for card in page.select(".card") if "learner's process" in text(card)]
    assert text(marked.select_one("h3")) == "plot"
    assert "forge its" not in text(page_of([graded("learner-02")], tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_link_arrives_in_the_built_book(tmp_path, assignment):
    build_book()
    page = page_of([wrong_everywhere(assignment)], tmp_path)
    links = [link["href"] for link in page.select(".card a")]
    assert len(links) == 2 * len(ASSIGNMENTS[assignment].sections) + len(ELSEWHERE)
    assert problems(sorted(set(links)), tmp_path / "reports" / "lstm-gates.html") == []


def test_without_a_built_book_the_chapters_are_still_named(tmp_path):
    page = parse(write(CLASS, tmp_path, built=tmp_path / "nowhere"))
    misconceptions = part(page, "misconceptions")
    assert "The book is not built yet." in text(misconceptions)
    assert "The LSTM, gate by gate: The input gate" in text(misconceptions)


def hostile():
    """Results in which every text that a learner could reach is a payload."""
    return [
        graded(
            f"{payload}{k}",
            questions=[
                Question("forget_gate-check", 0.0, 3.0, payload, payload),
                Question(payload, 0.0, 3.0, "value", payload),
                Question(f"{payload} written", None, 4.0, None, ""),
            ],
            notes=[payload],
            sandboxed=False,
            penalty=0.1,
        )
        for k, payload in enumerate(PAYLOADS)
    ]


def test_hostile_text_stays_text(tmp_path):
    page = page_of(hostile(), tmp_path)
    assert page.find_all(["script", "img", "iframe", "object", "form", "base"]) == []
    assert {name for tag in page.find_all() for name in tag.attrs if name.startswith("on")} == set()
    assert {link["href"].split("#")[0].rsplit("/", 1)[-1] for link in page.find_all("a")} == {
        "",
        "lstm.html",
    }
    for payload in PAYLOADS:
        assert payload.split("\ud83d")[0] in page.get_text()


NAMES = st.text(st.characters(codec=None, exclude_categories=()), max_size=30) | st.sampled_from(
    [*PAYLOADS, "=1+2", "\x00\x1b[2J", "a" * 10_000, "\r\n"]
)


@pytest.mark.slow
@pytest.mark.fuzz
@given(names=st.lists(NAMES, min_size=4, max_size=4))
def test_whatever_things_are_called_the_report_is_written_and_does_nothing(tmp_path_factory, names):
    learner, note, diagnosis, grade_id = names
    questions = [Question(grade_id, 0.0, 3.0, diagnosis, note)]
    results = [graded(learner, questions=questions, notes=[note], penalty=0.1, sandboxed=False)]
    page = page_of(results, tmp_path_factory.mktemp("names"))
    assert page.find_all(["script", "img", "iframe", "object", "form", "base"]) == []
    assert {name for tag in page.find_all() for name in tag.attrs if name.startswith("on")} == set()
    assert len(page.find_all("section")) == 7


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("results", [CLASS, hostile()], ids=["honest", "hostile"])
def test_the_page_is_accessible_fits_and_asks_nobody(browser, tmp_path, results, width, theme):
    path = write(results, tmp_path)
    assert_readable(browser, path, width, theme)


@pytest.mark.slow
@pytest.mark.parametrize("policy", [True, False])
def test_the_page_runs_no_script_even_if_one_slipped_in(browser, tmp_path, policy):
    """Without its policy the page does run the script, so the policy is what stops it."""
    path = write(CLASS, tmp_path)
    html = path.read_text("utf-8").replace("</main>", f"{PAYLOADS[0]}</main>")
    if not policy:
        html = re.sub(r"<meta http-equiv=.*?>", "", html)
    path.write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("window.hacked") == (None if policy else 1)
    page.close()


@pytest.mark.slow
def test_a_dark_page_is_printed_on_white(browser, tmp_path):
    path = write(CLASS, tmp_path)
    page = browser.new_page(color_scheme="dark")
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert color == "rgb(255, 255, 255)"
    page.close()


def settings_of(course, **report):
    """The settings of a course whose class, in its folder `class`, has results of lstm-gates."""
    config = Config()
    config.CourseDirectory.submitted_directory = "class/submitted"
    config.Report.update(report)
    settings = Settings(course, config)
    for result in CLASS:
        settings.results.write(result)
    return settings


def section_of_another_book(assignment, function, diagnosis):
    """Where somebody else's book explains mistakes; it has nothing on functions."""
    return (f"{assignment}, {function}", "pages/two.html#gates") if diagnosis else None


def test_the_report_is_written_into_the_class(tmp_path):
    path = write_report(settings_of(tmp_path), "lstm-gates")
    assert path == tmp_path / "class" / "reports" / "lstm-gates.html"
    assert "lstm-gates: how the class did" in path.read_text("utf-8")


def test_this_course_s_settings_lead_into_its_book(tmp_path):
    report = read_settings().config.Report
    links = parse(write_report(settings_of(tmp_path, **report), "lstm-gates")).select(".card a")
    address = (tmp_path / "class" / "reports" / links[0]["href"]).resolve()
    assert address == HTML / "lstm.html#the-forget-gate"
    assert text(links[0]) == "The LSTM, gate by gate: The forget gate"


def test_another_course_s_settings_lead_into_another_book(tmp_path):
    find = f"{__name__}.{section_of_another_book.__name__}"
    settings = settings_of(tmp_path, book=str(tmp_path / "book"), section=find)
    page = parse(write_report(settings, "lstm-gates"))
    assert part(page, "questions").find_all("a") == []
    card = part(page, "misconceptions").select_one(".card")
    assert card.a["href"] == "../../book/pages/two.html#gates"
    assert text(card.a) == "lstm-gates, input_gate"


@pytest.mark.parametrize("report", [{}, {"book": "/nowhere"}], ids=["nothing", "no section"])
def test_without_a_book_there_are_no_links_and_no_word_of_one(tmp_path, report):
    page = parse(write_report(settings_of(tmp_path, **report), "lstm-gates"))
    assert page.select("main a") == []
    assert "The book" not in text(page)


def test_an_assignment_without_results_is_refused_and_the_others_are_named(tmp_path):
    words = (
        "Nothing of lstm is graded yet. There are results of lstm-gates.\n"
        "To grade it: python -m autograder grade lstm"
    )
    with pytest.raises(SystemExit, match=re.escape(words)):
        write_report(settings_of(tmp_path), "lstm")
    assert not (tmp_path / "class" / "reports").exists()
