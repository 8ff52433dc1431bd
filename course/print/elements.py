"""What Beautiful Soup takes several lines for: new elements, other names, other content."""

from bs4 import BeautifulSoup, Tag


def new(html: str) -> Tag:
    """Make an element. Raises ValueError where the text holds none."""
    element = BeautifulSoup(html, "html.parser").find(True)
    if not isinstance(element, Tag):
        raise ValueError(f"{html!r} is no element")
    return element.extract()


def part(element: Tag, selector: str) -> Tag:
    """Find the first part of an element. Raises ValueError where there is none."""
    wanted = element.select_one(selector)
    if wanted is None:
        raise ValueError(f"a page's {element.name} holds no {selector}")
    return wanted


def rename(element: Tag, name: str) -> None:
    """Make an element of another kind of it."""
    element.name = name


def replace_content(element: Tag, text: str) -> None:
    """Put a text in the place of what an element holds."""
    element.clear()
    element.append(text)
