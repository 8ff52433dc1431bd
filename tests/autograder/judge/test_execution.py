"""A notebook in sandbox and judge: feedback, revival, what is recorded, working folders."""

import functools
import json
import warnings
from importlib import import_module

import nbformat
import pytest
from IPython.core.compilerop import code_name
from nbgrader.utils import determine_grade

from autograder.judge import instructor_side
from autograder.judge.caller import Caller
from autograder.judge.instructor_side import (
    GETS_PLAIN,
    LOST_ON_THE_WAY,
    ONLY_PLAIN,
    TOO_MANY_CALLS,
)
from autograder.judge.learner_side import LIVES, OUT_OF_LIVES, TOO_MUCH, LearnerSide
from autograder.sandbox.limits import Limits
from course import COURSE
from evidence import check_cells
from evidence.banks import bank
from evidence.equivalent import BY_RESULT
from tests.autograder.notebooks import FILES, check, executor, learner, shared
from tests.lanes import FIRST_FUNCTIONS, long_but, slow_but_some
from tests.yardstick import measured


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


# Feedback: a hidden test's message is shown, and never its source

SECRET = "74321"
HIDDEN = f"""
assert f(1) == 1
### BEGIN HIDDEN TESTS
assert f({SECRET}) == {SECRET}
### END HIDDEN TESTS
""".strip()
BETRAYALS = {
    "a wrong result": "def f(x): return 1",
    "an exception": "def f(x): return [0, 1][x]",
    "a warning": "import warnings\ndef f(x):\n    warnings.warn('look'); return 1",
    "a warning with a stack level": (
        "import warnings\ndef f(x):\n"
        "    for level in range(1, 30): warnings.warn('look', stacklevel=level)\n    return 1"
    ),
    "a warning at the test's line": (
        "import warnings\ndef f(x):\n"
        "    warnings.warn_explicit('look', UserWarning, NAME, 3); return 1"
    ),
    "a syntax error at the test's line": (
        "def f(x):\n    if x > 1: raise SyntaxError('look', (NAME, 3, 1, None))\n    return 1"
    ),
    "a syntax error without text": (
        "def f(x):\n    if x > 1:\n        e = SyntaxError('look')\n"
        "        e.filename, e.lineno = NAME, 3\n        raise e\n    return 1"
    ),
    "an indentation error at the test's line": (
        "def f(x):\n    if x > 1: raise IndentationError('look', (NAME, 3, 1, ''))\n    return 1"
    ),
    "a frame of the test's name": (
        "def f(x): return 1\n"
        "exec(compile('\\n\\ndef g(x):\\n    raise ValueError', NAME, 'exec'))\n"
        "def f(x):\n    if x > 1: g(x)\n    return 1"
    ),
    "its own traceback": (
        "class E(Exception):\n    def _render_traceback_(self): return [str(self.x)]\n"
        "def f(x):\n    if x > 1: raise E('look')\n    return 1"
    ),
    "an exception's notes": (
        "import inspect\ndef f(x):\n    if x > 1:\n        e = ValueError('look')\n"
        "        for k in inspect.stack(): e.add_note(str(k.code_context))\n        raise e\n"
        "    return 1"
    ),
    "a printed stack": (
        "import inspect, traceback, linecache\ndef f(x):\n    print(inspect.stack(), globals())\n"
        "    print(linecache.getlines(NAME)); traceback.print_stack(); return 1"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("code", BETRAYALS.values(), ids=BETRAYALS)
def test_a_hidden_test_is_not_betrayed_by(run, code):
    # The learner even knows the name that the judge has for the cell.
    names = [code_name(HIDDEN, number) for number in range(4)]
    for name in names:
        source = code.replace("NAME", repr(name))
        outputs = run(learner(source), check(HIDDEN)).executed.outputs[-1]
        shown = json.dumps(outputs)
        assert "in a hidden test" in shown
        assert f"f({SECRET})" not in shown and f"== {SECRET}" not in shown


@pytest.mark.slow
def test_the_message_of_a_hidden_test_is_shown(run):
    hidden = HIDDEN.replace(f"== {SECRET}", f"== {SECRET}, 'large numbers'")
    errors = run(learner("def f(x): return 1"), check(hidden)).errors()
    assert "AssertionError: large numbers" in errors and SECRET not in errors


def test_a_failed_visible_test_shows_its_line(run):
    assert (
        "in line 1: assert f(1) == 1" in run(learner("def f(x): return 2"), check(HIDDEN)).errors()
    )


def test_a_warning_of_a_hidden_line_shows_no_source(run):
    hidden = "### BEGIN HIDDEN TESTS\nimport warnings; warnings.warn('look') # SECRET\n"
    outcome = run(check(f"{hidden}assert 1 == 2 # SECRET\n### END HIDDEN TESTS"))
    assert "look" in outcome.printed(name="stderr")
    assert "SECRET" not in json.dumps(outcome.executed.outputs)
    assert warnings.formatwarning("a", UserWarning, __file__, 1, "source").endswith("source\n")


CREDIT = {
    "1": 1,
    "np.int64(1)": 1,
    "np.float64(0.5)": 0.5,
    "np.float32(0.5)": 0.5,
    "np.array(0.5)": 0.5,
    "np.array(1)": 1,
    "0": 0,
    "float('nan')": 0,
    "np.nan": 0,
    "np.float64('nan')": 0,
    "-1": 0,
    "np.int8(-1)": 0,
    "float('inf')": 0,
    "'a text'": 2,
    "None": 2,
}


@pytest.mark.parametrize(("value", "points"), slow_but_some(CREDIT.items()), ids=CREDIT)
def test_the_points_that_a_test_cell_gives_are_what_nbgrader_reads(run, value, points):
    outcome = run(check(f"import numpy as np\n{value}"))
    metadata = {"nbgrader": {"grade": True, "points": 2, "solution": False}}
    cell = nbformat.v4.new_code_cell(
        metadata=metadata,
    )
    cell.outputs = list(map(nbformat.from_dict, outcome.executed.outputs[0]))
    assert determine_grade(cell) == (points, 2)
    assert bool(outcome.executed.notes) == bool(outcome.executed.diagnoses["q"])
    if outcome.executed.notes:
        assert "points" in outcome.executed.notes[0] and points == 0


def test_what_a_learner_shows_has_no_escape_sequences_but_colours(run):
    code = "print('\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07 a\\x08b\\tc\\x00')\n1 / 0"
    outcome = run(learner(f"def f():\n    raise ValueError('\\x1b[2J')\n{code}"), check("f()"))
    assert outcome.printed(0) == "\x1b[31mred\x1b[0m  a\x08b\tc\n"
    assert "[2J" not in json.dumps(outcome.executed.outputs)
    for code in ("'\\x1b[31mx' * 2000", "'\\x1b[1;1Hx' * 2000", "'\\x1b' * 2000 + 'x' * 2000"):
        assert run(learner(f"print({code})")).printed(0) == "x" * 2000 + "\n"


@pytest.mark.slow
def test_what_all_cells_show_together_is_bounded(run):
    cells = [learner("print('x' * 300_000)") for _ in range(10)]
    limits = Limits(notebook_output_kb=1024)
    outcome = run(*cells, learner("def f(): return 1"), check("assert f() == 1"), limits=limits)
    assert len(json.dumps(outcome.executed.outputs)) < 1.1 * 1024**2
    assert outcome.errors() == "" and outcome.printed(0) == "x" * 300_000 + "\n"
    assert outcome.executed.notes == [TOO_MUCH]


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('x' * 40_000_000)",
        "raise ValueError(*range(1_000_000))",
        "raise ValueError([10**3000] * 10_000)",
        "raise type('E' * 5_000_000, (ValueError,), {})",
        "exec(compile('raise ValueError(1)', 'f' * 5_000_000, 'exec'))",
    ],
)
def test_a_long_exception_keeps_the_judge_busy_for_no_time(run, code):
    cells = learner(f"def f():\n    {code}"), check("f()")
    with measured() as judging:
        outcome = run(*cells, limits=Limits(memory_mb=1024))
    assert outcome.errors()
    assert len(json.dumps(outcome.executed.outputs)) < 100_000
    assert judging.work < 90  # 190 without a bound, where 30 are usual


