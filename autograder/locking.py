"""Lets one process at a time do what two would spoil."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(path: Path, otherwise: str) -> Iterator[None]:
    """Hold a lock for the length of a `with` block; it ends with the process, however that ends.

    path: of the lock's file. otherwise: what SystemExit says where another process holds it.
    """
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(otherwise) from None
        yield
