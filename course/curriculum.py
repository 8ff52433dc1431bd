"""The curriculum, in the order of the course: assignments, with their chapter, times and points.

Everything that lists assignments reads them here: the map on the welcome page, the page of
mistakes, the instructor's report, the banks, the sample class, README, the tests. A new assignment
is one entry in ASSIGNMENTS. The head of a chapter says what it teaches and how long it takes to
read; book/_toc.yml has the order of the chapters.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

import yaml
from docutils.nodes import make_id

from course import COURSE
from course.quiz import Quiz, read_quizzes

BOOK = COURSE / "book"


@dataclass(frozen=True)
class Section:
    """A section of the book, by its page and its heading."""

    page: str
    heading: str

    @property
    def name(self) -> str:
        """What a link to it says."""
        return f"{title(self.page)}: {self.heading}"

    @property
    def address(self) -> str:
        """Where it is, relative to the folder of the built pages."""
        return f"{self.page}.html#{make_id(self.heading)}"


@dataclass(frozen=True)
class Assignment:
    """A notebook to complete, solutions/<name>/<name>.py.

    chapter: the page to read first. minutes: how long it takes. points: those of its checks,
    without written answers. due: in the sample class, in days from its start.
    sections: what to read on each graded function. data: files of book/data/ that lie in data/,
    beside the notebook.
    """

    name: str
    chapter: str
    minutes: int
    points: int
    due: int
    sections: Mapping[str, Section]
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter, book/<page>.md. words: what a reader learns. minutes: how long reading takes."""

    page: str
    words: str
    minutes: int

    @property
    def assignments(self) -> list[Assignment]:
        """The assignments that follow it."""
        return [each for each in ASSIGNMENTS.values() if each.chapter == self.page]


RETURNED = Section("recurrent-networks", "What the layer returns")
EXPLODING = Section("vanishing-gradient", "Exploding, and what clipping does")
UNROLLED = Section("recurrent-networks", "The unrolled graph")
UNITS = Section("recurrent-networks", "A layer of units")
STORED = Section("lstm", "How Keras stores the weights")
ONE_STEP_BACK = Section("lstm-backward", "One step back")
SURVIVES = Section("lstm-backward", "Why the gradient survives")
LEARN_TO_ADD = Section("long-dependencies", "Which of them learn to add?")
WHO_SPOKE_FIRST = Section("long-dependencies", "Who spoke first?")
MASKED_STEPS = Section("lstm-at-work", "Masked steps")
RESET = Section("gru", "Reset before or after the product")

