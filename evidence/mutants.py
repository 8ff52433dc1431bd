"""Mutants of a function: its source with one small mechanical change, of each kind at each place.

Cosmic Ray, mutmut and mutatest change operators and constants in the files of a test suite; none of
them exchanges names, axes, indices, terms or arguments, so the changes are written here.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

Statement = TypeVar("Statement", bound=ast.stmt)

NUMBERS = (
    "-({})",
    "0 * ({})",
    "2 * ({})",
    "({}) / 2",
    "({}) ** 2",
    "({}) + 1",
    "({}) - 1",
    "1 - ({})",
    "abs({})",
    "np.clip({}, -1, 1)",
    "np.tanh({})",
    "np.float16({})",
    "np.mean({}, axis=0)",
)
SHAPES = (
    "({}).T",
    "np.swapaxes({}, -2, -1)",
    "({})[::-1]",
    "({})[1:]",
    "({})[:-1]",
    "({})[0]",
    "np.squeeze({})",
)
REVERSED = ("list({})[::-1]",)
TRUTHS = ("not ({})", "True", "False")
"""Changes that turn a value into another number, shape or order, and a condition into another."""

SHAPE_OF = ("shape", "size", "len", "zeros_like", "ones_like")
"""Attributes and functions that use only a value's shape: other numbers make no difference."""

ARITHMETIC = ("+", "-", "*", "/", "//", "**", "@")
IN_PLACE = {"+": "__iadd__", "-": "__isub__", "*": "__imul__", "/": "__itruediv__"}
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
AXES = ("0", "1", "2", "-1", "None")

