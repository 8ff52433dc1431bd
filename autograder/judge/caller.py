"""Carries a call from a test cell to the learner's code, and what came of it back.

On the way out the names go along that the test has given another meaning; on the way back come the
result or the exception, and what the call changed: its arguments, the learner's names, the outputs.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from autograder.inside import wire
from autograder.inside.shell import Shell
from autograder.judge import exceptions
from autograder.judge.in_place import copy_into
from autograder.judge.learner_side import LearnerSide
from autograder.judge.learners_names import LearnersNames
from autograder.judge.stand_ins import (
    Instance,
    Iterating,
    Stranger,
    class_,
    function,
    instance,
    refer,
)


class Caller:
    """Sends requests about the learner's objects into the sandbox, for their stand-ins.

    learner: answers them. names: which of the judge's names are the learner's. shell: shows what
    the learner's code shows during a call.
    beside_check: whether the cell at hand has met the learner's code other than by `check`, which
    compares what a function returns and leaves nothing behind.
    returned_empty: whether, in this cell, a function has made an empty array out of a full one.
    """

    def __init__(self, learner: LearnerSide, names: LearnersNames, shell: Shell):
        self.beside_check = self.returned_empty = False
        self._learner, self._names, self._shell = learner, names, shell
        self._classes: dict[tuple[int, int], type] = {}  # stand-ins, by sandbox and handle
        self._listed: list = []  # all names that the sandbox has listed
        self._instances: dict[tuple[int, int], Instance] = {}  # stand-ins, likewise
        self._checking = False
        self._may_be_instances = False  # whether this answer may name instances of classes

    def begin_cell(self) -> None:
        """Bring the learner's names in the judge's namespace up to date."""
        self._listed = self._learner.listed()
        self._watch()
        self.beside_check = self.returned_empty = False

    def _watch(self) -> None:
        """Have the sandbox say what the learner's names mean, from now on whenever that changes.

        The sandbox lists its names, and is told the numbers of some: it learns no other name.
        """
        self._place(self._learner.watch(self._names.numbers(self._listed), self._resolve))

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Count the calls that are made meanwhile as `check`'s."""
        self._checking = True
        try:
            yield
        finally:
            self._checking = False

    def call(
        self,
        request: dict,
        arguments: tuple,
        keywords: dict,
        instances: bool = False,
        ends: bool = False,
    ) -> object:
        """Call one of the learner's objects.

        request: without its arguments. arguments, keywords: plain data or stand-ins; changed in
        place where the learner's code changes its copies.
        instances: whether the result may be an instance of a learner's class. ends: whether
        StopIteration may come: from a step of an iterator.
        Returns plain data or a stand-in. Raises the learner's exception, CannotCross.
        """
        self._may_be_instances = instances
        changes = self._names.rebound()
        if any(changes.values()):
            self.beside_check = True
        answer = self.ask({**request, "arguments": arguments, "keywords": keywords, **changes})
        if "changed" in answer:
            copies, keyword_copies = answer["changed"]
            copy_into([*arguments, *keywords.values()], [*copies, *keyword_copies.values()])
        if "raised" in answer:
            raise self.exception(answer["raised"], ends)
        if "cannot cross" in answer:
            raise wire.CannotCross(
                f"the result is {answer['cannot cross']}. Only plain data reach the checks: "
                "numbers, strings, arrays, and lists, tuples, dicts and sets of them."
            )
        if "too large" in answer:
            size = int(answer["too large"]) / 1e6
            raise wire.CannotCross(f"the result is too large: {size:.0f} MB")
        result = answer.get("result")
        if not self._checking and _is_empty(result):
            given = (*arguments, *keywords.values())
            self.returned_empty |= any(isinstance(each, np.ndarray) and each.size for each in given)
        return NotImplemented if "not implemented" in answer else result

    def ask(self, request: dict) -> dict:
        """Send a request; take over what it changed besides its answer, and return that.

        Raises what `LearnerSide.ask` raises.
        """
        if not self._checking:
            self.beside_check = True
        answer = self._learner.ask(request, self._show, refer, self._resolve)
        if "names" in answer:
            self.beside_check = True
            self._place(answer["names"])
        if isinstance(new := answer.get("new"), list):
            self._listed += new
            if any(map(self._names.may_be, new)):
                self.beside_check = True
                self._watch()
        for category, text, file, line in answer.get("warnings", []):
            kind = exceptions.warning(category)
            warnings.warn_explicit(str(text), kind, f"<learner>{file}", int(line))
        return answer

    def exception(self, description: dict, ends: bool = False) -> BaseException:
        """Make the exception that the learner's code raised. ends: whether it may end a loop."""
        error = exceptions.exception(description, self._class_of(description))
        if ends or not isinstance(error, StopIteration | StopAsyncIteration):
            return error
        text = f"the call raised {type(error).__name__}"
        return RuntimeError(text).with_traceback(error.__traceback__)

    def remember(self, stand_in: Instance) -> None:
        """Keep a stand-in: one object has one."""
        self._instances[self._learner.sandboxes, stand_in.handle] = stand_in

    def _place(self, descriptions: object) -> None:
        """Give the learner's names the meaning that the sandbox describes; {} for none."""
        for name, description in descriptions.items() if isinstance(descriptions, dict) else ():
            if not self._names.may_be(name):
                continue
            if isinstance(description, dict) and description:
                self._names.place(name, self._stand_in(name, description))
            else:
                self._names.remove(name)

    def _stand_in(self, name: str, description: dict) -> object:
        """Make the stand-in for what the sandbox describes."""
        try:
            match description["kind"]:
                case "value":
                    return description["value"]
                case "function":
                    return function(self, description)
                case "class":
                    key = self._learner.sandboxes, description["handle"]
                    if key not in self._classes:
                        self._classes[key] = class_(self, name, description)
                    return self._classes[key]
                case "iterator":
                    return Iterating(self, description["handle"])
            return Stranger(name, str(description["why"]))
        except (KeyError, TypeError, ValueError):  # no program of ours describes it so
            return Stranger(name, "something that the grader does not understand")

    def _resolve(self, reference: dict) -> object:
        """Find or make the stand-in for what an answer names."""
        if "iterator" in reference:
            return Iterating(self, reference["iterator"])
        kind = self._class_of(reference)
        if self._may_be_instances and kind is not None:
            key = self._learner.sandboxes, reference["instance"]
            if key not in self._instances:
                self.remember(instance(kind, reference["instance"]))
            return self._instances[key]
        return Stranger("the result", f"an instance of {kind.__name__ if kind else 'something'}")

    def _class_of(self, description: dict) -> type | None:
        """Find the stand-in for the class that a description names, None where there is none."""
        return self._classes.get((self._learner.sandboxes, description.get("class", 0)))

    def _show(self, output: dict) -> None:
        """Show in the test cell what the learner's code shows during a call."""
        self.beside_check = True
        if output["output_type"] == "stream":
            # Through Python's streams: a test cell may redirect them.
            stream = sys.stderr if output["name"] == "stderr" else sys.stdout
            stream.write(output["text"])
        elif output["output_type"] == "display_data":
            self._shell.emit(output)


def _is_empty(result: object) -> bool:
    """Whether a result is an empty array, or has one among its parts."""
    parts = result if isinstance(result, tuple | list) else [result]
    return any(isinstance(part, np.ndarray) and not part.size for part in parts)
