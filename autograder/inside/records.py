"""Objects of classes that both sides know by name: dataclasses, enums, named tuples and others.

These classes come from the instructor's shared cells and from the files beside the notebook. Such
an object crosses as the name of its class and what it holds. The other side makes an object of its
own class of that name. A named tuple of any other class crosses with the names of its fields.
"""

import collections
import functools
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from types import FunctionType
from typing import Any, cast

from .codecs.codec import exactly
from .errors import Malformed

MOST_FIELDS = 100  # of a named tuple
MOST_CLASSES = 500  # of named tuples: to make one takes a while
LIBRARIES = {"http", "calendar", "urllib.parse", "statistics"}
"""Modules whose named tuples and enums cross."""
METHODS = (FunctionType, classmethod, staticmethod, functools.cached_property)
"""What an attribute of the same name would take the place of."""
TUPLES_OWN = set(vars(collections.namedtuple("_", ())))

_named_tuples: dict[tuple[str, tuple[str, ...]], type] = {}


class Classes:
    """Finds classes by name on this side.

    namespace: the notebook's. is_shared: whether both sides know a class, by its module and by the
    first part of its name. unknown: called with the name of a class that arrives and is not known;
    returns what stands for the object, or raises. suspicious: whether the other side may be
    hostile. Then no object brings an attribute that would stand in front of a method of its class.
    """

    def __init__(
        self,
        namespace: Mapping[str, object],
        is_shared: Callable[[str, str], bool],
        unknown: Callable[[str], object],
        suspicious: bool = False,
    ):
        self._namespace, self._is_shared, self.unknown = namespace, is_shared, unknown
        self._suspicious = suspicious

    def name_of(self, kind: type) -> str | None:
        """Name a class, None where the other side does not know it."""
        name = f"{kind.__module__}:{kind.__qualname__}"
        return name if self.find(name) is kind else None

    def find(self, name: str) -> Any:
        """Find a class by its name, None where both sides do not know it."""
        module, _, path = exactly(str, name).partition(":")
        first, *inner = path.split(".")
        if module not in LIBRARIES and not self._is_shared(module, first):
            return None
        home = self._namespace if module == "__main__" else vars(sys.modules.get(module, object))
        value = home.get(first)
        for each in inner:
            value = vars(value).get(each) if isinstance(value, type) else None
        return value if isinstance(value, type) else None

    def fill(self, value: Any, content: Any) -> None:
        """Give an object that arrives its attributes. Raises Malformed."""
        if self._suspicious:
            kept = exactly(dict, content).items()
            content = {name: part for name, part in kept if not _is_method(type(value), name)}
        fill(value, content)


def _is_method(kind: type, name: str) -> bool:
    """Whether a name is a method of a class, and no field of a dataclass."""
    if name in getattr(kind, "__dataclass_fields__", {}):
        return False
    return any(isinstance(vars(base).get(name), METHODS) for base in kind.__mro__)


def is_ordinary(kind: type) -> bool:
    """Whether objects of a class are made in Python's ordinary way and hold only attributes."""
    return kind.__new__ is object.__new__


def attributes(value: object) -> dict | None:
    """Return the attributes of an object of an ordinary class, None for all others."""
    if not is_ordinary(type(value)) or isinstance(value, Enum):
        return None
    try:
        own = object.__getattribute__(value, "__dict__")
    except Exception:
        return None
    return own if type(own) is dict else None


def take_apart(value: Any, classes: Classes) -> tuple[str, object] | None:
    """Return the name of an object's class and what it holds; None if it does not cross so."""
    kind = type(value)
    own = attributes(value)
    content: object = None if own is None else dict(own)
    if isinstance(value, Enum):
        content = value.name if value.name in kind.__members__ else None
    elif isinstance(value, tuple):
        content = list(value) if hasattr(kind, "_fields") else None
    name = classes.name_of(kind) if content is not None else None
    return (name, content) if name else None


def empty(kind: Any, content: Any) -> object:
    """Make a member of an enum, or an object of an ordinary class without its attributes.

    Returns None for a named tuple, which needs its parts first. Raises Malformed, or what Python
    raises.
    """
    if issubclass(kind, Enum):
        return kind.__members__[exactly(str, content)]
    if issubclass(kind, tuple):
        return None
    if not is_ordinary(kind):
        raise Malformed("no object of such a class")
    return object.__new__(kind)


def fill(value: Any, content: Any) -> None:
    """Give an object its attributes."""
    if not all(type(key) is str for key in exactly(dict, content)):
        raise Malformed("attributes without names")
    value.__dict__.clear()
    value.__dict__.update(content)


def is_named_tuple(value: Any) -> bool:
    """Whether a value is a named tuple of a class that adds nothing to its fields."""
    kind = type(value)
    fields = getattr(kind, "_fields", None)
    return isinstance(value, tuple) and type(fields) is tuple and is_plain_named_tuple(kind, fields)


def is_plain_named_tuple(kind: type, fields: tuple) -> bool:
    """Whether a class is of named tuples, and adds nothing to its fields."""
    further = vars(kind).keys() - TUPLES_OWN - {*fields, "__orig_bases__", "__annotations__"}
    return kind.__bases__ == (tuple,) and not any(callable(vars(kind)[each]) for each in further)


def named_tuple(name: str, fields: tuple[str, ...]) -> Any:
    """Make a class of named tuples, only once. Raises Malformed, or what Python raises."""
    key = exactly(str, name), exactly(tuple, fields)
    if key not in _named_tuples:
        if len(fields) > MOST_FIELDS or len(_named_tuples) >= MOST_CLASSES:
            raise Malformed("too many fields, or too many classes of named tuples")
        _named_tuples[key] = collections.namedtuple(name, fields)
    return _named_tuples[key]


def with_defaults(name: str, fields: tuple[str, ...], defaults: dict[str, object]) -> Any:
    """Make or find a class of named tuples; give its last fields these defaults, the others none.

    Raises Malformed, or what Python raises.
    """
    kind = named_tuple(name, fields)
    last = fields[len(fields) - len(defaults) :]
    if set(last) != set(defaults):
        raise Malformed("defaults of other fields than the last")
    constructor = cast(Any, kind.__new__)
    constructor.__defaults__ = tuple(defaults[each] for each in last)
    kind._field_defaults = {each: defaults[each] for each in last}
    return kind
