"""`check`: the points of an assignment's own solution, and of the untouched notebook."""

import json
from collections import Counter

import nbformat
import pytest

from autograder import calibration
from autograder.calibration import AS_IT_SHOULD_BE, CURED, check, require
from autograder.settings import read_settings
from tests.lanes import long_but_some

pytestmark = pytest.mark.slow

WRONG = "assert double(3) == 7, 'not double'"
CANNOT_CROSS = "assert negate.__globals__ is globals() and negate(1) == -1"


class Course:
    """A small class whose assignment is changed, checked and graded in this process."""

    def __init__(self, small_class, execute):
        self.small_class, self._execute = small_class, execute
        self.executed = Counter()  # jobs, by the sides of their cells

    def change(self, assignment="small", **sources):
        """Replace texts in the source notebook, and enter it into the gradebook."""
        for path in self._folder(assignment).glob("*.ipynb"):
            notebook = nbformat.read(path, 4)
            for cell in notebook.cells:
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                cell.source = sources.get(grade_id.replace("-", "_"), cell.source)
            nbformat.write(notebook, path)
        self.small_class.nbgrader("generate_assignment", assignment, "--force")

    def configure(self, **choices):
        for name, chosen in choices.items():
            self.small_class.configure(f"c.SplitExecute.{name} = {chosen!r}")

    def write(self, name, content):
        """Put a file beside the instructor's notebook."""
        path = self._folder("small") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def execute(self, job):
        self.executed.update([tuple(sorted({cell.side for cell in job.cells}))])
        return self._execute(job)

    def check(self, assignment="small"):
        return check(read_settings(self.small_class.course), assignment, self.execute)

    def fails(self, assignment="small"):
        """Return the faults that `check` reports."""
        with pytest.raises(SystemExit) as end:
            self.check(assignment)
        return str(end.value)

    def require(self, assignment="small", confined=True):
        """Return how many jobs it took to know that grading may begin."""
        self.executed.clear()
        settings = read_settings(self.small_class.course)
        require(settings, assignment, self.execute, confined)
        return self.executed.total()

    def _folder(self, assignment):
        return self.small_class.course / "build" / "source" / assignment


@pytest.fixture
def course(small_class, small_judges, monkeypatch):
    monkeypatch.delenv("COURSE_CLASS", raising=False)
    return Course(small_class, small_judges.execute)


@pytest.mark.parametrize("assignment, notebooks", [("small", 1), ("pair", 2)])
def test_what_is_as_it_should_be_takes_two_executions(course, assignment, notebooks):
    assert course.check(assignment) == AS_IT_SHOULD_BE
    assert course.executed.total() == 2 * notebooks


def test_a_test_that_its_own_solution_fails_is_named_with_the_reason(course):
    course.change(double_check=WRONG)
    text = course.fails()
    assert text.startswith("double-check: the solution gets 0 of 2 points: not double")
    assert "In the learner's process, too, the solution gets 0 of 2 points: not double" in text
    assert "c.SplitExecute.accepted = {'small': ['double-check']}" in text
    assert "SplitExecute.together" not in text
    assert "negate-check" not in text


def test_a_test_that_cannot_cross_is_named_before_a_right_answer_loses_points(course):
    course.change(negate_check=CANNOT_CROSS)
    text = course.fails()
    assert text.startswith("negate-check: the solution gets 0 of 3 points: ")
    assert f"\n    {CURED}\n" in text
    assert "c.SplitExecute.together = {'small': ['negate-check']}" in text
    assert "SplitExecute.accepted" not in text


def test_a_test_that_forbids_by_a_patch_is_named_before_it_gives_points_for_nothing(course):
    course.change(
        negate_check="import math\nfrom unittest.mock import patch\n"
        "with patch('math.fsum', side_effect=AssertionError):\n    assert negate(1) == -1"
    )
    text = course.fails()
    assert text.startswith(
        "negate-check: the solution gets 0 of 3 points: the test changes math.fsum, and "
    )
    assert f"\n    {CURED}\n" in text
    course.configure(together={"small": ["negate-check"]})
    course.check()


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        ("'sum' not in negate.__code__.co_names", "negate.__code__"),
        ("'x' not in vars(negate)", "vars"),
        ("type(negate).__str__ is not object.__hash__", "object.__hash__"),
        ("not __import__('numpy').shares_memory([1], [2])", "__import__('numpy').shares_memory"),
    ],
)
def test_a_test_that_looks_into_the_making_of_an_object_is_named(course, test, asked):
    course.change(negate_check=f"assert negate(1) == -1 and {test}")
    text = course.fails()
    assert text.startswith(f"negate-check: outside the learner's process {asked} tells nothing of ")
    assert f"\n    {CURED}\n" in text
    course.configure(together={"small": ["negate-check"]})
    course.check()


def test_a_test_that_needs_no_answer_is_named(course):
    course.change(double_check="assert True")
    assert course.fails().startswith(
        "double-check: the untouched notebook gets 2 of 2 points: the test needs no answer"
    )


def test_the_choice_that_is_named_is_enough(course):
    course.change(double_check=WRONG, negate_check=CANNOT_CROSS)
    lines = [line for line in course.fails().splitlines() if line.startswith("c.SplitExecute")]
    for line in lines:
        course.small_class.configure(line)
    text = course.check()
    assert "double-check" in text and "Accepted as it is." in text
    assert "In the learner's process, of 2: negate-check." in text
    assert course.require() == 0


