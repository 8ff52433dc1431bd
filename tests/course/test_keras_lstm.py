"""What the checks read off Keras' LSTM agrees with the equations."""

import numpy as np
import pytest

from course.checks import draws
from course.checks.inputs import lstm_inputs
from course.checks.keras_lstm import read_gate, run_gates, run_lstm

pytestmark = pytest.mark.slow


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
