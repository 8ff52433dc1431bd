"""What test cells do with the learner's functions, values and classes, through their stand-ins."""

import textwrap

import pytest

from autograder.sandbox.limits import Limits
from tests.autograder.notebooks import check, executor, learner, shared
from tests.lanes import slow_but_some


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


PASSING = {
    "a function": ("def f(x): return 2 * x", "assert f(3) == 6"),
    "keyword arguments and defaults": (
        "def f(a, /, b=2, *, c=3, **more): return a, b, c, more",
        "assert f(1) == (1, 2, 3, {})\nassert f(1, c=5, d=6) == (1, 2, 5, {'d': 6})",
    ),
    "any number of arguments": ("def f(*a): return len(a)", "assert f(1, 2, 3) == 3"),
    "tuples, dicts and None": (
        "def f(x): return {'x': x, 'none': None, (1, 2): [x]}",
        "assert f((1,)) == {'x': (1,), 'none': None, (1, 2): [(1,)]}",
    ),
    "a lambda": ("f = lambda x: x + 1", "assert f(1) == 2"),
    "its name and text": (
        'def f(x):\n    """Do it."""',
        "assert f.__name__ == 'f' and f.__doc__ == 'Do it.'",
    ),
    "a value": ("answer = {'a': [1, 2]}", "assert answer == {'a': [1, 2]}"),
    "a value that a later test sees": ("answer = 1", "assert answer == 1"),
    "a global value that a call changes": (
        "balance = 0\ndef deposit(n):\n    global balance\n    balance += n",
        "assert balance == 0\ndeposit(5)\nassert balance == 5",
    ),
    "a global value that a call makes": (
        "def deposit(n):\n    global balance\n    balance = n",
        "deposit(5)\nassert balance == 5",
    ),
    "a global list that a call adds to": (
        "seen = []\ndef see(n): seen.append(n)",
        "see(5)\nassert seen == [5]\nsee(6)\nassert seen == [5, 6]",
    ),
    "a generator": (
        "def f(n):\n    for k in range(n): yield k",
        "assert list(f(3)) == [0, 1, 2]\nassert next(f(1)) == 0",
    ),
    "a generator that is sent values": (
        "def f():\n    got = yield 1\n    yield got",
        "g = f()\nassert next(g) == 1 and g.send(7) == 7\ng.close()\nassert list(g) == []",
    ),
    "a generator without an end": (
        "def f():\n    k = 0\n    while True:\n        k += 1\n        yield k",
        "assert [value for value, _ in zip(f(), range(3))] == [1, 2, 3]",
    ),
    "an iterator as a value": ("lines = iter([1, 2])", "assert list(lines) == [1, 2]"),
    "a generator handed to a function": (
        "def f():\n    yield 1\n    yield 2\ndef total(numbers): return sum(numbers)",
        "assert total(f()) == 3",
    ),
    "a function handed to a function": (
        "def twice(f, x): return f(f(x))\ndef more(x): return x + 1",
        "assert twice(more, 1) == 3",
    ),
    "an instance": (
        "class Account:\n"
        "    bank = 'B'\n"
        "    def __init__(self, balance=0): self.balance = balance\n"
        "    def deposit(self, n):\n        self.balance += n\n        return self.balance",
        "a = Account(balance=2)\nassert a.balance == 2 and a.bank == 'B'\n"
        "assert a.deposit(3) == 5\na.balance = 9\nassert a.deposit(1) == 10\n"
        "assert isinstance(a, Account) and Account().balance == 0",
    ),
    "operators among instances": (
        "class V:\n"
        "    def __init__(self, x): self.x = x\n"
        "    def __add__(self, other): return V(self.x + other.x)\n"
        "    def __mul__(self, k): return V(self.x * k)\n"
        "    def __rmul__(self, k): return V(self.x * k)\n"
        "    def __neg__(self): return V(-self.x)\n"
        "    def __abs__(self): return abs(self.x)\n"
        "    def __eq__(self, other): return self.x == other.x\n"
        "    def __lt__(self, other): return self.x < other.x\n"
        "    def __len__(self): return self.x\n"
        "    def __getitem__(self, k): return self.x * k\n"
        "    def __call__(self, k): return k\n"
        "    def __repr__(self): return f'V({self.x})'",
        "assert (V(1) + V(2)).x == 3 and V(1) + V(2) == V(3) and V(1) != V(2)\n"
        "assert (V(2) * 3).x == 6 and V(1) < V(2) and len(V(4)) == 4 and V(2)[5] == 10\n"
        "assert (2 * V(2)).x == 4 and (-V(2)).x == -2 and abs(V(-2)) == 2\n"
        "assert V(1) in [V(2), V(1)] and V(1) != None\n"
        "assert V(1)(7) == 7 and repr(V(3)) == 'V(3)' and str([V(1)]) == '[V(1)]'",
    ),
    "iteration over an instance": (
        "class Bag:\n"
        "    def __init__(self, *a): self.a = a\n"
        "    def __iter__(self): return iter(self.a)\n"
        "    def __contains__(self, x): return x in self.a",
        "assert list(Bag(1, 2)) == [1, 2] and 2 in Bag(1, 2) and 3 not in Bag(1)",
    ),
    "a method that returns an instance": (
        "class Node:\n"
        "    def __init__(self, n): self.n = n\n"
        "    def next(self): return Node(self.n + 1)",
        "assert Node(1).next().next().n == 3",
    ),
    "an instance handed to a function": (
        "class P:\n    def __init__(self, x): self.x = x\ndef double(p): p.x *= 2",
        "p = P(2)\ndouble(p)\nassert p.x == 4",
    ),
    "one instance that stays one": (
        "class A:\n    def me(self): return self",
        "a = A()\nassert a.me() is a and a.me() == a and A() != a",
    ),
    "a function that raises StopIteration": (
        "def f(): raise StopIteration",
        "try:\n    f()\nexcept RuntimeError:\n    pass",
    ),
    "an inherited class": (
        "class A:\n    def who(self): return 'a'\nclass B(A):\n    pass",
        "assert B().who() == 'a'",
    ),
    "an exception of Python's": (
        "def f(n):\n    raise ValueError('negative', n)",
        "try:\n    f(1)\nexcept ValueError as error:\n    assert error.args == ('negative', 1)\n"
        "else:\n    raise AssertionError('did not raise')",
    ),
    "an exception of a class of its own": (
        "class TooPoor(ValueError):\n    pass\ndef pay(): raise TooPoor('no money')",
        "try:\n    pay()\nexcept TooPoor as error:\n    assert str(error) == 'no money'\n"
        "try:\n    pay()\nexcept ValueError:\n    pass",
    ),
    "a missing file": (
        "def f(): open('nowhere')",
        "try:\n    f()\nexcept FileNotFoundError:\n    pass",
    ),
    "an array changed in place": (
        "def f(a, rows): a[0] = 9; rows[1][0] = 9; return a.sum()",
        "import numpy as np\na, rows = np.zeros(3), [np.zeros(1), np.zeros(1)]\n"
        "row = rows[1]\nf(a, rows)\nassert a[0] == 9 and row[0] == 9",
    ),
    "a part of an array changed in place": (
        "def f(a): a += 1",
        "import numpy as np\na = np.zeros((2, 3))\nf(a[:, 1])\nassert a.sum() == 2",
    ),
    "lists and dicts changed in place": (
        "def f(a, d, *, s):\n    a.append(3); a[0] = 0; d['new'] = 1; d.pop('old')\n"
        "    d['in'].clear(); s.add(2)",
        "a, inner = [1, 2], [5]\nd, s = {'old': 1, 'in': inner}, {1}\nsame = a, d, s\n"
        "f(a, d, s=s)\nassert a == [0, 2, 3] and d == {'in': [], 'new': 1} and inner == []\n"
        "assert s == {1, 2} and same[0] is a",
    ),
    "a shorter list": ("def f(a): del a[1:]", "a = [1, 2, 3]\nf(a)\nassert a == [1]"),
    "a sorted list": ("def f(a): a.sort()", "a = [3, 1]\nassert f(a) is None and a == [1, 3]"),
    "an array reshaped in place": (
        "def f(a): a.shape = (3, 2)",
        "import numpy as np\na = np.arange(6)\nf(a)\nassert a.shape == (3, 2) and a[2, 1] == 5",
    ),
    "arguments changed before an exception": (
        "def f(a):\n    a.append(1)\n    raise KeyError('x')",
        "a = []\ntry:\n    f(a)\nexcept KeyError:\n    assert a == [1]",
    ),
    "a matrix as its numbers": (
        "import numpy as np\ndef f(): return np.matrix([[1, 2]])",
        "import numpy as np\nassert type(f()) is np.ndarray and f().shape == (1, 2)",
    ),
    "NaN": ("def f(): return float('nan')", "assert f() != f()"),
    "an array of text and of times": (
        "import numpy as np\ndef f(): return np.array(['a']), np.datetime64('2024-01-01')",
        "import numpy as np\nassert f()[0][0] == 'a' and f()[1] == np.datetime64('2024-01-01')",
    ),
    "what a function prints": (
        "def hello(): print('hello')",
        "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
        "with redirect_stdout(out):\n    hello()\nassert out.getvalue() == 'hello\\n'",
    ),
    "attributes with any name": (
        "class Loan:\n    returned = derived = caller = False\n"
        "    def handle(self): return 7\n"
        "def f(n): return n\nf.handle = f.caller = 3",
        "loan = Loan()\nassert loan.handle() == 7\nassert loan.returned is Loan.derived is False\n"
        "loan.returned = True\nassert loan.returned and not loan.caller and f.handle == 3",
    ),
    "a named tuple's defaults": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 0\n"
        "    z: tuple = (1, [2])\n    f: object = object()\ndef make(x): return P(x, f=1)",
        "p = P(3, f=1)\nassert (p.y, p.z) == (0, (1, [2])) and P(3, 4, f=1).y == 4\n"
        "assert isinstance(make(3), P) and P._field_defaults['y'] == 0",
    ),
    "a named tuple's new defaults": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y', defaults=[1])\n"
        "def change():\n    global P\n    P = namedtuple('P', 'x y')",
        "assert P(2) == (2, 1)\nchange()\ntry:\n    P(2)\nexcept TypeError:\n    pass\n"
        "else:\n    assert False",
    ),
    "a decorator that is a class": (
        "import functools\nclass logged:\n    'Logs.'\n    def __init__(self, f):\n"
        "        functools.update_wrapper(self, f)\n        self.f = f\n"
        "    def __call__(self, *a): return self.f(*a)\n@logged\ndef own(n): 'Own.'; return n",
        "def hello(n): 'Greets.'; return n + 1\nplain = hello\nhello = logged(hello)\n"
        "assert hello(1) == 2 and hello.__name__ == hello.__qualname__ == 'hello'\n"
        "assert hello.__doc__ == 'Greets.' and hello.__wrapped__ is plain\n"
        "assert logged.__doc__ == 'Logs.' and own.__doc__ == 'Own.' and own.__name__ == 'own'\n"
        "assert own.__wrapped__(3) == 3",
    ),
    "an instance without a name": (
        "class Plain:\n    'Text.'\n    __wrapped__ = 3\n"
        "    def __init__(self): self.__array__ = self.__len__ = 3\n"
        "    def __getattr__(self, name): return name",
        "p = Plain()\nassert p.__doc__ == 'Text.' and p.other == 'other'\n"
        "assert not any(hasattr(p, f'__{n}__') for n in ('name', 'wrapped', 'array', 'len'))",
    ),
    "a seed of NumPy's": (
        "import numpy as np\ndef roll(): return np.random.randint(1000)",
        "import numpy as np\nfor seed in (3, 3, 4):\n    np.random.seed(seed)\n"
        "    expected = list(np.random.randint(1000, size=3))\n    np.random.seed(seed)\n"
        "    assert [roll(), roll(), roll()] == expected",
    ),
    "a seed of Python's": (
        "import random\ndef draw(): return random.random()",
        "import random\nrandom.seed(1)\nfirst, state = draw(), random.getstate()\n"
        "random.seed(1)\nassert draw() == first != draw()\n"
        "random.setstate(state)\nassert draw() == first == random.random()",
    ),
    "threads": (
        "import time\ndef f(n):\n    time.sleep(0.01)\n    return n",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    assert list(pool.map(f, range(40))) == list(range(40))",
    ),
    "a name taken away": (
        "def g(n): return n\ndef f(n): return g(n)",
        "old = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('f does not use g')\nfinally:\n    g = old\n"
        "assert f(1) == 1",
    ),
    "a name set to plain data": (
        "rate = 2\ndef f(n): return n * rate",
        "rate = 3\nassert f(1) == 3",
    ),
    "a name set to another function of the learner's": (
        "def g(n): return n\ndef h(n): return -n\ndef f(n): return g(n)",
        "old = g\ng = h\nassert f(1) == -1\ng = old\nassert f(1) == 1",
    ),
}


