"""The sandbox's own program: runs the learner's cells and answers the judge's calls.

Everything here shares a process with the learner's code, which may change any of it. That harms
only the learner: the judge accepts nothing but plain data from here, and sets the limits from
outside.
"""

import ast
import asyncio
import copy
import errno
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import random
import resource
import signal
import socket
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from operator import contains, getitem
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple, NoReturn, cast

import numpy as np

from . import facts, kept, libraries, raised, wire
from .exchange import Exchange
from .in_place import assign, snapshot
from .proxies import Proxies
from .records import Classes
from .shell import Emit, Shell, message_of, start_shell

HERE = str(Path(__file__).parent)
MOST_WARNINGS = 20  # of one call
QUICK = 0.2  # seconds in which calls are made ahead
MOST_CAUSES = 3  # of an exception, each the cause of the one before
OPERATIONS: dict[str, Any] = {"iter": iter, "len": len, "getitem": getitem, "contains": contains}
MISSING = object()  # in place of the value of a name that is not defined


class NotThere(AttributeError):
    """Code that uses a withheld package."""


class Withheld(ModuleType):
    """Stands for a withheld package: it can be imported, and explains itself when it is used."""

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
            f"{self.__name__} is not there when your own code is graded: write your functions "
            "without it."
        )


class Withholding(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a `Withheld` module in place of every module of the given packages."""

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
        """Make the module, which has no code to run."""
        return Withheld(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


def definitions(source: str) -> list[str]:
    """List what code imports, and the functions and classes that it defines."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [ast.unparse(each) for each in ast.parse(source).body if isinstance(each, kinds)]


class Pending(NamedTuple):
    """A call that was made ahead and did more than return plain data.

    arguments: the containers among them, as the call has left them. known: the names that the judge
    watches, and marks of their values, as they were before the call.
    """

    answer: dict
    outputs: list[dict]
    arguments: list
    known: dict[str, int]


class Responder:
    """The learner's namespace, and the answers to the judge's requests about it.

    A request is a dict: the name of one of the public methods under "do", and its arguments. The
    judge knows an object that does not cross by its number, the handle, and by a description.
    """

    def __init__(self, connection: socket.socket, options: dict):
        self.connection, self.limit = connection, options["message"]
        self.shell = Shell.instance()
        self.objects = kept.Kept()
        self.methods: dict[tuple[int, bool], tuple[object, dict]] = {}  # and what is said of them
        self.listing: list[str] = []  # the names that were listed
        self.known: dict[str, int] = {}  # those that the judge watches, and marks of their values
        self.shared: set[str] = set()  # names of classes that the judge knows, too
        self.modules: set[str] = set()  # those among the files beside the notebook
        self.classes = Classes(self.shell.user_ns, self._is_shared, self._unknown)
        self.proxies = Proxies(self._call_back, self.classes.find)
        self.exchange: Exchange | None = None
        self.pending: Pending | None = None

    @cached_property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop of all calls: a generator stays with the one that began it."""
        return asyncio.new_event_loop()

    def _is_shared(self, module: str, name: str) -> bool:
        return name in self.shared if module == "__main__" else module in self.modules

    def _unknown(self, name: str) -> NoReturn:
        raise wire.CannotCross(f"an instance of {name.partition(':')[2]}, which is not known here")

    def emit(self, output: dict) -> None:
        """Send an output to the judge at once, so that it survives whatever comes next."""
        self.connection.sendall(wire.pack({"output": output}))

    def files(self, files: dict[str, bytes]) -> dict:
        """Write files into the working folder."""
        for name, content in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self.modules.add(path.parts[0].removesuffix(".py"))
        return {}

    def cell(self, source: str) -> dict:
        """Run a cell; its outputs have been sent when this returns.

        If it stops at a withheld package, the functions that it defines still count.
        """
        error = self.shell.run(source, self.emit)
        if isinstance(error, NotThere):
            for definition in definitions(self.shell.transform_cell(source)):
                self.shell.run(definition, lambda output: None)
        return {"diagnosis": _diagnosis(error)}

    def listed(self) -> dict:
        """List the names that are defined."""
        self.shell.user_ns.pop("__warningregistry__", None)  # a cell begins, as in IPython
        self.listing = [name for name in self.shell.user_ns if isinstance(name, str)]
        return {"names": self.listing}

    def watch(self, numbers: list[int], shared: list[int]) -> dict:
        """Describe the listed names of these numbers, as far as their meaning is new.

        shared: the numbers of names of classes that both sides have.
        """
        if self.pending:  # the judge did not ask for it, and does not know what it did to names
            self.known, self.pending = self.pending.known, None
        names = [self.listing[number] for number in numbers]
        self.shared = {self.listing[number] for number in shared}
        self.known = {name: self.known.get(name, id(MISSING)) for name in names}
        return self._news()

    def _new_names(self) -> list[str]:
        """List the names that are defined and not listed."""
        listed = set(self.listing)
        new = [name for name in self.shell.user_ns if isinstance(name, str) and name not in listed]
        self.listing += new
        return new

    def _news(self) -> dict:
        """Describe those names whose value is not the one that the judge knows."""
        news, room = {}, self.limit
        for name, known in self.known.items():
            value = self.shell.user_ns.get(name, MISSING)
            packed = None if callable(value) or value is MISSING else self._bytes(value)
            mark = id(value) if packed is None else hash(packed)
            if mark == known:
                continue
            self.known[name] = mark
            room -= len(packed or "")
            if room > 0:
                news[name] = None if value is MISSING else self._describe(name, value)
            else:
                why = "too large to reach the checks"
                news[name] = wire.Whole({"kind": "stranger", "why": why})
        return news

    def call(
        self,
        handle: int,
        method: str,
        arguments: tuple,
        keywords: dict,
        deleted: list[str],
        replaced: dict[str, object],
        every_warning: bool,
        pending: bool = False,
    ) -> dict:
        """Call an object, or a method of it ("" for itself).

        deleted, replaced: names that mean something else during the call. every_warning: as for
        `_recorded`. pending: whether this is the call that was the last to be made ahead.
        """
        if pending and self.pending:
            last, self.pending = self.pending, None
            for output in last.outputs:
                self.emit(output)
            self._packed(given := wire.Objects(), arguments)
            for value, other in zip(given.values, last.arguments):
                _leave(value, other)
            return last.answer
        return self._called(
            handle, method, arguments, keywords, deleted, replaced, every_warning, self.emit
        )

    def calls(self, handle: int, method: str, calls: list[bytes], every_warning: bool) -> dict:
        """Make calls with these packed arguments, as long as they are quick and only return.

        Gives the bytes of the answers: a later call may change what an earlier one has returned.
        The first call that does more than return plain data is the last, and becomes pending. None
        is made whose arguments cannot be read here.
        """
        answers: list[bytes] = []
        self.pending = None
        end, room = time.monotonic() + QUICK, self.limit // 2
        for given in calls:
            try:
                crossed = wire.Objects()
                arguments = cast(tuple, wire.unpack_with(crossed, given, self.classes))
            except wire.Malformed:
                break
            outputs, left, known = list[dict](), wire.Objects(), dict(self.known)
            answer = self._called(
                handle, method, arguments, {}, [], {}, every_warning, outputs.append
            )
            is_plain = not outputs and answer.keys() <= {"result", "warnings"}
            is_plain &= self._packed(left, arguments) == given
            data = self._packed(left, answer) if is_plain else None
            room -= len(data or b"")
            if data is None or room < 0:
                self.pending = Pending(answer, outputs, crossed.values, known)
                break
            answers.append(data)
            if time.monotonic() > end:
                break
        return {"answers": wire.Whole(answers), "pending": self.pending is not None}

    def _packed(self, objects: wire.Objects, value: object) -> bytes | None:
        """Pack a value, with `objects` written before it; None where it does not cross."""
        try:
            return wire.pack_with(objects, value, self.classes)
        except Exception:  # also from the value's own code
            return None

    def _called(
        self,
        handle: int,
        method: str,
        arguments: tuple,
        keywords: dict,
        deleted: list[str],
        replaced: dict[str, object],
        every_warning: bool,
        emit: Emit,
    ) -> dict:
        with (
            self._renamed(deleted, replaced) as rebound,
            self.shell.captured(emit),
            _recorded(every_warning) as caught,
        ):
            answer = self._answer(self.objects[handle], method, arguments, keywords)
        if caught:
            answer["warnings"] = wire.Whole(
                [
                    (w.category.__name__, str(w.message), str(w.filename), w.lineno)
                    for w in caught[:MOST_WARNINGS]
                ]
            )
        if news := self._news() | {name: self._describe(name, rebound[name]) for name in rebound}:
            answer["names"] = wire.Bare(news)
        if new := self._new_names():
            answer["new"] = wire.Whole(new)
        return answer

    @contextmanager
    def _renamed(self, deleted: list[str], replaced: dict) -> Iterator[dict]:
        """Give names another meaning within a `with` block; keep what the code assigns to them.

        Gives a dict that holds, at the end, what the code has assigned to the replaced names.
        """
        names = self.shell.user_ns
        rebound: dict[str, object] = {}
        hidden = {name: names[name] for name in (*deleted, *replaced) if name in names}
        for name in deleted:
            names.pop(name, None)
        names.update(replaced)
        try:
            yield rebound
        finally:
            for name, value in replaced.items():
                if names.get(name, MISSING) is not value and name in names:
                    rebound[name] = names[name]
                elif name not in hidden:
                    names.pop(name, None)
            names.update({name: hidden[name] for name in hidden if name not in rebound})

    def _answer(self, target: Any, method: str, arguments: tuple, keywords: dict) -> dict:
        try:
            function = getattr(target, method) if method else target
            result = function(*arguments, **keywords)
            if method == "__contains__":
                result = bool(result)  # as `in` does
            if inspect.iscoroutinefunction(function) or method == "__anext__":
                result = self.loop.run_until_complete(result)
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}
        return {"not implemented": True} if result is NotImplemented else {"result": result}

    def make(self, handle: int, **further: Any) -> dict:
        """Make an instance of a class; the judge gets its handle. further: as for a call."""
        answer = self.call(handle, "", **further)
        if "result" in answer:
            answer["result"] = self.objects.keep(answer["result"])
        return answer

    def seed(self, states: dict) -> dict:
        """Give the global generators of random numbers the states that a test's have."""
        random.setstate(states["python"])
        np.random.set_state(states["numpy"])
        return {}

    def copy(self, handle: int, deep: bool) -> dict:
        """Copy an object."""
        try:
            copied = (copy.deepcopy if deep else copy.copy)(self.objects[handle])
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}
        return {"result": copied}

    def awaited(self, handle: int, **further: Any) -> dict:
        """Wait for the result of an object such as a coroutine. further: as for a call."""
        target = self.objects[handle]

        async def wait() -> object:
            return await target

        waiting = self.objects.keep(wait)
        try:
            return self.call(waiting, "", **further)
        finally:
            self.objects.drop(waiting)

    def operate(self, handle: int, operation: str, arguments: tuple) -> dict:
        """Do what a class's metaclass may allow, such as iterating over an enum."""
        try:
            return {"result": OPERATIONS[operation](self.objects[handle], *arguments)}
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}

    def source(self, handle: int) -> dict:
        """Return the text of a function or a class, "" where there is none."""
        try:
            return {"source": inspect.getsource(self.objects[handle])[: facts.LONGEST_TEXT]}
        except Exception:
            return {"source": ""}

    def attribute(self, handle: int, name: str) -> dict:
        """Read an attribute; a method is only described.

        Of a name such as `__wrapped__`, only what the object itself holds, and no class of its.
        """
        target = self.objects[handle]
        try:
            if name.startswith("__") and name not in getattr(target, "__dict__", ()):
                raise AttributeError(f"{type(target).__name__!r} object has no attribute {name!r}")
            value = getattr(target, name)
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}
        is_value = isinstance(value, type) or not callable(value)
        if is_value or self.proxies.number(value) is not None:
            return {"result": value}
        function = getattr(value, "__func__", value)
        key = id(function), function is value  # of a bound method the first parameter is given
        if key not in self.methods:
            self.methods[key] = function, facts.describe(value)
        return {"method": wire.Whole(self.methods[key][1])}

    def set_attribute(self, handle: int, name: str, value: object) -> dict:
        """Set an attribute."""
        try:
            setattr(self.objects[handle], name, value)
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}
        return {"result": None}

    def delete_attribute(self, handle: int, name: str) -> dict:
        """Delete an attribute."""
        try:
            delattr(self.objects[handle], name)
        except BaseException as error:
            return {"raised": wire.Whole(self._raised(error))}
        return {"result": None}

    def _describe(self, name: str, value: object) -> wire.Bare | wire.Whole:
        """Describe the value of a name: plain data as itself, anything else by a handle."""
        if isinstance(value, ModuleType):
            return wire.Whole({"kind": "stranger", "why": "a module"})
        if self.proxies.number(value) is not None or not callable(value):
            try:
                wire.Writer(self.refer, wire.Objects(), self.classes).write(value)
            except Exception:
                return wire.Whole({"kind": "stranger", "why": _what(value)})
            return wire.Bare({"kind": "value", "value": value})
        if kept.is_library(value):
            return wire.Bare({"kind": "value", "value": value})
        return wire.Whole(self.objects.describe(value, name))

    def _bytes(self, value: object) -> bytes | None:
        """Pack a value, to compare it with itself later; None where it does not cross."""
        writer = wire.Writer(lambda other: {"id": id(other)}, wire.Objects(), self.classes)
        try:
            return writer.message(writer.write(value))
        except Exception:
            return None

    def _raised(self, error: BaseException, depth: int = 0) -> dict:
        hint = self.shell.explain(error)
        message = "".join((message_of(error), f" {hint}" if hint else ""))
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if not frame.filename.startswith(HERE)]
        cause = error.__cause__
        arguments = raised.arguments(error, message, hint)
        further = raised.attributes(error)
        return {
            "type": type(error).__name__,
            "class": self.objects.handle_of(type(error)),
            "shared": self.classes.name_of(type(error)) or "",
            "bases": raised.lineage(type(error)),
            "message": message,
            "arguments": arguments if wire.packed(arguments) else (message,),
            "attributes": further,
            "number": further.pop("raised_by_the_test", None),
            "cause": self._raised(cause, depth + 1) if cause and depth < MOST_CAUSES else None,
            "frames": [(f.filename, f.lineno or 0, f.name, f.line or "") for f in own[-50:]],
        }

    def refer(self, value: object) -> dict:
        """Name a value that does not cross, if the judge may hold a stand-in for it."""
        if (number := self.proxies.number(value)) is not None:
            return {"kind": "own", "number": number}
        return self.objects.describe(value)

    def resolve(self, reference: dict) -> object:
        """Find the object that the judge names."""
        if "callback" in reference:
            return self.proxies.proxy(reference)
        if "library" in reference:
            return libraries.anywhere(*reference["library"])
        if "partial" in reference:
            function, arguments, keywords = reference["partial"]
            return partial(function, *arguments, **keywords)
        if "coroutine" in reference:
            handle, arguments, keywords = reference["coroutine"]
            return self.objects[handle](*arguments, **keywords)
        if "getter" in reference:
            kind, arguments = reference["getter"]
            return kind(*arguments)
        if "shared" in reference:
            return self.classes.find(reference["shared"])
        return self.objects[reference["handle"]]

    def take(self, header: wire.Header, body: bytes) -> None:
        """Do what a message of the judge's asks, and answer."""
        if not header.shared:
            request = cast(dict, wire.unpack(body, header.text_length))
            self.connection.sendall(wire.pack(self._done(request), self.refer))
            return
        if header.shared == wire.FIRST:
            self.exchange = Exchange(self.refer, self.resolve, self.classes)
        self._take(header, body)

    def _take(self, header: wire.Header, body: bytes) -> dict | None:
        """Answer a request of the exchange, or return what is no request."""
        exchange = cast(Exchange, self.exchange)
        with exchange.call() as since:
            try:
                message = exchange.unpack(body, header.text_length)
            except wire.Malformed as error:
                message = {"do": "refuse", "why": str(error)}
            if "do" not in message:
                return message
            named = exchange.named
            self._answer_with(self._done(message), exchange, since, named)
        return None

    def refuse(self, why: str) -> dict:
        """Answer a request that could not be read: say why."""
        return {"cannot arrive": why}

    def _done(self, request: dict) -> dict:
        return getattr(self, request.pop("do"))(**request)

    def _answer_with(
        self, answer: dict, exchange: Exchange, since: int, named: frozenset[int]
    ) -> None:
        """Send an answer, or why it cannot be sent; then the judge begins a new exchange."""
        try:
            data = exchange.pack(answer, since, named)
        except Exception as error:
            why = str(error)
            if not isinstance(error, wire.CannotCross):  # from the value's own code, where it lies
                why = f"a value that is not what it says it is ({type(error).__name__})"
            data = wire.pack({"cannot cross": why})
        if len(data) > self.limit:
            data = wire.pack({"too large": len(data)})
        self.connection.sendall(data)

    def _call_back(self, number: int, arguments: tuple, keywords: dict) -> dict:
        """Call a function of the test's; return the reply. The judge may send requests before."""
        exchange = self.exchange
        if exchange is None or not exchange.is_open:
            raise RuntimeError("a function of a test's is called after the test")
        since = len(exchange)
        given = {"arguments": wire.Bare(arguments), "keywords": wire.Bare(keywords)}
        message = {"call back": number, **given}
        try:
            data = exchange.pack(message)
            if len(data) > self.limit:
                raise wire.CannotCross(f"the arguments are too large: {len(data) / 1e6:.0f} MB")
            self.connection.sendall(data)
            while True:
                if (reply := self._take(*wire.receive(self.connection))) is not None:
                    return reply
        finally:
            exchange.forget(since)


