"""The test's functions that the learner's code gets, and the calls back to them.

Only the instructor's own functions are called back, and the instructor knows what they do with
arguments of the learner's choice. A library's function crosses by its name and runs in the sandbox.
"""

import functools
import operator
from collections.abc import Callable, Iterator
from types import BuiltinMethodType, FunctionType, MethodType, MethodWrapperType
from typing import Any, cast

from autograder.inside import facts, libraries, wire
from autograder.inside.records import Classes
from autograder.judge.stand_ins import awaited_call, handle_of

MOST_CALLS = 200_000  # back, during one call of the learner's code
CONTAINERS = (list, dict, set, str)
"""Types whose methods a test may hand over, such as `calls.append`."""
OWN_MODULES = {"__main__", "unittest.mock"}
NUMERIC = {"numpy", "scipy"}
"""Libraries of objects that are called like functions, such as an interpolation."""
GETTERS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
TOO_OFTEN = f"your code called functions of the test more than {MOST_CALLS:,} times"


class OwnFunctions:
    """Keeps the test's functions by number, and calls them.

    classes: finds classes that both sides know. modules: the instructor's own.
    """

    def __init__(self, classes: Classes, modules: set[str]):
        self._classes, self._modules = classes, OWN_MODULES | modules
        self._functions: list[Callable] = []
        self._numbers: dict[int, int] = {}  # by the ids of the functions
        self._raised: list[BaseException] = []  # during the call that is open
        self._calls = 0

    def begin(self) -> None:
        """Start counting for a new call."""
        self._calls = 0
        self._raised.clear()

    def __len__(self) -> int:
        return len(self._functions)

    def own(self, number: object) -> Callable:
        """Find a function by its number. Raises Malformed where there is none."""
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise wire.Malformed("a function that the test never handed over")
        return self._functions[number]

    def raised(self, number: object) -> BaseException | None:
        """Find what a function of the test's raised during this call, by its number."""
        if type(number) is not int or not 0 <= number < len(self._raised):
            return None
        return self._raised[number]

    def refer(self, value: Any) -> dict:
        """Name a value that a test hands over and that does not cross by itself.

        Raises CannotCross.
        """
        if (handle := handle_of(value)) is not None:
            return {"handle": handle}
        if (coroutine := awaited_call(value)) is not None:
            return {"coroutine": list(coroutine)}
        if isinstance(value, type) and (name := self._classes.name_of(value)):
            return {"shared": name}
        if isinstance(value, functools.partial):
            return {"partial": [value.func, value.args, value.keywords]}
        if isinstance(value, GETTERS):
            kind, arguments, *_ = cast(tuple, value.__reduce__())
            return {"getter": [kind, arguments]}
        if isinstance(value, Iterator):
            return {"callback": self._number(value, value.__next__), "steps": True}
        if self._is_own(value):
            return {"callback": self._number(value, value), "steps": False} | facts.describe(
                value, values=False
            )
        if isinstance(value, libraries.KINDS):
            module, name = libraries.home_of(value)
            if _is_importable(module, name, value):
                return {"library": [module, name]}
        raise wire.CannotCross(
            f"the test hands over {wire.describe(value)}, which does not reach the learner's code"
        )

    def _is_own(self, value: Any) -> bool:
        """Whether a value may be called with arguments of the learner's choice."""
        is_bound = isinstance(value, BuiltinMethodType | MethodWrapperType)
        if is_bound and isinstance(value.__self__, CONTAINERS):
            return True
        if not callable(value) or isinstance(value, type):
            return False
        written = isinstance(value, FunctionType | MethodType)
        module = str(getattr(value, "__module__", None) or type(value).__module__)
        home = module.partition(".")[0]
        return module in self._modules or home in self._modules or (not written and home in NUMERIC)

    def _number(self, value: object, function: Callable) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._functions)
            self._functions.append(function)
        return self._numbers[id(value)]

    def call(self, message: dict) -> dict:
        """Call a function as the learner's code asks; return the reply.

        Raises KeyboardInterrupt if it asks too often, and any exception that ends the test cell.
        """
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise KeyboardInterrupt(TOO_OFTEN)
        function = self.own(message["call back"])
        arguments, keywords = message.get("arguments"), message.get("keywords")
        if not isinstance(arguments, tuple) or not isinstance(keywords, dict):
            raise wire.Malformed("a call back without arguments")
        try:
            return {"result": function(*arguments, **keywords)}
        except Exception as error:
            return self.refusal(error)

    def refusal(self, error: Exception) -> dict:
        """Make the reply that says what was raised."""
        self._raised.append(error)
        kinds = [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"]
        message = str(error)
        arguments = error.args if _crosses(error.args) else (message,)
        group = issubclass(kinds[0], BaseExceptionGroup)
        description = {
            "type": type(error).__name__,
            "base": "Exception" if group else kinds[0].__name__,
            "class": self._classes.name_of(type(error)) or "",
            "message": message,
            "arguments": arguments,
            "number": len(self._raised) - 1,
        }
        return {"raised": wire.Whole(description)}


def _is_importable(module: str, name: str, value: object) -> bool:
    try:
        return libraries.anywhere(module, name) is value
    except Exception:
        return False


def _crosses(value: object) -> bool:
    try:
        wire.pack(value)
    except wire.CannotCross:
        return False
    return True
