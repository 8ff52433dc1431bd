"""Codecs of pandas: frames, series and indices, column by column as arrays and lists."""

from typing import Any

import numpy as np
import pandas as pd

from .. import arrays
from ..errors import CannotCross, Malformed
from .codec import Codec, exactly

LONGEST_RANGE = 1_000_000
NULLABLE = (
    *("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"),
    *("Float32", "Float64", "boolean"),
)
TEXT = ("str", "string")
"""Pandas' types of columns that are no NumPy arrays, by their names."""

ARRAYS = (
    *(pd.Categorical, pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray),
    *(pd.arrays.StringArray, pd.arrays.ArrowStringArray),
)
"""What pandas' columns hold where it is no array of NumPy's."""
INDICES = (
    *(pd.Index, pd.RangeIndex, pd.MultiIndex),
    *(pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex),
)


def _column_parts(column: Any) -> tuple:
    """Take the values of a series or an index apart: a word for their kind, and what they are."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return "array", column.to_numpy()
    if isinstance(dtype, np.dtype):
        return "objects", list(column)
    if isinstance(dtype, pd.CategoricalDtype):
        values = column.array
        return "categories", values.codes, values.categories, values.ordered
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = column.array.tz_convert("UTC").tz_localize(None).to_numpy()
        return "zoned", moments, str(dtype.tz)
    if str(dtype) in NULLABLE:
        missing = np.asarray(column.isna())
        plain = column.array.to_numpy(dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return "nullable", str(dtype), plain, missing
    if str(dtype) in TEXT:
        return "text", str(dtype), [None if pd.isna(text) else str(text) for text in column]
    raise CannotCross(f"a column of pandas' type {dtype}")


def _column(kind: str, *parts: Any) -> Any:
    if kind == "array":
        return exactly(np.ndarray, *parts)
    if kind == "objects":
        items = exactly(list, *parts)
        return arrays.of_objects([len(items)], items)
    if kind == "categories":
        codes, categories, ordered = parts
        return pd.Categorical.from_codes(codes, categories, ordered=exactly(bool, ordered))
    if kind == "zoned":
        moments, zone = parts
        return pd.DatetimeIndex(exactly(np.ndarray, moments), tz="UTC").tz_convert(zone).array
    if kind == "nullable" and parts[0] in NULLABLE:
        name, plain, missing = parts
        column = pd.array(exactly(np.ndarray, plain), dtype=name)
        column[exactly(np.ndarray, missing)] = pd.NA
        return column
    if kind == "text" and parts[0] in TEXT:
        return pd.array(exactly(list, parts[1]), dtype=parts[0])
    raise Malformed("no column")


def _index_parts(index: Any) -> tuple:
    if isinstance(index, pd.RangeIndex):
        return "range", [index.name], index.start, index.stop, index.step
    if isinstance(index, pd.MultiIndex):
        return "levels", list(index.names), list(index.levels), [np.asarray(c) for c in index.codes]
    step = getattr(index, "freqstr", None)
    return "column", [index.name], _column_parts(index), step


def _index(kind: str, names: list, *parts: Any) -> Any:
    if kind == "range":
        numbers = range(*parts)
        if numbers[LONGEST_RANGE:]:
            raise Malformed("an index that is too long")
        return pd.RangeIndex(numbers, name=names[0])
    if kind == "levels":
        return pd.MultiIndex(*parts, names=names)
    column, step = parts
    index = pd.Index(_column(*column), name=names[0], copy=False)
    return type(index)(index, freq=step, name=names[0]) if step is not None else index


def _series(name: object, index: Any, column: tuple) -> pd.Series:
    if not isinstance(index, pd.Index):
        raise Malformed("a series without its index")
    return pd.Series(_column(*column), index, name=name)


def _frame_parts(frame: pd.DataFrame) -> tuple:
    columns = [_column_parts(frame.iloc[:, number]) for number in range(frame.shape[1])]
    return frame.columns, frame.index, columns


def _frame(names: Any, index: Any, columns: list) -> pd.DataFrame:
    if not isinstance(names, pd.Index) or not isinstance(index, pd.Index):
        raise Malformed("a frame without its index")
    frame = pd.DataFrame({n: _column(*column) for n, column in enumerate(columns)}, index)
    frame.columns = names
    return frame


def _array(kind: str, *parts: Any) -> Any:
    """Rebuild what a column holds. Raises Malformed where that is one of NumPy's arrays."""
    column = _column(kind, *parts)
    if not isinstance(column, pd.api.extensions.ExtensionArray):
        raise Malformed("an array of NumPy's as one of pandas'")
    return column


def _assign(value: Any, other: Any) -> None:
    value._update_inplace(other)  # as pandas does where it is asked for `inplace=True`


CODECS = (
    Codec("frame", (pd.DataFrame,), _frame_parts, _frame, _assign),
    Codec("series", (pd.Series,), lambda s: (s.name, s.index, _column_parts(s)), _series, _assign),
    Codec("column", ARRAYS, lambda values: _column_parts(pd.Series(values)), _array),
    Codec(
        "index",
        INDICES,
        _index_parts,
        _index,
    ),
    Codec(
        "timestamp",
        (pd.Timestamp,),
        lambda t: (t.value, None if t.tz is None else str(t.tz)),
        lambda number, zone: pd.Timestamp(exactly(int, number), tz=zone),
    ),
    Codec(
        "pandas timedelta",
        (pd.Timedelta,),
        lambda t: (t.value,),
        lambda number: pd.Timedelta(exactly(int, number)),
    ),
    Codec(
        "pandas missing",
        (type(pd.NA), type(pd.NaT)),
        lambda value: (str(value),),
        lambda name: {"<NA>": pd.NA, "NaT": pd.NaT}[name],
    ),
)
