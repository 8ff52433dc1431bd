"""Gives built figures the letters that they need, and pages the size of each figure.

An SVG file that a page shows as an image cannot load a font. So that its text is as wide as
Matplotlib took it to be, it holds these letters of Matplotlib's own fonts.
"""

import base64
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties, findfont
from PIL import Image

from course.delivery import fonts

Font = tuple[str, str, str]
"""A font's family, style and weight, as in a style sheet."""


def pack_letters(pictures: Iterable[Path]) -> None:
    """Write into each SVG file the letters that it shows. Raises ValueError for an unknown font."""
    used = {path: letters(path) for path in pictures}
    everywhere: dict[Font, set[str]] = defaultdict(set)
    for each in used.values():
        for font, shown in each.items():
            everywhere[font] |= shown
    # From the whole font to what all figures need: then to cut it for each takes no time.
    small = {font: fonts.cut(font_file(font), shown) for font, shown in everywhere.items()}
    for path, each in used.items():
        faces = "".join(face(font, small[font], each[font]) for font in sorted(each))
        text = path.read_text("utf-8")
        path.write_text(text.replace("<defs>", f"<style>{faces}</style><defs>", 1), "utf-8")


def letters(picture: Path) -> dict[Font, set[str]]:
    """Collect the characters of an SVG file, for each font."""
    shown: dict[Font, set[str]] = defaultdict(set)
    for element in ElementTree.parse(picture).iter():
        if element.tag.endswith(("}text", "}tspan")) and (element.text or "").strip():
            declared = (part.split(":") for part in element.get("style", "").split(";") if part)
            look = {name.strip(): value.strip() for name, value in declared}
            font = (
                look["font-family"].split(",")[0].strip("'\""),
                look.get("font-style", "normal"),
                look.get("font-weight", "400"),
            )
            shown[font] |= set(element.text or "")
    return shown


def font_file(font: Font) -> Path:
    """Name the file of a font. Raises ValueError where Matplotlib has none."""
    family, style, weight = font
    properties = FontProperties(
        family=[family],
        style=style,  # type: ignore[arg-type]  # "normal", "italic" or "oblique"
        weight=int(weight) if weight.isdigit() else weight,
    )
    return Path(findfont(properties, fallback_to_default=False))


def face(font: Font, source: bytes, shown: set[str]) -> str:
    """Declare a font in a style sheet, with these characters of it."""
    family, style, weight = font
    held = fonts.address(fonts.cut(io.BytesIO(source), shown))
    return (
        f"@font-face{{font-family:'{family}';font-style:{style};font-weight:{weight};"
        f"src:url({held})}}"
    )


def unpacked(text: str, images: Path, address: str) -> str:
    """Move the pictures that a page holds itself into files, which can wait until they are near.

    images: the folder for the files. address: of that folder, from the page.
    """

    def moved(match: re.Match[str]) -> str:
        content = base64.b64decode(match[1])
        name = f"{hashlib.sha256(content).hexdigest()}.png"
        images.mkdir(exist_ok=True)
        (images / name).write_bytes(content)
        return f'src="{address}{name}"'

    return re.sub(r'src="data:image/png;base64,([^"]+)"', moved, text)


def size(picture: Path) -> tuple[int, int]:
    """Return the width and the height of a picture in pixels."""
    if picture.suffix == ".svg":
        root = ElementTree.parse(picture).getroot()
        width, height = root.get("viewBox", "").split()[2:]
        return round(float(width) * 4 / 3), round(float(height) * 4 / 3)  # from points
    with Image.open(picture) as image:
        return image.size


def placed(text: str, sizes: dict[str, tuple[int, int]]) -> str:
    """Give the pictures of a page their sizes, and have them load when they are near.

    sizes: of the pictures, by the names of their files.
    """

    def with_size(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in sizes:
            return match[0]
        width, height = sizes[name]
        return f'<img width="{width}" height="{height}" loading="lazy"{match["rest"]}'

    return re.sub(r'<img(?P<rest>[^>]*? src="[^"]*?(?P<name>[^"/]+)")', with_size, text)
