"""What the judge holds in place of the learner's functions, classes, iterators and instances.

A call of a stand-in goes into the sandbox and comes back as what crosses, or as another stand-in
(`Caller.call`).

No code of the learner's decides here whether a value equals plain data, how far it is from it,
whether it is true, or where a loop ends. Otherwise that code could answer any test as it likes.
An instance from a function that was given none decides nothing at all, because the test may have
asked for a number.

A stand-in's `__handle__` is the number by which the sandbox knows the learner's object. What a
stand-in keeps for itself has such names, since a learner may use any other for an attribute.
"""

import collections.abc
import dataclasses
import inspect
import linecache
import numbers
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from types import FunctionType, GeneratorType
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograder.inside import facts, records, wire
from autograder.judge import exceptions
from autograder.judge.learner_side import CodeEnded

if TYPE_CHECKING:
    from autograder.judge.caller import Caller

HELD = ("__name__", "__qualname__", "__wrapped__")
"""Names that a test may read of an instance where the instance itself, a decorator, holds them."""
PASSED_ON = (
    *("__len__", "__getitem__", "__setitem__", "__delitem__", "__call__", "__iter__"),
    *("__repr__", "__str__", "__hash__", "__format__", "__enter__", "__reversed__"),
)
"""Special methods of a learner's class that a test cell may use."""
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
"""Special methods that answer only between two instances of learners' classes."""
ARITHMETIC = (
    *("__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__"),
    *("__radd__", "__rsub__", "__rmul__", "__rtruediv__", "__rfloordiv__", "__rmod__", "__rpow__"),
    *("__matmul__", "__rmatmul__", "__and__", "__or__", "__xor__", "__lshift__", "__rshift__"),
    *("__iadd__", "__isub__", "__imul__", "__itruediv__", "__iand__", "__ior__", "__ixor__"),
)
"""Special methods that give plain data only between two such instances."""
AS_A_NUMBER = (
    *("__abs__", "__neg__", "__pos__", "__invert__", "__float__", "__int__", "__index__"),
    *("__bool__", "__round__", "__complex__"),
)
"""Special methods that answer in plain data unless arithmetic with a test's data came before."""
ABSTRACT: dict[str, Any] = {
    f"{module.__name__}:{name}": kind
    for module in (collections.abc, numbers)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and hasattr(kind, "register")
}
SOURCES = "/learner/"  # how the names of files begin that hold the text of a learner's function
MOST_PARAMETERS = 255
MOST_PARENTS = 20  # of a class, all in all


class Stranger:
    """Stands for a value that cannot cross, and says so as soon as a test cell uses it."""

    _name: str
    _why: str

    def __init__(self, name: str, why: str):
        self.__dict__.update(_name=name, _why=why)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise wire.CannotCross(f"{self._name} is {self._why}. {wire.WHAT_CROSSES}")

    __getattr__ = __setattr__ = __call__ = __len__ = __iter__ = __getitem__ = _refuse
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _refuse
    __float__ = __int__ = __index__ = __abs__ = __neg__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # Python's own way to say so


def function(caller: "Caller", description: dict) -> Callable:
    """Make the stand-in for a learner's function: a function of the same kind and appearance."""
    handle = description["handle"]
    request = {"do": "call", "handle": handle, "method": ""}
    if description["attributes"]:
        return Called(caller, handle, description)

    def stand_in(*arguments: Any, **keywords: Any) -> object:
        return caller.call(request, arguments, keywords)

    def steps(*arguments: Any, **keywords: Any) -> Iterator:
        return (yield from caller.call(request, arguments, keywords))  # type: ignore[misc]

    async def awaited(*arguments: Any, **keywords: Any) -> object:
        return caller.call(request, arguments, keywords)

    async def async_steps(*arguments: Any, **keywords: Any) -> AsyncIterator:
        async for each in caller.call(request, arguments, keywords):  # type: ignore[attr-defined]
            yield each

    kinds = {"generator": steps, "coroutine": awaited, "async generator": async_steps}
    shown: Any = kinds.get(description["nature"], stand_in)
    _show_facts(shown, description)
    _show_source(shown, caller, handle)
    shown.__dict__["__handle__"] = handle
    return shown


