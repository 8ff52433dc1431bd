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
# # Leaky unit
#
# You write one step of a unit that forgets a fixed part of its state. **Time**: about 5 minutes.

# %%

# %% nbgrader={"grade": false, "grade_id": "set-up", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from checks import hint, progress


# %% [markdown]
# ## 1. One step
#
# The new state is $h' = (1 - a)\,h + a\,x$. $x$ and $h$ are `(batch, units)`, the leak $a$ is a
# number between 0 and 1. *Worked number*: $x = 1$, $h = 0$, $a = 0.25$ give $h' = 0.25$.


# %% nbgrader={"grade": false, "grade_id": "leaky_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_step(x, h, leak):
    """Return the new state (batch, units).

    x, h: (batch, units). leak: a number between 0 and 1.
    """
    ### BEGIN SOLUTION
    return (1 - leak) * h + leak * x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_step-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from checks import checking


@checking("leaky_step agrees with Keras.")
def check_leaky_step():
    import numpy
    from checks import check, draws
    from checks.inputs import float32, normal
    from checks.keras_rnn import run_rnn
    from checks.leaky_unit import LEAKY_STEP

    def compare(x, h, leak):
        eye = numpy.eye(x.shape[1], dtype="float32")
        weights = leak * eye, (1 - leak) * eye, 0 * eye[0]
        expected = run_rnn(x, h, *weights, activation="linear")[:, 0]
        check(leaky_step, (x, h, leak), expected, LEAKY_STEP)

    for rng in draws(3):
        compare(*normal(rng, (3, 5), (3, 5)), rng.uniform(0.1, 0.4))
    compare(float32([[1]]), float32([[0]]), 0.25)  # 0.25
    ### BEGIN HIDDEN TESTS
    for rng in draws(3, seed=11):
        compare(*normal(rng, (5, 2), (5, 2)), rng.uniform(0.1, 0.4))
        compare(*normal(rng, (1, 1), (1, 1)), rng.uniform(0.1, 0.4))
    ### END HIDDEN TESTS


# %% [markdown]
# ## Where you stand
#
# The next cell lists your functions: which agree with Keras, which differ, which are not started.

# %% nbgrader={"grade": false, "grade_id": "progress", "locked": true, "schema_version": 3, "solution": false, "task": false}
from checks import progress

progress()
