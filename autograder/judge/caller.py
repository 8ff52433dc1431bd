"""Carries a call from a test cell to the learner's code, and what came of it back.

A request also names what the test has redefined. The answer brings the result or the exception, and
what the call changed: its arguments, the learner's names, the outputs.
"""

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import numpy as np

from autograder.inside import wire
from autograder.inside.exchange import Exchange
from autograder.inside.records import Classes
from autograder.inside.shell import Shell
from autograder.judge import exceptions
from autograder.judge.ahead import Ahead
from autograder.judge.filters import Filters
from autograder.judge.learner_side import LearnerSide
from autograder.judge.learners_names import LearnersNames
from autograder.judge.own_functions import OwnFunctions
from autograder.judge.patches import Patches
from autograder.judge.randomness import Randomness
from autograder.judge.stand_ins import (
    MOST_PARENTS,
    AsyncIterating,
    Awaiting,
    Generating,
    Instance,
    Iterating,
    Stranger,
    class_,
    function,
    instance,
)

PATCHED = (
    "the test changes {}, and the learner's code, in a process of its own, has that as it was. So "
    "no answer would notice the change"
)
NOT_PLAIN = (
    "the test gets an object of a class of the learner's, and plain data from the instructor's "
    "solution. Such an object could give the test any answer"
)


