"""An IPython extension: what a cell draws becomes an SVG file, the same at every build.

The book's build loads it in a page's kernel. Text stays text: see `svg.fonttype` in
book/course.mplstyle, the style of the figures.
"""

from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Choose the format, and leave the date out of it, before the first figure is drawn."""
    options = {"bbox_inches": "tight", "metadata": {"Date": None}}
    shell.config.merge(
        {"InlineBackend": {"figure_formats": {"svg"}, "print_figure_kwargs": options}}
    )
