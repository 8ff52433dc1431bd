"""Tells the learner's side how a test seeds the global random numbers.

Under nbgrader the test and the learner's code draw from the same generators. Here each side has its
own, and the state that a test sets crosses with the next call. It crosses one way only: the
learner's code must not choose what a test draws.
"""

import functools
import inspect
import random
from typing import Any

import numpy as np

SETTERS = ((random, "seed"), (random, "setstate"), (np.random, "seed"), (np.random, "set_state"))


class Randomness:
    """Watches the global generators of Python and NumPy in this process.

    That somebody draws is not looked at: Keras does so for each layer.
    """

    def __init__(self) -> None:
        self._is_set = False
        for module, name in SETTERS:
            setter = inspect.unwrap(getattr(module, name))  # of an earlier notebook, in a test
            setattr(module, name, self._noting(setter))

    def _noting(self, setter: Any) -> Any:
        """Make a function that does the same, and notes that it was called."""

        @functools.wraps(setter)
        def noted(*arguments: Any, **keywords: Any) -> Any:
            self._is_set = True
            return setter(*arguments, **keywords)

        return noted

    def news(self) -> dict[str, Any]:
        """Return the states by library if one was set since the last call, else {}."""
        if not self._is_set:
            return {}
        self._is_set = False
        return {"python": random.getstate(), "numpy": np.random.get_state(legacy=False)}