def _show_facts(shown: Any, description: dict) -> None:
    """Give a stand-in the name, the text and the parameters of the learner's function."""
    shown.__name__ = str(description.get("name", "function"))
    shown.__qualname__ = str(description.get("qualname", shown.__name__))
    text = description.get("doc")
    shown.__doc__ = text if isinstance(text, str) else None
    if isinstance(defaults := description.get("defaults"), tuple):
        shown.__defaults__ = defaults
    if isinstance(defaults := description.get("kwdefaults"), dict):
        shown.__kwdefaults__ = defaults
    annotations = description.get("annotations")
    shown.__annotations__ = annotations if isinstance(annotations, dict) else {}
    if (signature := facts.signature(description.get("parameters"))) is not None:
        shown.__signature__ = signature


def _show_source(shown: Any, caller: "Caller", handle: int) -> None:
    """Have `inspect.getsource` ask for the text of the learner's function, once it is needed."""
    name = f"{SOURCES}{handle}.py"
    linecache.cache[name] = (lambda: caller.source(handle),)  # as `linecache.lazycache` does
    shown.__code__ = shown.__code__.replace(co_filename=name, co_firstlineno=1)


def class_(
    caller: "Caller",
    name: str,
    description: dict,
    parents: tuple[type, ...],
    find: exceptions.Find = exceptions.nowhere,
) -> type:
    """Make the stand-in for a learner's class; an exception class becomes one of Python's kinds.

    parents: the stand-ins for those of its bases that the learner wrote. find: as for
    `exceptions.bases`.
    """
    handle, fields = description["handle"], description["fields"]
    if isinstance(fields, list):
        return _named_tuple(name, tuple(fields), description["defaults"])
    known = exceptions.bases(description["bases"], find)
    text = description["doc"]
    text = text if isinstance(text, str) else None
    common = {"__handle__": handle, "__doc__": text}
    if known:
        own = tuple(each for each in parents if issubclass(each, Exception))
        further = (kind for kind in known if not any(issubclass(each, kind) for each in own))
        return exceptions.derived(name, (*own, *further), common)
    special = {each for each in description["special"] if isinstance(each, str)}
    members = {each: _method(each) for each in PASSED_ON if each in special}
    members |= {each: _arithmetic(each) for each in ARITHMETIC if each in special}
    members |= {each: _as_a_number(each) for each in AS_A_NUMBER if each in special}
    members |= {each: _comparison(each) for each in COMPARISONS}
    if "__contains__" in special:
        members["__contains__"] = _contains
    if "__next__" in special:
        members["__next__"] = _next
    if "__exit__" in special:
        members["__exit__"] = _exit
    bases = tuple(each for each in parents if issubclass(each, Instance)) or (Instance,)
    common |= {"__doc__": _Doc(text), "__caller__": caller}
    stand_in = LearnersClass(name, bases, {**members, **common})
    if isinstance(fields := description["dataclass"], list):
        likeness: Any = dataclasses.make_dataclass(name, fields[:MOST_PARAMETERS])
        fields = likeness.__dataclass_fields__
        type.__setattr__(stand_in, "__dataclass_fields__", fields)
    for abstract in description["abstract"]:
        if abstract in ABSTRACT:
            ABSTRACT[abstract].register(stand_in)
    return stand_in


def _named_tuple(name: str, fields: tuple, defaults: dict[str, list]) -> type:
    """Make a class of named tuples. defaults: of fields, each in a list; [] if it cannot cross."""
    if not isinstance(defaults, dict):
        raise wire.Malformed("no defaults")
    absent = "a default value that cannot cross"
    values = {each: kept[0] if kept else Stranger(each, absent) for each, kept in defaults.items()}
    return records.with_defaults(name, fields, values)


