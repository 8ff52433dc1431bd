"""The page that a learner gets back: what it says, and that nothing in it does anything."""

import re
from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.executed import show
from autograder.judge.job import Executed
from autograder.plugins.inert import Inert
from autograder.reports import feedback
from autograder.reports.feedback import Library, Mark, Marks, duration, page
from autograder.reports.rendering import unwrapped
from autograder.wording import Words
from evidence.browser import chromium
from tests.autograder.reports.shown import assert_readable
from tests.yardstick import measured

NAMES = {"assignment": "lstm-gates", "notebook": "lstm-gates", "student": "learner-04"}
MESSAGE = (
    "forget_gate: All your columns are those of the input gate. Keras stacks\n"
    "  the blocks i, f, c, o: input gate, forget gate, candidate, output\n  gate."
)


def known(grade_id, test=False, text=False):
    """nbgrader's metadata of an answer, a check or a written answer."""
    return {
        "nbgrader": {"grade_id": grade_id, "grade": test or text, "solution": not test}
        | {"locked": test, "task": False}
    }


def failed(evalue, ename="CheckFailed"):
    return new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def answered(notes=(), message=MESSAGE, answer=(), together=()):
    """A notebook with a wrong gate, a right one and a written answer, as the grader leaves it."""
    test = "check()\n### BEGIN HIDDEN TESTS\nsecret()\n### END HIDDEN TESTS"
    cells = [
        new_markdown_cell("# Gates\n\nThe gate is $f = \\sigma(z_f)$:\n\n$$\\frac{a}{b}$$"),
        new_code_cell("def forget_gate(x):\n    return x", metadata=known("forget_gate"),
                      outputs=list(answer)),
        new_code_cell(test, metadata=known("forget_gate-check", test=True),
                      outputs=[failed(message)]),
        new_code_cell("def sigmoid(x): ...", metadata=known("sigmoid")),
        new_code_cell(test + "\n" * 20 + "end", metadata=known("sigmoid-check", test=True),
                      outputs=[new_output("stream", text="sigmoid agrees with Keras.")]),
        new_markdown_cell("because", metadata=known("why", text=True)),
    ]  # fmt: skip
    notebook = new_notebook(cells=cells)
    outputs = [cell.outputs for cell in cells if cell.cell_type == "code"]
    diagnoses = {"forget_gate-check": "input columns", "sigmoid-check": ""}
    show(notebook, Executed(outputs, diagnoses, [], 0.1, together), True, notes)
    return notebook


def marks(**further):
    by_cell = {
        "forget_gate-check": Mark(0, 3, False),
        "sigmoid-check": Mark(2.5, 2.5, False),
        "why": Mark(0, 4, True),
    }
    words = {
        "forget_gate": Words("the cell for forget_gate", "forget_gate", True),
        "forget_gate-check": Words("the check after forget_gate", "forget_gate", True),
        "why": Words("the written answer", "written answer", False),
    }
    return Marks(**{"by_cell": by_cell, "comments": {}, "words": words} | further)


def section(function, diagnosis):
    return f"About {function}: {diagnosis or 'itself'}", f"lstm.html#{function}"


BOOK = Library(section, "https://example.org/book/")


def html_of(notebook=None, library=BOOK, names=NAMES, **further):
    notebook, _ = Inert(enabled=True)(notebook or answered(), {})
    return page(notebook, names, marks(**further), library)


def parsed(*arguments, **options):
    return BeautifulSoup(html_of(*arguments, **options), "html.parser")


def text(element):
    return " ".join(element.get_text().split())


def verdicts(soup):
    return soup.select(".questions > li")


@pytest.mark.parametrize("notes", [(), ("The first cell was put back.",)])
@pytest.mark.parametrize("together", [(), ("sigmoid-check",)])
def test_what_stands_for_a_person_is_not_on_the_page(notes, together):
    notebook = answered(notes, together=together)
    assert len(notebook.cells) == 6 + bool(notes or together)
    page_of_it = text(parsed(notebook))
    assert "Tests in one process" not in page_of_it and "About your file" not in page_of_it
    assert ("The first cell was put back." in page_of_it) == bool(notes)
    assert "The gate is" in page_of_it


