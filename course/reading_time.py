"""How long a page takes to read: its prose, and the time to look at code, figures and formulas."""

import re

from course import COURSE

WORDS = 180
"""Words of prose that are read in a minute."""
LINES = 12
"""Lines of code in a minute, where a page shows them unfolded."""
PAUSES = {
    r"^  figure:\n|^```\{(?:moving-figure|cell-diagram)\}": 1.0,
    r"^\$\$\n[^$]*\$\$": 1.0,
    r"^```\{quiz\}": 1.0,
    r"^```\{predict\}": 0.5,
    r"^\|[ :|-]+\|\n": 0.5,  # a table, by the line below its head
}
"""Minutes for each of what is looked at: figures, formulas, quizzes, predictions, tables."""
CODE = re.compile(r"^```\{code-cell\}.*?^```$|^```(?:bash|python|text)\n.*?^```$", re.M | re.S)
NO_PROSE = re.compile(
    r"^---\n.*?^---\n|\$\$.*?\$\$|^```\{quiz\}.*?^```$|^```.*?$|^:\w+:.*?$|\{[a-z:]+\}",
    re.M | re.S,
)


def minutes(page: str) -> int:
    """Estimate how many minutes a page of the book takes, to the next five.

    page: its name, without the ending.
    """
    text = (COURSE / "book" / f"{page}.md").read_text("utf-8")
    shown = [block for block in CODE.findall(text) if not re.search(r"hide-input|remove-", block)]
    lines = sum(1 for block in shown for line in body(block).splitlines() if line.strip())
    prose = NO_PROSE.sub(" ", CODE.sub("", text))
    pauses = sum(weight * len(re.findall(each, text, re.M)) for each, weight in PAUSES.items())
    exact = len(prose.split()) / WORDS + lines / LINES + pauses
    return 5 * max(1, round(exact / 5))


def body(block: str) -> str:
    """Take the code out of a block: without fences and options."""
    inner = block.split("\n", 1)[1].removesuffix("```")
    return re.sub(r"\A---\n.*?^---\n|\A(?::.*\n)+", "", inner, flags=re.M | re.S)
