"""A test that patches a library is found while the assignment is checked: no answer notices it."""

import pytest

from tests.autograder.notebooks import check, executor, learner, shared


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


SOLUTION = """
import numpy as np
import statistics
def mean(x):
    return float(np.asarray(x, float).sum()) / len(x)
"""
BOOM = "from unittest.mock import patch\nimport numpy as np, statistics, pytest\n"
PATCHED = {
    "a function of a module": (
        "with patch('statistics.mean', side_effect=AssertionError):\n    assert mean([1, 3]) == 2",
        "statistics.mean",
    ),
    "a function of a module inside a package": (
        "with patch.object(np.linalg, 'inv') as inv:\n    mean([1, 3])\ninv.assert_not_called()",
        "numpy.linalg.inv",
    ),
    "a builtin": (
        "with patch('builtins.pow', side_effect=AssertionError):\n    assert mean([1, 3]) == 2",
        "builtins.pow",
    ),
    "a method of a class of a library": (
        "import pandas as pd\nwith patch('pandas.DataFrame.iterrows') as rows:\n    mean([1, 3])\n"
        "assert not rows.called",
        "pandas.DataFrame.iterrows",
    ),
    "by pytest's monkeypatch": (
        "monkeypatch = pytest.MonkeyPatch()\nmonkeypatch.delattr(np, 'average')\n"
        "try:\n    assert mean([1, 3]) == 2\nfinally:\n    monkeypatch.undo()",
        "numpy.average",
    ),
    "a whole module": (
        "with patch.dict('sys.modules', statistics=None):\n    assert mean([1, 3]) == 2",
        "statistics",
    ),
    "by an assignment, in the second turn of a loop": (
        "both = [np.mean, None]\nfor each in both:\n    np.mean = each\n    mean([1])\n"
        "np.mean = both[0]",
        "numpy.mean",
    ),
    "a lower recursion limit": (
        "import sys\nkept = sys.getrecursionlimit()\nsys.setrecursionlimit(200)\n"
        "try:\n    assert mean([1, 3]) == 2\nfinally:\n    sys.setrecursionlimit(kept)",
        "the recursion limit",
    ),
    "no floating-point error": (
        "with np.errstate(all='raise'):\n    assert mean([1, 3]) == 2",
        "how NumPy treats floating-point errors",
    ),
    "no float among decimals": (
        "import decimal\nwith decimal.localcontext() as context:\n"
        "    context.traps[decimal.FloatOperation] = True\n    assert mean([1, 3]) == 2",
        "the decimal context",
    ),
}


@pytest.mark.parametrize("name", PATCHED)
def test_a_change_is_named_while_the_solution_is_checked(run, name):
    source, target = PATCHED[name]
    cells = [learner(SOLUTION), check(BOOM + source)]
    assert not run(*cells).errors()  # nothing tells otherwise
    outcome = run(*cells, record=True)
    assert f"the test changes {target}, and the learner's code" in outcome.errors()


UNPATCHED = {
    "a patch that is over": "with patch('statistics.mean'):\n    pass\nassert mean([1, 3]) == 2",
    "a function of the test's own": "def inv(): pass\nassert mean([1, 3]) == 2",
    "a random number, a warning, printed text": (
        "import random, warnings, contextlib, io\nrandom.seed(1)\nnp.random.seed(1)\n"
        "np.set_printoptions(precision=3)\n"
        "with warnings.catch_warnings(record=True), contextlib.redirect_stdout(io.StringIO()):\n"
        "    warnings.simplefilter('always')\n    random.random()\n    assert mean([1, 3]) == 2"
    ),
    "a module that is imported late": "import colorsys, wave\nassert mean([1, 3]) == 2",
    "a figure": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\n"
        "plt.close(fig)\nassert mean([1, 3]) == 2"
    ),
    "a table": (
        "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})\n"
        "assert mean(frame.groupby('a').b.mean().to_numpy()) == 3.5"
    ),
}


@pytest.mark.parametrize("name", UNPATCHED)
def test_what_patches_nothing_passes(run, name):
    cells = [learner(SOLUTION), check(BOOM + UNPATCHED[name])]
    assert not run(*cells, record=True).errors()


def test_what_a_cell_of_both_sides_patched_is_the_same_for_both(run):
    both = "import statistics\nkept = statistics.mean\nstatistics.mean = len"
    back = "statistics.mean = kept\nassert mean([1, 3]) == 2"
    learners = "import statistics\ndef mean(x):\n    return statistics.mean(x)"
    outcome = run(
        learner(learners), shared(both), check("assert mean([1, 3, 5]) == 3"), check(back),
        record=True,
    )  # fmt: skip
    assert not outcome.errors(2)
    assert "the test changes statistics.mean" in outcome.errors(3)


def test_a_proxy_that_says_nothing_about_itself_does_no_harm(run):
    proxy = (
        "class Proxy:\n    __slots__ = ()\n    def __call__(self): pass\n"
        "    def __getattribute__(self, name): raise RuntimeError('no request')\ncurrent = Proxy()"
    )
    files = {"web.py": proxy.encode()}
    outcome = run(
        learner(SOLUTION + "import web"), check("import web\nassert mean([1, 3]) == 2"),
        record=True, learners_files=files, instructors_files=files,
    )  # fmt: skip
    assert not outcome.errors()
