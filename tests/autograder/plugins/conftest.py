"""A course with nbgrader's own settings, for each of the two executors."""

import pytest

from tests.autograder.plugins.plain_course import HERE, NBGRADER, PlainCourse, template


@pytest.fixture(scope="session")
def plain_template(tmp_path_factory):
    return template(tmp_path_factory.mktemp("plain-course"))


@pytest.fixture(scope="session", params=[pytest.param(NBGRADER, marks=pytest.mark.release), HERE])
def executor(request):
    return request.param


@pytest.fixture
def course(plain_template, executor, tmp_path):
    return PlainCourse(plain_template, tmp_path, executor)
