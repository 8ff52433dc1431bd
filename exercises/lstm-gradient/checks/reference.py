"""A reference in steps, each with alternatives where learners go wrong.

A reference computes in NumPy what a learner's function should return. It is a function whose first
argument, `choose`, decides at every step where learners go wrong:

    bias = choose("bias", bias, ("bias missing", lambda: 0 * bias, "The bias is missing."))

returns the right value, or in a search the alternative that is tried. So mistakes are composed, not
listed: `search` tries every alternative, and every pair of them at two steps. What is right is not
decided here but by Keras; a test holds each reference to it.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .inputs import Draw

Other = tuple[str, Callable[..., Any], str]
"""An alternative: its name, what gives its value, and what a learner reads who made it."""

Others = Other | Callable[[], Iterable[Other]]
"""An alternative, or a function that lists some: called only when one of them is looked for."""

FURTHER = 12  # draws, besides the one that failed, in which a mistake must give a learner's numbers
FAILED = object()  # in place of the value of alternatives that cannot be computed together


class Memory:
    """What parts of a reference gave, with the alternatives that were tried up to their ends."""

    def __init__(self) -> None:
        self.steps: dict[str, set[str]] = {}  # that a part, or what is before it, has asked for
        self.values: dict[tuple, tuple[Any, list[str]]] = {}


class Choose:
    """Decides the steps of one run of a reference; notes which steps and alternatives there were.

    chosen: the steps at which an alternative is tried, each with its name.
    messages: of the alternatives, by step and name; only where none is tried.
    steps: in the order in which they were taken; one in a loop stands there more than once.
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
        """Compute a part of the reference, but once for all runs that are the same up to its end.

        It saves a search the steps before the later of two alternatives.
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


def _listed(others: Iterable[Others]) -> list[Other]:
    listed: list[Other] = []
    for each in others:
        if callable(each):
            listed += each()
        else:
            listed.append(each)
    return listed


def mistaken(compose: Callable[..., Any], step: str, name: str) -> Callable[..., Any]:
    """Return what computes a reference with one of its mistakes."""
    return lambda *arguments: compose(Choose([(step, name)]), *arguments)


@dataclass(frozen=True)
class Reference:
    """What a learner's function should return, with the steps at which learners go wrong.

    compose: the reference; takes `choose` and then the function's arguments.
    draw: gives the arguments of a further draw, in sizes of its own.
    results: the names of the parts that the function returns, each with its axes, such as
        {"dx": "batch, time, features"}; a single entry where it returns one array. A function
        of the arguments, where they decide.
    uses: earlier functions of the assignment that the text says to use.
    look: a sentence on the quantity to look at, for a learner who asks for a second hint.
    warning: where a warning of NumPy's may come from, if one fails the check.
    """

    compose: Callable[..., Any]
    draw: Callable[[Draw], tuple]
    results: dict[str, str] | Callable[..., dict[str, str]]
    uses: tuple[str, ...] = ()
    look: str = ""
    warning: str = ""

    @property
    def name(self) -> str:
        """The name of the learner's function."""
        return self.compose.__name__

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the function's arguments."""
        return tuple(inspect.signature(self.compose).parameters)[1:]

    def parts(self, arguments: Sequence) -> dict[str, str]:
        """Name the parts that the function returns for these arguments, each with its axes."""
        return self.results(*arguments) if callable(self.results) else self.results

    def value(self, arguments: Sequence, choose: Choose) -> Any:
        """Compute the result with some alternatives; FAILED where they do not go together."""
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
