"""Which filters decide about the warnings of a call: the learner's, or those of a test.

In one process there is one list of filters, and what was added last counts first. Here each side
has its own list. During a call the learner's filters are in force in the sandbox, and what they let
through is given again here. Where a test has added filters, such as those of `pytest.warns`, the
sandbox gives every warning, and the filters here decide.
"""

import builtins
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

from autograder.judge import exceptions

MOST_REMEMBERED = 1000  # warnings that were given, for filters that show each only once


class Seam(Warning):
    """Is never given. The tests' filters come before its filter, those of both sides after it."""


class Filters:
    """The judge's filters of warnings, as far as a test has added some."""

    def __init__(self) -> None:
        self._registry: dict = {}  # what was given before, as Python notes it for each module
        self._settle()

    def _settle(self) -> None:
        warnings.filterwarnings("ignore", category=Seam)  # comes first, and nowhere else

    def begin_cell(self) -> None:
        """Forget which warnings were given, as IPython does at each cell."""
        self._registry.clear()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Take what is added within a `with` block for filters of both sides."""
        common = self._of_tests() == []
        try:
            yield
        finally:
            if common:
                self._settle()

    @property
    def decide(self) -> bool:
        """Whether the filters here decide, so that every warning has to come here."""
        own = self._of_tests()
        return own is None or any(map(_is_general, own))

    def _of_tests(self) -> list[tuple] | None:
        """List the filters that tests have added, None where those of both sides are gone."""
        present: Any = warnings.filters
        own = list(takewhile(lambda each: each[2] is not Seam, present))
        return own if len(own) < len(present) else None

    def give_again(self, given: list) -> None:
        """Give the warnings of a call again. given: category, text, file and line of each."""
        for category, text, file, line in given:
            kind, text = exceptions.warning(category), str(text)[: exceptions.MOST_TEXT]
            where = f"<learner>{file}", int(line)
            if len(self._registry) > MOST_REMEMBERED:
                self._registry.clear()
            own = self._of_tests() or []
            if self.decide or any(_matches(each, kind, text, *where) for each in own):
                warnings.warn_explicit(text, kind, *where, registry=self._registry)
            else:
                warnings.showwarning(kind(text), kind, *where)


def _is_general(entry: tuple) -> bool:
    """Whether a filter may concern what the learner's own filters decide about.

    A library adds filters of its own categories when it is imported, and filters that ignore a
    message of its own.
    """
    action, message, category, *_ = entry
    is_pythons = category is getattr(builtins, category.__name__, None)
    return is_pythons and not (action == "ignore" and message)


def _matches(entry: tuple, kind: type, text: str, file: str, line: int) -> bool:
    _, message, category, module, number = entry
    same = issubclass(kind, category) and number in (0, line)
    return same and bool(re.match(message or "", text) and re.match(module or "", file))
