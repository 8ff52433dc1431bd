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
# # LSTM gates
#
# You build the parts of an LSTM, one function at a time: the sigmoid, a function that splits Keras'
# stacked weights, the forget gate, the input gate, the candidate, the cell state, the output gate
# and the hidden state. A check after each function compares it with the same part of a real
# `keras.layers.LSTM` that holds the same weights.
#
# **Time**: about 50 minutes. **You need**: Python, NumPy, and a dense layer in Keras. The chapter
# *The LSTM, gate by gate* of the book explains each part.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with Keras and, if not, what differs. Run the checks as often as you like. If one
# fails again and again, `hint()` says where to read and where to look. Further checks with other
# sizes and random numbers run when the notebook is graded; they ask for nothing that is not written
# here.
#
# **Shapes** are written `(batch, features)`. All arrays are `float32`; results may be `float32` or
# `float64`. Do not change the arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. The sigmoid
#
# A gate is a number between 0 and 1 by which something is multiplied: 0 lets nothing through, 1 lets
# everything through. The sigmoid turns any number into such a factor:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# It works on each number of an array separately, so the result has the shape of `x`.
#
# *Worked number*: $\sigma(0) = 0.5$, $\sigma(2) = 0.8808$, $\sigma(-2) = 1 - \sigma(2) = 0.1192$.
#
# *A limiting case*: for a large positive $x$ the value is 1, for a large negative $x$ it is 0. Here
# lies a trap: for $x = -1000$ the formula above asks for $e^{1000}$, and no float can hold it.
# NumPy warns of an overflow. Multiply numerator and denominator by $e^{x}$ and you have a second
# formula that is safe where the first is not. Your function must give the right values for every
# `x` **without any warning**. To choose between two results with `np.where` comes too late for
# that: it is handed both, each computed for *every* number of `x`. Think of an exponent that is
# never positive, whatever `x` is, and of what both formulas look like when written with it.

# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(x):
    """Squash every number of x into the range from 0 to 1.

    x: array of any shape. Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    decay = np.exp(-np.abs(x))  # at most 1: this cannot overflow
    return np.where(x >= 0, 1, decay) / (1 + decay)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("sigmoid agrees with Keras.")
def check_sigmoid():
    from checks import check, draws
    from checks.inputs import float32
    from checks.loading import keras
    from checks.lstm_gates import SIGMOID_OF_X

    def compare(x):
        expected = keras.ops.sigmoid(x)
        check(sigmoid, (x,), expected, SIGMOID_OF_X, warnings_fail=True)

    for rng in draws(3):
        compare(float32(rng.normal(size=(3, 5), scale=2)))
        compare(float32(rng.normal(size=(4, 2, 7), scale=2)))
    compare(float32([0, 2, -2]))  # 0.5, 0.8808, 0.1192
    compare(float32([-1000, -90, 0, 90, 1000]))  # 0, 0, 0.5, 1, 1
    compare(float32([[1000], [3]]))
    compare(float32([[-1000, 3]]))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=11):
        compare(float32(rng.normal(size=(2, 6, 4), scale=200)))
        compare(float32(rng.normal(size=7)))
        compare(float32(rng.normal(size=(1, 1, 5), scale=200)))
        compare(float32(rng.normal(size=(4, 1))))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. Keras' stacked weights
#
# An LSTM with `units` units computes four things at every step, each from weights of its own: the
# **i**nput gate, the **f**orget gate, the **c**andidate and the **o**utput gate. Keras keeps the four
# sets of weights side by side in one array, in this order: i, f, c, o.
#
# | array | shape | one block |
# |---|---|---|
# | `kernel` | `(features, 4 * units)` | `(features, units)` |
# | `recurrent_kernel` | `(units, 4 * units)` | `(units, units)` |
# | `bias` | `(4 * units,)` | `(units,)` |
#
# Write a function that takes any of the three apart. Divide the last axis.
#
# *Worked number*: with `units = 2` the bias `[1, 2, 3, 4, 5, 6, 7, 8]` gives
# `[1, 2]`, `[3, 4]`, `[5, 6]`, `[7, 8]`: the forget gate's bias is `[3, 4]`.
#
# *A limiting case*: with `units = 1` each block is one column wide, and still keeps its axis: the
# blocks of a kernel `(features, 4)` have shape `(features, 1)`.

# %% nbgrader={"grade": false, "grade_id": "split_gates", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_gates(stacked):
    """Take a stacked array apart.

    stacked: array (..., 4 * units), in Keras' order.
    Returns a tuple of four arrays (..., units): input gate, forget gate, candidate, output gate.
    """
    ### BEGIN SOLUTION
    units = stacked.shape[-1] // 4
    return tuple(stacked[..., k * units : (k + 1) * units] for k in range(4))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "split_gates-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("split_gates finds the four blocks of Keras.")
def check_split_gates():
    from checks import check, draws
    from checks.inputs import float32, lstm_inputs
    from checks.keras_lstm import read_parts
    from checks.loading import keras
    from checks.lstm_gates import SPLIT_GATES

    def compare(kernel, recurrent_kernel, bias):
        units = recurrent_kernel.shape[0]
        layer = keras.layers.LSTM(units)
        layer.build((None, None, kernel.shape[0]))
        layer.set_weights([kernel, recurrent_kernel, bias])
        parts = read_parts(layer)  # the weights with which each of Keras' gates works
        for place, stacked in ((0, kernel), (1, recurrent_kernel), (2, bias)):
            blocks = ("input", "forget", "candidate", "output")
            expected = [parts[block][place] for block in blocks]
            check(split_gates, (stacked,), expected, SPLIT_GATES)

    def weights(rng, features, units):
        return lstm_inputs(rng, batch=1, features=features, units=units)[3:]

    for rng in draws(3):
        compare(*weights(rng, features=8, units=3))
    kernel, recurrent_kernel, _ = weights(rng, features=5, units=2)
    compare(kernel, recurrent_kernel, bias=float32([1, 2, 3, 4, 5, 6, 7, 8]))
    compare(*weights(rng, features=4, units=1))
    compare(*weights(rng, features=1, units=6))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=12):
        compare(*weights(rng, features=12, units=5))
        compare(*weights(rng, features=2, units=1))
        compare(*weights(rng, features=1, units=7))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. The forget gate
#
# The forget gate decides, for each unit of each sample, how much of the old cell state stays:
#
# $$f = \sigma(x\,W_f + h\,U_f + b_f)$$
#
# | symbol | name here | shape |
# |---|---|---|
# | $x$ | `x`, the input of this step | `(batch, features)` |
# | $h$ | `h`, the hidden state of the step before | `(batch, units)` |
# | $W_f$ | the forget block of `kernel` | `(features, units)` |
# | $U_f$ | the forget block of `recurrent_kernel` | `(units, units)` |
# | $b_f$ | the forget block of `bias` | `(units,)` |
# | $f$ | the forget gate | `(batch, units)` |
#
# Your function gets the *stacked* weights. Use `sigmoid` and `split_gates` from above.
#
# *Worked number*: one sample, one feature, one unit. With $x = 2$, $h = 0.5$, $W_f = 1$,
# $U_f = -2$, $b_f = 1$: $2 \cdot 1 + 0.5 \cdot (-2) + 1 = 2$, so $f = \sigma(2) = 0.8808$. The cell
# keeps 88% of what it held.
#
# *A limiting case*: with all weights zero and a bias of 1, as a fresh Keras layer sets it, the gate
# is $\sigma(1) = 0.7311$ whatever $x$ and $h$ are.

# %% nbgrader={"grade": false, "grade_id": "forget_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forget_gate(x, h, kernel, recurrent_kernel, bias):
    """Compute the forget gate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, kernel_f, _, _ = split_gates(kernel)
    _, recurrent_f, _, _ = split_gates(recurrent_kernel)
    _, bias_f, _, _ = split_gates(bias)
    return sigmoid(x @ kernel_f + h @ recurrent_f + bias_f)
    ### END SOLUTION


# %% [markdown]
# **How the check reads this gate off Keras.** A Keras layer returns only $h$ and $c$. The check sets
# the candidate's columns to zero and starts from $c = 1$. Then the new cell state is
# $f \cdot 1 + i \cdot 0 = f$: what the layer returns as $c$ is its forget gate.

# %% nbgrader={"grade": true, "grade_id": "forget_gate-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("forget_gate agrees with Keras.")
def check_forget_gate():
    import numpy as np
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.keras_lstm import freeze
    from checks.loading import keras
    from checks.lstm_gates import FORGET_GATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"candidate": 0}))  # candidate 0, c = 1: the new c is f
        _, _, expected = layer(x[:, None], initial_state=[h, np.ones_like(c)])
        check(forget_gate, (x, h, *weights), expected, FORGET_GATE)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[0]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        inputs = lstm_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        fresh = freeze(inputs[3:], {"forget": 1})  # zero weights and a bias of 1
        compare(LSTMInputs(*inputs[:3], *fresh))  # 0.7311
    compare(worked)  # 0.8808
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=4, features=1, units=6))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=13):
        inputs = lstm_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        fresh = freeze(inputs[3:], {"forget": 1})  # zero weights and a bias of 1
        compare(LSTMInputs(*inputs[:3], *fresh))  # 0.7311
        compare(lstm_inputs(rng, batch=1, features=6, units=3))
        compare(lstm_inputs(rng, batch=5, features=1, units=2))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. The input gate
