"""Makes the pages that Sphinx wrote light: fewer files, and in each what the pages need."""

from pathlib import Path

from course.delivery import pictures, scripts, styles


def lighten(html: Path) -> None:
    """Change the built pages in a folder, and the figures there."""
    static, images = html / "_static", html / "_images"
    roots = {
        page: "../" * (len(page.relative_to(html).parts) - 1)
        for page in sorted(html.rglob("*.html"))
        if static not in page.parents
    }
    texts = {
        page: pictures.unpacked(page.read_text("utf-8"), images, f"{root}_images/")
        for page, root in roots.items()
    }
    drawn = sorted(images.glob("*"))
    pictures.pack_letters(path for path in drawn if path.suffix == ".svg")
    sizes = {path.name: pictures.size(path) for path in drawn}
    joined = {page: scripts.joined(text, page.parent) for page, text in texts.items()}
    sheets = [
        (page.parent / address).resolve()
        for page, (text, _) in joined.items()
        for address in styles.addresses(text)
    ]
    used = [part for parts in joined.values() for part in parts]
    sheet = styles.write(list(dict.fromkeys(sheets)), list(dict.fromkeys(used)), static)
    for page, (text, script) in joined.items():
        address = f"{roots[page]}_static/"
        text = styles.linked(pictures.placed(text, sizes), address + sheet)
        if script:
            name = styles.named("scripts", ".js", script.encode(), static)
            text = scripts.linked(text, address + name)
        page.write_text(text, "utf-8")