def test_each_question_has_its_functions_name_points_and_what_was_wrong():
    gate, sigmoid, why = verdicts(parsed())
    assert text(gate.h3) == "✗ forget_gate not right yet 0 of 3 points"
    assert text(gate.select_one(".message")) == " ".join(MESSAGE.split())
    assert text(sigmoid.h3) == "✓ sigmoid right 2.5 of 2.5 points"
    assert sigmoid.select(".message") == []
    assert text(why.h3) == "… Written answer a person grades it up to 4 points"


def test_a_question_leads_to_the_book_and_to_its_cells():
    soup = parsed()
    gate, sigmoid, why = verdicts(soup)
    links = {text(link): link["href"] for link in gate.find_all("a")}
    assert links["About forget_gate: input columns"] == (
        "https://example.org/book/lstm.html#forget_gate"
    )
    assert "return x" in text(soup.select_one(links["Your answer"]))
    assert "check()" in text(soup.select_one(links["The check"]))
    assert [text(link) for link in why.find_all("a")] == ["Your answer"]
    assert "About" not in text(sigmoid)


@pytest.mark.parametrize(
    ("library", "named"), [(Library(section, ""), True), (Library(None, "https://x/"), False)]
)
def test_without_an_address_the_section_is_named_and_without_a_book_it_is_not(library, named):
    (gate, *_) = verdicts(parsed(library=library))
    assert ("About forget_gate" in text(gate)) == named
    assert all(link["href"].startswith("#cell-") for link in gate.find_all("a"))


def test_what_a_person_grades_and_what_was_restored_stand_above_the_notebook():
    soup = parsed(answered(["A cell was put back: the check after <b>."]))
    waiting = soup.find("section", {"aria-labelledby": "waiting"})
    assert text(waiting.li) == "Written answer, up to 4 points"
    restored = soup.find("section", {"aria-labelledby": "file"})
    assert text(restored.li) == "A cell was put back: the check after <b>."
    assert "About your file" not in text(soup)  # it stands there for the one who grades
    assert "Written answer" in text(verdicts(soup)[2])


def test_being_late_is_said_in_words():
    due, handed_in = datetime(2026, 3, 16, 20), datetime(2026, 3, 18, 23, 5)
    late = (handed_in - due).total_seconds()
    soup = parsed(penalty=0.75, due=due, handed_in=handed_in, late=late)
    assert (
        "Handed in 2 days and 3 hours late: it was due on 16 March 2026, 20:00 UTC. "
        "That takes 0.75 points off the 2.5 that your answers have."
    ) in text(soup.header)
    assert text(soup.select_one(".score")) == "1.75 of 9.5 points so far"
    assert " late" not in text(parsed().header)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "less than a minute"), (60, "1 minute"), (3_700, "1 hour and 1 minute"),
        (86_400, "1 day"), (86_400 + 60, "1 day"), (3 * 86_400 + 7_200, "3 days and 2 hours"),
    ],
)  # fmt: skip
def test_a_time_is_written_in_its_two_largest_units(seconds, words):
    assert duration(seconds) == words


def test_a_comment_of_a_person_stands_with_the_question_and_the_answer():
    soup = parsed(comments={"why": "See **chapter 2**."}, by_cell={"why": Mark(1, 4, False)})
    (why,) = verdicts(soup)
    assert text(why.h3) == "• Written answer graded by hand 1 of 4 points"
    assert text(why.select_one(".comment strong")) == "chapter 2"
    assert len(soup.select(".comment")) == 2


