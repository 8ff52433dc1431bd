"""Finds what NumPy would warn of, such as an overflow, where NumPy itself never warns.

Compiled to WebAssembly, NumPy computes with a processor that keeps no note of overflows. There a
function is called again, with arrays that look at each result themselves: if inf or NaN comes out
of finite numbers, they warn in NumPy's words. `np.errstate` and `np.seterr` hold for them, too.

Not seen: an overflow in `np.dot`, in whole numbers, or where a number is only stored or converted,
except by `astype`; and operators on numbers that no longer are such arrays, since they come from
`flat`, `np.nditer`, `np.ndenumerate` or a type such as `np.float64`.
"""

import contextlib
import copy
import inspect
import io
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np

# Imported by name, since the functions of `np` are exchanged while a function is watched.
from numpy import array, asarray, errstate, geterr, isfinite, isinf, isnan, logical_and, logical_not

WORDS = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}
"""NumPy's words for what `np.errstate` calls by these names, in the order in which it warns."""
POLES: dict[str, Callable[..., Any]] = {
    "divide": lambda _, denominator: denominator == 0,
    "floor_divide": lambda _, denominator: denominator == 0,
    "divmod": lambda _, denominator: denominator == 0,
    "reciprocal": lambda denominator: denominator == 0,
    "power": lambda base, _: base == 0,
    "float_power": lambda base, _: base == 0,
    "log": lambda _: True,
    "log2": lambda _: True,
    "log10": lambda _: True,
    "log1p": lambda _: True,
    "arctanh": lambda _: True,
}
"""Where a function is infinite, and so divides by zero; elsewhere an infinite result overflows."""


def unseen_warnings(function: Callable, arguments: Sequence) -> list[str]:
    """List what NumPy would warn of in a call, had it noticed; nothing where it warns itself.

    arguments: of the call, handed over as copies.
    """
    return [] if numpy_warns() else watched_warnings(function, arguments)


@cache
def numpy_warns() -> bool:
    """Whether NumPy notices an overflow here. It depends on the processor, so it is tried."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="warn"):
        warnings.simplefilter("always")
        np.exp(np.array([1000], dtype="float32"))
    return bool(caught)


def watched_warnings(function: Callable, arguments: Sequence) -> list[str]:
    """Call a function on watched copies of arguments; list what the arrays warned of.

    If the function raises, which these arrays may cause, what they warned of before counts.
    """
    given = [watched(each) for each in copy.deepcopy(list(arguments))]
    with (
        _watching(getattr(inspect.unwrap(function), "__globals__", {})),
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(Exception),
    ):
        warnings.simplefilter("always")
        function(*given)
    return [str(each.message) for each in caught if each.category is WatchedWarning]


class WatchedWarning(RuntimeWarning):
    """A warning of a watched array. NumPy's are RuntimeWarnings, too."""


class Watched(np.ndarray):
    """An array that warns of overflow, of division by zero and of invalid values."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = method if method in ("reduce", "accumulate", "reduceat") else ufunc.__name__
        return _compute(name, ufunc, method, inputs, options)

    def __getitem__(self, key: Any) -> Any:
        """Return a part; a single number stays an array, so that a loop over numbers is seen."""
        return watched(_plain(self)[key])

    def astype(self, dtype: Any, *details: Any, **options: Any) -> Any:
        """Convert to another dtype, as NumPy's arrays do."""
        plain = _plain(self)
        with errstate(all="ignore"):
            converted = plain.astype(dtype, *details, **options)
        if plain.dtype.kind == "f" and converted.dtype.kind == "f":
            _report("cast", ["over"] if (isinf(converted) & isfinite(plain)).any() else [])
        elif plain.dtype.kind == "f" and converted.dtype.kind in "iu":
            _report("cast", [] if isfinite(plain).all() else ["invalid"])
        return watched(converted)


class WatchedNumber(Watched):
    """A watched array without axes, in place of one of NumPy's numbers, which never change."""


def _operator(ufunc: np.ufunc, reflected: bool) -> Callable:
    def operate(number: WatchedNumber, other: Any) -> Any:
        arrays = isinstance(other, np.ndarray) and not isinstance(other, WatchedNumber)
        name = ufunc.__name__ if arrays else f"scalar {ufunc.__name__}"
        inputs = (other, number) if reflected else (number, other)
        return _compute(name, ufunc, "__call__", inputs, {})

    return operate


for _name, _ufunc in {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.divide,
    "floordiv": np.floor_divide,
    "mod": np.remainder,
    "pow": np.power,
}.items():
    setattr(WatchedNumber, f"__{_name}__", _operator(_ufunc, reflected=False))
    setattr(WatchedNumber, f"__i{_name}__", _operator(_ufunc, reflected=False))
    setattr(WatchedNumber, f"__r{_name}__", _operator(_ufunc, reflected=True))


def watched(value: Any) -> Any:
    """Let the arrays and NumPy's numbers in a value watch what is computed with them."""
    if type(value) in (list, tuple):
        return type(value)(map(watched, value))
    if isinstance(value, dict):
        return {key: watched(item) for key, item in value.items()}
    if type(value) is np.ndarray:
        return value.view(Watched)
    if isinstance(value, np.floating):
        return array(value).view(WatchedNumber)
    return value


