"""The gradebook in PostgreSQL: the whole loop works, and the grades are those that SQLite gives."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.autograder.small_class import SmallClass, generate
from tests.lanes import together

pytestmark = [pytest.mark.slow, pytest.mark.long, together("postgresql")]

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def server():
    """Debian's PostgreSQL; the address of a new database. It refuses to run as root.

    Its socket is a file: a free port could be somebody else's by the time that it starts.
    """
    assert PROGRAMS, "PostgreSQL is not installed: apt-get install postgresql"
    # Not in tmp_path: the user postgres may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    user = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}

    def run(program, *arguments):
        command = [PROGRAMS[-1] / program, *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)

    data, log = str(folder / "data"), str(folder / "log")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    try:
        run("initdb", "-D", data, "-U", "teacher", "--auth=trust", "--no-sync")
        run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            run("createdb", "-h", str(folder), "-U", "teacher", "gradebook")
            yield f"postgresql+psycopg://teacher@/gradebook?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def classes(server, small_course, tmp_path_factory):
    """The same submissions, graded with SQLite and with PostgreSQL."""
    groups = []
    for url in (None, server):
        group = SmallClass(small_course, tmp_path_factory.mktemp("class"))
        if url:
            group.configure(f"c.CourseDirectory.db_url = {url!r}")
            group.db_url = url
            (group.folder / "gradebook.db").unlink()
            generate(group.course)
        group.hand_in_many(4)
        group.hand_in("damaged", "{")
        done = group.grade()
        assert (done.returncode, done.stderr) == (0, "")
        groups.append(group)
    return groups


def test_grades_are_the_same_as_with_sqlite(classes):
    sqlite, postgresql = classes
    assert postgresql.points() == sqlite.points()
    assert postgresql.outcome() == sqlite.outcome()
    assert not (postgresql.folder / "gradebook.db").exists()


def test_only_what_changed_is_graded_again_and_points_by_hand_stay(classes):
    group = classes[1]
    with group.gradebook() as gradebook:
        written = gradebook.find_grade("words", "small", "small", "learner-01")
        written.manual_score, written.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    group.hand_in("learner-01")
    assert "1 graded" in group.grade().stdout
    assert group.results()["learner-01"]["score"] == 5 + 3.5


def command(group, *arguments):
    """Run another command of the class tool."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=group.course, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_report_export_and_feedback_work(classes):
    group = classes[1]
    command(group, "report", "small")
    command(group, "export", "--to", "csv")
    with (group.folder / "grades-csv.csv").open() as file:
        assert len(list(csv.reader(file))) >= 6
    group.nbgrader("generate_feedback", "small")
    assert (group.folder / "feedback" / "learner-00" / "small" / "small.html").exists()
