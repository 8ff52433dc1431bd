"""Writes the instructor's page on one assignment: `python -m autograder report ASSIGNMENT`."""

import math
import os
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docutils.nodes import make_id
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder import COURSE
from autograder.results import Question, Result
from course.exercises import assignments

BOOK = COURSE / "build" / "book" / "_build" / "html"

CHAPTERS = {
    "recurrent-networks": "Recurrent networks",
    "vanishing-gradient": "The vanishing gradient",
    "lstm": "The LSTM, gate by gate",
    "how-the-checks-work": "How the checks work",
}

STORED = ("lstm", "How Keras stores the weights")
GRADIENT = ("lstm", "Why the gradient survives")

SECTIONS = {
    # rnn-cell
    "pre_activation": ("recurrent-networks", "A layer of units"),
    "rnn_step": ("recurrent-networks", "A layer of units"),
    "rnn_sequence": ("recurrent-networks", "The unrolled graph"),
    "rnn_layer": ("recurrent-networks", "What the layer returns"),
    "parameter_count": ("recurrent-networks", "One set of weights, any number of steps"),
    # vanishing-gradient
    "tanh_derivative": ("vanishing-gradient", "Saturation: the slope of tanh"),
    "step_jacobian": ("vanishing-gradient", "The Jacobian of one step"),
    "jacobian_product": ("vanishing-gradient", "A product of Jacobians"),
    "gradient_norms": ("vanishing-gradient", "Gradient norm against lag"),
    "norm_bound": ("vanishing-gradient", "What the bound proves, and what it does not"),
    "clip_by_global_norm": ("vanishing-gradient", "Exploding, and what clipping does"),
    # lstm-gates
    "sigmoid": ("lstm", "The sigmoid as a valve"),
    "split_gates": STORED,
    "forget_gate": ("lstm", "The forget gate"),
    "input_gate": ("lstm", "The input gate"),
    "candidate": ("lstm", "The candidate"),
    "cell_state": ("lstm", "The cell state"),
    "output_gate": ("lstm", "The output gate"),
    "hidden_state": ("lstm", "The hidden state"),
    # lstm-layer
    "lstm_step": ("lstm", "One step by hand"),
    "initial_state": ("recurrent-networks", "What the layer returns"),
    "lstm_sequence": ("recurrent-networks", "The unrolled graph"),
    "lstm_layer": ("recurrent-networks", "What the layer returns"),
    "masked_step": ("lstm", "Masked steps"),
    "pack_weights": STORED,
    # lstm-gradient
    "hidden_state_backward": GRADIENT,
    "cell_state_backward": GRADIENT,
    "gates_backward": GRADIENT,
    "step_backward": GRADIENT,
    "backward_through_time": GRADIENT,
    "forget_product": GRADIENT,
}
"""Where the book treats a graded function: a chapter and the heading of a section."""

GATES = ("input", "forget", "candidate", "output")
DIAGNOSES = {
    **{f"{gate} {part}": STORED for gate in GATES for part in ("columns", "bias")},
    **dict.fromkeys(("block order", "interleaved", "interleaved columns"), STORED),
    "dtype": ("how-the-checks-work", "How close is close enough"),
}
"""Mistakes that another section treats than the one of their function."""

NOT_STARTED = "not started"
UNNAMED = {NOT_STARTED, "interrupted", "raised", "error", "value", "shape", "type", "nan", ""}
"""Diagnoses that say how a check ended, and not which mistake was made."""

OUTCOMES = ("passed", "known mistake", "other failure", NOT_STARTED)
BARS = 30  # at most, in the histogram: more do not fit a telephone
SLOWEST = 5


@dataclass(frozen=True)
class Section:
    """A place in the book: its name for the reader, and the address relative to the page."""

    name: str
    address: str


@dataclass(frozen=True)
class Failure:
    """A diagnosis that learners share in one function.

    message: the most frequent one of `wordings` different messages.
    """

    function: str
    diagnosis: str
    message: str
    wordings: int
    learners: list[str]
    section: Section | None


@dataclass(frozen=True)
class Outcome:
    """How one graded cell went: learners by OUTCOMES; nobody yet where a person grades it."""

    name: str
    points: float
    mean: float | None
    counts: dict[str, int]
    waiting: int
    failures: list[Failure]
    section: Section | None

    @property
    def answers(self) -> int:
        """How many submissions were graded."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram: the points it stands for, and how many learners have them."""

    label: str
    count: int


def function_of(question: Question) -> str:
    """Name the function that a check cell grades, or the cell of a written answer."""
    return question.grade_id.removesuffix("-check")


def section(function: str, diagnosis: str, page: Path) -> Section | None:
    """Find where the book treats a mistake; None where it does not. page: the file that links."""
    if function not in SECTIONS:
        return None
    chapter, heading = DIAGNOSES.get(diagnosis, SECTIONS[function])
    path = Path(os.path.relpath(BOOK / f"{chapter}.html", page.parent)).as_posix()
    return Section(f"{CHAPTERS[chapter]}: {heading}", f"{path}#{make_id(heading)}")


def by_checks(question: Question) -> bool:
    """Say whether a check gives the points, not a person."""
    return question.diagnosis is not None


def points(result: Result) -> float:
    """Add up what the checks gave, without what a person gave for written answers."""
    return sum(question.score for question in result.questions if by_checks(question))


