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
# # An LSTM layer
#
# You put the gates together into a layer that does what `keras.layers.LSTM` does: one step that
# computes all four blocks at once, the initial state, the whole sequence, the layer with its
# options, masked steps, and weights packed so that Keras accepts them. A check after each function
# compares it with a real `keras.layers.LSTM` that holds the same weights.
#
# **Time**: about 50 minutes. **You need**: the assignment *LSTM gates*, or what it teaches: the
# three gates, the candidate, and how Keras stacks its weights. The chapter *The LSTM, gate by gate*
# of the book explains each part, and *The LSTM at work* the masked steps.
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
# `float32` or `float64`. Where a function returns several arrays, a tuple and a list are both fine.
# Do not change the arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# Every gate needs the sigmoid. Copy yours from *LSTM gates*, or write it anew: it earns no points
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
# ## 1. One step
#
# Each gate needs a product with $x$ and a product with $h$. Keras stacks the weights of the four
# blocks side by side, in the order i, f, c, o: input gate, forget gate, candidate, output gate. So
# one product with the whole kernel serves all four at once. The pre-activations are
#
# $$z = x\,W + h\,U + b$$
#
# | symbol | name here | shape |
# |---|---|---|
# | $x$ | `x`, the input of this step | `(batch, features)` |
# | $h$, $c$ | `h`, `c`, hidden and cell state of the step before | `(batch, units)` |
# | $W$ | `kernel` | `(features, 4 * units)` |
# | $U$ | `recurrent_kernel` | `(units, 4 * units)` |
# | $b$ | `bias` | `(4 * units,)` |
# | $z$ | the four pre-activations side by side | `(batch, 4 * units)` |
#
# Divide $z$ into its four blocks $z_i$, $z_f$, $z_c$, $z_o$, each `(batch, units)`. The rest
# happens number by number:
#
# $$i = \sigma(z_i) \qquad f = \sigma(z_f) \qquad \tilde c = \tanh(z_c) \qquad o = \sigma(z_o)$$
#
# $$c' = f \odot c + i \odot \tilde c \qquad h' = o \odot \tanh(c')$$
#
# The new states $h'$ and $c'$ have shape `(batch, units)`. Return them in this order.
#
# *Worked number*: one sample, one feature, one unit; $x = 2$, $h = 0.5$, $c = 2$. The kernel is
# `[[-1, 1, -1, 0.5]]`, the recurrent kernel `[[0, -2, 2, 2]]`, the bias `[0, 1, 0.5, -2]`. Then
# $z$ = `[-2, 2, -0.5, 0]`, so $i = 0.1192$, $f = 0.8808$, $\tilde c = -0.4621$, $o = 0.5$. The new
# states are $c' = 1.7065$ and $h' = 0.4681$.
#
# *A limiting case*: with all weights zero, every gate is 0.5 and the candidate is 0, so one step
# halves the cell: $c = 2$ gives $c' = 1$ and $h' = 0.5 \tanh 1 = 0.3808$.


