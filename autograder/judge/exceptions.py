"""Raises here what the learner's code raised in the sandbox, with the learner's own frames."""

import builtins
import linecache
import sys
from collections.abc import Callable
from contextlib import suppress
from inspect import getattr_static
from types import GetSetDescriptorType, MemberDescriptorType, TracebackType
from typing import Any

from tblib import Traceback

from autograder.inside import wire
from autograder.judge.evaluation import unguarded

LONGEST = 100_000  # lines of a learner's file that a traceback may name
MOST_TEXT = 10_000  # characters of a message, or of a line: all that a test cell shows of them
MOST_FRAMES = 50
MOST_CAUSES = 3  # of an exception, each the cause of the one before
LEFT_OUT = {*dir(BaseException), "diagnosis", "obj", "print_file_and_line"}
"""Attributes that mean something to the grader, or to Python for any exception."""
TEXT = "_text"  # the attribute that keeps the message
MODULES = {
    *("numpy.exceptions", "numpy.linalg", "dataclasses", "decimal", "json.decoder", "statistics"),
    *("zipfile", "configparser", "concurrent.futures._base", "asyncio.exceptions", "_queue"),
}
"""Modules whose exceptions a test may catch by their names."""

Find = Callable[[str], Any]
"""Finds a class that both sides know by "module:name", None for any other."""


def nowhere(name: str) -> None:
    """Find no class."""


def exception(
    description: dict, kind: type | None, find: Find = nowhere, depth: int = 0
) -> BaseException:
    """Make the learner's exception.

    description: what the sandbox says of it. kind: the stand-in for its class, where a test cell
    names that; otherwise the nearest exceptions that both sides know are taken. depth: how often
    one was the cause of another.
    """
    message = str(description["message"])[:MOST_TEXT]
    if kind is None or not issubclass(kind, BaseException):
        known = bases(description["bases"], find) or (RuntimeError,)
        name = str(description["type"])[:MOST_TEXT]
        is_pythons = known[0].__module__ == "builtins" and known[0].__name__ == name
        kind = known[0] if is_pythons else derived(name, known, {})
    try:
        arguments = description["arguments"]
        error = kind(*(arguments if len(wire.pack(arguments)) <= MOST_TEXT else (message,)))
    except Exception:
        error = kind.__new__(kind, message)
    attributes = description.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        if isinstance(name, str) and not name.startswith("_") and name not in LEFT_OUT:
            _set(error, name, value)
    if getattr_static(kind, "__str__", None) is text:
        error.__dict__[TEXT] = message
    cause = description.get("cause")
    if isinstance(cause, dict) and depth < MOST_CAUSES:
        error.__cause__ = exception(cause, None, find, depth + 1)
    return error.with_traceback(frames(description["frames"][-MOST_FRAMES:]))


def _set(error: BaseException, name: str, value: object) -> None:
    """Set an attribute, also in place of one that a class of Python's has."""
    own = getattr_static(type(error), name, None)
    if isinstance(own, GetSetDescriptorType | MemberDescriptorType):
        arguments_say_it = isinstance(error, UnicodeError) or (
            isinstance(error, OSError) and getattr(error, name, None) is not None
        )
        shown_with_it = isinstance(error, SyntaxError) and name in ("filename", "text")
        is_none = value is None  # Python would show it in the text of an OSError
        if not arguments_say_it and not shown_with_it and not is_none:
            with suppress(Exception):
                setattr(error, name, value)
    elif not hasattr(type(own), "__set__"):  # no property of a class that both sides know
        error.__dict__.update({name: value})


def text(error: BaseException) -> str:
    """Return the learner's message, or what Python says of an exception that a test makes."""
    message = vars(error).get(TEXT)
    if isinstance(message, str):
        return message
    own = (vars(kind).get("__str__") for kind in type(error).__mro__)
    return next(each for each in own if each not in (None, text))(error)


def derived(name: str, known: tuple[type, ...], members: dict) -> type:
    """Make a class of exceptions. known: its bases; the first alone if Python cannot join them."""
    members = {"__str__": text, **members}
    try:
        return type(name, known, members)
    except TypeError:
        return type(name, known[:1], members)


def bases(names: list, find: Find = nowhere) -> tuple[type[BaseException], ...]:
    """Find the exceptions that both sides know among the names of base classes.

    Leaves out those from which another is derived.
    """
    nearest: list[type[BaseException]] = []
    for name in map(str, names[:MOST_FRAMES]):
        if name in ("KeyboardInterrupt", "SystemExit", "GeneratorExit"):
            last = KeyboardInterrupt if name == "KeyboardInterrupt" else RuntimeError
            return tuple(nearest) or (last,)
        kind = _known(name, find)
        if kind is None or any(issubclass(each, kind) for each in nearest):
            continue
        if not nearest or not issubclass(kind, StopIteration | StopAsyncIteration):
            nearest.append(kind)
    return tuple(nearest)


def _known(name: str, find: Find) -> type[Exception] | None:
    module, _, inner = name.rpartition(":")
    if not module:
        kind = getattr(builtins, name, None)
    elif module in MODULES:
        kind = vars(sys.modules.get(module, object)).get(inner)
    else:
        kind = find(name)
    if not isinstance(kind, type) or not issubclass(kind, Exception):
        return None
    return None if issubclass(kind, BaseExceptionGroup) else kind  # its parts stay in the sandbox


def warning(name: object) -> type[Warning]:
    """Find a category of Python's warnings by its name; UserWarning for any other."""
    kind = getattr(builtins, str(name), None)
    return kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning


def frames(descriptions: list) -> TracebackType | None:
    """Make the frames of the learner's traceback, with their lines of code."""
    traceback = None
    for file, number, function, text in reversed(descriptions):
        file, function, text = (str(each)[:MOST_TEXT] for each in (file, function, text))
        name, line = f"<learner>{file}", max(0, min(int(number), LONGEST))
        lines = _cached_lines(name)
        lines += [""] * (line - len(lines))
        if line:
            lines[line - 1] = f"{text}\n"
        linecache.cache[name] = (len(lines), None, lines, name)
        code = {"co_filename": name, "co_name": function}
        frame = {"f_globals": {"__name__": "learner"}, "f_code": code, "f_lineno": line}
        traceback = {"tb_frame": frame, "tb_lineno": line, "tb_next": traceback}
    with unguarded():  # tblib raises an exception in code of its own, and leaves out one frame
        return Traceback.from_dict(traceback).as_traceback() if traceback else None


def _cached_lines(name: str) -> list[str]:
    entry = linecache.cache.get(name, ())
    return entry[2] if len(entry) == 4 else []
