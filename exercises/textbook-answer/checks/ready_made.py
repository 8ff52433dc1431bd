"""Which code is the learner's, and whether it computes with a package that has the answers.

A call of a Python function is seen when it happens (`calling`). A function that is compiled, such
as `scipy.special.expit`, leaves no trace of its call, so here the names in a function are looked
up: what they stand for, and what that calls.
"""

import dis
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

NOT_LEARNERS = tuple(
    str(Path(path).resolve())
    for path in (
        Path(np.__file__).parent.parent,
        os.path.dirname(os.__file__),
        Path(__file__).parent,
    )
)
"""Folders of code that is not the learner's: packages, Python itself, the checks."""
LIBRARIES = {
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "torch": "PyTorch",
    "jax": "JAX",
    "scipy": "SciPy",
}
"""Libraries that compute what learners write, with their names in a message."""
CHECKS = __name__.rpartition(".")[0]
FRAMEWORKS = LIBRARIES | {CHECKS: "the package of the checks"}
"""All packages that do. The checks are Python throughout, so a call of theirs is always seen."""
LOOKED_UP = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF")
"""Instructions that look up a name which is not a local variable."""
ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")


def is_learners(filename: str) -> bool:
    """Whether a file is the learner's code: a cell of a notebook, or a file beside it."""
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array_function__"))
    if "ipykernel_" in filename:
        return True
    path = os.path.realpath(filename)
    return path.startswith(os.path.realpath(os.getcwd())) and not path.startswith(NOT_LEARNERS)


def libraries_named(function: object) -> set[str]:
    """Name the `LIBRARIES` that a learner's function uses, or that it comes from itself.

    What the function's names stand for is looked at, and what the learner's functions among that
    use in turn. What a notebook imports and a function does not name is no use of it.
    """
    used: set[str] = set()
    waiting, known = [function], dict[int, object]()
    while waiting:
        value = waiting.pop()
        if id(value) in known:
            continue
        known[id(value)] = value
        homes = _homes(value)
        used |= homes
        if not homes:
            waiting += _inside(value)
    return used


def _homes(value: object) -> set[str]:
    """Name the `LIBRARIES` that a value comes from: by its own module, and by that of its type."""
    if isinstance(value, np.ufunc):
        return _homes_of_a_ufunc(value)
    own = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    modules = str(own), str(type(value).__module__)
    return {each.partition(".")[0] for each in modules} & set(LIBRARIES)


def _homes_of_a_ufunc(ufunc: np.ufunc) -> set[str]:
    """Name the `LIBRARIES` that hold a ufunc, which does not say by itself where it comes from."""
    if getattr(np, ufunc.__name__, None) is ufunc:
        return set()
    return {
        package
        for name, module in list(sys.modules.items())
        if (package := name.partition(".")[0]) in LIBRARIES
        and any(each is ufunc for each in list(getattr(module, "__dict__", {}).values()))
    }


def _inside(value: Any) -> Iterator[object]:
    """List what a value calls when it is called, as far as that is the learner's."""
    if isinstance(value, FunctionType):
        if is_learners(value.__code__.co_filename):
            yield from _named(value)
    elif isinstance(value, partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, MethodType):
        yield value.__func__
    elif isinstance(value, np.vectorize):
        yield value.pyfunc
    elif isinstance(value, type):
        yield from (each for each in vars(value).values() if isinstance(each, FunctionType))
    else:
        yield vars(type(value)).get("__call__")
    if "__wrapped__" in getattr(value, "__dict__", {}):
        yield value.__wrapped__


def _named(function: FunctionType) -> Iterator[object]:
    """List what the names in a function stand for, and the attributes of modules among them."""
    variables = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            variables[name] = cell.cell_contents
        except ValueError:  # nothing is in it yet
            variables.pop(name, None)
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from _named_in(function.__code__, variables)


def _named_in(code: CodeType, variables: dict[str, Any]) -> Iterator[object]:
    """List what is named in a function's code, and in that of the functions within."""
    value = None
    for instruction in dis.get_instructions(code):
        if instruction.opname in LOOKED_UP:
            value = variables.get(instruction.argval)
        elif instruction.opname == "IMPORT_NAME":
            value = sys.modules.get(instruction.argval)
        elif instruction.opname in ATTRIBUTES and isinstance(value, ModuleType):
            value = getattr(value, instruction.argval, None)
        elif instruction.opname != "EXTENDED_ARG":
            value = None
        if value is not None:
            yield value
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named_in(constant, variables)
