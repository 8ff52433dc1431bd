# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # An LSTM that learns
#
# Your own LSTM learns here, with nothing but NumPy. You put a dense layer behind it, compute a loss
# and send its gradient back through the whole network. You write the two rules by which weights are
# most often changed, gradient descent and Adam, and the loop that applies them. At the end the
# network learns to remember. A check after each function compares it with Keras: with its layers,
# its loss and its optimizers.
#
# **Time**: about 60 minutes. **You need**: the forward pass of an LSTM (assignment *An LSTM layer*)
# and its backward pass (assignment *The gradient of an LSTM*). The chapters *Backward through an
# LSTM* and *Learning long dependencies* of the book tell how the gradient goes back and what
# training makes of it.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with Keras and, if not, what differs. Run the checks as often as you like. If one
# fails again and again, `hint()` says where to read and where to look. Further checks with other
# sizes and random numbers run when the notebook is graded; they ask for nothing that is not written
# here.
#
# **Shapes** are written `(batch, time, features)`. All arrays are `float32`; results may be
# `float32` or `float64`. Where a function returns several things, a tuple and a list are both fine,
# and so they are for a list of arrays. Do not change the arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. Your LSTM, forwards and backwards
#
# The two functions of this section earn no points: you have written their parts before. Copy them,
# and join them as described. The checks of the sections 2 and 4 test them. If your functions do not
# pass the checks of the two earlier assignments, mend them there first: those checks look at one
# part at a time.
#
# `lstm_forward` takes a batch of sequences `x`, `(batch, time, features)`, through all steps, from
# a hidden state and a cell state of zeros. It returns the *last* hidden state, `(batch, units)`,
# and a list with a cache for each step, in the order of time. A cache is whatever your backward
# pass needs. The dicts of *The gradient of an LSTM* will do, with the keys `"x"`, `"h_previous"`,
# `"c_previous"`, `"input"`, `"forget"`, `"candidate"`, `"output"` and `"c"`.


