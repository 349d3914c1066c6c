"""JSON values that are wrong in one place, and the path that the message about it must name."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from craton.wire.spec import Member, Operation, Shape
from craton.wire.validation.patterns import matcher
from craton.wire.validation.violations import integer_range


@dataclass(frozen=True)
class Fault:
    """A place in a body, what stands there instead, and the path that the message must name."""

    keys: tuple[str | int, ...]
    path: tuple[str, ...]
    instead: Any

    def apply(self, body: Any) -> Any:
        body = copy.deepcopy(body)
        if not self.keys:
            return self.instead
        holder = body
        for key in self.keys[:-1]:
            holder = holder[key]
        if self.instead is ABSENT:
            del holder[self.keys[-1]]
        else:
            holder[self.keys[-1]] = self.instead
        return body


ABSENT = object()


def faults(member: Member, value: Any, keys: tuple[str | int, ...] = (), path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """All the ways to make a JSON value wrong: type, length, range, pattern, enum, union, and what is required."""
    shape = member.shape
    if shape.document:
        return
    yield Fault(keys, path, [[]] if shape.type != "list" else {"x": 1})
    yield from (Fault(keys, path, wrong) for wrong in _wrong_values(member))
    match shape.type:
        case "structure":
            yield from _structure_faults(shape, value, keys, path)
        case "list":
            assert shape.member
            for at, item in enumerate(value):
                yield from faults(shape.member, item, (*keys, at), (*path, str(at + 1), "member"))
        case "map":
            assert shape.value
            for key, item in value.items():
                yield from faults(shape.value, item, (*keys, key), (*path, key, "member"))


def _structure_faults(
    shape: Shape, value: dict[str, Any], keys: tuple[str | int, ...], path: tuple[str, ...]
) -> Iterator[Fault]:
    names = {member.location_name or name: name for name, member in shape.members.items()}
    for key, item in value.items():
        if names[key] in shape.mandatory:
            yield Fault((*keys, key), (*path, key), ABSENT)
            if not shape.members[names[key]].shape.document:
                yield Fault((*keys, key), (*path, key), None)
        yield from faults(shape.members[names[key]], item, (*keys, key), (*path, key))
    if shape.union:
        yield Fault(keys, path, {})
        if others := [key for key in names if key not in value]:
            twin = {str: "x"}.get(type(next(iter(value.values()))), {})
            yield Fault(keys, path, {**value, others[0]: twin})


def _wrong_values(member: Member) -> Iterator[Any]:
    shape = member.shape
    match shape.type:
        case "string":
            yield 12
            if shape.enum:
                yield "no-such-value"
            elif shape.pattern and not matcher(shape.pattern)("\x00\x7f"):
                yield "\x00\x7f"
            if not shape.enum and shape.max is not None and shape.max < 5000:
                yield "x" * (int(shape.max) + 1)
            if not shape.enum and shape.min:
                yield ""
        case "integer" | "long":
            least, most = integer_range(shape)
            yield from ("12", 1.5, True, least - 1, most + 1)
        case "float" | "double":
            yield "one"
            if shape.max is not None:
                yield shape.max + 1
            if shape.min is not None:
                yield from (shape.min - 1, "NaN")
        case "boolean":
            yield from ("true", 1)
        case "blob":
            yield from ("not base64!", 7)
        case "timestamp":
            yield from ("yesterday", True)
        case "list":
            if shape.min:
                yield []
        case "structure" | "map":
            yield "text"


def json_members(operation: Operation) -> dict[str, Member]:
    """The members in the JSON body of an operation's input; those of the payload where one member is the whole body."""
    shape = operation.input
    if shape.payload:
        payload = shape.members[shape.payload].shape
        return {} if payload.type != "structure" or payload.eventstream or payload.document else payload.members
    return shape.body_members
