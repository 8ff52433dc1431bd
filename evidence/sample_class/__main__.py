"""Runs the sample class and prints its grades: `python -m evidence.sample_class`."""

from autograder.reports.grades import table
from evidence.sample_class.loop import CLASS, graded

if __name__ == "__main__":
    print(table(graded()))
    print(f"\nFeedback pages: {CLASS / 'feedback'}\nGrades as a table: {CLASS / 'grades.csv'}")
