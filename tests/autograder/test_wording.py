"""What the cells of an assignment are called."""

from autograder.master import MasterCell
from autograder.wording import in_words


def cell(grade_id, source="", side="learner", cell_type="code"):
    """A cell that one side runs."""
    locked, grade = side != "learner", side == "test"
    return MasterCell(grade_id, cell_type, source, "", locked, grade, not locked, False, 1)


def places(*cells):
    return [words.place for words in in_words(cells).values()]


def test_cells_are_named_after_the_answer_that_they_belong_to():
    assert places(
        cell("set-up", side="shared"),
        cell("a1", "def lstm_step(x):\n    pass"),
        cell("a2", side="test"),
        cell("a3", side="test"),
        cell("note", side="shared", cell_type="markdown"),
        cell("b1", "# a number\nanswer = ..."),
        cell("b2", side="test"),
        cell("c", cell_type="markdown"),
        cell("end", side="shared"),
    ) == [
        "the locked code at the beginning",
        "the cell for lstm_step",
        "the check after lstm_step",
        "the second check after lstm_step",
        "the locked text after lstm_step",
        "the cell for answer",
        "the check after answer",
        "the written answer",
        "the locked code after the written answer",
    ]


def test_an_answer_that_defines_nothing_or_is_no_python_has_the_name_of_its_cell():
    assert places(cell("q1", "print(1)"), cell("q2", "def (")) == [
        "the cell for q1",
        "the cell for q2",
    ]


def test_a_question_has_the_name_of_its_function():
    words = in_words([cell("a1", "class Tree: pass"), cell("a2", side="test")])
    assert (words["a2"].title, words["a2"].code) == ("Tree", True)
    words = in_words([cell("why", cell_type="markdown")])
    assert (words["why"].title, words["why"].code) == ("written answer", False)
