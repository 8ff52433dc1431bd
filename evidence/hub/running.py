"""Runs a Hub with accounts of its own, and leaves nothing of them behind."""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import requests

from course import COURSE
from evidence.browser import free_port

PREFIX = "lstmtest-"
"""Of the names of all accounts and groups here."""
GROUP = f"{PREFIX}class"
INSTRUCTOR = f"{PREFIX}teacher"
ENVIRONMENT = Path(os.environ.get("HUB", "/opt/lstm-hub"))
START_SECONDS = 60


def install() -> None:
    """Install the Hub's packages, if they are not. It takes minutes the first time."""
    subprocess.run(["make", "--no-print-directory", "hub-environment"], cwd=COURSE, check=True)


def accounts() -> list[pwd.struct_passwd]:
    """List the accounts of tests."""
    return [each for each in pwd.getpwall() if each.pw_name.startswith(PREFIX)]


def processes_of(name: str) -> list[psutil.Process]:
    """List the processes of an account."""
    running = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.username() == name:
                running.append(process)
    return running


def remove_accounts() -> None:
    """End all processes of the accounts of tests, and remove these with their homes."""
    for account in accounts():
        for process in processes_of(account.pw_name):
            with suppress(psutil.Error):
                process.kill()
        subprocess.run(["userdel", "--remove", account.pw_name], capture_output=True)
    for group in [each.gr_name for each in grp.getgrall() if each.gr_name.startswith(PREFIX)]:
        subprocess.run(["groupdel", group], capture_output=True)


class RunningHub:
    """A Hub and its class.

    folder: of its state and exchange. learners: the names of accounts, which the Hub creates, or
    None for those of the group. variables: further settings. seconds: how long it took to start.
    """

    def __init__(self, folder: Path, learners: list[str] | None, variables: Mapping[str, str]):
        self.folder = folder
        self.log = folder / "log.txt"
        self.seconds = 0.0
        self.process: subprocess.Popen | None = None
        port = self._three_ports()
        self._settings = {
            "HUB_FOLDER": str(folder),
            "HUB_INSTRUCTOR": INSTRUCTOR,
            "HUB_GROUP": GROUP,
            "HUB_PORT": str(port),
            **variables,
        }
        if learners is not None:
            listed = folder / "learners.csv"
            listed.write_text("\n".join(["id", *learners]), "utf-8")
            self._settings["HUB_LEARNERS"] = str(listed)
        scheme = "https" if "HUB_TLS_KEY" in variables else "http"
        self.address = f"{scheme}://127.0.0.1:{port}"

    @staticmethod
    def _three_ports() -> int:
        while True:
            port = free_port()
            used = {each.laddr.port for each in psutil.net_connections("tcp")}
            if used.isdisjoint({port, port + 1, port + 2}):
                return port

    def start(self) -> None:
        """Start the Hub and wait until it answers. Raises RuntimeError if it does not."""
        begun = time.monotonic()
        inherited = {name: os.environ[name] for name in os.environ if not name.startswith("HUB_")}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [ENVIRONMENT / "bin" / "python", "-m", "hub"],
                cwd=COURSE,
                env=inherited | self._settings,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while time.monotonic() < begun + START_SECONDS and self.process.poll() is None:
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.address}/hub/health", verify=False, timeout=5).ok:
                    self.seconds = time.monotonic() - begun
                    return
            time.sleep(0.2)
        raise RuntimeError(f"The Hub did not start:\n{self.log.read_text()[-3000:]}")

    def release(self, assignment: str) -> None:
        """Release an assignment as the instructor does."""
        course = Path("/home", INSTRUCTOR, "course")
        variables = {"COURSE_EXCHANGE": str(self.folder / "exchange" / "nbgrader")}
        variables |= {"COURSE_CLASS": "class", "PATH": f"{ENVIRONMENT / 'bin'}:/usr/bin:/bin"}
        for command in ("generate_assignment", "release_assignment"):
            subprocess.run(
                [ENVIRONMENT / "bin" / "nbgrader", command, assignment],
                cwd=course,
                env=variables | {"HOME": str(course.parent)},
                user=INSTRUCTOR,
                group=INSTRUCTOR,
                extra_groups=[GROUP],
                check=True,
                capture_output=True,
            )

    def kill(self) -> None:
        """End the Hub at once. Servers run on."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop the Hub and, with it, its proxy, services and servers."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def password(self) -> str:
        """Read the instructor's first password where the Hub has printed it."""
        (line,) = (each for each in self.log.read_text().splitlines() if "signs in with" in each)
        return line.rpartition(" ")[2]


@contextmanager
def running_hub(
    learners: list[str] | None, prepare: Callable[[], None] = lambda: None, **variables: str
) -> Iterator[RunningHub]:
    """Run a Hub; in the end its accounts, processes and files are gone.

    prepare: creates accounts, before the Hub starts.
    """
    remove_accounts()  # of a run that was ended before it could do so
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/var/tmp"))
    folder.chmod(0o755)
    mode = COURSE.stat().st_mode
    hub = RunningHub(folder, learners, variables)
    try:
        prepare()
        hub.start()
        yield hub
    finally:
        hub.stop()
        remove_accounts()
        shutil.rmtree(folder)
        COURSE.chmod(mode)