_IN_ORDER = (
    Assignment(
        name="rnn-cell",
        chapter="recurrent-networks",
        minutes=40,
        points=16,
        due=7,
        sections={
            "pre_activation": UNITS,
            "rnn_step": UNITS,
            "rnn_sequence": UNROLLED,
            "rnn_layer": RETURNED,
            "parameter_count": Section(
                "recurrent-networks", "One set of weights, any number of steps"
            ),
        },
    ),
    Assignment(
        name="vanishing-gradient",
        chapter="vanishing-gradient",
        minutes=45,
        points=20,
        due=14,
        sections={
            "tanh_derivative": Section("vanishing-gradient", "Saturation: the slope of tanh"),
            "step_jacobian": Section("vanishing-gradient", "The Jacobian of one step"),
            "jacobian_product": Section("vanishing-gradient", "A product of Jacobians"),
            "gradient_norms": Section("vanishing-gradient", "Gradient norm against lag"),
            "norm_bound": Section(
                "vanishing-gradient", "What the bound proves, and what it does not"
            ),
            "clip_by_global_norm": EXPLODING,
        },
    ),
    Assignment(
        name="lstm-gates",
        chapter="lstm",
        minutes=50,
        points=23,
        due=21,
        sections={
            "sigmoid": Section("lstm", "The sigmoid as a valve"),
            "split_gates": STORED,
            "forget_gate": Section("lstm", "The forget gate"),
            "input_gate": Section("lstm", "The input gate"),
            "candidate": Section("lstm", "The candidate"),
            "cell_state": Section("lstm", "The cell state"),
            "output_gate": Section("lstm", "The output gate"),
            "hidden_state": Section("lstm", "The hidden state"),
        },
    ),
    Assignment(
        name="lstm-layer",
        chapter="lstm-at-work",
        minutes=50,
        points=19,
        due=28,
        sections={
            "lstm_step": Section("lstm", "One step by hand"),
            "initial_state": RETURNED,
            "lstm_sequence": UNROLLED,
            "lstm_layer": RETURNED,
            "masked_step": MASKED_STEPS,
            "pack_weights": STORED,
        },
    ),
    Assignment(
        name="lstm-gradient",
        chapter="lstm-backward",
        minutes=60,
        points=20,
        due=35,
        sections={
            "hidden_state_backward": ONE_STEP_BACK,
            "cell_state_backward": ONE_STEP_BACK,
            "gates_backward": ONE_STEP_BACK,
            "step_backward": ONE_STEP_BACK,
            "backward_through_time": Section("lstm-backward", "Many steps back"),
            "forget_product": SURVIVES,
        },
    ),
    Assignment(
        name="lstm-training",
        chapter="long-dependencies",
        minutes=60,
        points=26,
        due=38,
        sections={
            "predict": RETURNED,
            "mean_squared_error": Section(
                "long-dependencies", "What a network scores that remembers nothing"
            ),
            "loss_and_gradients": Section("lstm-backward", "Many steps back"),
            "clip_gradients": EXPLODING,
            "sgd_step": Section("vanishing-gradient", "Backpropagation in half a page"),
            "adam_step": LEARN_TO_ADD,
            "train": LEARN_TO_ADD,
            "learn": Section("long-dependencies", "A task that needs memory"),
        },
    ),
    Assignment(
        name="who-spoke-first",
        chapter="long-dependencies",
        minutes=90,
        points=25,
        due=41,
        sections={
            "split_utterances": WHO_SPOKE_FIRST,
            "pad_rows": MASKED_STEPS,
            "cross_entropy": WHO_SPOKE_FIRST,
            "masked_gradients": MASKED_STEPS,
            "accuracy": WHO_SPOKE_FIRST,
            "train_network": Section("long-dependencies", "Four ways to start"),
        },
        data=("japanese-vowels.npz",),
    ),
    Assignment(
        name="gru",
        chapter="gru",
        minutes=50,
        points=23,
        due=42,
        sections={
            "update_gate": Section("gru", "The update gate"),
            "reset_gate": Section("gru", "The reset gate"),
            "candidate_reset_before": RESET,
            "candidate_reset_after": RESET,
            "new_state": Section("gru", "The new state"),
            "gru_step": Section("gru", "One step by hand"),
            "gru_layer": RETURNED,
            "gru_parameter_count": Section("gru", "How many parameters"),
        },
    ),
    Assignment(
        name="textbook-answer",
        chapter="examination-answer",
        minutes=50,
        points=20,
        due=63,
        sections={
            "kernel_for_gates": STORED,
            "kernel_for_cell": Section("lstm", "The cell state"),
            "kernel_for_output": Section("lstm", "The hidden state"),
            "bias_for_total": Section("lstm", "The candidate"),
            "kernel_for_gradient": SURVIVES,
            "points_off": Section("examination-answer", "How is an answer marked?"),
        },
    ),
)

ASSIGNMENTS = {each.name: each for each in _IN_ORDER}
"""The assignments by name, in the order of the course."""

DIAGNOSES = (
    (
        r"(input|forget|candidate|output) (columns|kernel|recurrent kernel|bias)(,|$)"
        r"|.*\b(order [ifco],|interleaved\b)",
        STORED,
    ),
    (
        r"columns of |(kernel|recurrent kernel|bias) of the (update|reset|candidate)|every third"
        r"|blocks in the order",
        Section("gru", "How Keras stores the three blocks"),
    ),
    (r"dtype$", Section("how-the-checks-work", "How close is close enough")),
)
"""Patterns of mistakes that are not explained in the section on their function but elsewhere."""


