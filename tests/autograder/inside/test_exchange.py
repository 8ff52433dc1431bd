"""Properties of the messages of calls: both sides hold the same, whatever crosses or is forged."""

import datetime
import json
import random
import time
from collections import Counter, OrderedDict, defaultdict, deque
from contextlib import suppress
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.inside import wire
from autograder.inside.exchange import MOST_BYTES, MOST_OBJECTS, Exchange
from autograder.inside.records import Classes

pytestmark = pytest.mark.fuzz


class Known:
    """A class that both sides know."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Reference:
    """What `resolve` makes of a name."""

    def __init__(self, name):
        self.name = name


def refuse(name):
    raise wire.Malformed(f"unknown: {name}")


def sides():
    """The two ends of a call: the judge's, which is suspicious, and the sandbox's."""
    Known.__module__ = "__main__"
    classes = Classes({"Known": Known}, lambda module, name: name == "Known", refuse)
    parts = (lambda value: {"handle": 1}), Reference, classes
    return Exchange(*parts, suspicious=True), Exchange(*parts)


def sent(data, receiver):
    header = wire.header(data)
    return receiver.unpack(data[wire.HEADER :], header.text_length)


SINGLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.complex_numbers(allow_nan=False),
    st.fractions(),
    st.decimals(allow_nan=False, min_value=-10, max_value=10),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, datetime.UTC])),
    st.timedeltas(),
    st.uuids(),
    st.sampled_from([len, np.sin, int, ValueError, str.upper, list[int], int | None, ...]),
    st.builds(range, st.integers(0, 9), st.integers(0, 9)),
)
KEYS = st.one_of(st.integers(), st.text(max_size=3), st.fractions(), st.tuples(st.integers()))
VALUES = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3).map(OrderedDict),
        st.dictionaries(KEYS, inner, max_size=3).map(lambda items: defaultdict(list, items)),
        st.dictionaries(st.sampled_from("abc"), inner).map(lambda d: SimpleNamespace(**d)),
        st.lists(inner, max_size=4).map(deque),
        st.sets(KEYS, max_size=3),
        st.lists(KEYS, max_size=4).map(Counter),
        inner.map(lambda value: [value, value]),
        st.dictionaries(st.sampled_from("xyz"), inner, max_size=2).map(lambda d: Known(**d)),
    ),
    max_leaves=12,
)


def same(one, other):
    """Whether two values are the same in type and content; it lets nobody decide."""
    if isinstance(one, Known | SimpleNamespace):
        return type(one) is type(other) and same(vars(one), vars(other))
    if isinstance(one, list | tuple | deque):
        pairs = zip(one, other)
        return type(one) is type(other) and len(one) == len(other) and all(same(*p) for p in pairs)
    if isinstance(one, dict):
        return type(one) is type(other) and same(list(one.items()), list(other.items()))
    return type(one) is type(other) and one == other


@pytest.mark.slow
@given(VALUES)
def test_what_crosses_arrives_as_it_was(value):
    judge, sandbox = sides()
    with judge.call(), sandbox.call():
        arrived = sent(judge.pack_call({"arguments": [value, value]}), sandbox)["arguments"]
        assert same(arrived[0], value)
        back = sent(sandbox.pack({"result": arrived}, 0), judge)["result"]
    assert same(back[1], value)
    assert (
        back[0] is value
        or isinstance(value, str | bytes | int | float | complex)
        or value == back[0]
    )
    if isinstance(value, list | dict | set | deque | Known):
        assert back[0] is back[1] is value and arrived[0] is arrived[1]


def containers(value, known=None):
    """List all containers in a value that can be changed."""
    known = {} if known is None else known
    if id(value) in known:
        return list(known.values())
    inner = ()
    if isinstance(value, list | deque | tuple):
        inner = value
    elif isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, Known | SimpleNamespace):
        inner = vars(value).values()
    if isinstance(value, list | dict | deque | set | Known | SimpleNamespace):
        known[id(value)] = value
    for each in inner:
        containers(each, known)
    return list(known.values())


def change(value, new):
    """Change a container in place."""
    if isinstance(value, list | deque):
        value.append(new)
    elif isinstance(value, Counter):
        value["new"] += 1
    elif isinstance(value, dict):
        value["new"] = new
    elif isinstance(value, set):
        value.add("new")
    else:
        value.new = new


@pytest.mark.slow
@given(VALUES, VALUES, st.lists(st.tuples(st.booleans(), st.integers(0, 99)), max_size=6))
def test_what_one_side_changes_the_other_sees(value, new, changes):
    judge, sandbox = sides()
    ours = [value]
    with judge.call(), sandbox.call():
        copy = sent(judge.pack_call({"value": ours}), sandbox)["value"]
        sent(sandbox.pack({"result": None}, 0), judge)
    for by_judge, number in changes:
        with judge.call(), sandbox.call():
            changed = containers(ours if by_judge else copy)
            if by_judge:
                change(changed[number % len(changed)], deepcopy(new))
            sent(judge.pack_call({"do": "call"}), sandbox)
            if not by_judge:
                change(changed[number % len(changed)], [number])
            sent(sandbox.pack({"result": None}, 0), judge)
        assert same(ours, copy)


NUMBERED = "list tuple dict set frozenset array bytearray masked record deque Counter OrderedDict"
SINGLES = (
    "scalar bytes complex slice range constant same named reference fraction decimal date time"
)
OTHERS = (
    "datetime timedelta timezone uuid path pattern exception defaultdict keys values items dtype"
)
FURTHER = "namespace StringIO BytesIO Random generator RandomState poly1d polynomial generic union"
TAGS = f"{NUMBERED} {SINGLES} {OTHERS} {FURTHER} typing picture".split()
TAGS += ["named tuple", "machine array"]
WORDS = st.sampled_from(
    ["<f8", "|O", "U3", "numpy", "builtins", "eval", "sin", "__main__:Known", "Polynomial", "x"]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 70_000), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=5)).map(list),
        st.tuples(st.sampled_from(TAGS), inner).map(list),
        st.lists(inner, max_size=3),
    ),
    max_leaves=20,
)
FORGED = st.one_of(
    JSON,
    st.lists(st.tuples(st.sampled_from("ab"), JSON), max_size=3).map(lambda each: ["dict", each]),
    st.fixed_dictionaries({"message": JSON, "changes": st.lists(JSON, max_size=3)}),
    st.tuples(st.lists(st.tuples(st.integers(0, 9), JSON), max_size=3)).map(
        lambda each: {"message": ["dict", []], "changes": each[0]}
    ),
)
HARMLESS = (
    *(type(None), bool, int, float, str, bytes, complex, list, tuple, dict, set, frozenset),
    *(bytearray, np.ndarray, np.generic, slice, range, type, Fraction, Decimal, datetime.date),
    *(datetime.time, datetime.timedelta, datetime.tzinfo, deque, SimpleNamespace, Known),
)


@pytest.mark.slow
@given(FORGED, st.binary(max_size=64))
def test_a_forged_message_is_malformed_or_harmless(content, blobs):
    judge, sandbox = sides()
    ours = [[1], {"a": 2}, deque([3]), np.zeros(2), Known(x=1)]
    text = json.dumps(content).encode()
    begin = time.process_time()
    with judge.call():
        sent(judge.pack_call({"arguments": ours}), sandbox)
        with suppress(wire.Malformed, wire.CannotCross):
            message = judge.unpack(text + blobs, len(text))
            assert type(message) is dict
            repr([message, ours])
        assert [type(each) for each in ours[2:]] == [deque, np.ndarray, Known] or len(ours) != 5
    assert time.process_time() - begin < 2


@pytest.mark.slow
@given(VALUES, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4))
def test_a_changed_message_is_malformed_or_harmless(value, places):
    judge, sandbox = sides()
    with judge.call(), sandbox.call():
        sent(judge.pack_call({"arguments": [value]}), sandbox)
        data = bytearray(sandbox.pack({"result": [value, {"a": [1, 2]}]}, 0))
        for place, byte in places:
            data[wire.HEADER + place % (len(data) - wire.HEADER)] = byte
        with suppress(wire.Malformed, wire.CannotCross):
            repr(sent(bytes(data), judge))


def test_both_sides_forget_at_the_same_moment():
    judge, sandbox = sides()
    for size in (10, MOST_OBJECTS, 10, MOST_BYTES, 10):
        rows = [[] for _ in range(size)] if size != MOST_BYTES else [np.zeros(size)]
        with judge.call(), sandbox.call():
            arrived = sent(judge.pack_call({"rows": rows}), sandbox)["rows"]
            assert sent(sandbox.pack({"rows": arrived}, 0), judge)["rows"] is rows
        assert len(judge) == len(sandbox) <= MOST_OBJECTS


def test_what_crosses_in_a_call_back_is_forgotten():
    judge, sandbox = sides()
    with judge.call(), sandbox.call():
        arguments = sent(judge.pack_call({"arguments": [[1]]}), sandbox)["arguments"]
        before = len(judge), len(sandbox)
        for number in range(3):
            with sandbox.call(), judge.call():
                own = [number]
                message = sent(sandbox.pack({"call back": 0, "arguments": [own, arguments]}), judge)
                message["arguments"][0].append(random.random())
                sent(judge.pack({"result": message["arguments"][0]}, before[0]), sandbox)
                assert len(own) == 2
        assert (len(judge), len(sandbox)) == before
        assert sent(sandbox.pack({"result": arguments}, 0), judge)["result"] == [[1]]
