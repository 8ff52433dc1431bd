"""The architecture: which folders may import which, and how names are chosen."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from course import COURSE

pytestmark = pytest.mark.xdist_group("architecture")

FORBIDDEN = {
    "autograder": {"course", "evidence", "tests"},
    "course": {"autograder", "evidence", "tests"},
    "evidence": {"tests"},
    "hub": {"autograder", "course", "evidence", "tests"},
}
"""What the modules of a folder may not import."""
VAGUE = {"said", "told", "thing", "made", "found", "mine", "theirs"}
"""Words that do not say what a name holds."""
SET_FROM_OUTSIDE = {
    "c": "nbgrader's configuration, in the form that its own file has",
    "config": "traitlets' configuration",
    "cell": "a cell of a notebook, which is nbformat's",
    "notebook.metadata": "nbformat's",
    "entry.notebook": "a row of nbgrader's gradebook",
    "NbGraderAPI": "nbgrader's, whose formgrader makes one of its own",
    "saver": "nbgrader's preprocessor, which reads where it is from attributes",
    "app_log": "nbgrader's logger",
    "formatter": "IPython's",
    "shown": "a function or its like, whose facts Python keeps as attributes",
    "element": "a page's, which is Beautiful Soup's",
    "array": "NumPy's, changed in place",
    "generator.bit_generator": "NumPy's, which goes on where another one is",
}
"""The objects that are no house's own, and so have no methods for what is set, with the reason."""


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a Python file once for all tests here."""
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def forgetting() -> Iterator[None]:
    """Forget the files in the end: millions of nodes make the garbage collector slow."""
    yield
    parsed.cache_clear()


def sources(*folders: str) -> dict[Path, ast.Module]:
    """Parse the Python files of folders."""
    paths = (path for folder in folders for path in sorted((COURSE / folder).rglob("*.py")))
    return {path.relative_to(COURSE): parsed(path) for path in paths}


def imports(tree: ast.AST) -> Iterator[str]:
    """List the modules that code imports, wherever it does; relative ones begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def forbidden_imports(folder: str, tree: ast.AST) -> list[str]:
    return [name for name in imports(tree) if name.partition(".")[0] in FORBIDDEN[folder]]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_a_folder_imports_only_what_it_may(folder):
    modules = sources(folder)
    assert len(modules) > 5
    assert {path: names for path, tree in modules.items()
            if (names := forbidden_imports(folder, tree))} == {}  # fmt: skip


@pytest.mark.parametrize(
    "code", ["import course.book", "def f():\n    from course import book", "import evidence"]
)
def test_a_forbidden_import_is_noticed_wherever_it_stands(code):
    assert forbidden_imports("autograder", ast.parse(code))


def test_what_enters_the_sandbox_needs_nothing_of_the_rest():
    for path, tree in sources("autograder/inside").items():
        assert not [name for name in imports(tree) if name.startswith("autograder")], path


def test_only_main_modules_are_commands():
    modules = sources("course", "autograder", "evidence", "hub")
    commands = {path for path, tree in modules.items() if is_command(tree)}
    assert {path.as_posix() for path in commands} == {
        "autograder/__main__.py",
        "course/__main__.py",
        "evidence/__main__.py",
        "hub/__main__.py",
    }


def is_command(tree: ast.Module) -> bool:
    """Whether a module does something when it is run as a script."""
    return any(isinstance(node, ast.If) and "__main__" in ast.dump(node.test) for node in tree.body)


@pytest.mark.parametrize("house", ["autograder", "course", "hub"])
def test_no_two_classes_of_a_house_have_one_name(house):
    counts = Counter(
        node.name
        for tree in sources(house).values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_module_of_ours_is_imported_under_another_name():
    renamed = [
        (str(path), alias.name)
        for path, tree in sources("course", "autograder", "evidence", "hub", "tests").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0]
        in ("course", "autograder", "evidence", "hub", "tests")
        for alias in node.names
        if alias.asname
    ]
    assert renamed == []


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """List what names code uses for values, arguments, attributes, functions and classes."""
    for node in ast.walk(tree):
        for field in ("id", "arg", "attr", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name, getattr(node, "lineno", 0)


def test_names_say_what_they_hold():
    vague = [
        f"{path}:{line}: {name}"
        for path, tree in sources("course", "autograder", "evidence", "hub", "tests").items()
        for name, line in identifiers(tree)
        if name in VAGUE
    ]
    assert vague == []


FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def set_from_outside(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """List the attributes that code sets of what is neither its own nor new: line and text.

    Own is `self` or `cls`. New is what was defined in the same function, or assigned there from a
    call. Modules have no methods to set what they hold.
    """
    modules = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    yield from _set_from_outside(tree, modules)


def _set_from_outside(scope: ast.AST, modules: set[str]) -> Iterator[tuple[int, str]]:
    nodes = list(_of_one_function(scope))
    allowed = {"self", "cls"} | modules | {name for node in nodes for name in _new_names(node)}
    for node in nodes:
        owner = _owner(node)
        if owner is not None and ast.unparse(owner) not in allowed:
            yield node.lineno, ast.unparse(node)
        if isinstance(node, FUNCTIONS):
            yield from _set_from_outside(node, modules)


def _of_one_function(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk through code, but not into the functions in it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, FUNCTIONS):
            yield from _of_one_function(node)


def _new_names(node: ast.AST) -> list[str]:
    """Name what a statement defines, or assigns from a call."""
    if isinstance(node, FUNCTIONS):
        return [node.name]
    if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _owner(node: ast.AST) -> ast.expr | None:
    """Find whose attribute is set, by its name or in its `__dict__`; None where none is."""
    if not isinstance(node, ast.Attribute | ast.Subscript):
        return None
    if not isinstance(node.ctx, ast.Store | ast.Del):
        return None
    if isinstance(node, ast.Attribute):
        return node.value
    is_dict = isinstance(node.value, ast.Attribute) and node.value.attr == "__dict__"
    return node.value.value if is_dict else None


def test_no_attribute_of_an_object_is_set_by_another():
    owners = set()
    for path, tree in sources("autograder", "course", "hub").items():
        for line, text in set_from_outside(tree):
            owner = next((each for each in SET_FROM_OUTSIDE if text.startswith(f"{each}.")), None)
            assert owner, f"{path}:{line}: {text}"
            owners.add(owner)
    assert owners == set(SET_FROM_OUTSIDE)


@pytest.mark.parametrize(
    "statement",
    [
        "exchange.broken = True",
        "self.shell.explain = hint",
        "grading.notes += ['a note']",
        "a = self.b = exchange.broken = True",
        "stand_in.__dict__['returned'] = True",
        "for grading.digest in digests: pass",
        "del exchange.broken",
        "def inner():\n        exchange = Exchange()\n    exchange.broken = True",
    ],
)
def test_an_attribute_that_is_set_from_outside_is_noticed(statement):
    code = f"class A:\n  def f(self, exchange, grading, stand_in):\n    {statement}"
    assert list(set_from_outside(ast.parse(code)))


@pytest.mark.parametrize(
    "statement",
    ["self.a = 1", "new = Exchange()\n    new.broken = True", "sys.stdout = None", "new.a()"],
)
def test_what_code_sets_of_its_own_is_let_through(statement):
    code = f"import sys\nclass A:\n  def f(self, new):\n    {statement}"
    assert not list(set_from_outside(ast.parse(code)))
