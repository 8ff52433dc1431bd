"""The quizzes of the built book in Chromium: feedback, keyboard, what is kept, print."""

import pytest
from playwright.sync_api import expect

from course.curriculum import chapters, quizzes
from evidence.browser import serious_violations, watch
from tests.course.built_book import build_book
from tests.lanes import long_but

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quiz")]

CHAPTER = chapters()[0].page
FIRST, SECOND, *REST = quizzes(CHAPTER)
NUMBER = len([FIRST, SECOND, *REST])
NO_STORE = """Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } })"""
NO_ROOM = (
    """Storage.prototype.setItem = (key) => { throw new DOMException(key, "QuotaExceededError") }"""
)


@pytest.fixture
def context(browser, site):
    context = browser.new_context()
    log = watch(context)
    yield context
    context.close()
    assert log.elsewhere(site) == [] and log.errors == []


@pytest.fixture
def page(context, site):
    return chapter(context, site)


def chapter(context, site):
    """The chapter in a new tab, with its quizzes alive."""
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}.html")
    page.locator(".quiz [role=status]").first.wait_for(state="attached")
    return page


def quiz(page, which=FIRST):
    return page.locator(f'[data-quiz="{which.name}"]')


def button(page, answer, which=FIRST):
    return quiz(page, which).locator(f'input[value="{answer.value}"]')


def wrong(which=FIRST):
    return next(answer for answer in which.answers if not answer.is_right)


def words(number):
    """What the verdict on an answer of the first quiz is."""
    return f"{'ABCDEFG'[number]} is {'right' if FIRST.answers[number].is_right else 'wrong'}."


def verdict(page, which=FIRST):
    """What stands above the feedback that is shown."""
    return quiz(page, which).locator(".quiz-feedback:visible .tab-verdict")


@pytest.mark.parametrize("page_name", [each.page for each in chapters()])
def test_the_quizzes_of_a_page_are_those_that_the_map_counts(page_name):
    text = (build_book() / f"{page_name}.html").read_text("utf-8")
    assert text.count('data-quiz="') == len(quizzes(page_name))
    for each in quizzes(page_name):
        assert f'data-quiz="{each.name}"' in text and f'value="{each.right.value}"' in text


def test_feedback_is_shown_on_the_answer_that_was_chosen_last(page):
    expect(verdict(page)).to_have_count(0)
    for number, answer in enumerate(FIRST.answers):
        quiz(page).locator("label").nth(number).click()
        expect(verdict(page)).to_have_count(1)
        expect(verdict(page)).to_have_text(words(number))
        expect(button(page, answer)).to_be_checked()
    expect(verdict(page, SECOND)).to_have_count(0)


def test_right_and_wrong_differ_in_words_and_signs_and_are_read_aloud(page):
    for answer, sign in ((FIRST.right, "✓"), (wrong(), "✗")):
        button(page, answer).check()
        before = "node => getComputedStyle(node, '::before').content"
        assert sign in verdict(page).evaluate(before)
        assert verdict(page).evaluate("node => node.closest('[role=status]') !== null")


def test_the_keyboard_alone_suffices(page):
    quiz(page).evaluate("node => { node.tabIndex = -1; node.focus() }")
    page.keyboard.press("Tab")
    expect(button(page, FIRST.answers[0])).to_be_focused()
    expect(verdict(page)).to_have_count(0)  # nothing is chosen by walking past
    page.keyboard.press("Space")
    expect(verdict(page)).to_have_text(words(0))
    page.keyboard.press("ArrowDown")
    expect(button(page, FIRST.answers[1])).to_be_focused()
    expect(verdict(page)).to_have_text(words(1))
    focused = page.evaluate("document.activeElement.name")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != focused


def test_a_screen_reader_is_given_the_question_the_answers_and_what_is_chosen(page):
    button(page, wrong()).check()
    group = page.get_by_role("group").and_(page.locator("fieldset")).first
    expect(group.get_by_role("radio")).to_have_count(len(FIRST.answers))
    expect(group.get_by_role("radio", checked=True)).to_have_count(1)
    snapshot = group.aria_snapshot()
    asked = FIRST.question.text.partition("$")[0].strip()
    assert snapshot.splitlines()[0].startswith(f'- group "{asked}')
    assert "is wrong." in quiz(page).get_by_role("status").aria_snapshot()


