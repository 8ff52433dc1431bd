"""Makes files of the drawings that stand in a page: the LSTM cell, and the figures that move."""

from pathlib import Path

from bs4 import Tag

from course.print.elements import new

GAP = 20  # between panels, in the drawing's own unit
FONT = "DejaVu Sans"
WIDTH = 320  # of a panel


def extract_drawings(content: Tag, folder: Path, page: str) -> None:
    """Write each drawing of an article into a file, and show this in its place.

    A figure that moves shows its first state: its panels in one picture, two in a row.
    """
    drawings = content.select('[role="img"]:has(> svg)')
    for number, drawing in enumerate(drawings, 1):
        panels = drawing.find_all("svg", recursive=False)
        path = folder / f"{page}-{number}.svg"
        path.write_text(joined(panels), "utf-8")
        image = new("<img/>")
        image["src"], image["alt"] = str(path), drawing["aria-label"]
        drawing.replace_with(image)


def joined(panels: list[Tag]) -> str:
    """Write one SVG file of panels, two in a row."""
    columns = min(len(panels), 2)
    rows = [panels[k : k + columns] for k in range(0, len(panels), columns)]
    top, parts = 0.0, []
    for row in rows:
        height = max(float(box(panel)[3]) for panel in row)
        for column, panel in enumerate(row):
            own = float(box(panel)[3])
            left = column * (WIDTH + GAP)
            place = f'x="{left}" y="{top:g}" width="{WIDTH}" height="{own:g}"'
            parts.append(
                f'<svg {place} viewBox="{" ".join(box(panel))}">{panel.decode_contents()}</svg>'
            )
        top += height + GAP
    width, height = columns * WIDTH + (columns - 1) * GAP, top - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}"'
        f' width="{width}" height="{height:g}" color="#000" font-family="{FONT}, sans-serif"'
        f' font-size="11">{"".join(parts)}</svg>\n'
    )


def box(panel: Tag) -> list[str]:
    """Read the view box of a panel: left, top, width, height."""
    return str(panel["viewbox"]).split()  # the parser writes names in small letters
