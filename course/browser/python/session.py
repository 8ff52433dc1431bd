"""Runs the code cells of a notebook and its checks. It runs in Pyodide, and knows no browser.

A cell's outputs are dicts as a notebook holds them (nbformat 4.5). They go to `emit` as they come,
after one of the type "begin".
"""

import ast
import builtins
import contextlib
import io
import linecache
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import figures

Output = dict[str, Any]
Emit = Callable[[Output], object]
Cell = tuple[str, str]
"""The id of a cell, and its source."""

MOST_CHARACTERS = 50_000  # that a cell may print
MOST_FRAMES = 20  # of a traceback
MISSING = {
    "keras": "Keras is not in this page. Write the function with NumPy alone; the check compares it"
    " with what Keras returned when the course was built.",
    "tensorflow": "TensorFlow is not in this page. Write the function with NumPy alone.",
}
NOT_HERE = "{} is not in this page, which has NumPy, Matplotlib and what comes with Python."
NO_MAGIC = "Lines that begin with % or ! are IPython's. They work in Jupyter, not in this page."
NO_INPUT = "This page has no input(). Write the value into the code."


class Printed(io.TextIOBase):
    """A stream whose text becomes outputs of a cell.

    room: how many characters all streams of the cell may still emit, in a list of one.
    """

    def __init__(self, name: str, emit: Emit, room: list[int]):
        self._name, self._emit, self._room = name, emit, room

    def write(self, text: str) -> int:
        """Emit a text, as far as there is room for it."""
        room = self._room[0]
        self._room[0] -= len(text)
        if room > 0 and text:
            shown = text if len(text) <= room else f"{text[:room]}\n... more is not shown here\n"
            self._emit({"output_type": "stream", "name": self._name, "text": shown})
        return len(text)


class Session:
    """The cells of one notebook, run in one namespace.

    replay: runs the check of a function, given its name and the names of the notebook; returns what
    the check prints, raises CheckFailed. forget: forgets what was checked before. recorded: gives
    the outputs of a cell that needs Keras, and the names that it defines; None for other cells.
    """

    def __init__(
        self,
        replay: Callable[[str, dict[str, Any]], str],
        forget: Callable[[], None],
        recorded: Callable[[str], tuple[list[Output], dict[str, Any]] | None] = lambda _: None,
    ):
        self._replay, self._forget, self._recorded = replay, forget, recorded
        self._names: dict[str, Any] = {}
        self._failed: dict[str, str] = {}  # cells that ended with an error, and what it says
        self._ran: list[Cell] = []

    def run(
        self, cells: list[Cell], emit: Callable[[str, Output], object], again: bool = False
    ) -> None:
        """Run cells as if Python had just started.

        If the cells that ran last are the first of these, only the others are run. again: whether
        to run all where there are no others.
        """
        kept = self._ran == cells[: len(self._ran)] and not (again and self._ran == cells)
        if not self._ran or not kept:
            self._forget()
            self._names = {"__name__": "__main__", "__builtins__": builtins}
            self._failed, self._ran = {}, []
        for cell in cells[len(self._ran) :]:
            self._ran.append(cell)
            emit(cell[0], {"output_type": "begin"})
            self._run(*cell, partial(emit, cell[0]))

    def check(self, function: str, emit: Emit) -> dict[str, Any]:
        """Check a function, after `run`. What it prints meanwhile goes to `emit`.

        Returns "ok", whether it agrees, and what the check says: "diagnosis", "text"; if it agrees,
        also "share", of the points that it earns.
        """
        from checks import CheckFailed, records

        emit({"output_type": "begin"})
        if function not in self._names and function in self._failed:
            text = f"The cell of {function} ended with an error:\n{self._failed[function]}"
            return {"ok": False, "diagnosis": "not defined", "text": text}
        try:
            with streams(emit):
                text = self._replay(function, self._names)
        except CheckFailed as error:
            return {"ok": False, "diagnosis": error.diagnosis, "text": error.message}
        except BaseException as error:  # SystemExit and KeyboardInterrupt of the function
            return {
                "ok": False,
                "diagnosis": "raised",
                "text": "\n".join(described(error)["traceback"]),
            }
        return {"ok": True, "diagnosis": "", "text": text, "share": records.share(function)}

    def _run(self, cell: str, source: str, emit: Emit) -> None:
        if recorded := self._recorded(cell):
            outputs, names = recorded
            self._names |= names
            for output in outputs:
                emit(output)
            return
        name = f"<{cell}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with streams(emit):
            try:
                value = execute(source, name, self._names)
                if value is not None:
                    emit(_shown(value))
            except BaseException as error:  # SystemExit too: it ends a cell, not the page
                output = described(error)
                self._failed[cell] = "\n".join(output["traceback"])
                emit(output)
            try:
                for picture in figures.drawn():
                    emit(picture)
            except BaseException as error:  # of a formula in a title, for example
                emit(described(error))


