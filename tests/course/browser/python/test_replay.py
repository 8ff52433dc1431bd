"""A replay says what the check cell says with Keras, and notices a record that is damaged."""

import json
import subprocess
import sys

import numpy as np
import pytest

from course import COURSE
from course.browser.python.replay import DamagedRecord, RecordedChecks
from course.exercises import notebook
from evidence.banks import ASSIGNMENTS, bank
from evidence.check_cells import cells, functions, implement, solution
from tests.course.browser.records import files, recorded, records
from tests.lanes import long_but

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("records")]
every_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)
SMALL = "rnn-cell"


@pytest.fixture
def learners_checks(monkeypatch):
    """The package `checks` beside a learner's notebook."""
    monkeypatch.syspath_prepend(str(COURSE / "exercises" / SMALL))
    yield
    for name in [each for each in sys.modules if each.partition(".")[0] == "checks"]:
        del sys.modules[name]  # for good: monkeypatch would bring it back


@pytest.mark.parametrize("assignment", long_but([SMALL], ASSIGNMENTS, pytest.mark.release))
def test_without_keras_every_implementation_gets_the_diagnosis_that_it_gets_with_keras(assignment):
    """tests/course/test_banks.py compares the same diagnoses with those of the check cells."""
    paths = [str(records() / f"{assignment}.{ending}") for ending in ("json", "bin")]
    module = "tests.course.browser.python.replay_banks"
    command = [sys.executable, "-m", module, assignment, *paths]
    ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    outcomes = json.loads(ran.stdout.splitlines()[-1])
    wrong, right = bank(assignment)
    expected = [(entry.function, entry.name, entry.diagnosis) for entry in wrong]
    expected += [(entry.function, entry.name, "") for entry in right]
    assert [tuple(outcome[:3]) for outcome in outcomes] == expected
    for function, _, diagnosis, message in outcomes:
        if not diagnosis:
            assert f'@checking("{message}")' in cells(assignment)[f"{function}-check"]


@every_assignment
def test_a_record_says_what_it_holds_and_with_which_keras(assignment):
    import keras
    import tensorflow

    record = recorded(assignment)
    assert record.assignment == assignment
    assert record.functions == functions(assignment)
    assert record.versions == {
        "keras": keras.__version__,
        "tensorflow": tensorflow.__version__,
        "numpy": np.__version__,
    }
    assert len(record.date.split("-")) == 3


def test_the_words_are_those_of_the_check_cell(learners_checks, capsys):
    """The cell itself runs with Keras, in the package that the notebook imports."""
    from checks import CheckFailed
    from checks import records as outcomes

    name = "pre_activation"
    source = next(each.source for each in notebook(SMALL).cells if each.id == f"{name}-check")
    changes = [("", ""), ("+ bias", ""), ("x @ kernel", "x.T @ kernel"), ("return ", "result = ")]
    for old, new in changes:
        text = solution(SMALL, name).replace(old, new)
        names = {name: implement(SMALL, name, text)}
        outcomes.forget()
        with_keras = outcome(lambda names=names: exec(source, names), CheckFailed, capsys)
        outcomes.forget()
        replayed = outcome(
            lambda names=names: print(recorded(SMALL).replay_among(name, names)),
            CheckFailed,
            capsys,
        )
        assert replayed == with_keras


def outcome(run, failure, capsys):
    """What a check prints or raises, but for what it says of Keras."""
    try:
        run()
    except failure as error:
        return str(error)
    finally:
        printed = capsys.readouterr().out
    return "\n".join(line for line in printed.splitlines() if "Loading Keras" not in line)


def test_a_function_that_is_not_defined_is_named_as_in_the_cell(learners_checks):
    from checks import CheckFailed, checking

    def rnn_step():
        return undefined_step  # noqa: F821

    with pytest.raises(CheckFailed) as replayed:
        recorded(SMALL).replay_among("undefined_step", {})
    with pytest.raises(CheckFailed) as cell:
        checking("")(rnn_step)
    assert str(replayed.value) == str(cell.value)
    assert replayed.value.diagnosis == cell.value.diagnosis == "not defined"


def test_a_function_without_a_recorded_check_is_named():
    with pytest.raises(LookupError, match=r"No check of lstm_step was recorded for rnn-cell\."):
        recorded(SMALL).replay("lstm_step", print)


def test_a_function_that_changes_its_arguments_does_not_change_the_record(learners_checks):
    from checks import CheckFailed

    right = implement(SMALL, "pre_activation", solution(SMALL, "pre_activation"))

    def spoils(*arguments):
        result = right(*arguments)
        for argument in arguments:
            argument[...] = 0
        return result

    record = recorded(SMALL)
    with pytest.raises(CheckFailed, match="changes its arguments"):
        record.replay("pre_activation", spoils)
    assert record.replay("pre_activation", right) == "pre_activation agrees with Keras."


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_record_is_noticed(seed):
    text, joined = files(SMALL)
    rng = np.random.default_rng(seed)
    place = int(rng.integers(len(joined)))
    damaged = joined[:place] + bytes([joined[place] ^ (1 << rng.integers(8))]) + joined[place + 1 :]
    place = int(rng.integers(len(text)))
    other = chr(ord(text[place]) ^ 1)
    with pytest.raises(DamagedRecord, match=r"damaged or not complete"):
        RecordedChecks(text, damaged)
    with pytest.raises(DamagedRecord, match=r"damaged or not complete"):
        RecordedChecks(text[:place] + other + text[place + 1 :], joined)


def test_a_truncated_record_is_noticed():
    text, joined = files(SMALL)
    lengths = [0, 1, 3, 4, 5, 100, -100, -5, -4, -1]
    for length in lengths:
        for pair in ((text[:length], joined), (text, joined[:length]), ("", joined[:length])):
            with pytest.raises(DamagedRecord):
                RecordedChecks(*pair)


def test_files_of_two_records_are_noticed():
    with pytest.raises(DamagedRecord):
        RecordedChecks(files(SMALL)[0], files("lstm-gates")[1])
