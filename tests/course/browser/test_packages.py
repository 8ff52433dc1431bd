"""Files from the registries are those that this course was made with, or nothing is built."""

import hashlib
import io
import json
import zipfile

import pytest

from course import registries
from course.browser import packages
from course.browser.packages import (
    LOCK_SHA256,
    fetch_wheels,
    install_node_packages,
    needed,
    read_lock,
)
from course.browser.python.bytecode import compile_archive, is_needed
from course.registries import PackagesUnavailable, verify

LOCK = {
    "matplotlib": {"depends": ["numpy", "six"], "file_name": "m.whl", "sha256": ""},
    "numpy": {"depends": [], "file_name": "n.whl", "sha256": ""},
    "six": {"depends": ["numpy"], "file_name": "s.whl", "sha256": ""},
    "pandas": {"depends": ["numpy"], "file_name": "p.whl", "sha256": ""},
}


def test_a_file_with_another_digest_is_refused(tmp_path):
    path = tmp_path / "pyodide-lock.json"
    path.write_text("{}")
    with pytest.raises(PackagesUnavailable, match=r"pyodide-lock\.json is not the file"):
        verify(path, LOCK_SHA256)
    with pytest.raises(PackagesUnavailable):
        read_lock(path)


def test_what_a_package_needs_is_listed_once():
    assert needed(LOCK, "matplotlib") == ["matplotlib", "numpy", "six"]


def test_wheels_are_verified_by_the_lock(tmp_path, monkeypatch):
    content = b"not what it should be"

    def download(command, **_):
        with zipfile.ZipFile(f"{command[-1]}/carrier.whl", "w") as carrier:
            for each in LOCK.values():
                carrier.writestr(f"somewhere/{each['file_name']}", content)
        return registries.subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(registries.subprocess, "run", download)
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    with pytest.raises(PackagesUnavailable, match=r"m\.whl is not the file"):
        fetch_wheels(LOCK, one)
    digest = hashlib.sha256(content).hexdigest()
    absent = {name: each | {"sha256": digest} for name, each in LOCK.items()}
    absent["numpy"]["file_name"] = "absent.whl"
    with pytest.raises(PackagesUnavailable, match=r"does not hold absent\.whl"):
        fetch_wheels(absent, other)


@pytest.mark.slow
def test_without_a_registry_the_message_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(PackagesUnavailable, match="could not reach a package registry"):
        install_node_packages(packages.HERE, tmp_path)


def test_an_archive_is_compiled_without_tests_and_gives_the_same_bytes():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a/b.py", "x = 1 + 1")
        archive.writestr("a/tests/test_b.py", "x = 2")
        archive.writestr("a/b.pyi", "x: int")
        archive.writestr("a/data.txt", "data")
    once = compile_archive([content.getvalue()], "/lib")
    assert once == compile_archive([content.getvalue()], "/lib")
    with zipfile.ZipFile(io.BytesIO(once)) as compiled:
        assert compiled.namelist() == ["a/b.pyc", "a/data.txt"]
        code = compiled.read("a/b.pyc")
    names = {}
    exec(__import__("marshal").loads(code[16:]), names)
    assert names["x"] == 2
    assert not is_needed("numpy/tests/") and is_needed("numpy/_core/x.so")


def test_the_lock_of_npm_names_no_address():
    lock = json.loads((packages.HERE / "package-lock.json").read_text("utf-8"))
    assert not [name for name, each in lock["packages"].items() if "resolved" in each]
    assert all(each.get("integrity") for name, each in lock["packages"].items() if name)
