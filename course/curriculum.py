"""The curriculum, in the order of the course: chapters, assignments, times, points, sections.

Whatever lists them reads them here: the map on the welcome page, the page of mistakes, the
instructor's report, the banks, the sample class, the tests. A new assignment is one entry in its
chapter's `assignments`; a new chapter is one entry in CHAPTERS and its line in book/_toc.yml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from docutils.nodes import make_id

from course import COURSE

BOOK = COURSE / "book"


@cache
def title(page: str) -> str:
    """Read the title of a page of the book, its first heading."""
    lines = (BOOK / f"{page}.md").read_text("utf-8").splitlines()
    return next(line.removeprefix("# ") for line in lines if line.startswith("# "))


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

    minutes: that it takes. points: that its checks give, without those for a written answer.
    due: in the sample class, in days from its start. sections: what to read on a graded function.
    """

    name: str
    minutes: int
    points: int
    due: int
    sections: Mapping[str, Section]


@dataclass(frozen=True)
class Chapter:
    """A chapter, book/<page>.md, and the assignments that follow it.

    minutes: that it takes to read. words: what it is about, for the map.
    """

    page: str
    minutes: int
    words: str
    assignments: tuple[Assignment, ...] = ()


RETURNED = Section("recurrent-networks", "What the layer returns")
UNROLLED = Section("recurrent-networks", "The unrolled graph")
UNITS = Section("recurrent-networks", "A layer of units")
STORED = Section("lstm", "How Keras stores the weights")
GRADIENT = Section("lstm", "Why the gradient survives")

CHAPTERS = (
    Chapter(
        page="recurrent-networks",
        minutes=40,
        words="one unit, a layer, how long it remembers",
        assignments=(
            Assignment(
                name="rnn-cell",
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
        ),
    ),
    Chapter(
        page="vanishing-gradient",
        minutes=50,
        words="why an error hardly reaches an input of long ago",
        assignments=(
            Assignment(
                name="vanishing-gradient",
                minutes=45,
                points=20,
                due=14,
                sections={
                    "tanh_derivative": Section(
                        "vanishing-gradient", "Saturation: the slope of tanh"
                    ),
                    "step_jacobian": Section("vanishing-gradient", "The Jacobian of one step"),
                    "jacobian_product": Section("vanishing-gradient", "A product of Jacobians"),
                    "gradient_norms": Section("vanishing-gradient", "Gradient norm against lag"),
                    "norm_bound": Section(
                        "vanishing-gradient", "What the bound proves, and what it does not"
                    ),
                    "clip_by_global_norm": Section(
                        "vanishing-gradient", "Exploding, and what clipping does"
                    ),
                },
            ),
        ),
    ),
    Chapter(
        page="lstm",
        minutes=45,
        words="each gate on its own, then all of them at work",
        assignments=(
            Assignment(
                name="lstm-gates",
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
                minutes=50,
                points=19,
                due=28,
                sections={
                    "lstm_step": Section("lstm", "One step by hand"),
                    "initial_state": RETURNED,
                    "lstm_sequence": UNROLLED,
                    "lstm_layer": RETURNED,
                    "masked_step": Section("lstm", "Masked steps"),
                    "pack_weights": STORED,
                },
            ),
            Assignment(
                name="lstm-gradient",
                minutes=60,
                points=20,
                due=35,
                sections={
                    "hidden_state_backward": GRADIENT,
                    "cell_state_backward": GRADIENT,
                    "gates_backward": GRADIENT,
                    "step_backward": GRADIENT,
                    "backward_through_time": GRADIENT,
                    "forget_product": GRADIENT,
                },
            ),
        ),
    ),
    Chapter(
        page="how-the-checks-work",
        minutes=25,
        words="reading a gate off a Keras layer",
    ),
)

ASSIGNMENTS = {each.name: each for chapter in CHAPTERS for each in chapter.assignments}
"""The assignments by name, in the order of the course."""

GATES = ("input", "forget", "candidate", "output")
DIAGNOSES = {
    **{f"{gate} {part}": STORED for gate in GATES for part in ("columns", "bias")},
    **dict.fromkeys(("block order", "interleaved", "interleaved columns"), STORED),
    "dtype": Section("how-the-checks-work", "How close is close enough"),
}
"""Mistakes that are explained in another section than the one on their function."""


def section(assignment: str, function: str, diagnosis: str) -> tuple[str, str] | None:
    """Say where the book explains a mistake, or a graded function where the diagnosis is "".

    Returns name and address of the section, or None for a function that the course does not know.
    """
    if assignment not in ASSIGNMENTS or function not in ASSIGNMENTS[assignment].sections:
        return None
    treated = DIAGNOSES.get(diagnosis, ASSIGNMENTS[assignment].sections[function])
    return treated.name, treated.address


def course_map() -> str:
    """Write the map of the course as a Markdown table: a chapter, then its assignments."""
    rows = ["| read | then do |", "|---|---|"]
    for chapter in CHAPTERS:
        link = f"[{title(chapter.page)}]({chapter.page}.md)"
        to_do = " <br> ".join(
            f"**{each.name}**, {each.minutes} min" for each in chapter.assignments
        )
        rows.append(f"| {link}, {chapter.minutes} min: {chapter.words} | {to_do} |")
    return "\n".join(rows)