def _plain(value: Any) -> Any:
    """Return a watched array as a plain one, and anything else as it is."""
    return value.view(np.ndarray) if isinstance(value, Watched) else value


def _compute(name: str, ufunc: np.ufunc, method: str, inputs: Sequence, options: dict) -> Any:
    """Compute with plain arrays, and warn of what happened. name: what the warning calls it."""
    out = options.get("out", ())
    plain_options = {key: _plain(value) for key, value in options.items()}
    if out:
        plain_options["out"] = tuple(map(_plain, out))
    plain_inputs = [_plain(each) for each in inputs]
    changes = bool(out) or method == "at"
    before = [array(each) if changes else asarray(each) for each in plain_inputs]
    quiet = errstate(all="ignore") if _are_real(before) else contextlib.nullcontext()
    with quiet:  # of other objects, such as those of np.vectorize, the learner's code computes
        result = getattr(ufunc, method)(*plain_inputs, **plain_options)
    if method == "at":
        results: Sequence = plain_inputs[:1]
    else:
        results = result if isinstance(result, tuple) else (result,)
    if method == "__call__" and ufunc.signature is None:
        troubles = _troubles_of_each(ufunc, before, results, plain_options.get("where", True))
    else:
        troubles = _troubles_of_all(before, results)
    _report(name, troubles)
    if out:
        return out[0] if len(out) == 1 else out
    return watched(result)


def _troubles_of_each(
    ufunc: np.ufunc, inputs: Sequence[np.ndarray], results: Sequence, where: Any
) -> set[str]:
    """Name what happened, as `np.errstate` does, where a result depends on one of each input.

    where: which of the results were computed.
    """
    if not _are_real(inputs):
        return set()
    finite = reduce(logical_and, map(isfinite, inputs))
    numbers = reduce(logical_and, (logical_not(isnan(each)) for each in inputs))
    pole = POLES[ufunc.__name__](*inputs) if ufunc.__name__ in POLES else False
    happened = set()
    for result in filter(_is_float, results):
        infinite = isinf(result) & finite & where
        happened |= {"divide"} if (infinite & pole).any() else set()
        happened |= {"over"} if (infinite & logical_not(pole)).any() else set()
        happened |= {"invalid"} if (isnan(result) & numbers & where).any() else set()
    return happened


def _troubles_of_all(inputs: Sequence[np.ndarray], results: Sequence) -> set[str]:
    """Name what happened, as `np.errstate` does, where a result depends on many numbers."""
    if not _are_real(inputs):
        return set()
    happened = set()
    for result in filter(_is_float, results):
        if isinf(result).any() and all(isfinite(each).all() for each in inputs):
            happened.add("over")
        if isnan(result).any() and not any(isnan(each).any() for each in inputs):
            happened.add("invalid")
    return happened


def _are_real(inputs: Sequence[np.ndarray]) -> bool:
    return all(each.dtype.kind in "biuf" for each in inputs)


def _is_float(result: Any) -> bool:
    return asarray(result).dtype.kind == "f"


def _report(name: str, troubles: Collection[str]) -> None:
    """Warn or raise, as `np.errstate` asks for. Raises FloatingPointError."""
    for trouble in (each for each in WORDS if each in troubles):
        message = f"{WORDS[trouble]} encountered in {name}"
        wanted = dict(geterr())[trouble]
        if wanted == "warn":
            warnings.warn(message, WatchedWarning, stacklevel=1)
        elif wanted == "raise":
            raise FloatingPointError(message)


class WatchedFunction:
    """A function of NumPy's that computes with watched arrays, whatever it is called on."""

    def __init__(self, function: Callable):
        self._function = function

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        given = arguments
        if isinstance(self._function, np.ufunc):
            given = watched(arguments)
            if not any(isinstance(each, Watched) for each in given):
                given = (watched(asarray(arguments[0])), *given[1:])
        return watched(self._function(*given, **options))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


@cache
def _watched_functions() -> dict[str, WatchedFunction]:
    """List the functions of the namespace `numpy`, by name, each as one that is watched."""
    functions = {name: getattr(np, name) for name in np.__all__}
    return {
        name: WatchedFunction(function)
        for name, function in functions.items()
        if callable(function) and not isinstance(function, type)
    }


@contextlib.contextmanager
def _watching(learners: dict[str, Any]) -> Iterator[None]:
    """Exchange NumPy's functions by watched ones, in NumPy and among a learner's own names."""
    functions = _watched_functions()
    by_identity = {id(getattr(np, name)): each for name, each in functions.items()}
    imported = {
        name: by_identity[id(value)] for name, value in learners.items() if id(value) in by_identity
    }
    with _exchanged(vars(np), functions), _exchanged(learners, imported):
        yield


@contextlib.contextmanager
def _exchanged(names: dict[str, Any], others: Mapping[str, Any]) -> Iterator[None]:
    """Let names stand for others for a while."""
    before = {name: names[name] for name in others}
    names.update(others)
    try:
        yield
    finally:
        names.update(before)
