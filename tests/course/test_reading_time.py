"""Reading times: what a page says is what its length gives."""

import pytest

from course import reading_time
from course.curriculum import chapters
from course.reading_time import LINES, WORDS, minutes


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.page)
def test_a_chapter_takes_as_long_as_it_says(chapter):
    assert chapter.minutes == minutes(chapter.page)


PARTS = {
    "prose": "word " * WORDS * 10,
    "code": "```{code-cell} ipython3\n" + "a = 1\n\n" * LINES * 10 + "```\n",
    "formulas": "$$\nx\n$$\n\n" * 10,
    "quizzes": "```{quiz} name\n```\n\n" * 10,
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_ten_minutes_of_each_are_counted(part, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_time, "COURSE", tmp_path)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.md").write_text(f"---\nhead\n---\n{part}")
    assert minutes("page") == 10


@pytest.mark.parametrize("tag", ["hide-input", "remove-cell"])
def test_folded_code_is_not_counted(tag, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_time, "COURSE", tmp_path)
    (tmp_path / "book").mkdir()
    folded = f"```{{code-cell}} ipython3\n---\ntags: [{tag}]\n---\n" + "a = 1\n" * 500 + "```\n"
    (tmp_path / "book" / "page.md").write_text(PARTS["prose"] + "\n" + folded)
    assert minutes("page") == 10
