"""A Sphinx extension: the directive `files`, by which a page offers what its code reads.

The directive lists files of the book, one a line. The page gets a link to one zip with all of
them, which unpacks beside a reader's notebook to the paths that the code uses.
"""

import zlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from course.release import write_zip

FOLDER = "files"
"""Where the zips are, in the folder of the built pages."""


class Files(SphinxDirective):
    """Offers files. Its content: their paths relative to the book, one a line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Write the sentence with the link. Raises an error that names a missing file."""
        size = 0
        for name in self.content:
            path = Path(self.env.srcdir, name)
            if not path.is_file():
                raise self.error(f"{name} is missing. `make data` fetches what is in data/.")
            self.env.note_dependency(str(path))
            size += path.stat().st_size
        page = self.env.docname
        self.env.metadata[page]["files"] = "\n".join(self.content)
        return [
            nodes.paragraph(
                "",
                "",
                nodes.Text("The code of this page reads files. To run it yourself, download "),
                nodes.reference("", f"{page}.zip", refuri=f"{FOLDER}/{page}.zip", internal=True),
                nodes.Text(f" ({size / 1e3:,.0f} kB) and unpack it beside your notebook."),
                classes=["page-files"],
            )
        ]


def write_zips(app: Sphinx, exception: Exception | None) -> None:
    """Write the zip of each page that offers files."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir, FOLDER)
    for page, facts in app.env.metadata.items():
        if "files" in facts:
            folder.mkdir(exist_ok=True)
            names = facts["files"].splitlines()
            write_zip({name: Path(app.srcdir, name) for name in names}, folder / f"{page}.zip")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive to a build."""
    app.add_directive("files", Files)
    app.connect("build-finished", write_zips)
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": zlib.crc32(Path(__file__).read_bytes()),  # if changed, all pages are read
    }
