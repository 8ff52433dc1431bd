"""The first password of the instructor, so that no learner can be the first to choose it."""

import dbm
import secrets
from pathlib import Path

import bcrypt


def first_password(path: Path, name: str) -> str | None:
    """Draw a password for an account in the authenticator's file, and return it.

    path: of that file. Returns None if the account has one already.
    """
    with dbm.open(str(path), "c", 0o600) as passwords:
        if name.encode() in passwords:
            return None
        password = secrets.token_urlsafe(9)
        passwords[name] = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
        return password
