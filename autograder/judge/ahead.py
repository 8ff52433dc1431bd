"""Has the sandbox make the next calls of `check` all at once, since it is known what they will be.

A call through the wall takes longer than what it calls: two processes take turns. Here the sandbox
makes many calls in its turn, as long as they are quick and do nothing but return plain data. The
rest is called one by one.

No call is made twice, and each shows its outputs in its place. The calls after a comparison that
fails have been made, though: where one of them does not end, or ends the process, that is what the
learner is told.
"""

from collections import deque
from collections.abc import Callable, Iterable

from autograder.inside import wire
from autograder.inside.exchange import Check
from autograder.inside.records import Classes

MOST_BYTES = 4 << 20  # of the arguments that cross ahead

Ask = Callable[[dict], dict]
"""Sends a request into the sandbox, and returns the answer."""


class Ahead:
    """Calls that are expected, and what came of those that were made ahead.

    classes: which both sides have.
    """

    def __init__(self, classes: Classes):
        self._classes = classes
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
            data = self._packed(wire.Objects(), tuple(arguments))  # a function gets them as a tuple
            room -= len(data or b"")
            if data is None or room < 0:
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
        objects, expected = wire.Objects(), self._expected.popleft()
        if keywords or request["do"] != "call" or self._packed(objects, arguments) != expected:
            self.forget()
            return None
        if self._request is None:
            self._request = request
            self._make(request, [expected, *self._expected], ask)
        if request != self._request or not self._answers:
            stopped = self._stopped and request == self._request
            self.forget()
            self.is_pending = stopped
            return None
        answer = self._unpacked(objects, self._answers.popleft())
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

    def _make(self, request: dict, calls: list[bytes], ask: Ask) -> None:
        outcome = ask({**request, "do": "calls", "calls": wire.Whole(calls)})
        answers, self._stopped = outcome.get("answers"), outcome.get("pending") is True
        if isinstance(answers, list) and len(answers) <= len(calls):
            self._answers.extend(each for each in answers if isinstance(each, bytes))

    def packed_answer(self, arguments: tuple, answer: dict) -> bytes | None:
        """Turn the answer to a call into bytes; None if it did more than return plain data."""
        objects = wire.Objects()
        if answer.keys() != {"result"} or self._packed(objects, arguments) is None:
            return None
        return self._packed(objects, answer)

    def _packed(self, objects: wire.Objects, value: tuple | dict) -> bytes | None:
        """Turn arguments or an answer into bytes; None where they are more than plain data."""
        try:
            return wire.pack_with(objects, value, self._classes)
        except wire.CannotCross:
            return None

    def _unpacked(self, objects: wire.Objects, data: bytes) -> dict | None:
        """Turn the bytes of an answer back; None if no program of ours has packed them.

        objects: the containers among the arguments, which may be parts of the answer.
        """
        objects.touched.clear()
        try:
            answer = wire.unpack_with(objects, data, self._classes)
            if objects.touched:
                Check([], circles=False).check([answer])
        except wire.Malformed:
            return None
        return answer if isinstance(answer, dict) and "result" in answer else None
