"""Submissions that would stop the grading of a class if the grader were careless with their files.

Folders are made through descriptors, because paths may be longer than a system call allows.
"""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MB, GB, TB = 1 << 20, 1 << 30, 1 << 40
HONEST, NOTHING = 5, 0
"""Points of the small assignment."""


@dataclass(frozen=True)
class Hostile:
    """A submission: how it is made, its points, and a pattern of the note to a human.

    make: changes a folder in which a solved notebook lies.
    """

    make: Callable[[Path], None]
    score: int = HONEST
    human: str = ""


def nested(folder: Path, names: list[str]) -> int:
    """Make folders within folders; return a descriptor of the last."""
    inner = os.open(folder, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=inner)
        outer, inner = inner, os.open(name, os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    return inner


def deep(names: list[str]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        inner = nested(folder, names)
        os.close(os.open("data.csv", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
        os.close(inner)

    return make


def hole(name: str, size: int) -> Callable[[Path], None]:
    """A file of this size that takes no room on the disk."""

    def make(folder: Path) -> None:
        folder.joinpath(name).touch()
        # A disk may not allow a file of that size; it only has to be larger than the grader reads.
        try:
            os.truncate(folder / name, size)
        except OSError:
            os.truncate(folder / name, 100 * GB)

    return make


def closed(name: str, mode: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / name
        if name.endswith("/"):
            path.mkdir()
            (path / "inner.csv").touch()
        elif not path.exists():
            path.write_text("1")
        path.chmod(mode)

    return make


def instead(name: str, how: Callable[[Path], None]) -> Callable[[Path], None]:
    """Replace a file by something that is no regular file."""

    def make(folder: Path) -> None:
        folder.joinpath(name).unlink(missing_ok=True)
        how(folder / name)

    return make


def socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


def linked(folder: Path) -> None:
    """Link to what another folder holds, nine folders deep."""
    folder.with_name("solution").mkdir(exist_ok=True)
    folder.with_name("solution").joinpath("solution.py").write_text("SOLUTION = 1")
    inner = nested(folder, list("abcdefghi"))
    os.symlink(folder.with_name("solution"), "j", dir_fd=inner)
    os.close(inner)


def many_files(where: str, count: int = 20_000) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        inner = nested(folder, where.split("/"))
        for number in range(count):
            os.mknod(f"{number}.py", dir_fd=inner)
        os.close(inner)
        (folder / "helper.py").write_text("VALUE = 7")

    return make


def environment(folder: Path) -> None:
    """A virtual environment that is not hidden."""
    many_files("mine/lib", 2_000)(folder)
    (folder / "mine" / "pyvenv.cfg").touch()


def notebook(change: Callable[[dict], object]) -> Callable[[Path], None]:
    """Change the content of the notebook."""

    def make(folder: Path) -> None:
        (path,) = folder.glob("*.ipynb")
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return make


def attached(attachments: object) -> Callable[[Path], None]:
    """Attach something to every text."""
    return notebook(
        lambda content: [
            cell.update(attachments=attachments)
            for cell in content["cells"]
            if cell["cell_type"] == "markdown"
        ]
    )


def metadata_of(size: int) -> Callable[[Path], None]:
    """Fill the metadata with this many bytes of empty dicts."""

    def make(folder: Path) -> None:
        (path,) = folder.glob("*.ipynb")
        content = json.loads(path.read_text()) | {"metadata": {"x": "HERE"}}
        path.write_text(json.dumps(content).replace('"HERE"', f"[{'{},' * (size // 3)}7]"))

    return make


def empty_cell(number: int = 0) -> dict:
    cell = {"cell_type": "code", "id": f"empty-{number}", "metadata": {}, "source": ""}
    return cell | {"outputs": [], "execution_count": None}


HOSTILE = {
    "attachment that is no string": Hostile(attached({"a.png": {"image/png": 7}})),
    "attachments that are no dict": Hostile(attached([1])),
    "half a surrogate in an attachment": Hostile(attached({"\ud800": {"image/png": "\udfff"}})),
    "1200 nested folders": Hostile(deep(["a"] * 1200), human="more than 16 folders deep"),
    "path too long": Hostile(deep(["a" * 250] * 20), human="a path of more than"),
    "file of mode 000": Hostile(closed("data.csv", 0), human=r"cannot be read.*data\.csv"),
    "notebook of mode 000": Hostile(closed("small.ipynb", 0), NOTHING, "small.ipynb cannot be"),
    "timestamp of mode 000": Hostile(closed("timestamp.txt", 0), human="holds no time"),
    "folder of mode 444": Hostile(closed("data/", 0o444), human=r"cannot be read.*data/inner\.csv"),
    "folder of mode 000": Hostile(closed("data/", 0), human=r"cannot be read.*data"),
    "hole of 3 GB as timestamp": Hostile(hole("timestamp.txt", 3 * GB), human="holds no time"),
    "hole of 1 TB as secret": Hostile(hole("submission_secret.txt", TB)),
    "hole of 1 TB beside": Hostile(hole("data.csv", TB), human=r"beyond 64 MB\): data\.csv"),
    "hole of 1 TB as notebook": Hostile(hole("small.ipynb", TB), NOTHING, "larger than 64 MB"),
    "link nine levels deep": Hostile(linked, human=r"\(links\): a/b/c/d/e/f/g/h/i/j"),
    "link as notebook": Hostile(
        instead("small.ipynb", lambda path: path.symlink_to("/etc/passwd")),
        NOTHING,
        "small.ipynb is no regular file",
    ),
    "pipe as notebook": Hostile(instead("small.ipynb", os.mkfifo), NOTHING, "no regular file"),
    "folder as notebook": Hostile(instead("small.ipynb", os.mkdir), NOTHING, "no regular file"),
    "socket as notebook": Hostile(instead("small.ipynb", socket), NOTHING, "no regular file"),
    "pipe as timestamp": Hostile(instead("timestamp.txt", os.mkfifo), human="holds no time"),
    "20000 files of an environment": Hostile(many_files(".venv/lib/site-packages")),
    "files of an environment by another name": Hostile(environment),
    "20000 files of data": Hostile(many_files("data"), human="beyond"),
    "20000 empty cells": Hostile(
        notebook(lambda content: content["cells"].extend(map(empty_cell, range(20_000)))),
        NOTHING,
        "more than 2,000 cells",
    ),
    "8 MB of empty dicts": Hostile(metadata_of(8 * MB)),
    "60 MB of empty dicts": Hostile(metadata_of(60 * MB), NOTHING, "more than 1024 MB of memory"),
    "cell of 2 MB": Hostile(
        notebook(lambda content: content["cells"][1].update(source="#" * 2 * MB)),
        NOTHING,
        "one of its cells",
    ),
}


def remove(folder: Path) -> None:
    """Remove a folder that hostile submissions lie in: for Python some are too deep."""
    if subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL).returncode:
        subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
        subprocess.run(["rm", "-rf", folder], check=True)


def without_rights() -> list[str]:
    """Return a command under which root, too, is refused files of mode 000; [] for others."""
    if os.geteuid() or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
