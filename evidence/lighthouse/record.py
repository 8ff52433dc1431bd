"""How fast and how accessible each page is on a telephone: `python -m evidence lighthouse`.

Lighthouse loads each page several times from a server on this machine that compresses, and
calculates how long that takes with a telephone's processor and connection.
"""

import json
import statistics
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

from course import COURSE
from course.browser.packages import install_node_packages, run_node
from course.curriculum import BOOK
from evidence import records
from evidence.browser import CHROMIUM, CompressingHandler, serve

NAME = "lighthouse"
HERE = Path(__file__).parent
INSTALLED = COURSE / "build" / "lighthouse"
HTML = COURSE / "build" / "book" / "_build" / "html"
TIMES = 3
LIMITS = {"performance": 0.95, "accessibility": 1.0}


def pages() -> list[str]:
    """Name the pages of the book, and that of the search."""
    return [*parse_toc_yaml(BOOK / "_toc.yml"), "search"]


def measure(names: list[str]) -> dict[str, dict]:
    """Measure pages; for each, the medians of its scores and what accessibility lacks."""
    with serve(HTML, CompressingHandler) as site:
        addresses = {name: f"{site}/{name}.html" for name in names}
        program = HERE / "measure.mjs"
        printed = run_node(program, CHROMIUM, TIMES, *addresses.values(), installed=INSTALLED)
    runs = json.loads(printed)
    return {name: summary(runs[address]) for name, address in addresses.items()}


def summary(runs: list[dict]) -> dict:
    """Take the medians of the runs of a page: scores from 0 to 1, milliseconds, a shift."""
    numbers = ("performance", "accessibility", "paint", "blocked", "shift")
    medians = {name: round(statistics.median(run[name] for run in runs), 3) for name in numbers}
    return medians | {"failed": sorted({audit for run in runs for audit in run["failed"]})}


def worst(measured: dict[str, dict], score: str) -> str:
    """Name the page with the lowest score."""
    return min(measured, key=lambda name: measured[name][score])


def main() -> None:
    """Measure all pages, write the record, and print the worst page for each score."""
    install_node_packages(HERE, INSTALLED)
    measured = measure(pages())
    records.write(NAME, {"measured": records.conditions(), "pages": measured})
    for score, limit in LIMITS.items():
        name = worst(measured, score)
        print(f"{score}: the worst page is {name} with {measured[name][score]} (limit {limit})")