# %% nbgrader={"grade": false, "grade_id": "lstm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_forward(x, kernel, recurrent_kernel, bias):
    """Run an LSTM over a batch of sequences, from states of zeros.

    x: (batch, time, features). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,).
    Returns the last h (batch, units) and a list with one cache for each step.
    """
    ### BEGIN SOLUTION
    h = c = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    caches = []
    for now in np.swapaxes(x, 0, 1):
        blocks = np.split(now @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
        input, forget, output = (0.5 + 0.5 * np.tanh(blocks[k] / 2) for k in (0, 1, 3))
        cache = {"x": now, "h": h, "c": c, "gates": (input, forget, np.tanh(blocks[2]), output)}
        c = forget * c + input * cache["gates"][2]
        h = output * np.tanh(c)
        caches.append(cache | {"shown": np.tanh(c)})
    return h, caches
    ### END SOLUTION


# %% [markdown]
# `lstm_backward` takes the gradient that arrives at the last hidden state, `dh`, `(batch, units)`,
# back through all steps. Nothing else arrives from outside: no loss looks at the earlier hidden
# states or at the last cell state. It returns the gradients of the three arrays of weights, each
# summed over the steps. If you use `backward_through_time`: its `dh_all` is zero except at the last
# step, and its `dc_last` is zero.


# %% nbgrader={"grade": false, "grade_id": "lstm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_backward(dh, caches, kernel, recurrent_kernel):
    """Pass a gradient from the last hidden state back through all steps.

    dh: (batch, units). caches: as lstm_forward returns them. kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). Returns d_kernel (features, 4 * units),
    d_recurrent_kernel (units, 4 * units) and d_bias (4 * units,).
    """
    ### BEGIN SOLUTION
    dc, totals = np.zeros_like(dh), (0, 0, 0)
    for cache in caches[::-1]:
        input, forget, candidate, output = cache["gates"]
        dc = dc + dh * output * (1 - cache["shown"] ** 2)
        arriving = dc * candidate, dc * cache["c"], dc * input, dh * cache["shown"]
        slopes = [gate * (1 - gate) for gate in (input, forget, output)]
        slopes.insert(2, 1 - candidate**2)
        d_z = np.hstack([one * slope for one, slope in zip(arriving, slopes)])
        shares = cache["x"].T @ d_z, cache["h"].T @ d_z, d_z.sum(axis=0)
        totals = [total + share for total, share in zip(totals, shares)]
        dh, dc = d_z @ recurrent_kernel.T, dc * forget
    return totals
    ### END SOLUTION


# %% [markdown]
# ## 2. What the network predicts
#
# A dense layer behind the LSTM turns the last hidden state $h_T$, `(batch, units)`, into a
# prediction $\hat y$, `(batch, outputs)`. It has no activation:
#
# $$\hat y = h_T\,V + b$$
#
# From here on the weights of the network are one **list of five arrays**, in the order in which
# Keras' `model.get_weights()` gives them:
#
# | array | name here | shape |
# |---|---|---|
# | kernel of the LSTM | `kernel` | `(features, 4 * units)` |
# | its recurrent kernel | `recurrent_kernel` | `(units, 4 * units)` |
# | its bias | `bias` | `(4 * units,)` |
# | kernel of the dense layer, $V$ | `dense_kernel` | `(units, outputs)` |
# | its bias, $b$ | `dense_bias` | `(outputs,)` |
#
# *Worked number*: one unit, with the kernel `[[-1, 1, -1, 0.5]]`, the recurrent kernel `[[0, -2, 2,
# 2]]`, the bias `[0, 1, 0.5, -2]`, and two steps with the inputs 2 and 0. The hidden state is
# $-0.0289$ after the first step and 0.0144 after the second. With $V = 2$ and $b = 0.1$ the
# prediction is $0.0144 \cdot 2 + 0.1 = 0.1288$.
#
# *A limiting case*: with $V = 0$ the prediction is $b$, whatever comes in.

# %% [markdown]
# The next cell is given. It draws weights to begin with, as Keras does. You need it in section 9.


# %%
def new_weights(features, units, outputs, seed=0):
    """Draw the five arrays of weights as Keras does; the forget bias is 1."""
    rng = np.random.default_rng(seed)

    def uniform(rows, columns):
        limit = np.sqrt(6 / (rows + columns))
        return rng.uniform(-limit, limit, size=(rows, columns))

    kernel, dense_kernel = uniform(features, 4 * units), uniform(units, outputs)
    recurrent_kernel = np.linalg.qr(rng.normal(size=(4 * units, units)))[0].T
    bias = np.repeat([0, 1, 0, 0], units)
    weights = [kernel, recurrent_kernel, bias, dense_kernel, np.zeros(outputs)]
    return [array.astype("float32") for array in weights]


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(weights, x):
    """Run the LSTM, then the dense layer on its last hidden state.

    weights: a list of kernel, recurrent_kernel, bias, dense_kernel, dense_bias.
    x: (batch, time, features). Returns the prediction (batch, outputs).
    """
    ### BEGIN SOLUTION
    *of_lstm, dense_kernel, dense_bias = weights
    h, _ = lstm_forward(x, *of_lstm)
    return h @ dense_kernel + dense_bias
    ### END SOLUTION


# %% [markdown]
# The check puts the same five arrays into a Keras model. Among them are the weights of a network
# that has been trained to remember a number: in Keras they give the same outputs.

# %% nbgrader={"grade": true, "grade_id": "predict-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("predict agrees with an LSTM and a Dense layer of Keras.")
def check_predict():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_training import network
    from checks.lstm_training import PREDICT
    from checks.marked_numbers import trained
    from checks.network import network_weights

    def compare(weights, x):
        check(predict, (weights, x), network(weights)(x), PREDICT)

    def compare_random(rng, batch, time, features, units, outputs):
        weights = network_weights(rng, features, units, outputs)
        compare(weights, *normal(rng, (batch, time, features)))

    worked = [
        float32([[-1, 1, -1, 0.5]]),
        float32([[0, -2, 2, 2]]),
        float32([0, 1, 0.5, -2]),
        float32([[2]]),
        float32([0.1]),
    ]
    for rng in draws(1):
        compare_random(rng, batch=3, time=5, features=9, units=7, outputs=11)
    compare(worked, float32([[[2], [0]]]))  # 0.1288
    compare([*worked[:3], 0 * worked[3], worked[4]], float32([[[2], [0]]]))  # 0.1
    compare_random(rng, batch=1, time=4, features=2, units=6, outputs=3)
    compare_random(rng, batch=4, time=1, features=6, units=2, outputs=8)
    compare_random(rng, batch=6, time=4, features=1, units=8, outputs=2)
    compare_random(rng, batch=2, time=6, features=4, units=1, outputs=3)
    compare(*trained("second"))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=71):
        compare_random(rng, batch=6, time=4, features=2, units=8, outputs=10)
        compare_random(rng, batch=1, time=1, features=3, units=5, outputs=7)
        compare_random(rng, batch=5, time=3, features=1, units=1, outputs=1)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 3. The loss and its gradient
