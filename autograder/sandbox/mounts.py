"""Which of the machine's files a sandbox shows: Python, by every path that names it, and no course.

Folders are shown and hidden in the order of their depth, so that the deeper one decides. A virtual
environment in a hidden course is shown; a course in a folder that is shown is hidden.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SYSTEM = (
    *("/usr", "/bin", "/lib", "/lib32", "/lib64"),
    *("/etc/ld.so.cache", "/etc/fonts"),
    "/etc/alternatives",  # Debian's links to libraries such as BLAS pass through it
)
PARTS_OF_A_PREFIX = ("bin", "lib", "lib64", "share", "pyvenv.cfg")
FONTS = "/opt/grader/matplotlib"

SHOW, LINK, HIDE = "show", "link", "hide"


class Mount(NamedTuple):
    """What the sandbox has at a path. No folder of the path is a link.

    action: SHOW what the machine has there, HIDE it behind an empty folder, or make a LINK to
    `target`.
    """

    path: str
    action: str
    target: str = ""


class Unclear(ValueError):
    """A folder has to be shown and hidden at once; the message says which."""


def plan(hidden: Iterable[str | Path], withheld: Iterable[str]) -> list[Mount]:
    """Return what a sandbox needs to show and to hide, in the order in which to do it.

    hidden: folders of which nothing may be seen; one that does not exist is not hidden.
    withheld: packages that are covered wherever they are installed.
    Raises Unclear where a folder to hide is itself one that Python needs.
    """
    folders = packages()
    names = [name for name in (*SYSTEM, *_python(), *folders) if os.path.exists(name)]
    mounts = {mount.path: mount for name in names for mount in _way(name)}
    private = [os.path.realpath(folder) for folder in hidden]
    if unclear := [place for place in private if place in mounts]:
        raise Unclear(", ".join(unclear))
    covered = [os.path.realpath(f"{folder}/{name}") for folder in folders for name in withheld]
    mounts |= {place: Mount(place, HIDE) for place in (*private, *covered) if os.path.isdir(place)}
    needed: dict[str, Mount] = {}
    for mount in sorted(mounts.values(), key=lambda mount: mount.path.count("/")):
        if (mount.action == HIDE) == _is_visible(mount.path, needed):
            needed[mount.path] = mount
    return list(needed.values())


def options(mounts: list[Mount]) -> list[str]:
    """Return bubblewrap's options for what `plan` returns."""
    arguments: list[str] = []
    for path, action, target in mounts:
        if action == HIDE:
            arguments += ["--perms", "0555", "--tmpfs", path]
        elif action == LINK:
            arguments += [*_parents(path), "--symlink", target, path]
        else:
            arguments += show(path, path)
    # Last, as bubblewrap makes folders in an empty one for what is shown below it.
    for path in (path for path, action, _ in mounts if action == HIDE):
        arguments += ["--remount-ro", path]
    return arguments


def show(source: str, target: str) -> list[str]:
    """Return bubblewrap's options to show a file or folder at another path, read-only."""
    return [*_parents(target), "--ro-bind", source, target]


def below(folders: Iterable[str], mounts: list[Mount]) -> list[Mount]:
    """Return the mounts that an empty folder over each of `folders` would cover, the outermost."""
    covered: dict[str, Mount] = {}
    for mount in mounts:
        inner = any(parent in covered for parent in _ancestors(mount.path))
        if not inner and any(folder in _ancestors(mount.path) for folder in folders):
            covered[mount.path] = mount
    return list(covered.values())


def packages() -> list[str]:
    """Name the folders on Python's path into which an installer has put packages.

    These are Python's own, the user's, and any that PYTHONPATH or a .pth file adds, if a wheel was
    installed there. Folders of source code do not count: they may be the course itself.
    """
    absolute = dict.fromkeys(path for path in sys.path if path.startswith("/"))
    return [path for path in absolute if path.endswith("-packages") or _has_wheels(path)]


def fonts() -> list[str]:
    """Return bubblewrap's options to share Matplotlib's list of fonts: it takes seconds to make."""
    folder = Path(os.environ.get("MPLCONFIGDIR", Path.home() / ".cache" / "matplotlib"))
    lists = sorted(folder.glob("fontlist-*.json"))
    bound = [part for f in lists for part in ("--ro-bind", str(f), f"{FONTS}/{f.name}")]
    return ["--perms", "0755", "--dir", FONTS, *bound]


def _python() -> list[str]:
    """Name the files and folders of Python itself, without its packages.

    They are parts of a prefix, since the prefix may be somebody's home or the course's own folder.
    """
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    parts = [f"{prefix}/{part}" for prefix in prefixes for part in PARTS_OF_A_PREFIX]
    # Where Python looks for its own library, if that is not part of the program.
    library = "{LIBDIR}/{INSTSONAME}".format_map(sysconfig.get_config_vars())
    return [*parts, sys.executable, library]


def _way(path: str) -> Iterator[Mount]:
    """Yield the links that a path passes through, and what it leads to."""
    place, rest = "", path.split("/")[::-1]
    while rest:
        part = rest.pop()
        step = f"{place}/{part}"
        if part in ("", "."):
            continue
        if part == "..":
            place = os.path.dirname(place).rstrip("/")
        elif os.path.islink(step):
            target = os.readlink(step)
            yield Mount(step, LINK, target)
            rest += target.split("/")[::-1]
            place = "" if target.startswith("/") else place
        else:
            place = step
    if place:
        yield Mount(place, SHOW)


def _ancestors(path: str) -> list[str]:
    """Name the folders that a path lies below, the innermost first."""
    return [str(parent) for parent in Path(path).parents]


def _is_visible(path: str, mounts: dict[str, Mount]) -> bool:
    """Whether the machine's own file or folder is seen at a path, given the mounts above it."""
    above = next((mounts[each] for each in _ancestors(path) if each in mounts), None)
    return above is not None and above.action == SHOW


def _parents(path: str) -> list[str]:
    """Make the folders above a path, so that every user may pass through them."""
    folders = _ancestors(path)[-2::-1]
    return [part for folder in folders for part in ("--perms", "0755", "--dir", folder)]


def _has_wheels(folder: str) -> bool:
    return any(Path(folder).glob("*.dist-info"))
