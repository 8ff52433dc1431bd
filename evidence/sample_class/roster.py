"""The list that tests the grading: who hands in what, and the score that each must get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import EllipsisType

from nbformat import NotebookNode

from course.curriculum import ASSIGNMENTS
from evidence.banks import bank
from evidence.check_cells import functions, points
from evidence.sample_class import tampering

START = datetime(2026, 2, 23, 20)
DUE = {name: str(START + timedelta(days=each.due)) for name, each in ASSIGNMENTS.items()}
"""Due dates, UTC."""

BLANK = object()
"""In place of an answer: the cell stays as it was released."""


class Code(str):
    """In place of an answer: the whole text of the cell."""


@dataclass(frozen=True)
class Submission:
    """One learner's work on one assignment.

    score: points that it must get by itself, before any penalty.
    stock: what nbgrader gives without this project's grader, if that differs; None if it gives up.
    human: whether a human is asked to look at it.
    penalty: points that it must lose for being late.
    answers: by function, what is in its cell in place of the solution: the name of an
        implementation in the bank, BLANK, or Code.
    written: whether the written question is answered; it must then wait for a human.
    hours: when it was handed in, counted from the due date.
    tamper: what else was done to the notebook. damage: to its file.
    earlier: answers of a submission handed in a day before, which this one replaces.
    """

    learner: str
    assignment: str
    what: str
    score: float
    answers: Mapping[str, object] = field(default_factory=dict)
    written: bool = True
    hours: float = -30
    penalty: float = 0
    tamper: Callable[[NotebookNode], None] | None = None
    damage: Callable[[str], str] | None = None
    earlier: Mapping[str, object] | None = None
    stock: float | EllipsisType | None = ...
    human: bool = False


def different(assignment: str) -> dict[str, str]:
    """Choose, for every function that has one, a right implementation other than the solution."""
    return {entry.function: entry.name for entry in reversed(bank(assignment)[1])}


def blank_after(assignment: str, last: str) -> dict[str, object]:
    """Leave every function after `last` blank."""
    names = functions(assignment)
    return dict.fromkeys(names[names.index(last) + 1 :], BLANK)


def all_blank(assignment: str) -> dict[str, object]:
    """Leave every function blank."""
    return dict.fromkeys(functions(assignment), BLANK)


def worth(assignment: str, names: list[str]) -> float:
    """Add up the points of functions."""
    return sum(points(assignment)[f"{name}-check"] for name in names)


def has_words(assignment: str) -> bool:
    """Say whether an assignment asks for a written answer."""
    return len(points(assignment)) > len(functions(assignment))


def work(score: float, what: str, **further: object) -> Callable[..., Submission]:
    """Describe a submission; who hands it in, and for which assignment, comes later."""
    return partial(Submission, score=score, what=what, **further)


def rnn_cell(name: str) -> list[Callable[..., Submission]]:
    """List 2 learners' work, with the score that each must get."""
    return [
        work(
            10,
            "never returns the state, counts no biases",
            answers={"rnn_layer": "return_state always false", "parameter_count": "biases missing"},
        ),
        work(
            6,
            "half done, and a day and a half late",
            answers=blank_after(name, "rnn_step"),
            hours=36,
            penalty=1.2,
        ),
    ]


def vanishing_gradient(name: str) -> list[Callable[..., Submission]]:
    """List 2 learners' work, with the score that each must get."""
    return [
        work(
            13,
            "bounds by an eigenvalue, clips each array by its own norm",
            answers={
                "norm_bound": "largest eigenvalue",
                "clip_by_global_norm": "each by its own norm",
            },
        ),
        work(20, "metadata of a future nbgrader", tamper=tampering.future_metadata, stock=None),
    ]


