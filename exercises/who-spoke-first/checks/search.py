"""The search for the mistakes that give a learner's numbers.

A mistake is an alternative at a step of the reference, or a slip in its result. Every one is tried,
then every pair, in the draw that failed and in further ones.
"""

import math
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from .blocks import split
from .comparing import same
from .inputs import Draw
from .reference import FAILED, FURTHER, Choose, Memory, Reference
from .slips import slips


class Mistake(NamedTuple):
    """An alternative at a step of a reference, or a slip in its result.

    step: of the reference; "" for a slip. key: the alternative's name, or the slip's key.
    name: what `CheckFailed.diagnosis` becomes. message: what a learner reads.
    """

    step: str
    key: str
    name: str
    message: str


Candidate = tuple[Mistake, ...]
"""One or two mistakes."""


@dataclass(frozen=True)
class Diagnosis:
    """Mistakes that together give a learner's numbers. name: their names, in a stable order."""

    name: str
    messages: tuple[str, ...]

    def __str__(self) -> str:
        if len(self.messages) == 1:
            return self.messages[0]
        lines = "\n".join(f"- {message}" for message in self.messages)
        return f"Two differences together give your numbers.\n{lines}"


def diagnosis(candidate: Candidate) -> Diagnosis:
    """Put the names and the messages of mistakes together."""
    name = " + ".join(mistake.name for mistake in candidate)
    return Diagnosis(name, tuple(mistake.message for mistake in candidate))


class Trial:
    """Computes the results of mistakes for one list of arguments.

    right: the reference's result. steps: those that it takes. messages: of the alternatives at
    them, by step and name. slips: that can happen to the result. axes: of each part of the result.
    """

    def __init__(self, reference: Reference, arguments: tuple):
        parts = reference.parts(arguments)
        self.arguments, self.axes = arguments, tuple(parts.values())
        self.slips = slips(parts)
        self._compute = partial(reference.value, arguments)
        self._memory = Memory()
        choose = Choose(memory=self._memory)
        self.right, self.steps = self._compute(choose), choose.steps
        self.messages = choose.messages
        self._alone = cache(self._compute_alone)

    def value(self, candidate: Candidate) -> Any:
        """Return the result with one or two mistakes; FAILED if it cannot be computed."""
        slip = "" if candidate[-1].step else candidate[-1].key
        value = self._together(candidate[:-1] if slip else candidate)
        if slip not in self.slips or value is FAILED:
            return value
        return self.slips[slip].apply(value, FAILED)

    def _together(self, alternatives: Candidate) -> Any:
        """Return the result with alternatives; the first may skip the step of the second."""
        if not alternatives:
            return self.right
        value, steps = self._alone(alternatives[0])
        if alternatives[-1].step in steps and len(alternatives) > 1:
            chosen = ((each.step, each.key) for each in alternatives)
            return self._compute(Choose(chosen, self._memory))
        return value

    def _compute_alone(self, mistake: Mistake) -> tuple[Any, frozenset[str]]:
        """Return the result with an alternative, and the steps that are taken with it."""
        choose = Choose([(mistake.step, mistake.key)], self._memory)
        return self._compute(choose), frozenset(choose.steps)


def trial(reference: Reference, arguments: tuple) -> Trial:
    """Return the trial of these arguments, whose results are kept for the next searches.

    A check draws the same arguments each time, so the next attempt is explained sooner.
    """
    return _trial(reference, pickle.dumps(arguments))


@lru_cache(3 * FURTHER)  # here, the further draws, and those of equal sizes
def _trial(reference: Reference, arguments: bytes) -> Trial:
    return Trial(reference, pickle.loads(arguments))


def further_trials(reference: Reference) -> list[Trial]:
    """Return the trials of the further draws, which are the same in each search."""
    return [trial(reference, each) for each in reference.further]


def singles(here: Trial, further: Sequence[Trial]) -> list[Candidate]:
    """List the single mistakes that are looked for where a result differs, `here`."""
    return [(each,) for each in (*_alternatives([here]), *_slips([here, *further]))]


def pairs(here: Trial, further: Sequence[Trial]) -> Iterator[Candidate]:
    """List the pairs of mistakes: at two steps, or at one step and then in the result."""
    mistakes = (*_alternatives([*further, here]), *_slips([here, *further]))
    for first, second in combinations(mistakes, 2):
        if first.step != second.step:
            yield first, second