@pytest.mark.parametrize(("code", "test"), slow_but_some(PASSING.values()), ids=PASSING)
def test_a_test_cell_can_use(run, code, test):
    assert run(learner(code), check(test), solution=code).errors() == ""


DECIDING = """
class Yes:
    def __init__(self, x=0): self.x = x
    def answer(self, *others): return self
    norm = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = answer
    __add__ = __sub__ = __mul__ = __radd__ = __rsub__ = __rmul__ = __neg__ = answer
    __hash__ = None
    def __abs__(self): return 0.0
    @property
    def stop(self): raise StopIteration
    def halt(self): raise StopIteration
"""
DECISIONS = {
    "equality": "assert v.norm() == 5",
    "equality the other way round": "assert 5 == v.norm()",
    "difference": "assert v.norm() != 6",
    "order": "assert 4 < v.norm() <= 5",
    "membership in a list": "assert v.norm() in [4, 5]",
    "unittest": "unittest.TestCase().assertEqual(v.norm(), 5)",
    "unittest's order": "unittest.TestCase().assertGreater(v.norm(), 4)",
    "almost equal": "unittest.TestCase().assertAlmostEqual(v.norm(), 5)",
    "a distance": "assert abs(v.norm() - 5) < 1e-9",
    "a distance the other way round": "assert abs(5 - v.norm()) < 1e-9",
    "a distance of its sum": "assert abs(v.norm() + 0 - 5) < 1e-9",
    "np.isclose": "assert np.isclose(v.norm(), 5)",
    "np.allclose": "assert np.allclose([v.norm()], [5])",
    "np.array_equal": "assert np.array_equal([v.norm()], [5])",
    "max": "assert max(v.norm(), 5) is not None",
    "the end of a zip": "for a, b in zip(map(lambda k: v.stop, range(3)), range(3)): assert a == b",
    "the end of all": "assert all(map(lambda k: v.stop == k, range(3)))",
    "the end of a list": "assert list(map(lambda k: v.halt(), range(3))) == []",
}


