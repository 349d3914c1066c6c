"""The texts inside a JSON value, edited: what a tool is called with, what it gave, how it is defined. Knows no tool."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from craton.errors import ValidationException

# Between texts that are edited as one; white space to every pattern.
_BREAK = "\n\x1f\n"
# More texts of one value are judged as one: each by itself would take as long as a thousand characters.
_MOST = 64

Edit = Callable[[str], str]


def edited(value: Any, edit: Edit) -> Any:
    """The value, with what `edit` makes of each of its texts, which it is given in order: names of members, texts, and
    numbers as they are written; of a value with very many, all at once. A number that is to change becomes a text.

    Raises ValidationException where they cannot be told apart any more.
    """
    return _each(value, edit) if len(_leaves(value)) <= _MOST else edited_as_one(value, edit, numbers=True)


def edited_as_one(value: Any, edit: Edit, *, numbers: bool = False) -> Any:
    """The same of a value whose texts say one thing: `edit` is given all of them at once, `numbers` among them."""
    texts = _leaves(value, numbers)
    if not texts:
        return value
    whole = _BREAK.join(texts)
    if (new := edit(whole)) == whole:
        return value
    parts = new.split(_BREAK)
    if len(parts) != len(texts):
        raise ValidationException(
            "A guardrail masks a part of what tools are called with, give or are defined by, of the form of the answer "
            "or of additional fields, and what is left cannot be read. Leave personal data out of it."
        )
    rest = iter(parts)
    return _each(value, lambda _: next(rest), numbers)


def texts_of(value: Any) -> list[str]:
    """Those that `edited` would give to be edited."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    edited(value, note)
    return found


def replaced(value: Any, texts: Iterable[str]) -> Any:
    """The value with these in the place of its texts. Raises as `edited` does."""
    new = iter(texts)
    return edited(value, lambda _: next(new))


def _leaves(value: Any, numbers: bool = True) -> list[str]:
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _each(value, note, numbers)
    return found


def _each(value: Any, edit: Edit, numbers: bool = True) -> Any:
    match value:
        case str():
            return edit(value)
        case bool() | None:
            return value
        case int() | float() if numbers:
            text = repr(value)
            return value if (new := edit(text)) == text else new
        case Mapping():
            return {edit(name): _each(item, edit, numbers) for name, item in value.items()}
        case list() | tuple():
            return [_each(item, edit, numbers) for item in value]
    return value
