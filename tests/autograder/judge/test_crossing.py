"""What crosses between a test cell and the learner's code: functions, identity, values, facts."""

import pytest

from autograder.judge import own_functions
from autograder.sandbox.limits import Limits
from tests.autograder.notebooks import check, executor, learner, shared
from tests.lanes import slow_but_some
from tests.yardstick import measured


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


SHARED = """
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum, IntEnum
@dataclass
class Point:
    x: int
    y: int
@dataclass(frozen=True)
class Fixed:
    x: int
class Colour(Enum):
    RED = 1
    BLUE = 2
class Level(IntEnum):
    LOW = 1
class Node:
    def __init__(self, value, rest=None):
        self.value, self.rest = value, rest
    def total(self):
        return self.value + (self.rest.total() if self.rest else 0)
Pair = namedtuple("Pair", "a b")
class Broken(ValueError):
    pass
"""

FUNCTIONS = {
    "a lambda": (
        "def newton(f, x):\n    for _ in range(20): x -= f(x) / ((f(x + 1e-6) - f(x)) / 1e-6)\n"
        "    return x",
        "assert abs(newton(lambda x: x**2 - 2, 1.0) - 2**0.5) < 1e-6",
    ),
    "a function that calls the learner's again": (
        "def f(g, n): return 1 if n == 0 else n * g(n - 1)",
        "def h(n): return f(h, n)\nassert f(h, 10) == 3628800",
    ),
    "its name, text and parameters": (
        "import inspect\ndef f(g): return g.__name__, g.__doc__, str(inspect.signature(g)), "
        "g.__code__.co_argcount, inspect.isfunction(g), callable(g)",
        'def g(a, b, *c, d, **e):\n    "text"\n'
        "assert f(g) == ('g', 'text', '(a, b, *c, d, **e)', 2, True, True)",
    ),
    "arguments in every way": (
        "def f(g): return g(1), g(1, 2), g(1, c=5), g(b=7, a=1), g(1, 2, 3, 4, d=5, z=6)",
        "def g(a, b=2, c=3, *more, d=4, **named): return a, b, c, more, d, named\n"
        "assert f(g) == (g(1), g(1, 2), g(1, c=5), g(b=7, a=1), g(1, 2, 3, 4, d=5, z=6))",
    ),
    "a wrong number of arguments": (
        "def f(g):\n    try: g(1, 2)\n    except TypeError: return 'TypeError'",
        "assert f(lambda x: x) == 'TypeError'",
    ),
    "a decorated function": (
        "import functools\ndef counted(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n"
        "        inner.calls += 1\n        return f(*a, **k)\n    inner.calls = 0\n"
        "    return inner",
        "@counted\ndef add(a, b=3):\n    'text'\n    return a + b\n"
        "assert add(1) == 4 and add(1, b=1) == 2\n"
        "assert (add.calls, add.__name__, add.__doc__) == (2, 'add', 'text')",
    ),
    "an exception that the learner's code catches": (
        "def f(g):\n    try: g(1)\n    except ValueError as e: return type(e).__name__, str(e)",
        "def g(x): raise ValueError('bad %d' % x)\nassert f(g) == ('ValueError', 'bad 1')",
    ),
    "an exception of the test's own": (
        "def f(g):\n    try: g()\n    except LookupError as e: return type(e).__name__, str(e)",
        "class Own(LookupError): pass\ndef g(): raise Own('x')\nassert f(g) == ('Own', 'x')",
    ),
    "an exception that comes back": (
        "def f(g): return g()",
        "class Own(Exception): pass\nerror = Own('x')\ndef g(): raise error\n"
        "try:\n    f(g)\nexcept Own as e:\n    assert e is error\nelse:\n    assert False",
    ),
    "an exception that both sides know": (
        "def f(g):\n    try: g()\n    except Broken as e: raise Broken('again') from e",
        "def g(): raise Broken('x')\ntry:\n    f(g)\nexcept Broken as e:\n"
        "    assert str(e) == 'again'",
    ),
    "one that comes back as it was": ("def f(g): return g", "g = lambda: 1\nassert f(g) is g"),
    "one that gets lists": (
        "def f(g):\n    a = [1]\n    g(a)\n    return a",
        "assert f(lambda a: a.append(2)) == [1, 2]",
    ),
    "one that gets the test's own list": (
        "def f(g, a): return g(a)",
        "a = [1]\nassert f(lambda b: b is a, a)",
    ),
    "one that gets a changed list": (
        "def f(g, a):\n    a.append(2)\n    return g(a)",
        "a = [1]\nassert f(lambda b: b == a == [1, 2], a) and a == [1, 2]",
    ),
    "one that changes a list": (
        "def f(g, a):\n    g(a)\n    return len(a)",
        "a = [1]\nassert f(lambda b: b.append(2), a) == 2 and a == [1, 2]",
    ),
    "one that hands a list on to the learner's code": (
        "def f(g, a): return g(a)\ndef add(a): a.append(2)",
        "a = [1]\nf(lambda b: add(b), a)\nassert a == [1, 2]",
    ),
    "one that gets a function": (
        "def f(g): return g(lambda x: x + 1)",
        "assert f(lambda h: h(1)) == 2",
    ),
    "one that returns a function": (
        "def f(g): return g(2)(5)",
        "assert f(lambda n: lambda x: n * x) == 10",
    ),
    "one that gets an instance": (
        "class A:\n    def __init__(self): self.x = 3\ndef f(g): return g(A())",
        "assert f(lambda a: a.x) == 3",
    ),
    "a method of a list": (
        "def walk(n, visit):\n    for k in range(n): visit(k)",
        "seen = []\nwalk(3, seen.append)\nassert seen == [0, 1, 2]",
    ),
    "a method of an instance of the test's": (
        "def f(g): return g(2)",
        "class Own:\n    def __init__(self): self.seen = []\n    def see(self, x):\n"
        "        self.seen.append(x)\n        return 7\n"
        "own = Own()\nassert f(own.see) == 7 and own.seen == [2]",
    ),
    "a Mock": (
        "def f(g): return g(3, k=4)",
        "from unittest.mock import Mock\nm = Mock(return_value=7)\nassert f(m) == 7\n"
        "m.assert_called_once_with(3, k=4)",
    ),
    "a partial function": (
        "def f(g): return g(1)",
        "from functools import partial\nassert f(partial(lambda a, b: (a, b), 0)) == (0, 1)\n"
        "assert f(partial(max, 5)) == 5",
    ),
    "an item getter": (
        "def f(rows, key): return sorted(rows, key=key)",
        "from operator import itemgetter\n"
        "assert f([(1, 2), (2, 1)], itemgetter(1)) == [(2, 1), (1, 2)]",
    ),
    "a function kept for later": (
        "class Button:\n    def on(self, f): self.f = f\n    def click(self): return self.f()",
        "b = Button()\nb.on(lambda: 7)\nassert b.click() == 7",
    ),
    "in a list and a dict": (
        "def f(fs, d): return [g(1) for g in fs] + [d['k'](2)]",
        "assert f([lambda x: x, abs], {'k': lambda x: -x}) == [1, 1, -2]",
    ),
    "functions and types of libraries": (
        "def f(g, x): return g(x)\ndef name(g): return g.__name__",
        "import math, os.path, numpy as np\nassert f(np.sin, 0.0) == 0 and f(int, '5') == 5\n"
        "assert f(len, [1]) == 1 and f(str.upper, 'a') == 'A' and f(math.sqrt, 4) == 2\n"
        "assert f(os.path.basename, 'a/b') == 'b' and f(np.mean, [1, 3]) == 2\n"
        "assert name(np.float32) == 'float32' and f(Point, 1) if False else True",
    ),
    "a class that both sides know": ("def f(k): return k(1, 2)", "assert f(Point) == Point(1, 2)"),
    "an iterator": (
        "def total(numbers): return sum(numbers)\ndef first(numbers): return next(numbers)",
        "def g():\n    yield 1\n    yield 2\n"
        "assert total(g()) == 3 and total(x for x in [4]) == 4\n"
        "i = iter([4, 5])\nassert first(i) == 4 and next(i) == 5",
    ),
    "an iterator without an end": (
        "from itertools import islice\ndef f(numbers): return list(islice(numbers, 3))",
        "from itertools import count\nassert f(count(1)) == [1, 2, 3]",
    ),
    "in place of a function of Python's": (
        "def ask(): return int(input('number'))",
        "answers = iter(['5', '6'])\ninput = lambda prompt: next(answers)\n"
        "assert ask() == 5 and ask() == 6",
    ),
    "in place of a function of the learner's": (
        "def g(n): return n\ndef f(n): return g(n)",
        "def g(n): return 7\nassert f(1) == 7",
    ),
}
RESULTS = {
    "a closure": (
        "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n"
        "        return n\n    return step",
        "c, d = counter(), counter()\nassert (c(), c(), d()) == (1, 2, 1)",
    ),
    "a composition": (
        "def compose(f, g): return lambda x: f(g(x))",
        "assert compose(lambda x: x + 1, abs)(-3) == 4",
    ),
    "a curried function": (
        "def curry(f):\n    n = f.__code__.co_argcount\n"
        "    def c(*a): return f(*a) if len(a) >= n else lambda *b: c(*a, *b)\n    return c",
        "assert curry(lambda a, b, c: a + b + c)(1)(2)(3) == 6",
    ),
    "a dict of functions": (
        "def operations(): return {'+': lambda a, b: a + b, 'max': max}",
        "o = operations()\nassert o['+'](1, 2) == 3 and o['max'](1, 2) == 2",
    ),
    "functions and types of libraries": (
        "import numpy as np\ndef f(): return np.sin, len, ValueError, int, str.upper",
        "import numpy as np\nassert f() == (np.sin, len, ValueError, int, str.upper)\n"
        "assert f()[0] is np.sin",
    ),
    "a class": (
        "def build():\n    class A:\n        def hi(self): return 1\n    return A",
        "A = build()\nassert A().hi() == 1 and A.__name__ == 'A' and isinstance(A(), A)",
    ),
    "an instance": (
        "class Link:\n    def __init__(self, v, n=None): self.v, self.n = v, n\n"
        "    def __eq__(self, other): return self.v == other.v\n"
        "def build(values):\n    head = None\n    for v in reversed(values): head = Link(v, head)\n"
        "    return head\ndef value(link): return link.v",
        "head = build([1, 2])\nassert isinstance(head, Link) and head.v == 1 and head.n.v == 2\n"
        "assert head.n.n is None and value(head) == 1 and build([1]) == Link(1)",
    ),
    "an object of a library": (
        "import re\ndef f(s): return re.match('([0-9]+)', s)",
        "assert f('12a').group(1) == '12' and f('a') is None",
    ),
    "a partial function": (
        "from functools import partial\ndef f(): return partial(lambda a, b: (a, b), 1)",
        "assert f()(2) == (1, 2)",
    ),
    "a cached function": (
        "from functools import lru_cache\n@lru_cache\ndef f(n): return n",
        "assert f(1) == f(1) == 1 and f.cache_info().hits == 1",
    ),
    "one function that stays one": ("def f(): return f", "assert f() is f and f()() is f"),
}
IDENTITY = {
    "an argument returned": ("def f(a): a.append(1); return a", "a = []\nassert f(a) is a == [1]"),
    "a tuple returned": (
        "def f(a): return a",
        "a = (1, [2])\nassert f(a) is a and f(a)[1] is a[1]",
    ),
    "an array returned": (
        "def f(a): a *= 2; return a",
        "import numpy as np\na = np.ones(2)\nassert f(a) is a and a[0] == 2",
    ),
    "a copy": ("def f(a): return a[:]", "a = [[1]]\nb = f(a)\nassert b is not a and b[0] is a[0]"),
    "the same list twice": (
        "def same(a, b): return a is b",
        "a = []\nassert same(a, a) and not same([], []) and same(b=a, a=a)",
    ),
    "the same list twice, changed": (
        "def f(a, b): a.append(1); return len(b)",
        "a = []\nassert f(a, a) == 1",
    ),
    "rows that are one row": (
        "def f(rows): rows[0][0] = 5",
        "rows = [[0]] * 3\nf(rows)\nassert rows == [[5]] * 3 and rows[0] is rows[2]",
    ),
    "rows that change places": (
        "def f(rows): rows[0].append(5); rows.reverse(); return rows[0]",
        "x, y = [1], [2]\nrows = [x, y]\n"
        "assert f(rows) is y and rows[0] is y and rows[1] is x and x == [1, 5]",
    ),
    "a list in a dict in a tuple": (
        "def f(t): t[0]['k'].append(1)",
        "a = []\nf(({'k': a},))\nassert a == [1]",
    ),
    "a list moved into another": (
        "def f(a, b): a.append(b)",
        "a, b = [], []\nf(a, b)\nassert a[0] is b",
    ),
    "a list that holds itself": (
        "def f(a): a.append(a); return a",
        "a = []\nassert f(a) is a is a[0]",
    ),
    "a list that holds itself, handed over": (
        "def f(a): return a[0] is a and len(a)",
        "a = [0]\na[0] = a\nassert f(a) == 1",
    ),
    "new lists that are one": ("def f(): a = []; return a, a", "a, b = f()\nassert a is b"),
    "two names for a list": ("a = [1]\nb = a\nc = [1]", "assert a is b and a is not c"),
    "another name for a list that changes": (
        "seen = []\ndef see(n): seen.append(n)",
        "s = seen\nsee(1)\nassert s == [1] and s is seen",
    ),
    "a read-only array": (
        "def f(a):\n    try: a[0] = 1\n    except ValueError: return 'read-only'",
        "import numpy as np\na = np.zeros(2)\na.flags.writeable = False\n"
        "assert f(a) == 'read-only'",
    ),
    "a deque, a set and a bytearray": (
        "def f(d, s, b): d.appendleft(1); s.add(2); b.append(3)",
        "from collections import deque\nd, s, b = deque([0]), {1}, bytearray(b'a')\nf(d, s, b)\n"
        "assert list(d) == [1, 0] and s == {1, 2} and b == b'a\\x03'",
    ),
    "dicts of other kinds": (
        "def f(c, d, o): c['a'] += 1; d['x'].append(1); o.move_to_end('a')",
        "from collections import *\n"
        "c, d, o = Counter('a'), defaultdict(list), OrderedDict(a=1, b=2)\n"
        "f(c, d, o)\nassert c == {'a': 2} and d == {'x': [1]} and list(o) == ['b', 'a']",
    ),
    "an object that both sides know": (
        "def move(p): p.x += 1; return p",
        "p = Point(0, 0)\nassert move(p) is p and p == Point(1, 0)",
    ),
    "a chain of objects": (
        "def last(n):\n    while n.rest: n = n.rest\n    return n\n"
        "def append(n, v): last(n).rest = Node(v)",
        "tail = Node(2)\nhead = Node(1, tail)\nassert last(head) is tail\nappend(head, 3)\n"
        "assert tail.rest.value == 3 and head.total() == 6",
    ),
    "objects that hold each other": (
        "def f(a): return a.rest",
        "a, b = Node(1), Node(2)\na.rest, b.rest = b, a\nassert f(a) is b",
    ),
    "a list that the learner's code keeps": (
        "class Stack:\n    def __init__(self, items): self.items = items\n"
        "    def push(self, x): self.items.append(x)",
        "a = [1]\ns = Stack(a)\ns.push(2)\nassert a == [1, 2] and s.items is a\n"
        "a.append(3)\nassert s.items == [1, 2, 3]",
    ),
    "a list of an instance that the test changes": (
        "class A:\n    def __init__(self, seen=[]): self.seen = seen",
        "a, b = A(), A()\na.seen.append(1)\nassert b.seen == [1] and a.seen is b.seen",
    ),
    "one result that stays one": (
        "cache = {}\ndef f(n): return cache.setdefault(n, [n])",
        "assert f(1) is f(1) and f(1) is cache[1] and f(2) is not f(1)\n"
        "f(1).append(5)\nassert f(1) == [1, 5]",
    ),
    "what is printed to": (
        "def f(out): print('hi', file=out)\ndef g(text): return text.read()",
        "import io\nout = io.StringIO()\nf(out)\nassert out.getvalue() == 'hi\\n'\n"
        "assert g(io.StringIO('abc')) == 'abc'",
    ),
    "generators of random numbers": (
        "def f(g): return g.random()",
        "import numpy as np, random\nfor new in (np.random.default_rng, random.Random):\n"
        "    a, b = new(0), new(0)\n    assert f(a) == b.random() and a.random() == b.random()\n"
        "a, b = np.random.RandomState(0), np.random.RandomState(0)\n"
        "assert f(a) == b.random() and a.normal() == b.normal()",
    ),
}
VALUES = {
    "what Python has": (
        "def f(x): return x",
        "import datetime as d, pathlib, re, uuid\nfrom collections import *\n"
        "from decimal import Decimal\nfrom fractions import Fraction\nfrom types import *\n"
        "for x in (Counter('aab'), deque([1], 3), OrderedDict(a=1), defaultdict(list, a=[1]),\n"
        "          Fraction(1, 3), Decimal('1.50'), Decimal('NaN').is_nan(), d.date(2020, 1, 1),\n"
        "          d.datetime(2020, 1, 1, tzinfo=d.timezone.utc), d.timedelta(1), d.time(1, 2),\n"
        "          {1: 2}.keys(), {1: 2}.items(), 1j, b'x', bytearray(b'x'), range(3), ...,\n"
        "          slice(1), pathlib.Path('a'), re.compile('a'), uuid.UUID(int=5), "
        "frozenset({1}),\n"
        "          SimpleNamespace(a=1)):\n"
        "    assert f(x) == x and type(f(x)) is type(x), x\n"
        "assert list(f({1: 2}.values())) == [2] and str(f(Decimal('1.50'))) == '1.50'",
    ),
    "what NumPy has": (
        "def f(x): return x\ndef mean(x): return x.mean()",
        "import numpy as np\nfrom numpy.polynomial import Chebyshev, Polynomial\n"
        "for x in (Polynomial([1, 2]), Chebyshev([1, 2]), np.poly1d([1, 2]), np.dtype('f4'),\n"
        "          np.float32(1), np.datetime64('2020-01-01')):\n"
        "    assert f(x) == x and type(f(x)) is type(x), x\n"
        "m = np.ma.array([1.0, 2.0], mask=[True, False])\n"
        "assert mean(m) == 2 and f(m)[0] is np.ma.masked\n"
        "s = np.array([(1, 2.0)], [('a', 'i4'), ('b', 'f8')])\n"
        "assert f(s)['b'][0] == 2 and f(s) is s",
    ),
    "objects of classes that both sides know": (
        "def points(): return [Point(1, 2), Fixed(3)]\ndef colour(): return Colour.RED, Level.LOW\n"
        "def swap(p): return Pair(p.b, p.a)\ndef is_red(c): return c is Colour.RED\n"
        "def chain(): return Node(1, Node(2))",
        "assert points() == [Point(1, 2), Fixed(3)] and type(points()[0]) is Point\n"
        "assert colour()[0] is Colour.RED and colour()[1] is Level.LOW and is_red(Colour.RED)\n"
        "assert swap(Pair(1, 2)) == Pair(2, 1) and type(swap(Pair(1, 2))) is Pair\n"
        "assert chain().total() == 3 and isinstance(chain(), Node)",
    ),
    "named tuples": (
        "from typing import NamedTuple\nfrom collections import namedtuple\n"
        "class P(NamedTuple):\n    x: int\n    y: int\nQ = namedtuple('Q', 'a')\n"
        "def p(): return P(1, 2)\ndef q(): return namedtuple('Other', 'b')(3)\n"
        "def sum_of(p): return p.x + p.y",
        "assert p() == P(1, 2) == (1, 2) and p().x == 1 and isinstance(p(), P) and Q(1).a == 1\n"
        "assert q().b == 3 and sum_of(P(3, 4)) == 7",
    ),
    "exceptions": (
        "def f(): return ValueError('a', 1)\ndef g(e): raise e",
        "e = f()\nassert type(e) is ValueError and e.args == ('a', 1)\n"
        "try:\n    g(KeyError('k'))\nexcept KeyError as e:\n    assert e.args == ('k',)",
    ),
    "an exception's own attributes": (
        "class Poor(Exception):\n    def __init__(self, n):\n        super().__init__('no')\n"
        "        self.n = n\ndef f(): raise Poor(3)",
        "try:\n    f()\nexcept Poor as e:\n    assert e.n == 3 and str(e) == 'no'\n"
        "else:\n    assert False\nassert issubclass(Poor, Exception)",
    ),
}
FACTS = {
    "of a function": (
        "def f(a: int, b: float = 2.0, *c, d=None, **e) -> list[int]:\n    'text'\n    # note\n"
        "    return [a]\nlam = lambda x: x",
        "import inspect\nassert f.__defaults__ == (2.0,) and f.__kwdefaults__ == {'d': None}\n"
        "assert str(inspect.signature(f)) == '(a: int, b: float = 2.0, *c, d=None, **e) -> "
        "list[int]'\n"
        "assert f.__annotations__ == {'a': int, 'b': float, 'return': list[int]}\n"
        "assert '# note' in inspect.getsource(f) and inspect.isfunction(f) and f(1) == [1]\n"
        "assert lam.__doc__ is None and f.__doc__ == 'text' and f.__qualname__ == 'f'",
    ),
    "of annotations of all kinds": (
        "from typing import *\nimport numpy as np\n"
        "def f(a: int | None, b: Optional[int], c: List[str], d: Callable[[int], str], e: 'x',\n"
        "      g: np.ndarray, h: Any, i: Dict[str, Tuple[int, ...]]) -> None: pass",
        "from typing import *\nimport numpy as np\nassert f.__annotations__ == {\n"
        "    'a': int | None, 'b': Optional[int], 'c': List[str], 'd': Callable[[int], str],\n"
        "    'e': 'x', 'g': np.ndarray, 'h': Any, 'i': Dict[str, Tuple[int, ...]], "
        "'return': None}\n"
        "assert get_type_hints(lambda: 0) == {}",
    ),
    "of generator functions": (
        "def f(n):\n    got = yield n\n    yield got\ndef g(): return f(1)",
        "import inspect\n"
        "assert inspect.isgeneratorfunction(f) and not inspect.isgeneratorfunction(g)\n"
        "i = f(1)\nassert inspect.isgenerator(i) and next(i) == 1 and i.send(7) == 7\n"
        "assert list(g()) == [1, None]",
    ),
    "of coroutines": (
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x + 1\n"
        "def g(): return f(1)\nasync def h(): raise ValueError('x')",
        "import asyncio, inspect\nassert inspect.iscoroutinefunction(f) and await f(1) == 2\n"
        "assert await g() == 2 and await asyncio.gather(f(1), f(2)) == [2, 3]\n"
        "try:\n    await h()\nexcept ValueError:\n    pass\nelse:\n    assert False",
    ),
    "of classes": (
        "class A:\n    'text'\n    count = 0\n    def __init__(self): A.count += 1\n"
        "    @classmethod\n    def new(cls): return cls()\n    @staticmethod\n"
        "    def two(): return 2\n"
        "    def __iter__(self): return iter([1])\nclass B(A):\n    def hi(self, x): 'greets'",
        "import collections.abc, inspect\na = A.new()\nassert A.two() == 2 and A.count == 1\n"
        "assert isinstance(a, A) and issubclass(B, A) and isinstance(B(), A)\n"
        "assert isinstance(a, collections.abc.Iterable) and not isinstance(a, "
        "collections.abc.Sized)\n"
        "assert hasattr(B, 'hi') and not hasattr(A, 'hi') and B.hi.__doc__ == 'greets'\n"
        "assert str(inspect.signature(B().hi)) == '(x)' and A.__doc__ == 'text'\n"
        "A.count = 10\nA()\nassert A.count == 11",
    ),
    "of abstract classes": (
        "from collections.abc import Sequence\nclass S(Sequence):\n"
        "    def __getitem__(self, k): return [1, 2][k]\n    def __len__(self): return 2",
        "from collections.abc import Mapping, Sequence\n"
        "assert isinstance(S(), Sequence) and not isinstance(S(), Mapping)\n"
        "assert list(S()) == [1, 2] and S().index(2) == 1",
    ),
    "of dataclasses": (
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: list",
        "from dataclasses import asdict, fields, is_dataclass, replace\np = P(1, [2])\n"
        "assert is_dataclass(P) and asdict(p) == {'x': 1, 'y': [2]} and replace(p, x=5).x == 5\n"
        "assert P(1, [2]) == p and [f.name for f in fields(P)] == ['x', 'y']",
    ),
    "of enums": (
        "from enum import Enum\nclass Planet(Enum):\n    MARS = 1\n    EARTH = 6\n"
        "    def heavy(self): return self.value > 5\ndef home(): return Planet.EARTH\n"
        "def is_home(p): return p is Planet.EARTH",
        "assert Planet.MARS.value == 1 and [p.name for p in Planet] == ['MARS', 'EARTH']\n"
        "assert Planet(6) is Planet.EARTH and Planet['MARS'] is Planet.MARS and len(Planet) == 2\n"
        "assert home() is Planet.EARTH and home() == Planet.EARTH and is_home(Planet.EARTH)\n"
        "assert Planet.EARTH.heavy() and isinstance(home(), Planet) and Planet.MARS in Planet\n"
        "assert {Planet.MARS: 1}[Planet.MARS] == 1",
    ),
    "the cause of an exception": (
        "def f():\n    try: {}['x']\n    except KeyError as e: raise ValueError('v') from e",
        "try:\n    f()\nexcept ValueError as e:\n    assert isinstance(e.__cause__, KeyError)",
    ),
    "of an iterator's class": (
        "class Down:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        if self.n == 0: raise StopIteration\n"
        "        self.n -= 1\n        return self.n",
        "d = Down(3)\nassert iter(d) is d and next(d) == 2 and list(d) == [1, 0]",
    ),
    "of asynchronous generators": (
        "async def ticks(n):\n    for k in range(n): yield k",
        "assert [k async for k in ticks(3)] == [0, 1, 2]",
    ),
    "a coroutine handed over": (
        "import asyncio\nasync def slow(x):\n    await asyncio.sleep(0.01)\n    return 2 * x\n"
        "async def within(s, c): return await asyncio.wait_for(c, s)",
        "import asyncio\nassert await within(1, slow(3)) == 6\ntry:\n"
        "    await within(0.0001, slow(3))\nexcept asyncio.TimeoutError:\n    pass\n"
        "else:\n    assert False",
    ),
    "copies of instances": (
        "class A: pass",
        "import copy\na = A()\na.x = [1]\nb, c = copy.copy(a), copy.deepcopy(a)\na.x.append(2)\n"
        "assert isinstance(b, A) and b is not a and c.x == [1]",
    ),
    "context managers": (
        "class Timer:\n    def __enter__(self):\n        self.on = True\n        return self\n"
        "    def __exit__(self, *error): self.on = False; self.kind = error[0]",
        "with Timer() as t:\n    assert t.on\nassert not t.on\n"
        "try:\n    with t:\n        raise ValueError('x')\nexcept ValueError:\n    pass\n"
        "assert t.kind is ValueError",
    ),
    "what is printed": (
        "def f(): print('x'); return 1",
        "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n"
        "    r = f()\nassert out.getvalue() == 'x\\n' and r == 1",
    ),
}
GLOBALS = {
    "a name that a test sets": ("def f(): return rate * 2", "rate = 3\nassert f() == 6"),
    "a name that a test sets, and the function changes": (
        "def f():\n    global rate\n    rate += 1\n    return rate",
        "rate = 3\nassert f() == 4 and rate == 4 and f() == 5",
    ),
    "a count that a test sets back": (
        "calls = 0\ndef f(n):\n    global calls\n    calls += 1\n    return n and f(n - 1)",
        "calls = 0\nf(3)\nassert calls == 4\ncalls = 0\nf(1)\nassert calls == 2",
    ),
    "a list that a test sets, and the function adds to": (
        "def f(): todo.append(1)",
        "todo = []\nf()\nf()\nassert todo == [1, 1]",
    ),
    "a list of the learner's that a test adds to": (
        "data = [1]\ndef f(): return sum(data)",
        "data.append(5)\nassert f() == 6",
    ),
}
CROSSING = {
    f"{group}: {name}": case
    for group, cases in (
        ("functions", FUNCTIONS),
        ("results", RESULTS),
        ("identity", IDENTITY),
        ("values", VALUES),
        ("facts", FACTS),
        ("globals", GLOBALS),
    )
    for name, case in cases.items()
}


