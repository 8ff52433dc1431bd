"""Reads off a test cell's text whether it depends on the learner through `check` alone.

Such a cell need not run for every learner: its calls of `check` are all that matters (`replay`).
"""

import ast
from collections.abc import Callable, Collection, Iterable

from autograder.judge.names import bound, imported_modules, needed, parse, read, used

HARMLESS = {"numpy", "math", "itertools", "functools", "keras", "tensorflow"}
"""Modules that a recorded cell may import: none measures time, reads printed text or inspects a
function."""
REFLECTIVE = {
    *("eval", "exec", "compile", "globals", "locals", "vars", "dir", "getattr", "hasattr"),
    *("get_ipython", "open", "input", "id", "callable", "isinstance", "type", "repr", "hash"),
    "__import__",
}
"""Names with which a cell may look at the learner's functions in another way."""


def is_alone(
    source: str, others: Iterable[str], learners: Callable[[str], bool], modules: set[str]
) -> bool:
    """Whether a cell depends on the learner through `check` alone, and no other cell depends on it.

    others: the instructor's other cells. learners: whether a name is the learner's. modules: the
    instructor's own.
    """
    tree = parse(source)
    if tree is None:
        return False
    handed_over = {name for name in read(source) if learners(name)}
    if _may_catch(tree, handed_over) or not _only_checked(tree, handed_over):
        return False
    if _uses_what_check_returns(tree):
        return False
    return is_alike(source, (other for other in others if other != source), modules)


def is_alike(source: str, others: Iterable[str], modules: Collection[str] = ()) -> bool:
    """Whether a cell does the same for everybody, and no other cell depends on it.

    It uses none of the learner's names but through `check`. others, modules: as for `is_alone`.
    """
    tree = parse(source)
    if tree is None or not read(source).isdisjoint(REFLECTIVE):
        return False
    if imported_modules(source) - set(modules) - HARMLESS:
        return False
    defined = bound(tree)
    foreign = used(source) - defined
    if any(_owner(node) in foreign for node in ast.walk(tree) if _may_change(node)):
        return False
    return not any(defined & needed(other) for other in others)


def _may_catch(tree: ast.Module, learners: set[str]) -> bool:
    """Whether code may catch what `check` raises, or what the learner's functions raise.

    A context may, unless no name in it leads there: none stands for what raises, or for its users.
    """
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.Try | ast.TryStar) for node in nodes):
        return True
    contexts = [node for node in nodes if isinstance(node, ast.With | ast.AsyncWith)]
    if not contexts:
        return False
    leading = {"check", *learners}
    while new := set[str]().union(*(_passed_to(node, leading) for node in nodes)) - leading:
        leading |= new
    inside = (part for context in contexts for part in context.body)
    handed_on = any(_hands_on(node, leading, tree) for node in nodes)
    return handed_on or any(_mentions(part, leading) for part in inside)


def _mentions(code: ast.AST | None, names: set[str]) -> bool:
    """Whether one of these names occurs in code."""
    inner = ast.walk(code) if code is not None else ()
    return any(isinstance(node, ast.Name) and node.id in names for node in inner)


def _passed_to(node: ast.AST, leading: set[str]) -> set[str]:
    """List the names that stand for what leads to `check`, once this code has run."""
    targets: list[ast.expr]
    value: ast.expr | None
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name} if _mentions(node, leading) else set()
        case ast.ImportFrom():
            return {a.asname for a in node.names if a.asname and a.name in leading}
        case ast.Assign():
            targets, value = node.targets, node.value
        case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
            targets, value = [node.target], node.value
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            targets, value = [node.target], node.iter
        case ast.withitem(optional_vars=ast.expr() as target):
            targets, value = [target], node.context_expr
        case _:
            return set()
    return set[str]().union(*map(bound, targets)) if _mentions(value, leading) else set()


def _hands_on(node: ast.AST, leading: set[str], tree: ast.Module) -> bool:
    """Whether code hands what leads to `check` to others, which may keep it under any name."""
    match node:
        case ast.Call(func=ast.Name(id="check")):
            return False
        case ast.Call():
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            return any(_mentions(each, leading) for each in given)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            decorated = any(_mentions(each, _own(tree)) for each in node.decorator_list)
            return decorated and node.name in leading
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return _mentions(node.value, leading) and any(map(_has_owner, targets))
        case ast.Match():
            return _mentions(node.subject, leading)
    return False


def _has_owner(target: ast.AST) -> bool:
    """Whether something is assigned to a part of something else."""
    return any(isinstance(node, ast.Attribute | ast.Subscript) for node in ast.walk(target))


def _own(tree: ast.Module) -> set[str]:
    """List the names that code defines, those inside functions too, and not by an import."""
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    nodes = list(ast.walk(tree))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {node.name for node in nodes if isinstance(node, definitions)}


def _only_checked(tree: ast.Module, learners: set[str]) -> bool:
    """Whether a cell only hands the learner's functions to `check`."""
    handed_over = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
        if node.func.id == "check"
    }
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in learners)
    return all(id(node) in handed_over for node in named)


def _uses_what_check_returns(tree: ast.Module) -> bool:
    """Whether a cell may do with what `check` returns, such as a share of the points, anything."""
    statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    calls = (node.func for node in statements if isinstance(node, ast.Call))
    dropped = {id(name) for name in calls}
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "check")
    return any(id(node) not in dropped for node in named)


def _may_change(node: ast.AST) -> bool:
    """Whether code may change an object in place.

    It may by `a[0] = 1` or `a.b = 1`, and by a statement that is only a call, as `a.append(1)`.
    """
    if isinstance(node, ast.Attribute | ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    called = node.value if isinstance(node, ast.Expr) else None
    return isinstance(called, ast.Call) and isinstance(called.func, ast.Attribute)


def _owner(node: ast.AST) -> str:
    """Find the name at the beginning of an expression like `a.b[0].c()`, "" where there is none."""
    if isinstance(node, ast.Name):
        return node.id
    inner = getattr(node, "value", None) or getattr(node, "func", None)
    return _owner(inner) if isinstance(inner, ast.AST) else ""
