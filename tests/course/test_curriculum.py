"""The curriculum agrees with the assignments, chapters, sections, banks, times and points."""

import re

import pytest
from bs4 import BeautifulSoup

from autograder.__main__ import parser
from autograder.reports.export import EXPORTERS
from autograder.settings import read_settings
from course import curriculum
from course.curriculum import ASSIGNMENTS, BOOK, DIAGNOSES, chapters, quizzes, section, title
from course.delivery.formulas import mathml
from course.exercises import SOLUTIONS, assignments
from course.generated import filled, lists_of_assignments
from evidence.banks import bank
from evidence.check_cells import functions, points
from evidence.equivalent import BY_RESULT
from evidence.realistic import slips
from evidence.sample_class import roster
from tests.course.built_book import build_book

each_assignment = pytest.mark.parametrize("name", ASSIGNMENTS)
CHAPTERS = chapters()
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.page)


def headings(page):
    """The headings of a page of the book, its title first; not the comments in its cells."""
    prose = re.sub(r"^```.*?^```", "", (BOOK / f"{page}.md").read_text("utf-8"), flags=re.M | re.S)
    return re.findall(r"^#+ (.+)$", prose, re.M)


def first_minutes(text):
    """The first time that a text gives."""
    minutes = re.search(r"about (\d+) minutes", text)
    assert minutes, "the text does not say: **Time**: about ... minutes"
    return int(minutes[1])


def test_every_solution_is_in_the_curriculum_and_every_assignment_has_one():
    unwritten = set(ASSIGNMENTS) - set(assignments())
    unlisted = set(assignments()) - set(ASSIGNMENTS)
    assert unwritten == set(), "in course/curriculum.py, not in solutions/"
    assert unlisted == set(), "in solutions/, not in course/curriculum.py"


@each_assignment
def test_every_graded_function_has_a_section_and_a_wrong_implementation(name):
    graded = set(functions(name))
    assert graded - set(ASSIGNMENTS[name].sections) == set(), "graded, without a section"
    assert set(ASSIGNMENTS[name].sections) - graded == set(), "with a section, not graded"
    assert graded - {entry.function for entry in bank(name)[0]} == set(), "not in WRONG of the bank"


@each_assignment
def test_the_points_are_those_of_the_solution(name):
    checks = {
        grade_id: each for grade_id, each in points(name).items() if grade_id.endswith("-check")
    }
    assert sum(checks.values()) == ASSIGNMENTS[name].points, checks


@each_assignment
def test_the_notebook_says_the_same_time(name):
    notebook = (SOLUTIONS / name / f"{name}.py").read_text("utf-8")
    assert first_minutes(notebook) == ASSIGNMENTS[name].minutes


@each_assignment
def test_a_notebook_that_trains_has_a_minute_for_a_cell_and_says_so(name):
    """A right answer would lose its points to a limit that its notebook does not tell."""
    trains = any(assignment == name for assignment, _ in BY_RESULT)
    prose = (SOLUTIONS / name / f"{name}.py").read_text("utf-8").replace("\n# ", " ")
    assert ("more than a minute" in prose) == trains
    assert read_settings().choices(name).limits.cell_seconds == (60 if trains else 10)


@each_assignment
def test_every_assignment_follows_a_chapter(name):
    assert ASSIGNMENTS[name].chapter in [chapter.page for chapter in CHAPTERS]


def test_the_chapters_follow_each_other_as_the_assignments_do():
    pages = [chapter.page for chapter in CHAPTERS]
    places = [pages.index(each.chapter) for each in ASSIGNMENTS.values()]
    assert places == sorted(places)


def test_a_chapter_that_does_not_say_what_it_teaches_is_named(monkeypatch, tmp_path):
    (tmp_path / "_toc.yml").write_text("parts: [{chapters: [{file: silent}]}]")
    (tmp_path / "silent.md").write_text("# Silent\n\n**Time**: about 5 minutes.\n")
    monkeypatch.setattr(curriculum, "BOOK", tmp_path)
    with pytest.raises(ValueError, match=r"silent\.md does not say: \*\*You learn"):
        chapters()


def test_a_chapter_without_a_page_is_named(monkeypatch, tmp_path):
    (tmp_path / "_toc.yml").write_text("parts: [{chapters: [{file: absent}]}]")
    monkeypatch.setattr(curriculum, "BOOK", tmp_path)
    with pytest.raises(ValueError, match=r"_toc\.yml lists .*: absent"):
        chapters()


@each_chapter
def test_the_title_is_the_first_heading(chapter):
    assert title(chapter.page) == headings(chapter.page)[0]


