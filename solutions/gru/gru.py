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
# # A GRU of your own
#
# You build a gated recurrent unit, one function at a time: the update gate, the reset gate, the
# candidate in the two orders that Keras knows, the new state, one step, the layer, and the number
# of its parameters. A check after each function compares it with the same part of a real
# `keras.layers.GRU` that holds the same weights. At the end you compare a GRU with an LSTM that
# has as many parameters.
#
# **Time**: about 50 minutes. **You need**: the assignment *LSTM gates*, or what it teaches: what a
# gate is, and how Keras stacks weights. The chapter *The GRU, gate by gate* of the book explains
# each part.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with Keras and, if not, what differs. Run the checks as often as you like. If one
# fails again and again, `hint()` says where to read and where to look. Further checks with other
# sizes and random numbers run when the notebook is graded; they ask for nothing that is not
# written here.
#
# **Shapes** are written `(batch, time, features)`. All arrays are `float32`; results may be
# `float32` or `float64`. Do not change the arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# Both gates need the sigmoid. Copy yours from *LSTM gates*, or write it anew: it earns no points
# here, but the functions below call it.


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(x):
    """Squash every number of x into the range from 0 to 1.

    x: array of any shape. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return 0.5 * (1 + np.tanh(x / 2))
    ### END SOLUTION


# %% [markdown]
# ## 1. The update gate
#
# A GRU has one state, $h$. At each step the update gate $z$ decides, for each unit of each sample,
# how much of the old state stays:
#
# $$z = \sigma(x\,W_z + h\,U_z + b_z)$$
#
# A GRU computes three things from weights of their own: the update gate **z**, the **r**eset gate
# and the candidate, which takes the letter **h**. Keras keeps their weights side by side in one
# array, in this order: z, r, h.
#
# | array | name here | shape | one block |
# |---|---|---|---|
# | input of this step, $x$ | `x` | `(batch, features)` | |
# | state of the step before, $h$ | `h` | `(batch, units)` | |
# | $[\,W_z \mid W_r \mid W_h\,]$ | `kernel` | `(features, 3 * units)` | `(features, units)` |
# | $[\,U_z \mid U_r \mid U_h\,]$ | `recurrent_kernel` | `(units, 3 * units)` | `(units, units)` |
# | $[\,b_z \mid b_r \mid b_h\,]$ | `bias` | `(3 * units,)` | `(units,)` |
#
# The gate $z$ has the shape `(batch, units)`. To take a block out, `np.split` with `axis=-1` or a
# slice of the last axis will do.
#
# *Worked number*: one sample, one feature, one unit. With $x = 2$, $h = 0.5$, $W_z = 1$, $U_z =
# -2$, $b_z = 1$: $2 \cdot 1 + 0.5 \cdot (-2) + 1 = 2$, so $z = \sigma(2) = 0.8808$. The unit keeps
# 88% of its state.
#
# *A limiting case*: Keras starts a GRU's biases at 0, and with all weights zero the gate is
# $\sigma(0) = 0.5$ whatever $x$ and $h$ are.


# %% nbgrader={"grade": false, "grade_id": "update_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_gate(x, h, kernel, recurrent_kernel, bias):
    """Compute the update gate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (3 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    kernel_z, _, _ = np.split(kernel, 3, axis=-1)
    recurrent_z, _, _ = np.split(recurrent_kernel, 3, axis=-1)
    bias_z, _, _ = np.split(bias, 3)
    return sigmoid(x @ kernel_z + h @ recurrent_z + bias_z)
    ### END SOLUTION


# %% [markdown]
# **How the check reads this gate off Keras.** A Keras layer returns only $h$. The check sets the
# candidate's columns and its bias to zero, so that the candidate is 0. Then the new state is what
# the update gate keeps, $z \cdot h$, and divided by $h$ it is the gate.


# %% nbgrader={"grade": true, "grade_id": "update_gate-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("update_gate agrees with Keras.")
def check_update_gate():
    from checks import check, draws
    from checks.gru import UPDATE_GATE
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.keras_gru import freeze
    from checks.loading import keras

    def compare(inputs):
        x, h, *weights = inputs
        layer = keras.layers.GRU(h.shape[1], reset_after=False)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"candidate": 0}))  # candidate 0: the new h is z * h
        expected = layer(x[:, None], initial_state=h) / h
        check(update_gate, inputs, expected, UPDATE_GATE)

    def no_weights(inputs):
        return GRUInputs(*inputs[:2], *(0 * array for array in inputs[2:]))

    worked = GRUInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([1, 1, 0.5]),
    )
    for rng in draws(3):
        inputs = gru_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        compare(no_weights(inputs))  # 0.5
    compare(worked)  # 0.8808
    compare(gru_inputs(rng, batch=1, features=4, units=2))
    compare(gru_inputs(rng, batch=4, features=1, units=6))
    compare(gru_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=41):
        inputs = gru_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        compare(no_weights(inputs))  # 0.5
        compare(gru_inputs(rng, batch=1, features=6, units=3))
        compare(gru_inputs(rng, batch=5, features=1, units=2))
        compare(gru_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 2. The reset gate
#
# The reset gate decides how much of the old state the *candidate* gets to see. It does not touch
# what the unit keeps: that is the update gate's part.
#
# $$r = \sigma(x\,W_r + h\,U_r + b_r)$$
#
# $W_r$ `(features, units)`, $U_r$ `(units, units)` and $b_r$ `(units,)` are the second blocks of
# the stacked weights; $r$ has the shape `(batch, units)`.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $W_r = -1$, $U_r = 2$, $b_r = 1$: $-2 + 1 + 1 = 0$, so
# $r = \sigma(0) = 0.5$. The candidate sees half of the state.
#
# *A limiting case*: with a bias of $-30$ the gate is shut to within rounding, and the candidate is
# made of $x$ alone, as at the start of a sequence.


# %% nbgrader={"grade": false, "grade_id": "reset_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reset_gate(x, h, kernel, recurrent_kernel, bias):
    """Compute the reset gate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (3 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, kernel_r, _ = np.split(kernel, 3, axis=-1)
    _, recurrent_r, _ = np.split(recurrent_kernel, 3, axis=-1)
    _, bias_r, _ = np.split(bias, 3)
    return sigmoid(x @ kernel_r + h @ recurrent_r + bias_r)
    ### END SOLUTION


# %% [markdown]
# The check shuts the update gate, so that the new state is the candidate. It gives the candidate
# the recurrent weights of an identity matrix and nothing else, and it takes a layer with
# `activation="linear"`, without tanh. Then the candidate is $r \cdot h$, and divided by $h$ it is
# the gate.


# %% nbgrader={"grade": true, "grade_id": "reset_gate-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("reset_gate agrees with Keras.")
def check_reset_gate():
    from checks import check, draws
    from checks.gru import RESET_GATE
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.keras_gru import candidate_of_h
    from checks.loading import keras

    def compare(inputs):
        x, h, *weights = inputs
        layer = keras.layers.GRU(h.shape[1], reset_after=False, activation="linear")
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(candidate_of_h(weights))  # the new h is r * h
        expected = layer(x[:, None], initial_state=h) / h
        check(reset_gate, inputs, expected, RESET_GATE)

    def no_weights(inputs):
        return GRUInputs(*inputs[:2], *(0 * array for array in inputs[2:]))

    worked = GRUInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([1, 1, 0.5]),
    )
    for rng in draws(3):
        inputs = gru_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        compare(no_weights(inputs))  # 0.5
    compare(worked)  # 0.5
    compare(gru_inputs(rng, batch=1, features=4, units=2))
    compare(gru_inputs(rng, batch=4, features=1, units=6))
    compare(gru_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=42):
        inputs = gru_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        compare(no_weights(inputs))  # 0.5
        compare(gru_inputs(rng, batch=1, features=6, units=3))
        compare(gru_inputs(rng, batch=5, features=1, units=2))
        compare(gru_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 3. The candidate, reset before the product
#
# The candidate $\tilde h$ is what the old state is mixed with. In a layer with
# `reset_after=False`, the reset gate acts on $h$ *before* $h$ meets the recurrent kernel:
#
# $$\tilde h = \tanh(x\,W_h + (r \odot h)\,U_h + b_h)$$
#
# $\odot$ multiplies number by number. $r$ is `reset`, `(batch, units)`, and is given; $W_h$
# `(features, units)`, $U_h$ `(units, units)` and $b_h$ `(units,)` are the third blocks; $\tilde h$
# has the shape `(batch, units)`.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $r = 0.5$, $W_h = -1$, $U_h = 2$, $b_h = 0.5$: $-2 +
# 0.25 \cdot 2 + 0.5 = -1$, so $\tilde h = \tanh(-1) = -0.7616$.
#
# *Limiting cases*: with $r = 1$ this is the new state of a simple recurrent layer. With $r = 0$ it
# is $\tanh(x\,W_h + b_h)$: the past plays no part.


# %% nbgrader={"grade": false, "grade_id": "candidate_reset_before", "locked": false, "schema_version": 3, "solution": true, "task": false}
def candidate_reset_before(x, h, reset, kernel, recurrent_kernel, bias):
    """Compute the candidate of one step, with the reset gate before the product.

    x: (batch, features). h, reset: (batch, units). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (3 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, _, kernel_h = np.split(kernel, 3, axis=-1)
    _, _, recurrent_h = np.split(recurrent_kernel, 3, axis=-1)
    _, _, bias_h = np.split(bias, 3)
    return np.tanh(x @ kernel_h + (reset * h) @ recurrent_h + bias_h)
    ### END SOLUTION


# %% [markdown]
# The check shuts the update gate with a bias of $-30$, so that the new state of the layer *is* the
# candidate. The reset gate that it hands to your function is read off the same layer, as above.
# Use that one: the reset gate's blocks of the weights hold other numbers here.


# %% nbgrader={"grade": true, "grade_id": "candidate_reset_before-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("candidate_reset_before agrees with Keras.")
def check_candidate_reset_before():
    from checks import check, draws
    from checks.gru import CANDIDATE_RESET_BEFORE
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.keras_gru import SHUT, freeze, read_gate, with_another_reset_gate
    from checks.loading import keras

    def compare(inputs):
        x, h, *weights = inputs
        reset = read_gate("reset", *inputs)
        layer = keras.layers.GRU(h.shape[1], reset_after=False)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"update": SHUT}))  # the new h is the candidate
        expected = layer(x[:, None], initial_state=h)
        given = x, h, reset, *with_another_reset_gate(weights)  # which decides nothing here
        check(candidate_reset_before, given, expected, CANDIDATE_RESET_BEFORE)

    def compare_reset(inputs, bias):
        compare(GRUInputs(*inputs[:2], *freeze(inputs[2:], {"reset": bias})))

    worked = GRUInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([1, 1, 0.5]),
    )
    for rng in draws(3):
        inputs = gru_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        compare_reset(inputs, SHUT)  # r = 0
        compare_reset(inputs, -SHUT)  # r = 1
    compare(worked)  # -0.7616
    compare(gru_inputs(rng, batch=1, features=4, units=2))
    compare(gru_inputs(rng, batch=4, features=1, units=6))
    compare(gru_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=43):
        inputs = gru_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        compare_reset(inputs, SHUT)
        compare(gru_inputs(rng, batch=1, features=6, units=3))
        compare(gru_inputs(rng, batch=5, features=1, units=2))
        compare(gru_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 4. The candidate, reset after the product
#
# `reset_after=True` is Keras' default. Here the reset gate acts on what comes *out of* the product
# with the recurrent kernel, and that product has a bias of its own:
#
# $$\tilde h = \tanh\big(x\,W_h + b_h + r \odot (h\,U_h + b'_h)\big)$$
#
# So the bias has two rows, `(2, 3 * units)`: the first, $[\,b_z \mid b_r \mid b_h\,]$, is added to
# what comes from $x$, the second, $[\,b'_z \mid b'_r \mid b'_h\,]$, to what comes from $h$. $b_h$
# and $b'_h$ are `(units,)`; $\tilde h$ has the shape `(batch, units)`.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $r = 0.5$, $W_h = -1$, $U_h = 2$, $b_h = 0.5$, $b'_h =
# 1$: the reset gate acts on $0.5 \cdot 2 + 1 = 2$. So the sum is $-2 + 0.5 + 0.5 \cdot 2 = -0.5$,
# and $\tilde h = \tanh(-0.5) = -0.4621$.
#
# *Limiting cases*: with $r = 1$ only the sum of the two biases matters, and both orders agree.
# With one unit and $b'_h = 0$ they agree for every $r$.


# %% nbgrader={"grade": false, "grade_id": "candidate_reset_after", "locked": false, "schema_version": 3, "solution": true, "task": false}
def candidate_reset_after(x, h, reset, kernel, recurrent_kernel, bias):
    """Compute the candidate of one step, with the reset gate after the product.

    x: (batch, features). h, reset: (batch, units). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (2, 3 * units), for x and for h.
    Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, _, kernel_h = np.split(kernel, 3, axis=-1)
    _, _, recurrent_h = np.split(recurrent_kernel, 3, axis=-1)
    _, _, (of_x, of_h) = np.split(bias, 3, axis=-1)
    return np.tanh(x @ kernel_h + of_x + reset * (h @ recurrent_h + of_h))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "candidate_reset_after-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("candidate_reset_after agrees with Keras.")
def check_candidate_reset_after():
    from checks import check, draws
    from checks.gru import CANDIDATE_RESET_AFTER
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.keras_gru import SHUT, freeze, read_gate, with_another_reset_gate
    from checks.loading import keras

    def compare(inputs):
        x, h, *weights = inputs
        reset = read_gate("reset", *inputs)
        layer = keras.layers.GRU(h.shape[1], reset_after=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"update": SHUT}))  # the new h is the candidate
        expected = layer(x[:, None], initial_state=h)
        given = x, h, reset, *with_another_reset_gate(weights)  # which decides nothing here
        check(candidate_reset_after, given, expected, CANDIDATE_RESET_AFTER)

    def compare_reset(inputs, bias):
        compare(GRUInputs(*inputs[:2], *freeze(inputs[2:], {"reset": bias})))

    worked = GRUInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([[0.5, 1, 0.5], [0.5, 0, 1]]),
    )
    for rng in draws(3):
        inputs = gru_inputs(rng, batch=3, features=7, units=5, reset_after=True)
        compare(inputs)
        compare_reset(inputs, SHUT)  # r = 0
        compare_reset(inputs, -SHUT)  # r = 1
    compare(worked)  # -0.4621
    compare(gru_inputs(rng, batch=1, features=4, units=2, reset_after=True))
    compare(gru_inputs(rng, batch=4, features=1, units=6, reset_after=True))
    compare(gru_inputs(rng, batch=6, features=4, units=1, reset_after=True))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=44):
        inputs = gru_inputs(rng, batch=6, features=2, units=4, reset_after=True)
        compare(inputs)
        compare_reset(inputs, SHUT)
        compare(gru_inputs(rng, batch=1, features=6, units=3, reset_after=True))
        compare(gru_inputs(rng, batch=5, features=1, units=2, reset_after=True))
        compare(gru_inputs(rng, batch=2, features=5, units=1, reset_after=True))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 5. The new state
#
# The new state is a mixture of the old one and the candidate. One gate sets both shares:
#
# $$h' = z \odot h + (1 - z) \odot \tilde h$$
#
# All four arrays are `(batch, units)`. In Keras an update gate of 1 *keeps* the old state. Some
# papers swap the two shares; their $z$ is Keras' $1 - z$.
#
# *Worked number*: $z = 0.8808$, $h = 0.5$ and $\tilde h = -0.7616$ give $0.4404 + 0.1192 \cdot
# (-0.7616) = 0.4404 - 0.0908 = 0.3496$.
#
# *Limiting cases*: with $z = 1$ the state copies itself. With $z = 0$ it is replaced by the
# candidate. A mixture lies between its parts, so a state that starts between $-1$ and 1 stays
# there.


# %% nbgrader={"grade": false, "grade_id": "new_state", "locked": false, "schema_version": 3, "solution": true, "task": false}
def new_state(update, candidate, h):
    """Mix the old state and the candidate.

    update, candidate, h: (batch, units). Returns the new h (batch, units).
    """
    ### BEGIN SOLUTION
    return update * h + (1 - update) * candidate
    ### END SOLUTION


# %% [markdown]
# The check lets a Keras layer mix: it puts into the kernel what makes the update gate and the
# candidate take the values that your function is given, and reads the layer's new $h$.


# %% nbgrader={"grade": true, "grade_id": "new_state-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("new_state agrees with Keras.")
def check_new_state():
    import numpy as np
    from checks import check, draws
    from checks.gru import NEW_STATE
    from checks.inputs import float32
    from checks.keras_gru import run_mixture

    def compare(update, candidate, h):
        arguments = float32(update), float32(candidate), float32(h)
        check(new_state, arguments, run_mixture(*arguments), NEW_STATE)

    def random(rng, *shape):
        return rng.uniform(size=shape), rng.uniform(-1, 1, size=shape), rng.normal(size=shape)

    for rng in draws(3):
        update, candidate, h = random(rng, 3, 5)
        compare(update, candidate, h)
        compare(np.ones_like(h), candidate, h)  # the old state
        compare(np.zeros_like(h), candidate, h)  # the candidate
        compare(update, candidate, 20 * h)
    compare([[0.8808]], [[-0.7616]], [[0.5]])  # 0.3496
    compare(*random(rng, 1, 4))
    compare(*random(rng, 6, 1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=45):
        update, candidate, h = random(rng, 6, 4)
        compare(update, candidate, h)
        compare(np.round(update), candidate, 20 * h)
        compare(*random(rng, 1, 3))
        compare(*random(rng, 2, 1))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 6. One step
#
# Put the parts together. With `reset_after=False` the bias is `(3 * units,)`, and the candidate is
# that of section 3. With `reset_after=True`, the default, the bias is `(2, 3 * units)`, and the
# candidate is that of section 4. The two gates then need the *sum* of the two rows of the bias:
#
# $$z = \sigma(x\,W_z + b_z + h\,U_z + b'_z)$$
#
# and the same for $r$. Use the functions above.
#
# *Worked number*: $x = 2$, $h = 0.5$, kernel `[[1, -1, -1]]`, recurrent kernel `[[-2, 2, 2]]`.
# With `reset_after=False` and the bias `[1, 1, 0.5]`: $z = 0.8808$, $r = 0.5$, $\tilde h =
# -0.7616$ and $h' = 0.3496$. With `reset_after=True` and the bias `[[0.5, 1, 0.5], [0.5, 0, 1]]`
# the gates are the same, $\tilde h = -0.4621$ and $h' = 0.3853$.
#
# *A limiting case*: with all weights zero the update gate is 0.5 and the candidate 0, so that one
# step halves the state, in both orders.


# %% nbgrader={"grade": false, "grade_id": "gru_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step(x, h, kernel, recurrent_kernel, bias, reset_after=True):
    """Compute one step of a GRU.

    x: (batch, features). h: (batch, units). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (2, 3 * units) where reset_after is True,
    (3 * units,) where it is False. Returns the new h (batch, units).
    """
    ### BEGIN SOLUTION
    gate_bias = bias.sum(axis=0) if reset_after else bias
    update = update_gate(x, h, kernel, recurrent_kernel, gate_bias)
    reset = reset_gate(x, h, kernel, recurrent_kernel, gate_bias)
    make = candidate_reset_after if reset_after else candidate_reset_before
    candidate = make(x, h, reset, kernel, recurrent_kernel, bias)
    return new_state(update, candidate, h)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gru_step-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("gru_step agrees with Keras, with reset_after both ways.")
def check_gru_step():
    from checks import check, draws
    from checks.gru import GRU_STEP
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.loading import keras

    def compare(inputs, *options):
        """Compare for this option, or with its default, True."""
        x, h, *weights = inputs
        layer = keras.layers.GRU(h.shape[1], reset_after=options != (False,))
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        expected = layer(x[:, None], initial_state=h)  # a sequence of one step
        check(gru_step, (*inputs, *options), expected, GRU_STEP)

    def compare_both(rng, **sizes):
        compare(gru_inputs(rng, **sizes, reset_after=True), True)
        compare(gru_inputs(rng, **sizes, reset_after=False), False)

    before = GRUInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([1, 1, 0.5]),
    )
    after = before._replace(bias=float32([[0.5, 1, 0.5], [0.5, 0, 1]]))
    for rng in draws(3):
        compare_both(rng, batch=3, features=5, units=8)
        compare(gru_inputs(rng, batch=3, features=5, units=8, reset_after=True))
    compare(before, False)  # 0.3496
    compare(after, True)  # 0.3853
    compare(GRUInputs(*before[:2], *(0 * array for array in before[2:])), False)  # 0.25
    compare(GRUInputs(*after[:2], *(0 * array for array in after[2:])), True)  # 0.25
    compare_both(rng, batch=1, features=4, units=2)
    compare_both(rng, batch=4, features=1, units=6)
    compare_both(rng, batch=6, features=3, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=46):
        compare_both(rng, batch=5, features=2, units=7)
        compare_both(rng, batch=2, features=7, units=4)
        compare_both(rng, batch=1, features=5, units=3)
        compare_both(rng, batch=4, features=1, units=1)
        compare(gru_inputs(rng, batch=2, features=7, units=4, reset_after=True))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 7. The layer
#
# Take the step once for each time $t$, with the same weights: $h_t = \mathrm{step}(x_t, h_{t-1})$.
# `x` has the shape `(batch, time, features)`, so $x_t$ is `x[:, t]`.
#
# | option | name in Keras | what it changes |
# |---|---|---|
# | `state` | `initial_state` | the $h$ before the first step, `(batch, units)`; zeros where it is `None` |
# | `reset_after` | the same | which of the two candidates each step uses; `True` by default |
# | `return_sequences` | the same | the result is all $h$, `(batch, time, units)`, not the last $h$, `(batch, units)`; `False` by default |
#
# The number of units is not among the arguments. Read it off the shape of a weight.
#
# *Worked number*: take the weights of section 6 with `reset_after=False`, the state 0.5, and two
# steps with the inputs 2 and 0. The first step gives $h_1 = 0.3496$; the second starts from there
# and gives $h_2 = 0.5400$. With `return_sequences` the result is 0.3496, 0.5400 of shape `(1, 2,
# 1)`.
#
# *A limiting case*: for a sequence of one step, `return_sequences` changes the shape only.


# %% nbgrader={"grade": false, "grade_id": "gru_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_layer(
    x, kernel, recurrent_kernel, bias, state=None, reset_after=True, return_sequences=False
):
    """Do what keras.layers.GRU does.

    x: (batch, time, features). kernel: (features, 3 * units).
    recurrent_kernel: (units, 3 * units). bias: (2, 3 * units) where reset_after is True,
    (3 * units,) where it is False. state: None for zeros, or (batch, units).
    Returns the last h (batch, units), or all h (batch, time, units) where return_sequences is True.
    """
    ### BEGIN SOLUTION
    h = np.zeros((len(x), len(recurrent_kernel)), x.dtype) if state is None else state
    every_h = []
    for t in range(x.shape[1]):
        h = gru_step(x[:, t], h, kernel, recurrent_kernel, bias, reset_after)
        every_h.append(h)
    return np.stack(every_h, axis=1) if return_sequences else h
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gru_layer-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("gru_layer agrees with Keras.")
def check_gru_layer():
    from checks import check, draws
    from checks.gru_layer import GRU_LAYER
    from checks.inputs import GRUInputs, float32, gru_inputs
    from checks.loading import keras

    def with_defaults(state=None, reset_after=True, sequences=False):
        return state, reset_after, sequences

    def compare(inputs, *options):
        """Compare for these options; what is left out has its default."""
        x, h, *weights = inputs
        state, reset_after, sequences = with_defaults(*options)
        layer = keras.layers.GRU(
            h.shape[1], reset_after=reset_after, return_sequences=sequences, unroll=True
        )
        layer.build(x.shape)
        layer.set_weights(weights)
        expected = layer(x, initial_state=state)
        check(gru_layer, (x, *weights, *options), expected, GRU_LAYER)

    def compare_some(rng, **sizes):
        inputs = gru_inputs(rng, **sizes, reset_after=True)
        compare(inputs)
        compare(inputs, inputs.h, True, True)
        inputs = gru_inputs(rng, **sizes, reset_after=False)
        compare(inputs, inputs.h, False)
        compare(inputs, None, False, True)

    worked = GRUInputs(
        x=float32([[[2], [0]]]),
        h=float32([[0.5]]),
        kernel=float32([[1, -1, -1]]),
        recurrent_kernel=float32([[-2, 2, 2]]),
        bias=float32([1, 1, 0.5]),
    )
    for rng in draws(2):
        compare_some(rng, batch=3, time=7, features=5, units=9)
    compare(worked, worked.h, False)  # 0.5400
    compare(worked, worked.h, False, True)  # 0.3496, 0.5400
    compare_some(rng, batch=1, time=4, features=2, units=6)
    compare_some(rng, batch=4, time=1, features=6, units=2)
    compare_some(rng, batch=2, time=6, features=1, units=4)
    compare_some(rng, batch=6, time=2, features=4, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=47):
        compare_some(rng, batch=5, time=3, features=1, units=8)
        compare_some(rng, batch=2, time=4, features=6, units=1)
        compare_some(rng, batch=1, time=1, features=3, units=5)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 8. The number of parameters
#
# Compute, from `features` and `units`, how many numbers a GRU learns: a whole number. The table of
# section 1 has the shapes for `reset_after=False`. With `reset_after=True` the bias has two rows.
#
# *Worked number*: with 3 features and 2 units each of the three blocks has a kernel of 6 numbers,
# a recurrent kernel of 4 and a bias of 2: $3 \cdot 12 = 36$ in all with `reset_after=False`. With
# `reset_after=True` there are 6 more, 42.
#
# *A limiting case*: for many units the recurrent kernel outweighs the rest. A GRU then has three
# quarters of the parameters of an LSTM with as many units, whatever `reset_after` is.


# %% nbgrader={"grade": false, "grade_id": "gru_parameter_count", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_parameter_count(features, units, reset_after=True):
    """Count the parameters of a GRU.

    features, units: whole numbers of 1 or more. Returns a whole number.
    """
    ### BEGIN SOLUTION
    biases = 2 * units if reset_after else units
    return 3 * (features * units + units * units + biases)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gru_parameter_count-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("gru_parameter_count agrees with Keras.")
def check_gru_parameter_count():
    from checks import check, draws
    from checks.gru import GRU_PARAMETER_COUNT
    from checks.loading import keras

    def compare(features, units, *options):
        """Compare for this option, or with its default, True."""
        layer = keras.layers.GRU(units, reset_after=options != (False,))
        layer.build((None, None, features))
        expected = layer.count_params()
        check(gru_parameter_count, (features, units, *options), expected, GRU_PARAMETER_COUNT)

    def compare_all(features, units):
        compare(features, units)
        compare(features, units, True)
        compare(features, units, False)

    for rng in draws(3):
        compare_all(rng.integers(2, 7).item(), rng.integers(22, 30).item())
    compare_all(3, 2)  # 42, 42, 36
    compare_all(1, 1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=48):
        compare_all(rng.integers(20, 30).item(), rng.integers(2, 9).item())
    compare_all(1, 8)
    compare_all(300, 400)
    ### END HIDDEN TESTS


# %% [markdown]
# ### Measured: a GRU against an LSTM
#
# How well does a GRU remember, with no more parameters than an LSTM? The task is the memory that
# is written and read on command, which the chapter *The LSTM at work* trained one unit for. Three numbers
# come in at each step: a value, a *write* mark and a *read* mark. Where *read* is 1, the value
# that was last written must be shown; otherwise the output must be 0.
#
# The next cell trains an LSTM of 8 units and a GRU of 9, each followed by a `Dense` layer, from
# two starts each. Then it measures their errors on longer sequences, sorted by how long ago the
# value was written. It takes about half a minute; you need not write anything. Before you run it:
# compute with your `gru_parameter_count` how many parameters `GRU(9)` has for 3 features, and by
# hand how many `LSTM(8)` has. And predict which layer has the smaller error, and why.


# %%
import keras
import numpy as np


def memory_task(sequences, steps, rng, write, read=0.3):
    """Return x (sequences, steps, 3), y (sequences, steps, 1), and the age of the memory."""
    value = rng.uniform(-0.7, 0.7, size=(sequences, steps))
    writes = rng.random((sequences, steps)) < write
    reads = rng.random((sequences, steps)) < read
    writes[:, 0] = True
    time = np.arange(steps)
    last_write = np.maximum.accumulate(np.where(writes, time, 0), axis=1)
    stored = np.take_along_axis(value, last_write, axis=1)
    x = np.stack([value, writes, reads], axis=-1).astype("float32")
    return x, (stored * reads)[..., None].astype("float32"), time - last_write


def errors_by_age(layer, seed):
    """Train a layer; return the root mean squared errors at reads, for three ages of the memory."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((None, 3)), layer(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), loss="mse")
    x, y, _ = memory_task(2048, 24, np.random.default_rng(seed), write=0.1)
    model.fit(x, y, batch_size=64, epochs=8, verbose=0)
    x, y, age = memory_task(500, 48, np.random.default_rng(99), write=0.03)
    squared = (np.asarray(model(x)) - y)[..., 0] ** 2
    ages = [(x[..., 2] == 1) & (age // 12 == k) for k in range(3)]
    return model.layers[0].count_params(), [float(np.sqrt(squared[each].mean())) for each in ages]


contestants = {
    "LSTM(8)": lambda: keras.layers.LSTM(8, return_sequences=True),
    "GRU(9)": lambda: keras.layers.GRU(9, return_sequences=True),
}
print("                    error by age of the memory, in steps")
print("layer    parameters     0 to 11   12 to 23   24 to 35")
for name, layer in contestants.items():
    for start in (1, 2):
        count, errors = errors_by_age(layer, start)
        print(f"{name:9s}{count:10d}" + "".join(f"{error:11.3f}" for error in errors))

# %% [markdown]
# Always answering 0 gives an error of about 0.4. Both layers learn the task, and both err more the
# older the memory is.

# %% [markdown]
# ## 9. In your own words
#
# (a) What becomes of $h$ in a GRU with $z = 1$, and in an LSTM with $f = 1$ and $i = 0$? Which of
# the two cells can keep a number *without showing it* to the rest of the network, and by which
# part? (b) Say what $r = 0$ does to the candidate and what it does to the old state. Which of the
# two decides whether the old state is lost? (c) A colleague ports a trained GRU from a paper with
# $h' = (1 - z) \odot h + z \odot \tilde h$ and loads its weights into Keras. The outputs are
# wrong. Which weights must be changed, and how? (d) With the numbers that you measured: what may
# you conclude about GRU and LSTM, and what not? Five to ten sentences are enough. A person reads
# and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** (a) With $z = 1$ the new $h$ is the old one: the state copies itself. In the
# LSTM it is the cell state $c$ that copies itself. The LSTM can hide it: an output gate of 0 makes
# $h$ zero while $c$ stays. A GRU has no output gate and only one state, so whatever it keeps is
# also what it shows. (b) With $r = 0$ the candidate is made of $x$ and the bias alone; the old
# state does not enter it. The old state itself is untouched: the update gate decides what is left
# of it, and with $z = 1$ it is kept whole even though $r = 0$. (c) The paper's $z$ is 1 minus
# Keras' $z$. Since $1 - \sigma(a) = \sigma(-a)$, the sign of the update gate's weights must be
# changed: the first block of the kernel, of the recurrent kernel and of the bias, in both of its
# rows. (d) The two have almost the same number of parameters, 384 and 378, and both learned the
# task; here the LSTM's errors were a little smaller, and the starts differ among themselves. It is
# one task with a read mark, which an output gate fits, one size, one learning rate and two starts.
# It does not show which of them is better on another task.
#
# *Points*: one for what is kept and hidden in (a), one for (b), one for the blocks and the sign in
# (c), one for what may and may not be concluded in (d).

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
