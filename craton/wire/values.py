"""Values of a shape as JSON holds them: bytes as base64 text, instants in the model's format, documents as they are.

Each function takes a value and the path to it, which a TypeError names. Knows nothing of HTTP.
"""

import base64
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from craton.wire import timestamps
from craton.wire.spec import Member, Shape

Encode = Callable[[Any, str], Any]


def encode(member: Member) -> Encode:
    """A function that turns a value at this place into what JSON holds for it."""
    if member.shape.type == "timestamp":
        clock = member.clock
        return lambda value, path: timestamps.write(clock, value)
    return _encode_shape(member.shape)


@cache
def _encode_shape(shape: Shape) -> Encode:
    match shape.type:
        case "structure":
            return (lambda value, path: value) if shape.document else encode_structure(shape)
        case "list":
            return _encode_list(shape)
        case "map":
            return _encode_map(shape)
        case "blob":
            return lambda value, path: base64.b64encode(expect(bytes, value, path)).decode()
        case "float" | "double":
            return _encode_float
        case "boolean":
            return lambda value, path: expect(bool, value, path)
        case "string":
            return lambda value, path: expect(str, value, path)
        case _:
            return lambda value, path: expect(int, value, path)


@cache
def encode_structure(shape: Shape) -> Encode:
    encoders: dict[str, tuple[str, Encode]] = {}

    def encode_members(value: Mapping[str, Any], path: str) -> dict[str, Any]:
        if not encoders:
            # Not before the first use: a structure may hold itself.
            encoders.update(
                {name: (member.location_name or name, encode(member)) for name, member in shape.members.items()}
            )
        check_keys(shape, expect(Mapping, value, path), path)
        encoded = {}
        for name, item in value.items():
            if item is not None:
                key, inner = encoders[name]
                encoded[key] = inner(item, f"{path}.{name}")
        return encoded

    return encode_members


def _encode_list(shape: Shape) -> Encode:
    assert shape.member
    items = shape.member
    return lambda value, path: [
        encode(items)(item, f"{path}[{at}]") for at, item in enumerate(expect(list | tuple, value, path))
    ]


def _encode_map(shape: Shape) -> Encode:
    assert shape.value
    items = shape.value
    return lambda value, path: {
        expect(str, key, path): encode(items)(item, f"{path}[{key!r}]")
        for key, item in expect(Mapping, value, path).items()
        if item is not None
    }


def _encode_float(value: Any, path: str) -> float | str:
    number = float(expect(float | int, value, path))
    if math.isfinite(number):
        return value if isinstance(value, int) else number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def expect(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{path}: {value!r:.100} is not what the service model wants here")
    return value


def check_keys(shape: Shape, value: Mapping[str, Any], path: str) -> None:
    if unknown := value.keys() - shape.members.keys():
        raise TypeError(
            f"{path}: {shape.name} has no member {', '.join(map(repr, sorted(unknown)))}; "
            f"it has {', '.join(shape.members)}"
        )
