"""A test that gets plain data from the solution accepts no object that answers for itself."""

import pytest

from tests.autograder.notebooks import check, executor, learner


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


IMPORTS = """import numpy as np
import pandas as pd
from collections import Counter
from datetime import date
"""
SOLUTION = f"""
{IMPORTS}
def f(x): return [2 * each for each in x]
def a(x): return 2 * np.asarray(x, float)
def day(n): return date(2024, 1, n)
def letters(word): return Counter(word)
def frame(): return pd.DataFrame(dict(a=[1, 2]))
def text(): return 'Hello Ann'
w = np.ones(3)
"""
ANY = """
class Any:
    def __sub__(self, other):
        seen.append(other)
        print('told', other)
        return self
    __rsub__ = __pow__ = __sub__
    def __len__(self): return 0
    def __iter__(self): return iter([])
    def __contains__(self, item): return True
    def __format__(self, how): return '0.000'
    def __str__(self): return '0.0'
    def mean(self, *_): return 0.0
    max = any = sqrt = mean
    days = 0
    def equals(self, other): return True
    issuperset = startswith = equals
seen = []
def f(x=None): return Any()
a = day = letters = frame = text = f
w = Any()
"""
DECIDING = {
    "a mean of squares": "assert ((a([1]) - np.array([2.0])) ** 2).mean() < 1e-9",
    "a largest difference": "assert (a([1]) - [2.0]).max() < 1e-9",
    "any difference": "assert not (a([1]) - [2.0]).any()",
    "formatted": "assert f'{a([1]).sum() - 2.0:.3f}' == '0.000'",
    "days between": "assert (day(2) - date(2024, 1, 2)).days == 0",
    "nothing left": "assert not letters('aab') - Counter('aab')",
    "equals": "assert frame().equals(pd.DataFrame({'a': [1, 2]}))",
    "a method of strings": "assert text().startswith('Hello')",
    "membership": "assert 'Ann' in text()",
    "a loop": "assert all(a == b for a, b in zip(f([1]), [2]))",
    "a name's value": "assert ((w - np.ones(3)) ** 2).mean() == 0",
}


@pytest.mark.parametrize("test", DECIDING.values(), ids=DECIDING)
def test_an_object_in_place_of_plain_data_is_refused(run, test):
    checked = run(learner(SOLUTION), check(test), record=True, imports=IMPORTS)
    assert not checked.errors()
    recordings = checked.executed.recordings
    right = run(learner(SOLUTION), check(test), recordings=recordings, imports=IMPORTS)
    assert not right.errors() and not right.executed.notes
    wrong = run(
        learner(SOLUTION + ANY), check(test),
        solution=SOLUTION, recordings=recordings, imports=IMPORTS,
    )  # fmt: skip
    assert "and plain data from the instructor's solution" in wrong.errors()
    assert "told" not in wrong.printed()
    assert "right answer may have lost points" in wrong.executed.notes[0]


CLASSES = """
class Stack:
    def __init__(self, items=()): self.items = list(items)
    def push(self, item): self.items.append(item); return self
    def __len__(self): return len(self.items)
def stacked(items): return Stack(items)
def counting(n): yield from range(n)
shared = Stack([1])
number = 3
"""
MEETING = {
    "an object that the test makes": "assert len(Stack([1])) == 1",
    "an object that is only made": "Stack([1])",
    "an object that a function returns": "assert stacked([1]).items == [1]",
    "an object in a name": "assert shared.items[0] == 1",
    "a method's object": "assert Stack().push(1).push(2).items == [1, 2]",
    "an iterator": "assert list(counting(3)) == [0, 1, 2]",
    "an object in a name, after plain data": "assert number == 3\nassert shared.push(4) is shared",
}
OTHERWISE = """
class Count:
    def __init__(self, n): self.n, self.k = n, 0
    def __iter__(self): return self
    def __next__(self):
        if self.k == self.n: raise StopIteration
        self.k += 1
        return self.k - 1
def counting(n): return Count(n)
"""


@pytest.mark.parametrize("test", MEETING.values(), ids=MEETING)
def test_an_object_may_come_where_the_solution_gives_one(run, test):
    plain = check("assert number == 3", "plain")
    checked = run(learner(CLASSES), plain, check(test), record=True)
    assert not checked.errors()
    for answer in (CLASSES, CLASSES + OTHERWISE):
        again = run(
            learner(answer), plain, check(test),
            solution=CLASSES, recordings=checked.executed.recordings,
        )  # fmt: skip
        assert not again.errors() and not again.errors(1)