class LearnersClass(type):
    """The class of the stand-ins for classes: it asks for attributes of the learner's class."""

    def __getattr__(cls, name: str) -> Any:
        caller = vars(cls).get("__caller__")
        if caller is None or name.startswith("__") or name.startswith("_ipython"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return read_attribute(caller, vars(cls)["__handle__"], name)

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        caller = vars(cls).get("__caller__")
        if caller is None:  # a class that a test derives
            return super().__call__(*arguments, **keywords)
        request = {"do": "make", "handle": vars(cls)["__handle__"]}
        return caller.instance(cls, caller.call(request, arguments, keywords))

    def __iter__(cls) -> Iterator:
        return vars(cls)["__caller__"].operate(vars(cls)["__handle__"], "iter")

    def __len__(cls) -> int:
        return vars(cls)["__caller__"].operate(vars(cls)["__handle__"], "len")

    def __getitem__(cls, key: object) -> object:
        return vars(cls)["__caller__"].operate(vars(cls)["__handle__"], "getitem", key)

    def __contains__(cls, value: object) -> bool:
        contained = vars(cls)["__caller__"].operate(vars(cls)["__handle__"], "contains", value)
        return _truth(cls, "__contains__", contained)

    def __bool__(cls) -> bool:
        return True

    def __setattr__(cls, name: str, value: object) -> None:
        caller = vars(cls).get("__caller__")
        if caller is None or name.startswith("_"):
            super().__setattr__(name, value)
        else:
            set_attribute(caller, vars(cls)["__handle__"], name, value)


def read_attribute(caller: "Caller", handle: int, name: str) -> Any:
    """Read an attribute of a learner's object; a method becomes a function."""
    answer = caller.ask({"do": "attribute", "handle": handle, "name": name})
    if "raised" in answer:
        raise caller.exception(answer["raised"])
    if "cannot cross" in answer:
        return Stranger(name, answer["cannot cross"])
    if "method" not in answer:
        return answer["result"]

    def method(*arguments: Any, **keywords: Any) -> object:
        request = {"do": "call", "handle": handle, "method": name}
        return caller.call(request, arguments, keywords, about_instances=True)

    _show_facts(method, answer["method"] if isinstance(answer["method"], dict) else {})
    return method


def set_attribute(caller: "Caller", handle: int, name: str, value: object) -> None:
    """Set an attribute of a learner's object."""
    request = {"do": "set_attribute", "handle": handle, "name": name, "value": value}
    if "raised" in (answer := caller.ask(request)):
        raise caller.exception(answer["raised"])


class Called:
    """Stands for a function with attributes of its own, or for what is called like one."""

    def __init__(self, caller: "Caller", handle: int, description: dict):
        self.__dict__.update(__caller__=caller, __handle__=handle)
        shown = {"__defaults__": None, "__kwdefaults__": None}
        self.__dict__.update(shown)
        _show_facts(_Shown(self.__dict__), description)

    def __call__(self, *arguments: Any, **keywords: Any) -> object:
        request = {"do": "call", "handle": self.__handle__, "method": ""}
        return self.__caller__.call(request, arguments, keywords)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"function object has no attribute {name!r}")
        return read_attribute(self.__caller__, self.__handle__, name)

    def __setattr__(self, name: str, value: object) -> None:
        set_attribute(self.__caller__, self.__handle__, name, value)

    def __copy__(self) -> "Called":
        return self

    def __deepcopy__(self, memo: object) -> "Called":
        return self


class _Shown:
    """Takes what is set as attributes into a dict."""

    def __init__(self, attributes: dict):
        self.__dict__ = attributes


