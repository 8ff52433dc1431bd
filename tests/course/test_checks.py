"""The engine of the checks: outcomes kept apart, messages for learners, references off Keras."""

import warnings

import numpy as np
import pytest

from course.checks import CheckFailed, Mistake, blocks, check, draws
from course.checks.keras_lstm import lstm_inputs, read_gate, run_gates, run_lstm

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype="float32")


def double(x):
    return 2 * x


def failure(function, arguments=(X,), expected=2 * X, mistakes=(), **options):
    with pytest.raises(CheckFailed) as caught:
        check(function, arguments, expected, mistakes, **options)
    return caught.value


def not_started(x):
    raise NotImplementedError


def calls_not_started(x):
    return not_started(x)


def without_return(x):
    2 * x


def raising(x):
    return x @ x


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


@pytest.mark.parametrize(
    ("function", "diagnosis", "text"),
    [
        (not_started, "not started", "not_started: not started yet."),
        (calls_not_started, "not started", "calls not_started, which is not started yet"),
        (without_return, "no return", "returned None"),
        (raising, "raised", "The arguments were: array (2, 3)."),
        (interrupted, "interrupted", "Does a loop never end?"),
        (changing, "arguments changed", "changes its arguments in place"),
        (lambda x: "2x", "type", "should be a NumPy array, but is str"),
        (lambda x: double(x).astype(object), "dtype", "dtype object"),
        (lambda x: double(x).astype("float16"), "dtype", "dtype float16"),
        (lambda x: double(x).astype("complex64"), "dtype", "complex, expected real numbers"),
        (inside_numpy, "raised", "in inside_numpy, line"),
        (lambda x: double(x).T, "shape", "has shape (3, 2), expected (2, 3)"),
        (lambda x: np.where(x == 5, np.nan, 2 * x), "nan", "NaN (not a number), at (1, 1)"),
        (lambda x: 2 * x + (x == 4), "value", "First at (1, 0): yours 9, expected 8."),
    ],
)
def test_each_outcome_has_its_own_message(function, diagnosis, text):
    error = failure(function)
    assert error.diagnosis == diagnosis
    assert text in " ".join(str(error).split())


def test_right_results_of_any_float_pass():
    check(double, (X,), 2 * X)
    check(lambda x: 2 * x.astype("float64"), (X,), 2 * X)


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


def test_a_mistake_is_named_only_where_its_numbers_are_the_learners():
    mistakes = [
        Mistake("tripled", lambda: 3 * X, "this is three times x."),
        Mistake("squared", lambda: X**2, "these are the squares."),
    ]
    assert failure(lambda x: x**2, mistakes=mistakes).diagnosis == "squared"
    assert failure(lambda x: x**2 + 1e-3, mistakes=mistakes).diagnosis == "value"


def test_mistakes_are_not_computed_for_a_right_result():
    def never():
        raise AssertionError("computed")

    check(double, (X,), 2 * X, [Mistake("never", never, "")])


def test_tuples_and_dicts_are_compared_part_by_part():
    check(lambda x: [x, {"a": x}], (X,), (X, {"a": X}))
    assert "the result[1]['a'] differs" in str(
        failure(lambda x: (x, {"a": x + 1}), expected=(X, {"a": X}))
    )
    assert failure(lambda x: x, expected=(X, X)).diagnosis == "type"
    assert failure(lambda x: {"b": x}, expected={"a": X}).diagnosis == "type"


def test_a_single_number_has_messages_of_its_own():
    assert str(failure(lambda x: 718, expected=806)).endswith("the result is 718, expected 806.")
    assert str(failure(lambda x: "8", expected=8.0)).endswith("should be a number, but is str.")


def test_arguments_inside_a_dict_are_described():
    text = str(failure(lambda cache: cache["h"], ({"c": X},), X))
    assert "KeyError: 'h'" in text
    assert "dict ('c': array (2, 3))" in text


def test_an_argument_inside_a_list_counts_as_changed():
    def changing_inside(arrays):
        arrays[0] += 1
        return arrays[0] - 1

    assert failure(changing_inside, ([X],), X).diagnosis == "arguments changed"


def test_nothing_reaches_stderr_and_warnings_fail_only_where_asked(capfd):
    check(warning, (X,), 2 * X)
    assert failure(warning, warnings_fail=True).diagnosis == "warning"
    assert capfd.readouterr().err == ""


def test_jupyter_shows_the_message_without_frames():
    error = failure(not_started)
    assert error._render_traceback_() == ["CheckFailed: not_started: not started yet."]


def test_draws_repeat_and_differ():
    first, again = ([rng.normal() for rng in draws(3, seed=5)] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3
    assert first != [rng.normal() for rng in draws(3, seed=6)]


def reference_gates(inputs):
    """Gates of one step in float64, by the equations of Hochreiter and Schmidhuber, and Gers."""
    x, h, _, *weights = (array.astype("float64") for array in inputs)
    z = np.split(x @ weights[0] + h @ weights[1] + weights[2], 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-z[k])) for k in (0, 1, 3))
    return {"input": i, "forget": f, "candidate": np.tanh(z[2]), "output": o}


@pytest.mark.parametrize("gate", ["input", "forget", "candidate", "output"])
def test_a_gate_read_off_keras_is_the_equation(gate):
    for rng in draws(20, seed=1):
        inputs = lstm_inputs(rng, batch=3, features=4, units=5)
        x, h, _, *weights = inputs
        read = read_gate(gate, x, h, *weights)
        np.testing.assert_allclose(read, reference_gates(inputs)[gate], rtol=0, atol=1e-6)


def test_gates_given_to_keras_combine_as_in_a_full_step():
    for rng in draws(20, seed=2):
        inputs = lstm_inputs(rng, batch=3, features=4, units=5)
        gates = reference_gates(inputs)
        _, h, c = run_lstm(*inputs)
        h_new, c_new = run_gates(
            gates["forget"], gates["input"], gates["candidate"], gates["output"], inputs.c
        )
        np.testing.assert_allclose(c_new, c, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(h_new, h, rtol=1e-5, atol=1e-5)


def stacked_kernel(units=3):
    """A recurrent kernel whose numbers all differ, and whose blocks are squares."""
    return np.arange(4.0 * units * units).reshape(units, 4 * units)


def test_a_block_of_a_stacked_array_is_a_view():
    kernel = stacked_kernel()
    blocks.own_block("forget", kernel)[...] = 0
    assert not kernel[:, 3:6].any()
    assert np.count_nonzero(kernel == 0) == 10  # the block, and the very first number


def test_one_block_alone_and_one_moved_leave_the_original():
    kernel = stacked_kernel()
    alone = blocks.alone("candidate", kernel)
    moved = blocks.move(kernel, source="candidate", target="input")
    np.testing.assert_array_equal(alone[:, 6:9], kernel[:, 6:9])
    assert not alone[:, :6].any() and not alone[:, 9:].any()
    np.testing.assert_array_equal(moved[:, :3], kernel[:, 6:9])
    np.testing.assert_array_equal(moved[:, 3:], kernel[:, 3:])
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
