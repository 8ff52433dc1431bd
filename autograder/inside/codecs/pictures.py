"""Codec of PIL's images: their mode, size, bytes and palette."""

from typing import Any

from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin

from ..errors import Malformed
from .codec import Codec, bounded, exactly

MODES = {"1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "LA", "I;16"}
LONGEST = 100_000  # pixels of a side
TYPES = (
    *(Image.Image, PngImagePlugin.PngImageFile, JpegImagePlugin.JpegImageFile),
    *(BmpImagePlugin.BmpImageFile, GifImagePlugin.GifImageFile),
)


def _parts(image: Image.Image) -> tuple:
    palette = image.getpalette() if image.mode == "P" else None
    return image.mode, image.size, image.tobytes(), palette


def _build(mode: str, size: tuple, data: bytes, palette: list | None) -> Image.Image:
    width, height = exactly(tuple, size)
    pixels = bounded(width, LONGEST) * bounded(height, LONGEST)
    if mode not in MODES or pixels > 8 * len(exactly(bytes, data)):
        raise Malformed("no picture")
    image = Image.frombytes(mode, (width, height), data)
    if palette is not None and mode == "P":
        image.putpalette([bounded(number, 255) for number in palette])
    return image


def _redraw(image: Any, other: Image.Image) -> None:
    if image.mode != other.mode or image.size != other.size:
        raise Malformed("a picture that changes its size or its mode")
    image.paste(other)


CODECS = (Codec("picture", TYPES, _parts, _build, _redraw),)
