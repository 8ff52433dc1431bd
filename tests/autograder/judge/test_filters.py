"""Whose filters of warnings decide about a call: the learner's, or those of a test."""

import pytest

from tests.autograder.notebooks import check, executor, learner, shared


@pytest.fixture(scope="module")
def run():
    with executor() as function:
        yield function


WARNS = "import warnings\ndef f(x=0):\n    warnings.warn('look', RuntimeWarning)\n    return 1\n"
DIVIDES = (
    "import numpy as np\ndef f(a, b):\n    try: return float(np.float64(a) / b)\n"
    "    except RuntimeWarning: return 0.0\n"
)
CALLS = "assert f() == 1"
LISTENS = "import warnings\nwith warnings.catch_warnings(record=True) as w:\n"

SILENT = {
    "the learner's filter ignores it": [learner(WARNS + "warnings.filterwarnings('ignore')")],
    "it ignores this message": [learner(WARNS + "warnings.filterwarnings('ignore', 'lo')")],
    "a locked cell's filter does": [shared("import warnings; warnings.simplefilter('ignore')")],
    "a test's filter does": [check("import warnings; warnings.simplefilter('ignore')")],
    "a test's filter ignores this message": [
        check("import warnings; warnings.filterwarnings('ignore', 'lo')")
    ],
    "what the learner shows in its place": [
        learner(WARNS + "warnings.showwarning = lambda *_, **__: None")
    ],
}


@pytest.mark.parametrize("before", SILENT.values(), ids=list(SILENT))
def test_a_warning_that_is_not_shown_in_one_process_is_not_shown(run, before):
    outcome = run(learner(WARNS), *before, check(CALLS))
    assert not outcome.errors() and not outcome.printed(name="stderr")


SHOWN = {
    "no filter": [],
    "a filter for others": [learner(WARNS + "warnings.filterwarnings('ignore', 'other')")],
    "the learner's, after a locked cell's": [
        shared("import warnings; warnings.simplefilter('ignore')"),
        learner("warnings.simplefilter('always')"),
    ],
    "a test's, after the learner's": [
        learner("warnings.simplefilter('ignore')"),
        check("import warnings; warnings.simplefilter('default')"),
    ],
    "a test's that was there before": [
        shared("import warnings; warnings.simplefilter('always')"),
        learner("warnings.simplefilter('ignore')"),
        check("import warnings; warnings.simplefilter('always')"),
    ],
}


@pytest.mark.parametrize("before", SHOWN.values(), ids=list(SHOWN))
def test_a_warning_that_is_shown_in_one_process_is_shown(run, before):
    outcome = run(learner(WARNS), *before, check(CALLS))
    assert "RuntimeWarning: look" in outcome.printed(name="stderr")


HEARD = {
    "pytest": "import pytest\nwith pytest.warns(RuntimeWarning, match='look'): f()",
    "unittest": "import unittest\nwith unittest.TestCase().assertWarns(RuntimeWarning): f()",
    "a list": f"{LISTENS}    warnings.simplefilter('always')\n    f(); f()\nassert len(w) == 2",
    "an error": (
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
        "    try: f()\n    except RuntimeWarning: pass\n    else: assert False"
    ),
    "the first one of each place": (
        f"{LISTENS}    warnings.simplefilter('default')\n    f(); f()\nassert len(w) == 1"
    ),
    "the first one in all": (
        f"{LISTENS}    warnings.simplefilter('once')\n    f(); f()\nassert len(w) == 1"
    ),
}


@pytest.mark.parametrize("test", HEARD.values(), ids=list(HEARD))
def test_a_test_that_listens_hears_what_the_learner_ignores(run, test):
    outcome = run(learner(WARNS + "warnings.simplefilter('ignore')"), check(test))
    assert not outcome.errors()


def test_a_test_that_changes_no_filter_hears_what_the_learner_lets_through(run):
    test = f"{LISTENS}    f(); f()\nassert [str(each.message) for each in w] == ['look'] * {{}}"
    kept = [learner(WARNS + f"warnings.simplefilter('{each}')") for each in ("ignore", "always")]
    assert not run(kept[0], check(test.format(0))).errors()
    assert not run(kept[1], check(test.format(2))).errors()


def test_the_learners_code_catches_a_warning_that_it_makes_an_error(run):
    code = DIVIDES + "import warnings; warnings.filterwarnings('error', message='divide')"
    tests = "assert f(1, 0) == 0.0 and f(1, 2) == 0.5"
    assert not run(learner(code), check(tests)).errors()
    assert not run(learner(code), check("import urllib3"), check(tests)).errors()


def test_filters_that_a_call_sets_stay(run):
    code = WARNS + "def quiet(): warnings.simplefilter('ignore')"
    outcome = run(learner(code), check("quiet()"), check(CALLS))
    assert not outcome.printed(name="stderr")


def test_a_warning_of_one_place_is_shown_once_in_each_cell(run):
    """A kernel forgets at each cell what it has shown, and shows it again in the next."""
    outcome = run(learner(WARNS), check("f(); f()"), check("f(); f()"))
    assert [outcome.printed(cell, "stderr").count("look") for cell in (1, 2)] == [1, 1]


def test_a_library_that_a_test_imports_leaves_the_learners_filters_in_force(run):
    code = learner(WARNS + "warnings.simplefilter('ignore')")
    added = (
        "import warnings\nclass Own(Warning): pass\nwarnings.simplefilter('always', Own)\n"
        "warnings.filterwarnings('ignore', 'the matrix subclass')"
    )
    outcome = run(code, check(added), check(CALLS))
    assert not outcome.printed(name="stderr")
