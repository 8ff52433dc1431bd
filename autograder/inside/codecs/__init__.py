"""How objects of libraries cross by value: taken apart on one side, put together on the other.

standard    Python's own library
numeric     NumPy: polynomials, generators of random numbers, types of arrays
typed       what annotations are written with
frames      pandas; pictures: PIL. Both are read only where something of theirs crosses

Each module has `CODECS`. The parts that arrive may be forged: what puts an object together checks
them, and bounds whatever takes time or memory. It may raise anything for parts that are wrong.
"""

from importlib import import_module

from . import numeric, standard, typed
from .codec import Codec

LATER = {"pandas": "frames", "PIL": "pictures"}
"""Modules here that need a library which may not be installed."""
TAGS = {
    **dict.fromkeys(("frame", "series", "index"), "frames"),
    **dict.fromkeys(("timestamp", "pandas timedelta", "pandas missing"), "frames"),
    "picture": "pictures",
}
"""The tags of their codecs."""

_by_type: dict[type, Codec] = {}
_by_tag: dict[str, Codec] = {}


def _register(codecs: tuple[Codec, ...]) -> None:
    for codec in codecs:
        _by_type.update(dict.fromkeys(codec.types, codec))
        _by_tag[codec.tag] = codec


def _load(module: str) -> None:
    _register(import_module(f"{__name__}.{module}").CODECS)


def of_type(kind: type) -> Codec | None:
    """Find the codec for objects of exactly this type, None where there is none."""
    codec = _by_type.get(kind)
    if codec is None and (library := str(kind.__module__).partition(".")[0]) in LATER:
        _load(LATER.pop(library))
        return _by_type.get(kind)
    return codec


def tagged(tag: str) -> Codec:
    """Find a codec by its tag. Raises KeyError, or ImportError where its library is missing."""
    if tag not in _by_tag and tag in TAGS:
        _load(TAGS[tag])
    return _by_tag[tag]


for _module in (standard, numeric, typed):
    _register(_module.CODECS)
