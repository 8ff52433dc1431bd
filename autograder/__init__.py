"""The grader: submissions in, grades out. `python -m autograder --help` lists its commands.

settings     what nbgrader_config.py says, read once for each command
grading      grades a class; classroom: prepares its submissions and records their grades
intake       reads what was handed in, within bounds; cells: reads the cells of a notebook's file
master       the instructor's notebook, which every submission is measured against
assemble     puts a submitted notebook in the order of its master
executed     puts what an execution gave into a notebook
gradebook    nbgrader's gradebook, open while a class is graded
autograded   nbgrader's folder of executed notebooks
results      what became of each submission, beside the gradebook
whole        writes a file whole or not at all
locking      lets one process at a time grade a class
exchange     when nbgrader's exchange received a submission
trial        grades one notebook without a class
calibration  grades the solution and the untouched notebook
recordings   what test cells asked of the solution, kept for the class
configuration  puts the grader into nbgrader's settings
wording      names cells in words
warm         keeps judges ready between commands
judge/       the trusted side of the wall: runs the instructor's cells
sandbox/     the wall, seen from outside
inside/      all that enters the wall
plugins/     where nbgrader calls us
lti/         where learning platforms call us, and what we send them
reports/     what instructors read and export

Nothing here knows the course: its notebooks, its curriculum and its checks are data.
"""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder that holds this package and nbgrader_config.py."""
