"""`truncation: auto`: the oldest items of a conversation are left out where it is too long. Knows no model."""

from collections.abc import Awaitable, Callable

from craton.dialects.converse import Block
from craton.responses.records import Items

Fits = Callable[[Items], Awaitable[bool]]


async def truncated(items: Items, fits: Fits) -> Items:
    """The longest end of the conversation that fits; instructions stay wherever they stand.

    It begins with a user message, so that no output loses its call. If not even the last one fits, it is left to the
    model to say so.
    """
    if await fits(items):
        return items
    starts = [number for number, item in enumerate(items) if item.get("role") == "user"][1:]
    if not starts:
        return items
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        if await fits(_from(items, starts[middle])):
            high = middle
        else:
            low = middle + 1
    return _from(items, starts[low])


def _from(items: Items, start: int) -> Items:
    return [*filter(_instructs, items[:start]), *items[start:]]


def _instructs(item: Block) -> bool:
    return item.get("role") in ("system", "developer")
