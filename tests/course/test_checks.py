"""The engine of the checks: outcomes kept apart, messages for learners, references."""

import ast
import cProfile
import linecache
import re
import sys
import warnings
from functools import partial
from types import ModuleType

import numpy as np
import pytest
import scipy.special
from scipy.special import expit, log_softmax

from course import COURSE
from course.checks import CheckFailed, Reference, blocks, check, checking, draws, records
from course.checks.calling import calls_in_text
from course.checks.inputs import normal, sizes
from course.checks.optimizers import CLIP_GRADIENTS
from course.checks.ready_made import LIBRARIES, libraries_named

slow = partial(pytest.param, marks=pytest.mark.slow)

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype="float32")


def double(x):
    return 2 * x


def doubled(choose, x):
    """A reference with three alternatives at two steps."""
    factor = choose(
        "factor",
        2,
        ("tripled", lambda: 3, "You take x three times."),
        ("as it is", lambda: 1, "You return x itself."),
    )
    return choose("power", factor * x, ("squared", lambda: factor * x**2, "You square x."))


DOUBLED = Reference(
    doubled,
    lambda rng: (rng.normal(size=(2, 4)).astype("float32"),),
    {"the double": "batch, units"},
    look="Look at the factor.",
)


def failure(function, arguments=(X,), expected=2 * X, reference=None, **options):
    records.forget()
    with pytest.raises(CheckFailed) as caught:
        check(function, arguments, expected, reference, **options)
    return caught.value


def text_of(error):
    return " ".join(str(error).split())


def not_started(x):
    raise NotImplementedError


def calls_not_started(x):
    return not_started(x)


def code_above(x):
    result = 2 * x
    raise NotImplementedError
    return result


def without_return(x):
    2 * x


def raising(x):
    return x @ x


def leading_on(x):
    return raising(x.T[:, :1])


def inside_numpy(x):
    return np.linalg.inv(x)


def interrupted(x):
    raise KeyboardInterrupt


def changing(x):
    x *= 2
    return x.copy()


def warning(x):
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)
    return 2 * x


def with_keras(x):
    import keras

    return np.asarray(keras.ops.add(x, x))


def with_the_checks(x):
    return blocks.side_by_side([2 * x])


def with_tensorflow(x):
    import tensorflow as tf

    return tf.add(x, x).numpy()


def with_scipy(x):
    return 2 * x + 0 * expit(x)


def with_a_helper(x):
    return with_scipy(x)


def with_an_attribute(x):
    return 2 * x + 0 * scipy.special.expit(x)


def with_an_import_inside(x):
    from scipy.special import expit as sigmoid

    return 2 * x + 0 * sigmoid(x)


def with_a_default(x, sigmoid=expit):
    return 2 * x + 0 * sigmoid(x)


def with_a_function_within(x):
    def inner(number):
        return 2 * number + 0 * expit(number)

    return np.stack([inner(row) for row in x])


def with_a_closure(sigmoid):
    return lambda x: 2 * x + 0 * sigmoid(x)


def with_scipys_python(x):
    return 2 * x + 0 * log_softmax(x)


def raising_with_scipy(x):
    return expit(x) @ x


