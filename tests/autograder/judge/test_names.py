"""Which names are the learner's, and which of a test cell's names reach the learner's process."""

import pytest

from autograder.judge.names import bound, defined, parse, read_in_functions, used
from tests.autograder.notebooks import check, executor, learner
from tests.lanes import slow_but_some


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


SPY = """
import gc, sys, inside.responder as responder
real = next(o for o in gc.get_objects() if isinstance(o, responder.Responder))
seen = []
def spying(name, method):
    def spy(**arguments):
        seen.append(repr((name, arguments)))
        return method(**arguments)
    return spy
for name in ("cell", "listed", "watch", "call", "make", "attribute", "set_attribute"):
    setattr(real, name, spying(name, getattr(real, name)))
expected = secret = rate = None
def capital(country): return "Paris"
def tell(): return seen
"""
SOLUTION = "def capital(country): pass\ndef tell(): pass"
HOLDERS = {
    "nothing else": "",
    "a line magic": "%precision 3",
    "a shell command": "_ = !true",
    "match": "match [1, 2]:\n    case [secret, *rest]: pass",
    "global": "def set_it():\n    global secret\n    secret = 1\nset_it()",
    "exec": "exec('secret = 1')",
    "a star import": "from math import *",
    "a class": "class secret: pass",
    "an exception": "try:\n    1 / 0\nexcept ZeroDivisionError as secret:\n    pass",
    "strings": "for secret in ('Lisbon', 'Madrid'): pass",
    "globals()": "globals()['secret'] = 1",
}


@pytest.mark.parametrize("code", slow_but_some(HOLDERS.values()), ids=HOLDERS)
def test_nothing_of_a_test_reaches_the_learner_but_what_it_hands_over(run, code):
    test = f"{code}\nexpected = 'Lisbon'\nassert capital('France') == 'Paris'\nhidden_name = 1"
    outcome = run(
        learner(SPY),
        check(test),
        check("print(tell())"),
        solution=SOLUTION,
    )
    assert outcome.errors(1) == ""
    spied = outcome.printed(2)
    assert "France" in spied
    assert not any(word in spied for word in ("Lisbon", "Madrid", "Paris", "expected", "secret"))
    assert "hidden_name" not in spied


@pytest.mark.parametrize("code", slow_but_some(HOLDERS.values()), ids=HOLDERS)
def test_a_learner_gives_no_name_a_meaning_that_the_solution_does_not_define(run, code):
    """Whatever else a test cell holds, so that its names cannot all be read off its text."""
    outcome = run(
        learner("def f(): return 1\nexpected = 1\nsecret = 1\ndef len(x): return 2"),
        check(f"{code}\nassert 'expected' not in globals()"),
        check("expected = 2\nassert f() == expected"),
        check("assert len([f()]) == 1"),
        solution="def f(): pass",
    )
    assert outcome.errors(1) == ""
    assert "AssertionError" in outcome.errors(2)
    assert outcome.errors(3) == ""


def test_a_variable_of_a_test_stays_although_the_solution_has_one_of_its_name(run):
    solution = "A = [1, 2]\ndef f(a): return a[0]\ndef g(a): return f(a)"
    test = "A = [5, 6]\nassert f(A) == 5\nassert g(A) == 5 and A == [5, 6]"
    for learners in (solution, solution.partition("\n")[2]):
        outcome = run(
            learner(learners), check(test), check("assert f([3]) == 3"), solution=solution
        )
        assert outcome.errors(1) == outcome.errors(2) == ""


def test_a_variable_of_a_test_that_cannot_cross_does_not_disturb_the_learners(run):
    solution = "A = [1, 2]\ndef f(a): return a[0]"
    outcome = run(learner(solution), check("A = object()\nassert f([3]) == 3"), solution=solution)
    assert outcome.errors() == ""


def test_the_learners_function_reads_a_global_name_that_a_test_sets(run):
    solution = "def f(): return rate * 2"
    tests = check("rate = 3\nassert f() == 6"), check("assert f() == 6"), check("del rate\nf()")
    outcome = run(learner(solution), *tests, solution=solution)
    assert outcome.errors(1) == outcome.errors(2) == ""
    assert "NameError" in outcome.errors(3)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("%matplotlib inline\nx = 1", {"x"}),
        ("%%time\nx = 1", {"x"}),
        ("!ls\nfiles = !ls", {"files"}),
        ("x = ?len\n", set()),
        (
            "match y:\n    case {'a': a, **rest}: pass\n    case [b, *c] as d: pass",
            {*"abcd", "rest"},
        ),
        ("def f():\n    global x\n    x = 1", {"f", "x"}),
        ("try:\n    pass\nexcept ValueError as error:\n    pass", {"error"}),
        ("if (n := 3) > 2: [k for k in range(n)]", {"n", "k"}),
        ("a, (b, *c) = 1, (2, 3)\nwith open('f') as d: pass\nfor e in []: pass", set("abcde")),
    ],
)
def test_the_names_that_code_binds(code, names):
    assert bound(parse(code)) == names


def test_names_are_read_from_what_is_more_than_python():
    assert "secret" in used("%time secret.x")
    assert defined("%load_ext sql\nimport math\nx = 1") == {"x"}
    source = "N = 2\ndef f():\n    return N * np.pi\nclass C:\n    a = M\nprint(K)"
    assert read_in_functions(source) == {"N", "np", "M"}
