"""Compiles the Python files of archives. It runs in Pyodide, whose Python will load the result."""

import io
import marshal
import zipfile
from importlib.util import MAGIC_NUMBER, source_hash

UNCHECKED = (1).to_bytes(4, "little")  # a hash of the source that nobody compares (PEP 552)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def compile_archive(archives: list[bytes], folder: str) -> bytes:
    """Make one zip archive of several, with compiled code in place of source, without tests.

    archives: the bytes of zip files. folder: where Python will find the files; tracebacks name it.
    The same archives give the same bytes.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as written:
        for content in archives:
            with zipfile.ZipFile(io.BytesIO(bytes(content))) as read:
                for name in read.namelist():
                    if is_needed(name):
                        written.writestr(*compiled(name, read.read(name), folder))
    return target.getvalue()


def is_needed(name: str) -> bool:
    """Whether Python needs a file to run code: no folder, no test, no type declaration."""
    return not name.endswith(("/", ".pyi", ".h", ".a")) and "/tests/" not in name


def compiled(name: str, content: bytes, folder: str) -> tuple[zipfile.ZipInfo, bytes]:
    """Return a file as it stands in the archive, with its name there."""
    if name.endswith(".py"):
        code = compile(content, f"{folder}/{name}", "exec", dont_inherit=True)
        name += "c"
        content = MAGIC_NUMBER + UNCHECKED + source_hash(content) + marshal.dumps(code)
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry, content
