"""A Sphinx extension: the search of the book does not give readers the pages for instructors."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from course.contents import instructors_pages


def leave_out(app: Sphinx, _: nodes.document) -> None:
    """Keep a page for instructors out of the search."""
    if app.env.docname in instructors_pages():
        app.env.metadata[app.env.docname]["nosearch"] = True  # Sphinx's own mark


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add it to a build."""
    app.connect("doctree-read", leave_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