@pytest.mark.parametrize(("code", "test"), slow_but_some(CROSSING.values()), ids=CROSSING)
def test_a_right_answer_passes_here_as_under_nbgrader(run, code, test):
    outcome = run(shared(SHARED), learner(code), check(test), solution=code)
    assert outcome.errors() == "" and outcome.executed.notes == []


NUMBER = """
class Yes:
    def answer(self, *others): return self
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = answer
    __add__ = __mul__ = __radd__ = __rsub__ = __rmul__ = __neg__ = answer
    __hash__ = None
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __bool__(self): return True
    def __exit__(self, *error): return True
    def __enter__(self): return self
    def __float__(self): return 5.0
    def __array__(self, *a, **k): return __import__("numpy").array(5.0)
def f(x): return Yes()
def g(h): return h(Yes())
def again(): return lambda *a: Yes()
class K:
    def __init__(self): self.value = Yes()
"""
DECISIONS = {
    "a result": "assert f(1) == 5",
    "a result's order": "assert f(1) > 4",
    "a result's difference": "assert abs(f(1) - 5) < 1e-9",
    "two results": "assert abs(f(1) - f(2)) < 1e-9",
    "two results that differ": "assert f(1) < f(2)",
    "a truth": "assert f(1)",
    "a number": "assert float(f(1)) == 5",
    "NumPy": "import numpy as np\nassert np.isclose(f(1), 5)",
    "NumPy, of two results": "import numpy as np\nassert np.allclose(f(1), f(2))",
    "membership": "assert f(1) in [4, 5]",
    "a comparison in a function of the test's": "assert g(lambda x: x == 5)",
    "a distance in a function of the test's": "assert g(lambda x: abs(x - 5) < 1e-9)",
    "a result of a result": "assert again()() == 5",
    "an attribute": "assert K().value == 5",
    "what a block raises": "with f(1):\n    assert 1 == 2",
}


