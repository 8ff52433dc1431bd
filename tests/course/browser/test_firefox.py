"""The assignments in Firefox, as Debian has it."""

import json
import shutil
from pathlib import Path

import pytest

from course.browser.packages import NODE, run_node
from evidence.browser import serve
from tests.course.built_book import build_book

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("firefox")]


def test_a_function_is_written_and_checked_in_firefox():
    with serve(build_book()) as site:
        printed = run_node(
            Path(__file__).with_name("firefox.mjs"),
            shutil.which("firefox-esr") or shutil.which("firefox"),
            NODE / "node_modules",
            f"{site}/do/lstm-gates.html",
        )
    visit = json.loads(printed.splitlines()[-1])
    assert visit["errors"] == []
    not_started, overflow, right, points = visit["shown"]
    assert "not started" in not_started
    assert "overflow encountered in exp" in " ".join(overflow.split())
    assert right == "sigmoid agrees with Keras."
    assert points == "3 of 23 points"
