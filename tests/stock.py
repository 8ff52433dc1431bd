"""nbgrader's own execution, as options of `nbgrader autograde`: the measure of comparison."""

STEPS = (
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)
"""nbgrader's default of Autograde.autograde_preprocessors."""

STOCK = (*(f"--Autograde.autograde_preprocessors={step}" for step in STEPS), "--Execute.timeout=45")
