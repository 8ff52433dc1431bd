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
# # The textbook answer
#
# You mark an answer as you find it in textbooks and get it from chatbots. Half of its sentences
# fail. You show that with weights: five times you build an LSTM that does what a sentence rules
# out. Then you mark the sentences, and at the end you write what is right in their place.
#
# **Time**: about 50 minutes. **You need**: the four blocks of an LSTM in Keras' order i, f, c, o,
# and how gates act on the cell (*LSTM gates*). The chapter *The examination answer* of the book
# marks another answer in this way.
#
# **How to work.** Write the functions with NumPy alone; Keras and TensorFlow are there to compare.
# Write each one where it says `YOUR CODE HERE`, and delete the line that raises
# `NotImplementedError`. Run the cell, then the check below it. A check tells you whether your
# function agrees with Keras and, if not, what differs. Run the checks as often as you like. If one
# fails again and again, `hint()` says where to read and where to look. Further checks with other
# sizes and random numbers run when the notebook is graded; they ask for nothing that is not written
# here.
#
# **Shapes.** All arrays are `float32`; results may be `float32` or `float64`. Do not change the
# arguments of a function in place.

# %%
import numpy as np

# %% [markdown]
# The next cell loads the checks. Keras is loaded later, by the first check that needs it.

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress

# %% [markdown]
# ## 1. The answer
#
# *How does an LSTM remember?*
#
# > (1) An LSTM layer hands two arrays on from step to step, the hidden state and the cell state.
# > (2) The forget gate and the input gate share out the cell between them, so the two add up to 1.
# > (3) When the forget gate is 0, the cell is empty after the step.
# > (4) One step can add at most 1 to what was kept, or take at most 1 away, because the candidate has
# > gone through tanh.
# > (5) The output gate decides how much of the cell, after a tanh, leaves as the hidden state.
# > (6) So a unit whose hidden state is 0 has nothing stored.
# > (7) All steps use the same weights, whatever the length of the sequence.
# > (8) As long as the inputs are 0, nothing is written: a cell can only keep or lose what it holds.
# > (9) Because the cell state is only scaled and added to, the gradient along it cannot vanish.
# > (10) All this has its price: an LSTM has four times as many weights as a `SimpleRNN` with the same
# > units and inputs.
#
# Five of the ten sentences are right. The other five fail: for each of them there is an LSTM that
# does not do what it says. Which are they? Decide on paper before you go on.
#
# **The experiments.** Each of the sections 2 to 6 asks for the weights of an LSTM that does
# something which one of the five sentences rules out. Which one, you say in section 7.
#
# In most of them the LSTM reads *symbols*. Symbol $n$ is a row of zeros with a single 1 at place
# $n$, so $x\,W$ is row $n$ of the kernel $W$ `(symbols, 4 * units)`. The recurrent kernel $U$ and
# the bias $b$ are zero unless the text says otherwise. Then row $n$ of the kernel *is* what goes into
# the three gates and the candidate when symbol $n$ comes: you set them by writing that row. Use
# $30$ for a gate that is open, $-30$ for one that is shut, and 0 where the text asks for nothing.
#
# A kernel holds what goes *into* the sigmoid and tanh, so you need their inverses. For a gate $g$
# between 0 and 1 and a number $v$ between $-1$ and 1,
#
# $$\sigma^{-1}(g) = \ln\frac{g}{1 - g}, \qquad \tanh^{-1}(v) = \frac12 \ln\frac{1 + v}{1 - v}.$$
#
# $\sigma^{-1}(0.5) = 0$ and $\tanh^{-1}(0) = 0$. `np.arctanh` is the second one.

# %% [markdown]
# ## 2. Two gates at once
#
# Write the kernel with which the input gate and the forget gate have given values, for each symbol
# and unit. `input` and `forget` have shape `(symbols, units)`, with numbers between 0 and 1. The
# blocks of the candidate and of the output gate are 0.
#
# *Worked number*: one symbol, one unit. $i = 0.8$ and $f = 0.9$ need
# $\sigma^{-1}(0.8) = \ln 4 = 1.3863$ and $\sigma^{-1}(0.9) = \ln 9 = 2.1972$, so the kernel is
# $[1.3863, 2.1972, 0, 0]$.
#
# *A limiting case*: two gates that are half open need a kernel of zeros.

# %% nbgrader={"grade": false, "grade_id": "kernel_for_gates", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_for_gates(input, forget):
    """Write the kernel of an LSTM whose gates have given values for each symbol.

    input, forget: the gates (symbols, units), between 0 and 1. Returns (symbols, 4 * units).
    """
    ### BEGIN SOLUTION
    gates = [np.log(gate) - np.log(1 - gate) for gate in (input, forget)]
    return np.concatenate([*gates, np.zeros_like(input), np.zeros_like(input)], axis=1)
    ### END SOLUTION