class Iterating:
    """Stands for an iterator or a generator; each step is made in the sandbox."""

    def __init__(self, caller: "Caller", handle: int):
        self.__caller__, self.__handle__ = caller, handle

    def __iter__(self) -> "Iterating":
        return self

    def __next__(self) -> object:
        return self._call("__next__", ends=True)

    def send(self, value: object) -> object:
        """Send a value into a generator."""
        return self._call("send", value, ends=True)

    def close(self) -> None:
        """Close a generator, unless Python forgets it in the middle of another call."""
        if not self.__caller__.is_busy:
            with suppress(CodeEnded, KeyboardInterrupt):
                self._call("close")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"iterator object has no attribute {name!r}")
        return read_attribute(self.__caller__, self.__handle__, name)

    def throw(self, error: BaseException) -> object:
        """Raise an exception in a generator, where it waits."""
        return self._call("throw", error, ends=True)

    def _call(self, method: str, *arguments: object, ends: bool = False) -> object:
        request = {"do": "call", "handle": self.__handle__, "method": method}
        return self.__caller__.call(request, arguments, {}, ends=ends)


class Generating(Iterating):
    """Stands for a generator, and says so to `isinstance`."""

    __class__ = GeneratorType  # type: ignore[assignment]


class AsyncIterating:
    """Stands for an asynchronous iterator; each step is awaited in the sandbox."""

    def __init__(self, caller: "Caller", handle: int):
        self.__caller__, self.__handle__ = caller, handle

    def __aiter__(self) -> "AsyncIterating":
        return self

    async def __anext__(self) -> object:
        request = {"do": "call", "handle": self.__handle__, "method": "__anext__"}
        return self.__caller__.call(request, (), {}, ends=True)


class Awaiting:
    """Stands for a coroutine, or for what else can be awaited; it is awaited in the sandbox."""

    def __init__(self, caller: "Caller", handle: int):
        self.__caller__, self.__handle__ = caller, handle

    def __await__(self) -> Iterator:
        yield from ()
        return self._result()

    def _result(self) -> Any:
        return self.__caller__.call({"do": "awaited", "handle": self.__handle__}, (), {})


class Instance(metaclass=LearnersClass):
    """Stands for an instance of a learner's class.

    __derived__: whether it came from arithmetic with a test's data. Then it may be the difference
    between what the learner's code gave in place of a number and what the test expects.
    __returned__: whether it came from a function that was given no instance. Then it may stand in
    place of a number.
    """

    __caller__: "Caller"
    __handle__: int  # of the class, until the instance has its own
    __derived__ = __returned__ = False

    def __init__(self, *arguments: Any, **keywords: Any):
        request = {"do": "make", "handle": type(self).__handle__}
        self.__dict__["__handle__"] = self.__caller__.call(request, arguments, keywords)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in HELD:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return read_attribute(self.__caller__, self.__handle__, name)

    def __setattr__(self, name: str, value: object) -> None:
        set_attribute(self.__caller__, self.__handle__, name, value)

    def __delattr__(self, name: str) -> None:
        answer = self.__caller__.ask(
            {"do": "delete_attribute", "handle": self.__handle__, "name": name}
        )
        if "raised" in answer:
            raise self.__caller__.exception(answer["raised"])

    def __copy__(self) -> Any:
        return self.__caller__.copy(self.__handle__, deep=False)

    def __deepcopy__(self, memo: object) -> Any:
        return self.__caller__.copy(self.__handle__, deep=True)


class _Doc:
    """The text of a class, and of its instances but for those that hold a text of their own."""

    def __init__(self, text: str | None):
        self.text = text

    def __get__(self, owner: Instance | None, kind: type) -> str | None:
        if owner is None:
            return self.text
        try:
            held = read_attribute(owner.__caller__, owner.__handle__, "__doc__")
        except AttributeError:
            return self.text
        return held if isinstance(held, str) else self.text


def instance(kind: type[Instance], handle: int, returned: bool = False) -> Instance:
    """Make the stand-in for an instance that exists in the sandbox. returned: as for `Instance`."""
    stand_in = kind.__new__(kind)
    stand_in.__dict__.update(__handle__=handle, __returned__=returned)
    return stand_in


