"""Watched arrays warn where NumPy does, in its words, and change nothing where it warns itself."""

import contextlib
import copy
import math
import warnings
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest
from numpy import exp
from scipy.special import expit

import course.checks
from course.checks import CheckFailed, check, overflow, records
from course.checks.inputs import float32
from course.checks.overflow import numpy_warns, unseen_warnings, watched_warnings
from evidence.banks import bank
from evidence.check_cells import implement, solution

RNG = np.random.default_rng(3)
ARGUMENTS = [
    float32([-1000, -90, 0, 90, 1000]),
    float32([[1000], [3]]),
    float32([[-1000, 3]]),
    float32([0, 2, -2]),
    float32(RNG.normal(size=(2, 6, 4), scale=200)),
    float32(RNG.normal(size=(3, 5), scale=2)),
]


def native_warnings(function, arguments):
    """List what NumPy itself warns of in a call, up to an exception."""
    with warnings.catch_warnings(record=True) as caught, contextlib.suppress(Exception):
        warnings.simplefilter("always")
        function(*copy.deepcopy(arguments))
    return [str(each.message) for each in caught]


def textbook(x):
    return 1 / (1 + np.exp(-x))


def textbook_of_exp(x):
    return np.exp(x) / (1 + np.exp(x))


def both_branches(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def clipped(x):
    return 1 / (1 + np.exp(-np.clip(x, -80, 80)))


def clipped_then_chosen(x):
    near = np.clip(x, -30, 30)
    return np.where(x > 30, 1.0, np.where(x < -30, 0.0, 1 / (1 + np.exp(-near))))


def clipped_too_late(x):
    return 1 / (1 + np.clip(np.exp(-x), 0, 1e30))


def logarithms(x):
    return np.exp(-np.logaddexp(0, -x))


def tanh_form(x):
    return 0.5 * (1 + np.tanh(x / 2))


def loop_over_numbers(x):
    result = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        result[index] = 1 / (1 + np.exp(-x[index]))
    return result


def loop_with_powers(x):
    flat = x.ravel()
    return np.array([1 / (1 + np.e**-number) for number in flat]).reshape(x.shape)


def stable_loop(x):
    result = np.empty_like(x)
    for index in np.ndindex(*x.shape):
        number = x[index]
        if number >= 0:
            result[index] = 1 / (1 + np.exp(-number))
        else:
            result[index] = np.exp(number) / (1 + np.exp(number))
    return result


def loop_in_place(x):
    """A number of NumPy's never changes, so += makes another one."""
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        number = x[index]
        number *= -1
        result[index] = 1 / (1 + np.exp(number)) if x[index] > -80 else 0
    return result


def vectorized(x):
    return np.vectorize(lambda number: 1 / (1 + np.exp(-number)))(x)


def vectorized_by_branches(x):
    def one(number):
        return 1 / (1 + np.exp(-number)) if number >= 0 else np.exp(number) / (1 + np.exp(number))

    return np.vectorize(one)(x)


def comprehension_over_python_numbers(x):
    return np.array([1 / (1 + np.exp(-number)) for number in x.ravel().tolist()]).reshape(x.shape)


def math_of_numbers(x):
    return np.array([1 / (1 + math.exp(min(-number, 700))) for number in x.flat]).reshape(x.shape)


def by_scipy(x):
    return expit(x)


def piecewise(x):
    right, left = lambda v: 1 / (1 + np.exp(-v)), lambda v: np.exp(v) / (1 + np.exp(v))
    return np.piecewise(x, [x >= 0], [right, left])


def masks(x):
    result, positive = np.zeros_like(x), x >= 0
    result[positive] = 1 / (1 + np.exp(-x[positive]))
    result[~positive] = np.exp(x[~positive]) / (1 + np.exp(x[~positive]))
    return result


def wrong_mask(x):
    result, positive = np.zeros_like(x), x >= 0
    result[~positive] = 1 / (1 + np.exp(-x[~positive]))
    result[positive] = np.exp(x[positive]) / (1 + np.exp(x[positive]))
    return result


def in_place(x):
    work = -x
    np.exp(work, out=work)
    work += 1
    return np.divide(1, work, out=work)


def only_where_positive(x):
    small = np.exp(-x, where=x >= 0, out=np.zeros_like(x))
    large = np.exp(x, where=x < 0, out=np.zeros_like(x))
    return np.where(x >= 0, 1 / (1 + small), large / (1 + large))


def errstate_around(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def errstate_around_half(x):
    with np.errstate(over="ignore"):
        powers = np.exp(x)
    return powers / (1 + powers)


def raising(x):
    try:
        with np.errstate(over="raise"):
            return 1 / (1 + np.exp(-x))
    except FloatingPointError:
        return tanh_form(x)


def raising_then_dividing_by_zero(x):
    try:
        with np.errstate(over="raise"):
            return 1 / (1 + np.exp(-x))
    except FloatingPointError:
        return 1 / (1 + np.exp(-x.clip(-80, 80))) + 0 / np.log(0 * x)


def silenced(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 1 / (1 + np.exp(-x))


def in_double(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def in_double_made_single(x):
    return (1 / (1 + np.exp(-x.astype("float64") / 10).astype(np.float32))) ** 1


def imported_by_name(x):
    return 1 / (1 + exp(-np.asarray(x)))


def imported_by_name_for_python_numbers(x):
    return np.array([1 / (1 + exp(-number)) for number in x.ravel().tolist()]).reshape(x.shape)


def without_the_subclass(x):
    return 1 / (1 + np.e ** -np.array(x, dtype=np.float64))


def of_a_list(x):
    return np.stack([1 / (1 + np.exp([-number for number in row])) for row in np.atleast_2d(x)])


def powers(x):
    return 1 / (1 + np.power(np.e, -x))


def squares(x):
    return (np.exp(x / 2) ** 2) / (1 + np.square(np.exp(x / 2)))


def sums(x):
    return np.exp(x) / np.sum([np.exp(x), np.ones_like(x)], axis=0)


def inverse(x):
    return np.reciprocal(1 + np.exp(-x))


def by_logarithm(x):
    return np.exp(np.log(0 * x) * (x < 0)) / (1 + np.exp(-np.abs(x)))


WRITTEN = [
    each
    for each in list(globals().values())
    if getattr(each, "__module__", "") == __name__ and each is not native_warnings
]
IN_THE_BANK = [
    (f"{entry.function}: {entry.name}", entry)
    for part in bank("lstm-gates")
    for entry in part
    if entry.function == "sigmoid"
]


def assert_same_warnings(function):
    for x in ARGUMENTS:
        assert watched_warnings(function, (x,)) == native_warnings(function, (x,))


@pytest.mark.parametrize("function", WRITTEN, ids=lambda each: each.__name__)
def test_a_sigmoid_warns_as_it_does_in_numpy(function):
    assert_same_warnings(function)


@pytest.mark.parametrize(
    "entry", [entry for _, entry in IN_THE_BANK], ids=[name for name, _ in IN_THE_BANK]
)
def test_a_sigmoid_of_the_bank_warns_as_it_does_in_numpy(entry):
    source = entry.source(solution("lstm-gates", "sigmoid"))
    assert_same_warnings(implement("lstm-gates", "sigmoid", source))


def test_the_sigmoids_do_warn_and_do_not():
    warn = [any(native_warnings(each, (x,)) for x in ARGUMENTS) for each in WRITTEN]
    assert len(WRITTEN) >= 30 and warn.count(True) >= 12 and warn.count(False) >= 12


FINITE = [0, -0.0, 1, -1, 0.5, 2, 1e-30, 1000, -1000, 1e30, -1e30]
INFINITE = [np.inf, -np.inf, np.nan]
FUNCTIONS = [
    ufunc
    for name in sorted(np.__all__)
    if isinstance(ufunc := getattr(np, name), np.ufunc) and "f->" in "".join(ufunc.types)
]
PLAIN = [np.add, np.subtract, np.multiply, np.divide, np.exp, np.log, np.sqrt, np.tanh, np.maximum]
"""Functions that warn alike on every processor also where an argument is infinite or NaN."""


@pytest.mark.slow
@pytest.mark.parametrize("ufunc", FUNCTIONS, ids=lambda each: each.__name__)
def test_every_function_warns_of_every_pair_of_numbers_as_numpy_does(ufunc):
    numbers = float32(FINITE + INFINITE * (ufunc in PLAIN))
    for given in product(numbers[:, None], repeat=ufunc.nin):
        call = partial(apply, ufunc)
        assert watched_warnings(call, given)[:1] == native_warnings(call, given)[:1], given


def apply(function, *arguments):
    return function(*arguments)


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: x.sum(),
        lambda x: np.add.reduce(x),
        lambda x: x.cumsum(),
        lambda x: np.add.reduceat(x, [0]),
        lambda x: np.multiply.outer(x, x),
        lambda x: np.add.at(x, [0, 0], x[0]),
        lambda x: x[None] @ x[:, None],
        lambda x: x[0] * x[1],
        lambda x: x[0] + x[1],
        lambda x: -x[0] - x[1],
        lambda x: x[0] ** 2,
        lambda x: 1 / (x[0] - x[1]),
        lambda x: 10.0 * x[0],
        lambda x: x[0] * x,
        lambda x: (x[0] - x[1]) / (x[0] - x[1]),
        lambda x: x.astype("float16"),
        lambda x: (np.inf * x).astype(int),
        lambda x: x / np.zeros(2),
        lambda x: np.linalg.norm(np.exp(x)),
        lambda x: [number * number for number in x],
        lambda x: np.exp(1000),
        lambda x: np.log([0.0, 1.0]),
    ],
)
def test_the_words_are_those_of_numpy(compute):
    given = (float32([3e38, 3e38]),)
    native = native_warnings(compute, given)
    assert native and watched_warnings(compute, given) == native


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: np.exp(x, where=np.array([False, False]), out=np.full(2, np.inf)),
        lambda x: (np.inf + x) * 2,
        lambda x: np.full(2, np.nan) + x,
        lambda x: np.max(np.inf + x),
        lambda x: np.isinf(x / 3),
        lambda x: x.astype("float64") * x,
    ],
)
def test_where_numpy_has_nothing_to_warn_of_neither_have_we(compute):
    given = (float32([3e38, 3e38]),)
    assert native_warnings(compute, given) == watched_warnings(compute, given) == []


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: np.dot(x, x),
        lambda x: np.int32(2**31 - 1) + np.int32(x[0] > 0),
        lambda x: x.__setitem__(0, 1e300),
        lambda x: [number * number for number in x.flat],
        lambda x: [number * number for _, number in np.ndenumerate(x)],
        lambda x: [number * number for number in np.nditer(x)],
        lambda x: np.float64(x[0]) ** 10,
    ],
)
def test_what_the_module_says_is_not_seen_is_not(compute):
    given = (float32([3e38, 3e38]),)
    assert native_warnings(compute, given) and not watched_warnings(compute, given)