def section(assignment: str, function: str, diagnosis: str) -> tuple[str, str] | None:
    """Say where the book explains a mistake, or a graded function if the diagnosis is "".

    If the diagnosis names two mistakes, the first counts. Returns the name and the address of the
    section, or None for a function that the course does not know.
    """
    if assignment not in ASSIGNMENTS or function not in ASSIGNMENTS[assignment].sections:
        return None
    first = re.split(r" \+ | or ", diagnosis)[0]
    elsewhere = (treated for pattern, treated in DIAGNOSES if re.match(pattern, first))
    treated = next(elsewhere, ASSIGNMENTS[assignment].sections[function])
    return treated.name, treated.address


@cache
def title(page: str) -> str:
    """Read the title of a page of the book, its first heading."""
    return _match(page, r"^# ([^\n]+)$", "# and a title")


def chapters() -> list[Chapter]:
    """Read the chapters, in the order of the table of contents.

    Raises ValueError where a page is missing, or does not say what a reader learns or how long it
    takes.
    """
    parts = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))["parts"]
    pages = [entry["file"] for entry in parts[0]["chapters"]]
    if missing := [page for page in pages if not (BOOK / f"{page}.md").is_file()]:
        raise ValueError(f"book/_toc.yml lists pages that are not in book/: {', '.join(missing)}")
    learn = r"^\*\*You learn\*\*\s+(.+?)\.\n"
    return [
        Chapter(
            page=page,
            words=" ".join(_match(page, learn, "**You learn** ...").split()),
            minutes=int(
                _match(page, r"^\*\*Time\*\*: about (\d+) minutes", "**Time**: about ... minutes")
            ),
        )
        for page in pages
    ]


def quizzes(page: str) -> list[Quiz]:
    """Read the quizzes of a page. Raises ValueError for one that is malformed."""
    path = BOOK / f"{page}.md"
    try:
        return read_quizzes(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"book/{page}.md: {error}") from None


def _match(page: str, pattern: str, what: str) -> str:
    match = re.search(pattern, (BOOK / f"{page}.md").read_text("utf-8"), re.M | re.S)
    if match is None:
        raise ValueError(f"book/{page}.md does not say: {what}")
    return match[1]


def course_map() -> str:
    """Write the map of the course as a Markdown table: a chapter, then its assignments."""
    rows = ["| read | then do |", "|---|---|"]
    for chapter in chapters():
        link = f"[{title(chapter.page)}]({chapter.page}.md)"
        to_do = " <br> ".join(
            f'[{each.name}](do/{each.name}.md) (<a href="{folder(each.name)}">zip</a>), '
            f"{each.minutes} min, "
            f'<span data-points="{each.name}">{each.points} points</span>'
            for each in chapter.assignments
        )
        read = f"{link}, {chapter.minutes} min: {chapter.words}{_quizzes_to_do(chapter)}"
        rows.append(f"| {read} | {to_do} |")
    return "\n".join(rows)


def _quizzes_to_do(chapter: Chapter) -> str:
    """Say how many quizzes a chapter has, in HTML that holds the right answer to each."""
    right = {quiz.name: quiz.right.value for quiz in quizzes(chapter.page)}
    if not right:
        return ""
    count = f"{len(right)} {'quiz' if len(right) == 1 else 'quizzes'}"
    return f' <br> <span data-quizzes="{escape(json.dumps(right))}">{count}</span>'


def folder(assignment: str) -> str:
    """Where a learner's folder of an assignment can be downloaded, relative to the built pages."""
    return f"tab/assignments/{assignment}.zip"


def your_turn(page: str) -> str:
    """List the assignments of a chapter, with the ways to work on each, in Markdown."""
    chapter = next(each for each in chapters() if each.page == page)
    in_jupyter = '<a href="intro.html#how-to-run-the-notebooks">how to run it in Jupyter</a>'
    return "\n".join(
        f'- **{each.name}**, about {each.minutes} minutes<span class="on-screen">:'
        f" [open it in this browser](do/{each.name}.md),"
        f' <a href="{folder(each.name)}">download its folder</a>, or see {in_jupyter}</span>.'
        for each in chapter.assignments
    )