@pytest.mark.parametrize("test", slow_but_some(DECISIONS.values()), ids=DECISIONS)
def test_no_code_of_the_learners_decides(run, test):
    test = f"import unittest\nimport numpy as np\nv = Yes()\n{test}"
    outcome = run(learner(DECIDING), check(test), solution=DECIDING)
    assert outcome.errors()
    exec(f"{DECIDING}\n{test}", {})  # where it would decide


FAILING = {
    "a wrong result": ("def f(): return 1", "assert f() == 2", "in line 1: assert f() == 2"),
    "a result that is too large": (
        "def f(): return bytes(9_000_000)",
        "f()",
        "the result is too large: 9 MB",
    ),
    "an array of objects": (
        "import numpy as np\ndef f(): return np.array([object(), None])",
        "f()",
        "the result is an array of objects, one of which is an object",
    ),
    "an instance as a result": (
        "class A: pass\ndef f(): return A()",
        "A()\nassert f() == 1",
        "would decide by itself what equals plain data",
    ),
    "an object in a list": ("def f(): return [object()]", "f()", "Only plain data"),
    "an instance that decides what is equal": (
        "class Yes:\n    def __eq__(self, other): return True",
        "assert Yes() == 5",
        "would decide by itself what equals plain data",
    ),
    "an array resized in place": (
        "def f(a): a.resize(1_000_000, refcheck=False)",
        "import numpy as np\na = np.ones(4)\nview = a[1:]\nf(a)",
        "changes the size of an array",
    ),
    "an object as a value": ("answer = object()", "assert answer == 1", "answer is an object"),
    "a module as a value": (
        "import math\nanswer = math",
        "assert answer == 1",
        "answer is a module",
    ),
    "a value that is too large": (
        "answer = bytes(9_000_000)",
        "assert answer == 1",
        "answer is too large",
    ),
    "an exception with its line": (
        "def g(x):\n    return 1 / x\ndef f(x): return g(x)",
        "from checks import check\ncheck(f, (0,), 1.0)",
        "in f, line 3: def f(x): return g(x) which led to g, line 2: return 1 / x",
    ),
    "an exception without a check": ("def f(): return {}['key']", "f()", "KeyError: 'key'"),
    "an exit": ("import sys\ndef f(): sys.exit(3)", "f()", "SystemExit"),
    "the end of its process": ("import os\ndef f(): os._exit(3)", "f()", "ended its own process"),
    "a call of something that is no function": ("f = 3", "f()", "'int' object is not callable"),
    "a name that is not defined": ("", "f()", "name 'f' is not defined"),
    "an object of the test's handed over": (
        "def f(g): return g(1)",
        "class Own: pass\nf(Own())",
        "the test hands over an Own, which does not reach the learner's code",
    ),
    "a function that reads files handed over": (
        "def f(g): return 1",
        "f(open(__import__('os').devnull).read)",
        "the test hands over a builtin_function_or_method",
    ),
    "an object of the test's in place of the learner's": (
        "def g(n): return n\ndef f(n): return g(n)",
        "g = object()\nassert f(1) == 7",
        "the test puts an object of its own in place of g",
    ),
    "a class that cannot be made": (
        "class A:\n    def __init__(self, n): self.n = n",
        "A()",
        "missing 1 required positional argument",
    ),
    "an attribute that is not there": ("class A: pass", "A().x", "no attribute 'x'"),
    "an exception group": (
        "def f(): raise ExceptionGroup('several', [ValueError('one')])",
        "f()",
        "several",
    ),
    "an exception that cannot say what it is": (
        "class Bad(Exception):\n    def __str__(self): raise Bad\ndef f(): raise Bad",
        "f()",
        "Bad",
    ),
}