# %% nbgrader={"grade": false, "grade_id": "lstm_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """Compute one step of an LSTM.

    x: (batch, features). h, c: (batch, units). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,).
    Returns the new h and the new c, each (batch, units).
    """
    ### BEGIN SOLUTION
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    h = sigmoid(z_o) * np.tanh(c)
    return h, c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "lstm_step-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("lstm_step agrees with Keras.")
def check_lstm_step():
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.loading import keras
    from checks.lstm_step import LSTM_STEP

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        _, *expected = layer(x[:, None], initial_state=[h, c])  # a sequence of one step
        check(lstm_step, inputs, expected, LSTM_STEP)

    worked = LSTMInputs(
        x=float32([[2]]),
        h=float32([[0.5]]),
        c=float32([[2]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    no_weights = worked._replace(
        kernel=0 * worked.kernel,
        recurrent_kernel=0 * worked.recurrent_kernel,
        bias=0 * worked.bias,
    )
    for rng in draws(3):
        compare(lstm_inputs(rng, batch=3, features=5, units=8))
    compare(worked)  # h 0.4681, c 1.7065
    compare(no_weights)  # h 0.3808, c 1
    compare(lstm_inputs(rng, batch=1, features=4, units=2))
    compare(lstm_inputs(rng, batch=4, features=1, units=6))
    compare(lstm_inputs(rng, batch=6, features=3, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=21):
        compare(lstm_inputs(rng, batch=5, features=2, units=7))
        compare(lstm_inputs(rng, batch=2, features=7, units=4))
        compare(lstm_inputs(rng, batch=1, features=5, units=3))
        compare(lstm_inputs(rng, batch=4, features=1, units=1))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 2. The initial state
#
# The first step needs an $h$ and a $c$ from the step before, and there is no such step. A Keras
# layer starts from zeros unless it is given a state.
#
# | name | what it is | shape |
# |---|---|---|
# | `x` | the whole sequences | `(batch, time, features)` |
# | `units` | a number | |
# | `state` | `None`, or a list `[h, c]` | each `(batch, units)` |
#
# Without a state, return two arrays of zeros: one row for each sample of `x`, one column for each
# unit, and preferably with the dtype of `x`. With a state, return its $h$ and $c$ as they are.
#
# *Worked number*: for `x` of shape `(3, 7, 4)` and `units = 5` without a state, $h$ and $c$ have
# shape `(3, 5)`. Neither the 7 steps nor the 4 features appear in that shape.
#
# *A limiting case*: a state of zeros and no state at all give the same result.
#
# **How the check reads this off Keras.** A layer that masks every step does nothing at any of them.
# What it returns as $h$ and $c$ at the end is the state that it started from.


# %% nbgrader={"grade": false, "grade_id": "initial_state", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initial_state(x, units, state=None):
    """Return the state before the first step.

    x: (batch, time, features). units: a number.
    state: None for zeros, or a list [h, c], each (batch, units).
    Returns h and c, each (batch, units).
    """
    ### BEGIN SOLUTION
    if state is None:
        return np.zeros((len(x), units), x.dtype), np.zeros((len(x), units), x.dtype)
    h, c = state
    return h, c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "initial_state-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("initial_state agrees with Keras.")
def check_initial_state():
    import numpy as np
    from checks import check, draws
    from checks.inputs import lstm_inputs
    from checks.loading import keras
    from checks.lstm_layer import INITIAL_STATE

    def compare(rng, batch, time, features, units):
        x, h, c, *_ = lstm_inputs(rng, batch, features, units, time)
        layer = keras.layers.LSTM(units, return_state=True)
        skip = np.zeros((batch, time), dtype="bool")  # the state stays as it began
        _, *zeros = layer(x, mask=skip)
        check(initial_state, (x, units), zeros, INITIAL_STATE)
        check(initial_state, (x, units, None), zeros, INITIAL_STATE)
        _, *given = layer(x, mask=skip, initial_state=[h, c])
        check(initial_state, (x, units, [h, c]), given, INITIAL_STATE)
        check(initial_state, (x, units, [0 * h, 0 * c]), zeros, INITIAL_STATE)

    for rng in draws(2):
        compare(rng, batch=3, time=7, features=5, units=9)
    compare(rng, batch=3, time=7, features=4, units=5)  # h and c have the shape (3, 5)
    compare(rng, batch=1, time=4, features=6, units=2)
    compare(rng, batch=4, time=1, features=2, units=6)
    compare(rng, batch=6, time=4, features=1, units=8)
    compare(rng, batch=2, time=6, features=4, units=1)
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=22):
        compare(rng, batch=5, time=3, features=7, units=2)
        compare(rng, batch=1, time=1, features=3, units=5)
        compare(rng, batch=7, time=2, features=1, units=1)
    ### END HIDDEN TESTS


# %% [markdown]
# ## 3. The sequence
#
# The same step, with the same weights, is taken once for each time $t$. What changes is the input
# $x_t$, of shape `(batch, features)`, and the state:
#
# $$h_t, c_t = \mathrm{step}(x_t, h_{t-1}, c_{t-1})$$
#
# `x` has shape `(batch, time, features)`, so $x_t$ is `x[:, t]`. Return three things: all the
# hidden states $h_1, \dots, h_T$ as one array `(batch, time, units)`; the last hidden state $h_T$;
# the last cell state $c_T$. Use `lstm_step`.
#
# *Worked number*: take the weights and states of section 1, and two steps with the inputs 2 and 0.
# The first step gives $h_1 = 0.4681$, $c_1 = 1.7065$. The second starts from there and gives
# $h_2 = 0.2228$, $c_2 = 1.3269$. The result is the sequence 0.4681, 0.2228 of shape `(1, 2, 1)`,
# then 0.2228, then 1.3269.
#
# *A limiting case*: cut a sequence in two and start the second part from the last $h$ and $c$ of
# the first, and you get the same numbers as in one piece. These two arrays are all that the layer
# remembers.


# %% nbgrader={"grade": false, "grade_id": "lstm_sequence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_sequence(x, h, c, kernel, recurrent_kernel, bias):
    """Run an LSTM over whole sequences.

    x: (batch, time, features). h, c: the state before the first step, each (batch, units).
    kernel: (features, 4 * units). recurrent_kernel: (units, 4 * units). bias: (4 * units,).
    Returns all h (batch, time, units), the last h (batch, units), the last c (batch, units).
    """
    ### BEGIN SOLUTION
    every_h = []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, kernel, recurrent_kernel, bias)
        every_h.append(h)
    return np.stack(every_h, axis=1), h, c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "lstm_sequence-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("lstm_sequence agrees with Keras.")
def check_lstm_sequence():
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.loading import keras
    from checks.lstm_layer import LSTM_SEQUENCE

    def compare(inputs):
        x, h, c, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], return_sequences=True, return_state=True)
        layer.build(x.shape)
        layer.set_weights(weights)
        expected = layer(x, initial_state=[h, c])  # all h, last h, last c
        check(lstm_sequence, inputs, expected, LSTM_SEQUENCE)

    worked = LSTMInputs(
        x=float32([[[2], [0]]]),
        h=float32([[0.5]]),
        c=float32([[2]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(3):
        compare(lstm_inputs(rng, batch=3, time=7, features=5, units=9))
    compare(worked)  # all h 0.4681, 0.2228; last h 0.2228, last c 1.3269
    compare(worked._replace(x=worked.x[:, :1]))  # h 0.4681, c 1.7065
    compare(lstm_inputs(rng, batch=1, time=4, features=2, units=6))
    compare(lstm_inputs(rng, batch=4, time=1, features=6, units=2))
    compare(lstm_inputs(rng, batch=2, time=6, features=1, units=4))
    compare(lstm_inputs(rng, batch=6, time=2, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=23):
        compare(lstm_inputs(rng, batch=6, time=4, features=2, units=8))
        compare(lstm_inputs(rng, batch=2, time=1, features=4, units=7))
        compare(lstm_inputs(rng, batch=1, time=6, features=3, units=1))
        compare(lstm_inputs(rng, batch=3, time=5, features=1, units=7))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 4. The layer
#
# A Keras layer takes the sequences and three options. `kernel`, `recurrent_kernel` and `bias` are
# its weights; `x` has shape `(batch, time, features)`.
#
# | option | name in Keras | what it changes |
# |---|---|---|
# | `state` | `initial_state` | with a list `[h, c]` the layer starts from there, not from zeros |
# | `return_sequences` | the same | the *output* is all $h$, not the last $h$ |
# | `return_state` | the same | the *result* is the output, the last $h$, the last $c$ |
#
# The output is the last $h$, `(batch, units)`, or with `return_sequences` all $h$,
# `(batch, time, units)`. The result is the output alone, or with `return_state` the three arrays in
# the table.
#
# The first option is called `state` here because `initial_state` is already the name of your
# function above, and you want to call it.
#
# The number of units is not among the arguments. Read it off the shape of a weight.
#
# *Worked number*: batch 3, 7 steps, 5 units. Without options the result is one array `(3, 5)`. With
# `return_sequences` it is one array `(3, 7, 5)`. With `return_state` it is a tuple of three arrays
# `(3, 5)`, and the first two are equal. With both it is a tuple: `(3, 7, 5)`, `(3, 5)`, `(3, 5)`.
#
# *A limiting case*: for a sequence of one step, `return_sequences` changes the shape only, from
# `(batch, units)` to `(batch, 1, units)`.


# %% nbgrader={"grade": false, "grade_id": "lstm_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_layer(
    x,
    kernel,
    recurrent_kernel,
    bias,
    state=None,
    return_sequences=False,
    return_state=False,
):
    """Do what keras.layers.LSTM does.

    x: (batch, time, features). kernel: (features, 4 * units).
    recurrent_kernel: (units, 4 * units). bias: (4 * units,).
    state: None for zeros, or a list [h, c], each (batch, units).
    Returns the output: the last h (batch, units), or all h (batch, time, units) where
    return_sequences is True. Where return_state is True, returns (output, last h, last c).
    """
    ### BEGIN SOLUTION
    h, c = initial_state(x, len(recurrent_kernel), state)
    every_h, h, c = lstm_sequence(x, h, c, kernel, recurrent_kernel, bias)
    output = every_h if return_sequences else h
    return (output, h, c) if return_state else output
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "lstm_layer-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("lstm_layer agrees with Keras.")
def check_lstm_layer():
    from checks import check, draws
    from checks.inputs import lstm_inputs
    from checks.loading import keras
    from checks.lstm_layer import LSTM_LAYER

    def built(inputs):
        """Build a Keras LSTM with these weights."""
        x, h, _, *weights = inputs
        layer = keras.layers.LSTM(h.shape[1], unroll=True)
        layer.build(x.shape)
        layer.set_weights(weights)
        return layer

    def compare(layer, x, sequences, states, *further_options):
        """Compare for these options; of `further_options`, what is left out has its default."""
        layer.return_sequences, layer.return_state = sequences, states
        expected = {}  # with the zeros that the layer starts from, and with a given state
        for options in ((None, sequences, states), *further_options):
            given = options[0] if options else None
            start = given is None
            if start not in expected:
                expected[start] = layer(x, initial_state=given)
            arguments = (x, *layer.get_weights(), *options)
            check(lstm_layer, arguments, expected[start], LSTM_LAYER)

    def compare_some(inputs):
        layer, x = built(inputs), inputs.x
        compare(layer, x, False, False, ())
        compare(layer, x, True, False, (None, True))
        compare(layer, x, True, True, ([inputs.h, inputs.c], True, True))

    def compare_all(inputs):
        layer, x = built(inputs), inputs.x
        given = [inputs.h, inputs.c]
        compare(layer, x, False, False, (), (None,), (given,))
        compare(layer, x, True, False, (None, True), (given, True))
        compare(layer, x, False, True, (given, False, True))
        compare(layer, x, True, True, (given, True, True))

    for rng in draws(1):
        compare_all(lstm_inputs(rng, batch=2, time=4, features=7, units=9))
    compare_some(lstm_inputs(rng, batch=3, time=7, features=2, units=5))  # the shapes in the text
    compare_some(lstm_inputs(rng, batch=1, time=4, features=2, units=6))
    compare_some(lstm_inputs(rng, batch=4, time=1, features=6, units=2))
    compare_some(lstm_inputs(rng, batch=2, time=4, features=1, units=8))
    compare_some(lstm_inputs(rng, batch=6, time=2, features=4, units=1))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=24):
        compare_all(lstm_inputs(rng, batch=5, time=3, features=1, units=8))
        compare_some(lstm_inputs(rng, batch=2, time=4, features=6, units=1))
        compare_some(lstm_inputs(rng, batch=1, time=1, features=3, units=5))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 5. Masked steps
#
# Sequences in a batch often differ in length. The short ones are padded, and a **mask** says which
# steps are real. For one step it is an array of booleans, one for each sample: `mask`, of shape
# `(batch,)`. Where it is `True`, the sample takes an ordinary step. Where it is `False`, nothing
# happens to the sample: its $h$ and its $c$ stay as they were.
#
# *Worked number*: take the weights of section 1, and two samples that both have the $x = 2$,
# $h = 0.5$, $c = 2$ of section 1. An ordinary step would lead both to $h' = 0.4681$ and
# $c' = 1.7065$. With the mask `[True, False]` only the first sample takes it: the new $h$ is
# `[[0.4681], [0.5]]` and the new $c$ is `[[1.7065], [2]]`.
#
# *A limiting case*: a mask of `True` throughout is an ordinary step. With a mask of `False`
# throughout, the input cannot matter at all. Note the difference from an input of zeros: that is an
# ordinary step too, and it changes the state.
#
# **How the check reads this off Keras.** Keras takes the mask of a whole sequence, `(batch, time)`.
# The check gives a Keras layer sequences of a single step, with a mask `(batch, 1)`, and reads the
# states that it returns.


# %% nbgrader={"grade": false, "grade_id": "masked_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_step(x, h, c, mask, kernel, recurrent_kernel, bias):
    """Compute one step in which the samples whose mask is False keep their state.

    x: (batch, features). h, c: (batch, units). mask: (batch,), booleans.
    kernel: (features, 4 * units). recurrent_kernel: (units, 4 * units). bias: (4 * units,).
    Returns the new h and the new c, each (batch, units).
    """
    ### BEGIN SOLUTION
    h_new, c_new = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
    keep = mask[:, np.newaxis]
    return np.where(keep, h_new, h), np.where(keep, c_new, c)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "masked_step-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("masked_step agrees with Keras.")
def check_masked_step():
    import numpy as np
    from checks import check, draws
    from checks.inputs import LSTMInputs, float32, lstm_inputs
    from checks.loading import keras
    from checks.lstm_layer import MASKED_STEP

    def compare(inputs, mask):
        x, h, c, *weights = inputs
        mask = np.array(mask, dtype="bool")
        layer = keras.layers.LSTM(h.shape[1], return_state=True)
        layer.build((None, 1, x.shape[1]))
        layer.set_weights(weights)
        _, *expected = layer(x[:, None], mask=mask[:, None], initial_state=[h, c])
        check(masked_step, (x, h, c, mask, *weights), expected, MASKED_STEP)

    worked = LSTMInputs(
        x=float32([[2], [2]]),
        h=float32([[0.5], [0.5]]),
        c=float32([[2], [2]]),
        kernel=float32([[-1, 1, -1, 0.5]]),
        recurrent_kernel=float32([[0, -2, 2, 2]]),
        bias=float32([0, 1, 0.5, -2]),
    )
    for rng in draws(2):
        inputs = lstm_inputs(rng, batch=5, features=3, units=8)
        compare(inputs, [0, 1, 1, 0, 1])
        compare(inputs, [1, 0, 0, 1, 0])
        compare(inputs, [1, 1, 1, 1, 1])
        compare(inputs, [0, 0, 0, 0, 0])
    compare(worked, [1, 0])  # h 0.4681 and 0.5, c 1.7065 and 2
    for mask in ([0], [1]):
        compare(lstm_inputs(rng, batch=1, features=4, units=2), mask)
    compare(lstm_inputs(rng, batch=4, features=1, units=6), [1, 0, 1, 1])
    compare(lstm_inputs(rng, batch=4, features=6, units=1), [0, 0, 1, 0])
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=25):
        compare(lstm_inputs(rng, batch=4, features=2, units=7), [0, 1, 0, 1])
        compare(lstm_inputs(rng, batch=3, features=1, units=5), [1, 1, 0])
        compare(lstm_inputs(rng, batch=2, features=6, units=1), [1, 1])
        compare(lstm_inputs(rng, batch=1, features=1, units=3), [0])
    ### END HIDDEN TESTS


# %% [markdown]
# ## 6. Weights for Keras
#
# So far the weights came out of a Keras layer, through `get_weights`. Now they go in. You are given
# the weights of each gate separately, in a dict with four keys:
#
# | key | value |
# |---|---|
# | `"input"` | the input gate's `(kernel, recurrent kernel, bias)` |
# | `"forget"` | the same three of the forget gate |
# | `"candidate"` | the same three of the candidate |
# | `"output"` | the same three of the output gate |
#
# Each kernel has the shape `(features, units)`, each recurrent kernel `(units, units)`, and each
# bias `(units,)`.
#
# Return a list that `layer.set_weights` of a `keras.layers.LSTM` accepts: `kernel`
# `(features, 4 * units)`, `recurrent_kernel` `(units, 4 * units)` and `bias` `(4 * units,)`, with
# the blocks in the order i, f, c, o. The keys of the dict may come in any order.
#
# *Worked number*: with `units = 2` and the biases `[1, 2]` for the input gate, `[3, 4]` for the
# forget gate, `[5, 6]` for the candidate and `[7, 8]` for the output gate, the third array of the
# list is `[1, 2, 3, 4, 5, 6, 7, 8]`.
#
# *A limiting case*: with `units = 1` the kernel has the shape `(features, 4)`. Each of its columns
# is one block.
#
# **How the check reads this off Keras.** It sets random weights in a Keras layer and feeds it
# samples in which a single number of $x$ or $h$ is 1 and all others are 0. So each gate reveals the
# weights with which it works; `read_parts` collects them. Your list must be the one that was given
# to `set_weights`. With it you can put any LSTM of yours into Keras:
# `layer.set_weights(pack_weights(gates))`.


# %% nbgrader={"grade": false, "grade_id": "pack_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pack_weights(gates):
    """Stack the weights of the four gates for keras.layers.LSTM.set_weights.

    gates: dict with the keys "input", "forget", "candidate" and "output", in any order; each value
        is a tuple of kernel (features, units), recurrent kernel (units, units), bias (units,).
    Returns a list: kernel (features, 4 * units), recurrent_kernel (units, 4 * units),
    bias (4 * units,).
    """
    ### BEGIN SOLUTION
    blocks = [gates[name] for name in ("input", "forget", "candidate", "output")]
    return [np.concatenate(four, axis=-1) for four in zip(*blocks)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pack_weights-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("Keras computes each gate with the weights that you packed for it.")
def check_pack_weights():
    from checks import check, draws
    from checks.inputs import float32, lstm_inputs
    from checks.keras_lstm import read_parts
    from checks.loading import keras
    from checks.lstm_layer import PACK_WEIGHTS

    def compare(weights, order):
        kernel, recurrent_kernel, _ = weights
        layer = keras.layers.LSTM(recurrent_kernel.shape[0])
        layer.build((None, None, kernel.shape[0]))
        layer.set_weights(weights)
        parts = read_parts(layer)  # the weights with which each of Keras' gates works
        gates = {name: parts[name] for name in order}
        check(pack_weights, (gates,), layer.get_weights(), PACK_WEIGHTS)

    def weights(rng, features, units):
        return lstm_inputs(rng, 1, features, units)[3:]

    for rng in draws(2):
        compare(weights(rng, features=5, units=8), ("forget", "output", "input", "candidate"))
        compare(weights(rng, features=5, units=8), ("output", "input", "candidate", "forget"))
    kernel, recurrent_kernel, _ = weights(rng, features=4, units=2)
    worked = kernel, recurrent_kernel, float32([1, 2, 3, 4, 5, 6, 7, 8])
    compare(worked, ("input", "forget", "candidate", "output"))  # the third array is 1 to 8
    compare(weights(rng, features=6, units=1), ("candidate", "forget", "output", "input"))
    compare(weights(rng, features=1, units=4), ("input", "output", "forget", "candidate"))
    ### BEGIN HIDDEN TESTS
    for rng in draws(2, seed=26):
        compare(weights(rng, features=3, units=7), ("forget", "input", "output", "candidate"))
        compare(weights(rng, features=5, units=1), ("forget", "output", "candidate", "input"))
        compare(weights(rng, features=1, units=6), ("candidate", "output", "input", "forget"))
        compare(weights(rng, features=1, units=1), ("output", "candidate", "forget", "input"))
    ### END HIDDEN TESTS


# %% [markdown]
# ## 7. In your own words
#
# A batch holds a sentence of 12 words and one of 7 words. The shorter one is padded at its end with
# vectors of zeros, so that `x` has shape `(2, 12, features)`. Somebody runs a Keras LSTM without a
# mask and uses its last $h$. (a) Why is the last $h$ of the shorter sentence not the one after its
# last word, although every padded input is zero? Name the terms that still act. (b) What does a
# mask change, for $h$ and for $c$? (c) A text of 1000 words is fed to the layer in pieces of 100.
# What has to be carried over from piece to piece so that the result is the same as in one run, and
# what goes wrong if only $h$ is carried over? Four to eight sentences are enough. A person reads
# and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** (a) A step with an input of zeros is still a step. Only $x\,W$ vanishes; $h\,U$
# and the bias still make the four pre-activations. So for five more steps the forget gate scales
# the cell, the input gate adds candidates made of $h$ and the bias alone, and the output gate makes
# a new $h$ from the result. (b) At a masked step the sample's $h$ and $c$ are both carried over
# unchanged, so that after step 12 they are those after word 7. The other sample takes its ordinary
# steps. (c) Both $h$ and $c$ have to be carried over, as the `initial_state` of the next piece. If
# only $h$ is carried over, every piece starts with $c = 0$: what the cell had stored is lost at
# each border, and only what the output gate showed in the last $h$ gets across.
#
# *Points*: one for the recurrent term and the bias that still act, one for naming what they do to
# the state over the five steps, one for the mask keeping both $h$ and $c$, one for carrying both
# and the loss of $c$.

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
