"""Quizzes: a question on a section of the book, its answers, and feedback on each.

This module reads them from the text of a page. `directives` shows them in the built book; there
js/quiz.mjs gives the feedback on the answer that a reader chooses, and js/map.mjs counts.
"""

import hashlib
import re
from dataclasses import dataclass
from textwrap import dedent

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

MARK = re.compile(r"\[([ x])\] +(?=\S)")
"""How an answer begins: [x] if it is the right one."""

_PARSER = MarkdownIt("commonmark").use(dollarmath_plugin).use(colon_fence_plugin)


class QuizError(ValueError):
    """A quiz is malformed. line: where, counted from the first of its body, which is 0."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"quiz {name or 'without a name'}: {problem}")
        self.line = line


@dataclass(frozen=True)
class Passage:
    """A part of a quiz, in Markdown. line: its first one, counted as that of a QuizError."""

    text: str
    line: int


@dataclass(frozen=True)
class Answer:
    """An answer to choose. value: a digest of it and its question; with other words, another."""

    words: Passage
    feedback: Passage
    is_right: bool
    value: str


@dataclass(frozen=True)
class Quiz:
    """A question with two answers or more, of which one is right. name: unique in the book."""

    name: str
    question: Passage
    answers: tuple[Answer, ...]

    @property
    def right(self) -> Answer:
        """The right answer."""
        return next(answer for answer in self.answers if answer.is_right)


def read_quizzes(text: str) -> list[Quiz]:
    """Read the quizzes of a page. Raises ValueError for one that is malformed, with its line."""
    quizzes = []
    for token in _PARSER.parse(text):
        match = re.fullmatch(r"\{quiz\}(.*)", token.info.strip())
        if match and token.type in ("fence", "colon_fence") and token.map:
            try:
                quizzes.append(read_quiz(match[1].strip(), token.content))
            except QuizError as error:
                # The line of the fence, counted from 0, comes before that of the body.
                raise ValueError(f"line {token.map[0] + 2 + error.line}, {error}") from None
    return quizzes


def read_quiz(name: str, body: str) -> Quiz:
    """Read the body of one quiz. Raises QuizError if it is malformed."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise QuizError(name, -1, "name it in small letters and digits, joined by hyphens.")
    blocks = _blocks(_PARSER.parse(body), level=0)
    kinds = [block[0].type for block in blocks]
    if "bullet_list_open" not in kinds:
        raise QuizError(name, 0, "it has no answers. Write each as an item: - [ ] or - [x].")
    place = kinds.index("bullet_list_open")
    start = _first_line(blocks[place])
    if "paragraph_open" not in kinds[:place]:
        raise QuizError(name, 0, "it asks nothing. Write the question above the answers.")
    if blocks[place + 1 :]:
        problem = "this belongs to no answer. Indent feedback by two spaces."
        raise QuizError(name, _first_line(blocks[place + 1]), problem)
    lines = body.splitlines()
    question = Passage("\n".join(lines[:start]).strip(), 0)
    items = _blocks(blocks[place][1:-1], level=1)
    answers = tuple(_read_answer(name, question.text, item, lines) for item in items)
    _see_that_one_is_right(name, answers)
    return Quiz(name, question, answers)


def _blocks(tokens: list[Token], level: int) -> list[list[Token]]:
    """Split tokens into blocks, each with what it contains."""
    blocks: list[list[Token]] = []
    for token in tokens:
        if token.level == level and token.nesting >= 0:
            blocks.append([])
        blocks[-1].append(token)
    return blocks


def _first_line(block: list[Token]) -> int:
    assert block[0].map is not None  # blocks know their lines
    return block[0].map[0]


def _read_answer(name: str, question: str, item: list[Token], lines: list[str]) -> Answer:
    """Read an item of the list: a paragraph with its mark, then the feedback."""
    assert item[0].map is not None
    start, end = item[0].map
    blocks = _blocks(item[1:-1], level=2)
    content = blocks[0][1].content if blocks and blocks[0][0].type == "paragraph_open" else ""
    mark = MARK.match(content)
    if mark is None:
        raise QuizError(name, start, "begin the answer with [ ], or with [x] if it is right.")
    words = content[mark.end() :]
    if len(blocks) < 2:
        problem = f"the answer {words!r} has no feedback. Write it below, after a blank line."
        raise QuizError(name, start, problem)
    first = _first_line(blocks[1])
    feedback = dedent("\n".join(lines[first:end])).strip()
    value = hashlib.sha256(f"{question}\n{words}".encode()).hexdigest()[:8]
    return Answer(Passage(words, start), Passage(feedback, first), mark[1] == "x", value)


def _see_that_one_is_right(name: str, answers: tuple[Answer, ...]) -> None:
    last = answers[-1].words.line
    if len(answers) < 2:
        raise QuizError(name, last, "it has one answer. Write two or more.")
    right = [answer for answer in answers if answer.is_right]
    if not right:
        raise QuizError(name, last, "no answer is marked as right. Mark one by [x].")
    if len(right) > 1:
        line = right[1].words.line
        raise QuizError(name, line, f"{len(right)} answers are marked as right. Mark one by [x].")
    if len({answer.value for answer in answers}) < len(answers):
        raise QuizError(name, last, "two of its answers are the same.")
