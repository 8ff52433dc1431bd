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
# # The gradient of an LSTM
#
# You write the backward pass of an LSTM: through the hidden state, the cell state and the gates,
# then through a whole step, and back through time. Last, you measure what the cell path alone lets
# through: the product of the forget gates. A check after each function compares it with what
# `tf.GradientTape` finds for a real `keras.layers.LSTM` with the same weights.
#
# **Time**: about 60 minutes. **You need**: the equations of an LSTM step (assignments *LSTM gates*
# and *An LSTM layer*) and the chain rule. The chapter *Backward through an LSTM* of the book
# takes the gradient through each part, and *The vanishing gradient* explains why it matters.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with `tf.GradientTape` and, if not, what differs. Run the checks as often as you
# like. If one fails again and again, `hint()` says where to read and where to look. Further checks
# with other sizes and random numbers run when the notebook is graded; they ask for nothing that is
# not written here.
#
# **Shapes** are written `(batch, time, features)`. All arrays are `float32`; results may be
# `float32` or `float64`. Where a function returns several arrays, a tuple and a list are both fine.
# Do not change the arguments of a function in place.
#
# **Names.** Somewhere after the LSTM there is a loss: one number, $L$. For any array in the forward
# pass, `d_` followed by its name stands for the gradient of $L$ with respect to that array, and has
# its shape. For the input and the states of a whole step we write `dx`, `dh` and `dc`. You never
# see the loss itself. A backward function is told what *arrives* at its results, and returns what
# goes on to its arguments through this function. Another path may add to it.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. Back through the hidden state
#
# Forward, the hidden state is $h = o \odot \tanh(c)$, where $o$ is the output gate and $c$ the new
# cell state. $\odot$ multiplies number by number. All arrays here have shape `(batch, units)`.
#
# Backward, a gradient $\partial L / \partial h$, `dh`, arrives at $h$. A product passes to each of
# its factors what arrives, times the *other* factor. So the output gate gets
#
# $$\frac{\partial L}{\partial o} = \frac{\partial L}{\partial h} \odot \tanh(c)$$
#
# and $\tanh(c)$ gets $\partial L / \partial h \odot o$. This still has to pass through the tanh to
# reach $c$. The derivative of $\tanh$ at $c$ is $1 - \tanh^2(c)$.
#
# *Worked number*: $o = 0.5$, $c = 1.6$, so $\tanh(c) = 0.9217$. With `dh = 2`: `d_output` = 1.8433
# and `d_c` = 0.1505.
#
# *A limiting case*: a closed output gate, $o = 0$, lets nothing through to the cell along this
# path. A cell state far from 0 is in the flat part of tanh: at $c = 10$ the derivative is
# $8 \cdot 10^{-9}$.
#
# **How the check reads this off Keras.** `layer_with_gates` makes a Keras LSTM whose gates have no
# activation: each gate *is* its pre-activation. Sample $n$ of the input is 1 at feature $n$ and 0
# elsewhere, so row $n$ of the kernel holds the gates of sample $n$, and the tape's gradient with
# respect to the kernel is the gradient with respect to the gates. With input gate 0 and forget gate
# 1 the cell copies itself. What remains of the step is the hidden state.

