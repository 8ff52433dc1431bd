"""Wrong answers as learners write them: how often does a check's message name the real mistake?

One module for each assignment lists them in SLIPS. They were collected from what goes wrong in
practice (half-ported code, other libraries' orders, off-by-one loops, slips in NumPy) without
regard to what the checks can name, and none of them is in `evidence.banks`.
"""

import importlib.util
import re
from dataclasses import dataclass
from functools import partial
from typing import Literal


@dataclass(frozen=True)
class Slip:
    """A wrong answer to one function.

    name: the mistake in a few words. named: a regular expression that a message which names the
        mistake matches. source: the whole function as a learner would write it.
    kind: one mistake, two independent ones, or a slip in NumPy.
    """

    function: str
    name: str
    named: str
    source: str
    kind: Literal["one", "two", "numpy"]

    def is_named_in(self, message: str) -> bool:
        """Say whether a message names this mistake."""
        return re.search(self.named, " ".join(message.split()), re.IGNORECASE) is not None


one = partial(Slip, kind="one")
two = partial(Slip, kind="two")
in_numpy = partial(Slip, kind="numpy")


def both(first: str, second: str) -> str:
    """Join two regular expressions into one that requires both, in any order."""
    return f"^(?=.*(?:{first}))(?=.*(?:{second}))"


def slips(assignment: str) -> list[Slip]:
    """Load an assignment's slips; none where nobody has collected any."""
    name = f"{__name__}.{assignment.replace('-', '_')}"
    return importlib.import_module(name).SLIPS if importlib.util.find_spec(name) else []
