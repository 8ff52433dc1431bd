"""What goes wrong with values between the sandbox and the judge."""

from collections.abc import Iterator
from contextlib import contextmanager


class CannotCross(Exception):
    """A value that does not cross; the message says what it is."""


class Malformed(ValueError):
    """Received bytes that are no message."""


@contextmanager
def malformed() -> Iterator[None]:
    """Turn any exception within a `with` block into Malformed."""
    try:
        yield
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"{type(error).__name__}: {error}") from None
