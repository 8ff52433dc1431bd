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
from checks import check, draws
from checks.leaky_unit import leaky_mistakes, read_leaky


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
def compare(rng, batch, units):
    x, h = rng.normal(size=(2, batch, units)).astype("float32")
    leak = float(rng.uniform(0.1, 0.4))
    check(leaky_step, (x, h, leak), read_leaky(x, h, leak), leaky_mistakes(x, h, leak))


for rng in draws(3):
    compare(rng, batch=3, units=5)
print("leaky_step agrees with Keras.")
### BEGIN HIDDEN TESTS
for rng in draws(3, seed=11):
    compare(rng, batch=5, units=2)
### END HIDDEN TESTS
