"""Compare a learner's function with Keras, and say in plain words what differs.

A test cell draws arguments, reads the expected result off a real Keras layer and calls `check`. If
the results differ, `check` looks for mistakes that give the learner's numbers, in this draw and in
further ones. The message names them.
"""

import copy
import os
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, combinations
from typing import Any

import numpy as np

from .calling import (
    Called,
    CheckFailed,
    call,
    calls_in_text,
    refuse_no_function,
    refuse_old_definition,
)
from .changes import explain_change, keep
from .comparing import describe_arguments, difference, endless, plain, same
from .overflow import unseen_warnings
from .records import begin, fails, hint, note, progress
from .reference import Reference
from .search import diagnose, diagnose_exception, wrong_sizes

# TensorFlow's log lines would land on stderr, and nbgrader gives a test cell with stderr no points.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

__all__ = ["CheckFailed", "Reference", "check", "checking", "draws", "hint", "progress"]


WRONG_SIZES = {
    "axis of length 1": "Where no axis has the length 1, your result is right. Somewhere an axis of"
    " length 1 is lost: np.squeeze, for one, takes it away.",
    "length of another axis": "Where all axes have one length, your result is right. So the steps"
    " are right, but somewhere the length of one axis stands where that of another belongs.",
}
"""What to say of a function that is wrong for some lengths of the axes alone."""


def draws(count: int, seed: int = 0) -> Iterator[np.random.Generator]:
    """Yield `count` random generators, the same ones for the same `seed`."""
    for number in range(count):
        yield np.random.default_rng([seed, number])


def checking(message: str) -> Callable[[Callable[[], float | None]], float | None]:
    """Run the decorated function at once, and print `message` if it raises nothing.

    A test cell is written as a function. So it uses only one name of the learner's, that of the
    function it tests, and leaves no names behind. Its name then stands for what it returns: the
    points, where some of them may be earned. nbgrader reads them off the last line of the cell.
    Raises CheckFailed, also if the tested function is not defined.
    """

    def run(test: Callable[[], float | None]) -> float | None:
        begin()
        try:
            points = test()
        except NameError as error:
            raise CheckFailed(
                "not defined",
                f"{error.name} is not defined. Run the cell in which you write it, then this check"
                " again.",
            ) from None
        print(message)
        return points

    return run


def check(
    function: Callable,
    arguments: tuple,
    expected: object,
    reference: Reference | None = None,
    warnings_fail: bool = False,
) -> float:
    """Call `function(*arguments)` and compare the result with `expected`, or measure it.

    function: the learner's function, or anything else that can be called.
    arguments: arrays, numbers, None, or lists, tuples and dicts of them; handed over as copies.
    expected: an array, a number, or a tuple, list or dict of them; anything `np.asarray` reads. If
        the reference measures results, what it measures them with.
    reference: names what is compared, and the mistakes that may explain a difference.
    warnings_fail: whether a warning, such as NumPy's on overflow, fails a right result.

    Returns the share of the points, 1 but for a result that is measured. Raises CheckFailed with a
    message for the learner.
    """
    name = reference.name if reference else getattr(function, "__name__", "the function")
    look = reference.look if reference else ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of mistakes that are tried
            share = _check(function, name, arguments, plain(expected), reference, warnings_fail)
    except CheckFailed as error:
        advice = note(name, function, error.diagnosis, look)
        if advice:
            raise CheckFailed(error.diagnosis, f"{error.message}\n{advice}") from None
        raise
    note(name, function, "", look, share)
    return share


def _check(
    function: Any,
    name: str,
    arguments: tuple,
    expected: object,
    reference: Reference | None,
    warnings_fail: bool,
) -> float:
    refuse_no_function(function, name)
    refuse_old_definition(name)
    given = copy.deepcopy(arguments)
    kept = [keep(each) for each in given]
    argument_names = reference.arguments if reference else ()
    try:
        called = call(function, name, given, argument_names, expects_none=expected is None)
    except CheckFailed as error:
        if error.raised or error.diagnosis == "no return":
            _blame_an_earlier_function(function, name, error.calls, reference)
        if error.raised and reference is not None and reference.measure is None:
            _explain_default(function, name, arguments, expected, error, reference)
            _explain_length(function, name, error, reference)
            _explain_exception(function, name, arguments, error, reference)
        raise
    without_end = endless(called.result)
    if without_end:
        raise CheckFailed(without_end.diagnosis, f"{name}: {without_end.message}")
    share = 1.0
    if reference and reference.measure:
        share = _measure(function, name, called, expected, reference)
    else:
        _compare(function, name, arguments, called, expected, reference)
    if difference(given, arguments) is not None:
        _blame_an_earlier_function(function, name, called.calls, reference)
        raise CheckFailed(
            "arguments changed",
            f"{name} returns the right result but changes its arguments in place."
            f" {explain_change(kept, arguments, argument_names)}",
        )
    warned = warnings_fail and (called.warned or unseen_warnings(function, arguments))
    if warned:
        _blame_an_earlier_function(function, name, called.calls, reference)
        why = reference.warning if reference else ""
        raise CheckFailed(
            "warning",
            f"{name} returns the right result, but Python warns on the way: {warned[0]}."
            f" {why}".rstrip(),
        )
    return share


