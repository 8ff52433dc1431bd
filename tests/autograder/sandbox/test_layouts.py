"""The sandbox with the Pythons that people have, and with courses in places that it shows.

Each test makes a layout of folders and links on this machine, and has its Python grade a cell.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder import COURSE
from tests.autograder.sandbox import pythons
from tests.autograder.sandbox.pythons import VERSION

pytestmark = pytest.mark.slow
SITE = f"lib/{VERSION}/site-packages"
BELOW_USR = pytest.mark.skipif(
    not os.access("/usr/local", os.W_OK), reason="only root may make a folder below /usr/local"
)
DEBIANS = Path("/usr/bin") / VERSION

GRADE = """
import json, sys
from autograder.sandbox.bubblewrap import ForkServer
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox

hidden, cell = json.loads(sys.argv[1]), sys.argv[2]
limits, outputs = Limits(memory_mb=512, withheld=("keras",)), []
with ForkServer(limits, tuple(hidden)) as server, Sandbox(limits, server) as box:
    box.request({"do": "cell", "source": cell}, 20, outputs.append)
print("".join(each.get("text", "") or str(each) for each in outputs))
"""
CELL = """
import json, os, subprocess, sys
import numpy
packages = os.path.dirname(os.path.dirname(numpy.__file__))
again = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
files = [os.path.join(f, n) for place in {places} for f, _, names in os.walk(place) for n in names]
writable = []
for place in {places}:
    try:
        os.chmod(place, 0o777)
        open(place + "/written", "w").close()
        writable.append(place)
    except OSError:
        pass
