"""The sample class as a step of `make course`: where it lies, and what it depends on."""

from course import COURSE
from course.steps import Step

CLASS = COURSE / "build" / "class"

RUN = Step(
    record=CLASS / "done.json",
    inputs=(
        "autograder",
        "course",
        "evidence/banks",
        "evidence/check_cells.py",
        "evidence/sample_class",
        "nbgrader_config.py",
        "requirements.txt",
        "solutions",
    ),
    outputs=("build/class",),
    people_edit=True,  # by nbgrader's web page, which they may try on this class
)
"""Its way through the loop."""
