"""Hypothesis strategies derived from the service models: valid values of every shape."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

from craton.wire.spec import Member, Shape
from craton.wire.validation.patterns import matcher
from craton.wire.validation.violations import integer_range

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
_CLASS = r"(\[(?:[^\]\\]|\\.)*\]|\\S|\.)"
_ONE_CLASS = re.compile(rf"\^?([\w-]*){_CLASS}?{_CLASS}(?:[*+]|\{{[01],\d*\}})\$?")
_LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x1F9FF, exclude_categories=["Cs", "Cc"])
# An empty body and an absent one are the same bytes.
_PAYLOADS = st.binary(min_size=1, max_size=8)
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
    return {
        name: draw(_PAYLOADS) if _is_raw(shape, name) else _value(draw, shape.members[name], depth + 1)
        for name in chosen
    }


def _is_raw(shape: Shape, name: str) -> bool:
    return shape.payload == name and shape.members[name].shape.type == "blob"


def _included(draw: st.DrawFn, shape: Shape, name: str, depth: int) -> bool:
    member = shape.members[name]
    # botocore states a content type, and reports a body of no bytes, where none is given.
    if member.shape.eventstream or _is_raw(shape, name) or (member.location_name or "").lower() == "content-type":
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
        return st.text(
            _VISIBLE if location == "header" else _LETTERS, min_size=least, max_size=min(most, least + LONGER)
        )
    texts = st.from_regex(_compilable(shape.pattern, least, most), fullmatch=True)
    allowed = _is_header_text if location == "header" else bool if location == "uri" else None
    fits = matcher(shape.pattern)
    return texts.filter(lambda text: least <= len(text) <= most and fits(text) and (not allowed or allowed(text)))


def _compilable(pattern: str, least: int, most: int) -> re.Pattern[str]:
    """The pattern for `re`; where all of it, after a prefix, repeats one class, that is given the lengths allowed."""
    for theirs, ours in _CLASSES.items():
        pattern = pattern.replace(theirs, ours)
    if single := _ONE_CLASS.fullmatch(pattern):
        prefix, first, repeated = single.groups(default="")
        before = len(prefix) + bool(first)
        shortest = max(least - before, 1)
        pattern = f"{prefix}{first}{repeated}{{{shortest},{min(most - before, shortest + LONGER)}}}"
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
