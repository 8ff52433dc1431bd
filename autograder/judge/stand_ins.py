"""What the judge holds in place of the learner's functions, classes and iterators.

A call of a stand-in goes into the sandbox and comes back as plain data. The learner's exceptions
are raised here, with the learner's own frames; arguments that the learner's code changed are
changed here too. An instance of a learner's class exists here only where a test cell made it from
the class: what a function returns is plain data, or an error, so that no answer can bring its own
idea of what equality is.
"""

import builtins
import linecache
from collections.abc import Callable

import numpy as np
from tblib import Traceback

from autograder.inside import wire

PASSED_ON = (
    *("__len__", "__getitem__", "__setitem__", "__delitem__", "__contains__", "__call__"),
    *("__repr__", "__str__", "__bool__", "__hash__", "__abs__", "__neg__", "__float__", "__int__"),
)
"""Special methods of a learner's class that answer in plain data."""
AMONG_THEMSELVES = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__matmul__"),
    *("__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__"),
)
"""Special methods that answer in plain data only between two instances of learners' classes."""
LONGEST = 100_000  # lines of a learner's file that a traceback may name


class Stranger:
    """Stands for a value that cannot cross: says so as soon as a test cell uses it."""

    def __init__(self, name: str, why: str):
        self.__dict__.update(_name=name, _why=why)

    def _refuse(self, *_, **__):
        raise wire.CannotCross(
            f"{self._name} is {self._why}. Only plain data reach the checks: numbers, strings, "
            "arrays, and lists, tuples, dicts and sets of them."
        )

    __getattr__ = __setattr__ = __call__ = __len__ = __iter__ = __getitem__ = _refuse
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _refuse
    __float__ = __int__ = __index__ = __abs__ = __neg__ = __contains__ = _refuse
    __hash__ = None


class Caller:
    """Sends questions about the learner's things into the sandbox.

    ask: sends a question, with its arguments, and returns the answer. Raises what `Sandbox.request`
    raises.
    """

    def __init__(self, ask: Callable[..., dict]):
        self.ask = ask
        self.classes: dict[int, type] = {}
        self.may_be_instances = False  # whether this answer may name instances of classes

    def stand_in(self, name: str, said: dict) -> object:
        """Make the stand-in for what the sandbox describes."""
        try:
            match said["kind"]:
                case "value":
                    return said["value"]
                case "function":
                    return self._function(said)
                case "class":
                    return self._class(name, said)
                case "iterator":
                    return Iterating(self, said["thing"])
            return Stranger(name, str(said["why"]))
        except (KeyError, TypeError, ValueError):  # no program of ours says such a thing
            return Stranger(name, "something that the grader does not understand")

    def _function(self, said: dict) -> Callable:
        thing = said["thing"]

        def function(*arguments, **keywords):
            return self.call({"do": "call", "thing": thing, "method": ""}, arguments, keywords)

        function.__name__ = function.__qualname__ = str(said.get("name", "function"))
        function.__doc__ = str(said.get("doc", ""))
        function.thing = thing
        return function

    def _class(self, name: str, said: dict) -> type:
        thing = said["thing"]
        if thing not in self.classes:
            kind = _builtin_exception(said["bases"])
            if kind is not None:
                made = type(name, (kind,), {"thing": thing})
            else:
                special = {each for each in said["special"] if isinstance(each, str)}
                members = {each: _method(each) for each in PASSED_ON if each in special}
                members |= {each: _among(each) for each in AMONG_THEMSELVES if each in special}
                if "__iter__" in special:
                    members["__iter__"] = _method("__iter__")
                made = type(name, (Instance,), {**members, "caller": self, "thing": thing})
            self.classes[thing] = made
        return self.classes[thing]

    def call(
        self, question: dict, arguments: tuple, keywords: dict, instances: bool = False
    ) -> object:
        """Call something in the sandbox.

        instances: whether the result may be an instance of a learner's class.
        Returns plain data or a stand-in. Raises the learner's exception, CannotCross.
        """
        self.may_be_instances = instances
        question = {**question, "arguments": arguments, "keywords": keywords}
        answer = self.ask(question, refer)
        if "changed" in answer:
            for mine, theirs in zip((*arguments, *keywords.values()), _flat(answer["changed"])):
                copy_into(mine, theirs)
        if "raised" in answer:
            raise _of_a_call(self.exception(answer["raised"]), question.get("method", ""))
        if "cannot cross" in answer:
            raise wire.CannotCross(
                f"the result is {answer['cannot cross']}. Only plain data reach the checks: "
                "numbers, strings, arrays, and lists, tuples, dicts and sets of them."
            )
        if "too large" in answer:
            raise wire.CannotCross(
                f"the result is too large: {int(answer['too large']) / 1e6:.0f} MB"
            )
        return NotImplemented if "not implemented" in answer else answer.get("result")

    def resolve(self, named: dict) -> object:
        """Find or make the stand-in for what an answer names."""
        if "iterator" in named:
            return Iterating(self, named["iterator"])
        if self.may_be_instances and named.get("class") in self.classes:
            return instance(self.classes[named["class"]], named["instance"])
        kind = self.classes.get(named.get("class"))
        return Stranger("the result", f"an instance of {kind.__name__ if kind else 'something'}")

    def exception(self, said: dict) -> BaseException:
        """Make the learner's exception: of a class that tests name, or the nearest of Python's."""
        kind = self.classes.get(said["class"])
        if kind is None or not issubclass(kind, BaseException):
            base = _builtin_exception(said["bases"]) or RuntimeError
            kind = base if base.__name__ == said["type"] else type(said["type"], (base,), {})
        try:
            made = kind(*said["arguments"])
        except Exception:
            made = kind.__new__(kind, said["message"])
        return made.with_traceback(frames(said["frames"]))


