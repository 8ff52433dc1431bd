"""Which names in the judge's namespace are the learner's, and what a test cell does to them.

A name is the learner's where the instructor's solution defines it, and where no cell of the
instructor's does, nor Python itself: a submission cannot put its own object in place of a check.
"""

import builtins

from autograder.inside import wire
from autograder.judge.job import Job
from autograder.judge.names import bound, parse, used
from autograder.judge.stand_ins import Stranger, refer


class LearnersNames:
    """The learner's names in a namespace, and the stand-ins and values that they have."""

    def __init__(self, job: Job, namespace: dict[str, object]):
        self._solution = frozenset(job.learners_names)
        self._namespace = namespace
        # Also what a cell would define after the line where a learner makes it fail.
        sources = (cell.source for cell in job.cells if cell.side != "learner")
        self._instructors = set[str]().union(*(bound(parse(source)) for source in sources))
        self._mentioned: set[str] = set()
        self._placed: dict[str, object] = {}
        self._start: dict[str, object] = {}  # what the names meant when the cell began

    def mention(self, source: str) -> None:
        """Take note of the names that a cell of the instructor's uses."""
        self._mentioned |= used(source) | bound(parse(source))

    def wanted(self) -> list[str]:
        """List the names whose meaning the sandbox is asked for."""
        return sorted(name for name in self._mentioned if self._is_learners(name))

    def is_asked_for(self, name: object) -> bool:
        """Whether the sandbox may say what a name means."""
        return isinstance(name, str) and name in self._mentioned and self._is_learners(name)

    def begin_cell(self) -> None:
        """Take note of what the names mean."""
        self._start = {name: self._namespace.get(name) for name in self._placed}

    def place(self, name: str, value: object) -> None:
        """Give a name a stand-in or a value of the learner's."""
        self._placed[name] = self._start[name] = self._namespace[name] = value

    def remove(self, name: str) -> None:
        """Take a name away that the learner's code does not define any more."""
        if name in self._placed:
            del self._placed[name]
            self._namespace.pop(name, None)

    def stand_in(self, name: str) -> object:
        """Return what a name stands for. Raises KeyError where it is not the learner's."""
        return self._placed[name]

    def holds(self, name: str) -> bool:
        """Whether a name is the learner's at the moment."""
        return name in self._placed

    def name_of(self, value: object) -> str:
        """Find the name of a stand-in, "" for anything else."""
        return next((name for name, placed in self._placed.items() if placed is value), "")

    def is_solution(self, name: str) -> bool:
        """Whether the instructor's solution defines a name."""
        return name in self._solution

    def is_value(self, name: str) -> bool:
        """Whether a name of the learner's means a value, and no stand-in that could be called."""
        if name not in self._placed:
            return False
        placed = self._placed[name]
        return isinstance(placed, Stranger) or not hasattr(placed, "handle")

    def rebound(self) -> dict:
        """Say which of the names are deleted, and which this cell has given another meaning.

        Raises CannotCross where it put something of its own in place of what the solution defines.
        """
        deleted = [name for name in self._placed if name not in self._namespace]
        replaced = {}
        for name in self._placed.keys() - deleted:
            value = self._namespace[name]
            if value is self._start.get(name):
                continue
            try:
                wire.pack(value, refer)
                replaced[name] = value
            except wire.CannotCross:
                if name in self._solution:
                    raise wire.CannotCross(
                        f"the test puts {wire.describe(value)} of its own in place of {name}, and "
                        "that cannot reach the learner's code. Hand it over as plain data."
                    ) from None
        return {"deleted": deleted, "replaced": replaced}

    def _is_learners(self, name: str) -> bool:
        if name in self._solution:
            return True
        if name not in self._namespace:
            return name not in self._instructors and not hasattr(builtins, name)
        return name in self._placed and self._namespace[name] is self._placed[name]
