"""The settings of nginx that the page for instructors shows, in front of the tool."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest

from autograder.lti.web import HERE, Tool
from course import COURSE
from evidence.browser import free_port, wait_for
from tests.autograder.lti.conftest import served
from tests.commands import blocks

pytestmark = [pytest.mark.slow, pytest.mark.long]
PAGE = COURSE / "book" / "learning-platform.md"
NAME = "course.example.org"
SETTINGS = """daemon off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{shown}
}}
"""


@pytest.fixture
def address(port):
    return f"https://{HERE}:{port}"


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """The folder of a key and a certificate that requests trusts, named as the page has them."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=tool"
    files = ("-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")
    name = ("-addext", f"subjectAltName=IP:{HERE}")
    subprocess.run([*command.split(), *name, *files], check=True, capture_output=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "fullchain.pem"))
    return tmp_path


@contextmanager
def nginx(settings, address):
    """Run nginx, until it answers at an address, and stop it afterwards."""
    process = subprocess.Popen([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", settings])
    try:
        wait_for(address, process, seconds=10)
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def tool(places, site, address, port, certificate):
    [shown] = blocks(PAGE.read_text("utf-8"), "nginx")
    inner = free_port()
    for there, here in [
        ("listen 443 ", f"listen {HERE}:{port} "),
        (f"/etc/letsencrypt/live/{NAME}", str(certificate)),
        (f"{HERE}:8080", f"{HERE}:{inner}"),
    ]:
        assert there in shown
        shown = shown.replace(there, here)
    settings = certificate / "nginx.conf"
    settings.write_text(SETTINGS.format(folder=certificate, shown=shown))
    tool = Tool(places, site, address)
    with served(tool, inner), nginx(settings, address):
        yield tool


def test_a_learner_is_launched_and_hands_in(browser):
    key = browser.mark(browser.launch().text)
    assert browser.hand_in(key).status_code == 200


def test_a_notebook_that_is_too_large_is_refused_with_a_sentence(browser):
    key = browser.mark(browser.launch().text)
    refused = browser.hand_in(key, b"x" * 17_000_000)
    assert refused.status_code == 413
    assert "The notebook has more than 16 MB" in refused.json()["error"]
