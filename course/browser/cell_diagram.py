"""A Sphinx extension: the directive `cell-diagram`, the drawing of the LSTM cell with a part lit.

The drawing is that of the moving figure cell-step; js/cell-diagram.mjs writes it.

    ```{cell-diagram} forget
    ```
"""

from html import escape
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from course.browser.moving import SCRIPTS, drawn

WHOLE = (
    "One LSTM step. The cell state runs straight across the top, from c before to c after. On its"
    " way it meets a product with the forget gate, then a sum with what is written. The hidden"
    " state before and the input join at the bottom and feed four boxes: forget gate, input gate,"
    " candidate and output gate. Input gate and candidate are multiplied and go up to the sum. The"
    " new cell state also goes down through tanh, is multiplied by the output gate, and leaves as"
    " the new hidden state."
)
PARTS = {
    "whole": WHOLE,
    "forget": "the box forget, and the line up from it to the product with the cell state",
    "input": "the box input, and the line from it to the product with the candidate",
    "candidate": "the box candidate, and the line from it to the product with the input gate",
    "cell": "the line across the top, with its product and its sum",
    "output": "the box output, and the line from it to the product with tanh of the cell state",
    "hidden": "the way down from the cell state, through tanh and the product, to the hidden state",
}
"""What is lit, in words."""


class CellDiagram(SphinxDirective):
    """The drawing of the cell. Its argument is the part that is lit; its content, the caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the drawing. An unknown part is an error of the build."""
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"The cell has no part {part!r}. It has {', '.join(PARTS)}.")
        for script in ("cell.mjs", "cell-diagram.mjs", "figure.mjs", "html.mjs"):
            self.env.note_dependency(str(SCRIPTS / script))
        words = PARTS[part] if part == "whole" else f"The drawing of the cell. Lit: {PARTS[part]}."
        picture = f'<div class="cell-diagram" role="img" aria-label="{escape(words)}">'
        drawing = nodes.raw("", f"{picture}{drawn('cell-diagram.mjs', part)}</div>", format="html")
        if not self.content:
            return [drawing]
        content = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, content)
        figure = nodes.figure("", drawing, nodes.caption("", "", *content[0].children))
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive to a build."""
    app.add_directive("cell-diagram", CellDiagram)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
