"""Follows the names of a page from statement to statement: what must run before each of them."""

import ast
import builtins

from course.visible_code.sharing import Callee, changed, shared
from course.visible_code.statements import FUNCTIONS, Statement

IMPORTS = ast.Import | ast.ImportFrom
COMPOUND = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try
COMPOUND |= ast.TryStar | ast.Match


class Dependencies:
    """What the statements of a page need, from the top downwards.

    statements: those added so far.
    needs: for each of them the numbers of all that must run for it, its own included.
    foreign: the numbers of those for which NumPy is not enough.
    """

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.needs: list[set[int]] = []
        self.foreign: set[int] = set()
        self._state: dict[str, set[int]] = {}  # what must run for a name to be as it is now
        self._shared: dict[str, set[str]] = {}  # names that may have objects in common with a name

    def add(self, statement: Statement) -> None:
        """Add the next statement of the page."""
        number = len(self.statements)
        self.statements.append(statement)
        if statement.is_foreign or statement.is_opaque or self._unknown(statement):
            self.foreign.add(number)
        needs = self._needed(statement, number)
        self.needs.append(needs)
        changes = self._changes(statement, needs)
        self._share(statement)
        for name in statement.binds:
            self._state[name] = needs
        sets = (self.statements[k].sets_later for k in needs)
        for name in statement.may_bind.union(changes, *sets) - statement.binds:
            self._state[name] = self._state.get(name, set()) | needs
        for name in statement.deletes:
            self._state.pop(name, None)
        if statement.is_opaque:
            for name in {*self._state, *(dir(builtins) if statement.tree.body else [])}:
                self._state[name] = self._state.get(name, set()) | needs

    def _unknown(self, statement: Statement) -> frozenset[str]:
        """List the names that a statement reads and nothing above binds."""
        unknown = statement.reads - self._state.keys() - set(dir(builtins))
        compound = any(isinstance(node, COMPOUND) for node in statement.tree.body)
        return unknown - statement.may_bind if compound else unknown

    def _needed(self, statement: Statement, number: int) -> set[int]:
        """List all that must run for a statement, and the statement itself."""
        needs, followed = {number}, set[str]()
        names = statement.reads | statement.later
        while names:
            needs = needs.union(*(self._state.get(name, set()) for name in names))
            followed |= names
            # A function reads its names when it is called, which may be here.
            names = frozenset().union(*(self.statements[k].later for k in needs)) - followed
        return needs

    def _binders(self, name: str) -> list[int]:
        """List the statements that may have given a name its value."""
        return [k for k in self._state.get(name, ()) if name in self.statements[k].may_bind]

    def _callee(self, name: str) -> Callee:
        """Tell what a name is."""
        binders = self._binders(name)
        if not binders:
            return "builtin" if hasattr(builtins, name) else "page"
        if any(self.statements[j].has_code for k in binders for j in self.needs[k]):
            return "page"
        bodies = [self.statements[k].tree.body for k in binders]
        return "module" if all(isinstance(body[0], IMPORTS) for body in bodies) else "library"

    def _is_data(self, name: str) -> bool:
        """Whether a name stands for more than a module or a function without data of its own."""
        codes = [self.statements[k] for k in self._binders(name)]
        names = {other for code in codes if _defines(code) for other in code.later}
        codes += [self.statements[k] for other in names for k in self._binders(other)]
        return not all(isinstance(code.tree.body[0], IMPORTS) or _defines(code) for code in codes)

    def _changes(self, statement: Statement, needs: set[int]) -> set[str]:
        """List the names whose objects may have changed once a statement has run."""
        names = changed(statement.tree, self._callee) & statement.now
        called = needs - {len(self.needs) - 1} if _defines(statement) else needs
        for code in (self.statements[k] for k in called if self.statements[k].later):
            names |= changed(code.tree, self._callee) & code.later
        for some, others in shared(statement.tree, self._callee):
            names |= others if some & names else set()
        names = names.union(*(self._shared.get(name, set()) for name in names))
        # What a function returned may be one of the names that it reads.
        binders = [self.statements[k] for name in names for k in self._binders(name)]
        return names.union(*(code.later for code in binders)) & self._state.keys()

    def _share(self, statement: Statement) -> None:
        """Note which names may have objects in common from a statement on."""
        families = []
        for some, others in shared(statement.tree, self._callee):
            data = {name for name in others if self._is_data(name)}
            families.append(some.union(data, *(self._shared.get(name, set()) for name in data)))
        for name in statement.binds:
            self._shared.get(name, set()).discard(name)
            self._shared[name] = {name}
        for family in families:
            whole = family.union(*(self._shared.get(name, set()) for name in family))
            self._shared |= dict.fromkeys(whole, whole)


def _defines(statement: Statement) -> bool:
    """Whether a statement defines a function and runs nothing of it."""
    return any(isinstance(n, FUNCTIONS) and not n.decorator_list for n in statement.tree.body)
