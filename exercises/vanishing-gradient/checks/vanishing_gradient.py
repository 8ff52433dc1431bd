"""The well-known mistakes of the vanishing-gradient assignment, recomputed by Keras and TensorFlow.

Each is what tf.GradientTape, or TensorFlow's own clipping, gives on changed arguments: a transposed
recurrent kernel, the steps in reverse order, another norm. So no formula of a solution stands here.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import tensorflow as tf

from . import Mistake
from .keras_rnn_gradient import chain_gradients, chain_jacobian, read_jacobian_at, slope


def tanh_derivative_mistakes(h: np.ndarray) -> list[Mistake]:
    """List wrong derivatives at the outputs h of tanh, of any shape."""
    right = cache(lambda: slope(tf.tanh, tf.atanh(h)))

    return [
        Mistake(
            "argument of tanh",
            lambda: slope(tf.tanh, h),
            "h is taken for the argument of tanh, and tanh is applied once more. "
            "h is already its output.",
        ),
        Mistake(
            "square missing",
            lambda: slope(lambda t: t - t**2 / 2, h),
            "your slope differs at h and at -h. tanh is equally steep at both.",
        ),
        Mistake(
            "sigmoid",
            lambda: slope(lambda t: t**2 / 2 - t**3 / 3, h),
            "this is how the derivative of a *sigmoid* follows from its output.",
        ),
        Mistake(
            "sign",
            lambda: -right(),
            "the sign is wrong: tanh rises everywhere, so its derivative is never negative.",
        ),
        Mistake(
            "plus",
            lambda: 2 - right(),
            "your slope exceeds 1. tanh is steepest at 0, and its slope there is 1.",
        ),
        Mistake(
            "derivative squared",
            lambda: right() ** 2,
            "the derivative is squared once too often.",
        ),
        Mistake(
            "root",
            lambda: np.sqrt(right()),
            "this is the square root of the derivative.",
        ),
        Mistake(
            "h itself",
            lambda: h,
            "this is h itself, not the derivative.",
        ),
    ]


def step_jacobian_mistakes(h_new: np.ndarray, recurrent_kernel: np.ndarray) -> list[Mistake]:
    """List wrong Jacobians of one step, (batch, units, units) unless they have another shape."""
    units = recurrent_kernel.shape[0]

    def jacobian(state=h_new, kernel=recurrent_kernel):
        return read_jacobian_at(state, kernel)

    def transposed(matrices):
        return np.swapaxes(matrices, 1, 2)

    right = cache(jacobian)
    return [
        Mistake(
            "transposed",
            lambda: transposed(right()),
            "rows and columns of the Jacobian have changed places. "
            "Its row i belongs to the new state's unit i, its column j to the old state's unit j.",
        ),
        Mistake(
            "recurrent kernel not transposed",
            lambda: jacobian(kernel=recurrent_kernel.T),
            "the derivative of tanh scales the right axis, but the recurrent kernel lies the other "
            "way. Its rows belong to the old state, the Jacobian's rows to the new one.",
        ),
        Mistake(
            "derivative on the wrong axis",
            lambda: transposed(jacobian(kernel=recurrent_kernel.T)),
            "the derivative of tanh scales the columns. It belongs to the unit of the *new* state.",
        ),
        Mistake(
            "derivative missing",
            lambda: jacobian(state=np.zeros_like(h_new)),
            "this is the recurrent kernel's share alone. The derivative of tanh is missing.",
        ),
        Mistake(
            "recurrent kernel missing",
            lambda: jacobian(kernel=np.eye(units, dtype="float32")),
            "this is the derivative of tanh alone. The recurrent kernel is missing.",
        ),
        Mistake(
            "argument of tanh",
            lambda: jacobian(state=np.tanh(h_new)),
            "h_new is taken for the argument of tanh, and tanh is applied once more. "
            "It is already the output.",
        ),
        Mistake(
            "derivative squared",
            lambda: right() ** 2 / jacobian(state=np.zeros_like(h_new)),
            "the derivative of tanh enters twice.",
        ),
        Mistake(
            "sign",
            lambda: -right(),
            "the sign of every number is wrong.",
        ),
        Mistake(
            "first sample",
            lambda: np.broadcast_to(right()[:1], right().shape),
            "every sample has the Jacobian of the first one. Each has a state of its own.",
        ),
        Mistake(
            "batch averaged",
            lambda: right().mean(axis=0),
            "the Jacobian is averaged over the batch. Each sample has one of its own.",
        ),
        Mistake(
            "batch added up",
            lambda: right().sum(axis=0),
            "the Jacobians of the batch are added up. Each sample has one of its own.",
        ),
        Mistake(
            "outputs added up",
            lambda: right().sum(axis=1),
            "one axis is missing: this adds up how all units of the new state react. "
            "Keep a row for each of them.",
        ),
        Mistake(
            "inputs added up",
            lambda: right().sum(axis=2),
            "one axis is missing: this adds up how a unit reacts to all units of the old state. "
            "Keep a column for each of them.",
        ),
    ]


def jacobian_product_mistakes(jacobians: np.ndarray) -> list[Mistake]:
    """List wrong products of Jacobians (time, batch, units, units)."""
    time, batch, _, _ = jacobians.shape

    def product(factors):
        return lambda: chain_jacobian(factors)

    return [
        Mistake(
            "order reversed",
            product(jacobians[::-1]),
            "the factors stand in the reverse order. "
            "The first step acts first: on which side of the product must it stand?",
        ),
        Mistake(
            "transposed",
            lambda: np.swapaxes(chain_jacobian(jacobians), 1, 2),
            "rows and columns of the result have changed places.",
        ),
        Mistake(
            "each transposed",
            product(np.swapaxes(jacobians, 2, 3)),
            "each Jacobian is transposed before the product.",
        ),
        Mistake(
            "number by number",
            lambda: np.asarray(tf.reduce_prod(jacobians, axis=0)),
            "the matrices are multiplied number by number. "
            "Steps that follow each other need the matrix product.",
        ),
        Mistake(
            "sum",
            lambda: np.asarray(tf.reduce_sum(jacobians, axis=0)),
            "the Jacobians are added. Steps that follow each other multiply.",
        ),
        Mistake(
            "mean",
            lambda: np.asarray(tf.reduce_mean(jacobians, axis=0)),
            "this is the mean of the Jacobians. Steps that follow each other multiply.",
        ),
        Mistake(
            "first step missing",
            product(jacobians[1:]),
            "the first step's Jacobian is missing from the product.",
        ),
        Mistake(
            "last step missing",
            product(jacobians[:-1]),
            "the last step's Jacobian is missing from the product.",
        ),
        Mistake(
            "first step twice",
            product(np.concatenate([jacobians[:1], jacobians])),
            "the first step's Jacobian enters twice. "
            "If the product starts with it, go on with the second.",
        ),
        Mistake(
            "first step only",
            product(jacobians[:1]),
            "this is the Jacobian of the first step alone.",
        ),
        Mistake(
            "last step only",
            product(jacobians[-1:]),
            "this is the Jacobian of the last step alone.",
        ),
        Mistake(
            "power of the first step",
            product(np.repeat(jacobians[:1], time, axis=0)),
            "the first step's Jacobian enters at every step. Each step has one of its own.",
        ),
        Mistake(
            "batch taken for time",
            product(np.swapaxes(jacobians, 0, 1)),
            "the product runs over the samples. Time is the first axis here, the batch the second.",
        ),
        Mistake(
            "steps counted by the batch",
            product(jacobians[:batch]),
            f"the product has {batch} factors, as many as there are samples. "
            "Time is the first axis here.",
        ),
        Mistake(
            "all products",
            lambda: np.stack([chain_jacobian(jacobians[: k + 1]) for k in range(time)]),
            "the products after every step are returned. Only the last of them is asked for.",
        ),
    ]


def gradient_norms_mistakes(dh: np.ndarray, jacobians: np.ndarray) -> list[Mistake]:
    """List wrong norms of gradients.

    dh: (batch, units). jacobians: (time, batch, units, units).
    """
    time, _, units, _ = jacobians.shape
    gradients = cache(lambda: chain_gradients(dh, jacobians))

    def norms(of=gradients, **options):
        return lambda: np.asarray(tf.norm(of(), axis=-1, **options))

    def changed(factors, dh=dh):
        return norms(lambda: chain_gradients(dh, factors))

    def each_alone():
        alone = [chain_gradients(dh, jacobians[t : t + 1])[1] for t in reversed(range(time))]
        return np.stack([dh, *alone])

    return [
        Mistake(
            "time order reversed",
            changed(jacobians[::-1]),
            "the Jacobian of the first step is used first. "
            "The gradient runs backwards: which step does it meet first?",
        ),
        Mistake(
            "Jacobian transposed",
            changed(np.swapaxes(jacobians, 2, 3)),
            "the Jacobian is applied as in the forward direction. The gradient runs from the "
            "units of the new state to those of the old one: over which index is the sum?",
        ),
        Mistake(
            "reversed and transposed",
            changed(np.swapaxes(jacobians[::-1], 2, 3)),
            "this sends dh *forwards*: from the first step on, through the Jacobians as they "
            "are. A gradient runs backwards, in time and from rows to columns.",
        ),
        Mistake(
            "lags reversed",
            lambda: norms()()[::-1],
            "the norms are right, but the greatest lag comes first. Lag 0 belongs at the start.",
        ),
        Mistake(
            "lag 0 missing",
            lambda: norms()()[1:],
            "the first row is missing: at lag 0 the gradient is dh itself.",
        ),
        Mistake(
            "greatest lag missing",
            lambda: norms()()[:-1],
            "the last row is missing. With `time` Jacobians there are `time + 1` lags.",
        ),
        Mistake(
            "last lag only",
            lambda: norms()()[-1],
            "only the norm at the greatest lag is returned. All lags are asked for.",
        ),
        Mistake(
            "norms not taken",
            gradients,
            "these are the gradients themselves. Their norms over the units are asked for.",
        ),
        Mistake(
            "root missing",
            lambda: norms()() ** 2,
            "these are the squares of the norms.",
        ),
        Mistake(
            "sum of magnitudes",
            norms(ord=1),
            "the magnitudes are added up. The norm asked for is the root of the sum of squares.",
        ),
        Mistake(
            "largest magnitude",
            norms(ord=np.inf),
            "this is the largest magnitude. The norm asked for is the root of the sum of squares.",
        ),
        Mistake(
            "mean of squares",
            lambda: norms()() / np.sqrt(units),
            "the mean of the squares is taken where their sum belongs.",
        ),
        Mistake(
            "norm over the batch",
            lambda: np.asarray(tf.norm(gradients(), axis=(1, 2))),
            "the norm runs over the batch as well. Each sample has a norm of its own.",
        ),
        Mistake(
            "norm over samples",
            lambda: np.asarray(tf.norm(gradients(), axis=1)),
            "the norm runs over the samples in place of the units.",
        ),
        Mistake(
            "mean over the batch",
            lambda: norms()().mean(axis=1),
            "the norms are averaged over the batch. Each sample has one of its own.",
        ),
        Mistake(
            "axes swapped",
            lambda: norms()().T,
            "the norms are right, but the batch comes first. "
            "The order asked for is (time + 1, batch).",
        ),
        Mistake(
            "steps not chained",
            norms(each_alone),
            "every Jacobian acts on dh alone. "
            "The gradient at a lag is what is left of the one at the lag before.",
        ),
        Mistake(
            "dh ignored",
            changed(jacobians, dh=np.ones_like(dh)),
            "the gradient starts from ones. It starts from dh.",
        ),
    ]


def norm_bound_mistakes(recurrent_kernel: np.ndarray, lags: np.ndarray) -> list[Mistake]:
    """List wrong bounds for lags (lags,), each (lags,) unless it has another shape."""
    singular_values = cache(lambda: np.asarray(tf.linalg.svd(recurrent_kernel, compute_uv=False)))

    def bound(factor, lags=lags):
        return lambda: tf.pow(tf.cast(factor(), tf.float64), lags)

    def largest():
        return singular_values()[0]

    def radius():
        return tf.reduce_max(tf.abs(tf.linalg.eigvals(recurrent_kernel)))

    mistakes = [
        Mistake(name, bound(factor), message)
        for name, factor, message in (
            (
                "largest eigenvalue",
                radius,
                "this uses the largest magnitude of an *eigenvalue*. Only the largest singular "
                "value says how much a matrix can stretch a vector in one step.",
            ),
            (
                "Frobenius norm",
                lambda: tf.norm(recurrent_kernel),
                "this uses the Frobenius norm, the root of the sum of all squares. "
                "The largest singular value is smaller.",
            ),
            (
                "largest column sum",
                lambda: tf.reduce_max(tf.reduce_sum(tf.abs(recurrent_kernel), axis=0)),
                "this uses the largest sum of a column's magnitudes, the norm of order 1. "
                "The largest singular value is asked for.",
            ),
            (
                "largest row sum",
                lambda: tf.reduce_max(tf.reduce_sum(tf.abs(recurrent_kernel), axis=1)),
                "this uses the largest sum of a row's magnitudes, the norm of infinite order. "
                "The largest singular value is asked for.",
            ),
            (
                "largest entry",
                lambda: tf.reduce_max(tf.abs(recurrent_kernel)),
                "this uses the largest entry of the recurrent kernel. "
                "The largest singular value is asked for.",
            ),
            (
                "smallest singular value",
                lambda: singular_values()[-1],
                "this uses the *smallest* singular value.",
            ),
            (
                "mean singular value",
                lambda: singular_values().mean(),
                "this uses the mean of the singular values. The largest one gives the bound.",
            ),
            (
                "root missing",
                lambda: largest() ** 2,
                "this uses the *square* of the largest singular value. "
                "A singular value is the root of an eigenvalue of a matrix times its transpose.",
            ),
        )
    ]
    mistakes += [
        Mistake(
            "lag ignored",
            lambda: np.full(len(lags), largest()),
            "the bound is the same for every lag. Each step multiplies it once more.",
        ),
        Mistake(
            "multiplied by the lag",
            lambda: largest() * lags,
            "the bound grows by a *sum* of steps. Steps that follow each other multiply.",
        ),
        Mistake(
            "one step too many",
            bound(largest, lags + 1),
            "there is one factor too many. At lag 0 nothing has been multiplied.",
        ),
        Mistake(
            "one step too few",
            bound(largest, lags - 1),
            "there is one factor too few. At lag 1 one step has been taken.",
        ),
        Mistake(
            "lags not asked for",
            bound(largest, np.arange(len(lags))),
            "the bounds are those of the lags 0, 1, 2 and so on, not of those in `lags`.",
        ),
        Mistake(
            "inverse",
            bound(largest, -lags),
            "this is 1 over the bound.",
        ),
    ]
    return mistakes


def clip_by_global_norm_mistakes(
    gradients: Sequence[np.ndarray], clip_norm: float
) -> list[Mistake]:
    """List wrong results of clipping a list of arrays, each (list of arrays, norm)."""
    clipped, norm = tf.clip_by_global_norm(gradients, clip_norm)
    norms = [tf.norm(gradient) for gradient in gradients]
    size = sum(gradient.size for gradient in gradients)

    def with_norm(value):
        """Clip as if the global norm were `value`."""
        return lambda: tf.clip_by_global_norm(gradients, clip_norm, use_norm=value)

    def each(function):
        return lambda: ([function(gradient) for gradient in gradients], norm)

    return [
        Mistake(
            "each by its own norm",
            each(lambda gradient: tf.clip_by_norm(gradient, clip_norm)),
            "every array is clipped by its own norm. That changes the direction of the gradient: "
            "one factor serves all arrays.",
        ),
        Mistake(
            "clipped by value",
            each(lambda gradient: tf.clip_by_value(gradient, -clip_norm, clip_norm)),
            "every number is cut off at the limit. That changes the direction of the gradient: "
            "one factor serves all numbers.",
        ),
        Mistake(
            "not clipped",
            lambda: (gradients, norm),
            "the norm is right, but the gradients come back as they were. "
            "Here the norm exceeds clip_norm.",
        ),
        Mistake(
            "enlarged",
            each(lambda gradient: gradient * (clip_norm / norm)),
            "a gradient that is shorter than clip_norm is stretched to it. "
            "Clipping only ever shortens.",
        ),
        Mistake(
            "not multiplied by clip_norm",
            each(lambda gradient: gradient / norm),
            "the clipped gradient has the norm 1 whatever clip_norm is.",
        ),
        Mistake(
            "not divided by the norm",
            each(lambda gradient: gradient * clip_norm),
            "the gradients are multiplied by clip_norm. "
            "What factor gives a gradient of this norm the norm clip_norm?",
        ),
        Mistake(
            "factor inverted",
            each(lambda gradient: gradient * (norm / clip_norm)),
            "the factor is upside down: a gradient that is too long gets longer still.",
        ),
        Mistake(
            "norm after clipping",
            lambda: (clipped, tf.linalg.global_norm(clipped)),
            "the gradients are right, but the norm is theirs *after* clipping. "
            "Return the norm from before.",
        ),
        Mistake(
            "local norms returned",
            lambda: (clipped, norms),
            "the gradients are right, but a norm for each array is returned. "
            "The global norm is one number.",
        ),
        Mistake(
            "factor returned",
            lambda: (clipped, clip_norm / tf.maximum(norm, clip_norm)),
            "the gradients are right, but the factor is returned in place of the norm.",
        ),
        Mistake(
            "root missing",
            with_norm(norm**2),
            "the sum of the squares is used as the norm. Its root is missing.",
        ),
        Mistake(
            "norms added up",
            with_norm(tf.add_n(norms)),
            "the norms of the arrays are added up. "
            "The global norm is that of all their numbers together.",
        ),
        Mistake(
            "largest norm",
            with_norm(tf.reduce_max(norms)),
            "the largest norm of an array is used. "
            "The global norm is that of all their numbers together.",
        ),
        Mistake(
            "mean of squares",
            with_norm(norm / np.sqrt(size)),
            "the mean of the squares is taken where their sum belongs.",
        ),
        Mistake(
            "mean of norms",
            with_norm(tf.add_n(norms) / len(norms)),
            "the norms of the arrays are averaged. "
            "The global norm is that of all their numbers together.",
        ),
        Mistake(
            "sum of magnitudes",
            with_norm(tf.add_n([tf.norm(gradient, ord=1) for gradient in gradients])),
            "the magnitudes are added up. The norm asked for is the root of the sum of squares.",
        ),
    ]