@contextlib.contextmanager
def streams(emit: Emit) -> Iterator[None]:
    """Make outputs of what is printed and of warnings; have no input()."""
    room = [MOST_CHARACTERS]
    errors = Printed("stderr", emit, room)

    def show(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any
    ) -> None:
        line = linecache.getline(filename, lineno).strip()
        where = f"{filename.strip('<>')}, line {lineno}: {line}"
        errors.write(f"{category.__name__}: {message}\n  in {where}\n")

    with (
        contextlib.redirect_stdout(Printed("stdout", emit, room)),
        contextlib.redirect_stderr(errors),
        warnings.catch_warnings(),
    ):
        setattr(warnings, "showwarning", show)  # noqa: B010 (restored by catch_warnings)
        yield


def merged(outputs: list[Output]) -> list[Output]:
    """Join the texts that a stream has printed one after the other, as a notebook holds them."""
    joined: list[Output] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            joined.append(dict(output))
    return joined


def execute(source: str, name: str, names: dict[str, Any]) -> object:
    """Run the source of a cell; return the value of its last line, if that is an expression.

    Raises whatever the source raises.
    """
    tree = parse(source, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        exec(compile(tree, name, "exec"), names)
        return None
    tree.body.pop()
    exec(compile(tree, name, "exec"), names)
    return eval(compile(ast.Expression(last.value), name, "eval"), names)


def parse(source: str, name: str) -> ast.Module:
    """Parse a cell. `%matplotlib` is ignored, as it is needless here.

    Raises SyntaxError, also for other commands of IPython's.
    """
    try:
        return ast.parse(source, name)
    except SyntaxError as error:
        plain = re.sub(r"(?m)^%matplotlib\b.*$", "", source)
        command = re.search(r"(?m)^[%!].*$", plain)
        if command:
            line = plain.count("\n", 0, command.start()) + 1
            raise SyntaxError(NO_MAGIC, (name, line, 1, command[0])) from None
        if plain != source:
            return ast.parse(plain, name)
        raise error from None


def described(error: BaseException) -> Output:
    """Make the output for an exception: its message, and the learner's lines that led to it."""
    text = _message(error)
    lines = [f"{type(error).__name__}: {text}"]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        line = linecache.getline(error.filename, error.lineno).rstrip()
        lines.append(f"  in line {error.lineno}: {line.strip()}")
    frames = [
        f"  in {frame.name}, line {frame.lineno}: {frame.line}".replace("<module>, ", "")
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<") and frame.filename in linecache.cache
    ]
    if len(frames) > MOST_FRAMES:
        half = MOST_FRAMES // 2
        frames[half:-half] = [f"  ... {len(frames) - 2 * half} more calls ..."]
    return _error(type(error).__name__, text, lines + frames)


def _message(error: BaseException) -> str:
    try:
        return _explained(error)[:MOST_CHARACTERS]
    except BaseException as failure:  # the learner's own __str__
        return f"<its message cannot be shown: {type(failure).__name__}>"


def _explained(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.partition(".")[0]
        return MISSING.get(package, NOT_HERE.format(package))
    return str(error)


def _error(kind: str, text: str, lines: list[str]) -> Output:
    return {"output_type": "error", "ename": kind, "evalue": text, "traceback": lines}


def _shown(value: object) -> Output:
    data = {"text/plain": repr(value)[:MOST_CHARACTERS]}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}


def no_input(prompt: object = "") -> str:
    """Stand in for input(). Raises RuntimeError."""
    raise RuntimeError(NO_INPUT)


def imports(sources: list[str]) -> set[str]:
    """List the packages that cells import, as far as they are Python."""
    names: set[str] = set()
    for source in sources:
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(parse(source, "<cell>")):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.partition(".")[0])
    return names


def lock_up() -> None:
    """Take away the ways from Python to the page, and what only Jupyter can do."""
    for name, module in list(sys.modules.items()):
        if name == "js" or type(module).__name__ == "JsProxy":
            del sys.modules[name]
    for finder in [each for each in sys.meta_path if type(each).__name__ == "JsFinder"]:
        vars(finder)["jsproxies"].clear()
        sys.meta_path.remove(finder)
    builtins.input = no_input
