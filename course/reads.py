"""An IPython extension: writes the name of every repository file that the kernel reads to a log.

The book's build loads it in a page's kernel, with `--Reads.root` and `--Reads.log`, to know which
files to watch for that page: imported modules, however they were found, as well as data.
"""

import os
import sys
from importlib.util import source_from_cache

from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Log what was imported so far and, from now on, what is opened for reading."""
    root = os.path.join(os.path.abspath(shell.config.Reads.root), "")
    log = open(shell.config.Reads.log, "w", encoding="utf-8", buffering=1)  # noqa: SIM115
    seen = set()

    def note(path: str) -> None:
        path = os.path.abspath(path)
        if path in seen or not path.startswith(root) or path.startswith(sys.prefix):
            return
        seen.add(path)
        print(source_from_cache(path) if path.endswith(".pyc") else path, file=log)

    def watch(event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str) and not flags & (os.O_WRONLY | os.O_RDWR):
                note(path)

    for module in list(sys.modules.values()):
        note(getattr(module, "__file__", None) or "")
    sys.addaudithook(watch)
