"""`nbgrader autograde` behaves in the same way with this executor.

Each test runs with nbgrader's own executor and with this one. If the two differ on purpose, the
test says how; `book/courses.md` lists these differences.
"""

import shutil
import stat
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_output

from tests.autograder.plugins.plain_course import (
    DOUBLE,
    EARLY,
    HERE,
    LATE,
    NBGRADER,
    POINTS,
    WRONG,
    PlainCourse,
    cell,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plain course")]

FULL = {"double-check": 2, "share-check": 2, "words": None, "drawing": None, "size-check": 1}
"""What right answers get before a human has read the written ones."""
LOCKED = "assert True"
ENVIRONMENT = f"import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'\n{DOUBLE}"
QUIET = f"get_ipython().showtraceback = lambda *further, **options: None\n{WRONG}"
WARNING = "import warnings\ndef double(x):\n    warnings.warn('look')\n    return 2 * x"
ENDLESS = "def double(x):\n    while True:\n        pass"
READING = f"assert open('notes.txt').read() == 'mine'\n{DOUBLE}"
ANSWERS = {
    "right": ({}, {}),
    "wrong": ({"double": WRONG}, {"double-check": 0}),
    "partial": ({"share": "def share(x):\n    return [x]"}, {"share-check": 1}),
    "raising": ({"double": "raise ValueError('no')"}, {"double-check": 0}),
    "leaving": ({"double": "raise SystemExit"}, {"double-check": 0}),
    "broken": ({"double": "def double(x:"}, {"double-check": 0}),
    "endless": ({"double": "while True:\n    pass"}, {"double-check": 0}),
    "endless-call": ({"double": ENDLESS}, {"double-check": 0}),
    "quiet": ({"double": QUIET}, {"double-check": 0}),
    "warning": ({"double": WARNING}, {"double-check": 0}),
    "printing": ({"double": "def double(x):\n    print(x)\n    return 2 * x"}, {}),
    "environment": ({"double": ENVIRONMENT}, {}),
    "no-words": ({"words": "YOUR ANSWER HERE"}, {"words": 0}),
}  # fmt: skip
"""The learners' answers, and those of their points that differ from FULL."""
FILES = ("one", "two")
TIMES = {"late": LATE, "early": EARLY, "blank": ""}


def without(notebook, grade_id):
    notebook.cells = [each for each in notebook.cells if each is not cell(notebook, grade_id)]
    return notebook


def hand_in_everything(course):
    for learner, (answers, _) in ANSWERS.items():
        course.hand_in(learner, course.notebook(**answers))
    for learner, when in TIMES.items():
        course.hand_in(learner, files={"timestamp.txt": when})
    released = course.folder / "release" / "ps1"
    course.hand_in("untouched", *((released / f"{each}.ipynb").read_text() for each in FILES))
    course.hand_in("alone")
    (course.submitted("alone") / "two.ipynb").unlink()
    course.hand_in("renamed", course.notebook(double=WRONG))
    course.submitted("renamed").joinpath("one.ipynb").rename(
        course.submitted("renamed") / "one copy.ipynb"
    )
    files = {"data.csv": "changed", "sub/helper.py": "changed", "notes.txt": "mine", "a.pyc": ""}
    course.hand_in("files", course.notebook(double=READING), files=files)
    course.hand_in("writing", course.notebook(double=f"open('new.txt', 'w').close()\n{DOUBLE}"))
    tampered = course.notebook(double=WRONG, **{"double-check": LOCKED})
    cell(tampered, "double-check").metadata.nbgrader["points"] = 100
    course.hand_in("tampering", tampered)
    unlocked = course.notebook(double=WRONG)
    cell(unlocked, "double-check").metadata.nbgrader.update(locked=False)
    course.hand_in("unlocking", unlocked)
    course.hand_in("deleting", without(course.notebook(), "double-check"))
    kernel = course.notebook()
    kernel.metadata.kernelspec = {"name": "nonsense", "display_name": "X", "language": "python"}
    course.hand_in("kernel", kernel)
    saved = course.notebook(double=WRONG, **{"double-check": LOCKED})
    for each in saved.cells:
        if each.cell_type == "code":
            each.outputs = [new_output("stream", name="stdout", text="as saved")]
    course.hand_in("saved", saved)


@pytest.fixture(scope="module")
def graded(plain_template, executor, tmp_path_factory):
    """A class that was graded once, with all that learners hand in."""
    course = PlainCourse(plain_template, tmp_path_factory.mktemp(executor), executor)
    course.configure("c.LateSubmissionPlugin.penalty_method = 'zero'")
    hand_in_everything(course)
    course.log = course.nbgrader("autograde", "ps1")
    return course


@pytest.mark.parametrize("learner", ANSWERS)
def test_every_cell_gets_its_points(graded, learner):
    assert graded.scores(learner) == FULL | ANSWERS[learner][1]


def test_students_who_are_not_in_the_gradebook_are_entered(graded):
    with graded.gradebook() as gradebook:
        assert {student.id for student in gradebook.students} >= {*ANSWERS, *TIMES, "alone"}


def test_what_was_not_answered_gets_nothing_and_waits_for_nobody(graded):
    assert graded.scores("untouched") == dict.fromkeys(FULL, 0)
    with graded.gradebook() as gradebook:
        assert not gradebook.find_submission("ps1", "untouched").needs_manual_grade
        assert gradebook.find_submission("ps1", "right").needs_manual_grade
        comment = gradebook.find_comment("words", "one", "ps1", "untouched")
        assert comment.comment == "No response."
        assert gradebook.find_comment("words", "one", "ps1", "right").comment is None


def test_a_written_answer_that_was_not_touched_gets_nothing(graded):
    with graded.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook("one", "ps1", "no-words")
        waiting = {grade.name: bool(grade.needs_manual_grade) for grade in notebook.grades}
    assert not waiting["words"] and waiting["drawing"]


def test_a_notebook_that_is_missing_gets_nothing(graded):
    assert graded.scores("alone") == FULL | {"size-check": 0}
    assert "No submitted file" in graded.log


def test_a_notebook_of_another_name_is_passed_over(graded):
    assert graded.scores("renamed") == dict.fromkeys(FULL, 0) | {"size-check": 1}
    assert {path.name for path in graded.autograded("renamed").glob("*.ipynb")} == {"two.ipynb"}


def test_timestamps_say_who_is_late_and_a_blank_one_nobody(graded):
    with graded.gradebook() as gradebook:
        late = {each: gradebook.find_submission("ps1", each).total_seconds_late for each in TIMES}
    assert late == {"late": 3600, "early": 0, "blank": 0}
    assert graded.autograded("late", "timestamp.txt").read_text() == LATE
    assert not graded.autograded("right", "timestamp.txt").exists()


def test_a_late_submission_loses_its_points_where_the_settings_say_so(graded):
    with graded.gradebook() as gradebook:
        penalties = {
            each: [
                notebook.late_submission_penalty
                for notebook in gradebook.find_submission("ps1", each).notebooks
            ]
            for each in TIMES
        }
    assert penalties == {"late": [4, 1], "early": [None, None], "blank": [None, None]}


def test_files_beside_the_notebook_are_copied_and_the_instructors_win(graded):
    folder = graded.autograded("files")
    contents = {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".ipynb"
    }
    assert contents == {
        "data.csv": "the instructor's\n",
        "sub/helper.py": "whose = 'the instructor'\n",
        "notes.txt": "mine",
    }
    assert graded.scores("files") == FULL


def test_a_file_that_the_notebook_writes_stays_in_the_sandbox(graded, executor):
    """Differs: nbgrader keeps it beside the graded notebook, the sandbox is deleted."""
    assert graded.scores("writing") == FULL
    assert graded.autograded("writing", "new.txt").exists() == (executor == NBGRADER)
    assert not (graded.submitted("writing") / "new.txt").exists()


@pytest.mark.parametrize("learner", ["tampering", "unlocking"])
def test_a_locked_cell_that_was_changed_is_restored_with_its_hidden_tests(graded, learner):
    assert graded.scores(learner) == FULL | {"double-check": 0}
    restored = cell(graded.graded(learner), "double-check")
    assert "BEGIN HIDDEN TESTS" in restored.source
    assert restored.metadata.nbgrader.points == 2


def test_a_test_cell_that_was_deleted_has_no_score(graded):
    assert graded.scores("deleting") == FULL | {"double-check": None}


def test_the_kernel_is_the_instructors(graded):
    assert graded.graded("kernel").metadata.kernelspec.name == "python3"
    assert graded.scores("kernel") == FULL


def test_outputs_that_were_saved_count_for_nothing(graded):
    assert graded.scores("saved") == FULL | {"double-check": 0}
    assert "as saved" not in nbformat.writes(graded.graded("saved"))


def test_a_graded_notebook_shows_what_went_wrong(graded):
    notebook = graded.graded("raising")
    (error,) = cell(notebook, "double").outputs
    assert (error.ename, error.evalue) == ("ValueError", "no")
    (error,) = cell(notebook, "double-check").outputs
    assert error.output_type == "error"
    assert [each.execution_count for each in notebook.cells if each.cell_type == "code"] == [
        *range(1, 7)
    ]


def test_what_a_function_prints_is_shown_where_it_is_called(graded):
    (output,) = cell(graded.graded("printing"), "double-check").outputs
    assert (output.name, output.text) == ("stdout", "2\n3\n")


def test_the_points_of_an_assignment_are_the_instructors(graded):
    with graded.gradebook() as gradebook:
        assert gradebook.find_assignment("ps1").max_score == sum(POINTS.values())
        assert gradebook.find_submission("ps1", "right").score == 5


def test_submissions_are_left_as_they_were(graded):
    handed_in = nbformat.read(graded.submitted("tampering") / "one.ipynb", 4)
    assert cell(handed_in, "double-check").source == LOCKED


# One command at a time, of some seconds each


@pytest.mark.long
def test_unknown_students_are_refused_where_the_settings_say_so(course):
    course.hand_in("unknown")
    log = course.nbgrader("autograde", "ps1", "--Autograde.create_student=False", code=1)
    assert "No student with ID 'unknown' exists" in log
    assert not course.autograded("unknown").exists() and course.learners() == set()


@pytest.mark.long
def test_an_assignment_that_is_not_in_the_gradebook_is_refused(course):
    course.hand_in("ann")
    course.submitted("ann").rename(course.folder / "submitted" / "ann" / "ps2")
    course.nbgrader("autograde", "ps2", code=1)
    assert not (course.folder / "autograded" / "ann").exists()


@pytest.mark.long
def test_students_and_notebooks_can_be_chosen_and_left_out(course):
    for learner in ("ann", "bo", "cy"):
        course.hand_in(learner)
    course.nbgrader("autograde", "ps1", "--student=ann", "--notebook=one")
    assert course.learners() == {"ann"}
    assert {path.name for path in course.autograded("ann").glob("*.ipynb")} == {"one.ipynb"}
    assert course.scores("ann") == FULL | {"size-check": None}
    course.nbgrader("autograde", "ps1", "--CourseDirectory.student_id_exclude=bo")
    assert course.learners() == {"ann", "cy"}


@pytest.mark.long
def test_what_is_graded_is_graded_again_only_by_force(course):
    course.hand_in("ann", course.notebook(double=WRONG), files={"notes.txt": "old"})
    course.nbgrader("autograde", "ps1")
    course.hand_in("ann", files={"notes.txt": "new"})
    course.nbgrader("autograde", "ps1")
    assert course.scores("ann")["double-check"] == 0
    assert course.autograded("ann", "notes.txt").read_text() == "old"
    course.nbgrader("autograde", "ps1", "--force", "--notebook=two")
    assert course.scores("ann")["double-check"] == 0
    course.nbgrader("autograde", "ps1", "--force")
    assert course.scores("ann")["double-check"] == 2
    assert course.autograded("ann", "notes.txt").read_text() == "new"


@pytest.mark.long
def test_a_newer_submission_is_graded_and_a_humans_points_stay(course):
    course.hand_in("ann", course.notebook(double=WRONG), files={"timestamp.txt": EARLY})
    course.nbgrader("autograde", "ps1")
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("drawing", "one", "ps1", "ann")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.db.commit()
    course.hand_in("ann", files={"timestamp.txt": LATE})
    course.nbgrader("autograde", "ps1")
    assert course.scores("ann")["double-check"] == 2
    assert course.autograded("ann", "timestamp.txt").read_text() == LATE
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("drawing", "one", "ps1", "ann")
        assert grade.manual_score == 3


@pytest.mark.long
def test_a_timestamp_that_is_none_costs_that_submission_alone(course):
    course.hand_in("ann", files={"timestamp.txt": "some time yesterday"})
    course.hand_in("bo")
    course.nbgrader("autograde", "ps1", code=1)
    assert not course.autograded("ann").exists()
    assert course.scores("bo") == FULL


@pytest.mark.long
def test_an_assignment_without_a_submitted_notebook_is_passed_over(course):
    course.hand_in("ann")
    course.submitted("bo").mkdir(parents=True)
    course.nbgrader("autograde", "ps1")
    assert course.learners() == {"ann"}
    assert not (course.folder / "autograded" / "bo").exists()


@pytest.mark.long
def test_a_file_that_is_no_notebook_costs_that_submission_alone(course):
    course.hand_in("bo", "{", two="{")
    course.hand_in("cy")
    course.nbgrader("autograde", "ps1", code=1)
    assert not course.autograded("bo").exists()
    assert course.scores("cy") == FULL


@pytest.mark.long
@pytest.mark.parametrize("version", [0, 99])
def test_metadata_of_another_version_end_the_command(course, version):
    """`python -m autograder grade` goes on; nbgrader's own command does not."""
    other = course.notebook()
    cell(other, "double").metadata.nbgrader["schema_version"] = version
    course.hand_in("bo", other)
    course.hand_in("cy")
    course.nbgrader("autograde", "ps1", code=1)
    assert not course.autograded("bo").exists() and "cy" not in course.learners()


@pytest.mark.long
def test_a_process_that_ends_costs_its_own_cell(course, executor):
    """Differs: nbgrader grades nothing of such a submission."""
    course.hand_in("ann", course.notebook(double="import os\nos._exit(3)"))
    course.hand_in("bo")
    course.nbgrader("autograde", "ps1", code=1 if executor == NBGRADER else 0)
    assert course.scores("bo") == FULL
    assert course.autograded("ann").exists() == (executor == HERE)
    if executor == HERE:
        assert course.scores("ann") == FULL | {"double-check": 0}


@pytest.mark.long
def test_a_cell_may_take_as_long_as_the_settings_say(course, executor):
    """Differs in the setting's name: the sandbox has limits of its own."""
    slow = "import time\ntime.sleep(7)\n" + DOUBLE
    course.hand_in("ann", course.notebook(double=slow))
    course.nbgrader("autograde", "ps1")
    assert course.scores("ann")["double-check"] == 0
    course.configure(
        "c.Execute.timeout = 30"
        if executor == NBGRADER
        else 'c.SplitExecute.limits = {"ps1": {"cell_seconds": 30}}'
    )
    course.nbgrader("autograde", "ps1", "--force")
    assert course.scores("ann")["double-check"] == 2


@pytest.mark.long
def test_nothing_is_executed_on_request(course):
    course.hand_in("ann", course.notebook(double=WRONG))
    course.nbgrader("autograde", "ps1", "--no-execute")
    assert course.scores("ann") == FULL
    assert cell(course.graded("ann"), "double-check").outputs == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("setting", "permissions"),
    [
        ("", 0o444),
        ("c.Autograde.permissions = 640", 0o640),
        ("c.CourseDirectory.groupshared = True", 0o664),
    ],
)
def test_permissions(course, setting, permissions):
    course.configure(setting)
    course.hand_in("ann", files={"notes.txt": "mine"})
    course.nbgrader("autograde", "ps1")
    for name in ("one.ipynb", "notes.txt", "data.csv"):
        assert stat.S_IMODE(course.autograded("ann", name).stat().st_mode) == permissions
    folder = stat.S_IMODE(course.autograded("ann").stat().st_mode)
    assert (folder == 0o2775) == ("groupshared" in setting)


