"""The learner's objects for which the judge holds stand-ins, and their descriptions.

A description is plain data: "kind" says what it describes, "handle" names the object.
"""

import abc
import collections.abc
import inspect
import numbers
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from . import facts, libraries, raised, records, wire

ABSTRACT = {
    f"{module.__name__}:{name}": kind
    for module in (collections.abc, numbers)
    for name, kind in vars(module).items()
    if isinstance(kind, abc.ABCMeta)
}
"""The abstract classes of which a learner's class may be a subclass."""
MOST_PARENTS = 20  # of a class, all in all
FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, partial)
NOT_SHOWN = ("builtins", "numpy", "pandas", "PIL")
"""Modules whose objects cross by value, or not at all."""


class Kept:
    """The objects by handle. A kept object stays, so that no other gets its number."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}

    def __getitem__(self, handle: int) -> Any:
        return self._objects[handle]

    def keep(self, value: object) -> int:
        """Keep an object; return its handle."""
        self._objects[id(value)] = value
        return id(value)

    def drop(self, handle: int) -> None:
        """Stop keeping an object."""
        del self._objects[handle]

    def handle_of(self, value: object) -> int:
        """Return the handle of an object that is kept, 0 for all others."""
        return id(value) if id(value) in self._objects else 0

    def describe(self, value: Any, name: str = "") -> dict:
        """Keep an object and describe it. name: of the object, if it has none itself.

        Raises CannotCross where the judge has no stand-in for such an object.
        """
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, AsyncIterator) and not _is_written(type(value)):
            return {"kind": "async iterator", "handle": self.keep(value)}
        if isinstance(value, Iterator) and not _is_written(type(value)):
            is_generator = inspect.isgenerator(value)
            return {"kind": "iterator", "handle": self.keep(value), "generator": is_generator}
        if inspect.isawaitable(value):
            return {"kind": "awaitable", "handle": self.keep(value)}
        if isinstance(value, FUNCTIONS) or (callable(value) and not _is_instance(value)):
            return self._function(value, name)
        if not _is_instance(value):
            raise wire.CannotCross(wire.describe(value))
        kind = self._class(type(value))
        return {"kind": "instance", "handle": self.keep(value), "class": kind}

    def _function(self, value: Any, name: str) -> dict:
        own = any(not key.startswith("__") for key in getattr(value, "__dict__", ()))
        further = own or not isinstance(value, FUNCTIONS)
        description = {"kind": "function", "handle": self.keep(value), "attributes": further}
        return description | facts.describe(value, name=name or "function")

    def _class(self, kind: type, depth: int = 0) -> dict:
        special = {name for base in kind.__mro__ for name in vars(base) if _is_special(name)}
        written = [base for base in kind.__bases__ if _is_written(base)]
        names = getattr(kind, "_fields", ())
        is_tuple = issubclass(kind, tuple) and records.is_plain_named_tuple(kind, names)
        text = kind.__dict__.get("__doc__")
        return {
            "kind": "class",
            "handle": self.keep(kind),
            "name": kind.__name__,
            "doc": text if isinstance(text, str) else None,
            "bases": raised.lineage(kind),
            "abstract": [name for name, base in ABSTRACT.items() if base in kind.__mro__],
            "parents": [self._class(each, depth + 1) for each in written if depth < MOST_PARENTS],
            "dataclass": [each.name for each in fields(kind)] if is_dataclass(kind) else None,
            "special": sorted(special),
            "fields": list(names) if is_tuple else None,
            "defaults": _plain_defaults(kind) if is_tuple else None,
        }


def _plain_defaults(kind: Any) -> dict[str, list]:
    """Return the default of each field of a named tuple that has one, [] where it does not cross.

    Each is in a list of its own.
    """
    own = kind._field_defaults.items()
    return {name: [value] if wire.packed(value) else [] for name, value in own}


def _is_written(kind: type) -> bool:
    """Whether a class is the learner's own, and no library's."""
    return kind.__module__ == "__main__"


def _is_special(name: object) -> bool:
    return isinstance(name, str) and name[:2] == name[-2:] == "__"


def _is_instance(value: object) -> bool:
    """Whether the judge may hold an instance's stand-in for a value."""
    module = str(type(value).__module__).partition(".")[0]
    return module not in NOT_SHOWN and not isinstance(value, ModuleType)


def is_library(value: object) -> bool:
    """Whether a type is one that both sides know by its name."""
    return isinstance(value, type) and libraries.name_of(value) is not None