@pytest.mark.parametrize("test", slow_but_some(DECISIONS.values()), ids=DECISIONS)
def test_no_code_of_the_learners_decides(run, test):
    assert run(learner(NUMBER), check(test), solution=NUMBER).errors()
    exec(f"{NUMBER}\n{test}", {})  # where it would decide


HOSTILE = {
    "a call back without an end": ("def f(g):\n    while True: g(1)", "f(lambda x: x)"),
    "calls back that call again": ("def f(g): return g()", "def g(): return f(g)\nf(g)"),
    "an iterator without an end": (
        "def f(g): return sum(1 for _ in g)",
        "from itertools import count\nf(count())",
    ),
    "an exception that is swallowed": (
        "def f(g):\n    while True:\n        try: g()\n        except BaseException: pass",
        "def g():\n    raise ValueError\nf(g)",
    ),
    "a call back after the process ended": (
        "import os\ndef f(g): return g()\ndef end(): os._exit(3)",
        "f(end)",
    ),
    "a call back of a number that nobody gave": (
        "def f(g):\n    import gc, inside.responder as r\n"
        "    real = next(o for o in gc.get_objects() if isinstance(o, r.Responder))\n"
        "    return real._call_back(10**6, (), {})",
        "f(lambda: 1)",
    ),
    "a list of very many lists": (
        "def f():\n    a = [1]\n    for _ in range(60): a = [a, a]\n    return a",
        "repr(f())",
    ),
    "an output of very many lists": (
        "def f():\n    import gc, inside.responder as r, inside.wire as w\n"
        "    real = next(o for o in gc.get_objects() if isinstance(o, r.Responder))\n"
        "    a = {'text': 'x'}\n    for _ in range(60): a = [a, a]\n"
        "    writer = w.Writer(None, w.Objects())\n"
        "    content = writer.write({'output': a})\n"
        "    real.connection.sendall(writer.message(content))",
        "f()",
    ),
    "a list that is doubled at each call": (
        "def f(a): return [a, a]",
        "a = []\nfor _ in range(60): a = f(a)\nrepr(a)",
    ),
    "lists that grow in one another": (
        "def f(*a):\n    for one, next_one in zip(a, a[1:]): one += [next_one, next_one]",
        "a = [[] for _ in range(60)]\nf(*a)\nrepr(a)",
    ),
    "a list that holds itself twice": (
        "def f(a): a += [a, a]",
        "import numpy as np\na = []\nf(a)\nnp.array(a)",
    ),
    "deep lists": ("def f():\n    a = []\n    for _ in range(10**5): a = [a]\n    return a", "f()"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("code", "test"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_keeps_the_judge_no_longer_than_its_time(run, code, test):
    limits = Limits(cell_seconds=2, notebook_seconds=20, memory_mb=512, message_mb=8)
    cells = learner(code), check(test), check("assert 1 == 1")
    with measured() as judging:
        outcome = run(*cells, solution=code, limits=limits)
    assert outcome.errors(1)
    assert outcome.errors(2) == ""  # so it waited for less than the notebook's time
    assert judging.work < 100


def test_a_call_back_is_not_made_once_the_test_is_over(run):
    code = "def keep(g):\n    global kept\n    kept = g\ndef f(): return 1"
    outcome = run(
        learner(code),
        check("seen = []\nkeep(seen.append)"),
        learner("kept(1)"),
        check("assert seen == [] and f() == 1"),
        solution=code,
    )
    assert "called after the test" in outcome.errors(2) and outcome.errors(3) == ""


def test_calls_back_are_counted(run, monkeypatch):
    monkeypatch.setattr(own_functions, "MOST_CALLS", 10)
    code = "def f(g, n):\n    for k in range(n): g(k)"
    for number, fails in ((10, False), (11, True)):
        outcome = run(learner(code), check(f"f(lambda x: x, {number})"), solution=code)
        assert ("called functions of the test more than" in outcome.errors()) == fails


def test_a_function_handed_over_brings_no_text_and_no_default_along(run):
    code = (
        "import inspect\ndef f(g): return repr([vars(g), g.__defaults__, g.__code__.co_consts, "
        "str(inspect.signature(g)), g.__closure__ and [c.cell_contents for c in g.__closure__]])"
    )
    test = (
        "expected = 'Lisbon'\ndef g(x, y='Madrid'):\n    return x == expected\n"
        "shown = f(g)\nassert 'x' in shown and 'Lisbon' not in shown and 'Madrid' not in shown"
    )
    assert run(learner(code), check(test), solution=code).errors() == ""


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("eval", "\"__import__('os').getpid()\""),
        ("os.getpid", ""),
        ("__import__", "'os'"),
        ("partial(eval, \"__import__('os').getpid()\")", ""),
        ("operator.methodcaller('getpid')", "__import__('os')"),
    ],
)
def test_a_librarys_function_runs_on_the_learners_side(run, function, argument):
    code = (
        "def f(g):\n"
        f"    result = g({argument})\n"
        "    return result if isinstance(result, int) else result.getpid()"
    )
    test = (
        f"import operator, os\nfrom functools import partial\nassert f({function}) != os.getpid()"
    )
    assert run(learner(code), check(test), solution=code).errors() == ""
