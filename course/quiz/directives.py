"""A Sphinx extension: the directives `quiz`, and `predict` for a question that a figure answers.

A quiz becomes native radio buttons, and a `details` element that holds the feedback on each answer
for readers without scripts and for print.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import ascii_uppercase

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from course.quiz import Answer, Passage, Quiz, QuizError, read_quiz

LOGGER = logging.getLogger(__name__)
PHRASES = {"legend", "span", "summary"}
"""The elements that hold text."""


class HtmlElement(nodes.General, nodes.Element):
    """An element of HTML. tag: its name. html: its attributes."""


class HtmlPhrase(HtmlElement, nodes.TextElement):
    """An element of HTML that holds text, as a paragraph does."""


def element(tag: str, *children: nodes.Node, kind: str = "", **html: str | None) -> HtmlElement:
    """Make an element of HTML. kind: its class. In the names of attributes, _ stands for -."""
    attributes = {name.replace("_", "-"): value for name, value in html.items()}
    facts = {"tag": tag, "html": attributes, "classes": kind.split()}
    if tag in PHRASES:
        return HtmlPhrase("", "", *children, **facts)
    return HtmlElement("", *children, **facts)


def visit_element(writer: HTML5Translator, node: HtmlElement) -> None:
    """Write the begin of an element."""
    empty = node["tag"] == "input"
    writer.body.append(writer.starttag(node, node["tag"], "", empty=empty, **node["html"]))


def depart_element(writer: HTML5Translator, node: HtmlElement) -> None:
    """Write the end of an element."""
    if node["tag"] != "input":
        writer.body.append(f"</{node['tag']}>\n")


class QuizDirective(SphinxDirective):
    """A question with answers to choose from, and feedback on each."""

    optional_arguments = 1
    final_argument_whitespace = True  # a name that is no name is an error that says so
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make a quiz, or report what is wrong with it."""
        try:
            quiz = read_quiz("".join(self.arguments), "\n".join(self.content))
        except QuizError as error:
            LOGGER.error(str(error), location=(self.env.docname, self.line(error)))
            return []
        place = quiz.name, self.lineno
        self.env.metadata[self.env.docname].setdefault("quizzes", []).append(place)
        before, legend, after = self.question(quiz)
        choices = [self.choice(quiz, *each) for each in zip(ascii_uppercase, quiz.answers)]
        explained = [self.feedback(*each) for each in zip(ascii_uppercase, quiz.answers)]
        summary = element("summary", nodes.Text("The answers, one by one"))
        box = element(
            "div",
            nodes.paragraph("", "Quiz", classes=["quiz-title"]),
            *before,
            element("fieldset", legend, *after, *choices),
            element("details", summary, *explained, kind="quiz-explained"),
            kind="quiz",
            data_quiz=quiz.name,
        )
        box["ids"].append(f"quiz-{quiz.name}")
        return [box]

    def question(self, quiz: Quiz) -> tuple[list[nodes.Node], HtmlElement, list[nodes.Node]]:
        """Parse the question, whose last paragraph becomes the name of the group of answers.

        Returns what comes before it, its legend, and what comes after it.
        """
        blocks = self.parsed(quiz.question)
        (*_, place) = (n for n, node in enumerate(blocks) if isinstance(node, nodes.paragraph))
        legend = element("legend", *blocks[place].children)
        return blocks[:place], legend, blocks[place + 1 :]

    def choice(self, quiz: Quiz, letter: str, answer: Answer) -> HtmlElement:
        """Make a radio button with its label."""
        group = f"quiz-{quiz.name}"
        button = element("input", type="radio", name=group, value=answer.value)
        button["ids"].append(f"{group}-{letter.lower()}")
        inline, _ = self.parse_inline(answer.words.text, lineno=self.line(answer.words))
        words = element("span", *inline, kind="quiz-words")
        mark = element("span", nodes.Text(letter), kind="quiz-letter")
        label = element("label", mark, words, **{"for": f"{group}-{letter.lower()}"})
        return element("div", button, label, kind="quiz-answer")

    def feedback(self, letter: str, answer: Answer) -> HtmlElement:
        """Make what a reader sees who has chosen an answer."""
        verdict = f"{letter} is {'right' if answer.is_right else 'wrong'}."
        return element(
            "div",
            nodes.paragraph("", verdict, classes=["tab-verdict"]),
            *self.parsed(answer.feedback),
            kind="quiz-feedback",
            data_answer=answer.value,
            data_outcome="agrees" if answer.is_right else "differs",
        )

    def line(self, part: Passage | QuizError) -> int:
        """Say on which line of the page a part of the quiz is."""
        return self.lineno + self.content_offset + 1 + part.line

    def parsed(self, passage: Passage) -> list[nodes.Node]:
        """Parse a part of the quiz as what the page is written in."""
        return self.parse_text_to_nodes(passage.text, offset=self.content_offset + passage.line)


class Predict(SphinxDirective):
    """A question to answer before going on to what answers it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make a box with a title."""
        self.assert_has_content()
        title = nodes.title("", "Predict first")
        content = self.parse_content_to_nodes()
        return [nodes.admonition("", title, *content, classes=["predict"])]


def see_that_names_are_unique(_: Sphinx, env: BuildEnvironment) -> None:
    """Report quizzes that have the same name: a browser would take them for one."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for page, name, line in named(env):
        places[name].append((page, line))
    for name, (first, *others) in places.items():
        for place in others:
            there = ":".join(map(str, first))
            problem = f"quiz {name}: {there} has a quiz of this name. Give this one another."
            LOGGER.error(problem, location=place)


def named(env: BuildEnvironment) -> Iterator[tuple[str, str, int]]:
    """List the quizzes of the book: page, name and line of each."""
    for page in sorted(env.found_docs):
        for name, line in env.metadata[page].get("quizzes", []):
            yield page, name, line


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives to a build."""
    for kind in (HtmlElement, HtmlPhrase):
        app.add_node(kind, html=(visit_element, depart_element))
    app.add_directive("quiz", QuizDirective)
    app.add_directive("predict", Predict)
    app.connect("env-check-consistency", see_that_names_are_unique)
    code = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": zlib.crc32(code),  # with another form, Sphinx reads all pages again
    }
