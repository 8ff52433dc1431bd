"""The learner's exceptions, made again from what the sandbox says of them."""

import traceback

from autograder.judge import exceptions


def described(frames=(), cause=None, message="no"):
    return {
        "type": "ValueError", "class": 0, "shared": "", "bases": ["ValueError", "Exception"],
        "message": message, "arguments": (message,), "attributes": {}, "number": None,
        "cause": cause, "frames": list(frames),
    }  # fmt: skip


def test_an_exception_has_the_lines_of_the_learners_that_led_to_it():
    error = exceptions.exception(described([("cell", 3, "f", "return g()")]), None)
    (frame,) = traceback.extract_tb(error.__traceback__)
    assert (frame.lineno, frame.name, frame.line) == (3, "f", "return g()")


def test_of_many_frames_the_last_are_made():
    """Each takes as long as the file that it names is long: 800 kept a judge busy for 40 s."""
    many = [(f"file {number}", number + 1, "f", f"line {number}") for number in range(800)]
    frames = traceback.extract_tb(exceptions.exception(described(many), None).__traceback__)
    assert [each.line for each in frames] == [f"line {number}" for number in range(750, 800)]


def test_a_frame_far_down_in_a_file_takes_no_memory():
    error = exceptions.exception(described([("file", 10**12, "f", "line")]), None)
    assert all(each.lineno <= 100_000 for each in traceback.extract_tb(error.__traceback__))


def test_of_a_long_row_of_causes_the_first_are_made():
    cause = None
    for _ in range(100):
        cause = described(cause=cause)
    error, count = exceptions.exception(cause, None), 0
    while error is not None:
        error, count = error.__cause__, count + 1
    assert count == 4  # itself and three causes
