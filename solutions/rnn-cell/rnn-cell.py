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
# # RNN cell
#
# You build a recurrent layer: the pre-activation of one step, the step, the loop over a sequence,
# and the layer around it. At the end you count its parameters. A check after each function compares
# it with a real `keras.layers.SimpleRNN` that holds the same weights.
#
# **Time**: about 40 minutes. **You need**: Python, NumPy, and a dense layer in Keras. The chapter
# *Recurrent networks* of the book explains each part.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with Keras and, if not, what differs. Run the checks as often as you like. If one
# fails again and again, `hint()` says where to read and where to look. Further checks with other
# sizes and random numbers run when the notebook is graded; they ask for nothing that is not written
# here.
#
# **Shapes** are written `(batch, time, features)`: `batch` sequences, each `time` steps long, each
# step a row of `features` numbers. All arrays are `float32`; results may be `float32` or `float64`.
# Do not change the arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. The pre-activation
#
# A dense layer computes $x\,W + b$ and applies an activation. A recurrent layer also has a *hidden
# state*: a row of numbers, one for each unit, that it keeps from one step to the next. A step looks
# at the input and at this state. What goes into the activation is the *pre-activation*:
#
# $$z = x\,W + h\,U + b$$
#
# | symbol | name here | shape |
# |---|---|---|
# | $x$ | `x`, the input of this step | `(batch, features)` |
# | $h$ | `h`, the hidden state of the step before | `(batch, units)` |
# | $W$ | `kernel` | `(features, units)` |
# | $U$ | `recurrent_kernel` | `(units, units)` |
# | $b$ | `bias` | `(units,)` |
# | $z$ | the pre-activation | `(batch, units)` |
#
# Each sample is a *row*, so the matrices stand on the right. Row $j$, column $i$ of $U$ says how
# much unit $j$ of the old state adds to unit $i$ of the new one: the row says where from, the
# column where to.
#
# *Worked number*: one sample, two features, two units. $x = [1, 2]$, $h = [1, 0]$,
# $W = \begin{bmatrix}1 & 0\\ 0 & 0.5\end{bmatrix}$,
# $U = \begin{bmatrix}0 & 3\\ 0 & 0\end{bmatrix}$, $b = [0, -1]$.
# Then $x\,W = [1, 1]$ and $h\,U = [0, 3]$, so $z = [1, 3]$. The 3 has gone from the first unit to
# the second.
#
# *A limiting case*: with $U = 0$ the old state has no effect. What is left is a dense layer.

# %% nbgrader={"grade": false, "grade_id": "pre_activation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pre_activation(x, h, kernel, recurrent_kernel, bias):
    """Compute what goes into the activation at one step.

    x: (batch, features). h: (batch, units). kernel: (features, units).
    recurrent_kernel: (units, units). bias: (units,). Returns (batch, units).
    """
    ### BEGIN SOLUTION
    return x @ kernel + h @ recurrent_kernel + bias
    ### END SOLUTION


# %% [markdown]
# **How the check reads this off Keras.** A `SimpleRNN` returns its states, after the activation.
# The check gives the layer the activation `"linear"`, which leaves its argument unchanged, so what
# the layer returns is the pre-activation.

