"""What the judge holds in place of the learner's functions, classes, iterators and instances.

A call of a stand-in goes into the sandbox and comes back as plain data (`Caller.call`). An instance
of a learner's class exists here only where a test cell made it from the class, or called a method
of such a one. What a function returns is plain data, or an error.

No code of the learner's decides here what equals plain data, how far it is from it, whether it is
true, or where a loop ends: that would be an answer of its own choice to any question of a test.

A stand-in's `handle` is the number by which the sandbox knows the learner's object.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograder.inside import wire
from autograder.judge.exceptions import builtin_exception

if TYPE_CHECKING:
    from autograder.judge.caller import Caller

PASSED_ON = (
    *("__len__", "__getitem__", "__setitem__", "__delitem__", "__call__", "__iter__"),
    *("__repr__", "__str__", "__hash__"),
)
"""Special methods of a learner's class that a test cell may use."""
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
"""Special methods that answer only between two instances of learners' classes."""
ARITHMETIC = (
    *("__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__"),
    *("__radd__", "__rsub__", "__rmul__", "__rtruediv__", "__matmul__"),
)
"""Special methods that give plain data only between two such instances."""
AS_A_NUMBER = ("__abs__", "__neg__", "__float__", "__int__", "__index__", "__bool__", "__round__")
"""Special methods that answer in plain data unless arithmetic with a test's data came before."""


class Stranger:
    """Stands for a value that cannot cross: says so as soon as a test cell uses it."""

    _name: str
    _why: str

    def __init__(self, name: str, why: str):
        self.__dict__.update(_name=name, _why=why)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise wire.CannotCross(
            f"{self._name} is {self._why}. Only plain data reach the checks: numbers, strings, "
            "arrays, and lists, tuples, dicts and sets of them."
        )

    __getattr__ = __setattr__ = __call__ = __len__ = __iter__ = __getitem__ = _refuse
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _refuse
    __float__ = __int__ = __index__ = __abs__ = __neg__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # Python's own way to say so


def function(caller: "Caller", description: dict) -> Callable:
    """Make the stand-in for a learner's function."""
    handle = description["handle"]

    def stand_in(*arguments: Any, **keywords: Any) -> object:
        return caller.call({"do": "call", "handle": handle, "method": ""}, arguments, keywords)

    stand_in.__name__ = stand_in.__qualname__ = str(description.get("name", "function"))
    stand_in.__doc__ = str(description.get("doc", ""))
    stand_in.__dict__["handle"] = handle
    return stand_in


def class_(caller: "Caller", name: str, description: dict) -> type:
    """Make the stand-in for a learner's class; an exception class becomes one of Python's kind."""
    handle = description["handle"]
    kind = builtin_exception(description["bases"])
    if kind is not None:
        return type(name, (kind,), {"handle": handle})
    special = {each for each in description["special"] if isinstance(each, str)}
    members = {each: _method(each) for each in PASSED_ON if each in special}
    members |= {each: _arithmetic(each) for each in ARITHMETIC if each in special}
    members |= {each: _as_a_number(each) for each in AS_A_NUMBER if each in special}
    members |= {each: _comparison(each) for each in COMPARISONS}
    if "__contains__" in special:
        members["__contains__"] = _contains
    return type(name, (Instance,), {**members, "caller": caller, "handle": handle})


class Iterating:
    """Stands for an iterator or a generator; each step is made in the sandbox."""

    def __init__(self, caller: "Caller", handle: int):
        self.caller, self.handle = caller, handle

    def __iter__(self) -> "Iterating":
        return self

    def __next__(self) -> object:
        return self._call("__next__", ends=True)

    def send(self, value: object) -> object:
        """Send a value into a generator."""
        return self._call("send", value, ends=True)

    def close(self) -> None:
        """Close a generator."""
        self._call("close")

    def _call(self, method: str, *arguments: object, ends: bool = False) -> object:
        request = {"do": "call", "handle": self.handle, "method": method}
        return self.caller.call(request, arguments, {}, ends=ends)


