"""Makes the book in print, beside the pages that were built: PDF, EPUB, and the sheet alone."""

import shutil
import tempfile
from pathlib import Path

from course.contents import pages_to_read, welcome_page
from course.print.epub import write_epub
from course.print.manuscript import manuscript
from course.print.pdf import write_pdf

FOLDER = "print"
"""Where the files are, in the folder of the built pages."""
TITLE = "LSTM, gate by gate"
NAME = "lstm-gate-by-gate"
OPENING = "Introduction"
"""The title of the welcome page in print, where the whole book has its own."""
SHEET = "sheet"


def print_book(written: Path, html: Path) -> None:
    """Make the files. Raises typst.TypstError for what cannot be set or heard.

    written: the folder of the pages as Sphinx wrote them. html: that of the pages as they are
    served, whose figures have the letters that they need.
    """
    target = html / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        pictures = Path(scratch)
        document = manuscript(written, pages_to_read(), {welcome_page(): OPENING}, html, pictures)
        write_pdf(document, "book.typ", target / f"{NAME}.pdf", pictures)
        write_epub(document, TITLE, target / f"{NAME}.epub")
        sheet = manuscript(written, [SHEET], {}, html, pictures)
        write_pdf(sheet, "sheet.typ", target / f"{SHEET}.pdf", pictures)
