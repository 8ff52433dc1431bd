"""Cuts fonts to the characters in use, by fontTools."""

import base64
import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from fontTools import subset


def cut(font: Path | BinaryIO, characters: Iterable[str]) -> bytes:
    """Return a font of these characters, as WOFF; of the same ones always the same bytes.

    font: a file of any format that fontTools reads. What makes one character out of others, such as
    the tall forms of brackets in formulas, stays.
    """
    options = subset.Options(flavor="woff", hinting=False, layout_features=["*"], name_IDs=[])
    options.drop_tables += ["FFTM"]  # a note of the font's editor
    loaded = subset.load_font(font, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    cutter.subset(loaded)
    target = io.BytesIO()
    subset.save_font(loaded, target, options)
    return target.getvalue()


def characters(font: Path) -> set[str]:
    """List the characters that a font has."""
    with subset.load_font(font, subset.Options()) as loaded:
        return set(map(chr, loaded.getBestCmap()))


def address(font: bytes) -> str:
    """Write a font as an address that holds it, for a style sheet."""
    return f"data:font/woff;base64,{base64.b64encode(font).decode()}"
