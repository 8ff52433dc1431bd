"""Read the cross-entropy of a masked network off Keras, with its gradients.

The network is an LSTM and a dense layer on its last hidden state; its weights are the list of five
arrays of `speech_network`.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from .loading import keras, tf
from .speech import padded

Arrays = Sequence[np.ndarray]


def loss_of_logits(logits: np.ndarray, y: np.ndarray) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the cross-entropy of logits (batch, classes), and its gradient with respect to them.

    y: (batch,), the right classes.
    """
    given = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, given)
    return loss, tape.gradient(loss, given)


def loss_and_gradients(
    weights: Arrays, x: np.ndarray, mask: np.ndarray, y: np.ndarray
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Return the cross-entropy of a network, and its gradient for each array of weights.

    x: (batch, time, features). mask: (batch, time). y: (batch,), the right classes.
    """
    lstm, dense = _layers(weights)
    with tf.GradientTape() as tape:
        logits = dense(lstm(x, mask=mask))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, logits)
    return loss, tape.gradient(loss, [*lstm.trainable_variables, *dense.trainable_variables])


def share_right(weights: Arrays, rows: Arrays, y: np.ndarray) -> float:
    """Return the share of rows (length, features) whose largest logit is that of the class y."""
    lstm, dense = _layers(weights)
    x, mask = padded(rows)
    named = np.argmax(dense(lstm(x, mask=mask)), axis=1)
    return float(np.mean(named == y))


def _layers(weights: Arrays) -> tuple[keras.layers.LSTM, keras.layers.Dense]:
    """Give these weights to an LSTM and a dense layer; the next call gives others."""
    lstm, dense = _built(len(weights[0]), *weights[3].shape)
    lstm.set_weights(weights[:3])
    dense.set_weights(weights[3:])
    return lstm, dense


@cache
def _built(features: int, units: int, classes: int) -> tuple[keras.layers.LSTM, keras.layers.Dense]:
    """Build the layers once per size: building costs more than running."""
    lstm, dense = keras.layers.LSTM(units, unroll=True), keras.layers.Dense(classes)
    dense(lstm(np.zeros((1, 1, features), "float32")))
    return lstm, dense
