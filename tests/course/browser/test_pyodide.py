"""The checks in the Python of the pages: every implementation of the banks, and odd cells."""

import json
import subprocess
import sys
from functools import cache

import pytest

from course import COURSE
from course.browser.packages import run_node
from course.browser.site import SITE
from evidence.banks import ASSIGNMENTS, bank
from evidence.check_cells import cells, solution, to_write
from tests.lanes import long_but

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pyodide")]

SMALL = "rnn-cell"
PROGRAM = COURSE / "tests" / "course" / "browser" / "in_pyodide.mjs"


@cache
def site():
    """Bring what a browser loads up to date, once in a test run."""
    subprocess.run([sys.executable, "-m", "course", "tab"], cwd=COURSE, check=True)
    return SITE


def run(assignment, jobs, tmp_path):
    """Run notebooks, each a list of cells and a function to check; return what came of each."""
    path = tmp_path / "jobs.json"
    path.write_text(json.dumps(jobs))
    return json.loads(run_node(PROGRAM, site(), assignment, path).splitlines()[-1])


def notebook(assignment, function="", source=""):
    """The cells of a solved notebook, with another source for one function."""
    listed = []
    for name, given in cells(assignment).items():
        if name in to_write(assignment):
            listed.append((name, source if name == function else solution(assignment, name)))
        elif name == "set-up" or given.startswith("def "):
            listed.append((name, given))
    return listed


@pytest.mark.parametrize("assignment", long_but([SMALL], ASSIGNMENTS, pytest.mark.release))
def test_every_implementation_gets_the_diagnosis_that_it_gets_with_keras(assignment, tmp_path):
    wrong, right = bank(assignment)
    expected = {(each.function, each.name): each.diagnosis for each in wrong}
    expected |= {(each.function, each.name): "" for each in right}
    jobs = [
        (
            notebook(assignment, each.function, each.source(solution(assignment, each.function))),
            each.function,
        )
        for each in (*wrong, *right)
    ]
    outcomes = run(assignment, jobs, tmp_path)
    diagnoses = dict(zip(expected, (each["outcome"]["diagnosis"] for each in outcomes)))
    assert diagnoses == expected
    assert all(each["outcome"]["ok"] == (not each["outcome"]["diagnosis"]) for each in outcomes)


def test_what_needs_keras_is_there_as_recorded(tmp_path):
    jobs = [([("measured-stretch", ""), ("own", "measured_kernel.shape")], "")]
    (job,) = run("vanishing-gradient", jobs, tmp_path)
    (shown,) = (output for cell, output in job["outputs"] if "text" in output)
    assert shown["text"].startswith("largest singular value: ")
    assert job["outputs"][-1][1]["data"] == {"text/plain": "(8, 8)"}
