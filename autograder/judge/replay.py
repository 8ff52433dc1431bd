"""What test cells ask of a right answer, so that Keras computes it once for a class.

A test cell of this course draws arguments, lets Keras compute the expected result and calls
`check`. None of this depends on the learner until `check` compares. So the calls of `check` that
the instructor's own solution passes are recorded. For learners they are repeated in the same order,
with the same arguments and expected results, and the cell itself does not run. A comparison that
fails gives the same message, since it is the same call.

This is right only for a cell that cannot tell the difference. Such a cell hands the learner's
functions to `check` and does nothing else with them. It measures neither time nor printed text,
uses nothing of a cell that dealt with the learner's code in other ways, and leaves nothing for
others. `Caller` notices what a cell asks the sandbox for; `alone` tells the rest from the text.
Every other cell is run each time.

Where a learner's function returns the solution's own result, bit for bit, `check` would pass again:
it is not called. It is called at least once for each function in a cell, since it may note that.
"""

import copy
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

from nbformat.v4 import new_output

from autograder.judge.caller import Caller
from autograder.judge.learners_names import LearnersNames
from autograder.judge.lines import cell_line
from autograder.judge.outputs import add_output


@dataclass
class Call:
    """One call of `check`: the learner's function by name, everything else as an object.

    line: of the test cell that made the call; 0 if unknown. answer: that of the instructor's
    function, packed; None unless `check` called it once, and it did nothing but return plain data.
    """

    function: str
    arguments: tuple
    expected: object
    reference: object
    options: dict
    line: int
    answer: bytes | None = None


@dataclass
class Trace:
    """A test cell that passed: its calls, and its outputs with the number of calls before each.

    names: the global names that the cell uses or binds. Whether the trace can stand for the cell
    depends on what a learner has done with them.
    """

    names: frozenset[str]
    calls: list[Call] = field(default_factory=list)
    outputs: list[tuple[int, dict]] = field(default_factory=list)


class Recorder:
    """Stands in place of `check` in the judge's namespace, and records its calls.

    check: the course's `check`. caller: makes its calls. names: the stand-ins it may be given.
    """

    def __init__(self, check: Callable, caller: Caller, names: LearnersNames):
        self.check, self._caller, self._names = check, caller, names
        self._trace: Trace | None = None

    def start(self, names: frozenset[str]) -> None:
        """Begin a new trace. names: as for `Trace`."""
        self._trace = Trace(names)

    def stop(self) -> Trace | None:
        """End the trace; None if a call could not be recorded."""
        trace, self._trace = self._trace, None
        return trace

    def show(self, output: dict) -> None:
        """Record an output of the cell's own."""
        if self._trace is not None:
            self._trace.outputs.append((len(self._trace.calls), dict(output)))

    def __call__(
        self,
        function: Callable,
        arguments: tuple,
        expected: object,
        reference: object = None,
        **options: object,
    ) -> object:
        name = self._names.name_of(function)
        if self._trace is not None and name:
            copies, line = copy.deepcopy(arguments), cell_line(sys._getframe())
            self._trace.calls.append(Call(name, copies, expected, reference, options, line))
        else:
            self._trace = None
        with self._caller.checking(), self._caller.observing() as answers:
            returned = self.check(function, arguments, expected, reference, **options)
        if self._trace is not None and len(answers) == 1:
            self._trace.calls[-1] = replace(self._trace.calls[-1], answer=answers[0])
        return returned


def repeat(
    trace: Trace,
    check: Callable,
    caller: Caller,
    names: LearnersNames,
    outputs: list[dict],
) -> tuple[BaseException | None, int]:
    """Repeat the calls of a trace with another learner's functions.

    check, caller, names: as for `Recorder`. outputs: takes what is shown.
    Returns what `check` raised, and the line of the call.
    """
    with caller.expecting(_of_the_first_function(trace)):
        return _repeat(trace, check, caller, names, outputs)


def _of_the_first_function(trace: Trace) -> Iterator[tuple]:
    """Give the arguments of the calls of one function with which a trace begins."""
    for call in takewhile(lambda call: call.function == trace.calls[0].function, trace.calls):
        yield call.arguments


def _repeat(
    trace: Trace,
    check: Callable,
    caller: Caller,
    names: LearnersNames,
    outputs: list[dict],
) -> tuple[BaseException | None, int]:
    last = {call.function: number for number, call in enumerate(trace.calls)}
    for number, call in enumerate((*trace.calls, None)):
        sys.stdout.flush()  # what the learner's code printed comes first
        for position, output in trace.outputs:
            if position == number:
                add_output(dict(output), outputs)
        if call is None:
            break
        if number < last[call.function] and caller.skip(number, call.answer):
            continue
        function = names.stand_in(call.function)
        try:
            with caller.checking():
                check(function, call.arguments, call.expected, call.reference, **call.options)
        except BaseException as error:
            sys.stdout.flush()
            name, text = type(error).__name__, str(error)
            lines = [f"{name}: {text}"]
            outputs.append(new_output("error", ename=name, evalue=text, traceback=lines))
            return error, call.line
    return None, 0
