"""Builds the book: executes the pages that changed, and has Jupyter Book write them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from course import COURSE
from course.fingerprint import changed, digest, environment, files
from course.steps import Step

NO_ICON = '<link rel="icon" href="data:,">\n'
"""Without this, browsers ask for /favicon.ico, which does not exist."""


TAB = "build/browser/site"
"""What the pages of the course's own book load to run code."""


@dataclass(frozen=True)
class BookStep(Step):
    """The build of a book. The files that its cells read when they last ran are inputs, too.

    reads: the record of these files, written by course.pages. choices: of whoever builds it.
    """

    reads: Path = Path("digests.json")
    choices: tuple[str, ...] = ()

    def is_done(self) -> bool:
        """Whether building it again would change nothing."""
        pages = json.loads(self.reads.read_text("utf-8")) if self.reads.is_file() else {}
        return super().is_done() and not any(changed(page, self.root) for page in pages.values())

    def _inputs(self) -> list[str]:
        return [*super()._inputs(), *self.choices]


def book_step(book: Path, output: Path) -> BookStep:
    """Describe the build of the book in the folder `book` of a repository."""
    built = output / "_build"
    alive = book == COURSE / "book"
    return BookStep(
        record=built / "complete.json",
        inputs=(book.name, "course", "requirements.txt", *((TAB,) if alive else ())),
        outputs=(str(built / "html"),),
        root=book.parent,
        reads=built / "digests.json",
        choices=(str(with_answers()),) if alive else (),
    )


def build(book: Path, output: Path) -> None:
    """Build a book. Raises SystemExit where a cell fails or a page has an error or a warning."""
    step = book_step(book, output)
    edited, succeeded = step.edited(), step.succeeded()

    def clear_and_build() -> None:
        for name in edited:
            (book.parent / name).unlink(missing_ok=True)  # or Sphinx keeps a page that looks new
        if not succeeded or _is_restyled(book, output / "_build" / "html"):
            # Sphinx gives warnings only for the pages that it reads, and copies styles only with
            # a page. So make it read all pages.
            shutil.rmtree(output / "_build" / ".doctrees", ignore_errors=True)
        _build(book, output)

    step.do(clear_and_build)


def execute(book: Path, output: Path) -> None:
    """Execute the pages that changed; all of them if the environment has changed.

    Raises SystemExit where a cell fails.
    """
    from course.pages import execute_stale  # 2 s of imports, for what has to be done only

    os.environ["PYTHONPATH"] = f"{book.parent}{os.pathsep}{COURSE}"  # what cells may import
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # this environment's kernel, not the user's
    built = output / "_build"
    known = built / "environment"
    if not known.exists() or known.read_text("utf-8") != environment():
        for old in (".doctrees", ".jupyter_cache", "html", "as-written"):
            shutil.rmtree(built / old, ignore_errors=True)
        (built / "digests.json").unlink(missing_ok=True)
        built.mkdir(parents=True, exist_ok=True)
        known.write_text(environment(), "utf-8")
    if not execute_stale(book, built):
        raise SystemExit(1)


def _is_restyled(book: Path, html: Path) -> bool:
    """Whether a style, a script or a picture for all pages has changed since they were written."""
    return any(
        digest(file) != digest(html / file.relative_to(book)) for file in files(["_static"], book)
    )


def _build(book: Path, output: Path) -> None:
    """Execute and write the pages that changed."""
    execute(book, output)
    print("writing the pages", flush=True)
    built = output / "_build"
    as_written, html = built / "as-written", built / "html"
    if as_written.exists():  # Sphinx knows its own pages, not those that were made light
        shutil.rmtree(html, ignore_errors=True)
        as_written.rename(html)
    program = str(Path(sys.executable).with_name("jupyter-book"))
    options = ["--path-output", str(output), "-W", "-n", "--keep-going", "-q"]
    code = subprocess.call([program, "build", str(book), *options], stdout=subprocess.DEVNULL)
    if code:
        raise SystemExit(code)
    start = html / "index.html"  # leads to the first page
    text = start.read_text("utf-8")
    start.write_text(text.removesuffix(NO_ICON) + NO_ICON, "utf-8")  # it may be the last build's
    if book == COURSE / "book":
        from course.browser.finish import finish
        from course.delivery.lighten import lighten

        shutil.copytree(html, as_written)
        lighten(html)
        finish(html, with_answers())


def with_answers() -> bool:
    """Whether the book's site holds solutions and model answers; not for COURSE_SOLUTIONS=no.

    Raises SystemExit for a value that is neither yes nor no.
    """
    value = os.environ.get("COURSE_SOLUTIONS", "yes")
    if value not in ("yes", "no"):
        raise SystemExit(f"COURSE_SOLUTIONS is {value!r}; it should be yes or no.")
    return value == "yes"
