"""Small changes to the solutions: which are made, and that the checks notice them."""

import ast

import pytest

from evidence.check_cells import solution
from evidence.equivalent import FACTS, SINGLE, reason
from evidence.mutants import Mutant, mutants
from evidence.survivors import FUNCTIONS, outcome, outcomes, stale, survivors
from tests.lanes import but_the_first, each_function

pytestmark = pytest.mark.slow

SAMPLE = 40  # one of so many mutants is tried here; `make mutants` tries all, in half a minute

EXAMPLE = '''
def total(x, weights=None, axis=1):
    """Add what is given."""
    shares = []
    for t in range(x.shape[1]):
        part = np.tanh(x[:, t] @ weights - 2)
        shares.append(part)
    return (np.sum(shares, axis=0) if axis > 0 else None), weights["a"], "b"
'''


@pytest.fixture(scope="module")
def changed():
    return mutants(EXAMPLE)


@pytest.mark.parametrize(
    "name",
    [
        "line 4: `x[:, t] @ weights + 2` for `x[:, t] @ weights - 2`",  # operators
        "line 4: `2 - x[:, t] @ weights` for `x[:, t] @ weights - 2`",
        "line 4: `x[:, t]` for `x[:, t] @ weights`",
        "line 4: `(x[:, t] @ weights).__isub__(2)` for `x[:, t] @ weights - 2`",
        "line 4: `-x[:, t]` for `x[:, t]`",  # values
        "line 4: `2 * weights` for `weights`",
        "line 4: `weights.T` for `weights`",
        "line 4: `shares` for `weights`",  # names
        "line 4: `0` for `2`",  # constants
        "line 4: `1.0` for `2`",
        "line 6: `'b'` for `'a'`",
        "line 1: `0` for `None`",
        "line 4: `np.sin(x[:, t] @ weights - 2)` for `np.tanh(x[:, t] @ weights - 2)`",  # calls
        "line 4: `x[:, t] @ weights - 2` for `np.tanh(x[:, t] @ weights - 2)`",
        "line 6: `np.mean(shares, axis=0)` for `np.sum(shares, axis=0)`",
        "line 6: `np.sum(shares)` for `np.sum(shares, axis=0)`",
        "line 6: `np.sum(shares, axis=-1)` for `np.sum(shares, axis=0)`",
        "line 3: `range(1, x.shape[1])` for `range(x.shape[1])`",  # loops
        "line 3: `reversed(range(x.shape[1]))` for `range(x.shape[1])`",
        "line 3: `range(x.shape[1])[:-1]` for `range(x.shape[1])`",
        "line 3: `x.shape` for `x.shape[1]`",  # indices
        "line 3: `x.shape[0]` for `x.shape[1]`",
        "line 4: `x[t]` for `x[:, t]`",
        "line 4: `x[t, :]` for `x[:, t]`",
        "line 4: `x[:, 0]` for `x[:, t]`",
        "line 4: `x[:, t - 1]` for `x[:, t]`",
        "line 4: `x[::-1, t]` for `x[:, t]`",
        "line 6: `axis >= 0` for `axis > 0`",  # conditions
        "line 6: `not axis > 0` for `axis > 0`",
        "line 6: `True` for `axis > 0`",
        "line 1: `x, axis=1, weights=None` for `x, weights=None, axis=1`",  # arguments
        "line 1: `x, weights, axis=1` for `x, weights=None, axis=1`",
        "line 5: `shares.append(part)` deleted",  # statements
        "line 5: `shares.append(part)` twice",
        "line 5: `shares.append(part)` after the loop",
        "line 4: `part = np.tanh(x[:, t] @ weights - 2)` after the next",
    ],
)
def test_a_change_of_each_kind_is_made(changed, name):
    assert name in {each.name for each in changed}


def test_a_return_moves_into_the_loop_and_its_values_change_places(changed):
    sources = {each.name: each.source for each in changed}
    [early] = [source for name, source in sources.items() if name.endswith("in the loop")]
    assert "\n        return " in early
    assert any("return ('b', weights['a'], " in source for source in sources.values())
    assert any("return (weights['a'], 'b')" in source for source in sources.values())


def test_what_a_name_says_is_what_differs(changed):
    [swapped] = [each for each in changed if "`x[t, :]` for `x[:, t]`" in each.name]
    original = ast.unparse(ast.parse(EXAMPLE)).replace('    """Add what is given."""\n', "")
    assert swapped.source == original.replace("x[:, t]", "x[t, :]")


@each_function(FUNCTIONS, but_the_first(pytest.mark.release))
def test_mutants_parse_and_differ_from_the_solution_and_each_other(assignment, function):
    source = solution(assignment, function)
    changed = mutants(source)
    trees = {ast.dump(ast.parse(each.source)) for each in changed}
    assert len(trees) == len(changed) == len({each.name for each in changed}) >= 70
    assert ast.dump(ast.parse(source)) not in trees


def test_the_mutants_are_the_same_each_time(changed):
    assert mutants.__wrapped__(EXAMPLE) == changed


@pytest.mark.parametrize(
    ("body", "diagnosis"),
    [
        ("while True: pass", "interrupted"),
        ("return sum(range(10 ** 15))", "interrupted"),  # no loop in Python: the process is ended
        ("return np.ones(10 ** 10)", "raised"),
        ("return missing", "a name that is not defined"),
        ("return np.zeros((2, 2))", "shape"),
    ],
)
def test_a_mutant_that_runs_wild_is_killed_and_the_next_one_is_checked(body, diagnosis):
    wild = Mutant("wild", f"def hidden_state(output, c):\n    {body}")
    right = Mutant("right", solution("lstm-gates", "hidden_state"))
    wild_outcome, right_outcome = outcomes("lstm-gates", "hidden_state", [wild, right])
    assert wild_outcome == (True, diagnosis)
    assert right_outcome == (False, "")


def test_a_process_that_fails_is_no_killed_mutant():
    leaving = Mutant("leaving", "def hidden_state(output, c):\n    import os; os._exit(1)")
    with pytest.raises(RuntimeError, match="leaving"):
        outcome("lstm-gates", "hidden_state", leaving)


def test_the_diagnosis_is_a_mistake_where_mistakes_are_looked_for():
    swapped = Mutant("swapped", "def hidden_state(output, c):\n    return output * c")
    assert outcome("lstm-gates", "hidden_state", swapped) == (True, "value")
    assert outcome("lstm-gates", "hidden_state", swapped, diagnosed=True) == (True, "tanh missing")


@each_function(FUNCTIONS)
def test_a_sample_of_the_mutants_is_killed_or_equivalent(assignment, function):
    _, alive = survivors(assignment, function, step=SAMPLE)
    assert [name for name in alive if reason(assignment, function, name) is None] == []


@each_function(sorted({*FACTS, *SINGLE}))
def test_what_is_equivalent_speaks_of_the_function_as_it_is(assignment, function):
    source = solution(assignment, function)
    values = {ast.unparse(each) for each in ast.walk(ast.parse(source))}
    assert set(FACTS.get((assignment, function), {})) <= values
    current = {each.name for each in mutants(source)}
    assert stale(assignment, function, current) == []


def test_a_fact_holds_around_its_value_alone():
    assert reason("lstm-gates", "hidden_state", "line 2: `abs(output)` for `output`")
    assert reason("lstm-gates", "hidden_state", "line 2: `-output` for `output`") is None
    assert reason("lstm-gates", "hidden_state", "line 2: `abs(c)` for `c`") is None
