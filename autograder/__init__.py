"""The grader: submissions in, grades out. `python -m autograder --help` lists its commands.

settings     what nbgrader_config.py says, read once for a command
classroom    a class: its submissions in order, its grades recorded; grading: grades all of them
intake       reads what was handed in, within bounds; cells: the cells of a notebook's file
assemble     puts a submitted notebook in order, by its master, the instructor's
executed     puts what was executed into a notebook
gradebook    nbgrader's, open as long as a class is graded; autograded: its folder of notebooks
results      what became of each submission, beside the gradebook; whole: writes a file so
exchange     when nbgrader's exchange says that a submission was handed in
trial        grades one notebook without a class; calibration: the solution, and the untouched one
recordings   what test cells asked of the solution, kept for the class
configuration  puts the grader into nbgrader's settings; wording: names cells in words
warm         keeps judges ready between commands
judge/       the trusted side of the wall: runs the instructor's cells
sandbox/     the wall, seen from outside
inside/      all that enters the wall
plugins/     where nbgrader calls us
reports/     what instructors read and export

Nothing here knows the course: its notebooks, its curriculum and its checks are data.
"""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder that holds this package and nbgrader_config.py."""
