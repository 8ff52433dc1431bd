"""Makes small Pythons from that of the tests: prefixes, virtual environments, packages."""

import os
import shutil
import sys
from pathlib import Path

import numpy

from autograder import COURSE

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
INSTALLED = Path(numpy.__file__).parents[1]
NEEDED = ("numpy", "numpy.libs", "IPython", "pygments", "traitlets", "psutil")
UNUSED = ("test", "tests", "site-packages", "dist-packages", "idlelib", "ensurepip", "config-*")


def linked(source: Path, target: Path, without: tuple[str, ...]) -> None:
    """Copy a folder of files that nobody writes to: as hard links, where the disk allows them."""

    def link(one: str, other: str) -> None:
        try:
            os.link(one, other)
        except OSError:
            shutil.copyfile(one, other)
            os.chmod(other, 0o755)

    ignored = shutil.ignore_patterns(*without)
    shutil.copytree(source, target, copy_function=link, ignore=ignored, dirs_exist_ok=True)


def base(folder: Path) -> Path:
    """Make a Python without packages in a folder of its own; return its program."""
    original = Path(sys.base_prefix)
    (folder / "bin").mkdir(parents=True)
    program = shutil.copy(original / "bin" / VERSION, folder / "bin")
    linked(original / "lib" / VERSION, folder / "lib" / VERSION, UNUSED)
    for library in (original / "lib").glob("libpython*.so*"):
        shutil.copy(library, folder / "lib")
    return Path(program)


def packages(folder: Path) -> Path:
    """Install what a sandbox needs, and a package to withhold."""
    for name in (*NEEDED, *(path.name for path in INSTALLED.glob("numpy-*.dist-info"))):
        linked(INSTALLED / name, folder / name, UNUSED)
    (folder / "keras").mkdir()
    (folder / "keras" / "__init__.py").write_text("LSTM = 'ready-made'")
    return folder


def environment(folder: Path, program: Path, copied: bool = False) -> Path:
    """Make a virtual environment with packages; return its program, a link or a copy."""
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    shutil.copy(program, python) if copied else python.symlink_to(program)
    (folder / "pyvenv.cfg").write_text(f"home = {program.parent}\n")
    packages(folder / "lib" / VERSION / "site-packages")
    return python


def course(folder: Path) -> Path:
    """Make a course with the grader, and with a file that no submission should see."""
    linked(COURSE / "autograder", folder / "autograder", ("__pycache__",))
    (folder / "solutions").mkdir()
    (folder / "solutions" / "answer.txt").write_text("42")
    return folder
