"""Grades one notebook without a class or a gradebook: `python -m autograder try NOTEBOOK`.

A submission's path in short: `assemble` puts it in order, a judge executes it on the two sides of
the wall, and nbgrader's own rule gives the points.
"""

from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade

from autograder.assemble import assemble
from autograder.executed import show
from autograder.intake import Contents, read_submission
from autograder.judge.job import Execute, Executed
from autograder.judge.pool import JudgeFailed, JudgeUnavailable, execute_anywhere
from autograder.master import Master, read_source
from autograder.results import Question, question
from autograder.sandbox.limits import Limits
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.settings import Settings, hidden_folders

NO_SOURCES = (
    "There is no instructor's notebook in {} yet. Make the course's notebooks first. "
    "c.CourseDirectory.source_directory in nbgrader_config.py names this folder; `nbgrader "
    "generate_assignment` makes from it what learners get."
)


@dataclass(frozen=True)
class Trial:
    """What a notebook would get. notes: for the learner, and for whoever grades by hand.

    recordings: as in `Executed`.
    """

    questions: list[Question]
    notes: list[str]
    recordings: dict[str, bytes]


def try_notebook(
    settings: Settings, path: Path, confined: bool = True, execute: Execute = execute_anywhere
) -> Trial:
    """Grade one submitted notebook.

    path: its file; it has the name of an instructor's notebook. confined: whether it runs in a
    sandbox. execute: hands a job to judges.
    Raises SystemExit with what to do where it cannot be graded.
    """
    if not path.is_file():
        raise SystemExit(f"There is no file {path}.")
    course = settings.open().coursedir
    source = find_source(path, Path(course.format_path(course.source_directory, ".", "*")).parent)
    master = read_source(source, settings.config)
    choices = settings.choices(source.parent.name)
    master = master.choose(choices.together, choices.handed_in)
    contents = read_submission(path.parent.resolve(), [path.name], choices.limits)
    grading = Unrecorded(master, path.name, choices.limits, hidden_folders(course), confined)
    try:
        return grading.grade(contents, execute)
    except (SandboxUnavailable, JudgeUnavailable, JudgeFailed) as error:
        raise SystemExit(str(error)) from None


@dataclass(frozen=True)
class Unrecorded:
    """Grades files as one notebook, and records nothing.

    name: of its file. limits, hidden, confined, recordings, record: as in `Job`.
    """

    master: Master
    name: str
    limits: Limits
    hidden: tuple[str, ...]
    confined: bool
    recordings: dict[str, bytes] = field(default_factory=dict)
    record: bool = False

    def grade(self, contents: Contents, execute: Execute) -> Trial:
        """Grade what a folder holds. Raises what `execute` raises."""
        assembled = assemble(contents, self.name, self.master)
        notebook = assembled.notebook
        further = self.limits, self.hidden, self.confined, self.recordings, self.record
        executed = execute(self.master.job(notebook, contents.files, *further))
        show(notebook, executed, self.confined)
        questions = [graded_cell(cell, executed) for cell in notebook.cells if is_grade(cell)]
        return Trial(questions, [*assembled.notes, *executed.notes], executed.recordings)


def graded_cell(cell: NotebookNode, executed: Executed) -> Question:
    """Say how a graded cell went, with the points that nbgrader gives."""
    score, most = determine_grade(cell)
    grade_id = cell.metadata.nbgrader.grade_id
    return question(grade_id, score, most, executed, cell.get("outputs", []))


def find_source(path: Path, sources: Path) -> Path:
    """Find the instructor's notebook of a submitted one, by its name.

    sources: a folder with one folder for each assignment. If several assignments have a notebook of
    that name, the name of the submission's folder decides.
    """
    candidates = sorted(sources.glob(f"*/{path.name}"))
    if len(candidates) > 1:
        folder = path.absolute().parent.name
        candidates = [each for each in candidates if each.parent.name == folder]
    if len(candidates) != 1:
        known = sorted({each.stem for each in sources.glob("*/*.ipynb")})
        if not known:
            raise SystemExit(NO_SOURCES.format(sources))
        raise SystemExit(
            f"No instructor's notebook in {sources} belongs to {path.name}. There are: "
            f"{', '.join(known)}. "
            "A submission keeps the name of the notebook that was released."
        )
    return candidates[0]


def lines(trial: Trial) -> str:
    """Write a trial as text: a line for each graded cell, and the sum."""
    width = max((len(each.grade_id) for each in trial.questions), default=0)
    rows = [f"{each.grade_id:{width}}  {outcome(each)}" for each in trial.questions]
    graded = [each for each in trial.questions if each.score is not None]
    total = sum(each.score or 0 for each in graded)
    most = sum(each.max_score for each in graded)
    return "\n".join([*trial.notes, *rows, f"{'sum':{width}}  {total:g}/{most:g}"])


def outcome(question: Question) -> str:
    """Say what a graded cell got, and why."""
    if question.score is None:
        return f"-/{question.max_score:g}  a person grades this"
    message = " ".join(question.message.split())
    where = "(in the learner's process) " if question.together else ""
    return f"{question.score:g}/{question.max_score:g}  {where}{message}".rstrip()
