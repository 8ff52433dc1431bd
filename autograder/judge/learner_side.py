"""The learner's side of a notebook: its sandbox, and the next sandbox if that one is lost."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from autograder.inside.exchange import Exchange
from autograder.judge.job import Cell, Job
from autograder.judge.outputs import add_output, credit, safe_output, text
from autograder.sandbox.heard import Heard
from autograder.sandbox.sandbox import TOO_LONG, Reply, Sandbox, Stopped

LIVES = 4  # sandboxes that one notebook may use up
OUT_OF_TIME = "the notebook ran longer than {seconds:g} s in all, so the rest was not run"
TOO_MUCH = "the cells show so much that not all of it was kept"
OUT_OF_LIVES = "the code ended its process too often, so the rest was not run"
NOT_KEPT = "how this test ended was not kept, since the cells show so much"
LONGEST_DIAGNOSIS = 60  # characters

Take = Callable[[Job], Sandbox]
Show = Callable[[dict], None]


class CodeEnded(RuntimeError):
    """The learner's process ended during a call."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class LearnerSide:
    """Runs the learner's cells, and asks about what they defined.

    A new sandbox runs the earlier cells again, so that one deadly cell or call costs only what
    depends on it. The time of a cell is the time in which the learner's code is asked: what the
    instructor's code takes in between, such as the import of Keras, does not count.

    notes: takes what a human should look at. sandboxes: how many have been used so far. The handles
    of one mean nothing in the next.
    """

    def __init__(self, job: Job, take: Take, notes: list[str]):
        self.sandboxes = 0
        self._job, self._take, self._notes = job, take, notes
        self._end = time.monotonic() + job.limits.notebook_seconds
        self._left = job.limits.cell_seconds  # of the time of this cell
        self._since: float | None = None  # when the learner's code was asked, while it is
        self._sandbox: Sandbox | None = None
        self._heard: list[Heard] = []  # from each sandbox
        self._ran: list[str] = []  # cells that did not end their sandbox
        self._room = job.limits.notebook_output_kb * 1024  # for what is shown from now on

    def __enter__(self) -> "LearnerSide":
        return self

    def __exit__(self, *_: object) -> None:
        if self._sandbox:
            self._sandbox.close()

    def heard(self) -> list[Heard]:
        """List what each sandbox has sent."""
        return self._heard

    def start_cell(self) -> None:
        """Start counting the time and the outputs of a cell."""
        self._left = self._job.limits.cell_seconds
        if self._sandbox:
            self._sandbox.start_cell()

    def run(self, source: str) -> list[dict]:
        """Run a cell of the learner's; return its outputs, as far as they are harmless."""
        return self._run(source)[0]

    def run_test(self, cell: Cell) -> tuple[list[dict], str]:
        """Run a test cell in the learner's process.

        Returns its outputs and the diagnosis, "" where it passed: both may be the learner's doing.
        """
        shown, answer = self._run(cell.source)
        outputs = list(map(credit, shown))
        errors = [output for output in outputs if output["output_type"] == "error"]
        self._notes += [
            f"{cell.grade_id}: {each['evalue']}" for each in errors if each not in shown
        ]
        failed = bool(errors)
        if not failed and (answer.get("diagnosis") or self._room < 0):
            outputs.append(stopped(NOT_KEPT))
            failed = True
        diagnosis = text(answer.get("diagnosis"))[:LONGEST_DIAGNOSIS] or "error"
        return outputs, diagnosis if failed else ""

    def _run(self, source: str) -> tuple[list[dict], dict]:
        """Run a cell in the sandbox; return its outputs, and the answer as it came."""
        outputs: list[dict] = []
        show = self._safely(partial(add_output, outputs=outputs))
        try:
            answer = self._ask(self._alive(), {"do": "cell", "source": source}, show)
        except Stopped as stop:
            return [*outputs, stopped(str(stop))], {}
        if "stopped" in answer:
            return [*outputs, stopped(str(answer["stopped"]))], {}
        self._ran.append(source)
        return outputs, answer

    def listed(self) -> list:
        """List what the learner's code has defined, as the sandbox says: it may lie."""
        try:
            listed = self._ask(self._alive(), {"do": "listed"}).get("names")
        except Stopped:
            return []
        return listed if isinstance(listed, list) else []

    def watch(self, numbers: list[int], shared: list[int], exchange: Exchange) -> dict[str, dict]:
        """Describe those of the listed names whose meaning is new, by their numbers.

        shared: the numbers of names of classes that both sides have.
        """
        if self._sandbox is None:
            return {}
        request = {"do": "watch", "numbers": numbers, "shared": shared}
        try:
            return self._ask(self._sandbox, request, exchange=exchange)
        except Stopped:
            return {}

    def ask(self, request: dict, show: Show, exchange: Exchange, reply: Reply) -> dict:
        """Ask about one of the learner's objects, for a stand-in; return the answer.

        show: takes each harmless output of the learner's code. exchange, reply: as for
        `Sandbox.request`.
        Raises KeyboardInterrupt when the time is up, CodeEnded when the process has ended.
        """
        if self._seconds() <= 0:
            raise KeyboardInterrupt(TOO_LONG)
        if self._sandbox is None:
            raise CodeEnded("your code ended its process earlier in this cell")
        try:
            answer = self._ask(self._sandbox, request, self._safely(show), exchange, reply)
        except Stopped as stop:
            self._sandbox = None
            raise CodeEnded(str(stop)) from None
        if "stopped" in answer:
            raise KeyboardInterrupt(str(answer["stopped"]))
        return answer

    def _safely(self, show: Show) -> Show:
        """Show the harmless part of each output, as long as there is room."""

        def show_safe(output: dict) -> None:
            if (safe := safe_output(output)) is None:
                return
            self._room -= len(json.dumps(safe))
            if self._room >= 0:
                show(safe)
            elif TOO_MUCH not in self._notes:
                self._notes.append(TOO_MUCH)

        return show_safe

    def _ask(self, sandbox: Sandbox, request: dict, *further: Any, **options: Any) -> dict:
        """Hand a request to a sandbox, for as long as the cell and the notebook have time left."""
        if self._since is not None:  # from within a call back, whose time counts already
            return sandbox.request(request, self._seconds(), *further, **options)
        self._since = time.monotonic()
        try:
            return sandbox.request(request, self._seconds(), *further, **options)
        finally:
            self._left -= time.monotonic() - self._since
            self._since = None

    def _seconds(self) -> float:
        now = time.monotonic()
        used = 0 if self._since is None else now - self._since
        return min(self._left - used, self._end - now)

    def _alive(self) -> Sandbox:
        """Return a sandbox that has run every earlier cell. Raises Stopped where none is left."""
        if time.monotonic() > self._end:
            self._give_up(OUT_OF_TIME.format(seconds=self._job.limits.notebook_seconds))
        while self._sandbox is None or self._sandbox.stopped:
            if self.sandboxes == LIVES:
                self._give_up(OUT_OF_LIVES)
            self.sandboxes += 1
            self._sandbox = self._take(self._job)
            self._heard.append(self._sandbox.heard)
            self._run_again(self._sandbox)
            self.start_cell()  # the time that this took does not count for the cell
        return self._sandbox

    def _give_up(self, why: str) -> NoReturn:
        """Leave the rest of the notebook to a human. Raises Stopped."""
        if why not in self._notes:
            self._notes.append(why)
        raise Stopped(why)

    def _run_again(self, sandbox: Sandbox) -> None:
        """Write the files and run the earlier cells; forget one that ends the sandbox this time."""
        sandbox.request({"do": "files", "files": self._job.learners_files}, 60)
        for number, source in enumerate(self._ran):
            try:
                self.start_cell()
                self._ask(sandbox, {"do": "cell", "source": source})
            except Stopped:
                del self._ran[number]
                return


def stopped(reason: str) -> dict:
    """Make the output that says why a cell was stopped."""
    reason = reason[:1].upper() + reason[1:]
    return {
        "output_type": "error",
        "ename": "Stopped",
        "evalue": reason,
        "traceback": [f"Stopped: {reason}"],
    }
