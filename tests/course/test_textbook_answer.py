"""The ten sentences that textbook-answer has marked: five hold in Keras, five are refuted there."""

import numpy as np
import pytest

from course.checks.inputs import lstm_inputs
from course.checks.keras_lstm import one_hot, read_gate, run_lstm
from course.checks.loading import keras
from evidence.check_cells import implement, solution

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("textbook-answer")]
RNG = np.random.default_rng(5)
SYMBOLS, UNITS, STEPS = 3, 5, 7
SHAPE = SYMBOLS, UNITS


def learners(function):
    return implement("textbook-answer", function, solution("textbook-answer", function))


def built(function, *arguments):
    """The weights of the LSTM that a function of the solution writes a kernel for."""
    kernel = learners(function)(*arguments)
    return kernel, np.zeros((UNITS, 4 * UNITS)), np.zeros(4 * UNITS)


def step(weights, h, c):
    """h and c after one step, with a symbol of its own for each row."""
    return run_lstm(one_hot(SYMBOLS), h, c, *weights)[1:]


@pytest.fixture
def drawn():
    """A Keras LSTM with random weights: what it gets, its gates, and what it returns."""
    inputs = lstm_inputs(RNG, batch=40, features=4, units=6)
    x, h, _, *weights = inputs
    names = ("input", "forget", "candidate", "output")
    gates = {name: read_gate(name, x, h, *weights) for name in names}
    return inputs, gates, run_lstm(*inputs)[1:]


def test_1_two_arrays_are_handed_on():
    assert len(keras.layers.LSTM(UNITS, return_state=True)(np.zeros((1, 2, 3)))) == 1 + 2


def test_2_is_refuted_two_gates_may_add_up_to_anything():
    input, forget = np.full(SHAPE, 0.95), np.full(SHAPE, 0.9)
    _, c = step(built("kernel_for_gates", input, forget), np.zeros(SHAPE), np.ones(SHAPE))
    assert np.allclose(c, 0.9, atol=1e-6)  # the candidate is 0: what is kept
    kernel, *others = built("kernel_for_gates", input, forget)
    kernel[:, 2 * UNITS : 3 * UNITS] = 30
    _, c = step((kernel, *others), np.zeros(SHAPE), np.ones(SHAPE))
    assert np.allclose(c, 0.9 + 0.95, atol=1e-6)


def test_3_is_refuted_a_cell_holds_something_after_a_shut_forget_gate():
    wanted = RNG.uniform(-0.9, 0.9, SHAPE)
    _, c = step(built("kernel_for_cell", wanted), np.zeros(SHAPE), np.full(SHAPE, 50))
    assert np.allclose(c, wanted, atol=1e-5)


def test_4_a_step_adds_at_most_1(drawn):
    (_, _, c, *_), gates, (_, c_new) = drawn
    assert np.abs(c_new - gates["forget"] * c).max() <= 1


def test_5_the_output_gate_decides_how_much_of_tanh_is_shown(drawn):
    _, gates, (h_new, c_new) = drawn
    assert np.allclose(h_new, gates["output"] * np.tanh(c_new), atol=1e-6)


def test_6_is_refuted_a_unit_that_shows_nothing_holds_something():
    c = np.full(SHAPE, 3.0)
    h_new, c_new = step(built("kernel_for_output", c, np.full(SHAPE, 1e-4)), np.zeros(SHAPE), c)
    assert np.allclose(h_new, 1e-4) and np.array_equal(c_new, c)


def test_7_the_weights_are_the_same_whatever_the_length():
    layer = keras.layers.LSTM(UNITS)
    layer(np.zeros((1, 2, 3)))
    before = layer.get_weights()
    layer(np.zeros((1, 9, 3)))
    assert all(map(np.array_equal, before, layer.get_weights()))


def test_8_is_refuted_a_cell_fills_without_input():
    total = RNG.uniform(-4, 4, UNITS)
    bias = np.repeat([30.0, 30.0, 0.0, 0.0], UNITS)
    bias[2 * UNITS : 3 * UNITS] = learners("bias_for_total")(total, STEPS)
    h = np.zeros((1, UNITS))
    weights = np.zeros((2, 4 * UNITS)), np.zeros((UNITS, 4 * UNITS)), bias
    _, _, c = run_lstm(np.zeros((1, STEPS, 2)), h, h, *weights)
    assert np.allclose(c, total, atol=1e-5)


def test_9_is_refuted_the_gradient_along_the_cell_vanishes():
    """Without a recurrent kernel the cell is linear in its start: a difference is the gradient."""
    weights = built("kernel_for_gradient", np.full(SHAPE, 1e-6), STEPS)
    x, h = np.repeat(one_hot(SYMBOLS), STEPS, axis=1), np.zeros(SHAPE)
    ends = [run_lstm(x, h, np.full(SHAPE, start), *weights)[2] for start in (0, 1)]
    assert np.allclose(ends[1] - ends[0], 1e-6, rtol=1e-3)


def test_10_an_lstm_has_four_times_as_many_weights():
    layers = keras.layers.LSTM(UNITS), keras.layers.SimpleRNN(UNITS)
    for layer in layers:
        layer.build((None, None, 3))
    lstm, simple = (layer.count_params() for layer in layers)
    assert lstm == 4 * simple