@pytest.mark.long
def test_a_file_may_be_left_to_the_learner(course):
    course.configure('c.Autograde.exclude_overwriting = {"ps1": ["sub/helper.py"]}')
    files = {"data.csv": "changed", "sub/helper.py": "changed"}
    course.hand_in("ann", files=files)
    course.nbgrader("autograde", "ps1")
    assert course.autograded("ann", "sub/helper.py").read_text() == "changed"
    assert course.autograded("ann", "data.csv").read_text() == "the instructor's\n"


@pytest.mark.long
def test_deleted_cells_come_back_where_the_settings_say_so(course):
    course.configure("c.OverwriteCells.add_missing_cells = True")
    course.hand_in("ann", without(course.notebook(double=WRONG), "double-check"))
    course.nbgrader("autograde", "ps1")
    assert course.scores("ann")["double-check"] == 0


@pytest.mark.long
def test_a_test_that_the_instructor_changes_counts_when_graded_again(course):
    course.hand_in("ann", course.notebook(double=WRONG))
    course.nbgrader("autograde", "ps1")
    path = course.folder / "source" / "ps1" / "one.ipynb"
    source = nbformat.read(path, 4)
    test = cell(source, "double-check")
    test.source = test.source.replace("assert double(3) == 6, 'three'\n", "assert True\n")
    test.metadata.nbgrader["points"] = 5
    nbformat.write(source, path)
    course.nbgrader("generate_assignment", "ps1", "--force")
    course.nbgrader("autograde", "ps1", "--force")
    assert course.scores("ann")["double-check"] == 5


