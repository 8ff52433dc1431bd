"""The class that nbgrader_config.py names: how to open it, and where it lies."""

import logging
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from autograder import COURSE


def config() -> Config:
    """Read nbgrader_config.py, with what it makes of COURSE_CLASS."""
    return PyFileConfigLoader("nbgrader_config.py", str(COURSE)).load_config()


def api() -> NbGraderAPI:
    """Open the class."""
    found = config()
    found.NbGraderAPI.log_level = logging.ERROR
    return NbGraderAPI(config=found)


def class_folder() -> Path:
    """Name the folder of the class."""
    return (COURSE / config().CourseDirectory.submitted_directory).parent
