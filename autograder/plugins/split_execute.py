"""nbgrader's seam: executes a submission in a sandbox and a judge, in place of nbgrader's Execute.

nbgrader_config.py puts it into `Autograde.autograde_preprocessors`, so `nbgrader autograde`, the
formgrader's button and the class tool all come through here.
"""

from collections.abc import Sequence
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.utils import rmtree
from traitlets import Bool, Dict

from autograder.intake import read_submission
from autograder.judge.job import Executed, Job
from autograder.judge.pool import execute_anywhere
from autograder.master import read_master
from autograder.sandbox.limits import limits_for
from autograder.sandbox.refusals import SandboxUnavailable

ABOUT = "autograder"
"""The notebook's metadata for its feedback; nbgrader_config.py has nbgrader keep it."""

UNCONFINED = (
    "Graded without a sandbox. The code of this notebook could read and change files of the "
    "person who graded it, so its score is only as trustworthy as its author."
)


class SplitExecute(Execute):
    """Runs the learner's cells in a sandbox and the instructor's in a judge."""

    sandbox = Bool(True, help="Whether the learner's code runs inside bubblewrap.").tag(config=True)
    limits = Dict(
        help="By assignment, or '*' for all: a dict of fields of autograder.sandbox.limits.Limits."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, **further: object
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute a sanitised notebook; its cells get the outputs that nbgrader grades."""
        job = self.job(nb, resources)
        try:
            executed = execute_anywhere(job)
        except SandboxUnavailable as error:
            rmtree(resources["metadata"]["path"])  # else it would count as graded
            raise SystemExit(str(error)) from None
        show(nb, executed, self.sandbox)
        return nb, resources

    def job(self, nb: NotebookNode, resources: ResourcesDict) -> Job:
        """Gather all that a judge needs to execute a notebook."""
        names = resources["nbgrader"]
        assignment, student = names["assignment"], names["student"]
        course = self.parent.parent.coursedir
        source = Path(course.format_path(course.source_directory, ".", assignment))
        submitted = Path(course.format_path(course.submitted_directory, student, assignment))
        with Gradebook(names["db_url"]) as gradebook:
            master = read_master(gradebook, assignment, names["notebook"], source)
        limits = limits_for(assignment, self.limits)
        # As handed in: where nbgrader put its copies, symbolic links were followed.
        files = read_submission(submitted, (), limits).files
        return master.job(nb, files, limits, hidden_folders(course), self.sandbox)


def hidden_folders(course: CourseDirectory) -> tuple[str, ...]:
    """Name the folders that no submission may see: the course's, and the class's."""
    folders = [course.root, Path(course.root, course.submitted_directory).parent]
    return tuple(str(Path(folder).absolute()) for folder in folders)


def show(
    nb: NotebookNode, executed: Executed, confined: bool, restored: Sequence[str] = ()
) -> None:
    """Put the outputs into a notebook's code cells, and what else its feedback is made of.

    restored: what was put in order before it ran. A person who grades reads that in a first cell.
    """
    code = (cell for cell in nb.cells if cell.cell_type == "code")
    for number, (cell, outputs) in enumerate(zip(code, executed.outputs, strict=True), start=1):
        cell.execution_count = number
        cell.outputs = [from_dict(output) for output in outputs]
    notes = [*([] if confined else [UNCONFINED]), *restored]
    nb.metadata[ABOUT] = {"notes": notes, "diagnoses": executed.diagnoses}
    if notes:
        text = "**About your file.** " + "\n\n".join(notes)
        nb.cells.insert(0, new_markdown_cell(text, id="notes"))
