"""Runs Python's own proxy, which knows no TLS by itself, with TLS on the address of browsers."""

import ssl
from typing import Any
from unittest.mock import patch

from configurable_http_proxy import cli
from tornado.httpserver import HTTPServer

from hub.settings import read_settings


def main() -> None:
    """Be the proxy, as the command line says."""
    settings = read_settings()
    if not settings.tls:
        cli.main()
        return
    key, certificate = settings.tls
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    class Server(HTTPServer):
        def listen(self, port: int, *arguments: Any, **options: Any) -> Any:
            self.ssl_options = context if port == settings.port else None
            return super().listen(port, *arguments, **options)

    with patch.object(cli, "HTTPServer", Server):
        cli.main()
