"""Kernels for the book's pages, forked from a process that has loaded what they import.

A kernel takes 3 s to start, Keras 5 s to import and `glue` 3 s: for 19 pages that is nearly half of
a build. A server process imports these libraries once, and the kernel of each page is a fresh fork
of it. Of the repository it imports this module alone, so that each page imports the others as they
are then.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from multiprocessing.context import ForkServerProcess
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

KERNEL = "ipykernel.kernelapp"
NAME = "forked-provisioner"

_processes = multiprocessing.get_context("forkserver")


class _KernelProcess(ForkServerProcess):
    """A process with the methods of subprocess.Popen that jupyter_client calls."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.exitcode

    def wait(self) -> int | None:
        """Wait for the end, and return the exit code."""
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal. Raises ProcessLookupError if the process has ended."""
        if self.pid:
            os.kill(self.pid, number)


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the server; all else is as for a kernel of its own."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments, the folder and the environment of this command."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = _KernelProcess(
            target=_run, args=(arguments, kwargs["cwd"], kwargs["env"]), daemon=True
        )
        process.start()
        self.process, self.pid, self.cwd = process, process.pid, kwargs["cwd"]
        return self.connection_info


@contextmanager
def forked_kernels(preloaded: Iterable[str]) -> Iterator[None]:
    """Let the kernels that start meanwhile be forks of a server that has imported `preloaded`.

    A server that runs already keeps the modules it has: a kernel then imports what is missing.
    """
    _processes.set_forkserver_preload([__name__, KERNEL, *preloaded])
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(
        NAME, f"{__name__}:{ForkedProvisioner.__name__}", factory.GROUP_NAME
    )
    before, factory.default_provisioner_name = factory.default_provisioner_name, NAME
    try:
        yield
    finally:
        factory.default_provisioner_name = before


def _run(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Become the kernel; what libraries log to stderr before they can be told is dropped."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    paths = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = ["", *paths, *(path for path in sys.path if path not in paths)]
    if matplotlib := sys.modules.get("matplotlib"):  # it has read MPLBACKEND already
        matplotlib.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    from ipykernel.kernelapp import IPKernelApp

    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # the kernel ends with the server
    IPKernelApp.launch_instance(argv=[*arguments, parent])
