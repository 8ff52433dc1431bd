"""nbgrader's own execution, as options of `nbgrader autograde`: what this one is compared with."""

from nbgrader.converters import Autograde

STOCK = (
    *(
        f"--Autograde.autograde_preprocessors={step.__module__}.{step.__qualname__}"
        for step in Autograde.autograde_preprocessors.default()
    ),
    "--Execute.timeout=45",
)
