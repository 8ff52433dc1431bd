"""The instructor's side of a notebook: runs locked cells, with stand-ins for learners' objects."""

import hashlib
import re
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from types import ModuleType
from typing import NoReturn

from autograder.inside import wire
from autograder.inside.shell import Shell
from autograder.judge import recordings
from autograder.judge.alone import HARMLESS, is_alike, is_alone
from autograder.judge.caller import Caller
from autograder.judge.evaluation import guarded
from autograder.judge.job import Cell, Job
from autograder.judge.learner_side import LearnerSide
from autograder.judge.learners_names import LearnersNames
from autograder.judge.lines import failed_line
from autograder.judge.names import bound, imported_modules, parse, read, used
from autograder.judge.outputs import add_output, credit, fit
from autograder.judge.patches import Patches
from autograder.judge.replay import Recorder, Trace, repeat
from autograder.sandbox.sandbox import TOO_LONG

SPARE = 20  # seconds that a test cell may need besides the learner's code
LOST_ON_THE_WAY = (
    "{} failed because something of the learner's could not reach the test, so a right answer may "
    "have lost points"
)

ONLY_PLAIN = (
    "{} failed because it asked a plain value for {!r}. If the learner has derived a class from a "
    "plain kind, such as dict, its values reach the test without what the class adds, so a right "
    "answer may have lost points"
)
CAUGHT = "the test caught an error of the grader's as if it were the answer's: {}"
GETS_PLAIN = "gets plain data"
MANY_CALLS = 10_000  # in a test cell: under nbgrader they take no time
TOO_MANY_CALLS = (
    "{} was stopped after {:,} calls of the learner's code, each of which takes longer here than "
    "under nbgrader, so a right answer may have lost points"
)
PLAIN = wire.PLAIN | {str, float}
DERIVED = re.compile(r"^[ \t]*class\s+\w+\s*\(", re.MULTILINE)


