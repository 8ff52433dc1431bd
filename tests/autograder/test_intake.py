"""Reading a submission's folder ends soon, follows no link and raises nothing."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from hypothesis import given

from autograder import COURSE, intake
from autograder.cells import Unreadable
from autograder.intake import MB, Bounds, printable, read_folder, read_submission
from autograder.sandbox.limits import Limits
from tests.autograder.anything import FOLDERS, write
from tests.autograder.hostile import HONEST, HOSTILE, deep, hole, nested, remove, without_rights
from tests.autograder.processes import PATIENCE

BOUNDS = Bounds(files=1_000, one=64 * MB, all=64 * MB)
NAME = "small.ipynb"
READ = r"""
import json, pathlib, re, sys
from autograder.intake import read_submission
from autograder.sandbox.limits import Limits
from tests.yardstick import measured
with measured() as reading:
    contents = read_submission(pathlib.Path(sys.argv[1]), [sys.argv[2]], Limits())
print(json.dumps({
    "missing": contents.missing(), "problems": contents.problems, "named": list(contents.named),
    "files": {name: len(content) for name, content in contents.files.items()},
    "work": reading.work,
    "mb": int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) >> 10,
}))
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "handed-in" / "small"
    folder.mkdir(parents=True)
    yield folder
    remove(folder.parent)


def read(folder, bounds=BOUNDS, **named):
    return read_folder(folder, named or {NAME: 64 * MB}, bounds)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in HOSTILE if not name.startswith("20000")])
def test_hostile_folders_are_read_in_seconds_and_without_rights(folder, name):
    hostile = HOSTILE[name]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    content["cells"] = [{"cell_type": "markdown", "metadata": {}, "source": "a"}] * 2
    (folder / NAME).write_text(json.dumps(content))
    hostile.make(folder)
    command = [*without_rights(), sys.executable, "-c", READ, str(folder), NAME]
    ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    outcome = json.loads(ran.stdout)
    assert outcome["work"] < 20 and outcome["mb"] < 400
    assert (NAME in outcome["named"]) or hostile.score != HONEST
    assert len(outcome["files"]) <= 1_000 and "SOLUTION" not in ran.stdout
    assert not any("solution.py" in each for each in outcome["files"])
    noticed = " ".join([*outcome["missing"], *outcome["problems"].values()])
    by_the_notebook = "cell" in name or "dicts" in name or "timestamp" in name
    assert by_the_notebook or re.search(hostile.human, noticed)


def test_files_come_by_relative_path_and_notebooks_are_none_of_them(folder):
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_bytes(b"1")
    (folder / "helper.py").write_bytes(b"")
    (folder / NAME).write_bytes(b"{}")
    (folder / "other.ipynb").write_bytes(b"{}")
    contents = read(folder)
    assert contents.files == {"helper.py": b"", "data/a.csv": b"1"}
    assert contents.get(NAME) == b"{}"
    assert contents.missing() == [] and contents.tools == []


def test_what_was_not_handed_in_is_said(folder):
    with pytest.raises(Unreadable, match=r"there is no file small\.ipynb"):
        read(folder).get(NAME)
    with pytest.raises(Unreadable, match=r"the folder cannot be read \(No such file"):
        read(folder / "nowhere").get(NAME)


def test_a_folder_that_is_a_link_is_not_read(folder):
    (folder / NAME).write_bytes(b"{}")
    link = folder.with_name("link")
    link.symlink_to(folder)
    with pytest.raises(Unreadable, match="the folder cannot be read"):
        read(link).get(NAME)


def test_a_folder_that_becomes_a_link_is_not_followed(folder, monkeypatch):
    (folder / "data").mkdir()
    look_into = intake._Walk._look_into

    def swap(walk, name, descriptor):
        look_into(walk, name, descriptor)
        if name == "":
            (folder / "data").rmdir()
            (folder / "data").symlink_to("/etc")

    monkeypatch.setattr(intake._Walk, "_look_into", swap)
    contents = read(folder)
    assert contents.files == {} and contents.left_out == {intake.UNREADABLE: ["data"]}


def test_near_files_modules_and_small_files_come_first(folder):
    (folder / "a").mkdir()
    (folder / "a" / "near.py").write_bytes(b"")
    (folder / "large.csv").write_bytes(b"12")
    (folder / "small.csv").write_bytes(b"1")
    (folder / "module.py").write_bytes(b"123")
    order = ["module.py", "small.csv", "large.csv", "a/near.py"]
    for count in range(5):
        contents = read(folder, Bounds(count, MB, MB))
        assert list(contents.files) == order[:count]
        assert contents.left_out.get(f"beyond {count} files", []) == order[count:]


def test_bytes_are_bounded_and_small_files_count_as_a_block(folder):
    for name in "abc":
        (folder / name).write_bytes(b"1")
    (folder / "large").write_bytes(b"1" * 5_000)
    assert list(read(folder, Bounds(9, 4_999, 99_999)).files) == ["a", "b", "c"]
    assert list(read(folder, Bounds(9, 5_000, 5 * 4_096)).files) == ["a", "b", "c", "large"]
    assert list(read(folder, Bounds(9, 5_000, 5 * 4_096 - 1)).files) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("inner", "deeper"), [(["a"] * 16, ["a"] * 17), (["a" * 247] * 4, ["a" * 248] * 4)]
)
def test_just_as_deep_as_allowed_is_read(folder, inner, deeper):
    deep(inner)(folder)
    assert list(read(folder).files) == ["/".join([*inner, "data.csv"])]
    remove(folder)
    folder.mkdir()
    deep(deeper)(folder)
    contents = read(folder)
    assert contents.files == {} and list(contents.left_out) == [intake.DEEP]


