"""Quizzes as they stand in the pages: what is read of them, and what is malformed."""

import re
from collections import Counter

import pytest

from course.curriculum import BOOK, chapters, quizzes
from course.quiz import Passage, QuizError, read_quiz, read_quizzes
from tests.course.built_book import WRITTEN

BODY = """\
With this code:

```python
x = [1]
```

$$
0
- 1
$$

What is $x$?

- [ ] A *number*,
  of course.

  $$
  x
  - 1
  $$

  - a list in the feedback
- [x] A list.

  `[1]`
"""


def test_a_quiz_is_read_with_the_line_of_each_part():
    quiz = read_quiz("what-is-x", BODY)
    assert quiz.question == Passage(BODY.partition("\n\n- [ ]")[0], 0)
    number, right = quiz.answers
    assert number.words == Passage("A *number*,\nof course.", 13)
    feedback = "$$\nx\n- 1\n$$\n\n- a list in the feedback"
    assert number.feedback == Passage(feedback, 16)
    assert right.words == Passage("A list.", 22) and right.feedback == Passage("`[1]`", 24)
    assert [each.is_right for each in quiz.answers] == [False, True]
    assert quiz.right == right


def test_an_answer_is_known_by_its_words_and_its_question_alone():
    def values(body):
        return [answer.value for answer in read_quiz("what-is-x", body).answers]

    wrong, right = values(BODY)
    other_feedback = BODY.replace("`[1]`", "Other feedback.").replace("a list in", "more in")
    assert values(other_feedback) == [wrong, right]
    assert not {*values(BODY.replace("What is", "What was"))} & {wrong, right}
    assert values(BODY.replace("A list.", "A list!"))[0] == wrong
    assert values(BODY.replace("A list.", "A list!"))[1] != right


GOOD = "Which?\n\n- [x] This.\n\n  Yes.\n- [ ] That.\n\n  No.\n"
MALFORMED = {
    "no name": ("", GOOD, -1, "quiz without a name: name it in small letters"),
    "two words": ("a quiz", GOOD, -1, "name it in small letters"),
    "capitals": ("Which", GOOD, -1, "name it in small letters"),
    "no answers": ("which", "Which?\n", 0, "no answers"),
    "no question": ("which", GOOD.removeprefix("Which?\n\n"), 0, "asks nothing"),
    "no right answer": ("which", GOOD.replace("[x]", "[ ]"), 5, "no answer is marked as right"),
    "two right answers": ("which", GOOD.replace("[ ]", "[x]"), 5, "2 answers are marked as right"),
    "one answer": ("which", GOOD.partition("- [ ]")[0], 2, "one answer. Write two or more"),
    "no mark": ("which", GOOD.replace("[ ] ", ""), 5, "begin the answer with [ ]"),
    "another mark": ("which", GOOD.replace("[ ]", "[X]"), 5, "begin the answer with [ ]"),
    "no feedback": ("which", GOOD.replace("\n\n  No.", ""), 5, "'That.' has no feedback"),
    "no blank line": ("which", GOOD.replace("\n\n  No.", "\n  No."), 5, "after a blank line"),
    "outside": ("which", GOOD.replace("  Yes.", "Yes."), 4, "Indent feedback by two spaces"),
    "the same twice": ("which", GOOD.replace("That", "This"), 5, "two of its answers are the same"),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_what_is_wrong_is_said_with_its_line(fault):
    name, body, line, problem = MALFORMED[fault]
    assert read_quiz("which", GOOD)
    with pytest.raises(QuizError) as raised:
        read_quiz(name, body)
    assert problem in str(raised.value)
    assert raised.value.line == line


@pytest.mark.parametrize("fence", ["```", "````", ":::"])
def test_the_quizzes_of_a_page_are_those_in_its_directives(fence):
    page = (
        f"# Page\n\n{fence}{{quiz}} which\n{GOOD}{fence}\n\nText.\n\n```text\n- [x] no quiz\n```\n"
    )
    (quiz,) = read_quizzes(page)
    assert quiz.name == "which" and len(quiz.answers) == 2
    with pytest.raises(ValueError, match=r"^line 9, quiz which: 2 answers are marked as right"):
        read_quizzes(page.replace("[ ]", "[x]"))


@pytest.mark.parametrize("page", WRITTEN)
def test_the_quizzes_of_the_book_are_well_formed(page):
    for quiz in quizzes(page):
        assert [answer.value for answer in quiz.answers].count(quiz.right.value) == 1


@pytest.mark.parametrize("page", [each.page for each in chapters() if each.minutes > 10])
def test_a_chapter_has_five_quizzes_and_three_questions_to_predict(page):
    assert len(quizzes(page)) >= 5
    _, *predictions = (BOOK / f"{page}.md").read_text("utf-8").split("\n```{predict}\n")
    figure = re.compile(r"^    alt: |^```{moving-figure}", re.MULTILINE)
    assert len(list(filter(figure.search, predictions))) >= 3, "that a figure answers"


def test_no_two_quizzes_of_the_book_have_one_name():
    names = Counter(quiz.name for page in WRITTEN for quiz in quizzes(page))
    assert len(names) > 10
    assert [name for name, count in names.items() if count > 1] == []


def test_the_place_of_an_answer_does_not_give_it_away():
    all_quizzes = [quiz for page in WRITTEN for quiz in quizzes(page)]
    places = Counter(quiz.answers.index(quiz.right) for quiz in all_quizzes)
    assert set(places) >= {0, 1, 2} and max(places.values()) < len(all_quizzes) / 2
