"""Measurements that are kept with the course, with their conditions: evidence/NAME.json."""

import json
import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

FOLDER = Path(__file__).parent
PACKAGES = ("nbgrader", "nbclient", "numpy", "keras")


def read(name: str) -> dict:
    """Read a record. Raises FileNotFoundError, with the command that writes it."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"evidence/{name}.json is missing: `make {name}` writes it")
    return json.loads(path.read_text("utf-8"))


def write(name: str, record: dict) -> None:
    """Write a record as a whole, or not at all."""
    partial = FOLDER / f"{name}.partial"
    partial.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    partial.replace(FOLDER / f"{name}.json")


def changed_rows(recorded: dict[str, dict], now: dict[str, dict], whole: str) -> list[str]:
    """List how the rows of a record differ from what they describe, in words.

    recorded, now: rows by name; a recorded one may have more keys. whole: what the rows belong to.
    """
    gone = recorded.keys() - now.keys()
    changes = [f"the record names {name}, which is not {whole}" for name in gone]
    for name, row in now.items():
        if name not in recorded:
            changes.append(f"{name} is not in the record")
        else:
            old = recorded[name]
            changes += [f"{name}: {key} has changed" for key in row if old.get(key) != row[key]]
    return changes


def machine() -> dict[str, str]:
    """Give the versions that decide what a sandbox here can prevent: Python, bubblewrap, Linux."""
    printed = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=True)
    return {
        "python": platform.python_version(),
        "bubblewrap": printed.stdout.split()[-1],
        "kernel": platform.release(),
    }


def conditions() -> dict:
    """Give the day, the versions and the machine of a measurement made now."""
    return {
        "date": date.today().isoformat(),
        **{package: version(package) for package in PACKAGES},
        **machine(),
        **hardware(),
    }


def hardware() -> dict[str, str | int]:
    """Give the number and model of the processors, and the memory in GB."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {
        "processors": len(os.sched_getaffinity(0)),
        "processor": model[1] if model else platform.machine(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
    }


def described(measured: dict) -> str:
    """Write the conditions of a measurement as the end of a sentence: when, and with what."""
    day = date.fromisoformat(measured["date"])
    return (
        f"on {day.day} {day:%B %Y}, with nbgrader {measured['nbgrader']}, Keras "
        f"{measured['keras']}, NumPy {measured['numpy']}, Python {measured['python']}, bubblewrap "
        f"{measured['bubblewrap']} and Linux {measured['kernel']}, on "
        f"{measured['processors']} processors"
    )