@pytest.mark.parametrize(
    ("function", "diagnosis", "text"),
    [
        (not_started, "not started", "not_started: not started yet."),
        (calls_not_started, "not started", "calls not_started, which is not started yet"),
        (code_above, "code above the raise", "below what you have written. Delete that line"),
        (without_return, "no return", "returned None"),
        (raising, "raised", "raising was given: (2, 3)."),
        (leading_on, "raised", "in leading_on, line"),
        (leading_on, "raised", "which led to raising, line"),
        (leading_on, "raised", "leading_on was given: (2, 3). raising was given: x (3, 1)."),
        (interrupted, "interrupted", "Does a loop never end?"),
        (changing, "arguments changed", "changes its arguments in place"),
        slow(with_keras, "framework", "computes with Keras. Write it with NumPy"),
        slow(with_tensorflow, "framework", "computes with TensorFlow. Write it with NumPy"),
        (with_the_checks, "framework", "computes with the package of the checks. Write it with"),
        *(
            (function, "framework", "computes with SciPy. Write it with NumPy: SciPy has ready")
            for function in (
                expit,
                with_scipy,
                with_a_helper,
                with_an_attribute,
                with_an_import_inside,
                with_a_default,
                with_a_function_within,
                with_a_closure(expit),
                with_scipys_python,
                raising_with_scipy,
                np.vectorize(with_scipy),
                partial(with_scipy),
            )
        ),
        (lambda x: np.split(x, 4), "unequal split", "is no multiple of their number."),
        (lambda x: "2x", "type", "should be a NumPy array, but is a str"),
        (lambda x: np.asmatrix(2 * x), "type", "but is a matrix, for which"),
        (lambda x: np.ma.array(2 * x), "type", "should be a plain NumPy array"),
        (lambda x: double(x).astype(object), "dtype", "The dtype of the result is object"),
        (lambda x: double(x).astype("float16"), "dtype", "is float16. Stay"),
        (lambda x: double(x).astype("complex64"), "dtype", "real numbers, not complex ones"),
        (lambda x: double(x).astype(int), "whole numbers", "behind the decimal point is lost"),
        (lambda x: double(x).astype(str), "dtype", "anything else loses digits or is no array"),
        (inside_numpy, "raised", "in inside_numpy, line"),
        (lambda x: double(x).T, "shape", "is (3, 2), expected (2, 3)"),
        (
            lambda x: np.where(x == 5, np.nan, 2 * x),
            "nan",
            "NaN (not a number) in the result, first at (1, 1)",
        ),
        (lambda x: 2 * x + (x == 4), "value", "The first is at (1, 0): yours 9, expected 8."),
    ],
)
def test_each_outcome_has_its_own_message(function, diagnosis, text):
    error = failure(function)
    assert error.diagnosis == diagnosis
    assert text in text_of(error)


class Doubling:
    def __call__(self, x):
        return 2 * x

    def method(self, x):
        return 2 * x


def decorated(function):
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


@pytest.mark.parametrize(
    "function",
    [
        double,
        lambda x: 2 * x.astype("float64"),
        partial(np.multiply, 2),
        Doubling(),
        Doubling().method,
        decorated(double),
        np.vectorize(double),
        lambda x: np.stack([2 * row for row in x]),
    ],
)
def test_whatever_can_be_called_and_is_right_passes(function):
    check(function, (X,), 2 * X, DOUBLED)
    check(function, (X,), 2 * X)


@pytest.mark.parametrize("value", [2 * X, 5, None, [double], "double"])
def test_what_cannot_be_called_is_named(value):
    error = failure(value, reference=DOUBLED)
    assert error.diagnosis == "no function"
    assert "not a function" in text_of(error) and "`doubled = ...`" in text_of(error)


@pytest.mark.parametrize(("error", "passes"), [(0.9e-5, True), (1.1e-5, False)])
def test_absolute_tolerance_where_zero_is_expected(error, passes):
    near = lambda x: np.zeros_like(x) + error  # noqa: E731
    if passes:
        check(near, (X,), np.zeros_like(X))
    else:
        assert failure(near, expected=np.zeros_like(X)).diagnosis == "value"


@pytest.mark.parametrize(("factor", "passes"), [(1 + 0.9e-4, True), (1 + 1.2e-4, False)])
def test_relative_tolerance(factor, passes):
    scaled = lambda x: 2 * x.astype("float64") * factor  # noqa: E731
    if passes:
        check(scaled, (X,), 2 * X)
    else:
        assert failure(scaled).diagnosis == "value"


@pytest.mark.parametrize(
    ("function", "diagnosis", "messages"),
    [
        (lambda x: 3 * x, "tripled", ["You take x three times."]),
        (lambda x: 2 * x**2, "squared", ["You square x."]),
        (lambda x: 3 * x**2, "tripled + squared", ["Two differences together", "You square x."]),
        (lambda x: -3 * x, "tripled + sign", ["three times", "is the opposite one"]),
        (lambda x: 2 * x.T, "axes (units, batch)", ["The order asked for is (batch, units)"]),
        (lambda x: 2 * x.T.reshape(x.shape), "reshaped", ["a reshape has mixed up its axes"]),
        (lambda x: 2 * x + 1e-3, "value", ["The first is at (0, 0)"]),
        (
            lambda x: 2 * x if len(x) == 9 else 3 * x + (x.shape == (2, 4)),
            "value",
            ["The first is at"],
        ),
    ],
)
def test_mistakes_are_named_where_their_numbers_are_the_learners_in_every_draw(
    function, diagnosis, messages
):
    error = failure(function, reference=DOUBLED)
    assert error.diagnosis == diagnosis
    assert all(message in text_of(error) for message in messages)


