"""What the functions of the leaky-unit assignment return, with the mistakes that learners make."""

import numpy as np

from .inputs import normal, sizes
from .reference import Choose, Reference


def leaky_step(choose: Choose, x: np.ndarray, h: np.ndarray, leak: float) -> np.ndarray:
    """Return the new state (batch, units)."""
    leak = choose(
        "leak",
        leak,
        (
            "parts swapped",
            lambda: 1 - leak,
            "The leak and its complement have changed places.",
        ),
    )
    kept = choose(
        "old state",
        (1 - leak) * h,
        ("nothing forgotten", lambda: h, "The old state is kept whole. A part of it leaks away."),
        ("old state missing", lambda: 0 * h, "Nothing of the old state is left."),
    )
    return kept + leak * x


def _draw(rng: np.random.Generator) -> tuple:
    batch, units = sizes(rng, 2)
    return *normal(rng, (batch, units), (batch, units)), float(rng.uniform(0.1, 0.4))


LEAKY_STEP = Reference(
    leaky_step,
    _draw,
    {"the new state": "batch, units"},
    look="Look at how much of the old state is left, for a leak of 0.25.",
)
