"""A Hub for accounts that have passwords already, over TLS, which ends idle servers."""

import stat
import subprocess
import time
from pathlib import Path

import pytest

from evidence.hub.running import GROUP, INSTRUCTOR, PREFIX, install, processes_of, running_hub
from evidence.hub.simulated import Learner
from tests.lanes import ON_A_HUB

pytestmark = [
    *ON_A_HUB,
    pytest.mark.filterwarnings("ignore:Unverified HTTPS request"),
]
NAME, OUTSIDER = f"{PREFIX}eve", f"{PREFIX}mallory"
PASSWORD = "the account's own"
IDLE = 20  # seconds


@pytest.fixture
def certificate(tmp_path):
    """The files of a key and a self-signed certificate."""
    key, signed = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
    files = ("-keyout", key, "-out", signed)
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return {"HUB_TLS_KEY": str(key), "HUB_TLS_CERTIFICATE": str(signed)}


def add_account(name, *groups):
    """Add an account with a home of mode 0755 and a password, as an administrator would."""
    home = ("--create-home", "--key", "HOME_MODE=0755")
    subprocess.run(["useradd", *home, *groups, name], check=True)
    subprocess.run(["chpasswd"], input=f"{name}:{PASSWORD}", text=True, check=True)


def prepare():
    subprocess.run(["groupadd", "--system", GROUP], check=True)
    add_account(NAME, "--groups", GROUP)
    add_account(INSTRUCTOR, "--groups", GROUP)
    add_account(OUTSIDER)


def test_members_of_the_group_sign_in_over_tls_and_idle_servers_end(certificate):
    """An account outside the group has no server, even if an administrator of the Hub adds it."""
    install()
    variables = {**certificate, "HUB_IDLE_SECONDS": str(IDLE)}
    with running_hub(None, prepare, **variables) as hub:
        assert hub.address.startswith("https://")
        assert Learner(hub.address, OUTSIDER, PASSWORD).sign_in() == 403
        assert Learner(hub.address, NAME, "a guess").sign_in() == 403
        learner = Learner(hub.address, NAME, PASSWORD)
        assert learner.sign_in() == 302
        learner.start()
        assert learner.get("api/status").json()["kernels"] == 0
        teacher = Learner(hub.address, INSTRUCTOR, PASSWORD)
        assert teacher.sign_in() == 302
        assert teacher.ask_hub("POST", f"users/{OUTSIDER}").status_code == 201
        assert teacher.ask_hub("POST", f"users/{OUTSIDER}/server").status_code == 500
        assert f"{OUTSIDER} is not in this class" in hub.log.read_text()
        assert processes_of(OUTSIDER) == []
        assert stat.S_IMODE(Path("/home", OUTSIDER).stat().st_mode) == 0o755
        end = time.monotonic() + 4 * IDLE + 30
        while processes_of(NAME) and time.monotonic() < end:
            time.sleep(1)
        assert processes_of(NAME) == []
