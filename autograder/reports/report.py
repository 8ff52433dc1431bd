"""Writes the instructor's page on one assignment: `python -m autograder report ASSIGNMENT`."""

import math
import os
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.reports.book import Find, Report, Section, finder, function_of
from autograder.reports.template import render
from autograder.results import Question, Result
from autograder.settings import Settings

NOT_STARTED = "not started"
UNNAMED = {NOT_STARTED, "interrupted", "raised", "error", "value", "shape", "type", "nan", ""}
"""Diagnoses that say how a check ended, and not which mistake was made."""

OUTCOMES = ("passed", "known mistake", "other failure", NOT_STARTED)
BARS = 30  # at most, in the histogram: more do not fit a telephone
SLOWEST = 5


@dataclass(frozen=True)
class Book:
    """What the page of one assignment can link to.

    folder: of the built book. page: the file that links. find: `Report.section` for the assignment,
    or None where no book goes with it.
    """

    folder: Path
    page: Path
    find: Find | None

    def section(self, function: str, diagnosis: str = "") -> Section | None:
        """Find where the book treats a mistake, or a function; None where it does not."""
        place = self.find(function, diagnosis) if self.find else None
        if place is None:
            return None
        name, address = place
        folder = Path(os.path.relpath(self.folder, self.page.parent)).as_posix()
        return Section(name, f"{folder}/{address}")

    @property
    def missing(self) -> bool:
        """Whether the links lead nowhere until the book is built."""
        return self.find is not None and not self.folder.exists()


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
    """How one graded cell went: learners by OUTCOMES; nobody yet where a person grades it.

    together: for how many it ran in the learner's process.
    """

    name: str
    points: float
    mean: float | None
    counts: dict[str, int]
    waiting: int
    failures: list[Failure]
    section: Section | None
    together: int

    @property
    def answers(self) -> int:
        """How many submissions were graded."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram: the points it stands for, and how many learners have them."""

    label: str
    count: int


def check_score(question: Question) -> float | None:
    """Return the points that a check gave; None where a person gives them."""
    return None if question.diagnosis is None else question.score


def points(result: Result) -> float:
    """Add up what the checks gave, without what a person gave for written answers."""
    scores = map(check_score, result.questions)
    return sum(score for score in scores if score is not None)


def outcome(question: Question) -> str | None:
    """Say which of OUTCOMES an answer to a question is; None where a person grades it."""
    score = check_score(question)
    if score is None:
        return None
    if score >= question.max_score:
        return "passed"
    if question.diagnosis == NOT_STARTED:
        return NOT_STARTED
    return "other failure" if question.diagnosis in UNNAMED else "known mistake"


def failures(results: list[Result], book: Book) -> list[Failure]:
    """List what went wrong, function by function, the most frequent first."""
    shared: dict[tuple[str, str], dict[str, str]] = {}
    for result in results:
        for question in result.questions:
            if outcome(question) not in (None, "passed"):
                key = function_of(question.grade_id), question.diagnosis or ""
                shared.setdefault(key, {})[result.learner] = question.message
    failed = [
        Failure(
            function,
            diagnosis,
            Counter(messages.values()).most_common(1)[0][0],
            len(set(messages.values())),
            list(messages),
            book.section(function, diagnosis),
        )
        for (function, diagnosis), messages in shared.items()
    ]
    return sorted(failed, key=lambda failure: -len(failure.learners))


def outcomes(results: list[Result], failed: list[Failure], book: Book) -> list[Outcome]:
    """List how each graded cell went, in the notebook's order."""
    cells: dict[str, list[Question]] = {}
    for result in results:
        for question in result.questions:
            cells.setdefault(function_of(question.grade_id), []).append(question)
    return [
        cell_outcome(
            name,
            questions,
            [failure for failure in failed if failure.function == name],
            book.section(name),
        )
        for name, questions in cells.items()
    ]


def cell_outcome(
    name: str,
    questions: list[Question],
    failed: list[Failure],
    section: Section | None,
) -> Outcome:
    """Sum up how one graded cell went in all submissions."""
    scores = [score for score in map(check_score, questions) if score is not None]
    tally = Counter(map(outcome, questions))
    return Outcome(
        name,
        max(question.max_score for question in questions),
        statistics.fmean(scores) if scores else None,
        {kind: tally[kind] for kind in OUTCOMES} if scores else {},
        sum(question.score is None for question in questions),
        failed,
        section,
        sum(question.together for question in questions),
    )


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
    concerned: dict[str, list[str]] = {}
    for result in results:
        for note in dict.fromkeys(result.notes):
            concerned.setdefault(note, []).append(result.learner)
    return dict(sorted(concerned.items(), key=lambda item: -len(item[1])))


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


def contents(results: list[Result], book: Book) -> dict:
    """Compute all that the page shows."""
    # A submission that could not be run has no questions. As a 0 it would distort the figures.
    graded = [result for result in results if result.questions]
    scores = list(map(points, graded))
    most = max((result.auto_max_score for result in graded), default=0.0)
    failed = failures(graded, book)
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
        "outcomes": outcomes(graded, failed, book),
        "misconceptions": [failure for failure in failed if failure.diagnosis not in UNNAMED],
        "other_failures": [failure for failure in failed if failure.diagnosis in UNNAMED],
        "reasons": reasons(results),
        "humans": sum(bool(result.notes) or not result.sandboxed for result in results),
        "unsandboxed": [result.learner for result in results if not result.sandboxed],
        "late": sorted((r for r in results if r.penalty), key=lambda r: -r.penalty),
        "seconds": sum(result.seconds for result in results),
        "median_seconds": statistics.median(result.seconds for result in results),
        "slowest": sorted(results, key=lambda result: -result.seconds)[:SLOWEST],
        "book_is_missing": book.missing,
    }


def write_page(results: list[Result], book: Book) -> Path:
    """Write the page on the results of one assignment, at least one, to `book.page`; return it."""
    html = render("report.html.jinja", contents(results, book), duration=duration)
    book.page.parent.mkdir(parents=True, exist_ok=True)
    book.page.write_text(html, "utf-8")
    return book.page


def write_report(settings: Settings, assignment: str) -> Path:
    """Write the report on an assignment of the class; return its file.

    Raises SystemExit, saying what to do, where nothing of the assignment is graded.
    """
    results = settings.results.of(assignment)
    if not results:
        raise SystemExit(nothing_graded(settings, assignment))
    page = settings.class_folder / "reports" / f"{assignment}.html"
    folder = Path(Report(config=settings.config).book)
    return write_page(results, Book(folder, page, finder(settings.config, assignment)))


def nothing_graded(settings: Settings, assignment: str) -> str:
    """Say that an assignment has no results, which assignments have some, and how to get them."""
    graded = sorted(path.name for path in settings.results.folder.glob("*/"))
    others = f" There are results of {', '.join(graded)}." if graded else ""
    return (
        f"Nothing of {assignment} is graded yet.{others}\n"
        f"To grade it: python -m autograder grade {assignment}"
    )
