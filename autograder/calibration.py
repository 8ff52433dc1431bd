"""Grades what has a known grade, before a class meets the tests: `python -m autograder check`.

The instructor's own solution should get all points, and the untouched notebook none. If not, a test
cannot be passed here, or is passed without an answer. Then the tests run in the learner's process
too, to find out whether that helps. Nothing is graded until an instructor has chosen. The outcome
is kept in the class's folder, with a digest of all that it depends on. What the tests asked of the
solution is kept there as well, so that it need not be computed again for a class.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from autograder import COURSE
from autograder.intake import Contents, read_submission
from autograder.judge.job import Execute
from autograder.judge.names import imported_modules, looks_into
from autograder.judge.pool import JudgeFailed, JudgeUnavailable, execute_anywhere
from autograder.master import Master, generated
from autograder.recordings import OfNotebook
from autograder.results import Question
from autograder.sandbox.limits import MB
from autograder.sandbox.mounts import packages
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.settings import Selection, Settings, hidden_folders
from autograder.trial import Unrecorded
from autograder.whole import write_whole

AS_IT_SHOULD_BE = "The solution gets all points, the untouched notebook none."
NOT_PASSED = "the solution gets {:g} of {:g} points: {}"
PASSED = "the untouched notebook gets {:g} of {:g} points: the test needs no answer"
NO_FILE = " (What the learner's cells write into files is there only for tests in their process.)"
HANDED_IN = "outside the learner's process it would read the instructor's own {}"
LOOKED_INTO = "outside the learner's process {} tells nothing of the learner's own objects"
CURED = "In the learner's process it gives the points that it should."
NOT_CURED = "In the learner's process, too, {}"
CHOOSE = """
Nothing of {} is graded before you choose. Mend the tests and run `nbgrader generate_assignment
{} --force`, or write into nbgrader_config.py:
"""
TOGETHER = """
# These tests run in the learner's process: its code can read them, and forge what they say.
c.SplitExecute.together = {}"""
ACCEPTED = """
# These are graded as they are.
c.SplitExecute.accepted = {}"""
NO_SOURCE = (
    "There is no {}. It has the solution, without which nobody knows whether the tests of {} give "
    "right answers their points. To grade without it, set `c.SplitExecute.accepted = {}` in "
    "nbgrader_config.py."
)
OTHER_SOURCE = (
    "{} is not what the gradebook knows. They differ in {}. Run `nbgrader generate_assignment {} "
    "--force`."
)
LARGE = (
    "The files beside the notebooks of {} do not fit into a sandbox: {} has {:.0f} MB, all have "
    "{:.0f} MB. nbgrader_config.py sets the limits: "
    'c.SplitExecute.limits = {{"{}": {{"file_mb": ..., "scratch_mb": ...}}}}'
)
NO_TEST = (
    "c.SplitExecute.together in nbgrader_config.py names {}, which {} does not have. Its test "
    "cells are {}."
)


@dataclass(frozen=True)
class Fault:
    """A graded cell that does not give the points that it should.

    why: in words. together: why it does not in the learner's process either; "" if it does there.
    """

    grade_id: str
    why: str
    together: str


@dataclass(frozen=True)
class Calibration:
    """What came of checking an assignment.

    digest: of all that this depends on. together: the test cells that have no fault only if they
    run in the learner's process, including those that already do.
    """

    digest: str
    faults: list[Fault]
    together: list[str]

    def unaccepted(self, accepted: Selection) -> list[Fault]:
        """List the faults that nobody has accepted."""
        if accepted is True:
            return []
        return [fault for fault in self.faults if fault.grade_id not in accepted]


class Checking:
    """Grades an assignment's solution and the untouched notebook.

    confined: whether submissions run in a sandbox.
    Raises SystemExit with what to do where the assignment cannot be graded.
    """

    def __init__(self, settings: Settings, assignment: str, confined: bool = True):
        self.assignment, self.choices = assignment, settings.choices(assignment)
        course = settings.open().coursedir
        self._folder = Path(course.format_path(course.source_directory, ".", assignment))
        self._config, self._confined = settings.config, confined
        self._hidden = hidden_folders(course)
        self._kept = settings.class_folder / "checked" / f"{assignment}.json"
        self._recordings = settings.recordings
        self._masters = settings.masters(assignment)
        self.tests = frozenset(test for each in self._masters.values() for test in each.tests())
        self._together = self._chosen()
        self._solutions = {name: self._solution(name) for name in self._masters}
        released = Path(course.format_path(course.release_directory, ".", assignment))
        self._files = self._beside(self._folder)
        self._released_files = self._beside(released) if released.is_dir() else self._files
        self._expect_room()

    def known(self) -> Calibration | None:
        """Return the last outcome; None if something has changed since."""
        try:
            kept = json.loads(self._kept.read_text("utf-8"))
            faults = [Fault(**each) for each in kept.pop("faults")]
            calibration = Calibration(faults=faults, **kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return calibration if calibration.digest == self._digest else None

    def recordings(self) -> dict[str, OfNotebook] | None:
        """Return the recordings of the solution; None if something has changed since."""
        return self._recordings.read(self.assignment, self._digest)

    def check(self, execute: Execute) -> Calibration:
        """Check the assignment, and keep what comes of it. Raises what `execute` raises."""
        together = self._together
        recordings: dict[str, OfNotebook] = {}
        wrong = self._wrong(together, execute, recordings)
        self._recordings.write(self.assignment, self._digest, recordings)
        whys, beside = dict(wrong), dict[str, str]()
        if wrong:
            beside = self._wrong(self.tests, execute)
            # What a cell defines is missing for the others once it runs elsewhere: they follow it.
            while cured := wrong.keys() - beside.keys() - together:
                together |= cured
                wrong = self._wrong(together, execute)
                whys = {**wrong, **whys}
        faults = [Fault(each, why, beside.get(each, "")) for each, why in whys.items()]
        calibration = Calibration(self._digest, faults, sorted(together))
        write_whole(self._kept, json.dumps(asdict(calibration), indent=1).encode())
        return calibration

    def advice(self, calibration: Calibration) -> str:
        """Say what is wrong, cell by cell, and what the choices are."""
        accepted = self.choices.accepted
        faults = calibration.unaccepted(accepted)
        lines = []
        for fault in faults:
            cure = NOT_CURED.format(fault.together) if fault.together else CURED
            lines += [f"{fault.grade_id}: {fault.why}", f"    {cure}"]
        text = "\n".join(lines) + "\n" + CHOOSE.format(self.assignment, self.assignment)
        if any(not fault.together for fault in faults):
            whole = set(calibration.together) == self.tests
            text += TOGETHER.format({self.assignment: True if whole else calibration.together})
        remaining = {fault.grade_id for fault in faults if fault.together}
        if remaining and accepted is not True:
            text += ACCEPTED.format({self.assignment: sorted(remaining | accepted)})
        return text

    def _wrong(
        self,
        together: frozenset[str],
        execute: Execute,
        recordings: dict[str, OfNotebook] | None = None,
    ) -> dict[str, str]:
        """Say of each graded cell why it does not give the points that it should.

        together: the test cells that run in the learner's process. recordings: takes what the tests
        ask of the solution, by notebook.
        """
        wrong: dict[str, list[str]] = {}
        for name, solution in self._solutions.items():
            master = self._masters[name].choose(together, self.choices.handed_in)
            for test in readers_of_what_is_handed_in(master):
                why = HANDED_IN.format(", ".join(master.handed_in))
                wrong.setdefault(test, []).append(why)
            for test, looked_into in lookers(master):
                wrong.setdefault(test, []).append(LOOKED_INTO.format(looked_into))
            untouched = generated(solution, self._folder / f"{name}.ipynb", self._config)
            grading = self._grading(master, name)
            right = replace(grading, record=recordings is not None)
            trial = right.grade(_contents(name, solution, self._files), execute)
            if recordings is not None:
                recordings[name] = trial.recordings
            as_graded = replace(grading, recordings=trial.recordings)
            empty = as_graded.grade(_contents(name, untouched, self._released_files), execute)
            whys = [(each.grade_id, not_passed(each)) for each in trial.questions]
            whys += [(each.grade_id, passed(each)) for each in empty.questions]
            for grade_id, why in whys:
                if why:
                    wrong.setdefault(grade_id, []).append(why)
        return {grade_id: "; ".join(whys) for grade_id, whys in wrong.items()}

    def _grading(self, master: Master, name: str) -> Unrecorded:
        limits, hidden, confined = self.choices.limits, self._hidden, self._confined
        return Unrecorded(master, f"{name}.ipynb", limits, hidden, confined)

    def _beside(self, folder: Path) -> dict[str, bytes]:
        """Read the files beside the notebooks as those of a submission."""
        return read_submission(folder, (), self.choices.limits).files

    def _chosen(self) -> frozenset[str]:
        """Return the test cells that run in the learner's process."""
        together = self.choices.together
        if together is True:
            return self.tests
        if unknown := sorted(together - self.tests):
            known = ", ".join(sorted(self.tests)) or "none"
            raise SystemExit(NO_TEST.format(", ".join(unknown), self.assignment, known))
        return together

    def _solution(self, name: str) -> NotebookNode:
        """Read an instructor's notebook, whose locked cells the gradebook must know."""
        path = self._folder / f"{name}.ipynb"
        if not path.is_file():
            raise SystemExit(NO_SOURCE.format(path, self.assignment, {self.assignment: True}))
        notebook = nbformat.read(path, 4)
        known = self._masters[name].cells
        cells = {
            grade_id: cell.source
            for cell in generated(notebook, path, self._config).cells
            if (grade_id := cell.metadata.get("nbgrader", {}).get("grade_id"))
        }
        differing = [each for each in known if each not in cells]
        differing += [
            each
            for each, source in cells.items()
            if each not in known or (known[each].side != "learner" and known[each].source != source)
        ]
        if differing:
            raise SystemExit(OTHER_SOURCE.format(path, ", ".join(differing), self.assignment))
        return notebook

    def _expect_room(self) -> None:
        """Expect the instructor's files to fit into the folder in which a submission works."""
        sizes = {
            name: len(content) / MB
            for master in self._masters.values()
            for name, content in master.files.items()
        }
        largest = max(sizes, key=sizes.__getitem__, default="")
        limits, total = self.choices.limits, sum(sizes.values())
        if largest and (sizes[largest] > limits.file_mb or total > limits.scratch_mb):
            name = self.assignment
            raise SystemExit(LARGE.format(name, largest, sizes[largest], total, name))

    @cached_property
    def _digest(self) -> str:
        """Hash all that the outcome depends on."""
        parts = [str(self.choices.limits), str(self._confined), *versions()]
        for name, solution in self._solutions.items():
            master = self._masters[name].choose(self._together, self.choices.handed_in)
            parts += [name, master.digest(), nbformat.writes(solution)]
        for files in (self._files, self._released_files):
            parts += [hashlib.sha256(files[name]).hexdigest() for name in sorted(files)]
        return hashlib.sha256(repr(parts).encode(errors="replace")).hexdigest()