class Iterating:
    """Stands for an iterator or a generator; each step is made in the sandbox."""

    def __init__(self, caller: Caller, thing: int):
        self.caller, self.thing = caller, thing

    def __iter__(self) -> "Iterating":
        return self

    def __next__(self) -> object:
        question = {"do": "call", "thing": self.thing, "method": "__next__"}
        return self.caller.call(question, (), {})

    def send(self, value: object) -> object:
        """Send a value into a generator."""
        question = {"do": "call", "thing": self.thing, "method": "send"}
        return self.caller.call(question, (value,), {})

    def close(self) -> None:
        """Close a generator."""
        self.caller.call({"do": "call", "thing": self.thing, "method": "close"}, (), {})


class Instance:
    """Stands for an instance that a test cell made from a learner's class."""

    caller: Caller
    thing: int  # of the class, until the instance has its own

    def __init__(self, *arguments, **keywords):
        question = {"do": "make", "thing": type(self).thing}
        self.__dict__["thing"] = self.caller.call(question, arguments, keywords)

    def __getattr__(self, name: str) -> object:
        answer = self.caller.ask({"do": "attribute", "thing": self.thing, "name": name}, refer)
        if "raised" in answer:
            raise self.caller.exception(answer["raised"])
        if "cannot cross" in answer:
            return Stranger(name, answer["cannot cross"])
        return _method(name).__get__(self) if "method" in answer else answer["result"]

    def __setattr__(self, name: str, value: object) -> None:
        question = {"do": "set_attribute", "thing": self.thing, "name": name, "value": value}
        answer = self.caller.ask(question, refer)
        if "raised" in answer:
            raise self.caller.exception(answer["raised"])


def instance(kind: type, thing: int) -> Instance:
    """Make the stand-in for an instance that exists in the sandbox."""
    made = kind.__new__(kind)
    made.__dict__["thing"] = thing
    return made


def _method(name: str) -> Callable:
    def method(self, *arguments, **keywords):
        question = {"do": "call", "thing": self.thing, "method": name}
        return self.caller.call(question, arguments, keywords, instances=True)

    method.__name__ = name
    return method


