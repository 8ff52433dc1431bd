"""One unit of a Keras LSTM and of a SimpleRNN in float64: states, gates, derivatives."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

OPEN = 40.0  # a bias with which a sigmoid or tanh is 1 in float64, but for 1e-17
ALONE = {
    "i": ({2: OPEN}, 0),
    "f": ({2: 0}, 1),
    "g": ({0: OPEN}, 0),
    "o": ({0: OPEN, 1: OPEN, 2: OPEN}, 30),
}
"""For each block: the biases of the blocks to freeze, in Keras' order, and the old cell state with
which the new state is this block alone: h for the output gate, c for the others."""


def lstm_cell(kernel, recurrent, bias):
    """A Keras cell of one unit on one feature, with four weights of each kind."""
    cell = keras.layers.LSTMCell(1, dtype="float64")
    cell.build((None, 1))
    cell.set_weights([np.array([kernel]), np.array([recurrent]), np.array(bias)])
    return cell


def column(value):
    return tf.constant([[value]], "float64")


def number(tensor):
    return tensor.numpy().item()


def lstm_run(unit, inputs, through_h=True):
    """Run a unit from zeros: its h and c, and the derivative of the last h for each input.

    through_h: whether derivatives also take the paths on which h moves the next step's gates.
    """
    cell = lstm_cell(**unit)
    xs = [column(x) for x in inputs]
    h = c = column(0.0)
    states = []
    with tf.GradientTape() as tape:
        tape.watch(xs)
        for x in xs:
            _, (h, c) = cell(x, [h if through_h else tf.stop_gradient(h), c])
            states.append((number(h), number(c)))
    gradients = [number(each) for each in tape.gradient(h, xs)]
    return {"h": [h for h, _ in states], "c": [c for _, c in states], "gradients": gradients}


def lstm_gates(unit, inputs):
    """Read every gate and the candidate off the unit, at every step of a run."""
    x = np.array(inputs)[:, None]  # the steps are the batch
    h = np.array([0.0, *lstm_run(unit, inputs)["h"][:-1]])[:, None]
    gates = {}
    for name, (frozen, start) in ALONE.items():
        weights = [list(unit[part]) for part in ("kernel", "recurrent", "bias")]
        for block, value in frozen.items():
            for part, content in zip(weights, (0.0, 0.0, value)):
                part[block] = content
        _, states = lstm_cell(*weights)(x, [h, np.full_like(h, start)])
        gates[name] = states[0 if name == "o" else 1].numpy()[:, 0].tolist()
    return gates


def rnn_run(u, inputs):
    """Run h = tanh(x + u h) from 0: every h, its derivative for the last h, and for the first."""
    cell = keras.layers.SimpleRNNCell(1, dtype="float64")
    cell.build((None, 1))
    cell.set_weights([np.ones((1, 1)), np.array([[u]]), np.zeros(1)])
    h = first = column(0.0)
    states, factors = [], []
    with tf.GradientTape(persistent=True) as whole:
        whole.watch(first)
        for x in inputs:
            with tf.GradientTape() as step:
                step.watch(h)
                after, _ = cell(column(x), [h])
            factors.append(number(step.gradient(after, h)))
            h = after
            states.append(h)
    return {
        "h": [number(h) for h in states],
        "factor": factors,
        "product": {k: number(whole.gradient(states[k], first)) for k in (0, 9, len(inputs) - 1)},
    }
