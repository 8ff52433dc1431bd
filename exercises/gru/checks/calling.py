"""Call a learner's function, and turn whatever happens into a sentence for the learner."""

import ast
import contextlib
import inspect
import re
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any

import numpy as np

from .comparing import describe, describe_arguments
from .exceptions import meaning
from .ready_made import CHECKS, FRAMEWORKS, is_learners, libraries_named

BATCH_FIRST = ("x", "dh_all")
"""Arguments with the axes (batch, time, ...), over which learners loop as if time came first."""


class CheckFailed(AssertionError):
    """A check that did not pass: `str(error)` is for the learner, `diagnosis` for statistics.

    `diagnosis` is the name of a mistake, of two mistakes joined by " + ", or of two that cannot be
    told apart joined by " or "; the name of an entry of `exceptions`; or one of "not defined",
    "no function", "not started", "code above the raise", "syntax error", "no return", "raised",
    "interrupted", "framework", "earlier function", "another result each time", "loop over the
    batch", "length of another axis", "axis of length 1", "signature", "warning", "type", "dtype",
    "whole numbers", "shape", "empty", "nan", "arguments changed" and "value"; or "default of" an
    argument that was left out, several of them joined by " + ".

    `calls`: the functions that the learner's function called before it failed. `raised`: whether it
    failed by an exception of its own. `message` is the text before it is broken into lines.
    """

    def __init__(self, diagnosis: str, message: str):
        wrap = textwrap.TextWrapper(width=72, subsequent_indent="  ").fill
        lines = message.splitlines()
        super().__init__("\n".join(line if line[:1] in ("", " ") else wrap(line) for line in lines))
        self.diagnosis, self.message = diagnosis, message
        self.calls: set[str] = set()
        self.raised = False

    def add_calls(self, calls: set[str]) -> None:
        """Say which functions the learner's function called."""
        self.calls |= calls

    def _render_traceback_(self) -> list[str]:
        """Let IPython show only the message: the frames of the checks teach a learner nothing."""
        return [f"{type(self).__name__}: {self}"]


@dataclass
class Called:
    """The outcome of a call. calls: the names of the functions that it went through."""

    result: object = None
    warned: list[str] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    frameworks: set[str] = field(default_factory=set)


def call(
    function: Any,
    name: str,
    arguments: tuple,
    argument_names: Sequence[str] = (),
    expects_none: bool = False,
) -> Called:
    """Call a learner's function; explain it if nothing is returned.

    Nothing reaches stderr, because nbgrader gives no points to a test cell that writes there.
    Raises CheckFailed with the functions through which the call went.
    """
    called = Called()
    try:
        called.result, called.warned = _call(function, name, arguments, argument_names, called)
        if called.result is None and not expects_none:
            raise CheckFailed(
                "no return",
                f"{name} returned None: it ended without a `return`, or what it returns is None.",
            )
    except CheckFailed as error:
        error.add_calls(called.calls)
        raise
    return called


def _call(
    function: Any, name: str, arguments: tuple, argument_names: Sequence[str], called: Called
) -> tuple[object, list[str]]:
    """Call a function, watched for `called`; return its result and the warnings."""
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stderr(sys.stdout),
            _watched(called),
        ):
            warnings.simplefilter("always")
            result = function(*arguments)
    except NotImplementedError as error:
        raise _not_started(error, name) from None
    except KeyboardInterrupt:
        raise CheckFailed(
            "interrupted", f"{name} was stopped before it returned. Does a loop never end?"
        ) from None
    except Exception as error:
        _refuse_frameworks(called, function, name)
        failed = _raised(error, name, arguments, argument_names)
        failed.raised = True
        raise failed from None
    _refuse_frameworks(called, function, name)
    return result, [str(each.message) for each in caught]


def refuse_no_function(function: object, name: str) -> None:
    """Raise CheckFailed if a name stands for something that cannot be called."""
    if callable(function):
        return
    raise CheckFailed(
        "no function",
        f"{name} is {describe(function)}, not a function. A line such as `{name} = ...` has given"
        " the name to something else. Rename that variable, then run the cell with your function"
        " again.",
    )


