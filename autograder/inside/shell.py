"""An IPython shell that runs cells and hands their outputs over, as a kernel would show them."""

import base64
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Emit = Callable[[dict], None]
Explain = Callable[[BaseException], str]
BATCH = 4096  # characters of printed text that are handed over at once


class _Display(DisplayPublisher):
    shell: "Shell"  # IPython says that it may be None

    def publish(
        self, data: dict, metadata: dict | None = None, source: object = None, **further: object
    ) -> None:
        _flush()
        self.shell.emit(
            {
                "output_type": "display_data",
                "data": _as_text(data),
                "metadata": metadata or {},
            }
        )

    def clear_output(self, wait: bool = False) -> None:
        """Keep what was shown: a grader wants to see all of it."""


class _Result(DisplayHook):
    shell: "Shell"  # IPython says that it may be None

    def write_output_prompt(self) -> None:
        """Have no prompt: the output says its number."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        _flush()
        self.shell.emit(
            {
                "output_type": "execute_result",
                "data": _as_text(format_dict),
                "metadata": md_dict or {},
                "execution_count": self.shell.execution_count,
            }
        )

    def finish_displayhook(self) -> None:
        """Nothing is left to write."""


class Shell(InteractiveShell):
    """Runs cells one after the other in one namespace, `user_ns`.

    Every output goes to `emit` as one of nbformat's dicts.

    explain: gives what is added to the message of an error that is shown.
    """

    display_pub_class = Type(_Display)
    displayhook_class = Type(_Result)
    emit: Emit = staticmethod(lambda output: None)

    def __init__(self, explain: Explain, **further: Any):
        self.explain = explain
        super().__init__(**further)

    def init_display_formatter(self) -> None:
        """Make what a kernel makes, without asking what a terminal can show."""
        super().init_display_formatter()
        formatter: Any = self.display_formatter  # traitlets says that it may be None
        formatter.active_types = formatter.format_types

    def init_magics(self) -> None:
        """Have those magics of a kernel, too, that are about a page: nobody looks at one here."""
        super().init_magics()
        manager: Any = self.magics_manager  # IPython has no types for this
        for name in ("autosave", "clear", "connect_info", "qtconsole"):
            manager.register_function(_ignored, magic_name=name)

    def enable_gui(self, gui: object = None) -> None:
        """Have no event loop: nothing here has a window."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        why = self.explain(evalue)
        self.emit(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": f"{message_of(evalue)} {why}".strip(),
                "traceback": [*(str(line) for line in stb), *([why] if why else [])],
            }
        )

    def showsyntaxerror(
        self, filename: str | None = None, running_compiled_code: bool = False
    ) -> None:
        """Show where a cell cannot be compiled; show only the message of an error that it raised.

        IPython would show the lines of all frames, including those of a hidden test.
        """
        if not running_compiled_code:
            super().showsyntaxerror(filename)
        else:
            kind, error, _ = self._get_exc_info()
            self._showtraceback(kind, error, [f"{kind.__name__}: {message_of(error)}"])

    def run(self, source: str, emit: Emit) -> BaseException | None:
        """Run one cell; return what it raised, None where it succeeded."""
        with self.captured(emit):
            result = self.run_cell(source, store_history=True)
        return result.error_before_exec or result.error_in_exec

    @contextmanager
    def captured(self, emit: Emit) -> Iterator[None]:
        """Hand over what is shown and printed within a `with` block."""
        self.emit = emit
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = streams = [Stream(name, emit) for name in ("stdout", "stderr")]
        try:
            yield
        finally:
            for stream in streams:
                stream.flush()
            sys.stdout, sys.stderr = before


def message_of(error: BaseException) -> str:
    """Return an exception's message, whatever its class makes of that."""
    try:
        return str(error)
    except Exception:
        return "(its message cannot be shown)"


class Stream:
    """A text stream that hands over its text in batches, each an output."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, name: str, emit: Emit):
        self.name, self._emit, self._lock = f"<{name}>", emit, threading.RLock()
        self._text: list[str] = []
        self._length = 0

    def write(self, text: str) -> int:
        """Keep text until there is a batch of it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            self._text.append(text)
            self._length += len(text)
            if self._length >= BATCH:
                self.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one text after the other."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hand over the text kept so far."""
        with self._lock:
            text, self._text, self._length = "".join(self._text), [], 0
            if text:
                self._emit({"output_type": "stream", "name": self.name[1:-1], "text": text})

    def close(self) -> None:
        """Stay open, because others print to it too."""

    def isatty(self) -> bool:
        """Say that nobody is typing."""
        return False

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def readable(self) -> bool:
        """Say that it cannot be read."""
        return False

    seekable = readable

    def fileno(self) -> int:
        """Return a descriptor, as a kernel's streams do: what is written there, nobody sees."""
        return _nowhere()


def _ignored(line: str) -> None:
    """Do nothing: a magic of a kernel."""


@cache
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def _as_text(data: dict) -> dict:
    return {
        kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
        for kind, content in data.items()
    }


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def unexplained(error: BaseException) -> str:
    """Add nothing to an error."""
    return ""


def start_shell(explain: Explain = unexplained) -> Shell:
    """Start a shell without a history file, colours, or frames in its tracebacks.

    explain: as for `Shell`.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    config.InteractiveShell.autocall = 0
    return Shell.instance(explain=explain, config=config)
