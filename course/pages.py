"""Executes the cells of the book's pages.

Jupyter Book's cache recognises a page by its cells alone. This module also watches what the cells
depend on. A page is executed again when it has changed, or requirements.txt, or any file of the
repository that its cells read when they last ran: modules, data, the style of the figures.
"""

import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode
from sphinx_external_toc.parsing import parse_toc_yaml
from traitlets.config import Config

from course.fingerprint import changed, digest
from course.kernels import forked_kernels

AT_ONCE = 2  # pages executed at the same time; each holds a TensorFlow of its own

SHARED = {
    "numpy": "numpy",
    "matplotlib": "matplotlib.pyplot",
    "glue": "myst_nb.ext.glue",
    "keras": "keras",
}
"""Words of cells, with the module that is imported once for all pages which have the word."""


def report(line: str) -> None:
    """Print a line in one piece, whatever other threads print."""
    print(line + "\n", end="", flush=True)


def pages_with_cells(book: Path, config: dict) -> dict[Path, NotebookNode]:
    """The pages of the table of contents that have cells, not executed."""
    markdown = MdParserConfig(enable_extensions=set(config["parse"]["myst_enable_extensions"]))
    pages = {}
    for name in parse_toc_yaml(book / "_toc.yml"):
        page = book / f"{name}.md"
        text = page.read_text("utf-8") if page.exists() else ""  # Sphinx reports a missing page
        if is_myst_markdown_notebook(text):
            pages[page] = read_myst_markdown_notebook(text, markdown, path=page)
    return pages


def execute(page: Path, notebook: NotebookNode, timeout: int, scratch: Path) -> dict | None:
    """Run a page's cells in its folder, and change `notebook` to hold their outputs.

    Returns the digests of the files that the page depends on by name, or None if a cell failed; the
    failure is then on stderr.
    """
    root, log = page.parents[1], scratch / f"{page.stem}.log"
    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=False,  # times in the cells would make them unknown to the cache
        coalesce_streams=True,  # a kernel sends a line in pieces when it happens to be busy
        resources={"metadata": {"path": str(page.parent)}},
        # Sockets in files, instead of ports that may collide or be open to others.
        config=Config(KernelManager={"transport": "ipc", "ip": str(scratch / page.stem)}),
        extra_arguments=[
            "--ext=course.reads",
            "--ext=course.delivery.figures",
            f"--Reads.root={root}",
            f"--Reads.log={log}",
            "--InteractiveShell.colors=nocolor",  # of tracebacks, which end in log files
        ],
    )
    report(f"{page.name}: executing")
    started = time.time()
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        print(f"{page.name}: FAILED\n{error}", file=sys.stderr, flush=True)
        return None
    report(f"{page.name}: executed in {time.time() - started:.0f} s")
    read = [Path(line) for line in log.read_text("utf-8").splitlines()]
    files = [file for file in (page, root / "requirements.txt", *read) if file.is_file()]
    # A file that was edited meanwhile counts as changed.
    return {
        str(file.relative_to(root)): digest(file) if file.stat().st_mtime < started else "edited"
        for file in files
    }


def execute_stale(book: Path, built: Path) -> bool:
    """Execute the pages that changed, into Jupyter Book's cache; whether all succeeded."""
    config = yaml.safe_load((book / "_config.yml").read_text("utf-8"))
    record = built / "digests.json"
    known = json.loads(record.read_text()) if record.exists() else {}
    pages = pages_with_cells(book, config)
    stale = []
    for page in pages:
        old = known.get(page.stem, {"its first run": "never"})
        if different := changed(old, book.parent):
            stale.append(page)
            report(f"{page.name}: to execute, because of {', '.join(different)}")
    stale.sort(key=lambda page: len(pages[page].cells), reverse=True)  # the longest first
    report(f"{len(stale)} of {len(pages)} pages with cells to execute")

    cells = "".join(cell.source for page in stale for cell in pages[page].cells)
    shared = [module for word, module in SHARED.items() if word in cells]
    cache = get_cache(built / ".jupyter_cache")
    succeeded = True
    scratch_folder, at_once = tempfile.TemporaryDirectory(), ThreadPoolExecutor(AT_ONCE)
    with forked_kernels(shared), scratch_folder as scratch, at_once as pool:

        def run(page: Path) -> dict | None:
            return execute(page, pages[page], config["execute"]["timeout"], Path(scratch))

        for page, digests in zip(stale, pool.map(run, stale), strict=True):
            if digests is None:
                succeeded = False
                continue
            bundle = CacheBundleIn(pages[page], str(page))
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            # Without its doctree, Sphinx reads the page again.
            (built / ".doctrees" / f"{page.stem}.doctree").unlink(missing_ok=True)
            known[page.stem] = digests
            record.write_text(json.dumps(known, indent=1))
    return succeeded