#
# The input gate decides how much of the *candidate* enters the cell. It does not act on $x$: the
# raw input is only one of the things that it looks at.
#
# $$i = \sigma(x\,W_i + h\,U_i + b_i)$$
#
# $W_i$ `(features, units)`, $U_i$ `(units, units)` and $b_i$ `(units,)` are the input blocks of the
# stacked weights; $i$ has shape `(batch, units)`.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $W_i = -1$, $U_i = 0$, $b_i = 0$: $i = \sigma(-2) =
# 0.1192$. The cell takes in 12% of the candidate.
#
# *A limiting case*: with a bias of $-30$ the gate is closed to within rounding,
# $\sigma(-30) = 9.4 \cdot 10^{-14}$. The cell then hears nothing new.

# %% nbgrader={"grade": false, "grade_id": "input_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def input_gate(x, h, kernel, recurrent_kernel, bias):
    """Compute the input gate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    kernel_i, _, _, _ = split_gates(kernel)
    recurrent_i, _, _, _ = split_gates(recurrent_kernel)
    bias_i, _, _, _ = split_gates(bias)
    return sigmoid(x @ kernel_i + h @ recurrent_i + bias_i)
    ### END SOLUTION


# %% [markdown]
# The check sets the candidate's columns to zero and its bias to 30, so that the candidate is
# $\tanh 30 = 1$, and starts from $c = 0$. Then the new cell state is $f \cdot 0 + i \cdot 1 = i$.

# %% nbgrader={"grade": true, "grade_id": "input_gate-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("input_gate agrees with Keras.")
def check_input_gate():
    import numpy as np
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.keras_lstm import OPEN, freeze
    from checks.loading import keras
    from checks.lstm_gates import INPUT_GATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"candidate": OPEN}))  # 1, and c = 0: the new c is i
        _, _, expected = layer(x[:, None], initial_state=[h, np.zeros_like(c)])
        check(input_gate, (x, h, *weights), expected, INPUT_GATE)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[0]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        inputs = lstm_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        closed = freeze(inputs[3:], {"input": -30})  # zero weights and a bias of -30
        compare(LSTMInputs(*inputs[:3], *closed))  # 9.4e-14
    compare(worked)  # 0.1192
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=4, features=1, units=6))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=14):
        inputs = lstm_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        closed = freeze(inputs[3:], {"input": -30})  # zero weights and a bias of -30
        compare(LSTMInputs(*inputs[:3], *closed))  # 9.4e-14
        compare(lstm_inputs(rng, batch=1, features=6, units=3))
        compare(lstm_inputs(rng, batch=5, features=1, units=2))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. The candidate
#
# The candidate is the new content itself: what the cell would take in if the input gate were wide
# open. It is not a gate, so it may be negative, and its activation is tanh:
#
# $$\tilde c = \tanh(x\,W_c + h\,U_c + b_c)$$
#
# $W_c$ `(features, units)`, $U_c$ `(units, units)` and $b_c$ `(units,)` are the candidate blocks of
# the stacked weights; $\tilde c$ has shape `(batch, units)`.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $W_c = -1$, $U_c = 2$, $b_c = 0.5$:
# $-2 + 1 + 0.5 = -0.5$, so $\tilde c = \tanh(-0.5) = -0.4621$.
#
# *A limiting case*: tanh bounds the candidate. However large the input, one step cannot write more
# than 1 or less than $-1$ into the cell.

# %% nbgrader={"grade": false, "grade_id": "candidate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def candidate(x, h, kernel, recurrent_kernel, bias):
    """Compute the candidate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, _, kernel_c, _ = split_gates(kernel)
    _, _, recurrent_c, _ = split_gates(recurrent_kernel)
    _, _, bias_c, _ = split_gates(bias)
    return np.tanh(x @ kernel_c + h @ recurrent_c + bias_c)
    ### END SOLUTION


# %% [markdown]
# The check opens the input gate with a bias of 30 and starts from $c = 0$. Then the new cell state
# is $f \cdot 0 + 1 \cdot \tilde c = \tilde c$.

