"""What names code uses and defines: read from its text, without running it."""

import ast
import re
import symtable
from collections.abc import Iterable
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

MAGIC = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*\n")
"""The first line of a cell whose other lines are Python all the same."""

INNER = {
    *("shares_memory", "may_share_memory", "__code__", "__closure__", "__dict__"),
    *("vars", "dir"),
}
"""Names by which code looks into the making of an object."""
NAME = re.compile(r"[^\W\d]\w*")


@lru_cache(512)  # the cells of an assignment are the same for the whole class
def python(source: str) -> str:
    """Turn a cell into Python alone: IPython's commands become calls."""
    source = MAGIC.sub("", source, count=1) if MAGIC.match(source) else source
    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:
        return source


@lru_cache(512)
def parse(source: str) -> ast.Module | None:
    """Parse a cell; None where it is no Python."""
    try:
        return ast.parse(python(source))
    except (SyntaxError, ValueError):
        return None


@lru_cache(512)
def read(source: str) -> frozenset[str]:
    """List the global names that a cell uses."""
    if parse(source) is None:
        return frozenset(NAME.findall(source))
    return frozenset(_globals(_table(source)))


@lru_cache(512)
def used(source: str) -> frozenset[str]:
    """List the global names that a cell uses, also as strings (for `globals()` and the like)."""
    tree, names = parse(source), set(read(source))
    if tree is None:
        return frozenset(names)
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    for text in (value for value in values if isinstance(value, str)):
        if "get_ipython" in names:  # the arguments of IPython's commands may be code
            names |= set(NAME.findall(text))
        elif text.isidentifier():
            names.add(text)
    return frozenset(names)


@lru_cache(512)
def read_in_functions(source: str) -> frozenset[str]:
    """List the global names that the functions and classes of a cell read; none without Python."""
    if parse(source) is None:
        return frozenset()
    return frozenset().union(*map(_globals, _table(source).get_children()))


def _table(source: str) -> symtable.SymbolTable:
    return symtable.symtable(python(source), "cell", "exec")


def _globals(table: symtable.SymbolTable) -> set[str]:
    top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_declared_global() or (symbol.is_referenced() and (top or symbol.is_global()))
    }
    return names.union(*map(_globals, table.get_children()))


def defined(source: str) -> set[str]:
    """List the names that code defines at its top level; imports do not count."""
    tree = parse(source)
    bare = [s for s in tree.body if not isinstance(s, ast.Import | ast.ImportFrom)] if tree else []
    return set().union(*map(bound, bare))


def statements(source: str) -> list[str]:
    """List the statements at the top level of code; none where it could not be parsed."""
    tree = parse(source)
    return [ast.unparse(statement) for statement in tree.body] if tree else []


def imported_modules(source: str) -> set[str]:
    """List the modules that code imports anywhere, each without the modules inside it."""
    return {name.partition(".")[0] for name in imported(source)}


@lru_cache(512)
def imported(source: str) -> frozenset[str]:
    """List the modules that code imports anywhere, by their whole names."""
    names: set[str] = set()
    for node in ast.walk(parse(source) or ast.Module([], [])):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return frozenset(names)


def imports(source: str) -> list[str]:
    """List the import statements at the top level of code."""
    tree = parse(source)
    statements = tree.body if tree else []
    return [ast.unparse(s) for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]


def looks_into(source: str) -> str:
    """Return the first expression by which code looks into an object's making, "" for none.

    That is its memory, its code, or what its class itself defines.
    """
    for node in ast.walk(parse(source) or ast.Module([], [])):
        name = getattr(node, "attr", "") or getattr(node, "id", "")
        of_object = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "object"
        if name in INNER or (of_object and name.startswith("__")):
            return ast.unparse(node)
    return ""


def bound(tree: ast.AST | None) -> set[str]:
    """List the global names that code binds or deletes; none where it could not be parsed.

    Those are what it binds outside of functions, and what functions declare to be global.
    """
    names: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Global):
            names.update(node.names)
    for node in _outside(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            names.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
    return names


def _outside(tree: ast.AST) -> Iterable[ast.AST]:
    """Walk over code without entering functions and classes."""
    yield tree
    if not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        for child in ast.iter_child_nodes(tree):
            yield from _outside(child)


@lru_cache(512)
def needed(source: str) -> frozenset[str]:
    """List the names that a cell takes from other cells."""
    tree = parse(source)
    if tree is None:
        return used(source)
    taken: frozenset[str] = frozenset()
    known: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.For):
            known |= bound(statement.target)
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            loads = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            taken |= {node.id for node in loads if isinstance(node.ctx, ast.Load)} - known
        known |= bound(statement)
    return taken | (used(source) - known)  # functions are called once the cell has bound its names