def test_an_empty_result_of_full_arguments_is_reported_where_the_test_passes(run):
    test = "import numpy as np\nassert np.allclose(f(np.ones(shape)), np.ones((2, 3)))"
    empty, full = "def f(x): return np.empty((0, 1, 1))", "def f(x): return np.ones((2, 3))"
    for code, shape, reported in ((empty, 3, True), (full, 3, False), (empty, 0, False)):
        code = f"import numpy as np\n{code}"
        outcome = run(learner(code), check(test.replace("shape", str(shape))))
        assert outcome.errors() == ""
        assert [("an empty array" in note) for note in outcome.executed.notes] == [True] * reported


def test_a_count_that_no_notebook_may_have_loses_nothing(run):
    outcome = run(learner("get_ipython().execution_count = -5"), learner("3"), check("assert True"))
    result = outcome.executed.outputs[1][0]
    assert result["data"]["text/plain"] == "3" and result["execution_count"] is None
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[result])])
    nbformat.validate(notebook)


@pytest.mark.slow
def test_a_syntax_error_in_a_learners_cell_shows_where(run):
    errors = run(learner("x = 1\ndef f(:\n  pass")).errors()
    assert "SyntaxError" in errors and "def f(:" in errors


def test_outputs_can_be_written_whatever_the_learner_says(run):
    outcome = run(
        learner("def f(): raise ValueError('\\ud800' + 'x' * 3_000_000)\nprint('\\ud800')"),
        check("f()"),
        check("print('\\ud800')"),
    )
    written = nbformat.v4.new_notebook()
    for outputs in outcome.executed.outputs:
        nodes = [nbformat.from_dict(output) for output in outputs]
        written.cells.append(nbformat.v4.new_code_cell("", outputs=nodes))
    nbformat.validate(written)
    assert len(nbformat.writes(written).encode()) < 5_000_000


