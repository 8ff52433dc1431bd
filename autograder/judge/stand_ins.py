"""What the judge holds in place of the learner's functions, classes, iterators and instances.

A call of a stand-in goes into the sandbox and comes back as plain data (`Caller.call`). An instance
of a learner's class exists here only where a test cell made it from the class: what a function
returns is plain data, or an error, so that no answer can bring its own idea of what equality is.

A stand-in's `handle` is the number by which the sandbox knows the learner's object.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.inside import wire
from autograder.judge.exceptions import builtin_exception

if TYPE_CHECKING:
    from autograder.judge.caller import Caller

PASSED_ON = (
    *("__len__", "__getitem__", "__setitem__", "__delitem__", "__contains__", "__call__"),
    *("__repr__", "__str__", "__bool__", "__hash__", "__abs__", "__neg__", "__float__", "__int__"),
    "__iter__",
)
"""Special methods of a learner's class that answer in plain data."""
AMONG_THEMSELVES = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__matmul__"),
    *("__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__"),
)
"""Special methods that answer in plain data only between two instances of learners' classes."""


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
    members |= {each: _among(each) for each in AMONG_THEMSELVES if each in special}
    return type(name, (Instance,), {**members, "caller": caller, "handle": handle})


class Iterating:
    """Stands for an iterator or a generator; each step is made in the sandbox."""

    def __init__(self, caller: "Caller", handle: int):
        self.caller, self.handle = caller, handle

    def __iter__(self) -> "Iterating":
        return self

    def __next__(self) -> object:
        return self._call("__next__")

    def send(self, value: object) -> object:
        """Send a value into a generator."""
        return self._call("send", value)

    def close(self) -> None:
        """Close a generator."""
        self._call("close")

    def _call(self, method: str, *arguments: object) -> object:
        request = {"do": "call", "handle": self.handle, "method": method}
        return self.caller.call(request, arguments, {})


class Instance:
    """Stands for an instance that a test cell made from a learner's class."""

    caller: "Caller"
    handle: int  # of the class, until the instance has its own

    def __init__(self, *arguments: Any, **keywords: Any):
        request = {"do": "make", "handle": type(self).handle}
        self.__dict__["handle"] = self.caller.call(request, arguments, keywords)

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


def _among(name: str) -> Callable:
    """Make an operator: with plain data it may give a new instance, but no plain data."""

    def operator(self: Instance, other: object) -> object:
        result = _method(name)(self, other)
        if isinstance(other, Instance) or isinstance(result, Instance) or result is NotImplemented:
            return result
        raise wire.CannotCross(
            f"{type(self).__name__}.{name} would decide by itself what equals plain data. Compare "
            "the numbers that it holds, or two of its instances."
        )

    return operator


def refer(value: object) -> dict:
    """Name a stand-in among the arguments of a call. Raises CannotCross for anything else."""
    is_stand_in = isinstance(value, Instance | Iterating) or callable(value)
    handle = getattr(value, "handle", None) if is_stand_in else None
    if handle is None:
        raise wire.CannotCross(
            f"the test hands over {wire.describe(value)}. Only plain data reach the learner's code."
        )
    return {"handle": handle}