def outcome(question: Question) -> str:
    """Say which of OUTCOMES an answer to a question is."""
    if question.score >= question.max_score:
        return "passed"
    if question.diagnosis == NOT_STARTED:
        return NOT_STARTED
    return "other failure" if question.diagnosis in UNNAMED else "known mistake"


def failures(results: list[Result], page: Path) -> list[Failure]:
    """List what went wrong, function by function, what most learners share first."""
    shared = {}
    for result in results:
        for question in result.questions:
            if by_checks(question) and outcome(question) != "passed":
                key = function_of(question), question.diagnosis
                shared.setdefault(key, {})[result.learner] = question.message
    found = [
        Failure(
            function,
            diagnosis,
            Counter(messages.values()).most_common(1)[0][0],
            len(set(messages.values())),
            list(messages),
            section(function, diagnosis, page),
        )
        for (function, diagnosis), messages in shared.items()
    ]
    return sorted(found, key=lambda failure: -len(failure.learners))


def outcomes(results: list[Result], failed: list[Failure], page: Path) -> list[Outcome]:
    """List how each graded cell went, in the notebook's order."""
    cells = {}
    for result in results:
        for question in result.questions:
            cells.setdefault(function_of(question), []).append(question)
    found = []
    for name, questions in cells.items():
        graded = list(filter(by_checks, questions))
        tally = Counter(map(outcome, graded))
        found.append(
            Outcome(
                name,
                max(question.max_score for question in questions),
                statistics.fmean(question.score for question in graded) if graded else None,
                {kind: tally[kind] for kind in OUTCOMES} if graded else {},
                sum(question.score is None for question in questions),
                [failure for failure in failed if failure.function == name],
                section(name, "", page),
            )
        )
    return found


def histogram(scores: list[float], most: float) -> list[Bar]:
    """Count the scores by whole points, or by several where there are more than BARS of them."""
    width = math.ceil((most + 1) / BARS)
    tally = Counter(int(score // width) for score in scores)
    ends = [
        (start, min(start + width - 1, math.ceil(most))) for start in range(0, int(most) + 1, width)
    ]
    labels = [f"{first}" if first == last else f"{first} to {last}" for first, last in ends]
    return [Bar(label, tally[number]) for number, label in enumerate(labels)]


def grid(top: int) -> list[int]:
    """Choose up to five round numbers for an axis from 0 to at least `top`."""
    steps = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    step = next(step for step in steps if 4 * step >= top)
    return list(range(0, top + step, step))


def reasons(results: list[Result]) -> dict[str, list[str]]:
    """Map what a person should look at to the learners concerned, the most frequent first."""
    found = {}
    for result in results:
        for note in dict.fromkeys(result.notes):
            found.setdefault(note, []).append(result.learner)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def duration(seconds: float) -> str:
    """Write a time as people say it: 0.31 s, 42 s, 3 min 5 s, 1 h 2 min."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def contents(results: list[Result], page: Path) -> dict:
    """Compute all that the page shows."""
    # A submission that could not be run has no questions; as a 0 it would bend every figure.
    graded = [result for result in results if result.questions]
    scores = list(map(points, graded))
    most = max((result.auto_max_score for result in graded), default=0.0)
    failed = failures(graded, page)
    bars = histogram(scores, most)
    return {
        "assignment": results[0].assignment,
        "graded_last": max(datetime.fromisoformat(result.graded) for result in results),
        "submissions": len(results),
        "ungraded": len(results) - len(graded),
        "most": most,
        "most_with_answers": max(result.max_score for result in results),
        "mean": statistics.fmean(scores) if scores else None,
        "median": statistics.median(scores) if scores else None,
        "full_marks": sum(points(result) >= result.auto_max_score for result in graded),
        "bars": bars,
        "grid": grid(max((bar.count for bar in bars), default=0)),
        "outcomes": outcomes(graded, failed, page),
        "misconceptions": [failure for failure in failed if failure.diagnosis not in UNNAMED],
        "other_failures": [failure for failure in failed if failure.diagnosis in UNNAMED],
        "reasons": reasons(results),
        "humans": sum(bool(result.notes) or not result.sandboxed for result in results),
        "unsandboxed": [result.learner for result in results if not result.sandboxed],
        "late": sorted((r for r in results if r.penalty), key=lambda r: -r.penalty),
        "seconds": sum(result.seconds for result in results),
        "median_seconds": statistics.median(result.seconds for result in results),
        "slowest": sorted(results, key=lambda result: -result.seconds)[:SLOWEST],
        "book_is_built": BOOK.exists(),
    }


def report(results: list[Result], target: Path) -> Path:
    """Write the page on the results of one assignment, at least one, to `target`; return it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # ids, notes and messages hold what learners wrote
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["duration"] = duration
    html = environment.get_template("report.html.jinja").render(contents(results, target))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html, "utf-8", errors="replace")  # JSON may hold half a surrogate pair
    return target


def write_report(settings, assignment: str) -> Path:
    """Write the report on an assignment of the class, and say where it is."""
    if assignment not in assignments():
        known = ", ".join(assignments())
        raise SystemExit(f"There is no assignment {assignment}. There are: {known}.")
    found = settings.results.of(assignment)
    if not found:
        raise SystemExit(
            f"Nothing of {assignment} is graded yet. First: python -m autograder grade {assignment}"
        )
    return report(found, settings.class_folder / "reports" / f"{assignment}.html")
