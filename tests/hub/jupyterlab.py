"""A person in JupyterLab, in Chromium: signs in, opens notebooks, types into a terminal."""

import json
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page

from evidence.hub.simulated import PASSWORD

SECONDS = 240
"""Until something counts as not happening: a server that starts beside other tests has taken 60."""


class Person:
    """A person signed in at a Hub. home: of their account. page: the tab of their browser."""

    def __init__(self, browser: Browser, address: str, name: str, password: str = PASSWORD):
        self.name, self.home = name, Path("/home") / name
        self._server = f"{address}/user/{name}"
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(1000 * SECONDS)
        self.page: Page = context.new_page()
        self.page.goto(f"{address}/hub/login")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", password)
        self.page.click("#login_submit")
        self.page.wait_for_url(f"{self._server}/lab**")
        self.page.wait_for_selector("#jp-top-panel")

    def go(self, path: str) -> None:
        """Open a page of the server."""
        self.page.goto(f"{self._server}/{path}")

    def menu(self, *names: str) -> None:
        """Choose an entry of a menu."""
        for name in names:
            self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel").get_by_text(
                name, exact=True
            ).click()

    def open_lab(self, path: str = "") -> None:
        """Open JupyterLab with one file or none, and nothing that was open before.

        Otherwise the status of another notebook's kernel could be taken for this one's, and
        JupyterLab asks which kernel to use where a cell is run before there is one.
        """
        self.go(f"lab{path}?reset")
        self.page.wait_for_selector("#jp-top-panel")

    def open_assignments(self) -> None:
        """Open nbgrader's list of assignments."""
        self.open_lab()
        self.menu("Nbgrader", "Assignment List")

    def press(self, label: str, part: str) -> None:
        """Press a button in a part of the list of assignments."""
        self.page.locator(f"#{part}_assignments_list button", has_text=label).first.click()

    def wait_for(self, assignment: str, part: str) -> None:
        """Wait until an assignment stands in a part of the list."""
        listed = self.page.locator(f"#{part}_assignments_list .list_item", has_text=assignment)
        listed.first.wait_for(state="visible")

    def open_notebook(self, path: str) -> None:
        """Open a notebook, and wait for its kernel."""
        self.open_lab(f"/tree/{path}")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the kernel of the only open notebook is connected and idle."""
        self.page.locator(".jp-StatusBar-TextItem, #jp-main-statusbar").get_by_text(
            "| Idle"
        ).first.wait_for()

    def run_all(self, notebook: str, until: str) -> str:
        """Run all cells of a notebook until it shows a text; return the file, saved."""
        self.open_notebook(notebook)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self.wait_for_kernel()
            self.menu("Run", "Run All Cells")
            again = time.monotonic() + 15
            while time.monotonic() < again:
                self.page.keyboard.press("Control+s")
                time.sleep(0.5)
                text = (self.home / notebook).read_text("utf-8")
                with suppress(json.JSONDecodeError):  # while it is being written
                    if until in outputs(text):
                        return text
        raise TimeoutError(f"{notebook} does not show {until!r}: {text[-2000:]}")

    def run_in_terminal(self, command: str) -> str:
        """Run a command, which a file holds, from a terminal; return what it prints."""
        output = self.home / ".typed"
        output.unlink(missing_ok=True)
        (self.home / ".commands").write_text(command)
        self.open_lab()
        with self.page.expect_websocket(lambda socket: "/terminals/" in socket.url):
            self.menu("File", "New", "Terminal")
        time.sleep(1)  # the terminal takes the focus
        self.page.keyboard.type("bash .commands > .typing 2>&1; mv .typing .typed\n")
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if output.exists():
                return output.read_text()
            time.sleep(0.2)
        raise TimeoutError(f"The terminal of {self.name} did not answer to {command!r}.")


def outputs(text: str) -> str:
    """Join what the cells of a notebook show, given the text of its file."""
    shown = []
    for cell in json.loads(text)["cells"]:
        for output in cell.get("outputs", []):
            shown.append("".join(output.get("text", [])))
            shown += output.get("traceback", [])
    return "\n".join(shown)
