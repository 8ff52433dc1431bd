"""Codecs of what annotations are written with: `list[int]`, `int | None`, `Optional[str]`."""

import types
import typing
from functools import reduce
from operator import or_
from typing import Any

from ..errors import CannotCross, Malformed
from .codec import Codec

NAMES = {
    *("List", "Dict", "Tuple", "Set", "FrozenSet", "Type", "Deque", "DefaultDict", "Counter"),
    *("Iterable", "Iterator", "Generator", "Sequence", "Mapping", "Collection", "Callable"),
    *("Optional", "Union", "Literal"),
}
MOST = 50  # members of one


def _typing_parts(value: Any) -> tuple:
    name = "Union" if value.__origin__ is typing.Union else value._name or value.__origin__._name
    if name not in NAMES:
        raise CannotCross(f"typing.{name}")
    return name, *getattr(value, "__args__", ())


def _typing(name: str, *arguments: Any) -> object:
    if name not in NAMES or len(arguments) > MOST:
        raise Malformed("nothing of the module typing")
    kind = getattr(typing, name)
    if not arguments:
        return kind
    if name == "Callable":
        *given, result = arguments
        return kind[... if given == [...] else given, result]
    return kind[arguments if len(arguments) > 1 else arguments[0]]


def _generic(origin: object, *arguments: object) -> object:
    if not isinstance(origin, type) or len(arguments) > MOST:
        raise Malformed("a generic type of no type")
    return types.GenericAlias(origin, arguments)


def _union(*members: Any) -> object:
    if not all(isinstance(each, type | types.GenericAlias) for each in members[: MOST + 1]):
        raise Malformed("a union of no types")
    return reduce(or_, members[:MOST])


ALIASES = tuple(
    {
        type(each)
        for each in (
            *(typing.List, typing.List[int], typing.Optional[int]),  # noqa: UP006, UP045
            *(typing.Callable, typing.Callable[[int], int], typing.Literal[1]),
        )
    }
)
CODECS = (
    Codec("generic", (types.GenericAlias,), lambda a: (a.__origin__, *a.__args__), _generic),
    Codec("union", (types.UnionType,), lambda union: union.__args__, _union),
    Codec("typing", ALIASES, _typing_parts, _typing),
)
