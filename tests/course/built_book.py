"""The built book, for the tests that read its pages."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
BUILT = ROOT / "build" / "book" / "_build"
HTML = BUILT / "html"
PAGES = list(parse_toc_yaml(BOOK / "_toc.yml"))
WRITTEN = [page for page in PAGES if "/" not in page]
"""The pages that people write. Those of assignments, do/..., are made when the book is built."""


def run_build(book: Path, output: Path) -> subprocess.CompletedProcess:
    """Build a book as `make` does; stdout and stderr as one text in `stdout`."""
    command = [sys.executable, "-m", "course", "book", book, output]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@cache
def build_book() -> Path:
    """Bring build/book up to date, once in a test run; the folder of its pages."""
    done = run_build(BOOK, BUILT.parent)
    assert done.returncode == 0, done.stdout
    return HTML
