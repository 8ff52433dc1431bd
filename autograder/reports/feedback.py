"""Makes the page that a learner gets back: each question with what was wrong, then the notebook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.executed import ABOUT
from autograder.intake import printable
from autograder.master import without_hidden_tests
from autograder.reports import rendering
from autograder.reports.book import Find, Section, function_of
from autograder.reports.template import render
from autograder.wording import Words

UNFOLDED = 10  # lines of a check
LONGEST_NAME, LONGEST_MESSAGE = 120, 4_000  # characters that are shown of one
WITHOUT_A_WORD = {
    "partly": "This gave part of the points. What the check printed stands below it.",
    "failed": "The check gave no points. What it printed stands below it.",
}
SPEAK = ("AssertionError", "Stopped")
"""Kinds of exceptions whose message needs no explanation."""
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True)
class Mark:
    """What the gradebook says of a graded cell. waiting: whether a person has yet to grade it."""

    score: float
    most: float
    waiting: bool


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of a submitted notebook.

    by_cell, comments: by grade_id. words: what cells are called. penalty: points for being late.
    due, handed_in: in UTC, None where nobody knows. late: seconds after the due date.
    """

    by_cell: Mapping[str, Mark]
    comments: Mapping[str, str]
    words: Mapping[str, Words]
    penalty: float = 0.0
    due: datetime | None = None
    handed_in: datetime | None = None
    late: float = 0.0


@dataclass(frozen=True)
class Library:
    """Where to read on.

    find: as in `book`; None without a book. address: the book's; "" where nobody knows it.
    """

    find: Find | None = None
    address: str = ""

    def section(self, function: str, diagnosis: str) -> Section | None:
        """Find the section that treats a function, or a mistake in it."""
        place = self.find(function, diagnosis) if self.find else None
        if place is None:
            return None
        name, inside = place
        return Section(name, f"{self.address.rstrip('/')}/{inside}" if self.address else "")


@dataclass(frozen=True)
class Verdict:
    """What became of a graded cell.

    outcome: "passed", "partly", "failed", "not started", "waiting" for a person, or "by hand".
    message: what was wrong, in the check's words. stopped: what ended a cell of the learner's
    before it. answer, check: numbers of cells, 0 for none. comment: of a person.
    """

    title: str
    code: bool
    mark: Mark
    outcome: str
    message: str
    stopped: str
    section: Section | None
    answer: int
    check: int
    comment: Markup


@dataclass(frozen=True)
class ShownCell:
    """A cell of the notebook, as the page shows it. heading: what it is; "" without one.

    folded: whether it is long, and the instructor's.
    """

    number: int
    kind: str
    heading: str
    mark: Mark | None
    html: Markup
    folded: bool
    outputs: list[rendering.Output]
    comment: Markup


def page(notebook: NotebookNode, names: Mapping[str, str], marks: Marks, library: Library) -> str:
    """Make the page.

    notebook: autograded, with `about` in its metadata. names: of assignment, notebook and student.
    """
    about = notebook.metadata.get(ABOUT, {})
    # There, the notes stand for a person.
    cells = notebook.cells[1:] if about.get("in_first_cell") else notebook.cells
    questions = list(_verdicts(cells, about.get("diagnoses", {}), marks, library))
    values = {
        "title": _title(names),
        "learner": printable(names["student"], LONGEST_NAME),
        "questions": questions,
        "score": sum(mark.score for mark in marks.by_cell.values()),
        "most": sum(mark.most for mark in marks.by_cell.values()),
        "waiting": [question for question in questions if question.mark.waiting],
        "notes": [printable(note, LONGEST_MESSAGE) for note in about.get("notes", [])],
        "marks": marks,
        "cells": [_cell(number, cell, marks) for number, cell in enumerate(cells, start=1)],
    }
    return render("feedback.html.jinja", values, duration=duration, time=time)


def _title(names: Mapping[str, str]) -> str:
    parts = dict.fromkeys((names["assignment"], names["notebook"]))
    return ", ".join(printable(part, LONGEST_NAME) for part in parts)


def _verdicts(
    cells: list[NotebookNode], diagnoses: Mapping[str, str], marks: Marks, library: Library
) -> Iterator[Verdict]:
    """List the graded cells. Learners' cells belong to the next one."""
    answer, stopped = 0, ""
    for number, cell in enumerate(cells, start=1):
        known = cell.metadata.get("nbgrader", {})
        grade_id = known.get("grade_id", "")
        mark = marks.by_cell.get(grade_id)
        if known.get("solution"):
            answer = number
        if mark is None:
            stopped = stopped or ("" if known.get("locked") else _error(cell, python=True))
            continue
        diagnosis = diagnoses.get(grade_id, "")
        outcome = _outcome(mark, diagnosis, by_hand=known.get("solution") or known.get("task"))
        message = "" if outcome == "passed" else _error(cell, python=diagnosis in ("", "error"))
        words = marks.words.get(grade_id, Words(grade_id, grade_id, True))
        function = function_of(grade_id)
        yield Verdict(
            title=printable(words.title if function == grade_id else function, LONGEST_NAME),
            code=words.code,
            mark=mark,
            outcome=outcome,
            message=rendering.unwrapped(message) or WITHOUT_A_WORD.get(outcome, ""),
            stopped=stopped if outcome in ("failed", "not started") else "",
            section=library.section(function, "" if outcome == "passed" else diagnosis),
            answer=answer,
            check=0 if answer == number else number,
            comment=rendering.markdown(marks.comments.get(grade_id, "")),
        )
        answer, stopped = 0, ""


def _error(cell: NotebookNode, python: bool) -> str:
    """Return the message of the last error that a cell shows, with its kind if Python raised it.

    python: whether Python raised it, and not a check.
    """
    errors = [each for each in cell.get("outputs", []) if each.output_type == "error"]
    if not errors:
        return ""
    last = errors[-1]
    speaks = last.evalue and (not python or last.ename in SPEAK)
    return rendering.cut(last.evalue if speaks else rendering.error(last), LONGEST_MESSAGE)


def _outcome(mark: Mark, diagnosis: str, by_hand: bool) -> str:
    if mark.waiting:
        return "waiting"
    if mark.score >= mark.most:
        return "passed"
    if by_hand:
        return "by hand"
    if mark.score > 0:
        return "partly"
    return "not started" if diagnosis == "not started" else "failed"


def _cell(number: int, cell: NotebookNode, marks: Marks) -> ShownCell:
    known = cell.metadata.get("nbgrader", {})
    grade_id = known.get("grade_id", "")
    words = marks.words.get(grade_id)
    locked = bool(known.get("locked")) and not known.get("solution")
    source = without_hidden_tests(cell.source) if locked else cell.source
    if cell.cell_type == "markdown":
        html = rendering.markdown(source, cell.get("attachments"))
    else:
        html = rendering.code(source)
    return ShownCell(
        number,
        cell.cell_type,
        words.place[:1].upper() + words.place[1:] if words else "",
        marks.by_cell.get(grade_id),
        html,
        locked and source.count("\n") > UNFOLDED,
        rendering.outputs(cell),
        rendering.markdown(marks.comments.get(grade_id, "")),
    )


def duration(seconds: float) -> str:
    """Write a time in words, its two largest units: "2 days and 3 hours"."""
    parts: list[str] = []
    for unit, size in UNITS:
        count, seconds = int(seconds // size), seconds % size
        if count or parts:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    shown = [part for part in parts[:2] if not part.startswith("0 ")]
    return " and ".join(shown) or "less than a minute"


def time(moment: datetime) -> str:
    """Write a time in UTC."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
