"""Writes a document of plain HTML as an EPUB, by pandoc, with formulas as MathML."""

from pathlib import Path

import pypandoc

STYLE = Path(__file__).with_name("epub.css")
FILTER = Path(__file__).with_name("epub.lua")


def write_epub(document: str, title: str, target: Path) -> None:
    """Write an EPUB 3. document: HTML, whose images have absolute paths."""
    facts = {
        "title": title,
        "author": f"The authors of {title}",
        "lang": "en-GB",
        "identifier": "lstm-gate-by-gate",
        "rights": "Text and figures: CC BY 4.0. Code: MIT.",
    }
    pypandoc.convert_text(
        document,
        "epub3",
        format="html-auto_identifiers",
        outputfile=str(target),
        extra_args=[
            *(f"--metadata={name}:{value}" for name, value in facts.items()),
            *("--mathml", "--toc", "--toc-depth=2", "--split-level=1", f"--css={STYLE}"),
            f"--lua-filter={FILTER}",
        ],
    )