# Revival: what ends the process costs one question


def passed(outcome, *numbers):
    return [outcome.errors(number) == "" for number in numbers]


def test_a_cell_that_ends_its_process_costs_itself(run):
    outcome = run(
        learner("def f(): return 1"),
        learner("import os; os._exit(7)"),
        learner("def g(): return f() + 1"),
        check("assert f() == 1"),
        check("assert g() == 2"),
    )
    assert passed(outcome, 3, 4) == [True, True]
    assert "Your code ended its own process (exit code 7)" in outcome.errors(1)


def test_a_call_that_ends_its_process_costs_its_question(run):
    outcome = run(
        learner("import os\ndef f(): os._exit(7)\ndef g(): return 2"),
        check("try:\n    f()\nexcept RuntimeError:\n    pass\ng()"),
        check("assert g() == 2"),
        check("f()"),
        check("assert g() == 2"),
    )
    assert passed(outcome, 1, 2, 3, 4) == [False, True, False, True]
    assert "earlier in this cell" in outcome.errors(1)


def test_a_revival_writes_the_files_and_runs_the_cells_again(run):
    outcome = run(
        learner("import checks\ncount = 0\ncount += 1"),
        learner("count += 1"),
        learner("import os; os.kill(os.getpid(), 9)"),
        learner("print(count, checks.comparing.RTOL)"),
    )
    assert outcome.printed() == "2 0.0001\n"
    assert "SIGKILL" in outcome.errors(2)


@pytest.mark.slow
def test_a_revival_does_not_use_up_the_time_of_a_cell(run):
    outcome = run(
        *[learner("import time; time.sleep(1.1)")] * 3,
        learner("import os; os._exit(0)"),
        learner("print('there')"),
        limits=Limits(cell_seconds=3, notebook_seconds=60),
    )
    assert outcome.printed() == "there\n"


CALLS_BACK = "def f(g): return g()\ndef slow():\n    import time; time.sleep(1)"
TIMES = {
    "the test's own": ("import time; time.sleep(2); f(int)", True),
    "the calls' together": ("for _ in range(3): slow()", False),
    "a call back's": ("import time\nf(lambda: time.sleep(2))", False),
}


@pytest.mark.slow
@pytest.mark.parametrize(("test", "ends_well"), TIMES.values(), ids=TIMES)
def test_the_time_of_a_test_cell_is_that_of_the_learners_code(run, test, ends_well):
    cells = learner(CALLS_BACK), check(test), check("assert f(int) == 0")
    outcome = run(*cells, limits=Limits(cell_seconds=1.5, notebook_seconds=60))
    assert passed(outcome, 1, 2) == [ends_well, True]


def test_classes_still_work_after_a_revival(run):
    code = "class A:\n    def __init__(self): self.x = 1\nclass E(ValueError): pass\n"
    test = "assert A().x == 1\ntry:\n    f()\nexcept E:\n    pass"
    outcome = run(
        learner(f"{code}def f(): raise E"),
        check(test),
        learner("import os; os._exit(0)"),
        check(test),
    )
    assert passed(outcome, 1, 3) == [True, True]


def test_lives_are_counted(run):
    outcome = run(
        learner("def f(): return 1"),
        *[learner("import os; os._exit(0)")] * LIVES,
        learner("print('too late')"),
        check("assert f() == 1"),
        check("assert 1 == 1"),
    )
    assert "ended its process too often" in outcome.errors(LIVES + 1)
    assert outcome.executed.notes == [OUT_OF_LIVES]
    assert passed(outcome, LIVES + 2, LIVES + 3) == [False, True]


# Recordings: the calls of test cells that only use `check`, of the instructor's solution

