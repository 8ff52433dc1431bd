"""The instructor's side of a notebook: runs locked cells, with stand-ins for learners' things."""

import builtins
import hashlib
import signal
import sys
import traceback
from contextlib import contextmanager

from nbformat.v4 import new_output

from autograder.inside.shell import Shell
from autograder.split.job import Cell, Job
from autograder.split.learner_side import Learner, add_output
from autograder.split.memory import Memory, Recorder, Trace, is_alone
from autograder.split.names import used
from autograder.split.sandbox import TOO_LONG

SPARE = 20  # seconds that a test cell may need besides the learner's code


class Judge:
    """The instructor's side of a notebook: a namespace that no code of the learner's enters."""

    def __init__(self, job: Job, shell: Shell, memory: Memory, learner: Learner):
        self.job, self.shell, self.memory, self.learner = job, shell, memory, learner
        self.namespace = shell.user_ns
        self._placed: dict[str, object] = {}  # stand-ins and values of the learner's
        self._mentioned: set[str] = set()
        self._shared: list[str] = []  # the shared cells that ran
        self._recorder: Recorder | None = None
        self.diagnoses: dict[str, str] = {}
        for statement in job.imports.splitlines():
            shell.run(f"try:\n    {statement}\nexcept ImportError:\n    pass", lambda output: None)

    def run(self, cell: Cell) -> list[dict]:
        """Run a cell of the instructor's; return its outputs."""
        self._mentioned |= used(cell.source)
        self._place()
        outputs: list[dict] = []
        self.learner.show = outputs.append
        with alarm(self.job.limits.cell_seconds + SPARE):
            if cell.side == "test":
                error = self._test(cell, outputs)
                diagnosis = getattr(error, "diagnosis", "error")
                self.diagnoses[cell.grade_id] = "" if error is None else diagnosis
            else:
                self._run(cell, outputs)
                self._wrap_check(cell)
        return outputs

    def _run(self, cell: Cell, outputs: list[dict]) -> BaseException | None:
        """Run a cell; return what it raised."""

        def emit(output: dict) -> None:
            if self._recorder:
                self._recorder.show(output)
            add_output(output, outputs)

        error = self.shell.run(cell.source, emit)
        if error is not None and outputs and outputs[-1]["output_type"] == "error":
            outputs[-1]["traceback"] += where(error, cell)
        return error

    def _wrap_check(self, cell: Cell) -> None:
        """Write the calls of the course's `check` down from now on, if this cell imported it."""
        self._shared.append(cell.source)
        check = self.namespace.get("check")
        if getattr(check, "__module__", "") == "checks":
            self.namespace["check"] = self._recorder = Recorder(check, self._name_of)
            self.learner.heard = self._recorder.heard

    def _name_of(self, thing: object) -> str:
        return next((name for name, placed in self._placed.items() if placed is thing), "")

    def _test(self, cell: Cell, outputs: list[dict]) -> BaseException | None:
        """Run a test cell, or make the calls again that it made of a right answer."""
        others = (other.source for other in self.job.cells if other.side != "learner")
        if not self._recorder or not is_alone(cell.source, others):
            return self._run(cell, outputs)
        key = self._key(cell)
        trace = self.memory.recall(key)
        if trace is not None and all(call.function in self._placed for call in trace.calls):
            with self.shell.captured(lambda output: add_output(output, outputs)):
                return self._repeat(trace, outputs)
        values = used(cell.source) & {n for n, t in self._placed.items() if not hasattr(t, "thing")}
        self._recorder.start(spoiled=bool(values))
        error = self._run(cell, outputs)
        if error is None and self._recorder.trace:
            self.memory.keep(key, self._recorder.trace)
        return error

    def _repeat(self, trace: Trace, outputs: list[dict]) -> BaseException | None:
        for number, call in enumerate((*trace.calls, None)):
            for position, output in trace.outputs:
                if position == number:
                    add_output(dict(output), outputs)
            if call is None:
                return None
            function = self._placed[call.function]
            try:
                self._recorder.check(
                    function, call.arguments, call.expected, call.mistakes, **call.options
                )
            except BaseException as error:
                sys.stdout.flush()
                name, text = type(error).__name__, str(error)
                shown = [f"{name}: {text}"]
                outputs.append(new_output("error", ename=name, evalue=text, traceback=shown))
                return error

    def _key(self, cell: Cell) -> str:
        parts = (self.job.instructors_files, self.job.imports, self._shared, cell.source)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _place(self) -> None:
        """Bring the learner's names up to date: those that the instructor leaves to them."""
        wanted = sorted(name for name in self._mentioned if self._is_learners(name))
        described = self.learner.names(wanted)
        for name in wanted:
            if name in described and isinstance(described[name], dict):
                made = self.learner.caller.stand_in(name, described[name])
                self._placed[name] = self.namespace[name] = made
            elif name in self._placed:
                del self._placed[name]
                self.namespace.pop(name, None)

    def _is_learners(self, name: str) -> bool:
        """Whether a name is the learner's to define.

        It is where the instructor's solution defines it, and where no cell of the instructor's
        does, nor Python itself: a submission cannot put its own thing in place of a check.
        """
        if name in self.job.learners_names:
            return True
        if name not in self.namespace:
            return not hasattr(builtins, name)
        return name in self._placed and self.namespace[name] is self._placed[name]

    def deleted(self) -> list[str]:
        """Name what a test cell took away from the learner's names, for the time of a call."""
        return [name for name in self._placed if name not in self.namespace]


def where(error: BaseException, cell: Cell) -> list[str]:
    """Say which line of a test cell failed, unless it is hidden or the error says all itself."""
    if hasattr(error, "_render_traceback_"):
        return []
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.startswith("<ipython-input-")]
    if not lines or lines[0] is None:
        return []
    text = cell.source.splitlines()[lines[0] - 1]
    visible = text.strip() and text in cell.shown.splitlines()
    return [f"in line {lines[0]}: {text.strip()}" if visible else "in a hidden test"]


@contextmanager
def alarm(seconds: float):
    """Interrupt a test cell that does not end by itself."""

    def ring(number, frame) -> None:
        raise KeyboardInterrupt(TOO_LONG)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
