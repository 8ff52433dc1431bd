"""Options of `nbgrader autograde` for nbgrader's own execution, for comparison with this grader."""

from nbgrader.converters import Autograde

STOCK = (
    *(
        f"--Autograde.autograde_preprocessors={step.__module__}.{step.__qualname__}"
        for step in Autograde.autograde_preprocessors.default()
    ),
    "--Execute.timeout=45",
)
