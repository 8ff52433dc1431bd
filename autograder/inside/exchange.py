"""The calls through the wall, with the calls back that they lead to: one object stays one object.

Both sides keep a list of the containers that crossed. A container that crosses again is named by
its number, so that the other side takes its own: `f(a) is a` holds. A message also carries what its
side has changed in place: a call and its answer for all containers, a call back for those that it
names. Both sides forget their lists at the same moment, when looking through them at each call
would take too long.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from .errors import Malformed, malformed
from .in_place import assign, differs, snapshot
from .records import Classes, attributes
from .wire import FIRST, HEADER, SHARED, Objects, Reader, Refer, Resolve, Writer

MOST_OBJECTS = 500  # that are kept from one call to the next
MOST_BYTES = 1 << 15  # of the messages that they came with
MOST_PARTS = 10_000_000  # of a value, each counted as often as it occurs


class Exchange:
    """Packs and unpacks the messages of calls.

    named: the numbers of the containers that the last message received has named again.

    refer, resolve, classes: as for `wire`. suspicious: whether the other side may be hostile.
    """

    def __init__(self, refer: Refer, resolve: Resolve, classes: Classes, suspicious: bool = False):
        self._refer, self._resolve, self._classes = refer, resolve, classes
        self._suspicious, self._own_circles = suspicious, False
        self._depth, self._bytes, self._begun = 0, 0, False
        self.named: frozenset[int] = frozenset()
        self._abandoned = False
        self._objects = Objects()
        self._before: list[Any] = []  # snapshots of them, as both sides know them

    def __len__(self) -> int:
        return len(self._objects)

    @contextmanager
    def call(self) -> Iterator[int]:
        """Make a call, or answer one. Gives the number of the first container that is new in it.

        What crosses during a call back is forgotten at its end.
        """
        since = len(self) if self._depth else 0
        self._depth += 1
        try:
            yield since
        finally:
            self._depth -= 1
            if self._depth:
                self.forget(since)
            elif self._bytes > MOST_BYTES or len(self) > MOST_OBJECTS:
                self.forget(0)
                self._bytes = 0

    @property
    def is_open(self) -> bool:
        """Whether a call is being made."""
        return self._depth > 0

    @property
    def is_abandoned(self) -> bool:
        """Whether the other side may have other containers: then a new exchange has to begin."""
        return self._abandoned

    def abandon(self) -> None:
        """Have a new exchange begin with the next call."""
        self._abandoned = True

    def pack_call(self, message: dict) -> bytes:
        """Turn a call into bytes, with all that was changed; as `pack` for one within another."""
        return self.pack(message, 0 if self._depth == 1 else None)

    def forget(self, length: int) -> None:
        """Forget all containers except the first ones, which crossed before a call back."""
        self._objects.forget(length)
        del self._before[length:]

    def pack(self, message: dict, since: int | None = None, named: Iterable[int] = ()) -> bytes:
        """Turn a message into bytes, with what was changed in place.

        since, named: it looks for changes in all containers from this number on, in these, and in
        those that the message names.
        Raises CannotCross; nothing has crossed then.
        """
        start = len(self)
        self._objects.touched.clear()
        writer = Writer(self._refer, self._objects, self._classes)
        try:
            content: Any = writer.content(message)  # the message itself gets no number
            further = [*named, *range(start if since is None else since, start)]
            changes = self._write_changes(writer, start, further)
            whole = {"message": content, "changes": changes} if changes else content
            data = writer.message(whole, SHARED if self._begun else FIRST)
        except BaseException:
            self.forget(start)
            raise
        self._begun = True
        self._bytes += len(data) - HEADER
        self._own_circles |= writer.circular
        for number, _ in changes:
            self._before[number] = snapshot(self._objects.values[number])
        self._watch(start)
        return data

    def _write_changes(self, writer: Writer, start: int, further: list[int]) -> list:
        """Write what changed in the containers that crossed before, each with its number."""
        waiting = deque([*sorted(self._objects.touched), *further])
        seen, changes = set(range(start, len(self))), []
        while waiting:
            number = waiting.popleft()
            if number in seen or number >= start:
                continue
            seen.add(number)
            value = self._objects.values[number]
            if differs(value, self._before[number]):
                self._objects.touched.clear()
                changes.append([number, writer.content(value)])
                waiting += sorted(self._objects.touched)
            else:
                inner = (self._objects.number(part) for part in parts(value))
                waiting += [each for each in inner if each is not None]
        return changes

    def unpack(self, body: bytes, text_length: int) -> dict:
        """Turn bytes into a message; change in place what it says.

        Raises Malformed for anything that `pack` would not have made.
        """
        start = len(self)
        self._objects.touched.clear()
        self._begun = True
        self._bytes += len(body)
        written: list = []
        try:
            with malformed():
                content = json.loads(body[:text_length])
                blobs = memoryview(body)[text_length:]
                reader = Reader(self._resolve, self._objects, blobs, self._classes)
                if isinstance(content, dict):
                    content, written = content["message"], content["changes"]
                message = reader.content(content)
                if type(message) is not dict:
                    raise Malformed("a message that is no dict")
                changes = [self._read_change(reader, start, *change) for change in written]
                if self._suspicious and (changes or self._objects.touched):
                    holders = self._objects.values if changes else []
                    Check(changes, self._own_circles).check([message, *holders])
        except BaseException:
            self.forget(start)
            raise
        for (number, _), (value, other) in zip(written, changes):
            assign(value, other)
            self._before[number] = snapshot(value)
        self._watch(start)
        self.named = frozenset(self._objects.touched)
        return message

    def _read_change(
        self, reader: Reader, start: int, number: int, content: list
    ) -> tuple[object, object]:
        if type(number) is not int or not 0 <= number < start:
            raise Malformed("a change of what never crossed")
        value = self._objects.values[number]
        other = reader.content(content)
        if type(other) is not type(value) and not isinstance(value, np.ndarray | dict | list):
            raise Malformed("a change into something else")
        return value, other

    def _watch(self, start: int) -> None:
        """Keep what new containers hold."""
        self._before += map(snapshot, self._objects.values[start:])


def parts(value: Any) -> Iterable:
    """List what a container holds."""
    if isinstance(value, dict):
        return (*value, *value.values())
    if isinstance(value, list | tuple | set | frozenset | deque):
        return value
    if isinstance(value, SimpleNamespace):
        return vars(value).values()
    return (attributes(value) or {}).values()


class Check:
    """Checks that what holds one container many times has not too many parts in all.

    To print or compare a list that holds a list twice, which again holds a list twice, and so on,
    takes for ever. So does a list that holds itself twice. To hold itself once does no harm.

    changes: containers with what they will hold. circles: whether there were circles before.
    """

    def __init__(self, changes: list[tuple[Any, Any]], circles: bool):
        self._circles = circles
        self._changes = {id(value): other for value, other in changes}
        self._sizes: dict[int, int] = {}
        self._open: list[int] = []  # what holds the value at hand, outermost first
        self._circle: set[int] = set()
        self._leading: set[int] = set()  # what leads to the circle

    def check(self, values: list) -> None:
        """Check values, with what changes in them. Raises Malformed."""
        for value in values:
            if id(value) not in self._sizes and self._size(value) > MOST_PARTS:
                raise Malformed("a value of too many parts")

    def _size(self, value: object) -> int:
        key = id(value)
        if key in self._open:
            self._meet_circle()
            self._circle.update(self._open[self._open.index(key) :])
            return 1
        if key in self._sizes:
            if key in self._leading:
                self._meet_circle()
            return self._sizes[key]
        value = self._changes.get(key, value)
        if isinstance(value, np.ndarray | bytearray):
            return 1 + (value.size if isinstance(value, np.ndarray) else len(value))
        if not (inner := parts(value)):
            return 1
        self._open.append(key)
        total = 1 + sum(map(self._size, inner))
        self._open.pop()
        self._sizes[key] = min(total, MOST_PARTS + 1)
        return total

    def _meet_circle(self) -> None:
        """Note a way into the circle. Raises Malformed for a second way round it."""
        if not self._circles and not self._circle.isdisjoint(self._open):
            raise Malformed("a container that holds itself more than once")
        self._leading.update(self._open)