class InstructorSide:
    """The instructor's side of a notebook: a namespace that no code of the learner's enters.

    notes: takes what a human should look at. recordings: those that were made.
    """

    def __init__(self, job: Job, shell: Shell, learner: LearnerSide, notes: list[str]):
        self.recordings: dict[str, bytes] = {}
        self._job, self._shell, self._notes = job, shell, notes
        self._namespace = shell.user_ns
        for statement in job.imports.splitlines():
            shell.run(f"try:\n    {statement}\nexcept ImportError:\n    pass", lambda output: None)
        self._names = LearnersNames(job, self._namespace)
        self._patches = self._watched()
        self._caller = Caller(learner, self._names, shell, self._patches)
        known = job.instructors_texts, job.instructors_modules()
        self._guarded = partial(guarded, learner.heard, *known, self._caller.refuse)
        self._shared: list[str] = []  # the shared cells that ran
        self._recorder: Recorder | None = None
        self._tainted: set[str] = set()  # names of values that may depend on the learner

    def run(self, cell: Cell, later: Sequence[Cell]) -> list[dict]:
        """Run a cell without points, or repeat what it showed for the instructor's own solution.

        later: the cells that follow. Returns the cell's outputs.
        """
        key, repeatable = self._key(cell), self._is_repeatable(cell, later)
        recorded = self._job.recordings.get(key) if repeatable else None
        self._shared.append(cell.source)
        if recorded is not None:
            return recordings.unpack(recorded)
        with self._cell(cell) as outputs, self._caller.filters.shared():
            error = self._run(cell, outputs)
            self._wrap_check()
            self._settle()
            self._taint(cell, error)
        shown = self._fitted(outputs)
        if repeatable and self._job.record and error is None:
            self._keep(key, shown)
        return shown

    def _watched(self) -> Patches | None:
        """Watch the libraries of the notebook's cells, while an assignment is checked."""
        if not self._job.record:
            return None
        cells = (imported_modules(cell.source) for cell in self._job.cells)
        return Patches(set[str]().union(*cells))

    def _settle(self) -> None:
        """Take note that both sides have run a cell."""
        self._names.settle()
        if self._patches is not None:
            self._patches.settle()

    def _keep(self, key: str, recording: object) -> None:
        """Add a recording to those that were made, if it can be kept."""
        data = recordings.pack(recording, self._job.instructors_modules())
        self.recordings |= {key: data} if data is not None else {}

    def _is_repeatable(self, cell: Cell, later: Sequence[Cell]) -> bool:
        """Whether no test needs a cell, nor any other, and it shows everybody the same.

        Only cells below the last test are: what they change in other ways costs nobody a point.
        """
        if any(each.is_test for each in later):
            return False
        names = used(cell.source) | bound(parse(cell.source))
        return (
            not any(self._names.may_be(each) or each in self._tainted for each in names)
            and not self._uses_a_function_of_another_cell(read(cell.source))
            and is_alike(cell.source, [each.source for each in later if each.side != "learner"])
        )

    def run_test(self, cell: Cell) -> tuple[list[dict], str]:
        """Run a test cell; return its outputs and the diagnosis, "" where it passed."""
        with self._cell(cell) as outputs:
            error = self._test(cell, outputs) or self._caught(outputs)
        credited = list(map(credit, outputs))
        if error is None:
            self._keep_kind(cell)
            self._report(cell, [new for old, new in zip(outputs, credited) if new is not old])
        else:
            self._notes += self._doubts(cell, error)
        failed = any(output["output_type"] == "error" for output in credited)
        diagnosis = getattr(error, "diagnosis", "error") if failed or error is not None else ""
        return self._fitted(credited), diagnosis

    def _keep_kind(self, cell: Cell) -> None:
        """Record of a cell that passed whether it got plain data alone."""
        if self._job.record and not self._caller.met_objects:
            self._keep(self._only_plain(cell), True)

    def _only_plain(self, cell: Cell) -> str:
        """Name the record which says that a cell gets plain data alone from the solution."""
        return f"{self._key(cell)} {GETS_PLAIN}"

    def _caught(self, outputs: list[dict]) -> BaseException | None:
        """Return what could not cross although the test passed; show it as an error.

        A test that expects an exception catches that one, too, and would pass for any answer.
        """
        error = self._caller.refusal
        if error is not None:
            name, text = type(error).__name__, CAUGHT.format(error)
            shown = {"ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
            outputs.append({"output_type": "error", **shown})
        return error

    def _doubts(self, cell: Cell, error: BaseException) -> list[str]:
        """Note for a human a test that may have failed although the answer is right."""
        if could_not_cross(error):
            return [LOST_ON_THE_WAY.format(cell.grade_id)]
        calls = self._caller.calls
        if isinstance(error, KeyboardInterrupt) and calls > MANY_CALLS:
            return [TOO_MANY_CALLS.format(cell.grade_id, calls)]
        learners = (each.source for each in self._job.cells if each.side == "learner")
        name = asked_of_a_plain_value(error)
        if name and any(map(DERIVED.search, learners)):
            return [ONLY_PLAIN.format(cell.grade_id, name)]
        return []

    def _report(self, cell: Cell, points: list[dict]) -> None:
        """Note for a human a test that passed although it may not deserve to."""
        for output in points:
            if output["output_type"] == "error":
                self._notes.append(f"{cell.grade_id}: {output['evalue']}")
        if self._caller.returned_empty:
            self._notes.append(
                f"{cell.grade_id} passed, and the learner's code gave it an empty array, which "
                "np.allclose accepts as equal to any other array"
            )

    @contextmanager
    def _cell(self, cell: Cell) -> Iterator[list[dict]]:
        """Get ready for a cell: the learner's names, the limits. Gives the list of its outputs."""
        self._caller.begin_cell(self._only_plain(cell) in self._job.recordings)
        if self._patches is not None:
            self._patches.begin_cell()
        seconds = self._job.limits.cell_seconds + SPARE
        with self._guarded(), alarm(seconds), warnings_without_source():
            yield []

    def _fitted(self, outputs: list[dict]) -> list[dict]:
        return [fit(output, self._job.limits.output_kb * 1024) for output in outputs]

    def _run(self, cell: Cell, outputs: list[dict]) -> BaseException | None:
        """Run a cell; return what it raised."""

        def emit(output: dict) -> None:
            if self._recorder:
                self._recorder.show(output)
            add_output(output, outputs)

        error = self._shell.run(cell.source, emit)
        if error is not None and outputs and outputs[-1]["output_type"] == "error":
            outputs[-1]["traceback"] += where(error, cell, failed_line(error))
        return error

    def _test(self, cell: Cell, outputs: list[dict]) -> BaseException | None:
        """Run a test cell, or repeat the calls that it made of a right answer."""
        trace = self._recorded(cell)
        if trace is not None and self._recorder is not None:
            check = self._recorder.check
            with self._shell.captured(lambda output: add_output(output, outputs)):
                error, line = repeat(trace, check, self._caller, self._names, outputs)
            if error is not None:
                outputs[-1]["traceback"] += where(error, cell, line)
            return error
        recorder = self._recorder if self._job.record and self._may_be_recorded(cell) else None
        if recorder is not None:
            recorder.start(used(cell.source) | bound(parse(cell.source)))
        error = self._run(cell, outputs)
        self._taint(cell, error)
        new = recorder.stop() if recorder is not None else None
        if new and error is None and not self._caller.beside_check:
            self._keep(self._key(cell), new)
        return error

    def _recorded(self, cell: Cell) -> Trace | None:
        """Find the recording of a test cell, if it can stand for the cell here."""
        data = self._job.recordings.get(self._key(cell)) if self._job.recordings else None
        if data is None:
            return None
        trace = recordings.unpack(data)
        if any(self._names.is_value(name) or name in self._tainted for name in trace.names):
            return None
        return trace if all(self._names.holds(call.function) for call in trace.calls) else None

    def _may_be_recorded(self, cell: Cell) -> bool:
        """Whether a test cell depends on the learner through calls of `check` alone."""
        mentioned, own = used(cell.source), bound(parse(cell.source))
        depends = any(self._names.is_solution(name) for name in own) or any(
            self._names.is_value(name) or name in self._tainted for name in mentioned | own
        )
        if depends or self._uses_a_function_of_another_cell(read(cell.source)):
            return False
        others = [other.source for other in self._job.cells if other.side != "learner"]
        modules = self._job.instructors_modules()
        return is_alone(cell.source, others, self._names.may_be, modules)

    def _uses_a_function_of_another_cell(self, mentioned: frozenset[str]) -> bool:
        """Whether a cell uses names that may do more with the learner's functions than it shows."""
        harmless = HARMLESS | self._job.instructors_modules()
        for value in (self._namespace.get(name) for name in mentioned):
            if isinstance(value, ModuleType):
                if value.__name__.partition(".")[0] not in harmless:
                    return True
            elif getattr(value, "__module__", "") == "__main__":
                return True
        return False

    def _wrap_check(self) -> None:
        """Record the calls of the course's `check` from now on, if a cell has imported it.

        Test cells may also import it from its module.
        """
        module = sys.modules.get("checks")
        check = getattr(module, "check", None)
        if module is None or not callable(check) or self._recorder is not None:
            return
        self._recorder = Recorder(check, self._caller, self._names)
        module.check = self._recorder  # type: ignore[attr-defined]  # for this notebook alone
        if self._namespace.get("check") is check:
            self._namespace["check"] = self._recorder

    def _taint(self, cell: Cell, error: BaseException | None) -> None:
        """Note which names may depend on the learner after a cell."""
        if error is None and not self._caller.beside_check:
            return
        for name in used(cell.source) | bound(parse(cell.source)):
            value = self._namespace.get(name)
            if not isinstance(value, ModuleType) and not callable(value):
                self._tainted.add(name)

    @cached_property
    def _kind(self) -> str:
        """Name what recordings of this notebook depend on, whatever the cell."""
        job = self._job
        return _digest(
            recordings.versions(), sorted(job.instructors_files.items()), job.imports,
            sorted(job.learners_names), [c.source for c in job.cells if c.side == "test"],
        )  # fmt: skip

    def _key(self, cell: Cell) -> str:
        """Name a test cell and all that it depends on besides the learner."""
        return _digest(self._kind, self._shared, cell.source)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode(errors="replace")).hexdigest()