def test_entries_are_bounded(folder, monkeypatch):
    monkeypatch.setattr(intake, "ENTRIES", 5)
    for number in range(4):
        (folder / str(number)).mkdir()
        (folder / str(number) / "inner").touch()
    contents = read(folder)
    assert list(contents.files) == ["0/inner"]
    assert contents.left_out == {intake.MANY_ENTRIES: ["more of 1"]}


@pytest.mark.parametrize("name", [".git", ".venv", "node_modules", "__pycache__"])
def test_folders_of_tools_are_passed_over(folder, name):
    (folder / "a" / name).mkdir(parents=True)
    (folder / "a" / name / "inner.py").touch()
    (folder / ".hidden.csv").touch()
    contents = read(folder)
    assert list(contents.files) == [".hidden.csv"]
    assert contents.left_out == {} and contents.tools == [f"a/{name}"]
    assert contents.tools_worth_a_word() == ("" if name == "__pycache__" else f"a/{name}")


def test_names_that_are_no_text_are_left_out_and_shown(folder):
    os.close(os.open(os.fsencode(folder) + b"/\xff\x1b[31m.csv", os.O_CREAT))
    (missing,) = read(folder).missing()
    assert missing == r"left out (names that are not UTF-8): \udcff\x1b[31m.csv"


def test_the_digest_follows_what_counts(folder):
    def digest():
        return read(folder, Bounds(9, 10, MB), **{NAME: 10, "timestamp.txt": 10}).digest

    seen = [digest()]
    for name, content in [
        (NAME, b"1"), (NAME, b"2"), (NAME, b"1" * 11), ("timestamp.txt", b"1"),
        ("data.csv", b"1"), ("data.csv", b"2"), ("data.csv", b"1" * 11), ("data.csv", b"1" * 12),
    ]:  # fmt: skip
        (folder / name).write_bytes(content)
        seen.append(digest())
        assert digest() == seen[-1]
    os.utime(folder / "data.csv", ns=(1, 1))  # it is too large to be read
    (folder / "link").symlink_to("data.csv") or seen.append(digest())
    assert len(set(seen)) == len(seen)
    (folder / "other.ipynb").write_bytes(b"1")
    (folder / ".git").mkdir()
    os.utime(folder / "timestamp.txt", ns=(1, 1))
    assert digest() == seen[-1]


def test_a_hole_is_not_hashed(folder):
    hole(NAME, 1 << 40)(folder)
    hole("data.csv", 1 << 40)(folder)
    assert read(folder).digest == read(folder).digest


def test_the_sandbox_gets_what_fits_into_it(folder):
    hole("a.csv", 3 * MB)(folder)
    hole("b.csv", 3 * MB)(folder)
    contents = read_submission(folder, [NAME], Limits(scratch_mb=8, file_mb=64))
    assert list(contents.files) == ["a.csv"]
    assert list(read_submission(folder, [], Limits(scratch_mb=64, file_mb=2)).files) == []


def test_a_line_for_a_terminal_controls_nothing():
    assert printable("ü\n\x1b[2J‮\udcff") == r"ü\n\x1b[2J\u202e\udcff"


def test_no_descriptor_stays_open(folder):
    os.close(nested(folder, list("abc")))
    (folder / "a" / "pipe").touch()
    before = len(os.listdir("/proc/self/fd"))
    read(folder)
    read(folder / "nowhere")
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.slow
@pytest.mark.fuzz
@given(tree=FOLDERS)
def test_of_any_folder_what_is_read_is_what_lies_there(tmp_path, tree):
    folder = tmp_path / "any"
    write(tree, folder)
    contents = read_submission(folder, [NAME], Limits(scratch_mb=8))
    again = read_submission(folder, [NAME], Limits(scratch_mb=8))
    shutil.rmtree(folder)
    assert again.digest == contents.digest
    for name, content in (contents.files | contents.named).items():
        name.encode()
        entry = tree
        for part in name.split("/"):
            entry = entry[os.fsencode(part)]
        assert content == (bytes(entry[1]) if isinstance(entry, tuple) else entry)
    assert sum(map(len, contents.files.values())) <= 4 * MB
    known = {*contents.files, *contents.named, *contents.problems, *contents.tools}
    known |= {name for names in contents.left_out.values() for name in names}
    assert {name for name in map(os.fsdecode, tree) if not name.endswith(".ipynb")} <= known | {
        name.partition("/")[0] for name in known
    } | {os.fsdecode(name) for name, inner in tree.items() if is_bare(inner)}
    assert all(line.isprintable() for line in contents.missing())


def is_bare(tree):
    """Whether a folder holds nothing, or only notebooks that the assignment does not have."""
    return isinstance(tree, dict) and all(
        name.endswith(b".ipynb") or is_bare(inner) for name, inner in tree.items()
    )
