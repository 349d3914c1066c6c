"""Marks the methods that serve operations, and collects them. Knows neither the wire nor any capability.

A slice is a plain object; each method marked with `@operation` serves the operation whose snake_case name it carries:

    class Runtime:
        @operation("bedrock-runtime")
        async def converse(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]: ...

It takes the validated request and returns the answer, both under the service model's member names. The member that the
model calls an event stream is an async iterator of one-key dicts.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from craton.core.context import Context

Handler = Callable[[Context, dict[str, Any]], Awaitable[dict[str, Any]]]
Method = TypeVar("Method", bound=Callable[..., Awaitable[dict[str, Any]]])

_MARK = "_craton_operation"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a handler says of itself: the services it serves, and the request members it refuses rather than ignores."""

    services: tuple[str, ...]
    refuses: tuple[str, ...]


def operation(*services: str, refuses: Iterable[str] = ()) -> Callable[[Method], Method]:
    """Mark a slice's method as the handler of the operation it is named for, in each of these services.

    `refuses` names members of the request that the handler answers with a ValidationException when they ask for more
    than the default; the coverage table shows them.
    """

    def mark(method: Method) -> Method:
        setattr(method, _MARK, Mark(services, tuple(refuses)))
        return method

    return mark


def marks(slice: type) -> Iterator[tuple[str, Mark]]:
    """The marked methods of a slice, by name."""
    for name in dir(slice):
        if mark := getattr(getattr(slice, name), _MARK, None):
            yield name, mark


@dataclass(frozen=True, slots=True)
class Graded:
    """How an operation is served: "full", "partial" (some members are refused) or "refused" (501
    NotImplementedException).
    """

    service: str
    operation: str
    grade: Literal["full", "partial", "refused"]
    refuses: tuple[str, ...] = ()


def graded(services: Mapping[str, Iterable[str]], slices: Iterable[type]) -> Iterator[Graded]:
    """Every operation of these services, which are named with their operations, in their order."""
    served = {(service, name): mark for kind in slices for name, mark in marks(kind) for service in mark.services}
    for service, operations in services.items():
        for name in operations:
            mark = served.get((service, snake_case(name)))
            if mark is None:
                yield Graded(service, name, "refused")
            else:
                yield Graded(service, name, "partial" if mark.refuses else "full", mark.refuses)


def snake_case(name: str) -> str:
    """The handler's name of an operation: `ConverseStream` is `converse_stream`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def handlers(slices: Iterable[object]) -> dict[tuple[str, str], Handler]:
    """All marked methods by (service, snake_case operation). Two for one operation are a mistake in the program."""
    table: dict[tuple[str, str], Handler] = {}
    for part in slices:
        for name, mark in marks(type(part)):
            for service in mark.services:
                assert (service, name) not in table, f"{service}.{name} is served twice"
                table[service, name] = getattr(part, name)
    return table
