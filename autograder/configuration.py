"""Puts the grader into nbgrader's settings: `configure(c)` in nbgrader_config.py."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.converters import Autograde
from nbgrader.preprocessors import ClearHiddenTests, Execute, GetGrades
from traitlets.config import Config

from autograder.plugins.split_execute import SplitExecute


def configure(c: Config) -> None:
    """Have nbgrader execute submissions with this package, and show them safely.

    c: what `get_config()` returns; settings that follow in nbgrader_config.py come on top.
    """
    c.Autograde.autograde_preprocessors = [
        SplitExecute if step is Execute else step
        for step in Autograde.autograde_preprocessors.default()
    ]
    c.OverwriteCells.add_missing_cells = True  # test cells that a learner deleted come back
    # Another class may meet the hidden tests.
    c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]
    # Feedback and the formgrader run none of what learners wrote in the reader's browser.
    c.HTMLExporter.preprocessors = ["autograder.plugins.inert.Inert"]
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.plugins.inert.markdown2html",
        "clean_html": "autograder.plugins.inert.clean",
    }
