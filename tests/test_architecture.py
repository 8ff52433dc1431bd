"""The architecture: which folders may import which, and how names are chosen."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import COURSE

FORBIDDEN = {
    "autograder": {"course", "evidence", "tests"},
    "course": {"autograder", "evidence", "tests"},
    "evidence": {"tests"},
}
"""What the modules of a folder may not import."""
VAGUE = {"said", "told", "thing", "made", "found", "mine", "theirs"}
"""Words that do not say what a name holds."""


def sources(*folders: str) -> dict[Path, ast.Module]:
    """Parse the Python files of folders."""
    paths = (path for folder in folders for path in sorted((COURSE / folder).rglob("*.py")))
    return {path.relative_to(COURSE): ast.parse(path.read_text("utf-8")) for path in paths}


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
    assert len(modules) > 10
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
    modules = sources("course", "autograder", "evidence")
    commands = {path for path, tree in modules.items() if is_command(tree)}
    assert {path.as_posix() for path in commands} == {
        "autograder/__main__.py",
        "course/__main__.py",
        "evidence/__main__.py",
    }


def is_command(tree: ast.Module) -> bool:
    """Whether a module does something when it is run as a script."""
    return any(isinstance(node, ast.If) and "__main__" in ast.dump(node.test) for node in tree.body)


@pytest.mark.parametrize("house", ["autograder", "course"])
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
        for path, tree in sources("course", "autograder", "evidence", "tests").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").partition(".")[0] in ("course", "autograder", "evidence", "tests")
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
        for path, tree in sources("course", "autograder", "evidence", "tests").items()
        for name, line in identifiers(tree)
        if name in VAGUE
    ]
    assert vague == []
