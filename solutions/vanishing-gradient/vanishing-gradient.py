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
# # Vanishing gradient
#
# To learn from an early input, a recurrent network needs a gradient that reaches back to it. You
# follow this gradient through tanh, through one step and through many steps. Then you bound it from
# above, and you clip it when it is too long. A check after each function compares it with what
# `tf.GradientTape` measures on a real `keras.layers.SimpleRNN`, or with TensorFlow's own clipping.
#
# **Time**: about 45 minutes. **You need**: Python, NumPy, the step of a recurrent network (the
# assignment *RNN cell*), and the chain rule. The chapter *The vanishing gradient* of the book
# explains each part.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with TensorFlow and, if not, what differs. Run the checks as often as you like. If
# one fails again and again, `hint()` says where to read and where to look. Further checks with
# other sizes and random numbers run when the notebook is graded; they ask for nothing that is not
# written here.
#
# **Shapes** are written `(batch, units)`. All arrays are `float32`, unless the text says otherwise;
# results may be `float32` or `float64`. Do not change the arguments of a function in place.
#
# **Rows.** A state is a row, one for each sample, and matrices stand on its right. A step is
#
# $$h' = \tanh(x\,W + h\,U + b)$$
#
# with the input $x$ `(batch, features)`, the states $h$ and $h'$ `(batch, units)` before and after
# the step, the kernel $W$ `(features, units)`, the recurrent kernel $U$ `(units, units)` and the
# bias $b$ `(units,)`.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. The derivative of tanh
#
# A gradient on its way back through $h = \tanh(z)$ is multiplied by the derivative of tanh. This
# derivative can be written with the *output* $h$ alone, so there is no need to keep $z$:
#
# $$\frac{dh}{dz} = 1 - h^2$$
#
# It works on each number of an array separately. $h$ and the result have the same shape.
#
# *Worked number*: where the output is $h = 0.6$, the derivative is $1 - 0.36 = 0.64$. Where it is
# $-0.6$, the derivative is 0.64 as well.
#
# *A limiting case*: at $h = 0$ the derivative is 1, its largest value. At $h = 1$ and $h = -1$ it
# is 0: a unit that tanh has driven to its limit lets no gradient through.

