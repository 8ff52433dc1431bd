"""What must not reach learners: lines of solutions and hidden tests, and nbgrader's delimiters."""

import re
from functools import cache

import jupytext

from course.exercises import SOLUTIONS, assignments

DELIMITERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN")
LENGTH = 12
TRIVIAL = re.compile(
    r"for[\w,]+in(range|zip|enumerate)\(.*\):|\w+\.append\(.*\)|if\w+is(not)?None:"
    r"|rng=np\.random\.default_rng\(\d\)|[\w,]+=\w+\.shape(\[[-\d]+\])?(//4)?|return[\w,]+"
)
"""Lines, without white space, that only loop over data or measure it, and so give nothing away."""


def squeezed(line: str) -> str:
    """Remove a comment and all white space from a line of code or prose."""
    return re.sub(r"\s+", "", line.partition("  # ")[0])


@cache
def secrets() -> dict[str, str]:
    """Map each squeezed line that only solutions or hidden tests have to where it stands."""
    places, public = {}, set()
    for assignment in assignments():
        for cell in jupytext.read(SOLUTIONS / assignment / f"{assignment}.py").cells:
            marks = cell.metadata.get("nbgrader", {})
            hidden = cell.cell_type == "markdown" and marks.get("solution", False)
            for line in cell.source.splitlines():
                text = squeezed(line)
                if "### BEGIN" in line or "### END" in line:
                    hidden = "### BEGIN" in line
                elif not hidden:
                    public.add(text)
                elif len(text) >= LENGTH and not TRIVIAL.fullmatch(text):
                    places[text] = f"{assignment}, {marks['grade_id']}: {line.strip()}"
    return {text: where for text, where in places.items() if text not in public}


def given_away(text: str) -> list[str]:
    """List the secrets that a text gives away, and nbgrader's marks in it."""
    return leaks(text) + [each for each in DELIMITERS if f"### {each}" in text]


def leaks(text: str) -> list[str]:
    """List the secrets that a text gives away, in one line or spread over several."""
    flat = re.sub(r"\\n|\s+", "", text)
    return [where for line, where in secrets().items() if line in flat]