@contextmanager
def _recorded(every_warning: bool) -> Iterator[list[warnings.WarningMessage]]:
    """Record the warnings of a `with` block in place of showing them.

    every_warning: whether to record all of them, or those that the learner's filters let through.
    """
    if every_warning:
        with warnings.catch_warnings(record=True) as everything:
            warnings.simplefilter("always")
            yield everything
        return
    # `catch_warnings` would forget what the learner's code does to the filters meanwhile.
    python = cast(Any, warnings)
    caught: list[warnings.WarningMessage] = []
    show, python._showwarnmsg_impl = python._showwarnmsg_impl, caught.append
    try:
        yield caught
    finally:
        python._showwarnmsg_impl = show


def _leave(value: Any, other: Any) -> None:
    """Have a container among the arguments hold what a call ahead has left in its copy."""
    if isinstance(value, np.ndarray):
        if snapshot(value) == snapshot(other):
            return  # it may be read-only
        value.setflags(write=True)
        if value.size != other.size:
            value.resize(other.shape, refcheck=False)
    assign(value, other)


def _diagnosis(error: BaseException | None) -> str:
    """Return the diagnosis of a check that failed: "error" for other exceptions, "" for none."""
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


def explanation(hints: dict[str, str], error: BaseException) -> str:
    """Say which limit it was that an exception came from. hints: what to say, by limit."""
    if isinstance(error, MemoryError):
        return hints["memory"]
    if isinstance(error, OSError):
        kinds = {errno.ENOSPC: "scratch", errno.EFBIG: "file", errno.EAGAIN: "processes"}
        return hints.get(kinds.get(error.errno or 0, ""), "")
    no_thread = isinstance(error, RuntimeError) and "can't start new thread" in str(error)
    return hints["processes"] if no_thread else ""


def set_limits(limits: dict) -> None:
    """Lower this process's own limits, which nothing in a sandbox can raise again."""
    for name, (soft, hard) in limits.items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit raises OSError


def prepare(options: dict) -> None:
    """Load what every learner needs, before a learner's process is forked."""
    sys.meta_path.insert(0, Withholding(options["withheld"]))
    sys.path[0] = ""  # the working folder, in place of the folder that this package came from
    np.random.seed()  # loads it
    start_shell(partial(explanation, options["hints"]))


def serve(descriptor: int, options: dict) -> NoReturn:
    """Answer the judge until it closes the connection; then end this process."""
    set_limits(options["limits"])
    np.random.seed()  # otherwise all processes forked from one would draw the same numbers
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
            message = wire.receive(connection)
            idle = False
            responder.take(*message)
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
