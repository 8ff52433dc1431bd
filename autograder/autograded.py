"""Writes executed notebooks to nbgrader's folder `autograded`, for its other commands."""

import os
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from nbgrader.utils import find_all_files, rmtree
from traitlets.config import Config

from autograder.plugins.split_execute import SplitExecute

ELSEWHERE = {SplitExecute, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata}
"""Steps of nbgrader's that this grader carries out in its own way."""


class AutogradedFolder:
    """The folder of one assignment's executed notebooks.

    staged: a folder on the same disk for what is not whole yet.
    """

    def __init__(self, course: CourseDirectory, assignment: str, config: Config, staged: Path):
        self._assignment, self._staged = assignment, staged
        self._converter = Autograde(coursedir=course, config=config)
        self._steps = [
            each(config=config)
            for each in self._converter.autograde_preprocessors
            if each not in ELSEWHERE
        ]
        self._files = self._instructors_files(course)

    def _instructors_files(self, course: CourseDirectory) -> dict[str, bytes]:
        """Read the files that nbgrader puts beside the notebooks."""
        folder = course.format_path(course.source_directory, ".", self._assignment)
        names = {
            os.path.relpath(path, folder)
            for path in find_all_files(folder, [*course.ignore, "*.ipynb"])
        }
        names -= set(self._converter.exclude_overwriting.get(self._assignment, ()))
        return {name: Path(folder, name).read_bytes() for name in sorted(names)}

    def process(self, learner: str, name: str, notebook: NotebookNode) -> NotebookNode:
        """Take the steps that nbgrader's configuration lists between execution and points."""
        resources = {
            "unique_key": name,
            "output_files_dir": f"{name}_files",
            "nbgrader": {
                "student": learner,
                "assignment": self._assignment,
                "notebook": name,
                "db_url": self._converter.coursedir.db_url,
            },
        }
        for step in self._steps:
            notebook, resources = step(notebook, resources)
        return notebook

    def write(
        self, learner: str, notebooks: dict[str, NotebookNode], files: dict[str, bytes]
    ) -> None:
        """Put notebooks in place of what is there, all of them or none.

        notebooks: by name. files: handed in beside them, for nbgrader.
        """
        shutil.rmtree(self._staged, ignore_errors=True)
        texts = {f"{name}.ipynb": nbformat.writes(nb).encode() for name, nb in notebooks.items()}
        for name, content in (files | self._files | texts).items():
            path = self._staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        target = Path(os.path.normpath(self._converter._format_dest(self._assignment, learner)))
        if target.exists():
            rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._staged.rename(target)
        self._converter.set_permissions(self._assignment, learner)
