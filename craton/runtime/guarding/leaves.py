"""The texts inside a JSON value, each of them edited: what a tool is called with, what it gave. Knows no tool."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def edited(value: Any, edit: Callable[[str], str]) -> Any:
    """The value, with what `edit` makes of each of its texts, which it is given in order: names of members, texts, and
    numbers as they are written. A number that is to change becomes a text.
    """
    match value:
        case str():
            return edit(value)
        case bool() | None:
            return value
        case int() | float():
            text = repr(value)
            return value if (new := edit(text)) == text else new
        case Mapping():
            return {edit(name): edited(item, edit) for name, item in value.items()}
        case list() | tuple():
            return [edited(item, edit) for item in value]
    return value


def texts_of(value: Any) -> list[str]:
    """Those that `edited` would give to be edited."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    edited(value, note)
    return found


def replaced(value: Any, texts: Iterable[str]) -> Any:
    """The value with these in the place of its texts."""
    new = iter(texts)
    return edited(value, lambda _: next(new))
