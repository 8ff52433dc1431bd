"""The recordings of an assignment: what its test cells asked of the instructor's own solution.

Kept in recordings/ beside the gradebook. A judge that has them compares a learner's answers with
what Keras answered once, and need not import Keras.
"""

import hashlib
import pickle
from pathlib import Path

from autograder.assemble import assemble
from autograder.intake import read_submission
from autograder.judge.job import Execute, Job
from autograder.judge.pool import JudgeFailed
from autograder.judge.recordings import versions
from autograder.master import Master
from autograder.sandbox.limits import Limits

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
        """Write recordings. digest: of all that they depend on."""
        path = self._path(assignment)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(pickle.dumps((digest, recordings)))
        partial.replace(path)

    def _path(self, assignment: str) -> Path:
        return self._folder / f"{assignment}.pickle"


def digest(masters: dict[str, Master], limits: Limits) -> str:
    """Hash all that recordings depend on. masters: an assignment's notebooks by name."""
    parts = [(name, master.fingerprint()) for name, master in sorted(masters.items())]
    return hashlib.sha256(repr((parts, limits, versions())).encode()).hexdigest()


def record(
    source: Path, masters: dict[str, Master], limits: Limits, execute: Execute
) -> dict[str, OfNotebook]:
    """Record what an assignment's test cells ask of its own solution.

    source: the folder of the instructor's notebooks.
    """
    recordings = {}
    for name, master in masters.items():
        if not master.has_checks():
            continue
        try:
            recordings[name] = execute(_solution(source, name, master, limits)).recordings
        except JudgeFailed:  # the class is graded all the same, and says why it cannot be
            continue
    return recordings


def _solution(source: Path, name: str, master: Master, limits: Limits) -> Job:
    """Make the job of executing the instructor's own notebook."""
    contents = read_submission(source, [f"{name}.ipynb"], limits)
    notebook = assemble(contents, f"{name}.ipynb", master).notebook
    return master.job(notebook, contents.files, limits, (), True, record=True)