def lstm_gates(name: str) -> list[Callable[..., Submission]]:
    """List 22 learners' work, with the score that each must get."""
    return [
        work(23, "perfect, no written answer", written=False),
        work(
            20,
            "the forget gate from the input gate's columns",
            answers={"forget_gate": "input columns"},
        ),
        work(
            20,
            "a sigmoid that overflows: right values, with a warning",
            answers={"sigmoid": "textbook formula overflows"},
        ),
        work(
            17,
            "no bias in the forget gate, no tanh in the hidden state",
            answers={"forget_gate": "bias missing", "hidden_state": "tanh missing"},
        ),
        work(
            15,
            "blocks in the wrong order: candidate and output gate fail with them",
            answers={"split_gates": "order i, f, o, c"},
        ),
        work(20, "a sigmoid for the candidate", answers={"candidate": "sigmoid"}),
        work(
            17,
            "gates swapped, an output gate without its input",
            answers={"cell_state": "gates swapped", "output_gate": "input term missing"},
        ),
        work(20, "changes its arguments", answers={"cell_state": "arguments changed"}),
        work(11, "half done", answers=blank_after(name, "input_gate")),
        work(0, "blank", answers=all_blank(name), written=False),
        work(
            20,
            "a wrong gate, and its check cell changed to pass",
            answers={"forget_gate": "complement"},
            tamper=tampering.weaken("forget_gate-check"),
        ),
        work(20, "one cell is not Python", answers={"candidate": Code("def candidate(x, h\n")}),
        work(23, "raises at top level", answers={"hidden_state": Code(CALLED_WRONGLY)}),
        work(20, "ends its process", answers={"cell_state": Code(EXIT)}, stock=None),
        work(20, "a loop that never ends", answers={"hidden_state": Code(FOREVER)}),
        work(23, "an hour late", hours=1, penalty=2.3),
        work(
            20,
            "three days late, with a hard sigmoid",
            answers={"input_gate": "hard sigmoid"},
            hours=71,
            penalty=6,
        ),
        work(23, "eight days late: at most half is taken off", hours=190, penalty=11.5),
        work(23, "resubmitted", earlier=all_blank(name)),
        work(0, "a damaged file", damage=tampering.cut, stock=None, human=True, written=False),
        work(
            20,
            "a check cell deleted: it comes back",
            answers={"output_gate": "bias missing"},
            tamper=tampering.delete("output_gate-check"),
        ),
        work(23, "a check cell copied", tamper=tampering.copy("sigmoid-check"), stock=None),
    ]


CALLED_WRONGLY = """\
def hidden_state(output, c):
    return output * np.tanh(c)


hidden_state(0.5)
"""
EXIT = """\
import os


def cell_state(forget, input, candidate, c):
    os._exit(0)
"""
FOREVER = """\
def hidden_state(output, c):
    while True:
        pass
"""


def lstm_layer(name: str) -> list[Callable[..., Submission]]:
    """List 2 learners' work, with the score that each must get."""
    return [
        work(
            13,
            "clears the state of masked samples, packs the gates in the order of the dict",
            answers={"masked_step": "state cleared", "pack_weights": "dict order"},
        ),
        work(
            19,
            "resubmitted, at last too late",
            earlier=all_blank(name),
            hours=5,
            penalty=1.9,
        ),
    ]


def lstm_gradient(name: str) -> list[Callable[..., Submission]]:
    """List 2 learners' work, with the score that each must get."""
    return [
        work(
            13,
            "loses the gradient through c between steps, multiplies the gates backwards",
            answers={
                "backward_through_time": "cell state's gradient not carried",
                "forget_product": "reversed",
            },
        ),
        work(0, "words only", answers=all_blank(name)),
    ]


OTHERS: dict[str, Callable[[str], list[Callable[..., Submission]]]] = {
    "rnn-cell": rnn_cell,
    "vanishing-gradient": vanishing_gradient,
    "lstm-gates": lstm_gates,
    "lstm-layer": lstm_layer,
    "lstm-gradient": lstm_gradient,
}
"""The assignments in which further learners do something of interest."""


def half_done(name: str) -> list[Callable[..., Submission]]:
    """List 2 learners' work on an assignment that OTHERS lacks: half of it done, and nothing."""
    done = functions(name)[: (len(functions(name)) + 1) // 2]
    rest = blank_after(name, done[-1])
    return [
        work(worth(name, done), "half done", answers=rest, written=has_words(name)),
        work(0, "blank", answers=all_blank(name), written=False),
    ]


def works(name: str) -> list[Callable[..., Submission]]:
    """List all work on an assignment: two learners have it right, then others."""
    full, words = worth(name, functions(name)), has_words(name)
    return [
        work(full, "perfect", written=words),
        work(full, "different but right", answers=different(name), written=words),
        *OTHERS.get(name, half_done)(name),
    ]


def roster() -> list[Submission]:
    """List all submissions of the class."""
    return [
        submission(learner=f"learner-{number:02}", assignment=assignment)
        for assignment in ASSIGNMENTS
        for number, submission in enumerate(works(assignment), start=1)
    ]
