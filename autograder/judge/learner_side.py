"""The learner's side of a notebook: its sandbox, and the next one if that is lost."""

import builtins
import sys
import time
import warnings
from collections.abc import Callable
from typing import NoReturn

from autograder.judge.job import Job
from autograder.judge.outputs import safe_output
from autograder.judge.stand_ins import Caller
from autograder.sandbox.sandbox import TOO_LONG, Sandbox, Stopped

LIVES = 4  # sandboxes that one notebook may use up
OUT_OF_TIME = "the notebook ran longer than {seconds:g} s in all, so the rest was not run"
OUT_OF_LIVES = "the code ended its process too often, so the rest was not run"

Take = Callable[[], Sandbox]


class CodeEnded(RuntimeError):
    """The learner's process ended during a call."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class Learner:
    """Runs the learner's cells, and asks about what they defined.

    A new sandbox runs the cells again that ran before, so that one deadly cell or call costs only
    what depends on it.
    """

    def __init__(self, job: Job, take: Take):
        self.job, self._take = job, take
        self._end = time.monotonic() + job.limits.notebook_seconds
        self._deadline = self._end
        self._sandbox: Sandbox | None = None
        self._lives = LIVES
        self._ran: list[str] = []  # cells that did not end their sandbox
        self.notes: list[str] = []  # what a human should look at
        self.caller = Caller(self.ask)
        self.show: Callable[[dict], None] = lambda output: None  # takes pictures shown in a call
        self.rebound: Callable[[], dict] = dict  # names that mean something else during a call
        self.renamed: Callable[[dict], None] = lambda names: None  # told what a call made of names
        self.heard: Callable[[bool], None] = lambda shown: None  # told of each call and output

    def start_cell(self) -> None:
        """Begin to count the time of a cell."""
        self._deadline = min(time.monotonic() + self.job.limits.cell_seconds, self._end)
        if self._sandbox:
            self._sandbox.shown = 0

    def run(self, source: str) -> list[dict]:
        """Run a cell of the learner's; return its outputs."""
        outputs: list[dict] = []
        try:
            sandbox = self._alive()
            sandbox.on_output = lambda output: self._collect(output, outputs)
            answer = sandbox.request({"do": "cell", "source": source}, self._seconds())
        except Stopped as stop:
            return [*outputs, stopped(str(stop))]
        if "stopped" in answer:
            return [*outputs, stopped(str(answer["stopped"]))]
        self._ran.append(source)
        return outputs

    def names(self, wanted: list[str]) -> dict[str, dict]:
        """Describe those of the names that the learner's code has defined."""
        try:
            return self._alive().request({"do": "names", "names": wanted}, self._seconds())
        except Stopped:
            return {}

    def ask(self, question: dict, refer=None) -> dict:
        """Ask about one of the learner's things, for a stand-in.

        Raises KeyboardInterrupt where the time is over, CodeEnded where the process is.
        """
        self.heard(False)
        if self._seconds() <= 0:
            raise KeyboardInterrupt(TOO_LONG)
        if self._sandbox is None:
            raise CodeEnded("your code ended its process earlier in this cell")
        if question["do"] in ("call", "make"):
            question = {**question, **self.rebound()}
        self._sandbox.on_output = self._pass_on
        try:
            answer = self._sandbox.request(question, self._seconds(), refer)
        except Stopped as stop:
            self._sandbox = None
            raise CodeEnded(str(stop)) from None
        if "stopped" in answer:
            raise KeyboardInterrupt(str(answer["stopped"]))
        if "names" in answer:
            self.renamed(answer["names"])
        for category, text, file, line in answer.get("warnings", []):
            warnings.warn_explicit(str(text), _warning(category), f"<learner>{file}", int(line))
        return answer

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox:
            self._sandbox.close()

    def _seconds(self) -> float:
        return self._deadline - time.monotonic()

    def _alive(self) -> Sandbox:
        """Return a sandbox that has run every earlier cell. Raises Stopped where none is left."""
        if time.monotonic() > self._end:
            self._give_up(OUT_OF_TIME.format(seconds=self.job.limits.notebook_seconds))
        while self._sandbox is None or self._sandbox.stopped:
            if not self._lives:
                self._give_up(OUT_OF_LIVES)
            self._lives -= 1
            self._sandbox = self._take()
            self.caller.classes.clear()  # the things in it have other numbers
            self._run_again(self._sandbox)
            self.start_cell()  # the time that this took is not the cell's
        return self._sandbox

    def _give_up(self, why: str) -> NoReturn:
        """Leave the rest of the notebook to a human. Raises Stopped."""
        if why not in self.notes:
            self.notes.append(why)
        raise Stopped(why)

    def _run_again(self, sandbox: Sandbox) -> None:
        """Write the files and run the earlier cells; forget one that ends the sandbox this time."""
        sandbox.resolve = self.caller.resolve
        sandbox.on_output = lambda output: None
        sandbox.request({"do": "files", "files": self.job.learners_files}, 60)
        for number, source in enumerate(self._ran):
            try:
                self.start_cell()
                sandbox.request({"do": "cell", "source": source}, self._seconds())
            except Stopped:
                del self._ran[number]
                return

    def _collect(self, output: dict, outputs: list[dict]) -> None:
        """Add an output to a cell's, as far as it is harmless; join texts of one stream."""
        if (output := safe_output(output)) is not None:
            add_output(output, outputs)

    def _pass_on(self, output: dict) -> None:
        """Show in the test cell what the learner's code shows during a call."""
        output = safe_output(output)
        if output is None:
            return
        self.heard(True)
        if output["output_type"] == "stream":
            # Through Python's streams: a test cell may redirect them.
            stream = sys.stderr if output["name"] == "stderr" else sys.stdout
            stream.write(output["text"])
        elif output["output_type"] == "display_data":
            self.show(output)


def _warning(name: str) -> type[Warning]:
    kind = getattr(builtins, str(name), None)
    return kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning


def stopped(reason: str) -> dict:
    """Make the output that says why a cell was stopped."""
    reason = reason[:1].upper() + reason[1:]
    return {
        "output_type": "error",
        "ename": "Stopped",
        "evalue": reason,
        "traceback": [f"Stopped: {reason}"],
    }


def add_output(output: dict, outputs: list[dict]) -> None:
    """Add an output to a cell's; join texts of one stream."""
    last = outputs[-1] if outputs else {}
    if output["output_type"] == "stream" and last.get("name") == output["name"]:
        last["text"] += output["text"]
    else:
        outputs.append(output)
