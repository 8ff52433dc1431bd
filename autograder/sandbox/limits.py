"""What one submission may use, and what is withheld from it."""

from dataclasses import dataclass, fields, replace

MB = 1 << 20
LEARNING = ("keras", "tensorflow", "tf_keras", "torch", "jax", "jaxlib")
"""Packages that hold a ready-made LSTM."""


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook of an assignment.

    cell_seconds: wall time of a cell, a test cell's calls included.
    notebook_seconds: wall time of all cells.
    cpu_seconds: CPU time of one process.
    memory_mb: memory of all processes together. One process may have no more address space than
        that and half a gigabyte, which its libraries take.
    processes: at the same time, threads included.
    output_kb: text and pictures that one cell shows.
    file_mb: one file. scratch_mb: all files of the working folder, and again of /tmp.
    message_mb: the arguments or the result of one call.
    withheld: packages that the learner's code does not find.
    """

    cell_seconds: float = 60
    notebook_seconds: float = 600
    cpu_seconds: int = 300
    memory_mb: int = 2048
    processes: int = 64
    output_kb: int = 1024
    file_mb: int = 64
    scratch_mb: int = 128
    message_mb: int = 64
    withheld: tuple[str, ...] = LEARNING

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
        """Return what the program inside a sandbox is told, as JSON knows it."""
        return {
            "limits": self.resource_limits(),
            "message": self.message_mb * MB,
            "hints": self.hints(),
            "withheld": self.withheld,
        }

    def hints(self) -> dict[str, str]:
        """Return what an exception that comes from a limit shall say of it."""
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
