"""Fixtures of several test modules."""

import gc
import os
import re
import signal
import sys

import pytest
from hypothesis import HealthCheck, settings

from autograder import quick_jsonschema  # noqa: F401  (before nbformat imports jsonschema)
from autograder.grading import grade, summary
from autograder.judge.pool import JudgePool
from autograder.settings import read_settings
from tests.autograder.small_class import SmallClass, template

# Some tests press Ctrl-C. A pytest that runs in the background ignores it, and so would the
# processes that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Properties are tested with the same examples at each run; `make fuzz` takes more and new ones.
same = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("tests", derandomize=True, **same)
settings.register_profile("fuzz", max_examples=5_000, **same)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


SLOW_MODULE = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)

gc.disable()  # while pytest collects 7,000 tests, which stay to the end


def pytest_collection_finish():
    """Have the garbage collector look only at what comes after."""
    gc.freeze()
    gc.enable()


def pytest_ignore_collect(collection_path, config):
    """Leave modules unread that are slow as a whole where slow tests are left out.

    Some load Keras, which takes longer than many tests.
    """
    if config.option.markexpr != "not slow" or not collection_path.name.startswith("test_"):
        return None
    return bool(SLOW_MODULE.search(collection_path.read_text("utf-8"))) or None


@pytest.hookimpl(tryfirst=True)  # before those that are slow are left out
def pytest_collection_modifyitems(items):
    """Mark slow what needs a small class, which takes ten seconds to make."""
    for item in items:
        if "small_course" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def no_figures():
    """Close the figures that other tests of this process have left open."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(autouse=True)
def same_path():
    """Forget where a test has looked for modules: a small class has an empty one named keras."""
    before = sys.path[:]
    yield
    sys.path[:] = before


@pytest.fixture(scope="session")
def small_course(tmp_path_factory):
    """A copy of the course with small assignments; tests copy it again."""
    return template(tmp_path_factory.mktemp("small"))


@pytest.fixture
def small_class(small_course, tmp_path):
    """A class of its own, in which nobody has handed in anything yet."""
    return SmallClass(small_course, tmp_path)


@pytest.fixture(scope="session")
def small_judges(small_course):
    """A judge that knows no Keras."""
    with JudgePool(1, small_course) as judges:
        yield judges


@pytest.fixture
def graded(small_class, small_judges, monkeypatch, capsys):
    """A function that grades the class in this process, and returns what was printed."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.delenv("COURSE_CLASS", raising=False)

    def graded(assignment="small", **options):
        capsys.readouterr()
        settings = read_settings(small_class.course)
        options = {"execute": small_judges.execute} | options
        print(summary(grade(settings, assignment, 1, **options)))
        return capsys.readouterr().out

    return graded