def test_two_explanations_that_no_draw_tells_apart_are_both_given():
    def either(choose, x):
        return choose("a", 2 * x, ("left", lambda: x, "Left."), ("right", lambda: x, "Right."))

    reference = Reference(either, DOUBLED.draw, {"the double": "batch, units"})
    error = failure(lambda x: x, reference=reference)
    assert error.diagnosis == "left or right"
    assert "which this check cannot tell apart" in text_of(error)
    assert "Either: Left." in text_of(error) and "Or: Right." in text_of(error)


def test_an_earlier_function_that_does_not_pass_is_named_as_the_cause():
    def quadrupled(choose, x):
        return 4 * x

    names = {}
    exec("def doubled(x): return 3 * x\ndef quadrupled(x): return 2 * doubled(x)", names)
    reference = Reference(quadrupled, DOUBLED.draw, {"it": "batch, units"}, uses=("doubled",))
    assert failure(names["quadrupled"], expected=4 * X, reference=reference).diagnosis == "value"
    assert failure(names["doubled"], reference=DOUBLED).diagnosis == "tripled"
    with pytest.raises(CheckFailed) as caught:
        check(names["quadrupled"], (X,), 4 * X, reference)
    assert caught.value.diagnosis == "earlier function"
    assert "Mend doubled first" in text_of(caught.value)
    exec("def doubled(x): return 2 * x", names)  # defined again, and not checked since
    check(names["quadrupled"], (X,), 4 * X, reference)


@pytest.mark.parametrize(
    ("body", "diagnosis", "own"),
    [
        ("x *= 2\n return x", "arguments changed", 2 * X),
        ("warnings.warn('overflow')\n return 2 * x", "warning", 2 * X),
    ],
)
def test_an_earlier_function_is_named_where_its_caller_gives_the_right_result(body, diagnosis, own):
    names = {"warnings": warnings}
    exec(f"def doubled(x):\n {body}\ndef quadrupled(x): return 2 * doubled(x)", names)
    reference = Reference(
        lambda choose, x: 4 * x, DOUBLED.draw, {"it": "batch, units"}, uses=("doubled",)
    )
    error = failure(names["quadrupled"], expected=4 * X, reference=reference, warnings_fail=True)
    assert error.diagnosis == diagnosis
    error = failure(names["doubled"], expected=own, reference=DOUBLED, warnings_fail=True)
    assert error.diagnosis == diagnosis
    with pytest.raises(CheckFailed) as caught:
        check(names["quadrupled"], (X,), 4 * X, reference, warnings_fail=True)
    assert caught.value.diagnosis == "earlier function"
    assert "Mend doubled first" in text_of(caught.value)


def test_an_earlier_function_is_named_also_where_calls_cannot_be_watched():
    text = "def doubled(x): return 3 * x\n\ndef quadrupled(x):\n    return 2 * doubled(x)\n"
    names, file = {}, "<a cell of another process>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), names)
    reference = Reference(
        lambda choose, x: 4 * x, DOUBLED.draw, {"it": "batch, units"}, uses=("doubled",)
    )
    assert failure(names["doubled"], reference=DOUBLED).diagnosis == "tripled"
    sys.setprofile(lambda *event: None)  # somebody else watches already
    try:
        with pytest.raises(CheckFailed) as caught:
            check(names["quadrupled"], (X,), 4 * X, reference)
    finally:
        sys.setprofile(None)
    assert caught.value.diagnosis == "earlier function"


@pytest.mark.parametrize(
    "text",
    ["def f(x):\n    return (", f"def f(x): return {'-' * 50_000}1", "def f(x): return '\ud800'"],
    ids=["not closed", "nested too deeply", "half a character"],
)
def test_a_text_that_is_no_python_names_no_function(text):
    names, file = {}, "<a text that is made up>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile("def f(x): return g(x)", file, "exec"), names)
    assert calls_in_text(names["f"]) == set()


