"""What test cells asked of right answers, so that Keras computes it once for a class.

A test cell of this course draws arguments, lets Keras compute the expected result and calls
`check`. Nothing of that depends on the learner until `check` compares. So the first time that a
test cell passes, its calls of `check` are written down; for the next learner they are made again,
in the same order and with the same arguments and expected results, without running the cell. A
comparison that fails says so in the same words, since it is the same call.

That holds only for a cell that hears of the learner through `check` alone, takes nothing from a
cell that heard more, and leaves nothing behind for others. The judge notices the first; `is_alone`
reads the rest off the text. Every other cell is run each time.
"""

import ast
import copy
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from autograder.judge.names import bound, needed, parse, used

MOST = 256  # test cells that are kept


@dataclass
class Call:
    """One call of `check`: the learner's function by name, and everything else as it was."""

    function: str
    arguments: tuple
    expected: object
    mistakes: Iterable
    options: dict


@dataclass
class Trace:
    """A test cell that passed: its calls, and its outputs with the number of calls before each."""

    calls: list[Call] = field(default_factory=list)
    outputs: list[tuple[int, dict]] = field(default_factory=list)


class Memory:
    """Keeps the traces of the test cells that were used last."""

    def __init__(self):
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    def recall(self, key: str) -> Trace | None:
        """Find the trace of a cell."""
        if key in self._traces:
            self._traces.move_to_end(key)
        return self._traces.get(key)

    def keep(self, key: str, trace: Trace) -> None:
        """Keep the trace of a cell; forget the one that was not used for longest."""
        self._traces[key] = trace
        if len(self._traces) > MOST:
            self._traces.popitem(last=False)


class Recorder:
    """Stands in place of `check` in the judge's namespace, and writes its calls down.

    name_of: finds the name of a stand-in, "" for anything else.
    """

    def __init__(self, check: Callable, name_of: Callable[[object], str]):
        self.check, self._name_of = check, name_of
        self.trace: Trace | None = None
        self.inside = False  # whether `check` is at work

    def start(self) -> None:
        """Begin a new trace."""
        self.trace = Trace()

    def show(self, output: dict) -> None:
        """Write an output of the cell's own down."""
        if self.trace is not None:
            self.trace.outputs.append((len(self.trace.calls), dict(output)))

    def __call__(self, function, arguments, expected, mistakes=(), **options) -> None:
        name = self._name_of(function)
        if self.trace is not None and name and isinstance(mistakes, list | tuple):
            given = copy.deepcopy(arguments)
            # What a mistake gives is computed once, too, by the first learner who fails.
            mistakes = [replace(each, value=cache(each.value)) for each in mistakes]
            self.trace.calls.append(Call(name, given, expected, mistakes, options))
        else:
            self.trace = None
        self.inside = True
        try:
            self.check(function, arguments, expected, mistakes, **options)
        finally:
            self.inside = False


def is_alone(source: str, others: Iterable[str]) -> bool:
    """Whether a cell catches no errors, and neither defines nor changes what other cells use."""
    tree = parse(source)
    if tree is None or any(isinstance(node, ast.Try | ast.With) for node in ast.walk(tree)):
        return False
    defined = bound(tree)
    foreign = used(source) - defined
    if any(_owner(node) in foreign for node in ast.walk(tree) if _may_change(node)):
        return False
    return not any(defined & needed(other) for other in others if other != source)


def _may_change(node: ast.AST) -> bool:
    """Whether code may change a thing in place: `a[0] = 1`, `a.b = 1`, or `a.append(1)` alone."""
    if isinstance(node, ast.Attribute | ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    called = node.value if isinstance(node, ast.Expr) else None
    return isinstance(called, ast.Call) and isinstance(called.func, ast.Attribute)


def _owner(node: ast.AST) -> str:
    """Find the name at the beginning of an expression like `a.b[0].c()`, "" where there is none."""
    while not isinstance(node, ast.Name):
        node = getattr(node, "value", None) or getattr(node, "func", None)
        if node is None:
            return ""
    return node.id
