"""Fills the templates of this folder in: the same rules for every page with what learners wrote."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(name: str, values: Mapping[str, object], **filters: Callable) -> str:
    """Fill a template in. values: by the names that it uses. filters: likewise."""
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
