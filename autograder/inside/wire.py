"""Turns values into bytes and back, to cross between the sandbox and the judge.

Plain data cross by value: numbers, strings, bytes, booleans, None, slices, ranges, arrays, lists,
tuples, dicts and sets of them, and what `codecs` knows. Functions and types of libraries cross by
their names (`libraries`). Nothing is pickled, and what arrives is checked before it becomes an
object: a forged message can carry wrong values, but not code. Every value travels as JSON; whatever
JSON does not know becomes a list [tag, content], and the bytes of arrays follow the JSON as blobs.

A container that occurs again becomes ["same", its number]. Both sides count the containers of a
message in the order in which they are written, outer ones first.
"""

import json
import socket
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from . import arrays, codecs, libraries, records
from .errors import CannotCross, Malformed, malformed

_LENGTH = struct.Struct("<QQB")  # bytes in all, bytes of JSON, one of the three below
PLAIN_MESSAGE, SHARED, FIRST = range(3)  # not of an exchange, of one, the first of a new one
HEADER = _LENGTH.size
MOST_KEYS = 10_000  # of a dict or set
MOST_KEYS_IN_ALL = 50_000  # in one message
MOST_OF_ONE_HASH = 100  # keys with the same hash: a dict of thousands takes Python minutes
SMALL = 1 << 63  # most integers are smaller
MOST_BITS = 10_000  # of an integer
LONGEST_RANGE = 1_000_000  # a list of a longer range could fill the memory
PLAIN = {int, complex, bytes, list, tuple, dict, set, frozenset, np.ndarray}
"""Types of plain data, besides those that `Writer` handles first."""
CONTAINERS = (np.ndarray, tuple, list, dict, set, frozenset, bytearray)
WHAT_CROSSES = (
    "Only plain data reach the checks: numbers, strings, arrays, and lists, tuples, dicts and sets "
    "of them."
)
PENDING = object()  # stands for a container whose parts have not been read yet
CONSTANTS = {"Ellipsis": ..., "NotImplemented": NotImplemented}

Refer = Callable[[Any], dict]
"""Names a value that does not cross by itself: returns a dict of what does. Raises CannotCross."""
Resolve = Callable[[dict], object]
"""Finds what such a name stands for on the side that receives it."""


class Objects:
    """The containers that have crossed, in one order on both sides."""

    def __init__(self) -> None:
        self.values: list[Any] = []  # also keeps them alive, so that no other gets their id
        self.touched: set[int] = set()  # numbers of the containers that were named again
        self._numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.values)

    def reserve(self) -> int:
        """Reserve the next number for a container that `fill` will add."""
        self.values.append(PENDING)
        return len(self.values) - 1

    def add(self, value: object) -> int:
        """Number the next container."""
        self._numbers[id(value)] = len(self.values)
        self.values.append(value)
        return len(self.values) - 1

    def fill(self, number: int, value: object) -> None:
        """Put a container in the place that was kept for it."""
        self.values[number] = value
        self._numbers[id(value)] = number

    def number(self, value: object) -> int | None:
        """Find a container's number, None where it has not crossed."""
        return self._numbers.get(id(value))

    def named(self, number: object) -> Any:
        """Find the container of a number. Raises Malformed where there is none yet."""
        if type(number) is not int or not 0 <= number < len(self.values):
            raise Malformed("a container that never crossed")
        self.touched.add(number)
        if (value := self.values[number]) is PENDING:
            raise Malformed("a container inside itself that cannot be")
        return value

    def forget(self, length: int) -> None:
        """Forget all containers after the first `length`."""
        for value in self.values[length:]:
            if self._numbers.get(id(value), -1) >= length:
                del self._numbers[id(value)]
        del self.values[length:]


class Bare(NamedTuple):
    """Wraps a container that gets no number itself, while the containers in it do."""

    value: Any


class Whole(NamedTuple):
    """Wraps a value in which nothing is numbered: it does not matter which containers are one."""

    value: Any


def pack(message: object, refer: Refer | None = None) -> bytes:
    """Turn a value into bytes. A container is written each time it occurs.

    refer: called with anything that does not cross by itself; returns a name for it.
    Raises CannotCross where there is no `refer`, or where it raises.
    """
    writer = Writer(refer, Objects())
    return writer.message(writer.write_whole(message))


def packed(value: object) -> bytes:
    """Turn a value of the learner's into bytes, b"" where it does not cross by itself."""
    try:
        return pack(value)
    except Exception:  # also from the value's own code
        return b""


