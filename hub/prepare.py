"""Prepares what the Hub needs: accounts, homes, the exchange, settings and recorded references."""

import shutil

from hub import COURSE, accounts, exchange, instructor, references
from hub.settings import Settings

SHARE = COURSE / "hub" / "share"


def prepare(settings: Settings) -> None:
    """Create what is missing, and give back the permissions of what is there.

    Raises HubError for an account that cannot be a member of the class.
    """
    close_course()
    accounts.create_group(settings.group)
    listed = accounts.read_list(settings.learners) if settings.learners else []
    for name in [settings.instructor, *listed]:
        accounts.create(name, settings.group)
    for name in accounts.members(settings.group):
        accounts.close_home(name)
    settings.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    settings.state.mkdir(exist_ok=True)
    settings.state.chmod(0o700)
    exchange.create(settings.exchange, settings.group, settings.instructor)
    share(settings)
    instructor.copy_course(settings.instructor)


def close_course() -> None:
    """Let other accounts not enter this folder, which holds the solutions and hidden tests."""
    mode = COURSE.stat().st_mode
    if mode & 0o007:
        COURSE.chmod(mode & 0o770)
        print(f"{COURSE} holds the solutions: other accounts cannot enter it any more.")


def share(settings: Settings) -> None:
    """Write what all servers read."""
    shutil.rmtree(settings.share, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", "ipython_config.py")
    shutil.copytree(SHARE, settings.share, ignore=ignore)
    references.write(settings.share / "records")
    kernels = settings.environment / "etc" / "ipython"
    kernels.mkdir(exist_ok=True)
    shutil.copy(SHARE / "ipython_config.py", kernels)
    for path in (kernels, *kernels.iterdir(), settings.share, *settings.share.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