def _alternatives(trials: Sequence[Trial]) -> list[Mistake]:
    """List the alternatives at all steps that are taken in any of the trials."""
    messages: dict[tuple[str, str], str] = {}
    for each in trials:
        messages |= each.messages
    return [Mistake(step, name, name, message) for (step, name), message in messages.items()]


def _slips(trials: Sequence[Trial]) -> list[Mistake]:
    """List the slips that can happen in any of the trials."""
    listed = {key: slip for each in trials for key, slip in each.slips.items()}
    return [Mistake("", key, slip.name, slip.message) for key, slip in listed.items()]


class Effect(NamedTuple):
    """Where a mistake happens, and what it does to the pieces of a result.

    begin, end: the first and the last place of its step among those of the reference.
    untouched: the pieces that it leaves right; empty if the result is not cut into pieces.
    wrong: the pieces in which it does not give the learner's numbers.
    """

    begin: float
    end: float
    untouched: frozenset[int]
    wrong: frozenset[int]


class Effects:
    """The effects of mistakes, which rule out most pairs without computing them.

    Of two mistakes, the later one leaves some pieces of the result as the earlier one made them. If
    these pieces are not the learner's, the two together do not give the learner's result.
    """

    def __init__(self, trial: Trial, result: object):
        steps = [*trial.steps, ""]  # a slip happens last
        self._first = {step: number for number, step in reversed(list(enumerate(steps)))}
        self._last = {step: number for number, step in enumerate(steps)}
        self._trial, self._result = trial, result
        self._of = cache(self._examine)

    def exclude(self, candidate: Candidate) -> bool:
        """Whether a piece of the result rules out two mistakes together."""
        one, other = map(self._of, candidate)
        if one.end < other.begin:
            return not other.untouched.isdisjoint(one.wrong)
        return other.end < one.begin and not one.untouched.isdisjoint(other.wrong)

    def _examine(self, mistake: Mistake) -> Effect:
        right = self._compare(mistake, self._trial.right)
        learners = self._compare(mistake, self._result)
        return Effect(
            self._first.get(mistake.step, -math.inf),
            self._last.get(mistake.step, math.inf),
            frozenset() if all(right) else frozenset(np.flatnonzero(right)),
            frozenset(np.flatnonzero(np.logical_not(learners))),
        )

    def _compare(self, mistake: Mistake, result: object) -> list[bool]:
        """Compare a mistake's result with another, piece by piece; [] if their pieces differ.

        A piece is a part of the result, or one of the four blocks of units in it.
        """
        value, result = _parts(self._trial.value((mistake,))), _parts(result)
        alike: list[bool] = []
        if len(value) == len(result) == len(self._trial.axes):
            for one, other, axes in zip(value, result, self._trial.axes):
                arrays = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
                if arrays and one.shape == other.shape and axes.endswith("4 * units"):
                    alike += [same(*both) for both in zip(split(one), split(other))]
                else:
                    alike += [same(one, other)] * 4
        return alike


def _parts(result: Any) -> Sequence:
    """List the parts of a result; none if it could not be computed."""
    if result is FAILED:
        return []
    return result if isinstance(result, tuple | list) else [result]


def diagnose(
    reference: Reference,
    result: object,
    arguments: tuple,
    again: Callable[[tuple], object],
) -> list[Diagnosis]:
    """Find the mistakes that give a learner's numbers, in every draw that is tried.

    result: what the learner's function returned for `arguments`.
    again: calls the learner's function; raises if that fails.

    Returns the simplest explanation, several if no draw tells them apart, or none if no known
    mistakes give the numbers.
    """
    here, further = trial(reference, arguments), further_trials(reference)
    quickest = min([here, *further], key=lambda trial: len(trial.steps))

    @cache
    def learners(trial: Trial) -> object:
        return result if trial is here else _result(again, trial.arguments)

    fitting = _fitting(singles(here, further), [here, *further], learners)
    if not fitting:
        effects = Effects(quickest, learners(quickest))
        possible = (each for each in pairs(here, further) if not effects.exclude(each))
        fitting = _fitting(possible, [quickest, here, *further], learners)
    alternatives = [each for each in fitting if each[-1].step]  # they say more than a slip
    return _distinct(_without_hidden(alternatives or fitting))