COUNTED = "import functools; functools.times_run += 1\n"  # in all notebooks the same module
ALONE = (
    COUNTED + "for r in draws(3):\n    a = r.normal(size=3)\n    check(f, (a,), 2 * a)\nprint(1)"
)
RIGHT = "def f(a): return 2 * a"
COUNTING = "calls = []\ndef f(a):\n    calls.append(a)\n    n = len(calls)\n"
ANSWERS = {
    "right": RIGHT,
    "wrong": "def f(a): return 3 * a",
    "an exception": "def f(a): return a[7]",
    "printing": "def f(a):\n    print('hello'); return 2 * a",
    "printing to stderr, and wrong": (
        "import sys\ndef f(a):\n    print('hello', file=sys.stderr); return a"
    ),
    "changed arguments": "def f(a):\n    a *= 2\n    return a",
    "an array of objects": "def f(a): return a.astype(object)",
    "no function": "f = 3",
    "an object": "f = object()",
    "a class": "class f:\n    def __init__(self, a): pass",
    "not defined": "",
    "the end of its process": "import os\ndef f(a): os._exit(0)",
    "no end": "def f(a):\n    while True: pass",
    "an array that it uses again": ("r = np.zeros(3)\ndef f(a):\n    r[:] = 2 * a\n    return r"),
    "an exception at the third call": f"{COUNTING}    return [a][n == 3] * 2",
    "wrong at the second call": f"{COUNTING}    return a * (2 + (n == 2))",
    "printing at the third call": f"{COUNTING}    if n == 3: print(n)\n    return 2 * a",
    "wrong for some and printing for others": (
        "def f(a):\n    if a[0] < 0: return a\n    print(a)\n    return 2 * a"
    ),
    "printing and wrong at the third call": (
        f"{COUNTING}    if n == 3: print(n); return a\n    return 2 * a"
    ),
    "a warning at the second call": (
        f"{COUNTING}    import warnings\n    if n == 2: warnings.warn('look')\n    return 2 * a"
    ),
    "arguments that only the first call changes": (
        f"{COUNTING}    if n == 1: a[0] = 7; return a\n    return 2 * a"
    ),
    "changed arguments of a first call": (
        "kept = []\ndef f(a):\n    kept.append(a)\n    kept[0] += 1\n    return 2 * kept[-1]"
    ),
    "an argument of another shape": "def f(a):\n    r = 2 * a\n    a.shape = 3, 1\n    return r",
    "an argument of another size": (
        "def f(a):\n    r = 2 * a\n    a.resize(4, refcheck=False)\n    return r"
    ),
    "some changed arguments": "def f(a):\n    r = 2 * a\n    if a[0] < 0: a[0] = 0\n    return r",
    "a name that it defines at the second call": (
        f"{COUNTING}    global g\n    if n == 2: g = 1\n    return 2 * a"
    ),
    "a name in another's place at the second call": (
        f"{COUNTING}    global f\n    if n == 2: f = abs\n    return 2 * a"
    ),
    "an object at the third call": f"{COUNTING}    return 2 * a if n < 3 else object()",
    "no end at the third call": f"{COUNTING}    while n == 3: pass\n    return 2 * a",
}


@pytest.mark.parametrize(
    "use",
    [
        "import keras",
        "from keras.layers import LSTM\nimport tensorflow as tf",
        "import keras\nlayer = keras.layers.LSTM(3)",
        "from keras.layers import LSTM\nlayer = LSTM(3)",
        "from keras.layers import Layer\nclass Mine(Layer):\n    pass",
        "from keras import backend\nbackend.set_floatx('float32')",
    ],
)
def test_a_right_answer_beside_a_use_of_keras_keeps_its_points(run, use):
    answer = f"{use}\n\ndef double(x):\n    return 2 * x\n\nprint('not reached')"
    outcome = run(learner(answer), check("assert double(3) == 6"), solution=SOLUTION_OF_DOUBLE)
    assert outcome.errors() == ""
    used = use.count("\n") > 0 and "tensorflow" not in use
    assert ("is not there when your own code is graded" in outcome.errors(0)) == used


def test_an_answer_that_needs_keras_fails_and_says_why(run):
    answer = "import keras\n\ndef double(x):\n    return keras.ops.add(x, x)"
    outcome = run(learner(answer), check("assert double(3) == 6"))
    assert "is not there when your own code is graded" in outcome.errors()


SOLUTION_OF_DOUBLE = "def double(x):\n    return 2 * x"


