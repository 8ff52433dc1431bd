"""Plain data cross unchanged between sandbox and judge; nothing else does, and no forgery."""

import json
import math
import tracemalloc
from contextlib import suppress
from decimal import Decimal

import numpy as np
import pytest

from autograder.inside import wire
from autograder.inside.codecs import pictures

PLAIN = {
    "None": None,
    "booleans": [True, False],
    "numbers": [0, -1, 1.5, -0.0, 2 + 3j],
    "infinite numbers": [math.inf, -math.inf],
    "huge integers": [2**64, -(10**3000)],
    "text": ["", "Größe\n\0", "\U0001f600"],
    "half a surrogate pair": "\ud800",
    "bytes": [b"", b"\0\xff"],
    "lists": [[], [1, [2, [3]]]],
    "tuples": [(), (1, (2,))],
    "sets": [set(), {1, "a", (2, 3)}, frozenset({1})],
    "dicts": {"a": {1: [2]}, (1, 2): "tuple", None: 0, 1.5: b"x"},
    "lists that look like the wire's own": ["array", ["<f8", [1], 8]],
    "slices and ranges": [slice(1, None, -1), range(3, 9, 2)],
}
ARRAYS = {
    "float32": np.arange(6, dtype="float32").reshape(2, 3),
    "float16, longdouble": np.ones(3, "float16").astype("longdouble"),
    "integers": np.arange(5, dtype="uint8"),
    "booleans": np.array([True, False]),
    "complex numbers": np.array([1 + 2j]),
    "no dimension": np.array(3.5),
    "nothing in it": np.zeros((0, 3)),
    "not contiguous": np.arange(12).reshape(3, 4)[::2, ::-1].T,
    "big-endian": np.arange(3, dtype=">i4"),
    "times": np.array(["2024-01-01", "NaT"], "datetime64[ns]"),
    "durations": np.array([1, 2], "timedelta64[25s]"),
    "text": np.array(["", "äb"]),
    "empty text": np.array([""], "U"),
    "bytes": np.array([b"a", b"bcd"]),
    "NaN and infinity": np.array([np.nan, np.inf, -0.0]),
}
SCALARS = {
    each.dtype.str: each
    for each in (np.float32(1.5), np.int8(-1), np.bool_(True), np.complex64(1j), np.float16(2))
}
SCALARS |= {"text": np.str_("ab"), "no text": np.str_(""), "no bytes": np.bytes_(b"")}
SCALARS |= {"a time": np.datetime64("2024-01-01T00:00:00"), "a big-endian number": np.float64(2)}


def crossed(value, refer=None, resolve=None):
    data = wire.pack(value, refer)
    header = wire.header(data)
    assert header.total == len(data) - wire.HEADER
    return wire.unpack(data[wire.HEADER :], header.text_length, resolve)


