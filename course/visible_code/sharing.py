"""Finds out which objects a statement of Python may change in place, and which it passes on."""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

import numpy as np

IN_PLACE = {"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle", "at"}
"""NumPy's functions that change an argument, wherever they are found."""
CHANGES_ITSELF = {"fill", "put", "sort", "resize", "setfield", "setflags", "partition", "byteswap"}
HARMLESS = {*dir(np.ndarray), *dir(str), *dir(tuple), "items", "keys", "values", "get", "numpy"}
HARMLESS -= CHANGES_ITSELF
"""Methods that leave their object as it is."""
VIEWS = {
    *("reshape", "ravel", "squeeze", "transpose", "swapaxes", "view", "diagonal", "T", "flat"),
    *("asarray", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_to", "expand_dims"),
    *("moveaxis", "split", "array_split", "hsplit", "vsplit", "broadcast_arrays", "flip", "rot90"),
    *("items", "keys", "values", "get", "pop", "popitem", "setdefault", "real", "imag"),
}
"""Functions and methods whose result may be a part of what they get."""
SETTERS = ("set", "seed", "use", "rc")
"""How functions begin that change what their module does later."""
STORES = {"append", "appendleft", "extend", "extendleft", "insert", "add", "update", "setdefault"}
"""Methods that make their arguments a part of their object."""
BUILTINS = {
    *("zip", "enumerate", "reversed", "list", "tuple", "dict", "set", "frozenset", "iter", "next"),
    *("sorted", "map", "filter", "min", "max", "getattr"),
}
"""Python's own functions whose result may hold, or be, a part of what they get."""
FACTS = {"shape", "ndim", "size", "dtype"}
"""Attributes that are no part of an object."""

Callee = Literal["builtin", "module", "library", "page"]
"""What a name is: Python's own, imported, an object from a library, or what the page defines."""
Classify = Callable[[str], Callee]


def roots(node: ast.AST | None, callee: Classify) -> set[str]:
    """List the names whose objects an expression's value may be, or be a part of, or hold."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Call):
        return _roots_of_call(node, callee)
    if isinstance(node, ast.Attribute) and node.attr in FACTS:
        return set()
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.NamedExpr | ast.keyword):
        parts = [node.value]
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        parts = [*node.elts]
    elif isinstance(node, ast.Dict | ast.BoolOp):
        parts = [*node.values]
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        parts = [node.elt, *(generator.iter for generator in node.generators)]
    elif isinstance(node, ast.DictComp):
        parts = [node.value, *(generator.iter for generator in node.generators)]
    return {name for part in parts for name in roots(part, callee)}


def _roots_of_call(node: ast.Call, callee: Classify) -> set[str]:
    """List the names whose objects a call may return, or a part of them."""
    arguments = [*node.args, *node.keywords]
    name = name_called(node)
    kind = callee(name)
    own = roots(node.func, callee)
    passed = {root for argument in arguments for root in roots(argument, callee)}
    if kind == "page" or (kind == "builtin" and name in BUILTINS):
        return own | passed
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in VIEWS:
        return set()
    return passed if kind == "module" else own


def name_called(node: ast.Call) -> str:
    """Name the root of what is called, "" if it has none: `np` for `np.linalg.norm(x)`."""
    function: ast.AST = node.func
    while isinstance(function, ast.Attribute | ast.Subscript | ast.Call):
        function = function.func if isinstance(function, ast.Call) else function.value
    return function.id if isinstance(function, ast.Name) else ""


def _called(node: ast.Call) -> str:
    """Give the name of the function or method that is called, "" if it has none."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def changed(tree: ast.AST, callee: Classify) -> set[str]:
    """List the names whose objects code may change in place."""
    return {name for node in _changing(tree) for name in _changed_by(node, callee)}


@lru_cache(maxsize=1024)
def _changing(tree: ast.AST) -> list[ast.AST]:
    """List the parts of code that may change an object; a page asks for them again and again."""
    kinds = ast.Subscript | ast.Attribute | ast.AugAssign | ast.Call
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def _changed_by(node: ast.AST, callee: Classify) -> set[str]:
    """List the names whose objects one part of code may change, without its parts."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return roots(node, callee)
    if isinstance(node, ast.AugAssign):
        return roots(node.target, callee)
    if not isinstance(node, ast.Call):
        return set()
    kind, arguments = callee(name_called(node)), [*node.args, *node.keywords]
    name = _called(node)
    names = set()
    if (
        kind == "page"
        or name in IN_PLACE | {"next"}
        or any(keyword.arg == "out" for keyword in node.keywords)
    ):
        names |= {root for argument in arguments for root in roots(argument, callee)}
    if isinstance(node.func, ast.Attribute):
        if kind == "module":
            names |= {name_called(node)} if name.startswith(SETTERS) else set()
        elif kind == "page" or name not in HARMLESS:
            names |= roots(node.func.value, callee)
    return names


def shared(tree: ast.AST, callee: Classify) -> Iterator[tuple[set[str], set[str]]]:
    """List pairs of names that may have objects in common once the code has run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield roots(target, callee), roots(node.value, callee)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            yield roots(node.target, callee), roots(node.value, callee)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield roots(node.target, callee), roots(node.iter, callee)
        elif isinstance(node, ast.withitem) and node.optional_vars:
            yield roots(node.optional_vars, callee), roots(node.context_expr, callee)
        elif isinstance(node, ast.Call) and _called(node) in STORES:
            for argument in [*node.args, *node.keywords]:
                yield roots(node.func, callee), roots(argument, callee)
