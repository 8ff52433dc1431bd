"""What a submission must not do, and what of that it did."""

import hashlib
import json
import re
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook, MissingEntry

from evidence.attacks.attack import BOAST, FULL, VICTIM, Attack
from evidence.attacks.victim import GRADERS_OWN, SECRETS

FULL_MARKS, HIGHER, OTHER_SCORE = "full marks", "higher score", "score changed"
READ, WROTE, LIMITS, SCRIPT = "read", "wrote", "past a limit", "script in the page"
MOST = 1 << 20  # characters that a notebook's outputs may have in all
STOPPED, NO_GRADE, STAYED = "stopped the class", "no grade", "process stayed"


def class_of(course: Path) -> Path:
    """Name the folder of the class."""
    return course / "build" / "class"


def score(course: Path, learner: str, assignment: str) -> tuple[float, float] | None:
    """Read a score, and the best possible one, from the gradebook; None where there is none."""
    with Gradebook(f"sqlite:///{class_of(course) / 'gradebook.db'}", "lstm") as opened:
        try:
            entry = opened.find_submission(assignment, learner)
        except MissingEntry:
            return None
        return entry.score, entry.max_score


def executed(course: Path, attack: Attack) -> Path:
    """Name the executed notebook."""
    folder = class_of(course) / "autograded" / attack.name / attack.assignment
    return folder / f"{attack.assignment}.ipynb"


def feedback(course: Path, attack: Attack) -> str:
    """Read the feedback page, "" where there is none."""
    folder = class_of(course) / "feedback" / attack.name / attack.assignment
    page = folder / f"{attack.assignment}.html"
    return page.read_text("utf-8") if page.exists() else ""


def broken(course: Path, attack: Attack) -> list[str]:
    """List the promises that an attack has broken, as its score, its notebook and its page say."""
    promises = []
    marks = score(course, attack.name, attack.assignment)
    best = FULL[attack.assignment]
    if marks is not None and marks[0] > attack.score:
        promises.append(FULL_MARKS if marks == (best, best) else HIGHER)
    elif marks is not None and marks[1] != best:
        promises.append(OTHER_SCORE)
    seen = secrets_seen(course, attack)
    promises += [f"{READ}: {', '.join(seen)}"] if seen else []
    outputs = shown(course, attack)
    promises += [LIMITS] if BOAST in outputs or len(outputs) > MOST else []
    promises += [SCRIPT] if scripts(feedback(course, attack)) else []
    return promises


def shown(course: Path, attack: Attack) -> str:
    """Join all that the executed notebook's cells show."""
    path = executed(course, attack)
    if not path.exists():
        return ""
    cells = nbformat.read(path, 4).cells
    return json.dumps([cell.get("outputs", []) for cell in cells])


def secrets_seen(course: Path, attack: Attack) -> list[str]:
    """List the secrets that reached what the learner gets back, or what the instructor reads."""
    path = executed(course, attack)
    notebook = path.read_text("utf-8") if path.exists() else ""
    result = class_of(course) / "results" / attack.assignment / f"{attack.name}.json"
    page = feedback(course, attack) + (result.read_text("utf-8") if result.exists() else "")
    outputs = shown(course, attack)
    # The hidden tests stand in the executed notebook, which learners do not get.
    return [
        name
        for name, word in SECRETS.items()
        if word in page or word in (outputs if name == "hidden test" else notebook)
    ]


def scripts(page: str) -> list[str]:
    """List the scripts of an attack that a browser would run when it shows a page."""
    soup = BeautifulSoup(page, "html.parser")
    running = [str(each) for each in soup.find_all("script") if "attacked" in each.get_text()]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name.startswith("on") and "attacked" in str(value):
                running.append(f"{name}={value}")
            if re.match(r"\s*javascript:", str(value)) and "attacked" in str(value):
                running.append(str(value))
    return running


def files(folder: Path) -> dict[str, str]:
    """Hash all files below a folder, except those that grading itself writes."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        ignored = name.startswith(GRADERS_OWN) or "__pycache__" in name
        if not ignored and path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def gradebook(course: Path, honest: tuple[str, ...]) -> list:
    """Read what no submission may change: the points, and other learners' grades."""
    with Gradebook(f"sqlite:///{class_of(course) / 'gradebook.db'}", "lstm") as opened:
        points = [
            (cell.name, cell.max_score)
            for assignment in opened.assignments
            for notebook in assignment.notebooks
            for cell in notebook.grade_cells
        ]
        grades = [
            (learner, submission.score, [grade.extra_credit for grade in notebook.grades])
            for learner in honest
            for submission in [opened.find_submission(VICTIM, learner)]
            for notebook in submission.notebooks
        ]
    return [sorted(points), grades]


def changes(before: dict[str, str], after: dict[str, str], own: str = "-") -> list[str]:
    """List the files that are new, gone or different, but for those whose names begin with own."""
    names = sorted(before.keys() | after.keys())
    return [n for n in names if before.get(n) != after.get(n) and not n.startswith(own)]
