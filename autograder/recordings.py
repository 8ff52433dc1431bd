"""The recordings of an assignment: what its test cells asked of the instructor's own solution.

Kept in recordings/ beside the gradebook. A judge that has them compares a learner's answers with
what Keras answered once, and need not import Keras.
"""

import os
import pickle
from pathlib import Path

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
        path = self._path(assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(pickle.dumps((digest, recordings)))
        partial.replace(path)

    def _path(self, assignment: str) -> Path:
        return self._folder / f"{assignment}.pickle"