@pytest.mark.slow
def test_what_a_locked_cell_defines_beside_what_is_withheld_is_there_for_the_learner(run):
    set_up = "import keras\nkeras.layers.LSTM\nimport numpy as np\nSCALE = 3"
    outcome = run(
        shared(set_up),
        learner("def f(x): return SCALE * np.abs(x)"),
        check("assert f(-2) == 6"),
        solution="def f(x): pass",
    )
    assert outcome.errors() == ""


def test_a_locked_cell_that_asks_what_was_checked_is_answered_by_the_judge(run):
    outcome = run(
        learner("def f(x): return x"),
        check("from checks import check\ncheck(f, (1,), 1)"),
        shared("from checks import records\nprint([*records._records])"),
        solution="def f(x): pass",
    )
    assert outcome.printed() == "['f']\n"


SET_UP = shared("from checks import check, draws")


def recorded(run, *cells, **options):
    """Record what test cells ask of the learner's code among the cells, as of a solution."""
    return run(*cells, record=True, **options).executed.recordings


def calls_in(recordings):
    """Leave out what says of cells that they get plain data."""
    return {key: data for key, data in recordings.items() if GETS_PLAIN not in key}


@pytest.fixture(scope="module")
def recordings(run):
    """The recordings of an assignment."""
    functools.times_run = 0
    return recorded(run, SET_UP, learner(RIGHT), check(ALONE), solution=RIGHT)


@pytest.mark.slow
@pytest.mark.parametrize("code", ANSWERS.values(), ids=ANSWERS)
def test_a_recorded_cell_says_what_the_cell_itself_would(run, recordings, code):
    cells = SET_UP, learner(code), check(ALONE)
    limits = Limits(cell_seconds=2)
    functools.times_run = 0
    expected = run(*cells, solution=RIGHT, limits=limits).executed
    options = {"solution": RIGHT, "limits": limits, "recordings": recordings}
    replayed = run(*cells, **options).executed
    assert replayed.outputs == expected.outputs
    assert replayed.diagnoses == expected.diagnoses


@pytest.mark.slow
def test_a_recorded_cell_is_not_run_again(run, recordings):
    functools.times_run = 0
    cells = SET_UP, learner(RIGHT), check(ALONE)
    outcome = run(*cells, solution=RIGHT, recordings=recordings)
    assert outcome.errors() == "" and outcome.printed() == "1\n"
    assert functools.times_run == 0


@pytest.fixture
def requests(monkeypatch):
    """List what the judge asks the learner's process to do."""
    kinds = []
    ask = LearnerSide.ask

    def observed(self, request, *further):
        kinds.append(request["do"])
        return ask(self, request, *further)

    monkeypatch.setattr(LearnerSide, "ask", observed)
    return kinds


def test_the_calls_of_a_recorded_cell_cross_together(run, recordings, requests):
    cells = SET_UP, learner(RIGHT), check(ALONE)
    assert run(*cells, solution=RIGHT, recordings=recordings).errors() == ""
    assert requests == ["calls"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "checked"),
    [(RIGHT, 2), ("def f(a): return a + a", 2), ("def f(a): return a * (2 + 1e-12)", 4)],
    ids=["the solution", "another way to the same bits", "other bits"],
)
def test_a_result_of_the_solutions_own_bits_is_not_checked_again(run, monkeypatch, code, checked):
    functools.times_run = 0
    test = ALONE.replace("draws(3)", "draws(4)")
    kept = recorded(run, SET_UP, learner(RIGHT), check(test), solution=RIGHT)
    calls = []
    call = Caller.call

    def observed(self, *arguments, **options):
        calls.append(arguments)
        return call(self, *arguments, **options)

    monkeypatch.setattr(Caller, "call", observed)
    outcome = run(SET_UP, learner(code), check(test), solution=RIGHT, recordings=kept)
    assert outcome.errors() == "" and outcome.printed() == "1\n"
    assert len(calls) == checked