def _method(name: str) -> Callable:
    def method(self: Instance, *arguments: Any, **keywords: Any) -> object:
        request = {"do": "call", "handle": self.__handle__, "method": name}
        return self.__caller__.call(
            request, arguments, keywords, about_instances=not self.__returned__
        )

    method.__name__ = name
    return method


def _next(self: Instance) -> object:
    request = {"do": "call", "handle": self.__handle__, "method": "__next__"}
    return self.__caller__.call(request, (), {}, ends=True)


def _exit(self: Instance, kind: type | None, error: object, _: object) -> bool:
    """Leave a `with` block. It swallows no exception: that may be the test's verdict."""
    arguments = (kind, error, None)
    try:
        wire.pack(arguments)
    except wire.CannotCross:
        arguments = (Exception, Exception(str(error)), None)
    swallows = _method("__exit__")(self, *arguments)
    if kind is not None and swallows:
        self.__caller__.refuse(f"{type(self).__name__}.__exit__ would swallow an exception.")
    return False


def _arithmetic(name: str) -> Callable:
    """Make an operator. With plain data, it may give another instance, but no plain data."""

    def operator(self: Instance, other: object) -> object:
        plain = not isinstance(other, Instance)
        result = _method(name)(self, other)
        if isinstance(result, Instance):
            if plain or self.__derived__ or other.__derived__:  # type: ignore[attr-defined]
                result.__dict__["__derived__"] = True
        elif (plain or self.__returned__ or other.__returned__) and result is not NotImplemented:  # type: ignore[attr-defined]
            _refuse(self, name)
        return result

    return operator


def _as_a_number(name: str) -> Callable:
    def operator(self: Instance, *arguments: object) -> object:
        if self.__derived__ or self.__returned__:
            _refuse(self, name)
        return _method(name)(self, *arguments)

    return operator


def _comparison(name: str) -> Callable:
    """Make a comparison with another instance. None is no instance, and equals no instance."""

    def operator(self: Instance, other: object) -> object:
        if other is None and name in ("__eq__", "__ne__"):
            return name == "__ne__"
        if self is other and name in ("__eq__", "__ne__"):
            return name == "__eq__"
        plain = not isinstance(other, Instance)
        if self.__returned__ and (plain or other.__returned__):  # type: ignore[attr-defined]
            _refuse(self, name)  # without telling the learner's code what is expected
        result = _method(name)(self, other)
        if result is NotImplemented:
            return result
        return _refuse(self, name) if plain else _truth(self, name, result)

    return operator


def _contains(self: Instance, item: object) -> bool:
    return _truth(self, "__contains__", _method("__contains__")(self, item))


def _truth(owner: Any, name: str, result: object) -> bool:
    if isinstance(result, bool | np.bool_):
        return bool(result)
    kind: Any = owner if isinstance(owner, type) else type(owner)
    return kind.__caller__.refuse(f"{kind.__name__}.{name} returns neither True nor False.")


def _refuse(self: Instance, name: str) -> NoReturn:
    self.__caller__.refuse(
        f"{type(self).__name__}.{name} would decide by itself what equals plain data. Compare the "
        "numbers that it holds, or two of its instances."
    )


def awaited_call(value: Any) -> tuple[int, tuple, dict] | None:
    """Return what a stand-in's coroutine would call, and with what; None for any other value.

    It is then awaited in the sandbox.
    """
    if not inspect.iscoroutine(value) or not value.cr_code.co_filename.startswith(SOURCES):
        return None
    if value.cr_frame is None:
        raise RuntimeError("cannot reuse already awaited coroutine")
    names = value.cr_frame.f_locals
    value.close()
    return names["request"]["handle"], names["arguments"], names["keywords"]


def handle_of(value: Any) -> int | None:
    """Return the handle of a stand-in, None for anything else."""
    if isinstance(value, Instance | Iterating | AsyncIterating | Called | Awaiting):
        return value.__handle__
    if isinstance(value, Stranger):
        value._refuse()
    is_function = isinstance(value, type | FunctionType)
    return vars(value).get("__handle__") if is_function else None
