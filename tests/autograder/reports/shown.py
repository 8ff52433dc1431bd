"""A page of the grader's in a browser: readable for everybody, and asking nobody for anything."""

from pathlib import Path

from playwright.sync_api import Browser

from evidence.browser import overflow, serious_violations, watch


def assert_readable(browser: Browser, path: Path, width: int, theme: str) -> None:
    """Open a page and unfold everything; expect no obstacle, no script that ran, no request.

    width: of the window, in pixels. theme: "light" or "dark".
    """
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 800})
    log = watch(context)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="networkidle")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert serious_violations(page) == []
    assert overflow(page) <= 0
    assert page.evaluate("window.hacked") is None
    assert (log.requests, log.errors) == ([path.as_uri()], [])
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (theme == "dark")
    context.close()