# %% nbgrader={"grade": false, "grade_id": "hidden_state_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_state_backward(dh, output, c):
    """Pass a gradient from the hidden state back to the output gate and the new cell state.

    dh: the gradient that arrives at h. output: the output gate. c: the new cell state.
    All are (batch, units). Returns d_output and d_c, each (batch, units).
    """
    ### BEGIN SOLUTION
    tanh_c = np.tanh(c)
    return dh * tanh_c, dh * output * (1 - tanh_c**2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hidden_state_backward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("hidden_state_backward agrees with tf.GradientTape.")
def check_hidden_state_backward():
    from checks import check, draws
    from checks.inputs import float32
    from checks.keras_lstm import one_hot
    from checks.keras_lstm_gradient import layer_with_gates
    from checks.loading import tf
    from checks.lstm_gradient import HIDDEN_STATE_BACKWARD, hidden_state_inputs

    def compare(dh, output, c):
        batch, units = c.shape
        layer = layer_with_gates(input=0, forget=1, candidate=0, output=output)
        start = tf.Variable(c)
        with tf.GradientTape() as tape:
            _, h, _ = layer(one_hot(batch), initial_state=[tf.zeros_like(start), start])
        d_kernel, d_c = tape.gradient(h, [layer.cell.kernel, start], output_gradients=dh)
        expected = d_kernel[:, 3 * units :], d_c  # the fourth block of the kernel
        check(hidden_state_backward, (dh, output, c), expected, HIDDEN_STATE_BACKWARD)

    for rng in draws(3):
        compare(*hidden_state_inputs(rng, batch=3, units=5))
    dh, c = float32([[2]]), float32([[1.6]])
    compare(dh, float32([[0.5]]), c)  # 1.8433 and 0.1505
    compare(dh, float32([[0]]), c)  # a closed output gate: 1.8433 and 0
    compare(dh, float32([[0.5]]), float32([[10]]))  # the flat part of tanh: 2 and 0.00000001
    compare(*hidden_state_inputs(rng, batch=1, units=6))
    compare(*hidden_state_inputs(rng, batch=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=31):
        compare(*hidden_state_inputs(rng, batch=5, units=2))
        compare(*hidden_state_inputs(rng, batch=1, units=3))
        compare(*hidden_state_inputs(rng, batch=6, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. Back through the cell state
#
# Forward, the new cell state is a sum of two products, $c' = f \odot c + i \odot \tilde c$, with
# the forget gate $f$, the old cell state $c$, the input gate $i$ and the candidate $\tilde c$. All
# have shape `(batch, units)`.
#
# Backward, `dc` arrives at the new cell state $c'$. A sum passes what arrives to each of its terms,
# unchanged. A product passes to each factor what arrives, times the other factor. Apply this to all
# four factors, and return their gradients in the order $f$, $i$, $\tilde c$, $c$.
#
# *Worked number*: $f = 0.9$, $c = 3$, $i = 0.5$, $\tilde c = -0.4$ and `dc = 2` give
# `d_forget` = 6, `d_input` = $-0.8$, `d_candidate` = 1 and `d_c_previous` = 1.8.
#
# *A limiting case*: with the forget gate at 1 the gradient of the old cell state is that of the new
# one. There is no matrix and no tanh on this path: nothing shrinks, nothing grows. With the forget
# gate at 0 nothing goes further back.

# %% nbgrader={"grade": false, "grade_id": "cell_state_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cell_state_backward(dc, forget, input, candidate, c_previous):
    """Pass a gradient from the new cell state back to what it was made of.

    dc: the gradient that arrives at the new cell state. forget, input, candidate: as in the
    forward pass. c_previous: the old cell state. All are (batch, units).
    Returns d_forget, d_input, d_candidate and d_c_previous, each (batch, units).
    """
    ### BEGIN SOLUTION
    return dc * c_previous, dc * candidate, dc * input, dc * forget
    ### END SOLUTION


# %% [markdown]
# The check again uses a layer with given gates, this time without any activation: the candidate,
# too, is what stands in the kernel.

# %% nbgrader={"grade": true, "grade_id": "cell_state_backward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("cell_state_backward agrees with tf.GradientTape.")
def check_cell_state_backward():
    from checks import check, draws
    from checks.inputs import float32
    from checks.keras_lstm import one_hot
    from checks.keras_lstm_gradient import layer_with_gates
    from checks.loading import tf
    from checks.lstm_gradient import CELL_STATE_BACKWARD, cell_state_inputs

    def compare(dc, forget, input, candidate, c):
        layer = layer_with_gates(input, forget, candidate, output=1, activation="linear")
        start = tf.Variable(c)
        with tf.GradientTape() as tape:
            states = [tf.zeros_like(start), start]
            _, _, c_new = layer(one_hot(c.shape[0]), initial_state=states)
        d_kernel, d_c = tape.gradient(c_new, [layer.cell.kernel, start], output_gradients=dc)
        d_input, d_forget, d_candidate, _ = tf.split(d_kernel, 4, axis=1)
        arguments = dc, forget, input, candidate, c
        expected = d_forget, d_input, d_candidate, d_c
        check(cell_state_backward, arguments, expected, CELL_STATE_BACKWARD)

    for rng in draws(3):
        compare(*cell_state_inputs(rng, batch=3, units=5))
    dc, input, candidate, c = float32([[[2]], [[0.5]], [[-0.4]], [[3]]])
    compare(dc, float32([[0.9]]), input, candidate, c)  # 6, -0.8, 1 and 1.8
    compare(dc, float32([[1]]), input, candidate, c)  # d_c_previous = dc
    compare(dc, float32([[0]]), input, candidate, c)  # d_c_previous = 0
    compare(*cell_state_inputs(rng, batch=1, units=6))
    compare(*cell_state_inputs(rng, batch=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=32):
        compare(*cell_state_inputs(rng, batch=5, units=2))
        compare(*cell_state_inputs(rng, batch=1, units=3))
        compare(*cell_state_inputs(rng, batch=6, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. Back through the activations
#
# Each gate, and the candidate, is an activation applied to a pre-activation: $i = \sigma(z_i)$,
# $f = \sigma(z_f)$, $\tilde c = \tanh(z_c)$, $o = \sigma(z_o)$. Both derivatives can be written
# with the *value*, so that the pre-activation need not be kept:
#
# $$\sigma'(z) = \sigma(z)\,(1 - \sigma(z)) \qquad \tanh'(z) = 1 - \tanh^2(z)$$
#
# Multiply what arrives at each of the four by its derivative. Then put the four results side by
# side in Keras' order i, f, c, o: one array $\partial L / \partial z$, `d_z`, of shape
# `(batch, 4 * units)`, as the pre-activations stood in the forward pass. All arguments have shape
# `(batch, units)`, and come in the same order.
#
# *Worked number*: with the input gate at 0.5 and `d_input = 2`, the first block is
# $2 \cdot 0.5 \cdot 0.5 = 0.5$. With the candidate at $-0.6$ and `d_candidate = 2`, the third block
# is $2 \cdot (1 - 0.36) = 1.28$.
#
# *A limiting case*: a gate that is fully open or fully closed, 1 or 0, has the derivative 0. It
# lets everything through or nothing, but it can no longer be taught at this step. The derivative of
# a gate is never above 0.25.
#
# **How the check reads this off Keras.** As in *LSTM gates*, the other blocks are frozen until the
# layer shows one gate alone. `gate_with_gradient` returns that gate and what the tape finds for its
# pre-activation: an array `(batch, 4 * units)` that is zero outside the gate's own block.

# %% nbgrader={"grade": false, "grade_id": "gates_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gates_backward(d_input, d_forget, d_candidate, d_output, input, forget, candidate, output):
    """Pass gradients from the gates and the candidate back to the pre-activations.

    d_input, d_forget, d_candidate, d_output: what arrives. input, forget, candidate, output: the
    values in the forward pass, after the activation. All are (batch, units).
    Returns d_z (batch, 4 * units), in Keras' order.
    """
    ### BEGIN SOLUTION
    d_z_i = d_input * input * (1 - input)
    d_z_f = d_forget * forget * (1 - forget)
    d_z_c = d_candidate * (1 - candidate**2)
    d_z_o = d_output * output * (1 - output)
    return np.concatenate([d_z_i, d_z_f, d_z_c, d_z_o], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gates_backward-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("gates_backward agrees with tf.GradientTape.")
def check_gates_backward():
    from checks import check, draws
    from checks.blocks import BLOCKS
    from checks.inputs import float32, normal
    from checks.keras_lstm_gradient import gate_with_gradient
    from checks.loading import tf
    from checks.lstm_gradient import GATES_BACKWARD

    def compare(arriving, pre_activations):
        """Compare with four arrays for each: input gate, forget gate, candidate, output gate."""
        pairs = [
            gate_with_gradient(gate, pre_activations[place], arriving[place])
            for gate, place in BLOCKS.items()
        ]
        values = [value for value, _ in pairs]
        expected = tf.add_n([d_z for _, d_z in pairs])  # each is zero outside its own block
        check(gates_backward, (*arriving, *values), expected, GATES_BACKWARD)

    def compare_random(rng, batch, units, scale=1):
        arrays = normal(rng, *[(batch, units)] * 8)
        compare([scale * array for array in arrays[:4]], arrays[4:])

    for rng in draws(3):
        compare_random(rng, batch=3, units=5)
    compare_random(rng, batch=3, units=5, scale=20)  # however large, a gradient is passed on whole
    two = float32([[[2]]] * 4)
    compare(two, float32([[[0]], [[0]], [[-0.693147]], [[0]]]))  # 0.5, 0.5, 1.28 and 0.5
    compare(two, float32([[[1000]], [[-1000]], [[0]], [[1000]]]))  # open, closed, open: 0
    compare_random(rng, batch=1, units=6)
    compare_random(rng, batch=4, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=33):
        compare_random(rng, batch=5, units=2)
        compare_random(rng, batch=1, units=3)
        compare_random(rng, batch=6, units=1)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. Back through a whole step
#
# Now the three parts meet. The values of the forward pass are given in a dict, the *cache*; here
# they are read off Keras.
#
# | key | what it is | shape |
# |---|---|---|
# | `"x"` | the input $x$ of this step | `(batch, features)` |
# | `"h_previous"` | the hidden state $h$ before the step | `(batch, units)` |
# | `"c_previous"` | the cell state $c$ before the step | `(batch, units)` |
# | `"input"`, `"forget"` | the gates $i$ and $f$ | `(batch, units)` |
# | `"candidate"`, `"output"` | the candidate $\tilde c$ and the gate $o$ | `(batch, units)` |
# | `"c"` | the new cell state $c'$ | `(batch, units)` |
#
# **Two gradients meet at the new cell state.** It is used twice: it goes on to the next step, from
# which `dc` arrives, and it makes the new hidden state $h'$, at which `dh` arrives. Where a value
# is used twice, its gradient is the sum of what comes back along both paths. Only this sum goes on
# through the cell state.
#
# The gates' gradients lead to `d_z`. Forward, the pre-activations were $z = x\,W + h\,U + b$, with
# $W$ `kernel` `(features, 4 * units)`, $U$ `recurrent_kernel` `(units, 4 * units)` and $b$ `bias`
# `(4 * units,)`. Backward, the two matrix products give
#
# $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial z}\,W^{\top} \qquad
# \frac{\partial L}{\partial W} = x^{\top}\,\frac{\partial L}{\partial z}$$
#
# and in the same way for $h$ and $U$. The bias was added to every sample, so its gradient is the
# sum of `d_z` over the batch. Use your three functions from above, and mind their two orders:
# section 2 begins with the forget gate, section 3 with the input gate.
#
# *Worked number*: one sample, one feature, one unit: $x = 2$, $h = 0.5$, $c = 2$, the kernel
# `[[-1, 1, -1, 0.5]]`, the recurrent kernel `[[0, -2, 2, 2]]`, the bias `[0, 1, 0.5, -2]`. Forward,
# $i = 0.1192$, $f = 0.8808$, $\tilde c = -0.4621$, $o = 0.5$ and $c' = 1.7065$. Let `dh = 1` and
# `dc = 0.5` arrive. Through $h'$ the cell state gets 0.0617, so 0.5617 in all. Then `d_z` =
# `[-0.0273, 0.1180, 0.0527, 0.2341]`, and the results are `dx` = 0.2096, `dh_previous` = 0.3375,
# `dc_previous` = 0.4948, `d_kernel` = $2\,\cdot$ `d_z`, `d_recurrent_kernel` = $0.5\,\cdot$ `d_z`,
# `d_bias` = `d_z`.
#
# *A limiting case*: with `dh` and `dc` both zero, every gradient is zero. With `dh` zero alone, the
# output gate gets nothing, and the fourth block of `d_kernel` is zero.

# %% nbgrader={"grade": false, "grade_id": "step_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_backward(dh, dc, cache, kernel, recurrent_kernel):
    """Pass gradients back through one step.

    dh, dc: what arrives at the new h and the new c, each (batch, units). cache: the forward values,
    as in the table above. kernel: (features, 4 * units). recurrent_kernel: (units, 4 * units).
    Returns dx (batch, features), dh_previous and dc_previous (batch, units),
    d_kernel (features, 4 * units), d_recurrent_kernel (units, 4 * units), d_bias (4 * units,).
    """
    ### BEGIN SOLUTION
    values = [cache[name] for name in ("input", "forget", "candidate", "output")]
    input, forget, candidate, output = values
    d_output, d_c = hidden_state_backward(dh, output, cache["c"])
    d_forget, d_input, d_candidate, dc_previous = cell_state_backward(
        dc + d_c, forget, input, candidate, cache["c_previous"]
    )
    d_z = gates_backward(d_input, d_forget, d_candidate, d_output, *values)
    dx = d_z @ kernel.T
    dh_previous = d_z @ recurrent_kernel.T
    d_kernel = cache["x"].T @ d_z
    d_recurrent_kernel = cache["h_previous"].T @ d_z
    d_bias = d_z.sum(axis=0)
    return dx, dh_previous, dc_previous, d_kernel, d_recurrent_kernel, d_bias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step_backward-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("step_backward agrees with tf.GradientTape.")
def check_step_backward():
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs, normal
    from checks.keras_lstm import forward
    from checks.loading import keras, tf
    from checks.lstm_gradient import STEP_BACKWARD

    def compare(inputs, dh, dc):
        x, h, c = [tf.Variable(array) for array in inputs[:3]]
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(inputs[3:])
        with tf.GradientTape() as tape:
            _, h_new, c_new = layer(x[:, None], initial_state=[h, c])
        sources = [x, h, c, *layer.weights]
        expected = tape.gradient([h_new, c_new], sources, output_gradients=[dh, dc])
        arguments = (dh, dc, *forward(*inputs), inputs.kernel, inputs.recurrent_kernel)
        check(step_backward, arguments, expected, STEP_BACKWARD)

    def compare_random(rng, batch, features, units):
        inputs = lstm_inputs(rng, batch, features, units)
        dh, dc = normal(rng, (batch, units), (batch, units))
        compare(inputs, 3 * dh, 3 * dc)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[2]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        compare_random(rng, batch=3, features=7, units=5)
    compare(worked, float32([[1]]), float32([[0.5]]))  # dx = 0.2096, dh_previous = 0.3375, ...
    compare(worked, float32([[0]]), float32([[0.5]]))  # nothing for the output gate
    compare(worked, float32([[0]]), float32([[0]]))  # every gradient is zero
    compare_random(rng, batch=1, features=4, units=6)
    compare_random(rng, batch=4, features=1, units=6)
    compare_random(rng, batch=6, features=4, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=34):
        compare_random(rng, batch=5, features=2, units=7)
        compare_random(rng, batch=1, features=5, units=3)
        compare_random(rng, batch=3, features=1, units=1)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. Back through time
#
# A loss may look at the hidden state of every step. So a gradient arrives at each of them:
# `dh_all`, of shape `(batch, time, units)`. Another one, `dc_last`, `(batch, units)`, arrives at
# the last cell state.
#
# Go through the steps from the last to the first, $t = T, \dots, 1$. At $h_t$ two gradients meet:
# that of `dh_all` for this step, and what the step *after* it passed back. No step comes after the
# last one, so there only `dh_all` counts. What arrives at $c_t$ is what the step after it passed
# back; at the last step it is `dc_last`.
#
# All steps share the kernel, the recurrent kernel and the bias. The gradient of each is the **sum**
# of what the steps contribute. Every step has an input of its own: `dx` has the shape of `x`,
# `(batch, time, features)`, in the order of time. What the first step passes back belongs to the
# initial state: `dh0` and `dc0`. `caches` is a list of dicts as in section 4, `caches[t]` for the
# step at index $t$. $T$ is `time`, the number of steps, and Python counts from 0: `caches[0]` and
# `dh_all[:, 0]` belong to step 1. Use `step_backward`.
#
# *Worked number*: take the weights and states of section 4, and two steps with the inputs 2 and 0.
# The loss is the last hidden state: `dh_all` is 0 at the first step and 1 at the second, `dc_last`
# is zero. Then `dx` is 0.0423 at the first step and 0.0892 at the second, `dh0` = 0.1242, `dc0` =
# 0.0444. The first step has a gradient although `dh_all` is zero there.
#
# *A limiting case*: for a sequence of one step this is `step_backward`, with a time axis in `dx`.

# %% nbgrader={"grade": false, "grade_id": "backward_through_time", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_through_time(dh_all, dc_last, caches, kernel, recurrent_kernel):
    """Pass gradients back through all the steps of a sequence.

    dh_all: what arrives at every h, (batch, time, units). dc_last: what arrives at the last c,
    (batch, units). caches: a list with one dict of forward values for each step, in order of time.
    kernel: (features, 4 * units). recurrent_kernel: (units, 4 * units).
    Returns dx (batch, time, features), dh0 and dc0 (batch, units),
    d_kernel (features, 4 * units), d_recurrent_kernel (units, 4 * units), d_bias (4 * units,).
    """
    ### BEGIN SOLUTION
    dh, dc = np.zeros_like(dc_last), dc_last
    dx, d_weights = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, dh, dc, *shares = step_backward(
            dh_all[:, t] + dh, dc, caches[t], kernel, recurrent_kernel
        )
        dx.append(dx_t)
        d_weights = [total + share for total, share in zip(d_weights, shares)]
    return np.stack(dx[::-1], axis=1), dh, dc, *d_weights
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "backward_through_time-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("backward_through_time agrees with tf.GradientTape.")
def check_backward_through_time():
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs, normal
    from checks.keras_lstm import forward
    from checks.loading import keras, tf
    from checks.lstm_gradient import BACKWARD_THROUGH_TIME

    def compare(inputs, dh_all, dc_last):
        x, h, c = [tf.Variable(array) for array in inputs[:3]]
        layer = keras.layers.LSTM(h.shape[1], return_sequences=True, return_state=True)
        layer.build(x.shape)
        layer.set_weights(inputs[3:])
        with tf.GradientTape() as tape:
            all_h, _, last_c = layer(x, initial_state=[h, c])
        sources = [x, h, c, *layer.weights]
        expected = tape.gradient([all_h, last_c], sources, output_gradients=[dh_all, dc_last])
        arguments = (dh_all, dc_last, forward(*inputs), inputs.kernel, inputs.recurrent_kernel)
        check(backward_through_time, arguments, expected, BACKWARD_THROUGH_TIME)

    def compare_random(rng, batch, time, features, units):
        inputs = lstm_inputs(rng, batch, features, units, time)
        dh_all, dc_last = normal(rng, (batch, time, units), (batch, units))
        compare(inputs, 3 * dh_all, 3 * dc_last)

    worked = LSTMInputs(
        x=float32([[[2], [0]]]),
        h=float32([[0.5]]),
        c=float32([[2]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(1):
        compare_random(rng, batch=3, time=5, features=9, units=7)
    compare(worked, float32([[[0], [1]]]), float32([[0]]))  # dx = 0.0423 and 0.0892, ...
    compare_random(rng, batch=4, time=1, features=2, units=6)
    compare_random(rng, batch=1, time=4, features=2, units=6)
    compare_random(rng, batch=6, time=4, features=1, units=2)
    compare_random(rng, batch=2, time=4, features=6, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=35):
        compare_random(rng, batch=6, time=4, features=2, units=8)
        compare_random(rng, batch=2, time=1, features=4, units=6)
        compare_random(rng, batch=1, time=3, features=5, units=1)
        compare_random(rng, batch=3, time=6, features=1, units=8)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. What the cell path lets through
#
# On its direct path from one cell state to the one before, a gradient is multiplied by the forget
# gate and by nothing else. Over $k$ steps, the *lag*, these factors multiply. Along this cell path,
# with the gates held as they are, the derivative of the last cell state $c_T$ with respect to the
# one $k$ steps earlier is
#
# $$\frac{\partial c_T}{\partial c_{T-k}} = f_T \odot f_{T-1} \odot \dots \odot f_{T-k+1}$$
#
# | name | what it is | shape |
# |---|---|---|
# | `forget` | the forget gates $f_1, \dots, f_T$, in order of time | `(time, batch, units)` |
# | result | at lag $k$ the product of the *last* $k$ gates | `(time + 1, batch, units)` |
#
# *Worked number*: one sample, one unit, the forget gates 0.8, 0.9, 0.5. The result is 1, then 0.5,
# then $0.5 \cdot 0.9 = 0.45$, then $0.45 \cdot 0.8 = 0.36$.
#
# *A limiting case*: $k = 0$ is the product of no gate, which is 1: the cell state with respect to
# itself. If all gates are 1, every product is 1; if a gate is 0, all products that reach back past
# it are 0.
#
# **How the check reads this off Keras.** A gradient can also leave the cell through $h$ and come
# back through the gates of the next step. The check closes that path: it sets the recurrent kernel
# of a Keras layer to zeros. Then it asks the tape for the gradient of the last cell state with
# respect to each of the earlier ones.

# %% nbgrader={"grade": false, "grade_id": "forget_product", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forget_product(forget):
    """Multiply the forget gates from the last step backwards.

    forget: (time, batch, units), in order of time.
    Returns (time + 1, batch, units): at index k the product of the last k forget gates.
    """
    ### BEGIN SOLUTION
    products = [np.ones_like(forget[0])]
    for gate in forget[::-1]:
        products.append(products[-1] * gate)
    return np.stack(products)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "forget_product-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("forget_product agrees with tf.GradientTape.")
def check_forget_product():
    import numpy as np
    from checks import check, draws
    from checks.inputs import lstm_inputs
    from checks.keras_lstm import forward
    from checks.loading import keras, tf
    from checks.lstm_gradient import FORGET_PRODUCT

    def compare(x, h, c, kernel, recurrent_kernel, bias):
        layer = keras.layers.LSTM(h.shape[1])
        layer.build(x.shape)
        layer.set_weights([kernel, np.zeros_like(recurrent_kernel), bias])  # no path through h
        states = [(h, tf.Variable(c))]
        with tf.GradientTape() as tape:
            for x_now in x.swapaxes(0, 1):
                states = [*states, layer.cell(x_now, states[-1])[1]]  # h and c after one step
        expected = tf.stack(tape.gradient(states[-1][1], [cell for _, cell in states[::-1]]))
        forget = np.stack([cache["forget"] for cache in forward(x, h, c, *layer.get_weights())])
        check(forget_product, (forget,), expected, FORGET_PRODUCT)

    def compare_gates(*pre_activations):
        """Compare one sample and one unit; each step has a feature, and so a gate, of its own."""
        inputs = lstm_inputs(rng, batch=1, features=3, units=1)
        kernel = np.zeros_like(inputs.kernel)
        kernel[:, 1] = pre_activations
        compare(*inputs._replace(x=np.eye(3)[None], kernel=kernel, bias=0 * inputs.bias))

    for rng in draws(1):
        compare(*lstm_inputs(rng, time=5, batch=3, features=2, units=8))
    compare_gates(np.log(4), np.log(9), 0)  # the gates 0.8, 0.9, 0.5 give 1, 0.5, 0.45, 0.36
    compare_gates(100, 100, 100)  # all gates 1: every product is 1
    compare_gates(0, -100, 0)  # the gates 0.5, 0, 0.5 give 1, 0.5, 0, 0
    compare(*lstm_inputs(rng, time=1, batch=4, features=2, units=6))
    compare(*lstm_inputs(rng, time=5, batch=1, features=2, units=3))
    compare(*lstm_inputs(rng, time=2, batch=5, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=36):
        compare(*lstm_inputs(rng, time=3, batch=7, features=4, units=9))
        compare(*lstm_inputs(rng, time=1, batch=5, features=4, units=3))
        compare(*lstm_inputs(rng, time=4, batch=1, features=2, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ### Measured: the product against that of an RNN
#
# In a simple RNN, the path from one hidden state to the one before leads through a Jacobian: a
# matrix made of the recurrent kernel and the derivative of tanh. The next cell takes Keras layers
# of 8 units and one random sequence of 30 steps, and asks `tf.GradientTape` for the derivative of
# the last state with respect to the one $k$ steps earlier: the hidden state of the RNN, the cell
# state of the LSTM. It draws the largest singular value of that Jacobian: the largest factor by
# which a gradient can grow on its way back. Every curve comes from a Keras layer; you need not
# write anything. Run it and look.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from checks.keras_lstm_gradient import jacobian_norms

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(1, 30, 4)).astype("float32")
rnn, lstm = keras.layers.SimpleRNN(8), keras.layers.LSTM(8)
rnn.build(x.shape)
lstm.build(x.shape)
curves = {"RNN, fresh weights": jacobian_norms(rnn, x)}
for forget_bias in (1, 5):
    kernel, recurrent_kernel, bias = lstm.get_weights()
    bias[8:16] = forget_bias
    lstm.set_weights([kernel, recurrent_kernel, bias])
    name = f"LSTM, forget bias {forget_bias}"
    curves[f"{name}: cell path alone"] = jacobian_norms(lstm, x, through_h=False)
    curves[f"{name}: all paths"] = jacobian_norms(lstm, x)

fig, ax = plt.subplots(figsize=(8, 4.5))
for (name, norms), style in zip(curves.items(), ("k-", "C0--", "C0-", "C1--", "C1-")):
    ax.semilogy(norms, style, label=name)
    print(f"{name:37} k = 10: {norms[10]:8.5f}   k = 30: {norms[30]:8.5f}")
ax.set(xlabel="steps back, k", ylabel="largest singular value", title="What is left of a gradient")
ax.legend()
plt.show()

# %% [markdown]
# The cell path alone is the product of the forget gates of the unit that forgets least. With a
# forget bias of 1, as in a fresh Keras layer, it falls to 0.0001 in 30 steps, hardly better than
# the RNN. An LSTM does not remember because it is an LSTM; it *can* remember because its factors
# are gates, which the bias, or training, can open. With a forget bias of 5, $\sigma(5) = 0.993$,
# the cell path keeps 0.84. Note also that the solid lines of the LSTM lie above its dashed ones:
# through $h$ and the gates a gradient finds further paths back, and along all paths together it may
# even grow.

# %% [markdown]
# ## 7. In your own words
#
# (a) In `step_backward`, two gradients meet at the new cell state. Say where each comes from, and
# what an LSTM trained without the one from the next step, or without the one through $h'$, could
# not learn. (b) Along the cell path a gradient is multiplied by $f$ at each step; in a simple RNN
# it is multiplied by a Jacobian matrix. Name two differences that matter over many steps. (c)
# Somebody says: "In an LSTM the gradient cannot vanish, and it cannot explode." Use your formulas
# or the measured curves to say why both halves are wrong. Five to ten sentences are enough. A
# person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** (a) One gradient arrives from the next step, because the cell state is carried
# on: `dc`. The other comes from the new hidden state of this step, through the output gate and the
# derivative of tanh. Without the first, no error reaches a cell over several steps along the cell
# path, so the gates could not learn to store something for later. Without the second, an error at
# this step's output would never reach the cell at all, and what is to be stored or shown now could
# not be learned from it; only the output gate would learn. (b) The forget gate acts on each unit by
# itself, so the units do not mix, and over $k$ steps the factors multiply number by number; a
# Jacobian mixes all units. The forget gate is computed anew at each step from $x$ and $h$ and can
# be as near to 1 as the layer has learned, while the RNN's matrix contains the same recurrent
# kernel at every step, and a derivative of tanh that only shrinks. (c) It vanishes where the forget
# gates are below 1: with a forget bias of 1 the product fell to 0.0001 within 30 steps. It can
# explode, because the cell path is not the only one: through $h$ and the recurrent kernel further
# terms are added, and with a forget bias of 5 the Jacobian along all paths grew to about 4.
#
# *Points*: one for the origin of the two gradients, one for what is lost without each, one for two
# differences between a forget gate and a Jacobian, one for both halves of (c).

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with `tf.GradientTape`, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