def test_every_section_exists():
    treated = [each for _, each in DIAGNOSES]
    for assignment in ASSIGNMENTS.values():
        treated += assignment.sections.values()
    assert [each for each in treated if each.heading not in headings(each.page)] == []


def test_a_mistake_is_explained_in_its_own_section_or_in_that_of_its_function():
    here = ("The LSTM, gate by gate: The forget gate", "lstm.html#the-forget-gate")
    assert section("lstm-gates", "forget_gate", "") == here
    assert section("lstm-gates", "forget_gate", "bias missing") == here
    for stored in (
        "input columns",
        "input bias",
        "candidate kernel, input bias + tanh",
        "interleaved",
    ):
        columns = section("lstm-gates", "forget_gate", stored)
        assert columns[1] == "lstm.html#how-keras-stores-the-weights"
    assert section("lstm-gates", "forget_gate", "bias missing + input columns") == here
    assert section("lstm-layer", "lstm_step", "block order f, i, c, o")[1] == columns[1]
    assert section("lstm-gates", "in-your-own-words", "") is None
    assert section("of somebody else's", "forget_gate", "dtype") is None


@pytest.mark.parametrize("place", lists_of_assignments(), ids=lambda place: place[0].name)
def test_the_assignments_are_listed_in_their_order(place):
    path, part, content = place
    assert path.read_text("utf-8") == filled(path, part, content), "`make exercises` writes it"


def test_a_file_without_a_place_for_a_generated_part_is_named(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# A course", "utf-8")
    with pytest.raises(ValueError, match=r"README\.md needs the lines <!-- order: begin -->"):
        filled(path, "order", "text")


def test_the_sample_class_does_every_assignment_in_order():
    due = list(roster.DUE.values())
    assert due == sorted(set(due)), "`due` in course/curriculum.py is not in order"
    assert list(dict.fromkeys(each.assignment for each in roster.roster())) == list(ASSIGNMENTS)


@each_assignment
def test_an_assignment_that_the_sample_class_knows_nothing_of_is_done_all_the_same(
    name, monkeypatch
):
    monkeypatch.delitem(roster.OTHERS, name, raising=False)
    works = [each for each in roster.roster() if each.assignment == name]
    full = ASSIGNMENTS[name].points
    assert [each.score for each in works[:2]] == [full, full]
    assert 0 < works[2].score <= full
    assert (works[2].score == full) == (len(functions(name)) == 1)
    assert works[3].score == 0


def test_every_exporter_can_be_chosen_on_the_command_line(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["export", "--help"])
    (choices,) = re.findall(r"--to SYSTEM +one of: (.+)", capsys.readouterr().out)
    assert set(choices.split(", ")) == set(EXPORTERS)


@pytest.fixture(scope="module")
def built():
    """A function that parses a page of the built book."""
    html = build_book()
    return lambda page: BeautifulSoup((html / f"{page}.html").read_text("utf-8"), "html.parser")


def shown(tex: str) -> str:
    """The characters of a formula."""
    (formula,) = mathml([(tex, False)])
    return BeautifulSoup(formula, "html.parser").get_text()


@pytest.mark.slow
def test_the_map_leads_to_each_chapter_and_names_its_assignments(built):
    rows = built("intro").find(id="the-map").find("tbody").find_all("tr")
    assert [row.a["href"] for row in rows] == [f"{chapter.page}.html" for chapter in CHAPTERS]
    for row, chapter in zip(rows, CHAPTERS):
        read, do = (" ".join(cell.get_text().split()) for cell in row.find_all("td"))
        words = re.sub(r"\$(.+?)\$", lambda match: shown(match[1]), chapter.words)
        words = words.replace("'", "’")  # as Sphinx sets it
        number = len(quizzes(chapter.page))
        count = f" {number} quizzes" if number > 1 else " 1 quiz" if number else ""
        assert read == f"{title(chapter.page)}, {chapter.minutes} min: {words}{count}"
        assert do == " ".join(
            f"{each.name} (zip), {each.minutes} min, {each.points} points"
            for each in chapter.assignments
        )


@pytest.mark.slow
def test_the_page_of_mistakes_has_a_section_for_each_assignment(built):
    page = built("mistakes")
    links = [link["href"] for link in page.select(".page-toc a")]
    assert links == [f"#{name}" for name in ASSIGNMENTS]
    for name in ASSIGNMENTS:
        part = page.find("section", id=name)
        assert part.h2.get_text().startswith(name)
        assert len(part.find("tbody").find_all("tr")) == len(bank(name)[0]) + len(slips(name))