def _among(name: str) -> Callable:
    """Make an operator: with plain data it may give a new instance, but no plain data."""

    def operator(self, other):
        result = _method(name)(self, other)
        if isinstance(other, Instance) or isinstance(result, Instance) or result is NotImplemented:
            return result
        raise wire.CannotCross(
            f"{type(self).__name__}.{name} would decide by itself what equals plain data. Compare "
            "the numbers that it holds, or two of its instances."
        )

    return operator


def refer(value: object) -> dict:
    """Name a stand-in among the arguments of a call."""
    thing = getattr(value, "thing", None) if isinstance(value, Instance | Iterating) else None
    if thing is None and callable(value):
        thing = getattr(value, "thing", None)
    if thing is None:
        raise wire.CannotCross(
            f"the test hands over {wire.describe(value)}. Only plain data reach the learner's code."
        )
    return {"thing": thing}


def _of_a_call(error: BaseException, method: str) -> BaseException:
    """Keep a StopIteration from ending a loop of the test's that only calls a function."""
    if not isinstance(error, StopIteration) or method in ("__next__", "send"):
        return error
    return RuntimeError("the call raised StopIteration").with_traceback(error.__traceback__)


def _builtin_exception(bases: list[str]) -> type | None:
    """Find the first of Python's exceptions among the names of base classes."""
    for name in bases:
        kind = getattr(builtins, str(name), None)
        if name in ("ExceptionGroup", "BaseExceptionGroup"):
            continue  # what it holds stays in the sandbox
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind
        if name in ("KeyboardInterrupt", "SystemExit", "GeneratorExit"):
            return KeyboardInterrupt if name == "KeyboardInterrupt" else RuntimeError
    return None


def _flat(changed: list) -> list:
    arguments, keywords = changed
    return [*arguments, *keywords.values()]


def copy_into(mine: object, theirs: object) -> None:
    """Change a value in place into what the learner's code made of its copy."""
    if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
        if mine.shape == theirs.shape:
            mine[...] = theirs
        else:
            mine.resize(theirs.shape, refcheck=False)
            mine[...] = theirs
    elif isinstance(mine, list) and isinstance(theirs, list):
        for old, new in zip(mine, theirs):
            copy_into(old, new)
        kept = [_same(old, new) for old, new in zip(mine, theirs)]
        mine[:] = kept + theirs[len(kept) :]
    elif isinstance(mine, tuple) and isinstance(theirs, tuple):
        for old, new in zip(mine, theirs):
            copy_into(old, new)
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        for key in mine.keys() & theirs.keys():
            copy_into(mine[key], theirs[key])
        kept = {key: _same(mine[key], new) if key in mine else new for key, new in theirs.items()}
        mine.clear()
        mine.update(kept)
    elif isinstance(mine, set) and isinstance(theirs, set):
        mine.clear()
        mine.update(theirs)


def _same(old: object, new: object) -> object:
    """Keep a container, which was changed in place; take any other value from the copy."""
    in_place = isinstance(old, np.ndarray | list | dict | set) and type(old) is type(new)
    return old if in_place else new


def frames(said: list) -> object:
    """Make the frames of the learner's traceback, with their lines of code."""
    made = None
    for name, line, function, text in reversed(said):
        name, line = f"<learner>{name}", max(0, min(int(line), LONGEST))
        known = linecache.cache.get(name, (0, None, [], name))[2]
        known += [""] * (line - len(known))
        if line:
            known[line - 1] = f"{text}\n"
        linecache.cache[name] = (len(known), None, known, name)
        code = {"co_filename": name, "co_name": str(function)}
        frame = {"f_globals": {"__name__": "learner"}, "f_code": code, "f_lineno": line}
        made = {"tb_frame": frame, "tb_lineno": line, "tb_next": made}
    return Traceback.from_dict(made).as_traceback() if made else None
