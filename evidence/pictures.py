"""README's pictures: `make pictures` takes them from the built book and from a page of feedback.

Beside each picture lies a file with the text that it shows, such as book.json. The tests
compare the text with what is built now.
"""

import json
from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Page

from course import COURSE
from evidence.browser import chromium, serve
from evidence.sample_class.step import CLASS

PICTURES = COURSE / "pictures"
HTML = COURSE / "build" / "book" / "_build" / "html"
CHAPTER, FIGURE = "lstm-at-work.html", "#fig-lstm-latch"
FEEDBACK = CLASS / "feedback" / "learner-04" / "lstm-gates" / "lstm-gates.html"
FUNCTION = "forget_gate"
WRONG = """def pre_activation(x, h, kernel, recurrent_kernel, bias):
    return x @ kernel + h @ recurrent_kernel
"""


def sidebar(page: Path) -> list[str]:
    """List the title of the book and the entries of its sidebar, as a page shows them."""
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    entries = soup.select(".bd-sidebar-primary :is(.title.logo__title, .caption-text, nav a)")
    return [" ".join(entry.get_text().split()) for entry in entries]


def message(page: Path) -> str:
    """Return what a page of feedback says of the function of the picture."""
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for verdict in soup.select(".questions > li:has(.message)"):
        if verdict.code.get_text() == FUNCTION:
            return " ".join(verdict.get_text().split())
    raise ValueError(f"{FUNCTION} does not fail in {page}")


def take_book(page: Page, site: str) -> None:
    """Take the picture of the book: a figure of a chapter, and the sidebar."""
    page.set_viewport_size({"width": 1150, "height": 900})
    page.goto(f"{site}/{CHAPTER}")
    page.locator(f".cell:has({FIGURE})").evaluate("cell => cell.scrollIntoView()")
    page.screenshot(path=PICTURES / "book.png")


def take_message(page: Page) -> None:
    """Take the picture of the top of a page of feedback, with a check that fails."""
    page.set_viewport_size({"width": 860, "height": 560})
    page.goto(FEEDBACK.as_uri())
    page.screenshot(path=PICTURES / "message.png")


def take_tab(page: Page, site: str) -> str:
    """Take the picture of an assignment: a wrong function, and what its check says of it."""
    page.set_viewport_size({"width": 860, "height": 680})
    page.goto(f"{site}/do/rnn-cell.html")
    cell = page.locator('[data-id="pre_activation"]')
    cell.scroll_into_view_if_needed()  # then its editor is loaded
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(WRONG)
    page.keyboard.press("Control+Enter")
    check = page.locator('[data-id="pre_activation-check"][data-outcome="differs"]')
    check.wait_for()
    cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
    page.screenshot(path=PICTURES / "tab.png")
    return " ".join(check.locator(".tab-message").inner_text().split())


def main() -> None:
    """Take the pictures and write down what they show."""
    shown = {"book": sidebar(HTML / CHAPTER), "message": message(FEEDBACK)}
    with chromium() as browser, serve(HTML) as site:
        take_book(browser.new_page(), site)
        take_message(browser.new_page())
        shown["tab"] = take_tab(browser.new_page(), site)
    for name, text in shown.items():
        picture = PICTURES / f"{name}.png"
        Image.open(picture).quantize().save(picture, optimize=True)  # a third of the bytes
        (PICTURES / f"{name}.json").write_text(json.dumps(text, indent=1) + "\n", "utf-8")
    print(f"The pictures are in {PICTURES}: look at them")