def message(content, blobs=b""):
    """A message as an attacker would write it: any JSON, followed by any bytes."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return text + blobs, len(text)


@pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN)
def test_plain_data_arrives_as_it_was(value):
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array_arrives_as_it_was(array):
    arrived = crossed({"arrays": [array]})["arrays"][0]
    assert type(arrived) is np.ndarray
    assert (arrived.dtype, arrived.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(arrived, array)


@pytest.mark.parametrize("scalar", SCALARS.values(), ids=SCALARS)
def test_a_scalar_of_numpy_arrives_as_it_was(scalar):
    assert crossed(scalar) == scalar
    assert type(crossed(scalar)) is type(scalar)


def test_nan_arrives():
    assert math.isnan(crossed(math.nan))


def test_the_arrays_of_one_message_keep_their_order():
    sent = {"a": np.arange(3), "b": [np.ones(2), (b"xy", np.zeros(1))]}
    arrived = crossed(sent)
    np.testing.assert_array_equal(arrived["a"], np.arange(3))
    assert arrived["b"][1][0] == b"xy"


def test_keys_that_are_bytes_keep_their_values():
    sent = {b"a": b"bc", (b"de", 1): np.arange(2.0), b"f": {b"g", b"hi"}}
    arrived = crossed(sent)
    assert list(arrived) == list(sent) and arrived[b"a"] == b"bc" and arrived[b"f"] == sent[b"f"]
    assert np.array_equal(arrived[b"de", 1], sent[b"de", 1])


def test_an_array_that_arrived_can_be_written_to():
    arrived = crossed(np.zeros(3))
    arrived[0] = 1
    assert arrived.flags.owndata


@pytest.mark.parametrize(
    "value", [np.array([[1, 2]]).view(np.matrix), np.zeros(2, [("a", "f8")]).view(np.recarray)]
)
def test_of_a_subclass_of_ndarray_the_numbers_arrive(value):
    arrived = crossed(value)
    assert type(arrived) is np.ndarray
    np.testing.assert_array_equal(arrived, np.asarray(value))


class Equal(int):
    """Claims to equal everything."""

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def test_of_a_subclass_of_a_number_the_number_arrives():
    assert type(crossed(Equal(3))) is int
    assert crossed(Equal(3)) != 4


def deep_list():
    items = []
    for _ in range(100_000):
        items = [items]
    return items


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (np.array([object()]), "an array of objects, one of which is an object"),
        (np.zeros(2, "V3"), "dtype void"),
        (np.zeros(2, [("a", "O")]), "fields hold objects"),
        (eval, "builtin_function_or_method"),
        (np.load, "function"),
        (object(), "an object"),
        (deep_list(), "nested too deeply"),
        (1 << 20_000, "integer"),
        (range(10**18), "range"),
        (Decimal("1e20000"), "Decimal"),
        (np.random.Generator(np.random.MT19937(0)), "generator of random numbers"),
        ([1, {"a": (open,)}], "builtin_function"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_all_else_cannot_cross_and_says_what_it_is(value, says):
    with pytest.raises(wire.CannotCross, match=says):
        wire.pack(value)


def test_a_name_for_what_cannot_cross_is_resolved():
    arrived = crossed(
        [open], refer=lambda value: {"handle": 7}, resolve=lambda name: name["handle"]
    )
    assert arrived == [7]


FORGED = {
    "no JSON": message(b"{]"),
    "no text": message(b"\xff\xfe"),
    "nothing": message(b""),
    "an unknown tag": message(["module", "os"]),
    "a tag that is no text": message([{}, []]),
    "a list without a tag": message([]),
    "too many parts": message(["list", [], []]),
    "contents of another type": message(["list", 7]),
    "a dict of no pairs": message(["dict", [[1, 2, 3]]]),
    "a key that cannot be one": message(["dict", [[["list", []], 1]]]),
    "a set of lists": message(["set", [["list", []]]]),
    "a name where none is expected": message(["reference", 1]),
    "bytes that are not there": message(["bytes", 100]),
    "a negative number of bytes": message(["bytes", -1], b"abc"),
    "half a byte": message(["bytes", 1.5], b"abc"),
    "bytes counted in text": message(["bytes", "1"], b"abc"),
    "an array of objects": message(["array", ["|O", [1], 8]], bytes(8)),
    "an array of objects by another name": message(["array", ["O8", [1], 8]], bytes(8)),
    "more objects than an array has": message(["objects", [[1], [1, 2]]]),
    "objects in no shape": message(["objects", ["1", [1]]]),
    "objects in a shape of -1": message(["objects", [[-1], [1]]]),
    "a structured array by another name": message(["array", ["f8,O", [1], 16]], bytes(16)),
    "a structured array of objects": message(["array", [[["a", "|O", []]], [1], 8]], bytes(8)),
    "a structured array without fields": message(["array", [[], [1], 0]]),
    "a field that is as long as memory": message(
        ["array", [[["a", [["b", "<f8", [2**30]]], [2**30]]], [0], 0]]
    ),
    "a field without a name": message(["array", [[[3, "<f8", []]], [1], 8]], bytes(8)),
    "void": message(["array", ["|V8", [1], 8]], bytes(8)),
    "a dtype that is no text": message(["array", [["a", "O"], [1], 8]], bytes(8)),
    "a dtype of no bytes": message(["array", ["<U0", [10**15], 0]]),
    "an unknown dtype": message(["array", ["<f3", [1], 3]], bytes(3)),
    "a dtype with more behind it": message(["array", ["<f8\n", [1], 8]], bytes(8)),
    "a negative shape": message(["array", ["<f8", [-1, -1], 8]], bytes(8)),
    "a shape that does not fit": message(["array", ["<f8", [10**12], 8]], bytes(8)),
    "a shape of truth": message(["array", ["<f8", [True], 8]], bytes(8)),
    "a shape of halves": message(["array", ["<f8", [0.5, 2], 8]], bytes(8)),
    "a shape that is no list": message(["array", ["<f8", "1", 8]], bytes(8)),
    "a huge shape without numbers": message(["array", ["<f8", [0, 10**30], 0]]),
    "too many dimensions": message(["array", ["<f8", [1] * 100, 8]], bytes(8)),
    "a huge text type": message(["array", ["<U999999999", [1], 3999999996]], bytes(8)),
    "an array longer than the message": message(["array", ["<f8", [10**9], 8 * 10**9]], bytes(8)),
    "an array without a length": message(["array", ["<f8", [1]]], bytes(8)),
    "an impossible unit of time": message(["array", ["<M8[xy]", [1], 8]], bytes(8)),
    "half a complex number": message(["complex", [1]]),
    "a complex number of text": message(["complex", ["1", "2"]]),
    "a range of no step": message(["range", [0, 1, 0]]),
    "a range without an end": message(["range", [0, 10**18, 1]]),
    "a slice of five parts": message(["slice", [1, 2, 3, 4, 5]]),
    "deep nesting": message(b'["list",[' * 100_000 + b"]]" * 100_000),
    "deep nesting of JSON": message(b"[" * 1_000_000),
    "an integer without an end": message(b"9" * 100_000),
    "an integer that is too long": message(["list", [10**4000]]),
    "an axis that is too long": message(["array", ["<f8", [10**3000] * 60, 0]]),
    "a JSON object": message({"a": 1}),
    "a container that never crossed": message(["same", 0]),
    "a container by a negative number": message(["list", [["same", -1]]]),
    "a container named again outside of a call": message(["list", [["list", []], ["same", 1]]]),
    "a tuple inside itself": message(["tuple", [["same", 0]]]),
    "a key that names a container": message(
        ["list", [["tuple", []], ["dict", [[["same", 1], 1]]]]]
    ),
    "eval": message(["named", ["builtins", "eval"]]),
    "a module's loader": message(["named", ["numpy", "load"]]),
    "a module in a module": message(["named", ["statistics", "sys"]]),
    "a private method": message(["named", ["builtins", "str.__class__"]]),
    "a function of any module": message(["named", ["os", "system"]]),
    "an unknown constant": message(["constant", "True"]),
    "an exception that is none": message(["exception", ["eval", ["tuple", ["1"]]]]),
    "a fraction of nothing": message(["fraction", [1, 0]]),
    "a fraction of texts": message(["fraction", ["1e999999999", 1]]),
    "a Decimal without an end": message(["decimal", [0, "1", 999_999_999]]),
    "a Decimal of too many digits": message(["decimal", [0, "1" * 20_000, 0]]),
    "a day that never was": message(["date", [2024, 2, 30]]),
    "a time zone of its own": message(["datetime", ["2024-01-01", 5, 0]]),
    "a pattern that is too long": message(["pattern", ["a" * 2000, 0]]),
    "a Mersenne Twister out of bounds": message(
        ["RandomState", [["array", ["<u4", [624], 2496]], 10**6, 0, 0.0]], bytes(2496)
    ),
    "a Mersenne Twister that is too short": message(
        ["RandomState", [["array", ["<u4", [1], 4]], 0, 0, 0.0]], bytes(4)
    ),
    "Python's own twister out of bounds": message(
        ["Random", [["tuple", [3, ["tuple", [0] * 624 + [10**6]], None]]]]
    ),
    "a generator of too many bits": message(["generator", [1 << 128, 1, 0, 0]]),
    "a polynomial of texts": message(
        ["polynomial", ["Polynomial", *[["array", ["<U1", [2], 8]]] * 3, "x"]], bytes(24)
    ),
    "a place in a text that is none": message(["StringIO", ["abc", 10**12]]),
    "a named tuple of code": message(["named tuple", [["A", "a: __import__('os')"], [1]]]),
    "a named tuple that lacks a part": message(["named tuple", [["A", "a", "b"], [1]]]),
    "a picture that is larger than its bytes": message(
        ["picture", ["RGB", ["tuple", [60_000, 60_000]], ["bytes", 3], None]], bytes(3)
    ),
    "a namespace without names": message(["namespace", [["dict", [[1, 2]]]]]),
    "a generic of a number": message(["generic", [1, 2]]),
    "an unknown part of typing": message(["typing", ["get_type_hints", 1]]),
    "an object of a class": message(["record", ["__main__:A", ["dict", []]]]),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_message_is_malformed(forged):
    body, text_length = forged
    assert pictures.CODECS  # that the import takes memory is not the message's doing
    tracemalloc.start()
    try:
        with pytest.raises(wire.Malformed):
            wire.unpack(body, text_length)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 50 * len(body) + 1_000_000  # never the memory that a message only claims


def test_cut_and_changed_messages_are_malformed_or_plain_data():
    random = np.random.default_rng(0)
    sent = {"a": np.arange(3.0), "b": [1, "x", (b"yz", None)], "c": np.array(["u"])}
    whole = wire.pack(sent)
    for _ in range(2000):
        data = bytearray(whole)
        for place in random.integers(wire.HEADER, len(data), 2):
            data[place] = random.integers(256)
        del data[random.integers(wire.HEADER, len(data)) :]
        with suppress(wire.Malformed):
            wire.unpack(bytes(data[wire.HEADER :]), wire.header(whole).text_length)


@pytest.mark.parametrize("container", ["dict", "set", "frozenset"])
def test_keys_of_one_hash_keep_nobody_busy(container):
    same = [number * (2**61 - 1) for number in range(wire.MOST_KEYS + 1)]
    content = [[key, 0] for key in same] if container == "dict" else same
    body = json.dumps([container, content]).encode()
    with pytest.raises(wire.Malformed, match="too many keys"):
        wire.unpack(body, len(body))
    body = json.dumps([container, content[: wire.MOST_OF_ONE_HASH + 1]]).encode()
    with pytest.raises(wire.Malformed, match="too many keys of one hash"):
        wire.unpack(body, len(body))
    with pytest.raises(wire.CannotCross, match="with more than 10,000 entries"):
        wire.pack(dict.fromkeys(range(len(same))) if container == "dict" else set(range(len(same))))


@pytest.mark.parametrize("shape", [[10**1200] * 500, [1 << 63], [1] * 65])
def test_the_axes_of_a_shape_are_not_multiplied_before_they_are_looked_at(shape):
    """Hundreds of numbers of a thousand digits each keep a processor busy for a minute."""
    with pytest.raises(wire.Malformed, match="no shape of an array"):
        wire.unpack(*message(["array", ["<f8", shape, 0]]))


@pytest.mark.parametrize("numbers", [(10, 11, 0), (10, 5, 3)])
def test_a_header_that_contradicts_itself_is_malformed(numbers):
    with pytest.raises(wire.Malformed):
        wire.header(wire._LENGTH.pack(*numbers))