def test_mistakes_are_not_computed_for_a_right_result():
    def never(choose, x):
        raise AssertionError("computed")

    check(double, (X,), 2 * X, Reference(never, DOUBLED.draw, {"it": ""}))


def test_tuples_and_dicts_are_compared_part_by_part():
    check(lambda x: [x, {"a": x}], (X,), (X, {"a": X}))
    assert "In the result[1]['a'], 6 of 6" in text_of(
        failure(lambda x: (x, {"a": x + 1}), expected=(X, {"a": X}))
    )
    assert failure(lambda x: x, expected=(X, X)).diagnosis == "type"
    assert failure(lambda x: {"b": x}, expected={"a": X}).diagnosis == "type"


def test_parts_have_names_and_those_that_agree_are_listed():
    def both(choose, x):
        return x, 2 * x, 3 * x

    names = {"dx": "batch, units", "dh": "batch, units", "dc": "batch, units"}
    reference = Reference(both, DOUBLED.draw, names)
    error = failure(lambda x: (x, x + 7, 3 * x), expected=(X, 2 * X, 3 * X), reference=reference)
    assert "In dh, 6 of 6 numbers differ" in text_of(error)
    assert text_of(error).endswith("These agree: dx, dc.")
    error = failure(lambda x: (2 * x, x, 3 * x), expected=(X, 2 * X, 3 * X), reference=reference)
    assert error.diagnosis == "dx and dh swapped"
    error = failure(lambda x: (x, 2 * x), expected=(X, 2 * X, 3 * X), reference=reference)
    assert error.diagnosis == "dc not returned"


def listed(choose, x):
    return [x, 2 * x, 3 * x]


LISTED = Reference(listed, DOUBLED.draw, {"the weights": ""})


@pytest.mark.parametrize(
    ("function", "diagnosis", "text"),
    [
        (lambda x: [x, x + 7, 3 * x], "value", "In the weights[1], 6 of 6 numbers differ"),
        (lambda x: [x + 7, x, x], "value", "In the weights[0], 6 of 6 numbers differ"),
        (
            lambda x: [[x, x], 2 * x, 3 * x],
            "type",
            "the weights[0] should be a NumPy array, but is list of 2 (array (2, 3), array (2, 3))."
            " These agree: the weights[1], the weights[2].",
        ),
        (
            lambda x: [x, 3 * x],
            "type",
            "the weights should hold 3 parts, as a tuple or a list, but is list of 2",
        ),
    ],
)
def test_the_name_of_a_list_is_not_that_of_its_first_array(function, diagnosis, text):
    error = failure(function, expected=listed(None, X), reference=LISTED)
    assert error.diagnosis == diagnosis
    assert text in text_of(error)


def test_what_agrees_is_listed_once_with_what_agrees_in_a_list_inside():
    def loss_and_gradients(choose, x):
        return [x.sum(), [x, 2 * x, 3 * x]]

    names = {"the loss": "", "the gradients": ""}
    reference = Reference(loss_and_gradients, DOUBLED.draw, names)
    error = failure(
        lambda x: (x.sum(), [x, x + 7, 3 * x]),
        expected=loss_and_gradients(None, X),
        reference=reference,
    )
    assert "In the gradients[1], 6 of 6 numbers differ" in text_of(error)
    agreeing = "These agree: the loss, the gradients[0], the gradients[2]."
    assert text_of(error).endswith(agreeing)
    assert text_of(error).count("These agree") == 1


def test_a_zero_has_no_sign_in_a_message():
    zeros = lambda x: np.where(x == 2, -0.0, x + 0.0)  # noqa: E731
    assert "yours 0, expected 9." in text_of(failure(zeros, expected=np.where(X == 2, 9, X)))
    assert "yours 2, expected 0." in text_of(failure(lambda x: 1 * x, expected=zeros(X)))
    assert "The value 0 of the result" in text_of(failure(lambda x: -0.0, expected=5.0))


def containing_itself(x):
    parts = [x + 7]
    parts.append(parts)
    return parts


def dict_containing_itself(x):
    cache = {"x": x}
    cache["x"] = cache
    return cache