def test_a_number_that_has_two_names_changes_under_one_of_them():
    def doubled(x):
        number = same = x[0]
        number *= 2
        return [np.exp(same), x[0] * same, number**30]

    given = (float32([80]),)
    assert watched_warnings(doubled, given) == native_warnings(doubled, given)


def test_a_warning_of_the_learners_own_is_not_numpys():
    assert watched_warnings(lambda x: warnings.warn("careful", stacklevel=1), (1,)) == []


@pytest.mark.parametrize("mode", ["warn", "ignore", "raise"])
def test_seterr_holds(mode):
    with np.errstate(over=mode):
        assert watched_warnings(textbook, ARGUMENTS[:1]) == native_warnings(textbook, ARGUMENTS[:1])
    assert native_warnings(textbook, ARGUMENTS[:1])


def test_where_numpy_warns_a_function_is_not_called_again():
    calls = []
    assert numpy_warns()
    assert unseen_warnings(calls.append, (1,)) == []
    assert calls == []


def test_what_is_exchanged_comes_back_and_the_arguments_stay():
    before, own = dict(vars(np)), dict(globals())
    x = float32([-1000, 1])

    def fails(x):
        x += np.exp(exp(x))
        raise ValueError

    for function in (textbook, fails):
        watched_warnings(function, (x,))
        assert vars(np) == before and globals() == own
    assert type(x) is np.ndarray and x.tolist() == [-1000, 1]


def test_what_was_seen_before_an_exception_counts():
    def fails(x):
        raise ValueError(np.exp(x))

    assert watched_warnings(fails, (float32([1000]),)) == ["overflow encountered in exp"]


def test_nothing_is_printed_again(capsys):
    watched_warnings(print, (1,))
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def silent_numpy(monkeypatch):
    """As in WebAssembly, no call of a learner's function comes with a warning of NumPy's."""
    real = course.checks.call
    monkeypatch.setattr(overflow, "numpy_warns", lambda: False)
    monkeypatch.setattr(
        course.checks, "call", lambda *given, **options: replace(real(*given, **options), warned=[])
    )


def failure(function):
    records.forget()
    x = ARGUMENTS[0]
    with pytest.raises(CheckFailed) as caught:
        check(function, (x,), tanh_form(x), warnings_fail=True)
    return str(caught.value)


def test_a_check_says_the_same_where_numpy_is_silent(request):
    native = failure(textbook)
    request.getfixturevalue("silent_numpy")
    assert failure(textbook) == native
    check(tanh_form, ARGUMENTS[:1], tanh_form(ARGUMENTS[0]), warnings_fail=True)
    check(textbook, ARGUMENTS[:1], tanh_form(ARGUMENTS[0]))
