"""Plain data as bytes: what crosses between the sandbox and the judge.

Plain data are numbers, strings, bytes, booleans, None, slices, ranges, arrays, and lists, tuples,
dicts and sets of them. Nothing is pickled, and what arrives is checked before it becomes an array:
a forged message can carry wrong values, but not code. Every value travels as JSON; whatever JSON
does not know becomes a list [tag, content], and the bytes of arrays follow the JSON as blobs.
"""

import json
import math
import re
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np

_LENGTH = struct.Struct("<QQ")  # bytes in all, bytes of JSON
HEADER = _LENGTH.size
MOST_KEYS = 10_000  # of a dict or set
MOST_KEYS_IN_ALL = 50_000  # in one message
MOST_OF_ONE_HASH = 100  # keys: of thousands Python makes a dict for minutes
MOST_BITS = 10_000  # of an integer
MOST_AXES = 64  # of an array: NumPy's own limit
LONGEST_RANGE = 1_000_000  # a longer one would fill the memory of who makes a list of it
_DTYPE = re.compile(r"[<>|=]?[biufcSUmM]\d{1,9}(\[[A-Za-z0-9]{1,6}\])?")
_CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


Refer = Callable[[object], dict]
"""Names a value that is no plain data: returns plain data. Raises CannotCross where it cannot."""
Resolve = Callable[[dict], object]
"""Finds what such a name stands for on the side that receives it."""


class CannotCross(TypeError):
    """A value that is no plain data; the message says what it is."""


class Malformed(ValueError):
    """Received bytes that are no message."""


def pack(message: object, refer: Refer | None = None) -> bytes:
    """Turn plain data into bytes.

    refer: called with anything that is no plain data; returns plain data that names it.
    Raises CannotCross where there is no `refer`, or where it raises.
    """
    blobs: list[bytes] = []
    try:
        text = json.dumps(_lower(message, blobs, refer)).encode()
    except RecursionError:
        raise CannotCross("the value contains itself, or is nested too deeply") from None
    return b"".join([_LENGTH.pack(len(text) + sum(map(len, blobs)), len(text)), text, *blobs])


def unpack(body: bytes, text_length: int, resolve: Resolve | None = None) -> object:
    """Turn the bytes after the lengths back into plain data.

    resolve: called with what `refer` gave; without it such a name is an error.
    Raises Malformed for anything that `pack` would not have made.
    """
    blobs = memoryview(body)[text_length:]
    try:
        return _lift(json.loads(body[:text_length]), blobs, resolve)
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"{type(error).__name__}: {error}") from None


def _lower(value: Any, blobs: list[bytes], refer: Refer | None) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.generic | np.ndarray):
        return _lower_array(value, blobs)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        if value.bit_length() > MOST_BITS:
            raise CannotCross(f"an integer of more than {MOST_BITS:,} bits")
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return ["complex", [value.real, value.imag]]
    if isinstance(value, bytes | bytearray):
        blobs.append(bytes(value))
        return ["bytes", len(value)]
    if isinstance(value, dict | set | frozenset) and len(value) > MOST_KEYS:
        raise CannotCross(f"{describe(value)} with more than {MOST_KEYS:,} entries")
    if isinstance(value, dict):
        pairs = [[_lower(k, blobs, refer), _lower(v, blobs, refer)] for k, v in value.items()]
        return ["dict", pairs]
    for name, container in _CONTAINERS.items():
        if isinstance(value, container):
            items = cast(Iterable, value)
            return [name, [_lower(item, blobs, refer) for item in items]]
    if isinstance(value, range) and _too_long(value):
        raise CannotCross(f"a range of more than {LONGEST_RANGE:,} numbers")
    if isinstance(value, slice | range):
        parts = [value.start, value.stop, value.step]
        return [type(value).__name__, [_lower(part, blobs, refer) for part in parts]]
    if refer is not None:
        return ["reference", _lower(refer(value), blobs, None)]
    raise CannotCross(f"{describe(value)}, which is no plain data")


