"""What one submission may use, and what is withheld from it."""

from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

T = TypeVar("T")
MB = 1 << 20


def _limit(default: T, unit: str, bounds: str, beyond: str) -> T:
    """Make a field of `Limits`: its default with its unit, and the words of the book's table.

    bounds: what it limits. beyond: what happens to code that exceeds it.
    """
    return field(default=default, metadata={"unit": unit, "bounds": bounds, "beyond": beyond})


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook of an assignment. `table` says what each one means."""

    cell_seconds: float = _limit(
        60,
        "s",
        "the time that the learner's code takes in a cell, or in the calls of a test cell",
        "the cell is interrupted; a second later its process is ended",
    )
    notebook_seconds: float = _limit(
        600, "s", "the time that all cells take together", "the rest is not run"
    )
    cpu_seconds: int = _limit(300, "s", "the CPU time of a process", "the process is ended")
    memory_mb: int = _limit(
        2048,
        "MB",
        "the memory of all processes together; one process may have half a gigabyte more of "
        "address space, which its libraries take",
        "the allocation fails, or all processes are ended",
    )
    processes: int = _limit(
        64, "", "the processes at the same time, threads included", "no more can be started"
    )
    output_kb: int = _limit(
        1024, "KB", "the text and pictures that a cell shows", "the cell is interrupted"
    )
    notebook_output_kb: int = _limit(
        8192, "KB", "what all cells show together", "the rest of it is not kept"
    )
    file_mb: int = _limit(64, "MB", "a file", "the write fails")
    scratch_mb: int = _limit(
        128, "MB", "all files of the working folder, and again of /tmp", "the write fails"
    )
    message_mb: int = _limit(
        64,
        "MB",
        "the arguments or the result of a call; a dict or a set in it may have 10,000 entries",
        "the call fails",
    )
    withheld: tuple[str, ...] = _limit(
        (),
        "",
        "packages that the learner's code does not find, installed or beside the notebook",
        "the package is not there",
    )

    def resource_limits(self) -> dict[str, tuple[int, int]]:
        """Return the soft and hard limits of a process, by the names of Python's `resource`."""
        address_space = (self.memory_mb + 512) * MB
        return {
            "RLIMIT_CPU": (self.cpu_seconds, self.cpu_seconds + 1),
            "RLIMIT_AS": (address_space, address_space),
            "RLIMIT_NPROC": (self.processes, self.processes),
            "RLIMIT_FSIZE": (self.file_mb * MB, self.file_mb * MB),
            "RLIMIT_CORE": (0, 0),
            "RLIMIT_NOFILE": (512, 512),
        }

    def options(self) -> dict:
        """Return what the program inside a sandbox needs to know, as JSON can carry it."""
        return {
            "limits": self.resource_limits(),
            "message": self.message_mb * MB,
            "hints": self.hints(),
            "withheld": self.withheld,
        }

    def hints(self) -> dict[str, str]:
        """Return what to add to the message of an exception from a limit, by kind of limit."""
        return {
            "memory": f"(your code may use {self.memory_mb} MB of memory)",
            "processes": f"(your code may have {self.processes} processes and threads at once)",
            "file": f"(a file may have {self.file_mb} MB)",
            "scratch": f"(the folder is full: your files may have {self.scratch_mb} MB in all)",
        }


def limits_for(assignment: str, configured: dict[str, dict]) -> Limits:
    """Return an assignment's limits: the defaults, what "*" configures, what its name configures.

    Raises ValueError where a configured name is no limit.
    """
    chosen = {**configured.get("*", {}), **configured.get(assignment, {})}
    known = {field.name for field in fields(Limits)}
    if unknown := sorted(set(chosen) - known):
        raise ValueError(
            f"SplitExecute.limits names {', '.join(unknown)}, which is no limit. "
            f"The limits are {', '.join(sorted(known))}."
        )
    return replace(Limits(), **chosen)


def table() -> str:
    """Return the limits as a table in Markdown: name, default, what it bounds, what is beyond."""
    rows = ["| Limit | Default | What it bounds | What happens beyond it |", "|---|---|---|---|"]
    for limit in fields(Limits):
        words = limit.metadata
        default = limit.default
        listed = ", ".join(default) or "none" if isinstance(default, tuple) else default
        text = f"{listed} {words['unit']}"
        rows.append(f"| `{limit.name}` | {text.strip()} | {words['bounds']} | {words['beyond']} |")
    return "\n".join(rows)
