"""Finds out what a statement of Python reads, binds and changes, without running it."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from symtable import SymbolTable, symtable

NOT_IN_A_TAB = {
    *("asyncio", "ctypes", "curses", "importlib", "multiprocessing", "pkgutil", "pty", "readline"),
    *("resource", "runpy", "select", "socket", "ssl", "subprocess", "termios", "threading"),
    *("tkinter", "turtle", "urllib", "venv", "webbrowser", "http", "concurrent", "signal"),
}
"""Of the standard library: what a browser tab lacks, and what imports modules by their names."""
HERE = {"numpy", "matplotlib", "mpl_toolkits"} | sys.stdlib_module_names - NOT_IN_A_TAB
"""The packages that code may import and do without Keras."""
BEYOND_READING = {
    *("exec", "eval", "compile", "globals", "locals", "vars", "__import__", "import_module"),
    *("get_ipython", "setattr", "delattr", "__dict__", "__builtins__", "modules"),
}
"""What uses one of these names may do anything."""
OUTSIDE = {"open", "input", "breakpoint", "exit", "quit", "display"}
"""Builtins of Python and IPython that need more than Python itself."""
READS_FILES = {"load", "loadtxt", "genfromtxt", "fromfile"}
"""NumPy's functions that read a file, which a browser tab does not have."""
AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}
"""The scopes that run where they stand, as symtable names them."""


@dataclass(frozen=True)
class Statement:
    """A statement and what it does with the names of the page.

    source: its text, which runs by itself.
    tree: the statement parsed; empty if it is not Python.
    reads: names that it needs to have a value; now: all that it reads or may bind itself.
    binds: names that it certainly gives a new value; may_bind: those and others.
    deletes: names that it certainly takes away.
    later: names that its functions read whenever they are called.
    sets_later: names that its functions bind whenever they are called.
    has_code: whether it holds a function, a class or a lambda expression.
    is_foreign: whether it imports more than NumPy, Matplotlib and the standard library.
    is_opaque: whether it may do anything: a magic, an import of `*`, `exec`.
    """

    source: str
    tree: ast.Module
    reads: frozenset[str]
    now: frozenset[str]
    binds: frozenset[str]
    may_bind: frozenset[str]
    deletes: frozenset[str]
    later: frozenset[str]
    sets_later: frozenset[str]
    has_code: bool
    is_foreign: bool
    is_opaque: bool

    def imports_from(self, package: str) -> bool:
        """Whether it imports a package, or a part of it."""
        return any(_package(module) == package for module in _modules(self.tree))


def parse(source: str) -> Iterator[Statement]:
    """List the statements of a block, each import of a name as one of its own.

    A block that is not Python, such as one with a magic, is one statement that may do anything.
    """
    try:
        compile(source, "block", "exec", dont_inherit=True)
    except SyntaxError:
        yield statement(source, ast.Module([], []))
        return
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield statement(*alone(ast.Import([alias])))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield statement(*alone(ast.ImportFrom(node.module, [alias], node.level)))
        else:
            yield statement(text(source, node), ast.Module([node], []))


def alone(node: ast.stmt) -> tuple[str, ast.Module]:
    """Return the text and the tree of a statement that is no part of the source."""
    return ast.unparse(node), ast.Module([ast.fix_missing_locations(node)], [])


