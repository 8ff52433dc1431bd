"""nbgrader's settings for this course: read by every `nbgrader` command and Jupyter server here.

Four of them are for you to choose when you teach a class: CLASS, EXCHANGE, BOOK and the course's
id.
"""

import os
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent

# What a class hands in and gets back, and its gradebook. `make course` keeps its sample class in
# build/class. Choose a folder outside build/ for a class of your own, for instance "class".
CLASS = Path(os.environ.get("COURSE_CLASS", "build/class"))

# Where assignments are released and submissions arrive: a folder that all learners can reach.
EXCHANGE = Path(os.environ.get("COURSE_EXCHANGE", COURSE / CLASS / "exchange"))

# Where learners read the book: feedback leads there. `make serve` shows it at this address.
BOOK = os.environ.get("COURSE_BOOK", "http://127.0.0.1:8000/book/")

c = get_config()  # noqa: F821 (nbgrader defines it)
c.CourseDirectory.course_id = "lstm"

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = "build/source"  # `make exercises` fills it from solutions/
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = str(CLASS / "submitted")
c.CourseDirectory.autograded_directory = str(CLASS / "autograded")
c.CourseDirectory.feedback_directory = str(CLASS / "feedback")
c.CourseDirectory.db_url = f"sqlite:///{COURSE / CLASS / 'gradebook.db'}"
c.Exchange.root = str(EXCHANGE)
c.Exchange.timezone = "UTC"

c.ClearSolutions.code_stub = {
    "python": "# YOUR CODE HERE\nraise NotImplementedError  # delete this line",
}

c.LimitOutput.max_lines = 200

# The instructor's report and the feedback lead into the book: the folder of its pages, and where
# learners read them.
c.Report.book = str(COURSE / "build" / "book" / "_build" / "html")
c.Report.address = BOOK
c.Report.section = "course.curriculum.section"

# Kernels inherit this: nbgrader gives no points to a test cell in which TensorFlow logs a line.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# nbgrader starts the program alembic, which lies beside Python.
programs = str(Path(sys.executable).parent)
if programs not in os.environ["PATH"].split(os.pathsep):  # this file may be read many times
    os.environ["PATH"] = os.pathsep.join([programs, os.environ["PATH"]])

# A Jupyter server does not look for modules in the folder in which it starts.
if str(COURSE) not in sys.path:
    sys.path.insert(0, str(COURSE))
from autograder.configuration import configure  # noqa: E402
from autograder.plugins.late_penalty import LatePenalty  # noqa: E402

# A learner's code runs in a sandbox, the checks in a process of their own; what learners wrote is
# shown, and not run. Limits are set for each assignment by its name, or for all by "*";
# autograder/sandbox/limits.py lists them. An assignment whose cells train a network has more time.
configure(c)
c.AssignLatePenalties.plugin_class = LatePenalty
# What holds a ready-made LSTM is withheld, or its parts, as SciPy does; so are the checks, whose
# references are one.
READY_MADE = ("keras", "tensorflow", "tf_keras", "torch", "jax", "jaxlib", "scipy", "checks")
c.SplitExecute.limits = {
    "*": {"cell_seconds": 10, "withheld": READY_MADE},
    "lstm-training": {"cell_seconds": 60},
    "who-spoke-first": {"cell_seconds": 60},
}
