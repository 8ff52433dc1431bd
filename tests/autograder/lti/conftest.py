"""A tool and a platform on loopback, and somebody's browser between them."""

import asyncio
import logging
import shutil
from contextlib import contextmanager
from threading import Thread

import pytest

from autograder.lti.keys import make_key
from autograder.lti.places import Places
from autograder.lti.registration import Registration, Registrations
from autograder.lti.web import Tool, listen
from evidence.browser import free_port
from evidence.lti.browser import Browser
from evidence.lti.platform import CLIENT, DEPLOYMENT, Platform, key_pair

PAGE = (
    "<!DOCTYPE html><html><head><title>{0} &amp; more &#8212; the course</title></head>"
    "<body>{0}</body></html>"
)


@contextmanager
def served(tool, port):
    """Serve the tool in a thread, as `python -m autograder lti serve` does."""
    loop = asyncio.new_event_loop()

    async def start():
        return listen(tool, port)

    Thread(target=loop.run_forever, daemon=True).start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    yield
    loop.call_soon_threadsafe(server.stop)
    asyncio.run_coroutine_threadsafe(server.close_all_connections(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def address(port):
    """Of the tool."""
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def platform_keys():
    return key_pair()


@pytest.fixture(scope="session")
def tool_keys(tmp_path_factory):
    """The folder of a tool's key pair."""
    places = Places(folder := tmp_path_factory.mktemp("keys"), folder)
    make_key(places.private_key, places.public_keys)
    return places.grader


@pytest.fixture
def platform(address, platform_keys):
    with Platform(address, platform_keys).running() as platform:
        yield platform


def registered(platform):
    """The platform, as the tool knows it."""
    return Registration(
        platform.address, CLIENT, (DEPLOYMENT,), f"{platform.address}/auth",
        f"{platform.address}/token", f"{platform.address}/keys",
    )  # fmt: skip


@pytest.fixture
def places(platform, tool_keys, tmp_path):
    """The files of a tool with one platform."""
    places = Places(tmp_path / "class", tmp_path / "class" / "submitted")
    shutil.copytree(tool_keys, places.grader)
    Registrations(places.registrations).add(registered(platform))
    return places


@pytest.fixture
def site(tmp_path):
    """The course's site: pages of two assignments."""
    pages = tmp_path / "site" / "do"
    pages.mkdir(parents=True)
    for name in ("small", "other"):
        (pages / f"{name}.html").write_text(PAGE.format(name), "utf-8")
    (tmp_path / "site" / "index.html").write_text(PAGE.format("start"), "utf-8")
    return tmp_path / "site"


@pytest.fixture
def tool(places, site, address, port, caplog):
    caplog.set_level(logging.DEBUG)
    tool = Tool(places, site, address)
    with served(tool, port):
        yield tool


@pytest.fixture
def browser(tool, platform):
    return Browser(tool.address, platform)