def _contents(name: str, notebook: NotebookNode, files: dict[str, bytes]) -> Contents:
    """Make the contents of a folder that is handed in. files: beside the notebook."""
    return Contents({f"{name}.ipynb": nbformat.writes(notebook).encode()}, files=files)


def check(settings: Settings, assignment: str, execute: Execute = execute_anywhere) -> str:
    """Check an assignment, even if its outcome is known; say that it may be graded.

    execute: hands a job to judges.
    Raises SystemExit with what is wrong, and what the choices are.
    """
    checking = Checking(settings, assignment)
    try:
        calibration = checking.check(execute)
    except (JudgeUnavailable, JudgeFailed, SandboxUnavailable) as error:
        raise SystemExit(str(error)) from None
    if calibration.unaccepted(checking.choices.accepted):
        raise SystemExit(checking.advice(calibration))
    return says(calibration, checking.tests)


def require(
    settings: Settings, assignment: str, execute: Execute, confined: bool = True
) -> dict[str, OfNotebook]:
    """Make sure that an assignment has no fault that nobody has accepted.

    execute: hands a job to a judge. confined: whether submissions run in a sandbox.
    Returns what the tests asked of the solution, by notebook, as far as that is kept.
    Raises SystemExit with what is wrong, and what the choices are.
    """
    accepted = settings.choices(assignment).accepted
    if accepted is True:
        return {}
    checking = Checking(settings, assignment, confined)
    calibration, recordings = checking.known(), checking.recordings()
    if calibration is None or recordings is None or calibration.unaccepted(accepted):
        calibration = checking.check(execute)
        recordings = checking.recordings()
    if calibration.unaccepted(accepted):
        raise SystemExit(checking.advice(calibration))
    return recordings or {}


