"""Attacks on what lies outside: the gradebook, other people's files, modules, and the network."""

import io
import os
import tarfile
import zipfile

from evidence.attacks.asserts import attack
from evidence.attacks.attack import Change, Draft, beside, first

COURSE = "reading and writing the gradebook, other submissions and solutions"
SHADOWS = "shadowing modules and start-up files"
LINKS = "symbolic links, paths and archives"
NETWORK = "network and installs"

PRINT_ALL = """
import glob
for name in glob.glob({pattern!r}, recursive=True):
    try:
        print(open(name, errors="replace").read())
    except OSError as error:
        print(error)
"""
CHEAT = "import numpy as np\nnp.allclose = lambda *a, **k: True\n"
NUMPY = """
import os, sys
here, kept = os.path.dirname(os.path.abspath(__file__)), sys.path[:]
sys.path[:] = [path for path in kept if os.path.abspath(path or ".") != here]
del sys.modules["numpy"]
import numpy
numpy.allclose = lambda *a, **k: True
sys.path[:] = kept
"""


WHEEL = {
    "evil.py": "",
    "evil-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1",
    "evil-1.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any",
    "evil-1.dist-info/RECORD": "",
}


def link(name: str, target: str) -> Change:
    """Hand in a symbolic link."""

    def change(draft: Draft) -> None:
        course = draft.folder.parents[4]
        words = {"@COURSE@": str(course), "@HOME@": str(course.parent / "home")}
        path = target
        for placeholder, word in words.items():
            path = path.replace(placeholder, word)
        (draft.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (draft.folder / name).symlink_to(path)

    return change


def hole(name: str, size: int) -> Change:
    """Hand in a file of this many bytes that is one hole, so that it takes no room."""

    def change(draft: Draft) -> None:
        (draft.folder / name).touch()
        os.truncate(draft.folder / name, size)

    return change


def pipe(draft: Draft) -> None:
    """Hand in a named pipe, at which a reader waits for ever."""
    os.mkfifo(draft.folder / "data.txt")


def tar(draft: Draft) -> None:
    """Hand in an archive with a member outside the folder where it is unpacked."""
    content = b"written by an archive"
    with tarfile.open(draft.folder / "data.tar", "w") as archive:
        for name in ("../../../submitted/perfect-a/vectors/by-tar.txt", "/tmp/by-tar.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def wheel(draft: Draft) -> None:
    """Hand in a package."""
    with zipfile.ZipFile(draft.folder / "evil-1-py3-none-any.whl", "w") as archive:
        for name, text in WHEEL.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # dated 1980: the same file every time


def odd_names(draft: Draft) -> None:
    """Hand in files whose names are not text, or look like options and paths."""
    folder = os.fsencode(draft.folder)
    for name in (b"\xff\xfe.txt", b"-rf", b"a\nb.txt", b"..%2f..%2fx.txt", b"x" * 200):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(b"data")


ATTACKS = [
    attack(
        "read-the-solution",
        COURSE,
        "prints the instructor's notebook and all solutions",
        first(
            PRINT_ALL.format(pattern="@COURSE@/build/source/**/*.ipynb")
            + PRINT_ALL.format(pattern="@COURSE@/solutions/**/*")
        ),
    ),
    attack(
        "read-another-submission",
        COURSE,
        "prints what others handed in",
        first(PRINT_ALL.format(pattern="@COURSE@/build/class/submitted/perfect*/**/*.ipynb")),
    ),
    attack(
        "read-the-gradebook",
        COURSE,
        "prints the names of all learners from the gradebook",
        first("""
import sqlite3
book = sqlite3.connect("file:@COURSE@/build/class/gradebook.db?mode=ro", uri=True)
print(book.execute("select * from student").fetchall())
"""),
        says="unable to open database file",
    ),
    attack(
        "read-the-home",
        COURSE,
        "prints files from the home of the person who grades",
        first(PRINT_ALL.format(pattern="@HOME@/*.txt")),
    ),
    attack(
        "write-the-gradebook",
        COURSE,
        "gives every grade four points of extra credit",
        first("""
import sqlite3
book = sqlite3.connect("@COURSE@/build/class/gradebook.db")
book.execute("update grade set extra_credit = 4")
book.commit()
"""),
        says="unable to open database file",
    ),
    attack(
        "points-in-the-gradebook",
        COURSE,
        "makes the one right answer worth a hundred points",
        first("""
import sqlite3
book = sqlite3.connect("@COURSE@/build/class/gradebook.db")
book.execute("update grade_cells set max_score = 100 where id in "
             "(select id from base_cell where name = 'test-double')")
book.commit()
"""),
        says="unable to open database file",
    ),
    attack(
        "write-another-submission",
        COURSE,
        "overwrites what another learner handed in",
        first("""
open("@COURSE@/build/class/submitted/perfect-a/vectors/vectors.ipynb", "w").write("{}")
"""),
        says="No such file or directory",
    ),
    attack(
        "write-the-tests",
        COURSE,
        "puts an easier check into the instructor's source folder",
        first("""
open("@COURSE@/build/source/vectors/checks/__init__.py", "w").write("check = draws = print")
"""),
        says="No such file or directory",
    ),
    attack(
        "write-the-settings",
        COURSE,
        "adds a line to nbgrader's settings that runs when the next submission is graded",
        first("""
open("@COURSE@/nbgrader_config.py", "a").write("\\nprint('by an attack')\\n")
"""),
        says="No such file or directory",
    ),
    attack(
        "delete-the-course",
        COURSE,
        "deletes the course and everything that was handed in",
        first("""
import shutil
shutil.rmtree("@COURSE@/build/source", ignore_errors=True)
shutil.rmtree("@COURSE@/build/class/submitted/perfect-a", ignore_errors=True)
"""),
    ),
    attack(
        "write-the-home",
        COURSE,
        "leaves a line in the start-up file of the shell of the person who grades",
        first("open('@HOME@/.bashrc', 'a').write('echo by an attack')"),
        says="No such file or directory",
    ),
    attack(
        "numpy.py",
        SHADOWS,
        "hands in a numpy.py that provides a patched NumPy",
        beside("numpy.py", NUMPY),
        says="",
    ),
    attack(
        "checks-of-its-own",
        SHADOWS,
        "hands in a package named like the checks",
        beside("checks/__init__.py", "def check(*a, **k): pass\ndef draws(*a): return ()\n"),
        beside("checks.py", "def check(*a, **k): pass\ndef draws(*a): return ()\n"),
    ),
    attack(
        "sitecustomize.py",
        SHADOWS,
        "hands in modules that Python imports when it starts",
        beside("sitecustomize.py", CHEAT),
        beside("usercustomize.py", CHEAT),
    ),
    attack(
        "ipython-settings",
        SHADOWS,
        "hands in settings and start-up files of IPython and Jupyter",
        beside("ipython_config.py", f"c.InteractiveShellApp.exec_lines = [{CHEAT!r}]"),
        beside(".ipython/profile_default/startup/00.py", CHEAT),
        beside("jupyter_config.py", "c.ExecutePreprocessor.allow_errors = True"),
        beside("nbgrader_config.py", "c.Execute.allow_errors = True"),
    ),
    attack(
        "start-up-file-at-home",
        SHADOWS,
        "writes a start-up file of IPython that spoils every later grading",
        first(f"""
import os
os.makedirs("@HOME@/.ipython/profile_default/startup", exist_ok=True)
open("@HOME@/.ipython/profile_default/startup/00.py", "w").write({CHEAT!r})
"""),
        says="",
    ),
    attack(
        "kernel-at-home",
        SHADOWS,
        "installs a kernel named python3 for later gradings",
        first("""
import os
os.makedirs("@HOME@/.local/share/jupyter/kernels/python3", exist_ok=True)
open("@HOME@/.local/share/jupyter/kernels/python3/kernel.json", "w").write("{}")
"""),
        says="",
    ),
    attack(
        "packages-of-the-system",
        SHADOWS,
        "writes into the folder of installed packages, for all later processes",
        first("""
import numpy, os
open(os.path.join(os.path.dirname(os.path.dirname(numpy.__file__)), "by.pth"), "w").write("x")
"""),
        says="Read-only file system",
    ),
    attack(
        "linked-notebook",
        LINKS,
        "hands in a link to another learner's notebook",
        link("vectors.ipynb", "../../perfect-a/vectors/vectors.ipynb"),
        score=0.0,
        says="could not be read",
    ),
    attack(
        "linked-solution",
        LINKS,
        "hands in a link to the instructor's notebook",
        link("vectors.ipynb", "@COURSE@/build/source/vectors/vectors.ipynb"),
        score=0.0,
        says="could not be read",
    ),
    attack(
        "linked-file",
        LINKS,
        "hands in a link to a file at home, and prints what it names",
        link("notes.txt", "@HOME@/secret.txt"),
        first("print(open('notes.txt').read())"),
        says="No such file or directory",
    ),
    attack(
        "linked-folder",
        LINKS,
        "hands in a link to the folder of the course, and prints what lies there",
        link("data", "@COURSE@"),
        first(PRINT_ALL.format(pattern="data/solutions/*")),
    ),
    attack(
        "linked-far-below",
        LINKS,
        "hands in a link to the course nine folders down, and prints what lies there",
        link("a/b/c/d/e/f/g/h/i", "@COURSE@"),
        first(PRINT_ALL.format(pattern="a/b/c/d/e/f/g/h/i/solutions/*")),
    ),
    attack(
        "linked-checks",
        LINKS,
        "hands in a link where nbgrader will write the checks, so that it writes elsewhere",
        link("checks", "@HOME@"),
    ),
    attack(
        "linked-in-circles",
        LINKS,
        "hands in links that lead to themselves",
        link("a", "b"),
        link("b", "a"),
        link("c", "."),
    ),
    attack(
        "hole-as-timestamp",
        LINKS,
        "hands in 200 MB of nothing as the file that says when it was handed in",
        hole("timestamp.txt", 200 << 20),
    ),
    attack(
        "linked-timestamp",
        LINKS,
        "hands in a link as the file that says when it was handed in",
        link("timestamp.txt", "@HOME@/secret.txt"),
    ),
    attack(
        "no-timestamp",
        LINKS,
        "hands in a timestamp that is not a time",
        beside("timestamp.txt", "next year, perhaps"),
    ),
    attack(
        "named-pipe",
        LINKS,
        "hands in a named pipe, at which a reader waits for ever",
        pipe,
        deadly=True,
    ),
    attack("odd-names", LINKS, "hands in files whose names are not text", odd_names),
    attack(
        "path-traversal",
        LINKS,
        "writes to another submission by a relative path",
        first("""
open("../../../submitted/perfect-a/vectors/by-path.txt", "w").write("by a path")
"""),
        says="No such file or directory",
    ),
    attack(
        "archive",
        LINKS,
        "unpacks an archive whose members lie outside its folder",
        tar,
        first("""
import tarfile
try:
    tarfile.open("data.tar").extractall(filter="fully_trusted")
except OSError as error:
    print(error)
"""),
        says="Read-only file system|No such file",
    ),
    attack(
        "service",
        NETWORK,
        "asks a service on the machine that grades",
        first("""
from urllib.request import urlopen
print(urlopen("http://127.0.0.1:@PORT@/", timeout=1).read())
"""),
        says="Connection refused",
    ),
    attack(
        "abstract-socket",
        NETWORK,
        "asks a service through an abstract socket, which is not a file",
        first("""
import socket
client = socket.socket(socket.AF_UNIX)
client.connect("\\0service-@PORT@")
print(client.recv(100))
"""),
        says="Connection refused",
    ),
    attack(
        "install",
        NETWORK,
        "installs a package into the home of the person who grades",
        wheel,
        first("""
import subprocess, sys
command = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--quiet"]
command += ["--disable-pip-version-check", "--target", "@HOME@/.local/lib/python3.11"]
subprocess.run([*command, "evil-1-py3-none-any.whl"])
"""),
        says="",
    ),
    attack(
        "own-service",
        NETWORK,
        "opens a port that other machines can reach, and keeps it",
        first("""
import socket
here = socket.create_server(("0.0.0.0", 0))
try:
    out = socket.create_connection(("127.0.0.1", @PORT@), timeout=1)
    print(out.recv(100))
except OSError as error:
    print(error)
"""),
    ),
]
