"""Describes a function without calling it: its name, text, parameters and kind.

A description is plain data. One side makes it by `describe`; the other makes a function from it.
"""

import inspect
from collections.abc import Callable
from typing import Any

from . import wire

LONGEST_TEXT = 100_000  # characters of a docstring or a source
MOST_PARAMETERS = 255
NATURES = {
    "generator": inspect.isgeneratorfunction,
    "coroutine": inspect.iscoroutinefunction,
    "async generator": inspect.isasyncgenfunction,
}
PLACEHOLDER = "..."  # where a default or an annotation does not cross


def describe(function: Any, values: bool = True, name: str = "function") -> dict:
    """Describe a function.

    values: whether to include its defaults and annotations. name: used if it has none of its own.
    """
    text = _attribute(function, "__doc__")
    facts = {
        "name": str(_attribute(function, "__name__") or name)[:LONGEST_TEXT],
        "qualname": str(_attribute(function, "__qualname__") or name)[:LONGEST_TEXT],
        "doc": text[:LONGEST_TEXT] if isinstance(text, str) else None,
        "nature": next((nature for nature, is_so in NATURES.items() if is_so(function)), ""),
        "parameters": _parameters(function, values),
    }
    if values:
        for name in ("__defaults__", "__kwdefaults__", "__annotations__"):
            facts[name.strip("_")] = _crossing(_attribute(function, name))
    return facts


def _attribute(function: Any, name: str) -> Any:
    try:
        return getattr(function, name, None)
    except Exception:
        return None


def _parameters(function: Any, values: bool) -> list | None:
    """List the parameters: name, kind, [default], [annotation]; None if they are not known.

    The last entry stands for what is returned.
    """
    empty = inspect.Parameter.empty
    try:
        shape = inspect.signature(function)
        parameters = list(shape.parameters.values())[:MOST_PARAMETERS]
    except Exception:
        return None

    def part(value: object) -> list:
        return [] if value is empty else [_crossing(value) if values else PLACEHOLDER]

    own = [(p.name, int(p.kind), part(p.default), part(p.annotation)) for p in parameters]
    return [*own, ("return", 0, [], part(shape.return_annotation))]


def _crossing(value: Any) -> Any:
    """Return a value if it crosses, otherwise a text for it; of a dict, do so for each entry."""
    if isinstance(value, dict):
        return {str(key): _crossing(item) for key, item in value.items()}
    try:
        return value if len(wire.pack(value)) <= LONGEST_TEXT else PLACEHOLDER
    except Exception:
        return repr(value)[:LONGEST_TEXT] if isinstance(value, type) else PLACEHOLDER


def signature(parameters: Any) -> inspect.Signature | None:
    """Make a signature from described parameters; None if they make no signature."""
    empty = inspect.Parameter.empty
    try:
        *own, (_, _, _, returned) = parameters[: MOST_PARAMETERS + 1]
        return inspect.Signature(
            [
                inspect.Parameter(
                    name,
                    list(inspect._ParameterKind)[kind],
                    default=next(iter(default), empty),
                    annotation=next(iter(annotation), empty),
                )
                for name, kind, default, annotation in own
            ],
            return_annotation=next(iter(returned), inspect.Signature.empty),
        )
    except Exception:
        return None


def proxy(facts: dict, call: Callable[..., object]) -> Any:
    """Make a function with the described parameters; it hands its arguments to `call`.

    An argument that its caller leaves out is left out of that call as well.
    """
    shape, absent = signature(facts["parameters"]), _Absent()
    if shape is None:
        function: Any = lambda *arguments, **keywords: call(*arguments, **keywords)  # noqa: E731
    else:
        bare = [
            each.replace(
                annotation=each.empty, default=each.empty if each.default is each.empty else absent
            )
            for each in shape.parameters.values()
        ]
        names = {"__forward__": lambda values: _forward(bare, values, call), "absent": absent}
        # An alias of `locals` sees the caller's names, and no parameter is called `__locals__`.
        source = f"lambda {str(inspect.Signature(bare))[1:-1]}: __forward__(__locals__())"
        function = eval(source, {**names, "__locals__": locals})
        function.__signature__ = shape
    function.__name__, function.__qualname__ = facts["name"], facts["qualname"]
    function.__doc__ = facts["doc"]
    return function


def _forward(
    parameters: list[inspect.Parameter], values: dict, call: Callable[..., object]
) -> object:
    """Hand over what a function was called with. values: by the names of its parameters."""
    arguments: list = []
    keywords: dict = {}
    by_name = False
    for parameter in parameters:
        value = values[parameter.name]
        if isinstance(value, _Absent):
            by_name = True  # later arguments are no longer in their places
        elif parameter.kind is parameter.VAR_POSITIONAL:
            arguments += value
        elif parameter.kind is parameter.VAR_KEYWORD:
            keywords |= value
        elif by_name or parameter.kind is parameter.KEYWORD_ONLY:
            keywords[parameter.name] = value
        else:
            arguments.append(value)
    return call(*arguments, **keywords)


class _Absent:
    """The default of a parameter that may be left out."""

    def __repr__(self) -> str:
        return "absent"