def text(source: str, node: ast.stmt) -> str:
    """Return the text of a statement with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    if not decorators:
        return ast.get_source_segment(source, node) or ast.unparse(node)
    lines = source.splitlines()[decorators[0].lineno - 1 : node.end_lineno]
    return "\n".join(lines)


def statement(source: str, tree: ast.Module) -> Statement:
    """Find out what a statement does."""
    table = symtable(ast.unparse(tree), "statement", "exec")
    reads, binds = flow(tree.body)
    now, later = names(table)
    may_bind = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    nodes = list(ast.walk(tree))
    used = {name for node in nodes for name in _names_used(node)}
    packages = {_package(module) for module in _modules(tree)}
    return Statement(
        source,
        tree,
        reads=frozenset(reads),
        now=frozenset(now | may_bind),
        binds=frozenset(binds),
        may_bind=frozenset(may_bind),
        deletes=frozenset(_deleted(tree.body)),
        later=frozenset(later),
        sets_later=frozenset(_declared_global(table)),
        has_code=any(isinstance(node, FUNCTIONS | ast.ClassDef | ast.Lambda) for node in nodes),
        is_foreign=bool(used & (OUTSIDE | READS_FILES)) or not packages <= HERE,
        is_opaque=not tree.body or bool(used & BEYOND_READING) or any(map(_imports_all, nodes)),
    )


FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
LOOPS = ast.For | ast.AsyncFor


def names(table: SymbolTable) -> tuple[set[str], set[str]]:
    """List the names of the page that a scope reads at once, and those that its functions read."""
    everything = table.get_type() in ("module", "class")
    now = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (everything or symbol.is_global())
    }
    later: set[str] = set()
    for child in table.get_children():
        child_now, child_later = names(child)
        at_once = child.get_type() == "class" or child.get_name() in AT_ONCE
        now |= child_now if at_once else set()
        later |= child_later if at_once else child_now | child_later
        later |= child_now if child.get_name() == "genexpr" else set()  # it may be kept
    return now, later


def _declared_global(table: SymbolTable) -> Iterator[str]:
    """List the names of the page that functions bind."""
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_declared_global() and symbol.is_assigned():
                yield symbol.get_name()
        yield from _declared_global(child)


def flow(body: Iterable[ast.stmt]) -> tuple[set[str], set[str]]:
    """List the names that statements read before they bind them, and those that they bind."""
    reads: set[str] = set()
    bound: set[str] = set()
    for node in body:
        its_reads, its_binds = _flow_of_one(node)
        reads |= its_reads - bound
        bound |= its_binds
    return reads, bound


def _flow_of_one(node: ast.stmt) -> tuple[set[str], set[str]]:
    """List the names that a statement reads, and those that it certainly binds."""
    if isinstance(node, LOOPS):
        inside, _ = flow(node.body)
        after, _ = flow(node.orelse)
        # What the target indexes is read, and what it binds is not the page's any more.
        return _read(node.iter) | _read(node.target) | inside - stored(node.target) | after, set()
    if isinstance(node, ast.While):
        return _read(node.test) | flow(node.body)[0] | flow(node.orelse)[0], set()
    if isinstance(node, ast.If):
        (one, binds_one), (other, binds_other) = flow(node.body), flow(node.orelse)
        return _read(node.test) | one | other, binds_one & binds_other
    if isinstance(node, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
        binds = {name for target in targets for name in stored(target)}
        heads = _read(*(item.context_expr for item in node.items), *targets)
        return heads | flow(node.body)[0] - binds, binds
    if isinstance(node, ast.Try | ast.TryStar):
        reads, binds = flow(node.finalbody)
        for handler in node.handlers:
            reads |= (_read(handler.type) if handler.type else set()) | flow(handler.body)[0] - {
                handler.name
            }
        return reads | flow([*node.body, *node.orelse])[0], binds
    if isinstance(node, ast.ClassDef):
        parts = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]
        return _read(*parts) | flow(node.body)[0], {node.name}
    if isinstance(node, ast.Match):
        return names(symtable(ast.unparse(node), "match", "exec"))[0], set()
    reads = _read(node)
    if isinstance(node, ast.AugAssign):
        reads |= stored(node.target)
    return reads, _binds(node)


def _read(*nodes: ast.AST) -> set[str]:
    """List the names of the page that expressions or simple statements read at once."""
    reads: set[str] = set()
    for node in nodes:
        if not isinstance(node, ast.Pass | ast.Break | ast.Continue):
            reads |= names(symtable(ast.unparse(node), "part", "exec"))[0]
            # As a statement of its own, a target is read where it is bound.
            reads -= stored(node) if isinstance(node, ast.expr) else set()
    return reads


def stored(node: ast.AST) -> set[str]:
    """List the names that a target, or a part of it, binds."""
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _binds(node: ast.stmt) -> set[str]:
    """List the names that a simple statement certainly binds."""
    if isinstance(node, FUNCTIONS):
        return {node.name}
    if isinstance(node, ast.Import):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in stored(target)}
    if isinstance(node, ast.AnnAssign):
        return stored(node.target) if node.value else set()
    return stored(node.target) if isinstance(node, ast.AugAssign) else set()


def _deleted(body: list[ast.stmt]) -> Iterator[str]:
    """List the names that `del` takes away."""
    for node in body:
        if isinstance(node, ast.Delete):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _names_used(node: ast.AST) -> list[str]:
    """List the name or the attribute that a node is."""
    if isinstance(node, ast.Name):
        return [node.id]
    # re.compile, plt.setp and the like are harmless: an attribute counts if it is never so.
    counts = BEYOND_READING - {"compile", "vars"} | READS_FILES
    if isinstance(node, ast.Attribute) and node.attr in counts:
        return [node.attr]
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    return []


def _modules(tree: ast.AST) -> Iterator[str]:
    """List the modules that code imports, wherever it does; relative ones begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def _package(module: str) -> str:
    """Name the package that a module belongs to."""
    return module.partition(".")[0]


def _imports_all(node: ast.AST) -> bool:
    """Whether code imports names that it does not give."""
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
