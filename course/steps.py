"""Steps of `make course`: each is done only when contents have changed; times do not matter.

A step's record names the inputs and the environment with which it was done, and its outputs. The
record is emptied before the step begins and written when it has succeeded, so that an interrupted
step is done again. So is a step whose inputs, environment or outputs have changed since.

Of several processes that come to a step at once, one does it and the others wait.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course import COURSE
from course.fingerprint import changed, digest, environment, files, fingerprint

UNCHANGED = "Nothing has changed since this was done."


@dataclass(frozen=True)
class Step:
    """A step: where its record lies, its inputs and its outputs.

    inputs, outputs: files and folders, by paths relative to `root`. people_edit: whether people
    work on the outputs. Then a changed output is kept, and only a missing one repeats the step.
    """

    record: Path
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    root: Path = COURSE
    people_edit: bool = False

    def is_done(self) -> bool:
        """Whether doing it again would change nothing."""
        if self._known().get("inputs") != self._inputs():
            return False
        if self.people_edit:
            return all((self.root / name).is_file() for name in self._known()["outputs"])
        return not self.edited()

    def edited(self) -> list[str]:
        """List the outputs that have changed since the step."""
        return changed(self._known().get("outputs", {}), self.root)

    def do(self, action: Callable[[], object]) -> None:
        """Do it by calling `action`, unless another process has just done it.

        An exception leaves the step undone.
        """
        with self._alone():
            if self.is_done():
                return
            inputs = self._inputs()  # what is edited from now on counts as changed
            self._write({})
            action()
            names = [str(file.relative_to(self.root)) for file in files(self.outputs, self.root)]
            outputs = {name: digest(self.root / name) for name in names}
            self._write({"inputs": inputs, "outputs": outputs})

    def succeeded(self) -> bool:
        """Whether it succeeded the last time."""
        return bool(self._known())

    @property
    def lock(self) -> Path:
        """The file that a process locks while it does the step; the lock ends with the process."""
        return self.record.with_suffix(".lock")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.record.parent.mkdir(parents=True, exist_ok=True)
        try:
            opened = self.lock.open("w")
        except PermissionError:
            raise SystemExit(
                f"{self.lock} belongs to another account, which has built the course here. This "
                f"makes it yours: sudo chown --recursive $USER {self.root}"
            ) from None
        with opened as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another process is doing this: waiting until it has ended", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _known(self) -> dict:
        return json.loads(self.record.read_text("utf-8")) if self.record.is_file() else {}

    def _inputs(self) -> list[str]:
        return [environment(), fingerprint(self.inputs, self.root)]

    def _write(self, content: dict) -> None:
        partial = self.record.with_suffix(".partial")
        partial.write_text(json.dumps(content, indent=1), "utf-8")
        partial.replace(self.record)


EXERCISES = Step(
    record=COURSE / "build" / "exercises.json",
    inputs=("solutions", "course", "book/data", "nbgrader_config.py", "requirements.txt"),
    outputs=("build/source", "exercises"),
    people_edit=True,
)
RELEASE = Step(
    record=COURSE / "build" / "release.json",
    inputs=("exercises", "course/release.py"),
    outputs=("build/release",),
)
RECORD = Step(
    record=COURSE / "build" / "record.json",
    inputs=(
        *("solutions", "course/checks", "course/exercises.py", "course/data"),
        *(f"course/browser/{name}" for name in ("record.py", "shown.py", "python")),
    ),
    outputs=("build/browser/records",),
)
PACKAGES = Step(
    record=COURSE / "build" / "packages.json",
    inputs=(
        "course/registries.py",
        *(
            f"course/browser/{name}"
            for name in (
                "packages.py",
                "requirements.txt",
                "package.json",
                "package-lock.json",
                "js/compile.mjs",
                "python/bytecode.py",
            )
        ),
    ),
    outputs=("build/browser/pyodide", "build/browser/node/node_modules/esbuild/package.json"),
)
SITE = Step(
    record=COURSE / "build" / "site.json",
    inputs=("course", "exercises", "solutions", "build/browser/records", "build/browser/pyodide"),
    outputs=("build/browser/site", "build/browser/answers", "book/do"),
)
DATA = Step(
    record=COURSE / "build" / "data.json",
    inputs=("course/registries.py", "course/data"),
    outputs=("book/data",),
)
PRINT = Step(
    record=COURSE / "build" / "print.json",
    inputs=("course/print", "build/book/_build/as-written"),
    outputs=("build/book/_build/html/print",),
)
