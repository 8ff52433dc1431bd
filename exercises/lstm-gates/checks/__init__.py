"""Compare a learner's function with Keras, and say in plain words what differs.

A test cell draws random arguments, reads the expected result off a real Keras layer and calls
`check`. On a difference `check` recomputes the well-known mistakes from the same arguments: where
one of them gives the learner's numbers, the message names it.
"""

import contextlib
import copy
import os
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

# TensorFlow's log lines would land on stderr, and nbgrader gives a test cell with stderr no points.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

RTOL, ATOL = 1e-4, 1e-5
"""float32 tolerance: tight enough to reject float16, wide enough for any order of summation."""


class CheckFailed(AssertionError):
    """A check that did not pass: `str(error)` is for the learner, `diagnosis` for statistics.

    `diagnosis` is the name of a `Mistake`, or one of "not started", "no return", "raised",
    "interrupted", "warning", "type", "dtype", "shape", "nan", "arguments changed" and "value".
    """

    def __init__(self, diagnosis: str, message: str):
        wrap = textwrap.TextWrapper(width=72, subsequent_indent="  ").fill
        lines = message.splitlines()
        super().__init__("\n".join(line if line[0] == " " else wrap(line) for line in lines))
        self.diagnosis = diagnosis

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the message alone: the frames of this module would teach nothing."""
        return [f"{type(self).__name__}: {self}"]


@dataclass(frozen=True)
class Mistake:
    """A well-known wrong answer.

    name: a stable identifier, such as "input columns".
    value: called without arguments, gives what the mistake returns on the arguments of this draw.
    message: what the learner reads; it names the mistake and where to look, not the solution.
    """

    name: str
    value: Callable[[], object]
    message: str


def draws(count: int, seed: int = 0) -> Iterator[np.random.Generator]:
    """Yield `count` random generators, the same ones for the same `seed`."""
    for number in range(count):
        yield np.random.default_rng([seed, number])


def check(
    function: Callable,
    arguments: tuple,
    expected: object,
    mistakes: Iterable[Mistake] = (),
    warnings_fail: bool = False,
) -> None:
    """Call `function(*arguments)` and compare the result with `expected`.

    function: the learner's function.
    arguments: arrays, numbers, None, or lists, tuples and dicts of them; handed over as copies.
    expected: an array, a number, or a tuple, list or dict of them; anything `np.asarray` reads.
    mistakes: tried in order when the result differs; their values are computed only then.
    warnings_fail: whether a warning, as NumPy's of an overflow, fails a right result.

    Returns None. Raises CheckFailed with a message for the learner.
    """
    name = function.__name__
    given = copy.deepcopy(arguments)
    result, warned = _call(function, name, given, arguments)
    expected = _plain(expected)
    if result is None and expected is not None:
        raise CheckFailed(
            "no return",
            f"{name} returned None. Does its last line say `return`, followed by the result?",
        )
    problem = _difference(result, expected, "the result")
    if problem is not None:
        for mistake in mistakes:
            if _difference(result, _plain(mistake.value()), "") is None:
                raise CheckFailed(mistake.name, f"{name}: {mistake.message}")
        raise CheckFailed(problem[0], f"{name}: {problem[1]}")
    if _difference(given, arguments, "") is not None:
        raise CheckFailed(
            "arguments changed",
            f"{name} returns the right result but changes its arguments in place. The caller still "
            "needs them, so compute into a new array:\n"
            "  a = a + b makes one, a += b does not.",
        )
    if warned and warnings_fail:
        raise CheckFailed(
            "warning",
            f"{name} returns the right result, but Python warns on the way: {warned[0].message}.",
        )


def _call(
    function: Callable, name: str, given: tuple, arguments: tuple
) -> tuple[object, list[warnings.WarningMessage]]:
    """Call the learner's function; return its result and warnings.

    An exception becomes a message. Nothing reaches stderr: a test cell that writes there gets no
    points from nbgrader.
    """
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stderr(sys.stdout),
        ):
            warnings.simplefilter("always")
            return function(*given), caught
    except NotImplementedError as error:
        where = traceback.extract_tb(error.__traceback__)[-1].name
        if where in (name, "_call"):
            raise CheckFailed("not started", f"{name}: not started yet.") from None
        raise CheckFailed(
            "not started", f"{name} calls {where}, which is not started yet."
        ) from None
    except KeyboardInterrupt:
        raise CheckFailed(
            "interrupted", f"{name} was stopped before it returned. Does a loop never end?"
        ) from None
    except Exception as error:
        if hasattr(error, "_render_traceback_"):  # it says by itself what happened
            raise CheckFailed("raised", f"{name}: {error}") from None
        frames = traceback.extract_tb(error.__traceback__)
        frame = [each for each in frames if "site-packages" not in each.filename][-1]
        shapes = ", ".join(_describe(argument) for argument in arguments)
        raise CheckFailed(
            "raised",
            f"{name} raised {type(error).__name__}: {error}\n"
            f"  in {frame.name}, line {frame.lineno}: {frame.line}\n"
            f"The arguments were: {shapes}.",
        ) from None


def _plain(value: object) -> object:
    """Turn tensors inside `value` into arrays; leave containers, numbers and None as they are."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_plain(item) for item in value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return np.asarray(value)


