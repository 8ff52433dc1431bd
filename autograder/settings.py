"""What nbgrader_config.py says of the class: a command reads it once, and hands it on."""

import copy
import logging
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, ConfigFileNotFound, PyFileConfigLoader

from autograder import COURSE
from autograder.master import Master, read_masters
from autograder.recordings import Recordings
from autograder.results import Results
from autograder.sandbox.limits import Limits, limits_for

Selection = Literal[True] | frozenset[str]
"""Cells by grade_id; True for all."""


@dataclass(frozen=True)
class Choices:
    """What is chosen for one assignment.

    limits: of a submission. together: the test cells that run in the learner's process. accepted:
    the cells that are graded although the solution does not get their points, or nothing does.
    handed_in: files beside the notebook of which the learner's version counts, by relative path.
    """

    limits: Limits
    together: Selection
    accepted: Selection
    handed_in: frozenset[str]


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
        return (self.course / CourseDirectory(config=self.config).submitted_directory).parent

    @property
    def results(self) -> Results:
        """What became of the class's submissions."""
        return Results(self.class_folder / "results")

    @property
    def recordings(self) -> Recordings:
        """What test cells asked of the instructor's solutions."""
        return Recordings(self.class_folder / "recordings")

    @cached_property
    def _masters(self) -> dict[str, dict[str, Master]]:
        return {}

    def masters(self, assignment: str) -> dict[str, Master]:
        """Read all notebooks of an assignment, once a command; see `read_masters`."""
        if assignment not in self._masters:
            self._masters[assignment] = read_masters(self.open().coursedir, assignment)
        return self._masters[assignment]

    def choices(self, assignment: str) -> Choices:
        """Return what is chosen for an assignment. Raises SystemExit where that is no choice."""
        chosen = self.config.SplitExecute
        handed_in = self.config.Autograde.get("exclude_overwriting", {}).get(assignment, ())
        return Choices(
            limits_for(assignment, chosen.get("limits", {})),
            self._selection("together", assignment),
            self._selection("accepted", assignment),
            frozenset(handed_in),
        )

    def _selection(self, name: str, assignment: str) -> Selection:
        selected = self.config.SplitExecute.get(name, {}).get(assignment, ())
        if selected is True:
            return True
        if isinstance(selected, list | tuple | set) and all(isinstance(e, str) for e in selected):
            return frozenset(selected)
        raise SystemExit(
            f"c.SplitExecute.{name} in nbgrader_config.py has {selected!r} for {assignment}. It "
            "should be a list of the names of cells, or True for all."
        )

    def require_class(self) -> None:
        """Raise SystemExit with what to do where the class has no folder."""
        folder = self.class_folder
        if not folder.is_dir():
            raise SystemExit(
                f"There is no folder {folder}, in which nbgrader_config.py has the class. "
                f"Make it, for a class of your own: mkdir -p {shlex.quote(str(folder))}"
            )

    def open(self) -> NbGraderAPI:
        """Open the class."""
        config = copy.deepcopy(self.config)
        config.NbGraderAPI.log_level = logging.ERROR
        return NbGraderAPI(config=config)


def read_settings(course: Path = COURSE) -> Settings:
    """Read nbgrader_config.py, with what it takes from the environment.

    Raises SystemExit where there is none, or where nbgrader would execute submissions itself.
    """
    try:
        config = PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()
    except ConfigFileNotFound:
        raise SystemExit(
            f"There is no nbgrader_config.py in {course}, the folder that holds autograder/."
        ) from None
    steps = config.Autograde.get("autograde_preprocessors", [])
    if not any(getattr(step, "__name__", "") == "SplitExecute" for step in steps):
        raise SystemExit(
            "c.Autograde.autograde_preprocessors in nbgrader_config.py does not hold SplitExecute, "
            "which executes submissions in a sandbox. It stands where nbgrader has Execute."
        )
    return Settings(course, config)


def hidden_folders(course: CourseDirectory) -> tuple[str, ...]:
    """Name the folders that no submission may see: the course's, and the class's."""
    folders = [course.root, Path(course.root, course.submitted_directory).parent]
    return tuple(str(Path(folder).absolute()) for folder in folders)
