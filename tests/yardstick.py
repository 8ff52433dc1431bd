"""Measures work by a yardstick, so that a bound means the same on a slow and on a busy machine."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Measured:
    """How long something took. work: in yardsticks, once it is over."""

    work: float = 0.0


@contextmanager
def measured() -> Iterator[Measured]:
    """Measure a block: its processor time over that of a yardstick, run before and after it."""
    result = Measured()
    before = _yardstick()
    begin = time.process_time()
    yield result
    spent = time.process_time() - begin
    result.work = 2 * spent / (before + _yardstick())


def _yardstick() -> float:
    """Do what parsers do; return the seconds, about 0.1 on a processor of 2020."""
    begin = time.process_time()
    words = re.compile(r"\w+")
    for number in range(1_000):
        text = " ".join(map(str, range(number, number + 100)))
        counts: dict[str, int] = {}
        for match in words.finditer(text):
            counts[match[0]] = counts.get(match[0], 0) + len(text)
    return time.process_time() - begin
