"""`python -m evidence class`: the grades of the sample class, after its run where one is needed."""

from course.steps import UNCHANGED, Step
from evidence.sample_class.step import CLASS, RUN

TABLE = CLASS / "grades.txt"
SHOWN = Step(
    record=CLASS / "table.json",
    inputs=("autograder", "build/class/gradebook.db", "build/class/results"),
    outputs=("build/class/grades.txt",),
)
"""Writing the table of grades. It reads the gradebook, since a person may have given points."""


def main() -> None:
    """Print the grades and say where the rest is."""
    if not (RUN.is_done() and SHOWN.is_done()):
        from autograder.reports.grades import table
        from evidence.sample_class.loop import graded

        grades = graded()
        SHOWN.do(lambda: TABLE.write_text(table(grades) + "\n", "utf-8"))
    else:
        print(UNCHANGED)
    print(TABLE.read_text("utf-8"))
    print(f"Feedback pages: {CLASS / 'feedback'}\nGrades as a table: {CLASS / 'grades.csv'}")
