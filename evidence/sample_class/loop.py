"""Puts the sample class through nbgrader's loop, from release to fetched feedback and export.

Every step is one of nbgrader's own commands, run by the instructor in the course's folder or by a
learner in a home folder of their own; the exchange is a real folder. All of it is in build/class.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch

from autograder import grading
from autograder.calibration import check
from autograder.judge.pool import JudgePool
from autograder.reports.grades import Grade, read_grades
from autograder.settings import read_settings
from course.exercises import generate
from course.nbgrader_commands import Command, must_run
from course.steps import EXERCISES
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import DUE, Submission, roster
from evidence.sample_class.step import CLASS, RUN

LEARNERS = CLASS / "learners"


def instructor(*arguments: str) -> Command:
    """Make one of the instructor's commands.

    What this class releases lies in its own folder: exercises/ may hold somebody's work.
    """
    log = CLASS / "logs" / f"{'-'.join(a for a in arguments if a[0] not in '-/')}.log"
    released = f"--CourseDirectory.release_directory={CLASS / 'released'}"
    return Command((*arguments, released), log, environment={"COURSE_CLASS": str(CLASS)})


def learner(name: str, *arguments: str) -> Command:
    """Make one of a learner's commands.

    nbgrader takes the learner's name from the system's user. All of these learners belong to one
    user, so each command names its learner, and has a home of its own for settings and submissions.
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
    # One at a time: two would make the same row of the gradebook, and the same folder.
    for name in assignments:
        must_run(instructor("generate_assignment", name, "--force"))
        must_run(instructor("release_assignment", name))


def fetch(command: str, submissions: list[Submission]) -> None:
    """Have each learner fetch what belongs to their assignments.

    command: "fetch_assignment" or "fetch_feedback".
    """
    wanted: dict[str, list[str]] = {}
    for each in submissions:
        wanted.setdefault(each.learner, []).append(each.assignment)
    must_run(*(learner(name, command, *assignments) for name, assignments in wanted.items()))


def hand_in(submissions: list[Submission], earlier: bool) -> None:
    """Complete the notebooks and submit them, first those that are replaced later."""
    for each in submissions:
        path = LEARNERS / each.learner / each.assignment / f"{each.assignment}.ipynb"
        complete(each, path, (each.earlier or {}) if earlier else each.answers)
    must_run(*(submit(each, each.hours - 24 * earlier) for each in submissions))


def grade(assignments: list[str]) -> None:
    """Collect what was submitted and grade it; the same judges serve all assignments.

    While one is graded, the next ones are checked.
    All files have the same owner, so nbgrader must not compare the owner with the learner.
    """
    option = "--ExchangeCollect.check_owner=False"
    for name in assignments:
        must_run(instructor("collect", name, option))
    settings = read_settings()
    count = os.cpu_count() or 1
    with JudgePool(count) as judges, ThreadPoolExecutor(count) as pool:
        checks = [pool.submit(check, settings, name, judges.execute) for name in assignments]
        for name, checked in zip(assignments, checks):
            checked.result()
            grading.grade(settings, name, count, execute=judges.execute)


def give_feedback(assignments: list[str], submissions: list[Submission]) -> None:
    """Generate and release the feedback; every learner fetches theirs."""
    must_run(*(instructor("generate_feedback", name) for name in assignments))
    for name in assignments:  # two at a time would make the same folder of the exchange
        must_run(instructor("release_feedback", name))
    fetch("fetch_feedback", submissions)


def clear() -> None:
    """Remove the class of an earlier run. Its record stays, to show that the folder is ours."""
    for path in CLASS.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path not in (RUN.record, RUN.lock):
            path.unlink()


def run() -> None:
    """Run the whole loop."""
    clear()
    submissions = roster()
    assignments = [name for name in DUE if any(s.assignment == name for s in submissions)]
    learners = sorted({each.learner for each in submissions})
    if not EXERCISES.is_done():
        EXERCISES.do(generate)
    print(f"Releasing {', '.join(assignments)}", flush=True)
    release(assignments, learners)
    print(f"{len(learners)} learners fetch, complete and submit", flush=True)
    for name in learners:
        move_in(name)
    fetch("fetch_assignment", submissions)
    hand_in([each for each in submissions if each.earlier], earlier=True)
    hand_in(submissions, earlier=False)
    print(f"Autograding {len(submissions)} submissions", flush=True)
    grade(assignments)
    print("Feedback and export", flush=True)
    give_feedback(assignments, submissions)
    must_run(instructor("export", f"--to={CLASS / 'grades.csv'}"))


def graded() -> list[Grade]:
    """Run the loop unless that is done, and return the grades.

    Raises FileExistsError where build/class holds a class that is not the sample.
    """
    with patch.dict(os.environ, COURSE_CLASS=str(CLASS)):  # not a class that the user teaches
        if not RUN.is_done():
            if not RUN.record.exists() and set(CLASS.glob("*")) - {RUN.lock}:
                raise FileExistsError(f"{CLASS} is not the sample class: move it elsewhere")
            RUN.do(run)
        return read_grades(read_settings())
