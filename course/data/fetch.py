"""Fetches packages that carry data, and writes what the book needs of them into book/data/."""

import io
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from course.data import FOLDER, births, novel, vowels
from course.data.readme import describe
from course.registries import PackagesUnavailable, download, npm, verify

HERE = Path(__file__).parent


def fetch(folder: Path = FOLDER) -> None:
    """Write all files into a folder, with a README on them. Raises PackagesUnavailable."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        train, test = recordings(Path(scratch))
        write_arrays(folder / vowels.FILE, vowels.arrays(train, test))
        for package in (novel, births):
            text = inside(package.PACKAGE, package.SHA256, package.INSIDE, Path(scratch))
            (folder / package.FILE).write_bytes(text)
    (folder / "README.md").write_text(describe("The data of the book"), "utf-8")


def write_arrays(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write what `numpy.load` reads, the same bytes with every version of Python.

    numpy.savez_compressed has zipfile write entries of unknown size, whose headers differ.
    """
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED)


def recordings(scratch: Path) -> list[str]:
    """Fetch the texts of the vowels' .ts files, for training and for testing."""
    download(HERE / "requirements.txt", scratch)
    with zipfile.ZipFile(next(scratch.glob("aeon-*.whl"))) as wheel:
        return [
            wheel.read(f"{vowels.FOLDER_INSIDE}/JapaneseVowels_{part}.ts").decode()
            for part in ("TRAIN", "TEST")
        ]


def inside(package: str, sha256: str, name: str, scratch: Path) -> bytes:
    """Fetch an npm package, and read one file of it, by its path in the archive."""
    archive = scratch / npm("pack", package, folder=scratch).strip()
    verify(archive, sha256)
    with tarfile.open(archive) as packed:
        file = packed.extractfile(name)
        if file is None:
            raise PackagesUnavailable(f"{package} does not hold {name}.")
        return file.read()