FAMILIES = (
    ("tanh", "exp", "sin", "cosh", "arctan"),
    ("stack", "concatenate", "array", "vstack", "hstack"),
    ("sum", "mean", "max", "min", "prod"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("sqrt", "cbrt", "square", "exp"),
    ("range", "reversed", "list"),
)
"""Functions and methods that are mistaken for each other, without `np.`."""

NO_VALUE = (ast.Slice, ast.arguments, ast.Tuple, ast.List, ast.GeneratorExp, ast.Starred)
"""Expressions that are no single value."""


@dataclass(frozen=True)
class Mutant:
    """A function with one change. `name` says which; lines count from `def`, without docstring."""

    name: str
    source: str


@lru_cache(maxsize=1)
def mutants(source: str) -> list[Mutant]:
    """List all mutants of a source; no two have the same code, and none has the source's."""
    tree = without_docstrings(source)
    words = Words(
        names=sorted({name for node in ast.walk(tree) for name in bound(node)} - {"_"}),
        functions=sorted({name for node in ast.walk(tree) for name in called(node)}),
        strings=sorted({text for node in ast.walk(tree) for text in spelled(node)}),
    )
    sources = {ast.unparse(tree)}
    names: Counter[str] = Counter()
    listed = []
    for place in list(places(tree)):
        for name, changed in changes(place, words):
            with_change = place.source(tree, changed)
            if with_change in sources or not parses(with_change):
                continue
            sources.add(with_change)
            names[name] += 1
            listed.append(Mutant(name + f" ({names[name]})" * (names[name] > 1), with_change))
    return listed


@dataclass(frozen=True)
class Words:
    """The names in a source: its arguments and variables, the functions it calls, its strings."""

    names: list[str]
    functions: list[str]
    strings: list[str]


@dataclass(frozen=True)
class Place:
    """A part of a tree: `holder[key]`, where the holder is a list or the attributes of a node.

    owner: the node to which it belongs. line: where it stands.
    """

    owner: ast.AST
    holder: list | dict
    key: int | str
    line: int

    @property
    def part(self) -> ast.AST | list[ast.stmt]:
        """What stands at the place."""
        return self.holder[self.key]

    def source(self, tree: ast.AST, changed: ast.AST | list[ast.stmt]) -> str:
        """Return the tree's source with `changed` at this place; the tree stays as it is."""
        kept = self.part
        self.holder[self.key] = changed
        try:
            return ast.unparse(tree)
        finally:
            self.holder[self.key] = kept


def without_docstrings(source: str) -> ast.Module:
    """Parse a source without its docstrings and comments, every statement on one line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.parse(ast.unparse(tree))


def bound(node: ast.AST) -> Iterator[str]:
    """List the variable or argument that a node binds, if it does."""
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def called(node: ast.AST) -> Iterator[str]:
    """List the function that a node calls by its bare name, if it does."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id


def spelled(node: ast.AST) -> Iterator[str]:
    """List the string that a node is, if it is one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def places(tree: ast.AST, line: int = 0) -> Iterator[Place]:
    """List the places of a tree in the order of the text: expressions, arguments and bodies.

    A function's name is no place of its own: it changes with its call.
    """
    line = getattr(tree, "lineno", line)
    for field, value in ast.iter_fields(tree):
        if isinstance(value, list):
            if field in ("body", "orelse") and value and not isinstance(tree, ast.Module):
                yield Place(tree, vars(tree), field, value[0].lineno)
            for k, item in enumerate(value):
                if isinstance(item, ast.expr):
                    yield Place(tree, value, k, item.lineno)
                if isinstance(item, ast.AST):
                    yield from places(item, line)
        elif isinstance(value, ast.AST):
            if isinstance(value, ast.expr | ast.arguments) and field != "func":
                yield Place(tree, vars(tree), field, getattr(value, "lineno", line))
            yield from places(value, line)


def changes(place: Place, words: Words) -> Iterator[tuple[str, ast.AST | list[ast.stmt]]]:
    """List the changes at a place: what each does, and what then stands there."""
    part = place.part
    if isinstance(part, list):
        for statement, how, statements in arrangements(part):
            text = ast.unparse(statement).splitlines()[0]
            yield f"line {statement.lineno}: `{text}` {how}", statements
        return
    old = ast.unparse(part)
    for text in (*around(place, words), *(text for kind in KINDS for text in kind(part, words))):
        changed = parsed(text, part)
        if changed is not None:
            yield f"line {place.line}: `{ast.unparse(changed)}` for `{old}`", changed


def parsed(text: str, part: ast.AST) -> ast.AST | None:
    """Parse what replaces a part of a tree; None where it is no such part."""
    try:
        if isinstance(part, ast.arguments):
            return ast.parse(f"lambda {text}: 0", mode="eval").body.args
        return ast.parse(f"({text})", mode="eval").body
    except SyntaxError:
        return None


def around(place: Place, words: Words) -> Iterator[str]:
    """List changes to the value at a place, if it is a single value that depends on a variable."""
    node = place.part
    if isinstance(node, list):
        return
    used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    is_value = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if is_value and not isinstance(node, NO_VALUE) and used & set(words.names):
        yield from (template.format(ast.unparse(node)) for template in templates(place))


def templates(place: Place) -> Iterable[str]:
    """Choose the changes that make a difference to the value at a place."""
    owner = place.owner
    if isinstance(owner, ast.Expr):
        return ()
    if place.key == "test":
        return TRUTHS
    if place.key == "iter":
        return (*NUMBERS, *SHAPES, *REVERSED)
    asked = owner.func if isinstance(owner, ast.Call) else owner
    name = getattr(asked, "attr", getattr(asked, "id", ""))
    if name == "dtype":
        return ()
    return SHAPES if name in SHAPE_OF else (*NUMBERS, *SHAPES)


# The kinds of change to an expression. Each gives the texts that may stand in its place.


def arithmetic(node: ast.AST, words: Words) -> Iterator[str]:
    """Another operator, the operands the other way round, one of them alone, or in place."""
    if isinstance(node, ast.BinOp):
        left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
        own = operator(node)
        yield from (f"{left} {other} {right}" for other in ARITHMETIC if other != own)
        yield from (left, right)
        if own not in ("+", "*"):
            yield f"{right} {own} {left}"
        if own in IN_PLACE:
            yield f"{left}.{IN_PLACE[own]}({right})"
    elif isinstance(node, ast.UnaryOp):
        yield ast.unparse(node.operand)


def operator(node: ast.BinOp) -> str:
    """Return the sign of an operation, such as `+`."""
    bare = ast.BinOp(ast.Name("a"), node.op, ast.Name("b"))
    return ast.unparse(bare)[1:-1].strip()


def names(node: ast.AST, words: Words) -> Iterator[str]:
    """Another variable or argument of the function."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in words.names:
        yield from words.names


def calls(node: ast.AST, words: Words) -> Iterator[str]:
    """Another function, and arguments that are missing, in another order or alone."""
    if not isinstance(node, ast.Call):
        return
    function = ast.unparse(node.func)
    positional = [ast.unparse(each) for each in node.args]
    keywords = [ast.unparse(each) for each in node.keywords]
    arguments = positional + keywords
    others = (*relatives(function), *words.functions)
    yield from (f"{other}({', '.join(arguments)})" for other in others)
    yield from (f"{function}({', '.join(some)})" for some in without_one(arguments))
    yield from (f"{function}({', '.join(o + keywords)})" for o in pairs_swapped(positional))
    for keyword in keywords:
        if keyword.startswith("axis="):
            fixed = [each for each in arguments if each != keyword]
            yield from (f"{function}({', '.join([*fixed, f'axis={axis}'])})" for axis in AXES)
    yield from positional
    if isinstance(node.func, ast.Attribute):
        yield ast.unparse(node.func.value)


def relatives(function: str) -> Iterator[str]:
    """Functions that may be mistaken for a function."""
    prefix, dot, name = function.rpartition(".")
    for family in FAMILIES:
        if name in family:
            yield from (prefix + dot + other for other in family if other != name)
    yield from {"sigmoid": ["np.tanh", "np.exp"], "np.tanh": ["sigmoid"]}.get(function, [])


def loops(node: ast.AST, words: Words) -> Iterator[str]:
    """A range that begins later, or runs backwards."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and len(node.args) == 1:
        end = ast.unparse(node.args[0])
        yield from (f"range(1, {end})", f"range(1, {end} + 1)", f"reversed(range({end}))")


def indices(node: ast.AST, words: Words) -> Iterator[str]:
    """Other indices and bounds; an index that is missing, or at another axis."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)):
        return
    array = ast.unparse(node.value)
    given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [ast.unparse(each) for each in given]
    yield array
    others: list[list[str]] = [*without_one(texts), *pairs_swapped(texts), [*texts, "None"]]
    for k, index in enumerate(given):
        others += [[*texts[:k], other, *texts[k + 1 :]] for other in other_indices(index)]
    yield from (f"{array}[{', '.join(other)}]" for other in others if other)


def other_indices(index: ast.expr) -> Iterator[str]:
    """What may stand for one index, or for one slice."""
    yield from (":", "::-1", "0", "1", "-1", "1:", ":-1", ":1")
    if isinstance(index, ast.Slice):
        low, high = (ast.unparse(each) if each else "" for each in (index.lower, index.upper))
        yield from (f"{low}:", f":{high}", f"{high}:{low}", f"{low}:{high}:-1")
        yield from (f"{low} {step} 1:{high}" for step in "+-" if low)
        yield from (f"{low}:{high} {step} 1" for step in "+-" if high)
    elif ast.unparse(index) != "np.newaxis":
        text = ast.unparse(index)
        yield from (f":{text}", f"{text}:")
        if not isinstance(index, ast.Constant):
            yield from (f"{text} + 1", f"{text} - 1")


def constants(node: ast.AST, words: Words) -> Iterator[str]:
    """Another number near it, another string, a flag turned over."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, str):
        yield from map(repr, words.strings)
        yield from map(repr, other_letters(value))
    elif isinstance(value, bool):
        yield from (repr(not value), "None")
    elif isinstance(value, int | float):
        others = (0, 1, 2, value + 1, value - 1, -value, value / 2)
        yield from (repr(other) for other in others if other != value)
    elif value is None:
        yield from ("0", "1", "False", "True")


def other_letters(subscripts: str) -> Iterator[str]:
    """For einsum's subscripts: each letter exchanged for each other one, one place at a time."""
    if "->" in subscripts:
        letters = sorted(set(filter(str.isalpha, subscripts)))
        for k, letter in enumerate(subscripts):
            if letter in letters:
                yield subscripts[:k] + subscripts[k + 1 :]
                yield from (subscripts[:k] + other + subscripts[k + 1 :] for other in letters)


def truths(node: ast.AST, words: Words) -> Iterator[str]:
    """A condition turned over, or one branch always: for a condition alone."""
    yield from (f"not ({ast.unparse(node)})", "True", "False")


def conditions(node: ast.AST, words: Words) -> Iterator[str]:
    """Another comparison, or the branches of a choice exchanged."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        signs = ("is", "is not") if isinstance(node.ops[0], ast.Is | ast.IsNot) else COMPARISONS
        yield from (f"{left} {sign} {right}" for sign in signs)
    elif isinstance(node, ast.IfExp):
        test, body, other = map(ast.unparse, (node.test, node.body, node.orelse))
        yield f"{other} if {test} else {body}"


def elements(node: ast.AST, words: Words) -> Iterator[str]:
    """Elements of a tuple or a list, also on the left of `=`, swapped, missing or not unpacked."""
    if isinstance(node, ast.Tuple | ast.List):
        texts = [ast.unparse(each) for each in node.elts]
        one_less = without_one(texts)
        for some in [*pairs_swapped(texts), *one_less]:
            yield f"({''.join(text + ', ' for text in some)})"
    elif isinstance(node, ast.Starred):
        yield ast.unparse(node.value)


def parameters(node: ast.AST, words: Words) -> Iterator[str]:
    """Two neighbours of a function's arguments exchanged, or fewer arguments with a default."""
    if isinstance(node, ast.arguments):
        bare = [each.arg for each in node.args]
        required = len(bare) - len(node.defaults)
        defaults = [f"={ast.unparse(each)}" for each in node.defaults]
        texts = [name + default for name, default in zip(bare, [""] * required + defaults)]
        for k in range(len(texts) - 1):
            yield ", ".join([*texts[:k], texts[k + 1], texts[k], *texts[k + 2 :]])
        for k in range(required + 1, len(bare) + 1):
            yield ", ".join([*bare[:k], *texts[k:]])


KINDS: tuple[Callable[[ast.AST, Words], Iterable[str]], ...] = (
    arithmetic,
    names,
    constants,
    calls,
    loops,
    indices,
    conditions,
    elements,
    parameters,
)


def without_one(texts: list[str]) -> list[list[str]]:
    """List the texts with one of them left out, each in turn."""
    return [[*texts[:k], *texts[k + 1 :]] for k in range(len(texts))]


def pairs_swapped(texts: list[str]) -> list[list[str]]:
    """List the texts with two of them exchanged, each pair in turn."""
    swapped = []
    for i, j in combinations(range(len(texts)), 2):
        order = list(texts)
        order[i], order[j] = texts[j], texts[i]
        swapped.append(order)
    return swapped


def arrangements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str, list[ast.stmt]]]:
    """List other bodies: the statement that changes, how, and all the statements then."""
    for k, statement in enumerate(body):
        before, after = body[:k], body[k + 1 :]
        yield statement, "deleted", [*before, *after] or [ast.Pass()]
        if counts(statement):
            yield statement, "twice", [*before, statement, statement, *after]
        if after:
            yield statement, "after the next", [*before, after[0], statement, *after[1:]]
        if isinstance(statement, ast.For):
            *inside, last = statement.body
            without_last = copied(statement, body=inside or [ast.Pass()])
            yield last, "after the loop", [*before, without_last, last, *after]
            for j, later in enumerate(after):
                inner = copied(statement, body=[*statement.body, later])
                yield later, "in the loop", [*before, inner, *after[:j], *after[j + 1 :]]
        if isinstance(statement, ast.If):
            yield statement, "always", [*before, *statement.body, *after]


def counts(statement: ast.stmt) -> bool:
    """Whether it may matter how often a statement is executed."""
    if isinstance(statement, ast.Assign):
        stored, loaded = (
            {each.id for each in ast.walk(part) if isinstance(each, ast.Name)}
            for part in (ast.Tuple(statement.targets), statement.value)
        )
        return bool(stored & loaded)
    return not isinstance(statement, ast.Return | ast.If)


def copied(node: Statement, **fields: object) -> Statement:
    """Copy a statement with other fields."""
    other = copy(node)
    vars(other).update(fields)
    return other
