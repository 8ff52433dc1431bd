"""A learner at the page of an assignment: writes, checks, stops, downloads."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE = 120_000  # ms for what takes a second or three on an idle machine

TEXT = """editor => editor.value
    ?? Array.from(editor.querySelectorAll(".cm-line"), (line) => line.textContent).join("\\n")"""


class Learner:
    """Works on an assignment in a page of a browser."""

    def __init__(self, page: Page, site: str, assignment: str):
        self.page, self.assignment = page, assignment
        page.set_default_timeout(PATIENCE)
        page.goto(f"{site}/do/{assignment}.html")
        expect(self.points).to_be_visible(timeout=PATIENCE)

    @property
    def points(self) -> Locator:
        """The points so far, in the bar."""
        return self.page.locator(".tab-points")

    @property
    def state(self) -> Locator:
        """What Python is doing, in the bar."""
        return self.page.locator(".tab-bar [role=status]")

    def cell(self, name: str) -> Locator:
        """A cell by its id."""
        return self.page.locator(f'[data-id="{name}"]')

    def editor(self, name: str) -> Locator:
        """What a cell is written in: a plain field until the editor has been loaded."""
        return self.cell(name).locator("textarea, .cm-content")

    def write(self, name: str, source: str) -> None:
        """Replace the text of a cell, as with Ctrl-A and the clipboard."""
        self.editor(name).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def text(self, name: str) -> str:
        """The text of a cell."""
        return self.editor(name).evaluate(TEXT)

    def wait_for_text(self, name: str, text: str) -> None:
        """Wait until a cell has a text."""
        selector = f'[data-id="{name}"] :is(textarea, .cm-content)'
        same = f"""([selector, text]) => {{
            const editor = document.querySelector(selector);
            return editor && ({TEXT})(editor) === text;
        }}"""
        self.page.wait_for_function(same, arg=[selector, text])

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button by its words."""
        (within or self.page).locator(f'button:text-is("{name}")').click()

    def check(self, name: str, outcome: str = "agrees|differs") -> str:
        """Check a function; wait for the outcome, and return what the check says."""
        self.press(f"Check {name}")
        check = self.cell(f"{name}-check")
        expect(check).to_have_attribute("data-outcome", re.compile(outcome), timeout=PATIENCE)
        return check.locator(".tab-message").inner_text()

    def run(self, name: str) -> Locator:
        """Run a cell; return its outputs."""
        self.press("Run", self.cell(name))
        expect(self.page.locator(".tab-bar")).to_have_attribute(
            "data-phase", "ready", timeout=PATIENCE
        )
        return self.cell(name).locator(".tab-outputs")

    def download(self, folder: Path) -> Path:
        """Download the notebook into a folder."""
        with self.page.expect_download() as waiting:
            self.press("Download the notebook")
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