@pytest.mark.long
def test_tests_that_nbgrader_writes_itself(course):
    rules = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "autotests.yml"
    shutil.copy(rules, course.folder)
    path = course.folder / "source" / "ps1" / "one.ipynb"
    source = nbformat.read(path, 4)
    written = "### AUTOTEST double(4)\n### HASHED AUTOTEST double(1.5); [double(5)]"
    cell(source, "double-check").source = written
    nbformat.write(source, path)
    course.nbgrader("generate_assignment", "ps1", "--force")
    course.hand_in("ann")
    course.hand_in("bo", course.notebook(double=WRONG))
    course.nbgrader("autograde", "ps1")
    assert "sha1" in cell(course.graded("ann"), "double-check").source
    assert course.scores("ann")["double-check"] == 2
    assert course.scores("bo")["double-check"] == 0


@pytest.mark.long
def test_a_hook_runs_before_and_after_a_submission(course):
    course.configure("""
def note(line):
    with (ROOT / "hooks.txt").open("a") as file:
        file.write(line + "\\n")
c.Autograde.pre_convert_hook = lambda **further: note("before " + further["student"])
c.Autograde.post_convert_hook = lambda **further: note("after " + further["student"])
""")
    course.hand_in("ann")
    course.nbgrader("autograde", "ps1", "--student=ann")
    assert (course.folder / "hooks.txt").read_text() == "before ann\nafter ann\n"


@pytest.mark.long
def test_help_names_the_settings(course):
    shown = course.nbgrader("autograde", "--help-all")
    assert "--Autograde.create_student" in shown