class Caller:
    """Sends requests about the learner's objects into the sandbox, for their stand-ins.

    learner: answers them. names: which of the judge's names are the learner's. shell: displays the
    outputs of the learner's code during a call. patches: finds what a test has changed in
    libraries, which is an error; None where nobody looks for that.
    filters: those of the judge, for the warnings of calls.
    beside_check: whether the current cell has used the learner's code other than by `check`, which
    compares what a function returns and leaves nothing behind.
    returned_empty: whether a function in this cell has returned an empty array for a full one.
    calls: how often this cell has called the learner's code, and was called back by it.
    refusal: the last error of this cell that says what could not cross; None where all could.
    met_objects: whether this cell has met objects of the learner's, besides the functions and
    classes that the learner's names mean.
    """

    def __init__(
        self,
        learner: LearnerSide,
        names: LearnersNames,
        shell: Shell,
        patches: Patches | None = None,
    ):
        self.beside_check = self.returned_empty = self.met_objects = False
        self._only_plain = False
        self._instances: set[tuple[int, int]] = set()  # by sandbox and handle
        self.calls = 0
        self.refusal: wire.CannotCross | None = None
        self.filters = Filters()
        self._learner, self._names, self._shell = learner, names, shell
        self._patches = patches
        self._stand_ins: dict[tuple[int, int], Any] = {}  # by sandbox and handle
        self._listed: list = []  # all names that the sandbox has listed
        self._checking = False
        self._observed: list[bytes | None] | None = None  # the answers to calls
        self._returned = False  # whether instances in this answer stand in place of other values
        self._classes = Classes(
            names.namespace, names.is_shared_class, self._unknown, suspicious=True
        )
        self._ahead = Ahead(self._classes)
        self._own_functions = OwnFunctions(self._classes, names.modules)
        self._randomness = Randomness()
        self._turn = threading.RLock()  # the threads of a test call one after the other
        self._exchange, self._exchange_of = self._new_exchange(), 0  # with which sandbox

    @property
    def is_busy(self) -> bool:
        """Whether a call is being made."""
        return self._exchange.is_open

    def begin_cell(self, only_plain: bool = False) -> None:
        """Bring the learner's names in the judge's namespace up to date.

        only_plain: whether this cell gets plain data alone from the instructor's solution. Then an
        object of a learner's class, which might answer the cell's questions, is refused.
        """
        self._only_plain = only_plain
        self._listed = self._learner.listed()
        self._watch()
        self.filters.begin_cell()
        self.beside_check = self.returned_empty = self.met_objects = False
        self.calls, self.refusal = 0, None

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Keep in mind what could not cross in a `with` block: the test may catch the error."""
        try:
            yield
        except wire.CannotCross as error:
            self.refusal = error
            raise

    def refuse(self, why: str) -> NoReturn:
        """Refuse what a test does with one of the learner's objects. Raises CannotCross."""
        with self._refusing():
            raise wire.CannotCross(why)

    def _watch(self) -> None:
        """Ask the sandbox what the learner's names mean, and to report later changes.

        The sandbox lists its names, and gets the numbers of some of them: it learns no other name.
        """
        numbers = self._names.numbers(self._listed)
        shared = self._names.shared_numbers(self._listed)
        with self._calling() as exchange:
            descriptions = self._learner.watch(numbers, shared, exchange)
        self._place(descriptions)

    def _new_exchange(self) -> Exchange:
        return Exchange(self._refer, self._resolve, self._classes, suspicious=True)

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Count the calls within a `with` block as made by `check`.

        `check` hands over copies. So its calls need not look for changes in what crossed before.
        """
        self._exchange.abandon()
        self._checking = True
        try:
            yield
        finally:
            self._checking = False

    @contextmanager
    def expecting(self, calls: Iterable[tuple]) -> Iterator[None]:
        """Expect the learner's function to be called with these arguments within a `with` block."""
        self._ahead.expect(calls)
        try:
            yield
        finally:
            self._ahead.forget()

    def skip(self, number: int, answer: bytes | None) -> bool:
        """Pass over an expected call if its answer is known to be this one; see `Ahead.skip`."""
        return self._ahead.skip(number, answer)

    @contextmanager
    def observing(self) -> Iterator[list[bytes | None]]:
        """List the packed answers to all calls within a `with` block.

        It is None for a call that did more than return plain data.
        """
        self._observed = []
        try:
            yield self._observed
        finally:
            self._observed = None

    def call(
        self,
        request: dict,
        arguments: tuple,
        keywords: dict,
        about_instances: bool = False,
        ends: bool = False,
    ) -> object:
        """Call one of the learner's objects.

        request: without its arguments. arguments, keywords: what crosses, stand-ins, or functions
        of the test's; changed in place where the learner's code changes its copies.
        about_instances: whether the test knows that it deals with instances of learners' classes,
        as it does when it hands one over. ends: whether StopIteration may come: from a step of an
        iterator.
        Returns what crosses or a stand-in. Raises the learner's exception, CannotCross.
        """
        if self._patches is not None and (name := self._patches.find()):
            self.refuse(PATCHED.format(name))
        given = (*arguments, *keywords.values())
        about_instances |= any(isinstance(each, Instance) for each in given)
        with _untraced(), self._refusing():
            answer = self._answer(request, arguments, keywords, not about_instances)
        if self._observed is not None:
            self._observed.append(self._ahead.packed_answer(arguments, answer))
        if "raised" in answer:
            raise self.exception(answer["raised"], ends)
        if "cannot cross" in answer:
            self.refuse(f"the result is {answer['cannot cross']}. {wire.WHAT_CROSSES}")
        if "too large" in answer:
            self.refuse(f"the result is too large: {int(answer['too large']) / 1e6:.0f} MB")
        result = answer.get("result")
        if not self._checking and _is_empty(result):
            self.returned_empty |= any(isinstance(each, np.ndarray) and each.size for each in given)
        return NotImplemented if "not implemented" in answer else result

    def _answer(self, request: dict, arguments: tuple, keywords: dict, returned: bool) -> dict:
        """Return the answer to a call. returned: as for `ask`."""
        with self._turn:
            return self._answered(request, arguments, keywords, returned)

    def _answered(self, request: dict, arguments: tuple, keywords: dict, returned: bool) -> dict:
        if states := self._randomness.news():
            self.beside_check = True
            self._ahead.forget()
            self.ask({"do": "seed", "states": wire.Whole(states)})
        changes = self._names.rebound(self._crosses)
        if any(changes.values()):
            self.beside_check = True
            self._ahead.forget()
        request = {**request, "every_warning": self.filters.decide}
        if (answer := self._ahead.answer(request, arguments, keywords, self.ask)) is not None:
            self.filters.give_again(answer.get("warnings", []))
            return answer
        if self._ahead.is_pending:
            request = {**request, "pending": True}
        given_in = {"arguments": wire.Bare(arguments), "keywords": wire.Bare(keywords)}
        renamed = {name: wire.Bare(values) for name, values in changes.items()}
        return self.ask({**request, **given_in, **renamed}, returned)

    def ask(self, request: dict, returned: bool = False) -> dict:
        """Send a request; take over what it changed besides its answer, and return that.

        returned: whether instances in the answer may stand in place of other values.
        Raises what `LearnerSide.ask` raises, and CannotCross.
        """
        if not self._checking:
            self.beside_check = True
        with self._refusing():
            answer = self._asked(request, returned)
        if "cannot arrive" in answer:
            self.refuse(f"the learner's code cannot take over {answer['cannot arrive']}")
        if "names" in answer:
            self.beside_check = True
            self._place(answer["names"])
        if isinstance(new := answer.get("new"), list):
            self._listed += new
            if any(map(self._names.may_be, new)):
                self.beside_check = True
                self._watch()
        self.filters.give_again(answer.get("warnings", []))
        return answer

    def _asked(self, request: dict, returned: bool) -> dict:
        """Send a request; return the answer."""
        self._meet(request.get("handle"))
        with self._turn:
            self.calls += 1
            before, self._returned = self._returned, returned
            try:
                with self._calling() as exchange:
                    return self._learner.ask(request, self._show, exchange, self._call_back)
            finally:
                self._returned = before

    def _meet(self, handle: object) -> None:
        """Note that a request is about an object of a learner's class, if it is; or refuse it."""
        if (self._learner.sandboxes, handle) in self._instances:
            self.met_objects = True
            if self._only_plain:
                self.refuse(NOT_PLAIN)

    @contextmanager
    def _calling(self) -> Iterator[Exchange]:
        """Give the exchange for a call; begin a new one if the other side has none."""
        if not self._exchange.is_open:
            self._own_functions.begin()
            if self._exchange.is_abandoned or self._exchange_of != self._learner.sandboxes:
                self._exchange = self._new_exchange()
                self._exchange_of = self._learner.sandboxes
        exchange = self._exchange
        try:
            with exchange.call():
                yield exchange
        except BaseException:
            exchange.abandon()
            raise

    def _call_back(self, message: dict, since: int) -> bytes:
        """Call a function of the test's as the learner's code asks; return the reply's bytes.

        since: how many containers had crossed before the message.
        """
        self.beside_check = True
        self.calls += 1
        exchange = self._exchange
        named = exchange.named
        reply = self._own_functions.call(message)
        try:
            return exchange.pack(reply, since, named)
        except wire.CannotCross as error:
            return exchange.pack(self._own_functions.refusal(error), since)

    def copy(self, handle: int, deep: bool) -> object:
        """Copy an instance of a learner's class."""
        answer = self.ask({"do": "copy", "handle": handle, "deep": deep})
        if "raised" in answer:
            raise self.exception(answer["raised"])
        return answer["result"]

    def source(self, handle: int) -> str:
        """Return the text of a learner's function, "" where there is none.

        It never raises, because Python also asks for the text to show where an exception came from.
        """
        if not self.is_busy:
            with suppress(Exception, KeyboardInterrupt):
                return str(self.ask({"do": "source", "handle": handle}).get("source", ""))
        return ""

    def exception(self, description: dict, ends: bool = False) -> BaseException:
        """Make the exception that the learner's code raised. ends: whether it may end a loop.

        An exception that a function of the test's raised comes back as the same object.
        """
        error = self._own_functions.raised(description.get("number")) or exceptions.exception(
            description, self._class_of(description), self._classes.find
        )
        if ends or not isinstance(error, StopIteration | StopAsyncIteration):
            return error
        text = f"the call raised {type(error).__name__}"
        return RuntimeError(text).with_traceback(error.__traceback__)

    def instance(self, kind: type[Instance], handle: int) -> Instance:
        """Find or make the stand-in for an instance: each object has exactly one."""
        self.met_objects = True
        key = self._learner.sandboxes, handle
        self._instances.add(key)
        return self._stand_ins.setdefault(key, instance(kind, handle))

    def operate(self, handle: int, operation: str, *arguments: object) -> Any:
        """Do what a class's metaclass may allow, such as iterating over an enum."""
        request = {"do": "operate", "handle": handle, "operation": operation}
        answer = self.ask({**request, "arguments": arguments})
        if "raised" in answer:
            raise self.exception(answer["raised"])
        return answer["result"]

    def _place(self, descriptions: object) -> None:
        """Give the learner's names the meaning that the sandbox describes; {} for none."""
        for name, description in descriptions.items() if isinstance(descriptions, dict) else ():
            if not self._names.may_be(name):
                continue
            if isinstance(description, dict) and description:
                self._names.place(name, self._described(name, description))
            else:
                self._names.remove(name)

    def _described(self, name: str, description: dict) -> object:
        """Make what a name of the learner's stands for, as the sandbox describes it."""
        try:
            if description["kind"] == "value":
                return description["value"]
            if description["kind"] == "stranger":
                return Stranger(name, str(description["why"]))
            return self._stand_in(description, name)
        except (KeyError, TypeError, ValueError):  # our own program never describes it like this
            return Stranger(name, "something that the grader does not understand")

    def _stand_in(self, description: dict, name: str = "", depth: int = 0) -> Any:
        """Find or make the stand-in for what the sandbox describes.

        Raises KeyError, TypeError or ValueError where it describes nothing.
        """
        handle, kind = description["handle"], description["kind"]
        key = self._learner.sandboxes, handle
        if type(handle) is not int or depth > MOST_PARENTS:
            raise wire.Malformed("a description of nothing")
        if key not in self._stand_ins:
            self._stand_ins[key] = self._new_stand_in(kind, description, name, depth)
        return self._stand_ins[key]

    def _new_stand_in(self, kind: str, description: dict, name: str, depth: int) -> Any:
        if kind == "function":
            return function(self, description)
        if kind == "iterator":
            is_generator = description["generator"] is True
            return (Generating if is_generator else Iterating)(self, description["handle"])
        if kind == "async iterator":
            return AsyncIterating(self, description["handle"])
        if kind == "awaitable":
            return Awaiting(self, description["handle"])
        if kind == "class":
            parents = [self._stand_in(each, "", depth + 1) for each in description["parents"]]
            name = name or str(description["name"])
            return class_(self, name, description, tuple(parents), self._classes.find)
        own = self._stand_in(description["class"], "", depth + 1)
        if kind != "instance" or not issubclass(own, Instance):
            return Stranger("the result", f"an instance of {own.__name__}")
        self._instances.add((self._learner.sandboxes, description["handle"]))
        return instance(own, description["handle"], self._returned)

    def _refer(self, value: object) -> dict:
        reference = self._own_functions.refer(value)
        if "handle" not in reference:
            self.beside_check = True
        return reference

    def _resolve(self, reference: dict) -> object:
        """Find or make the stand-in for what an answer names."""
        if reference["kind"] == "own":
            return self._own_functions.own(reference["number"])
        if not self._checking:
            self.beside_check = True
        self.met_objects = True
        return self._stand_in(reference)

    def _unknown(self, name: str) -> object:
        return Stranger("the result", f"an instance of {name.partition(':')[2]}")

    def _crosses(self, value: object) -> bool:
        """Whether a value could be handed over."""
        writer = wire.Writer(self._refer, wire.Objects(), self._classes)
        try:
            writer.write(value)
        except wire.CannotCross:
            return False
        return True

    def _class_of(self, description: dict) -> type | None:
        """Find the class of an exception: the stand-in for it, or one that both sides know."""
        key = self._learner.sandboxes, description.get("class", 0)
        shared = description.get("shared")
        known = self._classes.find(shared) if isinstance(shared, str) and shared else None
        return known or self._stand_ins.get(key)

    def _show(self, output: dict) -> None:
        """Show an output of the learner's code, from a call, in the test cell."""
        self.beside_check = True
        if output["output_type"] == "stream":
            # Through Python's streams: a test cell may redirect them.
            stream = sys.stderr if output["name"] == "stderr" else sys.stdout
            stream.write(output["text"])
        elif output["output_type"] == "display_data":
            self._shell.emit(output)


@contextmanager
def _untraced() -> Iterator[None]:
    """Have nobody trace the functions called within a `with` block.

    A test may trace what is called, as `check` does. It would see only functions of ours, and they
    would take three times as long.
    """
    profiler = sys.getprofile()
    sys.setprofile(None)
    try:
        yield
    finally:
        sys.setprofile(profiler)


def _is_empty(result: object) -> bool:
    """Whether a result is an empty array, or has one among its parts."""
    parts = result if isinstance(result, tuple | list) else [result]
    return any(isinstance(part, np.ndarray) and not part.size for part in parts)
