"""What a codec is, and what all of them check."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from ..errors import Malformed

T = TypeVar("T")


class Codec(NamedTuple):
    """How the objects of some types cross.

    tag: names it in a message. parts: takes an object apart into values that cross.
    build: makes an object of them; raises anything for parts that are wrong.
    assign: changes an object in place into what another is; None where that never happens.
    holds: whether its objects hold others, each of which stays one object.
    """

    tag: str
    types: tuple[type, ...]
    parts: Callable[[Any], Iterable]
    build: Callable[..., object]
    assign: Callable[[Any, Any], None] | None = None
    holds: bool = False


def exactly(kind: type[T], value: object) -> T:
    """Return a part of a message if it has the type that it should have. Raises Malformed."""
    if type(value) is not kind:
        raise Malformed(f"{type(value).__name__} in place of {kind.__name__}")
    return value


def bounded(value: object, most: int) -> int:
    """Return a part of a message if it is an integer from 0 to `most`. Raises Malformed."""
    if not 0 <= (number := exactly(int, value)) <= most:
        raise Malformed("a number out of its bounds")
    return number