def test_a_cell_that_stopped_is_named_where_its_check_fails():
    stopped = failed("Your code ended its own process (exit code 3)", "Stopped")
    gate, sigmoid, _ = verdicts(parsed(answered(answer=[stopped])))
    assert "Your own cell stopped with this: Your code ended its own process" in text(gate)
    assert "stopped" not in text(sigmoid)


@pytest.mark.slow
def test_hidden_tests_are_not_shown_and_what_a_learner_calls_so_is():
    notebook = answered()
    notebook.cells[1].source = "### BEGIN HIDDEN TESTS\nmy_own()"
    soup = parsed(notebook)
    assert "secret" not in text(soup)
    assert "my_own()" in text(soup)


def test_a_long_check_is_folded_and_an_answer_never_is():
    notebook = answered()
    notebook.cells[1].source = "line()\n" * 50
    folded = parsed(notebook).select("details")
    assert [text(each.summary) for each in folded] == ["Its code"]
    assert "end" in text(folded[0])


def test_a_message_that_was_wrapped_is_joined_and_an_example_stays():
    assert unwrapped("a\n  b\n  c") == "a b c"
    assert (
        unwrapped("compute anew:\n  a = a + b\nEither: x")
        == "compute anew:\n  a = a + b\nEither: x"
    )


def test_formulas_and_headings_take_their_place_in_the_page():
    soup = parsed()
    assert [each["display"] for each in soup.find_all("math")] == ["inline", "block"]
    assert len(soup.find_all("h1")) == 1
    assert text(soup.select_one(".text h3")) == "Gates"


def test_the_colours_of_a_terminal_are_kept_where_the_page_knows_them():
    coloured = new_output("stream", text="\x1b[31mred\x1b[0m \x1b[38;2;1;1;1mdark\x1b[0m")
    soup = parsed(answered(answer=[coloured]))
    assert text(soup.select_one(".ansi-red-fg")) == "red"
    assert soup.select("pre [style]") == []


