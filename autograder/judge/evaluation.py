"""Keeps text of the learner's from running as code in the judge, which no wall surrounds.

A test may hand such text to `eval`, or to a library that does: doctest, `typing.get_type_hints`,
`functools.singledispatch`, pickle, sqlite3. Its own text, and what libraries write themselves, runs
as ever.
"""

import __future__

import ast
import builtins
import functools
import importlib
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import CodeType, FrameType
from typing import Any, NoReturn
from unittest.mock import patch

from autograder.judge.lines import CELL
from autograder.sandbox.heard import Heard

EVALUATED = (
    "the test would run text of the learner's as code. That is safe in the learner's process alone"
)
MACHINERY = ("importlib", "IPython")
"""Packages that compile files and cells."""
OF_ANNOTATIONS = {"typing", "inspect"}
"""Modules that evaluate annotations."""
IN_ANNOTATIONS = (
    *(ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Constant),
    *(ast.BinOp, ast.BitOr, ast.expr_context),
)
"""What an annotation may hold. Nothing of it calls anything."""
PICKLED = {
    *("builtins", "collections", "datetime", "decimal", "fractions", "uuid", "pathlib", "copyreg"),
    *("enum", "array", "numpy", "pandas", "__main__"),
}
"""Packages of classes whose objects may be unpickled."""
MAKERS = ("_reconstruct", "_frombuffer", "scalar", "_unpickle", "__pyx_unpickle", "_new_Index")
"""How functions begin with which copyreg, NumPy and pandas make objects."""
FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
"""Flags of code that `compile` passes on."""

REPLACED = {("builtins", name) for name in ("compile", "eval", "exec")} | {("sqlite3", "connect")}
"""What is replaced while a cell runs, by module and name."""

_compile, _eval, _exec = builtins.compile, builtins.eval, builtins.exec
_sqlite_connect = sqlite3.connect
_guards: list["_Guard"] = []  # the one of this notebook, for the hook, which cannot be removed
_hooked: list[bool] = []


@contextmanager
def guarded(
    heard: Callable[[], list[Heard]],
    own: Callable[[], Collection[str]],
    modules: Collection[str],
    refuse: Callable[[str], NoReturn],
) -> Iterator[None]:
    """Run no text of the learner's as code within a `with` block.

    heard: lists what sandboxes have sent. own: lists the instructor's texts. modules: the
    instructor's, without the modules inside them. refuse: raises an error.
    """
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    guard = _Guard(heard, own, modules, refuse)
    with ExitStack() as stack:
        for python, guards in (_compile, guard.compile), (_eval, guard.eval), (_exec, guard.exec):
            function = _looking_like(python, guards)
            stack.enter_context(patch.object(builtins, python.__name__, function))
        stack.enter_context(patch.object(sqlite3, "connect", _connect))
        stack.callback(_guards.clear)
        _guards[:] = [guard]
        yield


@contextmanager
def unguarded() -> Iterator[None]:
    """Have Python's own functions within a `with` block: for code that runs no learner's text."""
    kept = _guards[:]
    with ExitStack() as stack:
        for own in (_compile, _eval, _exec):
            stack.enter_context(patch.object(builtins, own.__name__, own))
        stack.callback(_guards.extend, kept)
        _guards.clear()
        yield


def _looking_like(own: Callable, instead: Callable) -> Callable:
    """Make a function that looks like Python's own, and tells another one who calls it."""

    @functools.wraps(own)
    def function(*arguments: Any, **options: Any) -> Any:
        return instead(sys._getframe(1), *arguments, **options)

    return function


def _hook(event: str, arguments: tuple) -> None:
    """Watch what cannot be replaced: pickle's C code."""
    if _guards and event == "pickle.find_class":
        _guards[-1].unpickle(*arguments)


def _connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """Connect to a database. SQL of the learner's writes no file, by ATTACH or VACUUM INTO."""
    connection = _sqlite_connect(*arguments, **options)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    return connection