# %% nbgrader={"grade": true, "grade_id": "candidate-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("candidate agrees with Keras.")
def check_candidate():
    import numpy as np
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.keras_lstm import OPEN, freeze
    from checks.loading import keras
    from checks.lstm_gates import CANDIDATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"input": OPEN}))  # i = 1, c = 0: the new c is c-tilde
        _, _, expected = layer(x[:, None], initial_state=[h, np.zeros_like(c)])
        check(candidate, (x, h, *weights), expected, CANDIDATE)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[0]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        inputs = lstm_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        compare(inputs._replace(x=10 * inputs.x))  # mostly near -1 and 1
    compare(worked)  # -0.4621
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=4, features=1, units=6))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=15):
        inputs = lstm_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        compare(inputs._replace(x=10 * inputs.x))  # mostly near -1 and 1
        compare(lstm_inputs(rng, batch=1, features=6, units=3))
        compare(lstm_inputs(rng, batch=5, features=1, units=2))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. The cell state
#
# Now the parts meet. The new cell state is the old one, as far as the forget gate keeps it, plus the
# candidate, as far as the input gate lets it in:
#
# $$c' = f \odot c + i \odot \tilde c$$
#
# $\odot$ multiplies number by number. $f$, $i$, $\tilde c$, the old cell state $c$ and the new one
# $c'$ all have shape `(batch, units)`. There is no matrix and no squashing on the way from $c$ to
# $c'$.
#
# *Worked number*: $f = 0.9$, $c = 2$, $i = 0.5$, $\tilde c = -0.4$ gives
# $c' = 1.8 - 0.2 = 1.6$. The cell state may exceed 1.
#
# *A limiting case*: with $f = 1$ and $i = 0$ the cell copies itself. As long as this lasts, nothing
# is lost.

# %% nbgrader={"grade": false, "grade_id": "cell_state", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cell_state(forget, input, candidate, c):
    """Compute the new cell state from the gates and the old cell state.

    forget, input, candidate, c: (batch, units). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    return forget * c + input * candidate
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cell_state-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("cell_state agrees with Keras.")
def check_cell_state():
    from checks import check, draws
    from checks.inputs import float32, lstm_inputs
    from checks.keras_lstm import read_gate, run_gates
    from checks.loading import keras
    from checks.lstm_gates import CELL_STATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        _, _, expected = layer(x[:, None], initial_state=[h, c])
        parts = [read_gate(name, x, h, *weights) for name in ("forget", "input", "candidate")]
        check(cell_state, (*parts, c), expected, CELL_STATE)

    def compare_values(*values):
        forget, input, candidate, c = [float32([[value]]) for value in values]
        _, expected = run_gates(forget, input, candidate, float32([[1]]), c)
        check(cell_state, (forget, input, candidate, c), expected, CELL_STATE)

    for rng in draws(3):
        compare(lstm_inputs(rng, batch=3, features=7, units=5))
    compare_values(0.9, 0.5, -0.4, 2)  # 1.6
    compare_values(1, 0, -0.4, 2)  # 2: a copy
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=16):
        compare(lstm_inputs(rng, batch=6, features=2, units=4))
        compare(lstm_inputs(rng, batch=1, features=5, units=3))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 7. The output gate
#
# The output gate decides how much of the cell the rest of the network gets to see:
#
# $$o = \sigma(x\,W_o + h\,U_o + b_o)$$
#
# $W_o$ `(features, units)`, $U_o$ `(units, units)` and $b_o$ `(units,)` are the output blocks of
# the stacked weights; $o$ has shape `(batch, units)`. Note what it looks at: $x$ and $h$, like the
# other gates, and not the cell state.
#
# *Worked number*: with $x = 2$, $h = 0.5$, $W_o = 0.5$, $U_o = 2$, $b_o = -2$:
# $1 + 1 - 2 = 0$, so $o = \sigma(0) = 0.5$.
#
# *A limiting case*: a closed output gate hides the cell but does not change it. What the cell holds
# can be shown many steps later.

# %% nbgrader={"grade": false, "grade_id": "output_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_gate(x, h, kernel, recurrent_kernel, bias):
    """Compute the output gate of one step.

    x: (batch, features). h: (batch, units). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    _, _, _, kernel_o = split_gates(kernel)
    _, _, _, recurrent_o = split_gates(recurrent_kernel)
    _, _, _, bias_o = split_gates(bias)
    return sigmoid(x @ kernel_o + h @ recurrent_o + bias_o)
    ### END SOLUTION


