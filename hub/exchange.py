"""The folders of nbgrader's exchange, with the permissions that it needs and no more."""

import os
import pwd
import shutil
from pathlib import Path

from hub import COURSE_ID

COURSE_FOLDERS = {"": 0o755, "outbound": 0o755, "inbound": 0o1733, "feedback": 0o711}
"""The instructor's folders. In `inbound`, learners write and do not list: the name of a submission
ends with 72 random bits. The names in `feedback` hold a secret of the submission."""


def create(exchange: Path, group: str, instructor: str) -> None:
    """Create an exchange for a class, or give back its permissions.

    nbgrader insists on mode 0777 for the exchange itself, so only the group can enter the folder
    above it, and the sticky bit lets nobody remove what is another's.
    """
    for folder, mode in ((exchange.parent, 0o710), (exchange, 0o1777)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    shutil.chown(exchange.parent, 0, group)
    owner = pwd.getpwnam(instructor)
    for name, mode in COURSE_FOLDERS.items():
        folder = exchange / COURSE_ID / name
        folder.mkdir(exist_ok=True)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(mode)
