"""The sandbox's own program: runs the learner's cells and answers the judge's calls.

Everything here shares a process with the learner's code, which may change any of it. That costs the
learner alone: the judge believes nothing that comes from here but plain data, and sets the limits
from outside.
"""

import ast
import errno
import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn, cast

import numpy as np

from . import wire
from .shell import Shell, message_of, start_shell

HERE = str(Path(__file__).parent)
MOST_WARNINGS = 20  # of one call
MISSING = object()  # in place of the value of a name that is not defined


class NotThere(AttributeError):
    """Code that uses a withheld package."""


class Withheld(ModuleType):
    """Stands where a package is withheld: it can be imported, and says so when it is used."""

    def __init__(self, name: str):
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    def __call__(self, *_: object, **__: object) -> NoReturn:
        self._refuse()

    def __mro_entries__(self, bases: tuple) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise NotThere(
            f"{self.__name__} is not there when your own code is graded. Only the checks use it: "
            f"write your functions without it."
        )


class Withholding(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a `Withheld` module in place of every module of the given packages."""

    def __init__(self, packages: list[str]):
        self.packages = set(packages)

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Claim the withheld packages and everything below them."""
        if name.partition(".")[0] in self.packages:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make the module; there is no code to run in it."""
        return Withheld(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


def definitions(source: str) -> list[str]:
    """List what code imports, and the functions and classes that it defines."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [ast.unparse(each) for each in ast.parse(source).body if isinstance(each, kinds)]


class Responder:
    """The learner's namespace, and the answers to the judge's requests about it.

    A request is a dict: the name of one of the public methods under "do", and its arguments. An
    object that is no plain data is known to the judge by a number, its handle.
    """

    def __init__(self, connection: socket.socket, options: dict):
        self.connection, self.limit = connection, options["message"]
        self.hints = options["hints"]
        self.shell = Shell.instance()
        self.shell.explain = self._hint
        self.objects: dict[int, Any] = {}  # what the judge holds stand-ins for, by handle
        self.classes: dict[type, int] = {}  # the classes among them
        self.listing: list[str] = []  # the names that were listed
        self.known: dict[str, int] = {}  # those that the judge watches, and marks of their values

    def emit(self, output: dict) -> None:
        """Hand an output to the judge at once, so that it survives whatever comes next."""
        self.connection.sendall(wire.pack({"output": output}))

    def files(self, files: dict[str, bytes]) -> dict:
        """Write files into the working folder."""
        for name, content in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return {}

    def cell(self, source: str) -> dict:
        """Run a cell; its outputs have been handed over when this returns.

        Where it uses a withheld package, as to compare, the functions that it defines count.
        """
        error = self.shell.run(source, self.emit)
        if isinstance(error, NotThere):
            for definition in definitions(self.shell.transform_cell(source)):
                self.shell.run(definition, lambda output: None)
        return {"diagnosis": _diagnosis(error)}

    def listed(self) -> dict:
        """List the names that are defined."""
        self.listing = [name for name in self.shell.user_ns if isinstance(name, str)]
        return {"names": self.listing}

    def watch(self, numbers: list[int]) -> dict:
        """Describe the listed names of these numbers, as far as their meaning is new."""
        names = [self.listing[number] for number in numbers]
        self.known = {name: self.known.get(name, id(MISSING)) for name in names}
        return self._news()

    def _new_names(self) -> list[str]:
        """List the names that are defined and not listed."""
        listed = set(self.listing)
        new = [name for name in self.shell.user_ns if isinstance(name, str) and name not in listed]
        self.listing += new
        return new

    def _news(self) -> dict:
        """Describe those of the names that mean another value than the judge knows."""
        news, room = {}, self.limit
        for name, known in self.known.items():
            value = self.shell.user_ns.get(name, MISSING)
            packed = None if callable(value) or value is MISSING else _packed(value)
            mark = id(value) if packed is None else hash(packed)
            if mark == known:
                continue
            self.known[name] = mark
            room -= len(packed or "")
            if room > 0:
                news[name] = {} if value is MISSING else self._describe(name, value)
            else:
                news[name] = {"kind": "stranger", "why": "too large to reach the checks"}
        return news

    def call(
        self,
        handle: int,
        method: str,
        arguments: tuple,
        keywords: dict,
        deleted: list[str],
        replaced: dict[str, object],
    ) -> dict:
        """Call an object, or a method of it ("" for itself).

        deleted, replaced: names that mean something else during the call.
        """
        names = self.shell.user_ns
        hidden = {name: names[name] for name in (*deleted, *replaced) if name in names}
        for name in deleted:
            names.pop(name, None)
        names.update(replaced)
        before = _packed([arguments, keywords])
        try:
            with self.shell.captured(self.emit), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                answer = self._answer(self.objects[handle], method, arguments, keywords)
        finally:
            for name in replaced.keys() - hidden.keys():
                names.pop(name, None)
            names.update(hidden)
        if caught:
            answer["warnings"] = [
                (w.category.__name__, str(w.message), str(w.filename), w.lineno)
                for w in caught[:MOST_WARNINGS]
            ]
        if _packed([arguments, keywords]) != before:
            answer["changed"] = [arguments, keywords]
        if news := self._news():
            answer["names"] = news
        if new := self._new_names():
            answer["new"] = new
        return answer

    def _answer(self, target: Any, method: str, arguments: tuple, keywords: dict) -> dict:
        try:
            function = getattr(target, method) if method else target
            result = function(*arguments, **keywords)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"not implemented": True} if result is NotImplemented else {"result": result}

    def make(self, handle: int, **further: Any) -> dict:
        """Make an instance of a class; the judge gets its handle. further: as for a call."""
        answer = self.call(handle, "", **further)
        if "result" in answer:
            answer["result"] = self._keep(answer["result"])
        return answer

    def attribute(self, handle: int, name: str) -> dict:
        """Read an attribute; a method is only announced."""
        try:
            value = getattr(self.objects[handle], name)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"method": True} if callable(value) else {"result": value}

    def set_attribute(self, handle: int, name: str, value: object) -> dict:
        """Set an attribute."""
        try:
            setattr(self.objects[handle], name, value)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"result": None}

    def _keep(self, value: object) -> int:
        handle = id(value)  # the object is kept, so no other gets its number
        self.objects[handle] = value
        return handle

    def _describe(self, name: str, value: object) -> dict:
        if isinstance(value, ModuleType):
            return {"kind": "stranger", "why": "a module"}
        if isinstance(value, type):
            self.classes[value] = self._keep(value)
            bases = [base.__name__ for base in value.__mro__ if base.__module__ == "builtins"]
            special = [each for each in dir(value) if each[:2] == each[-2:] == "__"]
            return {"kind": "class", "handle": id(value), "bases": bases, "special": special}
        if callable(value):
            texts = {"name": getattr(value, "__name__", name), "doc": getattr(value, "__doc__", "")}
            texts = {key: str(text) for key, text in texts.items() if text}
            return {"kind": "function", "handle": self._keep(value), **texts}
        if isinstance(value, Iterator):
            return {"kind": "iterator", "handle": self._keep(value)}
        if not _is_plain(value):
            return {"kind": "stranger", "why": _what(value)}
        return {"kind": "value", "value": value}

    def _raised(self, error: BaseException) -> dict:
        hint = self._hint(error)
        message = f"{message_of(error)} {hint}".strip()
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if not frame.filename.startswith(HERE)]
        kinds = [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"]
        arguments = getattr(error, "args", ())
        return {
            "type": type(error).__name__,
            "class": self.classes.get(type(error), 0),
            "bases": [kind.__name__ for kind in kinds],
            "message": message,
            "arguments": arguments if _is_plain(arguments) and not hint else (message,),
            "frames": [(f.filename, f.lineno or 0, f.name, f.line or "") for f in own[-50:]],
        }

    def _hint(self, error: BaseException) -> str:
        """Say which limit it was that an exception came from."""
        if isinstance(error, MemoryError):
            return self.hints["memory"]
        if isinstance(error, OSError):
            kinds = {errno.ENOSPC: "scratch", errno.EFBIG: "file", errno.EAGAIN: "processes"}
            return self.hints.get(kinds.get(error.errno or 0, ""), "")
        no_thread = isinstance(error, RuntimeError) and "can't start new thread" in str(error)
        return self.hints["processes"] if no_thread else ""

    def refer(self, value: object) -> dict:
        """Name a value that is no plain data, if the judge may hold a stand-in for it."""
        if isinstance(value, Iterator):
            return {"iterator": self._keep(value)}
        if type(value) in self.classes:
            return {"instance": self._keep(value), "class": self.classes[type(value)]}
        raise wire.CannotCross(_what(value))

    def answer(self, request: dict) -> None:
        """Do what the judge asks and send the answer."""
        do = request.pop("do")
        answer = getattr(self, do)(**request)
        try:
            data = wire.pack(answer, self.refer)
        except wire.CannotCross as error:
            data = wire.pack({"cannot cross": str(error)})
        except Exception as error:  # from the value's own code, where it lies about its class
            why = f"a value that is not what it says it is ({type(error).__name__})"
            data = wire.pack({"cannot cross": why})
        if len(data) > self.limit:
            data = wire.pack({"too large": len(data)})
        self.connection.sendall(data)

    def resolve(self, reference: dict) -> object:
        """Find the object that the judge names by its stand-in."""
        return self.objects[reference["handle"]]


def _diagnosis(error: BaseException | None) -> str:
    """Name what went wrong, as a check of the instructor's does; "" where nothing did."""
    try:
        named = getattr(error, "diagnosis", "error")
    except Exception:  # from the class's own code
        named = "error"
    return "" if error is None else named if type(named) is str else "error"


def _what(value: object) -> str:
    try:
        return wire.describe(value)
    except Exception:
        return "something"


def _is_plain(value: object) -> bool:
    try:
        wire.pack(value)
    except Exception:
        return False
    return True


def _packed(value: object) -> bytes | None:
    """Pack a value, to compare it with itself later; None where it is no plain data."""
    try:
        return wire.pack(value, lambda other: {"handle": id(other)})
    except Exception:
        return None


def set_limits(limits: dict) -> None:
    """Lower this process's own limits; nothing in a sandbox can raise them again."""
    for name, (soft, hard) in limits.items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit raises OSError


def prepare(options: dict) -> None:
    """Load what every learner needs, before it is known for whom."""
    sys.meta_path.insert(0, Withholding(options["withheld"]))
    sys.path[0] = ""  # the working folder, in place of the folder that this package came from
    np.random.seed()  # loads it
    start_shell()


def serve(descriptor: int, options: dict) -> NoReturn:
    """Answer the judge until it closes the connection; then end this process."""
    set_limits(options["limits"])
    np.random.seed()  # else all who are forked from one process draw the same
    connection = socket.socket(fileno=descriptor)
    responder = Responder(connection, options)
    idle = True

    def interrupt(number: int, frame: FrameType | None) -> None:
        if not idle:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    connection.sendall(wire.pack({"ready": True}))
    while True:
        try:
            request = wire.receive(connection, responder.resolve)
            idle = False
            responder.answer(cast(dict, request))
        except KeyboardInterrupt:
            continue
        except EOFError:
            os._exit(0)
        finally:
            idle = True


def main() -> None:
    """Be a learner's process without a sandbox."""
    descriptor, options = int(sys.argv[1]), json.loads(sys.argv[2])
    prepare(options)
    serve(descriptor, options)
