"""Finds what a test has changed in a library, and what no call of the learner's code can notice.

The learner's code has libraries of its own. So a test that forbids a function by a patch, counts
its calls, or lowers the recursion limit would pass whatever the answer is. That is looked for while
an assignment is checked: the instructor's solution passes then, and nothing else would tell.
"""

import decimal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from types import ModuleType

import numpy as np

from autograder.judge.evaluation import REPLACED
from autograder.judge.lines import cell_lines

ENOUGH = 5  # times that calls from the same lines of a test are looked at
MANAGED = {"sys", "warnings"}
"""Modules that the shell and the grader change themselves."""
SHELLS = {"exit", "quit", "get_ipython", "display"}
"""Builtins that IPython adds and removes with every cell."""

Parts = Iterator[tuple[tuple[object, str], object]]
"""Values by their owner, a module or a class, and their name."""


class Patches:
    """Compares libraries with what they were when both sides had run the same cells.

    packages: the names of those that the notebook's cells import.
    """

    def __init__(self, packages: Iterable[str]):
        self._packages = {"builtins", *packages} - MANAGED
        self._settled: dict[tuple[object, str], object] = {}
        self._settings: dict[str, object] = {}
        self._looked: Counter[tuple[int, ...]] = Counter()

    def settle(self) -> None:
        """Take note of the libraries as they are: both sides have run a cell."""
        self._settled.clear()
        self._settings.clear()
        self.begin_cell()

    def begin_cell(self) -> None:
        """Take note of the libraries that are new."""
        self._looked.clear()
        self._settled = {**dict(self._parts()), **self._settled}
        self._settings = self._settings or _settings()

    def find(self) -> str:
        """Name what the test that calls has changed, "" where it is nothing."""
        lines = tuple(cell_lines(sys._getframe()))
        self._looked[lines] += 1
        if self._looked[lines] > ENOUGH:
            return ""
        present = dict(self._parts())
        for (owner, name), value in self._settled.items():
            if present.get((owner, name)) is not value:
                return f"{_name_of(owner)}{name}"
        settings = _settings()
        return next((name for name in settings if settings[name] != self._settings[name]), "")

    def _parts(self) -> Parts:
        """List the libraries' modules, what can be called in them, and what their classes have."""
        for name, module in list(sys.modules.items()):
            package, *inner = name.split(".")
            if package not in self._packages or any(part.startswith("_") for part in inner):
                continue
            yield (sys, name), module
            if isinstance(module, ModuleType):
                yield from self._parts_of(module)

    def _parts_of(self, module: ModuleType) -> Parts:
        for name, value in list(vars(module).items()):
            if not callable(value) or name.startswith("_") or name in SHELLS:
                continue
            if (module.__name__, name) in REPLACED:
                continue
            yield (module, name), value
            # A proxy may raise when it is asked what it is an instance of.
            if issubclass(type(value), type) and self._is_watched(value):
                for each, part in list(vars(value).items()):
                    if not each.startswith("_"):
                        yield (value, each), part

    def _is_watched(self, kind: type) -> bool:
        """Whether a class belongs to one of the packages."""
        return str(kind.__module__).partition(".")[0] in self._packages


def _name_of(owner: object) -> str:
    """Write a module or a class as what stands in front of its part, "" for `sys.modules`."""
    if isinstance(owner, type):
        return f"{owner.__module__}.{owner.__qualname__}."
    return f"{owner.__name__}." if isinstance(owner, ModuleType) and owner is not sys else ""


def _settings() -> dict[str, object]:
    """List the settings that change what code may do."""
    context = decimal.getcontext()
    return {
        "the recursion limit": sys.getrecursionlimit(),
        "how NumPy treats floating-point errors": np.geterr(),
        "the decimal context": (context.prec, context.rounding, dict(context.traps)),
    }
