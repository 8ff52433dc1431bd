"""Raises here what the learner's code raised in the sandbox, with the learner's own frames."""

import builtins
import linecache
from types import TracebackType

from tblib import Traceback

from autograder.inside import wire

LONGEST = 100_000  # lines of a learner's file that a traceback may name
MOST_TEXT = 10_000  # characters of a message, or of a line: all that a test cell shows of them
MOST_FRAMES = 50
MOST_CAUSES = 3  # of an exception, each the cause of the one before
OURS = {"diagnosis"}  # attributes that mean something to the grader


def exception(description: dict, kind: type | None, depth: int = 0) -> BaseException:
    """Make the learner's exception.

    description: what the sandbox says of it. kind: the stand-in for its class, where a test cell
    names that; otherwise the nearest of Python's exceptions is taken. depth: how often
    one was the cause of another.
    """
    message = str(description["message"])[:MOST_TEXT]
    if kind is None or not issubclass(kind, BaseException):
        base = builtin_exception(description["bases"]) or RuntimeError
        name = str(description["type"])[:MOST_TEXT]
        kind = base if base.__name__ == name else type(name, (base,), {})
    try:
        arguments = description["arguments"]
        error = kind(*(arguments if len(wire.pack(arguments)) <= MOST_TEXT else (message,)))
    except Exception:
        error = kind.__new__(kind, message)
    attributes = description.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        # No attribute that Python, a check or IPython reads from any exception.
        is_new = isinstance(name, str) and not name.startswith("_") and not hasattr(error, name)
        if is_new and name not in OURS:
            error.__dict__.setdefault(name, value)
    cause = description.get("cause")
    if isinstance(cause, dict) and depth < MOST_CAUSES:
        error.__cause__ = exception(cause, None, depth + 1)
    return error.with_traceback(frames(description["frames"][-MOST_FRAMES:]))


def builtin_exception(bases: list[str]) -> type[BaseException] | None:
    """Find the first of Python's exceptions among the names of base classes."""
    for name in bases[:MOST_FRAMES]:
        kind = getattr(builtins, str(name), None)
        if name in ("ExceptionGroup", "BaseExceptionGroup"):
            continue  # what it holds stays in the sandbox
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind
        if name in ("KeyboardInterrupt", "SystemExit", "GeneratorExit"):
            return KeyboardInterrupt if name == "KeyboardInterrupt" else RuntimeError
    return None


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
    return Traceback.from_dict(traceback).as_traceback() if traceback else None


def _cached_lines(name: str) -> list[str]:
    entry = linecache.cache.get(name, ())
    return entry[2] if len(entry) == 4 else []