def wrapped_anew(x):
    for _ in range(2000):
        x = [x, 1]
    return x


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (containing_itself, (X, X)),
        (containing_itself, X),
        (dict_containing_itself, {"x": X}),
        (wrapped_anew, (X, 1)),
    ],
)
def test_a_list_without_end_is_named(function, expected):
    for reference in (None, DOUBLED):
        error = failure(function, expected=expected, reference=reference)
        assert error.diagnosis == "type"
        assert "that contains itself, or has more than 20 levels of lists" in text_of(error)


def test_a_single_number_is_not_given_away():
    assert "806" not in str(failure(lambda x: 718, expected=806))
    assert "The value 718 of the result" in text_of(failure(lambda x: 718, expected=806))
    assert "should be a number, but is a str." in text_of(failure(lambda x: "8", expected=8.0))


def test_arguments_have_names_and_those_inside_a_dict_are_described():
    def last(choose, cache, units):
        return cache["c"]

    reference = Reference(last, DOUBLED.draw, {"it": ""})
    error = failure(lambda cache, units: cache["h"], ({"c": X}, 5), X, reference)
    assert "KeyError: 'h'" in text_of(error)
    assert "last was given: cache dict ('c': array (2, 3)), units 5." in text_of(error)


def test_an_argument_inside_a_list_counts_as_changed():
    def changing_inside(arrays):
        arrays[0] += 1
        return arrays[0] - 1

    error = failure(changing_inside, ([X],), X)
    assert error.diagnosis == "arguments changed"
    assert "a += b does not" in text_of(error)


def test_a_list_that_gets_other_values_is_told_from_an_array_that_changes():
    def replacing(arrays):
        arrays[0] = 2 * arrays[0]
        return arrays[0]

    error = failure(replacing, ([X],), 2 * X)
    assert error.diagnosis == "arguments changed"
    assert "put the new values into a list of your own" in text_of(error)


def last_taken(caches, cache):
    return caches.pop()["h"] - 2


def one_collected(caches, cache):
    caches.append(cache)
    return cache["h"] * 1


def turned_round(caches, cache):
    caches.reverse()
    return cache["h"] * 1


def another_entry(caches, cache):
    caches[1] = {"h": 2 * X}
    return cache["h"] * 1


def one_key_more(caches, cache):
    cache["d_z"] = 2 * X
    return cache["h"] * 1


def one_key_less(caches, cache):
    return cache.pop("h")


def another_value(caches, cache):
    result = cache["h"]
    cache["h"] = 3 * X
    return result


def another_order(caches, cache):
    cache["h"] = cache.pop("h")
    return cache["h"] * 1


def numbers_in_a_list(caches, cache):
    caches[1]["h"] += 1
    return cache["h"] * 1


def numbers_in_a_dict(caches, cache):
    cache["h"] *= 2
    return cache["h"] / 2


def key_in_a_list(caches, cache):
    del caches[0]["c"]
    return cache["h"] * 1


@pytest.mark.parametrize(
    ("function", "texts"),
    [
        (last_taken, ["caches is a list of 2 and holds only 1 now", "pop and del take it away"]),
        (one_collected, ["caches was a list of 2 and is one of 3 now", "new = [] makes one"]),
        (turned_round, ["caches is a list that holds other entries now", "caches[0] = ..."]),
        (another_entry, ["caches is a list that holds other entries now", "a list of your own"]),
        (one_key_more, ["In the dict cache, the key 'd_z' is new", "cache['d_z'] = ... changes"]),
        (one_key_less, ["The key 'h' is missing from the dict cache now", "pop and del take it"]),
        (another_value, ["In the dict cache, the key 'h' has another value", "new = {} makes one"]),
        (another_order, ["The keys of the dict cache have another order now"]),
        (numbers_in_a_list, ["The numbers of caches[1]['h'] have changed", "a += b does not"]),
        (numbers_in_a_dict, ["The numbers of cache['h'] have changed", "a += b does not"]),
        (key_in_a_list, ["The key 'c' is missing from the dict caches[0] now"]),
    ],
)
def test_the_argument_that_has_changed_is_named_with_what_leaves_it_alone(function, texts):
    def read(choose, caches, cache):
        return cache["h"]

    reference = Reference(read, DOUBLED.draw, {"it": ""})
    first, second, cache = ({"h": X + number, "c": X - 9} for number in (1, 2, 0))
    error = failure(function, ([first, second], cache), X, reference)
    assert error.diagnosis == "arguments changed"
    assert "returns the right result but changes its arguments in place" in text_of(error)
    assert [text for text in texts if text not in text_of(error)] == []


