"""A reference in steps, each with alternatives where learners go wrong.

A reference computes in NumPy what a learner's function should return. It is a function whose first
argument, `choose`, decides at every step where learners go wrong:

    bias = choose("bias", bias, ("bias missing", lambda: 0 * bias, "The bias is missing."))

returns the right value or, in a search, the alternative that is tried. So combined mistakes need no
list: `search` tries every alternative, and every pair of them at two steps. Keras decides what is
right, not a reference; a test compares each reference with Keras.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .inputs import Draw

Other = tuple[str, Callable[..., Any], str]
"""An alternative: its name, a function that gives its value, and the message to the learner."""

Others = Other | Callable[[], Iterable[Other]]
"""An alternative, or a function that lists some; it is called only when they are needed."""

FURTHER = 12  # draws, besides the one that failed, in which a mistake must give a learner's numbers
FAILED = object()  # in place of the value of alternatives that cannot be computed together


class Memory:
    """The values of parts of a reference, by the alternatives that were chosen up to their ends."""

    def __init__(self) -> None:
        self.steps: dict[str, set[str]] = {}  # that a part, or what is before it, has asked for
        self.values: dict[tuple, tuple[Any, list[str]]] = {}


class Choose:
    """Decides the steps of one run of a reference; notes its steps and alternatives.

    chosen: the steps at which an alternative is tried, each with its name.
    messages: those of the alternatives, by step and name; noted only if no alternative is tried.
    steps: in the order in which they were taken; a step in a loop is listed more than once.
    """

    def __init__(self, chosen: Iterable[tuple[str, str]] = (), memory: Memory | None = None):
        self._chosen = dict(chosen)
        self._memory = memory or Memory()
        self.messages: dict[tuple[str, str], str] = {}
        self.steps: list[str] = []

    def __call__(self, step: str, right: Any, *others: Others) -> Any:
        """Return the right value of a step, or that of the alternative that is tried."""
        self.steps.append(step)
        wanted = self._chosen.get(step)
        if wanted is not None:
            for name, value, _ in _listed(others):
                if name == wanted:
                    return value()
        elif not self._chosen:
            self.messages |= {(step, name): message for name, _, message in _listed(others)}
        return right

    def once(self, part: str, compute: Callable[[], Any]) -> Any:
        """Compute a part of the reference, once for all runs that are the same up to its end.

        So a search need not repeat the steps before the later of two alternatives.
        """
        known = self._memory.steps.setdefault(part, set())
        key = part, *((step, name) for step, name in self._chosen.items() if step in known)
        if key in self._memory.values:
            value, steps = self._memory.values[key]
            self.steps += steps
            return value
        before = len(self.steps)
        value = compute()
        if len(self._chosen) < 2:  # no other pair has both
            known.update(self.steps)
            key = part, *((step, name) for step, name in self._chosen.items() if step in known)
            self._memory.values[key] = value, self.steps[before:]
        return value


def as_it_is() -> Choose:
    """Return what chooses the right value at every step, and lists no alternatives."""
    return Choose([("", "")])


def _listed(others: Iterable[Others]) -> list[Other]:
    listed: list[Other] = []
    for each in others:
        if callable(each):
            listed += each()
        else:
            listed.append(each)
    return listed


def mistaken(compose: Callable[..., Any], step: str, name: str) -> Callable[..., Any]:
    """Return a function that computes a reference with one of its mistakes."""
    return lambda *arguments: compose(Choose([(step, name)]), *arguments)


@dataclass(frozen=True, eq=False)  # one of them is as good as its identity
class Reference:
    """What a learner's function should return, with the steps at which learners go wrong.

    compose: the reference; takes `choose` and then the function's arguments.
    draw: gives the arguments of a further draw, in sizes of its own.
    results: the names of the parts that the function returns, each with its axes, such as
        {"dx": "batch, time, features"}. It has a single entry if one array is returned. It is a
        function of the arguments if the parts depend on them.
    uses: earlier functions of the assignment that the text says to use.
    look: a sentence on the quantity to look at, for a learner who asks for a second hint.
    warning: what may cause a warning of NumPy's, if one fails the check.
    measure: where results are judged by what they do, such as trained weights: takes a result and
        what it is judged with, returns the share of the points, above 0, and a sentence. It raises
        CheckFailed where there are none.
    """

    compose: Callable[..., Any]
    draw: Callable[[Draw], tuple]
    results: dict[str, str] | Callable[..., dict[str, str]]
    uses: tuple[str, ...] = ()
    look: str = ""
    warning: str = ""
    measure: Callable[[Any, Any], tuple[float, str]] | None = None

    @property
    def name(self) -> str:
        """The name of the learner's function."""
        return self.compose.__name__

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the function's arguments."""
        return tuple(inspect.signature(self.compose).parameters)[1:]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The defaults of the arguments that may be left out, by their names."""
        parameters = inspect.signature(self.compose).parameters.values()
        return {each.name: each.default for each in parameters if each.default is not each.empty}

    def left_out(self, arguments: Sequence) -> tuple[str, ...]:
        """Name the arguments that a call leaves out."""
        return self.arguments[len(arguments) :]

    def parts(self, arguments: Sequence) -> dict[str, str]:
        """Name the parts that the function returns for these arguments, each with its axes."""
        return self.results(*arguments) if callable(self.results) else self.results

    def value(self, arguments: Sequence, choose: Choose) -> Any:
        """Compute the result with some alternatives; FAILED if they cannot be combined."""
        try:
            with np.errstate(all="ignore"):
                return self.compose(choose, *arguments)
        except Exception:
            return FAILED

    def examine(self, arguments: Sequence) -> Choose:
        """Run the reference as it is, to see its steps and alternatives for these arguments."""
        choose = Choose()
        self.value(arguments, choose)
        return choose

    @cached_property
    def further(self) -> list[tuple]:
        """The arguments of the further draws: the same in each search."""
        return [self.draw(Draw(number)) for number in range(FURTHER)]
