"""Chromium, a server on loopback, and what a visit to a page leaves behind."""

import gzip
import io
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen, seconds: float = 30) -> None:
    """Wait until a server answers. Raises RuntimeError, with what it printed, if it does not."""
    until = time.monotonic() + seconds
    while True:
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            if server.poll() is not None or time.monotonic() > until:
                server.kill()
                printed = server.communicate()[0] or ""
                message = f"{server.args} does not answer at {address}\n{printed}"
                raise RuntimeError(message) from None
            time.sleep(0.1)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line on stderr for each."""

    def log_message(self, *_) -> None:
        """Say nothing."""


class CompressingHandler(QuietHandler):
    """Serves files as a web host does: compressed by gzip, many over one connection."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Answer the requests of a connection, which a browser may end at any time."""
        with suppress(ConnectionError):
            super().handle()

    def send_head(self) -> io.BytesIO | None:
        """Send the headers of a file, and return its content, compressed."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return None
        content = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


@contextmanager
def serve(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder on a free port of 127.0.0.1; the address, without a slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Log:
    """What the pages of a browser context asked for, and what went wrong in them."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def elsewhere(self, site: str) -> list[str]:
        """Requests that left the site; `data:` and `blob:` addresses stay inside the page."""
        inside = (site + "/", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(inside)]


def watch(context: BrowserContext) -> Log:
    """Log all requests, console errors and uncaught exceptions of a context from now on."""
    log = Log()
    context.on("request", lambda request: log.requests.append(request.url))
    context.on(
        "console",
        lambda message: log.errors.append(message.text) if message.type == "error" else None,
    )
    context.on("weberror", lambda error: log.errors.append(str(error.error)))
    return log


def lay_out(page: Page) -> None:
    """Have the browser lay out what is far below, too, where it would wait until that is near."""
    page.add_style_tag(content="* { content-visibility: visible !important }")


def broken_images(page: Page) -> list[str]:
    """Load all images of a page, also those that wait until they are near; name what fails."""
    return page.evaluate(
        """async () => {
            const load = async (image) => {
                image.loading = "eager";
                await image.decode().catch(() => {});
                return image.naturalWidth ? "" : image.src;
            };
            return (await Promise.all([...document.images].map(load))).filter(Boolean);
        }"""
    )


CONTRAST = "color-contrast"
SAMPLE = "data-contrast-sample"
"""Marks one of the texts that have the same colours, size, weight and opacity."""

ASIDE = "data-contrast-aside"
"""Marks what is hidden meanwhile, since it holds no sample."""

MARK_SAMPLES = """([mark, aside]) => {
    const seen = new Set();
    for (const each of document.querySelectorAll("body *")) {
        const texts = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        if (!texts.some((node) => node.data.trim())) continue;
        if (!each.checkVisibility({ visibilityProperty: true })) continue;
        const { color, fontSize, fontWeight } = getComputedStyle(each);
        const key = [color, fontSize, fontWeight];
        for (let part = each; part; part = part.parentElement) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(part);
            key.push(`${backgroundColor} ${backgroundImage} ${opacity}`);
        }
        // What lies behind a text does not depend on how many transparent parts lie between.
        const name = key.filter((value) => value !== "rgba(0, 0, 0, 0) none 1").join();
        each.toggleAttribute(mark, !seen.has(name));
        seen.add(name);
    }
    for (const each of document.querySelectorAll("main :is(p, li, tr, pre, svg, math)"))
        if (!each.matches(`[${mark}]`) && !each.querySelector(`[${mark}]`))
            each.toggleAttribute(aside, true);
}"""
SHOW_AGAIN = """(aside) => {
    for (const each of document.querySelectorAll(`[${aside}]`)) each.toggleAttribute(aside, false);
}"""


def serious_violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a page, one line for each element."""
    lay_out(page)
    return _violations(page, {"rules": {CONTRAST: {"enabled": False}}}) + faint_texts(page)


def faint_texts(page: Page) -> list[str]:
    """The texts whose colours axe-core finds too near to what is behind them.

    Of those that look alike, one is asked: on a long page all together take minutes.
    """
    lay_out(page)
    page.add_style_tag(content=f"[{ASIDE}] {{ display: none !important }}")
    page.evaluate(MARK_SAMPLES, [SAMPLE, ASIDE])
    faint = _violations(page, {"runOnly": [CONTRAST]}, {"include": [[f"[{SAMPLE}]"]]})
    page.evaluate(SHOW_AGAIN, ASIDE)
    return faint


def _violations(page: Page, asked: dict, context: dict | None = None) -> list[str]:
    """What axe-core finds serious or critical. asked: of which rules. context: on what part."""
    # Without `preload`, axe does not load style sheets a second time, from wrong addresses. What
    # passes is not listed: on a long page that takes a minute.
    options = asked | {"preload": False, "resultTypes": ["violations"]}
    violations = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in violations
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    lay_out(page)
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


CLIPPED = """() => [...document.querySelectorAll("body *")].filter((each) =>
    ["hidden", "clip"].includes(getComputedStyle(each).overflowX)
    && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && each.innerText?.trim()
  ).map((each) => each.innerText.trim().slice(0, 60))"""


def clipped(page: Page) -> list[str]:
    """List the texts of which a part cannot be seen, since they are wider than their place."""
    lay_out(page)
    return page.evaluate(CLIPPED)
