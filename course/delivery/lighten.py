"""Makes the pages that Sphinx wrote light: fewer files, and in each what the pages need."""

from pathlib import Path

from course.delivery import pictures, scripts, styles


def lighten(html: Path) -> None:
    """Change the built pages in a folder, and the figures there."""
    static = html / "_static"
    drawn = sorted((html / "_images").glob("*"))
    pictures.pack_letters(path for path in drawn if path.suffix == ".svg")
    sizes = {path.name: pictures.size(path) for path in drawn}
    paths = [path for path in sorted(html.rglob("*.html")) if static not in path.parents]
    pages: dict[Path, tuple[str, str]] = {}
    texts: list[str] = []
    sheets: dict[Path, None] = {}  # in the order in which pages load them
    for path in paths:
        text, script = scripts.joined(path.read_text("utf-8"), path.parent)
        pages[path] = pictures.placed(text, sizes), script
        texts += [text, script]
        sheets |= {(path.parent / each).resolve(): None for each in styles.addresses(text)}
    sheet = styles.write(list(sheets), list(dict.fromkeys(texts)), static)
    for path, (text, script) in pages.items():
        root = "../" * (len(path.relative_to(html).parts) - 1)
        text = styles.linked(text, f"{root}_static/{sheet}")
        if script:
            name = styles.named("scripts", ".js", script.encode(), static)
            text = scripts.linked(text, f"{root}_static/{name}")
        path.write_text(text, "utf-8")
