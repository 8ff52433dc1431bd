"""What test cells ask of a right answer, so that Keras computes it once for a class.

A test cell of this course draws arguments, lets Keras compute the expected result and calls
`check`. None of this depends on the learner until `check` compares. So the calls of `check` that
the instructor's own solution passes are recorded. For learners they are repeated in the same order,
with the same arguments and expected results, and the cell itself does not run. A comparison that
fails gives the same message, since it is the same call.

This is right only for a cell that cannot tell the difference. Such a cell hands the learner's
functions to `check` and does nothing else with them. It measures neither time nor printed text,
uses nothing of a cell that dealt with the learner's code in other ways, and leaves nothing for
others. `Caller` notices what a cell asks the sandbox for; `is_alone` tells the rest from the text.
Every other cell is run each time.
"""

import ast
import builtins
import copy
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FrameType

from nbformat.v4 import new_output

from autograder.judge.caller import Caller
from autograder.judge.learners_names import LearnersNames
from autograder.judge.names import bound, imported_modules, needed, parse, read, used
from autograder.judge.outputs import add_output

CELL = "<ipython-input-"  # the names of cells begin with it
HARMLESS = {"numpy", "math", "itertools", "functools", "keras", "tensorflow"}
"""Modules that a recorded cell may import: none measures time, reads printed text or inspects a
function."""
REFLECTIVE = {
    *("eval", "exec", "compile", "globals", "locals", "vars", "dir", "getattr", "hasattr"),
    *("get_ipython", "open", "input", "id", "callable", "isinstance", "type", "repr", "hash"),
    "__import__",
}
"""Names with which a cell may look at the learner's functions in another way."""


@dataclass
class Call:
    """One call of `check`: the learner's function by name, everything else as an object.

    line: of the test cell that made the call; 0 if unknown.
    """

    function: str
    arguments: tuple
    expected: object
    reference: object
    options: dict
    line: int


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
    ) -> None:
        name = self._names.name_of(function)
        if self._trace is not None and name:
            copies, line = copy.deepcopy(arguments), cell_line(sys._getframe())
            self._trace.calls.append(Call(name, copies, expected, reference, options, line))
        else:
            self._trace = None
        with self._caller.checking():
            self.check(function, arguments, expected, reference, **options)


def cell_line(frame: FrameType | None) -> int:
    """Find the line of the test cell that led to a frame, 0 where none did."""
    line = 0
    while frame is not None:
        if frame.f_code.co_filename.startswith(CELL):
            line = frame.f_lineno
        frame = frame.f_back
    return line


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
    for number, call in enumerate((*trace.calls, None)):
        sys.stdout.flush()  # what the learner's code printed comes first
        for position, output in trace.outputs:
            if position == number:
                add_output(dict(output), outputs)
        if call is None:
            break
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


def is_alone(
    source: str, others: Iterable[str], learners: Callable[[str], bool], modules: set[str]
) -> bool:
    """Whether a cell depends on the learner through `check` alone, and no other cell depends on it.

    others: the instructor's other cells. learners: whether a name is the learner's. modules: the
    instructor's own.
    """
    tree = parse(source)
    if tree is None or any(map(_may_catch, ast.walk(tree))):
        return False
    if not read(source).isdisjoint(REFLECTIVE) or imported_modules(source) - modules - HARMLESS:
        return False
    if not _only_checked(tree, {name for name in read(source) if learners(name)}):
        return False
    defined = bound(tree)
    foreign = used(source) - defined
    if any(_owner(node) in foreign for node in ast.walk(tree) if _may_change(node)):
        return False
    return not any(defined & needed(other) for other in others if other != source)


def _may_catch(node: ast.AST) -> bool:
    """Whether code may catch what `check` raises.

    A `with` block does not if nothing in it could call `check`: if all that it calls by name are
    Python's own functions.
    """
    if isinstance(node, ast.With | ast.AsyncWith):
        calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
        names = {function.id for function in calls if isinstance(function, ast.Name)}
        return any(not hasattr(builtins, name) for name in names)
    return isinstance(node, ast.Try | ast.TryStar)


def _only_checked(tree: ast.Module, learners: set[str]) -> bool:
    """Whether a cell only hands the learner's functions to `check`."""
    handed_over = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
        if node.func.id == "check"
    }
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in learners)
    return all(id(node) in handed_over for node in named)


def _may_change(node: ast.AST) -> bool:
    """Whether code may change an object in place.

    It may by `a[0] = 1` or `a.b = 1`, and by a statement that is only a call, as `a.append(1)`.
    """
    if isinstance(node, ast.Attribute | ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    called = node.value if isinstance(node, ast.Expr) else None
    return isinstance(called, ast.Call) and isinstance(called.func, ast.Attribute)


def _owner(node: ast.AST) -> str:
    """Find the name at the beginning of an expression like `a.b[0].c()`, "" where there is none."""
    if isinstance(node, ast.Name):
        return node.id
    inner = getattr(node, "value", None) or getattr(node, "func", None)
    return _owner(inner) if isinstance(inner, ast.AST) else ""
