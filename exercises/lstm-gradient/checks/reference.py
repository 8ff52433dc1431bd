"""A reference in steps with alternatives, and the search for those that give a learner's numbers.

A reference computes in NumPy what a learner's function should return. It is a function whose first
argument, `choose`, decides at every step where learners go wrong:

    bias = choose("bias", bias, ("bias missing", lambda: 0 * bias, "The bias is missing."))

returns the right value, or in a search the alternative that is tried. So mistakes are composed, not
listed: the search tries every alternative, and every pair of them at two steps. What is right is
not decided here but by Keras; a test holds each reference to it.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from .comparing import same
from .inputs import Draw
from .slips import Slip, slips

Other = tuple[str, Callable[..., Any], str]
"""An alternative: its name, what gives its value, and what a learner reads who made it."""

Chosen = tuple[tuple[str, str], ...]
"""Alternatives that are tried together: pairs of a step and the name of an alternative there."""

FURTHER = 12  # draws, besides the one that failed, in which a mistake must give a learner's numbers
FAILED = object()  # in place of the value of alternatives that cannot be computed together


class Choose:
    """Decides the steps of one run of a reference; notes which alternatives there were."""

    def __init__(self, chosen: Chosen = ()):
        self._chosen = dict(chosen)
        self.messages: dict[tuple[str, str], str] = {}

    def __call__(self, step: str, right: Any, *others: Other) -> Any:
        """Return the right value of a step, or that of the alternative that is tried."""
        if not self._chosen:
            self.messages |= {(step, name): message for name, _, message in others}
        wanted = self._chosen.get(step)
        if wanted is not None:
            for name, value, _ in others:
                if name == wanted:
                    return value()
        return right


@dataclass(frozen=True)
class Diagnosis:
    """Mistakes that together give a learner's numbers. name: of all, in a stable order."""

    name: str
    messages: tuple[str, ...]

    def __str__(self) -> str:
        if len(self.messages) == 1:
            return self.messages[0]
        lines = "\n".join(f"- {message}" for message in self.messages)
        return f"Two differences together give your numbers.\n{lines}"


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

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the function's arguments."""
        return tuple(inspect.signature(self.compose).parameters)[1:]

    def parts(self, arguments: Sequence) -> dict[str, str]:
        """Name the parts that the function returns for these arguments, each with its axes."""
        return self.results(*arguments) if callable(self.results) else self.results

    def value(self, arguments: Sequence, chosen: Chosen = ()) -> Any:
        """Compute the result with these alternatives; FAILED where they do not go together."""
        try:
            with np.errstate(all="ignore"):
                return self.compose(Choose(chosen), *arguments)
        except Exception:
            return FAILED

    def alternatives(self, arguments: Sequence) -> dict[tuple[str, str], str]:
        """List the alternatives at all steps, with what a learner reads who made them."""
        choose = Choose()
        with np.errstate(all="ignore"):
            self.compose(choose, *arguments)
        return choose.messages

    def diagnose(
        self, result: object, arguments: Sequence, again: Callable[[tuple], object]
    ) -> list[Diagnosis]:
        """Find the mistakes that give a learner's numbers, in every draw that is tried.

        result: what the learner's function returned for `arguments`.
        again: calls the learner's function; raises where that fails.

        Returns the simplest explanation; several where no draw tells them apart; none where no
        known mistakes give the numbers.
        """
        values = cache(partial(self.value, arguments))
        further = cache(lambda: [(each, _result(again, each)) for each in self._further_arguments])
        for candidates in (self.singles(arguments), self.pairs(arguments)):
            slips_here = slips(self.parts(arguments))
            fitting = [
                each for each in candidates if _alike(result, each.value(values, slips_here))
            ]
            for other, another in further() if fitting else ():
                there = partial(self.value, other), slips(self.parts(other))
                fitting = [each for each in fitting if _alike(another, each.value(*there))]
            known = [each for each in fitting if not each.slip]  # these say more than a slip
            if fitting:
                return _distinct(_without_hidden(known or fitting))
        return []

    def is_right_for_equal_sizes_alone(self, again: Callable[[tuple], object]) -> bool:
        """Whether a learner's function is right where all axes have one length, and wrong else."""
        equal = self._results_for_equal_sizes(again)  # one by one: the first may say enough
        if not all(_alike(result, self.value(each)) for each, result in equal):
            return False
        others = ((each, _result(again, each)) for each in self._further_arguments)
        return not all(_alike(result, self.value(each)) for each, result in others)

    def diagnose_exception(
        self, arguments: Sequence, again: Callable[[tuple], object]
    ) -> list[Diagnosis]:
        """Find the mistakes that explain why shapes do not fit, so that a function raises.

        Where all axes have one length everything fits, and the numbers tell what was done.
        """
        results = list(self._results_for_equal_sizes(again))
        right = all(_alike(result, self.value(each)) for each, result in results)
        if right or any(result is FAILED for _, result in results):
            return []
        for candidates in (self.singles(arguments), self.pairs(arguments)):
            fitting = list(candidates)
            for other, result in results:
                there = cache(partial(self.value, other)), slips(self.parts(other))
                fitting = [each for each in fitting if _alike(result, each.value(*there))]
            if fitting:
                fails = [each for each in fitting if self.value(arguments, each.chosen) is FAILED]
                return _distinct(fails or fitting)
        return []

    def _results_for_equal_sizes(
        self, again: Callable[[tuple], object]
    ) -> Iterator[tuple[tuple, object]]:
        for number in range(FURTHER):
            arguments = self.draw(Draw(number, equal=True))
            yield arguments, _result(again, arguments)

    @cached_property
    def _further_arguments(self) -> list[tuple]:
        """The arguments of the further draws: the same in each search."""
        return [self.draw(Draw(number)) for number in range(FURTHER)]

    def _alternatives(self, arguments: Sequence) -> dict[tuple[str, str], str]:
        """List the alternatives at the steps that are taken here or in a further draw."""
        listed: dict[tuple[str, str], str] = {}
        for each in (*self._further_arguments, arguments):
            listed |= self.alternatives(each)
        return listed

    def _slips(self, arguments: Sequence) -> dict[str, Slip]:
        """List the slips that can happen here or in a further draw, by key."""
        listed: dict[str, Slip] = {}
        for each in (arguments, *self._further_arguments):
            listed |= slips(self.parts(each))
        return listed

    def singles(self, arguments: Sequence) -> Iterator["Candidate"]:
        """List what may have gone wrong once: a step of the reference, or a slip in the result."""
        for key, message in self.alternatives(arguments).items():
            yield Candidate((key,), "", Diagnosis(key[1], (message,)))
        for slip_key, slip in self._slips(arguments).items():
            yield Candidate((), slip_key, Diagnosis(slip.name, (slip.message,)))

    def pairs(self, arguments: Sequence) -> Iterator["Candidate"]:
        """List what may have gone wrong twice."""
        messages, slips_known = self._alternatives(arguments), self._slips(arguments)
        for first, second in combinations(messages, 2):
            if first[0] != second[0]:
                both = messages[first], messages[second]
                yield Candidate((first, second), "", Diagnosis(f"{first[1]} + {second[1]}", both))
        for key, message in messages.items():
            for slip_key, slip in slips_known.items():
                diagnosis = Diagnosis(f"{key[1]} + {slip.name}", (message, slip.message))
                yield Candidate((key,), slip_key, diagnosis)