# %% [markdown]
# The check draws a kernel, and reads both gates off a Keras LSTM that has it. You get the gates; it
# asks for the kernel.

# %% nbgrader={"grade": true, "grade_id": "kernel_for_gates-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("kernel_for_gates agrees with Keras.")
def check_kernel_for_gates():
    import numpy as np
    from checks import check, draws
    from checks.blocks import side_by_side
    from checks.inputs import float32, normal
    from checks.keras_lstm import one_hot, read_gate
    from checks.textbook_answer import KERNEL_FOR_GATES

    def compare(input, forget):
        """Compare for blocks (symbols, units) of the kernel."""
        symbols, units = input.shape
        zero = np.zeros_like(input)
        kernel = side_by_side([input, forget, zero, zero])
        others = float32(np.zeros((units, 4 * units))), float32(np.zeros(4 * units))
        x, weights = one_hot(symbols), (kernel, *others)
        gates = read_gate("input", x, zero, *weights), read_gate("forget", x, zero, *weights)
        check(kernel_for_gates, gates, kernel, KERNEL_FOR_GATES)

    for rng in draws(3):
        compare(*normal(rng, (3, 5), (3, 5)))
    compare(float32([[np.log(4)]]), float32([[np.log(9)]]))  # 1.3863, 2.1972, 0, 0
    compare(*normal(rng, (1, 4), (1, 4)))
    compare(*normal(rng, (6, 1), (6, 1)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=21):
        compare(*normal(rng, (6, 4), (6, 4)))
        compare(*normal(rng, (1, 3), (1, 3)))
        compare(*normal(rng, (5, 1), (5, 1)))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. A cell after a shut forget gate
#
# Write the kernel with which the cell state *after* a step has a given value, whatever it was
# before. The forget gate is shut, the input gate is open, and $c'$, the argument `c_new`, has shape
# `(symbols, units)`, with numbers between $-1$ and 1. The block of the output gate is 0.
#
# *Worked number*: $c' = 0.5$ needs a candidate of 0.5, so $\tanh^{-1}(0.5) = 0.5493$ goes into it,
# and the kernel is $[30, -30, 0.5493, 0]$.
#
# *A limiting case*: for $c' = 0$ the candidate's block is 0. That is one value among many.

# %% nbgrader={"grade": false, "grade_id": "kernel_for_cell", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_for_cell(c_new):
    """Write the kernel of an LSTM whose cell holds given values after each symbol.

    c_new: the new cell state (symbols, units), between -1 and 1. Returns (symbols, 4 * units), with
    the forget gate shut and the input gate open.
    """
    ### BEGIN SOLUTION
    is_open = np.full_like(c_new, 30)
    blocks = [is_open, -is_open, np.arctanh(c_new), np.zeros_like(c_new)]
    return np.concatenate(blocks, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "kernel_for_cell-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("kernel_for_cell agrees with Keras.")
def check_kernel_for_cell():
    import numpy as np
    from checks import check, draws
    from checks.blocks import side_by_side
    from checks.inputs import float32, normal
    from checks.keras_lstm import OPEN, one_hot, run_lstm
    from checks.textbook_answer import KERNEL_FOR_CELL

    def compare(candidate, c):
        """Compare for a block of the kernel and an old cell state, both (symbols, units)."""
        symbols, units = candidate.shape
        is_open = np.full_like(candidate, OPEN)
        kernel = side_by_side([is_open, -is_open, candidate, 0 * candidate])
        others = float32(np.zeros((units, 4 * units))), float32(np.zeros(4 * units))
        _, _, c_new = run_lstm(one_hot(symbols), 0 * c, c, kernel, *others)
        check(kernel_for_cell, (c_new,), kernel, KERNEL_FOR_CELL)

    for rng in draws(3):
        compare(*normal(rng, (3, 5), (3, 5)))
    compare(float32([[np.arctanh(0.5)]]), float32([[7]]))  # 30, -30, 0.5493, 0
    compare(*normal(rng, (1, 4), (1, 4)))
    compare(*normal(rng, (6, 1), (6, 1)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=22):
        compare(*normal(rng, (6, 4), (6, 4)))
        compare(*normal(rng, (1, 3), (1, 3)))
        compare(*normal(rng, (5, 1), (5, 1)))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. A cell and what it shows
#
# A cell holds $c$, and keeps it: the forget gate is open, the input gate is shut. Write the kernel
# with which the hidden state after the step is $h'$, for given `c` and `h_new`, both
# `(symbols, units)`. $c$ is nowhere 0, and $h'$ has the sign of $c$ and lies between 0 and
# $\tanh c$. The candidate's block is 0.
#
# *Worked number*: with $c = 2$ and $h' = 0.0964$ the output gate must be
# $0.0964 / \tanh 2 = 0.0964 / 0.9640 = 0.1$, and $\sigma^{-1}(0.1) = -2.1972$, so the kernel is
# $[-30, 30, 0, -2.1972]$.
#
# *A limiting case*: for $h' = \tfrac12 \tanh c$ the block of the output gate is 0. The smaller $h'$
# is, the more negative is the block, and $c$ stays what it is.

# %% nbgrader={"grade": false, "grade_id": "kernel_for_output", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_for_output(c, h_new):
    """Write the kernel of an LSTM that keeps its cells and shows given values of them.

    c: the cell state (symbols, units), nowhere 0. h_new: the new hidden state (symbols, units),
    between 0 and tanh of c. Returns (symbols, 4 * units).
    """
    ### BEGIN SOLUTION
    is_open = np.full_like(c, 30)
    gate = h_new / np.tanh(c)
    blocks = [-is_open, is_open, np.zeros_like(c), np.log(gate) - np.log(1 - gate)]
    return np.concatenate(blocks, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "kernel_for_output-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("kernel_for_output agrees with Keras.")
def check_kernel_for_output():
    import numpy as np
    from checks import check, draws
    from checks.blocks import side_by_side
    from checks.inputs import float32, normal
    from checks.keras_lstm import OPEN, one_hot, run_lstm
    from checks.textbook_answer import KERNEL_FOR_OUTPUT

    def compare(output, c):
        """Compare for a block of the kernel and a cell state, both (symbols, units)."""
        symbols, units = c.shape
        c = c + np.sign(c) / 2  # away from 0
        is_open = np.full_like(c, OPEN)
        kernel = side_by_side([-is_open, is_open, 0 * c, output])
        others = float32(np.zeros((units, 4 * units))), float32(np.zeros(4 * units))
        _, h_new, _ = run_lstm(one_hot(symbols), 0 * c, c, kernel, *others)
        check(kernel_for_output, (c, h_new), kernel, KERNEL_FOR_OUTPUT)

    for rng in draws(3):
        compare(*normal(rng, (3, 5), (3, 5)))
    compare(float32([[-np.log(9)]]), float32([[1.5]]))  # c = 2: -30, 30, 0, -2.1972
    compare(*normal(rng, (1, 4), (1, 4)))
    compare(*normal(rng, (6, 1), (6, 1)))
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=23):
        compare(*normal(rng, (6, 4), (6, 4)))
        compare(*normal(rng, (1, 3), (1, 3)))
        compare(*normal(rng, (5, 1), (5, 1)))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. A cell without input
#
# Here all inputs are 0, so the kernel plays no part. The recurrent kernel is zero. The input gate
# and the forget gate are open, through their biases, and the cell starts at 0. Write the block of
# the bias that belongs to the *candidate*, so that the cell holds `total` after `steps` steps.
# `total` has shape `(units,)`, and no number in it is as large as `steps`, in either direction.
#
# *Worked number*: for a total of 2 after 4 steps each step must write 0.5, so the bias is
# $\tanh^{-1}(0.5) = 0.5493$.
#
# *A limiting case*: after one step, `total` is the candidate itself.

# %% nbgrader={"grade": false, "grade_id": "bias_for_total", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bias_for_total(total, steps):
    """Write the candidate's bias of an LSTM whose cells reach given values without input.

    total: the cell state after the last step (units,). steps: a whole number of 1 or more.
    Returns (units,).
    """
    ### BEGIN SOLUTION
    return np.arctanh(total / steps)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bias_for_total-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("bias_for_total agrees with Keras.")
def check_bias_for_total():
    import numpy as np
    from checks import check, draws
    from checks.blocks import side_by_side
    from checks.inputs import float32, normal
    from checks.keras_lstm import OPEN, run_lstm
    from checks.textbook_answer import BIAS_FOR_TOTAL

    def compare(candidate, steps):
        """Compare for the candidate's block of the bias (units,)."""
        units = candidate.size
        is_open = np.full_like(candidate, OPEN)
        bias = side_by_side([is_open, is_open, candidate, 0 * candidate])
        kernel, recurrent_kernel = (float32(np.zeros((n, 4 * units))) for n in (2, units))
        x, h = float32(np.zeros((1, steps, 2))), float32(np.zeros((1, units)))
        _, _, total = run_lstm(x, h, h, kernel, recurrent_kernel, bias)
        check(bias_for_total, (total[0], steps), candidate, BIAS_FOR_TOTAL)

    for rng in draws(3):
        compare(*normal(rng, (5,)), steps=3)
        compare(*normal(rng, (7,)), steps=1)
    compare(float32([np.arctanh(0.5)]), steps=4)  # 0.5493
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=24):
        compare(*normal(rng, (4,)), steps=6)
        compare(*normal(rng, (1,)), steps=2)
        compare(*normal(rng, (6,)), steps=1)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. A gradient
#
# Now a symbol comes `steps` times in a row. The recurrent kernel is zero, so $c$ at the end depends
# on $c$ at the start along one path only, unit by unit. Write the kernel with which
# $\partial c_T / \partial c_0$ has given values. `gradient` has shape `(symbols, units)`, with
# numbers between 0 and 1, and $T$ is `steps`. The blocks of the input gate, the candidate and the
# output gate are 0.
#
# *Worked number*: for a gradient of 0.01 after 2 steps, each step must leave $0.1$ of it, so the
# forget gate is 0.1 and the kernel is $[0, -2.1972, 0, 0]$.
#
# *A limiting case*: after one step the gradient is the forget gate itself.

# %% nbgrader={"grade": false, "grade_id": "kernel_for_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_for_gradient(gradient, steps):
    """Write the kernel of an LSTM along whose cells a given part of the gradient comes back.

    gradient: that of the last cell state with respect to the first (symbols, units), between 0 and
    1. steps: a whole number of 1 or more. Returns (symbols, 4 * units).
    """
    ### BEGIN SOLUTION
    forget = gradient ** (1 / steps)
    zero = np.zeros_like(gradient)
    return np.concatenate([zero, np.log(forget) - np.log(1 - forget), zero, zero], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "kernel_for_gradient-check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("kernel_for_gradient agrees with Keras.")
def check_kernel_for_gradient():
    import numpy as np
    from checks import check, draws
    from checks.blocks import side_by_side
    from checks.inputs import float32, normal
    from checks.keras_lstm import one_hot
    from checks.loading import keras, tf
    from checks.textbook_answer import KERNEL_FOR_GRADIENT

    def compare(forget, steps):
        """Compare for the forget gate's block of the kernel (symbols, units)."""
        symbols, units = forget.shape
        zero = np.zeros_like(forget)
        kernel = side_by_side([zero, forget, zero, zero])
        layer = keras.layers.LSTM(units, return_state=True, unroll=True)
        layer.build((None, steps, symbols))
        layer.set_weights([kernel, np.zeros((units, 4 * units)), np.zeros(4 * units)])
        h, c = tf.zeros((symbols, units)), tf.ones((symbols, units))
        with tf.GradientTape() as tape:
            tape.watch(c)
            _, _, c_last = layer(np.repeat(one_hot(symbols), steps, axis=1), initial_state=[h, c])
        gradient = np.array(tape.gradient(c_last, c))
        check(kernel_for_gradient, (gradient, steps), kernel, KERNEL_FOR_GRADIENT)

    for rng in draws(3):
        compare(*normal(rng, (3, 5)), steps=7)
    compare(float32([[-np.log(9)]]), steps=2)  # 0, -2.1972, 0, 0
    compare(*normal(rng, (1, 4)), steps=1)
    compare(*normal(rng, (6, 1)), steps=3)
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=25):
        compare(*normal(rng, (6, 4)), steps=2)
        compare(*normal(rng, (1, 3)), steps=5)
        compare(*normal(rng, (5, 1)), steps=1)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 7. Marking papers
#
# Now you mark. Pupils wrote some of the ten sentences of section 1 in an examination. `written` has
# shape `(pupils, 10)`: row $p$, column $k$ is 1 if pupil $p$ wrote sentence $k + 1$, and 0 if not.
#
# A sentence that is right costs nothing. Each of the five that fail costs points, and how many
# depends on the *reason* why it fails. There are eight reasons. All eight are true of a Keras LSTM;
# each of the five sentences is contradicted by one of them, and three contradict none.
#
# 1. The gates see the input and the hidden state of the step before, not the cell state.
# 2. What is written is added to what is kept. It does not need anything to be kept.
# 3. The biases act at every step, whatever the input is.
# 4. tanh bounds the candidate, and not the cell state.
# 5. On its way back along the cell, the gradient is multiplied by the forget gate of every step.
# 6. Each gate has weights of its own.
# 7. The input gate multiplies the candidate, not the input.
# 8. The output gate acts on what leaves the cell, not on the cell.
#
# `deductions` has shape `(8,)`: entry $r$ is what reason $r + 1$ costs. Return the points that each
# pupil loses, `(pupils,)`. So you need a table that gives each of the five sentences its reason;
# the rest is a sum.
#
# *Worked number*, for other sentences: if sentence 1 failed for reason 7 and sentence 4 for reason
# 2, a pupil who wrote the sentences 1, 4 and 5 would lose `deductions[6] + deductions[1]`.
#
# *A limiting case*: a pupil who wrote nothing loses nothing.
#
# The check does not say which sentence you have marked wrongly. Your five experiments do: ask of
# each which sentence says that it cannot be.

# %% nbgrader={"grade": false, "grade_id": "points_off", "locked": false, "schema_version": 3, "solution": true, "task": false}
def points_off(written, deductions):
    """Add up the points that each pupil loses.

    written: (pupils, 10), 1 for each sentence that a pupil wrote and 0 for the others.
    deductions: (8,), the points that each reason costs. Returns (pupils,).
    """
    ### BEGIN SOLUTION
    reasons = {2: 6, 3: 2, 6: 8, 8: 3, 9: 5}
    lost = [written[:, number - 1] * deductions[why - 1] for number, why in reasons.items()]
    return sum(lost)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "points_off-check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("points_off takes off what these papers lose.")
def check_points_off():
    from checks import check, draws
    from checks.inputs import float32
    from checks.reference import Choose
    from checks.textbook_answer import POINTS_OFF

    def papers(rng, pupils):
        written = float32(rng.integers(0, 2, size=(pupils, 10)))
        return written, float32(rng.uniform(1, 5, size=8))

    def compare(written, deductions):
        expected = POINTS_OFF.value((written, deductions), Choose())
        check(points_off, (written, deductions), expected, POINTS_OFF)

    for rng in draws(3):
        compare(*papers(rng, pupils=6))
    compare(*papers(rng, pupils=1))
    ### BEGIN HIDDEN TESTS
    import numpy as np

    why = np.array([0, 6, 2, 0, 0, 8, 0, 3, 5, 0])  # of each sentence; 0: it is right

    def compare_with_table(written, deductions):
        costs = np.concatenate([[0], deductions])[why]
        check(points_off, (written, deductions), float32(written @ costs), POINTS_OFF)

    for rng in draws(3, seed=26):
        compare_with_table(*papers(rng, pupils=16))
        compare_with_table(*papers(rng, pupils=1))
    ### END HIDDEN TESTS

# %% [markdown]
# ## 8. In your own words
#
# Correct the answer. For each of the five sentences that fail, give its number, write one sentence
# that is right in its place, and show with numbers of your own that the old sentence fails: an LSTM
# step with values for the gates, the candidate and the states, other than the worked numbers above.
# Then say in one or two sentences what has to hold, of which gates, for a cell to keep a number over
# many steps. A person reads and grades your answer.

# %% [markdown] nbgrader={"grade": true, "grade_id": "in-your-own-words", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **A full answer.** (2) *The forget gate and the input gate are set independently, each by weights
# of its own.* With $f = 0.7$, $i = 0.6$, $c = 2$ and a candidate of 0.5, the new cell state is
# $1.4 + 0.3 = 1.7$: the two gates add up to 1.3. (3) *When the forget gate is 0, the cell holds
# what the step has written.* With $f = 0$, $i = 1$ and a candidate of $-0.8$ the cell is at
# $-0.8$ after the step. (6) *A hidden state of 0 says that nothing is shown; what is stored may be
# anything.* With $c = 3$ and $o = 0.001$ the hidden state is $0.001$, and the cell still holds 3.
# (8) *Without input, the biases and the fed-back hidden state still set the gates and the
# candidate.* With open gates and a bias that makes the candidate 0.2, ten steps of zeros bring the
# cell from 0 to 2. (9) *Along the cell the gradient is multiplied by the forget gate of each step,
# and vanishes where these are not close to 1.* With $f = 0.5$ at all of 20 steps, a millionth of it
# is left. A cell keeps a number over many steps if its forget gate is very close to 1 and its input
# gate very close to 0 at all of them; an open forget gate alone is not enough, because something is
# then added at every step.
#
# *Points*: one for each of the five sentences, if it is right and comes with numbers that refute the
# old one (half of it without numbers, or with worked numbers of the text); one for what keeps a
# number. Take nothing off for a sixth sentence that is only made more precise.

# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started,
# and the points so far. Run the checks first, or choose *Run All Cells*.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
