"""Run the mutants of the solutions against their check cells: which pass, and which of them may.

`make mutants` prints the survivors that evidence/equivalent.py does not list.
"""

import multiprocessing
import resource
import signal
import sys
import time
import warnings
from collections.abc import Container, Sequence
from multiprocessing.connection import Connection
from typing import NamedTuple

import psutil

from evidence.check_cells import (
    Comparison,
    comparisons,
    first_failure,
    graded_functions,
    implement,
    solution,
)
from evidence.equivalent import BY_RESULT, SINGLE, reason
from evidence.explanations import Explanations, explanations, names_another_mistake
from evidence.mutants import Mutant, mutants

SEEDS = (0, 1)
"""The draws in which a mutant must be killed."""

SECONDS = 1
"""How long all comparisons of a mutant may take together; with a diagnosis, ten times as long."""

MISNAMED = "not made: "
"""Stands before a diagnosis that names a mistake which was not made."""

MEMORY = 2**30
"""How many bytes a mutant may take besides those that the process already has."""


FUNCTIONS = [each for each in graded_functions() if each not in BY_RESULT]
"""The functions of which mutants are made, with their assignments."""


class Outcome(NamedTuple):
    """Whether a check cell noticed a mutant, and its diagnosis."""

    killed: bool
    diagnosis: str = ""


def outcome(assignment: str, function: str, mutant: Mutant, diagnosed: bool = False) -> Outcome:
    """Check one mutant of a function, as `outcomes` does."""
    return outcomes(assignment, function, [mutant], diagnosed)[0]


def outcomes(
    assignment: str, function: str, changed: Sequence[Mutant], diagnosed: bool = False
) -> list[Outcome]:
    """Check mutants of a function, in order.

    diagnosed: whether to look for known mistakes, too, which takes longer. A diagnosis begins with
        MISNAMED if it names a change other than the one that was made.
    """
    compared = [each for seed in SEEDS for each in comparisons(assignment, function, seed)]
    if not diagnosed:
        compared = [each.without_names() for each in compared]
    known = explanations(compared, False) | explanations(compared, True) if diagnosed else {}
    ended: list[Outcome] = []
    while len(ended) < len(changed):
        ended += until_one_hangs(assignment, function, changed[len(ended) :], compared, known)
        if len(ended) < len(changed):
            ended.append(Outcome(True, "interrupted"))
    return ended


def until_one_hangs(
    assignment: str,
    function: str,
    changed: Sequence[Mutant],
    compared: list[Comparison],
    known: Explanations,
) -> list[Outcome]:
    """Check mutants in a process of their own; return the outcomes before the one that ended it.

    Raises RuntimeError if the process fails in any way but by a signal.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(
        target=check_each, args=(assignment, function, changed, compared, known, sender)
    )
    child.start()
    sender.close()
    ended = []
    try:
        while True:
            ended.append(receiver.recv())
    except EOFError:
        child.join()
    if child.exitcode and child.exitcode > 0:
        raise RuntimeError(f"{function}: cannot check {changed[len(ended)].name}")
    return ended


def check_each(
    assignment: str,
    function: str,
    changed: Sequence[Mutant],
    compared: list[Comparison],
    known: Explanations,
    sender: Connection,
) -> None:
    """Send the outcome of each mutant, within limits of time and memory.

    A loop in Python is interrupted. A loop inside NumPy cannot be: there the process ends.
    """
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    warnings.simplefilter("ignore")  # mutants often contain code that looks strange
    memory = psutil.Process().memory_info().vms + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    seconds = 10 * SECONDS if known else SECONDS
    for mutant in changed:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * seconds)
        ended = checked(assignment, function, mutant, compared, known)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sender.send(ended)


def checked(
    assignment: str,
    function: str,
    mutant: Mutant,
    compared: list[Comparison],
    known: Explanations,
) -> Outcome:
    """Check a mutant in this process. If the check itself breaks, the mutant is not killed."""
    try:
        implementation = implement(assignment, function, mutant.source)
    except Exception:  # for example, if a default argument is an unknown name
        return Outcome(True, "raised")
    try:
        failure = first_failure(implementation, compared)
        named = "" if failure is None else failure[1].diagnosis
        if known and names_another_mistake(compared, known, named, implementation):
            return Outcome(True, MISNAMED + named)
    except KeyboardInterrupt:
        return Outcome(True, "interrupted")
    except Exception as error:
        return Outcome(False, f"the check raised {type(error).__name__}")
    return Outcome(failure is not None, named)


def survivors(assignment: str, function: str, step: int = 1) -> tuple[int, dict[str, str]]:
    """Check every `step`-th mutant of a function.

    Returns their number, and the names of those that pass the check -> "", or what it raised.
    """
    changed = mutants(solution(assignment, function))[::step]
    ended = zip(changed, outcomes(assignment, function, changed))
    return len(changed), {each.name: diagnosis for each, (killed, diagnosis) in ended if not killed}


def stale(assignment: str, function: str, alive: Container[str]) -> list[str]:
    """List the mutants in SINGLE that are killed, or that no longer exist."""
    table = SINGLE.get((assignment, function), {})
    return [name for names in table.values() for name in names if name not in alive]


def main() -> None:
    """Check all mutants; print the counts, and each survivor that is not known as equivalent."""
    start = time.monotonic()
    total = equivalent = wrong = 0
    for assignment, function in FUNCTIONS:
        count, alive = survivors(assignment, function)
        unlisted = [name for name in alive if reason(assignment, function, name) is None]
        print(f"{assignment}, {function}: {count} mutants, {len(unlisted)} to kill", flush=True)
        for name in unlisted:
            print(f"    {name} {alive[name]}")
        gone = stale(assignment, function, alive)
        for name in gone:
            print(f"    listed as equivalent, but killed or gone: {name}")
        total, equivalent = total + count, equivalent + len(alive) - len(unlisted)
        wrong += len(unlisted) + len(gone)
    seconds = time.monotonic() - start
    print(f"{total} mutants, {equivalent} equivalent, {wrong} to mend, in {seconds:.0f} s")
    sys.exit(wrong > 0)
