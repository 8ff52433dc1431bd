"""The learner's exceptions, made again from what the sandbox says of them."""

import traceback

import pytest

from autograder.judge import exceptions
from tests.autograder.notebooks import check, executor, learner, shared


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


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


FUNDS = (
    "class Funds(Exception):\n    code = 402\n    def __init__(self, n): self.n = n\n"
    "    def __str__(self): return f'only {self.n} left'\n"
    "    @property\n    def twice(self): return 2 * self.n\n    def describe(self): return 'x'\n"
    "def f(): raise Funds(5)"
)
PARSE = (
    "class ParseError(SyntaxError):\n    def __init__(self, text, lineno):\n"
    "        super().__init__(text)\n        self.lineno = lineno\n"
    "def f(): raise ParseError('no end', 7)"
)
RAISED = {
    "a text of its own": (FUNDS, "Funds", "str(e) == 'only 5 left' and e.args == (5,)"),
    "one where no name is known": (FUNDS, "Exception", "str(e) == f'{e}' == 'only 5 left'"),
    "a text with spaces": ("def f(): raise ValueError(' x ')", "ValueError", "str(e) == ' x '"),
    "one that a base defines": (
        f"{FUNDS}\nclass More(Funds): pass\ndef f(): raise More(6)",
        "Funds",
        "str(e) == 'only 6 left' and type(e).__name__ == 'More' and e.code == 402",
    ),
    "the cause's": (
        f"{FUNDS}\nold = f\ndef f():\n    try: old()\n"
        "    except Funds as e: raise ValueError('x') from e",
        "ValueError",
        "str(e.__cause__) == 'only 5 left'",
    ),
    "an attribute of its class": (FUNDS, "Funds", "e.code == 402 and e.n == 5"),
    "a property": (FUNDS, "Funds", "e.twice == 10"),
    "a property that fails": (
        FUNDS.replace("return 2 * self.n", "raise KeyboardInterrupt"),
        "Funds",
        "not hasattr(e, 'twice') and e.code == 402",
    ),
    "an attribute in place of Python's": (PARSE, "ParseError", "e.lineno == 7"),
    "its class's, in place of Python's": (
        "class Lost(OSError): errno = 99\ndef f(): raise Lost('x')",
        "OSError",
        "e.errno == 99 and str(e) == 'x'",
    ),
    "what Python keeps beside the arguments": (
        "def f(): open('no such file')",
        "FileNotFoundError",
        "e.filename == 'no such file' and 'no such file' in str(e)",
    ),
    "the limit, beside what Python keeps": (
        "def f(): raise OSError(28, 'full', 'data.txt')",
        "OSError",
        "(e.errno, e.filename) == (28, 'data.txt') and 'your files may have' in str(e)",
    ),
    "the limit, where the class hides the words": (
        "class E(OSError): strerror = property(lambda self: 1 / 0)\ndef f(): raise E(28, 'full')",
        "OSError",
        "'your files may have' in str(e)",
    ),
    "the second base": (
        "import numpy as np\ndef f(): np.zeros((2, 2)).sum(axis=5)",
        "IndexError",
        "isinstance(e, ValueError) and 'axis 5' in str(e)",
    ),
    "the second of its own": (
        "class E(ArithmeticError, ValueError): pass\ndef f(): raise E('x')",
        "ValueError",
        "isinstance(e, E) and isinstance(e, ArithmeticError) and str(e) == 'x'",
    ),
    "the second of a base": (
        "class A(KeyError): pass\nclass E(A, ValueError): pass\ndef f(): raise E('x')",
        "ValueError",
        "isinstance(e, A) and isinstance(e, KeyError) and str(e) == repr('x')",
    ),
    "NumPy's own": (
        "import numpy as np\ndef f(): np.linalg.inv(np.zeros((2, 2)))",
        "np.linalg.LinAlgError",
        "str(e) == 'Singular matrix'",
    ),
    "NumPy's own, derived": (
        "import numpy as np\nclass E(np.linalg.LinAlgError): pass\ndef f(): raise E('x')",
        "np.linalg.LinAlgError",
        "isinstance(e, E)",
    ),
    "that of a frozen dataclass": (
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass P:\n    x: int = 1\n"
        "def f(): P().x = 2",
        "dataclasses.FrozenInstanceError",
        "isinstance(e, AttributeError)",
    ),
    "json's": (
        "import json\ndef f(): json.loads('{')",
        "json.JSONDecodeError",
        "(e.pos, e.lineno, e.doc) == (1, 1, '{')",
    ),
    "one derived from a class that both sides know": (
        "class E(Shared):\n    pass\ndef f(): raise E('x')",
        "Shared",
        "isinstance(e, E) and e.help() == 'no'",
    ),
    "one that both sides know, with a value of its own": (
        "def f():\n    error = Shared('x')\n    error.level = 2\n    raise error",
        "Shared",
        "e.level == 2 and Shared.level == 1",
    ),
}


@pytest.mark.parametrize(("code", "kind", "holds"), RAISED.values(), ids=list(RAISED))
def test_a_test_sees_of_an_exception_what_it_sees_in_one_process(run, code, kind, holds):
    known = "class Shared(ValueError):\n    level = 1\n    def help(self): return 'no'"
    test = (
        "import dataclasses, json\nimport numpy as np\n"
        f"try: f()\nexcept {kind} as e: assert {holds}\nelse: assert False"
    )
    assert not run(shared(known), learner(code), check(test)).errors()


REFUSED = {
    "a diagnosis": "diagnosis = 'right'",
    "a method": "def compare(self): return True",
    "what Python calls": "_render_traceback_ = property(lambda self: ['<b>'])",
    "what all have": "args = with_traceback = 1",
    "what is too large": "table = 'x' * 1_000_000",
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=list(REFUSED))
def test_an_exception_brings_nothing_that_decides_anything(run, line):
    code = f"class E(Exception):\n    {line}\ndef f(): raise E('x')"
    names = ("diagnosis", "compare", "_render_traceback_", "table")
    test = (
        f"try: f()\nexcept E as e:\n    assert not any(hasattr(e, name) for name in {names})\n"
        "    assert e.args == ('x',) and callable(e.with_traceback)"
    )
    assert not run(learner(code), check(test)).errors()


def test_no_second_base_ends_a_loop():
    names = ["__main__:E", "ValueError", "StopIteration", "Exception", "BaseException", "object"]
    assert exceptions.bases(names) == (ValueError,)


def test_bases_that_python_cannot_join_are_left_out():
    """A learner's process that says such a thing is no program of ours."""
    forged = {**described(), "type": "E", "bases": ["OSError", "SyntaxError", "ImportError"]}
    error = exceptions.exception(forged, None)
    assert isinstance(error, OSError) and str(error) == "no"