def _difference(result: object, expected: object, what: str) -> tuple[str, str] | None:
    """Return (diagnosis, message) for the first difference, None where there is none."""
    if expected is None:
        return None if result is None else ("type", f"{what} should be None.")
    if isinstance(expected, dict):
        if not isinstance(result, dict) or list(result) != list(expected):
            keys = ", ".join(map(repr, expected))
            return "type", f"{what} should be a dict with the keys {keys}, in this order."
        pairs = [(result[key], expected[key], f"{what}[{key!r}]") for key in expected]
    elif isinstance(expected, tuple | list):
        if not isinstance(result, tuple | list) or len(result) != len(expected):
            return "type", (
                f"{what} should hold {len(expected)} things, as a tuple or a list,"
                f" but is {_describe(result)}."
            )
        pairs = [(r, e, f"{what}[{k}]") for k, (r, e) in enumerate(zip(result, expected))]
    else:
        return _array_difference(result, np.asarray(expected), what)
    differences = (_difference(*pair) for pair in pairs)
    return next((difference for difference in differences if difference), None)


def _array_difference(result: object, expected: np.ndarray, what: str) -> tuple[str, str] | None:
    """Compare one array or number: its type, shape, dtype, NaN, and then its values."""
    if not isinstance(result, np.ndarray | np.number | int | float):
        kind = "a NumPy array" if expected.ndim else "a number"
        return "type", f"{what} should be {kind}, but is {_describe(result)}."
    result = np.asarray(result)
    if result.shape != expected.shape:
        return "shape", f"{what} has shape {result.shape}, expected {expected.shape}."
    if np.iscomplexobj(result):
        return "dtype", f"{what} is complex, expected real numbers."
    if np.issubdtype(expected.dtype, np.floating) and result.dtype not in (np.float32, np.float64):
        return "dtype", (
            f"{what} has dtype {result.dtype}. Stay with float32, the dtype of the arguments, "
            "or float64: anything else loses digits."
        )
    if np.isnan(result).any() and not np.isnan(expected).any():
        return "nan", f"{what} contains NaN (not a number), at {_first(np.isnan(result))}."
    wrong = ~np.isclose(result, expected, rtol=RTOL, atol=ATOL)
    if wrong.any() and wrong.ndim == 0:
        return "value", f"{what} is {result:.6g}, expected {expected:.6g}."
    if wrong.any():
        at = _first(wrong)
        return "value", (
            f"{what} differs from the reference in {wrong.sum()} of {wrong.size} numbers"
            f" (shape {expected.shape}). First at {at}: yours {result[at]:.6g},"
            f" expected {expected[at]:.6g}."
        )
    return None


def _first(mask: np.ndarray) -> tuple[int, ...]:
    """Index of the first True in `mask`."""
    return tuple(int(index) for index in np.argwhere(mask)[0])


def _describe(value: object) -> str:
    """Name a value's kind and shape, for messages."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape}"
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {len(value)} ({', '.join(map(_describe, value))})"
    if isinstance(value, dict):
        inside = (f"{key!r}: {_describe(item)}" for key, item in value.items())
        return f"dict ({', '.join(inside)})"
    if isinstance(value, bool | int | float | None):
        return repr(value)
    return type(value).__name__