def scaled(choose, x, factor=2, offset=0, flag=None):
    """A reference with defaults; the last stands for one that is left out."""
    return factor * x + offset


SCALED = Reference(
    scaled, lambda rng: (*DOUBLED.draw(rng), 3, 1)[: 1 + rng.number % 3], {"it": "batch, units"}
)


def raising_by_default(x, factor=None, offset=0):
    return factor * x + offset


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (lambda x, factor=5, offset=0: factor * x + offset, "default of factor"),
        (lambda x, factor=2, offset=1: factor * x + offset, "default of offset"),
        (
            lambda x, factor=5, offset=1: factor * x + offset,
            "default of factor + default of offset",
        ),
        (raising_by_default, "default of factor"),
        (lambda x, factor, offset: factor * x + offset, "signature"),
        (lambda x, factor=2, offset=0: 7 * factor * x, "value"),
        (lambda x, other=5: other * x, "value"),
    ],
)
def test_a_default_that_is_not_that_of_the_original_cell_is_named(function, diagnosis):
    error = failure(function, reference=SCALED)
    assert error.diagnosis == diagnosis
    assert ("Copy that line" in text_of(error)) == (diagnosis != "value")


@pytest.mark.parametrize("limit", ["clipnorm", "global_clipnorm"])
def test_a_limit_by_default_is_named_where_none_is_handed_over(limit):
    original = {"clipnorm": None, "global_clipnorm": None}

    def clipping(arrays, *limits):
        chosen = original | {limit: 1.0} | dict(zip(original, limits))
        own, together = (np.inf if each is None else each for each in chosen.values())
        norms = [np.linalg.norm(each) for each in arrays]
        shared = min(1, together / max(np.linalg.norm(norms), 1e-9))
        return [each * min(shared, own / max(norm, 1e-9)) for each, norm in zip(arrays, norms)]

    gradients = [np.float32([3, 4]), np.float32([12])]
    error = failure(clipping, (gradients,), gradients, CLIP_GRADIENTS)
    assert error.diagnosis == f"{limit} of 1 by default"


def test_truths_are_asked_for_where_truths_are_expected():
    truths = X > 2
    check(lambda x: x > 2, (X,), truths)
    error = failure(lambda x: (x > 2).astype("float32"), expected=truths)
    assert error.diagnosis == "type"
    assert "should hold True and False, not the dtype float32" in text_of(error)


def test_a_loop_over_the_batch_is_seen_in_what_it_walks_over():
    x = np.ones((4, 6, 3), "float32")

    def walked(choose, x, h):
        return h

    def walking(x, h):
        for x_t in x:
            h = x_t @ np.ones((3, 8)) + h
        return h

    reference = Reference(walked, lambda rng: (1, 2), {"it": "batch, units"})
    error = failure(walking, (x, np.ones((4, 8), "float32")), np.ones((4, 8)), reference)
    assert error.diagnosis == "loop over the batch"
    assert "x_t has the shape (6, 3): it is one sample" in text_of(error)


def test_a_library_that_a_function_does_not_name_is_no_use_of_it():
    names = {"scipy": scipy, "expit": expit, "np": np, "special": scipy.special}
    exec("def doubled(x): return np.add(x.special, x) + np.tanh(0 * len(str(x)))", names)
    assert libraries_named(names["doubled"]) == set()
    exec("def doubled(x): return special.expit(x)", names)
    assert libraries_named(names["doubled"]) == {"scipy"}


def test_what_a_module_beside_the_notebook_takes_from_a_library_is_seen():
    helpers = ModuleType("helpers")
    exec("from scipy.special import expit\ndef double(x): return 2 * x", vars(helpers))
    names = {"helpers": helpers}
    exec("def doubled(x): return helpers.double(x)", names)
    assert libraries_named(names["doubled"]) == set()
    exec("def doubled(x): return helpers.expit(x)", names)
    assert libraries_named(names["doubled"]) == {"scipy"}


