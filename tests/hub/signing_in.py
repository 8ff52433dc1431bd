"""Tries to sign in at a Hub that has just started with the values of a class on a cluster.

The Hub's Python runs it: `python signing_in.py NAME:PASSWORD... < values.json`, with values as
pods.py takes them. Prints what the Hub prints; the last line says in JSON whom it let in.
"""

import asyncio
import json
import sys
from types import SimpleNamespace

from firstuseauthenticator import FirstUseAuthenticator
from jupyterhub.orm import User, new_session_factory
from pods import configure


async def main(*attempts):
    """Try the names and passwords in turn."""
    config = configure(json.load(sys.stdin))
    authenticator = FirstUseAuthenticator(config=config, db=new_session_factory("sqlite://")())
    authenticator.db.add_all(User(name=name) for name in authenticator.allowed_users)
    let_in = []
    for attempt in attempts:
        name, _, password = attempt.partition(":")
        data = {"username": name, "password": password}
        user = await authenticator.get_authenticated_user(SimpleNamespace(), data)
        let_in.append(user and user["name"])
    print(json.dumps(let_in))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
