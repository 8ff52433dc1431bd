"""What a sandbox has sent so far: in case somebody asks whether a text is the learner's."""

import json
from collections.abc import Iterator

MOST_BYTES = 32 << 20  # that are kept of all messages


class Heard:
    """Keeps the messages of a sandbox, and finds texts in them once that is needed.

    is_whole: whether all of them are kept. texts: all that have been found, in their order.
    """

    def __init__(self) -> None:
        self.is_whole = True
        self.texts: list[str] = []
        self._room = MOST_BYTES
        self._unread: list[bytes] = []
        self._blobs: list[bytes] = []

    def add(self, body: bytes, text_length: int) -> None:
        """Keep a message: JSON of this length, then the bytes of arrays and the like."""
        self._room -= len(body)
        if self._room < 0:
            self.is_whole = False
            return
        self._unread.append(body[:text_length])
        if len(body) > text_length:
            self._blobs.append(body[text_length:])

    def read(self) -> None:
        """Find the texts in the messages that have come since the last time."""
        for each in self._unread:
            self.texts += filter(None, _texts(json.loads(each)))
        self._unread.clear()

    def holds(self, text: str) -> bool:
        """Whether a text came in an array, or as bytes."""
        forms = text.encode(errors="replace"), text.encode("utf-32-le", "replace")
        return any(form in blob for form in forms for blob in self._blobs)

    def holds_pickled_data(self) -> bool:
        """Whether bytes came that may be pickled objects."""
        return any(b"\x80" in blob or b"(" in blob for blob in self._blobs)


def _texts(value: object) -> Iterator[str]:
    """List the strings in JSON."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, dict):
            waiting += reversed([part for pair in each.items() for part in pair])
