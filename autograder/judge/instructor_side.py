"""The instructor's side of a notebook: runs locked cells, with stand-ins for learners' things."""

import builtins
import hashlib
import signal
import sys
import traceback
import warnings
from contextlib import contextmanager
from types import ModuleType

from nbformat.v4 import new_output

from autograder.inside import wire
from autograder.inside.shell import Shell
from autograder.judge.job import Cell, Job
from autograder.judge.learner_side import Learner, add_output
from autograder.judge.names import bound, parse, used
from autograder.judge.outputs import fit
from autograder.judge.replay import Memory, Recorder, Trace, is_alone
from autograder.judge.stand_ins import Stranger, refer
from autograder.sandbox.sandbox import TOO_LONG

SPARE = 20  # seconds that a test cell may need besides the learner's code


class Judge:
    """The instructor's side of a notebook: a namespace that no code of the learner's enters."""

    def __init__(self, job: Job, shell: Shell, memory: Memory, learner: Learner):
        self.job, self.shell, self.memory, self.learner = job, shell, memory, learner
        self.namespace = shell.user_ns
        # Also what a cell would define after the line where a learner makes it fail.
        mine = (cell.source for cell in job.cells if cell.side != "learner")
        self._own = set().union(*(bound(parse(source)) for source in mine))
        self._placed: dict[str, object] = {}  # stand-ins and values of the learner's
        self._start: dict[str, object] = {}  # what their names meant when the cell began
        self._mentioned: set[str] = set()
        self._shared: list[str] = []  # the shared cells that ran
        self._recorder: Recorder | None = None
        self._heard = False  # whether the cell that runs knows more of the learner than `check`
        self._told: set[str] = set()  # names of things that may hold what such cells heard
        learner.heard = self._hear
        self.diagnoses: dict[str, str] = {}
        for statement in job.imports.splitlines():
            shell.run(f"try:\n    {statement}\nexcept ImportError:\n    pass", lambda output: None)

    def run(self, cell: Cell) -> list[dict]:
        """Run a cell of the instructor's; return its outputs."""
        self._mentioned |= used(cell.source) | bound(parse(cell.source))
        self._place()
        self._start = {name: self.namespace.get(name) for name in self._placed}
        outputs: list[dict] = []
        self.learner.show = outputs.append
        with alarm(self.job.limits.cell_seconds + SPARE), warnings_without_source():
            if cell.side == "test":
                error = self._test(cell, outputs)
                diagnosis = getattr(error, "diagnosis", "error")
                self.diagnoses[cell.grade_id] = "" if error is None else diagnosis
            else:
                self._heard = False
                error = self._run(cell, outputs)
                self._wrap_check(cell)
                self._remember(cell, error)
        return [fit(output, self.job.limits.output_kb * 1024) for output in outputs]

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

    def _hear(self, shown: bool) -> None:
        """Notice a call of the learner's code, or an output of it."""
        if shown or not (self._recorder and self._recorder.inside):
            self._heard = True
            if self._recorder:
                self._recorder.trace = None

    def _remember(self, cell: Cell, error: BaseException | None) -> None:
        """Note what may depend on the learner after a cell."""
        if not self._heard and error is None:
            return
        for name in used(cell.source) | bound(parse(cell.source)):
            value = self.namespace.get(name)
            if not isinstance(value, ModuleType) and not callable(value):
                self._told.add(name)

    def _name_of(self, thing: object) -> str:
        return next((name for name, placed in self._placed.items() if placed is thing), "")

    def _test(self, cell: Cell, outputs: list[dict]) -> BaseException | None:
        """Run a test cell, or make the calls again that it made of a right answer."""
        others = (other.source for other in self.job.cells if other.side != "learner")
        mentioned, own = used(cell.source), bound(parse(cell.source))
        self._heard = not own.isdisjoint(self.job.learners_names) or any(
            self._is_value(name) or name in self._told for name in mentioned | own
        )
        if self._heard or not self._recorder or not is_alone(cell.source, others):
            error = self._run(cell, outputs)
            self._remember(cell, error)
            return error
        key = self._key(cell)
        trace = self.memory.recall(key)
        if trace is not None and all(call.function in self._placed for call in trace.calls):
            with self.shell.captured(lambda output: add_output(output, outputs)):
                error = self._repeat(trace, outputs)
            if error is None or hasattr(error, "_render_traceback_"):
                return error
            outputs.clear()  # this error names a line of the cell
        self._recorder.start()
        error = self._run(cell, outputs)
        self._remember(cell, error)
        if error is None and self._recorder.trace:
            self.memory.keep(key, self._recorder.trace)
        return error

    def _is_value(self, name: str) -> bool:
        placed = self._placed.get(name)
        return name in self._placed and (
            isinstance(placed, Stranger) or not hasattr(placed, "thing")
        )

    def _repeat(self, trace: Trace, outputs: list[dict]) -> BaseException | None:
        for number, call in enumerate((*trace.calls, None)):
            sys.stdout.flush()  # what the learner's code printed comes first
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
            self._place_one(name, described.get(name))

    def _place_one(self, name: str, said: object) -> None:
        if isinstance(said, dict) and said:
            made = self.learner.caller.stand_in(name, said)
            self._placed[name] = self._start[name] = self.namespace[name] = made
        elif name in self._placed:
            del self._placed[name]
            self.namespace.pop(name, None)

    def renamed(self, described: object) -> None:
        """Follow what a call made of the learner's global names."""
        for name, said in described.items() if isinstance(described, dict) else ():
            if name in self._mentioned and self._is_learners(name):
                self._place_one(name, said)
        self._hear(shown=True)

    def _is_learners(self, name: str) -> bool:
        """Whether a name is the learner's to define.

        It is where the instructor's solution defines it, and where no cell of the instructor's
        does, nor Python itself: a submission cannot put its own thing in place of a check.
        """
        if name in self.job.learners_names:
            return True
        if name not in self.namespace:
            return name not in self._own and not hasattr(builtins, name)
        return name in self._placed and self.namespace[name] is self._placed[name]

    def rebound(self) -> dict:
        """Say which names of the learner's are deleted, and which this cell has rebound.

        Raises CannotCross where it put something of its own in place of what the solution defines.
        """
        deleted = [name for name in self._placed if name not in self.namespace]
        replaced = {}
        for name in self._placed.keys() - deleted:
            value = self.namespace[name]
            if value is self._start.get(name):
                continue
            try:
                wire.pack(value, refer)
                replaced[name] = value
            except wire.CannotCross:
                if name in self.job.learners_names:
                    raise wire.CannotCross(
                        f"the test puts {wire.describe(value)} of its own in place of {name}, and "
                        "that cannot reach the learner's code. Hand it over as plain data."
                    ) from None
        if deleted or replaced:
            self._hear(shown=True)
        return {"deleted": deleted, "replaced": replaced}


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
def warnings_without_source():
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