def _fitting(
    candidates: Iterable[Candidate], trials: Iterable[Trial], learners: Callable[[Trial], object]
) -> list[Candidate]:
    """List the mistakes that give the learner's result in every trial."""
    fitting = candidates
    for trial in trials:
        result = learners(trial)
        fitting = [each for each in fitting if _alike(result, trial.value(each))]
        if not fitting:
            break
    return list(fitting)


def diagnose_exception(
    reference: Reference, arguments: tuple, again: Callable[[tuple], object]
) -> list[Diagnosis]:
    """Find the mistakes that explain why a function raises because shapes do not fit.

    If all axes have the same length, all shapes fit, and the numbers show the mistake.
    """
    results = dict(_results_for_equal_sizes(reference, again))
    right = all(_alike(result, trial.right) for trial, result in results.items())
    if right or any(result is FAILED for result in results.values()):
        return []
    here, further = trial(reference, arguments), further_trials(reference)
    for candidates in (singles(here, further), pairs(here, further)):
        fitting = _fitting(candidates, results, results.__getitem__)
        if fitting:
            fails = [each for each in fitting if here.value(each) is FAILED]
            return _distinct(fails or fitting)
    return []


def wrong_sizes(reference: Reference, again: Callable[[tuple], object]) -> str:
    """Say for which lengths of axes alone a learner's function is wrong.

    Returns "axis of length 1", or "length of another axis" where it is right only when all axes
    have the same length; "" for a function that is wrong, or right, for all.
    """
    equal = _results_for_equal_sizes(reference, again)  # one by one: the first may say enough
    if not all(_alike(result, trial.right) for trial, result in equal):
        return ""
    others = [(each, _result(again, each.arguments)) for each in further_trials(reference)]
    wrong = [each for each, result in others if not _alike(result, each.right)]
    if not wrong:
        return ""
    if len(wrong) < len(others) and all(1 in _lengths(each.arguments) for each in wrong):
        return "axis of length 1"
    return "length of another axis"


def _lengths(value: object) -> set[int]:
    """List the lengths of the axes of all arrays in a value."""
    if isinstance(value, np.ndarray):
        return set(value.shape)
    inner = value.values() if isinstance(value, dict) else value
    parts = inner if isinstance(inner, Iterable) and not isinstance(inner, str) else ()
    return set[int]().union(*map(_lengths, parts))


def _results_for_equal_sizes(
    reference: Reference, again: Callable[[tuple], object]
) -> Iterator[tuple[Trial, object]]:
    for number in range(FURTHER):
        equal = trial(reference, reference.draw(Draw(number, equal=True)))
        yield equal, _result(again, equal.arguments)


def _result(function: Callable[[tuple], object], arguments: tuple) -> object:
    """Call a learner's function; FAILED if it raises."""
    try:
        return function(arguments)
    except Exception:
        return FAILED


def _alike(result: object, value: object) -> bool:
    """Whether a result and a mistake's value are the same, or neither can be computed.

    When no step is left, some functions raise and others return an empty array.
    """
    if result is FAILED or value is FAILED:
        return result is value or _is_empty(result) or _is_empty(value)
    return same(result, value)


def _is_empty(value: object) -> bool:
    parts = value if isinstance(value, tuple | list) else [value]
    return any(isinstance(part, np.ndarray) and not part.size for part in parts)


def _without_hidden(fitting: list[Candidate]) -> list[Candidate]:
    """Keep the first of those pairs in which one mistake hides which alternative the other is.

    For example, if the bias is missing, it does not matter from which block it was taken. A step
    lists its simplest alternatives first.
    """
    kept = []
    seen: set[tuple] = set()
    for each in fitting:
        beside = {(one.step, other) for one in each for other in each if one.step and one != other}
        if seen.isdisjoint(beside):
            kept.append(each)
        seen |= beside
    return kept


def _distinct(fitting: list[Candidate]) -> list[Diagnosis]:
    """List the diagnoses; of those that name the same mistakes in another order, only one."""
    named = {frozenset(mistake.name for mistake in each): each for each in fitting[::-1]}
    return [diagnosis(each) for each in list(named.values())[::-1]]
