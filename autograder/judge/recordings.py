"""Recordings as bytes, kept from one notebook to the next.

What test cells asked of a right answer, and what locked cells below the last test showed.

They come from the instructor's own notebook alone, without any code of a learner's, so it is safe
to pickle them. An object that an instructor's module holds is named, not copied. An array of
another library becomes one of NumPy's.
"""

import importlib
import importlib.metadata
import io
import pickle
import platform
import sys
from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np

from autograder.judge.evaluation import unguarded

PACKAGES = ("numpy", "keras", "tensorflow")
"""What the answers depend on, besides the instructor's own code."""


@cache
def versions() -> tuple[str, ...]:
    """Name the versions that a recording was made with; with others it does not count."""
    known = [f"python {platform.python_version()} {platform.machine()}"]
    for package in PACKAGES:
        for name in (package, f"{package}-cpu"):
            try:
                known.append(f"{name} {importlib.metadata.version(name)}")
            except importlib.metadata.PackageNotFoundError:
                continue
    return tuple(known)


def pack(recording: object, modules: Collection[str]) -> bytes | None:
    """Turn a recording into bytes; None where it holds what cannot be kept.

    modules: the instructor's own, without the modules inside them.
    """
    stream = io.BytesIO()
    try:
        _Pickler(stream, modules).dump(recording)
    except Exception:  # whatever the instructor's objects raise
        return None
    return stream.getvalue()


def unpack(data: bytes) -> Any:
    """Turn bytes back into a recording."""
    with unguarded():
        return _Unpickler(io.BytesIO(data)).load()


class _Pickler(pickle.Pickler):
    """Names the objects that modules hold."""

    def __init__(self, stream: io.BytesIO, modules: Collection[str]):
        super().__init__(stream)
        own = [m for name, m in sys.modules.items() if name.partition(".")[0] in modules]
        self._names = {
            id(value): (module.__name__, name)
            for module in own
            for name, value in vars(module).items()
            if type(value).__module__.partition(".")[0] in modules
        }

    def persistent_id(self, value: object) -> tuple[str, str] | None:
        """Name an object of a module's."""
        return self._names.get(id(value))

    def reducer_override(self, value: Any) -> Any:
        """Keep a tensor as an array."""
        foreign = hasattr(value, "__array__") and not isinstance(value, np.ndarray | np.generic)
        if foreign and not isinstance(value, type):
            return np.array, (np.asarray(value),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Finds what was named."""

    def persistent_load(self, place: tuple[str, str]) -> object:
        """Import the module, and return what it holds."""
        module, name = place
        return getattr(importlib.import_module(module), name)