class Instance:
    """Stands for an instance of a learner's class.

    derived: whether it came of arithmetic with a test's data. It may be the distance between what
    the learner's code gave in place of a number and what the test expects.
    """

    caller: "Caller"
    handle: int  # of the class, until the instance has its own
    derived = False

    def __init__(self, *arguments: Any, **keywords: Any):
        request = {"do": "make", "handle": type(self).handle}
        self.__dict__["handle"] = self.caller.call(request, arguments, keywords)
        self.caller.remember(self)

    def __getattr__(self, name: str) -> object:
        answer = self.caller.ask({"do": "attribute", "handle": self.handle, "name": name})
        if "raised" in answer:
            raise self.caller.exception(answer["raised"])
        if "cannot cross" in answer:
            return Stranger(name, answer["cannot cross"])
        return _method(name).__get__(self) if "method" in answer else answer["result"]

    def __setattr__(self, name: str, value: object) -> None:
        request = {"do": "set_attribute", "handle": self.handle, "name": name, "value": value}
        answer = self.caller.ask(request)
        if "raised" in answer:
            raise self.caller.exception(answer["raised"])


def instance(kind: type[Instance], handle: int) -> Instance:
    """Make the stand-in for an instance that exists in the sandbox."""
    stand_in = kind.__new__(kind)
    stand_in.__dict__["handle"] = handle
    return stand_in


def _method(name: str) -> Callable:
    def method(self: Instance, *arguments: Any, **keywords: Any) -> object:
        request = {"do": "call", "handle": self.handle, "method": name}
        return self.caller.call(request, arguments, keywords, instances=True)

    method.__name__ = name
    return method


def _arithmetic(name: str) -> Callable:
    """Make an operator: with plain data it may give another instance, but no plain data."""

    def operator(self: Instance, other: object) -> object:
        plain = not isinstance(other, Instance)
        result = _method(name)(self, other)
        if isinstance(result, Instance):
            if plain or self.derived or other.derived:  # type: ignore[attr-defined]
                result.__dict__["derived"] = True
        elif plain and result is not NotImplemented:
            _refuse(self, name)
        return result

    return operator


def _as_a_number(name: str) -> Callable:
    def operator(self: Instance, *arguments: object) -> object:
        if self.derived:
            _refuse(self, name)
        return _method(name)(self, *arguments)

    return operator


def _comparison(name: str) -> Callable:
    """Make a comparison with another instance. None is no instance, and equals none."""

    def operator(self: Instance, other: object) -> object:
        if other is None and name in ("__eq__", "__ne__"):
            return name == "__ne__"
        if not isinstance(other, Instance):
            _refuse(self, name)
        result = _method(name)(self, other)
        return result if result is NotImplemented else _truth(self, name, result)

    return operator


def _contains(self: Instance, item: object) -> bool:
    return _truth(self, "__contains__", _method("__contains__")(self, item))


def _truth(self: Instance, name: str, result: object) -> bool:
    if isinstance(result, bool | np.bool_):
        return bool(result)
    raise wire.CannotCross(f"{type(self).__name__}.{name} returns neither True nor False.")


def _refuse(self: Instance, name: str) -> NoReturn:
    raise wire.CannotCross(
        f"{type(self).__name__}.{name} would decide by itself what equals plain data. Compare the "
        "numbers that it holds, or two of its instances."
    )


def refer(value: object) -> dict:
    """Name a stand-in among the arguments of a call. Raises CannotCross for anything else."""
    is_stand_in = isinstance(value, Instance | Iterating) or callable(value)
    handle = getattr(value, "handle", None) if is_stand_in else None
    if handle is None:
        raise wire.CannotCross(
            f"the test hands over {wire.describe(value)}. Only plain data reach the learner's code."
        )
    return {"handle": handle}