def says(calibration: Calibration, tests: frozenset[str]) -> str:
    """Say that an assignment may be graded, and how."""
    lines = [] if calibration.faults else [AS_IT_SHOULD_BE]
    lines += [f"{each.grade_id}: {each.why}\n    Accepted as it is." for each in calibration.faults]
    together = ", ".join(calibration.together)
    lines += [f"In the learner's process, of {len(tests)}: {together}."] if together else []
    return "\n".join(lines)


def not_passed(question: Question) -> str:
    """Say what is wrong with a cell of the solution, "" where it has all points.

    An answer that a human grades may well be empty in an instructor's notebook.
    """
    if question.diagnosis is None or (question.score or 0) >= question.max_score:
        return ""
    why = " ".join(question.message.split()) or "it says nothing"
    hint = "" if question.together or "No such file" not in why else NO_FILE
    return NOT_PASSED.format(question.score, question.max_score, why) + hint


def passed(question: Question) -> str:
    """Say what is wrong with a cell of the untouched notebook, "" where it has no points."""
    return PASSED.format(question.score, question.max_score) if question.score else ""


def readers_of_what_is_handed_in(master: Master) -> Iterator[str]:
    """Name the tests that the judge would run with the instructor's version of a learner's file."""
    sides = master.cells.values()
    shared = [master.imports, *master.plain, *(c.source for c in sides if c.side == "shared")]
    by_all = any(_reads(source, master.handed_in) for source in shared)
    for test in master.tests():
        reads = by_all or _reads(master.cells[test].source, master.handed_in)
        if reads and test not in master.together:
            yield test


def lookers(master: Master) -> Iterator[tuple[str, str]]:
    """Name the tests that look into what stands for the learner's objects, with what they ask.

    Nothing of the kind is there: such a test, if it passes, passes whatever the answer is.
    """
    for test in master.tests():
        asked = looks_into(master.cells[test].source) if test not in master.together else ""
        if asked:
            yield test, asked


def _reads(source: str, files: tuple[str, ...]) -> bool:
    """Whether code names a file, or imports it."""
    modules = {name.partition("/")[0].removesuffix(".py") for name in files}
    named = any(PurePosixPath(name).name in source for name in files)
    return named or not modules.isdisjoint(imported_modules(source))


def versions() -> list[str]:
    """List what runs here: Python, the packages and their versions, and this program's own text."""
    installed = {path.name for folder in packages() for path in Path(folder).glob("*.dist-info")}
    texts = sorted((COURSE / "autograder").rglob("*.py"))
    own = [hashlib.sha256(path.read_bytes()).hexdigest() for path in texts]
    return [sys.version, *sorted(installed), *own]
