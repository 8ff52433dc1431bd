"""Sets a document of plain HTML as a PDF, by pandoc and Typst."""

from pathlib import Path

import matplotlib
import pypandoc
import typst

FORMS = Path(__file__).parent
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
"""Those of the figures, whose text is text."""


def write_pdf(document: str, form: str, target: Path, scratch: Path) -> None:
    """Set a document, and write it as a PDF that accessibility standard PDF/UA-1 allows.

    document: HTML, whose images have absolute paths. form: the name of the file that sets pages.
    scratch: a folder for what lies between.
    Raises typst.TypstError where the document cannot be set, or a picture says nothing in words.
    """
    body = pypandoc.convert_text(
        document,
        "typst",
        format="html-auto_identifiers",
        extra_args=[f"--lua-filter={FORMS / 'typst.lua'}", "--wrap=none"],
    )
    parts = [(FORMS / name).read_text("utf-8") for name in ("form.typ", form)]
    source = scratch / form
    source.write_text("\n".join([*parts, body]), "utf-8")
    typst.compile(
        str(source),
        output=str(target),
        root="/",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