def _result(function: Callable[[tuple], object], arguments: tuple) -> object:
    """Call a learner's function; FAILED where it raises."""
    try:
        return function(arguments)
    except Exception:
        return FAILED


def _alike(result: object, value: object) -> bool:
    """Whether a result and a mistake's value are the same, or neither can be computed.

    Without any step left, some functions raise and others return an empty array.
    """
    if result is FAILED or value is FAILED:
        return result is value or _is_empty(result) or _is_empty(value)
    return same(result, value)


def _is_empty(value: object) -> bool:
    parts = value if isinstance(value, tuple | list) else [value]
    return any(isinstance(part, np.ndarray) and not part.size for part in parts)


class Candidate(NamedTuple):
    """One or two mistakes: alternatives, and the key of a slip in the result or ""."""

    chosen: Chosen
    slip: str
    diagnosis: Diagnosis

    def value(self, values: Callable[[Chosen], Any], slips: Mapping[str, Slip]) -> Any:
        """Return what the mistakes give.

        values: computes alternatives. slips: those that can happen to the result, by key.
        """
        value = values(self.chosen)
        if value is FAILED or self.slip not in slips:
            return value
        return slips[self.slip].apply(value, FAILED)

    @property
    def marks(self) -> set[tuple]:
        """Pairs of a step and the mistake that is tried with an alternative at this step."""
        if self.slip:
            return {(step, self.slip) for step, _ in self.chosen}
        return {
            (step, other) for step, _ in self.chosen for other in self.chosen if other[0] != step
        }


def _without_hidden(fitting: list[Candidate]) -> list[Candidate]:
    """Keep the first of the pairs in which one mistake hides which alternative the other is.

    Where the bias is missing, it does not matter from which block it was taken. A step lists its
    simplest alternatives first.
    """
    kept = []
    seen: set[tuple] = set()
    for each in fitting:
        if seen.isdisjoint(each.marks):
            kept.append(each)
        seen |= each.marks
    return kept


def _distinct(fitting: list[Candidate]) -> list[Diagnosis]:
    """List the diagnoses, one of those that name the same mistakes in another order."""
    named = {frozenset(each.diagnosis.name.split(" + ")): each.diagnosis for each in fitting[::-1]}
    return list(named.values())[::-1]
