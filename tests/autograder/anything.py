"""Strategies: anything that a learner might hand in as a notebook, as a folder, as a time."""

import copy
import json
import os
import stat
from pathlib import Path

from hypothesis import strategies as st

CHARACTERS = st.characters(codec=None, exclude_categories=())  # halves of surrogate pairs, too
TEXTS = st.text(CHARACTERS, max_size=8) | st.sampled_from(
    ["", "code", "markdown", "raw", "heading", "double", "double-check", "words", "4", "image/png"]
)
NUMBERS = st.integers() | st.floats() | st.just(10**400) | st.booleans() | st.none()
KEYS = TEXTS | st.sampled_from(
    ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "attachments", "id",
     "nbformat", "nbformat_minor", "worksheets", "input", "outputs", "points", "locked"]
)  # fmt: skip
VALUES = st.recursive(
    NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DEEP = "deep"
"""Stands for lists within lists, deeper than a parser goes."""


@st.composite
def notebooks(draw, content: dict) -> bytes:
    """A notebook's file in which anything stands anywhere."""
    content = copy.deepcopy(content)
    for _ in range(draw(st.integers(1, 6))):
        places = list(_places(content))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        value = draw(VALUES | st.just(DEEP) | st.just(holder[key]))
        deed = draw(st.sampled_from(["replace", "add", "delete"]))
        if deed == "replace":
            holder[key] = copy.deepcopy(value)
        elif deed == "delete":
            del holder[key]
        elif isinstance(holder, list):
            holder.insert(key, copy.deepcopy(value))
        else:
            holder[draw(KEYS)] = copy.deepcopy(value)
    text = json.dumps(content)
    return text.replace(f'"{DEEP}"', "[" * 100_000 + "]" * 100_000).encode()


def _places(value):
    """Find every place in JSON content: the container and the key."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


NAMES = st.sampled_from(
    [b"small.ipynb", b"other.ipynb", b"timestamp.txt", b"submission_secret.txt", b"helper.py",
     b"pyvenv.cfg", b".venv", b"__pycache__", b"data", b"a" * 255, b"-rf", b"...", b"a\n\x1b[31m"]
) | st.binary(min_size=1, max_size=20).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)  # fmt: skip
TARGETS = st.sampled_from([b".", b"..", b"/", b"/etc", b"/etc/passwd", b"nowhere", b"small.ipynb"])
LEAVES = st.one_of(
    st.binary(max_size=50),
    st.tuples(st.just("link"), TARGETS),
    st.tuples(st.just("hole"), st.sampled_from([1, 5_000, 70 << 20, 1 << 36])),
    st.sampled_from([("pipe", None), ("socket", None)]),
)
FOLDERS = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=5),
    lambda inner: st.dictionaries(NAMES, LEAVES | inner, max_size=5),
    max_leaves=12,
)
"""Folders: names with contents of files, folders, or pairs that say what else is there."""


def write(tree: dict, folder: Path) -> None:
    """Make what a strategy has drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    root = os.open(folder, os.O_RDONLY)
    try:
        _write(tree, root)
    finally:
        os.close(root)


def _write(tree: dict, root: int) -> None:
    for name, content in tree.items():
        if isinstance(content, dict):
            os.mkdir(name, dir_fd=root)
            inner = os.open(name, os.O_RDONLY, dir_fd=root)
            _write(content, inner)
            os.close(inner)
        elif content[:1] == ("link",):
            os.symlink(content[1], name, dir_fd=root)
        elif content[:1] == ("pipe",):
            os.mkfifo(name, dir_fd=root)
        elif content[:1] == ("socket",):
            os.mknod(name, stat.S_IFSOCK | 0o600, dir_fd=root)
        else:
            file = os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=root)
            if isinstance(content, bytes):
                os.write(file, content)
            else:
                os.truncate(file, content[1])
            os.close(file)


TIMES = (
    st.datetimes().map(str)
    | st.datetimes().map(lambda time: f"{time.isoformat()}+14:00")
    | st.text(st.sampled_from("0123456789:-+./ TZUTCamp,"), max_size=40)
    | st.tuples(st.datetimes().map(str), st.text(max_size=10)).map(" ".join)
    | TEXTS
)
TIMESTAMPS = TIMES.map(lambda text: text.encode(errors="surrogatepass")) | st.binary(max_size=120)
"""What may stand in timestamp.txt."""
