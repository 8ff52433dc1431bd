"""A class that submitted an assignment: what it handed in, put in order, and its grades recorded.

Everything here runs in the trusted process, the only one to open the gradebook.
"""

import copy
import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder import results
from autograder.assemble import assemble
from autograder.course import class_folder
from autograder.results import Question, Result
from autograder.split.execute import SplitExecute, show
from autograder.split.job import Executed, Job
from autograder.split.limits import MB, limits_for
from autograder.split.master import Master, read_files, read_master

NOTES = "**About your file.** "


@dataclass
class Grading:
    """One submission on its way.

    notebooks: the notebooks in order, by name. jobs: theirs. notes: what a human should look at.
    """

    learner: str
    digest: str
    begin: float
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    executed: dict[str, Executed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Class:
    """A class that submitted an assignment: what it handed in, and where its grades go."""

    def __init__(self, opened: NbGraderAPI, assignment: str, confined: bool):
        self.assignment, self.confined = assignment, confined
        self.config = opened.config
        self.course = opened.coursedir
        self.masters = self._masters()
        self.limits = limits_for(assignment, self.config.SplitExecute.get("limits", {}))
        self.staged = class_folder() / "grading"  # notebooks in order, on their way to nbgrader

    def _masters(self) -> dict[str, Master]:
        source = Path(self.course.format_path(self.course.source_directory, ".", self.assignment))
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            try:
                names = [each.name for each in gradebook.find_assignment(self.assignment).notebooks]
            except MissingEntry:
                known = ", ".join(each.name for each in gradebook.assignments) or "none"
                raise SystemExit(
                    f"There is no assignment {self.assignment!r} in the gradebook. It knows: "
                    f"{known}. `nbgrader generate_assignment` enters one."
                ) from None
            return {n: read_master(gradebook, self.assignment, n, source) for n in names}

    def submitted(self, learner: str) -> Path:
        """Name the folder of a submission."""
        folder = self.course.submitted_directory
        return Path(self.course.format_path(folder, learner, self.assignment))

    def learners(self) -> list[str]:
        """List who submitted."""
        pattern = self.course.format_path(self.course.submitted_directory, "*", self.assignment)
        at = Path(pattern).parts.index("*")
        return sorted(path.parts[at] for path in Path("/").glob(pattern[1:]) if path.is_dir())

    def digest(self, learner: str) -> str:
        """Hash all that the grade of a submission depends on."""
        total = hashlib.sha256(repr((self.masters, self.limits, self.confined)).encode())
        folder = self.submitted(learner)
        for path in sorted(folder.rglob("*")):
            total.update(f"{path.relative_to(folder)}\0".encode(errors="replace"))
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    total.update(hashlib.file_digest(file, "sha256").digest())
        return total.hexdigest()

    def outdated(self) -> Iterator[tuple[str, str]]:
        """Find what is new or changed: the learner and the digest."""
        for learner in self.learners():
            digest = self.digest(learner)
            known = results.read(results.folder(self.assignment) / f"{learner}.json")
            if known is None or known.digest != digest:
                yield learner, digest

    def prepare(self, learner: str, digest: str) -> Grading:
        """Put a submission's notebooks in order and make their jobs."""
        grading = Grading(learner, digest, time.monotonic())
        folder = self.submitted(learner)
        files = read_files(folder, most=self.limits.scratch_mb * MB // 2)
        for name, master in self.masters.items():
            made = assemble(folder / f"{name}.ipynb", master)
            if made.damaged:
                grading.notes.append(f"{name}: {made.damaged}")
            if made.notes:
                text = NOTES + "\n".join(made.notes)
                made.notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="notes"))
            grading.notebooks[name] = made.notebook
            grading.jobs[name] = master.job(made.notebook, files, self.limits, self.confined)
        return grading

    def record(self, grading: Grading) -> Result:
        """Have nbgrader grade what was executed, and write the result down."""
        folder = self.staged / grading.learner / self.assignment
        shutil.rmtree(self.staged, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, notebook in grading.notebooks.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")
        timestamp = self.submitted(grading.learner) / "timestamp.txt"
        if timestamp.is_file() and not timestamp.is_symlink():
            shutil.copy(timestamp, folder)
        self._autograde(grading)
        shutil.rmtree(self.staged)
        result = self._result(grading)
        results.write(result)
        return result

    def _autograde(self, grading: Grading) -> None:
        """Run nbgrader's own converter, with the execution already done."""
        config = copy.deepcopy(self.config)
        config.CourseDirectory.submitted_directory = str(self.staged)
        config.Autograde.autograde_preprocessors = [
            partial(self._show, grading) if each is SplitExecute else each
            for each in config.Autograde.autograde_preprocessors
        ]
        course = CourseDirectory(config=config)
        course.assignment_id, course.student_id = self.assignment, grading.learner
        converter = Autograde(coursedir=course, config=config, force=True)
        converter.log.setLevel(logging.ERROR)
        converter.start()

    def _show(self, grading: Grading, nb: NotebookNode, resources: dict) -> tuple:
        """Do what SplitExecute does, with the execution already done."""
        show(nb, grading.executed[resources["nbgrader"]["notebook"]], self.confined)
        return nb, resources

    def _result(self, grading: Grading) -> Result:
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            entry = gradebook.find_submission(self.assignment, grading.learner)
            questions = []
            for name, executed in grading.executed.items():
                grades = gradebook.find_submission_notebook(name, self.assignment, grading.learner)
                points = {grade.name: grade for grade in grades.grades}
                questions += [
                    question(points[grade_id], executed, grading.notebooks[name])
                    for grade_id in self.masters[name].cells
                    if grade_id in points
                ]
            return Result(
                assignment=self.assignment,
                learner=grading.learner,
                score=entry.score,
                max_score=entry.max_score,
                auto_max_score=sum(q.max_score for q in questions if q.diagnosis is not None),
                penalty=entry.late_submission_penalty or 0.0,
                questions=questions,
                notes=grading.notes,
                sandboxed=self.confined,
                seconds=round(time.monotonic() - grading.begin, 3),
                graded=datetime.now(UTC).isoformat(timespec="seconds"),
                digest=grading.digest,
            )


def question(grade, executed: Executed, notebook: NotebookNode) -> Question:
    """Say how one graded cell went. grade: nbgrader's entry of it."""
    diagnosis = executed.diagnoses.get(grade.name)
    message = ""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for cell, outputs in zip(code, executed.outputs, strict=True):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade.name and diagnosis:
            errors = [o["evalue"] or o["ename"] for o in outputs if o["output_type"] == "error"]
            message = errors[-1] if errors else ""
    score = grade.manual_score if diagnosis is None else grade.auto_score
    return Question(grade.name, score, grade.max_score, diagnosis, message)