@pytest.mark.parametrize(("code", "test", "says"), slow_but_some(FAILING.values()), ids=FAILING)
def test_a_test_cell_fails_and_says_why_at(run, code, test, says):
    errors = run(learner(code), check(test), solution=code).errors()
    assert says in " ".join(errors.split())


@pytest.mark.slow
def test_a_call_that_never_returns_is_interrupted(run):
    outcome = run(
        learner("def f():\n    while True: pass\ndef g(): return 1"),
        check("from checks import check\ncheck(f, (), 1)"),
        check("assert g() == 1"),
        limits=Limits(cell_seconds=3),
    )
    assert "f was stopped before it returned" in " ".join(outcome.errors(1).split())
    assert outcome.errors(2) == ""


@pytest.mark.slow
def test_a_call_that_swallows_the_interrupt_ends_with_its_process(run):
    outcome = run(
        learner(
            "import signal\ndef f():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "    while True: pass\ndef g(): return 1"
        ),
        check("f()"),
        check("assert g() == 1"),
        limits=Limits(cell_seconds=3),
    )
    assert "CodeEnded: this cell ran too long" in outcome.errors(1)
    assert outcome.errors(2) == ""


def test_what_a_call_prints_and_warns_is_in_the_test_cell(run):
    outcome = run(
        learner(
            "import sys, warnings\ndef f():\n    print('out')\n    print('err', file=sys.stderr)"
            "\n    warnings.warn('careful')"
        ),
        check("f()"),
    )
    assert outcome.printed() == "out\n"
    assert "err\n" in outcome.printed(name="stderr")
    assert "UserWarning: careful" in outcome.printed(name="stderr")


