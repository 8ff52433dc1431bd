"""A service on the machine that grades, with a secret word for whoever reaches it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from evidence.attacks.victim import SECRETS


@contextmanager
def service(port: int = 0) -> Iterator[int]:
    """Serve a secret word on this machine, by a port and by an abstract socket; yield the port."""
    by_port = socket.create_server(("127.0.0.1", port))
    number = by_port.getsockname()[1]
    by_name = socket.socket(socket.AF_UNIX)
    by_name.bind(f"\0service-{number}")
    by_name.listen()
    for listener in (by_port, by_name):
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
    try:
        yield number
    finally:
        for listener in (by_port, by_name):
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def _serve(listener: socket.socket) -> None:
    word = SECRETS["service"].encode()
    reply = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(word) + word
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client:
                client.sendall(reply)
                client.shutdown(socket.SHUT_WR)
                client.recv(1 << 16)
