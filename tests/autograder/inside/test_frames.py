"""pandas' frames, series and indices, and PIL's pictures, cross as they are."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from autograder.inside import wire
from tests.autograder.inside.test_exchange import sent, sides
from tests.autograder.inside.test_wire import crossed, message

DAYS = pd.date_range("2024-01-01", periods=3, freq="D")
FRAME = pd.DataFrame(
    {
        "integers": [1, 2, 3],
        "numbers": [1.5, np.nan, 3],
        "texts": ["x", "y", None],
        "days": DAYS,
        "categories": pd.Categorical(["u", "v", "u"]),
        "truths": [True, False, True],
        "nullable": pd.array([1, None, 3], dtype="Int64"),
        "durations": pd.to_timedelta([1, 2, 3], unit="D"),
        "objects": [[1], (2,), None],
    },
    index=DAYS,
)
SERIES = {
    "a column": FRAME["integers"],
    "text without a name": FRAME["texts"].rename(None),
    "categories": FRAME["categories"],
    "objects": pd.Series([1, "a", None]),
    "nothing": pd.Series([], dtype=float),
    "text that may be missing": pd.Series(["a", None], dtype="string"),
    "moments of a zone": pd.Series(DAYS.tz_localize("Europe/Paris")),
}
INDICES = {
    "numbers": pd.RangeIndex(3, name="n"),
    "texts": pd.Index(["a", "b"]),
    "days": DAYS,
    "days of a zone": DAYS.tz_localize("UTC"),
    "levels": pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["x", None]),
    "categories": pd.CategoricalIndex(["a", "b"]),
    "a name of two parts": pd.Index([1, 2], name=("a", 1)),
}


def test_a_frame_arrives_as_it_was():
    pd.testing.assert_frame_equal(crossed(FRAME), FRAME)
    table = FRAME.groupby("categories", observed=True)[["integers"]].agg(["mean", "sum"])
    pd.testing.assert_frame_equal(crossed(table), table)


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
def test_a_series_arrives_as_it_was(series):
    pd.testing.assert_series_equal(crossed(series), series)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_an_index_arrives_as_it_was(index):
    pd.testing.assert_index_equal(crossed(index), index, exact=True)
    assert getattr(crossed(index), "freq", None) == getattr(index, "freq", None)


def test_single_values_arrive_as_they_were():
    values = [pd.Timestamp("2024-01-01", tz="Europe/Paris"), pd.Timedelta(1, "D")]
    assert crossed(values) == values
    assert crossed(pd.NA) is pd.NA and crossed(pd.NaT) is pd.NaT
    assert crossed([pd.DataFrame, pd.Series]) == [pd.DataFrame, pd.Series]


def test_a_frame_that_is_changed_stays_one_frame():
    judge, sandbox = sides()
    frame = FRAME.copy()
    with judge.call(), sandbox.call():
        copy = sent(judge.pack_call({"frame": frame}), sandbox)["frame"]
        copy["new"] = 1
        copy.loc[DAYS[0], "integers"] = 9
        copy.dropna(inplace=True)
        assert sent(sandbox.pack({"result": copy}, 0), judge)["result"] is frame
    pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "F"])
def test_a_picture_arrives_as_it_was(mode):
    picture = Image.effect_mandelbrot((16, 8), (-3, -2.5, 2, 2.5), 100).convert(mode)
    arrived = crossed(picture)
    assert (arrived.mode, arrived.size) == (mode, (16, 8))
    assert arrived.tobytes() == picture.tobytes() and arrived.getpalette() == picture.getpalette()


def column(kind, *parts):
    return [
        "series",
        [None, ["index", ["range", ["list", [None]], 0, 1, 1]], ["tuple", [kind, *parts]]],
    ]


FORGED = {
    "a frame without an index": ["frame", [1, 2, ["list", []]]],
    "an index without an end": ["index", ["range", ["list", [None]], 0, 10**15, 1]],
    "codes of no category": column(
        "categories",
        ["array", ["<i8", [1], 8]],
        ["index", ["range", ["list", [None]], 0, 0, 1]],
        False,
    ),
    "a zone of no place": column("zoned", ["array", ["<M8[ns]", [1], 8]], "../../etc/passwd"),
    "a column of another length": column("array", ["array", ["<f8", [0], 0]]),
    "a column of no kind": column("pickled", ["bytes", 8]),
    "a nullable type of its own": column("nullable", "object", ["array", ["<f8", [1], 8]], 1),
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED)
def test_a_forged_frame_is_malformed(content):
    body, length = message(json.dumps(content).encode(), b"\5" + bytes(7))
    with pytest.raises(wire.Malformed):
        wire.unpack(body, length)
