"""A test on an assignment runs in its folder, as its notebook does: its data lies there."""

import pytest

from course.release import EXERCISES


@pytest.fixture(autouse=True)
def in_the_folder_of_the_assignment(request, monkeypatch):
    case = getattr(request.node, "callspec", None)
    assignment = case.params.get("assignment") if case else None
    if isinstance(assignment, str) and (EXERCISES / assignment).is_dir():
        monkeypatch.chdir(EXERCISES / assignment)
