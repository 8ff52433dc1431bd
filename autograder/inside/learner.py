"""The sandbox's own program: runs the learner's cells and answers the judge's calls.

Everything here shares a process with the learner's code, which may change any of it. That costs the
learner alone: the judge believes nothing that comes from here but plain data, and sets the limits
from outside.
"""

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
from types import ModuleType

from . import wire
from .shell import start_shell

HERE = str(Path(__file__).parent)
MOST_WARNINGS = 20  # of one call


class Withheld(ModuleType):
    """Stands where a package is withheld: it can be imported, and says so when it is used."""

    __path__ = ()

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(
            f"{self.__name__} is not there when your own code is graded. Only the checks use it: "
            f"write your functions without it."
        )


class Withholding(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a `Withheld` module in place of every module of the given packages."""

    def __init__(self, packages: list[str]):
        self.packages = set(packages)

    def find_spec(self, name, path=None, target=None):
        """Claim the withheld packages and everything below them."""
        if name.partition(".")[0] in self.packages:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec) -> ModuleType:
        """Make the module; there is no code to run in it."""
        return Withheld(spec.name)

    def exec_module(self, module) -> None:
        """Leave it empty."""


class Learner:
    """The learner's namespace, and the answers to what the judge asks about it."""

    def __init__(self, connection: socket.socket, limit: int):
        self.connection, self.limit = connection, limit
        self.shell = start_shell()
        self.things: dict[int, object] = {}  # what the judge holds stand-ins for
        self.classes: dict[type, int] = {}  # the classes among them

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
        """Run a cell; its outputs have been handed over when this returns."""
        error = self.shell.run(source, self.emit)
        return {"failed": error is not None}

    def names(self, names: list[str]) -> dict:
        """Describe those of the names that are defined."""
        defined = self.shell.user_ns
        return {name: self._describe(name, defined[name]) for name in names if name in defined}

    def call(
        self, thing: int, method: str, arguments: tuple, keywords: dict, deleted: list[str]
    ) -> dict:
        """Call a thing, or a method of it ("" for itself), while some names do not exist."""
        names, hidden = self.shell.user_ns, {}
        for name in deleted:
            if name in names:
                hidden[name] = names.pop(name)
        before = _packed([arguments, keywords])
        try:
            with self.shell.captured(self.emit), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                answer = self._answer(self.things[thing], method, arguments, keywords)
        finally:
            names.update(hidden)
        if caught:
            answer["warnings"] = [
                (w.category.__name__, str(w.message), str(w.filename), w.lineno)
                for w in caught[:MOST_WARNINGS]
            ]
        if _packed([arguments, keywords]) != before:
            answer["changed"] = [arguments, keywords]
        return answer

    def _answer(self, target: object, method: str, arguments: tuple, keywords: dict) -> dict:
        try:
            function = getattr(target, method) if method else target
            result = function(*arguments, **keywords)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"not implemented": True} if result is NotImplemented else {"result": result}

    def make(self, thing: int, arguments: tuple, keywords: dict, deleted: list[str]) -> dict:
        """Make an instance of a class; the judge gets a name for it."""
        answer = self.call(thing, "", arguments, keywords, deleted)
        if "result" in answer:
            answer["result"] = self._keep(answer["result"])
        return answer

    def attribute(self, thing: int, name: str) -> dict:
        """Read an attribute; a method is only announced."""
        try:
            value = getattr(self.things[thing], name)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"method": True} if callable(value) else {"result": value}

    def set_attribute(self, thing: int, name: str, value: object) -> dict:
        """Set an attribute."""
        try:
            setattr(self.things[thing], name, value)
        except BaseException as error:
            return {"raised": self._raised(error)}
        return {"result": None}

    def _keep(self, value: object) -> int:
        number = id(value)  # the thing is kept, so no other gets its number
        self.things[number] = value
        return number

    def _describe(self, name: str, value: object) -> dict:
        if isinstance(value, ModuleType):
            return {"kind": "module"}
        if isinstance(value, type):
            self.classes[value] = self._keep(value)
            bases = [base.__name__ for base in value.__mro__ if base.__module__ == "builtins"]
            special = [each for each in dir(value) if each[:2] == each[-2:] == "__"]
            return {"kind": "class", "thing": id(value), "bases": bases, "special": special}
        if callable(value):
            said = {"name": getattr(value, "__name__", name), "doc": getattr(value, "__doc__", "")}
            said = {key: str(text) for key, text in said.items() if text}
            return {"kind": "function", "thing": self._keep(value), **said}
        if isinstance(value, Iterator):
            return {"kind": "iterator", "thing": self._keep(value)}
        try:
            wire.pack(value)
        except wire.CannotCross as error:
            return {"kind": "stranger", "why": str(error)}
        return {"kind": "value", "value": value}

    def _raised(self, error: BaseException) -> dict:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if not frame.filename.startswith(HERE)]
        kinds = [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"]
        arguments = getattr(error, "args", ())
        return {
            "type": type(error).__name__,
            "class": self.classes.get(type(error), 0),
            "bases": [kind.__name__ for kind in kinds],
            "message": str(error),
            "arguments": arguments if _packed(arguments) else (str(error),),
            "frames": [(f.filename, f.lineno or 0, f.name, f.line or "") for f in own[-50:]],
        }

    def refer(self, value: object) -> dict:
        """Name a value that is no plain data, if the judge may hold a stand-in for it."""
        if isinstance(value, Iterator):
            return {"iterator": self._keep(value)}
        if type(value) in self.classes:
            return {"instance": self._keep(value), "class": self.classes[type(value)]}
        raise wire.CannotCross(_what(value))

    def answer(self, question: dict) -> None:
        """Do what the judge asks and send the answer."""
        do = question.pop("do")
        answer = getattr(self, do)(**question)
        try:
            data = wire.pack(answer, self.refer)
        except wire.CannotCross as error:
            data = wire.pack({"cannot cross": str(error)})
        if len(data) > self.limit:
            data = wire.pack({"too large": len(data)})
        self.connection.sendall(data)

    def resolve(self, name: dict) -> object:
        """Find the thing that the judge names by its stand-in."""
        return self.things[name["thing"]]


def _what(value: object) -> str:
    try:
        return wire.describe(value)
    except Exception:
        return "something"


def _packed(value: object) -> bytes | None:
    """Pack a value, to compare it with itself later; None where it is no plain data."""
    try:
        return wire.pack(value, lambda thing: {"thing": id(thing)})
    except Exception:
        return None


def set_limits(limits: dict) -> None:
    """Lower this process's own limits; nothing in a sandbox can raise them again."""
    for name, (soft, hard) in limits.items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit raises OSError


def main() -> None:
    """Serve the judge until it closes the connection."""
    descriptor, options = int(sys.argv[1]), json.loads(sys.argv[2])
    set_limits(options["limits"])
    sys.meta_path.insert(0, Withholding(options["withheld"]))
    connection = socket.socket(fileno=descriptor)
    learner = Learner(connection, options["message"])
    sys.path[0] = ""  # the working folder, in place of the folder that this package came from
    idle = True

    def interrupt(number, frame) -> None:
        if not idle:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    connection.sendall(wire.pack({"ready": True}))
    while True:
        try:
            question = wire.receive(connection, learner.resolve)
            idle = False
            learner.answer(question)
        except KeyboardInterrupt:
            continue
        except EOFError:
            os._exit(0)
        finally:
            idle = True