@pytest.mark.parametrize("theme", long_but(["dark"], ["light", "dark"]))
def test_quizzes_are_accessible_with_and_without_feedback(browser, site, theme):
    context = browser.new_context(color_scheme=theme)
    page = chapter(context, site)
    assert serious_violations(page) == []
    for number in range(NUMBER):
        page.locator(".quiz").nth(number).locator("input").nth(number % 3).check()
    expect(page.locator(".quiz-feedback:visible")).to_have_count(NUMBER)
    assert serious_violations(page) == []
    context.close()


def test_an_answer_is_kept_and_can_be_changed(page):
    button(page, wrong()).check()
    page.reload()
    expect(button(page, wrong())).to_be_checked()
    expect(verdict(page)).to_contain_text("is wrong.")
    button(page, FIRST.right).check()
    page.reload()
    expect(button(page, FIRST.right)).to_be_checked()
    expect(verdict(page)).to_contain_text("is right.")
    expect(page.locator(".quiz input:checked")).to_have_count(1)


def test_two_tabs_show_the_same_answer(context, site, page):
    other = chapter(context, site)
    button(other, SECOND.right, SECOND).check()
    button(page, wrong()).check()
    expect(button(other, wrong())).to_be_checked()
    expect(verdict(other)).to_contain_text("is wrong.")
    button(other, FIRST.right).check()
    expect(button(page, FIRST.right)).to_be_checked()
    expect(button(page, SECOND.right, SECOND)).to_be_checked()


@pytest.mark.parametrize("script", [NO_STORE, NO_ROOM])
def test_a_browser_that_keeps_nothing_says_so_and_works(browser, site, script):
    context = browser.new_context()  # whose errors are the theme's, which cannot keep its colours
    context.add_init_script(script)
    page = chapter(context, site)
    for answer in FIRST.answers:
        button(page, answer).check()
        expect(quiz(page).locator(".quiz-note")).to_contain_text("does not keep your answer")
        expect(verdict(page)).to_have_count(1)
    page.reload()
    expect(page.locator(".quiz input:checked")).to_have_count(0)
    expect(page.locator(".quiz-note:visible")).to_have_count(0)
    context.close()


def test_a_store_that_is_full_says_so_until_there_is_room(page):
    button(page, wrong()).check()
    expect(quiz(page).locator(".quiz-note")).to_be_hidden()
    page.evaluate(
        "localStorage.fill = 'x'.repeat(5 * 2 ** 20 - JSON.stringify(localStorage).length)"
    )
    page.evaluate("() => { try { for (;;) localStorage.fill += 'x'.repeat(10) } catch {} }")
    button(page, SECOND.right, SECOND).check()
    expect(quiz(page, SECOND).locator(".quiz-note")).to_be_visible()
    page.evaluate("delete localStorage.fill")
    button(page, wrong(SECOND), SECOND).check()
    expect(quiz(page, SECOND).locator(".quiz-note")).to_be_hidden()


def test_in_print_every_answer_has_its_feedback(page):
    button(page, wrong()).check()
    page.emulate_media(media="print")
    expect(quiz(page).locator(".quiz-feedback:visible")).to_have_count(len(FIRST.answers))


def test_without_scripts_the_answers_can_be_opened(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}.html")
    expect(quiz(page).locator("legend")).to_be_visible()
    expect(quiz(page).locator(".quiz-feedback:visible")).to_have_count(0)
    quiz(page).locator("summary").click()
    expect(quiz(page).locator(".quiz-feedback:visible")).to_have_count(len(FIRST.answers))
    context.close()


def test_the_map_counts_the_quizzes_that_were_answered_right(site, page):
    button(page, FIRST.right).check()
    button(page, wrong(SECOND), SECOND).check()
    page.goto(f"{site}/intro.html")
    count = page.locator("[data-quizzes]").first
    expect(count).to_have_text(f"1 of {NUMBER} quizzes right")
    page.go_back()
    button(page, SECOND.right, SECOND).check()
    page.go_forward()
    expect(count).to_have_text(f"2 of {NUMBER} quizzes right")