# %% nbgrader={"grade": false, "grade_id": "tanh_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_derivative(h):
    """Compute the derivative of tanh from its output.

    h: outputs of tanh, an array of any shape. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return 1 - h**2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh_derivative-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("tanh_derivative agrees with tf.GradientTape.")
def check_tanh_derivative():
    from checks import check, draws
    from checks.loading import tf
    from checks.vanishing_gradient import TANH_DERIVATIVE
    from numpy import arctanh

    def compare(z):
        z = tf.constant(z, dtype="float32")
        with tf.GradientTape() as tape:
            tape.watch(z)
            h = tf.tanh(z)
        expected = tape.gradient(h, z)
        check(tanh_derivative, (h.numpy(),), expected, TANH_DERIVATIVE)

    for rng in draws(3):
        compare(rng.normal(size=(4, 7)))
        compare(rng.normal(size=(2, 4, 6)))
    compare(arctanh([0.6, -0.6]))  # 0.64 twice
    compare([-50, 0, 50])  # outputs of -1, 0 and 1: 0, 1, 0
    compare(rng.normal(size=(1, 5)))
    compare(rng.normal(size=(3, 1)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=11):
        compare(rng.normal(size=(2, 5, 8), scale=2))
        compare(rng.normal(size=7))
        compare(rng.normal(size=(1, 6)))
        compare(rng.normal(size=(4, 1)))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. The Jacobian of one step
#
# Push unit $j$ of the old state a little. How much does unit $i$ of the new state move? These
# numbers, for all $i$ and $j$, are the *Jacobian* of the step. Each sample $b$ has one of its own:
#
# $$J_{b,i,j} = \frac{\partial h'_{b,i}}{\partial h_{b,j}}$$
#
# The push passes through two places. First it enters the pre-activation $z = x\,W + h\,U + b$,
# `(batch, units)`. Written out for one number, the part with $h$ is
# $z_{b,i} = \dots + \sum_j h_{b,j}\,U_{j,i}$, so unit $j$ acts on unit $i$ with the factor
# $U_{j,i}$. Then it goes through tanh:
#
# $$J_{b,i,j} = \bigl(1 - (h'_{b,i})^2\bigr)\; U_{j,i}$$
#
# Look at the indices. In $U$ the old unit $j$ is the row, because a state is a row and stands on
# the left of $U$. In $J$ the old unit $j$ is the column. Hence the transpose. And the derivative of
# tanh belongs to the *new* unit $i$.
#
# | symbol | name here | shape |
# |---|---|---|
# | $h'$ | `h_new`, the state after the step | `(batch, units)` |
# | $U$ | `recurrent_kernel` | `(units, units)` |
# | $J$ | the Jacobian of each sample | `(batch, units, units)` |
#
# *Worked number*: one sample, two units, $h' = [0.5, -0.8]$ and
# $U = \begin{bmatrix}1 & 2\\ 3 & 4\end{bmatrix}$. The derivatives of tanh are $[0.75, 0.36]$, so
# $J = \begin{bmatrix}0.75 & 2.25\\ 0.72 & 1.44\end{bmatrix}$. The 2.25 is $0.75 \cdot 3$.
#
# *A limiting case*: if unit $i$ of the new state is at 1, row $i$ of $J$ is zero. Nothing in the
# old state moves this unit any more.

# %% nbgrader={"grade": false, "grade_id": "step_jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_jacobian(h_new, recurrent_kernel):
    """Compute the Jacobian of one step: the derivative of the new state with respect to the old.

    h_new: (batch, units), the state after the step. recurrent_kernel: (units, units).
    Returns J (batch, units, units): J[b, i, j] is the derivative of h_new[b, i] with respect to
    h[b, j].
    """
    ### BEGIN SOLUTION
    return tanh_derivative(h_new)[:, :, None] * recurrent_kernel.T
    ### END SOLUTION


# %% [markdown]
# **How the check reads this off Keras.** `simple_rnn` returns a `keras.layers.SimpleRNN` that holds
# the given weights. `tf.GradientTape` records what it does with the old state in one step; its
# `batch_jacobian` then returns the derivatives, sample by sample. For the worked number the old
# state is zero, and the kernel brings the new one to $[0.5, -0.8]$.

# %% nbgrader={"grade": true, "grade_id": "step_jacobian-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("step_jacobian agrees with tf.GradientTape.")
def check_step_jacobian():
    from checks import check, draws
    from checks.inputs import RNNInputs, float32, rnn_inputs
    from checks.keras_rnn import simple_rnn
    from checks.loading import tf
    from checks.vanishing_gradient import STEP_JACOBIAN
    from numpy import arctanh

    def compare(inputs):
        x, h, *weights = inputs
        layer = simple_rnn(*weights)
        h = tf.constant(h)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(h)
            h_new = layer(x[:, None], initial_state=h)
        expected = tape.batch_jacobian(h_new, h, experimental_use_pfor=False)
        check(step_jacobian, (h_new.numpy(), inputs.recurrent_kernel), expected, STEP_JACOBIAN)

    worked = RNNInputs(
        x=float32([[1]]),
        h=float32([[0, 0]]),
        kernel=float32(arctanh([[0.5, -0.8]])),
        recurrent_kernel=float32([[1, 2], [3, 4]]),
        bias=float32([0, 0]),
    )
    for rng in draws(3):
        inputs = rnn_inputs(rng, batch=3, features=5, units=8)
        compare(inputs)
        compare(inputs._replace(bias=float32(1000 * (inputs.bias > 0.3))))  # some units at 1
    compare(worked)  # [[0.75, 2.25], [0.72, 1.44]]
    compare(rnn_inputs(rng, batch=1, features=2, units=4))
    compare(rnn_inputs(rng, batch=4, features=2, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=12):
        compare(rnn_inputs(rng, batch=7, features=2, units=5))
        compare(rnn_inputs(rng, batch=2, features=4, units=1))
        compare(rnn_inputs(rng, batch=1, features=4, units=6))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. Many steps
#
# After `time` steps the last state $h_T$ depends on the initial state $h_0$ through all states in
# between. By the chain rule the Jacobians of the steps multiply:
#
# $$\frac{\partial h_T}{\partial h_0} = J_T\, J_{T-1} \cdots J_2\, J_1$$
#
# $T$ is `time`, and $J_t$ `(batch, units, units)` is the Jacobian of step $t$, from $h_{t-1}$ to
# $h_t$. The products are matrix products, sample by sample. The order matters: the step that comes
# first stands on the right.
#
# All Jacobians come in one array, `jacobians`, with shape `(time, batch, units, units)`. Python
# counts from 0: `jacobians[0]` is $J_1$. There is at least one step; with one step the result is
# its Jacobian. `@` multiplies stacks of matrices pair by pair; `np.dot` does not.
#
# *Worked number*: one sample, two units, two steps,
# $J_1 = \begin{bmatrix}0 & 2\\ 0 & 0\end{bmatrix}$,
# $J_2 = \begin{bmatrix}1 & 0\\ 1 & 0\end{bmatrix}$. The result is
# $J_2\,J_1 = \begin{bmatrix}0 & 2\\ 0 & 2\end{bmatrix}$. The other order would give
# $\begin{bmatrix}2 & 0\\ 0 & 0\end{bmatrix}$.
#
# *A limiting case*: if every step halves everything, each $J_t$ has 0.5 on the diagonal and 0
# elsewhere. After 10 steps the diagonal holds $0.5^{10} = 0.00098$.

# %% nbgrader={"grade": false, "grade_id": "jacobian_product", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian_product(jacobians):
    """Compute the derivative of the last state with respect to the initial state.

    jacobians: (time, batch, units, units), the Jacobian of each step, the first step first.
    Returns (batch, units, units).
    """
    ### BEGIN SOLUTION
    product = jacobians[0]
    for jacobian in jacobians[1:]:
        product = jacobian @ product
    return product
    ### END SOLUTION


# %% [markdown]
# The check lets `tf.GradientTape` differentiate a whole run of the layer at once. `read_jacobians`
# measures the Jacobians of the single steps of the same run, and your function gets these. For the
# worked number, `chain_jacobian` differentiates two linear steps that have the Jacobians $J_1$ and
# $J_2$.

# %% nbgrader={"grade": true, "grade_id": "jacobian_product-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("jacobian_product agrees with tf.GradientTape.")
def check_jacobian_product():
    from checks import check, draws
    from checks.inputs import float32, rnn_inputs
    from checks.keras_rnn import simple_rnn
    from checks.keras_rnn_gradient import chain_jacobian, read_jacobians
    from checks.loading import tf
    from checks.vanishing_gradient import JACOBIAN_PRODUCT

    def compare(inputs):
        x, h, *weights = inputs
        layer = simple_rnn(*weights)
        start = tf.constant(h)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(start)
            last = layer(x, initial_state=start)
        expected = tape.batch_jacobian(last, start, experimental_use_pfor=False)
        check(jacobian_product, (read_jacobians(*inputs),), expected, JACOBIAN_PRODUCT)

    def compare_linear(jacobians):
        check(jacobian_product, (jacobians,), chain_jacobian(jacobians), JACOBIAN_PRODUCT)

    halves = [[0.5, 0], [0, 0.5]]
    for rng in draws(3):
        compare(rnn_inputs(rng, batch=3, time=5, features=2, units=8))
    compare_linear(float32([[[[0, 2], [0, 0]]], [[[1, 0], [1, 0]]]]))  # [[0, 2], [0, 2]]
    compare_linear(float32([[halves]] * 10))  # 0.00098 on the diagonal
    compare(rnn_inputs(rng, batch=1, time=6, features=2, units=4))
    compare(rnn_inputs(rng, batch=4, time=1, features=2, units=6))
    compare(rnn_inputs(rng, batch=2, time=4, features=6, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=13):
        compare(rnn_inputs(rng, batch=7, time=4, features=9, units=2))
        compare(rnn_inputs(rng, batch=2, time=1, features=6, units=4))
        compare(rnn_inputs(rng, batch=1, time=3, features=7, units=5))
        compare(rnn_inputs(rng, batch=5, time=3, features=7, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. The gradient against the lag
#
# Training starts from a loss $L$, one number. Suppose that its gradient with respect to the last
# state is known: $\partial L / \partial h_T$, `dh` with shape `(batch, units)`. From there the
# gradient goes back, one step at a time. All paths from $h_{t-1}$ to the loss lead through the
# units of $h_t$, so the chain rule adds over them:
#
# $$\frac{\partial L}{\partial h_{t-1,b,j}} =
# \sum_i \frac{\partial L}{\partial h_{t,b,i}}\; J_{t,b,i,j}$$
#
# For each sample `dh` holds a row, not a matrix, so `dh @ J` would pair every row with every
# matrix.
#
# The *lag* $k$ counts the steps back: at lag 0 the gradient is `dh`, at lag 1 it is
# $\partial L / \partial h_{T-1}$, at lag `time` it is $\partial L / \partial h_0$. How much of it
# is left? Its norm says how much: one number for each sample, the root of the sum of the squares
# over the units.
#
# $$\left\lVert \frac{\partial L}{\partial h_{T-k,b}} \right\rVert =
# \sqrt{\sum_j \Bigl(\frac{\partial L}{\partial h_{T-k,b,j}}\Bigr)^2}$$
#
# Return the norms for all lags, $k = 0, 1, \dots,$ `time`, in one array `(time + 1, batch)`.
#
# *Worked number*: one sample, two units, one step, `dh` $= [3, 4]$ and
# $J_1 = \begin{bmatrix}0 & 2\\ 0.5 & 0\end{bmatrix}$. At lag 0 the norm is 5. At lag 1 the gradient
# is $[4 \cdot 0.5,\; 3 \cdot 2] = [2, 6]$, and its norm is 6.3246.
#
# *A limiting case*: if every Jacobian halves everything, the norms are halved at every lag. On a
# logarithmic axis they lie on a straight line.

# %% nbgrader={"grade": false, "grade_id": "gradient_norms", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_norms(dh, jacobians):
    """Compute the norm of the loss' gradient with respect to each state, against the lag.

    dh: (batch, units), the gradient with respect to the last state.
    jacobians: (time, batch, units, units), the Jacobian of each step, the first step first.
    Returns (time + 1, batch): row k belongs to the state k steps before the last one.
    """
    ### BEGIN SOLUTION
    gradients = [dh]
    for jacobian in jacobians[::-1]:
        dh = np.einsum("bi,bij->bj", dh, jacobian)
        gradients.append(dh)
    return np.linalg.norm(gradients, axis=-1)
    ### END SOLUTION


# %% [markdown]
# The check runs the layer step by step, so that the tape sees every state. Its loss is the sum of
# `dh` times the last state: the gradient of this loss with respect to the last state is `dh`. For
# the worked number, `chain_gradients` does the same with linear steps that have given Jacobians.

# %% nbgrader={"grade": true, "grade_id": "gradient_norms-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("gradient_norms agrees with tf.GradientTape.")
def check_gradient_norms():
    from checks import check, draws
    from checks.inputs import float32, normal, rnn_inputs
    from checks.keras_rnn import simple_rnn
    from checks.keras_rnn_gradient import chain_gradients, read_jacobians
    from checks.loading import tf
    from checks.vanishing_gradient import GRADIENT_NORMS

    def compare(inputs, rng):
        x, h, *weights = inputs
        layer = simple_rnn(*weights)
        (dh,), states = normal(rng, h.shape), [tf.constant(h)]
        with tf.GradientTape() as tape:
            tape.watch(states)
            for x_t in x.swapaxes(0, 1):
                states.append(layer(x_t[:, None], initial_state=states[-1]))
            loss = tf.reduce_sum(dh * states[-1])
        expected = tf.norm(tape.gradient(loss, states[::-1]), axis=-1)
        check(gradient_norms, (dh, read_jacobians(*inputs)), expected, GRADIENT_NORMS)

    def compare_linear(dh, jacobians):
        expected = tf.norm(chain_gradients(dh, jacobians), axis=-1)
        check(gradient_norms, (dh, jacobians), expected, GRADIENT_NORMS)

    dh, halves = float32([[3, 4]]), [[0.5, 0], [0, 0.5]]
    for rng in draws(3):
        compare(rnn_inputs(rng, batch=3, time=5, features=2, units=8), rng)
    compare_linear(dh, float32([[[[0, 2], [0.5, 0]]]]))  # 5 and 6.3246
    compare_linear(dh, float32([[halves]] * 4))  # 5, 2.5, 1.25 and so on
    compare(rnn_inputs(rng, batch=1, time=6, features=2, units=4), rng)
    compare(rnn_inputs(rng, batch=4, time=1, features=2, units=6), rng)
    compare(rnn_inputs(rng, batch=2, time=4, features=6, units=1), rng)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=14):
        compare(rnn_inputs(rng, batch=7, time=4, features=9, units=2), rng)
        compare(rnn_inputs(rng, batch=2, time=1, features=6, units=4), rng)
        compare(rnn_inputs(rng, batch=1, time=3, features=7, units=5), rng)
        compare(rnn_inputs(rng, batch=5, time=3, features=7, units=1), rng)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. A bound from the recurrent kernel
#
# How much can be left at a lag, whatever the inputs are? The *spectral norm* of a matrix is the
# largest factor by which it can stretch a vector. It equals the largest *singular value* of the
# matrix. For the Jacobian of a step, two factors bound it: the derivative of tanh is at most 1, and
# the recurrent kernel $U$ stretches by at most its largest singular value $\sigma$. So every step
# multiplies a gradient's norm by at most $\sigma$, and for $k$ steps
#
# $$\lVert J_T \cdots J_{T-k+1} \rVert \;\le\; \sigma^k$$
#
# (Pascanu, Mikolov and Bengio, 2013). Write a function that gives this bound for each lag $k$ in
# `lags`, an array of whole numbers with shape `(lags,)`, in any order. The result has the same
# shape. `np.linalg.svd` computes singular values.
#
# *Worked number*: $U = \begin{bmatrix}0.5 & 1\\ 0 & 0.5\end{bmatrix}$ has the singular values
# 1.2071 and 0.2071. For the lags 0, 1, 2 and 10 the bounds are 1, 1.2071, 1.4571 and 6.5684.
#
# *A limiting case*: all singular values of an orthogonal $U$ are 1, so the bound is 1 at every lag:
# such a kernel cannot make a gradient longer. With $\sigma = 0.9$ the bound is 0.0052 at lag 50:
# the gradient *must* vanish.
#
# A bound above 1 is no forecast. Without tanh, the 10 steps of the worked number stretch by at most
# 0.0196, far less than 6.5684: no vector lies in the direction of the longest stretch at every
# step.

# %% nbgrader={"grade": false, "grade_id": "norm_bound", "locked": false, "schema_version": 3, "solution": true, "task": false}
def norm_bound(recurrent_kernel, lags):
    """Bound the factor by which a gradient's norm can grow over some steps.

    recurrent_kernel: (units, units). lags: array (lags,) of whole numbers, 0 or more.
    Returns an array (lags,): the largest singular value to the power of each lag.
    """
    ### BEGIN SOLUTION
    sigma = np.linalg.svd(recurrent_kernel, compute_uv=False).max()
    return sigma**lags
    ### END SOLUTION


# %% [markdown]
# **How the check reads this off Keras.** The worst case is a step that stretches by $\sigma$ every
# time. A `SimpleRNN` with one unit, without tanh and with the recurrent kernel $[[\sigma]]$ does
# just that: from a state of 1 and with inputs of zero, its states are the bounds. TensorFlow
# computes $\sigma$.

# %% nbgrader={"grade": true, "grade_id": "norm_bound-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("norm_bound agrees with the worst case in Keras.")
def check_norm_bound():
    from checks import check, draws
    from checks.inputs import float32
    from checks.loading import keras, tf
    from checks.vanishing_gradient import NORM_BOUND
    from numpy import append, array, full, linalg, ones, zeros

    layer = keras.layers.SimpleRNN(1, activation="linear", return_sequences=True, unroll=True)
    layer.build((1, 50, 1))

    def compare(recurrent_kernel, lags):
        sigma = tf.linalg.svd(recurrent_kernel, compute_uv=False)[0]
        layer.set_weights([zeros((1, 1)), full((1, 1), sigma), zeros(1)])
        states = layer(zeros((1, 50, 1)), initial_state=ones((1, 1)))
        expected = append(1, states)[lags]  # the bounds for the lags 0 to 50
        check(norm_bound, (recurrent_kernel, lags), expected, NORM_BOUND)

    for rng in draws(3):
        kernel = float32(rng.normal(scale=0.7, size=(5, 5)))
        compare(kernel, lags=rng.permutation([0, 1, 2, 3, 5, 7, 11, 13]))
        compare(linalg.qr(kernel)[0], lags=array([0, 1, 2, 30]))  # orthogonal: 1 at every lag
    compare(float32([[0.5, 1], [0, 0.5]]), lags=array([0, 1, 2, 10]))  # 1, 1.2071, 1.4571, 6.5684
    compare(float32([[0.9]]), lags=array([50]))  # 0.0052
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=15):
        compare(float32(rng.normal(scale=0.3, size=(3, 3))), lags=rng.permutation([0, 1, 4, 9, 16]))
        compare(float32(rng.normal(size=(1, 1))), lags=array([8, 3, 5]))
        compare(float32(rng.normal(scale=0.4, size=(4, 4))), lags=array([6]))
    ### END HIDDEN TESTS

# %% [markdown]
# The next cell is not graded. It measures how much of the stretch is real: the spectral norm of
# $\partial h_k / \partial h_0$ after $k$ steps of a Keras layer, beside $\sigma$. Compare its
# numbers with your bounds: in a cell of your own, run
# `norm_bound(measured_kernel, np.array([1, 5, 10, 20]))`. These weights are drawn larger than Keras
# draws them: here the gradient grows, though far less than the bound allows.

# %% nbgrader={"grade": false, "grade_id": "measured-stretch", "locked": true, "schema_version": 3, "solution": false, "task": false}
def measure_stretch():
    """Print how much a Keras layer stretches after some steps; return its recurrent kernel."""
    from builtins import print

    from checks.inputs import rnn_inputs
    from checks.keras_rnn_gradient import read_jacobian
    from checks.loading import tf
    from numpy.random import default_rng

    x, h, *weights = rnn_inputs(default_rng(5), batch=1, features=3, units=8, time=20)
    sigma = tf.linalg.svd(weights[1], compute_uv=False)[0]
    print(f"largest singular value: {sigma:.2f}")
    for k in (1, 5, 10, 20):
        jacobian = read_jacobian(x[:, :k], h, *weights)[0]
        stretch = tf.linalg.svd(jacobian, compute_uv=False)[0]
        print(f"after {k:2} steps: {stretch:.2g}")
    return weights[1]


measured_kernel = measure_stretch()

# %% [markdown]
# ## 6. Clipping
#
# Where gradients explode, one long gradient can throw the weights far off. *Clipping by global
# norm* shortens it (Pascanu, Mikolov and Bengio, 2013). A model has several arrays of weights, and
# so several gradients $g_1, g_2, \dots$, each an array with a shape of its own. The *global norm*
# $n$, one number, is the norm of all their numbers together:
#
# $$n = \sqrt{\sum_{m} \lVert g_m \rVert^2}$$
#
# $\lVert g_m \rVert^2$ is the sum of the squares of all numbers in $g_m$. If $n$ is larger than
# `clip_norm`, a positive number, all arrays are multiplied by the same factor, so that their global
# norm becomes `clip_norm`:
#
# $$g_m \leftarrow g_m \cdot \frac{\text{clip\_norm}}{n}$$
#
# If $n$ is not larger, the gradients stay as they are. One factor for all arrays keeps the
# direction of the step: only its length changes.
#
# Return two things: a list of the clipped arrays, and the global norm $n$ *before* clipping.
#
# *Worked number*: $g_1 = [3, 4]$ and $g_2 = [12]$ have the global norm $\sqrt{9 + 16 + 144} = 13$.
# With `clip_norm=6.5` the factor is 0.5: the result is $[1.5, 2]$, $[6]$ and 13. With
# `clip_norm=20` it is $[3, 4]$, $[12]$ and 13.
#
# *A limiting case*: gradients of zeros have the norm 0. They stay zeros; a division by 0 must not
# turn them into NaN.

# %% nbgrader={"grade": false, "grade_id": "clip_by_global_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_global_norm(gradients, clip_norm):
    """Shorten gradients to a global norm of at most clip_norm.

    gradients: list of arrays of any shapes. clip_norm: a positive number.
    Returns (clipped, global_norm): a list of arrays, and the norm before clipping, a number.
    """
    ### BEGIN SOLUTION
    global_norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    factor = clip_norm / max(global_norm, clip_norm)
    return [gradient * factor for gradient in gradients], global_norm
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "clip_by_global_norm-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("clip_by_global_norm agrees with TensorFlow.")
def check_clip_by_global_norm():
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.loading import tf
    from checks.vanishing_gradient import CLIP_BY_GLOBAL_NORM, clip_limits

    def compare(gradients, clip_norm):
        expected = tf.clip_by_global_norm(gradients, clip_norm)
        check(clip_by_global_norm, (gradients, clip_norm), expected, CLIP_BY_GLOBAL_NORM)

    def compare_all(gradients):
        for limit in clip_limits(gradients):
            compare(gradients, limit)

    worked = [float32([3, 4]), float32([12])]
    for rng in draws(3):
        compare_all(normal(rng, (7, 3), (3, 9), (5,)))
    compare(worked, clip_norm=6.5)  # [1.5, 2], [6] and 13
    compare(worked, clip_norm=20.0)  # [3, 4], [12] and 13
    compare(worked, clip_norm=1e5)  # more than float16 holds
    compare([0 * gradient for gradient in worked], clip_norm=1.0)  # zeros and 0
    compare_all(normal(rng, (2, 4, 6)))
    compare_all(normal(rng, (1, 4), (6, 1), (1,), (3,)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=16):
        compare_all([9 * gradient for gradient in normal(rng, (3,), (5, 7, 9))])
        compare_all(normal(rng, (8,)))
        compare_all(normal(rng, (1,), (6, 2), (1, 4)))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 7. In your own words
#
# Someone says: "The largest singular value of my recurrent kernel is 1.2, so the gradients of my
# simple RNN explode. I clip them by global norm, and that solves the problem. Had I scaled the
# kernel to a largest singular value of 0.9, there would have been no problem at all." Put this
# right. Say what a largest singular value of 1.2 tells you and what it does not tell you, and why.
# Say what 0.9 means for a loss that depends on an input 50 steps back, with a number. Say what
# clipping does to a gradient, and whether it brings back what has vanished. Four to eight sentences
# are enough. A person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** A largest singular value of 1.2 only gives a bound, $1.2^k$ at lag $k$: it
# permits explosion and does not prove it. The derivative of tanh is below 1 wherever a unit is not
# at 0, and a vector need not lie in the direction that the kernel stretches most, step after step;
# the gradient may even vanish. With 0.9 the bound is $0.9^{50} = 0.0052$: at most half a percent of
# the gradient's norm reaches the state 50 steps back, so the network hardly learns from inputs so
# far away. That is the other problem, not the absence of one. Clipping multiplies the whole
# gradient by one factor when its norm is too large. Its direction stays, so the shares of near and
# far steps in it stay as they were: clipping tames long gradients, and brings back nothing that has
# vanished.
#
# *Points*: one for the bound that permits and does not prove, one for a reason (tanh, or the
# directions), one for 0.9 with the number, one for what clipping does and cannot do.

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with TensorFlow, which differ, which are not
# started, and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
