"""Wrong and right implementations for leaky-unit."""

from functools import partial

from evidence.banks import right, wrong

leaky_step = partial(wrong, "leaky_step")
right_leaky_step = partial(right, "leaky_step")

STEP = "(1 - leak) * h + leak * x"

WRONG = [
    leaky_step("parts swapped", (STEP, "leak * h + (1 - leak) * x")),
    leaky_step("nothing forgotten", (STEP, "h + leak * x")),
    leaky_step("old state missing", (STEP, "leak * x")),
]

RIGHT = [
    right_leaky_step(
        "a step towards x",
        """
def leaky_step(x, h, leak):
    return h + leak * (x - h)
""",
    ),
]
