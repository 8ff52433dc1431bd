"""Grades what has a known grade, before a class meets the tests: `python -m autograder check`.

The instructor's own solution should get all points, the untouched notebook none. Where it is
otherwise, a test cannot be passed here, or is passed without an answer.
"""

from pathlib import Path

from autograder.judge.job import Execute
from autograder.judge.pool import JudgePool, JudgeUnavailable
from autograder.results import Question
from autograder.settings import Settings
from autograder.trial import try_notebook

AS_IT_SHOULD_BE = "The solution gets all points, the untouched notebook none."
NOT_PASSED = "{}: the solution gets {:g} of {:g} points: {}"
PASSED = "{}: the untouched notebook gets {:g} of {:g} points: the test needs no answer"


def calibrate(settings: Settings, assignment: str, execute: Execute | None = None) -> list[str]:
    """List the graded cells of an assignment that do not give the points that they should.

    execute: hands a job to judges that run already; None to start one.
    Raises SystemExit with what to do where the assignment cannot be graded.
    """
    if execute is not None:
        return _calibrate(settings, assignment, execute)
    try:
        with JudgePool(1) as judge:
            return _calibrate(settings, assignment, judge.execute)
    except JudgeUnavailable as error:
        raise SystemExit(str(error)) from None


def _calibrate(settings: Settings, assignment: str, execute: Execute) -> list[str]:
    course = settings.open().coursedir
    source = Path(course.format_path(course.source_directory, ".", assignment))
    released = Path(course.format_path(course.release_directory, ".", assignment))
    notebooks = sorted(source.glob("*.ipynb"))
    if not notebooks:
        raise SystemExit(f"There is no notebook in {source}.")
    problems = []
    for notebook in notebooks:
        untouched = released / notebook.name
        if not untouched.is_file():
            raise SystemExit(
                f"There is no {untouched}. `nbgrader generate_assignment {assignment}` makes it."
            )
        solution = try_notebook(settings, notebook, execute=execute).questions
        problems += [_not_passed(each) for each in solution if _score(each) < each.max_score]
        without = try_notebook(settings, untouched, execute=execute).questions
        problems += [_passed(each) for each in without if each.score]
    return problems


def _score(question: Question) -> float:
    """Return the points of a question; all of them where a human gives them."""
    return question.max_score if question.score is None else question.score


def _not_passed(question: Question) -> str:
    why = " ".join(question.message.split()) or "it says nothing"
    return NOT_PASSED.format(question.grade_id, question.score, question.max_score, why)


def _passed(question: Question) -> str:
    return PASSED.format(question.grade_id, question.score, question.max_score)