def unpack(body: bytes, text_length: int, resolve: Resolve | None = None) -> object:
    """Turn the bytes after the lengths back into a value.

    resolve: called with what `refer` returned; without it, such a name is an error.
    Raises Malformed for anything that `pack` would not have made.
    """
    with malformed():
        reader = Reader(resolve, Objects(), memoryview(body)[text_length:])
        return reader.read_whole(json.loads(body[:text_length]))


def pack_with(objects: Objects, message: object, classes: records.Classes) -> bytes:
    """Turn a value into bytes, outside of an `Exchange`. One object in it stays one object.

    objects: the containers that were written before. classes: which both sides have.
    Raises CannotCross.
    """
    writer = Writer(None, objects, classes)
    return writer.message(writer.write(message))


def unpack_with(objects: Objects, data: bytes, classes: records.Classes) -> object:
    """Turn what `pack_with` returns back into the value. Raises Malformed."""
    with malformed():
        text_length = header(data).text_length
        body = memoryview(data)[HEADER:]
        reader = Reader(None, objects, body[text_length:], classes)
        return reader.read(json.loads(bytes(body[:text_length])))


class Writer:
    """Writes the values of one message as JSON and blobs."""

    def __init__(
        self, refer: Refer | None, objects: Objects, classes: records.Classes | None = None
    ):
        self._refer, self._objects, self._classes = refer, objects, classes
        self._blobs: list[bytes] = []
        self._open: set[int] = set()  # numbers of the containers that hold what is being written
        self._flat = False  # whether nothing is numbered: in keys, and in what crosses whole
        self.circular = False  # whether a container holds itself

    def message(self, content: object, shared: int = PLAIN_MESSAGE) -> bytes:
        """Put what was written together. shared: whether it is part of an `Exchange`.

        Raises CannotCross where it is nested too deeply.
        """
        try:
            text = json.dumps(content).encode()
        except RecursionError:
            raise CannotCross("the value is nested too deeply") from None
        total = len(text) + sum(map(len, self._blobs))
        return b"".join([_LENGTH.pack(total, len(text), shared), text, *self._blobs])

    def write(self, value: object) -> object:
        """Write a value."""
        try:
            return self._write(value)
        except RecursionError:
            raise CannotCross("the value is nested too deeply") from None

    def _write(self, value: Any) -> object:
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is float:
            return value
        if kind is int and -SMALL < value < SMALL:
            return value
        if kind is Bare:
            return ["bare", self.content(value.value)]
        if kind is Whole:
            return ["whole", self.write_whole(value.value)]
        number = None if self._flat else self._objects.number(value)
        if number is not None:
            self._objects.touched.add(number)
            self.circular |= number in self._open
            return ["same", number]
        record = None if kind in PLAIN else self._record(value)
        if record is None and (single := self._single(value)) is not None:
            return single
        if record is None and not isinstance(value, CONTAINERS) and codecs.of_type(kind) is None:
            return self._by_name(value)
        if self._flat:
            return self.content(value, record)
        number = self._objects.add(value)
        self._open.add(number)
        content = self.content(value, record)
        self._open.discard(number)
        return content

    def _record(self, value: Any) -> tuple[str, object] | None:
        return records.take_apart(value, self._classes) if self._classes else None

    def _by_name(self, value: Any) -> object:
        if (name := libraries.name_of(value)) is not None:
            return ["named", list(name)]
        if self._refer is None:
            raise CannotCross(f"{describe(value)}, which is no plain data")
        return self._reference(self._refer(value))

    def _reference(self, name: dict) -> object:
        return ["reference", [[key, self.write_whole(part)] for key, part in name.items()]]

    def _single(self, value: Any) -> Any:
        """Write a value that has no parts; None for all others."""
        if isinstance(value, np.generic):
            return ["scalar", self._array(value)]
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
        if isinstance(value, bytes):
            return ["bytes", self._blob(bytes(value))]
        if isinstance(value, range) and _too_long(value):
            raise CannotCross(f"a range of more than {LONGEST_RANGE:,} numbers")
        if isinstance(value, slice | range):
            parts = [value.start, value.stop, value.step]
            return [type(value).__name__, [self._write(part) for part in parts]]
        if value is ... or value is NotImplemented:
            return ["constant", repr(value)]
        return None

    def content(self, value: Any, record: tuple[str, object] | None = None) -> list:
        """Write a container in full, even if it has crossed before."""
        if record is None and type(value) not in PLAIN:
            record = self._record(value)
        if record is not None:
            return ["record", [self._write(part) for part in record]]
        if (codec := codecs.of_type(type(value))) is not None:
            parts = codec.parts(value)
            return [
                codec.tag,
                [(self._write if codec.holds else self.write_whole)(p) for p in parts],
            ]
        if records.is_named_tuple(value):
            names = [type(value).__name__, *type(value)._fields]
            return ["named tuple", [names, [self._write(item) for item in value]]]
        if isinstance(value, np.ndarray):
            if isinstance(value, np.ma.MaskedArray):
                parts = [value.data, np.ma.getmaskarray(value), value.fill_value]
                return ["masked", [self.write_whole(part) for part in parts]]
            if value.dtype == object:
                return ["objects", [list(value.shape), self._plain(value.ravel().tolist())]]
            return ["array", self._array(value)]
        if isinstance(value, bytearray):
            return ["bytearray", self._blob(bytes(value))]
        if isinstance(value, dict | set | frozenset) and len(value) > MOST_KEYS:
            raise CannotCross(f"{describe(value)} with more than {MOST_KEYS:,} entries")
        if isinstance(value, dict):
            return ["dict", [[self.write_whole(k), self._write(v)] for k, v in value.items()]]
        if isinstance(value, set | frozenset):
            tag = "set" if isinstance(value, set) else "frozenset"
            return [tag, [self.write_whole(item) for item in value]]
        return [
            "list" if isinstance(value, list) else "tuple",
            [self._write(item) for item in value],
        ]

    def write_whole(self, value: object) -> object:
        """Write a key or a part in full, without names of other containers.

        A value made of many such names could take for ever to hash, print or compare.
        """
        before, self._flat = self._flat, True
        try:
            return self._write(value)
        except RecursionError:
            raise CannotCross("the value contains itself, or is nested too deeply") from None
        finally:
            self._flat = before

    def _plain(self, items: list) -> list:
        """Write the objects of an array, which are plain data: NumPy asks others what they are."""
        refer, self._refer = self._refer, None
        try:
            return [self.write_whole(item) for item in items]
        except CannotCross as error:
            raise CannotCross(f"an array of objects, one of which is {error}") from None
        finally:
            self._refer = refer

    def _array(self, value: np.generic | np.ndarray) -> list:
        dtype, data = arrays.take_apart(np.asarray(value))
        fixed = isinstance(value, np.ndarray) and not value.flags.writeable
        return [dtype, list(value.shape), self._blob(data), *([True] if fixed else [])]

    def _blob(self, data: bytes) -> int:
        self._blobs.append(data)
        return len(data)


