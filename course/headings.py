"""A Sphinx extension: Markdown that a cell writes becomes a section if it begins with a heading.

MyST-NB turns a heading in an output into a line in bold, which neither the table of contents nor a
screen reader recognises as a heading. Here it becomes the title of a section that holds the output.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata


class OutputSections(SphinxTransform):
    """Moves outputs that begin with a heading out of their cell, into sections that follow it."""

    default_priority = 500  # the page is parsed, and its table of contents not collected yet

    def apply(self, **_: object) -> None:
        """Change the page."""
        containers = list(self.document.findall(nodes.container))
        for cell in containers:
            if cell.get("nb_element") == "cell_code":
                sections = [self.section(output) for output in headed(cell)]
                at = cell.parent.index(cell) + 1
                cell.parent[at:at] = sections

    def section(self, output: nodes.container) -> nodes.section:
        """Make a section of an output that begins with a heading; take it from its cell."""
        heading = output.children[0]
        assert isinstance(heading, nodes.rubric)
        output.remove(heading)
        section = nodes.section("", nodes.title("", "", *heading.children), **heading.attributes)
        self.document.ids.update(dict.fromkeys(heading["ids"], section))
        bundle = output.parent  # the output in several formats, of which the builder takes one
        bundle.parent.remove(bundle)
        section.append(bundle)
        return section


def headed(cell: nodes.container) -> list[nodes.container]:
    """List the Markdown outputs of a cell that begin with a heading."""
    return [
        output
        for output in cell.findall(nodes.container)
        if output.get("mime_type") == "text/markdown"
        and isinstance(next(iter(output.children), None), nodes.rubric)
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform to a build."""
    app.add_transform(OutputSections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
