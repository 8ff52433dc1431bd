"""What the judge is told of an exception besides its message: its kinds and its attributes."""

from contextlib import suppress

from . import wire

MOST_ATTRIBUTES = 100
MOST_BYTES = 100_000  # of one attribute that a class gives


def lineage(kind: type) -> list[str]:
    """Name a class and those that it derives from, the nearest first.

    Python's own by their names, those of modules as "module:name".
    """
    return [
        each.__name__ if each.__module__ == "builtins" else f"{each.__module__}:{each.__qualname__}"
        for each in kind.__mro__
    ]


def arguments(error: BaseException, message: str, hint: str) -> tuple:
    """Return what an exception is made with again. hint: the limit that it came from, if any."""
    if not hint:
        return getattr(error, "args", ())
    with suppress(BaseException):  # from the learner's properties
        if isinstance(error, OSError):
            return (error.errno, f"{error.strerror} {hint}")
    return (message,)


def attributes(error: BaseException) -> dict:
    """Read what an exception, and its classes, have as plain data, in the learner's process.

    A property is read now, because the exception itself stays here.
    """
    own = getattr(error, "__dict__", None)
    own = dict(own) if isinstance(own, dict) else {}
    read = {name: value for name, value in own.items() if wire.packed(value)}
    further = type(error).__mro__[:-2]  # without BaseException and object
    names = [name for kind in further for name in _public(kind)]
    for name in list(dict.fromkeys(names))[:MOST_ATTRIBUTES]:
        try:
            value = getattr(error, name)
        except BaseException:  # from the learner's property
            continue
        if 0 < len(wire.packed(value)) <= MOST_BYTES:
            read[name] = value
    return read


def _public(kind: type) -> list[str]:
    """Name what a class defines, but for what Python keeps for itself and for methods."""
    named = [name for name in vars(kind) if isinstance(name, str) and not name.startswith("_")]
    return [name for name in named if not callable(vars(kind)[name])]