def test_what_a_program_prints_in_a_call_is_in_the_test_cell(run):
    outcome = run(learner("import os\ndef f(): os.system('echo out')"), check("f()"))
    assert outcome.printed() == "out\n"


def test_a_warning_fails_a_check_that_asks_for_it(run):
    outcome = run(
        learner("import numpy as np\ndef f(x): return 1 / (1 + np.exp(-x))"),
        check(
            "import numpy as np\nfrom checks import check\n"
            "check(f, (np.array([-1e4]),), np.array([0.0]), warnings_fail=True)"
        ),
    )
    assert "overflow encountered in exp" in " ".join(outcome.errors().split())


def test_a_picture_shown_in_a_call_is_in_the_test_cell(run):
    picture = (
        "import base64\nfrom IPython.display import Image, display\n"
        "PNG = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')\ndef f(): display(Image(PNG))"
    )
    outputs = run(learner(picture), check("f()")).executed.outputs[-1]
    assert [next(iter(each["data"])) for each in outputs] == ["image/png"]


THEFT = {
    "the check": "def check(*a, **k): pass",
    "the draws": "def draws(*a, **k): return []",
    "a builtin": "def all(x): return True\ndef abs(x): return 0",
    "an import": "class np:\n    def array_equal(*a): return True",
    "a constant of a locked cell": "TOLERANCE = 1e9",
    "an exception": "class AssertionError(Exception): pass",
}


@pytest.mark.parametrize("code", THEFT.values(), ids=THEFT)
def test_a_learner_cannot_replace(run, code):
    outcome = run(
        shared("import numpy as np\nfrom checks import check, draws\nTOLERANCE = 0.1"),
        learner(f"def f(): return 1.0\n{code}"),
        check("check(f, (), 2.0)", "a"),
        check("for r in draws(1):\n    assert f() == 2", "b"),
        check("assert all([f() == 2])", "c"),
        check("assert np.array_equal(f(), 2)", "d"),
        check("assert abs(f() - 2) < TOLERANCE", "e"),
        solution="def f(): pass",
    )
    assert [bool(outcome.errors(n)) for n in range(2, 7)] == [True] * 5


