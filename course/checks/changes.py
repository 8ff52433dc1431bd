"""Which argument a function has changed in place, and what leaves it as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .comparing import difference

LIST_OF_ONES_OWN = (
    "so put the new values into a list of your own:\n"
    "  new = [] makes one, {name}[0] = ... changes the one that was handed over."
)
DICT_OF_ONES_OWN = (
    "so put the new values into a dict of your own:\n"
    "  new = {{}} makes one, {name}[{key!r}] = ... changes the one that was handed over."
)
ARRAY_OF_ONES_OWN = "so compute into a new array:\n  a = a + b makes one, a += b does not."


@dataclass(frozen=True)
class Kept:
    """A value as it was before a call.

    value: the value itself, which the call may change. parts: those of a list, tuple or dict, by
    their index or key.
    """

    value: Any
    parts: dict[Any, "Kept"]


def keep(value: object) -> Kept:
    """Note which parts a value has, before a function may change it."""
    return Kept(value, {key: keep(part) for key, part in _parts(value)})


def _parts(value: object) -> Iterator[tuple[Any, Any]]:
    """List the parts of a list, tuple or dict, each with its index or key."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def explain_change(kept: Sequence[Kept], before: Sequence, names: Sequence[str]) -> str:
    """Say which argument has changed, and what leaves it as it was.

    kept: the arguments that were handed over. before: copies from before the call. names: those of
    the arguments, as far as they are known.
    """
    for number, (argument, copied) in enumerate(zip(kept, before)):
        name = names[number] if number < len(names) else f"argument {number + 1}"
        sentence = _change(argument, copied, name)
        if sentence:
            return sentence
    return f"The caller still needs them, {ARRAY_OF_ONES_OWN}"


def _change(kept: Kept, before: Any, name: str) -> str:
    """Say what has changed in a value; "" if nothing has. name: the value's."""
    own = _change_of_a_dict if isinstance(before, dict) else _change_of_a_list
    if not isinstance(before, dict | list | tuple):
        if difference(kept.value, before) is None:
            return ""
        return (
            f"The numbers of {name} have changed. The caller still needs them, {ARRAY_OF_ONES_OWN}"
        )
    inner = (_change(part, before[key], f"{name}[{key!r}]") for key, part in kept.parts.items())
    return own(kept, name) or next(filter(None, inner), "")


def _change_of_a_list(kept: Kept, name: str) -> str:
    """Say what has changed in a list, apart from what its entries hold."""
    now, length = kept.value, len(kept.parts)
    if len(now) < length:
        return (
            f"{name} is a list of {length} and holds only {len(now)} now. The caller still needs"
            " them all: an entry that is read by its index stays in the list, pop and del take it"
            " away."
        )
    if len(now) > length:
        return (
            f"{name} was a list of {length} and is one of {len(now)} now. The caller still needs it"
            " as it was, so collect in a list of your own:\n"
            f"  new = [] makes one, {name}.append(...) changes the one that was handed over."
        )
    if any(now[index] is not part.value for index, part in kept.parts.items()):
        return (
            f"{name} is a list that holds other entries now, or has them in another order. The"
            f" caller still needs it as it was, {LIST_OF_ONES_OWN.format(name=name)}"
        )
    return ""


def _change_of_a_dict(kept: Kept, name: str) -> str:
    """Say what has changed in a dict, apart from what its entries hold."""
    now = kept.value
    for key in kept.parts:
        if key not in now:
            return (
                f"The key {key!r} is missing from the dict {name} now. The caller still needs it:"
                " an entry that is read by its key stays in the dict, pop and del take it away."
            )
    for key, value in now.items():
        if key not in kept.parts or value is not kept.parts[key].value:
            change = "has another value" if key in kept.parts else "is new"
            own = DICT_OF_ONES_OWN.format(name=name, key=key)
            return (
                f"In the dict {name}, the key {key!r} {change}. The caller still needs the dict as"
                f" it was, {own}"
            )
    if list(now) != list(kept.parts):
        return (
            f"The keys of the dict {name} have another order now. The caller still needs it as it"
            " was: a key that is taken out and put back stands at the end."
        )
    return ""
