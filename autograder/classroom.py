"""A class that submitted an assignment: what it handed in, put in order, and its grades recorded.

Everything here runs in the trusted process, the only one to open the gradebook.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbformat import NotebookNode

from autograder.assemble import assemble
from autograder.autograded import AutogradedFolder
from autograder.exchange import Inbound, read_time, time_text
from autograder.executed import show
from autograder.gradebook import OpenGradebook, Points, Recorded
from autograder.intake import SECRET, TIMESTAMP, Contents, is_text, read_submission, unreadable
from autograder.judge.job import Executed, Job
from autograder.judge.pool import is_full
from autograder.results import Question, Result, question
from autograder.settings import Settings, hidden_folders

NO_TIME = "timestamp.txt holds no time, so nobody knows whether it was late"


@dataclass
class Grading:
    """One submission on its way.

    nbgraders: files that nbgrader reads beside the notebooks. notebooks: put in order, by name.
    restored: what the learner is told about that. jobs: those of the notebooks. notes: what a human
    should look at.
    """

    learner: str
    digest: str
    begin: float
    nbgraders: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    restored: dict[str, list[str]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    executed: dict[str, Executed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, name: str, executed: Executed) -> None:
        """Take over what became of a notebook's job."""
        self.executed[name] = executed
        for note in executed.notes:
            self.add_note(f"{name}: {note}")

    def add_note(self, note: str) -> None:
        """Have a human look at something."""
        self.notes.append(note)

    def repeat(self) -> None:
        """Have the next command grade this submission again: it knows of no such digest."""
        self.digest = ""

    @property
    def is_executed(self) -> bool:
        """Whether all notebooks have been executed."""
        return len(self.executed) == len(self.jobs)


