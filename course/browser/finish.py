"""Adds to built pages what lets them run code: scripts, and a policy that binds these.

It comes after Sphinx, and does the same to a page however often it is done.
"""

import base64
import hashlib
import json
import re
import shutil
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from course.browser.site import ANSWERS, SITE

BEGIN, END = "<!-- tab -->", "<!-- /tab -->"
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "blob:",
    "style-src": "'self' 'unsafe-inline'",  # the editor and the theme set styles
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
"""What a page, and the Python in it, may load (Content Security Policy Level 3)."""


def finish(pages: Path, with_answers: bool) -> None:
    """Copy the files into the folder of built pages, as tab/, and change the pages.

    with_answers: whether solutions and model answers are among them.
    """
    tab = pages / "tab"
    shutil.rmtree(tab, ignore_errors=True)
    shutil.copytree(SITE, tab)
    if with_answers:
        shutil.copytree(ANSWERS, tab / "answers")
    files = {
        path.relative_to(tab).as_posix(): facts(path)
        for path in sorted(tab.rglob("*"))
        if path.is_file()
    }
    for page in sorted(pages.rglob("*.html")):
        if "_static" not in page.parts:
            text = page.read_text("utf-8")
            root = "../" * (len(page.relative_to(pages).parts) - 1)
            page.write_text(finished(text, f"{root}tab/", files), "utf-8")


def facts(path: Path) -> dict[str, int | str]:
    """Return the size of a file in bytes, and its SHA-256."""
    content = path.read_bytes()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def finished(text: str, tab: str, files: dict[str, dict]) -> str:
    """Change a page: a policy at its begin, scripts at its end. tab: the address of tab/."""
    text = re.sub(f"\n?{BEGIN}.*?{END}", "", text, flags=re.S)
    digest = files["tab.js"]["sha256"][:8]
    listed = json.dumps(files).replace("<", "\\u003c")
    scripts = (
        f'{BEGIN}<script type="application/json" id="tab-files">{listed}</script>\n'
        f'<script type="module" src="{tab}tab.js?v={digest}"></script>{END}'
    )
    style = f'<link rel="stylesheet" href="{tab}tab.css?v={files["tab.css"]["sha256"][:8]}">'
    policy = escape(policy_for(text))
    head = f'{BEGIN}<meta http-equiv="Content-Security-Policy" content="{policy}">{style}{END}'
    text = re.sub(r"(<meta charset[^>]*>)", lambda match: f"{match[1]}\n{head}", text, count=1)
    before, _, after = text.rpartition("</body>")
    return f"{before}\n{scripts}</body>{after}"


def policy_for(text: str) -> str:
    """Write the policy of a page, which allows the scripts that stand in it as they are."""
    digests = [
        base64.b64encode(hashlib.sha256(script.encode_contents()).digest()).decode()
        for script in BeautifulSoup(text, "html.parser").find_all("script")
        if not script.get("src") and script.get("type", "") in ("", "text/javascript", "module")
    ]
    allowed = POLICY | {
        "script-src": " ".join([POLICY["script-src"], *(f"'sha256-{each}'" for each in digests)])
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())