# %% nbgrader={"grade": true, "grade_id": "pre_activation-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("pre_activation agrees with Keras.")
def check_pre_activation():
    from checks import check, draws
    from checks.inputs import RNNInputs, float32, rnn_inputs
    from checks.loading import keras
    from checks.rnn_cell import PRE_ACTIVATION

    def compare(inputs):
        x, h, *weights = inputs
        layer = keras.layers.SimpleRNN(h.shape[1], activation="linear")
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        expected = layer(x[:, None], initial_state=h)
        check(pre_activation, inputs, expected, PRE_ACTIVATION)

    worked = RNNInputs(
        x=float32([[1, 2]]),
        h=float32([[1, 0]]),
        kernel=float32([[1, 0], [0, 0.5]]),
        recurrent_kernel=float32([[0, 3], [0, 0]]),
        bias=float32([0, -1]),
    )
    for rng in draws(3):
        compare(rnn_inputs(rng, batch=3, features=5, units=8))
    compare(worked)  # [1, 3]
    compare(rnn_inputs(rng, batch=1, features=1, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=11):
        compare(rnn_inputs(rng, batch=5, features=2, units=7))
        compare(rnn_inputs(rng, batch=1, features=3, units=5))
        compare(rnn_inputs(rng, batch=4, features=6, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. One step
#
# The new hidden state is the pre-activation, bounded by tanh:
#
# $$h' = \tanh(x\,W + h\,U + b)$$
#
# tanh works on each number separately. $h'$ has the shape of $h$, `(batch, units)`, so it can be
# the $h$ of the next step.
#
# *Worked number*: one feature, one unit. With $x = 1$, $h = 0.5$, $W = 0.8$, $U = -0.6$, $b = 0.1$:
# $0.8 - 0.3 + 0.1 = 0.6$, so $h' = \tanh 0.6 = 0.5370$.
#
# *A limiting case*: a pre-activation of 1000 gives $h' = 1$, and one of $-1000$ gives $-1$. However
# large the input, the state stays between $-1$ and 1. Your function must return these values too,
# not NaN; `np.tanh` does.

# %% nbgrader={"grade": false, "grade_id": "rnn_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step(x, h, kernel, recurrent_kernel, bias):
    """Compute the hidden state after one step.

    x: (batch, features). h: (batch, units). kernel: (features, units).
    recurrent_kernel: (units, units). bias: (units,). Returns the new h, (batch, units).
    """
    ### BEGIN SOLUTION
    return np.tanh(pre_activation(x, h, kernel, recurrent_kernel, bias))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rnn_step-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("rnn_step agrees with Keras.")
def check_rnn_step():
    from checks import check, draws
    from checks.inputs import RNNInputs, float32, rnn_inputs
    from checks.loading import keras
    from checks.rnn_cell import RNN_STEP

    def compare(inputs):
        x, h, *weights = inputs
        layer = keras.layers.SimpleRNN(h.shape[1])
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        expected = layer(x[:, None], initial_state=h)
        check(rnn_step, inputs, expected, RNN_STEP)

    worked = RNNInputs(
        x=float32([[1]]),
        h=float32([[0.5]]),
        kernel=float32([[0.8]]),
        recurrent_kernel=float32([[-0.6]]),
        bias=float32([0.1]),
    )
    for rng in draws(3):
        inputs = rnn_inputs(rng, batch=3, features=5, units=8)
        compare(inputs)
        compare(inputs._replace(bias=1000 * inputs.bias))  # states of -1 and 1
    compare(worked)  # 0.5370
    compare(rnn_inputs(rng, batch=1, features=4, units=2))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=12):
        inputs = rnn_inputs(rng, batch=5, features=2, units=7)
        compare(inputs)
        compare(inputs._replace(bias=1000 * inputs.bias))
        compare(rnn_inputs(rng, batch=1, features=3, units=1))
        compare(rnn_inputs(rng, batch=4, features=1, units=6))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. A sequence
#
# Now the input is a sequence, `x` with shape `(batch, time, features)`. The layer takes the same
# step again and again, with the *same* weights, and passes its state on:
#
# $$h_t = \tanh(x_t\,W + h_{t-1}\,U + b), \qquad t = 1, \dots, \text{time}$$
#
# $x_t$ `(batch, features)` is the input of step $t$, $h_t$ `(batch, units)` is the state after it,
# and $h_0$ is the initial state, the argument `h`. $W$, $U$ and $b$ are as before.
#
# Return the states after *all* steps as one array `(batch, time, units)`. Python counts from 0, so
# `states[:, 0]` is $h_1$. The initial state is not among them.
#
# *Worked number*: take the unit of section 2, and after $x_1 = 1$ let the inputs be
# $x_2 = x_3 = 0$. From $h_0 = 0.5$ the states are $h_1 = 0.5370$,
# $h_2 = \tanh(-0.6 \cdot 0.5370 + 0.1) = -0.2186$ and $h_3 = \tanh(-0.6 \cdot (-0.2186) + 0.1) =
# 0.2272$. With $x_1 = 0$ they would be $-0.1974$, 0.2150 and $-0.0290$: the first input still shows
# in the third state.
#
# *A limiting case*: with $U = 0$ nothing is passed on. Each state depends only on the input of its
# own step.

# %% nbgrader={"grade": false, "grade_id": "rnn_sequence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_sequence(x, h, kernel, recurrent_kernel, bias):
    """Compute the hidden states after all steps of a sequence.

    x: (batch, time, features). h: (batch, units), the initial state. kernel: (features, units).
    recurrent_kernel: (units, units). bias: (units,). Returns (batch, time, units).
    """
    ### BEGIN SOLUTION
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rnn_sequence-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("rnn_sequence agrees with Keras.")
def check_rnn_sequence():
    from checks import check, draws
    from checks.inputs import RNNInputs, float32, rnn_inputs
    from checks.loading import keras
    from checks.rnn_cell import RNN_SEQUENCE

    def compare(inputs):
        x, h, *weights = inputs
        layer = keras.layers.SimpleRNN(h.shape[1], return_sequences=True)
        layer.build(x.shape)
        layer.set_weights(weights)
        expected = layer(x, initial_state=h)
        check(rnn_sequence, inputs, expected, RNN_SEQUENCE)

    worked = RNNInputs(
        x=float32([[[1], [0], [0]]]),
        h=float32([[0.5]]),
        kernel=float32([[0.8]]),
        recurrent_kernel=float32([[-0.6]]),
        bias=float32([0.1]),
    )
    for rng in draws(3):
        compare(rnn_inputs(rng, batch=3, time=7, features=5, units=9))
    compare(worked)  # 0.5370, -0.2186, 0.2272
    compare(worked._replace(x=0 * worked.x))  # -0.1974, 0.2150, -0.0290
    compare(rnn_inputs(rng, batch=1, time=4, features=2, units=6))
    compare(rnn_inputs(rng, batch=4, time=1, features=6, units=2))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=13):
        compare(rnn_inputs(rng, batch=6, time=4, features=2, units=8))
        compare(rnn_inputs(rng, batch=2, time=1, features=4, units=6))
        compare(rnn_inputs(rng, batch=3, time=5, features=1, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. The layer
#
# Around the loop, a Keras layer does three more things.
#
# - `initial_state` may be left out. Then it is `None`, and the layer starts from a state of zeros,
#   `(batch, units)`.
# - `return_sequences` chooses the output: `True` gives the states of all steps,
#   `(batch, time, units)`; `False` gives the last one only, `(batch, units)`.
# - `return_state` says whether the last state is wanted as well. With `False` the function returns
#   the output alone. With `True` it returns a list or a tuple of two arrays: the output, then the
#   last state `(batch, units)`.
#
# *Worked number*: for the states 0.5370, $-0.2186$, 0.2272 of section 3, with `return_state=True`:
#
# | `return_sequences` | output | state |
# |---|---|---|
# | `False` | `[[0.2272]]` | `[[0.2272]]` |
# | `True` | `[[[0.5370], [-0.2186], [0.2272]]]` | `[[0.2272]]` |
#
# *A limiting case*: without an initial state, inputs of zeros and a bias of zeros leave the state
# at zero for as long as you like, because $\tanh 0 = 0$.

# %% nbgrader={"grade": false, "grade_id": "rnn_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_layer(
    x,
    kernel,
    recurrent_kernel,
    bias,
    initial_state=None,
    return_sequences=False,
    return_state=False,
):
    """Run a sequence through a recurrent layer and return what Keras returns.

    x: (batch, time, features). kernel: (features, units). recurrent_kernel: (units, units).
    bias: (units,). initial_state: (batch, units), or None for zeros.

    Returns the output: (batch, units), or (batch, time, units) with return_sequences.
    With return_state: a list or tuple of the output and the last state (batch, units).
    """
    ### BEGIN SOLUTION
    if initial_state is None:
        initial_state = np.zeros((x.shape[0], bias.size), dtype=x.dtype)
    states = rnn_sequence(x, initial_state, kernel, recurrent_kernel, bias)
    last = states[:, -1]
    output = states if return_sequences else last
    return (output, last) if return_state else output
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rnn_layer-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("rnn_layer agrees with Keras.")
def check_rnn_layer():
    from checks import check, draws
    from checks.inputs import RNNInputs, float32, rnn_inputs
    from checks.loading import keras
    from checks.rnn_cell import RNN_LAYER

    def compare(inputs, sequences, state, *further_options):
        """Compare for these options; of `further_options`, what is left out has its default."""
        x, h, *weights = inputs
        options = {"return_sequences": sequences, "return_state": state, "unroll": True}
        layer = keras.layers.SimpleRNN(h.shape[1], **options)
        layer.build(x.shape)
        layer.set_weights(weights)
        for options in ((None, sequences, state), *further_options):
            expected = layer(x, initial_state=options[0] if options else None)
            check(rnn_layer, (x, *weights, *options), expected, RNN_LAYER)

    def compare_all(inputs):
        compare(inputs, False, False, (), (None,), (inputs.h,))
        compare(inputs, True, False, (None, True), (inputs.h, True))
        compare(inputs, False, True, (inputs.h, False, True))
        compare(inputs, True, True, (inputs.h, True, True))

    worked = RNNInputs(
        x=float32([[[1], [0], [0]]]),
        h=float32([[0.5]]),
        kernel=float32([[0.8]]),
        recurrent_kernel=float32([[-0.6]]),
        bias=float32([0.1]),
    )
    for rng in draws(1):
        compare_all(rnn_inputs(rng, batch=3, time=7, features=5, units=9))
    compare(worked, False, True, (worked.h, False, True))  # [[0.2272]] twice
    compare(worked, True, True, (worked.h, True, True))
    compare_all(rnn_inputs(rng, batch=1, time=4, features=2, units=6))
    compare_all(rnn_inputs(rng, batch=4, time=1, features=6, units=2))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=14):
        compare_all(rnn_inputs(rng, batch=5, time=3, features=1, units=8))
        compare_all(rnn_inputs(rng, batch=2, time=4, features=6, units=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. The number of parameters
#
# Training adjusts the numbers in the kernel, the recurrent kernel and the bias. Compute, from
# `features` and `units`, how many there are: a whole number. The table of section 1 has the shapes.
#
# *Worked number*: with 3 features and 2 units the kernel holds 6 numbers, the recurrent kernel 4
# and the bias 2: 12 in all.
#
# *A limiting case*: the length of the sequence plays no part. A layer for 10 steps and a layer for
# 10 000 steps have the same number of parameters, because every step uses the same ones.

# %% nbgrader={"grade": false, "grade_id": "parameter_count", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parameter_count(features, units):
    """Count the parameters of a SimpleRNN.

    features, units: whole numbers of 1 or more. Returns a whole number.
    """
    ### BEGIN SOLUTION
    return features * units + units * units + units
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "parameter_count-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("parameter_count agrees with Keras.")
def check_parameter_count():
    from checks import check, draws
    from checks.loading import keras
    from checks.rnn_cell import PARAMETER_COUNT

    def compare(features, units):
        layer = keras.layers.SimpleRNN(units)
        layer.build((None, None, features))
        expected = layer.count_params()
        check(parameter_count, (features, units), expected, PARAMETER_COUNT)

    for rng in draws(3):
        compare(rng.integers(2, 7).item(), rng.integers(22, 30).item())
    compare(3, 2)  # 12
    compare(1, 1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=15):
        compare(rng.integers(20, 30).item(), rng.integers(2, 9).item())
    compare(1, 8)
    compare(300, 400)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. In your own words
#
# A network has to read sequences of 100 steps with 8 features. One way is a `SimpleRNN` with 16
# units that returns its last state. Another is to join the 100 steps into one row of 800 numbers
# and give it to a `Dense` layer with 16 units.
#
# Compare the two. How many parameters does each have? What does each do with a sequence of 120
# steps? A pattern that was learned at the start of the sequences turns up at the end of one: which
# of the two has weights that have learned it there as well? And what is the price: by which path
# does the first input reach the output in each of the two? Four to eight sentences are enough. A
# person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** The `SimpleRNN` has $8 \cdot 16 + 16 \cdot 16 + 16 = 400$ parameters, the
# `Dense` layer $800 \cdot 16 + 16 = 12\,816$. The RNN takes 20 more steps with the same weights;
# the dense layer's kernel has 800 rows and cannot take a row of 960 numbers. The RNN uses the same
# weights at every step, so what they respond to at the start they also respond to at the end. The
# dense layer has weights of its own for each step; those of the last steps have learned nothing
# from the first ones. The price is the path of the first input. In the dense layer it reaches the
# output directly, through its own rows of the kernel. In the RNN it must pass through the 16
# numbers of the state, and 99 times more through the same recurrent kernel and tanh, one step after
# the other.
#
# *Points*: one for the two numbers of parameters, one for the longer sequence, one for the same
# weights at every step, one for the path of the first input.

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