class Class:
    """A class that submitted an assignment: what it handed in, and where its grades go.

    Its gradebook is open for the length of a `with` block.
    """

    def __init__(self, settings: Settings, assignment: str, confined: bool):
        self.assignment, self.confined = assignment, confined
        self.config = settings.config
        self.results = settings.results
        self.course = settings.open().coursedir
        self.hidden = hidden_folders(self.course)
        self.inbound = Inbound(self.course, self.config, assignment)
        choices = settings.choices(assignment)
        self.limits = choices.limits
        self.masters = {
            name: master.choose(choices.together, choices.handed_in)
            for name, master in settings.masters(assignment).items()
        }
        self.gradebook = OpenGradebook(self.course, assignment, self.config)
        # Notebooks in order, on their way to nbgrader's folder.
        staged = settings.class_folder / "grading"
        self.autograded = AutogradedFolder(self.course, assignment, self.config, staged)
        self._same_for_all = self._digest()

    def __enter__(self) -> "Class":
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def _digest(self) -> "hashlib._Hash":
        """Begin all digests with what is the same for every submission."""
        parts = [str(self.gradebook.due), repr(self.limits), repr(self.confined)]
        for name, master in self.masters.items():
            parts += [name, master.digest()]
        return hashlib.sha256(repr(parts).encode(errors="replace"))

    def submitted(self, learner: str) -> Path:
        """Name the folder of a submission."""
        folder = self.course.submitted_directory
        return Path(self.course.format_path(folder, learner, self.assignment))

    def learners(self) -> list[str]:
        """List who submitted."""
        return [name for name in self._folders() if is_text(name)]

    def nameless(self) -> list[str]:
        """List folders whose name the gradebook cannot hold, so that they belong to nobody."""
        return [name for name in self._folders() if not is_text(name)]

    def _folders(self) -> list[str]:
        parts = self.submitted("*").parts
        above, below = parts[: parts.index("*")], parts[parts.index("*") + 1 :]
        everyone = Path(*above)
        if not everyone.is_dir():
            return []
        return sorted(each.name for each in everyone.iterdir() if _is_folder(each.joinpath(*below)))

    def read(self, learner: str) -> Contents:
        """Read a submission. An error there affects this submission alone."""
        notebooks = [f"{name}.ipynb" for name in self.masters]
        try:
            return read_submission(self.submitted(learner), notebooks, self.limits)
        except Exception as error:
            if is_full(error):
                raise
            return unreadable(error)

    def digest(self, learner: str) -> str:
        """Hash all that the grade of a submission depends on."""
        total = self._same_for_all.copy()
        total.update(self.read(learner).digest.encode())
        return total.hexdigest()

    def outdated(self) -> Iterator[tuple[str, str]]:
        """Find what is new or changed: the learner and the digest."""
        for learner in self.learners():
            digest = self.digest(learner)
            known = self.results.read(self.assignment, learner)
            if known is None or known.digest != digest:
                yield learner, digest

    def prepare(
        self, learner: str, digest: str, recordings: dict[str, dict[str, bytes]]
    ) -> Grading:
        """Put a submission's notebooks in order and make their jobs.

        recordings: of the instructor's solution, by notebook.
        """
        begin = time.monotonic()
        contents = self.read(learner)
        notes = contents.missing()
        nbgraders = _nbgraders(contents, notes)
        handed_in = read_time(nbgraders.get(TIMESTAMP, b"").decode())
        secret = nbgraders.get(SECRET, b"")
        if objection := self.inbound.objection(learner, handed_in, secret):
            notes.append(objection)
        grading = Grading(learner, digest, begin, nbgraders, notes=notes)
        for name, master in self.masters.items():
            assembled = assemble(contents, f"{name}.ipynb", master)
            if assembled.damaged:
                grading.add_note(f"{name}: {assembled.damaged}")
            grading.notebooks[name] = assembled.notebook
            grading.restored[name] = assembled.notes
            grading.jobs[name] = master.job(
                assembled.notebook,
                contents.files,
                self.limits,
                self.hidden,
                self.confined,
                recordings.get(name),
            )
        return grading

    def record(self, grading: Grading) -> Result:
        """Record what was executed, with nbgrader's points, and write the result down.

        The result comes last, so that an interrupted submission is graded again.
        """
        self.results.remove(self.assignment, grading.learner)
        notebooks = {}
        for name, notebook in grading.notebooks.items():
            if kernelspec := self.gradebook.kernelspec(name):
                notebook.metadata.kernelspec = kernelspec
            show(notebook, grading.executed[name], self.confined, grading.restored[name])
            notebooks[name] = self.autograded.process(grading.learner, name, notebook)
        time_stamp = grading.nbgraders.get(TIMESTAMP, b"").decode()
        recorded = self.gradebook.record(grading.learner, time_stamp, notebooks)
        self.autograded.write(grading.learner, notebooks, grading.nbgraders)
        result = self._result(grading, recorded)
        self.results.write(result)
        return result

    def _result(self, grading: Grading, recorded: Recorded) -> Result:
        questions = [
            _question(grade_id, recorded.grades[name][grade_id], executed, outputs)
            for name, executed in grading.executed.items()
            for grade_id, outputs in _outputs(grading.notebooks[name], executed).items()
            if grade_id in recorded.grades[name]
        ]
        everything = [points for grades in recorded.grades.values() for points in grades.values()]
        return Result(
            assignment=self.assignment,
            learner=grading.learner,
            score=sum(points.score for points in everything),
            max_score=sum(points.maximum for points in everything),
            auto_max_score=sum(q.max_score for q in questions if q.diagnosis is not None),
            penalty=recorded.penalty,
            questions=questions,
            notes=grading.notes,
            sandboxed=self.confined,
            seconds=round(time.monotonic() - grading.begin, 3),
            graded=datetime.now(UTC).isoformat(timespec="seconds"),
            digest=grading.digest,
        )


def _is_folder(path: Path) -> bool:
    """Whether there is a folder. One that may not be entered counts."""
    try:
        return path.is_dir()
    except PermissionError:
        return True


def _nbgraders(contents: Contents, notes: list[str]) -> dict[str, bytes]:
    """Take over the files that nbgrader reads; note a timestamp that is no time."""
    files = {name: contents.named[name] for name in (SECRET,) if name in contents.named}
    if TIMESTAMP in contents.named:
        if text := time_text(contents.named[TIMESTAMP]):
            files[TIMESTAMP] = text.encode()
        else:
            notes.append(NO_TIME)
    elif TIMESTAMP in contents.problems:
        notes.append(NO_TIME)
    return files


def _outputs(notebook: NotebookNode, executed: Executed) -> dict[str, list[dict]]:
    """Map the cells that nbgrader knows to their outputs; other cells than code have none."""
    outputs = iter(executed.outputs)
    shown = {}
    for cell in notebook.cells:
        outputs_of_cell = next(outputs) if cell.cell_type == "code" else []
        if grade_id := cell.metadata.get("nbgrader", {}).get("grade_id", ""):
            shown[grade_id] = outputs_of_cell
    return shown


def _question(grade_id: str, points: Points, executed: Executed, outputs: list[dict]) -> Question:
    """Say how a graded cell went. points: what the gradebook knows of it."""
    by_hand = grade_id not in executed.diagnoses
    score = points.manual if by_hand else points.auto
    return question(grade_id, score, points.maximum, executed, outputs)
