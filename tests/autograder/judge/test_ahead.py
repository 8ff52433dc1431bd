"""Calls that are made ahead: what comes of whatever the sandbox answers."""

from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.inside import wire
from autograder.inside.records import Classes
from autograder.judge.ahead import MOST_BYTES, Ahead

CLASSES = Classes({}, lambda module, name: False, lambda name: None)
REQUEST = {"do": "call", "handle": 1, "method": ""}
CALLS = [(np.array([1.0]),), (np.array([2.0]),), (np.array([3.0]),)]


def expecting(*calls):
    ahead = Ahead(CLASSES)
    ahead.expect(calls)
    return ahead


def answered(*results, **further):
    """Make an `ask` that gives these results, and lists the requests."""
    requests = []

    def ask(request):
        requests.append(request)
        return {"answers": [wire.pack({"result": result}) for result in results], **further}

    return ask, requests


def test_the_first_call_asks_for_all_and_the_others_for_nothing():
    ask, requests = answered(10, 20, 30)
    ahead = expecting(*CALLS)
    results = [ahead.answer(REQUEST, call, {}, ask)["result"] for call in CALLS]
    assert results == [10, 20, 30]
    assert [request["do"] for request in requests] == ["calls"]
    assert ahead.answer(REQUEST, CALLS[0], {}, ask) is None


@pytest.mark.parametrize(
    ("request_", "arguments", "keywords"),
    [
        (REQUEST, (np.array([9.0]),), {}),
        (REQUEST, CALLS[1], {"a": 1}),
        (REQUEST | {"handle": 2}, CALLS[1], {}),
        (REQUEST | {"do": "make"}, CALLS[1], {}),
        (REQUEST | {"every_warning": True}, CALLS[1], {}),
    ],
    ids=["other arguments", "keywords", "another function", "another request", "all warnings"],
)
def test_a_call_that_was_not_expected_is_made_and_so_are_all_after_it(
    request_, arguments, keywords
):
    ask, requests = answered(10, 20, 30)
    ahead = expecting(*CALLS)
    ahead.answer(REQUEST, CALLS[0], {}, ask)
    assert ahead.answer(request_, arguments, keywords, ask) is None
    assert ahead.answer(REQUEST, CALLS[2], {}, ask) is None
    assert len(requests) == 1


def test_a_call_that_did_more_than_return_is_the_pending_one_and_only_that():
    ask, _ = answered(10, pending=True)
    ahead = expecting(*CALLS)
    pending = []
    for call in CALLS:
        answer = ahead.answer(REQUEST, call, {}, ask)
        pending.append((answer is not None, ahead.is_pending))
    assert pending == [(True, False), (False, True), (False, False)]


def test_a_call_that_was_stopped_for_its_time_is_not_pending():
    ask, _ = answered(10, pending=False)
    ahead = expecting(*CALLS)
    ahead.answer(REQUEST, CALLS[0], {}, ask)
    assert ahead.answer(REQUEST, CALLS[1], {}, ask) is None and not ahead.is_pending


def test_a_call_is_passed_over_if_it_is_the_next_one_and_its_answer_is_known():
    ask, _ = answered(10, 20, 30)
    known = wire.pack({"result": 20})
    ahead = expecting(*CALLS)
    assert not ahead.skip(0, wire.pack({"result": 10}))  # nothing was made yet
    assert ahead.answer(REQUEST, CALLS[0], {}, ask) == {"result": 10}
    assert not ahead.skip(1, None)
    assert not ahead.skip(1, wire.pack({"result": 21}))
    assert not ahead.skip(2, known)
    assert ahead.skip(1, known)
    assert ahead.answer(REQUEST, CALLS[2], {}, ask) == {"result": 30}
    assert not ahead.skip(3, known)


def test_what_does_not_cross_is_not_expected():
    ask, requests = answered(10)
    ahead = expecting((lambda: None,), *CALLS)
    assert ahead.answer(REQUEST, (lambda: None,), {}, ask) is None
    assert requests == []


def test_arguments_are_expected_as_a_function_gets_them():
    ask, _ = answered(10)
    named = namedtuple("Arguments", "a")(1.0)
    for arguments in (named, [1.0]):
        assert expecting(arguments).answer(REQUEST, (1.0,), {}, ask) == {"result": 10}


def test_an_argument_in_an_answer_is_the_argument():
    ahead, (argument,) = expecting(*CALLS), CALLS[0]
    objects = wire.Objects()
    wire.pack_with(objects, CALLS[0], CLASSES)
    answer = wire.pack_with(objects, {"result": [argument, argument]}, CLASSES)
    result = ahead.answer(REQUEST, CALLS[0], {}, lambda _: {"answers": [answer]})["result"]
    assert result[0] is argument and result[1] is argument


def test_an_answer_that_holds_a_list_twice_and_so_on_is_not_taken():
    deep = [1.0]
    for _ in range(40):
        deep = [deep, deep]
    answer = wire.pack_with(wire.Objects(), {"result": deep}, CLASSES)
    assert len(answer) < 2000
    assert expecting(*CALLS).answer(REQUEST, CALLS[0], {}, lambda _: {"answers": [answer]}) is None


def test_of_large_arguments_only_some_cross_ahead():
    ask, requests = answered()
    calls = [(np.full(MOST_BYTES // 24, number),) for number in range(5)]
    expecting(*calls).answer(REQUEST, calls[0], {}, ask)
    assert len(requests[0]["calls"].value) == 2


plain = st.recursive(
    st.none() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
packed = st.builds(wire.pack, plain | st.fixed_dictionaries({"result": plain}))
answers = st.lists(st.binary() | packed | plain, max_size=5) | plain


@pytest.mark.slow
@pytest.mark.fuzz
@given(answers, plain)
def test_whatever_the_sandbox_answers_a_call_has_a_result_or_is_made(forged, pending):
    ahead = expecting(*CALLS)
    for call in CALLS:
        answer = ahead.answer(REQUEST, call, {}, lambda _: {"answers": forged, "pending": pending})
        assert answer is None or "result" in answer
