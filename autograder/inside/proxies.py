"""What the learner's code gets in place of a function or an iterator of the test's.

A call of such a function goes back to the judge, over the connection on which the judge waits for
an answer. The judge may call the learner's code again before it replies.
"""

import builtins
import threading
from collections.abc import Callable
from typing import Any

from . import facts

Ask = Callable[[int, tuple, dict], dict]
"""Calls the test's function of a number back, with arguments; returns the reply."""


class Proxies:
    """The test's functions as the learner's code sees them, one for each number.

    ask: makes a call. find_class: finds a class that both sides know by name; None if unknown.
    """

    def __init__(self, ask: Ask, find_class: Callable[[str], Any]):
        self._ask, self._find_class = ask, find_class
        self._proxies: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # of the functions, by the ids of their proxies
        self._lock = threading.RLock()  # one call at a time: the learner's code may have threads

    def proxy(self, description: dict) -> Any:
        """Find or make what stands for the test's function or iterator."""
        number = description["callback"]
        if number not in self._proxies:
            call = self._caller(number)
            proxy = Steps(call) if description["steps"] else facts.proxy(description, call)
            self._proxies[number], self._numbers[id(proxy)] = proxy, number
        return self._proxies[number]

    def number(self, value: object) -> int | None:
        """Find the number of the test's function that a value stands for, None for all else."""
        return self._numbers.get(id(value))

    def _caller(self, number: int) -> Callable[..., object]:
        def call(*arguments: object, **keywords: object) -> object:
            with self._lock:
                reply = self._ask(number, arguments, keywords)
            if "raised" in reply:
                raise self._exception(reply["raised"])
            return reply["result"]

        return call

    def _exception(self, description: dict) -> BaseException:
        """Make the exception that the test's function raised."""
        kind = self._find_class(description["class"]) if description["class"] else None
        name = description["type"]
        if kind is None:
            base = getattr(builtins, description["base"])
            kind = base if base.__name__ == name else type(name, (base,), {})
        try:
            error = kind(*description["arguments"])
        except Exception:
            error = kind.__new__(kind, description["message"])
        error.__dict__["raised_by_the_test"] = description["number"]
        return error


class Steps:
    """Stands for an iterator of the test's; each step is a call back."""

    def __init__(self, call: Callable[..., object]):
        self._call = call

    def __iter__(self) -> "Steps":
        return self

    def __next__(self) -> object:
        return self._call()