def test_a_name_that_the_solution_defines_is_the_learners(run):
    outcome = run(
        shared("rate = 1"),
        learner("rate = 2"),
        check("assert rate == 2"),
        solution="rate = 2",
    )
    assert outcome.errors() == ""


def test_the_last_definition_counts(run):
    outcome = run(
        learner("def f(): return 1"),
        check("assert f() == 1"),
        learner("def f(): return 2"),
        check("assert f() == 2"),
        learner("del f"),
        check("f()"),
    )
    assert [bool(outcome.errors(n)) for n in (1, 3, 5)] == [False, False, True]


FORGED = textwrap.dedent(
    """
    import inside.responder, inside.wire as wire, gc
    real = next(each for each in gc.get_objects() if isinstance(each, inside.responder.Responder))
    def forge(**answers):
        for name, answer in answers.items():
            assert hasattr(real, name)
            setattr(real, name, lambda *a, answer=answer, **k: answer)
    def say(content): real.connection.sendall(wire.pack(content))
    def f(): return 1
    """
)
FORGERIES = {
    "names": "forge(watch={'f': {'kind': 'function'}})",
    "a number in place of names": "forge(listed={'names': 3})",
    "names that are none": "forge(listed={'names': [3, None, [], 'f']})",
    "names of another kind": "forge(watch={'f': 3})",
    "a class": "forge(watch={'f': {'kind': 'class', 'handle': [], 'bases': 3, 'special': None}})",
    "a base": "forge(watch={'f': {'kind':'class','handle':1,'bases':[[]],'special':[[]]}})",
    "an answer": "forge(call=3)",
    "an empty answer": "forge(call={})",
    "an exception": "forge(call={'raised': {}})",
    "an exception's parts": (
        "forge(call={'raised': {'type': 'A\\0', 'class': [], 'bases': [3, 'os'], 'message': 4, "
        "'arguments': 5, 'frames': [(1, 'x', None, 7)]}})"
    ),
    "warnings": "forge(call={'result': 1, 'warnings': [1, ('a',)]})",
    "changed arguments": "forge(call={'result': 1, 'changed': 7})",
    "changed names": "forge(call={'result': 1, 'names': [3]})",
    "a size": "forge(call={'too large': 'very'})",
    "an interruption": "forge(call={'stopped': 'x' * 100})",
    "an output of arrays": "import numpy as np; say({'output': {'text': np.zeros(3)}})",
    "an output that is no dict": "say({'output': [1, 2]})",
    "an output of its own kind": "say({'output': {'output_type': ['x'], 'name': {}}})",
    "an answer that nobody asked for": "say({'failed': False}); say({'result': 2})",
    "no message": "real.connection.sendall(bytes(100))",
    "a call back of no function": "say({'call back': 0, 'arguments': (), 'keywords': {}})",
    "a call back without a number": "say({'call back': [], 'arguments': 1})",
    "an answer that names no container": (
        "real.connection.sendall(wire.Writer(None, wire.Objects()).message(['same', 99], 1))"
    ),
    "a change of what never crossed": (
        "real.connection.sendall(wire.Writer(None, wire.Objects()).message("
        "{'message': ['dict', []], 'changes': [[99, ['list', []]]]}, 1))"
    ),
    "a description of itself": (
        "d = {'kind': 'class', 'handle': 1, 'name': 'A', 'bases': [], 'special': [], 'doc': None,"
        " 'fields': None, 'dataclass': None, 'abstract': []}; d['parents'] = [d];"
        " forge(call={'names': {'f': d}})"
    ),
    "a stand-in that nobody made": "forge(call={'result': 1}); say(wire.pack)",
}


@pytest.mark.slow
@pytest.mark.parametrize("code", FORGERIES.values(), ids=FORGERIES)
def test_the_notebook_ends_with_a_failed_test_whoever_forges(run, code):
    outcome = run(
        learner(FORGED),
        learner(f"try:\n    {code}\nexcept TypeError:\n    pass"),
        check("assert f() == 2"),
        check("assert 1 == 1"),
        solution="def f(): pass",
    )
    assert outcome.errors(2)
    assert outcome.errors(3) == ""