class Reader:
    """Rebuilds the values of one message; its blobs are taken in the order they were written."""

    def __init__(
        self,
        resolve: Resolve | None,
        objects: Objects,
        blobs: memoryview,
        classes: records.Classes | None = None,
    ):
        self._resolve, self._objects, self._classes = resolve, objects, classes
        self._blobs, self._position = blobs, 0
        self._room, self._flat = MOST_KEYS_IN_ALL, False

    def read(self, value: Any) -> Any:
        """Rebuild a value. Raises any exception for what `Writer` would not write."""
        if isinstance(value, dict):
            raise Malformed("a JSON object")
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise Malformed("an integer that is too long")
        if not isinstance(value, list):
            return value
        tag, content = value
        if not isinstance(tag, str):
            raise Malformed("a tag that is no text")
        if (rebuild := self._SINGLE.get(tag)) is not None:
            return rebuild(self, content)
        if self._flat:
            return self.content(value)
        number = self._objects.reserve()
        container = self.content(value, number)
        self._objects.fill(number, container)
        return container

    def content(self, written: list, number: int | None = None) -> Any:
        """Rebuild a container. number: its own, where it may hold itself."""
        tag, content = written
        container = self._empty(tag, content)
        if container is None:
            return self._with_its_parts(tag, content)
        if number is not None:
            self._objects.fill(number, container)
        if tag == "list":
            container.extend(map(self.read, content))
        elif tag == "dict":
            pairs = [
                (self.read_whole(key), self.read(item)) for key, item in self._counted(content)
            ]
            self._scattered([key for key, _ in pairs])
            container.update(pairs)
        elif self._classes is not None and records.attributes(container) is not None:
            self._classes.fill(container, self.read(content[1]))
        return container

    def _empty(self, tag: str, content: Any) -> Any:
        """Make a container before its parts; None if it cannot be made without them."""
        if tag == "list":
            return []
        if tag == "dict":
            return {}
        if tag != "record" or self._classes is None:
            return None
        name, inner = content
        kind = self._classes.find(name)
        return records.empty(kind, inner) if kind is not None else None

    def _with_its_parts(self, tag: str, content: Any) -> Any:
        if tag == "tuple":
            return tuple(map(self.read, content))
        if tag in ("set", "frozenset"):
            items = self._scattered([self.read_whole(item) for item in self._counted(content)])
            return set(items) if tag == "set" else frozenset(items)
        if tag == "array":
            return self._array(content)
        if tag == "objects":
            return arrays.of_objects(*self._plain_objects(*content))
        if tag == "masked":
            return arrays.masked(*map(self.read_whole, content))
        if tag == "bytearray":
            return bytearray(self._take(content))
        if tag == "named tuple":
            (name, *fields), items = content
            return records.named_tuple(name, tuple(fields))._make(map(self.read, items))
        if tag == "record" and self._classes is not None:
            name, items = content
            kind, read = self._classes.find(name), self.read(items)
            return self._classes.unknown(name) if kind is None else kind._make(read)
        codec = codecs.tagged(tag)
        return codec.build(*map(self.read if codec.holds else self.read_whole, content))

    def _plain_objects(self, shape: list, items: list) -> tuple[list, list]:
        """Read an array's shape and its objects, none of which is a name."""
        resolve, self._resolve = self._resolve, None
        try:
            return shape, [self.read_whole(item) for item in items]
        finally:
            self._resolve = resolve

    def _reference(self, content: list) -> object:
        if self._resolve is None:
            raise Malformed("a reference where none is expected")
        pairs = [(key, self.read_whole(part)) for key, part in content]
        if not all(isinstance(key, str) for key, _ in pairs):
            raise Malformed("a reference that names nothing")
        return self._resolve(dict(pairs))

    def _range(self, content: list) -> range:
        if _too_long(numbers := range(*map(self.read, content))):
            raise Malformed("a range that is too long")
        return numbers

    def _complex(self, content: list) -> complex:
        real, imaginary = content
        return complex(real, imaginary)

    def _array(self, content: list) -> np.ndarray:
        dtype, shape, length, *fixed = content
        array = arrays.put_together(dtype, shape, length, self._take)
        if fixed:
            array.flags.writeable = False
        return array

    def read_whole(self, content: object) -> Any:
        """Rebuild a value in which no container names another."""
        before, self._flat = self._flat, True
        try:
            return self.read(content)
        finally:
            self._flat = before

    def _same(self, number: object) -> object:
        if self._flat:
            raise Malformed("a name of a container where it has to be whole")
        return self._objects.named(number)

    def _counted(self, content: list) -> list:
        self._room -= len(content)
        if len(content) > MOST_KEYS or self._room < 0:
            raise Malformed("too many keys")
        return content

    def _scattered(self, keys: list) -> list:
        if max(Counter(map(hash, keys)).values(), default=0) > MOST_OF_ONE_HASH:
            raise Malformed("too many keys of one hash")
        return keys

    def _take(self, length: int) -> memoryview:
        if not 0 <= length <= len(self._blobs) - self._position:
            raise Malformed("a blob is longer than the message")
        self._position += length
        return self._blobs[self._position - length : self._position]

    _SINGLE: ClassVar[dict[str, Callable[["Reader", Any], Any]]] = {
        "scalar": lambda self, content: self._array(content)[()],
        "bytes": lambda self, content: bytes(self._take(content)),
        "complex": _complex,
        "slice": lambda self, content: slice(*map(self.read, content)),
        "range": _range,
        "constant": lambda self, content: CONSTANTS[content],
        "same": _same,
        "named": lambda self, content: libraries.find(*content),
        "reference": _reference,
        "bare": lambda self, content: self.content(content),
        "whole": lambda self, content: self.read_whole(content),
    }
    """Functions that rebuild values without a number, by tag."""


def _too_long(value: range) -> bool:
    return bool(value[LONGEST_RANGE:])  # its len() may be too large for Python


def describe(value: object) -> str:
    """Name a value's type, for messages."""
    kind = type(value)
    module = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    name = f"{module}{kind.__qualname__}"
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


class Header(NamedTuple):
    """What a message begins with.

    total: bytes that follow. text_length: how many of them are JSON. shared: whether the message is
    part of an `Exchange`, which has to unpack it.
    """

    total: int
    text_length: int
    shared: int


def header(data: bytes | bytearray) -> Header:
    """Read the first HEADER bytes of a message. Raises Malformed."""
    total, text_length, shared = _LENGTH.unpack_from(data)
    if text_length > total or shared > FIRST:
        raise Malformed("the JSON is longer than the message")
    return Header(total, text_length, shared)


def receive(connection: socket.socket) -> tuple[Header, bytes]:
    """Wait for one message. Raises EOFError at the end of the stream."""
    first = header(_exactly(connection, HEADER))
    return first, _exactly(connection, first.total)


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = connection.recv(min(size, 1 << 20))
        if not part:
            raise EOFError("the other side has closed the connection")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
