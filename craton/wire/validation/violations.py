"""What is wrong with a value that its shape refuses, in the words and the paths of the real service.

"1 validation error detected: Value 'x y' at 'tools.1.member.name' failed to satisfy constraint: Member must ...".
Only run once a value is refused, so it may be slow. Knows nothing of HTTP.
"""

import base64
import binascii
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from craton.wire import timestamps
from craton.wire.spec import Member, Shape
from craton.wire.validation.patterns import matcher

MOST = 20
"""Violations that one message names."""
LONGEST = 200
"""Characters of a value that a message repeats."""

SPECIAL_FLOATS = ("NaN", "Infinity", "-Infinity")
"""What JSON has no number for."""

_INTEGERS = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
_EXPECTED: dict[str, tuple[type | tuple[type, ...], str]] = {
    "structure": (dict, "an object"),
    "list": (list, "an array"),
    "map": (dict, "an object"),
    "string": (str, "a string"),
    "boolean": (bool, "a boolean"),
    "blob": ((str, bytes), "base64 text"),
}
_JSON_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
    bytes: "bytes",
}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    path: Path
    rule: str
    value: str | None = None

    def __str__(self) -> str:
        place = ".".join(self.path) or "$"
        shown = "Value" if self.value is None else f"Value '{self.value}'"
        return f"{shown} at '{place}' failed to satisfy constraint: {self.rule}"


def explain(member: Member, value: Any, path: Path = ()) -> str:
    """The message for a value that its schema refused."""
    found = list(islice(violations(member, value, path), MOST))
    assert found, f"the schema of {member!r} refuses what its shape allows"
    plural = "" if len(found) == 1 else "s"
    return f"{len(found)} validation error{plural} detected: {'; '.join(map(str, found))}"


def violations(member: Member, value: Any, path: Path = (), secret: bool = False) -> Iterator[Violation]:
    """All that is wrong, outermost first. The values below a sensitive shape are not repeated."""
    shape = member.shape
    secret = secret or shape.sensitive
    if shape.document:
        return
    if not _is_json_type(member, value):
        yield Violation(path, f"Member must be {_expected(member)}, not {_json_name(value)}")
        return
    match shape.type:
        case "structure":
            yield from _structure(shape, value, path, secret)
        case "list":
            assert shape.member
            yield from _of(path, _length(shape, len(value)))
            for at, item in enumerate(value, 1):
                yield from violations(shape.member, item, (*path, str(at), "member"), secret)
        case "map":
            yield from _map(shape, value, path, secret)
        case "blob":
            yield from _of(path, _blob(shape, value))
        case _:
            yield from _of(path, _scalar(member, value), None if secret else str(value)[:LONGEST])


def _of(path: Path, rules: Iterable[str], shown: str | None = None) -> Iterator[Violation]:
    return (Violation(path, rule, shown) for rule in rules)


def _structure(shape: Shape, value: dict[str, Any], path: Path, secret: bool) -> Iterator[Violation]:
    members = {member.location_name or name: member for name, member in shape.members.items()}
    known = {name: item for name, item in value.items() if name in members}
    present = {name: item for name, item in known.items() if item is not None or members[name].shape.document}
    for name in shape.mandatory:
        name = shape.members[name].location_name or name
        if name not in present:
            yield Violation((*path, name), "Member must not be null")
    if shape.union and len(present) != 1:
        held = f"it has {', '.join(sorted(present))}" if present else "it has none"
        yield Violation(path, f"Member must have exactly one of the keys [{', '.join(members)}]; {held}")
    for name, item in present.items():
        yield from violations(members[name], item, (*path, name), secret)


def _map(shape: Shape, value: dict[str, Any], path: Path, secret: bool) -> Iterator[Violation]:
    assert shape.key
    assert shape.value
    yield from _of(path, _length(shape, len(value)))
    for key, item in value.items():
        for rule in _scalar(shape.key, key):
            yield Violation(path, f"Map keys must satisfy constraint: [{rule}], which {key[:LONGEST]!r} does not")
        yield from violations(shape.value, item, (*path, key[:LONGEST], "member"), secret)


def _scalar(member: Member, value: Any) -> Iterator[str]:
    shape = member.shape
    match shape.type:
        case "string":
            yield from _text(shape, value)
        case "timestamp":
            try:
                timestamps.read(member.clock, value)
            except ValueError:
                yield f"Member must be {timestamps.EXAMPLES[member.clock]}"
        case "float" | "double":
            yield from _number(_float(value), shape.min, shape.max)
        case kind if kind in _INTEGERS:
            yield from _number(value, *integer_range(shape))


def _text(shape: Shape, value: str) -> Iterator[str]:
    if shape.enum:
        if value not in shape.enum:
            yield f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        return
    if shape.pattern and not matcher(shape.pattern)(value):
        yield f"Member must satisfy regular expression pattern: {shape.pattern}"
    yield from _length(shape, len(value))


def _blob(shape: Shape, value: str | bytes) -> Iterator[str]:
    try:
        content = value if isinstance(value, bytes) else base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        yield "Member must be base64 text, padded and without line breaks"
        return
    yield from _length(shape, len(content))


def _length(shape: Shape, length: int) -> Iterator[str]:
    if shape.min is not None and length < shape.min:
        yield f"Member must have length greater than or equal to {shape.min}"
    if shape.max is not None and length > shape.max:
        yield f"Member must have length less than or equal to {shape.max}"


def _float(value: str | float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits
        return -math.inf if str(value).startswith("-") else math.inf


def _number(value: float, least: float | None, most: float | None) -> Iterator[str]:
    if isinstance(value, float) and math.isnan(value) and (least is not None or most is not None):
        yield "Member must be a number within the range allowed"
    if least is not None and value < least:
        yield f"Member must have value greater than or equal to {least}"
    if most is not None and value > most:
        yield f"Member must have value less than or equal to {most}"


def integer_range(shape: Shape) -> tuple[int, int]:
    """The least and the most that an integer may be, by the model or by its size."""
    least, most = _INTEGERS[shape.type]
    return least if shape.min is None else int(shape.min), most if shape.max is None else int(shape.max)


def _is_json_type(member: Member, value: Any) -> bool:
    shape = member.shape
    if shape.type in _EXPECTED:
        return isinstance(value, _EXPECTED[shape.type][0])
    if isinstance(value, bool):
        return False
    if shape.type == "timestamp":
        return isinstance(value, int | float if member.clock == "unixtimestamp" else str)
    if shape.type in ("float", "double"):
        unbounded = shape.min is None or shape.max is None
        return isinstance(value, int | float) or (unbounded and value in SPECIAL_FLOATS)
    return isinstance(value, int)


def _expected(member: Member) -> str:
    shape = member.shape
    if shape.type == "timestamp":
        return timestamps.EXAMPLES[member.clock]
    if shape.type in _EXPECTED:
        return _EXPECTED[shape.type][1]
    return "a number" if shape.type in ("float", "double") else "an integer"


def _json_name(value: Any) -> str:
    return _JSON_NAMES.get(type(value), "a number")
