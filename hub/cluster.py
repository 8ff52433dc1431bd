"""Says who is in a class on a cluster: values for the Helm chart of Zero to JupyterHub.

On one machine the system gives each learner an account. Pods have no accounts in common, and by
default all run as the same user, so a number stands for each learner's account there.
"""

import hashlib
from collections import defaultdict

from hub import HubError

FIRST = 100_000
"""The lowest number: none that an image's own accounts have."""
NUMBERS = 2**30
USERS = 100  # the group "users"
HOME = "/home/jovyan"


def account_number(name: str) -> int:
    """Give the number of an account, which depends on its name alone, whoever joins or leaves."""
    digest = hashlib.sha256(name.encode()).digest()
    return FIRST + int.from_bytes(digest[:8]) % NUMBERS


def class_values(learners: list[str], instructor: str) -> dict[str, object]:
    """Give the values of a class, as Helm reads them.

    Raises HubError where two names have the same number, or a learner has the instructor's name.
    """
    named = defaultdict(list)
    for name in [instructor, *learners]:
        named[account_number(name)].append(name)
    for names in named.values():
        if len(names) > 1:
            raise HubError(f"{' and '.join(names)} would share an account. Rename one of them.")
    numbers = {name: number for number, (name,) in named.items()}
    people = {"allowed_users": sorted(numbers), "admin_users": [instructor]}
    accounts = {"mountPath": "/etc/passwd", "stringData": passwd(numbers)}
    return {
        "custom": {"instructor": instructor, "accounts": numbers},
        "hub": {"config": {"Authenticator": people}},
        "singleuser": {"extraFiles": {"passwd": accounts}},
    }


def passwd(numbers: dict[str, int]) -> str:
    """Write the file in which a pod looks up the names of accounts (passwd(5))."""
    lines = ["root:x:0:0:root:/root:/usr/sbin/nologin"]
    lines += [f"{name}:x:{number}:{USERS}::{HOME}:/bin/bash" for name, number in numbers.items()]
    return "".join(f"{line}\n" for line in lines)