#
# How wrong is a prediction? The *mean squared error* is the mean of the squares of all errors, over
# the $N$ samples and the $M$ outputs of each:
#
# $$L = \frac{1}{N M} \sum_{n=1}^{N} \sum_{m=1}^{M} (\hat y_{nm} - y_{nm})^2$$
#
# $y$ is what should have been predicted; both have the shape `(batch, outputs)`, $N$ is `batch` and
# $M$ is `outputs`. Return the loss $L$, one number, and its gradient with respect to the
# prediction, $\partial L / \partial \hat y$, of the shape of the prediction.
#
# *Worked number*: the predictions $[1, 3]$ and $[2, 2]$ for two samples, where $[0, 1]$ and $[2,
# 1]$ were right, have the errors $[1, 2]$ and $[0, 1]$. The loss is $6 / 4 = 1.5$, and the gradient
# is $[0.5, 1]$ and $[0, 0.5]$.
#
# *A limiting case*: a prediction that is right has the loss 0 and the gradient 0: there is nothing
# to learn.


# %% nbgrader={"grade": false, "grade_id": "mean_squared_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_squared_error(predicted, y):
    """Compute the mean squared error and its gradient with respect to the prediction.

    predicted, y: (batch, outputs). Returns the loss, a number, and d_predicted (batch, outputs).
    """
    ### BEGIN SOLUTION
    error = predicted - y
    return np.mean(error**2), 2 * error / error.size
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mean_squared_error-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("mean_squared_error agrees with Keras' loss and tf.GradientTape.")
def check_mean_squared_error():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.loading import keras, tf
    from checks.lstm_training import MEAN_SQUARED_ERROR

    def compare(predicted, y):
        given = tf.Variable(predicted)
        with tf.GradientTape() as tape:
            loss = keras.losses.MeanSquaredError()(y, given)
        expected = loss, tape.gradient(loss, given)
        check(mean_squared_error, (predicted, y), expected, MEAN_SQUARED_ERROR)

    for rng in draws(3):
        compare(*normal(rng, (3, 5), (3, 5)))
    right = float32([[0, 1], [2, 1]])
    compare(float32([[1, 3], [2, 2]]), right)  # 1.5, [0.5, 1] and [0, 0.5]
    compare(right, right)  # 0, [0, 0] and [0, 0]
    compare(*normal(rng, (1, 4), (1, 4)))
    compare(*normal(rng, (6, 1), (6, 1)))
    many = normal(rng, (683, 3), (683, 3))  # more numbers than float16 counts
    compare(*(1000 * each for each in many))
    compare(*normal(rng, (1, 1), (1, 1)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=72):
        compare(*normal(rng, (6, 4), (6, 4)))
        compare(*normal(rng, (1, 3), (1, 3)))
        compare(*normal(rng, (5, 1), (5, 1)))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 4. Back through the whole network
#
# Now everything is there: forwards to the prediction and the loss, then backwards to the gradient
# of each of the five arrays of weights. `mean_squared_error` gives what arrives at the prediction,
# $\partial L / \partial \hat y$, `(batch, outputs)`. The dense layer passes it on, as any matrix
# product does:
#
# $$\frac{\partial L}{\partial V} = h_T^\top\,\frac{\partial L}{\partial \hat y} \qquad \frac{\partial L}{\partial h_T} = \frac{\partial L}{\partial \hat y}\,V^\top$$
#
# The bias $b$ is added to each sample alike, so its gradient is the sum of $\partial L / \partial
# \hat y$ over the batch. The last gradient, $\partial L / \partial h_T$, `(batch, units)`, is the
# `dh` that your `lstm_backward` waits for.
#
# *Worked number*: take the weights and inputs of section 2, and $y = 1$. The error is $-0.8712$,
# the loss 0.7591 and $\partial L / \partial \hat y = -1.7425$. The gradient of $V$ is $-0.0251$,
# that of $b$ is $-1.7425$, and $-3.4850$ arrives at $h_T$. The gradient of the kernel is $[0.0763,
# 0, -0.0173, 0.0180]$.
#
# *A limiting case*: with $V = 0$ nothing goes back into the LSTM. Its gradients are 0, and only the
# dense layer can learn at this step.


# %% nbgrader={"grade": false, "grade_id": "loss_and_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_and_gradients(weights, x, y):
    """Compute the loss of the network and the gradient of each of its arrays of weights.

    weights: a list of kernel, recurrent_kernel, bias, dense_kernel, dense_bias.
    x: (batch, time, features). y: (batch, outputs).
    Returns the loss, a number, and a list of five gradients, in the order of the weights.
    """
    ### BEGIN SOLUTION
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d_predicted = mean_squared_error(h @ dense_kernel + dense_bias, y)
    of_lstm = lstm_backward(d_predicted @ dense_kernel.T, caches, kernel, recurrent_kernel)
    return loss, [*of_lstm, h.T @ d_predicted, d_predicted.sum(axis=0)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "loss_and_gradients-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("loss_and_gradients agrees with Keras and tf.GradientTape.")
def check_loss_and_gradients():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_training import loss_with_gradients, network
    from checks.lstm_training import LOSS_AND_GRADIENTS
    from checks.network import network_weights

    def compare(weights, x, y):
        expected = loss_with_gradients(network(weights), x, y)
        check(loss_and_gradients, (weights, x, y), expected, LOSS_AND_GRADIENTS)

    def compare_random(rng, batch, time, features, units, outputs):
        weights = network_weights(rng, features, units, outputs)
        compare(weights, *normal(rng, (batch, time, features), (batch, outputs)))

    worked = [
        float32([[-1, 1, -1, 0.5]]),
        float32([[0, -2, 2, 2]]),
        float32([0, 1, 0.5, -2]),
        float32([[2]]),
        float32([0.1]),
    ]
    for rng in draws(1):
        compare_random(rng, batch=3, time=5, features=9, units=7, outputs=11)
    x, y = float32([[[2], [0]]]), float32([[1]])
    compare(worked, x, y)  # 0.7591, and for the last two -0.0251 and -1.7425
    compare([*worked[:3], 0 * worked[3], worked[4]], x, y)  # 0 for the LSTM
    compare_random(rng, batch=1, time=4, features=2, units=6, outputs=3)
    compare_random(rng, batch=4, time=1, features=6, units=2, outputs=8)
    compare_random(rng, batch=6, time=4, features=1, units=8, outputs=2)
    compare_random(rng, batch=2, time=6, features=4, units=1, outputs=3)
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=73):
        compare_random(rng, batch=6, time=4, features=2, units=8, outputs=10)
        compare_random(rng, batch=1, time=1, features=3, units=5, outputs=7)
        compare_random(rng, batch=5, time=3, features=1, units=1, outputs=1)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 5. Clipping
#
# A recurrent network now and then meets a gradient that is far too long. Clipping shortens it and
# keeps its direction. Every optimizer of Keras can do this in two ways; at most one of the two is
# chosen.
#
# | option | what it does |
# |---|---|
# | `clipnorm` | each array on its own: if its norm exceeds the limit, it is multiplied by limit / norm |
# | `global_clipnorm` | all arrays together: they have one norm, the root of the sum of the squares of *all* their numbers; if it exceeds the limit, every array is multiplied by limit / norm |
#
# Both limits are positive numbers. Where an option is `None`, it does nothing; where both are, the
# gradients stay as they are. The second way you may know from *The vanishing gradient*.
#
# *Worked number*: the arrays $[3, 4]$ and $[12]$ have the norms 5 and 12, and together the norm 13.
# With `clipnorm=6.5` they become $[3, 4]$ and $[6.5]$: the first stays, and the two no longer have
# their old ratio. With `global_clipnorm=6.5` they become $[1.5, 2]$ and $[6]$.
#
# *A limiting case*: a limit that no norm exceeds changes nothing. That holds for gradients of
# zeros, too: mind the division.


# %% nbgrader={"grade": false, "grade_id": "clip_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    """Shorten gradients as an optimizer of Keras does.

    gradients: list of arrays of any shapes. clipnorm: None, or the greatest norm of an array.
    global_clipnorm: None, or the greatest norm of all arrays together. At most one is given.
    Returns a list of arrays, each in its shape.
    """
    ### BEGIN SOLUTION
    norms = [np.sqrt(np.sum(gradient**2)) for gradient in gradients]
    limit = clipnorm
    if global_clipnorm is not None:
        norms = [np.sqrt(sum(norm**2 for norm in norms))] * len(gradients)
        limit = global_clipnorm
    if limit is None:
        return gradients
    return [gradient * limit / max(norm, limit) for gradient, norm in zip(gradients, norms)]
    ### END SOLUTION


# %% [markdown]
# **How the check reads this off Keras.** `clipped` lets `keras.optimizers.SGD` with the learning
# rate 1 take one step from weights that are zero. It subtracts the clipped gradients, so the new
# weights are the clipped gradients with a minus.

# %% nbgrader={"grade": true, "grade_id": "clip_gradients-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("clip_gradients agrees with Keras, in both ways.")
def check_clip_gradients():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_training import clipped
    from checks.optimizers import CLIP_GRADIENTS, limits

    def compare(gradients, clipnorm=None, global_clipnorm=None):
        expected = clipped(gradients, clipnorm=clipnorm, global_clipnorm=global_clipnorm)
        check(clip_gradients, (gradients, clipnorm, global_clipnorm), expected, CLIP_GRADIENTS)

    def compare_all(gradients):
        for limit in limits(gradients):
            compare(gradients, clipnorm=limit)
            compare(gradients, global_clipnorm=limit)

    worked = [float32([3, 4]), float32([12])]
    for rng in draws(2):
        compare_all(normal(rng, (7, 3), (3, 9), (5,)))
    compare(worked, clipnorm=6.5)  # [3, 4] and [6.5]
    compare(worked, global_clipnorm=6.5)  # [1.5, 2] and [6]
    compare(worked, clipnorm=1e5)  # more than float16 holds
    compare([0 * gradient for gradient in worked], global_clipnorm=1.0)  # zeros
    compare([0 * gradient for gradient in worked], clipnorm=1.0)
    check(clip_gradients, (worked,), worked, CLIP_GRADIENTS)  # no limit: as they were
    compare_all(normal(rng, (1, 4), (6, 1), (1,), (3,)))
    compare_all(normal(rng, (2, 4, 6)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=74):
        compare_all(normal(rng, (2, 8), (8, 4), (6,)))
        compare_all(normal(rng, (1, 3), (5, 1), (1,)))
    check(clip_gradients, (worked[::-1],), worked[::-1], CLIP_GRADIENTS)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 6. Gradient descent
#
# The gradient points where the loss grows fastest. So each weight takes a step against it. For any
# of the arrays, $w$, with the gradient $g$ of the same shape:
#
# $$w \leftarrow w - \eta\,g$$
#
# The *learning rate* $\eta$ is a small positive number, 0.01 where none is given. Keras calls this
# rule `SGD`, stochastic gradient descent: *stochastic*, since a batch is a random sample of all
# data.
#
# *Worked number*: with $w = 1$, $g = 0.5$ and $\eta = 0.1$ the new weight is 0.95.
#
# *A limiting case*: where the gradient is 0, the weight stays.


# %% nbgrader={"grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(weights, gradients, learning_rate=0.01):
    """Take one step of gradient descent.

    weights, gradients: lists of arrays of the same shapes. learning_rate: a positive number.
    Returns a list with the new weights.
    """
    ### BEGIN SOLUTION
    return [weight - learning_rate * gradient for weight, gradient in zip(weights, gradients)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("sgd_step agrees with keras.optimizers.SGD.")
def check_sgd_step():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_training import updated
    from checks.loading import keras
    from checks.optimizers import SGD_STEP

    def compare(weights, gradients, *options):
        """Compare for this learning rate, or with its default, 0.01."""
        expected = updated(keras.optimizers.SGD(*options), weights, gradients)
        check(sgd_step, (weights, gradients, *options), expected, SGD_STEP)

    def compare_random(rng, *shapes):
        weights, gradients = normal(rng, *shapes), normal(rng, *shapes)
        compare(weights, gradients)
        compare(weights, gradients, 0.3)
        compare(weights, [100 * gradient for gradient in gradients], 2.0)

    for rng in draws(2):
        compare_random(rng, (7, 3), (3, 9), (5,))
    compare([float32([[1]])], [float32([[0.5]])], 0.1)  # 0.95
    compare([float32([[1]])], [float32([[0]])], 0.1)  # 1
    compare_random(rng, (1, 4), (6, 1), (1,))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=75):
        compare_random(rng, (2, 8), (8, 4), (6,))
        compare_random(rng, (1, 3), (5, 1), (1,))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 7. Adam
#
# With gradient descent all weights have one learning rate, and each step depends on one batch
# alone. Adam remembers more. It keeps two numbers for each weight: $m$, a mean of the gradients so
# far, and $v$, a mean of their squares. Both forget slowly. At each step
#
# $$m \leftarrow \beta_1\,m + (1 - \beta_1)\,g \qquad v \leftarrow \beta_2\,v + (1 - \beta_2)\,g^2$$
#
# where $g^2$ is taken number by number, and $\beta_1$ and $\beta_2$ lie between 0 and 1. Does this
# look familiar? It is a cell state with a forget gate of $\beta$ and an input gate of $1 - \beta$.
#
# Both means begin at 0, so at first they are too small, by the factors $1 - \beta_1^t$ and $1 -
# \beta_2^t$ at step $t$, which counts from 1. Keras corrects both in the learning rate:
#
# $$\alpha = \eta\,\frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \qquad w \leftarrow w - \alpha\,\frac{m}{\sqrt{v} + \epsilon}$$
#
# The *new* $m$ and $v$ stand here. $\epsilon$ keeps the divisor from 0. It stands beside the root
# of $v$ as it is, not of a corrected $v$: the article on Adam has both forms, and Keras uses this
# one. Return the new weights, the new $m$ and the new $v$, three lists.
#
# | name | what it is | where it is left out |
# |---|---|---|
# | `m`, `v` | lists of arrays, in the shapes of the weights | |
# | `step` | the number $t$ of this step, 1 or more | |
# | `learning_rate` | $\eta$ | 0.001 |
# | `beta_1`, `beta_2` | $\beta_1$, $\beta_2$ | 0.9, 0.999 |
# | `epsilon` | $\epsilon$ | `1e-7` |
#
# *Worked number*: the first step, from $m = v = 0$, with $w = 1$ and $g = 2$. Then $m = 0.2$, $v =
# 0.004$, $\alpha = 0.001 \cdot \sqrt{0.001} / 0.1 = 0.000316$, and the new weight is 0.999.
#
# *A limiting case*: at the first step from zeros, every weight moves by the learning rate, whatever
# the size of its gradient: with $g = 2000$ the new weight is 0.999, too.


# %% nbgrader={"grade": false, "grade_id": "adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_step(
    weights,
    gradients,
    m,
    v,
    step,
    learning_rate=0.001,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
):
    """Take one step of Adam.

    weights, gradients, m, v: lists of arrays of the same shapes. step: the number of this step,
    from 1. learning_rate, beta_1, beta_2, epsilon: numbers.
    Returns three lists: the new weights, the new m and the new v.
    """
    ### BEGIN SOLUTION
    m = [beta_1 * old + (1 - beta_1) * gradient for old, gradient in zip(m, gradients)]
    v = [beta_2 * old + (1 - beta_2) * gradient**2 for old, gradient in zip(v, gradients)]
    alpha = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    weights = [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]
    return weights, m, v
    ### END SOLUTION


# %% [markdown]
# The check copies $m$, $v$ and the number of the step into an optimizer of Keras, and lets it take
# one step.

# %% nbgrader={"grade": true, "grade_id": "adam_step-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("adam_step agrees with keras.optimizers.Adam.")
def check_adam_step():
    from checks import check, draws
    from checks.inputs import float32
    from checks.keras_training import adam
    from checks.optimizers import ADAM_STEP, adam_inputs

    def compare(*arguments):
        check(adam_step, arguments, adam(*arguments), ADAM_STEP)

    def compare_random(rng, *shapes):
        inputs = adam_inputs(rng, shapes)
        compare(*inputs, 2)  # all defaults
        compare(*inputs, 7, 0.3)
        compare(*inputs, 3, 0.3, 0.7, 0.95, 0.2)
        compare(*inputs, 40, 5.0, 0.7, 0.95, 2.0)

    def compare_first(gradient, *options):
        zero = [float32([[0]])]
        compare([float32([[1]])], [float32([[gradient]])], zero, zero, 1, *options)

    for rng in draws(2):
        compare_random(rng, (7, 3), (3, 9), (5,))
    compare_first(2)  # 0.999, 0.2 and 0.004
    compare_first(0)  # 1, 0 and 0
    compare_first(2000)  # 0.999, 200 and 4000
    compare_first(-0.5, 0.1)  # 1.1, -0.05 and 0.00025
    compare_first(0.01, 0.1, 0.5, 0.5, 0.2)  # a large epsilon
    compare_first(1e-6, 0.1)  # so small that the default epsilon counts
    compare_random(rng, (1, 4), (6, 1), (1,))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=76):
        compare_random(rng, (2, 8), (8, 4), (6,))
        compare_random(rng, (1, 3), (5, 1), (1,))
        compare(*adam_inputs(rng, [(2, 4)]), 1000, 0.05, 0.8, 0.99, 0.01)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 8. The loop
#
# Training is a loop. `x` has the shape `(rows, time, features)` and `y` the shape `(rows,
# outputs)`: all data, a row for each sequence. In each *epoch*, all rows are taken once, in their
# order, `batch_size` at a time. If the rows do not fill the last batch, it is smaller. For each
# batch:
#
# 1. compute the loss and the gradients with the weights as they are;
# 2. clip the gradients by their *global* norm;
# 3. let Adam take a step.
#
# Adam's $m$ and $v$ are zeros at the beginning. They are handed on from update to update, and so is
# the number of the step, through all epochs. Return the weights after the last update, and an array
# with the losses, `(updates,)`: one for each update, from *before* the weights changed. With
# `model.compile(keras.optimizers.Adam(learning_rate, global_clipnorm=global_clipnorm),
# loss="mse")`, Keras does the same in `model.fit(x, y, batch_size, epochs, shuffle=False)`. Use
# your functions.
#
# *Worked number*: the weights of section 2, and two equal rows, the inputs 2 and 0 with $y = 1$.
# With a batch of one row and one epoch there are two updates, with the losses 0.7591 and 0.7381.
#
# *A limiting case*: if `batch_size` is as large as `rows`, or larger, each epoch is one update.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    """Train the network with Adam.

    weights: a list of kernel, recurrent_kernel, bias, dense_kernel, dense_bias, to begin with.
    x: (rows, time, features). y: (rows, outputs). batch_size, epochs: whole numbers of 1 or more.
    Returns a list with the trained weights, and the losses (updates,).
    """
    ### BEGIN SOLUTION
    m = v = [np.zeros_like(weight) for weight in weights]
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            loss, gradients = loss_and_gradients(weights, x[batch], y[batch])
            losses.append(loss)
            gradients = clip_gradients(gradients, global_clipnorm=global_clipnorm)
            weights, m, v = adam_step(weights, gradients, m, v, len(losses), learning_rate)
    return weights, np.array(losses)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("train gives the weights and the losses that Keras reaches.")
def check_train():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_training import train as train_keras
    from checks.network import network_weights
    from checks.training_loop import TRAIN

    def compare(*arguments):
        check(train, arguments, train_keras(*arguments), TRAIN)

    def compare_random(rng, rows, time, features, units, outputs, *options):
        weights = network_weights(rng, features, units, outputs)
        x, y = normal(rng, (rows, time, features), (rows, outputs))
        compare(weights, x, 3 * y, *options)

    worked = [
        float32([[-1, 1, -1, 0.5]]),
        float32([[0, -2, 2, 2]]),
        float32([0, 1, 0.5, -2]),
        float32([[2]]),
        float32([0.1]),
    ]
    for rng in draws(1):
        compare_random(rng, 7, 5, 3, 9, 11, 3, 2)  # batches of 3, 3 and 1 rows; the defaults
        compare_random(rng, 7, 5, 3, 9, 11, 3, 2, 0.02, 0.3)
    compare(worked, float32([[[2], [0]]] * 2), float32([[1]] * 2), 1, 1)  # 0.7591, 0.7381
    compare_random(rng, 4, 2, 6, 1, 8, 6, 3, 0.02, 5.0)  # each epoch is one update
    compare_random(rng, 6, 1, 2, 4, 1, 2, 1)
    compare_random(rng, 1, 4, 1, 6, 2, 1, 2, 0.05)
    compare_random(rng, 3, 2, 1, 2, 4, 5, 1)  # one update
    ### BEGIN HIDDEN TESTS
    for rng in draws(1, seed=77):
        compare_random(rng, 8, 4, 2, 6, 10, 3, 2)
        compare_random(rng, 5, 3, 1, 7, 1, 2, 2, 0.03, 0.5)
        compare_random(rng, 1, 1, 4, 2, 6, 4, 2)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 9. It learns
#
# Each row of `x`, `(rows, time, 2)`, holds a number between $-1$ and 1 at every step, and a mark: 1
# at two of the steps, one in each half of the row, and 0 at all others. The network is to answer
# after the last step. Two tasks:
#
# - the *adding problem*: $y$ is the sum of the two marked numbers;
# - the *latch*: $y$ is the second marked number. A marked number is written over the one before it, and kept whatever else comes in. It is the memory task of the book without a read mark: what is kept is asked for once, after the last step.
#
# Write `learn`: train a network on `x` and `y`, and return its weights. The check then gives your
# network rows that it has never seen. In these the marked numbers are $-0.5$, 0 or 0.5, so every
# right answer is a multiple of a half, and a prediction that is less than 0.25 away from it counts
# as this answer.
#
# You choose the number of units, 64 at most, the size of the batches, the epochs and the learning
# rate. `new_weights` of section 2 draws weights to begin with. For each task the check gives 256
# rows of 10 steps to learn from and asks for 20 answers, all of which must be right. A guess has no
# chance. Among three values, 20 right guesses in a row happen once in $3^{20}$ times, which is more
# than three billion. Some hundred updates are enough, a few seconds of training. When the notebook
# is graded, your function trains four times; if that takes more than a minute in all, it is stopped
# and gets no points.
#
# The rule of a task does not belong in your function: it is to be learned from `x` and `y`. So the
# check mixes the two columns of `x`, the numbers and the marks: it multiplies every step by one
# random rotation, `(2, 2)`, which loses nothing. A network learns from mixed columns as well. When
# the notebook is graded, $y$ also comes with the opposite sign.


# %% nbgrader={"grade": false, "grade_id": "learn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learn(x, y):
    """Train a network on x and y.

    x: (rows, time, 2), numbers and marks, mixed. y: (rows, 1).
    Returns the weights: kernel, recurrent_kernel, bias, dense_kernel, dense_bias.
    """
    ### BEGIN SOLUTION
    weights = new_weights(x.shape[2], 8, y.shape[1])
    weights, _ = train(weights, x, y, batch_size=16, epochs=40, learning_rate=0.02)
    weights, _ = train(weights, x, y, batch_size=16, epochs=10, learning_rate=0.002)
    return weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "learn-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("learn solves the adding problem and the latch.")
def check_learn():
    from checks import check, draws
    from checks.marked_numbers import LEARN, examples

    def compare(rng, name):
        x, y, to_answer = examples(name, rng)
        check(learn, (x, y), to_answer, LEARN)

    for rng in draws(1):
        compare(rng, "sum")
        compare(rng, "second")
    ### BEGIN HIDDEN TESTS
    for rng in draws(1, seed=78):
        compare(rng, "minus the sum")
        compare(rng, "minus the second")
    ### END HIDDEN TESTS


# %% [markdown]
# ### Measured: the loss falls
#
# The next cell trains your network on both tasks, with rows of 20 steps, and draws the losses. The
# dashed lines show what a network reaches that always answers the mean, 0: the variance of $y$,
# which is 2/3 for the sum and 1/3 for one number. It takes some seconds. Before you run it: which
# of the two tasks will be learned first, and why?

# %%
import matplotlib.pyplot as plt
import numpy as np


def marked_rows(rows, steps, rng):
    """Return x (rows, steps, 2), and the first and the second marked number, each (rows, 1)."""
    number = rng.uniform(-1, 1, size=(rows, steps))
    first, second = (rng.integers(0, steps // 2, size=rows) + k * (steps // 2) for k in (0, 1))
    row, mark = np.arange(rows), np.zeros((rows, steps))
    mark[row, first] = mark[row, second] = 1
    x = np.stack([number, mark], axis=-1).astype("float32")
    return x, number[row, first][:, None], number[row, second][:, None]


rng = np.random.default_rng(1)
x, first, second = marked_rows(512, 20, rng)
x_new, first_new, second_new = marked_rows(1000, 20, rng)
tasks = {
    "adding problem": (first + second, first_new + second_new, "C0-"),
    "latch": (second, second_new, "C1-."),
}
learned = {}
fig, ax = plt.subplots(figsize=(8, 4.5))
try:
    for name, (y, y_new, style) in tasks.items():
        learned[name], losses = train(new_weights(2, 8, 1), x, y, 32, 40, learning_rate=0.02)
        error = np.mean((predict(learned[name], x_new) - y_new) ** 2)
        print(f"{name:15} loss on new rows: {error:.4f}   always 0: {np.mean(y_new**2):.4f}")
        ax.semilogy(losses, style, label=name)
        ax.axhline(np.mean(y_new**2), color=style[:2], linestyle="--")
except NotImplementedError:
    print("Write the functions above first.")
ax.set(xlabel="update", ylabel="mean squared error", title="The loss of each batch")
if learned:
    ax.legend()
plt.show()

# %% [markdown]
# ### Measured: the same weights in Keras
#
# A trained network is its weights. The next cell puts yours into a model of Keras,
# `model.set_weights(learned["latch"])`, and compares what the two predict for the new rows. Keras
# does not run in a browser tab, so there the cell only says so; the check of section 2 has made
# this comparison there, with weights that were trained when the course was built.

# %%
from checks.marked_numbers import predicted_by_keras

for name, weights in learned.items():
    difference = np.abs(predict(weights, x_new) - predicted_by_keras(weights, x_new)).max()
    print(f"{name:15} largest difference from Keras: {difference:.1e}")

# %% [markdown]
# ## 10. In your own words
#
# (a) A colleague's loop computes the loss of a batch and the gradients, updates the weights, and
# then computes the gradients of the *same* batch again to report their norm. The loss of the batch
# has grown by the update. Name two reasons why this may happen although the gradient was right. (b)
# At its first step, Adam moves every weight by the learning rate, whether its gradient is large or
# tiny. Say with the formulas why, and why the moves become smaller where the gradients of a weight
# keep changing their sign. (c) Suppose that every gradient, at every update, is multiplied by 0.001
# before it reaches the optimizer. What does this do to the moves of `sgd_step`, and what to those of
# `adam_step`? Then what can clipping by the global norm change for Adam, and what can it not change?
# Five to ten sentences are enough. A person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** (a) The gradient says how the loss changes for very small steps. With a large
# learning rate the step goes beyond the point at which the loss begins to grow again. Adam,
# besides, does not move along the gradient of this batch: $m$ still holds those of earlier batches,
# and the division by the root of $v$ gives each weight a step size of its own, so that a step may
# lead uphill for this batch. (b) At the first step $m = (1 - \beta_1)\,g$ and $v = (1 -
# \beta_2)\,g^2$. The correction takes both factors away, so the move is $\eta\,g / \sqrt{g^2}$,
# which is $\eta$ with the sign of $g$, as long as $\epsilon$ is small beside $g$. Later, gradients
# of changing sign cancel in $m$, but their squares do not cancel in $v$: the quotient is small, and
# so is the move. (c) The moves of gradient descent become a thousand times smaller. Those of Adam
# stay: $m$ and the root of $v$ both carry the factor 0.001, and in their quotient it cancels, as long
# as $\epsilon$ is small beside the root of $v$. So a limit that shortens all gradients by the same
# factor changes nothing for Adam. What clipping does change is how long one gradient is *beside the
# others*. A single very long one would fill $m$ for about ten updates, and $v$ for about a thousand;
# clipped, it counts like its neighbours.
#
# *Points*: one for two reasons in (a), one for the first step in (b), one for the signs in (b), one
# for the factor that cancels in (c).

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
