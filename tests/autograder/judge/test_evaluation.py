"""No text of the learner's runs as code in the judge, and the test's own text runs as ever."""

import pytest

from autograder.judge.evaluation import EVALUATED
from tests.autograder.notebooks import check, executor, learner


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


FORGE = "__import__('builtins').__dict__.__setitem__('forged', 1) or int"
DOC = '"""Add.\\n\\n    >>> __import__("builtins").__dict__.__setitem__("forged", 1)\\n    """'
ATTACKS = {
    "eval": (f'def f(): return """{FORGE}"""', "assert eval(f()) is int"),
    "eval of a name of the test's": (
        "def f(): return 'expected'", "expected = 7\nassert eval(f()) == 7",
    ),
    "eval of a part": (f'def f(): return """({FORGE})"""', "assert eval(f'[{f()}, 1]')[1] == 1"),
    "eval of pieces": (f'def f(): return list("""{FORGE}""")', "assert eval(''.join(f())) is int"),
    "eval of an array's text": (
        f'import numpy as np\ndef f(): return np.array(["""{FORGE}"""])',
        "assert eval(f()[0]) is int",
    ),
    "eval of bytes": (f'def f(): return b"""{FORGE}"""', "assert eval(f()) is int"),
    "eval of what is printed": (
        f'def f(): print("""{FORGE}""")',
        "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out: f()\n"
        "assert eval(out.getvalue()) is int",
    ),
    "exec of the source": (
        f'def f(x={FORGE}): return 4',
        "import inspect\nspace = {}\nexec(inspect.getsource(f), space)\nassert space['f']() == 4",
    ),
    "a tree": (f'def f(): return """{FORGE}"""',
        "import ast\nassert eval(compile(ast.parse(f(), mode='eval'), 'x', 'eval')) is int"),
    "doctest": (
        f"def f():\n    {DOC}\n    return 4",
        "import doctest\ndoctest.run_docstring_examples(f, globals())",
    ),
    "an annotation": (
        f'X = """{FORGE}"""\ndef f(x: X) -> int: return 4',
        "import typing\nassert typing.get_type_hints(f) == {'x': int, 'return': int}",
    ),
    "singledispatch": (
        f'X = """{FORGE}"""\ndef f(x: X): return 4',
        "import functools\n@functools.singledispatch\ndef g(x): return 0\n"
        "g.register(f)\nassert g(1) == 4",
    ),
    "pickle": (
        "import pickle\nclass P:\n    def __reduce__(self):\n"
        "        return exec, (\"__import__('builtins').forged = 1\",)\n"
        "def f(): return pickle.dumps(P())",
        "import pickle\npickle.loads(f())",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_text_of_the_learners_never_runs_in_the_judge(run, name):
    import builtins

    source, test = ATTACKS[name]
    outcome = run(learner(source), check(test))
    forged = vars(builtins).pop("forged", None)
    assert EVALUATED in outcome.errors() and forged is None
    assert "right answer may have lost points" in outcome.executed.notes[0]


OWN = {
    "what a test writes": "assert f(2) == eval('2 * 2')\nexec('y = f(3)')\nassert y == 6",
    "in a function": "def g(k):\n    return eval('k + f(1)')\nassert g(1) == 3",
    "a class that a library writes": (
        "from collections import namedtuple\nfrom dataclasses import make_dataclass\n"
        "assert text(1) == 'a b'\nassert namedtuple('P', text(1))(1, 2).b == 2\n"
        "assert make_dataclass('D', text(1).split())(1, 2).a == 1"
    ),
    "a module": "assert text(1) == 'a b'\nimport colorsys, sndhdr",
    "doctest of the test's own": (
        "import doctest\ndef g():\n    '''\n    >>> 1 + 1\n    2\n    '''\n"
        "assert doctest.DocTestRunner().run(doctest.DocTestFinder().find(g)[0]).failed == 0"
    ),
    "an annotation that is a text": (
        "import typing\nhints = typing.get_type_hints(noted)\n"
        "assert hints == {'x': list[int], 'return': int | None}"
    ),
    "a tree to look at": (
        "import ast, inspect\nassert not any(isinstance(n, ast.For) for n in "
        "ast.walk(ast.parse(inspect.getsource(f))))"
    ),
    "pickled data": "import pickle\nassert pickle.loads(pickled()) == {'a': [1.5, None], 'b': 2}",
    "pickled arrays": (
        "import pickle, datetime, numpy as np\nday, array, table = pickle.loads(pickled(True))\n"
        "assert day == datetime.date(2026, 1, 1) and array.sum() == 3 and table.a.sum() == 3"
    ),
    "a copy": "import copy\nassert copy.deepcopy(pickled()) == pickled()",
    "a database": (
        "import sqlite3\nwith sqlite3.connect(':memory:') as c:\n"
        "    c.execute('create table t (n)')\n    c.execute(text(2))\n"
        "    assert c.execute('select n from t').fetchall() == [(5,)]"
    ),
}
RIGHT = """
import datetime, pickle
import numpy as np, pandas as pd
def f(x): return 2 * x
def text(k): return 'a b' if k == 1 else 'insert into t values (5)'
def noted(x: "list[int]") -> "int | None": pass
def pickled(much=False):
    more = [datetime.date(2026, 1, 1), np.arange(3), pd.DataFrame({'a': [1, 2]})]
    return pickle.dumps(more if much else {'a': [1.5, None], 'b': 2})
"""


@pytest.mark.parametrize("name", OWN)
def test_everything_else_runs(run, name):
    outcome = run(learner(RIGHT), check(OWN[name]))
    assert not outcome.errors()


def test_a_cell_after_one_that_looks_at_a_tree_runs(run):
    looking = check("import ast, inspect\nast.parse(inspect.getsource(f))")
    outcome = run(learner(RIGHT), looking, check("assert f(2) == 4"))
    assert not outcome.errors(1) and not outcome.errors()


def test_sql_of_the_learners_writes_no_file(run, tmp_path):
    path = tmp_path / "written.db"
    sources = (f"attach database '{path}' as a", f"vacuum into '{path}'")
    for source in sources:
        outcome = run(
            learner(f"def f(): return {source!r}"),
            check("import sqlite3\nsqlite3.connect(':memory:').execute(f())"),
        )
        assert outcome.errors() and not path.exists()
