"""What could not cross is never taken for what the answer did."""

import pytest

from tests.autograder.notebooks import check, executor, learner, shared


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


MONEY = """
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __add__(self, other):
        {add}
        return Money(self.cents + other.cents)
    def __lt__(self, other):
        {lt}
        return self.cents < other.cents
    def __contains__(self, other):
        {lt}
        return True
"""
REFUSES = {
    "add": "if not isinstance(other, Money): return NotImplemented",
    "lt": "if not isinstance(other, Money): raise TypeError('no money')",
}
MUST_RAISE = {
    "a sum": ("with pytest.raises(TypeError): Money(1) + 5", "add"),
    "a sum the other way": ("with pytest.raises(TypeError): 5 + Money(1)", "none"),
    "an order": ("with pytest.raises(TypeError): Money(1) < 3", "lt"),
    "membership": ("with pytest.raises(TypeError): 3 in Money(1)", "lt"),
    "unittest": ("unittest.TestCase().assertRaises(TypeError, lambda: Money(1) + 5)", "add"),
    "by hand": ("try:\n    Money(1) < 3\nexcept TypeError: pass\nelse: raise AssertionError", "lt"),
}
WRONG = ("return 'error'", "return None", "return 6", "return True", "return False")


@pytest.mark.parametrize("name", MUST_RAISE)
def test_an_operator_raises_where_the_learners_does(run, name):
    test, operator = MUST_RAISE[name]
    cell = check(f"import pytest, unittest\n{test}")
    assert not run(learner(MONEY.format(**REFUSES)), cell).errors()
    for wrong in WRONG if operator in REFUSES else ():
        assert run(learner(MONEY.format(**{**REFUSES, operator: wrong})), cell).errors()


CAUGHT = {
    "an argument": "with pytest.raises(TypeError): f(object())",
    "any exception": "with pytest.raises(Exception): f(object())",
    "a result": "with pytest.raises(Exception): f(1)",
    "an attribute": "with pytest.raises(Exception): v.x = object()",
    "an operator": "with pytest.raises(Exception): f(2) + 5",
}


@pytest.mark.parametrize("name", CAUGHT)
def test_a_test_that_catches_what_could_not_cross_does_not_pass(run, name):
    source = (
        "class V:\n    def __add__(self, other): return 7\n"
        "def f(x):\n    return __import__('sys').modules['sys'] if x == 1 else V()"
    )
    outcome = run(learner(source), check(f"import pytest\nv = V()\n{CAUGHT[name]}"))
    assert outcome.errors()
    assert "right answer may have lost points" in outcome.executed.notes[0]


PASSING = {
    "a generator expression": (
        "def f(n): return (i for i in range(n))",
        "import inspect, types\ng = f(3)\nassert isinstance(g, types.GeneratorType)\n"
        "assert inspect.isgenerator(g) and list(g) == [0, 1, 2]",
    ),
    "a node, for membership": (
        "class Tree:\n    def __contains__(self, x): return [x] if x > 2 else None",
        "assert 3 in Tree() and 2 not in Tree()",
    ),
    "arrays of objects": (
        "import numpy as np\ndef f(k):\n    return [np.array([[1, 2], [3]], dtype=object),\n"
        "        np.array([['a', None], [2.5, (1,)]], dtype=object), np.empty((0, 2), object)][k]",
        "import numpy as np\nassert f(0).shape == (2,) and list(f(0)) == [[1, 2], [3]]\n"
        "assert f(1).tolist() == [['a', None], [2.5, (1,)]] and f(2).shape == (0, 2)\n"
        "assert np.array_equal(f(1)[:, 0], np.array(['a', 2.5], dtype=object))",
    ),
    "an array of objects that is changed": (
        "def f(a): a[0] = 'changed'",
        "import numpy as np\na = np.array([[1], {2: 3}, None], dtype=object)\nf(a)\n"
        "assert a.tolist() == ['changed', {2: 3}, None]",
    ),
    "what columns hold": (
        "import pandas as pd\n"
        "frame = pd.DataFrame({'a': ['x', 'y', 'x', None], 'n': [1, 2, 3, 4]})\n"
        "def f(): return frame.a.unique(), frame.a.values, frame.a.to_numpy(), frame.values[0]\n"
        "def g(): return frame.a.astype('category').values, pd.array([1, None], dtype='Int64')",
        "import pandas as pd\nunique, values, plain, row = f()\n"
        "assert list(unique[:2]) == ['x', 'y'] and pd.isna(unique[2]) and len(unique) == 3\n"
        "assert type(values) is type(pd.Series(['x']).values)\n"
        "assert list(plain[:3]) == ['x', 'y', 'x']\n"
        "assert list(row) == ['x', 1]\nkinds, whole = g()\n"
        "assert list(kinds.categories) == ['x', 'y'] and whole[1] is pd.NA and whole.sum() == 1",
    ),
    "a zone by name": (
        "from datetime import datetime\nfrom zoneinfo import ZoneInfo\n"
        "def f(zone): return datetime(2026, 7, 1, 12, tzinfo=ZoneInfo(zone))",
        "from datetime import datetime, timezone\n"
        "assert f('UTC') == datetime(2026, 7, 1, 12, tzinfo=timezone.utc)\n"
        "assert f('Europe/Paris') == datetime(2026, 7, 1, 10, tzinfo=timezone.utc)\n"
        "assert f('Europe/Paris').tzname() == 'CEST'",
    ),
    "a zone of dateutil": (
        "from datetime import datetime\nfrom dateutil import tz\n"
        "def f(): return {datetime(2026, 7, 1, tzinfo=tz.tzutc()): 1}",
        "from datetime import datetime, timezone\n"
        "assert f()[datetime(2026, 7, 1, tzinfo=timezone.utc)] == 1",
    ),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_right_answer_passes(run, name):
    source, test = PASSING[name]
    outcome = run(learner(source), check(test))
    assert not outcome.errors() and not outcome.executed.notes


def test_a_time_that_cannot_cross_costs_its_test_alone(run):
    source = (
        "from datetime import time\nfrom zoneinfo import ZoneInfo\n"
        "def f(): return time(12, tzinfo=ZoneInfo('Europe/Paris'))\ndef g(): return 1"
    )
    cells = [check("assert f().hour == 12", f"q{number}") for number in range(5)]
    outcome = run(learner(source), *cells, check("assert g() == 1"))
    assert "depends on the date" in outcome.errors(1)
    assert not outcome.errors()


MATRIX = """
import functools
from dataclasses import dataclass
from typing import Callable
class Matrix:
    def __init__(self, rows): self.rows = rows
    def equals(self, other): return self.rows == other.rows
    @classmethod
    def name(cls): return cls.__name__
    @functools.cached_property
    def size(self): return len(self.rows)
@dataclass
class Step:
    action: Callable = len
"""
FORGED = ("m.equals = lambda other: True", "m.equals = str", "m.__dict__['size'] = 7",
          "m.name = lambda: 'Vector'")  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_no_attribute_stands_in_front_of_a_method_of_the_instructors_class(run, forged):
    source = f"def f():\n    m = Matrix([0])\n    {forged}\n    return m\ndef g(): return Step(int)"
    test = (
        "m = f()\nassert not m.equals(Matrix([1])) and m.size == 1 and m.name() == 'Matrix'\n"
        "assert m.equals(Matrix([0])) and g().action is int"
    )
    assert not run(shared(MATRIX), learner(source), check(test)).errors()
