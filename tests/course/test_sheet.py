"""The sheet of equations: its counts, its orders and its equations are those of Keras."""

import os
import re

import numpy as np
import pytest

from tests.course.built_book import BOOK

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytestmark = pytest.mark.slow

BATCH, STEPS, FEATURES, UNITS = 2, 3, 4, 6
SHEET = (BOOK / "sheet.md").read_text("utf-8")
LAYERS = {
    "`SimpleRNN`": ("SimpleRNN", {}),
    "`LSTM`": ("LSTM", {}),
    "`GRU`, reset before": ("GRU", {"reset_after": False}),
    "`GRU`, reset after": ("GRU", {"reset_after": True}),
}
X = np.random.default_rng(0).normal(size=(BATCH, STEPS, FEATURES)).astype("float32")


def layer_and_weights(row, **options):
    """A layer of the sheet's table with random weights, and these."""
    import keras

    name, own = LAYERS[row]
    layer = getattr(keras.layers, name)(UNITS, **own, **options)
    layer.build((None, None, FEATURES))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=each.shape) for each in layer.get_weights()])
    return layer, layer.get_weights()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def blocks(row, weights):
    """The blocks of weights, by the letters of the sheet's order: W, U and b for each."""
    letters = re.findall(r"\$(\w)\$", line(row)[1])
    return {each: parts for each, *parts in zip(
        letters, *(np.split(each, len(letters), axis=-1) for each in weights)
    )}  # fmt: skip


def line(row):
    """The cells of a line of the table of Keras' orders, behind the first."""
    cells = next(each for each in SHEET.splitlines() if each.startswith(f"| {row} |"))
    return [cell.strip() for cell in cells.split("|")[2:-1]]


@pytest.mark.parametrize("row", LAYERS)
def test_the_number_of_parameters(row):
    layer, (kernel, *_) = layer_and_weights(row)
    count, order, formula = line(row)
    assert kernel.shape == (FEATURES, int(count) * UNITS)
    assert len(re.findall(r"\$\w\$", order)) in (0, int(count))
    product = re.fullmatch(r"\$(\d?)n\\,\(m \+ n \+ (\d)\)\$", formula)
    factor, last = int(product[1] or 1), int(product[2])
    assert layer.count_params() == factor * UNITS * (FEATURES + UNITS + last)


def test_the_equations_of_a_simple_layer():
    layer, (W, U, b) = layer_and_weights("`SimpleRNN`")
    h = np.zeros((BATCH, UNITS))
    for t in range(STEPS):
        h = np.tanh(X[:, t] @ W + h @ U + b)
    assert np.allclose(layer(X), h, atol=1e-5)


def lstm_step(parts, x, h, c):
    """The six equations. Returns the gates and the candidate by their letters, h and c."""
    z = {name: x @ W + h @ U + b for name, (W, U, b) in parts.items()}
    a = {name: np.tanh(each) if name == "c" else sigmoid(each) for name, each in z.items()}
    c = a["f"] * c + a["i"] * a["c"]
    return a, a["o"] * np.tanh(c), c


def test_the_equations_of_an_lstm_and_their_derivatives():
    import tensorflow as tf

    layer, weights = layer_and_weights("`LSTM`")
    parts = blocks("`LSTM`", weights)
    W, U, _ = weights
    states = [(np.zeros((BATCH, UNITS)), np.zeros((BATCH, UNITS)))]
    gates = []
    for t in range(STEPS):
        a, h, c = lstm_step(parts, X[:, t], *states[-1])
        gates.append(a)
        states.append((h, c))
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = layer(x)
        loss = tf.reduce_sum(output**2) / 2
    assert np.allclose(output, h, atol=1e-5)
    dh, dc, forget_next = h, np.zeros_like(h), 0
    dx, dW, dU, db = np.zeros_like(X), 0, 0, 0
    for t in reversed(range(STEPS)):
        a, (h_old, c_old), c = gates[t], states[t], states[t + 1][1]
        dc = forget_next * dc + dh * a["o"] * (1 - np.tanh(c) ** 2)
        dz = np.hstack([
            dc * a["c"] * a["i"] * (1 - a["i"]),
            dc * c_old * a["f"] * (1 - a["f"]),
            dc * a["i"] * (1 - a["c"] ** 2),
            dh * np.tanh(c) * a["o"] * (1 - a["o"]),
        ])  # fmt: skip
        dx[:, t], dh = dz @ W.T, dz @ U.T
        dW, dU, db = dW + X[:, t].T @ dz, dU + h_old.T @ dz, db + dz.sum(axis=0)
        forget_next = a["f"]
    measured = tape.gradient(loss, [x, *layer.trainable_variables])
    for ours, theirs_by_tape in zip([dx, dW, dU, db], measured, strict=True):
        assert np.allclose(ours, theirs_by_tape, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("row", ["`GRU`, reset before", "`GRU`, reset after"])
def test_the_equations_of_a_gru(row):
    layer, (W, U, b) = layer_and_weights(row)
    b, b_state = b if b.ndim == 2 else (b, np.zeros_like(b))
    parts = blocks(row, [W, U, b, b_state])
    h = np.zeros((BATCH, UNITS))
    for t in range(STEPS):
        x = X[:, t]
        z, r = (
            sigmoid(x @ W + h @ U + b + b_state) for W, U, b, b_state in (parts["z"], parts["r"])
        )
        W_h, U_h, b_h, b_state_h = parts["h"]
        if row.endswith("after"):
            candidate = np.tanh(x @ W_h + b_h + r * (h @ U_h + b_state_h))
        else:
            candidate = np.tanh(x @ W_h + (r * h) @ U_h + b_h)
        h = z * h + (1 - z) * candidate
    assert np.allclose(layer(X), h, atol=1e-5)


def test_the_half_lives():
    rows = {cells[1].strip(): cells[2:-1] for cells in
            (each.split("|") for each in SHEET.splitlines() if each.startswith("|"))}  # fmt: skip
    for bias, gate, life in zip(
        rows["forget bias $b_f$"], rows["forget gate"], rows["half-life in steps"], strict=True
    ):
        f = sigmoid(float(bias))
        assert (f"{f:.3f}", f"{-np.log(2) / np.log(f):.1f}") == (gate.strip(), life.strip())
