"""Fills in the templates of this folder, with the same escaping for every page."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(name: str, values: Mapping[str, object], **filters: Callable) -> str:
    """Fill in a template. values, filters: by the names that it uses."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # ids, notes and messages hold what learners wrote
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    html = environment.get_template(name).render(values)
    return html.encode(errors="replace").decode()  # JSON may hold half a surrogate pair