# %% [markdown]
# The check freezes the other three blocks with a bias of 30 and starts from $c = 20$. Then the new
# cell state is $1 \cdot 20 + 1 \cdot 1 = 21$, its tanh is 1, and the new hidden state is $o$.

# %% nbgrader={"grade": true, "grade_id": "output_gate-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("output_gate agrees with Keras.")
def check_output_gate():
    import numpy as np
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.keras_lstm import OPEN, freeze
    from checks.loading import keras
    from checks.lstm_gates import OUTPUT_GATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(freeze(weights, {"input": OPEN, "forget": OPEN, "candidate": OPEN}))
        _, expected, _ = layer(x[:, None], initial_state=[h, np.full_like(c, 20)])  # the new h is o
        check(output_gate, (x, h, *weights), expected, OUTPUT_GATE)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[0]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        compare(lstm_inputs(rng, batch=3, features=7, units=5))
    compare(worked)  # 0.5
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=4, features=1, units=6))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=17):
        compare(lstm_inputs(rng, batch=6, features=2, units=4))
        compare(lstm_inputs(rng, batch=1, features=6, units=3))
        compare(lstm_inputs(rng, batch=5, features=1, units=2))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 8. The hidden state
#
# The hidden state is what leaves the layer and what the gates see at the next step. The new cell
# state is bounded by tanh and then gated:
#
# $$h' = o \odot \tanh(c')$$
#
# $o$, $c'$ and $h'$ have shape `(batch, units)`.
#
# *Worked number*: $o = 0.5$, $c' = 1.6$ gives $h' = 0.5 \cdot 0.9217 = 0.4608$.
#
# *A limiting case*: $h'$ lies between $-1$ and 1 however large $c'$ has become.

# %% nbgrader={"grade": false, "grade_id": "hidden_state", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_state(output, c):
    """Compute the hidden state from the output gate and the new cell state.

    output, c: (batch, units). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    return output * np.tanh(c)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "hidden_state-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("hidden_state agrees with Keras.")
def check_hidden_state():
    import numpy as np
    from checks import check, draws
    from checks.inputs import float32, lstm_inputs
    from checks.keras_lstm import read_gate, run_gates
    from checks.loading import keras
    from checks.lstm_gates import HIDDEN_STATE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        _, expected, c_new = layer(x[:, None], initial_state=[h, c])
        arguments = read_gate("output", x, h, *weights), np.array(c_new)
        check(hidden_state, arguments, expected, HIDDEN_STATE)

    def compare_values(*values):
        output, c = [float32([[value]]) for value in values]
        one, zero = float32([[1]]), float32([[0]])
        expected, _ = run_gates(one, zero, zero, output, c)  # the cell keeps c
        check(hidden_state, (output, c), expected, HIDDEN_STATE)

    for rng in draws(3):
        inputs = lstm_inputs(rng, batch=3, features=7, units=5)
        compare(inputs)
        compare(inputs._replace(c=20 * inputs.c))  # h still lies between -1 and 1
    compare_values(0.5, 1.6)  # 0.4608
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=6, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=18):
        inputs = lstm_inputs(rng, batch=6, features=2, units=4)
        compare(inputs)
        compare(inputs._replace(c=20 * inputs.c))
        compare(lstm_inputs(rng, batch=1, features=5, units=3))
        compare(lstm_inputs(rng, batch=2, features=5, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 9. In your own words
#
# A cell should hold one number unchanged for 100 steps, show it to the network only at the last of
# them, and then drop it for a new one. For each of the three gates, say what value it takes during
# the 100 steps, at the last of them, and at the step after. Then say which of the gates you would
# have to set differently if the cell should *add up* the candidates of all steps instead, and why
# the cell state may then exceed 1 although every candidate lies between $-1$ and 1. Four to eight
# sentences are enough. A person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** While the cell holds its number, the forget gate is 1 and the input gate is 0:
# the cell copies itself. The output gate is 0, so the network sees nothing of it. At the last of the
# 100 steps the output gate opens to 1 while the other two stay as they are. At the step after, the
# forget gate is 0, which drops the old number, and the input gate is 1, which lets the new candidate
# in. To add up the candidates, the input gate is 1 at every step and the forget gate stays 1. The
# cell state is then a sum; each term is bounded by tanh, the sum is not, so it may exceed 1.
#
# *Points*: one for holding (f = 1, i = 0), one for showing (o), one for replacing (f = 0, i = 1), one
# for the sum and why it is not bounded.

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
