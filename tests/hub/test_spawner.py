"""Whose servers the Hub starts."""

import asyncio
import sys
from types import ModuleType, SimpleNamespace

import pytest
import traitlets

from hub import HubError

ADDRESS = "127.0.0.1", 8000


class Started(traitlets.HasTraits):
    """In place of JupyterHub's spawner, whose packages only the Hub's environment has."""

    user = traitlets.Any()

    async def start(self):
        return ADDRESS


@pytest.fixture
def start(monkeypatch):
    """Starts the server of a name in a class of ada; lists the homes that were closed."""
    jupyterhub = ModuleType("jupyterhub.spawner")
    jupyterhub.LocalProcessSpawner = Started
    monkeypatch.setitem(sys.modules, "jupyterhub", ModuleType("jupyterhub"))
    monkeypatch.setitem(sys.modules, "jupyterhub.spawner", jupyterhub)
    monkeypatch.delitem(sys.modules, "hub.spawner", raising=False)
    from hub import spawner

    closed = []
    monkeypatch.setattr(spawner, "close_home", closed.append)

    def begin(name):
        user = SimpleNamespace(name=name)
        own = spawner.AccountSpawner(user=user, people={"ada", "teacher"}, instructor="teacher")
        return asyncio.run(own.start())

    begin.closed = closed
    yield begin
    sys.modules.pop("hub.spawner", None)


@pytest.mark.parametrize("name", ["ada", "teacher"])
def test_a_member_of_the_class_has_a_server(start, name):
    assert start(name) == ADDRESS
    assert start.closed == [name]


def test_a_name_that_an_administrator_added_has_none(start):
    """The home of the account stays as it is, too."""
    with pytest.raises(HubError, match="mallory is not in this class"):
        start("mallory")
    assert start.closed == []
