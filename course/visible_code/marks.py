"""A Sphinx extension: marks where the code of a page runs.

A cell whose code runs in the page gets the class `runs-in-page`, and a `script` element of class
`runs-here`, which holds that code and what must run before it as JSON. Cells that need Keras get
the class `needs-keras` and say so. A cell that only draws a figure without Keras gets nothing.
"""

import json
import zlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from course.visible_code import Block, blocks

LABEL = "Needs Keras"
HOW = "intro.html#how-to-run-the-notebooks"


class Marks(SphinxTransform):
    """Marks the cells of a page whose code is shown."""

    default_priority = 600  # outputs that become sections have left their cells

    def apply(self, **_: object) -> None:
        """Change the page."""
        codes = [
            code
            for code in self.document.findall(nodes.container)
            if code.get("nb_element") == "cell_code_source"
        ]
        unexplained = True
        for code, block in zip(codes, blocks([code.astext() for code in codes])):
            cell = code.parent
            if not block.runs_here:
                if unexplained and not cell.get("hide_mode"):  # folded code can wait
                    cell.parent.insert(cell.parent.index(cell), explanation())
                    unexplained = False
                cell["classes"].append("needs-keras")
                code.insert(0, nodes.paragraph("", LABEL, classes=["needs-keras-label"]))
            elif block.is_editable:
                cell["classes"].append("runs-in-page")
                cell.insert(1, script(block))


def script(block: Block) -> nodes.raw:
    """Write a block and what must run before it as an element that browsers do not show."""
    data = json.dumps({"before": block.before, "source": block.source})
    # The element ends at the first "</script", wherever that stands.
    data = data.replace("<", r"\u003c")
    html = f'<script type="application/json" class="runs-here">{data}</script>'
    return nodes.raw("", html, format="html")


def explanation() -> nodes.paragraph:
    """Write what the label means, once for a page."""
    return nodes.paragraph(
        "",
        "",
        nodes.Text("Code that is marked "),
        nodes.emphasis("", LABEL),
        nodes.Text(" does not run in the page. Copy the code from the top of the page downwards "),
        nodes.Text("into a notebook of your own: "),
        nodes.reference("", "how to run one", refuri=HOW, internal=True),
        nodes.Text("."),
        classes=["needs-keras-explanation"],
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform to a build."""
    app.add_transform(Marks)
    code = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": zlib.crc32(code),  # with other rules, Sphinx reads all pages again
    }