def _measure(
    function: Any, name: str, called: Called, expected: object, reference: Reference
) -> float:
    """Say how good a result is, and return the share of the points that it earns.

    Raises CheckFailed where that is none.
    """
    assert reference.measure
    try:
        share, sentence = reference.measure(called.result, expected)
    except CheckFailed:
        _blame_an_earlier_function(function, name, called.calls, reference)
        raise
    print(f"{name}: {sentence}")
    return share


def _compare(
    function: Any,
    name: str,
    arguments: tuple,
    called: Called,
    expected: object,
    reference: Reference | None,
) -> None:
    """Raise CheckFailed, with an explanation if there is one, where a result differs."""
    argument_names = reference.arguments if reference else ()
    parts = tuple(reference.parts(arguments)) if reference else ()
    what = parts[0] if len(parts) == 1 else "the result"
    problem = difference(called.result, expected, what, parts)
    if problem is not None:
        of_arrays = isinstance(called.result, np.ndarray | list | tuple)
        lost = problem.diagnosis == "whole numbers" and of_arrays
        if problem.diagnosis != "dtype" and not lost:
            _explain(function, name, arguments, called, reference)
        if problem.diagnosis == "value":
            _explain_change(function, name, arguments, called.result)
        message = f"{name}: {problem.message}"
        if isinstance(expected, int | float | np.ndarray) and np.ndim(expected) == 0:
            message += f"\n{name} was given: {describe_arguments(arguments, argument_names)}."
        failed = CheckFailed(problem.diagnosis, message)
        if reference is not None:
            _explain_default(function, name, arguments, expected, failed, reference)
        if problem.diagnosis == "shape" and reference is not None:
            _explain_length(function, name, failed, reference)
        raise failed


def _blame_an_earlier_function(
    function: Any, name: str, calls: set[str], reference: Reference | None
) -> None:
    """Raise CheckFailed if a function calls another whose own check did not pass."""
    for earlier in reference.uses if reference else ():
        if fails(earlier, function) and earlier in calls | calls_in_text(function):
            raise CheckFailed(
                "earlier function",
                f"{name} calls {earlier}, whose own check does not pass. Mend {earlier} first, then"
                " run this check again.",
            )


def _explain(
    function: Any, name: str, arguments: tuple, called: Called, reference: Reference | None
) -> None:
    """Raise CheckFailed if an earlier function or known mistakes explain a difference."""
    _blame_an_earlier_function(function, name, called.calls, reference)
    if reference is None:
        return

    explanations = diagnose(reference, called.result, arguments, _caller(function, name))
    if len(explanations) == 1:
        raise CheckFailed(explanations[0].name, f"{name}: {explanations[0]}")
    if len(explanations) == 2:
        first, second = explanations
        raise CheckFailed(
            f"{first.name} or {second.name}",
            f"{name}: your numbers fit two explanations, which this check cannot tell apart.\n"
            f"Either: {first}\nOr: {second}",
        )


def _explain_default(
    function: Any,
    name: str,
    arguments: tuple,
    expected: object,
    error: CheckFailed,
    reference: Reference,
) -> None:
    """Raise CheckFailed if a function is right where what was left out is handed over."""
    if error.diagnosis == "signature":
        return  # nothing may be left out
    missing = {k: v for k, v in reference.defaults.items() if k in reference.left_out(arguments)}
    groups = chain.from_iterable(combinations(missing, n) for n in range(1, len(missing) + 1))
    for group in groups:
        completed = partial(function, **{each: missing[each] for each in group})
        try:
            right = difference(_caller(completed, name)(arguments), expected) is None
        except CheckFailed:
            continue
        if right:
            names = " and ".join(group)
            raise CheckFailed(
                " + ".join(f"default of {each}" for each in group),
                f"{name} was called without {names}. Where the default of {names} is handed over,"
                " your result is right. So the first line of your function has another default"
                f" than that of the original cell. Copy that line.\nAs a result: {error.message}",
            )


def _explain_length(function: Any, name: str, error: CheckFailed, reference: Reference) -> None:
    """Raise CheckFailed if a function is right but for some lengths of the axes."""
    wrong = wrong_sizes(reference, _caller(function, name))
    if wrong:
        raise CheckFailed(wrong, f"{name}: {WRONG_SIZES[wrong]}\nAs a result: {error.message}")


def _explain_exception(
    function: Any, name: str, arguments: tuple, error: CheckFailed, reference: Reference
) -> None:
    """Raise CheckFailed that says which mistake makes shapes not fit, and what happened then."""
    explanations = diagnose_exception(reference, arguments, _caller(function, name))
    if len(explanations) == 1:
        raise CheckFailed(
            explanations[0].name, f"{name}: {explanations[0]}\nAs a result: {error.message}"
        )


def _explain_change(function: Any, name: str, arguments: tuple, result: object) -> None:
    """Raise CheckFailed if a function gives another result when it is called again."""
    if not same(_caller(function, name)(arguments), plain(result)):
        raise CheckFailed(
            "another result each time",
            f"{name} gives another result for the same arguments when it is called again. Does it "
            "draw random numbers, keep something from one call to the next, or return memory that "
            "was never filled, such as np.empty hands out?",
        )


def _caller(function: Any, name: str) -> Callable[[tuple], object]:
    """Call a learner's function on copies of arguments; raise if it fails."""
    return lambda further: call(function, name, copy.deepcopy(further)).result