def _lower_array(value: np.generic | np.ndarray, blobs: list[bytes]) -> list:
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise CannotCross(
            "an array of objects (dtype object). Do its rows differ in length, or is None among "
            "its numbers?"
        )
    if array.dtype.kind == "V":
        raise CannotCross("a structured array")
    blobs.append(array.tobytes())
    kind = "array" if isinstance(value, np.ndarray) else "scalar"
    return [kind, [array.dtype.str, list(array.shape), len(blobs[-1])]]


def _lift(value: object, blobs: memoryview, resolve: Resolve | None) -> object:
    """Rebuild a value; its blobs are taken from the front, in the order in which they were made."""
    position, room = 0, MOST_KEYS_IN_ALL

    def counted(content: list) -> list:
        nonlocal room
        room -= len(content)
        if len(content) > MOST_KEYS or room < 0:
            raise Malformed("too many keys")
        return content

    def scattered(keys: list) -> list:
        if max(Counter(map(hash, keys)).values(), default=0) > MOST_OF_ONE_HASH:
            raise Malformed("too many keys of one hash")
        return keys

    def take(length: int) -> memoryview:
        nonlocal position
        if not 0 <= length <= len(blobs) - position:
            raise Malformed("a blob is longer than the message")
        position += length
        return blobs[position - length : position]

    def lift(value: object) -> Any:
        if isinstance(value, dict):
            raise Malformed("a JSON object")
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise Malformed("an integer that is too long")
        if not isinstance(value, list):
            return value
        tag, content = value
        if tag in ("set", "frozenset"):
            return _CONTAINERS[tag](scattered([lift(item) for item in counted(content)]))
        if tag in _CONTAINERS:
            return _CONTAINERS[tag]([lift(item) for item in content])
        if tag == "dict":
            pairs = [(lift(key), lift(item)) for key, item in counted(content)]
            scattered([key for key, _ in pairs])
            return dict(pairs)
        if tag in ("array", "scalar"):
            dtype, shape, length = content
            array = _lift_array(dtype, shape, length, take)
            return array if tag == "array" else array[()]
        if tag == "bytes":
            return bytes(take(content))
        if tag == "complex":
            real, imaginary = content
            return complex(real, imaginary)
        if tag == "slice":
            return slice(*map(lift, content))
        if tag == "range":
            if _too_long(numbers := range(*map(lift, content))):
                raise Malformed("a range that is too long")
            return numbers
        if tag == "reference" and resolve is not None:
            if not isinstance(name := lift(content), dict):
                raise Malformed("a reference that names nothing")
            return resolve(name)
        raise Malformed(f"unknown tag {tag!r}")

    return lift(value)


def _lift_array(
    dtype: str, shape: list, length: int, take: Callable[[int], memoryview]
) -> np.ndarray:
    sizes = all(type(size) is int and 0 <= size < 1 << 63 for size in shape)
    if not _DTYPE.fullmatch(dtype) or len(shape) > MOST_AXES or not sizes:
        raise Malformed(f"no array of plain data: {dtype!r}, {shape!r}")
    kind = np.dtype(dtype)
    if math.prod(shape) * kind.itemsize != length:
        raise Malformed("an array's shape does not fit its bytes")
    return np.frombuffer(take(length), kind, math.prod(shape)).reshape(shape).copy()


def _too_long(value: range) -> bool:
    return bool(value[LONGEST_RANGE:])  # its len() may be too large for Python


def describe(value: object) -> str:
    """Name a value's type, for messages."""
    kind = type(value)
    module = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    name = f"{module}{kind.__qualname__}"
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def lengths(header: bytes | bytearray) -> tuple[int, int]:
    """Read how many bytes follow the first HEADER bytes, and how many of those are JSON."""
    total, text_length = _LENGTH.unpack_from(header)
    if text_length > total:
        raise Malformed("the JSON is longer than the message")
    return total, text_length


def receive(connection: socket.socket, resolve: Resolve | None = None) -> object:
    """Wait for one message and unpack it. Raises EOFError at the end of the stream."""
    total, text_length = lengths(_exactly(connection, HEADER))
    return unpack(_exactly(connection, total), text_length, resolve)


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = connection.recv(min(size, 1 << 20))
        if not part:
            raise EOFError("the other side has closed the connection")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
