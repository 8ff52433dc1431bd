"""The record of what became of each submission: complete or absent, never partial."""

import os
from pathlib import Path

import pytest

from autograder.results import Question, Result, Results


def result(learner="learner-01", **changed):
    question = Question("double-check", 2.0, 2.0, "", "")
    content = {"assignment": "small", "learner": learner, "score": 2.0, "max_score": 9.0}
    content |= {"auto_max_score": 5.0, "penalty": 0.0, "questions": [question], "notes": ["é 'x'"]}
    content |= {"sandboxed": True, "seconds": 0.3, "graded": "2026-11-22T19:40:00+00:00"}
    return Result(**(content | {"digest": "abc"} | changed))


@pytest.fixture
def results(tmp_path):
    return Results(tmp_path / "results")


def test_what_is_read_is_what_was_written(results):
    results.write(result())
    assert results.read("small", "learner-01") == result()


def test_results_come_sorted_by_learner(results):
    for learner in ("c", "a.b", "b"):
        results.write(result(learner))
    assert [each.learner for each in results.of("small")] == ["a.b", "b", "c"]


@pytest.mark.parametrize("when", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_result(results, monkeypatch, when):
    results.write(result())

    def crash(*arguments):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(os if when == "fsync" else Path, when, crash)
        results.write(result(score=0.0))
    assert results.of("small") == [result()]
    results.write(result(score=1.0))
    assert results.of("small") == [result(score=1.0)]


def cut(whole):
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        lambda whole: b"",
        lambda whole: b"\0" * len(whole),
        lambda whole: b"\xff" + whole,
        lambda whole: b"[" * 100_000,
        lambda whole: b"[]",
        lambda whole: b'"text"',
        lambda whole: whole.replace(b'"digest"', b'"other"'),
        lambda whole: whole.replace(b'"grade_id"', b'"other"'),
    ],
    ids=["cut", "empty", "zeros", "no UTF-8", "deep", "list", "text", "no digest", "no id"],
)
def test_a_damaged_result_counts_as_none(results, damage):
    results.write(result())
    path = results.path("small", "learner-01")
    path.write_bytes(damage(path.read_bytes()))
    assert results.read("small", "learner-01") is None
    assert results.of("small") == []


def test_no_result_and_a_folder_in_its_place_count_as_none(results):
    assert results.read("small", "nobody") is None
    results.path("small", "odd").mkdir(parents=True)
    assert results.of("small") == []