def refuse_old_definition(name: str) -> None:
    """Raise CheckFailed if the last cell that defines a function ended with a SyntaxError."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    cells = shell.user_ns.get("In", []) if shell is not None else []
    pattern = re.compile(rf"^\s*def {re.escape(name)}\b", re.MULTILINE)
    newest = next((each for each in reversed(cells) if pattern.search(each)), "")
    if newest and (error := _syntax_error(newest, shell.transform_cell)):
        raise CheckFailed(
            "syntax error",
            f"The cell that writes {name} ended with a SyntaxError when it last ran (line"
            f" {error.lineno}: {error.msg}). So Python still has the definition before it. Mend"
            " the cell, run it, then run this check again.",
        )


@lru_cache(16)  # a check asks for each of its draws
def _syntax_error(cell: str, transform: Callable[[str], str]) -> SyntaxError | None:
    """Return the syntax error in the text of a cell. transform: removes IPython's own syntax."""
    try:
        compile(transform(cell), "cell", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError as error:
        return error
    return None


@contextlib.contextmanager
def _watched(called: Called) -> Iterator[None]:
    """Note the functions through which a call goes, and what it calls of the `FRAMEWORKS`.

    If a profiler already watches the code, nothing is noted.
    """
    if sys.getprofile() is not None:
        yield
        return

    def note(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        called.calls.add(frame.f_code.co_name)
        module = str(frame.f_globals.get("__name__", ""))
        package = CHECKS if f"{module}.".startswith(f"{CHECKS}.") else module.partition(".")[0]
        if package in FRAMEWORKS and frame.f_code.co_name != "__del__":
            caller = frame.f_back
            if caller is not None and is_learners(caller.f_code.co_filename):
                called.frameworks.add(package)

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def calls_in_text(function: Callable) -> set[str]:
    """List the functions that a function calls by name, as its text says.

    Where another process runs the learner's code, as in the grader, nothing can be noted.
    """
    tree = _tree(function)
    called = (each.func for each in ast.walk(tree) if isinstance(each, ast.Call)) if tree else ()
    return {each.id for each in called if isinstance(each, ast.Name)}


def _tree(code: Callable | CodeType) -> ast.Module | None:
    """Parse the text of a function; None where none is known that is Python."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(code)))
    except Exception:  # of many kinds, where a file has changed since or a text is made up
        return None


def _refuse_frameworks(called: Called, function: object, name: str) -> None:
    """Raise CheckFailed if a call has used a package that computes what learners write."""
    frameworks = called.frameworks | libraries_named(function)
    if frameworks:
        package = FRAMEWORKS[min(frameworks)]
        raise CheckFailed(
            "framework",
            f"{name} computes with {package}. Write it with NumPy: {package} has ready what you are"
            " asked to write, and is not there when the notebook is graded.",
        )


def _not_started(error: NotImplementedError, name: str) -> CheckFailed:
    """Say which function is not started, or that code stands above a forgotten `raise`."""
    frames = _learners_frames(error)
    where = frames[-1].name if frames else name
    if _has_code_above(error):
        return CheckFailed(
            "code above the raise",
            f"{where} still ends with `raise NotImplementedError`, below what you have written."
            " Delete that line, run the cell, then run this check again.",
        )
    if where in (name, "call"):
        return CheckFailed("not started", f"{name}: not started yet.")
    return CheckFailed("not started", f"{name} calls {where}, which is not started yet.")


def _has_code_above(error: NotImplementedError) -> bool:
    """Whether the function that raised does more than raise, as far as its text is known."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    tree = _tree(trace.tb_frame.f_code)
    function = tree.body[0] if tree and tree.body else None
    statements = [
        each
        for each in getattr(function, "body", [])
        if not isinstance(each, ast.Raise | ast.Pass)
        and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
    ]
    return bool(statements)


def _learners_frames(error: BaseException) -> list[traceback.FrameSummary]:
    frames = traceback.extract_tb(error.__traceback__)
    return [
        each
        for each in frames
        if is_learners(each.filename) and not each.name.startswith(("<listcomp", "<genexpr"))
    ]


def _raised(
    error: Exception, name: str, arguments: tuple, argument_names: Sequence[str]
) -> CheckFailed:
    """Name the function under test and its line that failed, then the place of the error."""
    if hasattr(error, "_render_traceback_"):  # its own message says what happened
        return CheckFailed("raised", f"{name}: {error}")
    lines = [f"{name} raised {type(error).__name__}: {error}"]
    frames = _learners_frames(error)
    if isinstance(error, TypeError) and not frames:
        return CheckFailed(
            "signature",
            f"{name} does not take the arguments that the check hands over: {error}. Its first line"
            " has changed. Copy that line from the original cell.",
        )
    for frame in frames[:1]:
        lines.append(f"  in {frame.name}, line {frame.lineno}: {frame.line}")
    for frame in frames[1:][-3:]:
        lines.append(f"  which led to {frame.name}, line {frame.lineno}: {frame.line}")
    lines.append(f"{name} was given: {describe_arguments(arguments, argument_names)}.")
    inner = _learners_locals(error)
    if len(inner) > 1 and (described := _describe_call(*inner[-1])):
        lines.append(f"{frames[-1].name} was given: {described}.")
    walked = _walked_over_the_batch(inner[0][1], arguments, argument_names) if inner else ""
    if walked:
        return CheckFailed("loop over the batch", "\n".join([*lines, walked]))
    known = meaning(f"{type(error).__name__}: {error}")
    if known:
        return CheckFailed(known.diagnosis, "\n".join([lines[0], known.sentence, *lines[1:]]))
    return CheckFailed("raised", "\n".join(lines))


def _learners_locals(error: BaseException) -> list[tuple[CodeType, dict[str, Any]]]:
    """List the learner's functions that an error went through, each with its local variables.

    There are none if the learner's code runs in another process.
    """
    listed = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        comprehension = code.co_name.startswith(("<listcomp", "<genexpr"))
        if is_learners(code.co_filename) and trace.tb_frame.f_locals and not comprehension:
            listed.append((code, trace.tb_frame.f_locals))
        trace = trace.tb_next
    return listed


def _describe_call(code: CodeType, variables: dict[str, Any]) -> str:
    names = code.co_varnames[: code.co_argcount]
    values = [variables[each] for each in names if each in variables]
    return describe_arguments(values, names) if len(values) == len(names) else ""


def _walked_over_the_batch(
    variables: dict[str, Any], arguments: tuple, argument_names: Sequence[str]
) -> str:
    """Say where a variable holds one sample of a (batch, time, features) array, with all steps."""
    for argument, argument_name in zip(arguments, argument_names):
        if (
            argument_name not in BATCH_FIRST
            or not isinstance(argument, np.ndarray)
            or argument.ndim != 3
        ):
            continue
        for name, value in variables.items():
            if (
                isinstance(value, np.ndarray)
                and value.shape == argument.shape[1:]
                and np.shares_memory(value, argument)
            ):
                return (
                    f"{name} has the shape {value.shape}: it is one sample of {argument_name},"
                    " with all its steps. A loop over an array walks along its first axis, the"
                    " batch. Time is the second one."
                )
    return ""