def test_what_a_check_refuses_is_withheld_where_the_notebook_is_graded():
    text = (COURSE / "nbgrader_config.py").read_text("utf-8")
    (ready_made,) = re.findall(r"^READY_MADE = (\(.*\))$", text, re.MULTILINE)
    assert set(LIBRARIES) <= set(ast.literal_eval(ready_made))


@pytest.mark.parametrize(
    "function", [np.tanh, np.frompyfunc(double, 1, 1), len, Doubling(), [].pop]
)
def test_numpy_and_python_are_no_library_that_is_refused(function):
    assert libraries_named(function) == set()


def test_a_check_runs_under_a_profiler():
    with cProfile.Profile():
        check(double, (X,), 2 * X, DOUBLED)


def test_a_result_that_changes_from_call_to_call_is_named():
    random = np.random.default_rng(0)
    error = failure(lambda x: 2 * x + random.normal(), reference=DOUBLED)
    assert error.diagnosis == "another result each time"
    assert "or return memory that was never filled, such as np.empty hands out?" in text_of(error)


def transposed(choose, x, kernel):
    """A reference whose mistakes show in shapes that do not fit."""
    product = choose("product", (x, kernel), ("transposed", lambda: (x, kernel.T), "Transposed."))
    return product[0] @ product[1]


TRANSPOSED = Reference(
    transposed,
    lambda rng: tuple(normal(rng, *(lambda a, b, c: ((a, b), (b, c)))(*sizes(rng, 3)))),
    {"the product": "batch, units"},
)


@pytest.mark.parametrize(
    ("function", "diagnosis", "text"),
    [
        (lambda x, kernel: x @ kernel.T, "transposed", "Transposed. As a result: transposed"),
        (
            lambda x, kernel: np.stack([x @ kernel[:, n] for n in range(x.shape[1])], axis=1),
            "length of another axis",
            "Where all axes have one length, your result is right.",
        ),
        (lambda x, kernel: x @ x, "raised", "raised ValueError"),
    ],
)
def test_shapes_that_do_not_fit_are_explained_where_all_axes_have_one_length(
    function, diagnosis, text
):
    x, kernel = normal(np.random.default_rng(0), (3, 5), (5, 8))
    error = failure(function, (x, kernel), x @ kernel, TRANSPOSED)
    assert error.diagnosis == diagnosis
    assert text in text_of(error)


def test_what_is_wrong_for_an_axis_of_length_1_alone_says_so():
    x, kernel = normal(np.random.default_rng(0), (3, 5), (5, 1))

    def squeezed(x, kernel):
        return x @ kernel + 0 * np.squeeze(x @ kernel)

    error = failure(squeezed, (x, kernel), x @ kernel, TRANSPOSED)
    assert error.diagnosis == "axis of length 1"
    assert "Where no axis has the length 1, your result is right." in text_of(error)


@pytest.mark.parametrize(
    ("raised", "diagnosis"),
    [
        (lambda x: x[:, x.shape[1]], "index past the end"),
        (lambda x: x[:, 7], "index beyond the axis"),
        (lambda x: x[0, 0, 0], "too many indices"),
        (lambda x: x or 2, "truth of an array"),
        (lambda x: np.stack([]), "nothing collected"),
        (lambda x: np.stack([x, x[0]]), "shapes differ in a list"),
        (lambda x: np.array([x, x[0]]), "shapes differ in a list"),
        (lambda x: x.astype(int).__iadd__(0.5), "whole numbers"),
        (lambda x: x[x], "array as an index"),
        (lambda x: range(x.shape), "not a number that can be counted"),
        (lambda x: unknown, "a name that is not defined"),  # noqa: F821
        (lambda x: double(), "number of arguments"),
        (lambda: 2, "signature"),
        (lambda x: x(2), "not something to call"),
        (lambda x: [t for t in x.shape[0]], "loop over a number"),
        (lambda x: x[0].shape[1], "an axis that is not there"),
        (lambda x: x[0].sum(axis=1), "an axis that is not there"),
        (lambda x: np.tanh(double), "function not called"),
        (lambda x: double * x, "function not called"),
        (lambda x: [x].shape, "a list or tuple as an array"),
        (lambda x: {}["h"], "a key that the dict has not"),
        (lambda x: np.broadcast_to(x, (2, 3)).__setitem__(0, 1), "read-only"),
    ],
)
def test_exceptions_of_numpy_and_python_are_explained(raised, diagnosis):
    error = failure(raised)
    assert error.diagnosis == diagnosis
    assert str(error).startswith(("<lambda> raised", "<lambda> does not take the arguments"))