def could_not_cross(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that something could not cross."""
    while error is not None:
        if isinstance(error, wire.CannotCross):
            return True
        error = error.__cause__ or error.__context__
    return False


def asked_of_a_plain_value(error: BaseException) -> str:
    """Return the attribute that a value of a plain kind was asked for and lacks, "" if none."""
    kind = type(error.obj) if isinstance(error, AttributeError) else None
    return str(error.name) if kind in PLAIN else ""  # type: ignore[attr-defined]


def where(error: BaseException, cell: Cell, line: int) -> list[str]:
    """Say which line of a test cell failed, unless it is hidden or the message says enough."""
    if hasattr(error, "_render_traceback_") or not line:
        return []
    text = cell.source.splitlines()[line - 1]
    visible = text.strip() and text in cell.shown.splitlines()
    return [f"in line {line}: {text.strip()}" if visible else "in a hidden test"]


@contextmanager
def warnings_without_source() -> Iterator[None]:
    """Show warnings without the line of code that they come from: it may be a hidden test's."""
    before = warnings.formatwarning
    warnings.formatwarning = lambda message, category, filename, lineno, line=None: (
        f"{filename}:{lineno}: {category.__name__}: {message}\n"
    )
    try:
        yield
    finally:
        warnings.formatwarning = before


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Interrupt a test cell that does not end by itself."""

    def ring(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt(TOO_LONG)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
