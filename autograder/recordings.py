"""The recordings of an assignment: what its test cells asked of the instructor's own solution.

Kept in recordings/ beside the gradebook. A judge that has them compares a learner's answers with
what Keras answered once, and need not import Keras.
"""

import pickle
from pathlib import Path

from autograder.whole import write_whole

OfNotebook = dict[str, bytes]


class Recordings:
    """The recordings of a class's assignments: a file each."""

    def __init__(self, folder: Path):
        self._folder = folder

    def read(self, assignment: str, digest: str) -> dict[str, OfNotebook] | None:
        """Read the recordings by notebook; None where there are none of this digest."""
        try:
            made_from, recordings = pickle.loads(self._path(assignment).read_bytes())
        except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):
            return None
        return recordings if made_from == digest else None

    def write(self, assignment: str, digest: str, recordings: dict[str, OfNotebook]) -> None:
        """Write recordings by notebook. digest: of all that they depend on."""
        write_whole(self._path(assignment), pickle.dumps((digest, recordings)))

    def _path(self, assignment: str) -> Path:
        return self._folder / f"{assignment}.pickle"
