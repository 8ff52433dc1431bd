"""Writes the site to publish: the built book without solutions, as one folder for any static host.

Its pages find each other by relative addresses, so it works under any path. What has to be an
absolute address is written where COURSE_BOOK says it: a map of the site (sitemaps.org) and what a
page tells those who link to it (the Open Graph protocol, ogp.me).
"""

import os
import shutil
import textwrap
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from sphinx_external_toc.parsing import parse_toc_yaml

from course import COURSE
from course.browser.finish import finish
from course.curriculum import BOOK, chapters, title

PUBLIC = COURSE / "build" / "public"
PICTURE = COURSE / "pictures" / "book.png"
PICTURE_SHOWS = "A page of the book: a figure that an executed cell has made"
LONGEST = 200  # characters of a description
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"  # the name of a schema, not a link
START = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={page}.html">
<title>{title}</title>
{tags}
<link rel="icon" href="_static/favicon.svg">
</head>
<body><p><a href="{page}.html">{title}</a></p></body>
</html>
"""


def address() -> str | None:
    """Return the address that the site will have, with a slash at its end; None if it is not known.

    Raises SystemExit where COURSE_BOOK is no address.
    """
    value = os.environ.get("COURSE_BOOK", "")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SystemExit(
            f"COURSE_BOOK is {value!r}. It should be the address at which people will read the "
            "book, such as https://example.org/lstm/"
        )
    return value.rstrip("/") + "/"


def publish(html: Path, site: Path, address: str | None) -> None:
    """Write the site.

    html: the folder of the built pages. site: the folder to write, which is emptied first.
    address: that of the site, with a slash at its end; None if it is not known.
    """
    shutil.rmtree(site, ignore_errors=True)
    ignored = shutil.ignore_patterns("_sources", ".buildinfo", "tab")  # which `finish` copies
    shutil.copytree(html, site, ignore=ignored)
    finish(site, with_answers=False)
    (site / ".nojekyll").touch()  # GitHub Pages would leave out _static
    shutil.copy(PICTURE, site / "_static" / "picture.png")
    names = list(parse_toc_yaml(BOOK / "_toc.yml"))
    tags = {}
    for name in names:
        page = site / f"{name}.html"
        text = page.read_text("utf-8")
        tags[name] = introduction(name, BeautifulSoup(text, "html.parser"), address)
        page.write_text(text.replace("</title>", f"</title>\n{tags[name]}", 1), "utf-8")
    start = START.format(page=names[0], title=escape(title(names[0])), tags=tags[names[0]])
    (site / "index.html").write_text(start, "utf-8")
    if address:
        (site / "sitemap.xml").write_text(sitemap(names, address), "utf-8")


def introduction(name: str, page: BeautifulSoup, address: str | None) -> str:
    """Write the tags by which search engines and links describe a page."""
    described = description(name, page)
    heading = page.h1.get_text().removesuffix("#") if page.h1 else title(name)
    graph = {"title": heading, "description": described, "type": "article"}
    lines = [f'<meta name="description" content="{escape(described)}">']
    if address:
        own = f"{address}{name}.html"
        graph |= {
            "url": own,
            "image": f"{address}_static/picture.png",
            "image:alt": PICTURE_SHOWS,
        }
        lines.append(f'<link rel="canonical" href="{escape(own)}">')
    lines += [f'<meta property="og:{key}" content="{escape(graph[key])}">' for key in graph]
    return "\n".join(lines)


def description(name: str, page: BeautifulSoup) -> str:
    """Say what a page is about: what a chapter teaches, or else the page's first paragraph."""
    for chapter in chapters():
        if chapter.page == name:
            return f"You learn {chapter.words}.".replace("$", "")
    paragraphs = page.select("article section > p")
    own = paragraphs[1] if name.startswith("do/") else paragraphs[0]  # after how the page works
    return textwrap.shorten(own.get_text(), LONGEST, placeholder=" …")


def sitemap(names: list[str], address: str) -> str:
    """List the addresses of pages, as sitemaps.org describes it."""
    places = [f"<url><loc>{escape(f'{address}{name}.html')}</loc></url>" for name in names]
    top = f'<urlset xmlns="{SITEMAPS}">'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', top, *places, "</urlset>\n"])
