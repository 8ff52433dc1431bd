"""What nbgrader_config.py says of the class: a command reads it once, and hands it on."""

import copy
import logging
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from autograder import COURSE
from autograder.recordings import Recordings
from autograder.results import Results


@dataclass(frozen=True)
class Settings:
    """The settings of one command.

    course: the folder that nbgrader_config.py lies in. config: what it says.
    """

    course: Path
    config: Config

    @property
    def class_folder(self) -> Path:
        """The folder of what the class hands in, of its gradebook and of its grades."""
        return (self.course / self.config.CourseDirectory.submitted_directory).parent

    @property
    def results(self) -> Results:
        """What became of the class's submissions."""
        return Results(self.class_folder / "results")

    @property
    def recordings(self) -> Recordings:
        """What test cells asked of the instructor's solutions."""
        return Recordings(self.class_folder / "recordings")

    def open(self) -> NbGraderAPI:
        """Open the class."""
        config = copy.deepcopy(self.config)
        config.NbGraderAPI.log_level = logging.ERROR
        return NbGraderAPI(config=config)


def read_settings(course: Path = COURSE) -> Settings:
    """Read nbgrader_config.py, with what it takes from the environment, as from COURSE_CLASS."""
    return Settings(course, PyFileConfigLoader("nbgrader_config.py", str(course)).load_config())
