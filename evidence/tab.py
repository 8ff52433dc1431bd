"""How long the first check in a browser tab takes, cold and warm: `python -m evidence tab`.

Chromium's own clock: from the press of the button to the words of the check, for sigmoid in
lstm-gates, solved. Cold is a browser that has never seen the site, warm one that has its files in
its cache.
"""

import statistics
import tempfile

from playwright.sync_api import BrowserContext, Page, sync_playwright

from course import COURSE
from evidence import records, speeds
from evidence.browser import CHROMIUM, FLAGS, serve
from evidence.check_cells import solution

NAME = "tab"
HTML = COURSE / "build" / "book" / "_build" / "html"
TIMES = 5
FUNCTION = "sigmoid"
PRESS = """async (name) => {
    const check = document.querySelector(`[data-id="${name}-check"]`);
    const ended = () => ["agrees", "differs"].includes(check.dataset.outcome);
    const begun = performance.now();
    check.querySelector(".tab-main").click();
    while (!ended()) await new Promise((resolve) => setTimeout(resolve, 2));
    return (performance.now() - begun) / 1000;
}"""


def visit(context: BrowserContext, address: str) -> Page:
    """Open the page, where the answer is written already, and nothing of Python is loaded."""
    page = context.new_page()
    page.goto(address)
    page.locator(f'[data-id="{FUNCTION}"]').scroll_into_view_if_needed()
    page.locator(f'[data-id="{FUNCTION}"] .cm-content').wait_for()
    return page


def write(page: Page, source: str) -> None:
    """Write an answer; from then on Python is loaded."""
    page.locator(f'[data-id="{FUNCTION}"] .cm-content').click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)


def first_and_later(playwright, address: str) -> dict[str, float]:
    """Measure a cold visit and a warm one in a browser of its own: seconds and bytes."""
    source = solution("lstm-gates", FUNCTION)
    with tempfile.TemporaryDirectory() as profile:
        options = {"executable_path": CHROMIUM, "args": FLAGS}
        context = playwright.chromium.launch_persistent_context(profile, **options)
        loaded: list[int] = []
        context.on(
            "requestfinished",
            lambda request: loaded.append(request.sizes()["responseBodySize"]),
        )
        page = visit(context, address)
        before = sum(loaded)
        cold = page.evaluate(PRESS, FUNCTION)
        bytes_loaded = sum(loaded) - before
        write(page, source)
        page.evaluate(PRESS, FUNCTION)
        later = []
        for number in range(TIMES):
            write(page, f"{source}# {number}\n")
            later.append(page.evaluate(PRESS, FUNCTION))
        page.close()
        page = visit(context, address)
        warm = page.evaluate(PRESS, FUNCTION)
        context.close()
    return {"cold": cold, "warm": warm, "later": statistics.median(later), "bytes": bytes_loaded}


def measure() -> dict[str, float]:
    """Measure several times; the medians."""
    with serve(HTML) as site, sync_playwright() as playwright:
        address = f"{site}/do/lstm-gates.html"
        visits = [first_and_later(playwright, address) for _ in range(TIMES)]
    return {name: round(statistics.median(each[name] for each in visits), 3) for name in visits[0]}


def main() -> None:
    """Measure, write the record, and print it."""
    record = {"measured": records.conditions(), **measure()}
    records.write(NAME, record)
    print(
        f"first check, cold: {record['cold']:.1f} s, {record['bytes'] / 1e6:.1f} MB; "
        f"warm: {record['warm']:.1f} s; later checks: {record['later']:.3f} s"
    )
    speeds.update_readme()
