"""Has the sandbox make the next calls of `check` all at once, since it is known what they will be.

A call through the wall takes longer than what it calls: two processes take turns. Here the sandbox
makes many calls in its turn, as long as they are quick and do nothing but return plain data. The
rest is called one by one.

No call is made twice, unless it changes its arguments, and each shows its outputs in its place. The
calls after a comparison that fails have been made, though.
"""

import struct
from collections import deque
from collections.abc import Callable, Iterable

from autograder.inside import wire

MOST_BYTES = 4 << 20  # of the arguments that cross ahead

Ask = Callable[[dict], dict]
"""Sends a request into the sandbox, and returns the answer."""


class Ahead:
    """Calls that are expected, and what came of those that were made ahead."""

    def __init__(self) -> None:
        self._request: dict | None = None  # which calls were made ahead
        self._expected: deque[bytes] = deque()  # the arguments of calls to come
        self._answers: deque[bytes] = deque()  # to the first of them
        self._answered = 0  # calls
        self._stopped = False  # whether the call after these was made, and did more than return
        self.is_pending = False  # whether the present call is that call

    def expect(self, calls: Iterable[tuple]) -> None:
        """Expect calls with these arguments, in this order, as far as there is room for them."""
        self.forget()
        room = MOST_BYTES
        for arguments in calls:
            if (data := packed(arguments)) is None or (room := room - len(data)) < 0:
                return
            self._expected.append(data)

    def forget(self) -> None:
        """Expect nothing."""
        self._request = None
        self._expected.clear()
        self._answers.clear()
        self._answered = 0
        self._stopped = self.is_pending = False

    def answer(self, request: dict, arguments: tuple, keywords: dict, ask: Ask) -> dict | None:
        """Return the answer to a call, None where it has to be made.

        request: of the call, without its arguments. ask: makes the calls ahead, at the first one.
        """
        self.is_pending = False
        if not self._expected:
            return None
        if keywords or request["do"] != "call" or packed(arguments) != self._expected.popleft():
            self.forget()
            return None
        if self._request is None:
            self._request = request
            self._make(request, arguments, ask)
        if request != self._request or not self._answers:
            stopped = self._stopped and request == self._request
            self.forget()
            self.is_pending = stopped
            return None
        answer = _unpacked(self._answers.popleft())
        self._answered += 1
        if answer is None:
            self.forget()
        return answer

    def skip(self, number: int, answer: bytes | None) -> bool:
        """Pass over a call if it was made ahead, and what came of it are these very bytes.

        number: how many calls were expected before it. Returns whether it is passed over.
        """
        if number != self._answered or not self._answers or self._answers[0] != answer:
            return False
        self._answers.popleft()
        self._expected.popleft()
        self._answered += 1
        return True

    def _make(self, request: dict, arguments: tuple, ask: Ask) -> None:
        calls = [packed(arguments), *self._expected]
        outcome = ask({**request, "do": "calls", "calls": wire.Whole(calls)})
        answers, self._stopped = outcome.get("answers"), outcome.get("pending") is True
        if isinstance(answers, list) and len(answers) <= len(calls):
            self._answers.extend(each for each in answers if isinstance(each, bytes))


def packed(value: tuple | dict) -> bytes | None:
    """Turn arguments or an answer into bytes; None where they are more than plain data."""
    try:
        return wire.pack(value)
    except wire.CannotCross:
        return None


def _unpacked(data: bytes) -> dict | None:
    """Turn the bytes of an answer back; None if no program of ours has packed them."""
    try:
        answer = wire.value(data)
    except (wire.Malformed, ValueError, struct.error):
        return None
    return answer if isinstance(answer, dict) and "result" in answer else None
