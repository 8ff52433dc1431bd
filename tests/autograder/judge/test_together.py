"""Tests in the learner's process: what they can do there, and what bounds them."""

import json

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.judge.hidden_lines import IN_PLACE
from autograder.judge.learner_side import LONGEST_DIAGNOSIS, NOT_KEPT
from autograder.sandbox.limits import Limits
from tests.autograder.notebooks import check, executor, learner, shared, together


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


def score(outcome, number=-1, points=4):
    """Return the points that nbgrader gives for a cell's outputs."""
    outputs = [nbformat.from_dict(each) for each in outcome.executed.outputs[number]]
    metadata = {"grade": True, "solution": False, "points": points, "grade_id": "q"}
    cell = nbformat.v4.new_code_cell("", outputs=outputs, metadata={"nbgrader": metadata})
    return determine_grade(cell)[0]


NEEDS_THE_PROCESS = {
    "a function of Python's own that is replaced": (
        "def greet():\n    return f'Hello, {input()}'",
        "def greet():\n    return 'Hello'",
        "from unittest.mock import patch\n"
        "with patch('builtins.input', return_value='Ada'):\n    assert greet() == 'Hello, Ada'",
    ),
    "an exchanged stream": (
        "def table():\n    print(1, 2)",
        "def table():\n    print(1)",
        "import io, sys\nbefore, sys.stdout = sys.stdout, io.StringIO()\ntry:\n    table()\n"
        "    shown = sys.stdout.getvalue()\nfinally:\n    sys.stdout = before\n"
        "assert shown == '1 2\\n'",
    ),
    "the text of an earlier cell": (
        "total = sum(n for n in range(9))",
        "total = 36",
        "assert 'for' in In[-2]",
    ),
    "the value of an earlier cell": ("6 * 7", "6 * 6", "assert _ == 42"),
    "axes": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])\n"
        "ax.set_title('Heights')",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()",
        "assert ax.get_title() == 'Heights'\nassert list(ax.lines[0].get_ydata()) == [3, 4]",
    ),
    "objects that do not cross": (
        "class Tree:\n    def __init__(self, *below):\n        self.below = below\n"
        "def grow(n):\n    return Tree(grow(n - 1)) if n else Tree()",
        "class Tree:\n    below = ()\ndef grow(n):\n    return Tree()",
        "assert len(grow(2).below[0].below) == 1",
    ),
    "a file that was written": (
        "with open('out.txt', 'w') as file:\n    file.write('done')",
        "pass",
        "assert open('out.txt').read() == 'done'",
    ),
    "a database in a file": (
        "import sqlite3\nwith sqlite3.connect('a.db') as db:\n"
        "    db.execute('create table t (x)')\n    db.execute('insert into t values (3)')",
        "import sqlite3\nsqlite3.connect('a.db')",
        "import sqlite3\n"
        "assert sqlite3.connect('a.db').execute('select x from t').fetchall() == [(3,)]",
    ),
    "code with await": (
        "import asyncio\nasync def wait():\n    await asyncio.sleep(0)\n    return 1",
        "async def wait():\n    return 0",
        "assert await wait() == 1",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", NEEDS_THE_PROCESS)
def test_a_test_can_do_what_needs_the_learners_process(run, what):
    right, wrong, test = NEEDS_THE_PROCESS[what]
    outcome = run(learner(right), together(test))
    assert not outcome.errors()
    assert outcome.executed.diagnoses == {"q": ""}
    assert outcome.executed.together == ("q",)
    assert run(learner(wrong), together(test)).executed.diagnoses == {"q": "error"}


@pytest.mark.slow
def test_cells_run_in_the_order_of_the_notebook_and_leave_to_each_other_what_they_define(run):
    outcome = run(
        shared("BASE = 10"),
        learner("def f(x): return BASE + x"),
        together("expected = f(1)\nassert expected == 11", "one"),
        check("assert f(2) == 12", "two"),
        learner("f = None"),
        together("assert f is None and expected == 11", "three"),
    )
    assert outcome.executed.diagnoses == {"one": "", "two": "", "three": ""}
    assert outcome.executed.together == ("one", "three")


@pytest.mark.slow
def test_a_split_test_keeps_its_verdict_whatever_is_done_in_the_learners_process(run):
    cheat = "def f(x): return 1\nget_ipython().run_cell = lambda *_, **__: get_ipython().none"
    cheat += (
        "\nclass none:\n    error_before_exec = error_in_exec = None\nget_ipython().none = none"
    )
    outcome = run(
        learner(cheat), together("assert f(2) == 2", "forged"), check("assert f(2) == 2", "split")
    )
    assert outcome.executed.diagnoses == {"forged": "", "split": "error"}


def test_a_test_gives_a_part_of_the_points(run):
    outcome = run(learner("x = 3"), together("points = 1.5 if x == 3 else 0\npoints"))
    assert score(outcome) == 1.5
    assert outcome.executed.diagnoses == {"q": ""}


@pytest.mark.parametrize("points", ["float('nan')", "-1", "__import__('numpy').float64('inf')"])
def test_points_that_are_none_are_an_error_and_need_a_human(run, points):
    outcome = run(learner("x = 3"), together(points))
    assert score(outcome) == 0
    assert outcome.executed.diagnoses == {"q": "error"}
    assert outcome.executed.notes[0].startswith("q: the test gave")


def test_the_diagnosis_of_a_check_arrives_cut(run):
    raising = "class Wrong(Exception):\n    diagnosis = {!r}\nraise Wrong('no')"
    outcome = run(together(raising.format("off by one")), together(raising.format("x" * 999), "w"))
    assert outcome.executed.diagnoses == {"q": "off by one", "w": "x" * LONGEST_DIAGNOSIS}


@pytest.mark.parametrize("diagnosis", ["['a list']", "b'bytes'", "property(lambda self: 1 / 0)"])
def test_a_diagnosis_that_is_no_text_is_an_error(run, diagnosis):
    source = f"class Wrong(Exception):\n    diagnosis = {diagnosis}\nraise Wrong('no')"
    assert run(together(source)).executed.diagnoses == {"q": "error"}


@pytest.mark.slow
def test_a_test_has_the_limits_of_a_cell(run):
    limits = Limits(cell_seconds=3, notebook_seconds=60, memory_mb=512, output_kb=8)
    outcome = run(
        learner("def f():\n    while True: pass\ndef g():\n    print('x' * 99_999)"),
        together("f()", "endless"),
        together("g()", "flood"),
        together("assert True", "after"),
        limits=limits,
    )
    assert outcome.executed.diagnoses == {"endless": "error", "flood": "error", "after": ""}
    assert "ran too long" in outcome.errors(1)
    assert "more than 8 KB" in outcome.errors(2)


def test_a_test_that_ends_the_process_fails_and_the_next_one_runs(run):
    outcome = run(
        learner("import os\ndef f(): os._exit(0)"), together("f()", "end"), together("1", "next")
    )
    assert outcome.executed.diagnoses == {"end": "error", "next": ""}
    assert "ended its own process" in outcome.errors(1)


@pytest.mark.slow
@pytest.mark.parametrize("test", ["assert False", "2"])
def test_a_test_whose_outcome_could_not_be_kept_gives_no_points(run, test):
    flood = learner("print('x' * 3000)")
    outcome = run(flood, together(test), limits=Limits(memory_mb=512, notebook_output_kb=1))
    assert score(outcome) == 0
    assert NOT_KEPT[1:] in outcome.errors()


HIDDEN = (
    "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(74321) == 'a \"b\" c'\n"
    '"""Your function should\nsay why"""\n### END HIDDEN TESTS'
)
READERS = {
    "its history": "def f(x):\n    print(In[-1])\n    return 1",
    "its history as one text": "def f(x):\n    print(repr(In), [In])\n    return 1",
    "the history as JSON": "import json\ndef f(x):\n    print(json.dumps(In))\n    return 1",
    "a frame": (
        "import sys, linecache\ndef f(x):\n    name = sys._getframe(1).f_code.co_filename\n"
        "    raise ValueError(''.join(linecache.getlines(name)))"
    ),
    "a result": "def f(x):\n    if x == 1: return 1\n    display(In[-1])",
}


@pytest.mark.slow
@pytest.mark.parametrize("how", READERS)
def test_no_line_of_a_hidden_test_is_shown_by_code_that_reads_it(run, how):
    outcome = run(learner(READERS[how]), together(HIDDEN))
    shown = json.dumps(outcome.executed.outputs)
    assert "74321" not in shown
    assert IN_PLACE in shown


def test_no_line_of_a_hidden_test_is_shown_later(run):
    outcome = run(learner("def f(x): return 1"), together(HIDDEN), learner("print(In)"))
    assert "74321" not in outcome.printed()
    assert IN_PLACE in outcome.printed()


def test_a_message_of_several_lines_is_shown(run):
    test = (
        "### BEGIN HIDDEN TESTS\nassert f(74321) == 2, '''Wrong for large numbers:\n"
        "look at the last digit\nof what comes out'''\n### END HIDDEN TESTS"
    )
    for cell in (together(test), check(test)):
        message = run(learner("def f(x): return 1"), cell).errors()
        assert "look at the last digit" in message
        assert "74321" not in message


def test_a_library_that_quotes_the_line_of_a_test_quotes_no_hidden_one(run):
    test = (
        "import unittest\n### BEGIN HIDDEN TESTS\nclass T(unittest.TestCase):\n"
        "    def test(self):\n        self.assertEqual(f(74321), 2)\n### END HIDDEN TESTS\n"
        "unittest.main(argv=[''], exit=False)"
    )
    for cell in (together(test), check(test)):
        outcome = run(learner("def f(x): return 1"), cell)
        assert "74321" not in json.dumps(outcome.executed.outputs)
        assert "1 != 2" in outcome.printed(name="stderr")