print(json.dumps({
    "numpy": packages, "sum": int(numpy.arange(4).sum()), "keras": os.listdir(packages + "/keras"),
    "again": again.stdout + again.stderr, "version": sys.version,
    "files": files, "writable": writable,
}))
"""


@dataclass
class Layout:
    """A Python, by its program, and where its NumPy is.

    course: the folder that holds the grader. variables: environment variables.
    hidden: further folders to hide.
    """

    python: Path
    packages: Path
    course: Path = COURSE
    variables: dict[str, str] = field(default_factory=dict)
    hidden: tuple[Path, ...] = ()

    def grade(self) -> dict:
        """Run the cell in a sandbox that this Python starts; return what it says."""
        names = (self.course, *self.hidden)
        places = [str(place) for name in names for place in (name, name.resolve())]
        hidden = json.dumps([str(place) for place in self.hidden])
        variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **self.variables}
        ran = subprocess.run(
            [self.python, "-c", GRADE, hidden, CELL.replace("{places}", repr(places))],
            cwd=self.course,
            env=variables,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


def link(target: Path | str, path: Path) -> Path:
    path.symlink_to(target)
    return path


@pytest.fixture(scope="module")
def bare() -> Iterator[Path]:
    """The program of a Python without packages, in a folder that every user can pass through."""
    with tempfile.TemporaryDirectory(prefix="bare-") as folder:
        os.chmod(folder, 0o755)
        yield pythons.base(Path(folder, "python"))


@pytest.fixture
def below_usr() -> Iterator[Path]:
    """A folder below /usr, which is shown as a whole."""
    with tempfile.TemporaryDirectory(prefix="layout-", dir="/usr/local") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


# Where Python is


def linked_environment(folder: Path, bare: Path) -> Layout:
    pythons.environment(folder / "real", bare)
    venv = link("real", folder / "venv")
    return Layout(venv / "bin" / "python", venv / SITE)


def linked_course(folder: Path, bare: Path) -> Layout:
    pythons.environment(pythons.course(folder / "real") / ".venv", bare)
    course = link(folder / "real", folder / "course")
    return Layout(course / ".venv/bin/python", course / ".venv" / SITE, course)


def linked_parent(folder: Path, bare: Path) -> Layout:
    pythons.environment(pythons.course(folder / "disk/home/course") / ".venv", bare)
    link("disk", folder / "mnt")
    course = link("mnt/../mnt/home", folder / "home") / "course"
    return Layout(course / ".venv/bin/python", course / ".venv" / SITE, course)


def uv(folder: Path, bare: Path) -> Layout:
    """uv names an interpreter by its minor version, by a link."""
    pythons.base(folder / "uv/cpython-3.x.7-linux")
    minor = link("cpython-3.x.7-linux", folder / "uv/cpython-3.x-linux")
    python = pythons.environment(folder / "venv", minor / "bin" / VERSION)
    return Layout(python, folder / "venv" / SITE)


def linked_program(folder: Path, bare: Path) -> Layout:
    """An environment that was made with a link in a folder for programs, such as ~/.local/bin."""
    (folder / "programs").mkdir()
    program = link(os.path.relpath(bare, folder / "programs"), folder / "programs" / VERSION)
    return Layout(pythons.environment(folder / "venv", program), folder / "venv" / SITE)


def copied_program(folder: Path, bare: Path) -> Layout:
    python = pythons.environment(folder / "venv", bare, copied=True)
    return Layout(python, folder / "venv" / SITE)


def conda(folder: Path, bare: Path) -> Layout:
    """A prefix that holds everything, packages included, without a virtual environment."""
    program = pythons.base(folder / "miniforge")
    return Layout(program, pythons.packages(folder / "miniforge" / SITE))


def of_the_user(folder: Path, bare: Path) -> Layout:
    """What `pip install --user` makes."""
    packages = pythons.packages(folder / ".local" / SITE)
    return Layout(bare, packages, variables={"HOME": str(folder)})


def python_path(folder: Path, bare: Path) -> Layout:
    """What `pip install --target` makes, behind a link."""
    pythons.packages(folder / "disk" / "target")
    packages = link("disk/target", folder / "target")
    return Layout(bare, packages, variables={"PYTHONPATH": str(packages)})


def python_path_first(folder: Path, bare: Path) -> Layout:
    """A folder that PYTHONPATH names, which comes before the packages that Python has itself."""
    layout = conda(folder, bare)
    layout.packages = pythons.packages(folder / "target")
    layout.variables = {"PYTHONPATH": str(layout.packages)}
    return layout


def path_file(folder: Path, bare: Path) -> Layout:
    """A .pth file in an environment, which leads to the packages of another."""
    python = pythons.environment(folder / "venv", bare)
    shutil.rmtree(folder / "venv" / SITE)
    (folder / "venv" / SITE).mkdir()
    packages = pythons.packages(folder / "shared" / "site-packages")
    (folder / "venv" / SITE / "shared.pth").write_text(f"{packages}\n")
    return Layout(python, packages)


LAYOUTS: list[Callable[[Path, Path], Layout]] = [
    linked_environment,
    linked_course,
    linked_parent,
    uv,
    linked_program,
    copied_program,
    conda,
    of_the_user,
    python_path,
    python_path_first,
    path_file,
]


def check(layout: Layout) -> dict:
    """Assert that NumPy is where it was, Keras withheld, nothing written; return the answer."""
    answer = layout.grade()
    expected = {"numpy": str(layout.packages), "sum": 6, "keras": [], "again": "42\n"}
    assert answer | expected == answer
    assert not any((place / "written").exists() for place in (layout.course, *layout.hidden))
    answer["files"] = [name for name in answer["files"] if not _is_pythons(name, layout)]
    return answer


def _is_pythons(name: str, layout: Layout) -> bool:
    """Whether a file of the course belongs to the virtual environment that lies in it."""
    folder = Path(name).parent.resolve()  # its programs are links to elsewhere
    return folder.is_relative_to(layout.python.parents[1].resolve())


@pytest.mark.parametrize("make", LAYOUTS)
def test_python_is_found_by_the_path_that_names_it(make, tmp_path, bare):
    answer = check(make(tmp_path, bare))
    assert (answer["files"], answer["version"]) == ([], sys.version)


@BELOW_USR
@pytest.mark.parametrize("make", [linked_environment, uv, conda, python_path])
def test_python_below_usr_is_found(make, below_usr, bare):
    assert check(make(below_usr, bare))["files"] == []


@pytest.mark.skipif(not DEBIANS.exists(), reason=f"there is no {DEBIANS}, for which NumPy is built")
@pytest.mark.parametrize("make", [python_path, of_the_user, linked_course])
def test_the_systems_python_is_found(make, tmp_path):
    assert check(make(tmp_path, DEBIANS))["files"] == []


# Where the course is


def test_a_course_that_is_an_environment_is_hidden(tmp_path, bare):
    course = pythons.course(tmp_path)
    packages = course / SITE
    answer = Layout(pythons.environment(course, bare), packages, course).grade()
    parts = {os.path.relpath(each, course).split("/")[0] for each in answer["files"]}
    assert (answer["numpy"], parts) == (str(packages), {"bin", "lib", "pyvenv.cfg"})


@BELOW_USR
@pytest.mark.parametrize("make", [linked_course, linked_parent])
def test_a_course_below_usr_is_hidden(make, below_usr, bare):
    """Its environment lies in it, and the course is named by a link."""
    layout = make(below_usr, bare)
    answer = check(layout)
    assert (answer["files"], answer["writable"]) == ([], [])


@pytest.mark.parametrize("place", ["share", "lib", SITE])
def test_a_course_below_a_prefix_is_hidden(place, tmp_path, bare):
    layout = conda(tmp_path, bare)
    layout.course = pythons.course(tmp_path / "miniforge" / place / "course")
    answer = layout.grade()
    assert (answer["sum"], answer["files"], answer["writable"]) == (6, [], [])


def test_an_environment_in_a_course_below_a_prefix_is_shown(tmp_path, bare):
    program = pythons.base(tmp_path / "prefix")
    course = pythons.course(tmp_path / "prefix/lib/course")
    python = pythons.environment(course / ".venv", program)
    answer = check(Layout(python, course / ".venv" / SITE, course))
    assert (answer["files"], answer["writable"]) == ([], [])


def test_the_folders_that_are_handed_over_are_hidden(tmp_path, bare):
    layout = conda(tmp_path, bare)
    shared = tmp_path / "miniforge" / "share"
    for name in ("class/submitted", "exchange"):
        (shared / name).mkdir(parents=True)
        (shared / name / "other.ipynb").write_text("{}")
    exchange = link(shared / "exchange", tmp_path / "exchange")
    layout.hidden = (shared / "class", exchange, shared / "not there")
    answer = layout.grade()
    assert (answer["sum"], answer["files"], answer["writable"]) == (6, [], [])
