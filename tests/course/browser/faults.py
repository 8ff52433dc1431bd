"""A server of the site that can be told to answer badly, and that remembers what was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from evidence.browser import QuietHandler

FAULTS = {
    "missing": lambda content: (404, b"", 0),
    "cut short": lambda content: (200, content[: len(content) // 2], len(content) // 2),
    "broken off": lambda content: (200, content[: len(content) // 2], len(content)),
    "other bytes": lambda content: (200, bytes(each ^ 1 for each in content), len(content)),
}
"""What is wrong with an answer: its status, its content, and the length that it announces."""


class FaultyServer(ThreadingHTTPServer):
    """Serves a folder.

    faults: what is wrong with a file, by the end of its path. lasting: whether answers may be
    cached. down: whether no request is answered. requests: the paths and headers that were asked.
    types: media types by the ends of names, other than usual ones.
    """

    def __init__(self, folder: Path):
        self.faults: dict[str, str] = {}
        self.lasting = self.down = False
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.types: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), partial(FaultyHandler, directory=folder))

    @property
    def address(self) -> str:
        """Its address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_port}"


class FaultyHandler(QuietHandler):
    """Answers a request as the server has been told."""

    server: FaultyServer

    def do_GET(self) -> None:
        """Answer, or not."""
        path = self.path.partition("?")[0]
        self.server.requests.append((path, dict(self.headers)))
        if self.server.down:
            self.close_connection = True
            return
        for end, fault in self.server.faults.items():
            if path.endswith(end):
                self.answer(*FAULTS[fault](Path(self.translate_path(path)).read_bytes()))
                return
        super().do_GET()

    def answer(self, status: int, content: bytes, length: int) -> None:
        """Send a content as if it had some length."""
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(self.path.partition("?")[0]))
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def guess_type(self, path) -> str:
        """The media type of a file."""
        return self.server.types.get(Path(path).suffix) or super().guess_type(path)

    def end_headers(self) -> None:
        """Let the browser keep the file for an hour, or ask again each time."""
        self.send_header("Cache-Control", "max-age=3600" if self.server.lasting else "no-cache")
        super().end_headers()


@contextmanager
def faulty_server(folder: Path) -> Iterator[FaultyServer]:
    """Start a server on a free port of 127.0.0.1."""
    with FaultyServer(folder) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
