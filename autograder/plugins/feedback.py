"""nbgrader's seam for feedback: what `nbgrader generate_feedback` makes of a notebook."""

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedNotebook
from traitlets import default

from autograder.master import known_cells
from autograder.plugins.inert import Inert
from autograder.reports.book import Report, finder
from autograder.reports.feedback import Library, Mark, Marks, page
from autograder.wording import in_words


class FeedbackExporter(Exporter):
    """Exports an autograded notebook as a page for its learner."""

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    @default("preprocessors")
    def _inert(self) -> list:
        return [Inert]

    def from_notebook_node(  # type: ignore[override]  # as other exporters that write text
        self, nb: NotebookNode, resources: dict | None = None, **further: object
    ) -> tuple[str, dict]:
        """Return the page and the resources. resources: as nbgrader's converters make them."""
        inert, made_of = super().from_notebook_node(nb, resources, **further)
        names = made_of["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            assignment, notebook = names["assignment"], names["notebook"]
            cells = known_cells(gradebook.find_notebook(notebook, assignment))
            submitted = gradebook.find_submission_notebook(notebook, assignment, names["student"])
            marks = _marks(submitted, in_words(cells.values()))
        library = Library(finder(self.config, assignment), Report(config=self.config).address)
        return page(inert, names, marks, library), made_of


def _marks(submitted: SubmittedNotebook, words: dict) -> Marks:
    """Read what the gradebook says of a submitted notebook."""
    entry = submitted.assignment
    return Marks(
        by_cell={
            each.name: Mark(each.score, each.max_score, bool(each.needs_manual_grade))
            for each in submitted.grades
        },
        comments={each.name: each.comment or "" for each in submitted.comments},
        words=words,
        penalty=submitted.late_submission_penalty or 0.0,
        due=entry.duedate if entry.assignment.duedate else None,
        handed_in=entry.timestamp,
        late=entry.total_seconds_late if entry.assignment.duedate else 0.0,
    )
