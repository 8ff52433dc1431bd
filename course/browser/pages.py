"""Writes the page of each assignment in the book, book/do/<assignment>.md, from its notebook.

All text of the notebook is there without a script; scripts put editors and buttons in place of
code.
"""

from datetime import date
from html import escape
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.browser.shown import reads_file
from course.browser.site import recorded
from course.curriculum import ASSIGNMENTS, BOOK, title
from course.exercises import is_check
from course.release import EXERCISES

PAGES = BOOK / "do"
READ = "Reads a file. The page has what is in it."


def write_pages() -> None:
    """Write the pages that are not there as they should be, and remove others."""
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.iterdir():
        if old.stem not in ASSIGNMENTS:
            old.unlink()
    for name in ASSIGNMENTS:
        path, text = PAGES / f"{name}.md", page(name)
        if not path.exists() or path.read_text("utf-8") != text:  # or Sphinx reads it again
            path.write_text(text, "utf-8")


def page(assignment: str) -> str:
    """Write the page of an assignment as MyST Markdown."""
    record = recorded(assignment)
    cells = nbformat.read(EXERCISES / assignment / f"{assignment}.ipynb", as_version=4).cells
    first = cells[0]
    heading, _, rest = first.source.partition("\n")
    parts = [heading, raw(top(assignment, record)), rest, anchor(first)]
    for cell in cells[1:]:
        if is_text(cell):
            parts += [cell.source, anchor(cell)]
        elif cell.id in record["cells"]:
            parts.append(raw(as_shown(cell, record["cells"][cell.id]["outputs"])))
        else:
            parts.append(raw(placeholder(cell)))
    return "\n\n".join([*parts, ""])


def is_text(cell: NotebookNode) -> bool:
    """Whether a cell is text of the course's, which nobody writes in."""
    return cell.cell_type == "markdown" and "nbgrader" not in cell.metadata


def raw(markup: str) -> str:
    """Put HTML into Markdown."""
    return f"```{{raw}} html\n{markup}\n```"


def anchor(cell: NotebookNode) -> str:
    """Mark where a cell of text ends; a learner's own cell may follow."""
    return raw(f'<div data-cell="{escape(cell.id)}"></div>')


def placeholder(cell: NotebookNode) -> str:
    """Show the source of a cell, for scripts to put an editor or a button in its place."""
    source = f'<pre class="tab-code" tabindex="0">{escape(cell.source)}</pre>'
    if is_check(cell):
        name = cell.id.removesuffix("-check")
        summary = f"<summary>The code of the check of {escape(name)}</summary>"
        inner = f"<details>{summary}{source}</details>"
    elif cell.metadata.get("nbgrader", {}).get("locked"):
        inner = source
    else:
        inner = f'<div class="tab-source">{source}</div>'
    return f'<div class="tab-cell" data-cell="{escape(cell.id)}">{inner}</div>'


def as_shown(cell: NotebookNode, outputs: list[dict[str, Any]]) -> str:
    """Show a cell that a page cannot run, with what it showed when the course was built."""
    shown = "".join(
        f'<pre class="tab-output" tabindex="0">{escape(output["text"])}</pre>'
        if output["output_type"] == "stream"
        else f'<img class="tab-figure" src="data:image/png;base64,{output["data"]["image/png"]}"'
        f' alt="{escape(output["metadata"]["image/png"]["alt"])}">'
        for output in outputs
    )
    why = READ if reads_file(cell.source) else "Needs Keras."
    return (
        f'<div class="tab-cell" data-cell="{escape(cell.id)}">'
        f'<pre class="tab-code" tabindex="0">{escape(cell.source)}</pre>'
        f'<p class="tab-verdict">{why} What it showed when the course was built:</p>'
        f"{shown}</div>"
    )


def top(assignment: str, record: dict[str, Any]) -> str:
    """Write what stands above the notebook: the tools' place, other ways to work, the record."""
    chapter = ASSIGNMENTS[assignment].chapter
    versions = record["versions"]
    day = date.fromisoformat(record["date"])
    return f"""\
<div class="tab-top" data-assignment="{assignment}">
<noscript>To write and check here, allow this site to run scripts.</noscript>
</div>
<p>Each function below has an editor and a button that checks it. Python runs in this page: nothing
is installed, and what you write stays in this browser. The text is the notebook's: where it says to
run a cell or <code>hint()</code>, press a button. Read first:
<a href="../{chapter}.html">{escape(title(chapter))}</a>. Or work in Jupyter:
<a href="../tab/assignments/{assignment}.zip">download the folder</a> and see
<a href="../intro.html#how-to-run-the-notebooks">how to run the notebooks</a>.</p>
<details class="tab-recorded">
<summary>What the checks compare with</summary>
<p>The checks are those of the notebook. Keras does not run in a browser, so what it returns was
recorded on {day.day} {day:%B %Y}, with Keras {versions["keras"]}, TensorFlow
{versions["tensorflow"]} and NumPy {versions["numpy"]}. Besides the sizes that you can see in the
code of a check, the record has others.</p>
</details>"""