class _Guard:
    """Stands in front of Python's own `compile`, `eval` and `exec`."""

    def __init__(
        self,
        heard: Callable[[], list[Heard]],
        own: Callable[[], Collection[str]],
        modules: Collection[str],
        refuse: Callable[[str], NoReturn],
    ):
        self._heard, self._own, self._refuse = heard, own, refuse
        self._pickled = PICKLED | set(modules)
        self._has_parsed = False  # text of the learner's, into a tree

    def compile(self, caller: FrameType, source: Any, *arguments: Any, **options: Any) -> Any:
        """Compile text that is not the learner's; or only parse it."""
        flags = options.pop("flags", arguments[2] if len(arguments) > 2 else 0)
        if flags & ast.PyCF_ONLY_AST:
            self._has_parsed |= self._is_foreign(source, caller)
        elif self._is_foreign(source, caller):
            self._refuse(EVALUATED)
        if not options.pop("dont_inherit", len(arguments) > 3 and arguments[3]):
            flags |= caller.f_code.co_flags & FUTURE
        given = {"filename": arguments[0]} if arguments else {}
        given |= {"mode": arguments[1]} if len(arguments) > 1 else {}
        given |= {"optimize": arguments[4]} if len(arguments) > 4 else {}
        return _compile(source, flags=flags, dont_inherit=True, **given, **options)

    def eval(
        self, caller: FrameType, source: Any, globals: Any = None, locals: Any = None, /
    ) -> Any:
        """Evaluate what is not the learner's, where it was called."""
        return self._run(_eval, source, globals, locals, caller)

    def exec(
        self,
        caller: FrameType,
        source: Any,
        globals: Any = None,
        locals: Any = None,
        /,
        **options: Any,
    ) -> None:
        """Execute what is not the learner's, where it was called."""
        self._run(_exec, source, globals, locals, caller, **options)

    def _run(
        self, run: Callable, source: Any, space: Any, local: Any, caller: FrameType, **options: Any
    ) -> Any:
        if self._is_foreign(source, caller):
            self._refuse(EVALUATED)
        if space is None:
            space = caller.f_globals
            local = caller.f_locals if local is None else local
        return run(source, space, local, **options)

    def unpickle(self, module: str, name: str) -> None:
        """Let pickle find classes of harmless packages alone, once the learner has sent bytes."""
        if not any(each.holds_pickled_data() for each in self._heard()):
            return
        if module.partition(".")[0] not in self._pickled or not _makes_an_object(module, name):
            self._refuse(f"{EVALUATED}: it would unpickle {module}.{name}")

    def _is_foreign(self, source: Any, caller: FrameType) -> bool:
        """Whether code has its text from the learner: all of it, or a part where a test wrote it.

        A library writes code around names, and may well use a learner's word by chance.
        """
        module = str(caller.f_globals.get("__name__", ""))
        if isinstance(source, CodeType) or module.partition(".")[0] in MACHINERY:
            return False
        if isinstance(source, ast.AST):  # codeop compiles cells for IPython
            return self._has_parsed and module != "codeop"
        text = source if isinstance(source, str) else bytes(source).decode(errors="replace")
        text = text.strip()
        if not text or (module in OF_ANNOTATIONS and _is_annotation(text)):
            return False
        for heard in self._heard():
            heard.read()
        parts = [each.strip() for heard in self._heard() for each in heard.texts]
        if text in parts:
            return True
        if any(text in each for each in self._own()):
            return False
        by_cell = caller.f_code.co_filename.startswith(CELL)
        return self._came(text) or (by_cell and any(part and part in text for part in parts))

    def _came(self, text: str) -> bool:
        """Whether a text may have come from the sandbox as it is, also in pieces."""
        return any(
            not heard.is_whole or heard.holds(text) or text in "".join(heard.texts)
            for heard in self._heard()
        )


def _makes_an_object(module: str, name: str) -> bool:
    """Whether a name stands for a class, or for a function with which objects are made."""
    with suppress(ImportError):
        importlib.import_module(module)
    outer = getattr(sys.modules.get(module), name.partition(".")[0], None)
    return isinstance(outer, type) or name.startswith(MAKERS)


def _is_annotation(text: str) -> bool:
    """Whether a text is an annotation, and calls nothing."""
    try:
        tree = _compile(text, "", "eval", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(node, IN_ANNOTATIONS) for node in ast.walk(tree))
