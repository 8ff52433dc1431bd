"""What names code uses and defines: read from its text, without running it."""

import ast
import re
import symtable
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(512)  # the cells of an assignment are the same for the whole class
def parse(source: str) -> ast.Module | None:
    """Parse a cell; None where it is more than Python, or less."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


@lru_cache(512)
def used(source: str) -> frozenset[str]:
    """List the global names that a cell uses, also as strings (for `globals()` and the like)."""
    source = re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", source)  # magic commands
    tree = parse(source)
    if tree is None:
        return frozenset(re.findall(r"[^\W\d]\w*", source))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    names = {text for text in texts if isinstance(text, str) and text.isidentifier()}
    return frozenset(names | _globals(symtable.symtable(source, "cell", "exec")))


def _globals(table: symtable.SymbolTable) -> set[str]:
    top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
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
    names: set[str] = set()
    for node in ast.walk(parse(source) or ast.Module([], [])):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
    return names


def imports(source: str) -> list[str]:
    """List the import statements at the top level of code."""
    tree = parse(source)
    statements = tree.body if tree else []
    return [ast.unparse(s) for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]


def bound(tree: ast.AST | None) -> set[str]:
    """List the names that code binds outside of functions; none where it could not be parsed."""
    names = set()
    for node in _outside(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
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
