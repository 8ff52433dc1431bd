"""Turns NumPy's arrays into bytes and the text of their dtype, and back."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import CannotCross, Malformed

MOST_AXES = 64  # of an array: NumPy's own limit
MOST_FIELDS = 1000  # of a structured array
_DTYPE = re.compile(r"[<>|=]?[biufcSUmM]\d{1,9}(\[[A-Za-z0-9]{1,6}\])?")


def take_apart(array: np.ndarray) -> tuple[object, bytes]:
    """Return the dtype as JSON can carry it, and the bytes. Raises CannotCross for objects."""
    if array.dtype.hasobject:
        raise CannotCross("an array whose fields hold objects (dtype object)")
    if array.dtype.kind not in "biufcSUmMV":
        raise CannotCross(f"an array of dtype {array.dtype}")
    described = _described(array.dtype)
    if array.dtype.names:
        array = array.astype(_dtype(described))  # without room between its fields
    return described, array.tobytes()


def _described(dtype: np.dtype) -> object:
    if dtype.names is None:
        if dtype.kind == "V":
            raise CannotCross("an array of bytes without a meaning (dtype void)")
        return dtype.str
    fields: list = []
    for name in dtype.names:
        field = dtype[name]
        fields.append([name, _described(field.base), list(field.shape)])
    return fields


def of_objects(shape: list, items: list) -> np.ndarray:
    """Rebuild an array of objects. items: in the order of C. Raises Malformed."""
    if not _is_shape(shape) or math.prod(shape) != len(items):
        raise Malformed("a shape that does not fit the objects of an array")
    array = np.empty(len(items), object)
    for number, item in enumerate(items):  # a slice would take lists apart
        array[number] = item
    return array.reshape(shape)


def _is_shape(shape: list) -> bool:
    sizes = all(type(size) is int and 0 <= size < 1 << 63 for size in shape)
    return sizes and len(shape) <= MOST_AXES


def put_together(
    dtype: Any, shape: list, length: int, take: Callable[[int], memoryview]
) -> np.ndarray:
    """Rebuild an array from what arrived. take: gives as many bytes of the message.

    Raises Malformed, or what NumPy raises, for what is no array of plain data.
    """
    if not _is_shape(shape):
        raise Malformed(f"no shape of an array: {shape!r}")
    kind = _dtype(dtype)
    if math.prod(shape) * kind.itemsize != length:
        raise Malformed("an array's shape does not fit its bytes")
    return np.frombuffer(take(length), kind, math.prod(shape)).reshape(shape).copy()


def _dtype(described: Any) -> np.dtype:
    if isinstance(described, str):
        if not _DTYPE.fullmatch(described):
            raise Malformed(f"no dtype of plain data: {described!r}")
        return np.dtype(described)
    if not 0 < len(described) <= MOST_FIELDS:
        raise Malformed("too many fields, or none")
    fields = []
    for name, kind, shape in described:
        if not isinstance(name, str) or not all(type(n) is int and 0 < n < 1 << 31 for n in shape):
            raise Malformed("no field of an array")
        fields.append((name, _dtype(kind), tuple(shape)))
    return np.dtype(fields)


def masked(data: object, mask: object, fill_value: Any) -> np.ma.MaskedArray:
    """Rebuild a masked array from two arrays and the value that it shows for what is masked."""
    if not isinstance(data, np.ndarray) or not isinstance(mask, np.ndarray):
        raise Malformed("a masked array without its arrays")
    if mask.shape != data.shape:
        raise Malformed("a mask that does not fit its array")
    return np.ma.MaskedArray(data, mask, fill_value=fill_value)
