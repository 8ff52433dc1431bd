"""Puts the sample class through nbgrader's loop, from release to fetched feedback and export.

Every step is one of nbgrader's own commands, run by the instructor in the course's folder or by a
learner in a home folder of their own; the exchange is a real folder. All of it is in build/class.
"""

import fcntl
import json
import os
import shutil
from datetime import datetime, timedelta
from unittest.mock import patch

from autograder.grading import grade
from autograder.reports.grades import Grade, read_grades
from autograder.settings import read_settings
from course import COURSE
from course.exercises import generate
from course.fingerprint import fingerprint
from course.nbgrader_commands import Command, must_run
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import DUE, Submission, roster

CLASS = COURSE / "build" / "class"
LEARNERS = CLASS / "learners"
DONE = CLASS / "done.json"
INPUTS = ("solutions", "course", "autograder", "evidence", "nbgrader_config.py", "requirements.txt")
"""What the grades depend on."""


def instructor(*arguments: str) -> Command:
    """Make one of the instructor's commands."""
    log = CLASS / "logs" / f"{'-'.join(a for a in arguments if a[0] not in '-/')}.log"
    return Command(arguments, log, environment={"COURSE_CLASS": str(CLASS)})


def learner(name: str, *arguments: str) -> Command:
    """Make one of a learner's commands.

    nbgrader takes the learner from the system's user; all of these learners are one user's, so each
    command says who it is, and has a home of its own for settings and what was submitted.
    """
    home = LEARNERS / name
    environment = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".local"),
    }
    log = CLASS / "logs" / "learners" / f"{name}-{'-'.join(arguments[:2])}.log"
    return Command((*arguments, f"--student={name}"), log, home, environment)


def move_in(name: str) -> None:
    """Make a learner's home, with the settings that a system-wide nbgrader_config.py would hold."""
    settings = LEARNERS / name / ".jupyter" / "nbgrader_config.py"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "lstm"\n'
        f'c.Exchange.root = "{CLASS / "exchange"}"\n'
    )


def submit(submission: Submission, hours: float) -> Command:
    """Make the command that hands in, `hours` after the due date, whatever the clock says.

    A format of timestamps without any % is the timestamp itself.
    """
    when = datetime.fromisoformat(DUE[submission.assignment]) + timedelta(hours=hours)
    stamp = when.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    return learner(
        submission.learner, "submit", submission.assignment, f"--Exchange.timestamp_format={stamp}"
    )


def release(assignments: list[str], learners: list[str]) -> None:
    """Enter assignments and learners into the gradebook; generate and release the assignments."""
    for name in assignments:
        must_run(instructor("db", "assignment", "add", name, f"--duedate={DUE[name]} UTC"))
    people = CLASS / "learners.csv"
    rows = [f"{name},Learner,{name.removeprefix('learner-')}" for name in learners]
    people.write_text("\n".join(["id,first_name,last_name", *rows]) + "\n")
    must_run(instructor("db", "student", "import", str(people)))
    for name in assignments:
        must_run(instructor("generate_assignment", name, "--force"))
        must_run(instructor("release_assignment", name))


def hand_in(submissions: list[Submission], earlier: bool) -> None:
    """Complete the notebooks and submit them, at first the ones that are replaced later."""
    for each in submissions:
        path = LEARNERS / each.learner / each.assignment / f"{each.assignment}.ipynb"
        complete(each, path, each.earlier if earlier else each.answers)
    must_run(*(submit(each, each.hours - 24 * earlier) for each in submissions))


def collect(assignments: list[str]) -> None:
    """Collect what was submitted. All of it has one owner, so the owner's name says nothing."""
    for name in assignments:
        must_run(instructor("collect", name, "--ExchangeCollect.check_owner=False"))


def give_feedback(assignments: list[str], submissions: list[Submission]) -> None:
    """Generate and release the feedback; every learner fetches theirs."""
    must_run(*(instructor("generate_feedback", name) for name in assignments))
    for name in assignments:
        must_run(instructor("release_feedback", name))
    must_run(*(learner(s.learner, "fetch_feedback", s.assignment) for s in submissions))


def run(submissions: list[Submission]) -> None:
    """Run the whole loop in an empty folder."""
    assignments = [name for name in DUE if any(s.assignment == name for s in submissions)]
    learners = sorted({each.learner for each in submissions})
    generate()
    print(f"Releasing {', '.join(assignments)}", flush=True)
    release(assignments, learners)
    print(f"{len(learners)} learners fetch, complete and submit", flush=True)
    for name in learners:
        move_in(name)
    must_run(*(learner(name, "list") for name in learners))
    must_run(*(learner(s.learner, "fetch_assignment", s.assignment) for s in submissions))
    hand_in([each for each in submissions if each.earlier], earlier=True)
    hand_in(submissions, earlier=False)
    print(f"Autograding {len(submissions)} submissions", flush=True)
    collect(assignments)
    settings = read_settings()
    for name in assignments:
        grade(settings, name)
    print("Feedback and export", flush=True)
    give_feedback(assignments, submissions)
    must_run(instructor("export", f"--to={CLASS / 'grades.csv'}"))


def graded() -> list[Grade]:
    """Run the loop unless it ran with the same inputs, and return the grades.

    Raises FileExistsError where build/class holds a class that is not the sample.
    """
    CLASS.parent.mkdir(exist_ok=True)
    chosen = patch.dict(os.environ, COURSE_CLASS=str(CLASS))  # whatever class the user teaches
    with chosen, (CLASS.parent / "class.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = fingerprint(INPUTS)
        known = json.loads(DONE.read_text()) if DONE.exists() else {}
        if known.get("inputs") != now:
            if CLASS.exists() and not DONE.exists():
                raise FileExistsError(f"{CLASS} is not the sample class: move it elsewhere")
            shutil.rmtree(CLASS, ignore_errors=True)
            CLASS.mkdir()
            DONE.write_text("{}")
            run(roster())
            DONE.write_text(json.dumps({"inputs": now}))
        return read_grades(read_settings())