SHAPES = """
import enum
from typing import NamedTuple

class Kind(enum.IntEnum):
    PLAIN = 1

class State(NamedTuple):
    h: object

    def doubled(self): return 2 * self.h
"""
ARGUMENTS = {
    "a named tuple": ("State(a)", "def f(s): return s.doubled()"),
    "a member of an enum": (
        "a, Kind.PLAIN",
        "def f(a, kind): return a * (1 + (kind is Kind.PLAIN))",
    ),
    "one array twice": ("a, a", "def f(a, b): return 2 * a if a is b else a + b + 1"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("given", "code"), ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize(
    "before",
    ["", "import shapes\nfor name in LISTED: delattr(shapes, name)\n"],
    ids=["known", "deleted"],
)
def test_a_call_ahead_gets_what_the_cell_itself_would_hand_over(run, given, code, before):
    set_up = shared(
        "from checks import check, draws\nimport shapes\nfrom shapes import Kind, State\n"
        "LISTED = ['Kind', 'State']"
    )
    test = check(f"for r in draws(3):\n    a = r.normal(size=3)\n    check(f, ({given},), 2 * a)")
    files = FILES | {"shapes.py": SHAPES.encode()}
    options = {"solution": code, "learners_files": files, "instructors_files": files}
    kept = recorded(run, set_up, learner(code), test, **options)
    assert len(calls_in(kept)) == 1
    expected = run(set_up, learner(before + code), test, **options).executed
    replayed = run(set_up, learner(before + code), test, recordings=kept, **options).executed
    assert replayed.outputs == expected.outputs
    assert before or not any(expected.diagnoses.values())


REBINDING = {
    "after a wrong result": "n += 1\n    if n == 2: g = abs\n    return 3 * a",
    "once, with changed arguments": "g, a[0] = g if n else abs, 7\n    n += 1\n    return 2 * a",
}


@pytest.mark.slow
@pytest.mark.parametrize("code", REBINDING.values(), ids=REBINDING)
def test_a_name_that_a_call_ahead_has_rebound_is_known_in_the_next_cell(run, code):
    solution = f"{RIGHT}\ndef g(): return 1"
    own = f"n = 0\ndef g(): return 1\ndef f(a):\n    global g, n\n    {code}"
    tests = check(ALONE), check("assert g() == 1", "g")
    functools.times_run = 0
    kept = recorded(run, SET_UP, learner(solution), *tests, solution=solution)
    for recordings in ({}, kept):
        outcome = run(
            SET_UP, learner(own), *tests, solution=solution, recordings=recordings
        ).executed
        assert all(outcome.diagnoses.values())


NOT_ALONE = {
    "one that catches errors": "try:\n    check(f, (1,), 2)\nexcept ValueError:\n    pass",
    "one with a context": "import contextlib\nwith contextlib.nullcontext(): check(f, (1,), 2)",
    "one with an assert of its own": "check(f, (1,), 2)\nassert f(2) == 4",
    "one that uses a value": "check(f, (1,), factor)",
    "one that uses a value that a call makes": "check(f, (1,), 2)\nassert called",
    "one that others take a name from": "size = 1\ncheck(f, (size,), 2)",
    "one that takes a name away": "del g\ncheck(f, (1,), 2)",
    "one that puts a value in a name's place": "factor = 2\ncheck(f, (1,), 2)",
    "one that shows what the learner prints": "check(f, (1,), 2)\ng()",
    "one that fails": "check(f, (1,), 3)",
    "one that changes what others use": "check(f, (1,), 2)\nlog.append(1)",
    "one that writes into what others use": "check(f, (1,), 2)\nlog[:] = [1]",
    "one that uses what another heard": "assert heard is None or heard == 6",
    "one that uses what a set-up heard": "assert set_up == 8",
    "one that uses what another added": "assert added == [2]",
    "one that reads a function's text": "check(f, (1,), 2)\nassert not f.__doc__",
    "one that reads a function's name": "check(f, (1,), 2)\nassert f.__name__ == 'f'",
    "one that finds a function by its name": "check(f, (1,), 2)\nassert globals()['f']",
    "one that finds a function elsewhere": "check(f, (1,), 2)\nnp.vectorize(f)",
    "one that takes the time": "import time\nbegin = time.time()\ncheck(f, (1,), 2)\nassert begin",
    "one that reads what is printed": "import sys\ncheck(f, (1,), 2)\nassert sys.stdout",
    "one that uses a module of the set-up": "check(f, (1,), 2)\nassert clock.time()",
    "one that uses a function of the set-up": "looked_at(f)\ncheck(f, (1,), 2)",
    "one that uses a function that knows the name": "look()\ncheck(f, (1,), 2)",
}


@pytest.mark.slow
@pytest.mark.parametrize("test", NOT_ALONE.values(), ids=NOT_ALONE)
def test_a_cell_is_not_recorded_if_it_is(run, test):
    code = (
        "factor = 2\ncalled = False\ndef g(): print('g')\n"
        "def f(a):\n    global called\n    called = True\n    return a * factor"
    )
    cells = (
        shared(
            "from checks import check, draws\nimport numpy as np\nimport time as clock\n"
            "log, added, heard = [], [], None"
            "\ndef looked_at(f): assert f\ndef look(): assert f"
        ),
        learner(code),
        shared("set_up = f(4)"),
        check("try:\n    added.append(f(1))\nexcept ValueError:\n    pass"),
        check("heard = f(3)", "a"),
        check(test),
        check("try:\n    log, size\nexcept NameError:\n    pass"),
    )
    assert calls_in(recorded(run, *cells, solution=code)) == {}


# It fails on the learner's side, so that the judge's output is shown.
MEASURED = "import functools\nfunctools.times_run += 1\nprint('runs:', functools.times_run)"
NOT_REPEATABLE = {
    "above a test": (shared(MEASURED), check(ALONE)),
    "told of by the learner": (shared(f"{MEASURED}\nprint(f(1.0))"),),
    "told of by a value of the learner's": (shared("y = f(1.0)"), shared(f"{MEASURED}\nprint(y)")),
    "what another cell needs": (shared(f"{MEASURED}\nz = 1"), shared("print(z)")),
    "the user of a function of another cell": (
        shared("def told(): return f(1.0)"),
        shared(f"{MEASURED}\nprint(told())"),
    ),
    "one that asks what was checked": (shared(f"from checks import check\n{MEASURED}"),),
    "one that looks at the notebook": (shared(f"{MEASURED}\nprint(len(globals()))"),),
}


def times_run(run, below, **options):
    """Count how often the judge runs MEASURED among cells below a test."""
    functools.times_run = 0
    cells = SET_UP, learner(RIGHT), check("assert f(1.0) == 2.0"), *below
    outcome = run(*cells, solution=RIGHT, **options)
    return functools.times_run, outcome


@pytest.mark.slow
def test_a_locked_cell_below_the_last_test_is_run_once_for_a_class(run):
    below = shared(MEASURED), shared("print('the end')")
    times, first = times_run(run, below, record=True)
    assert times == 1 and "runs: 1" in str(first.executed.outputs)
    times, again = times_run(run, below, recordings=first.executed.recordings)
    assert times == 0 and again.executed.outputs == first.executed.outputs
    _, failed = times_run(run, (shared(f"{MEASURED}\n1 / 0"),), record=True)
    assert "ZeroDivisionError" in failed.errors() and not calls_in(failed.executed.recordings)


@pytest.mark.slow
@pytest.mark.parametrize("below", NOT_REPEATABLE.values(), ids=NOT_REPEATABLE)
def test_a_locked_cell_is_run_for_each_learner_if_it_is(run, below):
    _, first = times_run(run, below, record=True)
    times, _ = times_run(run, below, recordings=first.executed.recordings)
    assert times == 1


def test_another_set_up_makes_another_cell(run, recordings):
    functools.times_run = 0
    other = shared("from checks import check, draws\nscale = 2")
    run(other, learner(RIGHT), check(ALONE), solution=RIGHT, recordings=recordings)
    assert functools.times_run == 1


def test_a_recording_is_the_instructors_alone(run):
    assert run(SET_UP, learner(RIGHT), check(ALONE)).executed.recordings == {}


def one_check(assignment, function, source):
    """The assignment's code cells up to the check of one function, and its answer."""
    cells, todo = [], check_cells.to_write(assignment)
    for grade_id, text in check_cells.cells(assignment).items():
        if grade_id in todo:
            own = check_cells.solution(assignment, grade_id)
            cells.append(learner(source if grade_id == function else own))
        elif not grade_id.endswith("-check"):
            cells.append(shared(text))
        elif grade_id == f"{function}-check":
            return [*cells, check(text, grade_id)]
    raise LookupError(function)


def data_of(assignment):
    """The data beside an assignment's notebook."""
    folder = COURSE / "exercises" / assignment
    paths = [path for path in (folder / "data").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "function"),
    long_but(
        FIRST_FUNCTIONS,
        [each for each in check_cells.graded_functions() if each not in BY_RESULT],
        pytest.mark.release,
    ),
)
def test_with_recordings_or_without_an_answer_is_graded_alike(run, requests, assignment, function):
    import_module("keras")  # a cell says so when it loads Keras, which this process does only once
    own = {
        name: check_cells.solution(assignment, name) for name in check_cells.to_write(assignment)
    }
    files = FILES | data_of(assignment)
    options = {"solution": "\n".join(own.values())}
    options |= {"learners_files": files, "instructors_files": files}
    recording = run(*one_check(assignment, function, own[function]), record=True, **options)
    recordings = recording.executed.recordings
    assert len(calls_in(recordings)) == 1 and not any(recording.executed.diagnoses.values())
    requests.clear()
    run(*one_check(assignment, function, own[function]), recordings=recordings, **options)
    assert requests == ["calls"]
    entries = [each for part in bank(assignment) for each in part if each.function == function]
    for entry in entries[:: len(entries) // 4 + 1]:
        cells = one_check(assignment, function, entry.source(own[function]))
        expected = run(*cells, **options).executed
        replayed = run(*cells, recordings=recordings, **options).executed
        assert replayed.diagnoses == expected.diagnoses, entry.name
        (test,) = [number for number, cell in enumerate(cells) if cell.side == "test"]
        assert replayed.outputs[test] == expected.outputs[test], entry.name


# Folders


def test_each_side_has_a_working_folder_with_its_files(run):
    outcome = run(
        learner("open('mine.txt', 'w').write('x'); import os; print(sorted(os.listdir('.'))[-1])"),
        check("import os; assert not os.path.exists('mine.txt') and os.path.exists('checks')"),
    )
    assert outcome.printed(0) == "mine.txt\n"
    assert outcome.errors() == ""


def test_a_file_of_the_learners_is_no_module_of_the_judge(run):
    outcome = run(
        learner("open('random.py', 'w').write('x'); open('checks/__init__.py', 'w').write('')"),
        check("import random, checks; assert random.random and checks.check"),
    )
    assert outcome.errors() == ""


def test_nothing_of_one_notebook_reaches_the_next(run):
    run(learner("x = 1\nopen('file', 'w')"), check("y = 2\nopen('mine', 'w')\nx"))
    outcome = run(
        learner("import os\nos.stat('file')"), check("x"), check("y"), check("open('mine')")
    )
    assert passed(outcome, 0, 1, 2, 3) == [False] * 4


# What could not cross


@pytest.mark.slow
@pytest.mark.parametrize(
    "test",
    [
        "assert f() == 1",
        "try:\n    f()\nexcept Exception:\n    assert False, 'it raises'",
        "import unittest\nunittest.TestCase().assertEqual(f(), 1)",
    ],
)
def test_a_human_hears_of_a_test_that_failed_since_something_could_not_cross(run, test):
    outcome = run(learner("def f(): return object()"), check(test))
    assert outcome.executed.diagnoses == {"q": "error"}
    assert outcome.executed.notes == [LOST_ON_THE_WAY.format("q")]
    assert run(learner("def f(): raise TypeError('no')"), check(test)).executed.notes == []


@pytest.mark.parametrize(
    "line",
    [
        *("%autosave 60", "%clear", "%connect_info", "%qtconsole"),
        "import faulthandler; faulthandler.enable()",
        "import subprocess, sys; subprocess.run(['echo', 'x'], stdout=sys.stdout, check=True)",
    ],
)
def test_a_cell_that_uses_what_a_kernel_has_goes_on(run, line):
    outcome = run(learner(f"{line}\ndef f(): return 1"), check("assert f() == 1"))
    assert outcome.errors(0) == outcome.errors() == ""


GRAPH = "class Graph(dict):\n    def neighbours(self, node): return self[node]\n"


@pytest.mark.slow
def test_a_human_hears_of_a_test_that_missed_what_a_class_adds_to_a_plain_kind(run):
    test = "assert f().neighbours(1) == [2]"
    outcome = run(learner(f"{GRAPH}def f(): return Graph({{1: [2]}})"), check(test))
    assert outcome.executed.diagnoses == {"q": "error"}
    assert outcome.executed.notes == [ONLY_PLAIN.format("q", "neighbours")]
    assert run(learner("def f(): return {1: [2]}"), check(test)).executed.notes == []


@pytest.mark.slow
def test_a_human_hears_of_a_test_whose_calls_alone_took_too_long(run, monkeypatch):
    monkeypatch.setattr(instructor_side, "MANY_CALLS", 100)  # so few that any machine makes them
    steps = learner("def f():\n    while True: yield 1")
    outcome = run(steps, check("for _ in f(): pass"), limits=Limits(cell_seconds=3))
    (note,) = outcome.executed.notes
    beginning, end = TOO_MANY_CALLS.format("q", 0).split("0")
    assert note.startswith(beginning) and note.endswith(end)
    endless = learner("def f():\n    while True: pass")
    assert not run(endless, check("f()"), limits=Limits(cell_seconds=1)).executed.notes


@pytest.mark.slow
def test_the_notes_of_both_sides_stand_in_the_order_of_the_cells(run):
    lost, much = check("assert f() == 1"), learner("print('x' * 300_000)")
    cells = [learner("def f(): return object()"), lost, *[much] * 2, lost]
    notes = run(*cells, limits=Limits(notebook_output_kb=400)).executed.notes
    assert notes == [LOST_ON_THE_WAY.format("q"), TOO_MUCH, LOST_ON_THE_WAY.format("q")]
