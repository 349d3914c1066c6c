"""Hypothesis strategies derived from the service models: valid values of every shape, and requests that are wrong in one place."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

from craton.wire.patterns import matcher
from craton.wire.spec import Member, Operation, Shape
from craton.wire.violations import integer_range

DEEPEST = 3
"""Levels below which only what is required is drawn, and of a union the shallowest member."""
LONGER = 4
"""How much longer than its minimum a text or an array may be."""

# Stand-ins for what `re` cannot compile; a subset is enough.
_CLASSES = {
    r"[^\p{C}]": "[ -~é]",
    r"\P{C}": "[ -~é]",
    r"\p{L}[": "[a-zéÄ][",
    r"\p{L}": "a-zéÄ",
    r"\p{M}": "",
    r"\p{Z}": " ",
    r"\p{N}": "0-9",
}
_ONE_CLASS = re.compile(r"\^?(\[(?:[^\]\\]|\\.)*\]|\\S|\.)(?:[*+]|\{\d+,\d*\})\$?")
_LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x1F9FF, exclude_categories=["Cs", "Cc"])
_VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
documents = st.recursive(
    scalars | st.text(_LETTERS, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(_LETTERS, max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def structures(draw: st.DrawFn, shape: Shape) -> dict[str, Any]:
    """Values of an operation's whole input or output."""
    return _members(draw, shape, 0)


def _members(draw: st.DrawFn, shape: Shape, depth: int) -> dict[str, Any]:
    if shape.union:
        name = draw(st.sampled_from(_choices(shape, depth)))
        return {name: _value(draw, shape.members[name], depth + 1)}
    chosen = [name for name in shape.members if name in shape.required or _included(draw, shape, name, depth)]
    return {name: _value(draw, shape.members[name], depth + 1) for name in chosen}


def _included(draw: st.DrawFn, shape: Shape, name: str, depth: int) -> bool:
    member = shape.members[name]
    # An empty body and an absent one are the same bytes, and botocore sends a content type of its own where none is given.
    if (shape.payload == name and member.shape.type == "blob") or (member.location_name or "").lower() == "content-type":
        return True
    return depth < DEEPEST and draw(st.integers(0, 1 + depth)) == 0


def _choices(shape: Shape, depth: int) -> list[str]:
    if depth < DEEPEST:
        return sorted(shape.members)
    least = min(_height(member.shape) for member in shape.members.values())
    return sorted(name for name, member in shape.members.items() if _height(member.shape) == least)


def _value(draw: st.DrawFn, member: Member, depth: int) -> Any:
    shape = member.shape
    match shape.type:
        case "structure" if shape.eventstream:
            names = [name for name, event in shape.members.items() if not event.shape.exception]
            chosen = draw(st.lists(st.sampled_from(names), max_size=3))
            return [{name: _value(draw, shape.members[name], depth)} for name in chosen]
        case "structure" if shape.document:
            return draw(documents.filter(lambda value: value is not None))
        case "structure":
            return _members(draw, shape, depth)
        case "list":
            assert shape.member
            # A query cannot say that a list is empty.
            least = max(int(shape.min or 0), member.location == "querystring")
            return [_value(draw, shape.member, depth) for _ in range(draw(_sizes(shape, least, depth)))]
        case "map":
            assert shape.key
            assert shape.value
            keys = draw(st.lists(_texts(shape.key.shape, None), min_size=int(shape.min or 0), max_size=2, unique=True))
            return {key: _value(draw, shape.value, depth) for key in keys}
        case _:
            return draw(_scalars(member))


def _sizes(shape: Shape, least: int, depth: int) -> st.SearchStrategy[int]:
    most = least + 1 if depth > DEEPEST else least + 2
    return st.integers(least, most if shape.max is None else min(most, int(shape.max)))


@cache
def _scalars(member: Member) -> st.SearchStrategy[Any]:
    shape = member.shape
    match shape.type:
        case "string":
            return _texts(shape, member.location)
        case "blob":
            return st.binary(min_size=int(shape.min or 0), max_size=int(shape.min or 0) + LONGER)
        case "boolean":
            return st.booleans()
        case "timestamp":
            return _instants(member.clock)
        case "float" | "double":
            return st.floats(shape.min, shape.max, allow_nan=False, allow_infinity=False)
        case _ if member.location == "statusCode":
            return st.integers(200, 299)
        case _:
            return st.integers(*integer_range(shape))


def _instants(clock: str) -> st.SearchStrategy[datetime]:
    moments = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
    # Epoch seconds are floats, exact to a millisecond beyond doubt.
    step = {"rfc822": 1_000_000, "unixtimestamp": 1000, "iso8601": 1}[clock]
    return moments.map(lambda moment: moment.replace(microsecond=moment.microsecond // step * step))


@cache
def _texts(shape: Shape, location: str | None) -> st.SearchStrategy[str]:
    least, most = int(shape.min or 0), int(shape.max if shape.max is not None else 10_000)
    if location in ("uri", "header"):
        least = max(least, 1)
    if shape.enum:
        return st.sampled_from(shape.enum)
    if not shape.pattern:
        return st.text(_VISIBLE if location == "header" else _LETTERS, min_size=least, max_size=min(most, least + LONGER))
    texts = st.from_regex(_compilable(shape.pattern, least, most), fullmatch=True)
    allowed = _is_header_text if location == "header" else bool if location == "uri" else None
    fits = matcher(shape.pattern)
    return texts.filter(lambda text: least <= len(text) <= most and fits(text) and (not allowed or allowed(text)))


def _compilable(pattern: str, least: int, most: int) -> re.Pattern[str]:
    """The pattern for `re`, bounded: unbounded repetitions of one class are given the lengths that are allowed."""
    for theirs, ours in _CLASSES.items():
        pattern = pattern.replace(theirs, ours)
    if single := _ONE_CLASS.fullmatch(pattern):
        pattern = f"{single[1]}{{{least},{min(most, least + LONGER)}}}"
    return re.compile(pattern, re.ASCII)


def _is_header_text(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and text == text.strip()


_heights: dict[Shape, int] = {}


def _height(shape: Shape) -> int:
    """How many structures deep the smallest value of a shape is; large for a shape that must hold itself."""
    if shape not in _heights:
        _heights[shape] = 1000
        _heights[shape] = _least_height(shape)
    return _heights[shape]


def _least_height(shape: Shape) -> int:
    if shape.union:
        return 1 + min(_height(member.shape) for member in shape.members.values())
    if shape.type == "structure":
        return 1 + max((_height(shape.members[name].shape) for name in shape.required), default=0)
    if shape.type == "list" and shape.min:
        assert shape.member
        return _height(shape.member.shape)
    return 0


# --- requests that are wrong in one place --------------------------------------------------------------------------------------------


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
    """All the ways to make the JSON value of a place wrong: type, length, range, pattern, enum, union, and what is required."""
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
    """The members of an operation's input that travel in a JSON body; the payload's own where one member is the whole body."""
    shape = operation.input
    if shape.payload:
        payload = shape.members[shape.payload].shape
        return {} if payload.type != "structure" or payload.eventstream or payload.document else payload.members
    return shape.body_members
