"""nbgrader's seam: executes a submission in a sandbox and a judge, in place of nbgrader's Execute.

nbgrader_config.py puts it into `Autograde.autograde_preprocessors`, so `nbgrader autograde`, the
formgrader's button and the class tool all come through here.
"""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute
from nbgrader.utils import rmtree
from traitlets import Bool, Dict

from autograder.calibration import require
from autograder.executed import show
from autograder.intake import read_submission
from autograder.judge.job import Job
from autograder.judge.pool import execute_anywhere
from autograder.master import read_master
from autograder.recordings import OfNotebook
from autograder.sandbox.refusals import SandboxUnavailable
from autograder.settings import Settings, hidden_folders


class SplitExecute(Execute):
    """Runs the learner's cells in a sandbox and the instructor's in a judge."""

    sandbox = Bool(True, help="Whether the learner's code runs inside bubblewrap.").tag(config=True)
    limits = Dict(
        help="By assignment, or '*' for all: a dict of fields of autograder.sandbox.limits.Limits."
    ).tag(config=True)
    together = Dict(
        help="By assignment: a list of the test cells that run in the learner's process, or True."
    ).tag(config=True)
    accepted = Dict(
        help="By assignment: a list of the cells that are graded as they are although they do not "
        "give the solution all points and the untouched notebook none, or True."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, **further: object
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute a sanitised notebook; its cells get the outputs that nbgrader grades."""
        try:
            recordings = require(
                self._settings(),
                resources["nbgrader"]["assignment"],
                execute_anywhere,
                self.sandbox,
            )
            executed = execute_anywhere(self.job(nb, resources, recordings))
        except (SandboxUnavailable, SystemExit) as error:
            rmtree(resources["metadata"]["path"])  # otherwise it would count as graded
            raise SystemExit(str(error)) from None
        show(nb, executed, self.sandbox)
        return nb, resources

    def job(
        self, nb: NotebookNode, resources: ResourcesDict, recordings: dict[str, OfNotebook]
    ) -> Job:
        """Gather all that a judge needs to execute a notebook.

        recordings: of the instructor's solution, by notebook.
        """
        names = resources["nbgrader"]
        assignment, student = names["assignment"], names["student"]
        course = self.parent.parent.coursedir
        source = Path(course.format_path(course.source_directory, ".", assignment))
        submitted = Path(course.format_path(course.submitted_directory, student, assignment))
        choices = self._settings().choices(assignment)
        with Gradebook(names["db_url"]) as gradebook:
            master = read_master(gradebook, assignment, names["notebook"], source)
        # As handed in: where nbgrader put its copies, symbolic links were followed.
        files = read_submission(submitted, (), choices.limits).files
        return master.choose(choices.together, choices.handed_in).job(
            nb,
            files,
            choices.limits,
            hidden_folders(course),
            self.sandbox,
            recordings.get(names["notebook"]),
        )

    def _settings(self) -> Settings:
        return Settings(Path(self.parent.parent.coursedir.root), self.config)