@pytest.mark.parametrize("product", [np.matmul, np.dot])
def test_a_matrix_product_of_lengths_that_differ_is_explained(product):
    error = failure(lambda x: product(np.ones((2, 3)), np.ones((2, 3))))
    assert error.diagnosis == "raised"
    assert "which arrays meet, and in which order?" in text_of(error)


def test_nothing_reaches_stderr_and_warnings_fail_only_where_asked(capfd):
    check(warning, (X,), 2 * X)
    assert failure(warning, warnings_fail=True).diagnosis == "warning"
    assert capfd.readouterr().err == ""


def test_jupyter_shows_the_message_without_frames():
    error = failure(not_started)
    assert error._render_traceback_() == ["CheckFailed: not_started: not started yet."]


def test_a_message_may_have_empty_lines():
    assert str(CheckFailed("raised", "one\n\n  two")) == "one\n\n  two"


def test_a_test_that_asks_for_an_undefined_name_says_so():
    with pytest.raises(CheckFailed) as caught:

        @checking("never printed")
        def test():
            check(undefined_function, (X,), X)  # noqa: F821

    assert caught.value.diagnosis == "not defined"
    assert "undefined_function is not defined. Run the cell" in text_of(caught.value)


def test_a_test_that_passes_says_so(capsys):
    @checking("double agrees.")
    def test():
        check(double, (X,), 2 * X)

    assert capsys.readouterr().out == "double agrees.\n"


def test_draws_repeat_and_differ():
    first, again = ([rng.normal() for rng in draws(3, seed=5)] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3
    assert first != [rng.normal() for rng in draws(3, seed=6)]


def stacked_kernel(units=3):
    """A recurrent kernel whose numbers all differ, and whose blocks are squares."""
    return np.arange(4.0 * units * units).reshape(units, 4 * units)


def test_a_block_of_a_stacked_array_is_a_view():
    kernel = stacked_kernel()
    blocks.own_block("forget", kernel)[...] = 0
    assert not kernel[:, 3:6].any()
    assert np.count_nonzero(kernel == 0) == 10  # the block, and the very first number


def test_one_block_alone_leaves_the_original():
    kernel = stacked_kernel()
    alone = blocks.alone("candidate", kernel)
    np.testing.assert_array_equal(alone[:, 6:9], kernel[:, 6:9])
    assert not alone[:, :6].any() and not alone[:, 9:].any()
    np.testing.assert_array_equal(kernel, stacked_kernel())


def test_blocks_are_put_in_another_order_and_named():
    bias = np.array([1, 1, 2, 2, 3, 3, 4, 4])
    assert blocks.reorder(bias, (1, 0, 2, 3)).tolist() == [2, 2, 1, 1, 3, 3, 4, 4]
    assert blocks.letters((1, 0, 2, 3)) == "f, i, c, o"


def test_every_fourth_column_and_back():
    bias = np.array([1, 2, 3, 4, 5, 6, 7, 8])
    assert blocks.interleave(bias).tolist() == [1, 5, 2, 6, 3, 7, 4, 8]
    assert blocks.alternate(bias).tolist() == [1, 3, 5, 7, 2, 4, 6, 8]
    kernel = stacked_kernel()
    np.testing.assert_array_equal(blocks.alternate(blocks.interleave(kernel)), kernel)


def test_each_block_of_a_recurrent_kernel_is_transposed_by_itself():
    kernel = stacked_kernel()
    turned = blocks.transpose(kernel)
    for k in range(4):
        np.testing.assert_array_equal(turned[:, 3 * k : 3 * k + 3], kernel[:, 3 * k : 3 * k + 3].T)
    np.testing.assert_array_equal(blocks.transpose(kernel[:, :3], 1), kernel[:, :3].T)


def test_blocks_side_by_side_are_what_split_takes_apart():
    kernel = stacked_kernel()
    np.testing.assert_array_equal(blocks.side_by_side(blocks.split(kernel)), kernel)
