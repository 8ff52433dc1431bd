"""Which names in the judge's namespace are the learner's, and what a test cell does to them.

A name is the learner's where the instructor's solution defines it, and nowhere else: a submission
cannot put its own object in place of a check. What a test cell binds itself stays the test's.
"""

from collections.abc import Callable
from types import ModuleType

from autograder.inside import wire
from autograder.inside.in_place import differs, snapshot
from autograder.judge.job import Job
from autograder.judge.stand_ins import Stranger

MISSING = object()  # in place of the value of a name that is not defined


class LearnersNames:
    """The learner's names in a namespace, with their stand-ins and values."""

    def __init__(self, job: Job, namespace: dict[str, object]):
        self._solution, self._read = frozenset(job.learners_names), job.read_names
        self.namespace, self.modules = namespace, job.instructors_modules()
        self._placed: dict[str, object] = {}
        self._settled: dict[str, object] = {}  # what names mean on both sides
        self._held: dict[str, object] = {}  # snapshots of that
        self._shared: set[str] = set()  # classes of cells that both sides ran
        self.settle()

    def settle(self) -> None:
        """Note that both sides have run a cell, so that its names mean the same to both."""
        for name in self._read:
            self._settle(name, self.namespace.get(name, MISSING))
        for name, value in self.namespace.items():
            if isinstance(value, type) and value.__module__ == "__main__" and not self.may_be(name):
                self._shared.add(name)

    def _settle(self, name: str, value: object) -> None:
        """Take note of what a name means to both sides."""
        self._settled[name], self._held[name] = value, snapshot(value)

    def is_shared_class(self, module: str, name: str) -> bool:
        """Whether both sides have a class, by its module and its name."""
        return name in self._shared if module == "__main__" else module in self.modules

    def shared_numbers(self, listed: list) -> list[int]:
        """Number the names of such classes among all names that the sandbox lists."""
        known = (isinstance(name, str) and name in self._shared for name in listed)
        return [number for number, is_known in enumerate(known) if is_known]

    def numbers(self, listed: object) -> list[int]:
        """Number those that are the learner's among all names that the sandbox lists."""
        names = listed if isinstance(listed, list) else []
        first = {
            name: number for number, name in reversed(list(enumerate(names))) if self.may_be(name)
        }
        for name in self._placed.keys() - first.keys():
            self.remove(name)
        return sorted(first.values())

    def may_be(self, name: object) -> bool:
        """Whether a name may be the learner's."""
        return isinstance(name, str) and name in self._solution

    def place(self, name: str, value: object) -> None:
        """Give a name a stand-in or a value of the learner's."""
        self._placed[name] = self.namespace[name] = value
        self._settle(name, value)

    def remove(self, name: str) -> None:
        """Remove a name that the learner's code no longer defines."""
        if name in self._placed:
            value = self._placed.pop(name)
            self._settle(name, MISSING)
            if self.namespace.get(name) is value:
                del self.namespace[name]

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
        return isinstance(placed, Stranger) or not hasattr(placed, "__handle__")

    def rebound(self, crosses: Callable[[object], bool]) -> dict:
        """Say which names test cells have deleted, and which they have given another meaning.

        It considers only names that functions of the instructor's solution read: no other variable
        of a test's leaves this process. crosses: whether a value can be handed over.
        Raises CannotCross if a test has given such a name a value that cannot.
        """
        deleted, replaced = [], {}
        for name in self._read:
            value = self.namespace.get(name, MISSING)
            same = value is self._settled.get(name, MISSING)
            if isinstance(value, ModuleType) or (same and not differs(value, self._held.get(name))):
                continue
            if value is MISSING:
                deleted.append(name)
            elif crosses(value):
                replaced[name] = value
            else:
                raise wire.CannotCross(
                    f"the test puts {wire.describe(value)} of its own in place of {name}, and "
                    "that cannot reach the learner's code. Hand it over as plain data."
                )
        return {"deleted": deleted, "replaced": replaced}
