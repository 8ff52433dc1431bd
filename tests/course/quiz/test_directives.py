"""The directives in a book of two pages: what is in the built page, and what stops the build."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course import COURSE
from tests.lanes import together

pytestmark = [pytest.mark.slow, together("directives")]

CONFIG = """
extensions = ["myst_parser", "course.quiz.directives"]
myst_enable_extensions = ["dollarmath"]
"""
QUIZ = """\
````{quiz} which
With this code:

```python
x = 1
```

Is $x$ `one`, as in [](here)?

- [ ] No, "**never**", see [](here).

  $$
  y
  $$

  ```python
  y = 2
  ```
- [x] Yes, $z$.

  "As" in [](here).
````
"""
PAGE = f"""\
# Page

(here)=
## Here

{QUIZ}
```{{predict}}
What is $p$?
```

```{{toctree}}
other
```
"""


def build(folder: Path, other: str) -> subprocess.CompletedProcess:
    """Build a book whose second page has some text below its title."""
    (folder / "conf.py").write_text(CONFIG, "utf-8")
    (folder / "index.md").write_text(PAGE, "utf-8")
    (folder / "other.md").write_text(f"# Other\n\n{other}", "utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going"]
    return subprocess.run(
        [*command, folder, folder / "built"],
        env=os.environ | {"PYTHONPATH": str(COURSE)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    done = build(folder, "No quiz here.\n")
    assert done.returncode == 0, done.stderr
    return BeautifulSoup((folder / "built" / "index.html").read_text("utf-8"), "html.parser")


def test_a_quiz_is_a_group_of_radio_buttons_with_labels(built):
    quiz = built.find(attrs={"data-quiz": "which"})
    assert quiz.p.text == "Quiz"
    assert quiz.find("pre").text.strip() == "x = 1"
    assert quiz.fieldset.legend.text == r"Is \(x\) one, as in Here?"
    buttons = quiz.fieldset.find_all("input")
    assert [button["type"] for button in buttons] == ["radio", "radio"]
    assert {button["name"] for button in buttons} == {"quiz-which"}
    labels = [quiz.find("label", attrs={"for": button["id"]}) for button in buttons]
    words = [" ".join(label.text.split()) for label in labels]
    assert words == ["A No, “never”, see Here.", r"B Yes, \(z\)."]


def test_what_each_answer_says_can_be_read_without_a_script(built):
    quiz = built.find(attrs={"data-quiz": "which"})
    no, yes = quiz.details.find_all(class_="quiz-feedback")
    assert quiz.details.summary.text == "The answers, one by one"
    assert no.p.text == "A is wrong." and yes.p.text == "B is right."
    assert "y = 2" in no.text and no.find(class_="math") and yes.a["href"] == "#here"
    assert "“As” in Here." in yes.text
    assert [each["data-outcome"] for each in (no, yes)] == ["differs", "agrees"]
    values = [button["value"] for button in quiz.find_all("input")]
    assert [each["data-answer"] for each in (no, yes)] == values


def test_a_question_to_predict_is_a_box_with_a_title(built):
    box = built.find(class_="predict")
    assert "admonition" in box["class"]
    assert box.find(class_="admonition-title").text == "Predict first"
    assert r"\(p\)" in box.text


FAULTS = {
    "two right answers": (
        QUIZ.replace("which", "other").replace("[ ]", "[x]"),
        "other.md:21: ERROR: quiz other: 2 answers are marked as right. Mark one by [x].",
    ),
    "no name": (QUIZ.replace("which", ""), "other.md:3: ERROR: quiz without a name: name it"),
    "a name used twice": (QUIZ, "other.md:3: ERROR: quiz which: index:6 has a quiz of this name."),
    "a link that leads nowhere": (
        QUIZ.replace("which", "other").replace('"As" in [](here)', "As in {ref}`nowhere`"),
        "other.md:23: WARNING: undefined label: 'nowhere'",
    ),
    "nothing to predict": ("```{predict}\n```\n", "other.md:3: ERROR: Content block expected"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_build_and_names_its_page_and_line(tmp_path, fault):
    other, problem = FAULTS[fault]
    done = build(tmp_path, other)
    assert done.returncode != 0
    assert problem in done.stderr
