"""Measures what the Hub needs: seconds to start, memory of a learner, submissions in a minute."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil

from course import COURSE
from course.exercises import METADATA
from evidence.hub.running import ENVIRONMENT, PREFIX, install, processes_of, running_hub
from evidence.hub.simulated import Learner
from evidence.records import conditions, write
from evidence.sample_class.homework import complete
from evidence.sample_class.roster import Submission

ASSIGNMENT = "rnn-cell"
LEARNERS = 30
AT_ONCE = 4  # servers that start at the same time
RESERVED = 2048
"""MB for the system, the Hub, and the grading of an instructor."""
MACHINES = (8, 24, 64)  # GB
MEMORY = "print('MB:', {line.split()[0]: int(line.split()[1]) // 1024 for line in open("
MEMORY += "'/proc/self/smaps_rollup') if line.startswith(('Rss', 'Pss:'))})"


def kernel(share: Path | None) -> dict[str, int]:
    """Run a complete notebook in a kernel of the Hub; return the MB that it then holds.

    share: the folder of recorded references, or None to compare with Keras.
    """
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, ASSIGNMENT)
        shutil.copytree(COURSE / "exercises" / ASSIGNMENT, folder)
        path = folder / f"{ASSIGNMENT}.ipynb"
        complete(Submission("", ASSIGNMENT, "perfect", 0), path, {})
        notebook = nbformat.read(path, 4)
        notebook.metadata.update(METADATA)
        notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))
        nbformat.write(notebook, path)
        variables = {name: os.environ[name] for name in os.environ if name != "HUB_SHARE"}
        program = ENVIRONMENT / "bin" / "jupyter-execute"
        subprocess.run(
            [program, "--inplace", path.name],
            cwd=folder,
            env=variables | ({"HUB_SHARE": str(share)} if share else {}),
            check=True,
            capture_output=True,
        )
        cells = nbformat.read(path, 4).cells
        assert "Points so far: 16 of the 16" in cells[-2].outputs[0].text
        printed = cells[-1].outputs[0].text.removeprefix("MB: ").replace("'", '"')
        return {name.strip(":").lower(): size for name, size in json.loads(printed).items()}


def megabytes(processes: list[psutil.Process]) -> int:
    """Sum the proportional memory of processes, in MB."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total >> 20


def submit_all(learners: list[Learner]) -> float:
    """Have all learners submit at once; return the seconds until the last one has."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(learners)) as pool:
        answers = list(pool.map(lambda learner: learner.do("submit", ASSIGNMENT), learners))
    assert all(answer["success"] for answer in answers)
    return time.monotonic() - begun


def begin(learner: Learner) -> None:
    """Sign in, start a server and fetch the assignment."""
    learner.sign_in()
    learner.start()
    assert learner.do("fetch", ASSIGNMENT)["success"]


def measure() -> dict:
    """Measure a class of 30 on this machine."""
    names = [f"{PREFIX}{number:02}" for number in range(LEARNERS)]
    with running_hub(names) as hub:
        hub.release(ASSIGNMENT)
        learners = [Learner(hub.address, name) for name in names]
        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(begin, learners))
        started = time.monotonic() - begun
        seconds = submit_all(learners)
        assert hub.process
        root = psutil.Process(hub.process.pid)
        services = [each for each in root.children(recursive=True) if not each.uids().real]
        servers = [megabytes(processes_of(name)) for name in names]
        recorded, keras = kernel(hub.folder / "share"), kernel(None)
        server = sorted(servers)[len(servers) // 2]
        learner = server + recorded["pss"]
        return {
            "seconds_to_start_the_hub": round(hub.seconds, 1),
            "seconds_to_start_a_server": round(started / LEARNERS, 1),
            "hub_mb": megabytes([root, *services]),
            "server_mb": server,
            "kernel_mb": recorded,
            "kernel_with_keras_mb": keras,
            "learners": {
                f"{size} GB": {
                    "recorded references": (1024 * size - RESERVED) // learner,
                    "Keras": (1024 * size - RESERVED) // (server + keras["pss"]),
                }
                for size in MACHINES
            },
            "submissions": LEARNERS,
            "seconds_to_submit": round(seconds, 1),
        }


def main() -> None:
    """Measure, and write evidence/hub.json."""
    install()
    record = conditions() | measure()
    write("hub", record)
    print(record)