SHORT = "\x1b[31m"
FLOODS = {
    "colours": SHORT * 200_000,
    "colours between letters": f"{SHORT}x" * 150_000,
    "unfinished codes": "\x1b[" * 500_000,
    "codes of numbers": "\x1b[" + "1;" * 500_000 + "m",
    "commands of a terminal": "\x1b]0;title\x07" * 90_000,
    "one line": "x" * 1_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_megabyte_of_anything_printed_takes_no_seconds(flood):
    with measured() as rendering:
        markup = html_of(answered(answer=[new_output("stream", text=flood), failed(flood)]))
    assert rendering.work < 50
    assert len(markup) < 500_000


@pytest.mark.slow
def test_many_texts_and_much_code_take_no_seconds():
    notebook = answered()
    notebook.cells += [new_markdown_cell("<div>\n" * 3_000 + "[" * 1_900) for _ in range(50)]
    notebook.cells += [new_markdown_cell("\\\\[" * 5_000) for _ in range(50)]
    notebook.cells += [new_code_cell("'" * 49_000), new_code_cell("(" * 400_000)]
    with measured() as rendering:
        html_of(notebook)
    assert rendering.work < 200


ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=40) | st.sampled_from(
    ["=1+2", "\u202egnp.exe", "\x00\x1b[31m", "a" * 10_000, "<script>alert(1)</script>",
     "\"' onload=x", "</style><script>", "{{ 7 * 7 }}", "\ud83d", "../..", "\r\n", "$x$", "&#x3c;"]
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.fuzz
@given(data=st.data())
def test_whatever_things_are_called_and_say_the_page_is_written_and_does_nothing(data):
    names = {key: data.draw(ANYTHING) for key in NAMES}
    notes = data.draw(st.lists(ANYTHING, max_size=2))
    notebook = answered(notes, message=data.draw(ANYTHING))
    for cell in notebook.cells:
        cell.source = data.draw(ANYTHING)
    title = data.draw(ANYTHING)
    words = {"forget_gate-check": Words(title, title, data.draw(st.booleans()))}
    comments = {"why": data.draw(ANYTHING)}
    library = Library(lambda *_: (title, title), data.draw(ANYTHING))
    markup = html_of(notebook, library, names, words=words, comments=comments)
    markup.encode()
    soup = BeautifulSoup(markup, "html.parser")
    assert soup.find_all(["script", "iframe", "object", "embed", "form", "base"]) == []
    assert {name for tag in soup.find_all() for name in tag.attrs if name.startswith("on")} == set()
    assert len(verdicts(soup)) == 3
    assert len(text(soup.header)) < 1_000


def test_a_name_is_shown_without_what_turns_the_text_round():
    soup = parsed(names={**NAMES, "student": "\u202eabc\x1b[31m" + "x" * 10_000})
    assert "\\u202eabc\\x1b[31mxxx" in text(soup.header)
    assert "49" not in text(parsed(names={**NAMES, "student": "{{ 7 * 7 }}"}).title)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def rich():
    """A page with something of everything in it."""
    notebook = answered(["A locked cell had been changed and was restored: the check."])
    notebook.cells.append(new_markdown_cell(
        "| a | b |\n|---|---|\n| $x$ | `recurrent_kernel_of_the_layer` |\n\n1. one\n\n> quoted\n\n"
        "$$\\left\\lVert \\frac{\\partial L}{\\partial h_{T-k,b}} \\right\\rVert = "
        "\\sqrt{\\sum_j \\Bigl(\\frac{\\partial L}{\\partial h_{T-k,b,j}}\\Bigr)^2}$$"
    ))  # fmt: skip
    colours = "".join(
        f"\x1b[{code}mcolour {code}\x1b[0m " for code in [*range(30, 38), *range(90, 98)]
    )
    code = (
        "import numpy as np\n# a comment\nx = f'{1.5:.2f}' if None else [print(\"s\")]\n"
        + "y" * 300
    )
    notebook.cells.append(new_code_cell(code, outputs=[
        new_output("stream", text=colours + "z" * 500),
        new_output("stream", name="stderr", text="a warning"),
        new_output("display_data", data={"image/png": PNG}),
    ]))  # fmt: skip
    due = datetime(2026, 3, 16, 20)
    return html_of(notebook, penalty=1, due=due, handed_in=due, late=5, comments={"why": "Good."})


PNG = (  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible_fits_and_asks_nobody(browser, tmp_path, width, theme):
    path = tmp_path / "page.html"
    path.write_text(rich(), "utf-8")
    assert_readable(browser, path, width, theme)


@pytest.mark.slow
def test_a_dark_page_is_printed_on_white_with_all_of_its_code(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(rich(), "utf-8")
    opened = browser.new_page(color_scheme="dark")
    opened.goto(path.as_uri())
    opened.emulate_media(media="print")
    color = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert color == "rgb(255, 255, 255)"
    assert len(opened.pdf()) > 10_000
    opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("policy", [True, False])
def test_the_page_runs_no_script_even_if_one_slipped_in(browser, tmp_path, policy):
    """Without its policy the page does run the script, so the policy is what stops it."""
    html = rich().replace("</main>", "<script>window.hacked = 1</script></main>")
    if not policy:
        html = re.sub(r"<meta http-equiv=.*?>", "", html)
    path = tmp_path / "page.html"
    path.write_text(html, "utf-8")
    opened = browser.new_page()
    opened.goto(path.as_uri())
    assert opened.evaluate("window.hacked") == (None if policy else 1)
    opened.close()


def test_a_part_of_the_points_and_silence_are_explained():
    silent = answered()
    silent.cells[2].outputs = []
    (gate, *_) = verdicts(parsed(silent))
    assert text(gate.select_one(".message")) == feedback.WITHOUT_A_WORD["failed"]
    by_cell = {"forget_gate-check": Mark(1, 3, False)}
    (gate,) = verdicts(parsed(silent, by_cell=by_cell))
    assert text(gate.select_one(".message")) == feedback.WITHOUT_A_WORD["partly"]