def test_a_cell_that_takes_something_from_one_that_runs_elsewhere_follows_it(course):
    course.change(
        double_check="expected = 14\nassert double.__globals__ is globals()\n"
        "assert double(7) == expected",
        negate_check="assert negate(7) == -expected / 2",
    )
    text = course.fails()
    assert "c.SplitExecute.together = {'small': True}" in text
    course.configure(together={"small": True})
    course.check()


def test_an_assignment_is_checked_once(course):
    assert course.require() == 0  # the template was checked
    course.change(double_check="assert double(3) == 6")
    assert course.require() == 2
    assert course.require() == 0


CHANGES = {
    "the solution": lambda course: course.change(double="def double(x):\n    return x + x"),
    "a test": lambda course: course.change(negate_check="assert negate(3) == -3"),
    "a file": lambda course: course.write("data/table.csv", "1,2"),
    "a limit": lambda course: course.configure(limits={"*": {"cell_seconds": 3}}),
    "where a test runs": lambda course: course.configure(together={"small": ["negate-check"]}),
    "whose file counts": lambda course: course.small_class.configure(
        "c.Autograde.exclude_overwriting = {'small': ['handed_in.py']}"
    ),
}


@pytest.mark.parametrize("what", long_but_some(CHANGES, every=3))
def test_it_is_checked_again_when_something_changes(course, what):
    assert course.require() == 0
    CHANGES[what](course)
    assert course.require() == 2
    assert course.require() == 0


def test_it_is_checked_again_with_other_packages_and_another_grader(course, monkeypatch):
    listed = calibration.versions()
    assert any(name.startswith("numpy-") for name in listed)
    monkeypatch.setattr(calibration, "versions", lambda: [*listed, "new-1.0.dist-info"])
    assert course.require() == 2


def test_it_is_checked_again_without_a_sandbox(course):
    assert course.require(confined=False) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"digest": 1}', '{"faults": [[]]}'])
def test_a_damaged_memory_is_no_memory(course, content):
    (course.small_class.folder / "checked" / "small.json").write_text(content)
    assert course.require() == 2
    assert json.loads((course.small_class.folder / "checked" / "small.json").read_text())


def test_grading_does_not_begin_without_a_choice(course, graded):
    course.change(double_check=WRONG)
    course.small_class.hand_in("one")
    for _ in range(2):
        with pytest.raises(SystemExit, match="double-check: the solution gets 0 of 2"):
            graded()
    assert course.small_class.results() == {}
    course.configure(accepted={"small": ["double-check"]})
    assert "1 graded" in graded()


def test_nbgraders_own_command_does_not_begin_without_a_choice(course):
    course.change(negate_check=CANNOT_CROSS)
    course.small_class.hand_in("one")
    ended = course.small_class.ends("autograde", "small")
    assert ended.returncode != 0
    assert "c.SplitExecute.together = {'small': ['negate-check']}" in ended.stderr
    assert not (course.small_class.folder / "autograded" / "one" / "small").exists()
    course.configure(together={"small": ["negate-check"]})
    course.small_class.nbgrader("autograde", "small")
    points = course.small_class.points()
    assert points["one", "small", "negate-check"][0] == 3


def test_an_assignment_that_is_accepted_needs_no_solution(course):
    (course.small_class.course / "build" / "source" / "small" / "small.ipynb").unlink()
    with pytest.raises(SystemExit, match=r"no .*small.ipynb. It has the solution"):
        course.require()
    course.configure(accepted={"small": True})
    assert course.require() == 0


def test_what_is_not_there_is_said(course):
    assert "There is no assignment 'nowhere' in the gradebook" in course.fails("nowhere")


def test_a_choice_that_names_no_test_is_refused(course):
    course.configure(together={"small": ["double"]})
    assert "double, which small does not have. Its test cells are double-check" in course.fails()
    course.configure(together={"small": "double-check"})
    assert "should be a list of the names of cells" in course.fails()


def test_a_source_that_the_gradebook_does_not_know_is_not_taken_for_it(course):
    folder = course.small_class.course / "build" / "source" / "small"
    notebook = nbformat.read(folder / "small.ipynb", 4)
    notebook.cells[3].source = WRONG
    nbformat.write(notebook, folder / "small.ipynb")
    text = course.fails()
    assert "They differ in double-check. Run `nbgrader generate_assignment small" in text


def test_files_that_do_not_fit_into_a_sandbox_are_named(course):
    course.write("large.csv", "x" * (2 << 20))
    course.configure(limits={"small": {"file_mb": 1}})
    assert "large.csv has 2 MB" in course.fails()


def test_a_test_that_reads_what_the_learners_cells_wrote_is_sent_to_their_process(course):
    course.change(
        double="### BEGIN SOLUTION\nopen('out.txt', 'w').write('8')\n### END SOLUTION\n"
        "def double(x):\n    return 2 * x",
        double_check="assert open('out.txt').read() == '8'",
    )
    text = course.fails()
    assert "What the learner's cells write into files is there only for tests in their pro" in text
    assert "c.SplitExecute.together = {'small': ['double-check']}" in text


HANDED_IN = "c.Autograde.exclude_overwriting = {'small': ['handed_in.py']}"


@pytest.mark.parametrize("test", ["import handed_in\n{}", "assert open('handed_in.py')\n{}"])
def test_a_test_that_reads_a_file_that_learners_hand_in_is_sent_to_their_process(course, test):
    course.write("handed_in.py", "def f(x):\n    return x")
    course.small_class.configure(HANDED_IN)
    course.change(negate_check=test.format("assert negate(3) == -3"))
    text = course.fails()
    assert "negate-check: outside the learner's process it would read the instructor's own" in text
    assert "c.SplitExecute.together = {'small': ['negate-check']}" in text
