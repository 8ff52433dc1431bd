"""Puts the grader into nbgrader's settings: `configure(c)` in nbgrader_config.py."""

from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograder.exchange import submitted_time
from autograder.executed import ABOUT
from autograder.plugins.split_execute import SplitExecute
from autograder.plugins.templates import FOLDERS


def configure(c: Config) -> None:
    """Have nbgrader execute submissions with this package, and show them safely.

    c: what `get_config()` returns; settings that follow in nbgrader_config.py come on top.
    """
    c.Autograde.autograde_preprocessors = [
        SplitExecute if step is Execute else step
        for step in Autograde.autograde_preprocessors.default()
    ]
    c.OverwriteCells.add_missing_cells = True  # test cells that a learner deleted come back
    c.ExchangeFactory.collect = "autograder.plugins.collect.Collect"
    # Feedback describes each question in words, from what the grader has left in the notebook. It
    # keeps hidden tests hidden, because another class may get them.
    c.GenerateFeedback.exporter_class = "autograder.plugins.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = []
    c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {("language_info", "name"), ABOUT}
    # Feedback and the formgrader run nothing that learners wrote, and ask no other host for
    # anything.
    c.HTMLExporter.preprocessors = ["autograder.plugins.inert.Inert"]
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.plugins.inert.markdown2html",
        "clean_html": "autograder.plugins.inert.clean",
    }
    c.HTMLExporter.extra_template_basedirs = FOLDERS
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Read a submission's time in place of nbgrader's own method.

    That one raises where `timestamp.txt` holds no time, and then neither the formgrader nor
    `python -m autograder grades` could show the others.
    """
    submitted = api.coursedir.submitted_directory
    return submitted_time(Path(api.coursedir.format_path(submitted, student_id, assignment_id)))
